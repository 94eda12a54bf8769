//! The levels below a level whose way down is known, solved one after the other: probabilities of every level
//! from first passages downwards.

use super::blocks::LevelBlocks;
use super::nonneg::{inverse, stationary};
use nalgebra::{DMatrix, RowDVector};
use std::rc::Rc;

/// Above this, probabilities still without norm are made smaller.
const LARGE: f64 = 1e200;

/// Probabilities of levels 0, 1, ..., `top`, up to a common factor.
///
/// Formula: with N_n the mean times in the phases of level n before it is left downwards and
/// G_n = N_n B2_n, N_{n-1} = (-B1_{n-1} - B0_{n-1} G_n)^{-1}; pi_n = pi_{n-1} B0_{n-1} N_n upwards from
/// level 0, whose censored chain B1_0 + B0_0 G_1 gives pi_0.
/// Units: none. Valid when: `visits` is N at level `top`. Nothing is subtracted.
/// Reference: Gaver, Jacobs, Latouche, Finite birth-and-death models in randomly changing
/// environments, Adv. Appl. Prob. 16 (1984) 715.
pub(super) fn levels(blocks: &LevelBlocks, top: u64, visits: DMatrix<f64>) -> Option<Vec<RowDVector<f64>>> {
    let mut all: Vec<Rc<DMatrix<f64>>> = vec![Rc::new(visits)];
    let (alike, mut settled) = (u64::from(blocks.servers()), false);
    let mut g = (top > 0).then(|| &*all[0] * blocks.down(top));
    for n in (1..top).rev() {
        let above = g.as_ref()?;
        if n > alike && settled {
            all.push(all[all.len() - 1].clone());
            continue;
        }
        let down = blocks.down(n);
        let visits = inverse(&(blocks.within(n) + blocks.up(n) * above), &down.column_sum());
        let next = &visits * down;
        settled = n > alike && (&next - above).amax() <= 1e-17 * next.amax();
        all.push(Rc::new(visits));
        g = Some(next);
    }
    let bottom = match g {
        Some(g) => blocks.within(0) + blocks.up(0) * g,
        None => blocks.within(0) + blocks.map.arrivals.clone(),
    };
    let mut pi = vec![stationary(bottom)?.transpose()];
    for (n, visits) in (1..=top).zip(all.iter().rev()) {
        let next = &pi[pi.len() - 1] * blocks.up(n - 1) * &**visits;
        if !next.iter().all(|x| x.is_finite()) {
            return None;
        }
        let large = next.amax() > LARGE;
        pi.push(next);
        if large {
            pi.iter_mut().for_each(|p| *p /= LARGE);
        }
    }
    Some(pi)
}
