//! Features of a producer: its arrival process, what it publishes, how long its clients wait.

use crate::dist::{Count, Dist};
use crate::model::{Arrivals, Backoff, Client, MarkovArrivals, MessageKind, Producer};

features! {
    /// Something that a producer uses.
    ProducerFeature<'m> as ProducerKind {
        /// A Poisson process (per second).
        Poisson(f64) = "publishes as a Poisson process",
        /// Independent intervals.
        Renewal(&'m Dist) = "publishes at independent intervals",
        /// Batches of another process, whose feature comes before.
        Batch(&'m Count) = "publishes in batches",
        /// A schedule of rates, and whether it repeats.
        Schedule(&'m [(f64, f64)], bool) = "publishes by a schedule of rates",
        /// A rate that follows a sine (relative amplitude).
        Sinusoid(f64) = "publishes at a rate that swings",
        /// A Markovian arrival process.
        Markov(&'m MarkovArrivals) = "publishes as a Markovian process",
        /// Recorded instants.
        Trace(&'m [f64]) = "publishes at recorded instants",
        /// A closed population of so many members with a think time.
        Closed(u32, &'m Dist) = "is a closed population: its arrivals depend on departures",
        /// Messages of several kinds.
        Kinds(&'m [MessageKind]) = "publishes several kinds of messages",
        /// A message has a priority.
        Priority(u8) = "publishes messages with a priority",
        /// Clients stop waiting after so many seconds.
        Timeout(f64) = "has clients that stop waiting after a timeout",
        /// They publish again, up to so many times in all.
        ClientAttempts(Option<u32>) = "has clients that publish again",
        /// They pause before that.
        ClientBackoff(&'m Backoff) = "has clients that back off",
    }
}

impl Producer {
    /// Everything that this producer uses.
    pub fn features(&self) -> Vec<ProducerFeature<'_>> {
        let Producer { name: _, arrivals, to: _, kinds, client } = self;
        let mut found = arrivals.features();
        found.extend((kinds.len() > 1).then_some(ProducerFeature::Kinds(kinds)));
        found.extend(kinds.iter().filter_map(MessageKind::feature));
        found.extend(client.iter().flat_map(Client::features));
        found
    }
}

impl Arrivals {
    /// The process, batches after the process of their points.
    fn features(&self) -> Vec<ProducerFeature<'_>> {
        use ProducerFeature as F;
        vec![match self {
            Arrivals::Poisson { rate } => F::Poisson(*rate),
            Arrivals::Renewal { interval } => F::Renewal(interval),
            Arrivals::Batch { points, size } => return [points.features(), vec![F::Batch(size)]].concat(),
            Arrivals::Schedule { pieces, repeat } => F::Schedule(pieces, *repeat),
            Arrivals::Sinusoid { mean: _, amplitude, period: _, phase: _ } => F::Sinusoid(*amplitude),
            Arrivals::Markov(process) => F::Markov(process),
            Arrivals::Trace { times } => F::Trace(times),
            Arrivals::Closed { population, think } => F::Closed(*population, think),
        }]
    }
}

impl MessageKind {
    /// What routing has not resolved already: keys and headers are, classes are a feature of the model.
    fn feature(&self) -> Option<ProducerFeature<'_>> {
        let MessageKind { class: _, weight: _, routing_key: _, headers: _, priority } = self;
        priority.filter(|priority| *priority > 0).map(ProducerFeature::Priority)
    }
}

impl Client {
    fn features(&self) -> Vec<ProducerFeature<'_>> {
        let Client { timeout, max_attempts, backoff } = self;
        let mut found = vec![ProducerFeature::Timeout(*timeout)];
        found.extend((*max_attempts != Some(1)).then_some(ProducerFeature::ClientAttempts(*max_attempts)));
        found.extend((*backoff != Backoff::Immediate).then_some(ProducerFeature::ClientBackoff(backoff)));
        found
    }
}
