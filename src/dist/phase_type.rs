//! Phase-type laws: the time a Markov chain takes to be absorbed. Dense in all laws on the half-line, and
//! what matrix-analytic theory speaks.

use super::solve::{cumulative, pick, unit_exponential};
use super::{DistError, Law, check};
use nalgebra::{DMatrix, DVector};
use rand::{Rng, RngExt};

/// Phase-type law PH(alpha, T).
///
/// Formula: P(X > x) = alpha exp(T x) 1; E\[X^n\] = n! alpha (-T)^(-n) 1.
/// Valid when: alpha sums to 1; T has off-diagonal >= 0, row sums <= 0, and every phase
/// reaches absorption.
/// Reference: Neuts, Matrix-Geometric Solutions in Stochastic Models (1981), ch. 2.
#[derive(Debug, Clone)]
pub struct PhaseType {
    alpha: Box<[f64]>,
    generator: Box<[f64]>,
    /// Rate into absorption, by phase.
    exits: Box<[f64]>,
    moments: [f64; 3],
    /// Longest expected time to absorption over the start phases.
    slowest: f64,
    walk: AbsorptionWalk,
}

/// Tables to walk the chain: start phase, mean stay, next phase (the last column absorbs).
#[derive(Debug, Clone)]
struct AbsorptionWalk {
    start: Box<[f64]>,
    stay: Box<[f64]>,
    jump: Box<[f64]>,
}

/// Above this many expected jumps uniformization yields to repeated squaring.
const MAX_JUMPS: f64 = 500.0;

impl PhaseType {
    /// By the initial probabilities `alpha` and the sub-generator `t`, row-major, per second.
    pub fn new(alpha: &[f64], t: &[f64]) -> Result<PhaseType, DistError> {
        let n = alpha.len();
        check::same_length("T", t.len(), "alpha x alpha", n * n)?;
        let alpha = check::probabilities("alpha", alpha)?;
        let exits = exit_rates(t, n)?;
        let matrix = DMatrix::from_row_slice(n, n, t);
        check_absorption(t, &exits)?;
        let (moments, slowest) = moments(&alpha, -matrix)?;
        let walk = AbsorptionWalk::new(&alpha, t, &exits);
        Ok(PhaseType { alpha: alpha.into(), generator: t.into(), exits: exits.into(), moments, slowest, walk })
    }

    /// Number of phases.
    pub fn phases(&self) -> usize {
        self.alpha.len()
    }

    /// Initial probabilities.
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }

    /// The sub-generator T, row-major, per second.
    pub fn generator(&self) -> &[f64] {
        &self.generator
    }

    /// Uniformization: a Poisson mixture of powers of I + T/q, all terms >= 0.
    fn survival_by_jumps(&self, rate: f64, x: f64) -> f64 {
        let (n, jumps) = (self.phases(), rate * x);
        let mut state = self.alpha.to_vec();
        let (mut weight, mut sum, mut k) = ((-jumps).exp(), 0.0, 0.0);
        loop {
            let alive = weight * state.iter().sum::<f64>();
            sum += alive;
            if k > jumps && alive <= 1e-17 * sum {
                return sum;
            }
            let flow = |j: usize| (0..n).map(|i| state[i] * self.generator[i * n + j]).sum::<f64>();
            state = (0..n).map(|j| (state[j] + flow(j) / rate).max(0.0)).collect();
            k += 1.0;
            weight *= jumps / k;
        }
    }

    /// Scaling and squaring of the stochastic matrix of the chain with its absorbing state.
    ///
    /// Numerics: plain squaring doubles the relative error of a slow decay every time; here
    /// only non-negative terms are added and a diagonal near 1 is taken from its row sum, so
    /// errors stay at rounding however far the rates lie apart.
    fn survival_by_squaring(&self, rate: f64, x: f64) -> f64 {
        let n = self.phases();
        let squarings = (rate * x).log2().ceil().max(0.0);
        let mut flow = self.short_flow(rate, rate * x / squarings.exp2());
        for _ in 0..squarings as u32 {
            flow = with_row_sums_of_one(&flow * &flow);
        }
        let alive = |i: usize| (0..n).map(|j| flow[(i, j)]).sum::<f64>();
        (0..n).map(|i| self.alpha[i] * alive(i)).sum()
    }

    /// Transition matrix over `jumps` <= 1 expected jumps at `rate`; the last state absorbs.
    fn short_flow(&self, rate: f64, jumps: f64) -> DMatrix<f64> {
        let n = self.phases();
        let step = DMatrix::from_fn(n + 1, n + 1, |i, j| match (i == j, i == n, j == n) {
            (true, true, _) => 1.0,
            (true, ..) => 1.0 + self.generator[i * n + i] / rate,
            (_, true, _) => 0.0,
            (_, _, true) => self.exits[i] / rate,
            _ => self.generator[i * n + j] / rate,
        });
        let mut term = DMatrix::identity(n + 1, n + 1) * (-jumps).exp();
        let mut sum = term.clone();
        // 1/22! is below rounding.
        for k in 1..=22 {
            term = &term * &step * (jumps / f64::from(k));
            sum += &term;
        }
        with_row_sums_of_one(sum)
    }
}

