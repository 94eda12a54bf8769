//! The circumstances under which targets must hold: as it is, one server down, more load. Changes models,
//! simulates nothing.

use super::SizeError;
use crate::model::study::size::{BurstText, SizeQuestion};
use crate::model::{Arrivals, Model, RunLength, Servers};

/// One circumstance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scenario {
    /// Nothing special.
    AsItIs,
    /// One server of this consumer is down for good.
    OneDown {
        /// Its index.
        consumer: usize,
        /// Its name.
        name: String,
    },
    /// Producers publish more.
    Burst(BurstText),
}

impl Scenario {
    /// The scenarios of a question; the first is the system as it is.
    ///
    /// # Errors
    ///
    /// A consumer or a producer that the model has not, arrivals that cannot be stepped up.
    pub(crate) fn all(question: &SizeQuestion, model: &Model) -> Result<Vec<Scenario>, SizeError> {
        let mut all = vec![Scenario::AsItIs];
        if let Some(which) = &question.n_minus_1 {
            let pools = model.consumers.iter().enumerate().filter(|(_, c)| matches!(c.servers, Servers::Count(_)));
            let wanted = |name: &str| which.as_ref().is_none_or(|wanted| wanted == name);
            let before = all.len();
            all.extend(
                pools
                    .filter(|(_, c)| wanted(&c.name))
                    .map(|(consumer, c)| Scenario::OneDown { consumer, name: c.name.clone() }),
            );
            if let (Some(name), true) = (which, all.len() == before) {
                let known = model.consumers.iter().map(|c| c.name.clone()).collect();
                return Err(SizeError::NoServerToLose(name.clone(), known));
            }
        }
        for burst in &question.bursts {
            let scenario = Scenario::Burst(burst.clone());
            scenario.apply(&mut model.clone())?;
            all.push(scenario);
        }
        Ok(all)
    }

    /// Servers of the pool that loses one, in the model in which it has.
    pub(super) fn servers_left(&self, model: &Model) -> Option<u32> {
        let Scenario::OneDown { consumer, .. } = self else { return None };
        match model.consumers[*consumer].servers {
            Servers::Count(left) => Some(left),
            Servers::Unlimited => None,
        }
    }

    /// Makes it so, or says why nothing can work like that.
    pub(crate) fn apply(&self, model: &mut Model) -> Result<(), SizeError> {
        match self {
            Scenario::AsItIs => Ok(()),
            Scenario::OneDown { consumer, name } => match model.consumers[*consumer].servers {
                Servers::Count(c) if c > 1 => {
                    model.consumers[*consumer].servers = Servers::Count(c - 1);
                    Ok(())
                }
                _ => Err(SizeError::LastServer(name.clone())),
            },
            Scenario::Burst(burst) => step_up(burst, model),
        }
    }
}

fn step_up(burst: &BurstText, model: &mut Model) -> Result<(), SizeError> {
    let length = run_length(model);
    let wanted = |name: &str| burst.producer.as_ref().is_none_or(|p| p == name);
    let mut found = false;
    for producer in model.producers.iter_mut().filter(|p| wanted(&p.name)) {
        found = true;
        let changed = match burst.lasts {
            None => times(&producer.arrivals, burst.factor),
            Some(lasts) => for_a_while(&producer.arrivals, burst.factor, lasts, length),
        };
        producer.arrivals = changed.ok_or_else(|| {
            let kinds =
                if burst.lasts.is_some() { "Poisson arrivals" } else { "arrivals other than renewal and closed" };
            SizeError::BurstOf(producer.name.clone(), kinds)
        })?;
    }
    if found { Ok(()) } else { Err(SizeError::NoProducer(burst.producer.clone().unwrap_or_default())) }
}

/// The same process, that many times as fast or as often.
fn times(arrivals: &Arrivals, factor: f64) -> Option<Arrivals> {
    Some(match arrivals {
        Arrivals::Poisson { rate } => Arrivals::Poisson { rate: rate * factor },
        Arrivals::Batch { points, size } => {
            Arrivals::Batch { points: Box::new(times(points, factor)?), size: size.clone() }
        }
        Arrivals::Schedule { pieces, repeat } => {
            let pieces = pieces.iter().map(|(time, rate)| (*time, rate * factor)).collect();
            Arrivals::Schedule { pieces, repeat: *repeat }
        }
        Arrivals::Sinusoid { mean, amplitude, period, phase } => {
            Arrivals::Sinusoid { mean: mean * factor, amplitude: *amplitude, period: *period, phase: *phase }
        }
        Arrivals::Markov(process) => {
            let mut faster = process.clone();
            faster.d0.iter_mut().chain(&mut faster.d1).for_each(|rate| *rate *= factor);
            Arrivals::Markov(faster)
        }
        Arrivals::Trace { times } => Arrivals::Trace { times: times.iter().map(|t| t / factor).collect() },
        Arrivals::Renewal { .. } | Arrivals::Closed { .. } => return None,
    })
}

/// Poisson arrivals that are stepped up in the middle of the run.
fn for_a_while(arrivals: &Arrivals, factor: f64, lasts: f64, length: f64) -> Option<Arrivals> {
    let Arrivals::Poisson { rate } = arrivals else { return None };
    let before = (0.5 * (length - lasts)).max(lasts.min(length));
    let pieces = vec![(before, *rate), (lasts, rate * factor), (FOREVER, *rate)];
    Some(Arrivals::Schedule { pieces, repeat: false })
}

/// Longer than any run, seconds.
const FOREVER: f64 = 1e12;

/// About how long a replication lasts, seconds.
fn run_length(model: &Model) -> f64 {
    let rate: f64 = model.producers.iter().filter_map(|p| p.arrivals.rate()).sum();
    match model.run.length {
        RunLength::Horizon(end) => end,
        RunLength::Messages(n) if rate > 0.0 => n as f64 / rate,
        _ => 0.0,
    }
}
