//! The tidy table: one line per row of the result, with the point and its settings beside; points
//! without rows have one line of their own.

use super::columns::{TidyColumn, of_points};
use crate::experiment::point::Point;
use crate::experiment::result::ResultSet;
use crate::row::{Row, Source};
use std::borrow::Cow;
use std::collections::HashMap;

/// A column of rows: its name, and the cell of a row.
type Field<T> = (&'static str, fn(&Row) -> T);

/// A text of a row that may be missing.
type Text = fn(&Row) -> Option<&str>;

/// One line: a point, and a row of it if it has any.
type TidyLine<'a> = (&'a Point, Option<&'a Row>);

fn lines(set: &ResultSet) -> Vec<TidyLine<'_>> {
    let mut rows: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in &set.rows {
        rows.entry(row.point.as_deref().unwrap_or_default()).or_default().push(row);
    }
    let mut lines = Vec::new();
    for point in &set.points {
        let own = rows.remove(point.id.as_str()).unwrap_or_default();
        if own.is_empty() {
            lines.push((point, None));
        }
        lines.extend(own.into_iter().map(|row| (point, Some(row))));
    }
    lines
}

/// The tidy table of all rows.
pub(super) fn table(set: &ResultSet) -> Vec<TidyColumn<'_>> {
    let lines = lines(set);
    let points: Vec<&Point> = lines.iter().map(|line| line.0).collect();
    let mut columns = of_points(&set.points, &points);
    columns.extend(texts(&lines));
    let numbers: [Field<Option<f64>>; 4] =
        [("value", |r| r.value), ("low", |r| r.low), ("high", |r| r.high), ("level", |r| r.level)];
    columns.extend(numbers.map(|(name, of)| TidyColumn::numbers(name, lines.iter().map(|l| of(l.1?)))));
    let own = |name: &str, of: fn(&Row) -> String| {
        TidyColumn::texts(
            name,
            lines.iter().map(|l| l.1.map(|row| Cow::Owned(of(row)))).collect::<Vec<_>>().into_iter(),
        )
    };
    columns.push(own("unit", |r| r.unit.to_string()));
    columns.push(TidyColumn::integers("n", lines.iter().map(|l| i64::try_from(l.1?.n?).ok())));
    let fixed = |name: &str, of: fn(&Row) -> &str| {
        TidyColumn::texts(
            name,
            lines.iter().map(|l| l.1.map(|row| Cow::Borrowed(of(row)))).collect::<Vec<_>>().into_iter(),
        )
    };
    columns.push(fixed("source", |r| source(r.source)));
    columns.push(own("method", Row::how));
    columns
}

fn texts<'a>(lines: &[TidyLine<'a>]) -> Vec<TidyColumn<'a>> {
    let borrowed: [(&str, Text); 3] =
        [("scope", |r| Some(r.scope.name())), ("name", |r| Some(&r.name)), ("class", |r| r.class.as_deref())];
    let cells = |of: fn(&Row) -> Option<&str>| lines.iter().map(move |l| of(l.1?).map(Cow::Borrowed));
    let mut columns: Vec<TidyColumn<'a>> = borrowed.map(|(name, of)| TidyColumn::texts(name, cells(of))).into();
    let owned: [Field<String>; 2] = [("metric", |r| r.metric.to_string()), ("statistic", |r| r.statistic.to_string())];
    columns.extend(owned.map(|(name, of)| TidyColumn::texts(name, lines.iter().map(|l| Some(Cow::Owned(of(l.1?)))))));
    columns
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Simulation => "simulation",
        Source::Exact => "exact",
        Source::Approximation => "approximation",
        Source::Bound => "bound",
        Source::Trace => "trace",
    }
}

/// The table of points.
pub(super) fn points(set: &ResultSet) -> Vec<TidyColumn<'_>> {
    of_points(&set.points, &set.points.iter().collect::<Vec<_>>())
}
