//! First passages: how long until a chain enters a set of states, and which of two sets it enters first.

use super::classes::reaching;
use super::eliminate::{Stuck, Task};
use super::error::ChainError;
use super::generator::Generator;
use super::order;
use super::stationary::affordable;
use super::uniformise::Uniformised;
use crate::analytic::steady::Moments;

impl Generator {
    fn check_set(&self, set: &[bool]) -> Result<(), ChainError> {
        if set.len() == self.len() { Ok(()) } else { Err(ChainError::NoSuchState(set.len())) }
    }

    /// From each state, the probability that the chain enters `a` before `b` (1 in `a`, else 0 in `b`).
    ///
    /// Formula: -Q h = rates into a, on the states of neither, by elimination without subtraction:
    /// full relative accuracy, however small h is.
    /// Units: a probability.
    /// Valid when: any chain; never entering either counts as not entering a.
    /// Reference: Norris, Markov Chains (1997), th. 3.3.1; Grassmann, Taksar, Heyman (1985).
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// // Gambler's ruin, up 1/s, down 2/s: from 1, 3 before 0 with probability 1/7.
    /// let moves = [(1, 2, 1.0), (1, 0, 2.0), (2, 3, 1.0), (2, 1, 2.0)];
    /// let q = Generator::from_transitions(4, moves).unwrap();
    /// let h = q.hits_before(&[false, false, false, true], &[true, false, false, false]).unwrap();
    /// assert!((h[1] - 1.0 / 7.0).abs() < 1e-16);
    /// ```
    pub fn hits_before(&self, a: &[bool], b: &[bool]) -> Result<Vec<f64>, ChainError> {
        self.check_set(a).and_then(|()| self.check_set(b))?;
        let can = reaching(&self.reversed(), a, b);
        let inner: Vec<usize> = (0..self.len()).filter(|&s| can[s] && !a[s] && !b[s]).collect();
        let to_a = self.rates_into(&inner, |s| a[s]);
        let lost = self.rates_into(&inner, |s| !a[s] && (b[s] || !can[s]));
        let solved = solve(&self.restricted(&inner), &[to_a, lost], |chain| chain.leaves_by(0))?;
        let mut h: Vec<f64> = a.iter().map(|&inside| f64::from(u8::from(inside))).collect();
        inner.iter().zip(solved).for_each(|(&state, x)| h[state] = x);
        Ok(h)
    }

    /// From each of these states, the total rate into states of a kind.
    fn rates_into(&self, states: &[usize], kind: impl Fn(usize) -> bool) -> Vec<f64> {
        let total = |&state: &usize| self.row(state).filter(|&(to, _)| kind(to)).map(|(_, rate)| rate).sum();
        states.iter().map(total).collect()
    }

    /// States outside the set from which it is entered for sure.
    fn surely_entering(&self, set: &[bool]) -> Vec<usize> {
        let back = self.reversed();
        let can = reaching(&back, set, &vec![false; self.len()]);
        let never: Vec<bool> = can.iter().map(|can| !can).collect();
        let doubtful = reaching(&back, &never, set);
        (0..self.len()).filter(|&s| !set[s] && !doubtful[s]).collect()
    }

    /// From each state, mean and variance of the time until the chain enters the set (0 within it;
    /// infinite where it may never be entered).
    ///
    /// Formula: -Q m = 1 and -Q v = sum over j of q_ij (m_j - m_i)^2, on the states outside.
    /// Units: seconds, seconds squared.
    /// Valid when: any chain.
    /// Reference: Norris (1997), th. 3.3.3; the variance by taking E T^2 apart likewise.
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// // Two exponential phases of rate 2/s: mean 1 s, variance 1/2 s^2.
    /// let q = Generator::from_transitions(3, [(0, 1, 2.0), (1, 2, 2.0)]).unwrap();
    /// let times = q.passage(&[false, false, true]).unwrap();
    /// assert!((times[0].mean - 1.0).abs() < 1e-15 && (times[0].variance.unwrap() - 0.5).abs() < 1e-15);
    /// ```
    pub fn passage(&self, set: &[bool]) -> Result<Vec<Moments>, ChainError> {
        self.check_set(set)?;
        let inner = self.surely_entering(set);
        let exit = self.rates_into(&inner, |s| set[s]);
        let q = self.restricted(&inner);
        let (mean, variance) = solve(&q, std::slice::from_ref(&exit), |chain| {
            let mean = chain.until_exit(&vec![1.0; q.len()]);
            let spread = |i: usize| -> f64 {
                let within: f64 = q.row(i).map(|(j, rate)| rate * (mean[j] - mean[i]).powi(2)).sum();
                within + exit[i] * mean[i] * mean[i]
            };
            let variance = chain.until_exit(&(0..q.len()).map(spread).collect::<Vec<_>>());
            (mean, variance)
        })?;
        let other = |&inside: &bool| if inside { 0.0 } else { f64::INFINITY };
        let plain = |x: f64| Moments { mean: x, variance: Some(x) };
        let mut times: Vec<Moments> = set.iter().map(|inside| plain(other(inside))).collect();
        for (i, &state) in inner.iter().enumerate() {
            times[state] = Moments { mean: mean[i], variance: Some(variance[i]) };
        }
        Ok(times)
    }

