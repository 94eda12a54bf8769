//! Partitions with one queue each, keys deciding which: the hot one decides.

use crate::analytic::station::mm1::Mm1;
use crate::analytic::steady::Unstable;

/// A Poisson stream split at random by weights over dedicated M/M/1 queues.
///
/// Formula: queue i gets lambda w_i / sum w, W_i = 1/(mu_i - lambda_i), W = sum of w_i W_i / sum w; the
/// largest stable lambda is min over i of mu_i sum w / w_i.
/// Units: rates per second.
/// Valid when: keys are independent and many to a partition, service exponential, every lambda_i < mu_i.
/// Reference: random splitting of a Poisson stream: Kingman, Poisson Processes (1993), sec. 5.1;
/// M/M/1: Kleinrock I (1975), sec. 3.2.
///
/// ```
/// use lindley::analytic::broker::partitions::Partitions;
/// let split = Partitions { lambda: 1.5, weights: vec![2.0, 1.0], mus: vec![2.0, 1.0] };
/// assert!((split.sojourn().unwrap() - (2.0 / 3.0 + 2.0 / 3.0)).abs() < 1e-15); // 1 s and 2 s
/// assert_eq!(split.largest_rate(), 3.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Partitions {
    /// Arrivals per second, all partitions together.
    pub lambda: f64,
    /// Share of each partition, up to a common factor.
    pub weights: Vec<f64>,
    /// Service rate of each, per second.
    pub mus: Vec<f64>,
}

impl Partitions {
    /// Share of the messages that goes to partition i.
    pub fn share(&self, i: usize) -> f64 {
        self.weights[i] / self.weights.iter().sum::<f64>()
    }

    /// The queue of partition i.
    pub fn queue(&self, i: usize) -> Result<Mm1, Unstable> {
        Mm1::new(self.lambda * self.share(i), self.mus[i])
    }

    /// Mean sojourn over all messages, seconds.
    pub fn sojourn(&self) -> Result<f64, Unstable> {
        (0..self.weights.len()).map(|i| Ok(self.share(i) * self.queue(i)?.sojourn())).sum()
    }

    /// The hot partition: the one that saturates first.
    pub fn hottest(&self) -> usize {
        let load = |i: usize| self.weights[i] / self.mus[i];
        (0..self.weights.len()).max_by(|&i, &j| load(i).total_cmp(&load(j)).then(j.cmp(&i))).unwrap_or(0)
    }

    /// The arrival rate at which the hot partition saturates, per second.
    pub fn largest_rate(&self) -> f64 {
        let hot = self.hottest();
        self.mus[hot] / self.share(hot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_partitions_and_a_hot_one() {
        let split = Partitions { lambda: 3.2, weights: vec![1.0; 4], mus: vec![1.0; 4] };
        assert!((split.sojourn().unwrap() - 5.0).abs() < 1e-12);
        assert!((split.largest_rate() - 4.0).abs() < 1e-12);
        let split = Partitions { lambda: 2.1, weights: vec![1.0, 2.0, 1.0], mus: vec![1.0; 3] };
        assert_eq!(split.hottest(), 1);
        assert!(split.sojourn().is_err() && split.queue(0).is_ok());
        assert_eq!(split.largest_rate(), 2.0);
    }
}
