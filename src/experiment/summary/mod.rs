//! From measured replications to rows: which numbers every entity has, and what they are made of.

mod controls;
mod dependence;
mod every;
mod moments;
mod sample;

pub(crate) use controls::controls;
pub(crate) use sample::TAIL_OBSERVATIONS;

use super::drain::rows as recovery;
use super::drain::watch::{Watch, Watched, Window};
use super::estimate::EstimateSubject;
use super::measure::events;
use super::measure::{Batch, ClassAccumulator, ClientAccumulator, Measured, Times};
use crate::model::feature::{Extra, adds};
use crate::model::{Cause, ClassId, Feature, Model, QueueId, Servers, State};
use crate::row::{Basis, Metric, NoValue, Quantity, Row, Scope, Statistic};
use crate::stats::{Accumulator, BlockSums, Estimate, Tally, TimeAverage};
use dependence::Dependence;
use sample::{Sample, mean, out_of, per_second, time_average};
use std::borrow::Cow;
use std::collections::HashMap;

/// Every row of a simulation.
pub(crate) fn rows(model: &Model, measured: &[Measured]) -> Vec<Row> {
    estimates(model, measured).rows
}

/// The rows of a simulation, and what the ratios among them are by each replication.
#[derive(Debug, Clone, Default)]
pub(crate) struct Estimates {
    /// Every row.
    pub rows: Vec<Row>,
    /// Of each ratio its value by each replication, whose mean is that of the row; only of models that run side by side.
    pub by_replication: HashMap<Quantity, Vec<f64>>,
}

/// Every row, with what is held against another model.
pub(crate) fn estimates(model: &Model, measured: &[Measured]) -> Estimates {
    let sample = Sample::new(model, measured, true);
    let mut rows = rows_of(&sample, |_| true);
    let watched: Vec<Vec<Watched>> = measured.iter().map(|m| m.watched.clone()).collect();
    rows.extend(recovery::rows(model, &watched));
    every::refine(model, measured, &mut rows);
    Estimates { rows, by_replication: sample.by_replication() }
}

/// The rows of a single replication, which is held against others: none is refused for being too short to stand alone.
pub(crate) fn rows_of_one(model: &Model, measured: &Measured) -> Vec<Row> {
    let mut rows = rows_of(&Sample::new(model, std::slice::from_ref(measured), false), |_| true);
    rows.extend(recovery::rows(model, std::slice::from_ref(&measured.watched)));
    rows
}

/// The rows that runs of a model have of what bears a name: those of a run in which nothing was seen.
pub(crate) fn rows_of_nothing(model: &Model, name: &str) -> Vec<Row> {
    let mut rows = rows_of(&Sample::new(model, &[], true), |other| other == name);
    let unseen = Window::of(model).map(|window| Watch::new(&window).finish(0.0));
    rows.extend(recovery::rows(model, unseen.as_slice()));
    rows
}

/// The rows of what bears one of those names.
fn rows_of(sample: &Sample, named: impl Fn(&str) -> bool) -> Vec<Row> {
    let Model { queues, consumers, producers, .. } = sample.model;
    let system = named("system").then(|| system_rows(sample)).into_iter();
    let queues = (0..queues.len()).filter(|&q| named(&queues[q].name)).map(|q| queue_rows(sample, q));
    let consumers = (0..consumers.len()).filter(|&c| named(&consumers[c].name)).map(|c| consumer_rows(sample, c));
    let producers = (0..producers.len()).filter(|&p| named(&producers[p].name)).map(|p| producer_rows(sample, p));
    let mut rows = system.chain(queues).chain(consumers).chain(producers).flatten().collect::<Vec<Row>>();
    moments::refuse(sample.model, &mut rows);
    rows
}

/// Whether some queue grows over the whole run, beyond doubt.
pub(crate) fn is_growing(model: &Model, measured: &[Measured]) -> bool {
    Sample::new(model, measured, true).is_growing()
}

