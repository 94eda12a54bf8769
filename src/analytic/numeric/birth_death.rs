//! Stationary laws of birth-death chains whose ratios fall: from the mode outward, so that nothing overflows
//! whatever the size.

use crate::dist::bisect::{bisect, whole};

/// Below this share of the mode a probability ends the table.
const NEGLIGIBLE: f64 = 1e-300;

/// A law on first..=first + len - 1, the rest being too small for a double.
///
/// Formula: p_{n+1} = p_n r(n), with r the birth rate of n over the death rate of n + 1.
/// Valid when: r does not increase (p is unimodal) and ends below 1, or at `last`.
/// Numerics: starts at the mode, all terms positive, sums from the small end; relative error
/// about 1e-15 times the distance from the mode.
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.1.
///
/// ```
/// use lindley::analytic::numeric::birth_death::BirthDeath;
/// // M/M/1/3, lambda = 1/s, mu = 2/s: (8, 4, 2, 1)/15.
/// let law = BirthDeath::new(Some(3), |_| 0.5);
/// assert!((law.at(3) - 1.0 / 15.0).abs() < 1e-16);
/// assert!((law.mean(|n| n as f64) - 11.0 / 15.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BirthDeath {
    first: u64,
    probabilities: Vec<f64>,
}

impl BirthDeath {
    /// The law on 0..=`last` (`None`: without end) with p_{n+1} = p_n `ratio`(n).
    pub fn new(last: Option<u64>, ratio: impl Fn(u64) -> f64) -> BirthDeath {
        let last = last.unwrap_or(u64::MAX >> 11);
        let mode = mode(last, &ratio);
        let (mut weight, mut below) = (1.0, Vec::new());
        let mut n = mode;
        while n > 0 && weight > NEGLIGIBLE {
            n -= 1;
            weight /= ratio(n);
            below.push(weight);
        }
        below.reverse();
        let mut probabilities = below;
        let (mut weight, mut top) = (1.0, mode);
        probabilities.push(1.0);
        while top < last && weight > NEGLIGIBLE {
            weight *= ratio(top);
            top += 1;
            probabilities.push(weight);
        }
        let total = sum(&probabilities);
        probabilities.iter_mut().for_each(|p| *p /= total);
        BirthDeath { first: n, probabilities }
    }

    /// P(n).
    pub fn at(&self, n: u64) -> f64 {
        n.checked_sub(self.first).and_then(|i| self.probabilities.get(i as usize)).copied().unwrap_or(0.0)
    }

    /// E\[f(N)\].
    pub fn mean(&self, f: impl Fn(u64) -> f64) -> f64 {
        self.between(0, u64::MAX, f)
    }

    /// sum of f(n) P(n) over from <= n <= to.
    pub fn between(&self, from: u64, to: u64, f: impl Fn(u64) -> f64) -> f64 {
        let terms: Vec<f64> = self.entries().filter(|(n, _)| (from..=to).contains(n)).map(|(n, p)| f(n) * p).collect();
        sum(&terms)
    }

    /// Every (n, P(n)) that is not negligible, in ascending order.
    pub fn entries(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        self.probabilities.iter().enumerate().map(|(i, p)| (self.first + i as u64, *p))
    }
}

/// First n whose ratio is below 1: where the probabilities begin to fall.
fn mode(last: u64, ratio: impl Fn(u64) -> f64) -> u64 {
    let falls = |n: u64| ratio(n) < 1.0;
    if last == 0 || falls(0) { 0 } else { bisect(0, last, whole, |n| !falls(n)).1 }
}

/// Sum by halves, so that a million terms lose no digits.
fn sum(terms: &[f64]) -> f64 {
    if terms.len() <= 64 {
        return terms.iter().fold(0.0, |sum, term| sum + term);
    }
    let (left, right) = terms.split_at(terms.len() / 2);
    sum(left) + sum(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::poisson;

    #[test]
    fn poisson_of_any_size() {
        for a in [0.3, 40.0, 1e6] {
            let law = BirthDeath::new(None, |n| a / (n + 1) as f64);
            for n in [0, 1, 30, 41, 999_000, 1_000_000] {
                let (seen, exact) = (law.at(n), poisson::pmf(n, a));
                assert!((seen - exact).abs() <= 1e-10 * exact + 1e-290, "{a} {n}: {seen} {exact}");
            }
            assert!((law.mean(|n| n as f64) / a - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn an_end_is_kept_however_unlikely() {
        let law = BirthDeath::new(Some(200), |_| 0.1);
        assert!((law.at(200) / 0.9e-200 - 1.0).abs() < 1e-12);
        assert_eq!(BirthDeath::new(Some(0), |_| 5.0).at(0), 1.0);
    }
}
