//! Finite Markov chains in continuous time: from a rule that says where each state goes, to
//! stationary probabilities, transient ones and first passages. Knows no queue.

use super::page::Page;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

/// A finite chain in continuous time: states, and the rates (per second) between them.
#[derive(Debug, Clone)]
pub struct Chain<S> {
    states: Vec<S>,
    index: HashMap<S, usize>,
    /// For each state the (target, rate) of its transitions, without loops.
    moves: Vec<Vec<(usize, f64)>>,
}

/// Why a chain has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ChainError {
    /// More states than allowed were found.
    TooLarge(usize),
    /// A rate is negative, infinite or not a number.
    BadRate(f64),
    /// The chain has no single stationary distribution, or what is asked cannot be reached.
    Reducible,
    /// The iteration did not converge to the accuracy wanted; the last change is given.
    NotConverged(f64),
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainError::TooLarge(limit) => write!(f, "the chain has more than {limit} states"),
            ChainError::BadRate(rate) => {
                write!(f, "a rate of the chain is {rate}, and must be finite and not negative")
            }
            ChainError::Reducible => f.write_str("not every state of the chain can be reached from every other"),
            ChainError::NotConverged(change) => write!(f, "the iteration still changes by {change:e}"),
        }
    }
}

impl std::error::Error for ChainError {}

impl<S: Clone + Eq + Hash> Chain<S> {
    /// Every state that can be reached from `start` (numbered in the order found), where `moves`
    /// calls its second argument with each target and rate.
    ///
    /// ```
    /// use lindley::analytic::chain::Chain;
    /// // M/M/1/3, lambda = 1/s, mu = 2/s: (8, 4, 2, 1)/15.
    /// let chain = Chain::explore([0u32], 100, |&n, to| {
    ///     if n < 3 { to(n + 1, 1.0) }
    ///     if n > 0 { to(n - 1, 2.0) }
    /// }).unwrap();
    /// let p = chain.stationary().unwrap();
    /// assert!((p[chain.index(&3).unwrap()] - 1.0 / 15.0).abs() < 1e-15);
    /// ```
    pub fn explore(
        start: impl IntoIterator<Item = S>,
        limit: usize,
        mut moves: impl FnMut(&S, &mut dyn FnMut(S, f64)),
    ) -> Result<Chain<S>, ChainError> {
        let mut chain = Chain { states: Vec::new(), index: HashMap::new(), moves: Vec::new() };
        for state in start {
            chain.number(state);
        }
        let mut bad = None;
        while chain.moves.len() < chain.states.len() {
            let from = chain.moves.len();
            let state = chain.states[from].clone();
            let mut found = Vec::new();
            moves(&state, &mut |target, rate| match rate {
                r if !(r >= 0.0 && r.is_finite()) => bad = Some(r),
                r if r > 0.0 => found.push((chain.number(target), r)),
                _ => {}
            });
            if let Some(rate) = bad {
                return Err(ChainError::BadRate(rate));
            }
            if chain.states.len() > limit {
                return Err(ChainError::TooLarge(limit));
            }
            found.retain(|&(target, _)| target != from);
            chain.moves.push(found);
        }
        Ok(chain)
    }

    fn number(&mut self, state: S) -> usize {
        if let Some(&known) = self.index.get(&state) {
            return known;
        }
        self.states.push(state.clone());
        self.index.insert(state, self.states.len() - 1);
        self.states.len() - 1
    }

    /// The states, in the order of their numbers.
    pub fn states(&self) -> &[S] {
        &self.states
    }

    /// The number of a state, if it can be reached.
    pub fn index(&self, state: &S) -> Option<usize> {
        self.index.get(state).copied()
    }

    /// Stationary probabilities, in the order of [`states`](Chain::states).
    pub fn stationary(&self) -> Result<Vec<f64>, ChainError> {
        let n = self.states.len();
        let mut q = vec![vec![0.0; n]; n];
        for (from, moves) in self.moves.iter().enumerate() {
            moves.iter().for_each(|&(to, rate)| q[from][to] += rate);
        }
        for last in (1..n).rev() {
            let out: f64 = q[last][..last].iter().sum();
            if out <= 0.0 {
                return Err(ChainError::Reducible);
            }
            for i in 0..last {
                let share = q[i][last] / out;
                q[i][last] = share;
                if share > 0.0 {
                    for j in 0..last {
                        q[i][j] += share * q[last][j];
                    }
                }
            }
        }
        let mut p = vec![1.0; n];
        for last in 1..n {
            p[last] = (0..last).map(|i| p[i] * q[i][last]).sum();
        }
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|x| *x /= total);
        Ok(p)
    }

    /// Mean of a function of the state under probabilities in the order of the states.
    pub fn expect(&self, probabilities: &[f64], of: impl Fn(&S) -> f64) -> f64 {
        self.states.iter().zip(probabilities).map(|(state, p)| p * of(state)).sum()
    }
}

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
