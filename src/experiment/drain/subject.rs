//! From a model and a question to what is disrupted: whom it concerns, when, which queue is looked at, what
//! to change in the model, and the fluid beside. Simulates nothing.

use super::impact::{self, Impact, ImpactKind};
use super::inflow::arrivals;
use super::scenario::DrainScenario;
use super::{DrainError, NoFluid, RecoveryFrom};
use crate::analytic::transient::Limits;
use crate::model::study::DrainQuestion;
use crate::model::study::drain::Incident;
use crate::model::traffic::{ArrivalRates, Passing, Traffic};
use crate::model::{Arrivals, Change, Client, Effect, Model, QueueId, Servers};

/// The name under which the disruption is put into the model.
pub(crate) const NAME: &str = "drain";

/// What is disrupted, and what theory expects.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// What the disruption is.
    pub disruption: RecoveryFrom,
    /// Index of the queue that is looked at.
    pub queue: usize,
    /// Name of its consumer, where there is one only.
    pub consumer: Option<String>,
    /// What to put into the model.
    pub changes: Vec<Change>,
    /// The fluid beside.
    pub scenario: DrainScenario,
}

/// What is disrupted.
///
/// # Errors
///
/// Names that are unknown or missing, what the model does not have.
pub(crate) fn subject(model: &Model, question: &DrainQuestion) -> Result<Subject, DrainError> {
    match question.incident {
        None => of_model(model, question),
        Some(incident) => {
            if let (Some(other), false) = (model.disruptions.first(), matches!(incident, Incident::Window { .. })) {
                return Err(DrainError::TwoDisruptions(other.name.clone()));
            }
            of_incident(model, question, incident)
        }
    }
}

/// What a disruption does to a queue.
#[derive(Debug, Clone)]
struct QueueHit {
    disruption: RecoveryFrom,
    changes: Vec<Change>,
    from: f64,
    until: f64,
    /// The consumer whose capacity changes meanwhile, and how.
    consumer: Option<(usize, ImpactKind)>,
    /// More arrivals per second meanwhile.
    extra: f64,
}

const NOTHING: QueueHit = QueueHit {
    disruption: RecoveryFrom::Backlog,
    changes: Vec::new(),
    from: 0.0,
    until: 0.0,
    consumer: None,
    extra: 0.0,
};

fn finish(model: &Model, question: &DrainQuestion, queue: usize, hit: QueueHit) -> Result<Subject, DrainError> {
    let scenario = scenario(model, queue, &hit)?;
    if let Some(horizon) = question.horizon.filter(|h| *h <= hit.until) {
        return Err(DrainError::HorizonTooShort { horizon, until: hit.until });
    }
    let consumers: Vec<usize> = model.consumers_of(QueueId(queue as u32)).collect();
    let consumer = match consumers[..] {
        [only] => Some(model.consumers[only].name.clone()),
        _ => None,
    };
    Ok(Subject { disruption: hit.disruption, queue, consumer, changes: hit.changes, scenario })
}

/// The disruption that stands in the model.
fn of_model(model: &Model, question: &DrainQuestion) -> Result<Subject, DrainError> {
    let Some(first) = model.disruptions.first() else { return Err(DrainError::NothingHappens) };
    let from = model.disruptions.iter().map(|d| d.at).fold(f64::INFINITY, f64::min);
    let until = model.disruptions.iter().map(|d| d.at + d.lasts).fold(0.0, f64::max);
    let disruption = RecoveryFrom::Disruptions(model.disruptions.iter().map(|d| d.name.clone()).collect());
    let queue = queue_of(model, question, model.concerned(&first.effect).first().map(|q| *q as usize))?;
    finish(model, question, queue, QueueHit { disruption, from, until, ..NOTHING })
}

