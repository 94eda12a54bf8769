//! How often intervals hold, as a table in Markdown.

use crate::experiment::coverage::CoverageCell;

/// One line a cell, and which of them fail.
pub fn coverage_table(cells: &[CoverageCell]) -> String {
    let head = "| model | run | number | runs | refused | open | covered | 99.9 % of that | bias | width | |\n\
                |---|---|---|---|---|---|---|---|---|---|---|\n";
    let failing = cells.iter().filter(|cell| cell.fails()).count();
    let lines: String = cells.iter().map(line).collect();
    format!("{head}{lines}\n{} cells, {failing} of them fail.\n", cells.len())
}

fn line(cell: &CoverageCell) -> String {
    let percent = |part: usize, of: usize| format!("{:.0} %", 100.0 * part as f64 / of.max(1) as f64);
    let CoverageCell { case, size, quantity, runs, answered, open, bias, width, .. } = cell;
    let refused = percent(runs - answered, *runs);
    let head =
        format!("| {case} | {} | {quantity} | {runs} | {refused} | {} |", size.name(), percent(*open, *answered));
    if *answered == 0 {
        return format!("{head} | | | | |\n");
    }
    let found = cell.coverage();
    let [value, low, high] = [Some(found.value), found.low, found.high].map(|share| 100.0 * share.unwrap_or(f64::NAN));
    let verdict = if cell.fails() { "**fails**" } else { "" };
    format!("{head} {value:.1} % | {low:.1} to {high:.1} | {:+.1} % | {width:.2} | {verdict} |\n", 100.0 * bias)
}
