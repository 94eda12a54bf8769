//! The k-th of n independent times: its survival function and moments, for any laws.

use crate::analytic::matrix::phase::PhaseLaw;
use crate::analytic::numeric::quadrature::points;
use crate::analytic::refusal::Refusal;
use crate::dist::Dist;
use nalgebra::{DMatrix, DVector};

/// Panels in a doubling of time, doublings at most.
const PANELS: usize = 4;
const MOST_DOUBLINGS: i32 = 400;
/// Most phases of the law in phases.
const MOST_PHASES: usize = 255;

/// The time when `need` of several independent tasks are done.
///
/// Formula: P(T > t) = P(at least n - need + 1 tasks still run), from the generating function
/// product over i of (F_i + S_i z); E\[T\] = integral of P(T > t), E\[T^2\] = integral of 2 t P(T > t).
/// Equal exponentials: E\[T\] = sum over i = n-need+1..n of 1/(i mu), Var T = sum of 1/(i mu)^2.
/// Units: seconds. Valid when: 1 <= need <= n; moments may be infinite.
/// Numerics: only positive terms; Gauss-Legendre on panels that double, relative error about 1e-12
/// for laws whose survival function is smooth inside its support.
/// Reference: David and Nagaraja, Order Statistics (3rd ed. 2003), ch. 2 and 5.
///
/// ```
/// use lindley::analytic::fork::order::Kth;
/// use lindley::dist::Dist;
/// let tasks = vec![Dist::Exponential(1.0), Dist::Exponential(0.5)];
/// let last = Kth::new(tasks, 2).unwrap();
/// assert!((last.moments().0 - (1.0 + 0.5 - 1.0 / 3.0)).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct Kth {
    tasks: Vec<Dist>,
    need: usize,
}

impl Kth {
    /// The time when `need` of these tasks are done.
    pub fn new(tasks: Vec<Dist>, need: usize) -> Result<Kth, Refusal> {
        let n = tasks.len();
        let impossible = || format!("{need} of {n} tasks are to be done, which is not possible");
        Refusal::unless((1..=n).contains(&need), impossible)?;
        Ok(Kth { tasks, need })
    }

    /// P(T > t).
    pub fn survival(&self, t: f64) -> f64 {
        let n = self.tasks.len();
        // running[r]: probability that r of the tasks so far still run.
        let mut running = vec![0.0; n + 1];
        running[0] = 1.0;
        for (i, task) in self.tasks.iter().enumerate() {
            let (runs, done) = (task.survival(t), task.cdf(t));
            for r in (0..=i + 1).rev() {
                let before = if r > 0 { running[r - 1] } else { 0.0 };
                running[r] = running[r] * done + before * runs;
            }
        }
        running[n - self.need + 1..].iter().sum()
    }

    /// The common rate, if all tasks are exponential and alike.
    fn equal_rate(&self) -> Option<f64> {
        let rates = self.rates()?;
        rates.iter().all(|rate| *rate == rates[0]).then_some(rates[0])
    }

    fn rates(&self) -> Option<Vec<f64>> {
        let rate = |task: &Dist| match task {
            Dist::Exponential(mean) if *mean > 0.0 => Some(1.0 / mean),
            _ => None,
        };
        self.tasks.iter().map(rate).collect()
    }

    /// Mean and second moment, seconds and their square; infinite where they do not exist.
    pub fn moments(&self) -> (f64, f64) {
        if let Some(mu) = self.equal_rate() {
            let n = self.tasks.len();
            let stages = || (n - self.need + 1..=n).map(|i| 1.0 / (i as f64 * mu));
            let mean: f64 = stages().sum();
            return (mean, stages().map(|stage| stage * stage).sum::<f64>() + mean * mean);
        }
        let (mut first, mut second) = (0.0, 0.0);
        let mut panel = |low: f64, high: f64| {
            let mut sums = (0.0, 0.0);
            for (t, w) in points(low, high) {
                let alive = w * self.survival(t);
                sums = (sums.0 + alive, sums.1 + 2.0 * t * alive);
            }
            (first, second) = (first + sums.0, second + sums.1);
            sums.1 <= 1e-17 * second
        };
        let converged = self.panels().windows(2).any(|ends| panel(ends[0], ends[1]) && self.survival(ends[1]) < 1e-12);
        let largest = self.tasks.iter().map(Dist::mean).fold(0.0, f64::max);
        // Without convergence the second moment is infinite, and the mean too unless its sum is finite.
        match converged {
            true => (first, second),
            false if largest.is_finite() => (first, f64::INFINITY),
            false => (f64::INFINITY, f64::INFINITY),
        }
    }

