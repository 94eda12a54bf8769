//! Both sides of the laws that hold on every path of a run: what was counted as it went by, against what was summed over
//! messages that left and those that remained.

use super::batch::Batch;
use crate::model::{PathLaw, State};
use crate::sim::Finished;
use crate::sim::probe::Remaining;

/// What messages at a queue, or in service at a pool, had when the run ended: sums.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct RestSums {
    messages: u64,
    wait: f64,
    sojourn: f64,
}

/// What remained at the end of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Rest {
    queues: Vec<RestSums>,
    /// Seconds of unfinished services, by pool.
    served: Vec<f64>,
}

/// Two sides that are equal but for rounding.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sides {
    /// What was counted over time.
    pub counted: f64,
    /// What the messages sum up to.
    pub summed: f64,
}

/// The laws at one queue; see [`PathLaw`](crate::model::PathLaw).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct QueueBalance {
    /// Message-seconds of waiting.
    pub waiting: Sides,
    /// Message-seconds of presence.
    pub presence: Sides,
    /// Messages.
    pub flow: Sides,
}

/// The laws of one replication, its start included: nothing straddles an edge that is not known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct PathBalance {
    /// By queue.
    pub queues: Vec<QueueBalance>,
    /// Server-seconds, by pool.
    pub utilization: Vec<Sides>,
    /// Messages that ended, by state: in the batches, and as the engine counts them.
    pub ended: [Sides; State::COUNT],
    /// Publications: in the batches, and as the engine counts them.
    pub published: Sides,
    /// Seconds by which the rounding of the clock may put two sides apart.
    pub clock: f64,
}

/// Relative difference from which two sides are not equal: sums of a billion terms are rounded a thousand times less.
const ROUNDING: f64 = 1e-6;

/// Units in the last place by which an instant may be off.
const LAST_PLACES: f64 = 8.0;

impl Sides {
    /// Whether they differ by more than rounding; `clock` is what the readings of the clock may add.
    pub(crate) fn differ(self, clock: f64) -> bool {
        let Sides { counted, summed } = self;
        let apart = (counted - summed).abs();
        apart.is_nan() || apart > ROUNDING * counted.abs().max(summed.abs()) + clock
    }
}

impl Rest {
    /// Nothing yet.
    pub(super) fn new(queues: usize, pools: usize) -> Rest {
        Rest { queues: vec![RestSums::default(); queues], served: vec![0.0; pools] }
    }

    /// One message more.
    pub(super) fn add(&mut self, message: &Remaining) {
        let sums = &mut self.queues[message.queue as usize];
        sums.messages += 1;
        sums.wait += message.wait;
        sums.sojourn += message.sojourn;
        if let Some(pool) = message.server {
            self.served[pool as usize] += message.served;
        }
    }
}

impl PathBalance {
    /// Of all batches of a replication and what remained.
    pub(super) fn of<'b>(batches: impl Iterator<Item = &'b Batch>, rest: &Rest, finished: &Finished) -> PathBalance {
        let start = |sums: &RestSums| QueueBalance {
            waiting: Sides { counted: 0.0, summed: sums.wait },
            presence: Sides { counted: 0.0, summed: sums.sojourn },
            flow: Sides { counted: 0.0, summed: sums.messages as f64 },
        };
        let utilization = rest.served.iter().map(|&summed| Sides { counted: 0.0, summed }).collect();
        let ended = finished.ended.map(|n| Sides { counted: 0.0, summed: n as f64 });
        let published = Sides { counted: 0.0, summed: finished.publications as f64 };
        let clock = LAST_PLACES * f64::EPSILON * finished.end * finished.events as f64;
        let queues = rest.queues.iter().map(start).collect();
        let mut balance = PathBalance { queues, utilization, ended, published, clock };
        batches.for_each(|batch| balance.add(batch));
        balance
    }

    /// Both sides of a law of a queue.
    pub(crate) fn at_queue(&self, q: usize, law: PathLaw) -> Option<Sides> {
        let queue = self.queues.get(q)?;
        match law {
            PathLaw::Waiting => Some(queue.waiting),
            PathLaw::Presence => Some(queue.presence),
            PathLaw::Flow => Some(queue.flow),
            PathLaw::Utilization => None,
        }
    }

    fn add(&mut self, batch: &Batch) {
        self.published.counted += batch.published.iter().sum::<u64>() as f64;
        self.ended.iter_mut().zip(&batch.ended).for_each(|(sides, &n)| sides.counted += n as f64);
        for (q, (balance, queue)) in self.queues.iter_mut().zip(&batch.queues).enumerate() {
            balance.waiting.counted += queue.ready.area();
            balance.presence.counted += queue.in_system.area();
            balance.flow.counted += queue.offered as f64;
            balance.flow.summed += queue.left.iter().sum::<u64>() as f64;
            for class in batch.classes_of(q) {
                balance.waiting.summed += class.wait.moments.sum();
                balance.presence.summed += class.sojourn.moments.sum();
            }
        }
        for (sides, pool) in self.utilization.iter_mut().zip(&batch.pools) {
            sides.counted += pool.busy.area();
            sides.summed += pool.service.sum();
        }
    }
}
