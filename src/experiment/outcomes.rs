//! From measured replications to what became of messages: the ledger, the life of a message as a Markov
//! chain, and what to know about the rows.

use super::measure::{Batch, Measured};
use super::note::Note;
use super::result::{Interval, Ledger, LifecycleReport, StateTime, Transition};
use super::summary::share;
use crate::model::{Disruption, Model, State};
use crate::row::{NoValue, Row};
use crate::stats::student;

/// The ledger of all replications, warm-up included.
pub(crate) fn ledger(measured: &[Measured]) -> Ledger {
    let ended = |state: State| measured.iter().map(|m| m.finished.ended[state as usize]).sum();
    Ledger {
        published: measured.iter().map(|m| m.finished.created).sum(),
        acked: ended(State::Acked),
        dead_lettered: ended(State::DeadLettered),
        expired: ended(State::Expired),
        dropped: ended(State::Dropped),
        refused: ended(State::Refused),
        unroutable: ended(State::Unroutable),
        lost: ended(State::Lost),
        in_flight: measured.iter().map(|m| m.finished.in_flight).sum(),
    }
}

/// The message life as a Markov chain: ratios of counts per replication, Student intervals.
pub(crate) fn lifecycle(model: &Model, measured: &[Measured]) -> LifecycleReport {
    let interval = |of: &dyn Fn(&Batch) -> Option<f64>| {
        student(&measured.iter().filter_map(|m| of(&m.kept)).collect::<Vec<_>>(), model.run.level).map(Interval::from)
    };
    let exits = |s: &Batch, from: State| s.moves[from as usize].iter().sum::<u64>();
    let mut report = LifecycleReport::default();
    for from in State::ALL.into_iter().filter(|s| !s.is_final()) {
        for to in State::ALL {
            let count = measured.iter().map(|m| m.kept.moves[from as usize][to as usize]).sum();
            let probability = interval(&|s| {
                let all = exits(s, from);
                (all > 0).then(|| s.moves[from as usize][to as usize] as f64 / all as f64)
            });
            if let (1.., Some(probability)) = (count, probability) {
                let (from, to) = (from.name().to_string(), to.name().to_string());
                report.transitions.push(Transition { from, to, count, probability });
            }
        }
        let visits = measured.iter().map(|m| exits(&m.kept, from)).sum();
        let mean_s = interval(&|s| {
            let all = exits(s, from);
            (all > 0).then(|| s.dwell[from as usize] / all as f64)
        });
        report.times.push(StateTime { state: from.name().to_string(), visits, mean_s });
    }
    for state in State::ALL.into_iter().filter(|s| s.is_final()) {
        if let Some(share) = interval(&|s| share(&s.ended, state)) {
            report.outcomes.insert(state.name().to_string(), share);
        }
    }
    report.reliability = report.outcomes.get(State::Acked.name()).copied();
    report
}

/// A disruption that some replications did not see the end of.
fn unseen(disruption: &Disruption, measured: &[Measured]) -> Option<Note> {
    let ended_by = |time: f64| measured.iter().filter(|m| m.finished.end < time).count();
    let (before, within) = (ended_by(disruption.at), ended_by(disruption.at + disruption.lasts));
    let begun = before == 0;
    let replications = if begun { within } else { before };
    let (name, of) = (disruption.name.clone(), measured.len());
    (within > 0).then_some(Note::DisruptionUnseen { name, begun, replications, of })
}

/// What the reader of the rows should know.
pub(crate) fn notes(model: &Model, measured: &[Measured], settled: bool, rows: &[Row]) -> Vec<Note> {
    let mut notes = Vec::new();
    if !settled {
        notes.push(Note::WarmupUnsettled { every: true });
    }
    if let crate::model::Warmup::Time(warmup) = model.run.warmup {
        let replications = measured.iter().filter(|m| m.finished.end <= warmup).count();
        notes.extend((replications > 0).then_some(Note::WarmupNotOver { replications, warmup }));
    }
    notes.extend(model.disruptions.iter().filter_map(|d| unseen(d, measured)));
    let refused = rows.iter().filter(|r| matches!(r.refusal, Some(NoValue::TooFewBeyond { .. }))).count();
    notes.extend((refused > 0).then_some(Note::QuantilesRefused(refused)));
    notes
}
