//! M/G/1 whose server is switched off when it is empty: start thresholds and set-up times.

use super::linear::wait_plus_line;
use crate::analytic::kendall::exponential_mean;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::transformed::wait_and_sojourn;
use crate::analytic::numeric::inversion::{self, is_closed, mg1_wait, residual};
use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::numeric::survival::survival_moment;
use crate::analytic::station::mg1::Mg1;
use crate::analytic::steady::Unstable;
use crate::dist::Dist;
use nalgebra::Complex;

/// Largest threshold for which the laws are inverted.
const MOST_INVERTED: f64 = 2000.0;

/// M/G/1 whose server, when it has emptied the station, waits until n messages are there,
/// then takes a set-up time D, then serves until the station is empty again.
///
/// Formula: Wq is that of M/G/1 plus
/// (n(n-1)/(2 lambda) + n E\[D\] + lambda E\[D^2\]/2) / (n + lambda E\[D\]).
/// With n = 1: (2 E\[D\] + lambda E\[D^2\])/(2(1 + lambda E\[D\])); without D: (n - 1)/(2 lambda).
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, rho < 1, first in first out, set-up begins with the n-th message.
/// Reference: Welch (1964) for set-up; Yadin and Naor (1963) for thresholds; Medhi and Templeton
/// (1992) for both; Takagi, Queueing Analysis 1 (1991), sec. 2.2.
///
/// ```
/// use lindley::analytic::interruption::start::StartQueue;
/// use lindley::dist::Dist;
/// let work = Dist::Exponential(1.0);
/// let five = StartQueue::new(0.5, &work, 5, &Dist::Deterministic(0.0)).unwrap();
/// assert!((five.wait() - (1.0 + 4.0)).abs() < 1e-14);
/// let cold = StartQueue::new(0.5, &work, 1, &Dist::Deterministic(2.0)).unwrap();
/// assert!((cold.extra_wait() - 1.5).abs() < 1e-15); // (4 + 2)/(2 * 2)
/// ```
#[derive(Debug, Clone)]
pub struct StartQueue {
    lambda: f64,
    n: f64,
    service: Dist,
    setup: Dist,
    plain: Mg1,
}

impl StartQueue {
    /// The queue with arrival rate `lambda` > 0 that starts with `n` >= 1 messages after `setup`
    /// (constant 0: none), if it has a steady state.
    pub fn new(lambda: f64, service: &Dist, n: u32, setup: &Dist) -> Result<StartQueue, Unstable> {
        let plain = Mg1::new(lambda, service)?;
        Ok(StartQueue { lambda, n: f64::from(n.max(1)), service: service.clone(), setup: setup.clone(), plain })
    }

    /// Mean that the late start adds to the wait, seconds.
    pub fn extra_wait(&self) -> f64 {
        let (d, n, lambda) = (RawMoments::of(&self.setup), self.n, self.lambda);
        let number = 0.5 * n * (n - 1.0) / lambda + n * d.first + 0.5 * lambda * d.second;
        number / (n + lambda * d.first)
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.plain.wait() + self.extra_wait()
    }

    /// Variance of the wait, by what an arrival finds: the messages being gathered, set-up, or work.
    pub fn wait_variance(&self) -> f64 {
        let (s, d) = (RawMoments::of(&self.service), RawMoments::of(&self.setup));
        let (rho, load) = (self.plain.utilization(), self.lambda * d.first);
        let gathering = (1.0 - rho) * self.n / (self.n + load);
        let starting = (1.0 - rho) * load / (self.n + load);
        let second = gathering * self.gathered(s, d)
            + if load > 0.0 { starting * self.started(s, d) } else { 0.0 }
            + rho * self.delayed(s, d);
        second - self.wait() * self.wait()
    }

