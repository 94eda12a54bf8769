//! Approximate mean value analysis by Linearizer.

use super::network::{ClosedNetwork, ClosedSteady};
use super::schweitzer::{FixedPoint, MvaLayout};

/// Rounds of Chandy and Neuse.
const ROUNDS: usize = 3;
/// Change of the mean numbers, a message of the population, at which a fixed point is reached: far
/// below the error of the method, which needs a fixed point for every class and round.
const CHANGE: f64 = 1e-10;

/// Approximate mean value analysis by Linearizer (Chandy and Neuse).
///
/// Formula: as Bard-Schweitzer, but the share of a class at a station with one message of class j less
/// differs by F_irj = L_ir(N - e_j)/(N_r - \[r = j\]) - L_ir(N)/N_r, which is taken from the solutions for N and
/// all N - e_j in three rounds, starting from 0. Stations of c servers by Seidmann.
/// Units: demands and think times in seconds.
/// Valid when: any populations (errors mostly below one percent); `None` with load-dependent speeds.
/// Reference: Chandy, Neuse, Communications of the ACM 25 (1982); de Souza e Silva, Muntz (1990).
///
/// ```
/// use lindley::analytic::network::closed::{linearizer::linearizer, network::{ClosedNetwork, Pace}};
/// // Zahorjan's network: X = 3/19 = 0.1579 exactly; Bard-Schweitzer says 0.1537, this 0.1575.
/// let network = ClosedNetwork {
///     paces: vec![Pace::Servers(1), Pace::Servers(1)],
///     demands: vec![vec![1.0, 3.0], vec![2.0, 4.0]],
///     populations: vec![1, 1],
///     think: vec![0.0, 0.0],
/// };
/// assert!((linearizer(&network).unwrap().throughput[0] - 0.15749).abs() < 1e-5);
/// ```
pub fn linearizer(network: &ClosedNetwork) -> Option<ClosedSteady> {
    let layout = MvaLayout::new(network)?;
    let (m, classes) = (layout.stations, layout.classes);
    let whole: Vec<f64> = network.populations.iter().map(|&n| f64::from(n)).collect();
    // F_irj at (j * classes + r) * m + i.
    let mut shift = vec![0.0; classes * classes * m];
    let mut found = layout.fixed_point(&whole, &layout.no_correction(), layout.spread(&whole), CHANGE);
    let mut starts: Vec<Option<Vec<f64>>> = vec![None; classes];
    for round in 1..ROUNDS {
        let mut next = vec![0.0; shift.len()];
        for j in (0..classes).filter(|&j| whole[j] > 0.0) {
            let fewer: Vec<f64> = (0..classes).map(|r| if r == j { whole[r] - 1.0 } else { whole[r] }).collect();
            let start = starts[j].take().unwrap_or_else(|| scaled(&found, &whole, &fewer, m));
            // In the first round all F are 0.
            let correction = if round == 1 { layout.no_correction() } else { corrections(&shift, &fewer, m) };
            let below = layout.fixed_point(&fewer, &correction, start, CHANGE);
            let row = &mut next[j * classes * m..(j + 1) * classes * m];
            for (at, f) in row.iter_mut().enumerate().filter(|(at, _)| fewer[at / m] > 0.0) {
                let r = at / m;
                *f = below.queueing[at] / fewer[r] - found.queueing[at] / whole[r];
            }
            starts[j] = Some(below.queueing);
        }
        shift = next;
        let start = found.queueing.clone();
        found = layout.fixed_point(&whole, &corrections(&shift, &whole, m), start, CHANGE);
    }
    Some(layout.steady(&found))
}

/// The solution for other populations, in proportion.
fn scaled(found: &FixedPoint, from: &[f64], to: &[f64], m: usize) -> Vec<f64> {
    let share = |r: usize| if from[r] > 0.0 { to[r] / from[r] } else { 0.0 };
    found.queueing.iter().enumerate().map(|(at, l)| l * share(at / m)).collect()
}

/// What an arrival of class j at station i finds more than in proportion: sum_r (N_r - [r = j]) F_irj.
fn corrections(shift: &[f64], populations: &[f64], m: usize) -> Vec<f64> {
    let classes = populations.len();
    let mut correction = vec![0.0; classes * m];
    for (j, mine) in correction.chunks_exact_mut(m.max(1)).enumerate() {
        for r in 0..classes {
            let others = if r == j { (populations[r] - 1.0).max(0.0) } else { populations[r] };
            let row = &shift[(j * classes + r) * m..][..m];
            mine.iter_mut().zip(row).for_each(|(sum, f)| *sum += others * f);
        }
    }
    correction
}