/// Whose precision decides when to stop, and what it must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Watchlist<'p> {
    /// Mean wait and sojourn of every queue and of the system.
    Means(f64),
    /// Mean and p99 of the sojourn at every queue: what the length of a run is planned for.
    Planned(f64),
    /// Each of these.
    Each(&'p [(Quantity, f64)]),
}

impl Watchlist<'_> {
    /// The precision that a row must have; `None` where it is not watched.
    fn of(self, row: &Row) -> Option<f64> {
        let is_mean = row.class.is_none() && row.statistic == Statistic::Mean;
        let is_p99 = row.class.is_none() && row.statistic == Statistic::Quantile(0.99);
        let wanted = match (self, row.scope, &row.metric) {
            (Watchlist::Each(each), ..) => {
                each.iter().find(|(quantity, _)| quantity.is_of(row)).map(|(_, share)| *share)
            }
            (Watchlist::Means(share), Scope::System, Metric::Sojourn) => is_mean.then_some(share),
            (Watchlist::Means(share), Scope::Queue, Metric::Wait | Metric::Sojourn) => is_mean.then_some(share),
            (Watchlist::Planned(share), Scope::Queue, Metric::Sojourn) => (is_mean || is_p99).then_some(share),
            _ => None,
        };
        let named = matches!(self, Watchlist::Each(_));
        wanted.filter(|_| named || row.refusal != Some(NoValue::NoData))
    }
}

/// The estimates whose precision decides when to stop, each with what it must be and the replications behind it; `None` where
/// one is wished for that has no interval, however long a run is. A length is not planned for such ones.
pub(crate) fn watched(model: &Model, measured: &[Measured], list: Watchlist) -> Option<Vec<(Estimate, f64)>> {
    let estimate =
        |row: &Row| Estimate { mean: row.value.unwrap_or(0.0), half_width: row.half_width(), n: measured.len() as u64 };
    let never =
        |row: &Row| matches!(row.method, Basis::HeavyTailed { .. }) || row.refusal == Some(NoValue::NoSuchMoment);
    let rows = rows_of(&Sample::new(model, measured, true), |_| true);
    let watched = rows.iter().filter_map(|row| Some((row, list.of(row)?)));
    let (hopeless, others): (Vec<_>, Vec<_>) = watched.partition(|(row, _)| never(row));
    let planned = matches!(list, Watchlist::Planned(_));
    (planned || hopeless.is_empty()).then(|| others.into_iter().map(|(row, share)| (estimate(row), share)).collect())
}

fn producer_rows(sample: &Sample, p: usize) -> Vec<Row> {
    let producer = &sample.model.producers[p];
    let about = EstimateSubject { scope: Scope::Producer, name: &producer.name, class: None };
    let rate = |s: &Batch| per_second(s.published[p], s);
    let mut rows = vec![sample.mean(about, Metric::ArrivalRate, Dependence::NONE, rate)];
    if adds(Feature::of_producer(producer), Extra::Clients) {
        rows.extend(client_rows(sample, p, about));
    }
    rows
}

/// What clients see that stop waiting after a timeout.
fn client_rows(sample: &Sample, p: usize, about: EstimateSubject) -> Vec<Row> {
    let answered = sample.by_block(|s| &s.clients[p].answered);
    let dependence = sample.dependence(&answered, None);
    let given_up = |s: &Batch| out_of(s.clients[p].gave_up, s.clients[p].attempts.n);
    let kept = |s: &Batch| out_of(s.clients[p].attempts.n - s.clients[p].gave_up, s.clients[p].attempts.n);
    let answers = |s: &Batch| per_second(s.clients[p].answered.moments.n, s);
    let mut rows = vec![
        sample.mean(about, Metric::Goodput, dependence, answers),
        sample.mean(about, Metric::Attempts, dependence, |s| mean(&s.clients[p].attempts)),
        sample.share(about, Metric::ProbAbandon, dependence, given_up),
        sample.share(about, Metric::Reliability, dependence, kept),
    ];
    let count = |name: &str, of: &dyn Fn(&ClientAccumulator) -> u64| {
        let metric = Metric::Detail(name.to_string());
        sample.each(about, metric, Statistic::Count, |m| Some(of(&m.kept.clients[p]) as f64))
    };
    rows.push(count("requests", &|c| c.requests));
    rows.push(count("timeouts", &|c| c.timeouts));
    rows.push(count("retries", &|c| c.retries));
    rows.extend(sample.times(about, Metric::Sojourn, &answered, None));
    rows
}

