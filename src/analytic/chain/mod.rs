//! Finite Markov chains in continuous time: from a rule that says where each state goes, to stationary
//! probabilities, transient ones and first passages.
//!
//! ```text
//! rule -> Chain (states with names) -> Generator (numbers and rates)
//!   stationary: classes -> order -> eliminate (exact to rounding), else multilevel (iterates)
//! ```

mod classes;
mod contour;
mod eliminate;
mod error;
mod generator;
mod hash;
mod kolmogorov;
mod multilevel;
mod order;
mod passage;
mod stationary;
mod uniformise;
mod walk;

pub use error::ChainError;
pub use generator::Generator;
pub use kolmogorov::forward;
pub(crate) use kolmogorov::forward_within;
pub(crate) use walk::MOST_STATE_EVENTS;
pub use walk::Walk;

use super::page::Page;
use generator::GeneratorBuilder;
use hash::StateHasher;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash};

/// A finite chain in continuous time: states, and the rates (per second) between them.
#[derive(Debug, Clone)]
pub struct Chain<S> {
    states: Vec<S>,
    generator: Generator,
}

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
    /// assert!((chain.expect(&p, |&n| if n == 3 { 1.0 } else { 0.0 }) - 1.0 / 15.0).abs() < 1e-15);
    /// ```
    pub fn explore(
        start: impl IntoIterator<Item = S>,
        limit: usize,
        mut moves: impl FnMut(&S, &mut dyn FnMut(S, f64)),
    ) -> Result<Chain<S>, ChainError> {
        let mut found = Numbering { states: Vec::new(), index: HashMap::default() };
        for state in start {
            found.number(state);
        }
        let limit = limit.min(u32::MAX as usize - 1);
        let mut builder = GeneratorBuilder::default();
        let (mut from, mut bad) = (0, None);
        while from < found.states.len() {
            let state = found.states[from].clone();
            moves(&state, &mut |target, rate| match rate {
                r if !(r >= 0.0 && r.is_finite()) => bad = Some(r),
                r if r > 0.0 => builder.to(found.number(target), r),
                _ => {}
            });
            if let Some(rate) = bad {
                return Err(ChainError::BadRate(rate));
            }
            if found.states.len() > limit {
                return Err(ChainError::TooLarge(limit));
            }
            builder.end_of_row();
            from += 1;
        }
        Ok(Chain { states: found.states, generator: builder.build() })
    }

    /// The states, in the order of their numbers.
    pub fn states(&self) -> &[S] {
        &self.states
    }

    /// The rates between the numbered states, on which everything else is computed.
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// Stationary probabilities, in the order of [`states`](Chain::states); see
    /// [`Generator::stationary`].
    pub fn stationary(&self) -> Result<Vec<f64>, ChainError> {
        self.generator.stationary()
    }

    /// Mean of a function of the state under probabilities in the order of the states.
    pub fn expect(&self, probabilities: &[f64], of: impl Fn(&S) -> f64) -> f64 {
        self.states.iter().zip(probabilities).map(|(state, p)| p * of(state)).sum()
    }
}

/// States met so far.
struct Numbering<S> {
    states: Vec<S>,
    index: HashMap<S, u32, BuildHasherDefault<StateHasher>>,
}

impl<S: Clone + Eq + Hash> Numbering<S> {
    fn number(&mut self, state: S) -> u32 {
        if let Some(&known) = self.index.get(&state) {
            return known;
        }
        let number = self.states.len() as u32;
        self.states.push(state.clone());
        self.index.insert(state, number);
        number
    }
}

/// What `explain` says of this module.
pub const PAGES: &[Page] =
    &[Page { name: "markov-chain", source: include_str!("generator.rs"), item: "pub struct Generator" }];
