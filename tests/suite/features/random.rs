//! Whether two replications can differ.

use lindley::dist::{Count, Dist};
use lindley::model::{
    Arrivals, Backoff, Client, Consumer, Destination, Jitter, MessageKind, Model, Producer, Queue, QueueId, Retry,
    ServiceTimes,
};

fn constant() -> Arrivals {
    Arrivals::Renewal { interval: Dist::Deterministic(1.0) }
}

fn model(arrivals: Arrivals, service: impl Into<ServiceTimes>) -> Model {
    let to = Destination::Queue(QueueId(0));
    Model {
        classes: vec!["message".to_string()],
        producers: vec![Producer::new("web", arrivals, to, vec![MessageKind::with_key("")])],
        queues: vec![Queue::new("orders")],
        consumers: vec![Consumer::new("w", QueueId(0), service)],
        ..Model::default()
    }
}

/// Laws that have one value only, whatever family they are written in.
#[test]
fn what_never_varies_is_not_random() {
    let laws = [
        Dist::Deterministic(0.5),
        Dist::empirical(&[0.5, 0.5, 0.5]).unwrap(),
        Dist::mixture(vec![(1.0, Dist::Deterministic(0.5))]).unwrap(),
        Dist::shifted(0.25, Dist::Deterministic(0.25)).unwrap(),
    ];
    for law in laws {
        assert!(!model(constant(), law.clone()).is_random(), "{law:?}");
        assert!(!model(Arrivals::Renewal { interval: law.clone() }, law.clone()).is_random(), "{law:?}");
        assert!(!model(Arrivals::Closed { population: 2, think: law.clone() }, law.clone()).is_random(), "{law:?}");
    }
    for size in [Count::Constant(3), Count::uniform(3, 3).unwrap()] {
        let batches = Arrivals::Batch { points: Box::new(constant()), size };
        assert!(!model(batches, Dist::Deterministic(0.1)).is_random());
    }
}

#[test]
fn what_varies_is_random() {
    let fixed = || Dist::Deterministic(0.5);
    assert!(model(constant(), Dist::Exponential(0.5)).is_random());
    assert!(model(constant(), Dist::pareto(1.0, 1.0).unwrap()).is_random(), "no mean, hence no scv");
    assert!(model(Arrivals::Poisson { rate: 1.0 }, fixed()).is_random());
    let batches = |points: Arrivals, size| Arrivals::Batch { points: Box::new(points), size };
    assert!(model(batches(constant(), Count::uniform(1, 3).unwrap()), fixed()).is_random());
    assert!(model(batches(Arrivals::Poisson { rate: 1.0 }, Count::Constant(3)), fixed()).is_random());

    let jittered = Backoff::Fixed { delay: 1.0, jitter: Jitter::Full };
    let mut impatient = model(constant(), fixed());
    impatient.producers[0].client = Some(Client { backoff: jittered.clone(), ..Client::new(1.0) });
    assert!(impatient.is_random());
    let mut failing = model(constant(), fixed());
    failing.consumers[0].failure = 1.0;
    assert!(!failing.is_random(), "a failure that is certain");
    failing.consumers[0].retry = Retry { backoff: jittered, ..Retry::default() };
    assert!(failing.is_random());
    failing.consumers[0].retry = Retry::default();
    failing.consumers[0].failure = 0.5;
    assert!(failing.is_random());
}

/// What is not random is run once, and says so.
#[test]
fn a_model_without_randomness_is_run_once() {
    let batches = Arrivals::Batch { points: Box::new(constant()), size: Count::Constant(3) };
    let mut model = model(batches, Dist::mixture(vec![(1.0, Dist::Deterministic(0.25))]).unwrap());
    model.run.length = lindley::model::RunLength::Messages(300);
    let study = crate::support::study(&model);
    assert_eq!(study.result.provenance.stop_reason, lindley::experiment::result::StopReason::Deterministic);
    assert_eq!(study.result.provenance.replications, 1);
}
