//! Queues that a message passes once for each of its attempts.

use super::attempts::Attempts;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::Unstable;

/// M/M/c whose messages join the tail again after a failed attempt, perhaps after a back-off.
///
/// Formula: attempts arrive at lambda E\[K\]; the queue is M/M/c at that rate although they are not a
/// Poisson flow, and the back-off is M/G/inf beside it: L_queue = L(M/M/c),
/// L_backoff = lambda (E\[K\] - 1) E\[B\], W = (L_queue + L_backoff)/lambda. The sojourn of each attempt has the
/// same mean, so that a message of k attempts takes k W_attempt + (k-1) E\[B\].
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, exponential service of one rate for all attempts, first in first out,
/// attempts fail independently; any law of the back-off; lambda E\[K\] < c mu.
/// Reference: Baskett, Chandy, Muntz, Palacios (1975): attempt number = class, the back-off an
/// infinite-server node; Jackson (1957) without limit and back-off.
///
/// ```
/// use lindley::analytic::retry::{attempts::Attempts, passes::TailRetry};
/// // lambda = 0.3/s, p = 1/2 without limit, back-off 5 s: rho = 0.6, L = 1.5, W = (1.5 + 1.5)/0.3.
/// let tries = Attempts { failure: 0.5, most: None };
/// let queue = TailRetry::new(0.3, 1.0, 1, tries, 5.0).unwrap();
/// assert!((queue.in_queue() - 1.5).abs() < 1e-14 && (queue.in_backoff() - 1.5).abs() < 1e-14);
/// assert!((queue.sojourn() - 10.0).abs() < 1e-13);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailRetry {
    lambda: f64,
    attempts: Attempts,
    backoff: f64,
    queue: Mmc,
}

impl TailRetry {
    /// The queue with new messages at `lambda`, `c` servers of rate `mu`, and mean back-off, if it keeps up.
    pub fn new(lambda: f64, mu: f64, c: u32, attempts: Attempts, backoff: f64) -> Result<TailRetry, Unstable> {
        let queue = Mmc::new(lambda * attempts.mean(), mu, c)?;
        Ok(TailRetry { lambda, attempts, backoff, queue })
    }

    /// Share of attempts that wait.
    pub fn prob_wait(&self) -> f64 {
        self.queue.prob_wait()
    }

    /// Mean wait of one attempt, seconds.
    pub fn wait_per_attempt(&self) -> f64 {
        self.queue.wait()
    }

    /// Mean number waiting or in service.
    pub fn in_queue(&self) -> f64 {
        self.queue.in_system()
    }

    /// Mean number in back-off.
    pub fn in_backoff(&self) -> f64 {
        self.lambda * self.attempts.retry_cumulants()[0] * self.backoff
    }

    /// Mean time from first arrival to success or dead letter, seconds.
    pub fn sojourn(&self) -> f64 {
        (self.in_queue() + self.in_backoff()) / self.lambda
    }
}

/// Mean wait and probability of a wait in M/G/c, by Allen and Cunneen: an approximation.
///
/// Formula: Wq = (1 + scv)/2 C/(c mu - lambda), C = Erlang C. For retries to the tail lambda is the rate of all
/// attempts, taken as one Poisson flow (`retry-poisson-flow`); for retries that keep the server the service
/// is all attempts of a message together (`retry-holding-allen-cunneen`).
/// Units: lambda per second, times in seconds.
/// Valid when: lambda x mean < c. Exact for one server with Poisson arrivals that are no returns, and
/// for exponential service; otherwise an approximation.
/// Reference: Allen, Probability, Statistics, and Queueing Theory (2nd ed. 1990), sec. 5.3; Lee and
/// Longton (1959).
///
/// ```
/// use lindley::analytic::retry::passes::compound_flow_wait;
/// let (wait, _) = compound_flow_wait(0.5, 1.0, 0.0, 1).unwrap(); // M/D/1
/// assert!((wait - 0.5).abs() < 1e-15);
/// ```
pub fn compound_flow_wait(lambda: f64, mean: f64, scv: f64, c: u32) -> Result<(f64, f64), Unstable> {
    let queue = Mmc::new(lambda, 1.0 / mean, c)?;
    Ok((0.5 * (1.0 + scv) * queue.wait(), queue.prob_wait()))
}
