//! Which numbers a run of a model has: what targets, expectations and questions may speak of. A test holds this
//! against the rows of runs.

use super::feature::{Extra, adds};
use super::{Effect, Feature, Misnamed, Model, QueueId, Servers, State};
use crate::row::{Metric, Quantity, Scope, Statistic};

impl Model {
    /// Whether a run has that number, or has a row that says why there is none this time.
    ///
    /// ```
    /// use lindley::model::{LawText, Model};
    /// let model = Model::builder("shop").poisson("web", "20/s", "orders").queue("orders");
    /// let model = model.consumer("workers", "orders", 1, LawText::exponential("40ms")).build().unwrap();
    /// let measures = |text: &str| model.measures(&text.parse().unwrap());
    /// assert!(measures("orders.prob(wait > 50ms)") && !measures("orders.prob(in_system > 3)"));
    /// assert!(measures("workers.utilization.mean") && !measures("workers.wait.mean"));
    /// ```
    pub fn measures(&self, quantity: &Quantity) -> bool {
        let may_be = |scope| quantity.scope.is_none_or(|wanted| wanted == scope);
        let named = |name: &str| name == quantity.name;
        (may_be(Scope::System) && named("system") && self.system_measures(quantity))
            || (may_be(Scope::Queue)
                && (0..self.queues.len()).any(|q| named(&self.queues[q].name) && self.queue_measures(q, quantity)))
            || (may_be(Scope::Consumer)
                && (0..self.consumers.len())
                    .any(|c| named(&self.consumers[c].name) && self.consumer_measures(c, quantity)))
            || (may_be(Scope::Producer)
                && (0..self.producers.len())
                    .any(|p| named(&self.producers[p].name) && self.producer_measures(p, quantity)))
    }

    /// Says it of a quantity that no run of the model has, with what there is instead.
    ///
    /// # Errors
    ///
    /// A quantity that no run has.
    pub fn measured(&self, quantity: &Quantity) -> Result<(), Misnamed> {
        if self.measures(quantity) {
            return Ok(());
        }
        let help = match self.measured_instead(quantity) {
            Some(other) => format!("there is `{other}`"),
            None => "`lindley run MODEL -v` lists the numbers that there are".to_string(),
        };
        Err(Misnamed { message: format!("no run of this model has `{quantity}`"), help })
    }

    /// Another statistic of the same, the same without its class, or the same of another entity.
    fn measured_instead(&self, quantity: &Quantity) -> Option<Quantity> {
        let whole = Quantity { class: None, ..quantity.clone() };
        let (queues, consumers) = (self.queues.iter().map(|q| &q.name), self.consumers.iter().map(|c| &c.name));
        let names = queues.chain(consumers).chain(self.producers.iter().map(|p| &p.name));
        let elsewhere = names.map(|name| Quantity { scope: None, name: name.clone(), ..whole.clone() });
        let statistics = |of: &Quantity| OTHERS.map(|statistic| of.with(statistic));
        statistics(quantity)
            .into_iter()
            .chain([whole.clone()])
            .chain(statistics(&whole))
            .chain(elsewhere)
            .find(|other| self.measures(other))
    }

    fn system_measures(&self, quantity: &Quantity) -> bool {
        if let Some(class) = &quantity.class {
            return self.classes.contains(class) && quantity.metric == Metric::Sojourn && of_time(quantity.statistic);
        }
        match &quantity.metric {
            Metric::ArrivalRate | Metric::Throughput | Metric::Goodput | Metric::InSystem => is_mean(quantity),
            Metric::Reliability => quantity.statistic == Statistic::Fraction,
            Metric::Outcome(name) if name == "in_flight" => quantity.statistic == Statistic::Count,
            Metric::Outcome(name) => is_outcome(name) && quantity.statistic == Statistic::Fraction,
            Metric::Sojourn => of_time(quantity.statistic),
            _ => false,
        }
    }

    fn queue_measures(&self, q: usize, quantity: &Quantity) -> bool {
        let id = QueueId(q as u32);
        let served = self.consumers_of(id).next().is_some();
        if let Some(class) = &quantity.class {
            let time = matches!(quantity.metric, Metric::Wait | Metric::Sojourn) && of_time(quantity.statistic);
            return served && time && self.class_reaches(class, q);
        }
        let has = |extra| adds(self.features_of_queue(id), extra);
        match &quantity.metric {
            Metric::ArrivalRate | Metric::Throughput | Metric::QueueLength => is_mean(quantity),
            Metric::BacklogPeak if quantity.statistic == Statistic::Max => true,
            Metric::InSystem | Metric::Attempts | Metric::Service => served && is_mean(quantity),
            Metric::Utilization => served && is_mean(quantity) && self.consumers_of(id).all(|c| self.is_limited(c)),
            Metric::ProbWait => served && quantity.statistic == Statistic::Fraction,
            Metric::ProbLoss => has(Extra::Loss) && quantity.statistic == Statistic::Fraction,
            Metric::ProbAbandon => has(Extra::Expiry) && quantity.statistic == Statistic::Fraction,
            Metric::Wait | Metric::Sojourn => served && of_time(quantity.statistic),
            _ => self.is_disrupted(id) && of_recovery(quantity, has(Extra::Expiry)),
        }
    }

