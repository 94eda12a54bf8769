//! Refuses to look for a steady state where there is none: a queue whose work arrives faster
//! than its consumers can do it.

use super::context::Context;
use super::draft::Draft;
use super::flow::{Rates, arrival_rates, deliveries, holding, per_delivery, pool_capacity, producers_reaching, total};
use super::placed::Placed;
use crate::diag::Diagnostic;
use crate::model::{Consumer, RunSettings, Servers, Warmup};
use crate::units::{Unit, format_duration, format_quantity};

/// Relative distance from full utilization that is taken for rounding.
const ROUNDING: f64 = 1e-9;

/// Checks every queue that keeps all its messages.
pub(super) fn check(cx: &Context<'_>, draft: &Draft<'_>, run: &RunSettings) {
    if run.warmup == Warmup::None || !draft.whole {
        return;
    }
    let classes = cx.class_names().len();
    let rates = arrival_rates(draft, classes);
    for (i, queue) in draft.queues.iter().enumerate() {
        let loses = queue.value.max_length.is_some() || queue.value.message_ttl.is_some();
        if !loses && total(&rates, i) > 0.0 {
            check_queue(cx, draft, i, &rates);
        }
    }
}

fn check_queue(cx: &Context<'_>, draft: &Draft<'_>, queue: usize, rates: &Rates) {
    let pools: Vec<&Placed<'_, Consumer>> = draft.consumers_of(queue).collect();
    let holds = |c: &&&Placed<'_, Consumer>| holding(&c.value, queue, rates);
    if pools.iter().any(|c| deliveries(&c.value).mean.is_infinite()) {
        return; // reported as endless-retry
    }
    let bounded = |c: &Placed<'_, Consumer>| c.value.servers != Servers::Unlimited;
    if let Some(endless) = pools.iter().find(|c| holds(c).is_infinite() && bounded(c)) {
        return report_infinite(cx, endless);
    }
    let capacity: f64 = pools.iter().map(|c| pool_capacity(&c.value, queue, rates)).sum();
    let utilization = total(rates, queue) / capacity;
    // Without randomness a server may be busy all the time: D/D/1 at utilization 1 has no queue.
    let limit = if draft.nature().random { 1.0 - ROUNDING } else { 1.0 + ROUNDING };
    if utilization >= limit && !pools.is_empty() {
        report_unstable(cx, draft, queue, rates, utilization);
    }
}

fn report_infinite(cx: &Context<'_>, consumer: &Placed<'_, Consumer>) {
    let message = format!("the mean service time of consumer `{}` is infinite", consumer.value.name);
    let found = Diagnostic::error("infinite-mean", message, consumer.place("service"), "");
    let found = found.note("no steady state exists: averages grow with the length of the run");
    cx.report(found.help("use a bounded distribution, or `run.horizon` with `run.warmup = \"none\"`"));
}

fn report_unstable(cx: &Context<'_>, draft: &Draft<'_>, queue: usize, rates: &Rates, utilization: f64) {
    let name = &draft.queues[queue].value.name;
    let message = format!("queue `{name}` cannot keep up: utilization {utilization:.2}");
    let pools: Vec<&Placed<'_, Consumer>> = draft.consumers_of(queue).collect();
    let mut found =
        Diagnostic::error("unstable-queue", message, pools[0].place("servers"), pool(pools[0], queue, rates));
    for other in &pools[1..] {
        found = found.also(other.place("servers"), pool(other, queue, rates));
    }
    for p in producers_reaching(draft, queue, cx.class_names().len()).into_iter().take(3) {
        let producer = &draft.producers[p];
        if let Some(rate) = producer.value.arrivals.rate() {
            let text = format!("{} published by `{}`", per_second(rate), producer.value.name);
            found = found.also(producer.place("arrivals"), text);
        }
    }
    let found = found.note(load(pools[0], queue, rates));
    let found = found.note("no steady state exists: averages grow with the length of the run");
    cx.report(found.help(format!(
        "use at least {} servers, or `run.horizon` with `run.warmup = \"none\"` to study the build-up",
        enough(&pools, queue, rates)
    )));
}

/// What a pool can do.
fn pool(consumer: &Placed<'_, Consumer>, queue: usize, rates: &Rates) -> String {
    let capacity = pool_capacity(&consumer.value, queue, rates);
    let each = per_second(1.0 / holding(&consumer.value, queue, rates));
    match consumer.value.servers {
        Servers::Count(1) => format!("1 server does {each}"),
        Servers::Count(n) => format!("{n} servers x {each} give {}", per_second(capacity)),
        Servers::Unlimited => String::new(),
    }
}

/// What arrives, and for how long it holds a server.
fn load(consumer: &Placed<'_, Consumer>, queue: usize, rates: &Rates) -> String {
    let arriving = per_second(total(rates, queue));
    let deliveries = deliveries(&consumer.value).mean;
    let held = format_duration(per_delivery(&consumer.value, queue, rates));
    if deliveries > 1.0 {
        return format!("{arriving} arrive, each is delivered {deliveries:.2} times for {held} on average");
    }
    format!("{arriving} arrive, each holds a server for {held} on average")
}

/// Smallest number of servers of the first pool that leaves some time idle.
fn enough(pools: &[&Placed<'_, Consumer>], queue: usize, rates: &Rates) -> f64 {
    let others: f64 = pools[1..].iter().map(|c| pool_capacity(&c.value, queue, rates)).sum();
    let missing = (total(rates, queue) - others) * holding(&pools[0].value, queue, rates);
    (missing * (1.0 + ROUNDING)).floor() + 1.0
}

fn per_second(rate: f64) -> String {
    format_quantity(rate, Unit::PerSecond)
}
