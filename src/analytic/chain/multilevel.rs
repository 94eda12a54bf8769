//! Stationary probabilities by iteration, for chains too entangled to eliminate: sweeps on ever coarser
//! chains whose states are groups of states.

use super::eliminate::Task;
use super::error::ChainError;
use super::generator::Generator;
use super::order::{self, EliminationPlan};
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use std::collections::VecDeque;

/// States in a group.
const GROUP: usize = 8;

/// Additions and multiplications that the elimination of the coarsest chain may take.
const COARSEST: f64 = 2e8;

/// Cycles before giving up.
const CYCLES: usize = 300;

/// Probability flow out of balance, as a share of all flow, at which the iteration ends.
const BALANCED: f64 = 3e-14;

/// What is accepted where rounding allows no more.
const ACCEPTED: f64 = 1e-12;

/// No probability is taken as smaller, so that groups never have none.
const FLOOR: f64 = 1e-280;

/// One chain of the hierarchy.
struct ChainLevel {
    /// Where each state is entered from.
    back: Generator,
    out: Vec<f64>,
    next: CoarserChain,
}

/// What solves a level's residual.
enum CoarserChain {
    /// The chain is small enough to be eliminated.
    Direct(EliminationPlan),
    /// Groups: of each state, its group; of each rate (in the order of `back`), the coarse rate it is
    /// part of, `u32::MAX` within a group.
    Groups { group: Vec<u32>, part_of: Vec<u32>, coarse: Box<ChainLevel> },
}

/// Stationary probabilities of an irreducible chain.
///
/// Formula: Gauss-Seidel sweeps alternate with corrections from the chain on groups of states, whose
/// rates are averages under the present probabilities, and so on down to a chain that is solved
/// by elimination (two visits of each coarser chain a cycle).
/// Reference: Horton, Leutenegger, A multi-level solution algorithm for steady-state Markov chains,
/// SIGMETRICS (1994); Stewart (1994), sec. 6.5.
pub(super) fn stationary(q: &Generator) -> Result<Vec<f64>, ChainError> {
    let mut level = ChainLevel::new(q.reversed(), q);
    let mut x = vec![1.0 / q.len() as f64; q.len()];
    let mut past = Past::default();
    let (mut best, mut stalled) = (f64::INFINITY, 0);
    for _ in 0..CYCLES {
        level.cycle(&mut x)?;
        let off = past.combine(&level, &mut x);
        if off <= BALANCED {
            return Ok(x);
        }
        stalled = if off < 0.7 * best { 0 } else { stalled + 1 };
        best = best.min(off);
        if stalled >= 5 && off <= ACCEPTED {
            return Ok(x);
        }
        if off.is_nan() || stalled >= 40 {
            break;
        }
    }
    Err(ChainError::NotConverged(best))
}

/// Iterates that are combined.
const REMEMBERED: usize = 5;

/// The latest iterates, each with its flow out of balance.
#[derive(Default)]
struct Past(VecDeque<(Vec<f64>, Vec<f64>)>);

impl Past {
    /// Replaces x by the combination of the latest iterates that is best balanced (iterant
    /// recombination), if that is better; returns the flow out of balance over all flow.
    fn combine(&mut self, level: &ChainLevel, x: &mut Vec<f64>) -> f64 {
        let all: f64 = x.iter().zip(&level.out).map(|(x, out)| x * out).sum();
        let off = level.residual(x);
        let size = |r: &[f64]| r.iter().map(|r| r.abs()).sum::<f64>();
        let newest = size(&off);
        self.0.push_back((x.clone(), off));
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
        let Some(weights) = self.weights() else { return newest / all };
        let mut mixed = vec![0.0; x.len()];
        for (weight, (past, _)) in weights.iter().zip(&self.0) {
            mixed.iter_mut().zip(past).for_each(|(mixed, past)| *mixed += weight * past);
        }
        // A probability is positive: at least a tenth of what it was.
        mixed.iter_mut().zip(&*x).for_each(|(mixed, x)| *mixed = mixed.max(0.1 * x));
        let off = level.residual(&mixed);
        if size(&off) >= newest {
            return newest / all;
        }
        let better = size(&off);
        *x = mixed;
        if let Some(last) = self.0.back_mut() {
            *last = (x.clone(), off);
        }
        better / all
    }

    /// Weights of sum 1 for which the combined flow out of balance has the least sum of squares.
    fn weights(&self) -> Option<Vec<f64>> {
        let (_, newest) = self.0.back()?;
        let older = self.0.len() - 1;
        let differences: Vec<Vec<f64>> = self
            .0
            .par_iter()
            .take(older)
            .map(|(_, r)| r.iter().zip(newest).map(|(r, new)| r - new).collect())
            .collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let scale: Vec<f64> = differences.iter().map(|d| dot(d, d).sqrt()).collect();
        if older == 0 || scale.iter().any(|&s| s <= 0.0) {
            return None;
        }
        let square = DMatrix::from_fn(older, older, |i, j| {
            dot(&differences[i], &differences[j]) / (scale[i] * scale[j]) + if i == j { 1e-13 } else { 0.0 }
        });
        let right = DVector::from_fn(older, |i, _| -dot(&differences[i], newest) / scale[i]);
        let solved = square.lu().solve(&right)?;
        let mut weights: Vec<f64> = solved.iter().zip(&scale).map(|(w, s)| w / s).collect();
        weights.push(1.0 - weights.iter().sum::<f64>());
        weights.iter().all(|w| w.is_finite()).then_some(weights)
    }
}

