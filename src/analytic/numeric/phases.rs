//! Times made of a random number of equal exponential phases: the tails of the phase counts, and the tail of
//! the time.

use super::poisson;
use super::stable::geometric_sum;
use std::sync::Arc;

/// A random number of phases M >= 0, known by its tail P(M > j).
#[derive(Debug, Clone, PartialEq)]
pub enum Phases {
    /// Zero, or truncated geometric.
    Truncated(TruncatedGeometric),
    /// Truncated geometric plus an independent geometric number G >= 1 with P(G > k) = q^k.
    TruncatedPlusGeometric(TruncatedGeometric, f64),
    /// A table with a geometric tail, plus a constant.
    Table(TailTable, u64),
}

impl Phases {
    /// P(M > j).
    pub fn tail(&self, j: u64) -> f64 {
        match self {
            Phases::Truncated(count) => count.tail(j),
            Phases::TruncatedPlusGeometric(count, q) => count.tail(j) + count.overtaken(j, *q),
            Phases::Table(table, shift) => j.checked_sub(*shift).map_or(1.0, |j| table.tail(j)),
        }
    }

    /// P(time > t) where each phase takes an exponential time of rate `rate`.
    ///
    /// Formula: sum over j of P(Poisson(rate t) = j) P(M > j): after j completions the time
    /// still runs if there are more than j phases. Relative error about 1e-13.
    pub fn survival(&self, rate: f64, t: f64) -> f64 {
        match self {
            Phases::Table(table, shift) => {
                let last = table.tails.len() as u64 - 1 + shift;
                poisson::expect_geometric_end(rate * t, last, table.ratio, |j| self.tail(j))
            }
            _ => poisson::expect(rate * t, |j| self.tail(j)),
        }
    }
}

/// M = 0 with probability 1 - `prob`, else 1..=n with probability proportional to r^{M-1}.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedGeometric {
    prob: f64,
    ratio: f64,
    n: u64,
}

impl TruncatedGeometric {
    /// The count with P(M > 0) = `prob`, ratio r = `ratio` > 0 and at most `n`.
    pub fn new(prob: f64, ratio: f64, n: u64) -> TruncatedGeometric {
        TruncatedGeometric { prob, ratio, n }
    }

    /// Ratio of the weights counted from their heavy end, at most 1.
    fn shrink(&self) -> f64 {
        self.ratio.min(1.0 / self.ratio)
    }

    /// P(M > j).
    fn tail(&self, j: u64) -> f64 {
        if j >= self.n {
            return 0.0;
        }
        let (r, all) = (self.shrink(), geometric_sum(self.shrink(), self.n));
        let above = geometric_sum(r, self.n - j);
        let above = if self.ratio > 1.0 { above } else { r.powf(j as f64) * above };
        self.prob * above / all
    }

    /// P(M <= j < M + G), G geometric with P(G > k) = q^k.
    fn overtaken(&self, j: u64, q: f64) -> f64 {
        let none = (1.0 - self.prob) * q.powf(j as f64);
        let last = j.min(self.n);
        if last == 0 {
            return none;
        }
        // sum over i = 1..=last of r^{i-1} q^{last-i}, anchored at the larger of the two.
        let (big, small) = (self.ratio.max(q), self.ratio.min(q));
        let anchor = if self.ratio > 1.0 {
            (-((self.n - last) as f64) * self.ratio.ln()).exp()
        } else {
            big.powf((last - 1) as f64)
        };
        let mixed = anchor * geometric_sum(small / big, last) * q.powf((j - last) as f64);
        none + self.prob * mixed / geometric_sum(self.shrink(), self.n)
    }

    /// Mean and variance of M; takes at most min(n, 70 / |ln r|) steps.
    pub fn moments(&self) -> (f64, f64) {
        if self.n == 0 {
            return (0.0, 0.0);
        }
        // Distance from the heavy end.
        let (mean, variance) = distance_moments(self.shrink(), self.n);
        let mean = if self.ratio > 1.0 { self.n as f64 - mean } else { 1.0 + mean };
        (self.prob * mean, self.prob * (variance + (1.0 - self.prob) * mean * mean))
    }
}

/// Mean and variance of D on 0..n with P(D = d) proportional to r^d, r <= 1.
fn distance_moments(r: f64, n: u64) -> (f64, f64) {
    if r == 1.0 {
        let n = n as f64;
        return ((n - 1.0) / 2.0, (n * n - 1.0) / 12.0);
    }
    let (mut weight, mut total, mut first, mut second) = (1.0, 0.0, 0.0, 0.0);
    for d in 0..n {
        let distance = d as f64;
        total += weight;
        first += distance * weight;
        second += distance * distance * weight;
        weight *= r;
        if weight < 1e-30 {
            break;
        }
    }
    let mean = first / total;
    (mean, second / total - mean * mean)
}

/// Tails P(X > j) of a count whose probabilities become geometric.
#[derive(Debug, Clone, PartialEq)]
pub struct TailTable {
    tails: Arc<[f64]>,
    /// By which the tail falls beyond the table.
    pub(crate) ratio: f64,
}

