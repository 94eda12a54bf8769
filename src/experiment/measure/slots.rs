//! Ready messages over time, as time averages of slots that double in length when their number is used up.

use super::batch::QueueAccumulator;

/// Time slots of a series: between half and all of that many.
pub(super) const SLOTS: usize = 512;

/// Ready messages over time: the time average of each slot, per charted queue.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    /// End of each slot, seconds.
    pub ends: Vec<f64>,
    /// Averages, slot-major.
    pub averages: Vec<f64>,
    /// Charted queues.
    pub queues: usize,
    /// Times that neighbouring slots were joined.
    pub joined: u32,
    pub(super) area: Vec<f64>,
}

impl Slots {
    /// Closes a slot at `now`.
    pub(super) fn close(&mut self, now: f64, queues: &[QueueAccumulator]) {
        let length = now - self.ends.last().copied().unwrap_or(0.0);
        for (queue, area) in queues.iter().zip(&mut self.area).take(self.queues) {
            let total = queue.ready.area_until(now);
            self.averages.push((total - *area) / length);
            *area = total;
        }
        self.ends.push(now);
        if self.ends.len() == SLOTS {
            self.join();
        }
    }

    /// The integrals start again at 0 with a new batch.
    pub(super) fn restart(&mut self) {
        self.area.fill(0.0);
    }

    /// Joins neighbouring slots, which are of equal length.
    pub fn join(&mut self) {
        let n = self.queues;
        let pairs = self.ends.len() / 2;
        self.ends = (0..pairs).map(|i| self.ends[2 * i + 1]).collect();
        let at = |slot: usize, q: usize| self.averages[slot * n + q];
        self.averages = (0..pairs * n).map(|i| (at(2 * (i / n), i % n) + at(2 * (i / n) + 1, i % n)) / 2.0).collect();
        self.joined += 1;
    }
}
