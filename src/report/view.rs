//! What table and Markdown both show: the rows of a result grouped by entity, simulation joined with
//! theory, numbers as text, refused quantiles as footnotes.

use super::distinct::distinct;
use super::numbers::{UnitScale, exact, number, scale_for};
use crate::experiment::result::{ResultSet, TheoryCheck};
use crate::row::{Metric, Relevance, Row, Scope, Source};
use std::collections::{BTreeMap, HashMap, HashSet};

/// One line of the table, every cell as text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ViewLine {
    pub metric: String,
    pub statistic: String,
    pub class: String,
    pub simulated: String,
    pub theory: String,
    pub difference: String,
    pub method: String,
}

/// The lines of one entity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ViewSection {
    pub title: String,
    pub scope: Scope,
    pub lines: Vec<ViewLine>,
}

/// Everything the rows say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    pub sections: Vec<ViewSection>,
    /// Reasons for missing values; `[1]` is the first.
    pub footnotes: Vec<String>,
    pub has_classes: bool,
}

/// A column of the lines.
pub(crate) struct ViewColumn {
    pub heading: String,
    pub is_number: bool,
    pub cell: fn(&ViewLine) -> &String,
}

impl View {
    /// The lines of a result; only the key rows unless `verbose`.
    pub(crate) fn new(set: &ResultSet, verbose: bool) -> View {
        let mut builder = ViewBuilder::new(set);
        let mut groups: BTreeMap<(u8, usize), Vec<usize>> = BTreeMap::new();
        for (i, row) in set.rows.iter().enumerate() {
            if !builder.joined.contains(&i) && (verbose || row.relevance() <= Relevance::Key) {
                let order = builder.entity_order(row);
                groups.entry((scope_rank(row.scope), order)).or_default().push(i);
            }
        }
        let sections = groups.into_values().map(|rows| builder.section(rows)).collect();
        let has_classes = set.rows.iter().any(|r| r.class.is_some());
        View { sections, footnotes: builder.footnotes, has_classes }
    }

    /// The columns worth showing, in order.
    pub(crate) fn columns(&self, level: f64) -> Vec<ViewColumn> {
        let simulated = format!("simulated ({} %)", (level * 1000.0).round() / 10.0);
        let column = |heading: &str, is_number, cell| ViewColumn { heading: heading.to_string(), is_number, cell };
        let mut columns = vec![
            column("metric", false, |l| &l.metric),
            column("statistic", false, |l| &l.statistic),
            column("class", false, |l| &l.class),
            column(&simulated, true, |l| &l.simulated),
            column("theory", true, |l| &l.theory),
            column("difference", true, |l| &l.difference),
            column("method", false, |l| &l.method),
        ];
        if !self.has_classes {
            columns.remove(2);
        }
        columns.retain(|column| self.lines().any(|line| !(column.cell)(line).is_empty()));
        columns
    }

    /// All lines of all sections.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &ViewLine> {
        self.sections.iter().flat_map(|s| &s.lines)
    }
}

struct ViewBuilder<'a> {
    set: &'a ResultSet,
    /// Comparisons of each simulated row.
    partners: HashMap<usize, Vec<&'a TheoryCheck>>,
    /// Theory rows that are shown beside their simulated row.
    joined: HashSet<usize>,
    entities: HashMap<(Option<&'a str>, Scope, &'a str), usize>,
    footnotes: Vec<String>,
}

impl<'a> ViewBuilder<'a> {
    fn new(set: &'a ResultSet) -> Self {
        let mut partners: HashMap<usize, Vec<&TheoryCheck>> = HashMap::new();
        let mut joined = HashSet::new();
        let known = |i: usize| i < set.rows.len();
        for c in set.validation.iter().filter(|c| known(c.simulated) && known(c.theory)) {
            partners.entry(c.simulated).or_default().push(c);
            joined.insert(c.theory);
        }
        ViewBuilder { set, partners, joined, entities: HashMap::new(), footnotes: Vec::new() }
    }

    /// Entities keep the order in which they first appear.
    fn entity_order(&mut self, row: &'a Row) -> usize {
        let next = self.entities.len();
        *self.entities.entry((row.point.as_deref(), row.scope, &row.name)).or_insert(next)
    }

