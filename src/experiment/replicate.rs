//! One replication: from a compiled network to what was measured.

use super::drain::watch::Window;
use super::measure::{Books, Measure};
use crate::model::{Arrivals, Model, RunLength, ServiceTime};
use crate::rng::Streams;
use crate::sim::{Engine, Network, Plan, Stop};
use std::sync::atomic::AtomicBool;

/// What every replication of a study has in common.
#[derive(Debug, Clone)]
pub struct Replicator {
    network: Network,
    plan: Plan,
    seed: u64,
    window: Option<Window>,
}

impl Replicator {
    /// Compiles a model; its own disruptions are watched.
    pub fn new(model: &Model) -> Replicator {
        Replicator::watching(model, Window::of(model))
    }

    /// Compiles a model, of which that much is watched.
    pub fn watching(model: &Model, window: Option<Window>) -> Replicator {
        let stop = match model.run.length {
            RunLength::Messages(n) => Stop::Published(n),
            RunLength::Horizon(end) => Stop::Horizon(end),
            RunLength::Drained => Stop::Drained,
        };
        let tick = Measure::tick_for(expected_length(model));
        Replicator { network: Network::compile(model), plan: Plan { stop, tick }, seed: model.run.seed, window }
    }

    /// Runs one replication; `None` if it was interrupted.
    pub fn run(&self, replication: u64, interrupted: &AtomicBool) -> Option<Books> {
        let streams = Streams::new(self.seed, replication);
        let mut measure = Measure::new(&self.network, interrupted).watching(self.window.as_ref());
        let finished = Engine::new(&self.network, &streams, &mut measure).run(&self.plan);
        (!finished.broken_off).then(|| measure.finish(finished))
    }
}

/// Roughly how long a replication lasts, simulated seconds: sets how fine its books are kept.
fn expected_length(model: &Model) -> f64 {
    let rates = || model.producers.iter().map(|p| publication_rate(model, &p.arrivals));
    let guess = match model.run.length {
        RunLength::Horizon(end) => end,
        RunLength::Messages(n) => n as f64 / rates().sum::<f64>(),
        RunLength::Drained => model.producers.iter().map(|p| last_arrival(&p.arrivals)).fold(0.0, f64::max),
    };
    if guess.is_finite() && guess > 0.0 { guess } else { 1.0 }
}

fn publication_rate(model: &Model, arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Closed { population, think } => {
            let slowest = model.consumers.iter().map(|c| mean_service(&c.service.default)).fold(0.0, f64::max);
            f64::from(*population) / (think.mean() + slowest)
        }
        Arrivals::Schedule { pieces, .. } => {
            pieces.iter().map(|p| p.0 * p.1).sum::<f64>() / pieces.iter().map(|p| p.0).sum::<f64>()
        }
        other => other.rate().unwrap_or(0.0),
    }
}

fn mean_service(time: &ServiceTime) -> f64 {
    match time {
        ServiceTime::Drawn(dist) => dist.mean(),
        ServiceTime::Recorded(times) => times.iter().sum::<f64>() / times.len().max(1) as f64,
    }
}

fn last_arrival(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Trace { times } => times.last().copied().unwrap_or(0.0),
        Arrivals::Schedule { pieces, .. } => pieces.iter().map(|p| p.0).sum(),
        Arrivals::Batch { points, .. } => last_arrival(points),
        _ => 0.0,
    }
}