fn of_incident(model: &Model, question: &DrainQuestion, incident: Incident) -> Result<Subject, DrainError> {
    match incident {
        Incident::Burst { lasts, .. } | Incident::Extra { lasts, .. } => burst(model, question, incident, lasts),
        Incident::Outage { lasts, .. } | Incident::Throttle { lasts, .. } | Incident::Slowdown { lasts, .. } => {
            failure(model, question, incident, lasts)
        }
        Incident::Window { from, until } => {
            let disruption = RecoveryFrom::Incident { what: incident, whom: None };
            let struck = model.disruptions.first().and_then(|d| model.concerned(&d.effect).first().copied());
            let queue = queue_of(model, question, struck.map(|q| q as usize))?;
            finish(model, question, queue, QueueHit { disruption, from, until, ..NOTHING })
        }
    }
}

fn failure(model: &Model, question: &DrainQuestion, incident: Incident, lasts: f64) -> Result<Subject, DrainError> {
    let consumer = consumer_of(model, question)?;
    let (pool, queue) = (&model.consumers[consumer], model.consumers[consumer].queue.0 as usize);
    let servers = servers_of(model, consumer)?;
    let at = begin(model, question, queue, lasts)?;
    let mut changes = vec![change("consumer", pool.name.as_str().into())];
    let down = |share: f64| f64::from(servers) * (1.0 - share);
    let kind = match incident {
        Incident::Throttle { share, .. } if down(share).fract().abs() > 1e-9 => {
            changes.push(change("slowdown", (1.0 / share).into()));
            ImpactKind::Slowed { left: share }
        }
        Incident::Throttle { share, .. } => {
            changes.push(change("servers_down", (down(share).round() as i64).into()));
            ImpactKind::Down { share: 1.0 - share, fixed: false }
        }
        Incident::Slowdown { factor, .. } => {
            changes.push(change("slowdown", factor.into()));
            ImpactKind::Slowed { left: 1.0 / factor }
        }
        _ => {
            changes.push(change("servers_down", "all".into()));
            ImpactKind::Down { share: 1.0, fixed: false }
        }
    };
    if matches!(incident, Incident::Outage { requeue: true, .. }) {
        changes.push(change("requeue", true.into()));
    }
    changes.extend(times(at, lasts));
    let disruption = RecoveryFrom::Incident { what: incident, whom: Some(pool.name.clone()) };
    let hit = QueueHit { disruption, changes, from: at, until: at + lasts, ..NOTHING };
    finish(model, question, queue, QueueHit { consumer: Some((consumer, kind)), ..hit })
}

fn burst(model: &Model, question: &DrainQuestion, incident: Incident, lasts: f64) -> Result<Subject, DrainError> {
    let producer = producer_of(model, question)?;
    let source = &model.producers[producer];
    let rate = source.arrivals.rate();
    let (extra, key) = match (incident, rate) {
        (Incident::Extra { rate, .. }, _) => (rate, change("extra", rate.into())),
        (Incident::Burst { factor, .. }, Some(rate)) => ((factor - 1.0) * rate, change("factor", factor.into())),
        _ => return Err(DrainError::NoMeanRate(source.name.clone())),
    };
    let reached = model.concerned(&Effect::Burst { producer, rate: extra });
    let queue = queue_of(model, question, busiest(model, &reached))?;
    let at = begin(model, question, queue, lasts)?;
    let mut changes = vec![change("producer", source.name.as_str().into()), key];
    changes.extend(times(at, lasts));
    let extra = extra * share(model, producer, queue);
    let disruption = RecoveryFrom::Incident { what: incident, whom: Some(source.name.clone()) };
    finish(model, question, queue, QueueHit { disruption, changes, from: at, until: at + lasts, extra, ..NOTHING })
}

fn change(key: &str, value: toml_edit::Value) -> Change {
    Change::at(&format!("disruptions.{NAME}.{key}"), value).expect("the path consists of plain keys")
}

fn times(at: f64, lasts: f64) -> [Change; 2] {
    [change("at", at.into()), change("for", lasts.into())]
}