    /// E\[wait^2\] of one of the n: later ones of the n, set-up, earlier ones of the n.
    fn gathered(&self, s: RawMoments, d: RawMoments) -> f64 {
        let variance = s.second - s.first * s.first;
        let (one, one_more) = (1.0 / self.lambda, d.second - d.first * d.first);
        let of = |ahead: f64| {
            let behind = self.n - 1.0 - ahead;
            let mean = behind * one + d.first + ahead * s.first;
            mean * mean + behind * one * one + one_more + ahead * variance
        };
        // A quadratic in the number ahead, so three values give its mean over 0..n-1.
        let last = self.n - 1.0;
        let (start, middle, end) = (of(0.0), of(0.5 * last), of(last));
        let curve = if last > 0.0 { 2.0 * (start - 2.0 * middle + end) / (last * last) } else { 0.0 };
        // Sum over 0..=last of (x - last/2)^2 / n = (n^2 - 1)/12.
        middle + curve * (self.n * self.n - 1.0) / 12.0
    }

    /// E\[wait^2\] of an arrival during set-up: age and rest of it are each D's residual.
    fn started(&self, s: RawMoments, d: RawMoments) -> f64 {
        let (rest, square, product) =
            (d.second / (2.0 * d.first), d.third / (3.0 * d.first), d.third / (6.0 * d.first));
        let (step, base) = (self.lambda * s.first, self.n * s.first);
        let variance = self.n * (s.second - s.first * s.first) + self.lambda * rest * s.second;
        square + step * step * square + base * base + 2.0 * step * product + 2.0 * base * rest * (1.0 + step) + variance
    }

    /// E\[wait^2\] of an arrival during work: what is left of the first work, then an M/G/1 wait.
    fn delayed(&self, s: RawMoments, d: RawMoments) -> f64 {
        let (n, lambda) = (self.n, self.lambda);
        // Cumulants of n services plus those that came during D.
        let fixed = s.cumulants().map(|k| n * k);
        let came = RawMoments {
            first: lambda * d.first * s.first,
            second: lambda * d.first * s.second + lambda * lambda * d.second * s.first * s.first,
            third: lambda * d.first * s.third
                + 3.0 * lambda * lambda * d.second * s.first * s.second
                + lambda.powi(3) * d.third * s.first.powi(3),
        };
        let late = came.cumulants();
        let RawMoments { first, second, third } =
            RawMoments::of_cumulants([fixed[0] + late[0], fixed[1] + late[1], fixed[2] + late[2]]);
        let plain = self.plain.wait();
        let plain_second = self.plain.wait_variance() + plain * plain;
        third / (3.0 * first) + 2.0 * plain * second / (2.0 * first) + plain_second
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.service.mean()
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        let waits = self.n > 1.0 || self.setup.mean() > 0.0;
        if waits { 1.0 } else { self.plain.utilization() }
    }

    /// P(N = 0): nobody is there.
    pub fn prob_empty(&self) -> f64 {
        (1.0 - self.plain.utilization()) / (self.n + self.lambda * self.setup.mean())
    }

    /// Fraction of time in set-up.
    pub fn prob_setup(&self) -> f64 {
        let load = self.lambda * self.setup.mean();
        (1.0 - self.plain.utilization()) * load / (self.n + load)
    }

    /// Starts of the server per second.
    pub fn start_rate(&self) -> f64 {
        self.lambda * self.prob_empty()
    }

    /// Laws of the wait, closed where n = 1, service is exponential and set-up exponential (an M/M/1 wait plus a
    /// whole set-up time) or constant, and of the sojourn; else by inversion.
    pub fn laws(&self) -> (Option<TimeLaw>, Option<TimeLaw>) {
        let (wait, sojourn) = self.inverted().unzip();
        (self.closed_wait_law().or(wait), sojourn)
    }

    fn closed_wait_law(&self) -> Option<TimeLaw> {
        let service = exponential_mean(&self.service)?;
        if let (Dist::Deterministic(d), true) = (&self.setup, self.n == 1.0 && self.setup.mean() > 0.0) {
            let slope = self.lambda / (1.0 + self.lambda * d);
            return Some(wait_plus_line(self.lambda, 1.0 / service, 1.0, slope, *d));
        }
        let setup = exponential_mean(&self.setup)?;
        let (slack, mu) = (1.0 / service - self.lambda, 1.0 / setup);
        let prob_wait = self.plain.utilization();
        (self.n == 1.0).then_some(TimeLaw::ExponentialService { prob_wait, slack, mu })
    }