impl ChainLevel {
    fn new(back: Generator, q: &Generator) -> ChainLevel {
        let out: Vec<f64> = (0..q.len()).map(|state| q.out(state)).collect();
        let plan = order::plan(q, &back);
        if plan.work <= COARSEST || q.len() < 4 * GROUP {
            return ChainLevel { back, out, next: CoarserChain::Direct(plan) };
        }
        let (group, groups) = grouped(q, &back);
        let between = |state: usize| {
            let group = &group;
            back.row(state).map(move |(from, rate)| (group[state] as usize, group[from] as usize, rate))
        };
        let rates = (0..q.len()).flat_map(between);
        let coarse = Generator::from_transitions(groups, rates).expect("groups are numbered below their count");
        let place = |(to, from): (u32, u32)| coarse.place(to as usize, from).unwrap_or(u32::MAX);
        let pairs = (0..q.len()).flat_map(|s| back.row(s).map(move |(from, _)| (s, from)));
        let part_of: Vec<u32> = pairs.map(|(to, from)| place((group[to], group[from]))).collect();
        let forwards = coarse.reversed();
        let coarse = Box::new(ChainLevel::new(coarse, &forwards));
        ChainLevel { back, out, next: CoarserChain::Groups { group, part_of, coarse } }
    }

    /// One cycle: improves the probabilities x.
    fn cycle(&mut self, x: &mut [f64]) -> Result<(), ChainError> {
        if let CoarserChain::Direct(plan) = &self.next {
            let q = self.back.reversed();
            let task = Task { q: &q, back: &self.back, plan, exits: &[], keep_rows: false };
            let solved = task.run().map_err(|_| ChainError::OutOfRange)?.stationary();
            x.iter_mut().zip(solved).for_each(|(x, new)| *x = new.max(FLOOR));
            return Ok(());
        }
        self.sweep(x);
        if let CoarserChain::Groups { group, part_of, coarse } = &mut self.next {
            x.iter_mut().for_each(|x| *x = x.max(FLOOR));
            let mut mass = vec![0.0; coarse.out.len()];
            group.iter().zip(&*x).for_each(|(&g, x)| mass[g as usize] += x);
            coarse.average(&self.back, part_of, x, &mass);
            let mut better = mass.clone();
            coarse.cycle(&mut better)?;
            if let CoarserChain::Groups { .. } = coarse.next {
                coarse.cycle(&mut better)?;
            }
            group.iter().zip(&mut *x).for_each(|(&g, x)| *x *= better[g as usize] / mass[g as usize]);
        }
        self.sweep(x);
        let total: f64 = x.iter().sum();
        x.iter_mut().for_each(|x| *x /= total);
        Ok(())
    }

    /// Takes the rates of a coarse chain from the finer one under probabilities x.
    fn average(&mut self, fine: &Generator, part_of: &[u32], x: &[f64], mass: &[f64]) {
        let rates = self.back.rates_mut();
        rates.fill(0.0);
        let mut parts = part_of.iter();
        for state in 0..fine.len() {
            for ((from, rate), &part) in fine.row(state).zip(&mut parts) {
                if part != u32::MAX {
                    rates[part as usize] += x[from] * rate;
                }
            }
        }
        let sources: Vec<usize> = (0..self.back.len()).flat_map(|s| self.back.row(s).map(|(from, _)| from)).collect();
        self.out.fill(0.0);
        for (rate, from) in self.back.rates_mut().iter_mut().zip(sources) {
            *rate /= mass[from];
            self.out[from] += *rate;
        }
    }

    /// Gauss-Seidel through the states up and down: each probability from its balance of flow.
    fn sweep(&self, x: &mut [f64]) {
        let n = x.len();
        for state in (0..n).chain((0..n).rev()) {
            let inflow: f64 = self.back.row(state).map(|(from, rate)| x[from] * rate).sum();
            x[state] = inflow / self.out[state];
        }
    }

    /// Flow into each state less flow out of it.
    fn residual(&self, x: &[f64]) -> Vec<f64> {
        let inflow = |state: usize| self.back.row(state).map(|(from, rate)| x[from] * rate).sum::<f64>();
        (0..x.len()).into_par_iter().map(|state| inflow(state) - x[state] * self.out[state]).collect()
    }
}

/// Groups of neighbours along strong rates: of each state its group, and how many there are.
fn grouped(q: &Generator, back: &Generator) -> (Vec<u32>, usize) {
    const NONE: u32 = u32::MAX;
    let n = q.len();
    let mut group = vec![NONE; n];
    let mut groups = 0;
    let mut members = Vec::with_capacity(GROUP);
    for seed in 0..n {
        if group[seed] != NONE {
            continue;
        }
        members.clear();
        members.push(seed);
        group[seed] = groups;
        let mut at = 0;
        while at < members.len() && members.len() < GROUP {
            let state = members[at];
            let strongest = q.row(state).chain(back.row(state)).map(|(_, rate)| rate).fold(0.0, f64::max);
            for (to, rate) in q.row(state).chain(back.row(state)) {
                if group[to] == NONE && rate >= 0.1 * strongest && members.len() < GROUP {
                    group[to] = groups;
                    members.push(to);
                }
            }
            at += 1;
        }
        let neighbour = q.row(seed).chain(back.row(seed)).map(|(to, _)| group[to]).find(|&g| g != NONE && g != groups);
        match neighbour {
            Some(other) if members.len() <= GROUP / 4 => members.iter().for_each(|&s| group[s] = other),
            _ => groups += 1,
        }
    }
    (group, groups as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::series;

    #[test]
    fn iteration_agrees_with_elimination() {
        let q = series(14, &[1.0, 0.9, 0.95]);
        let exact = q.stationary().unwrap();
        let x = stationary(&q).unwrap();
        let off: f64 = x.iter().zip(&exact).map(|(a, b)| (a - b).abs()).sum();
        assert!(off < 1e-10, "{off}");
    }
}