/// When a disruption begins where nobody says: late enough that the system is in its steady state.
fn begin(model: &Model, question: &DrainQuestion, queue: usize, lasts: f64) -> Result<f64, DrainError> {
    if let Some(at) = question.at {
        return Ok(at);
    }
    let calm = scenario(model, queue, &NOTHING)?;
    let relaxation = 1.0 / (calm.capacity.sqrt() - calm.load().max(0.0).sqrt()).powi(2);
    let settled = if calm.load() < calm.capacity { 20.0 * relaxation } else { 0.0 };
    let at = (0.25 * lasts).max(settled.min(4.0 * lasts)).max(20.0 / calm.capacity);
    // Two digits are enough, and read better.
    let digit = 10f64.powf(at.log10().floor() - 1.0);
    Ok((at / digit).ceil() * digit)
}

// ----- who ---------------------------------------------------------------------------------

fn find<T>(
    all: &[T],
    name: impl Fn(&T) -> &String,
    wanted: &Option<String>,
    kind: &'static str,
) -> Result<usize, DrainError> {
    let names = || all.iter().map(|one| name(one).clone()).collect();
    match (wanted, all.len()) {
        (Some(wanted), _) => all.iter().position(|one| name(one) == wanted).ok_or_else(|| DrainError::Unknown {
            kind,
            wanted: wanted.clone(),
            names: names(),
        }),
        (None, 1) => Ok(0),
        (None, 0) => Err(DrainError::Missing(kind)),
        (None, _) => Err(DrainError::Several { kind, names: names() }),
    }
}

fn consumer_of(model: &Model, question: &DrainQuestion) -> Result<usize, DrainError> {
    find(&model.consumers, |c| &c.name, &question.consumer, "consumer")
}

fn producer_of(model: &Model, question: &DrainQuestion) -> Result<usize, DrainError> {
    find(&model.producers, |p| &p.name, &question.producer, "producer")
}

/// The queue to look at: that of the consumer that is named, else the one that is hit.
fn queue_of(model: &Model, question: &DrainQuestion, hit: Option<usize>) -> Result<usize, DrainError> {
    match (&question.consumer, hit) {
        (None, Some(queue)) => Ok(queue),
        _ => Ok(model.consumers[consumer_of(model, question)?].queue.0 as usize),
    }
}

/// Of the queues that a producer reaches, the one with the highest load.
fn busiest(model: &Model, queues: &[u32]) -> Option<usize> {
    let load = |q: usize| scenario(model, q, &NOTHING).map_or(0.0, |s| s.load() / s.capacity);
    queues.iter().map(|q| *q as usize).max_by(|a, b| load(*a).total_cmp(&load(*b)))
}

fn servers_of(model: &Model, consumer: usize) -> Result<u32, DrainError> {
    let consumer = &model.consumers[consumer];
    match consumer.servers {
        Servers::Count(n) => Ok(n),
        Servers::Unlimited => Err(DrainError::UnlimitedServers(consumer.name.clone())),
    }
}

/// The share of a producer's publications that reach a queue.
fn share(model: &Model, producer: usize, queue: usize) -> f64 {
    model.traffic().share_to(producer, QueueId(queue as u32))
}

// ----- the fluid ---------------------------------------------------------------------------

