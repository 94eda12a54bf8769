//! How often a message is delivered, and what becomes of it.

use crate::model::{Ack, Consumer, Retry};

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
        // A new key of a consumer has to decide here whether it brings messages back.
        let Consumer {
            ack,
            failure: fails,
            ack_loss,
            deduplicate,
            retry: Retry { max_attempts, backoff: _, requeue: _ },
            name: _,
            queue: _,
            servers: _,
            service: _,
            publish: _,
            turnaround: _,
            latency: _,
        } = consumer;
        match ack {
            Ack::Auto => Deliveries { mean: 1.0, done: 1.0 - fails, dead: 0.0 },
            // A duplicate that is recognised takes no further service.
            Ack::Manual if *deduplicate => Deliveries::repeated(*fails, 0.0, *max_attempts),
            Ack::Manual => Deliveries::repeated(*fails, (1.0 - fails) * ack_loss, *max_attempts),
        }
    }

    /// Failed ones and those whose end is not heard of come back.
    fn repeated(fails: f64, unheard: f64, most: Option<u32>) -> Deliveries {
        let back = fails + unheard;
        let Some(most) = most else {
            let ends = back < 1.0;
            return Deliveries { mean: 1.0 / (1.0 - back), done: f64::from(u8::from(ends)), dead: 0.0 };
        };
        // The model file allows no number that does not fit.
        let power = |p: f64| p.powi(i32::try_from(most).unwrap_or(i32::MAX));
        let mean = if back < 1.0 { (1.0 - power(back)) / (1.0 - back) } else { f64::from(most) };
        Deliveries { mean, done: (1.0 - back) * mean, dead: power(fails) }
    }
}
