//! Refuses to look for a steady state where there is none: a queue whose work arrives faster
//! than its consumers can do it.

use super::context::Context;
use super::draft::Draft;
use super::placed::Placed;
use crate::diag::{Diagnostic, code};
use crate::model::capacity::{keeps_pace, keeps_up, servers_for};
use crate::model::traffic::{ArrivalRates, Deliveries, Passing, Traffic};
use crate::model::{Consumer, QueueId, RunSettings, Servers, Warmup};
use crate::units::{Unit, format_duration, format_quantity};

/// Checks every queue that keeps all its messages.
pub(super) fn check(cx: &Context<'_>, draft: &Draft<'_>, run: &RunSettings) {
    if run.warmup == Warmup::None || !draft.whole {
        return;
    }
    let traffic = draft.traffic(cx.class_names().len());
    let rates = traffic.rates(Passing::Least);
    let load = StabilityCheck { cx, draft, traffic: &traffic, rates: &rates };
    for (i, queue) in draft.queues.iter().enumerate() {
        let loses = queue.value.max_length.is_some() || queue.value.message_ttl.is_some();
        let id = QueueId(i as u32);
        if !loses && rates.total(id) > 0.0 {
            load.check(id);
        }
    }
}

/// What arrives everywhere, at the least.
struct StabilityCheck<'l, 'a> {
    cx: &'l Context<'a>,
    draft: &'l Draft<'a>,
    traffic: &'l Traffic<'l>,
    rates: &'l ArrivalRates,
}

impl<'a> StabilityCheck<'_, 'a> {
    fn pools(&self, queue: QueueId) -> Vec<&Placed<'a, Consumer>> {
        self.draft.consumers_of(queue.0 as usize).collect()
    }

    fn capacity(&self, consumer: &Placed<'_, Consumer>) -> f64 {
        self.traffic.capacity(&consumer.value, self.rates)
    }

    fn holding(&self, consumer: &Placed<'_, Consumer>) -> f64 {
        self.traffic.holding(&consumer.value, self.rates)
    }

    fn check(&self, queue: QueueId) {
        let pools = self.pools(queue);
        if pools.iter().any(|c| Deliveries::of(&c.value).mean.is_infinite()) {
            return; // reported as endless-retry
        }
        let bounded = |c: &Placed<'_, Consumer>| c.value.servers != Servers::Unlimited;
        if let Some(endless) = pools.iter().find(|c| self.holding(c).is_infinite() && bounded(c)) {
            return report_infinite(self.cx, endless);
        }
        let capacity: f64 = pools.iter().map(|c| self.capacity(c)).sum();
        let load = self.rates.total(queue);
        // Without randomness a server may be busy all the time: D/D/1 at utilization 1 has no queue.
        let stable = if self.draft.nature().random { keeps_up(load, capacity) } else { keeps_pace(load, capacity) };
        if !stable && !pools.is_empty() {
            self.report_unstable(queue, &pools, load / capacity);
        }
    }

    fn report_unstable(&self, queue: QueueId, pools: &[&Placed<'a, Consumer>], utilization: f64) {
        let name = &self.draft.queues[queue.0 as usize].value.name;
        let message = format!("queue `{name}` cannot keep up: utilization {utilization:.2}");
        let mut found =
            Diagnostic::error(code::UNSTABLE_QUEUE, message, pools[0].place("servers"), self.pool(pools[0]));
        for other in &pools[1..] {
            found = found.also(other.place("servers"), self.pool(other));
        }
        for p in self.traffic.producers_reaching(queue).into_iter().take(3) {
            let producer = &self.draft.producers[p];
            if let Some(rate) = producer.value.arrivals.rate() {
                let text = format!("{} published by `{}`", per_second(rate), producer.value.name);
                found = found.also(producer.place("arrivals"), text);
            }
        }
        let found = found.note(self.arriving(pools[0]));
        let found = found.note("no steady state exists: averages grow with the length of the run");
        self.cx.report(found.help(format!(
            "use at least {} servers, or `run.horizon` with `run.warmup = \"none\"` to study the build-up",
            self.enough(queue, pools)
        )));
    }

    /// What a pool can do.
    fn pool(&self, consumer: &Placed<'_, Consumer>) -> String {
        let each = per_second(1.0 / self.holding(consumer));
        match consumer.value.servers {
            Servers::Count(1) => format!("1 server does {each}"),
            Servers::Count(n) => format!("{n} servers x {each} give {}", per_second(self.capacity(consumer))),
            Servers::Unlimited => String::new(),
        }
    }

    /// What arrives, and for how long it holds a server.
    fn arriving(&self, consumer: &Placed<'_, Consumer>) -> String {
        let arriving = per_second(self.rates.total(consumer.value.queue));
        let deliveries = Deliveries::of(&consumer.value).mean;
        let held = format_duration(self.traffic.per_delivery(&consumer.value, self.rates));
        if deliveries > 1.0 {
            return format!("{arriving} arrive, each is delivered {deliveries:.2} times for {held} on average");
        }
        format!("{arriving} arrive, each holds a server for {held} on average")
    }

    /// Smallest number of servers of the first pool that leaves some time idle.
    fn enough(&self, queue: QueueId, pools: &[&Placed<'a, Consumer>]) -> f64 {
        let others: f64 = pools[1..].iter().map(|c| self.capacity(c)).sum();
        servers_for((self.rates.total(queue) - others) * self.holding(pools[0]))
    }
}

fn report_infinite(cx: &Context<'_>, consumer: &Placed<'_, Consumer>) {
    let message = format!("the mean service time of consumer `{}` is infinite", consumer.value.name);
    let found = Diagnostic::error(code::INFINITE_MEAN, message, consumer.place("service"), "");
    let found = found.note("no steady state exists: averages grow with the length of the run");
    cx.report(found.help("use a bounded distribution, or `run.horizon` with `run.warmup = \"none\"`"));
}

fn per_second(rate: f64) -> String {
    format_quantity(rate, Unit::PerSecond)
}