/// Longest table; reached only within 10^-5 of saturation.
const LONGEST: usize = 1 << 21;

impl TailTable {
    /// The count on 1, 2, ... of total probability `mass` below 1, given by its probabilities
    /// in order; `next` gets the values so far, that of 0 (1 - mass) included. Stops when `settle`
    /// ratios in a row agree to 4e-15, and continues geometrically from there.
    pub fn new(mass: f64, settle: usize, mut next: impl FnMut(&[f64]) -> f64) -> TailTable {
        let mut p = vec![1.0 - mass];
        let (mut last, mut steady) = (0.0, 0);
        while steady < settle && p.len() < LONGEST {
            let value = next(&p);
            let ratio = value / p[p.len() - 1];
            p.push(value);
            steady = if (ratio - last).abs() <= 4e-15 { steady + 1 } else { 0 };
            last = ratio;
            if value < 1e-280 {
                break;
            }
        }
        let span = steady.min(p.len() - 1).max(1);
        let ratio = (p[p.len() - 1] / p[p.len() - 1 - span]).powf(1.0 / span as f64);
        let (seen, last): (f64, f64) = (p[1..].iter().sum(), p[p.len() - 1]);
        // What lies beyond the table, by whichever way cancels less.
        let beyond = if seen < 0.5 * mass { mass - seen } else { last * ratio / (1.0 - ratio) };
        TailTable::ending(&p[1..], beyond, ratio)
    }

    /// The count with these probabilities of 1, 2, .. and `beyond` in all of those above, falling by `ratio`.
    pub(crate) fn ending(p: &[f64], beyond: f64, ratio: f64) -> TailTable {
        let mut tails = vec![beyond; p.len() + 1];
        for j in (0..p.len()).rev() {
            tails[j] = tails[j + 1] + p[j];
        }
        TailTable { tails: tails.into(), ratio }
    }

    /// The count with these probabilities of 0, 1, .. and no others.
    pub fn finite(p: &[f64]) -> TailTable {
        TailTable::ending(p.get(1..).unwrap_or_default(), 0.0, 0.0)
    }

    /// The count with these probabilities of 0, 1, .. plus an independent geometric number G >= 1
    /// with P(G > k) = q^k.
    pub fn finite_plus_geometric(p: &[f64], q: f64) -> TailTable {
        let mut tails = TailTable::finite(p).tails.to_vec();
        let mut overtaken = 0.0;
        for (tail, p) in tails.iter_mut().zip(p) {
            overtaken = q * overtaken + p;
            *tail += overtaken;
        }
        TailTable { tails: tails.into(), ratio: q }
    }

    /// P(X > j).
    pub fn tail(&self, j: u64) -> f64 {
        let last = self.tails.len() - 1;
        match self.tails.get(j as usize) {
            Some(tail) => *tail,
            None => self.tails[last] * self.ratio.powf((j - last as u64) as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometric_table_continues_itself() {
        let rho = 0.7_f64;
        let table = TailTable::new(rho, 20, |p| p[p.len() - 1] * rho);
        for j in [0, 1, 5, 19, 25, 200] {
            assert!((table.tail(j) / rho.powf(j as f64 + 1.0) - 1.0).abs() < 1e-13, "{j}");
        }
    }

    #[test]
    fn finite_counts_by_enumeration() {
        let (p, q) = ([0.2, 0.5, 0.3], 0.6_f64);
        let (alone, sum) = (TailTable::finite(&p), TailTable::finite_plus_geometric(&p, q));
        assert_eq!((alone.tail(0), alone.tail(1), alone.tail(2), alone.tail(9)), (0.8, 0.3, 0.0, 0.0));
        for j in 0..8_u64 {
            let term = |m: u64| p[m as usize] * if m > j { 1.0 } else { q.powf((j - m) as f64) };
            let direct: f64 = (0..3).map(term).sum();
            assert!((sum.tail(j) - direct).abs() < 1e-15, "{j}");
        }
    }

    #[test]
    fn truncated_moments_and_sum_with_geometric_by_enumeration() {
        for (ratio, q) in [(0.3, 0.5), (0.5, 0.5), (1.7, 0.9), (0.9, 0.0), (1.0, 0.75)] {
            let count = TruncatedGeometric::new(0.8, ratio, 6);
            let p = |m: u64| if m == 0 { 0.2 } else { count.tail(m - 1) - count.tail(m) };
            let moment = |k: i32| (1..=6).map(|m| (m as f64).powi(k) * p(m)).sum::<f64>();
            let (mean, variance) = count.moments();
            assert!((mean - moment(1)).abs() < 1e-13, "{ratio}: {mean}");
            assert!((variance - moment(2) + mean * mean).abs() < 1e-12, "{ratio}: {variance}");
            for j in 0..20_u64 {
                let direct: f64 = (0..=6).map(|m| p(m) * if m > j { 1.0 } else { f64::powf(q, (j - m) as f64) }).sum();
                let fast = Phases::TruncatedPlusGeometric(count, q).tail(j);
                assert!((fast - direct).abs() < 1e-13, "{ratio} {q} {j}: {fast} {direct}");
            }
        }
    }
}
