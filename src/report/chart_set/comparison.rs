//! The charts of a comparison of two models: relative changes around zero, and percentile curves of
//! both over each other.

use crate::experiment::comparison::{Comparison, Difference, Percentiles};
use crate::experiment::result::ResultSet;
use crate::report::chart::forms::{Bar, Bars, Dot, Graph, Scale, Series, Style};
use crate::report::chart::{Caption, Chart};
use crate::report::table::comparison::{is_key, named, signed_percent};
use crate::row::Statistic;
use crate::units::Unit;

/// Most bars of the chart of changes.
const BARS: usize = 24;

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(comparison) = &set.comparison else { return Vec::new() };
    let mut charts: Vec<Chart> =
        changes(comparison).iter().map(|bars| bars.draw(&Caption::of(&set.provenance, &bars.title))).collect();
    let graphs = percentiles(comparison);
    charts.extend(graphs.iter().map(|graph| graph.draw(&Caption::of(&set.provenance, &graph.title))));
    charts
}

/// The relative change of the headline quantities and of the key ones beside them.
fn changes(comparison: &Comparison) -> Option<Bars> {
    let shown = |d: &&Difference| (d.headline || is_key(d)) && d.statistic != Statistic::Variance;
    let bars: Vec<Bar> = comparison.differences.iter().filter(shown).filter_map(bar).take(BARS).collect();
    let [first, second] = [0, 1].map(|side| comparison.sides.get(side).map_or("", |side| side.label.as_str()));
    (!bars.is_empty()).then(|| Bars {
        name: "changes".to_string(),
        title: format!("Change from {first} to {second}"),
        value: Scale { title: format!("change from {first} to {second}, percent"), unit: Unit::One, log: false },
        base: None,
        bars,
    })
}

fn bar(d: &Difference) -> Option<Bar> {
    let change = d.change.as_ref()?;
    let percent = |share: f64| 100.0 * share;
    Some(Bar {
        label: named(d),
        span: (0.0, percent(change.value)),
        ends: (String::new(), signed_percent(change)),
        interval: change.low.zip(change.high).map(|(low, high)| (percent(low), percent(high))),
        note: match (d.significant, &d.better) {
            (_, Some(better)) => format!("{better} is better"),
            (Some(true), None) => "differs".to_string(),
            _ => "no significant difference".to_string(),
        },
        highlight: d.significant == Some(true),
    })
}

/// One graph for each time of which there are curves of both.
fn percentiles(comparison: &Comparison) -> Vec<Graph> {
    let same = |a: &Percentiles, b: &Percentiles| (&a.name, &a.class, &a.metric) == (&b.name, &b.class, &b.metric);
    let mut graphs = Vec::new();
    for (i, first) in comparison.percentiles.iter().enumerate() {
        let second = comparison.percentiles[i + 1..].iter().find(|other| same(first, other));
        if let Some(second) = second.filter(|second| first.p.len() > 1 && second.p.len() > 1) {
            graphs.push(graph(graphs.len(), first, second));
        }
    }
    graphs
}

fn graph(index: usize, first: &Percentiles, second: &Percentiles) -> Graph {
    let of = match &first.class {
        Some(class) => format!("{} of class {class} in {}", first.metric, first.name),
        None => format!("{} in {}", first.metric, first.name),
    };
    Graph {
        name: format!("percentiles-{}-{}", index + 1, file_name(&of)),
        title: format!("Percentiles of {of}, both models"),
        x: Scale { title: "one message in ... takes longer".to_string(), unit: Unit::One, log: true },
        y: Scale { title: first.metric.to_string(), unit: Unit::Seconds, log: false },
        right: None,
        series: vec![series(first), series(second)],
        limits: Vec::new(),
        shades: Vec::new(),
    }
}

fn series(curve: &Percentiles) -> Series {
    let dot = |(p, time): (&f64, &crate::experiment::result::Interval)| Dot {
        x: 1.0 / (1.0 - p),
        y: time.value,
        interval: time.low.zip(time.high),
        note: format!("{} {}", curve.side, Statistic::Quantile((p * 1e5).round() / 1e5)),
        ..Dot::default()
    };
    Series {
        label: curve.side.clone(),
        dots: curve.p.iter().zip(&curve.time).map(dot).collect(),
        style: Style::Line,
        right: false,
    }
}

/// Letters and digits only: names of queues may hold anything.
fn file_name(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
