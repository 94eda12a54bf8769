//! Percentile curves of both models, for the charts: one quantile per replication, mean and interval.

use super::Percentiles;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::experiment::result::Interval;
use crate::experiment::summary::TAIL_OBSERVATIONS;
use crate::model::Model;
use crate::row::Metric;
use crate::stats::{LogHistogram, student};

/// Queues whose curves are kept.
const QUEUES: usize = 4;
/// Points per decade of 1 - p.
const PER_DECADE: i32 = 6;

/// The curves of what both models have: the sojourn in the whole system, also by class, and wait and
/// sojourn of the first queues.
pub(super) fn percentiles(models: [&Model; 2], labels: [&str; 2], measured: [&[Measured]; 2]) -> Vec<Percentiles> {
    let mut curves = Vec::new();
    let mut both = |name: &str, class: Option<&str>, metric: Metric, of: [&dyn Fn(&Batch) -> Times; 2]| {
        for side in 0..2 {
            let times: Vec<Times> = measured[side].iter().map(|m| of[side](&m.kept)).collect();
            let (p, time) = curve(&times, models[0].run.level);
            let class = class.map(str::to_string);
            if !p.is_empty() {
                curves.push(Percentiles {
                    side: labels[side].into(),
                    name: name.into(),
                    class,
                    metric: metric.clone(),
                    p,
                    time,
                });
            }
        }
    };
    both("system", None, Metric::Sojourn, [&|s| s.every_class().into_owned(), &|s| s.every_class().into_owned()]);
    for (a, class) in models[0].classes.iter().enumerate().filter(|_| models[0].classes.len() > 1) {
        if let Some(b) = models[1].classes.iter().position(|other| other == class) {
            both("system", Some(class), Metric::Sojourn, [&|s| s.sojourn[a].clone(), &|s| s.sojourn[b].clone()]);
        }
    }
    for (a, queue) in models[0].queues.iter().enumerate().take(QUEUES) {
        if let Some(b) = models[1].queues.iter().position(|other| other.name == queue.name) {
            let wait = |q: usize| move |s: &Batch| s.at_queue(q).wait.clone();
            let sojourn = |q: usize| move |s: &Batch| s.at_queue(q).sojourn.clone();
            both(&queue.name, None, Metric::Wait, [&wait(a), &wait(b)]);
            both(&queue.name, None, Metric::Sojourn, [&sojourn(a), &sojourn(b)]);
        }
    }
    curves
}

/// Quantiles at 1 - p = 10^(-k/6), as far as every replication supports them.
fn curve(times: &[Times], level: f64) -> (Vec<f64>, Vec<Interval>) {
    let fewest = times.iter().map(|t| t.moments.n).min().unwrap_or(0) as f64;
    let (mut ps, mut quantiles) = (Vec::new(), Vec::new());
    for beyond in (0..).map(|k| 10f64.powf(-f64::from(k) / f64::from(PER_DECADE))).skip(1) {
        if beyond * fewest < TAIL_OBSERVATIONS {
            break;
        }
        let values: Vec<f64> = times.iter().filter_map(|t| t.histogram.quantile(1.0 - beyond)).collect();
        let Some(e) = student(&values, level) else { break };
        ps.push(1.0 - beyond);
        quantiles.push(e.widened(LogHistogram::RELATIVE_ERROR).into());
    }
    (ps, quantiles)
}
