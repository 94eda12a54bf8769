//! Comma-separated tables: the rows of a result and the points behind the charts. The
//! columns of the rows are the fields of [`Row`], the method as text.

use super::ReportError;
use super::chart::Table;
use crate::experiment::result::{Curves, Interval, LifecycleReport};
use crate::row::Row;
use serde::Serialize;
use std::io::Write;

/// The columns of the tidy table, in order.
pub const COLUMNS: [&str; 14] = [
    "point",
    "scope",
    "name",
    "class",
    "metric",
    "statistic",
    "value",
    "low",
    "high",
    "level",
    "unit",
    "n",
    "source",
    "method",
];

/// Writes one line per row; missing values are empty. Without rows, the header alone.
pub fn write(rows: &[Row], to: impl Write) -> Result<(), ReportError> {
    let line = |r: &Row| {
        let of = (r.point.clone(), r.scope, r.name.clone(), r.class.clone(), r.metric.clone(), r.statistic);
        (of, r.value, r.low, r.high, r.level, r.unit, r.n, r.source, r.how())
    };
    write_all(&COLUMNS, rows.iter().map(line), to)
}

/// Writes the distribution tails: one line per time, `survival` is P(X > x), x in seconds.
pub fn write_tails(curves: &Curves, to: impl Write) -> Result<(), ReportError> {
    let header = ["name", "metric", "x", "survival", "low", "high", "theory", "theory_name"];
    let lines = curves.tails.iter().flat_map(|t| {
        (0..t.x.len()).map(move |i| {
            let at = |v: &Vec<f64>| v.get(i).copied();
            (&t.name, &t.metric, t.x[i], at(&t.survival), at(&t.low), at(&t.high), at(&t.theory), &t.theory_name)
        })
    });
    write_all(&header, lines, to)
}

/// Writes the message state transitions: one line per arrow, with the mean time in `from`.
pub fn write_transitions(report: &LifecycleReport, to: impl Write) -> Result<(), ReportError> {
    let header = ["from", "to", "count", "probability", "low", "high", "mean_time_in_from"];
    let mean = |state: &str| -> Option<Interval> { report.times.iter().find(|t| t.state == state)?.mean_s };
    let lines = report.transitions.iter().map(|t| {
        let p = t.probability;
        (&t.from, &t.to, t.count, p.value, p.low, p.high, mean(&t.from).map(|m| m.value))
    });
    write_all(&header, lines, to)
}

/// Writes the numbers behind a chart.
pub fn write_table(table: &Table, to: impl Write) -> Result<(), ReportError> {
    let header: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    write_all(&header, table.lines.iter(), to)
}

fn write_all<T: Serialize>(header: &[&str], lines: impl Iterator<Item = T>, to: impl Write) -> Result<(), ReportError> {
    // The header is written by hand so that an empty table still names its columns.
    let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(to);
    writer.write_record(header)?;
    for line in lines {
        writer.serialize(line)?;
    }
    Ok(writer.flush()?)
}
