//! The whole model as one network of exponential stations with random routing: product form
//! holds where single queues have no theory of their own, because messages come back. Knows the
//! model and what a network needs; the solutions are elsewhere.

use super::features::{in_product_form, mean_backoff};
use crate::analytic::letters::exponential_mean;
use crate::model::{Arrivals, Destination, Feature, MessageKind, Model, QueueId, Servers, ServiceTime};

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

/// The network that a model is, if it is one.
pub(super) fn whole(model: &Model) -> Option<Whole> {
    let used: Vec<usize> = used(model);
    let stations: Vec<Place> = used.iter().map(|&queue| place(model, queue)).collect::<Option<_>>()?;
    let of_producers = model.producers.iter().flat_map(Feature::of_producer);
    let disruptions = model.disruptions.iter().flat_map(Feature::of_disruption);
    let settings = model.run.features().into_iter().map(Feature::Run);
    if !of_producers.chain(disruptions).chain(settings).all(|feature| in_product_form(&feature)) {
        return None;
    }
    let at = |queue: QueueId| used.iter().position(|&u| u == queue.0 as usize);
    let (source, entry) = source(model, &at, used.len())?;
    let mut routing = vec![vec![0.0; used.len()]; used.len()];
    for (from, row) in routing.iter_mut().enumerate() {
        let consumer = model.only_consumer(stations[from].queue)?;
        let failure = stations[from].failure;
        row[from] += failure;
        let Some(onward) = &consumer.publish else { continue };
        for kind in &onward.kinds {
            row[at(only_route(model, onward.to, kind)?)?] += (1.0 - failure) * onward.probability * kind.weight;
        }
    }
    Some(Whole { stations, source, entry, routing })
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

fn only_route(model: &Model, to: Destination, kind: &MessageKind) -> Option<QueueId> {
    let [queue] = model.route(to, kind)[..] else { return None };
    Some(queue)
}

fn source(model: &Model, at: &dyn Fn(QueueId) -> Option<usize>, n: usize) -> Option<(Source, Vec<f64>)> {
    let mut entry = vec![0.0; n];
    let mut source = Source::Open;
    for producer in &model.producers {
        let rate = match (&producer.arrivals, model.producers.len()) {
            (Arrivals::Closed { population, think }, 1) => {
                source = Source::Closed { population: *population, think: think.mean() };
                1.0
            }
            (Arrivals::Poisson { rate }, _) => *rate,
            (Arrivals::Renewal { interval }, _) => 1.0 / exponential_mean(interval)?,
            // A closed population beside others, and what is not Poisson.
            _ => return None,
        };
        for kind in &producer.kinds {
            entry[at(only_route(model, producer.to, kind)?)?] += rate * kind.weight;
        }
    }
    Some((source, entry))
}

fn place(model: &Model, queue: usize) -> Option<Place> {
    let id = QueueId(queue as u32);
    let consumer = model.only_consumer(id)?;
    let features = model.features_of_queue(id).into_iter().chain(Feature::of_consumer(consumer));
    let ServiceTime::Drawn(law) = &consumer.service.default else { return None };
    if !features.into_iter().all(|feature| in_product_form(&feature)) {
        return None;
    }
    let servers = match consumer.servers {
        Servers::Count(c) => Some(c),
        Servers::Unlimited => None,
    };
    // A pure delay may have any law; a queue in a product-form network is exponential.
    let mean_service = match (exponential_mean(law), servers) {
        (Some(mean), _) => mean,
        (None, None) => law.mean(),
        (None, Some(_)) => return None,
    };
    let backoff = if consumer.failure > 0.0 { mean_backoff(&consumer.retry.backoff)? } else { 0.0 };
    Some(Place {
        queue: id,
        consumer: consumer.name.clone(),
        mean_service,
        servers,
        failure: consumer.failure,
        backoff,
    })
}
