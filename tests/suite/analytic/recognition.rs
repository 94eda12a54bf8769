//! Which queues of a model theory solves, with which name, and what it says of the others.

use super::build::{consumer, kind, model, onward, producer, queue, two_servers};
use lindley::analytic::{Theory, theory};
use lindley::dist::{Count, Dist};
use lindley::model::*;
use lindley::row::{Metric, NoValue, Row, Scope, Source, Statistic};

/// A fanout exchange to the queues of these indices, and producers that go through it.
fn fan_out(mut model: Model, to: &[u32]) -> Model {
    let binding = |&queue: &u32| Binding::new("", BindingTarget::Queue(QueueId(queue)));
    let bindings = to.iter().map(binding).collect();
    model.exchanges.push(Exchange::new("all", ExchangeKind::Fanout, bindings));
    model.producers.iter_mut().for_each(|p| p.to = Destination::Exchange(ExchangeId(0)));
    model
}

fn kendall(theory: &Theory, queue: u32) -> Option<&str> {
    theory.of(QueueId(queue)).map(|solution| solution.kendall.as_str())
}

fn value(theory: &Theory, scope: Scope, name: &str, metric: Metric, statistic: Statistic) -> Option<f64> {
    let wanted = Row::exact(scope, name, metric, statistic, 0.0, "");
    theory.rows().find(|row| row.same_quantity(&wanted)).and_then(|row| row.value)
}

fn reasons(model: &Model, queue: u32) -> Vec<String> {
    let theory = theory(model);
    let apart = theory.broken.len() + theory.unstable.len();
    assert_eq!(theory.solutions.len() + theory.approximated.len() + apart, model.queues.len());
    let broken = theory.broken.into_iter().chain(theory.unstable).find(|broken| broken.queue == QueueId(queue));
    broken.map(|broken| broken.reasons).unwrap_or_default()
}

/// Exactly one reason, with these words.
fn assert_broken(model: &Model, queue: u32, words: &[&str]) {
    let reasons = reasons(model, queue);
    assert_eq!(reasons.len(), 1, "{words:?}: {reasons:?}");
    assert!(words.iter().all(|word| reasons[0].contains(word)), "{words:?}: {reasons:?}");
}

fn service_is(consumer: &mut Consumer, law: Dist) {
    consumer.service.default = ServiceTime::Drawn(law);
}

#[test]
fn one_queue_has_station_consumer_and_system_rows() {
    let theory = theory(&two_servers());
    assert_eq!(kendall(&theory, 0), Some("M/M/2"));
    let near = |scope, name, metric, statistic, exact: f64| {
        let value = value(&theory, scope, name, metric, statistic).unwrap();
        assert!((value - exact).abs() < 1e-12, "{value} {exact}");
    };
    near(Scope::Queue, "orders", Metric::Wait, Statistic::Mean, 9.0 / 7.0);
    near(Scope::Queue, "orders", Metric::ProbWait, Statistic::Fraction, 9.0 / 14.0);
    near(Scope::Queue, "orders", Metric::Sojourn, Statistic::Mean, 16.0 / 7.0);
    near(Scope::Queue, "orders", Metric::QueueLength, Statistic::Mean, 27.0 / 14.0);
    near(Scope::Queue, "orders", Metric::OfferedLoad, Statistic::Mean, 1.5);
    near(Scope::Queue, "orders", Metric::Wait, Statistic::Quantile(0.9), (0.9_f64 / 1.4 / 0.1).ln() / 0.5);
    near(Scope::Consumer, "w", Metric::Utilization, Statistic::Mean, 0.75);
    near(Scope::System, "system", Metric::Sojourn, Statistic::Mean, 16.0 / 7.0);
    near(Scope::System, "system", Metric::Throughput, Statistic::Mean, 1.5);
    near(Scope::System, "system", Metric::Reliability, Statistic::Fraction, 1.0);
}

