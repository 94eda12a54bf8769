//! The curves behind the charts: queue lengths over time and tails of times.

use super::measure::{CHARTED_QUEUES, Measured, Slots, Times};
use super::result::{Convergence, Curves, QueueSeries, Settling, Tail};
use crate::analytic::{Solution, Theory, TimeLaw};
use crate::model::Model;
use crate::row::Metric;
use crate::stats::{Accumulator, Tally, student};

/// Points of a tail curve.
const TAIL_POINTS: usize = 160;
/// Points of a convergence curve.
const CONVERGENCE_POINTS: usize = 200;
/// Slots of Welch's moving window, odd.
const WELCH_WINDOW: usize = 9;

/// Every curve of a study.
pub(crate) fn curves(model: &Model, measured: &[Measured], theory: &Theory) -> Curves {
    let served = (0..model.queues.len().min(CHARTED_QUEUES))
        .filter(|&q| measured.iter().any(|m| m.kept.at_queue(q).wait.moments.n > 0));
    let mut tails = Vec::new();
    for q in served {
        let name = &model.queues[q].name;
        let solution = theory.solutions.iter().find(|s| s.queue.0 as usize == q);
        let wait = solution.and_then(|s: &Solution| s.wait.as_ref().map(|law| (law, s.kendall.as_str())));
        let sojourn = solution.and_then(|s| s.sojourn.as_ref().map(|law| (law, s.kendall.as_str())));
        let times = |of: &dyn Fn(&Measured) -> Times| measured.iter().map(of).collect::<Vec<_>>();
        let level = model.run.level;
        tails.extend(tail(name, "wait", &times(&|m| m.kept.at_queue(q).wait.clone()), wait, level));
        tails.extend(tail(name, "sojourn", &times(&|m| m.kept.at_queue(q).sojourn.clone()), sojourn, level));
    }
    let aligned = aligned(measured);
    Curves {
        queue_length: queue_length(model, measured, &aligned),
        tails,
        settling: settling(model, measured, &aligned),
        convergence: convergence(model, measured),
    }
}

/// The mean over the first n replications of the system's sojourn and of each charted queue's wait.
fn convergence(model: &Model, measured: &[Measured]) -> Vec<Convergence> {
    let sojourn = |m: &Measured| {
        let mut all = Tally::default();
        m.kept.sojourn.iter().for_each(|class| all.merge(&class.moments));
        all.mean()
    };
    let level = model.run.level;
    let mut curves = vec![cumulative("system", Metric::Sojourn, measured.iter().filter_map(sojourn).collect(), level)];
    for (q, queue) in model.queues.iter().enumerate().take(CHARTED_QUEUES) {
        let waits = measured.iter().filter_map(|m| m.kept.at_queue(q).wait.moments.mean());
        curves.push(cumulative(&queue.name, Metric::Wait, waits.collect(), level));
    }
    curves.into_iter().filter(|c| c.n.len() > 1).collect()
}

/// Means of the first 2, 3, ... values; of very many, evenly chosen.
fn cumulative(name: &str, metric: Metric, values: Vec<f64>, level: f64) -> Convergence {
    let step = values.len().div_ceil(CONVERGENCE_POINTS).max(1);
    let counts = (2..=values.len()).filter(|n| (values.len() - n).is_multiple_of(step));
    let known = counts.filter_map(|n| {
        let e = student(&values[..n], level)?;
        Some((n as u32, e.mean, e.half_width?))
    });
    let known: Vec<(u32, f64, f64)> = known.collect();
    Convergence {
        name: name.to_string(),
        metric,
        n: known.iter().map(|k| k.0).collect(),
        mean: known.iter().map(|k| k.1).collect(),
        low: known.iter().map(|k| k.1 - k.2).collect(),
        high: known.iter().map(|k| k.1 + k.2).collect(),
    }
}

/// Slots of all replications on the same times.
fn aligned(measured: &[Measured]) -> Vec<Slots> {
    let joined = measured.iter().map(|m| m.slots.joined).max().unwrap_or(0);
    let align = |m: &Measured| {
        let mut slots = m.slots.clone();
        (m.slots.joined..joined).for_each(|_| slots.join());
        slots
    };
    measured.iter().map(align).collect()
}

/// Slots that every replication has.
fn common(aligned: &[Slots]) -> usize {
    aligned.iter().map(|s| s.ends.len()).min().unwrap_or(0)
}

