//! Tests only: far out the wait of M/G/1 falls exponentially, at a rate and from a height that are known exactly.

use super::wait::LevelCrossing;
use crate::analytic::station::mg1::mean_wait;
use crate::dist::Dist;

/// E\[e^{sS}\] and its derivative.
type Growth<'a> = &'a dyn Fn(f64) -> (f64, f64);

/// P(W > t) = C e^{-rate t} but for what falls faster (Cramer and Lundberg; Asmussen 2003, ch. XIII.5):
/// lambda (E\[e^{rate S}\] - 1) = rate, C = (1-rho) / (lambda E\[S e^{rate S}\] - 1).
fn decay(lambda: f64, mean: f64, growth: Growth, t: f64) -> f64 {
    let (mut low, mut high) = (1e-6 / mean, 1.0 / mean);
    for _ in 0..200 {
        let rate = 0.5 * (low + high);
        (low, high) = if lambda * (growth(rate).0 - 1.0) < rate { (rate, high) } else { (low, rate) };
    }
    (1.0 - lambda * mean) / (lambda * growth(low).1 - 1.0) * (-low * t).exp()
}

fn found(lambda: f64, service: &Dist) -> (LevelCrossing, LevelCrossing) {
    LevelCrossing::laws(lambda, service, mean_wait(lambda, service.mean(), service.scv()))
}

/// Samples whose values are near one, or near one of two: their sums bend the tail for long.
fn samples() -> Vec<Vec<f64>> {
    let spread = |i: u32, n: u32| (f64::from(i * 37 % n) + 0.5) / f64::from(n) - 0.5;
    let near_one = |n: u32| (0..n).map(|i| 1.0 + 0.5 * spread(i, n)).collect();
    let near_two = |n: u32| (0..n).map(|i| spread(i, n) * 0.1 + if i % 10 == 0 { 20.0 } else { 1.0 }).collect();
    vec![near_one(70), near_one(100), near_one(390), near_one(1000), near_two(150), near_two(391)]
}

#[test]
fn samples_decay_as_they_must_near_saturation() {
    for values in samples() {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let of = |f: &dyn Fn(f64) -> f64| values.iter().map(|x| f(*x)).sum::<f64>() / n;
        let growth = |s: f64| (of(&|x| (s * x).exp()), of(&|x| x * (s * x).exp()));
        for rho in [0.8, 0.99] {
            let (lambda, t) = (rho / mean, 2.0 * mean_wait(rho / mean, mean, 1.0) + 200.0);
            let (wait, sojourn) = found(lambda, &Dist::empirical(&values).unwrap());
            let exact = decay(lambda, mean, &growth, t);
            assert!((wait.survival(t) / exact - 1.0).abs() < 1e-8, "{n} {rho}: {} {exact}", wait.survival(t));
            // Power twin: a millionth more arrivals.
            let other = decay(lambda * (1.0 + 1e-6), mean, &growth, t);
            assert!((wait.survival(t) / other - 1.0).abs() > 1e-6, "{n} {rho}");
            for level in [0.5, 0.1, 0.01, 1e-3] {
                assert!(wait.quantile(level).is_some() && sojourn.quantile(level).is_some(), "{n} {rho} {level}");
            }
        }
    }
}

/// The survival function of a gamma law of shape 1e6 is itself computed to 1e-9 only.
#[test]
fn almost_constant_service_is_answered() {
    for (scv, rho) in [(1e-6, 0.95), (1e-4, 0.9), (1e-4, 0.99)] {
        let (wait, sojourn) = found(rho, &Dist::gamma(1.0, scv).unwrap());
        let growth = |scv: f64| {
            move |s: f64| {
                let power = (-(-s * scv).ln_1p() / scv).exp();
                (power, power / (1.0 - s * scv))
            }
        };
        let t = 40.0;
        let exact = decay(rho, 1.0, &growth(scv), t);
        assert!((wait.survival(t) / exact - 1.0).abs() < 1e-8, "{scv} {rho}: {} {exact}", wait.survival(t));
        // Power twin: twice the variance.
        let other = decay(rho, 1.0, &growth(2.0 * scv), t);
        assert!((wait.survival(t) / other - 1.0).abs() > 1e-7, "{scv} {rho}");
        assert!(wait.quantile(0.01).is_some() && sojourn.quantile(0.5).is_some());
    }
}
