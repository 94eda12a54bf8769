//! M/G/1: one server, Poisson arrivals, any service law. Moments in closed form; the laws in closed form where
//! the service allows, else by level crossings.

use super::md1::Md1Wait;
use super::mek1::erlang_laws;
use super::mh1::hyperexponential_laws;
use super::mm1::Mm1;
use super::service_arrivals::ServiceArrivals;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::crossing::wait::LevelCrossing;
use crate::analytic::steady::{Moments, Steady, Unstable};
use crate::dist::Dist;

/// Largest number of messages whose probability is computed.
const MOST_NUMBER: u64 = 3000;

/// M/G/1 in steady state.
///
/// Formula (Pollaczek-Khinchine): Wq = lambda E\[S^2\] / (2 (1-rho)),
/// Var Wq = lambda E\[S^3\] / (3 (1-rho)) + Wq^2, W = Wq + E\[S\], rho = lambda E\[S\].
/// Units: lambda per second, times in seconds.
/// Valid when: rho < 1, first in first out (the means: any order blind to service times).
/// Moments are infinite where those of the service are (Pareto).
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 5.6 and 5.7; Takacs (1962).
///
/// ```
/// use lindley::analytic::station::mg1::Mg1;
/// use lindley::dist::Dist;
/// let queue = Mg1::new(0.5, &Dist::Deterministic(1.0)).unwrap();
/// assert_eq!(queue.wait(), 0.5); // half of M/M/1
/// assert!((queue.wait_variance() - 7.0 / 12.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Mg1 {
    lambda: f64,
    service: Dist,
}

impl Mg1 {
    /// The queue with arrival rate `lambda` and that service law, if it has a steady state.
    pub fn new(lambda: f64, service: &Dist) -> Result<Mg1, Unstable> {
        let offered_load = lambda * service.mean();
        Unstable::unless_kept_up(offered_load, 1)?;
        Ok(Mg1 { lambda, service: service.clone() })
    }

    /// Fraction of time the server is busy, and share of messages that wait: rho = lambda E\[S\].
    pub fn utilization(&self) -> f64 {
        self.lambda * self.service.mean()
    }

    /// Mean wait, seconds; infinite where the variance of the service is.
    pub fn wait(&self) -> f64 {
        mean_wait(self.lambda, self.service.mean(), self.service.scv())
    }

    /// Variance of the wait, seconds squared; infinite where E\[S^3\] is.
    pub fn wait_variance(&self) -> f64 {
        let third = self.service.third_moment().unwrap_or(f64::INFINITY);
        self.lambda * third / (3.0 * (1.0 - self.utilization())) + self.wait() * self.wait()
    }

    /// Mean workload, seconds: the unfinished work an arrival finds, which first in first out is its
    /// wait, and which any order that keeps the server busy leaves the same.
    pub fn workload(&self) -> f64 {
        self.wait()
    }

    /// Mean length of a busy period, seconds: E\[S\] / (1 - rho).
    pub fn busy_period(&self) -> f64 {
        self.service.mean() / (1.0 - self.utilization())
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.service.mean()
    }

    /// Variance of the sojourn, seconds squared: wait and service are independent.
    pub fn sojourn_variance(&self) -> f64 {
        self.wait_variance() + self.service.variance()
    }

    /// Mean number in the system: L = lambda W.
    pub fn in_system(&self) -> f64 {
        self.lambda * self.sojourn()
    }

    /// Variance of the number in the system, by the distributional law of Little:
    /// E\[N(N-1)\] = lambda^2 E\[sojourn^2\].
    pub fn in_system_variance(&self) -> f64 {
        self.lambda * self.lambda * self.sojourn_variance() + self.in_system()
    }

    /// Laws of wait and sojourn; `None` never for the queues that [`Mg1::new`] lets pass.
    pub fn laws(&self) -> Option<(TimeLaw, TimeLaw)> {
        let mean = self.service.mean();
        if self.utilization() == 0.0 {
            return Some((TimeLaw::Zero, TimeLaw::Service(self.service.clone())));
        }
        Some(match &self.service {
            Dist::Exponential(mean) => {
                let queue = Mm1::new(self.lambda, 1.0 / mean).ok()?;
                (queue.wait_law(), queue.sojourn_law())
            }
            Dist::Deterministic(d) => {
                let wait = Md1Wait::new(self.lambda, *d);
                (wait.law(0.0), wait.law(*d))
            }
            Dist::Erlang(erlang) => erlang_laws(self.lambda, erlang.k(), mean),
            Dist::Hyperexponential(mixture) => {
                let branches = mixture.probabilities().iter().copied().zip(mixture.means().iter().copied());
                hyperexponential_laws(self.lambda, &branches.collect::<Vec<_>>())
            }
            _ => {
                let (wait, sojourn) = self.crossing();
                (TimeLaw::Crossing(wait), TimeLaw::Crossing(sojourn))
            }
        })
    }