fn system_rows(sample: &Sample) -> Vec<Row> {
    let about = EstimateSubject { scope: Scope::System, name: "system", class: None };
    let every: Vec<Vec<Cow<Times>>> =
        sample.blocks().map(|blocks| blocks.iter().map(|s| s.every_class()).collect()).collect();
    let every = borrowed(&every);
    let dependence = sample.dependence(&every, None);
    let none = Dependence::NONE;
    let acked = State::Acked as usize;
    let mut rows = vec![
        sample.mean(about, Metric::ArrivalRate, none, |s| per_second(s.published.iter().sum(), s)),
        sample.mean(about, Metric::Throughput, none, |s| per_second(s.ended[acked], s)),
        sample.mean(about, Metric::Goodput, none, |s| per_second(s.ended[acked] - s.in_vain, s)),
        sample.mean(about, Metric::InSystem, dependence, |s| {
            time_average(s.queues.iter().map(|q| q.in_system.area()).sum(), s)
        }),
        reliability(sample, about, dependence),
    ];
    for state in State::ALL.into_iter().filter(|s| s.is_final()) {
        rows.push(ending(sample, about, Metric::Outcome(state.name().to_string()), state, dependence));
    }
    let in_flight = |m: &Measured| Some(m.finished.in_flight as f64);
    let at_end = sample.each(about, Metric::Outcome("in_flight".into()), Statistic::Count, in_flight);
    rows.push(Row { method: Basis::AtEnd { replications: sample.measured.len() as u64 }, ..at_end });
    rows.extend(sample.times(about, Metric::Sojourn, &every, None));
    let classes = &sample.model.classes;
    let shown = adds(sample.model.features_of_whole(), Extra::Classes);
    for (c, class) in classes.iter().enumerate() {
        let about = EstimateSubject { class: Some(class), ..about };
        if shown || sample.demands(about) {
            rows.extend(sample.times(about, Metric::Sojourn, &sample.by_block(|s| &s.sojourn[c]), None));
        }
    }
    rows
}

/// Acknowledged of what is over; exact where nothing else can happen.
fn reliability(sample: &Sample, about: EstimateSubject, dependence: Dependence) -> Row {
    if sample.model.producers.iter().all(|producer| producer.client.is_none()) {
        return ending(sample, about, Metric::Reliability, State::Acked, dependence);
    }
    sample.share(about, Metric::Reliability, dependence, |s| {
        let (acknowledged, over) = s.acknowledged();
        out_of(acknowledged, over)
    })
}

/// The share of messages that end so; exact where the model leaves no choice.
fn ending(sample: &Sample, about: EstimateSubject, metric: Metric, state: State, dependence: Dependence) -> Row {
    let part = |s: &Batch| out_of(s.ended[state as usize], s.ended.iter().sum());
    let row = sample.share(about, metric, dependence, part);
    let certain =
        !sample.model.may_end(state) || State::ALL.into_iter().all(|s| s == state || !sample.model.may_end(s));
    match row.value {
        Some(value) if certain && row.low.is_some() => Row { low: Some(value), high: Some(value), ..row },
        _ => row,
    }
}