    fn consumer_measures(&self, c: usize, quantity: &Quantity) -> bool {
        let duplicates = || adds(Feature::of_consumer(&self.consumers[c]), Extra::Duplicates);
        quantity.class.is_none()
            && match quantity.metric {
                Metric::Throughput | Metric::Service | Metric::Sojourn => is_mean(quantity),
                Metric::Utilization => is_mean(quantity) && self.is_limited(c),
                Metric::Duplicates => quantity.statistic == Statistic::Count && duplicates(),
                _ => false,
            }
    }

    fn producer_measures(&self, p: usize, quantity: &Quantity) -> bool {
        if quantity.class.is_some() {
            return false;
        }
        let clients = adds(Feature::of_producer(&self.producers[p]), Extra::Clients);
        match &quantity.metric {
            Metric::ArrivalRate => is_mean(quantity),
            Metric::Goodput | Metric::Attempts => clients && is_mean(quantity),
            Metric::ProbAbandon | Metric::Reliability => clients && quantity.statistic == Statistic::Fraction,
            Metric::Sojourn => clients && of_time(quantity.statistic),
            Metric::Detail(name) => {
                clients && CLIENTS.contains(&name.as_str()) && quantity.statistic == Statistic::Count
            }
            _ => false,
        }
    }

    fn is_limited(&self, consumer: usize) -> bool {
        matches!(self.consumers[consumer].servers, Servers::Count(_))
    }

    /// Whether messages of a class are sent to a queue, or to one from which they may come there.
    fn class_reaches(&self, class: &str, queue: usize) -> bool {
        let traffic = self.traffic();
        let is_of = |id: usize| self.classes[id] == class;
        let sent = traffic.sent().iter().filter(|sent| sent.kind.class.is_some_and(|id| is_of(usize::from(id.0))));
        sent.flat_map(|sent| &sent.to).any(|to| traffic.graph().covers(to.index(), queue))
    }

    /// Whether a queue is the first that a disruption concerns.
    fn is_disrupted(&self, queue: QueueId) -> bool {
        self.disruptions.iter().any(|disruption| self.concerned(&disruption.effect).contains(&queue.0))
    }

    /// The queues that a disruption concerns first.
    pub fn concerned(&self, effect: &Effect) -> Vec<u32> {
        match *effect {
            Effect::ServersDown { consumer, .. } | Effect::Slowdown { consumer, .. } => {
                vec![self.consumers[consumer].queue.0]
            }
            Effect::Burst { producer, .. } => {
                let producer = &self.producers[producer];
                producer.kinds.iter().flat_map(|kind| self.route(producer.to, kind)).map(|q| q.0).collect()
            }
        }
    }
}

/// The statistics that are offered in place of one that there is not.
const OTHERS: [Statistic; 5] =
    [Statistic::Mean, Statistic::Fraction, Statistic::Count, Statistic::Max, Statistic::Quantile(0.95)];

/// What clients that stop waiting count.
const CLIENTS: [&str; 3] = ["requests", "timeouts", "retries"];

fn is_mean(quantity: &Quantity) -> bool {
    quantity.statistic == Statistic::Mean
}

fn is_outcome(name: &str) -> bool {
    State::ALL.into_iter().any(|state| state.is_final() && state.name() == name)
}

/// Whether runs have that statistic of a time of each message.
fn of_time(statistic: Statistic) -> bool {
    match statistic {
        Statistic::Mean | Statistic::Variance | Statistic::Max | Statistic::Quantile(_) | Statistic::Above(_) => true,
        Statistic::Count | Statistic::Fraction => false,
    }
}

/// What rows say of a queue that a disruption concerns.
fn of_recovery(quantity: &Quantity, expires: bool) -> bool {
    match &quantity.metric {
        Metric::BacklogPeak => is_mean(quantity),
        Metric::DrainTime => is_mean(quantity) || quantity.statistic == Statistic::Quantile(0.95),
        Metric::Recovered => quantity.statistic == Statistic::Fraction,
        Metric::Detail(name) => match name.as_str() {
            "backlog_peak_time" | "backlog_before" | "disrupted_wait" | "messages_overflowed" => is_mean(quantity),
            "messages_expired" => expires && is_mean(quantity),
            _ => false,
        },
        _ => false,
    }
}
