//! What a model uses is said once: each feature has a model that uses it, an engine that knows it or refuses
//! it by name, and theory that gives its value or a reason. And whoever decides about features names them all.

mod random;
mod schema;
mod sources;
mod traffic;

use crate::analytic::build::{consumer, kind, model, onward, onward_kind, producer, queue};
use lindley::analytic::theory;
use lindley::dist::{Count, Dist};
use lindley::experiment::{self, EngineChoice, Options, Study};
use lindley::model::feature::*;
use lindley::model::feature::{Extra, extra};
use lindley::model::*;
use lindley::row::{Metric, Row, Scope, Statistic};
use lindley::sim::{Recursion, RecursionRefusal};
use std::sync::atomic::AtomicBool;

/// What is expected of theory.
enum Says {
    /// The mean sojourn in `orders`, which a simulation confirms.
    Value,
    /// A reason with these words.
    Reason(&'static str),
}
use Says::{Reason, Value};

struct Case {
    change: fn(&mut Model),
    /// The feature that a recursion refuses, if it does: this one, or one without which it cannot be.
    refused: Option<FeatureKind>,
    theory: Says,
}

fn known(change: fn(&mut Model), theory: Says) -> Case {
    Case { change, refused: None, theory }
}

fn refused(kind: FeatureKind, change: fn(&mut Model), theory: Says) -> Case {
    Case { change, refused: Some(kind), theory }
}

/// An M/M/2 of one class, run long enough for a steady state.
fn plain() -> Model {
    let web = producer("web", 1.2, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    let mut plain = model(&["orders"], vec![web], vec![consumer("w", 0, 2, 1.0)]);
    plain.classes.truncate(1);
    plain.consumers[0].retry = Retry::default();
    plain.run.length = RunLength::Messages(12_000);
    plain.run.replications = 8;
    plain.run.warmup = Warmup::Time(200.0);
    plain
}

fn case(kind: FeatureKind) -> Case {
    match kind {
        FeatureKind::Whole(WholeKind::Classes) => refused(kind, two_classes, Value),
        FeatureKind::Whole(WholeKind::Drained) => known(drained, Reason("until the system is empty")),
        FeatureKind::Whole(WholeKind::KeptStart) => known(|m| m.run.warmup = Warmup::None, Reason("warm-up `none`")),
        FeatureKind::Disruption(which) => refused(kind, disruption(which), Reason("disruption `d`")),
        FeatureKind::Producer(which) => of_producer(which),
        FeatureKind::Exchange(which) => known(exchange(which), Value),
        FeatureKind::Queue(which) => of_queue(which),
        FeatureKind::Consumer(which) => of_consumer(which),
    }
}

fn two_classes(m: &mut Model) {
    m.classes.push("urgent".to_string());
    two_kinds(m);
    m.producers[0].kinds[1].class = Some(ClassId(1));
}

fn two_kinds(m: &mut Model) {
    m.producers[0].kinds = vec![kind("", 0.5), kind("", 0.5)];
}

fn drained(m: &mut Model) {
    m.run.length = RunLength::Drained;
    m.producers[0].arrivals = Arrivals::Schedule { pieces: vec![(1000.0, 1.2)], repeat: false };
}

fn disruption(kind: DisruptionKind) -> fn(&mut Model) {
    fn with(m: &mut Model, effect: Effect) {
        m.disruptions.push(Disruption { name: "d".to_string(), at: 300.0, lasts: 10.0, effect });
    }
    match kind {
        DisruptionKind::ServersDown => |m| with(m, Effect::ServersDown { consumer: 0, servers: None, requeue: false }),
        DisruptionKind::Crash => |m| with(m, Effect::ServersDown { consumer: 0, servers: Some(1), requeue: true }),
        DisruptionKind::Slowdown => |m| with(m, Effect::Slowdown { consumer: 0, factor: 2.0 }),
        DisruptionKind::Burst => |m| with(m, Effect::Burst { producer: 0, rate: 3.0 }),
    }
}

fn of_producer(which: ProducerKind) -> Case {
    let kind = FeatureKind::Producer(which);
    let timeout = FeatureKind::Producer(ProducerKind::Timeout);
    match which {
        ProducerKind::Poisson => known(|_| {}, Value),
        ProducerKind::Renewal => {
            known(|m| m.producers[0].arrivals = Arrivals::Renewal { interval: Dist::erlang(2, 0.8).unwrap() }, Value)
        }
        ProducerKind::Batch => known(
            |m| {
                let points = Box::new(Arrivals::Poisson { rate: 0.4 });
                m.producers[0].arrivals = Arrivals::Batch { points, size: Count::Constant(3) };
            },
            Value,
        ),
        ProducerKind::Schedule => known(
            |m| m.producers[0].arrivals = Arrivals::Schedule { pieces: vec![(1.0, 1.0), (1.0, 2.0)], repeat: true },
            Reason("arrivals follow a schedule"),
        ),
        ProducerKind::Sinusoid => known(
            |m| {
                m.producers[0].arrivals = Arrivals::Sinusoid { mean: 1.0, amplitude: 0.5, period: 9.0, phase: 0.0 };
            },
            Reason("arrivals swing"),
        ),
        ProducerKind::Markov => known(
            |m| {
                let (d0, d1) = (vec![-2.0, 1.0, 1.0, -1.5], vec![1.0, 0.0, 0.0, 0.5]);
                m.producers[0].arrivals =
                    Arrivals::Markov(MarkovArrivals { phases: 2, d0, d1, stationary: vec![0.5, 0.5] });
            },
            Value,
        ),
        ProducerKind::Trace => known(
            |m| m.producers[0].arrivals = Arrivals::Trace { times: (1..900).map(f64::from).collect() },
            Reason("arrivals are a trace"),
        ),
        ProducerKind::Closed => refused(
            kind,
            |m| m.producers[0].arrivals = Arrivals::Closed { population: 4, think: Dist::Exponential(2.0) },
            Value,
        ),
        ProducerKind::Kinds => refused(kind, two_kinds, Value),
        // A queue without levels takes no notice.
        ProducerKind::Priority => known(|m| m.producers[0].kinds[0].priority = Some(1), Value),
        // Who gives up once changes nothing for the others.
        ProducerKind::Timeout => refused(kind, |m| m.producers[0].client = Some(Client::new(5.0)), Value),
        ProducerKind::ClientAttempts => refused(timeout, publish_again, Reason("publish again")),
        ProducerKind::ClientBackoff => refused(
            timeout,
            |m| {
                publish_again(m);
                let backoff = Backoff::Fixed { delay: 1.0, jitter: Jitter::None };
                m.producers[0].client = m.producers[0].client.take().map(|client| Client { backoff, ..client });
            },
            Reason("publish again"),
        ),
    }
}

fn publish_again(m: &mut Model) {
    m.producers[0].client = Some(Client { max_attempts: Some(3), ..Client::new(5.0) });
}

fn exchange(kind: ExchangeFeatureKind) -> fn(&mut Model) {
    fn with(m: &mut Model, kind: ExchangeKind) {
        let binding = Binding::new("", BindingTarget::Queue(QueueId(0)));
        m.exchanges.push(Exchange::new("e", kind, vec![binding]));
        m.producers[0].to = Destination::Exchange(ExchangeId(m.exchanges.len() as u32 - 1));
    }
    match kind {
        ExchangeFeatureKind::Direct => |m| with(m, ExchangeKind::Direct),
        ExchangeFeatureKind::Topic => |m| {
            with(m, ExchangeKind::Topic);
            m.exchanges[0].bindings[0].key = "#".to_string();
        },
        ExchangeFeatureKind::Fanout => |m| with(m, ExchangeKind::Fanout),
        ExchangeFeatureKind::Headers => |m| {
            with(m, ExchangeKind::Headers);
            m.exchanges[0].bindings[0].headers.insert("region".to_string(), "eu".to_string());
            m.producers[0].kinds[0].headers.insert("region".to_string(), "eu".to_string());
        },
        ExchangeFeatureKind::ToExchange => |m| {
            with(m, ExchangeKind::Fanout);
            with(m, ExchangeKind::Fanout);
            m.exchanges[1].bindings[0].target = BindingTarget::Exchange(ExchangeId(0));
        },
    }
}

fn of_queue(which: QueueKind) -> Case {
    let kind = FeatureKind::Queue(which);
    match which {
        QueueKind::MaxLength => refused(
            kind,
            |m| {
                m.queues[0].max_length = Some(3);
                m.queues[0].overflow = Overflow::RejectPublish;
            },
            Value,
        ),
        QueueKind::MessageTtl => refused(kind, |m| m.queues[0].message_ttl = Some(2.0), Value),
        QueueKind::Priorities => refused(
            FeatureKind::Producer(ProducerKind::Kinds),
            |m| {
                m.queues[0].levels = 2;
                two_kinds(m);
                m.producers[0].kinds[0].priority = Some(1);
            },
            Value,
        ),
        QueueKind::DeadLetter => known(
            |m| {
                m.queues.push(queue("dead"));
                m.queues[0].dead_letter = Some(QueueId(1));
            },
            Value,
        ),
        QueueKind::Unserved => refused(kind, |m| m.consumers.clear(), Reason("no consumer takes from `orders`")),
        QueueKind::Shared => refused(
            kind,
            |m| m.consumers.push(consumer("v", 0, 1, 1.0)),
            Reason("`orders` is shared by consumers `w`, `v`"),
        ),
    }
}

fn of_consumer(which: ConsumerKind) -> Case {
    let kind = FeatureKind::Consumer(which);
    let failure = FeatureKind::Consumer(ConsumerKind::Failure);
    let onward_first = FeatureKind::Consumer(ConsumerKind::Onward);
    match which {
        ConsumerKind::Unlimited => known(|m| m.consumers[0].servers = Servers::Unlimited, Value),
        ConsumerKind::DrawnService => known(|m| m.consumers[0].service = Dist::Exponential(0.9).into(), Value),
        ConsumerKind::RecordedService => known(
            |m| m.consumers[0].service.default = ServiceTime::Recorded([1.0, 0.5].repeat(50_000).into()),
            Reason("service times of consumer `w` are recorded"),
        ),
        ConsumerKind::ServiceByClass => known(
            |m| m.consumers[0].service.by_class = vec![(ClassId(0), ServiceTime::Drawn(Dist::Exponential(1.1)))],
            Value,
        ),
        ConsumerKind::Turnaround => refused(
            kind,
            |m| m.consumers[0].turnaround = Some(Dist::Deterministic(0.25)),
            Reason("`w` keeps its server for a turnaround"),
        ),
        ConsumerKind::Latency => {
            refused(kind, |m| m.consumers[0].latency = 0.005, Reason("`w` has a delivery latency"))
        }
        ConsumerKind::AutoAck => {
            refused(kind, |m| m.consumers[0].ack = Ack::Auto, Reason("`w` acknowledges at delivery"))
        }
        ConsumerKind::Failure => refused(kind, |m| m.consumers[0].failure = 0.1, Value),
        ConsumerKind::Attempts | ConsumerKind::RequeueTail => refused(failure, fail_to_the_tail, Value),
        ConsumerKind::Backoff => refused(
            failure,
            |m| {
                fail_to_the_tail(m);
                m.consumers[0].retry.backoff = Backoff::Fixed { delay: 2.0, jitter: Jitter::Equal };
            },
            Value,
        ),
        ConsumerKind::AckLoss => refused(kind, |m| m.consumers[0].ack_loss = 0.1, Reason("`w` repeats messages")),
        ConsumerKind::Deduplicate => known(|m| m.consumers[0].deduplicate = true, Value),
        ConsumerKind::Onward => refused(onward_first, |m| publish_onward(m, 1.0), Value),
        ConsumerKind::OnwardShare => refused(onward_first, |m| publish_onward(m, 0.5), Value),
        ConsumerKind::OnwardKinds => refused(
            onward_first,
            |m| {
                publish_onward(m, 1.0);
                m.consumers[0].publish.as_mut().expect("just set").kinds =
                    vec![onward_kind("a", 0.5), onward_kind("b", 0.5)];
            },
            Value,
        ),
    }
}

fn fail_to_the_tail(m: &mut Model) {
    m.consumers[0].failure = 0.1;
    m.consumers[0].retry = Retry { max_attempts: None, requeue: Requeue::Tail, ..Retry::default() };
}

fn publish_onward(m: &mut Model, share: f64) {
    m.queues.push(queue("bills"));
    m.consumers.push(consumer("b", 1, 2, 1.0));
    m.consumers[0].publish = onward(1, share);
}

/// The model of a case, which uses the feature.
fn model_of(kind: FeatureKind) -> Model {
    let mut model = plain();
    (case(kind).change)(&mut model);
    assert!(model.features().any(|feature| feature.kind_and_owner().0 == kind), "{kind:?} is not used");
    model
}

fn run(model: &Model, engine: EngineChoice) -> Study {
    let options = Options { jobs: 1, engine, ..Options::default() };
    experiment::run(model, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs")
}

/// Mean sojourn in `orders` with the half-width of its interval.
fn simulated(model: &Model, engine: EngineChoice) -> (f64, f64) {
    let study = run(model, engine);
    let wanted = Row::exact(Scope::Queue, "orders", Metric::Sojourn, Statistic::Mean, 0.0, "");
    let row = study.result.rows.iter().find(|row| row.same_quantity(&wanted)).expect("a queue has a sojourn");
    let value = row.value.expect("messages were served");
    (value, row.high.map_or(0.0, |high| high - value))
}

#[test]
fn a_recursion_knows_each_feature_or_refuses_it_by_name() {
    for kind in FeatureKind::all() {
        let model = model_of(kind);
        match (Recursion::of(&model), case(kind).refused) {
            (Ok(_), None) => {
                let (one, other) =
                    (simulated(&model, EngineChoice::Recursion).0, simulated(&model, EngineChoice::General).0);
                assert!((one - other).abs() < 1e-9 * other, "{kind:?}: {one} and {other}");
            }
            (Err(RecursionRefusal::Feature { owner, kind: found }), Some(expected)) => {
                assert_eq!(found, expected, "{kind:?}");
                let said = RecursionRefusal::Feature { owner, kind: found }.to_string();
                assert!(said.ends_with(&expected.to_string()), "{said}");
            }
            (outcome, expected) => panic!("{kind:?}: {:?} instead of {expected:?}", outcome.map(|_| ())),
        }
    }
}

#[test]
fn theory_knows_each_feature_or_says_what_is_against_it() {
    for kind in FeatureKind::all() {
        let model = model_of(kind);
        let theory = theory(&model);
        let reasons: Vec<&String> =
            theory.broken.iter().filter(|b| b.queue == QueueId(0)).flat_map(|b| &b.reasons).collect();
        match case(kind).theory {
            Reason(words) => {
                assert!(reasons.iter().any(|why| why.contains(words)), "{kind:?}: {reasons:?}");
                assert!(theory.of(QueueId(0)).is_none(), "{kind:?}");
            }
            Value => {
                let solution = theory.of(QueueId(0)).unwrap_or_else(|| panic!("{kind:?}: {reasons:?}"));
                let wanted = Row::exact(Scope::Queue, "orders", Metric::Sojourn, Statistic::Mean, 0.0, "");
                let row = solution.rows.iter().find(|row| row.same_quantity(&wanted)).expect("a sojourn");
                let exact = row.value.expect("a value");
                let (value, half) = simulated(&model, EngineChoice::General);
                let far = |exact: f64| (value - exact).abs() / half;
                assert!(far(exact) < 2.5, "{kind:?}: {exact}, simulated {value} +/- {half}");
                assert!(far(1.2 * exact) > 2.5, "{kind:?}: the interval is too wide to tell anything");
            }
        }
    }
}

/// Numbers of their own appear where a feature has them, and only there.
#[test]
fn what_a_feature_adds_is_measured() {
    let shows = |study: &Study, extra: Extra| {
        study.result.rows.iter().any(|row| match extra {
            Extra::Classes => row.class.is_some(),
            Extra::Loss => row.metric == Metric::ProbLoss && row.scope == Scope::Queue,
            Extra::Expiry => row.metric == Metric::ProbAbandon && row.scope == Scope::Queue,
            Extra::Duplicates => row.metric == Metric::Duplicates,
            Extra::Clients => row.metric == Metric::Detail("timeouts".to_string()),
            Extra::Recovery => row.metric == Metric::Recovered,
        })
    };
    let short = |mut model: Model| {
        model.run.replications = 2;
        if model.run.length != RunLength::Drained {
            model.run.length = RunLength::Horizon(600.0);
        }
        let simulated_only = Model { run: RunSettings { warmup: Warmup::None, ..model.run.clone() }, ..model };
        run(&simulated_only, EngineChoice::General)
    };
    let base = short(plain());
    for kind in FeatureKind::all() {
        let model = model_of(kind);
        let own =
            model.features().find(|feature| feature.kind_and_owner().0 == kind).and_then(|feature| extra(&feature));
        let Some(own) = own else { continue };
        assert!(shows(&short(model), own), "{kind:?}: {own:?}");
        assert!(!shows(&base, own), "{own:?}");
    }
}
