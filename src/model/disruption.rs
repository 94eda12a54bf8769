//! Disruptions: what goes wrong, or well, for a while. Pure data.

/// Something that holds for a stretch of simulated time.
#[derive(Debug, Clone, PartialEq)]
pub struct Disruption {
    /// Unique name.
    pub name: String,
    /// When it begins, seconds.
    pub at: f64,
    /// How long it lasts, seconds (> 0).
    pub lasts: f64,
    /// What it does.
    pub effect: Effect,
}

/// What a disruption does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Servers of a consumer take no new message.
    ServersDown {
        /// Index in the model's consumers.
        consumer: usize,
        /// How many; `None`: all of them.
        servers: Option<u32>,
        /// Whether messages in service go back to their queue at once (a crash), or are finished
        /// (a drained stop, a dependency that throttles new calls).
        requeue: bool,
    },
    /// Services that begin meanwhile take `factor` times as long.
    Slowdown {
        /// Index in the model's consumers.
        consumer: usize,
        /// Stretch of the service time (> 0).
        factor: f64,
    },
    /// A producer publishes more: Poisson messages of the same kinds on top of its own.
    Burst {
        /// Index in the model's producers.
        producer: usize,
        /// Additional messages per second (> 0).
        rate: f64,
    },
}