    fn inverted(&self) -> Option<(TimeLaw, TimeLaw)> {
        if !is_closed(&self.service) || !is_closed(&self.setup) || self.n > MOST_INVERTED {
            return None;
        }
        let (own, means) = (self.clone(), (self.wait(), self.prob_wait(), self.sojourn()));
        let method = "late start by what an arrival finds, transform inverted (Abate, Choudhury, Whitt 1999)";
        Some(wait_and_sojourn(means, method, move |s| {
            let service = inversion::laplace(&own.service, s)?;
            Some((own.wait_transform(s, service)?, service))
        }))
    }

    /// E\[e^{-s wait}\], `beta` being that of the service: the three parts of the variance.
    fn wait_transform(&self, s: Complex<f64>, beta: Complex<f64>) -> Option<Complex<f64>> {
        let one = Complex::new(1.0, 0.0);
        let (lambda, n, rho) = (self.lambda, self.n as i32, self.plain.utilization());
        let (mean, load) = (self.setup.mean(), self.lambda * self.setup.mean());
        let setup = inversion::laplace(&self.setup, s)?;
        // Later ones of the n, then the set-up, then earlier ones.
        let gap = one / (one + s / lambda);
        let gathered = (0..n).map(|ahead| gap.powi(n - 1 - ahead) * beta.powi(ahead)).sum::<Complex<f64>>() * setup;
        // Those who come during set-up bring work at this rate.
        let brought = (one - beta) * lambda;
        let worked = inversion::laplace(&self.setup, brought)?;
        let started = if mean > 0.0 { (worked - setup) / ((s - brought) * mean) * beta.powi(n) } else { one };
        let first_work = (self.n + load) * self.service.mean();
        let delayed = residual(first_work, s, beta.powi(n) * worked) * mg1_wait(lambda, rho, s, beta);
        let share = (1.0 - rho) / (self.n + load);
        Some(gathered * share + started * (share * load) + delayed * rho)
    }

    /// Mean time from a start of the server until the station is empty, seconds.
    pub fn busy_period(&self) -> f64 {
        let messages = self.n + self.lambda * self.setup.mean();
        messages * self.service.mean() / (1.0 - self.plain.utilization())
    }

