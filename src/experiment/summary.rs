//! From measured replications to rows: one value per replication, their mean, a Student interval.

use super::drain::rows as recovery;
use super::drain::watch::{Watch, Watched, Window};
use super::estimate::EstimateSubject;
use super::measure::{Batch, ClassAccumulator, ClientAccumulator, Measured, Times};
use crate::model::feature::{Extra, adds};
use crate::model::{Cause, ClassId, Feature, Model, QueueId, Servers, State};
use crate::row::{Basis, Metric, NoValue, Quantity, Row, Scope, Statistic};
use crate::stats::{Accumulator, Estimate, LogHistogram, student};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Observations that must lie beyond a quantile in every replication, or it is refused: with
/// fewer the replication's quantile is close to its largest observation and biased.
pub(crate) const TAIL_OBSERVATIONS: f64 = 10.0;

/// The replications of a study, ready to be asked for rows.
struct Sample<'a> {
    model: &'a Model,
    measured: &'a [Measured],
}

impl<'a> Sample<'a> {
    /// One value per replication that has one.
    fn values(&self, of: impl Fn(&Batch) -> Option<f64>) -> Vec<f64> {
        self.measured.iter().filter_map(|m| of(&m.kept)).collect()
    }

    fn row(
        &self,
        about: EstimateSubject,
        metric: Metric,
        statistic: Statistic,
        of: impl Fn(&Batch) -> Option<f64>,
    ) -> Row {
        let estimate = student(&self.values(of), self.model.run.level);
        self.with_estimate(about, metric, statistic, estimate)
    }

    /// A row of the mean of replications; without any it says so.
    fn with_estimate(
        &self,
        about: EstimateSubject,
        metric: Metric,
        statistic: Statistic,
        estimate: Option<Estimate>,
    ) -> Row {
        about.row(metric, statistic, estimate, self.model.run.level)
    }

    /// Mean, variance, quantiles and maximum of a time, and the levels that are asked for.
    fn times(&self, about: EstimateSubject, metric: Metric, of: impl Fn(&Batch) -> Times) -> Vec<Row> {
        let times: Vec<Times> = self.measured.iter().map(|m| of(&m.kept)).collect();
        let observations = times.iter().map(|t| t.moments.n).sum();
        let row = |statistic, value: &dyn Fn(&Times) -> Option<f64>| {
            let values: Vec<f64> = times.iter().filter_map(value).collect();
            self.with_estimate(about, metric.clone(), statistic, student(&values, self.model.run.level))
        };
        let mut rows =
            vec![row(Statistic::Mean, &|t| t.moments.mean()), row(Statistic::Variance, &|t| t.moments.variance())];
        let quantiles = &self.model.run.quantiles;
        rows.extend(quantiles.iter().map(|&p| self.quantile(about, metric.clone(), p, &times)));
        rows.extend(self.levels(about, &metric).map(|level| self.above(about, metric.clone(), level, &times)));
        rows.push(row(Statistic::Max, &|t| t.moments.max()));
        rows.into_iter().map(|row| Row { n: row.n.map(|_| observations), ..row }).collect()
    }

    /// A quantile, refused where a replication has too few observations beyond it.
    fn quantile(&self, about: EstimateSubject, metric: Metric, p: f64, times: &[Times]) -> Row {
        let beyond = times.iter().map(|t| t.moments.n as f64 * (1.0 - p)).fold(f64::INFINITY, f64::min);
        let statistic = Statistic::Quantile(p);
        if beyond < TAIL_OBSERVATIONS {
            let why = NoValue::TooFewBeyond { beyond, needed: TAIL_OBSERVATIONS };
            return self.with_estimate(about, metric, statistic, None).refused(why);
        }
        let values: Vec<f64> = times.iter().filter_map(|t| t.histogram.quantile(p)).collect();
        let error = LogHistogram::RELATIVE_ERROR;
        let estimate = student(&values, self.model.run.level).map(|e| e.widened(error));
        let method = Basis::Quantile { replications: estimate.map_or(0, |e| e.n), error };
        Row { method, ..self.with_estimate(about, metric, statistic, estimate) }
    }

    /// Levels whose probability is asked for.
    fn levels(&self, about: EstimateSubject, metric: &Metric) -> impl Iterator<Item = f64> {
        let here = |quantity: &&Quantity| quantity.metric == *metric && about.is_of(quantity);
        let levels: BTreeSet<Statistic> = self.model.run.demanded.iter().filter(here).map(|q| q.statistic).collect();
        levels.into_iter().filter_map(|statistic| match statistic {
            Statistic::Above(level) => Some(level),
            _ => None,
        })
    }