/// A stochastic matrix whose large diagonal entries are what their rows leave of 1.
fn with_row_sums_of_one(mut matrix: DMatrix<f64>) -> DMatrix<f64> {
    for i in 0..matrix.nrows() {
        if matrix[(i, i)] > 0.5 {
            matrix[(i, i)] = 0.0;
            matrix[(i, i)] = 1.0 - matrix.row(i).sum();
        }
    }
    matrix
}

impl Law for PhaseType {
    const NAME: &str = "phase_type";

    fn mean(&self) -> f64 {
        self.moments[0]
    }

    fn scv(&self) -> f64 {
        (self.moments[1] / self.moments[0].powi(2) - 1.0).max(0.0)
    }

    fn third_moment(&self) -> f64 {
        self.moments[2]
    }

    fn cdf(&self, x: f64) -> f64 {
        1.0 - self.survival(x)
    }

    fn survival(&self, x: f64) -> f64 {
        // From any phase half the mass is absorbed within 2 slowest times (Markov's
        // inequality), so beyond 2200 of them less than 2^-1074 survives.
        if x <= 0.0 {
            return 1.0;
        } else if x > 2200.0 * self.slowest {
            return 0.0;
        }
        let rate = self.walk.stay.iter().fold(0.0_f64, |rate, stay| rate.max(1.0 / stay));
        if rate * x <= MAX_JUMPS {
            self.survival_by_jumps(rate, x).min(1.0)
        } else {
            self.survival_by_squaring(rate, x).min(1.0)
        }
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.walk.time_to_absorption(rng)
    }
}

impl AbsorptionWalk {
    fn new(alpha: &[f64], t: &[f64], exits: &[f64]) -> AbsorptionWalk {
        let n = alpha.len();
        let row = |i: usize| {
            let mut rates: Vec<f64> = t[i * n..(i + 1) * n].to_vec();
            rates[i] = 0.0;
            rates.push(exits[i]);
            cumulative(&rates).into_vec()
        };
        AbsorptionWalk {
            start: cumulative(alpha),
            stay: (0..n).map(|i| -1.0 / t[i * n + i]).collect(),
            jump: (0..n).flat_map(row).collect(),
        }
    }

    #[inline]
    fn time_to_absorption<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let n = self.stay.len();
        let (mut phase, mut time) = (pick(&self.start, rng.random()), 0.0);
        while phase < n {
            time += self.stay[phase] * unit_exponential(rng);
            phase = pick(&self.jump[phase * (n + 1)..(phase + 1) * (n + 1)], rng.random());
        }
        time
    }
}

/// Rates into absorption, with the signs of T checked on the way.
fn exit_rates(t: &[f64], n: usize) -> Result<Vec<f64>, DistError> {
    (0..n).map(|i| exit_rate(&t[i * n..(i + 1) * n], i)).collect()
}

