//! The whole model as one network of exponential stations with random routing: product form
//! holds where single queues have no theory of their own, because messages come back.

use super::features::{in_product_form, mean_backoff};
use crate::analytic::kendall::exponential_mean;
use crate::model::traffic::{Sender, Sent, Traffic};
use crate::model::{Arrivals, Feature, Model, QueueId, Servers, ServiceTime};

/// A network of queues, in the order of the model's queues (those that are used).
#[derive(Debug, Clone)]
pub(super) struct ProductFormNetwork {
    /// The queues.
    pub stations: Vec<NetworkStation>,
    /// Where messages come from.
    pub source: NetworkSource,
    /// Share of each queue among publications (closed), or their rate per second (open).
    pub entry: Vec<f64>,
    /// Probability that a message which ends service at one goes next to another.
    pub routing: Vec<Vec<f64>>,
}

/// One queue of the network with its consumer.
#[derive(Debug, Clone)]
pub(super) struct NetworkStation {
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
pub(super) enum NetworkSource {
    /// Poisson producers.
    Open,
    /// A population that thinks between messages.
    Closed { population: u32, think: f64 },
}

/// The network that a model is, if it is one.
pub(super) fn network(model: &Model, traffic: &Traffic<'_>) -> Option<ProductFormNetwork> {
    let used = traffic.reached();
    let stations: Vec<NetworkStation> = used.iter().map(|&queue| station(model, queue)).collect::<Option<_>>()?;
    let of_producers = model.producers.iter().flat_map(Feature::of_producer);
    let disruptions = model.disruptions.iter().flat_map(Feature::of_disruption);
    if !of_producers.chain(disruptions).chain(model.features_of_whole()).all(|feature| in_product_form(&feature)) {
        return None;
    }
    let at = |sent: &Sent<'_>| {
        let [queue] = sent.to[..] else { return None };
        used.iter().position(|&u| u == queue)
    };
    let (source, entry) = source(model, traffic, &at, used.len())?;
    let mut routing = vec![vec![0.0; used.len()]; used.len()];
    for (from, row) in routing.iter_mut().enumerate() {
        let failure = stations[from].failure;
        row[from] += failure;
        for sent in traffic.sent_from(stations[from].queue) {
            row[at(sent)?] += (1.0 - failure) * sent.probability * sent.kind.weight;
        }
    }
    Some(ProductFormNetwork { stations, source, entry, routing })
}

fn source(
    model: &Model,
    traffic: &Traffic<'_>,
    at: &dyn Fn(&Sent<'_>) -> Option<usize>,
    n: usize,
) -> Option<(NetworkSource, Vec<f64>)> {
    let mut entry = vec![0.0; n];
    let mut source = NetworkSource::Open;
    for (p, producer) in model.producers.iter().enumerate() {
        let rate = match (&producer.arrivals, model.producers.len()) {
            (Arrivals::Closed { population, think }, 1) => {
                source = NetworkSource::Closed { population: *population, think: think.mean() };
                1.0
            }
            (Arrivals::Poisson { rate }, _) => *rate,
            (Arrivals::Renewal { interval }, _) => 1.0 / exponential_mean(interval)?,
            // A closed population beside others, and what is not Poisson.
            _ => return None,
        };
        for sent in traffic.sent_by(Sender::Producer(p)) {
            entry[at(sent)?] += rate * sent.kind.weight;
        }
    }
    Some((source, entry))
}

fn station(model: &Model, id: QueueId) -> Option<NetworkStation> {
    let consumer = model.only_consumer(id)?;
    let mut features = model.features_of_queue(id).chain(Feature::of_consumer(consumer));
    let ServiceTime::Drawn(law) = &consumer.service.default else { return None };
    if !features.all(|feature| in_product_form(&feature)) {
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
    Some(NetworkStation {
        queue: id,
        consumer: consumer.name.clone(),
        mean_service,
        servers,
        failure: consumer.failure,
        backoff,
    })
}
