//! Where the time goes: how busy each station is, and how much of a visit is waiting.

use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;
use crate::report::chart::forms::{Bar, Bars, Scale};
use crate::report::rows::whole;
use crate::row::{Metric, Row, Scope, Source, Statistic};
use crate::units::Unit;

/// The mean of a metric of each queue, simulated, in the order of the model.
fn means(set: &ResultSet, metric: &Metric) -> Vec<Row> {
    let simulated = |r: &&Row| r.scope == Scope::Queue && r.source == Source::Simulation;
    let wanted = |r: &&Row| r.metric == *metric && r.statistic == Statistic::Mean;
    whole(set).filter(simulated).filter(wanted).cloned().collect()
}

/// Utilization of each station, the busiest first; one station has no bottleneck among many.
pub(super) fn bottleneck(set: &ResultSet) -> Option<Chart> {
    let bars = means(set, &Metric::Utilization).into_iter().filter_map(|r| Some((r.value?, r.low.zip(r.high), r.name)));
    draw(set, "bottleneck", "Bottlenecks: how busy each station is", "utilization", bars.collect())
}

/// The share of the sojourn at each station that is waiting.
pub(super) fn waiting(set: &ResultSet) -> Option<Chart> {
    let sojourns = means(set, &Metric::Sojourn);
    let share = |wait: Row| {
        let sojourn = sojourns.iter().find(|s| s.name == wait.name)?.value.filter(|v| *v > 0.0)?;
        let rest = sojourn - wait.value?;
        // The interval is that of the wait; the time of service is far more certain.
        let part = |w: f64| if w + rest > 0.0 { (w / (w + rest)).clamp(0.0, 1.0) } else { 0.0 };
        let interval = wait.low.zip(wait.high).map(|(low, high)| (part(low), part(high)));
        Some((part(wait.value?), interval, wait.name))
    };
    let bars = means(set, &Metric::Wait).into_iter().filter_map(share).collect();
    draw(set, "waiting", "Share of the sojourn spent waiting", "wait / sojourn", bars)
}

/// Value, interval and name of a station.
type Share = (f64, Option<(f64, f64)>, String);

fn draw(set: &ResultSet, name: &str, title: &str, value: &str, mut shares: Vec<Share>) -> Option<Chart> {
    if shares.len() < 2 {
        return None;
    }
    shares.sort_by(|a, b| b.0.total_cmp(&a.0));
    let bar = |(i, (v, interval, label)): (usize, Share)| Bar {
        label,
        span: (0.0, v),
        ends: (String::new(), format!("{:.1} %", 100.0 * v)),
        interval,
        note: String::new(),
        highlight: i == 0,
    };
    let (value, bars) = (Scale::linear(value, Unit::One), shares.into_iter().enumerate().map(bar).collect());
    Some(Bars { name: name.into(), title: title.into(), value, base: None, bars }.chart(&set.provenance))
}
