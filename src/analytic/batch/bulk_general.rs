//! Bulk service of any law: a server that takes several messages at once, later ones wait.

use crate::analytic::numeric::closed_transform::ln_laplace;
use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::steady::Unstable;
use crate::dist::Dist;
use nalgebra::Complex;
use std::f64::consts::TAU;

/// Largest batch: the polynomial of the roots loses digits beyond.
pub const MOST_TOGETHER: u32 = 64;

/// One server that takes at least a and at most b messages at once, for a time of any law whatever
/// their number; messages that arrive meanwhile wait for the next service.
///
/// Formula: with beta(z) = E\[e^{-lambda(1-z)S}\] and z_1, ..., z_{b-1} the roots of z^b = beta(z) inside the
/// unit circle, n messages are left behind by a service with
/// E\[n\] = sum 1/(1 - z_i) - (b(b-1) - 2b rho + 2 rho^2 - lambda^2 E\[S^2\])/(2(b - rho)), rho = lambda E\[S\],
/// and P(n = j), j < b, are the coefficients of -(b-rho) (z-1) prod (z - z_i)/(1 - z_i). Then
/// Lq is the mean over a cycle of idle time and service.
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, rho < b, a service law with a closed transform, first in first out.
/// Reference: Bailey, On queueing processes with bulk service (1954); Downton (1955); Chaudhry and
/// Templeton, A First Course in Bulk Queues (1983), ch. 4.
///
/// ```
/// use lindley::analytic::batch::bulk_general::BulkGeneral;
/// use lindley::dist::Dist;
/// let one = BulkGeneral::new(0.5, &Dist::Deterministic(1.0), 1, 1).unwrap().unwrap();
/// assert!((one.wait() - 0.5).abs() < 1e-14); // M/D/1
/// ```
#[derive(Debug, Clone)]
pub struct BulkGeneral {
    lambda: f64,
    s: RawMoments,
    /// P(n left behind), n < a.
    few: Vec<f64>,
    pub(super) left: f64,
}

impl BulkGeneral {
    /// With arrival rate `lambda` and services of `least` to `most` messages: an error if there is no
    /// steady state; `None` if 1 <= least <= most <= [`MOST_TOGETHER`] does not hold or the roots are not
    /// found.
    pub fn new(lambda: f64, service: &Dist, least: u32, most: u32) -> Result<Option<BulkGeneral>, Unstable> {
        let (s, b) = (RawMoments::of(service), f64::from(most));
        let rho = lambda * s.first;
        Unstable::unless_kept_up(rho, most)?;
        if least == 0 || least > most || most > MOST_TOGETHER {
            return Ok(None);
        }
        let Some(roots) = roots(lambda, service, most) else { return Ok(None) };
        let one = Complex::new(1.0, 0.0);
        let excess: f64 = roots.iter().map(|z| (one / (one - z)).re).sum();
        let curve = b * (b - 1.0) - 2.0 * b * rho + 2.0 * rho * rho - lambda * lambda * s.second;
        let left = excess - curve / (2.0 * (b - rho));
        let few = left_behind(&roots, b - rho, least as usize);
        let sane = few.iter().all(|p| *p > -1e-12 && *p < 1.0) && left > 0.0;
        Ok(sane.then_some(BulkGeneral { lambda, s, few, left }))
    }

    /// Mean idle time in a cycle, seconds: until the least number is there.
    fn idle(&self) -> f64 {
        let least = self.few.len() as f64;
        self.few.iter().enumerate().map(|(n, p)| p * (least - n as f64)).sum::<f64>() / self.lambda
    }

    fn cycle(&self) -> f64 {
        self.s.first + self.idle()
    }