    /// Share of set-ups during which nobody else comes.
    pub fn prob_quiet_setup(&self) -> f64 {
        1.0 - self.lambda * survival_moment(&self.setup, 0, self.lambda)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::{chain_averages, has_moments, share};

    /// States (messages, 0 off | 1 starting | 2 serving).
    fn chain(lambda: f64, mu: f64, n: u32, setup_rate: f64) -> (f64, f64, f64) {
        let average = chain_averages([(0u32, 0u8)], 2000, |&(k, mode), to| {
            to(((k + 1).min(400), if mode == 0 && k + 1 == n { 1 } else { mode }), lambda);
            match mode {
                1 => to((k, 2), setup_rate),
                2 if k == 1 => to((0, 0), mu),
                2 => to((k - 1, 2), mu),
                _ => {}
            }
        });
        let starting = average(&|s| share(s.1 == 1));
        (average(&|s| f64::from(s.0)), average(&|s| share(*s == (0, 0))), starting)
    }

    #[test]
    fn agrees_with_the_chain() {
        for (n, mean) in [(1, 2.0), (4, 3.0), (7, 0.5)] {
            let (number, empty, starting) = chain(0.7, 1.0, n, 1.0 / mean);
            let queue = StartQueue::new(0.7, &Dist::Exponential(1.0), n, &Dist::Exponential(mean)).unwrap();
            assert!((0.7 * queue.sojourn() / number - 1.0).abs() < 1e-9, "{n}");
            assert!((queue.prob_empty() / empty - 1.0).abs() < 1e-9, "{n}");
            assert!((queue.prob_setup() / starting - 1.0).abs() < 1e-9, "{n}");
            // Power twin: one more message to gather is seen.
            assert!((chain(0.7, 1.0, n + 1, 1.0 / mean).0 / number - 1.0).abs() > 1e-2);
        }
    }

    /// Mean of the three parts of the variance's derivation is the mean wait, and for n = 1
    /// the distributional law of Little gives the variance another way.
    #[test]
    fn variance_with_one_message_by_littles_law_of_distributions() {
        for setup in [Dist::Exponential(2.0), Dist::Deterministic(3.0), Dist::erlang(3, 1.0).unwrap()] {
            let (lambda, service) = (0.6, Dist::erlang(2, 1.0).unwrap());
            let queue = StartQueue::new(lambda, &service, 1, &setup).unwrap();
            let d = RawMoments::of(&setup);
            let (rest, square) = (d.second / (2.0 * d.first), d.third / (3.0 * d.first));
            let q = lambda * d.first / (1.0 + lambda * d.first);
            let extra_second = q * (2.0 * rest / lambda + square);
            let variance = queue.plain.wait_variance() + extra_second - queue.extra_wait().powi(2);
            assert!((queue.wait_variance() / variance - 1.0).abs() < 1e-12, "{}", setup.name());
        }
    }

    /// Var of the wait under a threshold of n = 2, from its own transform by hand: P(first) etc.
    #[test]
    fn variance_with_a_threshold_by_parts() {
        let (lambda, mu) = (0.5, 1.0);
        let queue = StartQueue::new(lambda, &Dist::Exponential(1.0), 2, &Dist::Deterministic(0.0)).unwrap();
        // Off (1/2): first of two waits Exp(lambda), second Exp(mu). On: E2's residual plus M/M/1 wait.
        let gathered = 0.5 * (2.0 / (lambda * lambda) + 2.0 / (mu * mu));
        let (residual, residual_second) = (6.0 / 4.0, 24.0 / 6.0);
        let (wait, wait_second) = (1.0, 0.5 * 2.0 / 0.25);
        let delayed = residual_second + 2.0 * residual * wait + wait_second;
        let variance = 0.5 * gathered + 0.5 * delayed - queue.wait().powi(2);
        assert!((queue.wait_variance() / variance - 1.0).abs() < 1e-13);
        assert!((0.5 * (0.5 * (2.0 + 1.0)) + 0.5 * (residual + wait) - queue.wait()).abs() < 1e-13);
    }

    #[test]
    fn the_law_has_the_moments() {
        for (n, setup) in
            [(1, Dist::Exponential(2.0)), (4, Dist::erlang(3, 2.0).unwrap()), (3, Dist::Deterministic(0.0))]
        {
            let queue = StartQueue::new(0.6, &Dist::Exponential(1.0), n, &setup).unwrap();
            let law = queue.inverted().unwrap().0;
            has_moments(&law, Moments::new(queue.wait(), queue.wait_variance()), (0.04, 1500), [1e-4, 1e-3]);
        }
        let queue = StartQueue::new(0.6, &Dist::Exponential(1.0), 1, &Dist::Exponential(2.0)).unwrap();
        let (closed, inverted) = (queue.laws().0.unwrap(), queue.inverted().unwrap().0);
        for t in [0.1, 2.0, 15.0] {
            assert!((closed.survival(t) - inverted.survival(t)).abs() < 1e-11, "{t}");
        }
    }

    #[test]
    fn starting_at_once_is_mg1() {
        let queue = StartQueue::new(0.6, &Dist::Exponential(1.0), 1, &Dist::Deterministic(0.0)).unwrap();
        assert!((queue.wait() - 1.5).abs() < 1e-14);
        assert!((queue.wait_variance() / queue.plain.wait_variance() - 1.0).abs() < 1e-13);
        assert_eq!((queue.prob_wait(), queue.prob_setup()), (0.6, 0.0));
        assert_eq!(queue.prob_quiet_setup(), 1.0);
    }
}