    /// P(X > level), from the histograms of the replications.
    fn above(&self, about: EstimateSubject, metric: Metric, above: f64, times: &[Times]) -> Row {
        let share = |t: &Times| t.histogram.survival(&[above]).map(|s| s[0]);
        let values: Vec<f64> = times.iter().filter_map(share).collect();
        let row = self.with_estimate(about, metric, Statistic::Above(above), student(&values, self.model.run.level));
        let method = Basis::Share { replications: row.n.unwrap_or(0), above, error: LogHistogram::RELATIVE_ERROR };
        Row { low: row.low.map(|low| low.max(0.0)), high: row.high.map(|high| high.min(1.0)), method, ..row }
    }

    /// Whether times of a class are asked for.
    fn demands(&self, about: EstimateSubject) -> bool {
        self.model.run.demanded.iter().any(|demanded| about.is_of(demanded))
    }
}

/// The estimates whose precision decides when to stop: mean wait and sojourn of every queue and
/// of the system.
pub(crate) fn watched_means(model: &Model, measured: &[Measured]) -> Vec<Estimate> {
    let sample = Sample { model, measured };
    let level = model.run.level;
    let mut watched = vec![student(&sample.values(|s| all_classes(&s.sojourn).moments.mean()), level)];
    for q in 0..model.queues.len() {
        watched.push(student(&sample.values(|s| queue_classes(s, q).wait.moments.mean()), level));
        watched.push(student(&sample.values(|s| queue_classes(s, q).sojourn.moments.mean()), level));
    }
    watched.into_iter().flatten().collect()
}

/// Every row of a simulation.
pub(crate) fn rows(model: &Model, measured: &[Measured]) -> Vec<Row> {
    let mut rows = rows_of(&Sample { model, measured }, |_| true);
    let watched: Vec<Vec<Watched>> = measured.iter().map(|m| m.watched.clone()).collect();
    rows.extend(recovery::rows(model, &watched));
    rows
}

/// The rows that runs of a model have of what bears a name: those of a run in which nothing was seen.
pub(crate) fn rows_of_nothing(model: &Model, name: &str) -> Vec<Row> {
    let mut rows = rows_of(&Sample { model, measured: &[] }, |other| other == name);
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
    system.chain(queues).chain(consumers).chain(producers).flatten().collect()
}

fn producer_rows(sample: &Sample, p: usize) -> Vec<Row> {
    let producer = &sample.model.producers[p];
    let about = EstimateSubject { scope: Scope::Producer, name: &producer.name, class: None };
    let rate = |s: &Batch| per_second(s.published[p], s);
    let mut rows = vec![sample.row(about, Metric::ArrivalRate, Statistic::Mean, rate)];
    if adds(Feature::of_producer(producer), Extra::Clients) {
        rows.extend(client_rows(sample, p, about));
    }
    rows
}

/// What clients see that stop waiting after a timeout.
fn client_rows(sample: &Sample, p: usize, about: EstimateSubject) -> Vec<Row> {
    let given_up = |s: &Batch| {
        let over = s.clients[p].attempts.n;
        (over > 0).then(|| s.clients[p].gave_up as f64 / over as f64)
    };
    let answered = |s: &Batch| per_second(s.clients[p].answered.moments.n, s);
    let mut rows = vec![
        sample.row(about, Metric::Goodput, Statistic::Mean, answered),
        sample.row(about, Metric::Attempts, Statistic::Mean, |s| s.clients[p].attempts.mean()),
        sample.row(about, Metric::ProbAbandon, Statistic::Fraction, given_up),
        sample.row(about, Metric::Reliability, Statistic::Fraction, |s| given_up(s).map(|lost| 1.0 - lost)),
    ];
    let count = |name: &str, of: &dyn Fn(&ClientAccumulator) -> u64| {
        let metric = Metric::Detail(name.to_string());
        sample.row(about, metric, Statistic::Count, |s| Some(of(&s.clients[p]) as f64))
    };
    rows.push(count("requests", &|c| c.requests));
    rows.push(count("timeouts", &|c| c.timeouts));
    rows.push(count("retries", &|c| c.retries));
    rows.extend(sample.times(about, Metric::Sojourn, |s| s.clients[p].answered.clone()));
    rows
}

