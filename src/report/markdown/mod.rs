//! The result as Markdown, for issues, reports and notebooks: the columns of the terminal
//! table with the entity in front.

mod comparison;
mod pipe;

use super::facts::facts;
use super::table::{drain, messages, sensitivity, sweep};
use super::view::View;
use crate::experiment::result::ResultSet;
use crate::experiment::sensitivity::Sensitivity;
use pipe::{escape, table};

/// The result as Markdown; only the key rows unless `verbose`.
pub fn render(set: &ResultSet, verbose: bool) -> String {
    if let Some(found) = &set.comparison {
        return comparison::render(set, found, verbose);
    }
    let mut out = format!("## {}\n\n{}\n", escape(&set.provenance.model), facts(&set.provenance).join(" · "));
    if let (Some(sizing), Some(answer)) = (&set.sizing, &set.answer) {
        out += &format!("\n{}\n\n**{}**\n\n", escape(&answer.question), escape(&answer.headline));
        answer.details.iter().for_each(|detail| out += &format!("- {}\n", escape(detail)));
        let (header, rows) = super::table::size::table(sizing, verbose);
        out += &table(&header, rows);
    } else if let Some(found) = &set.sensitivity {
        return out + &sensitivities(set, found, verbose);
    } else if sweep::is_sweep(set) {
        return out + &points(set, verbose);
    }
    let view = View::new(set, verbose);
    out += &recovery(set);
    if set.sizing.is_none() || verbose {
        out += &numbers(&view, set.provenance.level);
    }
    for (i, reason) in view.footnotes.iter().enumerate() {
        out += &format!("\n\\[{}\\] {}\n", i + 1, escape(reason));
    }
    out += &message_blocks(set);
    if !set.notes.is_empty() || !set.verdicts.is_empty() {
        out += "\n";
    }
    set.notes.iter().chain(&set.verdicts).for_each(|note| out += &format!("- {}\n", escape(note)));
    out
}

/// The answer and one line per point.
fn points(set: &ResultSet, verbose: bool) -> String {
    let mut out = set.answer.as_ref().map_or(String::new(), |answer| format!("\n**{}**\n", escape(&answer.headline)));
    let details = set.answer.iter().flat_map(|answer| &answer.details);
    details.enumerate().for_each(|(i, d)| out += &format!("{}- {}\n", if i == 0 { "\n" } else { "" }, escape(d)));
    let sweep::Lines { header, rows } = sweep::lines(set, verbose);
    out += &table(&header, rows);
    for point in set.points.iter().filter(|p| p.message.is_some()) {
        out += &format!("\n- point {}: {}", point.index, escape(point.message.as_deref().unwrap_or_default()));
    }
    out + "\n"
}

/// The answer, and a table for each quantity.
fn sensitivities(set: &ResultSet, found: &Sensitivity, verbose: bool) -> String {
    let mut out = set.answer.as_ref().map_or(String::new(), |answer| format!("\n**{}**\n\n", escape(&answer.headline)));
    set.answer.iter().flat_map(|a| &a.details).for_each(|detail| out += &format!("- {}\n", escape(detail)));
    for of in &found.quantities {
        out += &format!("\n{}\n", escape(&of.to_string()));
        out += &table(&sensitivity::HEADER, sensitivity::rows(found, of, verbose));
        let still = sensitivity::still(found, of).filter(|_| !verbose);
        out += &still.map_or(String::new(), |still| format!("\n{}\n", escape(&still)));
    }
    out += "\n";
    set.notes.iter().for_each(|note| out += &format!("- {}\n", escape(note)));
    out
}

/// The answer of `drain`, and what other sizes would do.
fn recovery(set: &ResultSet) -> String {
    let (Some(recovery), Some(answer)) = (&set.recovery, &set.answer) else { return String::new() };
    let mut out = format!("\n**{}**\n\n", escape(&answer.headline));
    answer.details.iter().for_each(|detail| out += &format!("- {}\n", escape(detail)));
    out + &table(&drain::header(recovery), drain::remedy_rows(recovery))
}

fn numbers(view: &View, level: f64) -> String {
    let columns = view.columns(level);
    let header = std::iter::once("entity".to_string()).chain(columns.iter().map(|column| column.heading.clone()));
    let rows = view.sections.iter().flat_map(|section| {
        let cells = |line| columns.iter().map(|column| (column.cell)(line).clone()).collect::<Vec<_>>();
        section.lines.iter().map(move |l| [vec![section.title.clone()], cells(l)].concat())
    });
    table(&header.collect::<Vec<_>>(), rows.collect())
}

fn message_blocks(set: &ResultSet) -> String {
    let mut out = String::new();
    let outcomes = messages::outcome_rows(set);
    if !outcomes.is_empty() {
        out += &format!("\nMessages: {}.\n", messages::balance(&set.ledger));
        out += &table(&messages::OUTCOME_HEADER, outcomes);
    }
    if let Some(said) = messages::reliability(set) {
        out += &format!("\nReliability: {said}.\n");
    }
    let states = messages::state_rows(&set.lifecycle);
    if !states.is_empty() {
        out += "\nMessage states:\n";
        out += &table(&messages::STATE_HEADER, states);
    }
    out
}
