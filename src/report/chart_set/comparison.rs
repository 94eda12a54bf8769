//! The charts of a comparison: relative changes of two models around zero and percentile curves of
//! both over each other; of several models the difference of each from the best of the others.

use crate::experiment::comparison::{Comparison, Difference, Percentiles, Rank, Ranked, Side};
use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;
use crate::report::chart::forms::{Bar, Bars, Dot, Graph, Scale, Series, Style};
use crate::report::table::comparison::{is_key, named, signed, signed_percent};
use crate::report::table::ranking::word;
use crate::row::Statistic;
use crate::units::Unit;

/// Most bars of the chart of changes.
const BARS: usize = 24;

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(comparison) = &set.comparison else { return Vec::new() };
    let bars = changes(comparison).or_else(|| from_best(comparison)).map(|bars| bars.chart(&set.provenance));
    let graphs = percentiles(comparison);
    bars.into_iter().chain(graphs.iter().map(|graph| graph.chart(&set.provenance))).collect()
}

/// The relative change of the headline quantities and of the key ones beside them.
fn changes(comparison: &Comparison) -> Option<Bars> {
    let shown = |d: &&Difference| (d.headline || is_key(d)) && d.statistic != Statistic::Variance;
    let bars: Vec<Bar> = comparison.differences.iter().filter(shown).filter_map(bar).take(BARS).collect();
    let [first, second] = [0, 1].map(|side| comparison.sides.get(side).map_or("", |side| side.label.as_str()));
    (!bars.is_empty()).then(|| Bars {
        name: "changes".to_string(),
        title: format!("Change from {first} to {second}"),
        value: Scale::linear(format!("change from {first} to {second}, percent"), Unit::One),
        base: None,
        bars,
    })
}

/// The difference of each of several models from the best of the others.
fn from_best(comparison: &Comparison) -> Option<Bars> {
    let ranking = comparison.ranking.as_ref()?;
    let label = |side: &str| comparison.sides.iter().find(|s| s.label == side).map_or(side.to_string(), told_apart);
    let bar = |ranked: &Ranked| {
        let found = ranked.from_best.as_ref()?;
        Some(Bar {
            label: label(&ranked.side),
            span: (0.0, found.value),
            ends: (String::new(), signed(found.value, None, ranking.unit)),
            interval: found.low.zip(found.high),
            note: word(ranked.rank).to_string(),
            highlight: ranked.rank == Rank::Best,
        })
    };
    let bars: Vec<Bar> = ranking.ranked.iter().filter_map(bar).collect();
    (!bars.is_empty()).then(|| Bars {
        name: "from-best".to_string(),
        title: format!("{} from the best of the others", ranking.quantity),
        value: Scale::linear("difference from the best of the others", ranking.unit),
        base: None,
        bars,
    })
}

/// What was set in it, or its name, and its label: of a long one the end is kept.
fn told_apart(side: &Side) -> String {
    let set: Vec<String> = side.settings.iter().map(ToString::to_string).collect();
    let told = if set.is_empty() { side.name.clone() } else { set.join(", ") };
    format!("{told} ({})", side.label)
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
    let name = format!("percentiles-{}-{}", index + 1, file_name(&of));
    let x = Scale { title: "one message in ... takes longer".to_string(), unit: Unit::One, log: true };
    let y = Scale::linear(first.metric.to_string(), Unit::Seconds);
    Graph::new(name, format!("Percentiles of {of}, both models"), (x, y), vec![series(first), series(second)])
}

fn series(curve: &Percentiles) -> Series {
    let dot = |(p, time): (&f64, &crate::experiment::result::Interval)| Dot {
        x: 1.0 / (1.0 - p),
        y: time.value,
        interval: time.low.zip(time.high),
        note: format!("{} {}", curve.side, Statistic::Quantile((p * 1e5).round() / 1e5)),
        ..Dot::default()
    };
    Series::new(&curve.side, curve.p.iter().zip(&curve.time).map(dot).collect(), Style::Line)
}

/// Letters and digits only: names of queues may hold anything.
fn file_name(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
