//! Probabilities of a chain at a time, by uniformisation: the chain is watched at the events of a Poisson
//! process. Nothing is subtracted.

use super::error::ChainError;
use super::generator::Generator;
use crate::analytic::numeric::poisson;

/// Weights beyond this much of the largest are left out.
const NEGLIGIBLE: f64 = 1e-19;

/// What may still change when iterating ends early.
const SETTLED: f64 = 1e-15;

/// Multiplications after which a horizon is too long.
pub(super) const MOST_WORK: f64 = 4e10;

/// P(Poisson(x) = k) for k = 0 to where the rest is negligible; small ones on the left are kept, as
/// what they weigh may be much larger there.
pub(super) fn poisson_weights(x: f64) -> Vec<f64> {
    let mode = x.floor() as usize;
    let at_mode = poisson::pmf(mode as u64, x);
    let mut weights = vec![0.0; mode + 1];
    let mut w = at_mode;
    for k in (0..=mode).rev() {
        weights[k] = w;
        w *= k as f64 / x;
    }
    w = at_mode;
    for k in mode + 1.. {
        w *= x / k as f64;
        if w <= NEGLIGIBLE * at_mode * (1.0 - x / (k + 1) as f64) {
            break;
        }
        weights.push(w);
    }
    weights
}

/// P(Poisson(x) > k), from those weights.
fn tails(weights: &[f64]) -> Vec<f64> {
    let mut tail = 0.0;
    let mut tails = vec![0.0; weights.len()];
    for (k, weight) in weights.iter().enumerate().rev() {
        tails[k] = tail;
        tail += weight;
    }
    tails
}

/// A chain, or a part of it that is left for good, seen at Poisson times.
pub(super) struct Uniformised {
    back: Generator,
    stay: Vec<f64>,
    rate: f64,
}

impl Uniformised {
    /// From the rates within and the total rate out of each state.
    pub(super) fn new(q: &Generator, out: &[f64]) -> Uniformised {
        let rate = out.iter().copied().fold(0.0, f64::max);
        let scale = if rate > 0.0 { 1.0 / rate } else { 0.0 };
        let stay = out.iter().map(|out| ((rate - out) * scale).max(0.0)).collect();
        Uniformised { back: q.reversed().scaled(scale), stay, rate }
    }

    fn step(&self, p: &[f64], next: &mut [f64]) {
        for (state, next) in next.iter_mut().enumerate() {
            let arriving: f64 = self.back.row(state).map(|(from, share)| p[from] * share).sum();
            *next = p[state] * self.stay[state] + arriving;
        }
    }

    /// Sum over k of `weights[k]` times the probabilities after k events.
    fn weighted(&self, start: &[f64], weights: &[f64]) -> Result<Vec<f64>, ChainError> {
        let work = weights.len() as f64 * (self.back.transitions() + start.len()) as f64;
        let mut left: f64 = weights.iter().sum();
        let (mut p, mut next) = (start.to_vec(), vec![0.0; start.len()]);
        let mut sum = vec![0.0; start.len()];
        for (k, weight) in weights.iter().enumerate() {
            sum.iter_mut().zip(&p).for_each(|(sum, p)| *sum += weight * p);
            left -= weight;
            self.step(&p, &mut next);
            let change: f64 = p.iter().zip(&next).map(|(old, new)| (old - new).abs()).sum();
            let mass: f64 = next.iter().sum();
            std::mem::swap(&mut p, &mut next);
            if change * (weights.len() - k) as f64 <= SETTLED * mass {
                sum.iter_mut().zip(&p).for_each(|(sum, p)| *sum += left.max(0.0) * p);
                return Ok(sum);
            }
            if work > MOST_WORK && k as f64 * (work / weights.len() as f64) > MOST_WORK {
                return Err(ChainError::NotConverged(change));
            }
        }
        Ok(sum)
    }

    /// Probabilities after a time.
    pub(super) fn at(&self, start: &[f64], t: f64) -> Result<Vec<f64>, ChainError> {
        check_time(t, self.rate)?;
        self.weighted(start, &poisson_weights(self.rate * t))
    }

    /// Mean time spent in each state until then.
    pub(super) fn until(&self, start: &[f64], t: f64) -> Result<Vec<f64>, ChainError> {
        check_time(t, self.rate)?;
        if self.rate == 0.0 {
            return Ok(start.iter().map(|p| p * t).collect());
        }
        let mut spent = self.weighted(start, &tails(&poisson_weights(self.rate * t)))?;
        spent.iter_mut().for_each(|x| *x /= self.rate);
        Ok(spent)
    }
}

