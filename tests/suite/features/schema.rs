//! Features against the JSON Schema: which key shows each, and no key of a queue or consumer without one.

use lindley::model::FeatureKind;
use lindley::model::feature::{ConsumerKind, DisruptionKind, ExchangeFeatureKind, ProducerKind, QueueKind, WholeKind};
use lindley::model::file::schema::schema;
use serde_json::Value;
use std::collections::BTreeSet;

/// Definition and key (or variant, or word) of the schema that shows a feature.
fn shown_by(kind: FeatureKind) -> (&'static str, &'static str) {
    match kind {
        FeatureKind::Whole(WholeKind::Classes) => ("Producer", "class"),
        FeatureKind::Whole(WholeKind::Drained) => ("Run", "drained"),
        FeatureKind::Whole(WholeKind::KeptStart) => ("Run", "warmup"),
        FeatureKind::Disruption(DisruptionKind::ServersDown) => ("Disruption", "servers_down"),
        FeatureKind::Disruption(DisruptionKind::Crash) => ("Disruption", "requeue"),
        FeatureKind::Disruption(DisruptionKind::Slowdown) => ("Disruption", "slowdown"),
        FeatureKind::Disruption(DisruptionKind::Burst) => ("Disruption", "extra"),
        FeatureKind::Producer(kind) => of_producer(kind),
        FeatureKind::Exchange(ExchangeFeatureKind::Direct) => ("ExchangeKind", "direct"),
        FeatureKind::Exchange(ExchangeFeatureKind::Topic) => ("ExchangeKind", "topic"),
        FeatureKind::Exchange(ExchangeFeatureKind::Fanout) => ("ExchangeKind", "fanout"),
        FeatureKind::Exchange(ExchangeFeatureKind::Headers) => ("ExchangeKind", "headers"),
        FeatureKind::Exchange(ExchangeFeatureKind::ToExchange) => ("Binding", "exchange"),
        FeatureKind::Queue(kind) => of_queue(kind),
        FeatureKind::Consumer(kind) => of_consumer(kind),
    }
}

fn of_producer(kind: ProducerKind) -> (&'static str, &'static str) {
    match kind {
        ProducerKind::Poisson => ("Arrivals", "poisson"),
        ProducerKind::Renewal => ("Arrivals", "renewal"),
        ProducerKind::Batch => ("Arrivals", "batch"),
        ProducerKind::Schedule => ("Arrivals", "schedule"),
        ProducerKind::Sinusoid => ("Arrivals", "sinusoid"),
        ProducerKind::Markov => ("Arrivals", "map"),
        ProducerKind::Trace => ("Arrivals", "trace"),
        ProducerKind::Closed => ("Arrivals", "closed"),
        ProducerKind::Kinds => ("Producer", "messages"),
        ProducerKind::Priority => ("Producer", "priority"),
        ProducerKind::Timeout => ("Producer", "timeout"),
        ProducerKind::ClientAttempts => ("ClientRetry", "max_attempts"),
        ProducerKind::ClientBackoff => ("ClientRetry", "backoff"),
    }
}

fn of_queue(kind: QueueKind) -> (&'static str, &'static str) {
    match kind {
        QueueKind::MaxLength => ("Queue", "max_length"),
        QueueKind::MessageTtl => ("Queue", "message_ttl"),
        QueueKind::Priorities => ("Queue", "priority_levels"),
        QueueKind::DeadLetter => ("Queue", "dead_letter"),
        QueueKind::Unserved | QueueKind::Shared => ("Consumer", "queue"),
    }
}

fn of_consumer(kind: ConsumerKind) -> (&'static str, &'static str) {
    match kind {
        ConsumerKind::Unlimited => ("Consumer", "servers"),
        ConsumerKind::DrawnService => ("Consumer", "service"),
        ConsumerKind::RecordedService => ("Recorded", "trace"),
        ConsumerKind::ServiceByClass => ("ByClass", "by_class"),
        ConsumerKind::Turnaround => ("Consumer", "turnaround"),
        ConsumerKind::Latency => ("Consumer", "latency"),
        ConsumerKind::AutoAck => ("Consumer", "ack"),
        ConsumerKind::Failure => ("Consumer", "failure"),
        ConsumerKind::Attempts => ("Retry", "max_attempts"),
        ConsumerKind::Backoff => ("Retry", "backoff"),
        ConsumerKind::RequeueTail => ("Retry", "requeue"),
        ConsumerKind::AckLoss => ("Consumer", "ack_loss"),
        ConsumerKind::Deduplicate => ("Consumer", "deduplicate"),
        ConsumerKind::Onward => ("Consumer", "publish"),
        ConsumerKind::OnwardShare => ("Publish", "probability"),
        ConsumerKind::OnwardKinds => ("Publish", "messages"),
    }
}

fn words(schema: &Value, definition: &str) -> BTreeSet<String> {
    let definition = &schema["definitions"][definition];
    let keys = definition["properties"].as_object().into_iter().flat_map(|keys| keys.keys().cloned());
    let variants = definition["oneOf"].as_array().into_iter().flatten();
    let named = |variant: &Value| {
        let name = variant["const"].as_str().or(variant["required"][0].as_str()).or(variant["enum"][0].as_str());
        name.map(str::to_string)
    };
    keys.chain(variants.filter_map(named)).collect()
}

#[test]
fn the_schema_shows_every_feature() {
    let schema = schema();
    for kind in FeatureKind::all() {
        let (definition, key) = shown_by(kind);
        assert!(words(&schema, definition).contains(key), "{kind:?}: `{definition}.{key}`");
    }
}

/// What stands for a part of its own, with keys that are features, and what is no feature.
#[test]
fn no_key_of_a_queue_or_consumer_is_without_a_feature() {
    let schema = schema();
    let plain: BTreeSet<&str> = ["prefetch", "retry", "overflow"].into();
    let shown: BTreeSet<(&str, &str)> = FeatureKind::all().into_iter().map(shown_by).collect();
    for definition in ["Queue", "Consumer"] {
        let all = words(&schema, definition);
        let missing: Vec<&String> =
            all.iter().filter(|key| !plain.contains(key.as_str()) && !shown.contains(&(definition, key))).collect();
        assert!(missing.is_empty(), "{definition}: {missing:?}");
    }
}
