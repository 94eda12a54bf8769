//! A chain of levels from each of which one rate leads down whatever the phase, and Markovian arrivals lead up: busy
//! servers and messages that give up are such a rate.

use super::nonneg::{inverse, stationary};
use super::phase::Map;
use nalgebra::{DMatrix, DVector, RowDVector};

/// Above this, probabilities still without norm are made smaller.
const LARGE: f64 = 1e200;

/// Probabilities of levels 0, 1, .., `down.len()` by phase of the arrivals; `down[n-1]` is the rate from level n, and
/// arrivals at the last level only change their phase. `None` where doubles do not suffice.
///
/// Formula: N_n = (-D0 - D1 G_(n+1) + d_n I)^{-1} and G_n = d_n N_n from the top, where D1 stands for D1 G at the last
/// level; pi_n = pi_(n-1) D1 N_n. Nothing is subtracted.
/// Reference: Gaver, Jacobs, Latouche, Finite birth-and-death models in randomly changing environments, Adv. Appl. Prob. 16
/// (1984) 715.
pub(crate) fn stairs(map: &Map, down: &[f64]) -> Option<Vec<RowDVector<f64>>> {
    let phases = map.phases();
    let mut back = DMatrix::identity(phases, phases);
    let mut visits: Vec<DMatrix<f64>> = Vec::with_capacity(down.len());
    for rate in down.iter().rev() {
        let here = inverse(&(&map.silent + &map.arrivals * &back), &DVector::from_element(phases, *rate));
        back = &here * *rate;
        visits.push(here);
    }
    let mut levels = vec![stationary(&map.silent + &map.arrivals * back)?.transpose()];
    for here in visits.iter().rev() {
        let next = &levels[levels.len() - 1] * &map.arrivals * here;
        if !next.iter().all(|p| p.is_finite()) {
            return None;
        }
        let large = next.amax() > LARGE;
        levels.push(next);
        if large {
            levels.iter_mut().for_each(|level| *level /= LARGE);
        }
    }
    let total: f64 = levels.iter().rev().map(|level| level.sum()).sum();
    levels.iter_mut().for_each(|level| *level /= total);
    Some(levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::matrix::map_ph_c_k::MapPhCK;
    use crate::analytic::matrix::phase::PhaseLaw;
    use crate::dist::Dist;

    #[test]
    fn without_giving_up_it_is_map_m_c_k() {
        let law = |law: Dist| PhaseLaw::of(&law).unwrap();
        let e3 = Map::renewal(&law(Dist::erlang(3, 0.3).unwrap())).unwrap();
        let mmpp = Map::mmpp(&[1.2, 9.0], &[vec![0.0, 0.5], vec![0.7, 0.0]]).unwrap();
        for map in [e3, mmpp] {
            let down: Vec<f64> = (1..=9).map(|n: u32| f64::from(n.min(4))).collect();
            let levels = stairs(&map, &down).unwrap();
            let whole = MapPhCK::new(map, law(Dist::Exponential(1.0)), 4, 9).unwrap();
            for (n, level) in (0..).zip(&levels) {
                assert!((level.sum() / whole.prob_in_system(n) - 1.0).abs() < 1e-12, "{n}");
            }
        }
    }
}
