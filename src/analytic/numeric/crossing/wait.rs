//! The laws of wait and sojourn in M/G/1, with or without absences of the server, for any service law.

use super::here::convolution;
use super::march::{March, Solved};
use super::tail::LawTail;
use crate::analytic::numeric::root::crossing;
use crate::dist::Dist;
use std::sync::{Arc, Mutex, PoisonError};

/// Largest difference of the two solutions, relative to a survival probability, that is accepted.
const ACCEPTED: f64 = 1e-8;

/// A time in M/G/1: the wait, or the wait and the service, each with or without the rest of an absence.
///
/// Formula: the density of the wait W is f(t) = lambda (P(sojourn > t) - P(W > t)), as many levels being
/// crossed upwards as downwards. Hence P(sojourn > t) = P(W > t) + (1-rho) P(S > t) + integral of
/// P(S > u) f(t - u) over u < t, and P(W > t) by the renewal equation in `march`. What is left Y of an
/// absence V at a random instant in it has the density P(V > t)/E\[V\], so that X + Y > t with probability
/// P(Y > t) + integral of P(V > u) P(X > t - u) over u < t, divided by E\[V\].
/// Units: lambda per second, times in seconds.
/// Valid when: rho = lambda E\[S\] < 1, first in first out; moments may be infinite.
/// Error: the equation is solved twice, on stretches and on their halves, which counts. Where the two differ by
/// more than 1e-8 of the probability, it is not a number and no quantile is given: near saturation with
/// hundreds of atoms or edges. Laws of few kinks differ by 1e-12 or so, times 1/(1-rho) near saturation; beside
/// exact laws on lattices the largest difference was the largest error within a factor of 3. What the service law is
/// itself known to (gamma laws of shape 1e6: 1e-9 around their mean) is added to it.
/// Reference: Takacs (1962), ch. 1; Brill (2008), ch. 3; Fuhrmann and Cooper (1985) for absences.
#[derive(Debug, Clone)]
pub struct LevelCrossing {
    march: Arc<Mutex<March>>,
    served: bool,
    absence: Option<Arc<Absence>>,
    mean: f64,
}

/// What messages find besides the queue, with that probability.
#[derive(Debug)]
struct Absence {
    prob: f64,
    length: LawTail,
}

impl LevelCrossing {
    /// Wait and sojourn at this arrival rate, service law and mean wait, of rho below 1.
    pub fn laws(lambda: f64, service: &Dist, wait: f64) -> (LevelCrossing, LevelCrossing) {
        let march = Arc::new(Mutex::new(March::new(lambda, LawTail::new(service), wait)));
        let waiting = LevelCrossing { march, served: false, absence: None, mean: wait };
        (waiting.clone(), LevelCrossing { served: true, mean: wait + service.mean(), ..waiting })
    }

    /// The same where messages find the server absent with probability `prob` when it does not serve, for
    /// the rest of a time of that law, which adds `extra` to the mean.
    pub fn with_absence(self, prob: f64, length: &Dist, extra: f64) -> LevelCrossing {
        let absence = Some(Arc::new(Absence { prob, length: LawTail::new(length) }));
        LevelCrossing { absence, mean: self.mean + extra, ..self }
    }

