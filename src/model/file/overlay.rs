//! Changes to the text of a model, so that one parser checks everything and the hash of the model
//! covers it: `--set`, the points of a sweep, the candidates of a sizing, the studies that refer to a
//! model. Knows TOML, not what a key means.

use crate::model::as_toml;
use crate::units::TextError;
use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

/// A value to be put at a path of the text.
#[derive(Debug, Clone)]
pub struct Change {
    path: Vec<String>,
    value: Value,
}

/// Lengths of a run exclude one another: setting one removes the others.
const LENGTHS: [&str; 3] = ["messages", "horizon", "drained"];

/// Sections that ask something of the model, and say nothing of it.
const QUESTIONS: [&str; 4] = ["study", "sweep", "size", "drain"];

impl Change {
    /// A value at a dotted path, as `consumers.workers.servers`; keys with dots stand in quotes.
    ///
    /// # Errors
    ///
    /// Where the path is none.
    pub fn at(path: &str, value: impl Into<Value>) -> Result<Change, TextError> {
        let keys = Key::parse(path.trim())
            .map_err(|_| format!("`{path}` is no path: write names with dots between, as consumers.workers.servers"))?;
        Ok(Change { path: keys.iter().map(|key| key.get().to_string()).collect(), value: value.into() })
    }

    /// A value at a path of keys, whatever characters they hold.
    pub fn of_keys(keys: &[&str], value: impl Into<Value>) -> Change {
        Change { path: keys.iter().map(|key| (*key).to_string()).collect(), value: value.into() }
    }

    /// `PATH=VALUE`. What is no TOML value by itself (`40ms`, `120/s`, `drop-head`) is a text.
    ///
    /// # Errors
    ///
    /// Where there is no `=`, or the path is none.
    pub fn parse(assignment: &str) -> Result<Change, TextError> {
        let Some((path, text)) = assignment.split_once('=') else {
            return Err(format!("`{assignment}`: write PATH=VALUE, as in consumers.workers.servers=4").into());
        };
        Change::at(path, value_of(text))
    }

    /// The path as text.
    pub fn path(&self) -> String {
        self.path.join(".")
    }
}

/// A TOML value of a text; what is none by itself is a text, and so are the bare words of a list.
pub fn value_of(text: &str) -> Value {
    as_toml(text).parse().unwrap_or_else(|_| text.trim().into())
}

/// The text with changes written into it; comments and order stay.
///
/// # Errors
///
/// A path that leads through something that is no table. A text that does not parse is
/// returned as it is: the model parser reports it, with places.
///
/// ```
/// use lindley::model::{Change, overlay};
/// let four = Change::parse("consumers.w.servers=4").unwrap();
/// assert_eq!(overlay("[consumers.w]\nservers = 1 # one\n", &[four]).unwrap(), "[consumers.w]\nservers = 4 # one\n");
/// ```
pub fn overlay(text: &str, changes: &[Change]) -> Result<String, TextError> {
    if changes.is_empty() {
        return Ok(text.to_string());
    }
    let Ok(mut document) = text.parse::<DocumentMut>() else { return Ok(text.to_string()) };
    for change in changes {
        insert(document.as_item_mut(), change)?;
    }
    Ok(document.to_string())
}

fn insert(root: &mut Item, change: &Change) -> Result<(), TextError> {
    let Some((last, tables)) = change.path.split_last() else { return Ok(()) };
    let mut item = root;
    for key in tables {
        let next = item.as_table_like_mut().map(|table| table.entry(key).or_insert_with(toml_edit::table));
        item = next.ok_or_else(|| format!("`{}`: `{key}` is not inside a table", change.path()))?;
    }
    let table = item.as_table_like_mut().ok_or_else(|| format!("`{}`: there is no such table", change.path()))?;
    if tables.first().is_some_and(|t| t == "run") && LENGTHS.contains(&last.as_str()) {
        LENGTHS.iter().filter(|other| **other != last.as_str()).for_each(|other| drop(table.remove(other)));
    }
    put(table, last, change.value.clone());
    Ok(())
}

/// Keeps what stands around the old value: blanks and comments.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

/// Whether the text says something at a path; a default that is written out is said, too.
///
/// ```
/// use lindley::model::says;
/// assert!(says("[run]\nreplications = 10\n", "run.replications"));
/// assert!(!says("[run]\nseed = 1\n", "run.replications"));
/// ```
pub fn says(text: &str, path: &str) -> bool {
    let (Ok(document), Ok(keys)) = (text.parse::<DocumentMut>(), Key::parse(path)) else { return false };
    let inner = |item: &Item, key: &Key| item.as_table_like().and_then(|table| table.get(key.get())).cloned();
    keys.iter().try_fold(document.as_item().clone(), |item, key| inner(&item, key)).is_some()
}

/// The base model of a study (`[study] model = "FILE"`), if the text names one.
pub fn base_model(text: &str) -> Option<String> {
    let document = text.parse::<DocumentMut>().ok()?;
    Some(document.get("study")?.get("model")?.as_str()?.to_string())
}

/// What a study says over its base model: every value outside of its questions.
pub fn changes_of(text: &str) -> Vec<Change> {
    let Ok(document) = text.parse::<DocumentMut>() else { return Vec::new() };
    let mut changes = Vec::new();
    for (key, item) in document.iter().filter(|(key, _)| !QUESTIONS.contains(key)) {
        collect(&mut vec![key.to_string()], item, &mut changes);
    }
    changes
}

fn collect(path: &mut Vec<String>, item: &Item, changes: &mut Vec<Change>) {
    if let Some(value) = item.as_value() {
        let mut value = value.clone();
        value.decor_mut().clear();
        return changes.push(Change { path: path.clone(), value });
    }
    for (key, inner) in item.as_table().into_iter().flat_map(|table| table.iter()) {
        path.push(key.to_string());
        collect(path, inner, changes);
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, assignment: &str) -> String {
        overlay(text, &[Change::parse(assignment).unwrap()]).unwrap()
    }

    #[test]
    fn values_keep_their_types_and_units_are_texts() {
        let text = "[consumers.w]\nservers = 1 # one\n";
        assert_eq!(set(text, "consumers.w.servers=4"), "[consumers.w]\nservers = 4 # one\n");
        assert!(set(text, "consumers.w.service=40ms").contains("service = \"40ms\""));
        assert!(set(text, "run.seed=7").contains("[run]\nseed = 7"));
    }

    #[test]
    fn one_length_replaces_another() {
        let text = set("[run]\nmessages = 10\n", "run.horizon=5s");
        assert!(text.contains("horizon") && !text.contains("messages"));
    }

    #[test]
    fn a_path_through_a_number_is_refused() {
        let change = Change::parse("run.seed.x=1").unwrap();
        assert!(overlay("[run]\nseed = 1\n", &[change]).is_err());
        assert!(Change::parse("no-equals-sign").is_err());
        assert!(Change::at("a..b", 1).is_err());
    }

    #[test]
    fn a_study_says_its_values_over_its_model() {
        let study =
            "[study]\nmodel = \"m.toml\"\n[run]\nseed = 7\n[targets]\n\"a.wait.mean\" = \"1s\"\n[[sweep]]\nx = 1\n";
        assert_eq!(base_model(study).as_deref(), Some("m.toml"));
        let text = overlay("[run]\nseed = 1\n", &changes_of(study)).unwrap();
        assert_eq!(text, "[run]\nseed = 7\n\n[targets]\n\"a.wait.mean\" = \"1s\"\n");
    }
}