fn queue_rows(sample: &Sample, q: usize) -> Vec<Row> {
    let queue = &sample.model.queues[q];
    let about = EstimateSubject { scope: Scope::Queue, name: &queue.name, class: None };
    let classes: Vec<Vec<Cow<ClassAccumulator>>> =
        sample.blocks().map(|blocks| blocks.iter().map(|s| s.at_queue(q)).collect()).collect();
    let times = |of: fn(&ClassAccumulator) -> &Times| -> Vec<Vec<&Times>> {
        classes.iter().map(|blocks| blocks.iter().map(|c| of(c)).collect()).collect()
    };
    let (wait, sojourn) = (times(|c| &c.wait), times(|c| &c.sojourn));
    let (depends, none) = (sample.dependence(&sojourn, Some(q)), Dependence::NONE);
    let mean_of = |metric, dependence, part: &dyn Fn(&Batch) -> BlockSums| sample.mean(about, metric, dependence, part);
    let served = |s: &Batch| s.classes_of(q).iter().map(|c| c.sojourn.moments.n).sum();
    let mut rows = vec![
        mean_of(Metric::ArrivalRate, none, &|s| per_second(s.queues[q].offered, s)),
        mean_of(Metric::Throughput, none, &|s| per_second(served(s), s)),
        mean_of(Metric::QueueLength, depends, &|s| time_average(s.queues[q].ready.area(), s)),
        sample.each(about, Metric::BacklogPeak, Statistic::Max, |m| Some(m.kept.queues[q].ready.max())),
    ];
    if sample.model.consumers_of(QueueId(q as u32)).next().is_none() {
        rows.extend(loss_rows(sample, q, about, depends));
        rows.extend(number_rows(sample, q, about, depends).filter(|row| row.metric == Metric::QueueLength));
        return rows;
    }
    let attempts = |s: &Batch| {
        let all = s.classes_of(q).iter().map(|c| &c.attempts);
        BlockSums { sum: all.clone().map(Tally::sum).sum(), weight: all.map(|t| t.n as f64).sum() }
    };
    let waiting = |s: &Batch| {
        let all = s.classes_of(q).iter().map(|c| &c.wait.histogram);
        let total: u64 = all.clone().map(|h| h.total()).sum();
        out_of(total - all.map(|h| h.zeros()).sum::<u64>(), total)
    };
    rows.push(mean_of(Metric::InSystem, depends, &|s| time_average(s.queues[q].in_system.area(), s)));
    rows.extend(number_rows(sample, q, about, depends));
    rows.push(utilization(sample, q, about));
    rows.push(mean_of(Metric::Attempts, none, &attempts));
    rows.push(sample.share(about, Metric::ProbWait, depends, waiting));
    rows.extend(loss_rows(sample, q, about, depends));
    rows.extend(sample.times(about, Metric::Wait, &wait, Some(q)));
    rows.push(mean_of(Metric::Service, none, &|s| mean_service(sample.model, s, q)));
    rows.extend(sample.times(about, Metric::Sojourn, &sojourn, Some(q)));
    rows.extend(class_rows(sample, q, about));
    rows
}

/// Shares of time in which the number at a queue was as is asked for.
fn number_rows(sample: &Sample, q: usize, about: EstimateSubject, dependence: Dependence) -> impl Iterator<Item = Row> {
    let events = events::at(about.name, &sample.model.run).into_iter().enumerate();
    events.map(move |(i, event)| {
        let part = |s: &Batch| time_average(s.queues[q].events.get(i).map_or(0.0, TimeAverage::area), s);
        sample.share_of_time(about, event, dependence, part)
    })
}

/// Rows that only a queue which can lose messages has.
fn loss_rows(sample: &Sample, q: usize, about: EstimateSubject, dependence: Dependence) -> Vec<Row> {
    let lost = |causes: &'static [Cause]| {
        let lost = move |s: &Batch| causes.iter().map(|&c| s.queues[q].left[c as usize]).sum();
        move |s: &Batch| out_of(lost(s), s.queues[q].offered)
    };
    let mut rows = Vec::new();
    let adds = |extra| adds(sample.model.features_of_queue(QueueId(q as u32)), extra);
    if adds(Extra::Loss) {
        rows.push(sample.share(about, Metric::ProbLoss, dependence, lost(&[Cause::Refuse, Cause::Drop])));
    }
    if adds(Extra::Expiry) {
        rows.push(sample.share(about, Metric::ProbAbandon, dependence, lost(&[Cause::Expire])));
    }
    rows
}

