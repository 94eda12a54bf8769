//! The document that says how this program knows. Computes nothing.

use super::coverage::{coverage_summary, coverage_table};
use super::proof::proof;
use crate::experiment::coverage::CoverageCell;
use crate::experiment::proof::Proof;

/// What `validate --full` says, `{version}` and `{date}` left open, and the tables after it.
const DOCUMENT: &str = include_str!("how_lindley_knows.md");

/// How this program knows: the method, coverage by run and number and in every cell, then the rest of the evidence.
pub fn how_lindley_knows(cells: &[CoverageCell], shown: &Proof, version: &str, date: &str) -> String {
    let head = DOCUMENT.replace("{version}", version).replace("{date}", date);
    format!(
        "{head}\n## By run and number\n\n{}\n## Every cell\n\n{}\n{}",
        coverage_summary(cells),
        coverage_table(cells),
        proof(shown)
    )
}
