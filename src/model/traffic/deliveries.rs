//! How often a message is delivered, and what becomes of it.

use crate::model::{Ack, Consumer};

/// What becomes of a message at a consumer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deliveries {
    /// Mean number of deliveries that hold a server; infinite if none succeeds and there is no limit.
    pub mean: f64,
    /// Probability that it is done in the end.
    pub done: f64,
    /// Probability that its attempts are used up.
    pub dead: f64,
}

impl Deliveries {
    /// Geometric, cut off at the attempts allowed.
    ///
    /// ```
    /// use lindley::dist::Dist;
    /// use lindley::model::traffic::Deliveries;
    /// use lindley::model::{Consumer, QueueId, Retry};
    /// let retry = Retry { max_attempts: Some(2), ..Retry::default() };
    /// let plain = Consumer::new("workers", QueueId(0), Dist::Exponential(1.0));
    /// let failing = Consumer { failure: 0.5, retry, ..plain };
    /// assert_eq!(Deliveries::of(&failing), Deliveries { mean: 1.5, done: 0.75, dead: 0.25 });
    /// ```
    pub fn of(consumer: &Consumer) -> Deliveries {
        let fails = consumer.failure;
        if consumer.ack == Ack::Auto {
            return Deliveries { mean: 1.0, done: 1.0 - fails, dead: 0.0 };
        }
        // A duplicate that is recognised takes no further service.
        let unheard = if consumer.deduplicate { 0.0 } else { (1.0 - fails) * consumer.ack_loss };
        let back = fails + unheard;
        let Some(most) = consumer.retry.max_attempts else {
            let ends = back < 1.0;
            return Deliveries { mean: 1.0 / (1.0 - back), done: f64::from(u8::from(ends)), dead: 0.0 };
        };
        // The model file allows no number that does not fit.
        let power = |p: f64| p.powi(i32::try_from(most).unwrap_or(i32::MAX));
        let mean = if back < 1.0 { (1.0 - power(back)) / (1.0 - back) } else { f64::from(most) };
        Deliveries { mean, done: (1.0 - back) * mean, dead: power(fails) }
    }
}
