//! A comparison of models as Markdown: short enough for a comment on a pull request, with the
//! verdict first and the provenance folded away.

use super::pipe::{escape, table};
use crate::experiment::comparison::{Comparison, Difference, GateVerdict, Only};
use crate::experiment::result::ResultSet;
use crate::report::facts::facts;
use crate::report::table::{comparison as cells, ranking};

/// The comment.
pub(super) fn render(set: &ResultSet, comparison: &Comparison, verbose: bool) -> String {
    let mut out = heading(set, comparison);
    for side in &comparison.sides {
        out += &format!("- **{}**: {}\n", escape(&side.label), escape(&cells::described(side)));
    }
    if let Some(found) = &comparison.ranking {
        out += &table(&ranking::header(found), ranking::rows(found));
    }
    out += &table(&cells::CHECK_HEADER, cells::check_rows(comparison, sign));
    if comparison.checks.is_empty() {
        out += &differences(comparison, |d| d.headline);
        out += &folded("Beside them", &differences(comparison, |d| !d.headline && (verbose || cells::is_key(d))));
    } else {
        let details = set.answer.iter().flat_map(|answer| &answer.details);
        let checks: String = details.map(|detail| format!("- {}\n", escape(detail))).collect();
        out += &folded("The checks in words", &checks);
        out += &folded("All differences", &differences(comparison, |d| verbose || d.headline || cells::is_key(d)));
    }
    out += &folded("How these numbers came about", &provenance(set, comparison));
    out
}

/// Tick or cross, and the answer.
fn heading(set: &ResultSet, comparison: &Comparison) -> String {
    let sign = match (comparison.checks.is_empty(), set.passed) {
        (true, _) => "",
        (false, Some(true)) => "✅ ",
        (false, Some(false)) => "❌ ",
        (false, None) => "❔ ",
    };
    let headline = set.answer.as_ref().map_or(set.provenance.model.as_str(), |answer| answer.headline.as_str());
    format!("### {sign}{}\n\n", escape(headline))
}

fn sign(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Passed => "✅",
        GateVerdict::Failed => "❌",
        GateVerdict::Undecided => "❔",
    }
}

fn differences(comparison: &Comparison, wanted: impl Fn(&Difference) -> bool) -> String {
    let rows = comparison.differences.iter().filter(|d| wanted(d)).map(|d| cells::difference_row(d, cells::named(d)));
    table(&cells::difference_header(comparison), rows.collect())
}

fn folded(title: &str, body: &str) -> String {
    if body.trim().is_empty() {
        return String::new();
    }
    format!("\n<details><summary>{title}</summary>\n\n{}\n\n</details>\n", body.trim())
}

fn provenance(set: &ResultSet, comparison: &Comparison) -> String {
    let mut lines = vec![facts(&set.provenance).join(" · ")];
    lines.extend(comparison.sides.iter().map(|side| format!("{}: SHA-256 {}", side.label, side.hash)));
    lines.push(format!("lindley {}, {} engine", set.provenance.version, set.provenance.engine.name()));
    lines.push(format!("reproduce with: {}", set.provenance.command));
    for side in &comparison.sides {
        let only: Vec<&Only> = comparison.only.iter().filter(|o| o.side == side.label).collect();
        if !only.is_empty() {
            lines.push(format!("only in {}: {}", side.label, cells::entities(&only)));
        }
    }
    lines.extend(set.notes.iter().cloned());
    lines.iter().map(|line| format!("- {}\n", escape(line))).collect()
}
