//! Probabilities of a chain whose rates change smoothly in time: Kolmogorov's forward equations, integrated
//! with error control.

use super::error::ChainError;
use super::walk::MOST_STATE_EVENTS;

/// Nodes of the seven stages of Dormand and Prince.
const NODES: [f64; 7] = [0.0, 0.2, 0.3, 0.8, 8.0 / 9.0, 1.0, 1.0];

/// What stages 1 to 6 take of those before; the last row is the step of order 5.
const STAGES: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];

/// Order 5 less order 4.
const ERROR: [f64; 7] =
    [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339200.0, 22.0 / 525.0, -1.0 / 40.0];

/// Error of the probabilities (sum of absolute values) allowed a step.
const TOLERANCE: f64 = 1e-14;

/// Probabilities at time `to` from those at `from`, where `flow(t, p, change)` writes how fast
/// probabilities p change at time t.
///
/// Formula: dp/dt = p Q(t), by the Runge-Kutta pair 5(4) of Dormand and Prince with steps chosen so
/// that each errs by 1e-14 at most.
/// Units: seconds, per second.
/// Valid when: the rates are smooth in t (at jumps, stop and start again).
/// Reference: Dormand, Prince, A family of embedded Runge-Kutta formulae, J. Comp. Appl. Math. 6
/// (1980); Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, sec. II.5.
///
/// ```
/// use lindley::analytic::chain::forward;
/// // A pure death at rate 1 + cos t: p0(t) = e^{-t - sin t}.
/// let p = forward(0.0, 2.0, &[1.0], |t, p, change| change[0] = -(1.0 + t.cos()) * p[0]).unwrap();
/// assert!((p[0] / (-2.0 - 2.0_f64.sin()).exp() - 1.0).abs() < 1e-12);
/// ```
pub fn forward(
    from: f64,
    to: f64,
    start: &[f64],
    flow: impl FnMut(f64, &[f64], &mut [f64]),
) -> Result<Vec<f64>, ChainError> {
    forward_within((from, to), start, flow, &mut MOST_STATE_EVENTS.clone())
}

/// The same with so many steps of single states left to take, of which it takes what it needs.
pub(crate) fn forward_within(
    (from, to): (f64, f64),
    start: &[f64],
    mut flow: impl FnMut(f64, &[f64], &mut [f64]),
    left: &mut f64,
) -> Result<Vec<f64>, ChainError> {
    let span = to - from;
    if !(span >= 0.0 && span.is_finite()) {
        return Err(ChainError::BadTime(span));
    }
    let n = start.len();
    let mut p = start.to_vec();
    let mut slopes = vec![vec![0.0; n]; 7];
    let mut trial = vec![0.0; n];
    flow(from, &p, &mut slopes[0]);
    let speed: f64 = slopes[0].iter().map(|x| x.abs()).sum();
    let (mut t, mut h) = (from, span.min(if speed > 0.0 { 0.01 / speed } else { span }));
    while t < to {
        // The last step ends exactly at `to`, and the one before leaves it no sliver.
        h = if t + 1.01 * h >= to { to - t } else { h };
        for stage in 0..6 {
            combine(&p, &slopes, STAGES[stage], h, &mut trial);
            let (_, later) = slopes.split_at_mut(stage + 1);
            flow(t + NODES[stage + 1] * h, &trial, &mut later[0]);
        }
        // Seven stages, each of which costs about what three events of a walk do.
        *left -= 21.0 * n as f64;
        let error =
            h * (0..n).map(|i| ERROR.iter().zip(&slopes).map(|(e, k)| e * k[i]).sum::<f64>().abs()).sum::<f64>();
        if error.is_nan() {
            return Err(ChainError::NotConverged(error));
        }
        if *left < 0.0 {
            return Err(ChainError::OutOfSteps(t));
        }
        if error <= TOLERANCE || h <= 1e-14 * to.abs() {
            t = if h >= to - t { to } else { t + h };
            std::mem::swap(&mut p, &mut trial);
            slopes.swap(0, 6);
        }
        h *= (0.9 * (TOLERANCE / error.max(1e-30)).powf(0.2)).clamp(0.2, 5.0);
    }
    Ok(p)
}

fn combine(p: &[f64], slopes: &[Vec<f64>], weights: &[f64], h: f64, trial: &mut [f64]) {
    trial.copy_from_slice(p);
    for (weight, slope) in weights.iter().zip(slopes).filter(|(weight, _)| **weight != 0.0) {
        let step = h * weight;
        trial.iter_mut().zip(slope).for_each(|(x, k)| *x += step * k);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::births_and_deaths;

    #[test]
    fn constant_rates_agree_with_uniformisation() {
        let q = births_and_deaths(40, |_| 3.0, |n| n.min(5) as f64);
        let mut start = vec![0.0; 41];
        start[7] = 1.0;
        let p = forward(0.0, 12.0, &start, |_, p, change| q.flow(p, change)).unwrap();
        for (p, exact) in p.iter().zip(q.transient(&start, 12.0).unwrap()) {
            assert!((p - exact).abs() < 1e-13, "{p} {exact}");
        }
    }
}
