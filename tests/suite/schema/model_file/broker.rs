//! Exchanges, bindings and queues.

use super::law::DurationSchema;
use schemars::JsonSchema;
use std::collections::BTreeMap;

described! {
    /// A router.
    table ExchangeSchema = "Exchange" {
        kind: ExchangeKindSchema,
        /// Its rules.
        bindings: Option<Vec<BindingSchema>>,
    }

    words ExchangeKindSchema = "ExchangeKind" {
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
    table BindingSchema = "Binding" {
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

    words HeaderMatchSchema = "HeaderMatch" {
        All,
        Any,
    }

    /// A buffer of messages.
    table QueueSchema = "Queue" {
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