/// Wait and sojourn by class, where a queue saw more than one, or where they are asked for.
fn class_rows(sample: &Sample, q: usize, about: EstimateSubject) -> Vec<Row> {
    let classes = &sample.model.classes;
    let at = |c: usize| q * classes.len() + c;
    let seen = |c: usize| sample.measured.iter().any(|m| m.kept.classes[at(c)].wait.moments.n > 0);
    let several = (0..classes.len()).filter(|&c| seen(c)).count() > 1;
    let of = |c: usize| EstimateSubject { class: Some(&classes[c]), ..about };
    let shown = |&c: &usize| (several && seen(c)) || (sample.demands(of(c)) && reaches(sample.model, c, q));
    let rows = |c: usize| {
        let about = of(c);
        let mut rows = sample.times(about, Metric::Wait, &sample.by_block(|s| &s.classes[at(c)].wait), Some(q));
        rows.extend(sample.times(about, Metric::Sojourn, &sample.by_block(|s| &s.classes[at(c)].sojourn), Some(q)));
        rows
    };
    (0..classes.len()).filter(shown).flat_map(rows).collect()
}

/// Whether messages of a class are sent to a queue, or to one from which they may come there.
fn reaches(model: &Model, class: usize, queue: usize) -> bool {
    let traffic = model.traffic();
    let is_of = |id: ClassId| usize::from(id.0) == class;
    let sent = traffic.sent().iter().filter(|sent| sent.kind.class.is_some_and(is_of));
    sent.flat_map(|sent| &sent.to).any(|to| traffic.graph().covers(to.index(), queue))
}

fn consumer_rows(sample: &Sample, c: usize) -> Vec<Row> {
    let consumer = &sample.model.consumers[c];
    let about = EstimateSubject { scope: Scope::Consumer, name: &consumer.name, class: None };
    let mean_of = |metric, part: &dyn Fn(&Batch) -> BlockSums| sample.mean(about, metric, Dependence::NONE, part);
    let mut rows = vec![
        mean_of(Metric::Throughput, &|s| per_second(s.pools[c].service.n, s)),
        mean_of(Metric::Service, &|s| mean(&s.pools[c].service)),
        mean_of(Metric::Sojourn, &|s| mean(&s.pools[c].response)),
    ];
    if let Servers::Count(n) = consumer.servers {
        rows.push(mean_of(Metric::Utilization, &|s| time_average(s.pools[c].busy.area() / f64::from(n), s)));
    }
    if adds(Feature::of_consumer(consumer), Extra::Duplicates) {
        let discarded = consumer.deduplicate;
        let of = |m: &Measured| Some(m.kept.pools[c].duplicates[usize::from(discarded)] as f64);
        let row = sample.each(about, Metric::Duplicates, Statistic::Count, of);
        rows.push(Row { method: Basis::Duplicates { discarded, replications: row.n.unwrap_or(0) }, ..row });
    }
    rows
}

// ----- what blocks add ----------------------------------------------------------------------

fn borrowed<'t>(times: &'t [Vec<Cow<Times>>]) -> Vec<Vec<&'t Times>> {
    times.iter().map(|blocks| blocks.iter().map(Cow::as_ref).collect()).collect()
}

/// The utilization of all servers of a queue; none where a consumer has as many as there are messages.
fn utilization(sample: &Sample, q: usize, about: EstimateSubject) -> Row {
    let pools = || sample.model.consumers_of(QueueId(q as u32));
    let servers = |c: usize| match sample.model.consumers[c].servers {
        Servers::Count(n) => Some(f64::from(n)),
        Servers::Unlimited => None,
    };
    let all: Option<f64> = pools().map(servers).sum();
    let busy = |s: &Batch| pools().map(|c| s.pools[c].busy.area()).sum::<f64>();
    let share = |s: &Batch| time_average(busy(s) / all.unwrap_or(f64::NAN), s);
    let row = sample.mean(about, Metric::Utilization, Dependence::NONE, share);
    if all.is_some() { row } else { row.refused(NoValue::NotMeasured) }
}

fn mean_service(model: &Model, s: &Batch, q: usize) -> BlockSums {
    let mut all = Tally::default();
    model.consumers_of(QueueId(q as u32)).for_each(|c| all.merge(&s.pools[c].service));
    mean(&all)
}