/// Welch's curve of each charted queue: each point is the mean of a window of slots around it.
fn settling(model: &Model, measured: &[Measured], aligned: &[Slots]) -> Vec<Settling> {
    let common = common(aligned);
    let Some(first) = aligned.first().filter(|_| common >= WELCH_WINDOW) else { return Vec::new() };
    let half = WELCH_WINDOW / 2;
    let middles: Vec<usize> = (0..common - half).collect();
    let warmup = measured.iter().map(|m| m.cut).sum::<f64>() / measured.len() as f64;
    let series = |q: usize| {
        let of = |slots: &Slots, i: usize| {
            // Near the start, where there is less on the left, the window is narrower.
            let reach = half.min(i);
            let window = i - reach..=i + reach;
            window.map(|k| slots.averages[k * slots.queues + q]).sum::<f64>() / (2 * reach + 1) as f64
        };
        let at = |i: usize| student(&aligned.iter().map(|s| of(s, i)).collect::<Vec<_>>(), model.run.level);
        let estimates: Vec<_> = middles.iter().filter_map(|i| at(*i)).collect();
        let halves: Vec<f64> = estimates.iter().filter_map(|e| e.half_width).collect();
        let ends = |sign: f64| estimates.iter().zip(&halves).map(|(e, half)| e.mean + sign * half).collect();
        Settling {
            queue: model.queues[q].name.clone(),
            time: middles.iter().map(|i| first.ends[*i]).collect(),
            mean: estimates.iter().map(|e| e.mean).collect(),
            low: ends(-1.0),
            high: ends(1.0),
            window: first.ends[WELCH_WINDOW - 1],
            warmup,
        }
    };
    (0..first.queues).map(series).collect()
}

/// P(X > x) on a grid from the smallest scale of interest to the last quantile that the
/// observations support.
fn tail(name: &str, metric: &str, times: &[Times], theory: Option<(&TimeLaw, &str)>, level: f64) -> Option<Tail> {
    let mut pooled = Times::default();
    times.iter().for_each(|t| pooled.merge(t));
    let n = pooled.moments.n as f64;
    let deepest = 1.0 - super::summary::TAIL_OBSERVATIONS / n;
    let top = pooled.histogram.quantile(deepest).filter(|&x| deepest > 0.0 && x > 0.0)?;
    let x: Vec<f64> = (0..TAIL_POINTS).map(|i| top * i as f64 / (TAIL_POINTS - 1) as f64).collect();
    let survival = pooled.histogram.survival(&x)?;
    let replications: Vec<Vec<f64>> = times.iter().filter_map(|t| t.histogram.survival(&x)).collect();
    let band = |i: usize| {
        let values: Vec<f64> = replications.iter().map(|curve| curve[i]).collect();
        let e = student(&values, level)?;
        Some((e.mean - e.half_width?, e.mean + e.half_width?))
    };
    let bands: Vec<(f64, f64)> = (0..x.len()).filter_map(band).collect();
    Some(Tail {
        name: name.to_string(),
        metric: metric.to_string(),
        theory: theory.map(|(law, _)| x.iter().map(|&x| law.survival(x)).collect()).unwrap_or_default(),
        theory_name: theory.map(|(_, name)| name.to_string()).unwrap_or_default(),
        low: bands.iter().map(|b| b.0).collect(),
        high: bands.iter().map(|b| b.1).collect(),
        x,
        survival,
    })
}

/// Ready messages over time on slots common to all replications.
fn queue_length(model: &Model, measured: &[Measured], aligned: &[Slots]) -> Vec<QueueSeries> {
    let common = common(aligned);
    let Some(first) = aligned.first().filter(|_| common > 1) else { return Vec::new() };
    let warmup = measured.iter().map(|m| m.cut).sum::<f64>() / measured.len() as f64;
    let series = |q: usize| {
        let slots: Vec<Vec<f64>> = (0..common).map(|i| sorted(aligned, i, q)).collect();
        let quantile = |p: f64| slots.iter().map(|values| order_statistic(values, p)).collect();
        QueueSeries {
            queue: model.queues[q].name.clone(),
            time: first.ends[..common].to_vec(),
            median: quantile(0.5),
            low: quantile(0.05),
            high: quantile(0.95),
            warmup,
            replications: measured.len() as u32,
        }
    };
    (0..first.queues).map(series).collect()
}

fn sorted(aligned: &[Slots], slot: usize, q: usize) -> Vec<f64> {
    let mut values: Vec<f64> = aligned.iter().map(|s| s.averages[slot * s.queues + q]).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Quantile of sorted values by linear interpolation.
fn order_statistic(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len() - 1) as f64;
    let (below, share) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * share
}
