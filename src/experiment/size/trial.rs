//! One model held against targets: replications, as many as it takes until every interval lies on one side
//! of its limit. Decides one candidate; searches nothing.

use super::SizeVerdict;
use super::expect::Expected;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::experiment::replicate::EngineChoice;
use crate::experiment::replicate::Replicator;
use crate::experiment::result::EngineUsed;
use crate::experiment::study::cut;
use crate::experiment::summary::{self, all_classes, queue_classes};
use crate::experiment::verdict::simulated;
use crate::model::Model;
use crate::row::{Basis, Demand, Metric, NoValue, Quantity, Row, Source, Statistic};
use crate::stats::{LogHistogram, student};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much to spend.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    /// Replications of the first look.
    pub first: u32,
    /// Most replications.
    pub most: u32,
    /// Confidence of the decision.
    pub level: f64,
    /// Which engine is wanted; where a scenario is beyond it, the one that can runs.
    pub engine: EngineChoice,
}

/// An estimate of the number that a target bounds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub method: Basis,
    pub refusal: Option<NoValue>,
    /// Left open by the simulation, decided by exact theory.
    pub by_theory: bool,
}

impl Seen {
    fn nothing(why: NoValue) -> Seen {
        let method = Basis::Mean { replications: 0 };
        Seen { value: None, low: None, high: None, method, refusal: Some(why), by_theory: false }
    }
}

/// What became of a model.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    /// For each target, its estimate at the confidence asked for, and whether it holds.
    pub seen: Vec<(Seen, SizeVerdict)>,
    /// Every row.
    pub rows: Vec<Row>,
    /// Replications, messages, events, simulated seconds.
    pub replications: u32,
    pub messages: u64,
    pub events: u64,
    pub simulated_s: f64,
    /// The engine that ran.
    pub engine: EngineUsed,
    /// Mean of the times cut off, seconds, and whether the runs settled.
    pub warmup: (f64, bool),
}

/// Simulates a model until each target is decided, one of them is missed, or the budget is spent.
///
/// The looks at 1, 2, 4, ... times the first number of replications share the error: the k-th look takes
/// 2^-k of it, so that all of them together keep the confidence. `None`: interrupted before anything was known.
pub(super) fn decide(
    model: &Model,
    targets: &[Demand],
    expected: &[Option<Expected>],
    budget: Budget,
    interrupted: &AtomicBool,
) -> Option<Trial> {
    let replicator =
        Replicator::new(model, budget.engine).or_else(|_| Replicator::new(model, EngineChoice::Auto)).ok()?;
    let fixed = !model.is_random();
    let first = if fixed { 1 } else { budget.first };
    let pilot: Vec<_> = run(&replicator, 0, first, interrupted);
    let (cut, settled) = cut(model, &pilot);
    let mut measured: Vec<Measured> = pilot.into_iter().map(|books| books.cut(&cut)).collect();
    if measured.is_empty() {
        return None;
    }
    let mut look = 1;
    let seen = loop {
        let share = (1.0 - budget.level) * 0.5_f64.powi(look);
        let strict = seen(model, &measured, targets, 1.0 - share);
        let verdicts: Vec<SizeVerdict> =
            strict.iter().zip(targets).map(|(seen, target)| judge(seen, target, fixed)).collect();
        let n = measured.len() as u32;
        let open = verdicts.contains(&SizeVerdict::Undecided) && !verdicts.contains(&SizeVerdict::Missed);
        if !open || n >= budget.most || fixed || interrupted.load(Ordering::Relaxed) {
            break shown(model, &measured, targets, budget.level, (verdicts, strict, expected));
        }
        let until = (2 * n).min(budget.most);
        measured.extend(run(&replicator, n, until, interrupted).into_iter().map(|books| books.cut(&cut)));
        look += 1;
    };
    Some(Trial {
        seen,
        rows: summary::rows(model, &measured),
        engine: replicator.engine(),
        replications: measured.len() as u32,
        messages: measured.iter().map(|m| m.finished.publications).sum(),
        events: measured.iter().map(|m| m.finished.events).sum(),
        simulated_s: measured.iter().map(|m| m.finished.end).sum(),
        warmup: (measured.iter().map(|m| m.cut).sum::<f64>() / measured.len() as f64, settled),
    })
}

