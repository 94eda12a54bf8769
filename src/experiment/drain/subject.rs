//! From a model and a question to what is disrupted: whom it concerns, when, which queue is looked at, what
//! to change in the model, and the fluid beside. Simulates nothing.

use super::scenario::DrainScenario;
use super::{DrainError, RecoveryFrom};
use crate::analytic::transient::Limits;
use crate::model::study::DrainQuestion;
use crate::model::study::drain::Incident;
use crate::model::traffic::{Passing, Traffic};
use crate::model::{Arrivals, Change, Effect, Model, Producer, QueueId, Servers};

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
    /// The consumer whose capacity changes, and to what share of it.
    slowed: Option<(usize, f64)>,
    extra: f64,
    /// Servers come back without a message.
    idle: bool,
}

const NOTHING: QueueHit = QueueHit {
    disruption: RecoveryFrom::Backlog,
    changes: Vec::new(),
    from: 0.0,
    until: 0.0,
    slowed: None,
    extra: 0.0,
    idle: false,
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
    let mut hit = QueueHit { disruption, from, until, ..NOTHING };
    for disruption in &model.disruptions {
        let part = disruption.lasts / (until - from);
        match disruption.effect {
            Effect::ServersDown { consumer, servers, .. } => {
                let all = servers_of(model, consumer)?;
                let left = 1.0 - servers.map_or(1.0, |down| f64::from(down) / f64::from(all));
                (hit.slowed, hit.idle) = (Some((consumer, 1.0 - part * (1.0 - left))), true);
            }
            Effect::Slowdown { consumer, factor } => {
                hit.slowed = Some((consumer, 1.0 - part * (1.0 - 1.0 / factor)));
            }
            Effect::Burst { producer, rate } => hit.extra += part * rate * share(model, producer, queue),
        }
    }
    finish(model, question, queue, hit)
}

fn of_incident(model: &Model, question: &DrainQuestion, incident: Incident) -> Result<Subject, DrainError> {
    match incident {
        Incident::Burst { lasts, .. } | Incident::Extra { lasts, .. } => burst(model, question, incident, lasts),
        Incident::Outage { lasts, .. } | Incident::Throttle { lasts, .. } | Incident::Slowdown { lasts, .. } => {
            failure(model, question, incident, lasts)
        }
        Incident::Window { from, until } => {
            let disruption = RecoveryFrom::Incident { what: incident, whom: None };
            let queue = queue_of(model, question, None)?;
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
    let (share, idle) = match incident {
        Incident::Throttle { share, .. } if down(share).fract().abs() > 1e-9 => {
            changes.push(change("slowdown", (1.0 / share).into()));
            (share, false)
        }
        Incident::Throttle { share, .. } => {
            changes.push(change("servers_down", (down(share).round() as i64).into()));
            (share, true)
        }
        Incident::Slowdown { factor, .. } => {
            changes.push(change("slowdown", factor.into()));
            (1.0 / factor, false)
        }
        _ => {
            changes.push(change("servers_down", "all".into()));
            (0.0, true)
        }
    };
    if matches!(incident, Incident::Outage { requeue: true, .. }) {
        changes.push(change("requeue", true.into()));
    }
    changes.extend(times(at, lasts));
    let disruption = RecoveryFrom::Incident { what: incident, whom: Some(pool.name.clone()) };
    let slowed = Some((consumer, share));
    let hit = QueueHit { disruption, changes, from: at, until: at + lasts, slowed, idle, ..NOTHING };
    finish(model, question, queue, hit)
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
    let mut capacity = 0.0;
    for &c in &pools {
        capacity += capacity_of(c)?;
    }
    let lost = match hit.slowed {
        Some((c, share)) if pools.contains(&c) => capacity_of(c)? * (1.0 - share) / capacity,
        _ => 0.0,
    };
    let servers = match pools[..] {
        [only] => Some(servers_of(model, only)?),
        _ => None,
    };
    Ok(DrainScenario {
        arrivals: arrivals(model, &traffic, id, rates.forwarded(id), hit),
        capacity,
        servers,
        from: hit.from,
        until: hit.until,
        share: 1.0 - lost,
        extra: hit.extra,
        start: 0.0,
        limits: Limits {
            length: model.queues[queue].max_length.map_or(f64::INFINITY, f64::from),
            age: model.queues[queue].message_ttl.unwrap_or(f64::INFINITY),
        },
        idle: hit.idle && servers.is_some(),
    })
}

/// Arrivals at a queue, piece by piece: what producers send, and what other consumers publish onward.
fn arrivals(model: &Model, traffic: &Traffic<'_>, queue: QueueId, onward: f64, hit: &QueueHit) -> Vec<(f64, f64)> {
    let mut ends: Vec<f64> = model.producers.iter().flat_map(|p| ends(p, hit)).collect();
    ends.push(f64::INFINITY);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut from = 0.0;
    let mut pieces: Vec<(f64, f64)> = Vec::new();
    for until in ends {
        let of = |p: usize| traffic.share_to(p, queue) * rate(&model.producers[p], from, until);
        let total = onward + (0..model.producers.len()).map(of).sum::<f64>();
        match pieces.last_mut().filter(|last| last.1 == total) {
            Some(last) => last.0 = until,
            None => pieces.push((until, total)),
        }
        from = until;
    }
    pieces
}

/// Most pieces of a schedule that are followed one by one; later it counts with its mean.
const PIECES: usize = 2000;

/// Instants at which the rate of a producer changes.
fn ends(producer: &Producer, hit: &QueueHit) -> Vec<f64> {
    match &producer.arrivals {
        Arrivals::Schedule { pieces, repeat } => {
            let rounds = if *repeat { (PIECES / pieces.len().max(1)).max(1) } else { 1 };
            let mut t = 0.0;
            let all = pieces.iter().cycle().take(pieces.len() * rounds);
            all.map(|piece| {
                t += piece.0;
                t
            })
            .collect()
        }
        Arrivals::Trace { times } => {
            let last = times.last().copied().unwrap_or(0.0);
            [hit.from, hit.until, last].into_iter().filter(|t| *t > 0.0 && *t <= last).collect()
        }
        _ => Vec::new(),
    }
}

/// The mean rate of a producer from one instant to another.
fn rate(producer: &Producer, from: f64, until: f64) -> f64 {
    match &producer.arrivals {
        Arrivals::Schedule { pieces, repeat } => {
            let round: f64 = pieces.iter().map(|piece| piece.0).sum();
            if until.is_infinite() {
                let mean = pieces.iter().map(|piece| piece.0 * piece.1).sum::<f64>() / round;
                return if *repeat { mean } else { 0.0 };
            }
            let mut at = if *repeat { 0.5 * (from + until) % round } else { 0.5 * (from + until) };
            for piece in pieces {
                if at < piece.0 {
                    return piece.1;
                }
                at -= piece.0;
            }
            0.0
        }
        Arrivals::Trace { times } => {
            let within = times.partition_point(|t| *t < until) - times.partition_point(|t| *t < from);
            if until.is_finite() { within as f64 / (until - from) } else { 0.0 }
        }
        other => other.rate().unwrap_or(0.0),
    }
}