    fn section(&mut self, mut rows: Vec<usize>) -> ViewSection {
        let set = self.set;
        // Classes and details keep the order in which they first appear: the most urgent class first.
        let classes = distinct(std::iter::once(None).chain(rows.iter().map(|&i| set.rows[i].class.as_deref())));
        let details = distinct(std::iter::once("").chain(rows.iter().map(|&i| detail(&set.rows[i].metric))));
        let order = |i: &usize| {
            let row = &set.rows[*i];
            let class = classes.iter().position(|class| *class == row.class.as_deref());
            let named = details.iter().position(|name| *name == detail(&row.metric));
            let metric = if named == Some(0) { row.metric.clone() } else { Metric::Detail(String::new()) };
            (metric, named, class, row.statistic)
        };
        rows.sort_by_cached_key(order);
        let first = &set.rows[rows[0]];
        let lines = rows.iter().flat_map(|&i| self.lines(i)).collect();
        ViewSection { title: title(first), scope: first.scope, lines }
    }

    /// The line of a row, and one more for each further theory that speaks of it.
    fn lines(&mut self, i: usize) -> Vec<ViewLine> {
        let row = &self.set.rows[i];
        let mut head = ViewLine {
            metric: row.metric.to_string(),
            statistic: row.statistic.with_unit(row.metric.unit()),
            class: row.class.clone().unwrap_or_else(|| "all".into()),
            ..ViewLine::default()
        };
        if !matches!(row.source, Source::Simulation | Source::Trace) {
            head.theory = self.value(row, None);
            head.method = method(row);
            return vec![head];
        }
        head.simulated = self.value(row, None);
        let Some(partners) = self.partners.remove(&i) else { return vec![head] };
        let mut lines = vec![head];
        for (k, partner) in partners.into_iter().enumerate() {
            if k > 0 {
                lines.push(ViewLine { simulated: String::new(), ..lines[0].clone() });
            }
            self.beside(lines.last_mut().expect("one line is always there"), row, partner);
        }
        lines
    }

    fn beside(&mut self, line: &mut ViewLine, simulated: &Row, comparison: &TheoryCheck) {
        let theory = &self.set.rows[comparison.theory];
        let scale = simulated.value.map(|v| scale_for(v, simulated.half_width(), simulated.unit));
        line.theory = self.value(theory, scale);
        line.difference = comparison.half_widths.map_or(String::new(), difference);
        line.method = method(theory);
    }

    /// The value as text, or `-` with the number of the footnote that says why there is none.
    fn value(&mut self, row: &Row, scale: Option<UnitScale>) -> String {
        match (row.value, scale) {
            (Some(value), Some(scale)) => scale.print(value),
            // Alone, theory is a calculator; beside estimates, more digits would only distract.
            (Some(value), None) if self.set.provenance.replications == 0 => exact(value, row.unit),
            (Some(_), None) => number(row).unwrap_or_default(),
            (None, _) => format!("- [{}]", self.footnote(&row.how())),
        }
    }

    fn footnote(&mut self, reason: &str) -> usize {
        let known = self.footnotes.iter().position(|f| f == reason);
        known.unwrap_or_else(|| {
            self.footnotes.push(reason.to_string());
            self.footnotes.len() - 1
        }) + 1
    }
}

/// The name of a detail; empty for other metrics.
fn detail(metric: &Metric) -> &str {
    if let Metric::Detail(name) = metric { name } else { "" }
}

fn title(row: &Row) -> String {
    let entity = match row.scope {
        Scope::System => row.name.clone(),
        scope => format!("{} {}", scope.name(), row.name),
    };
    match &row.point {
        Some(point) => format!("{entity}, point {point}"),
        None => entity,
    }
}

/// The method of theory, saying so when it is not exact.
fn method(row: &Row) -> String {
    match row.source {
        Source::Approximation => format!("{} (approximation)", row.how()),
        // The name of a bound says that it is one.
        _ => row.how(),
    }
}

/// `+0.4 hw`; far outside, no false digits.
fn difference(half_widths: f64) -> String {
    match half_widths.abs() {
        x if !x.is_finite() => String::new(),
        x if x < 0.05 => "0.0 hw".into(),
        x if x < 1000.0 => format!("{half_widths:+.1} hw"),
        _ => format!("{half_widths:+.0e} hw"),
    }
}

fn scope_rank(scope: Scope) -> u8 {
    match scope {
        Scope::System => 0,
        Scope::Queue => 1,
        Scope::Station => 2,
        Scope::Consumer => 3,
        Scope::Producer => 4,
    }
}
