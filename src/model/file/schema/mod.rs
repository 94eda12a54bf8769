//! The JSON Schema of a model file, for editors (taplo, Even Better TOML) and for programs
//! that write models. Plain mirror structs: they are never filled, only described; a test
//! holds their keys against those that the parser knows.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

mod arrivals;
mod disruption;
mod drain;
mod law;
mod run;
mod size;
mod sweep;

use arrivals::Arrivals;
use disruption::Disruption;
use law::{Column, Duration, Probability, Time, TimeUnit};
use run::{Amount, Expectation, Run};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use std::collections::BTreeMap;

/// The JSON Schema (draft-07) of a model file.
///
/// ```
/// let schema = lindley::model::file::schema::schema();
/// assert_eq!(schema["title"], "Model file");
/// ```
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ModelFile>().to_value()
}

/// A message system: who publishes, how messages are routed and queued, who consumes.
#[derive(JsonSchema)]
#[schemars(title = "Model file", deny_unknown_fields)]
pub(super) struct ModelFile {
    model: Option<Header>,
    /// Sources of messages, by name.
    producers: BTreeMap<String, Producer>,
    /// Routers, by name.
    exchanges: Option<BTreeMap<String, Exchange>>,
    /// Buffers, by name.
    queues: BTreeMap<String, Queue>,
    /// Pools of servers, by name.
    consumers: Option<BTreeMap<String, Consumer>>,
    /// What goes wrong, or well, for a while, by name.
    disruptions: Option<BTreeMap<String, Disruption>>,
    run: Option<Run>,
    /// What the system should achieve: `"entity.metric.statistic" = limit`. Throughput, goodput, reliability and
    /// `outcome.acked` must be at least the limit, everything else at most.
    targets: Option<BTreeMap<String, Amount>>,
    /// Values that a run must reproduce: `"entity.metric.statistic" = { value = ... }`.
    expect: Option<BTreeMap<String, Expectation>>,
    study: Option<Study>,
    /// Blocks of points at which the model is run.
    sweep: Option<Vec<sweep::SweepBlock>>,
    /// What is to be as small as possible.
    size: Option<size::Size>,
    /// What is to be recovered from.
    drain: Option<drain::Drain>,
}

/// A study of a model in another file.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Study {
    /// File of the model, relative to this one; what stands here is said over it.
    model: Option<String>,
}

/// About the model itself.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Header {
    /// Name for titles; by default the name of the file.
    name: Option<String>,
}

/// A source of messages. It needs either `exchange` or `queue`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Producer {
    /// When it publishes.
    arrivals: Arrivals,
    /// Exchange it publishes to.
    exchange: Option<String>,
    /// Queue it publishes to, without an exchange.
    queue: Option<String>,
    routing_key: Option<RoutingKey>,
    /// Class of its messages; `message` by default.
    class: Option<String>,
    /// Priority, higher first; 0 by default.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
    /// Headers of its messages.
    headers: Option<BTreeMap<String, String>>,
    /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
    messages: Option<Vec<Message>>,
    /// How long a client waits for its message to be acknowledged; without a timeout by default.
    timeout: Option<Duration>,
    /// What a client does then; nothing by default.
    retry: Option<ClientRetry>,
}

/// A client publishes its message again; the old one stays in the broker.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ClientRetry {
    /// Publications in all, the first included, or `unlimited`.
    max_attempts: Attempts,
    /// Time between a timeout and the next publication; none by default.
    backoff: Option<Backoff>,
}

/// One routing key, or a choice of several by weight.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum RoutingKey {
    Text(String),
    Choice(Choice),
}

/// A choice of routing keys. At producers each key is a class of its own unless `class` is given.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Choice {
    /// Weight of each key.
    choice: BTreeMap<String, Weight>,
}

/// A number >= 0, or a percentage such as `20%`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Weight {
    Percent(String),
    Number(#[schemars(range(min = 0.0))] f64),
}

/// One kind of message.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Message {
    /// Its class.
    class: Option<String>,
    /// Its share; 1 by default, divided by the sum of all.
    weight: Option<Weight>,
    /// Its routing key.
    routing_key: Option<String>,
    /// Its headers.
    headers: Option<BTreeMap<String, String>>,
    /// Its priority.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
}

/// A router.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Exchange {
    kind: ExchangeKind,
    /// Its rules.
    bindings: Option<Vec<Binding>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum ExchangeKind {
    /// Routing key equals binding key.
    Direct,
    /// The binding key is a pattern: `*` one word, `#` any number of words.
    Topic,
    /// Every binding matches.
    Fanout,
    /// Headers are compared.
    Headers,
}

