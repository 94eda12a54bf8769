//! A tandem with blocking whose first queue has no limit: a quasi-birth-death process whose level is the
//! number at the first station.

use super::line::{BlockingLine, LineState, LineSteady, Supply};
use crate::analytic::Refusal;
use crate::analytic::chain::{Chain, ChainError};
use crate::model::capacity::keeps_up;
use nalgebra::{DMatrix, DVector};
use std::collections::HashMap;

/// Phases at most: matrices of that size are inverted some dozen times.
const MOST_PHASES: usize = 400;
/// Doublings of the number of levels at most.
const MOST_DOUBLINGS: usize = 60;

/// A tandem with blocking whose first queue is unlimited, exact.
///
/// Formula: pi_(k+1) = pi_k R for k >= 1 messages at the first station, where R solves
/// A0 + R A1 + R^2 A2 = 0 (by logarithmic reduction) and the phase is the state of everything else.
/// Units: rates per second.
/// Valid when: Poisson arrivals at less than the throughput of the saturated tandem; exponential
/// service; at most 400 phases.
/// Reference: Neuts, Matrix-Geometric Solutions (1981), ch. 3; Latouche, Ramaswami (1999), ch. 8.
///
/// ```
/// use lindley::analytic::network::blocking::line::{BlockingLine, Supply, BlockingRule};
/// use lindley::analytic::network::blocking::unlimited::blocking_unlimited;
/// // A second station so fast that it never blocks: M/M/1 with rho = 0.5.
/// let line = BlockingLine::tandem(vec![1.0, 1e9], &[5], Supply::Saturated, BlockingRule::AfterService);
/// assert!((blocking_unlimited(&line, 0.5).unwrap().in_station[0] - 1.0).abs() < 1e-8);
/// ```
pub fn blocking_unlimited(line: &BlockingLine, rate: f64) -> Result<LineSteady, Refusal> {
    let saturated = BlockingLine { feed: Supply::Saturated, ..line.clone() }.solve(0, MOST_PHASES);
    let most =
        saturated.map_err(|why| if let ChainError::TooLarge(_) = why { too_large() } else { why.into() })?.throughput;
    if !keeps_up(rate, most) {
        return Err(Refusal::unstable(format!(
            "arrivals of {rate}/s exceed the {most:.9}/s that the saturated tandem carries with its blocking: no steady \
             state exists; stable below that rate, or with larger buffers if that raises it above {rate}/s"
        )));
    }
    // Levels 1 and 2 are as all above; 0 has no server that holds a message.
    let mut open = BlockingLine { feed: Supply::Poisson { rate, places: LEVELS }, ..line.clone() };
    open.places[0] = LEVELS;
    let chain = Chain::explore([open.start(0)], 1_000_000, |state, to| open.moves(state, to))?;
    let phases = LevelStates::new(chain.states());
    if phases.above.len() > MOST_PHASES {
        return Err(too_large());
    }
    phases.solve(&open).ok_or_else(|| ChainError::NotConverged(f64::NAN).into())
}

fn too_large() -> Refusal {
    Refusal::Assumption(format!(
        "more than {MOST_PHASES} phases beside the first queue; say `first-places` for a chain or a decomposition"
    ))
}

/// Levels explored to find all phases and all rates between levels.
const LEVELS: u32 = 4;

/// States of level 0, and of level 2 as an example of all from 1 on.
struct LevelStates {
    empty: Vec<LineState>,
    above: Vec<LineState>,
}

/// Blocks of rates: up, within and down, and those of level 0.
struct LevelRates {
    up: DMatrix<f64>,
    within: DMatrix<f64>,
    down: DMatrix<f64>,
    empty: DMatrix<f64>,
    from_empty: DMatrix<f64>,
    to_empty: DMatrix<f64>,
}

impl LevelStates {
    fn new(states: &[LineState]) -> LevelStates {
        let at = |wanted: u32| states.iter().filter(|state| state[0] >> 1 == wanted).cloned().collect();
        LevelStates { empty: at(0), above: at(2) }
    }

    /// The states of a level from 1 on, in the order of their phases.
    fn level(&self, n: u32) -> Vec<LineState> {
        let mut states = self.above.clone();
        states.iter_mut().for_each(|state| state[0] = 2 * n + (state[0] & 1));
        states
    }