fn scenario(model: &Model, queue: usize, hit: &QueueHit) -> Result<DrainScenario, DrainError> {
    let id = QueueId(queue as u32);
    let traffic = model.traffic();
    let rates = traffic.rates(Passing::Mean);
    let capacity_of = |c: usize| {
        servers_of(model, c)?;
        // Attempts that fail are work done in vain.
        let capacity = traffic.capacity(&model.consumers[c], &rates);
        let found = (capacity.is_finite() && capacity > 0.0).then_some(capacity);
        found.ok_or_else(|| DrainError::NoCapacity(model.consumers[c].name.clone()))
    };
    let name = &model.queues[queue].name;
    let pools: Vec<usize> = model.consumers_of(id).collect();
    if pools.is_empty() {
        return Err(DrainError::NotConsumed(name.clone()));
    }
    let capacities = pools.iter().map(|&c| capacity_of(c)).collect::<Result<Vec<f64>, DrainError>>()?;
    let capacity: f64 = capacities.iter().sum();
    let part = |c: usize| pools.iter().position(|&pool| pool == c).map_or(0.0, |i| capacities[i] / capacity);
    let servers = match pools[..] {
        [only] => Some(servers_of(model, only)?),
        _ => None,
    };
    Ok(DrainScenario {
        arrivals: arrivals(model, &traffic, id, rates.forwarded(id), (hit.from, hit.until)),
        capacity,
        servers,
        from: hit.from,
        until: hit.until,
        impacts: impacts(model, id, hit, &part),
        start: 0.0,
        limits: Limits {
            length: model.queues[queue].max_length.map_or(f64::INFINITY, f64::from),
            age: model.queues[queue].message_ttl.unwrap_or(f64::INFINITY),
        },
        idle: servers.is_some(),
        again: again(model, &traffic, id),
        no_fluid: no_fluid(model, &traffic, &rates, id),
    })
}

/// What happens to the queue: the disruptions of the model, and the one that is asked for.
fn impacts(model: &Model, queue: QueueId, hit: &QueueHit, part: &dyn Fn(usize) -> f64) -> Vec<Impact> {
    let reach = |producer: usize| share(model, producer, queue.0 as usize);
    let mut all = impact::of_model(model, part, &reach, &|consumer| servers_of(model, consumer).ok());
    let asked = |kind| Impact { from: hit.from, until: hit.until, kind };
    all.extend(hit.consumer.map(|(consumer, kind)| asked(kind.of_part(part(consumer)))));
    all.extend((hit.extra > 0.0).then(|| asked(ImpactKind::More { rate: hit.extra })));
    all
}

// ----- where a fluid does not tell ---------------------------------------------------------

/// Producers whose clients publish again what is not answered in time, and whose messages come to the queue.
fn retrying<'m>(model: &'m Model, traffic: &Traffic<'_>, queue: QueueId) -> Vec<(usize, &'m Client)> {
    let reaching = traffic.producers_reaching(queue).into_iter();
    let client = |p: usize| Some((p, model.producers[p].client.as_ref().filter(|c| c.max_attempts != Some(1))?));
    reaching.filter_map(client).collect()
}

/// Arrivals per second besides the first publications where everything is published as often as may be.
fn again(model: &Model, traffic: &Traffic<'_>, queue: QueueId) -> f64 {
    let more = |(p, client): (usize, &Client)| {
        let rate = traffic.share_to(p, queue) * model.producers[p].arrivals.rate().unwrap_or(0.0);
        // What comes by way of other queues is not followed: no bound is known.
        let known = client.max_attempts.filter(|_| rate > 0.0);
        known.map_or(f64::INFINITY, |attempts| rate * f64::from(attempts.saturating_sub(1)))
    };
    retrying(model, traffic, queue).into_iter().map(more).sum()
}

/// Why the rates of a model do not tell how its backlog goes.
fn no_fluid(model: &Model, traffic: &Traffic<'_>, rates: &ArrivalRates, queue: QueueId) -> Option<NoFluid> {
    if let Some(&(p, client)) = retrying(model, traffic, queue).first() {
        let most = rates.total(queue) + again(model, traffic, queue);
        return Some(NoFluid::Retries {
            producer: model.producers[p].name.clone(),
            timeout: client.timeout,
            attempts: client.max_attempts,
            most: Some(most).filter(|rate| rate.is_finite()),
        });
    }
    let closed = |p: &usize| matches!(model.producers[*p].arrivals, Arrivals::Closed { .. });
    let closed = traffic.producers_reaching(queue).into_iter().find(closed)?;
    Some(NoFluid::Closed { producer: model.producers[closed].name.clone() })
}