/// One rule of an exchange. It needs either `queue` or `exchange`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Binding {
    /// Key or pattern.
    key: Option<String>,
    /// Queue it leads to.
    queue: Option<String>,
    /// Exchange it leads to.
    exchange: Option<String>,
    /// Headers to compare.
    headers: Option<BTreeMap<String, String>>,
    /// Whether all or any of the headers must be equal; all by default.
    r#match: Option<HeaderMatch>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum HeaderMatch {
    All,
    Any,
}

/// A buffer of messages.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Queue {
    /// Priorities 0 to n - 1 are served strictly, the highest first; 1 by default.
    #[schemars(range(min = 1))]
    priority_levels: Option<u8>,
    /// Most messages that may be waiting; no limit by default.
    max_length: Option<u32>,
    /// What a full queue does; `drop-head` by default.
    overflow: Option<Overflow>,
    /// How long a message may wait.
    message_ttl: Option<Duration>,
    /// Queue to which rejected, expired and dropped messages move.
    dead_letter: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Overflow {
    /// The oldest message of the lowest priority goes.
    DropHead,
    /// The new message is refused.
    RejectPublish,
    /// The new message is refused and dead-lettered.
    RejectPublishDlx,
}

/// A pool of servers that take messages from one queue.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Consumer {
    /// Queue it takes from.
    queue: String,
    /// How many messages are in work at once; 1 by default.
    servers: Option<Servers>,
    /// Only 1 is modelled: each server holds one message.
    #[schemars(range(min = 1, max = 1))]
    prefetch: Option<u8>,
    /// When a message counts as done; `manual` by default.
    ack: Option<Ack>,
    /// Time to process one message.
    service: Service,
    /// How often processing fails.
    failure: Option<Chance>,
    /// How often the acknowledgement of a processed message is lost.
    ack_loss: Option<Chance>,
    /// Whether a message already processed is recognised and discarded.
    deduplicate: Option<bool>,
    /// What happens after a failure; one attempt by default, then dead-lettered or dropped.
    retry: Option<Retry>,
    /// What is published when a message is done.
    publish: Option<Publish>,
    /// Time a server stays taken after each service.
    turnaround: Option<Time>,
    /// A message cannot start sooner than this after it entered the queue.
    latency: Option<Duration>,
}

/// A number of servers, or `unlimited`: a pure delay.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Servers {
    Count(#[schemars(range(min = 1))] u32),
    Word(Unlimited),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Unlimited {
    Unlimited,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Ack {
    /// After processing: failures can be retried.
    Manual,
    /// At delivery: a failure loses the message.
    Auto,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Chance {
    probability: Probability,
}

/// A distribution, recorded times, or one of these by class.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Service {
    One(ServiceTime),
    ByClass(ByClass),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ByClass {
    /// Service times of some classes.
    by_class: BTreeMap<String, ServiceTime>,
    /// Service time of all others.
    default: Option<ServiceTime>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum ServiceTime {
    Drawn(Time),
    Recorded(Recorded),
}

/// Recorded times: the n-th message of a trace producer takes the n-th one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Recorded {
    trace: Times,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Times {
    /// CSV file, relative to the model file; decompressed if the name ends in `.gz`.
    file: String,
    column: Option<Column>,
    /// Unit of the column; seconds by default.
    unit: Option<TimeUnit>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Retry {
    /// Deliveries in all, the first included, or `unlimited`.
    max_attempts: Attempts,
    /// Time away from the queue; none by default.
    backoff: Option<Backoff>,
    /// Where a message without back-off returns to; `head` by default.
    requeue: Option<Requeue>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Attempts {
    Count(#[schemars(range(min = 1))] u32),
    Word(Unlimited),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Backoff {
    /// Back at once.
    None,
    /// Always the same delay.
    Fixed(Fixed),
    /// `min(cap, base * factor^(failures - 1))`.
    Exponential(Growing),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Fixed {
    delay: Duration,
    jitter: Option<Jitter>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Growing {
    /// First delay.
    base: Duration,
    /// Growth per failure; 2 by default.
    #[schemars(range(min = 1.0))]
    factor: Option<f64>,
    /// Largest delay.
    cap: Duration,
    jitter: Option<Jitter>,
}

/// How a delay d is randomised.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Jitter {
    /// d.
    None,
    /// Uniform on [0, d].
    Full,
    /// Uniform on [d/2, d].
    Equal,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Requeue {
    Head,
    Tail,
}

/// What a consumer publishes when a message is done. It needs either `exchange` or `queue`; class and priority stay
/// those of the message unless they are given.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Publish {
    /// Exchange it publishes to.
    exchange: Option<String>,
    /// Queue it publishes to, without an exchange.
    queue: Option<String>,
    routing_key: Option<RoutingKey>,
    /// Class of the new message.
    class: Option<String>,
    /// Priority of the new message.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
    /// Headers of the new message.
    headers: Option<BTreeMap<String, String>>,
    /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
    messages: Option<Vec<Message>>,
    /// Probability that anything is published; 1 by default.
    probability: Option<Probability>,
}
