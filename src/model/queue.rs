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

    /// Whether a message can leave it by expiry or overflow.
    pub fn expels(&self) -> bool {
        self.message_ttl.is_some() || self.max_length.is_some() && self.overflow != Overflow::RejectPublish
    }
}

/// The cycles that following `next` leads into, each once, from its smallest index on.
pub(crate) fn cycles(next: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut reached_from = vec![None; next.len()];
    let mut cycles = Vec::new();
    for start in 0..next.len() {
        let mut at = Some(start);
        while let Some(here) = at.filter(|&here| reached_from[here].is_none()) {
            reached_from[here] = Some(start);
            at = next[here];
        }
        let Some(entry) = at.filter(|&entry| reached_from[entry] == Some(start)) else { continue };
        let mut cycle = vec![entry];
        cycle.extend(std::iter::successors(next[entry], |&q| next[q]).take_while(|&q| q != entry));
        let first = (0..cycle.len()).min_by_key(|&i| cycle[i]).unwrap_or(0);
        cycle.rotate_left(first);
        cycles.push(cycle);
    }
    cycles
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found_whatever_leads_into_them() {
        // 0 -> 3 -> 2 -> 4 -> 3; 1 -> 1; 5 -> 4; 6 ends; 7 -> 6.
        let next = [Some(3), Some(1), Some(4), Some(2), Some(3), Some(4), None, Some(6)];
        assert_eq!(cycles(&next), [vec![2, 4, 3], vec![1]]);
        assert!(cycles(&[]).is_empty());
    }
}
