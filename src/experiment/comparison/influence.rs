//! What the parts of two runs with common random numbers say of a quantile in each: the pooled value of the run and the
//! influence of each block on it, paired block by block.

use super::pairs::Pairs;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::model::Model;
use crate::row::{Metric, Quantity, Scope, Statistic};
use crate::stats::quantile::MEASURED_AT;
use crate::stats::{BlockSums, Blocks, Interval, PooledTimes};
use std::borrow::Cow;

/// Pseudo-values by replication and block.
type ByBlock = Vec<Vec<f64>>;

/// Paired pseudo-values of a quantity, by replication and block.
pub(super) struct Influences {
    /// Of the first model and of the second.
    pub pairs: Vec<Vec<(f64, f64)>>,
    /// How many dispersions long the shorter run is.
    pub length: f64,
    /// How far the difference may be off below and above by the intervals of the two runs, at least; none where the blocks tell.
    pub beyond: Option<(f64, f64)>,
    /// How far it would be off if the runs were independent: pairing makes no interval wider.
    pub apart: (f64, f64),
    /// What reading both quantiles from bins may miss.
    pub error: f64,
}

/// What one run says of its quantile.
struct RunInfluence {
    own: ByBlock,
    /// The same of the quantile at which dependence is measured.
    measured: ByBlock,
    alone: Interval,
    length: f64,
    /// What reading the quantile from bins may miss.
    error: f64,
}

/// The pseudo-values of a quantile in both models, block by block; replication by replication where the models are not
/// divided alike. `None` where the quantity is no quantile of a time that both measure.
pub(super) fn influences(models: [&Model; 2], pairs: &Pairs, key: &Quantity, level: f64) -> Option<Influences> {
    let Statistic::Quantile(p) = key.statistic else { return None };
    let [first, second] = [0, 1].map(|side| run(models[side], pairs.measured[side], key, (p, level)));
    let (first, second) = (first?, second?);
    Some(Influences {
        pairs: paired(&first.own, &second.own),
        length: first.length.min(second.length),
        beyond: if p > MEASURED_AT { beyond(&first, &second) } else { None },
        apart: apart(&first.alone, &second.alone),
        error: first.error + second.error,
    })
}

fn paired(first: &ByBlock, second: &ByBlock) -> Vec<Vec<(f64, f64)>> {
    let alike = first.iter().zip(second).all(|(a, b)| a.len() == b.len());
    let of = |(a, b): (&Vec<f64>, &Vec<f64>)| match alike {
        true => a.iter().copied().zip(b.iter().copied()).collect(),
        false => vec![(mean(a), mean(b))],
    };
    first.iter().zip(second).map(of).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Beyond the level at which dependence is measured the few clusters of a run do not tell how far it may be off; its own
/// interval knows (`stats/quantile.rs`). The two intervals are joined as those of independent runs, and made shorter by what
/// pairing saves where there are data.
///
/// Formula: below sqrt(R ((b - low_b)^2 + (high_a - a)^2)), above likewise (MOVER: Zou, Donner 2008), R = Var(b - a)/(Var a + Var b)
/// of the pseudo-values at p95, 1 at most.
fn beyond(first: &RunInfluence, second: &RunInfluence) -> Option<(f64, f64)> {
    let at = paired(&first.measured, &second.measured);
    let [a, b, both] =
        [|p: &(f64, f64)| p.0, |p: &(f64, f64)| p.1, |p: &(f64, f64)| p.1 - p.0].map(|of| variance(&at, of));
    let saved = (both? / (a? + b?)).sqrt().min(1.0);
    let (below, above) = apart(&first.alone, &second.alone);
    let found = (saved * below, saved * above);
    (!found.0.is_nan() && !found.1.is_nan()).then_some(found)
}

/// How far a difference may be off below and above by two intervals, joined as those of independent runs.
pub(super) fn apart(first: &Interval, second: &Interval) -> (f64, f64) {
    let down = |i: &Interval| i.low.map_or(f64::INFINITY, |low| i.value - low);
    let up = |i: &Interval| i.high.map_or(f64::INFINITY, |high| high - i.value);
    (down(second).hypot(up(first)), up(second).hypot(down(first)))
}

/// Variance of the mean of pseudo-values, with the dependence of their blocks.
fn variance(pairs: &[Vec<(f64, f64)>], of: fn(&(f64, f64)) -> f64) -> Option<f64> {
    let values: ByBlock = pairs.iter().map(|blocks| blocks.iter().map(of).collect()).collect();
    let mean = values.iter().flatten().sum::<f64>() / values.iter().flatten().count() as f64;
    // About 1, so that the square of their ratio is 1.
    let part = |x: &f64| BlockSums { sum: x - mean + 1.0, weight: 1.0 };
    let blocks = Blocks::new(values.iter().map(|blocks| blocks.iter().map(part).collect()));
    blocks.independent().map(|independent| 1.0 / independent)
}

fn run(model: &Model, measured: &[Measured], key: &Quantity, (p, level): (f64, f64)) -> Option<RunInfluence> {
    let of = |m: &'_ Measured| m.blocks.iter().map(|block| owned(model, block, key)).collect::<Option<Vec<Times>>>();
    let times: Vec<Vec<Times>> = measured.iter().map(of).collect::<Option<_>>()?;
    let pooled = PooledTimes::new(times.iter().map(|t| t.iter().map(|t| &t.histogram).collect()).collect());
    Some(RunInfluence {
        own: pooled.pseudo_values(p)?,
        measured: pooled.pseudo_values(MEASURED_AT)?,
        alone: pooled.quantile(p, level)?,
        length: pooled.length(),
        error: pooled.error_at(p),
    })
}

fn owned(model: &Model, block: &Batch, key: &Quantity) -> Option<Times> {
    times_of(model, block, key).map(Cow::into_owned)
}

/// The times of a block that a quantity speaks of.
fn times_of<'b>(model: &Model, block: &'b Batch, key: &Quantity) -> Option<Cow<'b, Times>> {
    let class = key.class.as_ref().map(|class| model.classes.iter().position(|c| c == class));
    let named = |name: &String| *name == key.name;
    let queue = || model.queues.iter().position(|queue| named(&queue.name));
    match (key.scope?, &key.metric, class) {
        (_, _, Some(None)) => None,
        (Scope::System, Metric::Sojourn, None) => Some(block.every_class()),
        (Scope::System, Metric::Sojourn, Some(Some(c))) => Some(Cow::Borrowed(&block.sojourn[c])),
        (Scope::Queue, Metric::Wait, Some(Some(c))) => Some(Cow::Borrowed(&block.classes_of(queue()?)[c].wait)),
        (Scope::Queue, Metric::Sojourn, Some(Some(c))) => Some(Cow::Borrowed(&block.classes_of(queue()?)[c].sojourn)),
        (Scope::Queue, Metric::Wait, None) => Some(Cow::Owned(block.at_queue(queue()?).wait.clone())),
        (Scope::Queue, Metric::Sojourn, None) => Some(Cow::Owned(block.at_queue(queue()?).sojourn.clone())),
        (Scope::Producer, Metric::Sojourn, None) => {
            let producer = model.producers.iter().position(|producer| named(&producer.name))?;
            Some(Cow::Borrowed(&block.clients.get(producer)?.answered))
        }
        _ => None,
    }
}
