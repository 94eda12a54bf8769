//! Exchanges, bindings and queues.

use super::law::DurationSchema;
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// A router.
#[derive(JsonSchema)]
#[schemars(rename = "Exchange", deny_unknown_fields)]
pub(super) struct ExchangeSchema {
    kind: ExchangeKindSchema,
    /// Its rules.
    bindings: Option<Vec<BindingSchema>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "ExchangeKind", rename_all = "lowercase")]
pub(super) enum ExchangeKindSchema {
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
#[schemars(rename = "Binding", deny_unknown_fields)]
pub(super) struct BindingSchema {
    /// Key or pattern.
    key: Option<String>,
    /// Queue it leads to.
    queue: Option<String>,
    /// Exchange it leads to.
    exchange: Option<String>,
    /// Headers to compare.
    headers: Option<BTreeMap<String, String>>,
    /// Whether all or any of the headers must be equal; all by default.
    r#match: Option<HeaderMatchSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "HeaderMatch", rename_all = "lowercase")]
pub(super) enum HeaderMatchSchema {
    All,
    Any,
}

/// A buffer of messages.
#[derive(JsonSchema)]
#[schemars(rename = "Queue", deny_unknown_fields)]
pub(super) struct QueueSchema {
    /// Priorities 0 to n - 1 are served strictly, the highest first; 1 by default.
    #[schemars(range(min = 1))]
    priority_levels: Option<u8>,
    /// Most messages that may be waiting; no limit by default.
    max_length: Option<u32>,
    /// What a full queue does; `drop-head` by default.
    overflow: Option<OverflowSchema>,
    /// How long a message may wait.
    message_ttl: Option<DurationSchema>,
    /// Queue to which rejected, expired and dropped messages move.
    dead_letter: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Overflow", rename_all = "kebab-case")]
pub(super) enum OverflowSchema {
    /// The oldest message of the lowest priority goes.
    DropHead,
    /// The new message is refused.
    RejectPublish,
    /// The new message is refused and dead-lettered.
    RejectPublishDlx,
}