    /// Probability of `n` in the system, as time and arrivals see it; not a number for n above 3000.
    ///
    /// Formula: with alpha_k the probability of more than k arrivals in a service, p_0 = 1 - rho and
    /// p_{n+1} (1 - alpha_0) = p_0 alpha_n + sum_{i=1}^{n} p_i alpha_{n+1-i}.
    /// Numerics: positive terms only. Reference: Gross et al. (4th ed.), sec. 5.1; Takagi 2 (1993), sec. 5.1.
    ///
    /// ```
    /// use lindley::{analytic::station::mg1::Mg1, dist::Dist};
    /// // M/D/1: p_1 = (1 - rho) (e^rho - 1).
    /// let queue = Mg1::new(0.8, &Dist::Deterministic(1.0)).unwrap();
    /// assert!((queue.prob_in_system(1) - 0.2 * 0.8_f64.exp_m1()).abs() < 1e-14);
    /// ```
    pub fn prob_in_system(&self, n: u64) -> f64 {
        if n > MOST_NUMBER {
            return f64::NAN;
        }
        let states = n as usize + 1;
        let seen = ServiceArrivals::new(self.lambda, &self.service, states).left_behind(states);
        (1.0 - self.utilization()) * seen[n as usize]
    }

    /// Probability of more than `n` in the system; not a number for n above 3000.
    ///
    /// Formula: the recursion of `prob_in_system` summed from n on, with b_m = sum_{k >= m} alpha_k:
    /// (1 - rho) P(N > n) = p_0 b_n + sum_{i=1}^{n} p_i b_{n+1-i}. Numerics: positive terms only.
    pub fn prob_above(&self, n: u64) -> f64 {
        if n > MOST_NUMBER {
            return f64::NAN;
        }
        let n = n as usize;
        let arrivals = ServiceArrivals::new(self.lambda, &self.service, n + 1);
        let seen = arrivals.left_behind(n + 1);
        seen[0] * arrivals.beyond(n) + (1..=n).map(|i| seen[i] * arrivals.beyond(n + 1 - i)).sum::<f64>()
    }

    /// Law of the number in the system, in any order of service that does not look at service times.
    pub fn number_law(&self) -> NumberLaw {
        let (queue, same) = (self.clone(), self.clone());
        NumberLaw::new(move |n| queue.prob_in_system(n), move |n| same.prob_above(n)).waiting_for(1)
    }

    /// Wait and sojourn by level crossings, which knows every service law.
    pub(crate) fn crossing(&self) -> (LevelCrossing, LevelCrossing) {
        LevelCrossing::laws(self.lambda, &self.service, self.wait())
    }

    /// Everything above in one record, but the Kendall name, which the caller knows.
    pub fn steady(&self) -> Steady {
        let (wait_law, sojourn_law) = self.laws().unzip();
        let wait = Moments::new(self.wait(), self.wait_variance());
        let method = "M/G/1 by Pollaczek-Khinchine (Kleinrock 1975, sec. 5.6)";
        Steady {
            prob_wait: Some(self.utilization()),
            wait_law,
            sojourn_law,
            number_law: Some(self.number_law()),
            ..Steady::served("M/G/1", self.lambda, Moments::of(&self.service), wait, Some(1), method)
        }
    }
}

/// Mean wait in M/G/1 from mean and scv of the service alone, seconds: Pollaczek and Khinchine.
///
/// Formula: Wq = rho E\[S\] (1 + scv) / (2 (1 - rho)), rho = lambda E\[S\].
/// Units: lambda per second, mean in seconds.
/// Valid when: rho < 1; any order that does not look at service times.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 5.6.
///
/// ```
/// use lindley::analytic::station::mg1::mean_wait;
/// // rho = 0.8, service of mean 1 s: 2, 3, 4 and 10 s for scv 0, 0.5, 1 and 4.
/// assert!((mean_wait(0.8, 1.0, 4.0) - 10.0).abs() < 1e-13);
/// ```
pub fn mean_wait(lambda: f64, mean: f64, scv: f64) -> f64 {
    let rho = lambda * mean;
    rho * mean * (1.0 + scv) / (2.0 * (1.0 - rho))
}
