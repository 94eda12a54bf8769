//! Who feeds whom, at what rate: traffic equations solved by hand.

use crate::analytic::build::{consumer, kind, model, onward, onward_kind, producer, queue};
use lindley::dist::Dist;
use lindley::model::traffic::{Deliveries, Passing, Sender};
use lindley::model::*;

const FIRST: QueueId = QueueId(0);
const SECOND: QueueId = QueueId(1);

/// 1/s into `a`, whose single server does 4/s and passes a share on to `b`.
fn tandem(share: f64) -> Model {
    let web = producer("web", 1.0, Destination::Queue(FIRST), vec![kind("", 1.0)]);
    let mut first = consumer("ca", 0, 1, 0.25);
    first.publish = onward(1, share);
    model(&["a", "b"], vec![web], vec![first, consumer("cb", 1, 1, 0.25)])
}

fn rates(model: &Model, passing: Passing) -> [f64; 2] {
    let rates = model.traffic().rates(passing);
    [FIRST, SECOND].map(|queue| rates.total(queue))
}

#[track_caller]
fn near(found: f64, exact: f64) {
    assert!((found - exact).abs() < 1e-9, "{found} instead of {exact}");
}

#[test]
fn feedback_is_a_geometric_series() {
    let mut model = tandem(0.5);
    model.consumers[1].publish = onward(0, 0.4);
    // a = 1 + 0.4 b, b = 0.5 a.
    for passing in [Passing::Least, Passing::Mean] {
        let [a, b] = rates(&model, passing);
        near(a, 1.25);
        near(b, 0.625);
    }
    near(model.traffic().rates(Passing::Mean).forwarded(FIRST), 0.25);
    assert!(model.traffic().graph().returns(0) && !tandem(0.5).traffic().graph().returns(0));
}

/// What only a simulation can tell: at least nothing, and at most as if nothing were lost.
#[test]
fn a_queue_that_can_lose_passes_on_nothing_for_certain() {
    let mut model = tandem(0.5);
    model.queues[0].max_length = Some(3);
    assert_eq!(rates(&model, Passing::Least), [1.0, 0.0]);
    assert_eq!(rates(&model, Passing::Mean), [1.0, 0.5]);
    // Overloaded: no more than its server does.
    let mut slow = tandem(1.0);
    slow.consumers[0].service = Dist::Exponential(2.0).into();
    assert_eq!(rates(&slow, Passing::Least), [1.0, 0.5]);
    // Two pools that do not do the same: the least of them, or half of each.
    let mut shared = tandem(0.5);
    shared.consumers.push(Consumer { publish: None, ..shared.consumers[0].clone() });
    assert_eq!(rates(&shared, Passing::Least), [1.0, 0.0]);
    assert_eq!(rates(&shared, Passing::Mean), [1.0, 0.25]);
}

#[test]
fn dead_letters_and_what_is_done_share_the_arrivals() {
    let mut model = tandem(1.0);
    model.queues.push(queue("dead"));
    model.queues[0].dead_letter = Some(QueueId(2));
    assert_eq!(model.traffic().dead_letter(FIRST), None, "nothing fails");
    model.consumers[0].failure = 0.5;
    model.consumers[0].retry.max_attempts = Some(2);
    let traffic = model.traffic();
    assert_eq!(traffic.dead_letter(FIRST), Some(QueueId(2)));
    let rates = traffic.rates(Passing::Least);
    assert_eq!((rates.total(SECOND), rates.total(QueueId(2))), (0.75, 0.25));
    assert_eq!(traffic.producers_reaching(QueueId(2)), [0]);
    // Lost, not dead-lettered.
    model.consumers[0].ack = Ack::Auto;
    assert_eq!(model.traffic().dead_letter(FIRST), None);
    assert_eq!(self::rates(&model, Passing::Least), [1.0, 0.5]);
}

#[test]
fn deliveries_count_failures_and_lost_acknowledgements() {
    let plain = Consumer { retry: Retry { max_attempts: None, ..Retry::default() }, ..consumer("w", 0, 1, 1.0) };
    let mean = |consumer: &Consumer| Deliveries::of(consumer).mean;
    assert_eq!(mean(&plain), 1.0);
    assert_eq!(mean(&Consumer { failure: 0.5, ..plain.clone() }), 2.0);
    assert_eq!(mean(&Consumer { ack_loss: 0.5, ..plain.clone() }), 2.0);
    // 0.5 fail, half of the others are not heard of.
    assert_eq!(mean(&Consumer { failure: 0.5, ack_loss: 0.5, ..plain.clone() }), 4.0);
    assert_eq!(mean(&Consumer { ack_loss: 0.5, deduplicate: true, ..plain.clone() }), 1.0);
    assert_eq!(mean(&Consumer { failure: 0.5, ack: Ack::Auto, ..plain.clone() }), 1.0);
    assert!(mean(&Consumer { failure: 1.0, ..plain }).is_infinite());
}

/// Classes weigh in by the rates at which they arrive, whoever sends them.
#[test]
fn a_server_is_held_by_the_classes_that_arrive() {
    let mut model = tandem(1.0);
    model.producers.push(producer("app", 3.0, Destination::Queue(SECOND), vec![kind("", 1.0)]));
    model.consumers[0].publish.as_mut().expect("a tandem").kinds =
        vec![MessageKind { class: Some(ClassId(1)), ..onward_kind("", 1.0) }];
    model.consumers[1].service.by_class = vec![(ClassId(1), ServiceTime::Drawn(Dist::Deterministic(1.25)))];
    model.consumers[1].turnaround = Some(Dist::Deterministic(0.5));
    model.consumers[1].failure = 0.5;
    let traffic = model.traffic();
    let rates = traffic.rates(Passing::Mean);
    // 3/s of 0.25 s and 1/s of 1.25 s, and the turnaround; each twice.
    assert_eq!(traffic.per_delivery(&model.consumers[1], &rates), 1.0);
    assert_eq!(traffic.holding(&model.consumers[1], &rates), 2.0);
    assert_eq!(traffic.capacity(&model.consumers[1], &rates), 0.5);
    // Twice (3/s x 0.25 s + 1/s x 1.25 s + 4/s x 0.5 s): eight servers are busy.
    assert_eq!(traffic.offered(&model.consumers[1], &rates), 8.0);
    assert_eq!(traffic.only_queue(Sender::Producer(1)), Some(SECOND));
}
