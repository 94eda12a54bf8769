//! Gathering messages into batches that close when they are full or old enough.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson;

/// Batching with a size limit and a linger time, as in Kafka producers: the first message of a batch
/// opens it; it closes when b messages are in it, or T after it was opened.
///
/// Formula: with M Poisson(lambda T): P(size = k) = P(M = k-1) for k < b, P(size = b) = P(M >= b-1);
/// mean size 1 + sum over j <= b-2 of P(M > j); open for (mean size - 1)/lambda; a message waits
/// (1/lambda) sum over j <= b-2 of (1+j) P(M > j) / mean size.
/// Units: lambda per second, T in seconds.
/// Valid when: Poisson arrivals, b >= 1; sending takes no time here.
/// Reference: renewal-reward theorem (Wolff, Stochastic Modeling and the Theory of Queues 1989, sec. 2.1)
/// over the cycle from one opening to the next.
///
/// ```
/// use lindley::analytic::batch::linger::Linger;
/// let pairs = Linger::new(1.0, 2, 1.0).unwrap();
/// let full = 1.0 - (-1.0_f64).exp(); // somebody comes in time
/// assert!((pairs.mean_batch() - (1.0 + full)).abs() < 1e-15);
/// assert!((pairs.prob_timeout() - (-1.0_f64).exp()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Linger {
    lambda: f64,
    most: u32,
    linger: f64,
    /// P(M > j), j = 0..=b-2.
    tails: Vec<f64>,
    /// P(M <= b-2): the batch is not full in time.
    timeout: f64,
}

/// Largest batch.
pub const MOST_TOGETHER: u32 = 1_000_000;

impl Linger {
    /// With arrivals at `lambda` > 0, batches of at most `most` (1 to [`MOST_TOGETHER`]) and linger time
    /// `linger` >= 0; `None` otherwise.
    pub fn new(lambda: f64, most: u32, linger: f64) -> Option<Linger> {
        let sane = lambda > 0.0 && lambda.is_finite() && linger >= 0.0 && !linger.is_nan();
        if !sane || most == 0 || most > MOST_TOGETHER {
            return None;
        }
        let (tails, timeout) = poisson_tails(lambda * linger, most as usize - 1);
        Some(Linger { lambda, most, linger, tails, timeout })
    }

    /// Mean number of messages in a batch.
    pub fn mean_batch(&self) -> f64 {
        1.0 + self.tails.iter().rev().sum::<f64>()
    }

    /// Mean time a batch is open, seconds.
    pub fn open_time(&self) -> f64 {
        self.tails.iter().rev().sum::<f64>() / self.lambda
    }

    /// Batches per second.
    pub fn batch_rate(&self) -> f64 {
        self.lambda / self.mean_batch()
    }

    /// Mean wait of a message until its batch closes, seconds.
    pub fn wait(&self) -> f64 {
        let sum: f64 = self.tails.iter().enumerate().rev().map(|(j, tail)| (1.0 + j as f64) * tail).sum();
        sum / (self.lambda * self.mean_batch())
    }

    /// Share of batches that close by the linger time.
    pub fn prob_timeout(&self) -> f64 {
        self.timeout
    }

    /// P(size = k), to full relative accuracy however small.
    pub fn prob_size(&self, k: u32) -> f64 {
        let mean = self.lambda * self.linger;
        if k == 0 || k > self.most {
            0.0
        } else if k == self.most {
            self.tails.last().copied().unwrap_or(1.0)
        } else if mean.is_infinite() {
            0.0
        } else {
            poisson::pmf(u64::from(k) - 1, mean)
        }
    }

    /// Share of messages that wait: all but those that fill a batch.
    pub fn prob_wait(&self) -> f64 {
        let fills = if self.most == 1 { 1.0 } else { self.prob_size(self.most) };
        if self.linger == 0.0 { 0.0 } else { (self.mean_batch() - fills) / self.mean_batch() }
    }

    /// Law of the wait of a message: it ends at T at the latest.
    ///
    /// Formula: P(wait > t) = (P(M_t <= b-2) + sum over j <= b-3 of (P(M_T > j) - P(M_t > j)))/mean size
    /// for t < T, M_t Poisson(lambda t).
    /// Units: seconds. Valid when: as for [`Linger`].
    /// Reference: count the messages of a batch that are in it t before it closes.
    pub fn wait_law(&self) -> TimeLaw {
        let (own, mean) = (self.clone(), self.mean_batch());
        TimeLaw::computed(self.wait(), "messages of a batch by their age at its end (renewal-reward)", move |t| {
            own.survival(t, mean)
        })
    }

