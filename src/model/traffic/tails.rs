//! Which moments the times at a queue have: a service law without moments takes them from the waits.

use super::{ArrivalRates, Traffic};
use crate::dist::Dist;
use crate::model::consumer::ServiceTime;
use crate::model::{Consumer, QueueId, Servers};

/// Orders from which on times at a queue have no moments: E\[X^r\] is finite exactly for r below; infinite where all are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailIndices {
    /// Of the wait.
    pub wait: f64,
    /// Of one service.
    pub service: f64,
}

impl TailIndices {
    /// Of what is never long.
    pub const LIGHT: TailIndices = TailIndices { wait: f64::INFINITY, service: f64::INFINITY };

    /// Of times at either of two queues.
    pub fn least(self, other: TailIndices) -> TailIndices {
        TailIndices { wait: self.wait.min(other.wait), service: self.service.min(other.service) }
    }

    /// Of the time from arrival to the end of service.
    pub fn sojourn(self) -> f64 {
        self.wait.min(self.service)
    }
}

impl Traffic<'_> {
    /// The moments of the times at a queue.
    ///
    /// Formula: with service of index alpha at c servers of load rho, a long wait takes that s = c - floor(rho) servers are
    /// held by long services at once, so that the wait has index s (alpha - 1); s = c where the line is limited, since then
    /// no server may be left. What holds a server after a service counts as well.
    /// Valid when: in order of arrival, also within priorities; a time to live bounds the wait, which then has every moment.
    /// Reference: Kiefer, Wolfowitz (1956) for one server; Scheller-Wolf, Further delay moment results for FIFO multiserver
    /// queues, Queueing Systems 34 (2000); Foss, Korshunov, On large delays in multi-server queues with heavy tails (2012).
    pub fn tail_indices(&self, queue: QueueId, rates: &ArrivalRates) -> TailIndices {
        let pools = || self.parts.consumers.iter().filter(move |c| c.queue == queue);
        let service = pools().map(|c| self.service_index(c, rates)).fold(f64::INFINITY, f64::min);
        let after = pools().filter_map(|c| c.turnaround.as_ref()).map(Dist::tail_index).fold(service, f64::min);
        let count = |c: &&Consumer| match c.servers {
            Servers::Count(n) => Some(f64::from(n)),
            Servers::Unlimited => None,
        };
        let all: Option<f64> = pools().map(count).sum();
        let description = self.parts.queues[queue.index()];
        let wait = match all.filter(|_| description.message_ttl.is_none()) {
            Some(servers) => {
                let capacity: f64 = pools().map(|c| self.capacity(c, rates)).sum();
                let load = servers * rates.total(queue) / capacity;
                let limited = description.max_length.is_some() || !load.is_finite();
                (if limited { servers } else { (servers - load.floor()).max(1.0) }) * (after - 1.0)
            }
            None => f64::INFINITY,
        };
        TailIndices { wait, service }
    }

    /// Of one service of whatever arrives at a pool.
    fn service_index(&self, consumer: &Consumer, rates: &ArrivalRates) -> f64 {
        let index = |time: &ServiceTime| match time {
            ServiceTime::Drawn(law) => law.tail_index(),
            ServiceTime::Recorded(_) => f64::INFINITY,
        };
        let arriving = rates.of_classes(consumer.queue).filter(|(_, rate)| *rate > 0.0);
        let least = arriving.map(|(class, _)| index(consumer.service.of(class))).reduce(f64::min);
        least.unwrap_or_else(|| index(&consumer.service.default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::model::traffic::Passing;

    fn wait_index(servers: u32, rate: f64, more: &str) -> f64 {
        let text = format!(
            "[producers.p]\narrivals = {{ poisson = \"{rate}/s\" }}\nqueue = \"q\"\n[queues.q]\n{more}\n[consumers.c]\nqueue = \"q\"\n\
             servers = {servers}\nservice = {{ pareto = {{ minimum = \"600ms\", alpha = 2.5 }} }}\n[run]\nmessages = 100\n"
        );
        let model = Model::from_toml(&text).unwrap();
        let traffic = model.traffic();
        traffic.tail_indices(QueueId(0), &traffic.rates(Passing::Mean)).wait
    }

    /// Mean service 1 s.
    #[test]
    fn every_spare_server_adds_to_the_moments_of_the_wait() {
        assert_eq!([wait_index(1, 0.8, ""), wait_index(2, 0.8, ""), wait_index(2, 1.8, "")], [1.5, 3.0, 1.5]);
        assert_eq!([wait_index(2, 1.8, "max_length = 5"), wait_index(4, 1.8, "")], [3.0, 4.5]);
        assert_eq!(wait_index(1, 0.8, "message_ttl = \"1s\""), f64::INFINITY);
    }
}
