//! Queues: buffers with an order, a limit, a time to live and a place for what dies.

use super::QueueId;

/// A buffer of messages.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Unique name.
    pub name: String,
    /// Priority levels, 1..=255: 1 is plain FIFO; with n, priorities 0..n are served strictly
    /// from the highest, FIFO within a level.
    pub levels: u8,
    /// Most messages that may be ready (waiting, not yet with a consumer); `None`: no limit.
    pub max_length: Option<u32>,
    /// What happens to a message too many.
    pub overflow: Overflow,
    /// How long a message may stay ready, seconds. Fixed when it enters, kept through requeues,
    /// acted on when the message reaches the head of its level.
    pub message_ttl: Option<f64>,
    /// Queue to which rejected, expired and dropped messages move.
    pub dead_letter: Option<QueueId>,
}

impl Queue {
    /// A queue without limit, first in first out.
    pub fn new(name: &str) -> Queue {
        Queue {
            name: name.to_string(),
            levels: 1,
            max_length: None,
            overflow: Overflow::DropHead,
            message_ttl: None,
            dead_letter: None,
        }
    }
}

/// What a full queue does. Dispatch is tried first: a message that finds a free server
/// never counts against the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// The message at the head (oldest of the lowest priority level) is dropped or dead-lettered.
    DropHead,
    /// The new message is refused: the publisher is told no.
    RejectPublish,
    /// The new message is refused and dead-lettered.
    RejectPublishDlx,
}
