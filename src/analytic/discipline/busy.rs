//! The law of the busy period of M/M/1: the sojourn of last come first served with interruption, and
//! the wait of those that wait without.

use std::f64::consts::PI;

/// Most points of the trapezoidal rule.
const MOST_POINTS: f64 = 2e6;

/// P(busy period of M/M/1 > t), from the start of the service that opens it.
///
/// Formula: (2 mu/pi) times the integral over x from 0 to pi of sin^2 x e^{-g t}/g, where
/// g = lambda + mu - 2 sqrt(lambda mu) cos x; by the trapezoidal rule, which converges geometrically
/// for such periodic functions, with positive terms only.
/// Units: rates per second, t in seconds.
/// Valid when: 0 < lambda < mu. Relative error 1e-12; not a number where rho is so close to 1 that
/// more than 2,000,000 points would be needed.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 5.8, (5.157) for the density with the Bessel
/// function I_1, whose integral this is (Abramowitz and Stegun, 9.6.18).
///
/// ```
/// use lindley::analytic::discipline::busy::survival;
/// assert!((survival(0.5, 1.0, 0.0) - 1.0).abs() < 1e-12);
/// // While almost nothing arrives it is one service: e^-2.
/// assert!((survival(1e-13, 1.0, 2.0) - (-2.0_f64).exp()).abs() < 1e-12);
/// ```
pub fn survival(lambda: f64, mu: f64, t: f64) -> f64 {
    let mean = (lambda * mu).sqrt();
    let slowest = (mu.sqrt() - lambda.sqrt()).powi(2);
    let poles = 2.0 * 40.0 / (mu / lambda).ln();
    let points = poles.max((45.0 * mean * t).sqrt()).ceil() + 24.0;
    if points.is_nan() || points > MOST_POINTS {
        return f64::NAN;
    }
    let step = PI / points;
    // The rate less its smallest value is 4 sqrt(lambda mu) sin^2(x/2), without cancellation.
    let term = |i: f64| {
        let x = i * step;
        let rate = slowest + 4.0 * mean * (0.5 * x).sin().powi(2);
        x.sin().powi(2) * (-rate * t).exp() / rate
    };
    let sum: f64 = (1..points as u64).map(|i| term(i as f64)).sum();
    (2.0 * mu / PI * step * sum).min(1.0)
}

/// P(busy period of M/D/1 > t): its length is a whole number n of services, of probability
/// e^{-rho n} (rho n)^(n-1)/n! (Borel).
///
/// Units: lambda per second, service and t in seconds.
/// Valid when: rho = lambda service < 1. Relative error 1e-11.
/// Reference: Borel (1942); Prabhu, Queues and Inventories (1965), sec. 2.3.
///
/// ```
/// use lindley::analytic::discipline::busy::constant_survival;
/// // Not alone: 1 - e^-0.5.
/// assert!((constant_survival(0.5, 1.0, 1.5) - (1.0 - (-0.5_f64).exp())).abs() < 1e-12);
/// assert_eq!(constant_survival(0.5, 1.0, 0.5), 1.0);
/// ```
pub fn constant_survival(lambda: f64, service: f64, t: f64) -> f64 {
    let rho = lambda * service;
    let done = (t / service * (1.0 + 1e-14)).floor();
    if done < 1.0 {
        return 1.0;
    }
    let probability = |n: f64| (crate::analytic::numeric::poisson::ln_pmf(n as u64 - 1, rho * n)).exp() / n;
    // The ratio of neighbours is below r = rho e^{1-rho} and tends to it.
    let ratio = rho * (1.0 - rho).exp();
    let (mut n, mut sum) = (done + 1.0, 0.0);
    loop {
        let term = probability(n);
        sum += term;
        if term * ratio <= 1e-13 * sum * (1.0 - ratio) || term == 0.0 {
            return sum;
        } else if n - done > MOST_POINTS {
            return f64::NAN;
        }
        n += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tagged::{Around, Tagged};
    use super::*;

    /// Oracle: first passage of the random walk, by uniformisation. The tagged message is the last
    /// to go: it ends when nobody else is there.
    fn by_walk(lambda: f64, mu: f64) -> Tagged {
        let rates = |n: f64, mu: f64, _: f64| if n > 0.0 { (mu, 0.0) } else { (0.0, mu) };
        Tagged::new(Around { lambda, mu, rates, servers: 1.0 }, vec![1.0])
    }

    #[test]
    fn agrees_with_the_random_walk() {
        for (lambda, mu) in [(0.5, 1.0), (1.6, 2.0), (0.01, 3.0), (0.95, 1.0)] {
            let walk = by_walk(lambda, mu);
            for t in [0.0, 0.1, 1.0, 7.0, 40.0, 150.0] {
                let (integral, other) = (survival(lambda, mu, t), walk.survival(t));
                if integral < 1e-50 {
                    continue; // The walk leaves out what is 1e-26 of the rest.
                }
                assert!((integral / other - 1.0).abs() < 1e-10, "{lambda} {mu} {t}: {integral} {other}");
                // Power twin: a slightly faster server is told apart.
                assert!(t == 0.0 || (survival(lambda, 1.001 * mu, t) / other - 1.0).abs() > 1e-5, "{t}");
            }
        }
    }

    #[test]
    fn near_saturation_deep_in_the_tail_and_of_constant_services() {
        assert!((survival(0.9999, 1.0, 0.0) - 1.0).abs() < 1e-11);
        // f(t) ~ e^{-g t} / (2 sqrt(pi) rho^{3/4} t^{3/2}) (mu = 1), so the tail is that over g.
        let (rho, t, g) = (0.25_f64, 400.0_f64, 0.25_f64);
        let asymptote = (-g * t).exp() / (2.0 * PI.sqrt() * rho.powf(0.75) * t.powf(1.5) * g);
        let ratio = survival(rho, 1.0, t) / asymptote;
        assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
        assert!(survival(1.0 - 1e-9, 1.0, 1.0).is_nan());
        for rho in [0.1, 0.5, 0.9] {
            let tail = |n: u32| constant_survival(rho, 1.0, f64::from(n) + 0.5);
            let mean: f64 = (0..4000).map(tail).sum();
            assert!((mean * (1.0 - rho) - 1.0).abs() < 1e-8, "{rho}: {mean}");
        }
        assert_eq!(constant_survival(0.5, 2.0, 1.9), 1.0);
    }
}
