//! The cut equations of batches that arrive at exponential servers: probabilities of the number in the
//! system, one after the other, all terms positive.

use super::size::BatchSizes;

/// Walks up the numbers in the system: relative probabilities p_0 = 1, p_1, p_2, ...
///
/// With min(n, c) mu p_n = Lambda sum over i < n of p_i P(X > n-1-i).
pub(super) struct CutLevels<'s> {
    sizes: &'s BatchSizes,
    /// Lambda/mu.
    batches: f64,
    c: f64,
    seen: Vec<f64>,
    /// Of geometric batches, the sum so far.
    carried: f64,
}

/// Beyond this the values kept are scaled down.
const LARGE: f64 = 1e200;

impl<'s> CutLevels<'s> {
    pub(super) fn new(sizes: &'s BatchSizes, batches: f64, c: u64) -> CutLevels<'s> {
        CutLevels { sizes, batches, c: c as f64, seen: vec![1.0], carried: 0.0 }
    }

    /// The number just computed.
    fn last(&self) -> usize {
        self.seen.len() - 1
    }

    /// Computes the next one.
    fn advance(&mut self) {
        let n = self.seen.len();
        let sum = match self.sizes.geometric {
            Some(ratio) => {
                self.carried = self.seen[n - 1] + ratio * self.carried;
                self.carried
            }
            None => {
                let first = n.saturating_sub(self.sizes.longest());
                (first..n).map(|i| self.seen[i] * self.sizes.tail(n - 1 - i)).sum()
            }
        };
        let next = self.batches * sum / self.c.min(n as f64);
        self.seen.push(next);
        if next > LARGE {
            self.seen.iter_mut().for_each(|p| *p /= LARGE);
            self.carried /= LARGE;
        }
    }

    /// Up to and including that number.
    pub(super) fn up_to(mut self, last: usize) -> Vec<f64> {
        while self.last() < last {
            self.advance();
        }
        self.seen
    }
}