    /// Lq: messages whose service has not begun.
    pub fn queue_length(&self) -> f64 {
        let rho = self.lambda * self.s.first;
        let serving = (self.left - rho) * self.s.first + 0.5 * self.lambda * self.s.second;
        let least = self.few.len();
        let waits = |n: usize| (n..least).map(|j| j as f64).sum::<f64>() / self.lambda;
        let idling: f64 = self.few.iter().enumerate().map(|(n, p)| p * waits(n)).sum();
        (serving + idling) / self.cycle()
    }

    /// L = Lq + lambda E\[S\].
    pub fn in_system(&self) -> f64 {
        self.queue_length() + self.lambda * self.s.first
    }

    /// Wq.
    pub fn wait(&self) -> f64 {
        self.queue_length() / self.lambda
    }

    /// Fraction of time the server works.
    pub fn prob_busy(&self) -> f64 {
        self.s.first / self.cycle()
    }

    /// Services per second.
    pub fn batch_rate(&self) -> f64 {
        1.0 / self.cycle()
    }

    /// Mean number of messages served together.
    pub fn mean_batch(&self) -> f64 {
        self.lambda * self.cycle()
    }
}

/// The b - 1 roots of z^b = beta(z) inside the unit circle.
fn roots(lambda: f64, service: &Dist, b: u32) -> Option<Vec<Complex<f64>>> {
    let mut roots = Vec::with_capacity(b as usize - 1);
    for k in 1..=b / 2 {
        let z = root(lambda, service, f64::from(b), f64::from(k))?;
        let real = 2 * k == b;
        roots.push(if real { Complex::new(z.re, 0.0) } else { z });
        if !real {
            roots.push(z.conj());
        }
    }
    let apart = |i: usize| roots[..i].iter().all(|z: &Complex<f64>| (z - roots[i]).norm() > 1e-9);
    (0..roots.len()).all(apart).then_some(roots)
}

/// The k-th: z = e^{(2 pi i k + ln beta(z))/b}, by iteration, then by the secant method.
fn root(lambda: f64, service: &Dist, b: f64, k: f64) -> Option<Complex<f64>> {
    let step = |z: Complex<f64>| -> Option<Complex<f64>> {
        let log = ln_laplace(service, (Complex::new(1.0, 0.0) - z) * lambda)?;
        Some(((log + Complex::new(0.0, TAU * k)) / b).exp())
    };
    let mut z = Complex::new(0.0, 0.0);
    for _ in 0..50 {
        z = step(z)?;
    }
    let (mut before, mut error_before) = (z, z - step(z)?);
    z = step(z)?;
    for _ in 0..60 {
        let error = z - step(z)?;
        if error.norm() <= 1e-15 || error == error_before {
            break;
        }
        let next = z - error * (z - before) / (error - error_before);
        (before, error_before) = (z, error);
        z = if next.re.is_finite() && next.norm() < 1.0 { next } else { step(z)? };
    }
    let found = (z - step(z)?).norm() < 1e-12 && z.norm() < 1.0;
    found.then_some(z)
}