#[test]
fn kendall_names_follow_the_service() {
    let named = |law: Dist, servers: Servers, room: Option<u32>| {
        let mut model = two_servers();
        model.producers[0].arrivals = Arrivals::Poisson { rate: 0.5 };
        service_is(&mut model.consumers[0], law);
        model.consumers[0].servers = servers;
        model.queues[0].max_length = room;
        model.queues[0].overflow = Overflow::RejectPublish;
        kendall(&theory(&model), 0).map(str::to_string)
    };
    let one = Servers::Count(1);
    assert_eq!(named(Dist::Exponential(1.0), one, None).as_deref(), Some("M/M/1"));
    assert_eq!(named(Dist::Deterministic(1.0), one, None).as_deref(), Some("M/D/1"));
    assert_eq!(named(Dist::erlang(4, 1.0).unwrap(), one, None).as_deref(), Some("M/E4/1"));
    assert_eq!(named(Dist::lognormal(1.0, 2.0).unwrap(), one, None).as_deref(), Some("M/LN/1"));
    assert_eq!(named(Dist::Exponential(1.0), Servers::Count(3), Some(9)).as_deref(), Some("M/M/3/12"));
    assert_eq!(named(Dist::Deterministic(1.0), Servers::Count(3), Some(0)).as_deref(), Some("M/D/3/3"));
    assert_eq!(named(Dist::Deterministic(1.0), Servers::Unlimited, None).as_deref(), Some("M/D/inf"));
    assert_eq!(named(Dist::weibull(1.0, 1.0).unwrap(), Servers::Count(3), None).as_deref(), Some("M/M/3"));
    assert_eq!(named(Dist::Deterministic(1.0), Servers::Count(3), Some(1)), None);
    assert_eq!(named(Dist::Deterministic(1.0), Servers::Count(3), None).as_deref(), Some("M/D/3"));
    assert_eq!(named(Dist::erlang(2, 1.0).unwrap(), Servers::Count(2), None).as_deref(), Some("M/E2/2"));
}

#[test]
fn poisson_in_disguise_is_recognised() {
    let disguises = [
        Arrivals::Renewal { interval: Dist::Exponential(0.5) },
        Arrivals::Renewal { interval: Dist::erlang(1, 0.5).unwrap() },
        Arrivals::Batch { points: Box::new(Arrivals::Poisson { rate: 2.0 }), size: Count::Constant(1) },
        Arrivals::Sinusoid { mean: 2.0, amplitude: 0.0, period: 1.0, phase: 0.0 },
        Arrivals::Markov(MarkovArrivals { phases: 1, d0: vec![-2.0], d1: vec![2.0], stationary: vec![1.0] }),
    ];
    for arrivals in disguises {
        let mut model = two_servers();
        model.producers[0].arrivals = arrivals;
        model.consumers[0].servers = Servers::Count(3);
        let theory = theory(&model);
        let rate = value(&theory, Scope::Queue, "orders", Metric::ArrivalRate, Statistic::Mean);
        assert_eq!(rate, Some(2.0), "{:?}", model.producers[0].arrivals);
    }
}

