//! Lowers the sections of a file that ask something of the model: `[study]`, `[[sweep]]`, `[size]`,
//! `[drain]`. The model itself is read by the rest of this module's parent.

pub(super) mod axis;
pub(super) mod drain;
pub(super) mod size;
pub(super) mod sweep;

use super::context::Context;
use super::reader::Node;
use crate::diag::{Diagnostic, Severity};
use crate::model::study::StudyFile;
use toml::de::{DeTable, DeValue};

/// Reads what a file asks; its model is not looked at, and syntax errors are those of the model.
///
/// Returns the questions and warnings, or every error and warning; both in file order.
pub fn parse_study(text: &str) -> Result<(StudyFile, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (table, mistakes) = DeTable::parse_recoverable(text);
    let root = DeValue::Table(table.into_inner());
    let no_files = |name: &str| Err(format!("`{name}`: a study reads no data files").into());
    let cx = Context::new(text, &no_files, !mistakes.is_empty());
    super::report_syntax(&cx, &mistakes);
    let file = lower(&Node { cx: &cx, value: &root, span: 0..0, key: 0..0, name: "" });
    let found = cx.into_found();
    match file {
        Some(file) if found.iter().all(|d| d.severity == Severity::Warning) => Ok((file, found)),
        _ => Err(found),
    }
}

fn lower(root: &Node<'_>) -> Option<StudyFile> {
    let entries = root.entries()?;
    let section = |name: &str| entries.iter().find(|entry| entry.name == name);
    let sweeps = section("sweep").map_or(Some(Vec::new()), sweep::sweeps);
    let size = section("size").map_or(Some(None), |node| size::size(node).map(Some));
    let drain = section("drain").map_or(Some(None), |node| drain::drain(node).map(Some));
    Some(StudyFile { sweeps: sweeps?, size: size?, drain: drain? })
}
