//! Tables whose possible keys are known: keys that are missing, unknown, contradictory or without effect
//! are reported here.

use super::reader::{Node, listed, unknown};
use crate::diag::{Diagnostic, code};

/// A table whose possible keys are known.
pub(super) struct Section<'a> {
    pub node: Node<'a>,
    what: String,
    keys: &'static [&'static str],
}

impl<'a> Node<'a> {
    /// A table that may have these keys only.
    pub(super) fn section(&self, what: impl Into<String>, keys: &'static [&'static str]) -> Option<Section<'a>> {
        if self.value.as_table().is_none() {
            return self.wrong_type(&format!("a table with {}", listed("the key", "the keys", keys)));
        }
        let section = Section { node: self.clone(), what: what.into(), keys };
        section.report_unknown_keys();
        Some(section)
    }

    /// A table with exactly one of these keys: which, and what is there.
    pub(super) fn variant(&self, what: &str, names: &'static [&'static str]) -> Option<Node<'a>> {
        let section = self.section(what, names)?;
        let mut known = self.entries()?.into_iter().filter(|entry| names.contains(&entry.name));
        let Some(first) = known.next() else {
            // An unknown key has been reported already.
            if self.value.as_table().is_none_or(|table| !table.is_empty()) {
                return None;
            }
            return section
                .missing(&format!("{what} is empty: it needs {}", listed("the key", "one of the keys", names)));
        };
        if let Some(second) = known.next() {
            let message = format!("{what} is both `{}` and `{}`", first.name, second.name);
            let found = Diagnostic::error(code::CONFLICTING_KEYS, message, second.key, "only one of them is possible");
            self.cx.report(found.also(first.key, "first one here"));
            return None;
        }
        Some(first)
    }
}

impl<'a> Section<'a> {
    fn report_unknown_keys(&self) {
        for entry in self.node.entries().into_iter().flatten() {
            if !self.keys.contains(&entry.name) {
                let message = format!("{} has no key `{}`", self.what, entry.name);
                self.node.cx.report(unknown(code::UNKNOWN_KEY, message, entry.key, entry.name, self.keys));
            }
        }
    }

    /// The value at a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<Node<'a>> {
        debug_assert!(self.keys.contains(&key), "`{key}` is not among the keys of {}", self.what);
        let (key, value) = self.node.value.as_table()?.get_key_value(key)?;
        Some(Node::entry(self.node.cx, key, value))
    }

    /// Whether a key is there.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// The value of a key that must be there.
    pub(super) fn need<T>(&self, key: &'static str, read: impl FnOnce(&Node<'a>) -> Option<T>) -> Option<T> {
        let Some(node) = self.get(key) else {
            let example = EXAMPLES.iter().find(|(name, _)| *name == key).map(|(_, example)| *example);
            return self.report_missing(&format!("{} has no `{key}`", self.what), example);
        };
        read(&node)
    }

    /// The value of a key, or the default where the key is absent.
    pub(super) fn or<T>(&self, key: &'static str, default: T, read: impl FnOnce(&Node<'a>) -> Option<T>) -> Option<T> {
        self.get(key).map_or(Some(default), |node| read(&node))
    }

    /// The value of a key, or `Some(None)` where the key is absent.
    pub(super) fn maybe<T>(&self, key: &'static str, read: impl FnOnce(&Node<'a>) -> Option<T>) -> Option<Option<T>> {
        self.get(key).map_or(Some(None), |node| read(&node).map(Some))
    }

    /// Which of several sets of keys is used; mixtures and gaps are reported.
    pub(super) fn form(&self, forms: &[&[&'static str]]) -> Option<usize> {
        let present = |key: &&&'static str| self.has(key);
        let touched: Vec<usize> = (0..forms.len()).filter(|&i| forms[i].iter().any(|k| present(&k))).collect();
        if let Some(complete) = touched.iter().find(|&&i| forms[i].iter().all(|k| present(&k))) {
            let foreign = |form: &&&[&'static str]| form.iter().any(|k| present(&k) && !forms[*complete].contains(k));
            let Some(other) = forms.iter().find(foreign) else { return Some(*complete) };
            let only =
                |a: &[&'static str], b: &[&'static str]| a.iter().find(|k| present(k) && !b.contains(k)).copied();
            return self.conflict(only(forms[*complete], other)?, only(other, forms[*complete])?);
        }
        let shown: Vec<String> = forms.iter().map(|form| listed("", "", form).replace(", ", " and ")).collect();
        self.missing(&format!("{} needs {}", self.what, shown.join(", or ")))
    }

    /// Records that two keys exclude each other.
    pub(super) fn conflict<T>(&self, first: &'static str, second: &'static str) -> Option<T> {
        let (first, second) = (self.get(first)?, self.get(second)?);
        let message = format!("{} has both `{}` and `{}`", self.what, first.name, second.name);
        let found = Diagnostic::error(code::CONFLICTING_KEYS, message, second.key, "only one of them is possible");
        self.node.cx.report(found.also(first.key, ""));
        None
    }

    /// Records that a key which is there has no effect; `why` says because of what.
    pub(super) fn unused(&self, key: &'static str, why: &str) {
        if let Some(node) = self.get(key) {
            let message = format!("`{key}` of {} has no effect", self.what);
            self.node.cx.report(Diagnostic::warning(code::UNUSED_KEY, message, node.key, why));
        }
    }

    /// Records that something is missing here.
    pub(super) fn missing<T>(&self, message: &str) -> Option<T> {
        self.report_missing(message, None)
    }

    fn report_missing<T>(&self, message: &str, example: Option<&str>) -> Option<T> {
        let found = Diagnostic::error(code::MISSING_KEY, message, self.node.key.clone(), "");
        // After a syntax error the key may be there and lost.
        if !self.node.cx.recovering {
            self.node.cx.report(match example {
                Some(example) => found.help(format!("for example `{example}`")),
                None => found,
            });
        }
        None
    }
}

/// What to write for a key that must be there.
const EXAMPLES: &[(&str, &str)] = &[
    ("arrivals", "arrivals = { poisson = \"120/s\" }"),
    ("service", "service = { exponential = { mean = \"40ms\" } }"),
    ("kind", "kind = \"topic\""),
    ("probability", "probability = 0.02"),
    ("max_attempts", "max_attempts = 5"),
    ("value", "value = \"40ms\""),
    ("at", "at = \"10min\""),
    ("for", "for = \"12min\""),
];
