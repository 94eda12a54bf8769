//! Which paths a model has, and what a wrong path was probably meant to be. Knows TOML, and asks the
//! parser of models about keys that may be there and are not.

use crate::diag::{Diagnostic, Severity, code};
use crate::model::{self, Change, overlay, says, value_of};
use crate::units::TextError;
use toml_edit::{DocumentMut, Item, Key};

/// Reads data files.
pub(super) type SweepFiles<'a> = &'a (dyn Fn(&str) -> Result<Vec<u8>, TextError> + Sync);

/// Paths that stand in the tables and not in the model: `label.cost`.
pub(super) const LABEL: &str = "label.";

/// What is wrong with a path that is to take a value, if anything: a diagnostic at its place in the
/// study.
pub(super) fn fault(
    text: &str,
    files: SweepFiles<'_>,
    path: &str,
    value: &str,
    place: std::ops::Range<usize>,
) -> Option<Diagnostic> {
    let document: DocumentMut = text.parse().ok()?;
    if path.starts_with(LABEL) || says(text, path) {
        return None;
    }
    let why = refusal(text, files, path, value)?;
    let message = format!("the model has no value `{path}` that could be swept");
    let found = Diagnostic::error(code::UNKNOWN_KEY, message, place, "");
    let found = why.iter().fold(found, |found, line| found.note(line.as_str()));
    Some(match nearest(&document, path) {
        Some(near) => found.help(format!("the nearest path of the model is `{near}`")),
        None => found,
    })
}

/// A path that cannot take a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model has no value `{path}` that could be varied: {}", .why.join("; "))]
pub struct UnknownPath {
    path: String,
    why: Vec<String>,
}

/// Why a path cannot take a value, with the nearest path that can.
pub fn unknown_path(text: &str, files: SweepFiles<'_>, path: &str, value: &str) -> Option<UnknownPath> {
    let found = fault(text, files, path, value, 0..0)?;
    Some(UnknownPath { path: path.to_string(), why: found.notes.into_iter().chain(found.helps).collect() })
}

/// What the parser says of the model with a value at the path, and did not say before.
fn refusal(text: &str, files: SweepFiles<'_>, path: &str, value: &str) -> Option<Vec<String>> {
    let changed = Change::at(path, value_of(value)).and_then(|change| overlay(text, &[change]));
    let changed = match changed {
        Ok(changed) => changed,
        Err(why) => return Some(vec![why.into()]),
    };
    let before = errors(text, files);
    let strange = |d: &&Diagnostic| {
        matches!(d.code, code::UNKNOWN_KEY | code::MISSING_KEY | code::UNKNOWN_QUANTITY)
            && !before.iter().any(|b| b.message == d.message)
    };
    let found: Vec<String> = errors(&changed, files).iter().filter(strange).take(2).map(said).collect();
    (!found.is_empty()).then_some(found)
}

fn said(found: &Diagnostic) -> String {
    found.helps.first().map_or(found.message.clone(), |help| format!("{}; {help}", found.message))
}

fn errors(text: &str, files: SweepFiles<'_>) -> Vec<Diagnostic> {
    let found = model::parse("model.toml", text, &|name| files(name)).err().unwrap_or_default();
    found.into_iter().filter(|d| d.severity == Severity::Error).collect()
}

/// The path of the text that takes the fewest edits.
fn nearest(document: &DocumentMut, path: &str) -> Option<String> {
    let mut known = Vec::new();
    collect(document.as_item(), &mut Vec::new(), &mut known);
    let edits = |known: &String| strsim::damerau_levenshtein(path, known);
    known.into_iter().min_by_key(edits)
}

fn collect(item: &Item, path: &mut Vec<String>, known: &mut Vec<String>) {
    let Some(table) = item.as_table_like() else { return known.push(path.join(".")) };
    for (key, inner) in table.iter() {
        path.push(Key::new(key).display_repr().into_owned());
        collect(inner, path, known);
        path.pop();
    }
}