#[test]
fn splitting_superposition_and_tandem_stay_poisson() {
    // a: 1/s direct + 30 % of 2/s; half of what `a` serves goes on to `b`.
    let direct = producer("p", 1.0, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    let split = producer("q", 2.0, Destination::Exchange(ExchangeId(0)), vec![kind("x", 0.3), kind("y", 0.7)]);
    let mut first = consumer("ca", 0, 2, 1.0);
    first.publish = onward(1, 0.5);
    let mut model = model(&["a", "b"], vec![direct, split], vec![first, consumer("cb", 1, 1, 1.0)]);
    let binding = Binding::new("x", BindingTarget::Queue(QueueId(0)));
    model.exchanges = vec![Exchange::new("e", ExchangeKind::Direct, vec![binding])];
    let theory = theory(&model);
    assert_eq!((kendall(&theory, 0), kendall(&theory, 1)), (Some("M/M/2"), Some("M/M/1")));
    let rate = |name| value(&theory, Scope::Queue, name, Metric::ArrivalRate, Statistic::Mean).unwrap();
    assert!((rate("a") - 1.6).abs() < 1e-15 && (rate("b") - 0.8).abs() < 1e-15);
    assert!(theory.rows().all(|row| row.scope != Scope::System));
}

#[test]
fn queues_are_solved_upstream_first_whatever_their_order() {
    // b (index 0) is fed by a (index 1), which is fed by a pure delay (index 2).
    let web = producer("web", 0.5, Destination::Queue(QueueId(2)), vec![kind("", 1.0)]);
    let (mut delay, mut middle) = (consumer("d", 2, 1, 1.0), consumer("m", 1, 1, 1.0));
    delay.servers = Servers::Unlimited;
    service_is(&mut delay, Dist::Deterministic(9.0));
    delay.publish = onward(1, 1.0);
    middle.publish = onward(0, 1.0);
    let model = model(&["b", "a", "delay"], vec![web], vec![consumer("l", 0, 1, 1.0), middle, delay]);
    let theory = theory(&model);
    let names: Vec<_> = theory.solutions.iter().map(|solution| solution.kendall.as_str()).collect();
    assert_eq!(names, ["M/M/1", "M/M/1", "M/D/inf"]);
}

#[test]
fn copies_are_poisson_each_but_not_together() {
    let web = producer("web", 0.5, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    let pools = vec![consumer("ca", 0, 1, 1.0), consumer("cb", 1, 1, 1.0), consumer("cc", 2, 1, 1.0)];
    let mut model = fan_out(model(&["a", "b", "c"], vec![web], pools), &[0, 1]);
    assert_eq!(theory(&model).solutions.len(), 2);
    assert_broken(&model, 2, &["no messages arrive at `c`"]);
    model.consumers[0].publish = onward(2, 1.0);
    assert_eq!(kendall(&theory(&model), 2), Some("M/M/1"));
    model.consumers[1].publish = onward(2, 1.0);
    assert_broken(&model, 2, &["copies of messages of `web` arrive on 2 paths"]);
}

#[test]
fn a_limit_loses_the_same_at_either_end_but_times_differ() {
    let mut model = two_servers();
    model.queues[0].max_length = Some(2);
    model.queues[0].overflow = Overflow::RejectPublish;
    let reject = theory(&model);
    assert_eq!(kendall(&reject, 0), Some("M/M/2/4"));
    let loss = |theory: &Theory| value(theory, Scope::Queue, "orders", Metric::ProbLoss, Statistic::Fraction).unwrap();
    assert!((loss(&reject) - 0.124_042_879_019_908_11).abs() < 1e-14);
    let reliability = value(&reject, Scope::System, "system", Metric::Reliability, Statistic::Fraction).unwrap();
    assert!((reliability + loss(&reject) - 1.0).abs() < 1e-14);
    model.queues[0].overflow = Overflow::DropHead;
    let drop = theory(&model);
    assert!((loss(&drop) / loss(&reject) - 1.0).abs() < 1e-14);
    let wait = |theory: &Theory| value(theory, Scope::Queue, "orders", Metric::Wait, Statistic::Mean).unwrap();
    assert!(wait(&drop) < 0.99 * wait(&reject), "{} {}", wait(&drop), wait(&reject));
}

#[test]
fn equal_priorities_and_equal_laws_by_class_do_not_matter() {
    let mut model = two_servers();
    model.queues[0].levels = 3;
    model.producers[0].kinds = vec![kind("", 0.5), kind("", 0.5)];
    model.producers[0].kinds[0].priority = Some(2);
    model.producers[0].kinds[1].priority = Some(9);
    model.producers[0].kinds[1].class = Some(ClassId(1));
    model.consumers[0].service.by_class = vec![(ClassId(1), ServiceTime::Drawn(Dist::Exponential(1.0)))];
    assert_eq!(kendall(&theory(&model), 0), Some("M/M/2"));
}

#[test]
fn moments_that_do_not_exist_are_null_with_a_reason() {
    let mut model = two_servers();
    model.producers[0].arrivals = Arrivals::Poisson { rate: 0.2 };
    model.consumers[0].servers = Servers::Count(1);
    service_is(&mut model.consumers[0], Dist::pareto(1.0, 1.8).unwrap());
    let theory = theory(&model);
    let wait: Vec<_> = theory.rows().filter(|row| row.metric == Metric::Wait && row.scope == Scope::Queue).collect();
    assert_eq!(wait[0].value, None);
    assert_eq!(wait[0].refusal, Some(NoValue::NoSuchMoment));
    assert_eq!(wait.len(), 2 + model.run.quantiles.len());
    assert!(theory.rows().all(|row| row.value.is_none_or(f64::is_finite)));
}

type Change = fn(&mut Model);

/// One change to an M/M/2, one reason.
#[test]
fn every_broken_assumption_is_named() {
    let table: [(Change, &[&str]); 16] = [
        (|m| m.run.warmup = Warmup::None, &["warm-up `none`"]),
        (|m| m.run.length = RunLength::Drained, &["until the system is empty"]),
        (|m| m.producers[0].arrivals = schedule(), &["`web`: arrivals follow a schedule"]),
        (|m| m.producers[0].arrivals = sinusoid(), &["`web`: arrivals swing"]),
        (|m| m.producers[0].arrivals = Arrivals::Trace { times: [0.0, 1.0].into() }, &["`web`: arrivals are a trace"]),
        (|m| m.consumers.clear(), &["no consumer takes from `orders`"]),
        (|m| m.consumers.push(consumer("v", 0, 1, 1.0)), &["`orders` is shared by consumers `w`, `v`"]),
        (fail_lost, &["`w` acknowledges at delivery"]),
        (|m| m.consumers[0].ack = Ack::Auto, &["`w` acknowledges at delivery"]),
        (|m| m.consumers[0].ack_loss = 0.01, &["`w` repeats messages", "0.01"]),
        (|m| m.consumers[0].turnaround = Some(Dist::Deterministic(0.25)), &["`w` keeps its server", "0.25 s"]),
        (|m| m.consumers[0].latency = 0.005, &["`w` has a delivery latency of 0.005 s"]),
        (recorded, &["service times of consumer `w` are recorded"]),
        (|m| m.consumers[0].servers = Servers::Count(1), &["`orders`", "utilization 1.500000", "no steady state"]),
        (|m| m.consumers[0].retry.backoff = growing(&mut m.consumers[0].failure), &["back-off of consumer `w` grows"]),
        (fail_at_the_head, &["`w` returns failed messages to the head"]),
    ];
    for (change, words) in table {
        let mut model = two_servers();
        change(&mut model);
        assert_broken(&model, 0, words);
    }
}

/// One change to an M/M/2, and the station that it becomes.
#[test]
fn every_feature_is_recognised() {
    let table: [(Change, &str); 8] = [
        (|m| m.producers[0].arrivals = renewal(), "E2/M/2"),
        (|m| m.producers[0].arrivals = batches(), "M^X/M/2"),
        (|m| m.producers[0].arrivals = markov(), "/M/2"),
        (|m| m.producers[0].arrivals = closed(), "M/M/2 in a closed network"),
        (|m| m.queues[0].message_ttl = Some(30.0), "M/M/2+D"),
        (two_priorities, "M/M/2 non-preemptive priority"),
        (fail_once, "M/M/2 with retries at the server"),
        (fail_at_the_tail, "M/M/2 with retries to the tail"),
    ];
    for (change, kendall) in table {
        let mut model = two_servers();
        change(&mut model);
        let theory = theory(&model);
        let found: Vec<&str> = theory.solutions.iter().map(|s| s.kendall.as_str()).collect();
        assert!(
            found.len() == 1 && found[0].ends_with(kendall),
            "{kendall}: {found:?} {:?} {:?}",
            theory.broken,
            theory.unstable
        );
        assert!(theory.solutions[0].choice.contains("exactly"), "{}", theory.solutions[0].choice);
    }
}

/// What has no exact method has approximations under their names, and the reason.
#[test]
fn without_an_exact_method_the_choice_says_why() {
    let changes: [(Change, &str); 2] = [
        (|m| service_is(&mut m.consumers[0], Dist::lognormal(1.0, 2.0).unwrap()), "lognormal"),
        (|m| service_is(&mut m.consumers[0], Dist::uniform(0.0, 2.0).unwrap()), "uniform"),
    ];
    for (change, word) in changes {
        let mut model = two_servers();
        change(&mut model);
        let theory = theory(&model);
        assert_eq!((theory.solutions.len(), theory.approximated.len()), (0, 1), "{:?}", theory.broken);
        let approximated = &theory.approximated[0];
        assert!(
            approximated.choice.contains("no exact method") && approximated.choice.contains(word),
            "{}",
            approximated.choice
        );
        let waits = approximated.rows.iter().filter(|r| r.metric == Metric::Wait && r.statistic == Statistic::Mean);
        assert!(waits.clone().count() >= 3);
        assert!(waits.clone().all(|r| matches!(r.source, Source::Approximation | Source::Bound)));
    }
}

fn renewal() -> Arrivals {
    Arrivals::Renewal { interval: Dist::erlang(2, 1.0).unwrap() }
}

fn batches() -> Arrivals {
    Arrivals::Batch { points: Box::new(Arrivals::Poisson { rate: 0.5 }), size: Count::Constant(3) }
}

fn schedule() -> Arrivals {
    Arrivals::Schedule { pieces: vec![(1.0, 1.0), (1.0, 2.0)], repeat: true }
}

fn sinusoid() -> Arrivals {
    Arrivals::Sinusoid { mean: 1.0, amplitude: 0.5, period: 10.0, phase: 0.0 }
}

fn markov() -> Arrivals {
    let (d0, d1) = (vec![-2.0, 1.0, 1.0, -2.0], vec![1.0, 0.0, 0.0, 1.0]);
    Arrivals::Markov(MarkovArrivals { phases: 2, d0, d1, stationary: vec![0.5, 0.5] })
}

fn closed() -> Arrivals {
    Arrivals::Closed { population: 7, think: Dist::Exponential(1.0) }
}

fn two_priorities(model: &mut Model) {
    model.queues[0].levels = 2;
    model.producers[0].kinds = vec![kind("", 0.5), kind("", 0.5)];
    model.producers[0].kinds[0].priority = Some(1);
}

fn fail_once(model: &mut Model) {
    model.consumers[0].failure = 0.02;
    model.consumers[0].retry.max_attempts = Some(1);
}

fn fail_at_the_tail(model: &mut Model) {
    model.consumers[0].failure = 0.02;
    model.consumers[0].retry.requeue = Requeue::Tail;
}

fn fail_at_the_head(model: &mut Model) {
    model.consumers[0].failure = 0.02;
}

/// A back-off that doubles, and a reason to use it.
fn growing(failure: &mut f64) -> Backoff {
    *failure = 0.02;
    Backoff::Exponential { base: 1.0, factor: 2.0, cap: 10.0, jitter: Jitter::None }
}

fn fail_lost(model: &mut Model) {
    model.consumers[0].failure = 0.02;
    model.consumers[0].ack = Ack::Auto;
}

fn recorded(model: &mut Model) {
    model.consumers[0].service.default = ServiceTime::Recorded([1.0, 2.0].into());
}

/// Classes with exponential laws of their own are one hyperexponential.
#[test]
fn classes_with_laws_of_their_own_are_a_mixture() {
    let mut model = two_servers();
    model.producers[0].kinds = vec![kind("", 0.5), kind("", 0.5)];
    model.producers[0].kinds[1].class = Some(ClassId(1));
    model.consumers[0].service.by_class = vec![(ClassId(1), ServiceTime::Drawn(Dist::Exponential(1.2)))];
    assert_eq!(kendall(&theory(&model), 0), Some("M/PH/2"));
}

#[test]
fn what_flows_from_a_queue_is_judged() {
    let web = producer("web", 0.5, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    let mut first = consumer("ca", 0, 1, 1.0);
    first.publish = onward(1, 1.0);
    let tandem = model(&["a", "b"], vec![web], vec![first, consumer("cb", 1, 1, 1.0)]);

    let mut constant = tandem.clone();
    service_is(&mut constant.consumers[0], Dist::Deterministic(1.0));
    assert_broken(&constant, 1, &["messages arrive from `a`, and departures of M/D/1 are not Poisson"]);

    let mut limited = tandem.clone();
    limited.queues[0].max_length = Some(5);
    assert_broken(&limited, 1, &["departures of M/M/1/6"]);

    let mut unsolved = tandem.clone();
    unsolved.queues[0].message_ttl = Some(1.0);
    assert_broken(&unsolved, 1, &["departures of M/M/1+D"]);
    unsolved.consumers[0].latency = 1.0;
    assert_broken(&unsolved, 1, &["messages arrive from `a`, which is not solved"]);

    let mut feedback = tandem.clone();
    feedback.consumers[1].publish = onward(0, 0.5);
    // Product form: 0.5/s and half of it again and again is 1/s at either queue, which is too much.
    assert!(reasons(&feedback, 0)[0].contains("utilization 1"), "{:?}", reasons(&feedback, 0));
    feedback.consumers[1].publish = onward(0, 0.25);
    assert_eq!(kendall(&theory(&feedback), 1), Some("M/M/1 in an open network"));
    let sojourn = value(&theory(&feedback), Scope::System, "system", Metric::Sojourn, Statistic::Mean).unwrap();
    assert!((sojourn - 2.0 * 2.0 / 0.5).abs() < 1e-12, "2/3 of a server each, L = 2 each: {sojourn}");
    feedback.consumers[1].latency = 1.0;
    assert!(reasons(&feedback, 0).iter().any(|why| why.contains("messages can come back to `a`")));
    assert!(reasons(&feedback, 1).iter().any(|why| why.contains("messages can come back to `b`")));

    let mut parking = two_servers();
    parking.queues.push(queue("dead"));
    parking.consumers.push(consumer("undertaker", 1, 1, 1.0));
    parking.queues[0].dead_letter = Some(QueueId(1));
    assert_broken(&parking, 1, &["no messages arrive at `dead`"]);
    parking.queues[0].max_length = Some(5);
    assert_broken(&parking, 1, &["messages dead-lettered by `orders`"]);
    assert!(theory(&parking).rows().all(|row| row.scope != Scope::System));
}

#[test]
fn several_broken_assumptions_are_all_named() {
    let mut model = two_servers();
    (model.consumers[0].ack_loss, model.consumers[0].latency) = (0.5, 1.0);
    model.consumers[0].turnaround = Some(Dist::Deterministic(0.25));
    assert_eq!(reasons(&model, 0).len(), 3);
}