fn system_rows(sample: &Sample) -> Vec<Row> {
    let about = EstimateSubject { scope: Scope::System, name: "system", class: None };
    let mean = |metric, of: &dyn Fn(&Batch) -> Option<f64>| sample.row(about, metric, Statistic::Mean, of);
    let acked = |s: &Batch| per_second(s.ended[State::Acked as usize], s);
    let mut rows = vec![
        mean(Metric::ArrivalRate, &|s| per_second(s.published.iter().sum(), s)),
        mean(Metric::Throughput, &acked),
        mean(Metric::Goodput, &|s| per_second(s.ended[State::Acked as usize] - s.in_vain, s)),
        mean(Metric::InSystem, &|s| time_average(s.queues.iter().map(|q| q.in_system.area()).sum(), s)),
        sample.row(about, Metric::Reliability, Statistic::Fraction, |s| share(&s.ended, State::Acked)),
    ];
    for state in State::ALL.into_iter().filter(|s| s.is_final()) {
        let outcome = Metric::Outcome(state.name().to_string());
        rows.push(sample.row(about, outcome, Statistic::Fraction, |s| share(&s.ended, state)));
    }
    let in_flight = |m: &Measured| m.finished.in_flight as f64;
    let values: Vec<f64> = sample.measured.iter().map(in_flight).collect();
    let estimate = student(&values, sample.model.run.level);
    let at_end = sample.with_estimate(about, Metric::Outcome("in_flight".into()), Statistic::Count, estimate);
    rows.push(Row { method: Basis::AtEnd { replications: values.len() as u64 }, ..at_end });
    rows.extend(sample.times(about, Metric::Sojourn, |s| all_classes(&s.sojourn)));
    let classes = &sample.model.classes;
    let every = adds(sample.model.features_of_whole(), Extra::Classes);
    for (c, class) in classes.iter().enumerate() {
        let about = EstimateSubject { class: Some(class), ..about };
        if every || sample.demands(about) {
            rows.extend(sample.times(about, Metric::Sojourn, |s| s.sojourn[c].clone()));
        }
    }
    rows
}

fn queue_rows(sample: &Sample, q: usize) -> Vec<Row> {
    let queue = &sample.model.queues[q];
    let about = EstimateSubject { scope: Scope::Queue, name: &queue.name, class: None };
    let mean = |metric, of: &dyn Fn(&Batch) -> Option<f64>| sample.row(about, metric, Statistic::Mean, of);
    let mut rows = vec![
        mean(Metric::ArrivalRate, &|s| per_second(s.queues[q].offered, s)),
        mean(Metric::Throughput, &|s| per_second(queue_classes(s, q).sojourn.moments.n, s)),
        mean(Metric::QueueLength, &|s| time_average(s.queues[q].ready.area(), s)),
        sample.row(about, Metric::BacklogPeak, Statistic::Max, |s| Some(s.queues[q].ready.max())),
    ];
    if sample.model.consumers_of(QueueId(q as u32)).next().is_none() {
        rows.extend(loss_rows(sample, q, about));
        return rows;
    }
    rows.push(mean(Metric::InSystem, &|s| time_average(s.queues[q].in_system.area(), s)));
    let busy = mean(Metric::Utilization, &|s| utilization(sample.model, s, q));
    let unlimited = |c: usize| matches!(sample.model.consumers[c].servers, Servers::Unlimited);
    let never = sample.model.consumers_of(QueueId(q as u32)).any(unlimited);
    rows.push(if never { busy.refused(NoValue::NotMeasured) } else { busy });
    rows.push(mean(Metric::Attempts, &|s| queue_classes(s, q).attempts.mean()));
    rows.push(sample.row(about, Metric::ProbWait, Statistic::Fraction, |s| prob_wait(&queue_classes(s, q).wait)));
    rows.extend(loss_rows(sample, q, about));
    rows.extend(sample.times(about, Metric::Wait, |s| queue_classes(s, q).wait.clone()));
    rows.push(mean(Metric::Service, &|s| mean_service(sample.model, s, q)));
    rows.extend(sample.times(about, Metric::Sojourn, |s| queue_classes(s, q).sojourn.clone()));
    rows.extend(class_rows(sample, q, about));
    rows
}

/// Rows that only a queue which can lose messages has.
fn loss_rows(sample: &Sample, q: usize, about: EstimateSubject) -> Vec<Row> {
    let lost = |s: &Batch, causes: &[Cause]| {
        let lost: u64 = causes.iter().map(|&c| s.queues[q].left[c as usize]).sum();
        (s.queues[q].offered > 0).then(|| lost as f64 / s.queues[q].offered as f64)
    };
    let mut rows = Vec::new();
    let adds = |extra| adds(sample.model.features_of_queue(QueueId(q as u32)), extra);
    if adds(Extra::Loss) {
        let of = |s: &Batch| lost(s, &[Cause::Refuse, Cause::Drop]);
        rows.push(sample.row(about, Metric::ProbLoss, Statistic::Fraction, of));
    }
    if adds(Extra::Expiry) {
        rows.push(sample.row(about, Metric::ProbAbandon, Statistic::Fraction, |s| lost(s, &[Cause::Expire])));
    }
    rows
}