/// Replications in parallel, in the order of their numbers.
fn run(
    replicator: &Replicator,
    from: u32,
    to: u32,
    interrupted: &AtomicBool,
) -> Vec<crate::experiment::measure::Uncut> {
    let one = |i: u32| replicator.run(u64::from(i), interrupted);
    (from..to).into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Estimates at the confidence asked for, with the verdicts of the last look. What the budget leaves open
/// an exact theory decides, if the interval does not speak against it.
fn shown(
    model: &Model,
    measured: &[Measured],
    targets: &[Demand],
    level: f64,
    (verdicts, strict, expected): (Vec<SizeVerdict>, Vec<Seen>, &[Option<Expected>]),
) -> Vec<(Seen, SizeVerdict)> {
    let plain = seen(model, measured, targets, level);
    let one = |(i, seen): (usize, Seen)| {
        let exact = expected.get(i).and_then(Option::as_ref).filter(|e| e.source == Source::Exact);
        let inside = |x: f64| strict[i].low.is_some_and(|low| low <= x) && strict[i].high.is_some_and(|high| x <= high);
        match (verdicts[i], exact) {
            (SizeVerdict::Undecided, Some(e)) if inside(e.value) => {
                let verdict = if targets[i].holds(e.value) { SizeVerdict::Met } else { SizeVerdict::Missed };
                (Seen { by_theory: true, ..seen }, verdict)
            }
            (verdict, _) => (seen, verdict),
        }
    };
    plain.into_iter().enumerate().map(one).collect()
}

/// On which side of the limit the whole interval lies.
fn judge(seen: &Seen, target: &Demand, fixed: bool) -> SizeVerdict {
    let Some(value) = seen.value else { return SizeVerdict::Undecided };
    let ends = match (seen.low, seen.high) {
        (Some(low), Some(high)) => [low, high],
        _ if fixed => [value, value],
        _ => return SizeVerdict::Undecided,
    };
    match ends.map(|x| target.holds(x)) {
        [true, true] => SizeVerdict::Met,
        [false, false] => SizeVerdict::Missed,
        _ => SizeVerdict::Undecided,
    }
}

fn seen(model: &Model, measured: &[Measured], targets: &[Demand], level: f64) -> Vec<Seen> {
    let mut at_level = model.clone();
    at_level.run.level = level;
    let rows = summary::rows(&at_level, measured);
    targets.iter().map(|target| of_quantity(model, measured, &rows, &target.quantity, level)).collect()
}

fn of_quantity(model: &Model, measured: &[Measured], rows: &[Row], quantity: &Quantity, level: f64) -> Seen {
    if let Some(found) = probability(model, measured, quantity, level) {
        return found;
    }
    match simulated(rows, quantity) {
        Some(row) => {
            let (method, refusal) = (row.method.clone(), row.refusal.clone());
            Seen { value: row.value, low: row.low, high: row.high, method, refusal, by_theory: false }
        }
        None => Seen::nothing(NoValue::NotMeasured),
    }
}

/// P(X > t) itself, from the histograms of the replications.
fn probability(model: &Model, measured: &[Measured], quantity: &Quantity, level: f64) -> Option<Seen> {
    let Statistic::Above(above) = quantity.statistic else { return None };
    let queue = model.queues.iter().position(|q| q.name == quantity.name);
    let class = quantity.class.as_ref().map(|class| model.classes.iter().position(|c| c == class));
    let times = |s: &Batch| -> Option<Times> {
        let of_queue = |q: usize| match class {
            None => Some(queue_classes(s, q)),
            Some(class) => Some(Cow::Borrowed(&s.classes[q * s.sojourn.len() + class?])),
        };
        match (&quantity.metric, queue) {
            (Metric::Wait, Some(q)) => Some(of_queue(q)?.wait.clone()),
            (Metric::Sojourn, Some(q)) => Some(of_queue(q)?.sojourn.clone()),
            (Metric::Sojourn, None) if quantity.name == "system" => match class {
                None => Some(all_classes(&s.sojourn)),
                Some(class) => Some(s.sojourn[class?].clone()),
            },
            _ => None,
        }
    };
    times(&measured.first()?.kept)?;
    let share = |m: &Measured| times(&m.kept)?.histogram.survival(&[above]).map(|s| s[0]);
    let values: Vec<f64> = measured.iter().filter_map(share).collect();
    let Some(estimate) = student(&values, level) else { return Some(Seen::nothing(NoValue::NoData)) };
    let half = estimate.half_width;
    let method = Basis::Share { replications: estimate.n, above, error: LogHistogram::RELATIVE_ERROR };
    Some(Seen {
        value: Some(estimate.mean),
        low: half.map(|h| (estimate.mean - h).max(0.0)),
        high: half.map(|h| (estimate.mean + h).min(1.0)),
        method,
        refusal: None,
        by_theory: false,
    })
}
