//! Times made of a random number of equal exponential phases: the tails of the phase counts, and the tail of
//! the time.

use super::poisson;
use super::poisson_sum::{self, LARGE};
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
            Phases::Truncated(count) if rate * t >= LARGE => count.survival(rate * t),
            Phases::TruncatedPlusGeometric(count, q) if rate * t >= LARGE && *q > 0.0 => {
                count.survival(rate * t) + count.being_overtaken(rate * t, *q)
            }
            Phases::Truncated(count) => poisson::expect_up_to(rate * t, count.n, |j| self.tail(j)),
            Phases::TruncatedPlusGeometric(..) => poisson::expect(rate * t, |j| self.tail(j)),
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

    /// sum over j of P(N = j) P(M > j), N Poisson of large mean x.
    ///
    /// Formula: P(M > j) is r^j times what it is from the heavy end on, and P(N = j) r^j is P(N' = j) e^{-x (1 - r)}, N'
    /// of mean x r; for r > 1 nothing has to be moved.
    fn survival(&self, x: f64) -> f64 {
        if self.n == 0 {
            return 0.0;
        }
        let (q, tilt) = (self.shrink(), self.ratio.min(1.0));
        let room = PartialGeometric::new(q);
        let all = room.upto(self.n as f64);
        let found = poisson_sum::sum(x * tilt, (0, self.n - 1), -q.ln(), |j| room.upto(self.n as f64 - j) / all);
        self.prob * found * (-x * (1.0 - tilt)).exp()
    }

    /// sum over j of P(N = j) P(M <= j < M + G), N Poisson of large mean x, P(G > k) = q^k.
    ///
    /// Formula: with g = r/q, sum over k >= 1 of P(N = k) sum_{i=1}^{min(k, n)} r^{i-1} q^{k-i}/S, S = 1 + r + ... +
    /// r^{n-1}; the inner sum is q^{k-1} (1 + g + ...), N is moved to mean x q, or x r where g > 1.
    fn being_overtaken(&self, x: f64, q: f64) -> f64 {
        let at_once = (1.0 - self.prob) * (-x * (1.0 - q)).exp();
        if self.n == 0 {
            return at_once;
        }
        let (n, g) = (self.n, self.ratio / q);
        // ln S, whatever r.
        let s = PartialGeometric::new(self.shrink()).upto(n as f64).ln() + (n as f64 - 1.0) * self.ratio.max(1.0).ln();
        let inner = PartialGeometric::new(g.min(1.0 / g));
        let grown = |k: f64| inner.upto(k);
        // Within n: 1 + g + .. + g^{k-1} is g^{k-1} times its mirror image where g > 1.
        let (base, y) = if g > 1.0 { (self.ratio, x * self.ratio) } else { (q, x * q) };
        let within = poisson_sum::scaled(y, (1, n), 0.0, grown, -x * (1.0 - base) - base.ln() - s);
        let top = inner.upto(n as f64).ln() + if g > 1.0 { (n as f64 - 1.0) * g.ln() } else { 0.0 };
        let beyond = poisson_sum::scaled(x * q, (n + 1, u64::MAX), 0.0, |_| 1.0, -x * (1.0 - q) - q.ln() - s + top);
        at_once + self.prob * (within + beyond)
    }

    /// Mean and variance of M.
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

/// 1 + r + ... + r^{m-1} for 0 < r <= 1, between whole m, too.
struct PartialGeometric(f64);

impl PartialGeometric {
    fn new(r: f64) -> PartialGeometric {
        PartialGeometric(r.ln())
    }

    fn upto(&self, m: f64) -> f64 {
        if self.0 == 0.0 { m } else { (m * self.0).exp_m1() / self.0.exp_m1() }
    }
}

/// B_{2k}/(2k)!, k = 1, 2, ...: x/(e^x - 1) = 1 - x/2 + sum of these times x^{2k}.
const BERNOULLI: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
];

/// Mean and variance of D on 0..n with P(D = d) proportional to r^d, r <= 1.
///
/// Formula: with r = e^{-x}, 1/(e^x - 1) - n/(e^{nx} - 1), and 1/(2 sinh(x/2))^2 - (n/(2 sinh(nx/2)))^2; their
/// series where n x is small and both would cancel.
fn distance_moments(r: f64, n: u64) -> (f64, f64) {
    let (x, n) = (-r.ln(), n as f64);
    if n * x >= 0.25 {
        let square = |m: f64| (0.5 * m / (0.5 * m * x).sinh()).powi(2);
        return (1.0 / x.exp_m1() - n / (n * x).exp_m1(), square(1.0) - square(n));
    }
    let (mut mean, mut variance) = (0.5 * (n - 1.0), 0.0);
    for (k, b) in (1..).zip(BERNOULLI) {
        // n^{2k} - 1, less the powers of x that both have.
        let spread = b * (n.powi(2 * k) - 1.0);
        mean -= spread * x.powi(2 * k - 1);
        variance += f64::from(2 * k - 1) * spread * x.powi(2 * k - 2);
    }
    (mean, variance)
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

    /// Distances from the heavy end, one by one.
    fn distances(r: f64, n: u64) -> (f64, f64) {
        let p = |d: u64| r.powf(d as f64);
        let total: f64 = (0..n).map(p).sum();
        let mean = (0..n).map(|d| d as f64 * p(d)).sum::<f64>() / total;
        (mean, (0..n).map(|d| (d as f64 - mean).powi(2) * p(d)).sum::<f64>() / total)
    }

    #[test]
    fn moments_of_distances_in_closed_form_are_those_of_the_sum() {
        for n in [1, 2, 7, 100, 3000] {
            for nx in [1e-6, 0.01, 0.2499, 0.2501, 1.0, 30.0, 4000.0] {
                let r = (-nx / n as f64).exp();
                let ((mean, variance), exact) = (distance_moments(r, n), distances(r, n));
                assert!((mean - exact.0).abs() <= 1e-10 * exact.0 + 1e-13, "{n} {nx}: {mean} {exact:?}");
                assert!((variance - exact.1).abs() <= 1e-9 * exact.1 + 1e-12, "{n} {nx}: {variance} {exact:?}");
            }
        }
        // Equally likely, however many: no loop could count so far.
        let n = 1e15;
        assert_eq!(distance_moments(1.0, n as u64), (0.5 * (n - 1.0), (n * n - 1.0) / 12.0));
    }

    #[test]
    fn many_phases_are_as_the_sum_term_by_term() {
        for (n, ratio, q) in [
            (300_000, 1.0, 0.5),
            (300_000, 1.001, 0.98),
            (300_000, 2.0, 0.75),
            (400_000, 0.99999, 0.9999),
            (9, 0.5, 0.9),
        ] {
            let count = TruncatedGeometric::new(0.9, ratio, n);
            for phases in [Phases::Truncated(count), Phases::TruncatedPlusGeometric(count, q)] {
                for x in [260_000.0, 299_000.0, 301_000.0, 330_000.0] {
                    let (fast, slow) = (phases.survival(1.0, x), poisson::expect(x, |j| phases.tail(j)));
                    assert!((fast - slow).abs() <= 2e-10 * slow, "{phases:?} {x}: {fast} {slow}");
                }
            }
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
