//! M/G/1 with vacations of the server.

use super::linear::wait_plus_line;
use crate::analytic::kendall::exponential_mean;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::crossing::wait::LevelCrossing;
use crate::analytic::numeric::exponentials::sojourn_survival;
use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::numeric::survival::survival_moment;
use crate::analytic::numeric::transform::laplace;
use crate::analytic::station::mg1::Mg1;
use crate::analytic::steady::Unstable;
use crate::dist::Dist;

/// M/G/1 whose server goes on vacation V when it finds nobody.
///
/// Formula: Wq is that of M/G/1 plus an independent Y. Repeated vacations: Y is what is left of a
/// vacation, E\[Y\] = E\[V^2\]/(2 E\[V\]). A single one: Y is that with probability
/// q = lambda E\[V\]/(E\[e^{-lambda V}\] + lambda E\[V\]), else 0.
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, rho < 1, first in first out, vacations independent of the queue;
/// the server waits for messages after a single vacation, and takes another one when they are repeated.
/// Reference: Fuhrmann and Cooper (1985) for the decomposition; Levy and Yechiali (1975); Takagi,
/// Queueing Analysis 1 (1991), sec. 2.2.
///
/// ```
/// use lindley::analytic::interruption::vacation::VacationQueue;
/// use lindley::dist::Dist;
/// let (work, away) = (Dist::Exponential(1.0), Dist::Deterministic(2.0));
/// let repeated = VacationQueue::new(0.5, &work, &away, true).unwrap();
/// assert!((repeated.wait() - 2.0).abs() < 1e-15); // 1 of M/M/1 and half a vacation
/// let single = VacationQueue::new(0.5, &work, &away, false).unwrap();
/// assert!((single.wait() - 1.0 - 1.0 / (1.0 + (-1.0_f64).exp())).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct VacationQueue {
    lambda: f64,
    service: Dist,
    length: Dist,
    plain: Mg1,
    /// P(arrival during a vacation | server not serving).
    away: f64,
    vacation: RawMoments,
}

impl VacationQueue {
    /// The queue with arrival rate `lambda`, and vacations that are `repeated` or not, if it has a
    /// steady state.
    pub fn new(lambda: f64, service: &Dist, length: &Dist, repeated: bool) -> Result<VacationQueue, Unstable> {
        let plain = Mg1::new(lambda, service)?;
        let mean = length.mean();
        let none_comes = if repeated { 0.0 } else { laplace(length, lambda) };
        let away = if mean.is_infinite() { 1.0 } else { lambda * mean / (none_comes + lambda * mean) };
        let vacation = RawMoments::of(length);
        Ok(VacationQueue { lambda, service: service.clone(), length: length.clone(), plain, away, vacation })
    }

    /// Mean that the vacations add to the wait, seconds.
    pub fn extra_wait(&self) -> f64 {
        if self.vacation.first == 0.0 { 0.0 } else { self.away * self.vacation.second / (2.0 * self.vacation.first) }
    }

    /// Variance that the vacations add.
    fn extra_variance(&self) -> f64 {
        if self.vacation.first == 0.0 {
            return 0.0;
        }
        let mean = self.extra_wait();
        self.away * self.vacation.third / (3.0 * self.vacation.first) - mean * mean
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.plain.wait() + self.extra_wait()
    }

    /// Variance of the wait.
    pub fn wait_variance(&self) -> f64 {
        self.plain.wait_variance() + self.extra_variance()
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.service.mean()
    }

    /// Fraction of time on vacation.
    pub fn prob_away(&self) -> f64 {
        (1.0 - self.plain.utilization()) * self.away
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.plain.utilization() + self.prob_away()
    }

    /// P(N = 0): nobody is there.
    pub fn prob_empty(&self) -> f64 {
        let still_none = if self.vacation.first == 0.0 {
            1.0
        } else {
            survival_moment(&self.length, 0, self.lambda) / self.vacation.first
        };
        (1.0 - self.plain.utilization()) * ((1.0 - self.away) + self.away * still_none)
    }

    /// Laws of the wait, closed where service is exponential and vacations are exponential or constant, and of
    /// the sojourn; else by level crossings. `None` for vacations of infinite mean.
    pub fn laws(&self) -> (Option<TimeLaw>, Option<TimeLaw>) {
        if self.vacation.first == 0.0 {
            return self.plain.laws().unzip();
        }
        let (wait, sojourn) = self.crossing().unzip();
        (self.closed_wait_law().or(wait), sojourn)
    }

    fn closed_wait_law(&self) -> Option<TimeLaw> {
        let service = exponential_mean(&self.service)?;
        if let Dist::Deterministic(d) = self.length {
            return Some(wait_plus_line(self.lambda, 1.0 / service, self.away, self.away / d, d));
        }
        let (length, slack) = (exponential_mean(&self.length)?, 1.0 / service - self.lambda);
        let (rho, away, rate) = (self.plain.utilization(), self.away, 1.0 / length);
        if away == 1.0 {
            return Some(TimeLaw::ExponentialService { prob_wait: rho, slack, mu: rate });
        }
        let tail = move |t: f64| (1.0 - away) * rho * (-slack * t).exp() + away * sojourn_survival(rho, slack, rate, t);
        Some(TimeLaw::computed(self.wait(), "M/M/1 wait plus what is left of a vacation (Fuhrmann, Cooper 1985)", tail))
    }

