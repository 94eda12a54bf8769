//! Exchanges: which queues a message reaches. Routing is resolved before a run starts,
//! for every kind of message that a model can publish, so no string is matched while
//! simulating.

use super::{ClassId, ExchangeId, QueueId};
use std::collections::{BTreeMap, BTreeSet};

/// Where something is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Through an exchange.
    Exchange(ExchangeId),
    /// Straight into a queue (AMQP's default exchange).
    Queue(QueueId),
}

/// One kind of message that a producer or consumer publishes.
#[derive(Debug, Clone)]
pub struct MessageKind {
    /// Its class; for onward publications `None` keeps the class of the incoming message.
    pub class: Option<ClassId>,
    /// Probability of this kind, in (0, 1].
    pub weight: f64,
    /// Routing key, words separated by dots.
    pub routing_key: String,
    /// Headers for a headers exchange.
    pub headers: BTreeMap<String, String>,
    /// Priority, higher first; for onward publications `None` keeps the incoming priority.
    pub priority: Option<u8>,
}

impl MessageKind {
    /// A message of the first class with a routing key: all that is published.
    pub fn with_key(routing_key: &str) -> MessageKind {
        MessageKind {
            class: Some(ClassId(0)),
            weight: 1.0,
            routing_key: routing_key.to_string(),
            headers: BTreeMap::new(),
            priority: None,
        }
    }
}

/// How an exchange matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeKind {
    /// Routing key equals binding key.
    Direct,
    /// Binding key is a pattern: `*` one word, `#` any number of words.
    Topic,
    /// Every binding matches.
    Fanout,
    /// Binding headers are compared.
    Headers,
}

/// How a headers binding matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderMatch {
    /// Every listed header is present with that value (the default of AMQP).
    All,
    /// At least one is.
    Any,
}

/// What a binding leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingTarget {
    /// A queue.
    Queue(QueueId),
    /// Another exchange (cycles are harmless: each exchange is visited once).
    Exchange(ExchangeId),
}

/// One rule of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Key or pattern; empty for fanout and headers.
    pub key: String,
    /// Headers to compare, for headers exchanges.
    pub headers: BTreeMap<String, String>,
    /// All or any of them.
    pub matching: HeaderMatch,
    /// Where matching messages go.
    pub target: BindingTarget,
}

impl Binding {
    /// A binding by key.
    pub fn new(key: &str, target: BindingTarget) -> Binding {
        Binding { key: key.to_string(), headers: BTreeMap::new(), matching: HeaderMatch::All, target }
    }
}

/// A router: takes no time, keeps nothing.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Unique name.
    pub name: String,
    /// How it matches.
    pub kind: ExchangeKind,
    /// Its rules.
    pub bindings: Vec<Binding>,
}

impl Exchange {
    /// An exchange with its rules.
    pub fn new(name: &str, kind: ExchangeKind, bindings: Vec<Binding>) -> Exchange {
        Exchange { name: name.to_string(), kind, bindings }
    }

    /// Whether a binding of this exchange lets a message through.
    pub fn matches(&self, binding: &Binding, kind: &MessageKind) -> bool {
        match self.kind {
            ExchangeKind::Direct => binding.key == kind.routing_key,
            ExchangeKind::Topic => topic_matches(&binding.key, &kind.routing_key),
            ExchangeKind::Fanout => true,
            ExchangeKind::Headers => {
                let mut listed = binding.headers.iter();
                let present = |(name, value): (&String, &String)| kind.headers.get(name) == Some(value);
                match binding.matching {
                    HeaderMatch::All => listed.all(present),
                    HeaderMatch::Any => listed.any(present),
                }
            }
        }
    }
}

/// Whether a topic pattern matches a routing key: `*` is exactly one word, `#` zero or more.
///
/// ```
/// use lindley::model::routing::topic_matches;
/// assert!(topic_matches("order.#", "order"));
/// assert!(topic_matches("order.*.eu", "order.paid.eu"));
/// assert!(!topic_matches("order.*", "order.paid.eu"));
/// ```
pub fn topic_matches(pattern: &str, key: &str) -> bool {
    fn words_match(pattern: &[&str], key: &[&str]) -> bool {
        match pattern.split_first() {
            None => key.is_empty(),
            Some((&"#", rest)) => (0..=key.len()).any(|skip| words_match(rest, &key[skip..])),
            Some((&word, rest)) => match key.split_first() {
                Some((&head, tail)) => (word == "*" || word == head) && words_match(rest, tail),
                None => false,
            },
        }
    }
    fn words(text: &str) -> Vec<&str> {
        if text.is_empty() { Vec::new() } else { text.split('.').collect() }
    }
    words_match(&words(pattern), &words(key))
}

/// Every queue reached from `to`, each once, in queue order.
pub(super) fn route(exchanges: &[Exchange], to: Destination, kind: &MessageKind) -> Vec<QueueId> {
    let mut reached = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut pending = Vec::new();
    match to {
        Destination::Queue(queue) => return vec![queue],
        Destination::Exchange(exchange) => pending.push(exchange),
    }
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        let exchange = &exchanges[id.0 as usize];
        for binding in exchange.bindings.iter().filter(|b| exchange.matches(b, kind)) {
            match binding.target {
                BindingTarget::Queue(queue) => drop(reached.insert(queue)),
                BindingTarget::Exchange(next) => pending.push(next),
            }
        }
    }
    reached.into_iter().collect()
}
