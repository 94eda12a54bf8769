//! The curves behind the charts: queue lengths over time and tails of times.

use super::measure::{Batch, CHARTED_QUEUES, ClassAccumulator, Measured, Slots, Times};
use super::result::{Convergence, Curves, QueueSeries, Settling, Tail};
use crate::analytic::{Solution, Theory, TimeLaw};
use crate::model::Model;
use crate::row::Metric;
use crate::stats::{BlockSums, Blocks, LogHistogram, PooledTimes, student};

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
    let tails = served.flat_map(|q| tails_of(model, measured, theory, q)).collect();
    let aligned = aligned(measured);
    Curves {
        queue_length: queue_length(model, measured, &aligned),
        tails,
        settling: settling(model, measured, &aligned),
        convergence: convergence(model, measured),
    }
}

/// The tails of wait and sojourn of a queue.
fn tails_of(model: &Model, measured: &[Measured], theory: &Theory, q: usize) -> impl Iterator<Item = Tail> {
    let (name, level) = (&model.queues[q].name, model.run.level);
    let solution = theory.solutions.iter().find(|s| s.queue.0 as usize == q);
    let wait = solution.and_then(|s: &Solution| s.wait.as_ref().map(|law| (law, s.kendall.as_str())));
    let sojourn = solution.and_then(|s| s.sojourn.as_ref().map(|law| (law, s.kendall.as_str())));
    let here: Vec<Vec<_>> = measured.iter().map(|m| m.blocks.iter().map(|block| block.at_queue(q)).collect()).collect();
    let times = |of: fn(&ClassAccumulator) -> &Times| -> Vec<Vec<&Times>> {
        here.iter().map(|blocks| blocks.iter().map(|at| of(at)).collect()).collect()
    };
    let both = [
        tail(name, "wait", &times(|at| &at.wait), wait, level),
        tail(name, "sojourn", &times(|at| &at.sojourn), sojourn, level),
    ];
    both.into_iter().flatten()
}

/// The mean over the first n replications of the system's sojourn and of each charted queue's wait.
fn convergence(model: &Model, measured: &[Measured]) -> Vec<Convergence> {
    let of = |name: &str, metric, times: &dyn Fn(&Batch) -> Times| {
        let blocks: Vec<Vec<Times>> = measured.iter().map(|m| m.blocks.iter().map(times).collect()).collect();
        cumulative((name, metric), &blocks, model.run.level)
    };
    let mut curves = vec![of("system", Metric::Sojourn, &|block| block.every_class().into_owned())];
    for (q, queue) in model.queues.iter().enumerate().take(CHARTED_QUEUES) {
        curves.push(of(&queue.name, Metric::Wait, &|block| block.at_queue(q).wait.clone()));
    }
    curves.into_iter().filter(|c| c.n.len() > 1).collect()
}

/// Means of all messages of the first 2, 3, ... replications, as the table has that of all; of very many, evenly chosen.
fn cumulative((name, metric): (&str, Metric), blocks: &[Vec<Times>], level: f64) -> Convergence {
    let pooled = PooledTimes::new(histograms(blocks.iter().map(Vec::as_slice)));
    let part = |t: &Times| BlockSums { sum: t.moments.sum(), weight: t.moments.n as f64 };
    let step = blocks.len().div_ceil(CONVERGENCE_POINTS).max(1);
    let counts = (2..=blocks.len()).filter(|n| (blocks.len() - n).is_multiple_of(step));
    let known = counts.filter_map(|n| {
        let first = Blocks::new(blocks[..n].iter().map(|replication| replication.iter().map(part).collect()));
        let found = first.mean(level, pooled.length() * first.weight() / pooled.n())?;
        Some((n as u32, found.value, found.low?, found.high?))
    });
    let known: Vec<(u32, f64, f64, f64)> = known.collect();
    Convergence {
        name: name.to_string(),
        metric,
        n: known.iter().map(|k| k.0).collect(),
        mean: known.iter().map(|k| k.1).collect(),
        low: known.iter().map(|k| k.2).collect(),
        high: known.iter().map(|k| k.3).collect(),
    }
}

/// The histograms of times, by replication and block.
fn histograms<'t>(blocks: impl Iterator<Item = &'t [Times]>) -> Vec<Vec<&'t LogHistogram>> {
    blocks.map(|replication| replication.iter().map(|t| &t.histogram).collect()).collect()
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
/// observations support, with the intervals of the shares; times by replication and block.
fn tail(name: &str, metric: &str, times: &[Vec<&Times>], theory: Option<(&TimeLaw, &str)>, level: f64) -> Option<Tail> {
    let pooled = PooledTimes::new(times.iter().map(|r| r.iter().map(|t| &t.histogram).collect()).collect());
    let deepest = 1.0 - super::summary::TAIL_OBSERVATIONS / pooled.n();
    let top = pooled.value(deepest).filter(|&x| deepest > 0.0 && x > 0.0)?;
    let x: Vec<f64> = (0..TAIL_POINTS).map(|i| top * i as f64 / (TAIL_POINTS - 1) as f64).collect();
    let shares = pooled.above(&x, level);
    let bands: Vec<(f64, f64)> = shares.iter().filter_map(|share| Some((share.low?, share.high?))).collect();
    Some(Tail {
        name: name.to_string(),
        metric: metric.to_string(),
        theory: theory.map(|(law, _)| x.iter().map(|&x| law.survival(x)).collect()).unwrap_or_default(),
        theory_name: theory.map(|(_, name)| name.to_string()).unwrap_or_default(),
        low: bands.iter().map(|b| b.0).collect(),
        high: bands.iter().map(|b| b.1).collect(),
        x,
        survival: shares.iter().map(|share| share.value).collect(),
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