    /// How it is computed, and where to read it.
    pub fn method(&self) -> &'static str {
        match self.absence {
            None => "M/G/1 by level crossings (Takacs 1962; Brill 2008)",
            Some(_) => "M/G/1 by level crossings (Brill 2008), absences by decomposition (Fuhrmann, Cooper 1985)",
        }
    }

    /// Mean, seconds.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// P(time > t) for t >= 0; not a number where the numerics do not reach it.
    pub fn survival(&self, t: f64) -> f64 {
        let (tail, error) = self.tail(t);
        if error <= ACCEPTED * tail { tail } else { f64::NAN }
    }

    /// Smallest t with P(time > t) <= `level`; `None` where the numerics do not reach it.
    pub(crate) fn quantile(&self, level: f64) -> Option<f64> {
        let scale = self.march.lock().unwrap_or_else(PoisonError::into_inner).tail.beyond(0.0);
        let t = crossing(|t| self.tail(t).0, level, scale)?;
        (self.tail(t).1 <= ACCEPTED * level).then_some(t)
    }

    /// P(time > t) and its error: the difference of its two values, and what the service law misses.
    fn tail(&self, t: f64) -> (f64, f64) {
        let mut march = self.march.lock().unwrap_or_else(PoisonError::into_inner);
        if t == f64::INFINITY {
            return (0.0, 0.0);
        } else if march.reach(t).is_none() {
            return (f64::NAN, f64::NAN);
        }
        let [coarse, fine] = march.solutions().map(|solved| self.at(&march, solved, t));
        (fine.min(1.0), (coarse - fine).abs() + fine * march.blurred(fine))
    }

    fn at(&self, march: &March, solved: &Solved, t: f64) -> f64 {
        let plain = self.plain(march, solved, t);
        let Some(absence) = &self.absence else { return plain };
        let length = &absence.length;
        let mean = length.beyond(0.0);
        let later = length.beyond(t) + self.spread(march, solved, length, t);
        (1.0 - absence.prob) * plain + absence.prob * later / mean
    }

    /// Without absences.
    fn plain(&self, march: &March, solved: &Solved, t: f64) -> f64 {
        march.wait_tail(solved, t) + if self.served { march.crossings(solved, t) } else { 0.0 }
    }

    /// The integral of P(V > u) P(time > t - u) over u < t.
    fn spread(&self, march: &March, solved: &Solved, length: &LawTail, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let waits = convolution(length, solved.tail(), t);
        let crossed = || march.with_density(length, solved, t) / march.lambda;
        waits + if self.served { crossed() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::law::TimeLaw;
    use crate::analytic::law::transformed::law_of_transform;
    use crate::analytic::numeric::inversion::{laplace, mg1_wait, residual};
    use crate::analytic::numeric::quadrature::panel;
    use crate::analytic::station::md1::Md1Wait;
    use crate::analytic::station::mg1::{Mg1, mean_wait};
    use nalgebra::Complex;

    fn crossings(lambda: f64, service: &Dist) -> (LevelCrossing, LevelCrossing) {
        LevelCrossing::laws(lambda, service, mean_wait(lambda, service.mean(), service.scv()))
    }

    /// Fails unless a tail is the wanted one to that share at all these times.
    #[track_caller]
    fn agrees(found: &LevelCrossing, wanted: impl Fn(f64) -> f64, times: &[f64], share: f64) {
        for t in times {
            let (a, b) = (found.survival(*t), wanted(*t));
            assert!((a / b - 1.0).abs() < share, "at {t}: {a} {b}");
        }
    }

    const TIMES: [f64; 8] = [0.0, 0.01, 0.7, 1.0, 3.3, 9.0, 30.0, 80.0];

    /// Oracle: closed laws of M/M/1, M/E4/1, M/H2/1. Power twin: a thousandth more arrivals.
    #[test]
    fn phases_have_their_closed_laws() {
        let branches = Dist::hyperexponential(&[0.9, 0.1], &[0.5, 5.5]).unwrap();
        for service in [Dist::Exponential(1.0), Dist::erlang(2, 1.0).unwrap(), branches] {
            let (wait, sojourn) = Mg1::new(0.8, &service).unwrap().laws().unwrap();
            let (found, found_sojourn) = crossings(0.8, &service);
            agrees(&found, |t| wait.survival(t), &TIMES, 1e-11);
            agrees(&found_sojourn, |t| sojourn.survival(t), &TIMES, 1e-11);
            let more = crossings(0.8008, &service).0;
            assert!(TIMES.iter().all(|t| (more.survival(*t) / wait.survival(*t) - 1.0).abs() > 5e-4));
            let p99 = found.quantile(0.01).unwrap();
            assert!((p99 / wait.quantile(0.99).unwrap() - 1.0).abs() < 1e-11);
        }
    }

    /// Oracle: Franx's sum for M/D/1.
    #[test]
    fn constant_service_has_its_closed_law() {
        for rho in [0.1, 0.6, 0.95] {
            let (closed, (wait, sojourn)) = (Md1Wait::new(rho, 1.0), crossings(rho, &Dist::Deterministic(1.0)));
            let times = [0.0, 0.3, 1.0, 2.5, 4.999, 7.2];
            agrees(&wait, |t| closed.survival(t), &times, 1e-11);
            agrees(&sojourn, |t| closed.survival(t - 1.0), &times, 1e-11);
            // Power twin.
            let other = Md1Wait::new(1.001 * rho, 1.0);
            assert!((wait.survival(2.5) / other.survival(2.5) - 1.0).abs() > 1e-4);
        }
        assert_eq!(
            crossings(0.3, &Dist::Deterministic(1.0)).1.quantile(0.4).map(|t| (t - 1.0).abs() < 1e-13),
            Some(true)
        );
    }

    /// Two atoms by their explicit series, a and b with probabilities p and 1 - p:
    /// P(W <= t) = (1-rho) sum over i, j of C(i+j, i) p^i (1-p)^j (-y)^{i+j} / (i+j)! e^y,
    /// y = lambda (t - i a - j b) > 0. It alternates, and loses e^{lambda t} of its digits.
    fn two_atoms(lambda: f64, (a, b, p): (f64, f64, f64), t: f64) -> f64 {
        let rho = lambda * (p * a + (1.0 - p) * b);
        let mut sum = 0.0;
        for i in 0..40 {
            for j in 0..40 {
                let y = lambda * (t - f64::from(i) * a - f64::from(j) * b);
                if y >= 0.0 {
                    let share = (1..=i).map(|k| p * -y / f64::from(k)).product::<f64>();
                    sum += share * (1..=j).map(|k| (1.0 - p) * -y / f64::from(k)).product::<f64>() * y.exp();
                }
            }
        }
        1.0 - (1.0 - rho) * sum
    }

    #[test]
    fn two_atoms_by_their_series() {
        for (b, lambda) in [(10.0, 0.3), (3.7, 0.6)] {
            let service = Dist::mixture(vec![(0.9, Dist::Deterministic(1.0)), (0.1, Dist::Deterministic(b))]).unwrap();
            let (wait, sojourn) = crossings(lambda, &service);
            let z = |t: f64| if t < 0.0 { 1.0 } else { two_atoms(lambda, (1.0, b, 0.9), t) };
            let times = [0.0, 0.5, 1.0, 1.5, 3.0, 4.7, 9.9, 10.1, 14.0];
            agrees(&wait, z, &times, 1e-10);
            agrees(&sojourn, |t| 0.9 * z(t - 1.0) + 0.1 * z(t - b), &times, 1e-10);
            // Power twin: the other atom a thousandth later.
            let other = two_atoms(lambda, (1.0, 1.001 * b, 0.9), 9.0);
            assert!((wait.survival(9.0) / other - 1.0).abs() > 1e-5);
        }
    }

    /// Uniform service on 0 to b while t < b: W'' = lambda W' - (lambda/b) W, from W(0) = 1 - rho and
    /// W'(0) = lambda (1 - rho); here with complex roots.
    #[test]
    fn uniform_service_in_closed_form_up_to_its_end() {
        let (lambda, b) = (0.8, 2.0_f64);
        let closed = |lambda: f64, t: f64| {
            let (half, turn) = (0.5 * lambda, (lambda / b - 0.25 * lambda * lambda).sqrt());
            let wave = (turn * t).cos() + half / turn * (turn * t).sin();
            1.0 - (1.0 - 0.5 * lambda * b) * (half * t).exp() * wave
        };
        let (wait, _) = crossings(lambda, &Dist::uniform(0.0, b).unwrap());
        agrees(&wait, |t| closed(lambda, t), &[0.0, 0.1, 1.0, 1.7, 2.0], 1e-12);
        assert!((wait.survival(1.0) / closed(0.801, 1.0) - 1.0).abs() > 1e-4);
    }

    /// P(W > t) for service on multiples of `step`, of these probabilities from 0 on: the power series of
    /// W' = lambda (W - sum p_j W(t - j step)) on each cell.
    struct Lattice {
        step: f64,
        series: Vec<Vec<f64>>,
    }

    impl Lattice {
        fn new(lambda: f64, step: f64, p: &[f64], cells: usize) -> Lattice {
            let mean: f64 = p.iter().zip(0..).map(|(p, j)| p * step * f64::from(j)).sum();
            let mut series: Vec<Vec<f64>> = Vec::new();
            let mut start = 1.0 - lambda * mean;
            for k in 0..cells {
                let mut c = vec![start];
                for m in 0..20 {
                    let back = |j: usize| if j == 0 { c[m] } else { series[k - j][m] };
                    let before: f64 = (0..p.len().min(k + 1)).map(|j| p[j] * back(j)).sum();
                    c.push(lambda * (c[m] - before) / (m + 1) as f64);
                }
                start = c.iter().rev().fold(0.0, |sum, c| sum * step + c);
                series.push(c);
            }
            Lattice { step, series }
        }

        fn tail(&self, t: f64) -> f64 {
            if t < 0.0 {
                return 1.0;
            }
            let k = (t / self.step + 1e-9).floor();
            1.0 - self.series[k as usize].iter().rev().fold(0.0, |sum, c| sum * (t - k * self.step) + c)
        }
    }

    /// A sample of `n` values on multiples of 0.01, and their probabilities.
    fn sample(n: u32) -> (Dist, Vec<f64>) {
        let place = |i: u32| (37.0 * -((f64::from(i) + 0.5) / f64::from(n)).ln()) as usize + 20 * (i as usize % 7);
        let places: Vec<usize> = (0..n).map(place).collect();
        let mut p = vec![0.0; places.iter().max().unwrap() + 1];
        places.iter().for_each(|i| p[*i] += 1.0 / f64::from(n));
        let values: Vec<f64> = places.iter().map(|i| 0.01 * *i as f64).collect();
        (Dist::empirical(&values).unwrap(), p)
    }

    /// Few values, and many, which go by another equation; what is told of the error holds.
    #[test]
    fn measured_service_on_a_lattice() {
        for (n, share) in [(30, 1e-10), (400, 2e-9)] {
            let (service, p) = sample(n);
            let lambda = 0.8 / service.mean();
            let exact = Lattice::new(lambda, 0.01, &p, 1200);
            let (wait, sojourn) = crossings(lambda, &service);
            let times = [0.0, 0.005, 0.1234, 0.5, 0.777, 1.3, 2.5, 6.0, 11.0];
            agrees(&wait, |t| exact.tail(t), &times, share);
            let with_service = |t: f64| p.iter().zip(0..).map(|(p, j)| p * exact.tail(t - 0.01 * f64::from(j))).sum();
            agrees(&sojourn, with_service, &times[1..], share);
            let largest = |of: &dyn Fn(f64) -> f64| times.into_iter().map(of).fold(0.0, f64::max);
            let (told, wrong) = (largest(&|t| wait.tail(t).1), largest(&|t| (wait.tail(t).0 - exact.tail(t)).abs()));
            assert!(wrong < (3.0 * told).max(1e-13), "{n}: {wrong} {told}");
            // Power twin: one value of the sample a hundredth longer.
            let mut other = p.clone();
            other.push(1.0 / f64::from(n));
            other[p.len() - 1] -= 1.0 / f64::from(n);
            let other = Lattice::new(lambda, 0.01, &other, 300);
            assert!((wait.survival(2.5) / other.tail(2.5) - 1.0).abs() > 1e-5 / f64::from(n) * 30.0);
        }
    }

    /// Oracle: gamma service and gamma vacations by inversion of their transforms.
    #[test]
    fn smooth_laws_by_their_transforms_with_and_without_absences() {
        let (service, length) = (Dist::gamma(1.0, 0.4).unwrap(), Dist::gamma(2.0, 0.3).unwrap());
        let (own, away) = (service.clone(), length.clone());
        let sojourn = law_of_transform(1.0, 0.0, "sojourn", move |s| {
            let work = laplace(&own, s)?;
            Some(mg1_wait(0.7, 0.7, s, work) * work)
        });
        let own = service.clone();
        let vacation = law_of_transform(1.0, 0.0, "with vacations", move |s| {
            let (work, rest) = (laplace(&own, s)?, residual(2.0, s, laplace(&away, s)?));
            Some(mg1_wait(0.7, 0.7, s, work) * work * (rest * 0.6 + Complex::new(0.4, 0.0)))
        });
        let found = crossings(0.7, &service).1;
        let times = [0.05, 0.7, 1.0, 3.3, 9.0];
        agrees(&found, |t| sojourn.survival(t), &times, 1e-9);
        agrees(&found.clone().with_absence(0.6, &length, 0.0), |t| vacation.survival(t), &times, 1e-9);
        // Power twin.
        let other = found.with_absence(0.6006, &length, 0.0);
        assert!((other.survival(3.3) / vacation.survival(3.3) - 1.0).abs() > 1e-5);
    }

    /// Constant service, constant absences: the mean of the closed tail over the rest of an absence.
    #[test]
    fn constants_with_absences() {
        let (closed, (wait, sojourn)) = (Md1Wait::new(0.6, 1.0), crossings(0.6, &Dist::Deterministic(1.0)));
        let length = Dist::Deterministic(2.5);
        let mean = |t: f64| {
            let mut ends: Vec<f64> = (-3..40).map(|k| t - f64::from(k)).filter(|u| *u > 0.0 && *u < 2.5).collect();
            ends.extend([0.0, 2.5]);
            ends.sort_by(f64::total_cmp);
            ends.windows(2).map(|e| panel(|u| closed.survival(t - u), e[0], e[1])).sum::<f64>() / 2.5
        };
        let times = [0.3, 1.0, 2.2, 2.6, 7.7];
        agrees(&wait.with_absence(1.0, &length, 0.0), mean, &times, 1e-10);
        agrees(&sojourn.with_absence(1.0, &length, 0.0), |t| mean(t - 1.0), &times, 1e-10);
    }

    /// LawTail equivalence (Pakes 1975): P(W > t) ~ rho/(1-rho) P(S_e > t), also where the variance is infinite.
    #[test]
    fn heavy_tails_end() {
        let (wait, _) = crossings(0.8, &Dist::pareto(1.0 / 3.0, 1.5).unwrap());
        for (t, share) in [(1e10_f64, 1e-4), (1e16, 1e-7)] {
            let residual = 1.0 / 3.0_f64.powf(1.5) * 2.0 / t.sqrt();
            assert!((wait.survival(t) / (4.0 * residual) - 1.0).abs() < share, "{t}: {}", wait.survival(t));
        }
        assert!(wait.quantile(1e-4).is_some() && wait.survival(f64::INFINITY) == 0.0);
    }

    #[test]
    fn what_is_not_reached_is_refused() {
        let (service, _) = sample(400);
        let (wait, sojourn) = crossings(0.999_999 / service.mean(), &service);
        assert_eq!((wait.quantile(1e-3), sojourn.quantile(1e-3)), (None, None));
        assert!(wait.survival(1e7).is_nan());
        // Far out nothing is left, which is no failure.
        assert_eq!(crossings(0.5, &Dist::uniform(0.0, 2.0).unwrap()).0.survival(1e9), 0.0);
        let law = TimeLaw::Crossing(crossings(0.5, &Dist::uniform(0.0, 2.0).unwrap()).0);
        assert_eq!((law.quantile(0.4), law.quantile(1.0)), (Some(0.0), None));
    }
}
