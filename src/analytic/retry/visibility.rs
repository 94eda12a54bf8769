//! Visibility time-outs: a message is handed out again when its consumer has not acknowledged it in
//! time.

use super::attempts::Attempts;
use crate::dist::Dist;

/// Probability that a delivery is repeated: processing lasts longer than the time-out.
///
/// Formula: P(S > T). Units: seconds; the result is a probability.
/// Valid when: the clock starts with processing; the acknowledgement is instantaneous, and one at
/// exactly T is in time.
/// Reference: the definition of the visibility time-out (Amazon SQS Developer Guide).
///
/// ```
/// use lindley::{analytic::retry::visibility::p_duplicate, dist::Dist};
/// assert_eq!(p_duplicate(&Dist::Deterministic(1.0), 0.5), 1.0);
/// assert_eq!(p_duplicate(&Dist::Deterministic(1.0), 1.5), 0.0);
/// assert_eq!(p_duplicate(&Dist::Exponential(1.0), 2.0), (-2.0_f64).exp());
/// ```
pub fn p_duplicate(service: &Dist, timeout: f64) -> f64 {
    service.survival(timeout)
}

/// Deliveries under a visibility time-out.
///
/// Formula: with p = P(S > T), deliveries per message are 1/(1-p), with a limit n (1 - p^n)/(1-p), of
/// which p^n of the messages become dead letters; every delivery occupies a consumer for a whole S,
/// so that the load is lambda E\[S\] times the mean number of deliveries.
/// Units: times in seconds, rates per second, load in erlangs.
/// Valid when: the times of different deliveries are drawn anew; only an acknowledgement in time
/// counts; the consumer does not notice the time-out and works on. With p = 1 and no limit messages
/// are delivered without end: the mean is infinite.
/// Reference: Amazon SQS Developer Guide, visibility timeout and maxReceiveCount; geometric trials.
///
/// ```
/// use lindley::{analytic::retry::visibility::Visibility, dist::Dist};
/// let queue = Visibility::new(&Dist::Deterministic(1.0), 0.5, Some(3));
/// assert_eq!((queue.deliveries(), queue.dead()), (3.0, 1.0));
/// assert_eq!(Visibility::new(&Dist::Deterministic(1.0), 0.5, None).deliveries(), f64::INFINITY);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visibility {
    attempts: Attempts,
    service: f64,
}

impl Visibility {
    /// The rule with that processing time, time-out (seconds) and limit of deliveries.
    pub fn new(service: &Dist, timeout: f64, most: Option<u32>) -> Visibility {
        let attempts = Attempts { failure: p_duplicate(service, timeout), most };
        Visibility { attempts, service: service.mean() }
    }

    /// Probability that a delivery is repeated (or, being the last one allowed, fails).
    pub fn p_duplicate(&self) -> f64 {
        self.attempts.failure
    }

    /// Mean deliveries of a message.
    pub fn deliveries(&self) -> f64 {
        self.attempts.mean()
    }

    /// Share of messages that become dead letters.
    pub fn dead(&self) -> f64 {
        self.attempts.dead()
    }

    /// Deliveries beyond the first, per second, at that arrival rate.
    pub fn duplicate_rate(&self, lambda: f64) -> f64 {
        lambda * self.attempts.retry_cumulants()[0]
    }

    /// Work that arrives, deliveries beyond the first included, erlangs.
    pub fn offered_load(&self, lambda: f64) -> f64 {
        lambda * self.deliveries() * self.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_and_frequent_time_outs() {
        let rule = Visibility::new(&Dist::Exponential(1.0), 60.0, Some(5));
        assert!((rule.p_duplicate().ln() + 60.0).abs() < 1e-12);
        assert!((rule.dead().ln() + 300.0).abs() < 1e-10);
        assert!((rule.duplicate_rate(2.0) / (2.0 * (-60.0_f64).exp()) - 1.0).abs() < 1e-12);
        let rule = Visibility::new(&Dist::Exponential(1.0), 2.0_f64.ln(), None);
        assert!((rule.deliveries() - 2.0).abs() < 1e-14);
        assert!((rule.offered_load(0.3) - 0.6).abs() < 1e-14);
    }
}
