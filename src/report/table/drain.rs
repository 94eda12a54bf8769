//! The answer of `drain` as text: sentences first, then what other sizes would do.

use super::grid::{Align, Grid, paragraph};
use crate::experiment::drain::{Recovery, Remedy, RemedyMeasure};
use crate::experiment::result::ResultSet;
use crate::report::numbers::{count, time};
use crate::units::{Unit, format_duration, format_quantity};

/// The sentences of the answer and the table of remedies; empty where nothing was asked of `drain`.
pub(crate) fn render(set: &ResultSet, width: u16) -> String {
    let (Some(recovery), Some(answer)) = (&set.recovery, &set.answer) else { return String::new() };
    let mut out = paragraph("", &answer.headline, width);
    answer.details.iter().for_each(|detail| out += &paragraph("-", detail, width));
    if recovery.remedies.len() > 1 {
        let align = std::iter::repeat_n(Align::Right, HEADER.len() - 1).chain([Align::Left]);
        let grid = Grid::new(header(recovery), align.collect()).within(width);
        out += &format!("\n{}", grid.rows(remedy_rows(recovery)).without_empty_columns().print());
    }
    out
}

/// Columns of the table of remedies; the first one is named after what is counted.
const HEADER: [&str; 5] = ["", "drain time (fluid)", "drain time (simulated)", "recovered", ""];

/// The headings of the table of remedies.
pub(crate) fn header(recovery: &Recovery) -> Vec<String> {
    std::iter::once(recovery.measure.name().to_string()).chain(HEADER[1..].iter().map(|h| h.to_string())).collect()
}

/// The lines of the table of remedies.
pub(crate) fn remedy_rows(recovery: &Recovery) -> Vec<Vec<String>> {
    recovery.remedies.iter().map(|remedy| line(recovery, remedy)).collect()
}

fn line(recovery: &Recovery, remedy: &Remedy) -> Vec<String> {
    let amount = match recovery.measure {
        RemedyMeasure::Servers => count(remedy.amount as u64),
        RemedyMeasure::Capacity => format_quantity(remedy.amount, Unit::PerSecond),
    };
    let simulated = match (&remedy.simulated, remedy.recovered) {
        (Some(interval), _) => time(interval),
        (None, Some(_)) => "not in every replication".to_string(),
        (None, None) => String::new(),
    };
    let share = remedy.recovered.map_or(String::new(), |share| format!("{:.1} %", 100.0 * share));
    let notes = [(remedy.present, "what there is"), (remedy.answer, "the least that is back in time")];
    let notes: Vec<&str> = notes.into_iter().filter(|(said, _)| *said).map(|(_, note)| note).collect();
    let never = if recovery.fluid.is_some() { "never" } else { "" };
    vec![amount, remedy.fluid.map_or(never.to_string(), format_duration), simulated, share, notes.join("; ")]
}
