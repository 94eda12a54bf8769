//! From measured replications to what became of messages: the ledger, the life of a message as a Markov
//! chain, and what to know about the rows.

use super::measure::{Batch, Measured};
use super::note::Note;
use super::result::{Interval, Ledger, LifecycleReport, StateTime, Transition};
use super::self_check;
use crate::model::{Disruption, Model, State};
use crate::row::{Metric, NoValue, Row, Scope, Statistic};
use crate::stats::{BlockSums, Blocks};

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

/// The message life as a Markov chain: shares of moves and mean times, each a ratio over blocks; how messages end as the
/// rows say it.
pub(crate) fn lifecycle(model: &Model, measured: &[Measured], rows: &[Row]) -> LifecycleReport {
    let blocks =
        |part: &dyn Fn(&Batch) -> BlockSums| Blocks::new(measured.iter().map(|m| m.blocks.iter().map(part).collect()));
    let exits = |s: &Batch, from: State| s.moves[from as usize].iter().sum::<u64>();
    let level = model.run.level;
    let mut report = LifecycleReport::default();
    for from in State::ALL.into_iter().filter(|s| !s.is_final()) {
        for to in State::ALL {
            let moves = |s: &Batch| s.moves[from as usize][to as usize];
            let count = measured.iter().map(|m| moves(&m.kept)).sum();
            let share =
                blocks(&|s| BlockSums { sum: moves(s) as f64, weight: exits(s, from) as f64 }).share(level, 1.0);
            if let (1.., Some(probability)) = (count, share) {
                let (from, to) = (from.name().to_string(), to.name().to_string());
                report.transitions.push(Transition { from, to, count, probability });
            }
        }
        let visits = measured.iter().map(|m| exits(&m.kept, from)).sum();
        let time = blocks(&|s| BlockSums { sum: s.dwell[from as usize], weight: exits(s, from) as f64 });
        let mean_s = time.mean(level, f64::INFINITY);
        report.times.push(StateTime { state: from.name().to_string(), visits, mean_s });
    }
    for row in rows.iter().filter(|row| row.scope == Scope::System && row.statistic == Statistic::Fraction) {
        let found = row.value.map(|value| Interval { value, low: row.low, high: row.high });
        match (&row.metric, found) {
            (Metric::Outcome(name), Some(share)) => drop(report.outcomes.insert(name.clone(), share)),
            (Metric::Reliability, share) => report.reliability = share,
            _ => {}
        }
    }
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
    notes.extend(self_check::broken(model, measured));
    notes.extend(model.disruptions.iter().filter_map(|d| unseen(d, measured)));
    let refused = rows.iter().filter(|r| matches!(r.refusal, Some(NoValue::TooShort { .. }))).count();
    notes.extend((refused > 0).then_some(Note::QuantilesRefused(refused)));
    notes
}