/// Wait and sojourn by class, where a queue saw more than one, or where they are asked for.
fn class_rows(sample: &Sample, q: usize, about: EstimateSubject) -> Vec<Row> {
    let classes = &sample.model.classes;
    let at = |s: &Batch, c: usize| s.classes[q * classes.len() + c].clone();
    let seen = |c: usize| sample.measured.iter().any(|m| at(&m.kept, c).wait.moments.n > 0);
    let several = (0..classes.len()).filter(|&c| seen(c)).count() > 1;
    let of = |c: usize| EstimateSubject { class: Some(&classes[c]), ..about };
    let shown = |&c: &usize| (several && seen(c)) || (sample.demands(of(c)) && reaches(sample.model, c, q));
    let rows = |c: usize| {
        let about = of(c);
        let mut rows = sample.times(about, Metric::Wait, |s| at(s, c).wait);
        rows.extend(sample.times(about, Metric::Sojourn, |s| at(s, c).sojourn));
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
    let mean = |metric, of: &dyn Fn(&Batch) -> Option<f64>| sample.row(about, metric, Statistic::Mean, of);
    let mut rows = vec![
        mean(Metric::Throughput, &|s| per_second(s.pools[c].service.n, s)),
        mean(Metric::Service, &|s| s.pools[c].service.mean()),
        mean(Metric::Sojourn, &|s| s.pools[c].response.mean()),
    ];
    if let Servers::Count(n) = consumer.servers {
        rows.push(mean(Metric::Utilization, &|s| time_average(s.pools[c].busy.area() / f64::from(n), s)));
    }
    if adds(Feature::of_consumer(consumer), Extra::Duplicates) {
        let discarded = consumer.deduplicate;
        let of = |s: &Batch| Some(s.pools[c].duplicates[usize::from(discarded)] as f64);
        let row = sample.row(about, Metric::Duplicates, Statistic::Count, of);
        rows.push(Row { method: Basis::Duplicates { discarded, replications: row.n.unwrap_or(0) }, ..row });
    }
    rows
}

// ----- values of one replication ------------------------------------------------------------

fn per_second(count: u64, s: &Batch) -> Option<f64> {
    (s.length() > 0.0).then(|| count as f64 / s.length())
}

fn time_average(area: f64, s: &Batch) -> Option<f64> {
    (s.length() > 0.0).then(|| area / s.length())
}

pub(super) fn share(ended: &[u64; State::COUNT], state: State) -> Option<f64> {
    let total: u64 = ended.iter().sum();
    (total > 0).then(|| ended[state as usize] as f64 / total as f64)
}

fn prob_wait(wait: &Times) -> Option<f64> {
    let n = wait.histogram.total();
    (n > 0).then(|| 1.0 - wait.histogram.zeros() as f64 / n as f64)
}

/// A time of every class together.
pub(crate) fn all_classes(times: &[Times]) -> Times {
    let mut all = Times::default();
    for t in times {
        all.merge(t);
    }
    all
}

/// Every class of a queue together; borrowed where there is one class, as in most models.
pub(crate) fn queue_classes(s: &Batch, q: usize) -> Cow<'_, ClassAccumulator> {
    match &s.classes[q * s.sojourn.len()..(q + 1) * s.sojourn.len()] {
        [only] => Cow::Borrowed(only),
        classes => {
            let mut all = ClassAccumulator::default();
            classes.iter().for_each(|c| all.merge(c));
            Cow::Owned(all)
        }
    }
}

fn utilization(model: &Model, s: &Batch, q: usize) -> Option<f64> {
    let (mut area, mut servers) = (0.0, 0.0);
    for c in model.consumers_of(QueueId(q as u32)) {
        let Servers::Count(n) = model.consumers[c].servers else { return None };
        area += s.pools[c].busy.area();
        servers += f64::from(n);
    }
    time_average(area / servers, s)
}

fn mean_service(model: &Model, s: &Batch, q: usize) -> Option<f64> {
    let mut all = crate::stats::Tally::default();
    model.consumers_of(QueueId(q as u32)).for_each(|c| all.merge(&s.pools[c].service));
    all.mean()
}
