//! Batch sizes: tails and moments about 0 from their law.

use crate::dist::Count;
use nalgebra::Complex;

/// Longest batch that is listed.
pub const LONGEST: usize = 200_000;

/// A law of batch sizes with its tails P(X > k) listed as far as they matter.
#[derive(Debug, Clone)]
pub struct BatchSizes {
    pub(super) mean: f64,
    /// E\[X(X-1)\].
    pub(super) pairs: f64,
    /// E\[X(X-1)(X-2)\].
    pub(super) triples: f64,
    /// P(X > k), k = 0, 1, ..., the last one 0 or negligible.
    tails: Vec<f64>,
    /// Ratio of the tails if they are geometric.
    pub(super) geometric: Option<f64>,
}

impl BatchSizes {
    /// Those of a law; `None` for batches so long that they cannot be listed.
    pub fn new(law: &Count) -> Option<BatchSizes> {
        if let Count::Geometric(_) = law {
            return Some(BatchSizes::geometric(law.mean()));
        }
        let mut probabilities = Vec::new();
        let (mean, variance) = (law.mean(), law.variance());
        let square = variance + mean * mean;
        let (mut mass, mut found) = (0.0, 0.0);
        // The mean square is the last to be complete.
        while found < square * (1.0 - 1e-15) || mass < 1.0 - 1e-12 {
            let n = probabilities.len() as u32 + 1;
            let p = law.pmf(n);
            let size = f64::from(n);
            probabilities.push(p);
            (mass, found) = (mass + p, found + p * size * size);
            if probabilities.len() > LONGEST {
                return None;
            }
            // Rounding may leave the sum a little short.
            if size > 4.0 * mean + 40.0 && p * size * size < 1e-18 * square && found > square * (1.0 - 1e-12) {
                break;
            }
        }
        Some(BatchSizes::of_probabilities(&probabilities))
    }

    /// Sizes 1, 2, ... with these probabilities.
    fn of_probabilities(probabilities: &[f64]) -> BatchSizes {
        let mut tails = vec![0.0; probabilities.len() + 1];
        for k in (0..probabilities.len()).rev() {
            tails[k] = tails[k + 1] + probabilities[k];
        }
        let expect = |of: &dyn Fn(f64) -> f64| {
            probabilities.iter().enumerate().map(|(i, p)| p * of(i as f64 + 1.0)).sum::<f64>() / tails[0]
        };
        let (mean, pairs) = (expect(&|x| x), expect(&|x| x * (x - 1.0)));
        let triples = expect(&|x| x * (x - 1.0) * (x - 2.0));
        let total = tails[0];
        tails.iter_mut().for_each(|tail| *tail /= total);
        BatchSizes { mean, pairs, triples, tails, geometric: None }
    }

    fn geometric(mean: f64) -> BatchSizes {
        let ratio = 1.0 - 1.0 / mean;
        let odds = mean - 1.0;
        BatchSizes {
            mean,
            pairs: 2.0 * mean * odds,
            triples: 6.0 * mean * odds * odds,
            tails: vec![1.0],
            geometric: Some(ratio),
        }
    }

    /// E\[X^2\].
    pub fn second(&self) -> f64 {
        self.pairs + self.mean
    }

    /// P(X > k).
    pub fn tail(&self, k: usize) -> f64 {
        match self.geometric {
            Some(ratio) => ratio.powf(k as f64),
            None => self.tails.get(k).copied().unwrap_or(0.0),
        }
    }

    /// Largest size listed; 0 where there is none.
    pub fn longest(&self) -> usize {
        if self.geometric.is_some() { 0 } else { self.tails.len() - 1 }
    }

    /// (1 - E\[z^X\])/(1 - z): the generating function of the tails P(X > k), |z| <= 1.
    pub fn tails_at(&self, z: Complex<f64>) -> Complex<f64> {
        let one = Complex::new(1.0, 0.0);
        match self.geometric {
            Some(ratio) => one / (one - z * ratio),
            None => self.tails.iter().rev().fold(Complex::new(0.0, 0.0), |sum, tail| sum * z + *tail),
        }
    }

    /// E\[(X - room)^+\]: messages of a batch beyond that room.
    pub fn beyond(&self, room: usize) -> f64 {
        match self.geometric {
            Some(ratio) => self.mean * ratio.powf(room as f64),
            None => self.tails.iter().skip(room).rev().sum(),
        }
    }

    /// E\[ahead\] of the messages of one's own batch that are ahead: E\[X(X-1)\]/(2 E\[X\]).
    pub fn ahead(&self) -> f64 {
        self.pairs / (2.0 * self.mean)
    }

    /// E\[ahead^2\].
    pub fn ahead_second(&self) -> f64 {
        // Sum of k^2 over k < x is x(x-1)(x-2)/3 + x(x-1)/2.
        (self.triples / 3.0 + self.pairs / 2.0) / self.mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_every_law_but_of_endless_batches() {
        for law in [
            Count::constant(5).unwrap(),
            Count::uniform(2, 9).unwrap(),
            Count::poisson(7.5).unwrap(),
            Count::geometric(3.0).unwrap(),
            Count::choice(&[1, 40], &[9.0, 1.0]).unwrap(),
        ] {
            let sizes = BatchSizes::new(&law).unwrap();
            let sum = |of: &dyn Fn(f64) -> f64| (1..400).map(|n| law.pmf(n) * of(f64::from(n))).sum::<f64>();
            assert!((sizes.mean / law.mean() - 1.0).abs() < 1e-13);
            assert!((sizes.second() / (law.variance() + law.mean().powi(2)) - 1.0).abs() < 1e-12);
            assert!(((sizes.triples + 3.0 * sizes.pairs + sizes.mean) / sum(&|x| x * x * x) - 1.0).abs() < 1e-12);
            assert!((sizes.tail(3) - (4..400).map(|n| law.pmf(n)).sum::<f64>()).abs() < 1e-13);
            assert!((sizes.beyond(4) - sum(&|x| (x - 4.0).max(0.0))).abs() < 1e-12);
            let z = Complex::new(0.3, 0.5);
            let generating: Complex<f64> = (1..400).map(|n| z.powu(n) * law.pmf(n)).sum();
            let one = Complex::new(1.0, 0.0);
            assert!((sizes.tails_at(z) - (one - generating) / (one - z)).norm() < 1e-13);
            let squares = sum(&|x| (0..x as u32).map(|k| f64::from(k * k)).sum()) / law.mean();
            assert!((sizes.ahead_second() - squares).abs() < 1e-11 * squares.max(1.0));
        }
        assert!(BatchSizes::new(&Count::constant(1_000_000).unwrap()).is_none());
        assert_eq!(BatchSizes::new(&Count::geometric(1e9).unwrap()).unwrap().mean, 1e9);
    }
}