/// P(n = j), j < least.
fn left_behind(roots: &[Complex<f64>], slack: f64, least: usize) -> Vec<f64> {
    let one = Complex::new(1.0, 0.0);
    // -(z - 1) slack = slack (1 - z), then a factor (z - z_i)/(1 - z_i) each; lowest coefficients only.
    let mut polynomial = vec![Complex::new(0.0, 0.0); least + 1];
    polynomial[0] = one * slack;
    polynomial[1] = -one * slack;
    for z in roots {
        let scale = one / (one - z);
        for j in (0..=least).rev() {
            let lower = if j > 0 { polynomial[j - 1] } else { Complex::new(0.0, 0.0) };
            polynomial[j] = (lower - polynomial[j] * z) * scale;
        }
    }
    polynomial[..least].iter().map(|c| c.re).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::batch::bulk::BulkService;
    use crate::analytic::testing::chain_averages;

    #[test]
    fn exponential_service_is_the_markov_queue() {
        for (lambda, a, b) in [(3.0, 1, 4), (0.2, 1, 4), (3.9, 3, 4), (15.0, 7, 20), (40.0, 1, 50)] {
            let general = BulkGeneral::new(lambda, &Dist::Exponential(1.0), a, b).unwrap().unwrap();
            let markov = BulkService::new(lambda, 1.0, a, b, false).unwrap();
            assert!((general.queue_length() / markov.queue_length() - 1.0).abs() < 1e-9, "{lambda} {a} {b}");
            assert!((general.prob_busy() / markov.prob_busy() - 1.0).abs() < 1e-9, "{lambda} {a} {b}");
            assert!((general.mean_batch() / markov.mean_batch() - 1.0).abs() < 1e-9);
        }
    }

    /// Two-stage service: states (waiting, 0 idle or stages left).
    fn chain(lambda: f64, stage: f64, a: u32, b: u32) -> f64 {
        let average = chain_averages([(0u32, 0u32)], 3000, |&(n, left), to| {
            let start = |n: u32| if n >= a { (n - n.min(b), 2) } else { (n, 0) };
            to(if left == 0 { start(n + 1) } else { ((n + 1).min(150), left) }, lambda);
            match left {
                0 => {}
                1 => to(start(n), stage),
                _ => to((n, 1), stage),
            }
        });
        average(&|s| f64::from(s.0))
    }

    #[test]
    fn two_stage_service_by_the_chain() {
        for (a, b) in [(1, 3), (2, 3), (3, 3), (1, 6)] {
            let lambda = 0.6 * f64::from(b);
            let queue = BulkGeneral::new(lambda, &Dist::erlang(2, 1.0).unwrap(), a, b).unwrap().unwrap();
            let exact = chain(lambda, 2.0, a, b);
            assert!((queue.queue_length() / exact - 1.0).abs() < 1e-9, "{a} {b}: {} {exact}", queue.queue_length());
            // Power twin.
            let other = BulkGeneral::new(lambda, &Dist::erlang(3, 1.0).unwrap(), a, b).unwrap().unwrap();
            assert!((other.queue_length() / exact - 1.0).abs() > 1e-2);
        }
    }

    /// Power iteration of the numbers left behind, with no transform.
    #[test]
    fn constant_service_by_iteration_of_the_embedded_chain() {
        use crate::analytic::numeric::poisson::pmf;
        let (lambda, b) = (2.1, 3_usize);
        let mut p = vec![0.0; 80];
        p[0] = 1.0;
        for _ in 0..400 {
            let mut start = vec![0.0; 80];
            p.iter().enumerate().for_each(|(n, x)| start[n.saturating_sub(b)] += x);
            p = (0..80).map(|n| (0..=n).map(|w| start[w] * pmf((n - w) as u64, lambda)).sum()).collect();
        }
        let mean: f64 = p.iter().enumerate().map(|(n, x)| n as f64 * x).sum();
        let queue = BulkGeneral::new(lambda, &Dist::Deterministic(1.0), 2, b as u32).unwrap().unwrap();
        assert!((queue.left / mean - 1.0).abs() < 1e-9, "{} {mean}", queue.left);
        assert!((queue.few[0] - p[0]).abs() < 1e-11 && (queue.few[1] - p[1]).abs() < 1e-11);
    }

    #[test]
    fn one_at_a_time_is_mg1() {
        let service = Dist::uniform(0.5, 1.5).unwrap();
        let queue = BulkGeneral::new(0.9, &service, 1, 1).unwrap().unwrap();
        let plain = crate::analytic::station::mg1::Mg1::new(0.9, &service).unwrap();
        assert!((queue.wait() / plain.wait() - 1.0).abs() < 1e-12);
        assert!(BulkGeneral::new(4.0, &service, 1, 4).is_err());
        assert!(BulkGeneral::new(3.0, &Dist::lognormal(1.0, 1.0).unwrap(), 1, 4).unwrap().is_none());
    }
}
