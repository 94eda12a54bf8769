//! Of which entity a number speaks, and where it comes from.

use serde::{Deserialize, Serialize};

/// What kind of entity a row speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole model, from first publication to the end of a message.
    System,
    /// One queue with the consumers that serve it.
    Queue,
    /// One pool of consumers.
    Consumer,
    /// One producer.
    Producer,
    /// A station of theory that is not a queue of the model.
    Station,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Estimated from replications.
    Simulation,
    /// A closed form or a numerically exact computation.
    Exact,
    /// A named approximation.
    Approximation,
    /// A bound.
    Bound,
    /// Measured on a real system.
    Trace,
}

impl Scope {
    const ALL: [Scope; 5] = [Scope::System, Scope::Queue, Scope::Consumer, Scope::Producer, Scope::Station];

    /// What an entity of this kind is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scope::System => "system",
            Scope::Queue => "queue",
            Scope::Consumer => "consumer",
            Scope::Producer => "producer",
            Scope::Station => "station",
        }
    }

    /// The kind that stands before a name that several kinds of entity share, as `queue:orders`, and the name.
    pub(crate) fn split(text: &str) -> (Option<Scope>, &str) {
        let name = |scope: Scope| text.strip_prefix(scope.name())?.strip_prefix(':');
        let found = Scope::ALL.into_iter().find_map(|scope| Some((scope, name(scope)?)));
        found.map_or((None, text), |(scope, name)| (Some(scope), name))
    }
}
