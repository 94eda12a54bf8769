//! Rates between numbered states, row by row, without zeros: the form in which every algorithm on chains
//! reads its chain.

use super::error::ChainError;

/// The rates of a finite chain in continuous time between states 0 to n - 1.
///
/// Formula: compressed rows of the off-diagonal part of the generator Q; the diagonal is minus the
/// row sum and is never stored, so that nothing is ever subtracted from it.
/// Units: rates per second.
/// Valid when: rates finite and not negative; rates from a state to itself mean nothing.
/// Reference: W. J. Stewart, Introduction to the Numerical Solution of Markov Chains (1994), ch. 2.
///
/// ```
/// use lindley::analytic::chain::Generator;
/// // M/M/1/1, lambda = 1/s, mu = 2/s.
/// let q = Generator::from_transitions(2, [(0, 1, 1.0), (1, 0, 2.0)]).unwrap();
/// assert!((q.stationary().unwrap()[1] - 1.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    starts: Vec<usize>,
    targets: Vec<u32>,
    rates: Vec<f64>,
}

impl Generator {
    /// The chain on states 0 to n - 1 with these (from, to, rate); rates of equal pairs add up.
    ///
    /// For huge chains whose states have natural numbers this is the fastest way in.
    pub fn from_transitions(
        n: usize,
        transitions: impl IntoIterator<Item = (usize, usize, f64)>,
    ) -> Result<Generator, ChainError> {
        if n >= u32::MAX as usize {
            return Err(ChainError::TooLarge(u32::MAX as usize));
        }
        let mut builder = GeneratorBuilder::default();
        let mut list = Vec::new();
        let mut sorted = true;
        for (from, to, rate) in transitions {
            if !(rate >= 0.0 && rate.is_finite()) {
                return Err(ChainError::BadRate(rate));
            }
            if from >= n || to >= n {
                return Err(ChainError::NoSuchState(from.max(to)));
            }
            sorted &= list.last().is_none_or(|&(last, _, _)| last as usize <= from);
            list.push((from as u32, to as u32, rate));
        }
        if !sorted {
            list.sort_by_key(|&(from, _, _)| from);
        }
        let mut rest = list.as_slice();
        for from in 0..n as u32 {
            let mine = rest.iter().take_while(|(row, _, _)| *row == from).count();
            rest[..mine].iter().for_each(|&(_, to, rate)| builder.to(to, rate));
            rest = &rest[mine..];
            builder.end_of_row();
        }
        Ok(builder.build())
    }

    /// Number of states.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no state.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of positive rates.
    pub fn transitions(&self) -> usize {
        self.targets.len()
    }

    /// The (to, rate) of a state, by increasing number.
    pub fn row(&self, from: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let range = self.starts[from]..self.starts[from + 1];
        self.targets[range.clone()].iter().map(|&to| to as usize).zip(self.rates[range].iter().copied())
    }

    /// Total rate out of a state.
    pub fn out(&self, from: usize) -> f64 {
        self.rates[self.starts[from]..self.starts[from + 1]].iter().sum()
    }

    /// Every rate multiplied by one number.
    pub fn scaled(&self, by: f64) -> Generator {
        Generator { rates: self.rates.iter().map(|r| r * by).collect(), ..self.clone() }
    }

    /// The chain with every arrow reversed: row i lists where i is reached from.
    pub fn reversed(&self) -> Generator {
        let n = self.len();
        let mut starts = vec![0_usize; n + 1];
        self.targets.iter().for_each(|&to| starts[to as usize + 1] += 1);
        (0..n).for_each(|i| starts[i + 1] += starts[i]);
        let mut next = starts.clone();
        let (mut targets, mut rates) = (vec![0; self.targets.len()], vec![0.0; self.rates.len()]);
        for from in 0..n {
            for (to, rate) in self.row(from) {
                let at = next[to];
                next[to] += 1;
                (targets[at], rates[at]) = (from as u32, rate);
            }
        }
        Generator { starts, targets, rates }
    }

    /// The chain on the listed states alone, in their order; rates to others are left out.
    pub fn restricted(&self, states: &[usize]) -> Generator {
        let mut number = vec![u32::MAX; self.len()];
        states.iter().enumerate().for_each(|(new, &old)| number[old] = new as u32);
        let mut builder = GeneratorBuilder::default();
        for &old in states {
            let kept = self.row(old).filter(|&(to, _)| number[to] != u32::MAX);
            kept.for_each(|(to, rate)| builder.to(number[to], rate));
            builder.end_of_row();
        }
        builder.build()
    }

    /// Where among all rates, row after row, the one between two states stands.
    pub(super) fn place(&self, from: usize, to: u32) -> Option<u32> {
        let range = self.starts[from]..self.starts[from + 1];
        self.targets[range.clone()].binary_search(&to).ok().map(|at| (range.start + at) as u32)
    }

    /// All rates, row after row.
    pub(super) fn rates_mut(&mut self) -> &mut [f64] {
        &mut self.rates
    }

    /// p Q: how fast probabilities p change, per second.
    pub fn flow(&self, p: &[f64], change: &mut [f64]) {
        change.fill(0.0);
        for (from, &mass) in p.iter().enumerate() {
            if mass != 0.0 {
                for (to, rate) in self.row(from) {
                    let moved = mass * rate;
                    change[to] += moved;
                    change[from] -= moved;
                }
            }
        }
    }
}

/// A generator under construction, row by row.
#[derive(Debug, Default)]
pub(super) struct GeneratorBuilder {
    starts: Vec<usize>,
    targets: Vec<u32>,
    rates: Vec<f64>,
    row: Vec<(u32, f64)>,
}

impl GeneratorBuilder {
    /// Adds a rate to the row being built; zeros are dropped.
    pub(super) fn to(&mut self, target: u32, rate: f64) {
        if rate > 0.0 {
            self.row.push((target, rate));
        }
    }

    /// Closes the row: sorts it, adds up equal targets, drops the loop.
    pub(super) fn end_of_row(&mut self) {
        let from = self.starts.len() as u32;
        self.starts.push(self.targets.len());
        self.row.sort_unstable_by_key(|&(target, _)| target);
        let mut last = u32::MAX;
        for (target, rate) in self.row.drain(..).filter(|&(target, _)| target != from) {
            if target == last {
                self.rates.iter_mut().next_back().into_iter().for_each(|sum| *sum += rate);
            } else {
                self.targets.push(target);
                self.rates.push(rate);
            }
            last = target;
        }
    }

    pub(super) fn build(mut self) -> Generator {
        self.starts.push(self.targets.len());
        Generator { starts: self.starts, targets: self.targets, rates: self.rates }
    }
}
