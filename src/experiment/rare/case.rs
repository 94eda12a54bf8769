//! What is rare: the event that a quantity is the probability of.

use super::error::RareError;
use crate::model::{Model, QueueId};
use crate::row::{Metric, Quantity, Statistic};
use crate::sim::Network;
use crate::sim::splitting::{RareEvent, RareSums};
use crate::stats::BlockSums;
use std::sync::atomic::AtomicBool;

/// Events of a path, for each rung of its ladder and for what is below the first.
pub(super) const EVENTS: u64 = 50_000;

/// Largest number of messages that is asked for.
const MOST_MESSAGES: f64 = 1e6;

/// What is rare in a model.
pub(super) struct RareCase<'m> {
    pub model: &'m Model,
    pub network: &'m Network,
    pub quantity: &'m Quantity,
    pub event: RareEvent,
    pub interrupted: &'m AtomicBool,
}

/// The event that a quantity is the probability of.
pub(super) fn event(model: &Model, quantity: &Quantity) -> Result<RareEvent, RareError> {
    let refused = || RareError::NotRare(Box::new(quantity.clone()));
    if let Statistic::Above(level) = quantity.statistic
        && !(0.0..=MOST_MESSAGES).contains(&level)
    {
        return Err(RareError::Level(level));
    }
    let queue = model.queues.iter().position(|queue| queue.name == quantity.name).map(|queue| queue as u32);
    if quantity.class.is_some() || (queue.is_none() && quantity.name != "system") {
        return Err(refused());
    }
    match (&quantity.metric, quantity.statistic, queue) {
        (Metric::InSystem, Statistic::Above(limit), queue) => Ok(RareEvent::InSystem(queue, limit as u32)),
        (Metric::QueueLength, Statistic::Above(limit), Some(queue)) => Ok(RareEvent::Ready(queue, limit as u32)),
        (Metric::ProbLoss, _, Some(queue)) if model.queue(QueueId(queue)).max_length.is_some() => {
            Ok(RareEvent::Loss(queue))
        }
        _ => Err(refused()),
    }
}

/// How much of the time the event held, or of how many messages it is the loss.
pub(super) fn happened(event: RareEvent, sums: &RareSums) -> BlockSums {
    match event {
        RareEvent::Loss(_) => BlockSums { sum: sums.lost, weight: sums.offered },
        RareEvent::InSystem(..) | RareEvent::Ready(..) => BlockSums { sum: sums.held, weight: sums.time },
    }
}
