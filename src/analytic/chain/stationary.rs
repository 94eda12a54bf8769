//! Stationary probabilities of a chain of any shape: chooses between the ways to compute them.

use super::classes::closed_classes;
use super::eliminate::Task;
use super::error::ChainError;
use super::generator::Generator;
use super::multilevel;
use super::order::{self, EliminationPlan};

/// Additions and multiplications that an elimination may take.
const MOST_WORK: f64 = 2e11;

/// Numbers that an elimination may keep (8 bytes each).
const MOST_STORED: f64 = 1.5e8;

impl Generator {
    /// Stationary probabilities: p Q = 0, sum 1; states outside the one closed class have 0.
    ///
    /// By elimination without subtraction, by which each probability has full relative accuracy,
    /// however small. Where that would take more than about 10^11 operations (large chains in three
    /// dimensions and more), by multi-level iteration until the flow out of balance is 3e-14 (at
    /// worst 1e-12) of all flow.
    ///
    /// Fails as [`ChainError::Reducible`] if there is more than one closed class, and as
    /// [`ChainError::NotConverged`] if the iteration stalls before.
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// // 0 leads to 1 and 2, which exchange at rates 1/s and 3/s.
    /// let q = Generator::from_transitions(3, [(0, 1, 1.0), (1, 2, 1.0), (2, 1, 3.0)]).unwrap();
    /// assert_eq!(q.stationary().unwrap(), [0.0, 0.75, 0.25]);
    /// ```
    pub fn stationary(&self) -> Result<Vec<f64>, ChainError> {
        let classes = closed_classes(self);
        let [class] = classes.as_slice() else { return Err(ChainError::Reducible) };
        if class.len() == self.len() {
            return irreducible(self);
        }
        let inside = irreducible(&self.restricted(class))?;
        let mut p = vec![0.0; self.len()];
        class.iter().zip(inside).for_each(|(&state, x)| p[state] = x);
        Ok(p)
    }
}

/// Whether a plan can be carried out.
pub(super) fn affordable(plan: &EliminationPlan) -> bool {
    plan.work <= MOST_WORK && plan.stored <= MOST_STORED
}

fn irreducible(q: &Generator) -> Result<Vec<f64>, ChainError> {
    let back = q.reversed();
    let plan = order::plan(q, &back);
    if affordable(&plan) {
        let task = Task { q, back: &back, plan: &plan, exits: &[], keep_rows: false };
        if let Ok(eliminated) = task.run() {
            return Ok(eliminated.stationary());
        }
    }
    multilevel::stationary(q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{births_and_deaths, series};

    /// p Q over p times the rate out, the worst state.
    fn worst_balance(q: &Generator, p: &[f64]) -> f64 {
        let back = q.reversed();
        let relative = |s: usize| {
            let inflow: f64 = back.row(s).map(|(from, rate)| p[from] * rate).sum();
            (inflow / (p[s] * q.out(s)) - 1.0).abs()
        };
        (0..q.len()).filter(|&s| p[s] > 1e-280).map(relative).fold(0.0, f64::max)
    }

    #[test]
    fn birth_death_chains_of_any_drift_are_exact() {
        for (up, down) in [(0.5, 1.0), (1.0, 1.0), (2.0, 1.0), (1e-3, 1.0), (1.0, 0.999)] {
            let n = 2000;
            let p = births_and_deaths(n - 1, |_| up, |_| down).stationary().unwrap();
            let ratio: f64 = up / down;
            for i in [1, 17, 500, 1000, 1999] {
                let (r, steps) = (ratio.min(1.0 / ratio), if ratio > 1.0 { n - 1 - i } else { i } as i32);
                let heaviest = if r == 1.0 { 1.0 / n as f64 } else { (1.0 - r) / (1.0 - r.powi(n as i32)) };
                let exact = r.powi(steps) * heaviest;
                if exact > 1e-290 {
                    assert!((p[i] / exact - 1.0).abs() < 1e-11, "{up} {i}: {} {exact}", p[i]);
                }
            }
        }
    }

    #[test]
    fn a_tandem_of_a_hundred_thousand_states_balances_in_every_state() {
        let q = series(320, &[1.0, 0.9]);
        let p = q.stationary().unwrap();
        assert!(worst_balance(&q, &p) < 1e-12, "{}", worst_balance(&q, &p));
    }

    #[test]
    fn two_closed_classes_are_refused() {
        let q = Generator::from_transitions(3, [(0, 1, 1.0), (0, 2, 1.0)]).unwrap();
        assert_eq!(q.stationary(), Err(ChainError::Reducible));
    }
}
