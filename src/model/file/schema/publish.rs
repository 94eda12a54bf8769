//! What producers and consumers publish.

use super::arrivals::ArrivalsSchema;
use super::law::{DurationSchema, ProbabilitySchema};
use super::retry::ClientRetrySchema;
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// A source of messages. It needs either `exchange` or `queue`.
#[derive(JsonSchema)]
#[schemars(rename = "Producer", deny_unknown_fields)]
pub(super) struct ProducerSchema {
    /// When it publishes.
    arrivals: ArrivalsSchema,
    /// Exchange it publishes to.
    exchange: Option<String>,
    /// Queue it publishes to, without an exchange.
    queue: Option<String>,
    routing_key: Option<RoutingKeySchema>,
    /// Class of its messages; `message` by default.
    class: Option<String>,
    /// Priority, higher first; 0 by default.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
    /// Headers of its messages.
    headers: Option<BTreeMap<String, String>>,
    /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
    messages: Option<Vec<MessageSchema>>,
    /// How long a client waits for its message to be acknowledged; without a timeout by default.
    timeout: Option<DurationSchema>,
    /// What a client does then; nothing by default.
    retry: Option<ClientRetrySchema>,
}

/// One routing key, or a choice of several by weight.
#[derive(JsonSchema)]
#[schemars(rename = "RoutingKey", untagged)]
pub(super) enum RoutingKeySchema {
    Text(String),
    Choice(ChoiceSchema),
}

/// A choice of routing keys. At producers each key is a class of its own unless `class` is given.
#[derive(JsonSchema)]
#[schemars(rename = "Choice", deny_unknown_fields)]
pub(super) struct ChoiceSchema {
    /// Weight of each key.
    choice: BTreeMap<String, WeightSchema>,
}

/// A number >= 0, or a percentage such as `20%`.
#[derive(JsonSchema)]
#[schemars(rename = "Weight", untagged)]
pub(super) enum WeightSchema {
    Percent(String),
    Number(#[schemars(range(min = 0.0))] f64),
}

/// One kind of message.
#[derive(JsonSchema)]
#[schemars(rename = "Message", deny_unknown_fields)]
pub(super) struct MessageSchema {
    /// Its class.
    class: Option<String>,
    /// Its share; 1 by default, divided by the sum of all.
    weight: Option<WeightSchema>,
    /// Its routing key.
    routing_key: Option<String>,
    /// Its headers.
    headers: Option<BTreeMap<String, String>>,
    /// Its priority.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
}

/// What a consumer publishes when a message is done. It needs either `exchange` or `queue`; class and priority stay
/// those of the message unless they are given.
#[derive(JsonSchema)]
#[schemars(rename = "Publish", deny_unknown_fields)]
pub(super) struct PublishSchema {
    /// Exchange it publishes to.
    exchange: Option<String>,
    /// Queue it publishes to, without an exchange.
    queue: Option<String>,
    routing_key: Option<RoutingKeySchema>,
    /// Class of the new message.
    class: Option<String>,
    /// Priority of the new message.
    #[schemars(range(max = 254))]
    priority: Option<u8>,
    /// Headers of the new message.
    headers: Option<BTreeMap<String, String>>,
    /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
    messages: Option<Vec<MessageSchema>>,
    /// Probability that anything is published; 1 by default.
    probability: Option<ProbabilitySchema>,
}
