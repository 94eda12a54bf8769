//! How often intervals hold, as tables in Markdown.

use crate::experiment::coverage::{CoverageCell, JUDGED, RunSize};

/// Runs that must have given a number for its cell to be counted among others.
const COUNTED: usize = 30;

/// One line for each length of run and number, over the cells that have enough runs.
pub(super) fn coverage_summary(cells: &[CoverageCell]) -> String {
    let head = "| run | number | cells | mean coverage | lowest | highest | mean width | failing |\n|---|---|---|---|---|---|---|---|\n";
    let lines =
        RunSize::ALL.into_iter().flat_map(|size| JUDGED.map(|quantity| summary_line(cells, size, Some(quantity))));
    let all = RunSize::ALL.into_iter().map(|size| summary_line(cells, size, None));
    let lines: String = lines.chain(all).flatten().collect();
    format!("{head}{lines}")
}

/// The line of a number, or of all of them.
fn summary_line(cells: &[CoverageCell], size: RunSize, quantity: Option<&str>) -> Option<String> {
    let is_of = |c: &&CoverageCell| c.size == size && quantity.is_none_or(|quantity| c.quantity == quantity);
    let counted: Vec<&CoverageCell> = cells.iter().filter(is_of).filter(|c| c.answered >= COUNTED).collect();
    let share = |c: &CoverageCell| 100.0 * c.coverage().value;
    let mean = |of: &dyn Fn(&CoverageCell) -> f64| counted.iter().map(|c| of(c)).sum::<f64>() / counted.len() as f64;
    let lowest = counted.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    let highest = counted.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let failing: Vec<&str> = cells.iter().filter(is_of).filter(|c| c.fails()).map(|c| c.case).collect();
    Some(format!(
        "| {} | {} | {} | {:.1} % | {:.1} % ({}) | {:.1} % ({}) | {:.2} | {} |\n",
        size.name(),
        quantity.unwrap_or("all"),
        counted.len(),
        mean(&share),
        share(lowest),
        lowest.case,
        share(highest),
        highest.case,
        mean(&|c| c.width),
        if quantity.is_some() { failing.join(", ") } else { failing.len().to_string() }
    ))
}

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
