//! M^X/M/c/K: batches of messages arrive where places are limited.

use super::arrivals::MOST_PLACES;
use super::levels::CutLevels;
use super::size::BatchSizes;

/// M^X/M/c/K: as M^X/M/c, but a batch that finds too little room is accepted as far as it fits.
///
/// Formula: the cut equations min(n,c) mu p_n = Lambda sum over i < n of p_i P(X > n-1-i), n <= K;
/// lost of a message: sum of p_i E\[(X - (K-i))^+\]/E\[X\].
/// Units: rates per second, times in seconds; W and Wq of accepted messages.
/// Valid when: batches at Poisson instants, K >= c places in the whole system.
/// Reference: Manfield and Tran-Gia, Analysis of a finite storage system with batch input (1982);
/// Chaudhry and Templeton (1983), sec. 5.2.
///
/// ```
/// use lindley::analytic::batch::finite::FiniteBatchArrivals;
/// use lindley::analytic::batch::size::BatchSizes;
/// use lindley::dist::Count;
/// // Pairs, one place: half of each pair is lost even when the place is free.
/// let pairs = BatchSizes::new(&Count::constant(2).unwrap()).unwrap();
/// let queue = FiniteBatchArrivals::new(1.0, pairs, 1.0, 1, 1).unwrap();
/// assert!((queue.prob_loss() - 0.75).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct FiniteBatchArrivals {
    sizes: BatchSizes,
    batches: f64,
    mu: f64,
    c: u32,
    p: Vec<f64>,
}

impl FiniteBatchArrivals {
    /// With `batches` per second, `c` servers of rate `mu` and `places` K; `None` if K < c, c = 0 or
    /// K > [`MOST_PLACES`].
    pub fn new(batches: f64, sizes: BatchSizes, mu: f64, c: u32, places: u64) -> Option<FiniteBatchArrivals> {
        if c == 0 || places < u64::from(c) || places > MOST_PLACES {
            return None;
        }
        let mut p = CutLevels::new(&sizes, batches / mu, u64::from(c)).up_to(places as usize);
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|x| *x /= total);
        Some(FiniteBatchArrivals { sizes, batches, mu, c, p })
    }

    /// Messages offered per second.
    pub fn lambda(&self) -> f64 {
        self.batches * self.sizes.mean
    }

    /// P(N = n).
    pub fn prob_in_system(&self, n: usize) -> f64 {
        self.p.get(n).copied().unwrap_or(0.0)
    }

    fn expect(&self, weight: impl Fn(f64) -> f64) -> f64 {
        self.p.iter().enumerate().map(|(n, p)| weight(n as f64) * p).sum()
    }

    /// Share of messages lost.
    pub fn prob_loss(&self) -> f64 {
        let last = self.p.len() - 1;
        // E[(X - room)^+] for all rooms in one pass.
        let mut beyond = vec![self.sizes.beyond(last); last + 1];
        for room in (0..last).rev() {
            beyond[room] = beyond[room + 1] + self.sizes.tail(room);
        }
        self.p.iter().enumerate().map(|(i, p)| p * beyond[last - i]).sum::<f64>() / self.sizes.mean
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        self.mu * self.busy()
    }

    /// Mean number of busy servers.
    pub fn busy(&self) -> f64 {
        self.expect(|n| n.min(f64::from(self.c)))
    }

    /// L.
    pub fn in_system(&self) -> f64 {
        self.expect(|n| n)
    }

    /// Lq.
    pub fn queue_length(&self) -> f64 {
        self.expect(|n| (n - f64::from(self.c)).max(0.0))
    }

    /// Wq of accepted messages.
    pub fn wait(&self) -> f64 {
        self.queue_length() / self.throughput()
    }

    /// W of accepted messages.
    pub fn sojourn(&self) -> f64 {
        self.in_system() / self.throughput()
    }

    /// Share of accepted messages that wait: those that find c or more ahead of them.
    pub fn prob_wait(&self) -> f64 {
        f64::from(self.c) * self.mu * self.p[self.c as usize + 1..].iter().sum::<f64>() / self.throughput()
    }
}

#[cfg(test)]
mod tests {
    use super::super::arrivals::tests::{chain, laws};
    use super::*;
    use crate::dist::Count;

    #[test]
    fn finite_room_by_the_chain() {
        for law in laws() {
            let (batches, c, places) = (1.1, 2, 9);
            let p = chain(batches, &law, 1.0, c, places);
            let queue =
                FiniteBatchArrivals::new(batches, BatchSizes::new(&law).unwrap(), 1.0, c, u64::from(places)).unwrap();
            for (n, exact) in p.iter().enumerate() {
                assert!((queue.prob_in_system(n) / exact - 1.0).abs() < 1e-10, "{law:?} {n}");
            }
            let lost = 1.0 - queue.throughput() / queue.lambda();
            assert!((queue.prob_loss() / lost - 1.0).abs() < 1e-10, "{law:?}");
            let waiting = queue.in_system() - queue.queue_length();
            assert!((waiting - queue.busy()).abs() < 1e-12);
        }
        let fives = BatchSizes::new(&Count::constant(5).unwrap()).unwrap();
        assert!(FiniteBatchArrivals::new(0.4, fives, 1.0, 2, 1).is_none());
    }
}