    fn crossing(&self) -> Option<(TimeLaw, TimeLaw)> {
        if self.vacation.first.is_infinite() || self.plain.utilization() == 0.0 {
            return None;
        }
        let (wait, sojourn) = self.plain.crossing();
        let with = |time: LevelCrossing| time.with_absence(self.away, &self.length, self.extra_wait());
        Some((TimeLaw::Crossing(with(wait)), TimeLaw::Crossing(with(sojourn))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::{chain_averages, has_moments, share};

    /// Mode 0: serving or idle, else on vacation; exponential all.
    fn chain(lambda: f64, mu: f64, rate: f64, repeated: bool) -> (f64, f64) {
        let average = chain_averages([(0u32, true)], 2000, |&(n, away), to| {
            to(((n + 1).min(400), away), lambda);
            match (away, n) {
                (true, 0) if !repeated => to((0, false), rate),
                (true, 0) => {}
                (true, _) => to((n, false), rate),
                (false, 0) => {}
                (false, 1) => to((0, true), mu),
                (false, _) => to((n - 1, false), mu),
            }
        });
        (average(&|s| f64::from(s.0)), average(&|s| share(s.0 == 0)))
    }

    #[test]
    fn agrees_with_the_chain() {
        for repeated in [true, false] {
            let (mean, empty) = chain(0.7, 1.0, 0.4, repeated);
            let queue = VacationQueue::new(0.7, &Dist::Exponential(1.0), &Dist::Exponential(2.5), repeated).unwrap();
            assert!((0.7 * queue.sojourn() / mean - 1.0).abs() < 1e-9, "{repeated}");
            assert!((queue.prob_empty() / empty - 1.0).abs() < 1e-9, "{repeated}");
            // Power twin: the other kind of vacations is seen.
            assert!((chain(0.7, 1.0, 0.4, !repeated).0 / mean - 1.0).abs() > 1e-2);
        }
    }

    #[test]
    fn the_law_has_the_moments() {
        for repeated in [true, false] {
            let queue = VacationQueue::new(0.6, &Dist::Exponential(1.0), &Dist::Exponential(3.0), repeated).unwrap();
            let law = queue.laws().0.unwrap();
            has_moments(&law, Moments::new(queue.wait(), queue.wait_variance()), (2e-3, 100_000), [1e-5, 1e-4]);
            assert!((law.survival(0.0) - queue.prob_wait()).abs() < 1e-14);
            let (crossing, sojourn) = queue.crossing().unwrap();
            for t in [0.0, 0.3, 2.0, 15.0] {
                assert!((law.survival(t) - crossing.survival(t)).abs() < 1e-11, "{repeated} {t}");
            }
            // Exponential service: the sojourn's tail falls from 1.
            assert!(sojourn.quantile(0.9).unwrap() > law.quantile(0.9).unwrap());
        }
        let queue = VacationQueue::new(0.6, &Dist::Exponential(1.0), &Dist::Deterministic(0.0), true).unwrap();
        assert!((queue.wait() - 1.5).abs() < 1e-14 && queue.wait_variance().is_finite());
    }

    /// Any service and any vacation have a law, of that mean; without vacations it is that of M/G/1.
    #[test]
    fn every_law_of_service_and_vacation_is_known() {
        let services = [Dist::uniform(0.0, 2.0).unwrap(), Dist::lognormal(1.0, 0.5).unwrap()];
        let lengths = [Dist::empirical(&[0.5, 1.0, 4.0]).unwrap(), Dist::weibull(2.0, 0.6).unwrap()];
        for (service, length) in services.iter().zip(&lengths) {
            for repeated in [true, false] {
                let queue = VacationQueue::new(0.6, service, length, repeated).unwrap();
                let (wait, sojourn) = queue.laws();
                let (wait, sojourn) = (wait.unwrap(), sojourn.unwrap());
                has_moments(&wait, Moments::new(queue.wait(), queue.wait_variance()), (2e-2, 5_000), [1e-4, 1e-3]);
                assert!((sojourn.mean() - queue.sojourn()).abs() < 1e-13);
                assert!((wait.survival(0.0) - queue.prob_wait()).abs() < 1e-13);
                assert!((sojourn.survival(0.0) - 1.0).abs() < 1e-14);
            }
        }
        let never = VacationQueue::new(0.6, &services[0], &Dist::Deterministic(0.0), true).unwrap().laws().0.unwrap();
        let plain = Mg1::new(0.6, &services[0]).unwrap().laws().unwrap().0;
        assert_eq!(never.quantile(0.99), plain.quantile(0.99));
    }
}
