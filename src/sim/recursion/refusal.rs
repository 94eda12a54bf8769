//! Which models a recursion can run, and in words why not the others. Whatever a field of the
//! compiled network can say is either understood here or refused.

use super::ServiceLine;
use crate::dist::Dist;
use crate::model::{Arrivals, Model, ServiceTime};
use crate::sim::network::{Network, PoolSpec, QueueSpec, Service, SourceSpec};

/// Queues up to which each queue's own waits say where the start of a run ends.
const QUEUES: usize = 64;

/// The lines of a model, one per producer; or what stands against it.
pub fn lines(model: &Model, network: &Network) -> Result<Vec<ServiceLine>, String> {
    if !model.disruptions.is_empty() {
        return Err("the model has disruptions".to_string());
    }
    if let Some(producer) = model.producers.iter().find(|producer| producer.client.is_some()) {
        return Err(format!("the clients of producer `{}` stop waiting after a timeout", producer.name));
    }
    if network.classes > 1 {
        return Err("the model has several classes of messages".to_string());
    }
    if network.queues.len() > QUEUES {
        return Err(format!("the model has more than {QUEUES} queues"));
    }
    let lines = (0..network.sources.len()).map(|s| line(model, network, s));
    let lines: Vec<ServiceLine> = lines.collect::<Result<_, String>>()?;
    for (i, line) in lines.iter().enumerate() {
        if lines[..i].iter().any(|other| other.queue == line.queue) {
            return Err(format!("queue `{}` is fed by several producers", model.queues[line.queue as usize].name));
        }
    }
    Ok(lines)
}

fn line(model: &Model, network: &Network, s: usize) -> Result<ServiceLine, String> {
    let spec = &network.sources[s];
    let queue = target(spec).map_err(|why| format!("producer `{}` {why}", spec.name))?;
    let of = |why| format!("queue `{}` {why}", model.queues[queue as usize].name);
    let pool = only_pool(&network.queues[queue as usize]).map_err(of)?;
    let spec = &network.pools[pool as usize];
    served_plainly(spec).map_err(|why| format!("consumer `{}` {why}", spec.name))?;
    Ok(ServiceLine { source: s as u32, queue, pool })
}

/// The one queue to which a producer publishes.
fn target(spec: &SourceSpec) -> Result<u32, String> {
    if matches!(spec.arrivals, Arrivals::Closed { .. }) || spec.closed.is_some() {
        return Err("is a closed population: its arrivals depend on departures".to_string());
    }
    if spec.client.is_some() {
        return Err("has a timeout: its clients publish again".to_string());
    }
    match &*spec.emissions.kinds {
        [only] => match *only.targets {
            [queue] => Ok(queue),
            [] => Err("publishes to no queue".to_string()),
            _ => Err("publishes copies to several queues".to_string()),
        },
        _ => Err("publishes several kinds of messages".to_string()),
    }
}

/// The pool that serves a queue in order of arrival, and nothing else happens to its messages.
fn only_pool(spec: &QueueSpec) -> Result<u32, String> {
    let refused = [
        (spec.levels > 1, "has priorities"),
        (spec.max_length != u32::MAX, "has a limit"),
        (spec.ttl.is_finite(), "has a time to live"),
    ];
    if let Some((_, why)) = refused.iter().find(|(holds, _)| *holds) {
        return Err((*why).to_string());
    }
    match *spec.pools {
        [pool] => Ok(pool),
        [] => Err("has no consumer".to_string()),
        _ => Err("has several consumers".to_string()),
    }
}

fn served_plainly(spec: &PoolSpec) -> Result<(), String> {
    let refused = [
        (spec.failure > 0.0, "may fail"),
        (spec.ack_loss > 0.0, "may lose acknowledgements"),
        (spec.onward.is_some(), "publishes onward"),
        (spec.turnaround.is_some(), "has a turnaround"),
        (spec.latency > 0.0, "has a delivery latency"),
        (may_take_no_time(&spec.service), "may take no time at all, so that events coincide"),
    ];
    refused.iter().find(|(holds, _)| *holds).map_or(Ok(()), |(_, why)| Err((*why).to_string()))
}

/// Whether a service may take no time: then a message may depart at the instant of its own arrival,
/// and what counts as present at that instant is a matter of events.
fn may_take_no_time(service: &Service) -> bool {
    let atom = |dist: &Dist| dist.cdf(0.0) > 0.0;
    // Models of several classes are refused; the first is the only one.
    match service.of(0) {
        ServiceTime::Drawn(dist) => atom(dist),
        ServiceTime::Recorded(times) => times.iter().any(|&t| t <= 0.0),
    }
}
