//! Percentile curves of both models, for the charts: quantiles of all replications together, with their intervals.

use super::Percentiles;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::experiment::result::Interval;
use crate::experiment::summary::TAIL_OBSERVATIONS;
use crate::model::Model;
use crate::row::Metric;
use crate::stats::PooledTimes;

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
            let of = |m: &Measured| m.blocks.iter().map(of[side]).collect();
            let times: Vec<Vec<Times>> = measured[side].iter().map(of).collect();
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

/// Quantiles of all times together at 1 - p = 10^(-k/6), as far as the run bounds them on both sides.
fn curve(times: &[Vec<Times>], level: f64) -> (Vec<f64>, Vec<Interval>) {
    let pooled = PooledTimes::new(times.iter().map(|blocks| blocks.iter().map(|t| &t.histogram).collect()).collect());
    let levels = (1..).map(|k| 10f64.powf(-f64::from(k) / f64::from(PER_DECADE)));
    let levels = levels.take_while(|beyond| beyond * pooled.n() >= TAIL_OBSERVATIONS);
    let quantile = |beyond: f64| Some((1.0 - beyond, pooled.quantile(1.0 - beyond, level)?));
    let single = times.iter().map(Vec::len).sum::<usize>() < 2;
    levels.map_while(quantile).take_while(|(_, found)| single || found.high.is_some()).unzip()
}
