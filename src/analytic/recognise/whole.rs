//! The whole model as one network of exponential stations with random routing: product form
//! holds where single queues have no theory of their own, because messages come back. Knows the
//! model and what a network needs; the solutions are elsewhere.

use super::flow::impatience;
use super::run_reasons;
use crate::analytic::kendall::exponential_mean;
use crate::model::{
    Ack, Arrivals, Backoff, Consumer, Jitter, MessageKind, Model, QueueId, Requeue, Servers, ServiceTime,
};

/// A network of queues, in the order of the model's queues (those that are used).
#[derive(Debug, Clone)]
pub(super) struct Whole {
    /// The queues.
    pub stations: Vec<Place>,
    /// Where messages come from.
    pub source: Source,
    /// Share of each queue among publications (closed), or their rate per second (open).
    pub entry: Vec<f64>,
    /// Probability that a message which ends service at one goes next to another.
    pub routing: Vec<Vec<f64>>,
}

/// One queue of the network with its consumer.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub queue: QueueId,
    pub consumer: String,
    pub mean_service: f64,
    pub servers: Option<u32>,
    /// Probability that an attempt fails and comes back to this queue.
    pub failure: f64,
    /// Mean time between attempts.
    pub backoff: f64,
}

/// Where messages come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// Poisson producers.
    Open,
    /// A population that thinks between messages.
    Closed { population: u32, think: f64 },
}

/// The network that a model is, or the first reason why it is none.
pub(super) fn whole(model: &Model) -> Result<Whole, String> {
    if let Some(reason) = run_reasons(model).into_iter().next() {
        return Err(reason);
    }
    let used: Vec<usize> = used(model);
    let stations: Vec<Place> = used.iter().map(|&queue| place(model, queue)).collect::<Result<_, _>>()?;
    let at = |queue: QueueId| used.iter().position(|&u| u == queue.0 as usize);
    let (source, entry) = source(model, &at, used.len())?;
    let mut routing = vec![vec![0.0; used.len()]; used.len()];
    for (from, row) in routing.iter_mut().enumerate() {
        let consumer = only_consumer(model, stations[from].queue)?;
        let failure = stations[from].failure;
        row[from] += failure;
        let Some(onward) = &consumer.publish else { continue };
        for kind in &onward.kinds {
            let to = at(only_route(model, onward.to, kind, &consumer.name)?).ok_or("a message goes nowhere")?;
            row[to] += (1.0 - failure) * onward.probability * kind.weight;
        }
    }
    Ok(Whole { stations, source, entry, routing })
}