fn check_time(t: f64, rate: f64) -> Result<(), ChainError> {
    if !(t >= 0.0 && t.is_finite()) {
        Err(ChainError::BadTime(t))
    } else if rate * t > 1e9 {
        Err(ChainError::NotConverged(1.0))
    } else {
        Ok(())
    }
}

impl Generator {
    fn uniformised(&self, start: &[f64]) -> Result<Uniformised, ChainError> {
        if start.len() != self.len() {
            return Err(ChainError::NoSuchState(start.len()));
        }
        let out: Vec<f64> = (0..self.len()).map(|state| self.out(state)).collect();
        Ok(Uniformised::new(self, &out))
    }

    /// Probabilities at time `t` from probabilities `start` at time 0.
    ///
    /// Formula: p(t) = sum over k of Poisson(Lambda t; k) start P^k, P = I + Q/Lambda, Lambda the
    /// largest rate out; ends early when all that is left can change by 1e-15 at most.
    /// Units: seconds.
    /// Valid when: t >= 0; refused when Lambda t times the number of transitions passes 4e10.
    /// Reference: Jensen (1953); Fox, Glynn, Computing Poisson probabilities, Comm. ACM 31 (1988);
    /// Stewart (1994), sec. 8.2.
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// let q = Generator::from_transitions(2, [(0, 1, 1.0), (1, 0, 2.0)]).unwrap();
    /// let p = q.transient(&[1.0, 0.0], 0.5).unwrap();
    /// assert!((p[1] + (-1.5_f64).exp_m1() / 3.0).abs() < 1e-15);
    /// ```
    pub fn transient(&self, start: &[f64], t: f64) -> Result<Vec<f64>, ChainError> {
        self.uniformised(start)?.at(start, t)
    }

    /// Mean time spent in each state from 0 to `t`, from probabilities `start`: with rewards r a
    /// second, the mean reward until t is the sum of r times this.
    ///
    /// Formula: integral of p(s) over [0, t] = sum over k of P(Poisson(Lambda t) > k) start P^k / Lambda.
    /// Units: seconds. Valid when: as [`transient`](Generator::transient).
    /// Reference: Stewart (1994), sec. 8.2.
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// let q = Generator::from_transitions(2, [(0, 1, 2.0)]).unwrap();
    /// let spent = q.occupation(&[1.0, 0.0], 3.0).unwrap();
    /// assert!((spent[0] + (-6.0_f64).exp_m1() / 2.0).abs() < 1e-14);
    /// ```
    pub fn occupation(&self, start: &[f64], t: f64) -> Result<Vec<f64>, ChainError> {
        self.uniformised(start)?.until(start, t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::births_and_deaths;

    #[test]
    fn weights_sum_to_one() {
        for x in [0.0, 1e-3, 1.0, 40.0, 1e5] {
            let total: f64 = poisson_weights(x).iter().sum();
            assert!((total - 1.0).abs() < 1e-12, "{x}: {total}");
        }
    }

    #[test]
    fn a_long_time_ends_in_the_stationary_distribution() {
        let q = births_and_deaths(30, |_| 0.9, |_| 1.0);
        let mut start = vec![0.0; 31];
        start[30] = 1.0;
        let p = q.transient(&start, 1e6).unwrap();
        for (p, exact) in p.iter().zip(q.stationary().unwrap()) {
            assert!((p / exact - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn occupation_is_the_integral_of_the_transient() {
        let q = Generator::from_transitions(3, [(0, 1, 1.0), (1, 2, 0.5), (2, 0, 0.1), (1, 0, 0.3)]).unwrap();
        let start = [1.0, 0.0, 0.0];
        let n = 2000;
        let h = 4.0 / f64::from(n);
        let spent = q.occupation(&start, 4.0).unwrap();
        for (state, spent) in spent.iter().enumerate() {
            let sum: f64 = (0..n).map(|i| h * q.transient(&start, (f64::from(i) + 0.5) * h).unwrap()[state]).sum();
            assert!((spent - sum).abs() < 1e-6);
        }
        assert!((spent.iter().sum::<f64>() - 4.0).abs() < 1e-12);
    }
}