    /// P(the set is not entered until t), from probabilities `start` at time 0, for each time.
    ///
    /// Formula: the sum over the states outside of the transient probabilities of the chain that ends
    /// in the set, by uniformisation; small probabilities keep their relative accuracy.
    /// Units: seconds. Valid when: as [`transient`](Generator::transient).
    /// Reference: Stewart (1994), sec. 8.2.
    ///
    /// ```
    /// use lindley::analytic::chain::Generator;
    /// let q = Generator::from_transitions(2, [(0, 1, 2.0)]).unwrap();
    /// let tail = q.passage_survival(&[false, true], &[1.0, 0.0], &[20.0]).unwrap();
    /// assert!((tail[0] / (-40.0_f64).exp() - 1.0).abs() < 1e-12);
    /// ```
    pub fn passage_survival(&self, set: &[bool], start: &[f64], times: &[f64]) -> Result<Vec<f64>, ChainError> {
        self.check_set(set)?;
        if start.len() != self.len() {
            return Err(ChainError::NoSuchState(start.len()));
        }
        let outside: Vec<usize> = (0..self.len()).filter(|&s| !set[s]).collect();
        let out: Vec<f64> = outside.iter().map(|&s| self.out(s)).collect();
        let chain = Uniformised::new(&self.restricted(&outside), &out);
        let start: Vec<f64> = outside.iter().map(|&s| start[s]).collect();
        times.iter().map(|&t| Ok(chain.at(&start, t)?.iter().sum())).collect()
    }
}

/// What follows from a chain with exits, eliminated.
fn solve<T>(
    q: &Generator,
    exits: &[Vec<f64>],
    answer: impl FnOnce(&super::eliminate::Eliminated) -> T,
) -> Result<T, ChainError> {
    let back = q.reversed();
    let plan = order::plan(q, &back);
    if !affordable(&plan) {
        return Err(ChainError::TooLarge(q.len()));
    }
    let task = Task { q, back: &back, plan: &plan, exits, keep_rows: true };
    let eliminated = task.run().map_err(|Stuck| ChainError::OutOfRange)?;
    Ok(answer(&eliminated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::births_and_deaths;

    /// Both ends hold what enters them.
    fn walk(n: usize, up: f64, down: f64) -> Generator {
        let inside = |i: usize| i > 0 && i < n;
        births_and_deaths(n, |i| if inside(i) { up } else { 0.0 }, |i| if inside(i) { down } else { 0.0 })
    }

    #[test]
    fn ruin_is_exact_far_below_one_in_a_trillion() {
        for n in [2_usize, 10, 40, 200, 900] {
            let only = |at: usize| (0..=n).map(|s| s == at).collect::<Vec<_>>();
            let h = walk(n, 1.0, 2.0).hits_before(&only(n), &only(0)).unwrap();
            let exact = |i: usize| (i as f64 * 2_f64.ln()).exp_m1() / (n as f64 * 2_f64.ln()).exp_m1();
            for i in [1, n / 2, n - 1] {
                assert!((h[i] / exact(i) - 1.0).abs() < 1e-11, "{n} {i}: {} {}", h[i], exact(i));
            }
        }
    }

    #[test]
    fn a_busy_period_has_its_textbook_moments() {
        // M/M/1 with room for 400: from n messages, n busy periods.
        let set: Vec<bool> = (0..=400).map(|s| s == 0).collect();
        let times = births_and_deaths(400, |_| 0.5, |_| 1.0).passage(&set).unwrap();
        assert!((times[3].mean / 6.0 - 1.0).abs() < 1e-12);
        assert!((times[3].variance.unwrap() / (3.0 * 1.5 / 0.125) - 1.0).abs() < 1e-11);
    }

    #[test]
    fn what_may_never_happen_takes_forever() {
        let q = Generator::from_transitions(4, [(0, 1, 1.0), (0, 2, 1.0), (3, 1, 4.0)]).unwrap();
        let times = q.passage(&[false, true, false, false]).unwrap();
        assert_eq!(times.iter().map(|t| t.mean).collect::<Vec<_>>(), [f64::INFINITY, 0.0, f64::INFINITY, 0.25]);
        let h = q.hits_before(&[false, true, false, false], &[false; 4]).unwrap();
        assert_eq!(h, [0.5, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn the_tail_integrates_to_the_mean() {
        let q = walk(6, 0.5, 1.0);
        let set: Vec<bool> = (0..=6).map(|s| s == 0 || s == 6).collect();
        let start: Vec<f64> = (0..=6).map(|s| f64::from(u8::from(s == 2))).collect();
        let mean = q.passage(&set).unwrap()[2].mean;
        let times: Vec<f64> = (0..40_000).map(|i| (f64::from(i) + 0.5) * 2e-3).collect();
        let area: f64 = q.passage_survival(&set, &start, &times).unwrap().iter().sum();
        assert!((area * 2e-3 / mean - 1.0).abs() < 1e-6);
    }
}