/// Queues that a message can reach.
fn used(model: &Model) -> Vec<usize> {
    let published = model.producers.iter().flat_map(|p| p.kinds.iter().flat_map(|k| model.route(p.to, k)));
    let forwarded = model.consumers.iter().filter_map(|c| c.publish.as_ref());
    let onward = forwarded.flat_map(|on| on.kinds.iter().flat_map(|k| model.route(on.to, k)));
    let mut used: Vec<usize> = published.chain(onward).map(|queue| queue.0 as usize).collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn only_route(model: &Model, to: crate::model::Destination, kind: &MessageKind, who: &str) -> Result<QueueId, String> {
    match model.route(to, kind)[..] {
        [queue] => Ok(queue),
        [] => Err(format!("messages of `{who}` reach no queue")),
        ref several => Err(format!("messages of `{who}` are copied to {} queues", several.len())),
    }
}

fn source(model: &Model, at: &dyn Fn(QueueId) -> Option<usize>, n: usize) -> Result<(Source, Vec<f64>), String> {
    let mut entry = vec![0.0; n];
    let mut source = Source::Open;
    for producer in &model.producers {
        if let Some(why) = impatience(producer) {
            return Err(why);
        }
        let rate = match (&producer.arrivals, model.producers.len()) {
            (Arrivals::Closed { population, think }, 1) => {
                source = Source::Closed { population: *population, think: think.mean() };
                1.0
            }
            (Arrivals::Closed { .. }, _) => return Err("a closed population has other producers beside it".to_string()),
            (Arrivals::Poisson { rate }, _) => *rate,
            (Arrivals::Renewal { interval }, _) => match exponential_mean(interval) {
                Some(mean) => 1.0 / mean,
                None => return Err(format!("arrivals of `{}` are not Poisson", producer.name)),
            },
            _ => return Err(format!("arrivals of `{}` are not Poisson", producer.name)),
        };
        for kind in &producer.kinds {
            let queue = only_route(model, producer.to, kind, &producer.name)?;
            entry[at(queue).ok_or("a message goes nowhere")?] += rate * kind.weight;
        }
    }
    Ok((source, entry))
}

fn only_consumer(model: &Model, queue: QueueId) -> Result<&Consumer, String> {
    let pools: Vec<usize> = model.consumers_of(queue).collect();
    match pools[..] {
        [consumer] => Ok(&model.consumers[consumer]),
        _ => Err(format!("queue `{}` has {} consumers", model.queue(queue).name, pools.len())),
    }
}

fn place(model: &Model, queue: usize) -> Result<Place, String> {
    let id = QueueId(queue as u32);
    let (queue, consumer) = (model.queue(id), only_consumer(model, id)?);
    let name = &consumer.name;
    let special = [
        (queue.max_length.is_some(), format!("queue `{}` has a maximal length", queue.name)),
        (queue.message_ttl.is_some(), format!("queue `{}` expires messages", queue.name)),
        (queue.levels > 1, format!("queue `{}` has priorities", queue.name)),
        (consumer.ack_loss > 0.0, format!("consumer `{name}` loses acknowledgements")),
        (consumer.turnaround.is_some(), format!("consumer `{name}` has a turnaround")),
        (consumer.latency > 0.0, format!("consumer `{name}` has a delivery latency")),
        (!consumer.service.by_class.is_empty(), format!("consumer `{name}` serves classes by different laws")),
    ];
    if let Some((_, why)) = special.into_iter().find(|(there, _)| *there) {
        return Err(why);
    }
    let ServiceTime::Drawn(law) = &consumer.service.default else {
        return Err(format!("service times of consumer `{name}` are recorded"));
    };
    let servers = match consumer.servers {
        Servers::Count(c) => Some(c),
        Servers::Unlimited => None,
    };
    // A pure delay may have any law; a queue in a product-form network is exponential.
    let mean_service = match (exponential_mean(law), servers) {
        (Some(mean), _) => mean,
        (None, None) => law.mean(),
        (None, Some(_)) => return Err(format!("service of consumer `{name}` is {}, not exponential", law.name())),
    };
    let (failure, backoff) = failure(consumer)?;
    Ok(Place { queue: id, consumer: name.clone(), mean_service, servers, failure, backoff })
}

/// Probability of failure and mean back-off, where failures go to the tail without limit.
fn failure(consumer: &Consumer) -> Result<(f64, f64), String> {
    let name = &consumer.name;
    if consumer.failure == 0.0 {
        return Ok((0.0, 0.0));
    }
    let backoff = match consumer.retry.backoff {
        Backoff::Immediate => 0.0,
        Backoff::Fixed { delay, jitter } => {
            delay
                * match jitter {
                    Jitter::None => 1.0,
                    Jitter::Full => 0.5,
                    Jitter::Equal => 0.75,
                }
        }
        Backoff::Exponential { .. } => {
            return Err(format!("the back-off of consumer `{name}` grows with the attempts"));
        }
    };
    let to_tail = consumer.retry.backoff != Backoff::Immediate || consumer.retry.requeue == Requeue::Tail;
    if consumer.ack == Ack::Auto || consumer.retry.max_attempts.is_some() || !to_tail {
        return Err(format!("consumer `{name}` does not return failed messages to the tail without limit"));
    }
    Ok((consumer.failure, backoff))
}