    fn survival(&self, t: f64, mean: f64) -> f64 {
        if t >= self.linger || self.most == 1 {
            return 0.0;
        }
        let (now, open) = poisson_tails(self.lambda * t, self.most as usize - 1);
        let last = now.len() - 1;
        let later: f64 = (0..last).rev().map(|j| (self.tails[j] - now[j]).max(0.0)).sum();
        (open + later) / mean
    }
}

/// P(M > j) for j < n, and P(M <= n-1), M Poisson of that mean, each without cancellation.
fn poisson_tails(mean: f64, n: usize) -> (Vec<f64>, f64) {
    if n == 0 {
        return (Vec::new(), 0.0);
    }
    if mean.is_infinite() {
        return (vec![1.0; n], 0.0);
    }
    let pmf = |j: usize| poisson::pmf(j as u64, mean);
    // Below the mean by what is left of 1, above it by sums of small terms.
    let split = n.min(mean as usize);
    let (mut tails, mut cdf) = (Vec::with_capacity(n), 0.0);
    for j in 0..split {
        cdf += pmf(j);
        tails.push((1.0 - cdf).max(0.0));
    }
    if split == n {
        return (tails, cdf);
    }
    let mut tail = poisson_above(mean, n - 1);
    let timeout = 1.0 - tail;
    tails.resize(n, 0.0);
    for j in (split..n).rev() {
        tails[j] = tail;
        tail += pmf(j);
    }
    (tails, timeout)
}

/// P(M > j) for j >= mean - 1, term by term.
fn poisson_above(mean: f64, j: usize) -> f64 {
    let mut k = j as u64 + 1;
    let (mut term, mut sum) = (poisson::pmf(k, mean), 0.0);
    while term > 1e-18 * sum {
        sum += term;
        k += 1;
        term *= mean / k as f64;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of_sizes(linger: &Linger, of: impl Fn(f64) -> f64) -> f64 {
        (1..=linger.most).map(|k| linger.prob_size(k) * of(f64::from(k))).sum()
    }

    #[test]
    fn sizes_sum_to_one_and_to_the_mean() {
        for (lambda, most, time) in [
            (1000.0, 100, 0.05),
            (1000.0, 100, 0.1),
            (1000.0, 100, 0.5),
            (3.0, 2, 1.0),
            (5.0, 1, 1.0),
            (2.0, 40, 0.0),
            (1e4, 7, 1.0),
        ] {
            let linger = Linger::new(lambda, most, time).unwrap();
            assert!((sum_of_sizes(&linger, |_| 1.0) - 1.0).abs() < 1e-12, "{lambda} {most} {time}");
            let mean = sum_of_sizes(&linger, |k| k);
            assert!((linger.mean_batch() / mean - 1.0).abs() < 1e-12, "{lambda} {most} {time}: {mean}");
            assert!((linger.mean_batch() - 1.0 - lambda * linger.open_time()).abs() < 1e-9);
            let full = linger.prob_size(most);
            let timeout = if most == 1 { 0.0 } else { 1.0 - full };
            assert!((linger.prob_timeout() - timeout).abs() < 1e-12);
        }
    }

    #[test]
    fn tails_keep_their_digits_on_both_sides_of_the_mean() {
        let (tails, _) = poisson_tails(2.0, 60);
        let exact = |j: u64| (j + 1..j + 60).rev().map(|k| poisson::pmf(k, 2.0)).sum::<f64>();
        for j in [0, 1, 2, 3, 10, 40, 59] {
            assert!((tails[j] / exact(j as u64) - 1.0).abs() < 1e-12, "{j}");
        }
        let rare = Linger::new(1000.0, 5, 0.1).unwrap();
        // P(M <= 3) at mean 100.
        let exact: f64 = (0..4).map(|k| poisson::pmf(k, 100.0)).sum();
        assert!((rare.prob_timeout() / exact - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_law_of_the_wait_has_the_mean() {
        for (lambda, most, time) in [(10.0, 4, 0.3), (10.0, 4, 2.0), (1.0, 2, 1.0), (30.0, 50, 1.0)] {
            let linger = Linger::new(lambda, most, time).unwrap();
            let law = linger.wait_law();
            let n = 4000;
            let step = time / f64::from(n);
            let mean: f64 = (0..n).map(|i| law.survival((f64::from(i) + 0.5) * step) * step).sum();
            assert!((mean / linger.wait() - 1.0).abs() < 1e-5, "{lambda} {most} {time}: {mean} {}", linger.wait());
            assert!((law.survival(0.0) - linger.prob_wait()).abs() < 1e-12);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (lambda, most, time) in
            [(0.0, 1, 1.0), (1.0, 0, 1.0), (1.0, 1, -1.0), (f64::NAN, 1, 1.0), (1.0, 1, f64::NAN)]
        {
            assert!(Linger::new(lambda, most, time).is_none());
        }
        assert_eq!(Linger::new(1.0, 3, f64::INFINITY).unwrap().mean_batch(), 3.0);
    }
}