fn exit_rate(row: &[f64], i: usize) -> Result<f64, DistError> {
    for (j, &rate) in row.iter().enumerate() {
        let name = format!("T[{i}][{j}]");
        if i == j {
            check::within(&name, rate, rate.is_finite() && rate < 0.0, "finite and < 0 on the diagonal")?;
        } else {
            check::nonnegative(&name, rate)?;
        }
    }
    let (sum, scale) = (row.iter().sum::<f64>(), -row[i]);
    check::within(&format!("sum of row {i} of T"), sum, sum <= 1e-9 * scale, "<= 0")?;
    // What rounding leaves of a row that sums to 0 is no exit.
    Ok(if sum >= -1e-12 * scale { 0.0 } else { -sum })
}

/// Every phase must reach one with an exit, or absorption may never come.
fn check_absorption(t: &[f64], exits: &[f64]) -> Result<(), DistError> {
    let n = exits.len();
    let mut absorbed: Vec<bool> = exits.iter().map(|&e| e > 0.0).collect();
    for _ in 0..n {
        for i in 0..n {
            absorbed[i] |= (0..n).any(|j| i != j && absorbed[j] && t[i * n + j] > 0.0);
        }
    }
    match absorbed.iter().position(|a| !a) {
        None => Ok(()),
        Some(i) => Err(DistError(format!("phase {i} of `T` never reaches absorption; every phase must"))),
    }
}

/// The first three moments, and the longest mean time to absorption over the phases.
fn moments(alpha: &[f64], negative: DMatrix<f64>) -> Result<([f64; 3], f64), DistError> {
    let n = alpha.len();
    let lu = negative.lu();
    let solve = |right: &DVector<f64>| {
        lu.solve(right).ok_or_else(|| DistError("`T` is singular; it must be invertible".into()))
    };
    let first = solve(&DVector::from_element(n, 1.0))?;
    let second = solve(&first)?;
    let third = solve(&second)?;
    let start = DVector::from_row_slice(alpha);
    Ok(([start.dot(&first), 2.0 * start.dot(&second), 6.0 * start.dot(&third)], first.max()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniformization_squaring_and_pade_agree() {
        let law = PhaseType::new(&[0.2, 0.5, 0.3], &[-3.0, 1.0, 1.5, 0.5, -1.0, 0.0, 0.0, 2.0, -40.0]).unwrap();
        for x in [0.01, 0.3, 1.0, 5.0, 12.0] {
            let flow = (DMatrix::from_row_slice(3, 3, law.generator()) * x).exp();
            let pade = (DVector::from_row_slice(law.alpha()).transpose() * flow).sum();
            for survival in [law.survival_by_jumps(40.0, x), law.survival_by_squaring(40.0, x)] {
                assert!((survival / pade - 1.0).abs() < 1e-11, "{x}: {survival} {pade}");
            }
        }
    }

    #[test]
    fn rates_a_billion_apart_keep_their_digits() {
        // Two stages in a row: P(X > x) = (r1 exp(-r2 x) - r2 exp(-r1 x)) / (r1 - r2).
        let (r1, r2) = (1e6, 1e-3);
        let law = PhaseType::new(&[1.0, 0.0], &[-r1, r1, 0.0, -r2]).unwrap();
        for x in [1e-7, 1e-4, 1.0, 1e3, 2e4] {
            let exact = (r1 * f64::exp(-r2 * x) - r2 * f64::exp(-r1 * x)) / (r1 - r2);
            assert!((law.survival(x) / exact - 1.0).abs() < 1e-12, "{x}: {} {exact}", law.survival(x));
        }
        assert!((law.quantile(0.5) - 693.147_180_559_945_3).abs() < 1e-5);
    }

    #[test]
    fn a_phase_that_never_leaves_is_refused() {
        let trapped = PhaseType::new(&[1.0, 0.0, 0.0], &[-1.0, 0.5, 0.0, 0.0, -1.0, 1.0, 0.0, 1.0, -1.0]);
        assert!(trapped.unwrap_err().0.contains("phase 1"));
    }
}
