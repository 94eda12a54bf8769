//! One model held against targets: replications, as many as it takes until every interval lies on one side
//! of its limit. Decides one candidate; searches nothing.

use super::expect::Expected;
use crate::experiment::evidence::Evidence;
use crate::experiment::judgement::{Judgement, KnownNumber, Standing};
use crate::experiment::measure::{Cut, Measured};
use crate::experiment::rare::{self, RareFound};
use crate::experiment::replicate::EngineChoice;
use crate::experiment::replicate::Replicator;
use crate::experiment::result::EngineUsed;
use crate::experiment::study::{StudyError, standstill};
use crate::experiment::summary;
use crate::model::Model;
use crate::row::{Demand, Row, Source};
use rayon::prelude::*;
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

/// The number that a target bounds, and whether it is on the right side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision {
    pub row: Row,
    pub verdict: Standing,
    /// Left open by the simulation, decided by exact theory.
    pub by_theory: bool,
}

/// What became of a model.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    /// For each target, its estimate at the confidence of the question, and whether it holds.
    pub decisions: Vec<Decision>,
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
    /// Why no time passes in it, if so.
    pub standstill: Option<StudyError>,
}

/// Simulates a model until each target is decided, one of them is missed, or the budget is spent.
///
/// The looks at 1, 2, 4, ... times the first number of replications share the error equally, so that all of them
/// together keep the confidence. `None`: interrupted before anything was known.
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
    let (cut, settled) = Cut::of(model, &pilot);
    let mut measured: Vec<Measured> = pilot.into_iter().map(|uncut| uncut.cut(&cut)).collect();
    if measured.is_empty() {
        return None;
    }
    // Where paths can be split on the way to what a target bounds, there are more looks.
    let split = targets.iter().any(|target| rare::can_find(model, &target.quantity));
    let splits = if split { rare::LOOKS.len() as u32 } else { 0 };
    let looks = 1 + (budget.most / first.max(1)).max(1).next_power_of_two().ilog2() + splits;
    let share = (1.0 - budget.level) / f64::from(looks);
    let mut decisions = loop {
        let evidence = Evidence::new(model, &measured, 1.0 - share);
        let strict: Vec<Row> = targets.iter().map(|target| evidence.row(&target.quantity)).collect();
        let verdicts: Vec<Standing> = targets.iter().map(|target| evidence.of_target(target).standing).collect();
        let n = measured.len() as u32;
        let open = verdicts.contains(&Standing::Undecided) && !verdicts.contains(&Standing::Missed);
        if !open || n >= budget.most || fixed || interrupted.load(Ordering::Relaxed) {
            break shown(model, &measured, targets, budget.level, (verdicts, strict, expected));
        }
        let until = (2 * n).min(budget.most);
        measured.extend(run(&replicator, n, until, interrupted).into_iter().map(|uncut| uncut.cut(&cut)));
    };
    let (mut rows, mut messages, mut events) = (summary::rows(model, &measured), 0, 0);
    for (decision, target) in decisions.iter_mut().zip(targets) {
        if let Some(found) = decision.split(model, target, (budget.level, 1.0 - share), interrupted) {
            (messages, events) = (messages + found.messages, events + found.events);
            rows.iter_mut().filter(|row| target.quantity.is_of(row)).for_each(|row| row.clone_from(&found.rows[0]));
        }
    }
    Some(Trial {
        decisions,
        standstill: standstill(&measured),
        rows,
        engine: replicator.engine(),
        replications: measured.len() as u32,
        messages: messages + measured.iter().map(|m| m.finished.publications).sum::<u64>(),
        events: events + measured.iter().map(|m| m.finished.events).sum::<u64>(),
        simulated_s: measured.iter().map(|m| m.finished.end).sum(),
        warmup: (measured.iter().map(|m| m.cut).sum::<f64>() / measured.len() as f64, settled),
    })
}

impl Decision {
    /// Decides by splitting what is left open, where it can be: with the interval of `shown`, by that of `strict` confidence.
    fn split(
        &mut self,
        model: &Model,
        target: &Demand,
        (shown, strict): (f64, f64),
        interrupted: &AtomicBool,
    ) -> Option<RareFound> {
        if self.verdict != Standing::Undecided || !rare::can_find(model, &target.quantity) {
            return None;
        }
        let standing = |row: &Row| Judgement::of_target(target, KnownNumber::of(row, false), strict).standing;
        let decides = |row: &Row| standing(row) != Standing::Undecided;
        let found = rare::find(model, &target.quantity, [shown, strict], &decides, interrupted)?;
        self.verdict = standing(&found.rows[1]);
        self.row = found.rows[0].clone();
        Some(found)
    }
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
/// an exact theory decides, if the interval does not speak against it: one that is open above, or none, does not.
fn shown(
    model: &Model,
    measured: &[Measured],
    targets: &[Demand],
    level: f64,
    (verdicts, strict, expected): (Vec<Standing>, Vec<Row>, &[Option<Expected>]),
) -> Vec<Decision> {
    let one = |(i, row): (usize, Row)| {
        let exact = expected.get(i).and_then(Option::as_ref).filter(|e| e.source == Source::Exact);
        let inside = |x: f64| strict[i].low.is_none_or(|low| low <= x) && strict[i].high.is_none_or(|high| x <= high);
        match (verdicts[i], exact) {
            (Standing::Undecided, Some(e)) if inside(e.value) => {
                let verdict = if targets[i].holds(e.value) { Standing::Met } else { Standing::Missed };
                Decision { row, verdict, by_theory: true }
            }
            (verdict, _) => Decision { row, verdict, by_theory: false },
        }
    };
    let evidence = Evidence::new(model, measured, level);
    targets.iter().map(|target| evidence.row(&target.quantity)).enumerate().map(one).collect()
}