    fn blocks(&self, line: &BlockingLine) -> LevelRates {
        let (empty, one, two) = (&self.empty[..], &self.level(1)[..], &self.level(2)[..]);
        LevelRates {
            up: rates(line, two, &self.level(3)),
            within: rates(line, two, two),
            down: rates(line, two, one),
            empty: rates(line, empty, empty),
            from_empty: rates(line, empty, one),
            to_empty: rates(line, one, empty),
        }
    }

    /// `None` where the rates differ so much that a matrix cannot be inverted.
    fn solve(&self, line: &BlockingLine) -> Option<LineSteady> {
        let blocks = self.blocks(line);
        let identity = DMatrix::identity(self.above.len(), self.above.len());
        let first = (-(&blocks.within + &blocks.up * passage(&blocks)?)).try_inverse()?;
        let r = &blocks.up * first;
        let summed = (&identity - &r).try_inverse()?;
        let ones = DVector::from_element(self.above.len(), 1.0);
        let (empty, one) = self.boundary(&blocks, &r, &(&summed * &ones))?;
        let above = summed.transpose() * &one;
        let of_first: f64 = (summed.transpose() * &above).sum();
        let mean = |of: &dyn Fn(&LineState) -> f64| {
            let over = |states: &[LineState], p: &DVector<f64>| {
                states.iter().zip(p.iter()).map(|(s, p)| of(s) * p).sum::<f64>()
            };
            over(&self.empty, &empty) + over(&self.above, &above)
        };
        let mut steady = line.measured(&mean, self.above.len());
        steady.in_station[0] = of_first;
        Some(steady)
    }

    /// Probabilities of level 0 and 1, where `weight` is what a phase of level 1 counts for in all.
    fn boundary(
        &self,
        blocks: &LevelRates,
        r: &DMatrix<f64>,
        weight: &DVector<f64>,
    ) -> Option<(DVector<f64>, DVector<f64>)> {
        let (e, a) = (self.empty.len(), self.above.len());
        let mut q = DMatrix::zeros(e + a, e + a);
        q.view_mut((0, 0), (e, e)).copy_from(&blocks.empty);
        q.view_mut((0, e), (e, a)).copy_from(&blocks.from_empty);
        q.view_mut((e, 0), (a, e)).copy_from(&blocks.to_empty);
        q.view_mut((e, e), (a, a)).copy_from(&(&blocks.within + r * &blocks.down));
        // One equation follows from the others: total probability instead.
        (0..e + a).for_each(|at| q[(at, 0)] = if at < e { 1.0 } else { weight[at - e] });
        let mut right = DVector::zeros(e + a);
        right[0] = 1.0;
        let p = q.transpose().lu().solve(&right)?;
        Some((p.rows(0, e).into_owned(), p.rows(e, a).into_owned()))
    }
}

/// Rates from states to states; among the same states less all rates out on the diagonal.
fn rates(line: &BlockingLine, from: &[LineState], to: &[LineState]) -> DMatrix<f64> {
    let number: HashMap<&LineState, usize> = to.iter().zip(0..).collect();
    let (mut block, own) = (DMatrix::zeros(from.len(), to.len()), from == to);
    for (i, state) in from.iter().enumerate() {
        line.moves(state, &mut |target, rate| {
            if let Some(&j) = number.get(&target) {
                block[(i, j)] += rate;
            }
            if own {
                block[(i, i)] -= rate;
            }
        });
    }
    block
}

/// Probabilities of the phase in which the level below is first reached, by logarithmic reduction.
fn passage(blocks: &LevelRates) -> Option<DMatrix<f64>> {
    let n = blocks.within.nrows();
    let identity = DMatrix::<f64>::identity(n, n);
    let stay = (-blocks.within.clone()).try_inverse()?;
    let (mut up, mut down) = (&stay * &blocks.up, &stay * &blocks.down);
    let (mut g, mut reached) = (down.clone(), up.clone());
    for _ in 0..MOST_DOUBLINGS {
        let back = (&identity - (&up * &down + &down * &up)).try_inverse()?;
        (up, down) = (&back * (&up * &up), &back * (&down * &down));
        let more = &reached * &down;
        g += &more;
        reached = &reached * &up;
        if more.amax() < 1e-17 {
            break;
        }
    }
    Some(g)
}
