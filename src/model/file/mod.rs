//! The model file: turns TOML text into a [`Model`], or says everything that is wrong with it
//! at once, in file order. Opens no file: the caller hands over the text, and a function that
//! reads the data files (traces, samples) which the text names.
//!
//! ```text
//! text -> DeTable -> lowering (one function per section) -> draft -> checks of the whole -> Model
//! ```

mod arrivals;
mod checks;
mod consumers;
mod context;
mod data_file;
mod disruptions;
mod dist;
mod draft;
mod markov;
mod names;
pub(crate) mod overlay;
mod placed;
mod publish;
mod queues;
pub(super) mod reader;
mod recorded;
mod run;
pub mod schema;
mod section;
mod stability;
pub(crate) mod study;
pub(super) mod suggest;
mod targets;

use super::Model;
use crate::diag::{Diagnostic, Severity, code};
use crate::units::TextError;
use context::Context;
use draft::{Draft, Top};
use reader::Node;
use sha2::{Digest, Sha256};
use std::ops::Range;
use toml::de::{DeTable, DeValue, Error};

/// Reads a model file.
///
/// `file_name` gives the model its name where `[model] name` does not. `files` reads a
/// data file by the name the model gives it, or says why it cannot.
///
/// Returns the model and its warnings, or every error and warning; both in file order.
///
/// ```
/// let text = r#"
/// [producers.web]
/// arrivals = { poisson = "20/s" }
/// queue = "orders"
/// [queues.orders]
/// [consumers.workers]
/// queue = "orders"
/// service = { exponential = { mean = "40ms" } }
/// "#;
/// let no_files = |name: &str| Err(format!("no file {name}").into());
/// let (model, warnings) = lindley::model::parse("shop.toml", text, &no_files).unwrap();
/// assert_eq!((model.name.as_str(), model.queues.len(), warnings.len()), ("shop", 1, 0));
/// ```
pub fn parse(
    file_name: &str,
    text: &str,
    files: &dyn Fn(&str) -> Result<Vec<u8>, TextError>,
) -> Result<(Model, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (table, mistakes) = DeTable::parse_recoverable(text);
    let root = DeValue::Table(table.into_inner());
    let cx = Context::new(text, files, !mistakes.is_empty());
    report_syntax(&cx, &mistakes);
    let model = lower(&cx, &root, file_name);
    let found = cx.into_found();
    match model {
        Some(model) if found.iter().all(|d| d.severity == Severity::Warning) => Ok((model, found)),
        _ => Err(found),
    }
}

/// The model, if every part of it could be read.
fn lower<'a>(cx: &'a Context<'a>, root: &'a DeValue<'a>, file_name: &'a str) -> Option<Model> {
    let root = Node { cx, value: root, span: 0..0, key: 0..0, name: "" };
    let top = Top::read(&root)?;
    let draft = Draft::lower(cx, &top);
    checks::structure(cx, &draft);
    let run = draft.run(cx, &top);
    if let Some(run) = &run {
        stability::check(cx, &draft, run);
        disruptions::check(cx, &draft.disruptions, run);
    }
    let targets = draft.targets(cx, &top);
    let expectations = draft.expectations(cx, &top);
    let name = top.name().unwrap_or_else(|| stem(file_name).to_string());
    let hash = Sha256::digest(cx.text).iter().map(|byte| format!("{byte:02x}")).collect();
    draft.finish(Model {
        name,
        hash,
        classes: cx.class_names(),
        run: run?,
        targets: targets?,
        expectations: expectations?,
        ..Model::default()
    })
}

/// Where the keys of a section stand in a text, in their order.
pub fn places(text: &str, section: &str) -> Vec<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let entries = table.get_ref().get(section).and_then(|section| section.get_ref().as_table());
    let mut places: Vec<_> = entries.into_iter().flat_map(|entries| entries.keys().map(|key| key.span())).collect();
    places.sort_by_key(|place| place.start);
    places
}

/// Where the value at a dotted path stands in a text; `None` where the text does not say it.
pub fn place(text: &str, path: &str) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let keys = toml_edit::Key::parse(path).ok()?;
    let (last, tables) = keys.split_last()?;
    let mut table = table.get_ref();
    for key in tables {
        table = table.get(key.get())?.get_ref().as_table()?;
    }
    table.get(last.get()).map(|value| value.span())
}

/// `shop` of `models/shop.toml`.
fn stem(file_name: &str) -> &str {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    base.strip_suffix(".toml").filter(|stem| !stem.is_empty()).unwrap_or(base)
}

/// Said at the first mistake of a text in which a bracket is not closed: what comes after is
/// read as part of the bracket, so whatever would be said about it is wrong.
const UNCLOSED: &str = "some `{`, `[` or quote is never closed, so nothing after this place is checked";

/// How the parser begins what it says of an open bracket. An error of it has no kind, only words and a place, and
/// the place of some of them is far from the bracket; a test sees to it that the words are still these.
const OPEN: &str = "unclosed";

fn report_syntax(cx: &Context<'_>, mistakes: &[Error]) {
    let unclosed = mistakes.iter().any(|mistake| mistake.message().starts_with(OPEN));
    let believed = if unclosed { 1 } else { mistakes.len() };
    for mistake in mistakes.iter().take(believed) {
        let message = mistake.message().lines().next().unwrap_or("this is not TOML").trim_end_matches('.');
        let rest: Vec<&str> = mistake.message().lines().skip(1).collect();
        let found = Diagnostic::error(code::SYNTAX, message, mistake.span().unwrap_or(0..0), "");
        let found = rest.iter().fold(found, |found, line| found.note(*line));
        cx.report(if unclosed { found.note(UNCLOSED) } else { found });
    }
    if let (true, Some(first)) = (unclosed, mistakes.first()) {
        cx.trust_up_to(first.span().map_or(0, |span| span.start));
    }
}

#[cfg(test)]
mod tests;
