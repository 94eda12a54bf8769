//! One replication: from a compiled network to what was measured.

use super::drain::watch::Window;
use super::measure::events::{self, NumberEvent};
use super::measure::{Measure, Uncut, dropped};
use super::result::EngineUsed;
use crate::model::{Arrivals, Model, RunLength, RunSettings};
use crate::rng::Streams;
use crate::sim::probe::Probe;
use crate::sim::{Engine, Network, Recursion, RecursionRefusal, RunPlan, Stop};
use std::sync::atomic::AtomicBool;

/// Which engine is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The fastest that can run the model.
    #[default]
    Auto,
    /// Events, one by one: every feature.
    General,
    /// Recursions over messages; refused where the model has what they do not know.
    Recursion,
}

/// What every replication of a study has in common.
#[derive(Debug, Clone)]
pub(crate) struct Replicator {
    runner: Runner,
    plan: RunPlan,
    seed: u64,
    window: Option<Window>,
    events: Vec<Vec<NumberEvent>>,
    /// Bits of fineness that histograms do without.
    dropped: u8,
}

/// What runs a replication.
#[derive(Debug, Clone)]
enum Runner {
    /// Events, one by one.
    General(Network),
    /// A loop over messages.
    Recursion(Recursion),
}

impl Runner {
    /// The engine wanted, or why it cannot run the model.
    fn of(model: &Model, engine: EngineChoice) -> Result<Runner, RecursionRefusal> {
        let recursion = match engine {
            EngineChoice::General => None,
            EngineChoice::Auto => Recursion::of(model).ok(),
            EngineChoice::Recursion => Some(Recursion::of(model)?),
        };
        Ok(recursion.map_or_else(|| Runner::General(Network::compile(model)), Runner::Recursion))
    }
}

impl Replicator {
    /// Compiles a model for the engine wanted, or says why that engine cannot run it; its own
    /// disruptions are watched.
    pub(crate) fn new(model: &Model, engine: EngineChoice) -> Result<Replicator, RecursionRefusal> {
        Replicator::watching(model, engine, Window::of(model))
    }

    /// Compiles a model, of which that much is watched: by events, because only they can be.
    pub(crate) fn watching(
        model: &Model,
        engine: EngineChoice,
        window: Option<Window>,
    ) -> Result<Replicator, RecursionRefusal> {
        let engine = match (engine, &window) {
            (EngineChoice::Recursion, Some(_)) => {
                let why = Recursion::of(model).err();
                return Err(why.unwrap_or(RecursionRefusal::Watched));
            }
            (_, Some(_)) => EngineChoice::General,
            (engine, None) => engine,
        };
        let runner = Runner::of(model, engine)?;
        Ok(Replicator {
            runner,
            plan: plan(model),
            seed: model.run.seed,
            window,
            events: events::events(model),
            dropped: dropped(model),
        })
    }

    /// The engine, for the provenance.
    pub(crate) fn engine(&self) -> EngineUsed {
        match self.runner {
            Runner::General(_) => EngineUsed::General,
            Runner::Recursion(_) => EngineUsed::Recursion,
        }
    }

    /// Runs one replication; `None` if it was interrupted.
    pub(crate) fn run(&self, replication: u64, interrupted: &AtomicBool) -> Option<Uncut> {
        let streams = Streams::new(self.seed, replication);
        let (measure, finished) = match &self.runner {
            Runner::General(network) => {
                let measure = Measure::new(network, interrupted).coarse(self.dropped).counting(&self.events);
                let mut measure = measure.watching(self.window.as_ref());
                let finished = Engine::new(network, &streams, &mut measure).run(&self.plan);
                (measure, finished)
            }
            Runner::Recursion(recursion) => {
                let mut measure =
                    Measure::of_lines(recursion.network(), interrupted).coarse(self.dropped).counting(&self.events);
                let finished = recursion.run(&streams, &self.plan, &mut measure);
                (measure, finished)
            }
        };
        (!finished.broken_off).then(|| measure.finish(finished))
    }
}

/// Lets another observer see the first replication of a model, by events.
pub(crate) fn observe(model: &Model, probe: &mut impl Probe) {
    let network = Network::compile(model);
    Engine::new(&network, &Streams::new(model.run.seed, 0), probe).run(&plan(model));
}

/// When a replication ends.
fn plan(model: &Model) -> RunPlan {
    let stop = match model.run.length {
        RunLength::Needed => Stop::Published(RunSettings::PLAIN_MESSAGES),
        RunLength::Messages(n) => Stop::Published(n),
        RunLength::Horizon(end) => Stop::Horizon(end),
        RunLength::Drained => Stop::Drained,
    };
    RunPlan { stop, tick: Measure::tick_for(expected_length(model)) }
}

/// Roughly how long a replication lasts, simulated seconds: sets how fine its measurement is kept.
fn expected_length(model: &Model) -> f64 {
    let rates = || model.producers.iter().map(|p| publication_rate(model, &p.arrivals));
    let guess = match model.run.length {
        RunLength::Horizon(end) => end,
        RunLength::Messages(n) => n as f64 / rates().sum::<f64>(),
        RunLength::Needed => 1.0,
        RunLength::Drained => model.producers.iter().map(|p| last_arrival(&p.arrivals)).fold(0.0, f64::max),
    };
    if guess.is_finite() && guess > 0.0 { guess } else { 1.0 }
}

fn publication_rate(model: &Model, arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Closed { population, think } => {
            let slowest = model.consumers.iter().map(|c| c.service.default.mean()).fold(0.0, f64::max);
            f64::from(*population) / (think.mean() + slowest)
        }
        Arrivals::Schedule { pieces, .. } => {
            pieces.iter().map(|p| p.0 * p.1).sum::<f64>() / pieces.iter().map(|p| p.0).sum::<f64>()
        }
        other => other.rate().unwrap_or(0.0),
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