    /// Ends of the panels: doublings, cut in four, and the ends of every law's support.
    fn panels(&self) -> Vec<f64> {
        let means = self.tasks.iter().map(Dist::mean);
        let scale = means.filter(|m| m.is_finite() && *m > 0.0).fold(f64::INFINITY, f64::min);
        let scale = if scale.is_finite() { scale } else { 1.0 };
        let mut ends = vec![0.0];
        for doubling in -60..MOST_DOUBLINGS {
            let low = scale * f64::from(doubling).exp2();
            ends.extend((0..PANELS).map(|i| low * (1.0 + i as f64 / PANELS as f64)));
        }
        ends.extend(self.tasks.iter().flat_map(|task| [task.quantile(0.0), task.quantile(1.0)]));
        ends.retain(|end| end.is_finite() && *end >= 0.0);
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        ends
    }

    /// The same law in phases, if the tasks are exponential and few enough: the phases are the
    /// numbers, or the sets, of tasks that still run.
    pub fn phases(&self) -> Option<PhaseLaw> {
        let (n, rates) = (self.tasks.len(), self.rates()?);
        match self.equal_rate() {
            Some(mu) if self.need <= MOST_PHASES => {
                let stages: Vec<f64> = (0..self.need).map(|done| (n - done) as f64 * mu).collect();
                Some(PhaseLaw::stages(&stages, "G".to_string()))
            }
            None if n <= 8 => Some(self.sets(&rates)),
            _ => None,
        }
    }

    fn sets(&self, rates: &[f64]) -> PhaseLaw {
        let (n, fewest) = (rates.len(), self.tasks.len() - self.need + 1);
        let running = |set: &usize| set.count_ones() as usize;
        let sets: Vec<usize> = (1..1usize << n).rev().filter(|set| running(set) >= fewest).collect();
        let m = sets.len();
        let mut law = PhaseLaw {
            start: DVector::from_fn(m, |i, _| if running(&sets[i]) == n { 1.0 } else { 0.0 }),
            rates: DMatrix::zeros(m, m),
            exits: DVector::zeros(m),
            letter: "G".to_string(),
        };
        for (from, set) in sets.iter().enumerate() {
            for task in (0..n).filter(|task| set >> task & 1 == 1) {
                match sets.iter().position(|other| *other == set & !(1 << task)) {
                    Some(to) => law.rates[(from, to)] += rates[task],
                    None => law.exits[from] += rates[task],
                }
            }
        }
        law
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::assert_close;

    #[test]
    fn quadrature_stages_and_sets_are_one_law() {
        for (means, need) in [(vec![1.0, 1.0, 1.0], 2), (vec![1.0, 0.2, 3.0, 0.7], 4), (vec![1.0, 5.0, 2.0], 1)] {
            let exact = Kth::new(means.iter().map(|m| Dist::Exponential(*m)).collect(), need).unwrap();
            // Erlang laws of one stage go by quadrature.
            let numeric = Kth::new(means.iter().map(|m| Dist::erlang(1, *m).unwrap()).collect(), need).unwrap();
            let (mean, variance) = exact.phases().unwrap().moments();
            let (first, second) = numeric.moments();
            assert_close(first, mean, 1e-11);
            assert_close(second, variance + mean * mean, 1e-11);
            assert_close(exact.moments().0, mean, 1e-11);
            assert_close(exact.moments().1, second, 1e-11);
        }
    }

    #[test]
    fn bounded_sure_and_heavy_times() {
        let (one, pareto) = (Dist::Exponential(1.0), Dist::pareto(1.0, 1.5).unwrap());
        let sure = Dist::Deterministic;
        for (tasks, need, first, second) in [
            (vec![Dist::uniform(0.0, 1.0).unwrap(); 4], 3, 0.6, 3.0 * 4.0 / (5.0 * 6.0)),
            (vec![sure(2.0), sure(3.0)], 2, 3.0, 9.0),
            (vec![sure(1.0), one], 2, 1.0 + (-1.0_f64).exp(), 1.0 + 4.0 * (-1.0_f64).exp()),
            // The first of three Pareto times of index 1.5 is Pareto of index 4.5.
            (vec![pareto.clone(); 3], 1, 4.5 / 3.5, 4.5 / 2.5),
        ] {
            let moments = Kth::new(tasks, need).unwrap().moments();
            assert_close(moments.0, first, 1e-11);
            assert_close(moments.1, second, 1e-11);
        }
        let last = Kth::new(vec![pareto; 3], 3).unwrap().moments();
        assert!(last.0.is_finite() && last.1 == f64::INFINITY);
    }

    #[test]
    fn impossible_needs_are_refused() {
        for (tasks, need) in [(0, 0), (1, 2), (1, 0)] {
            assert!(Kth::new(vec![Dist::Exponential(1.0); tasks], need).is_err());
        }
    }
}
