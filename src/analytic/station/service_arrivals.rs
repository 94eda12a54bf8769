//! One server seen at departures: how many messages arrive during one service, and what numbers so are left behind.

use crate::analytic::numeric::kinks::{breakpoints, kinks};
use crate::analytic::numeric::poisson;
use crate::analytic::numeric::quadrature::{for_each_panel, panel};
use crate::analytic::numeric::transform::Laplace;
use crate::dist::Dist;

/// Arrivals of a Poisson process during one service.
pub(super) struct ServiceArrivals {
    /// P(none).
    none: f64,
    /// P(more than k), k = 0, 1, ..
    above: Vec<f64>,
    /// Sum of those from m on, m = 0, 1, ..
    beyond: Vec<f64>,
}

impl ServiceArrivals {
    /// So many of them; arrivals at rate `lambda`.
    pub(super) fn new(lambda: f64, service: &Dist, most: usize) -> ServiceArrivals {
        let above = arrivals_above(lambda, service, most);
        let load = lambda * service.mean();
        // From the far end, the law's own remainder included.
        let rest = (load - above.iter().sum::<f64>()).max(0.0);
        let mut beyond = vec![if rest > 1e-12 * load { rest } else { 0.0 }; above.len().max(most) + 1];
        for k in (0..beyond.len() - 1).rev() {
            beyond[k] = beyond[k + 1] + above.get(k).copied().unwrap_or(0.0);
        }
        ServiceArrivals { none: none(lambda, service), above, beyond }
    }

    fn above(&self, k: usize) -> f64 {
        self.above.get(k).copied().unwrap_or(0.0)
    }

    /// Sum of P(more than k arrive) over k >= `m`.
    pub(super) fn beyond(&self, m: usize) -> f64 {
        self.beyond.get(m).copied().unwrap_or(0.0)
    }

    /// Weights of leaving 0, 1, .. `states` - 1 behind, the first of them 1 unless all are scaled down.
    pub(super) fn left_behind(&self, states: usize) -> Vec<f64> {
        let mut seen = vec![1.0];
        for n in 0..states.saturating_sub(1) {
            let up: f64 = (1..=n).map(|i| seen[i] * self.above(n + 1 - i)).sum();
            seen.push((seen[0] * self.above(n) + up) / self.none);
            // Far from 1 either way under load: keep the largest at hand's size.
            if seen[n + 1] > 1e200 {
                seen.iter_mut().for_each(|p| *p *= 1e-200);
            }
        }
        seen
    }
}

/// Probability that nothing arrives during a service.
pub(super) fn none(lambda: f64, service: &Dist) -> f64 {
    Laplace::new(service).value(lambda)
}

/// P(more than k arrivals in one service), k = 0, 1, .. to at least `places`, unless negligible.
fn arrivals_above(lambda: f64, service: &Dist, places: usize) -> Vec<f64> {
    let most = places as f64;
    // Beyond this time more arrivals than are asked for are certain to 1e-30.
    let end = (most + 40.0 + 16.0 * most.sqrt()) / lambda;
    let count = places + 40;
    let mut above = vec![0.0; count];
    let breaks = breakpoints(service, &kinks(service));
    for_each_panel(&breaks, 2.0 / lambda, end, |low, high| {
        if service.survival(low) < 1e-30 {
            return;
        }
        let middle = 0.5 * lambda * (low + high);
        let spread = 20.0 + 14.0 * middle.sqrt();
        let (first, last) = ((middle - spread).max(0.0) as usize, (middle + spread) as usize + 1);
        for (k, sum) in above.iter_mut().enumerate().take(last.min(count)).skip(first) {
            *sum += lambda * panel(|t| poisson::pmf(k as u64, lambda * t) * service.survival(t), low, high);
        }
    });
    above
}
