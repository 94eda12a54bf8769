//! The graph of where messages can go next, and what follows from it.

use std::collections::BTreeSet;

/// Which queues messages can go to from each queue.
#[derive(Debug, Clone)]
pub struct QueueGraph {
    reach: Vec<BTreeSet<usize>>,
}

impl QueueGraph {
    /// From the queues that come next after each queue.
    pub fn new(next: Vec<BTreeSet<usize>>) -> QueueGraph {
        QueueGraph { reach: (0..next.len()).map(|q| reachable(&next, q)).collect() }
    }

    /// Whether a message that left the queue can come back.
    pub fn returns(&self, queue: usize) -> bool {
        self.reach[queue].contains(&queue)
    }

    /// Every queue, those on a cycle first, then each after all that feed it.
    pub fn order(&self) -> Vec<usize> {
        // A queue reaches strictly more than any queue behind it, so sizes give the order.
        let mut order: Vec<usize> = (0..self.reach.len()).collect();
        order.sort_by_key(|&q| (!self.returns(q), std::cmp::Reverse(self.reach[q].len())));
        order
    }

    /// Whether messages at `from` are at `queue` or can get there.
    pub fn covers(&self, from: usize, queue: usize) -> bool {
        from == queue || self.reach[from].contains(&queue)
    }
}

/// Everything behind a queue; itself only if on a cycle.
fn reachable(next: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut pending: Vec<usize> = next[from].iter().copied().collect();
    while let Some(queue) = pending.pop() {
        if seen.insert(queue) {
            pending.extend(&next[queue]);
        }
    }
    seen
}
