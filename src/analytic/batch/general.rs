//! M^X/G/1: batches of messages arrive at one server of any service law.

use super::size::BatchSizes;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::transformed::wait_and_sojourn;
use crate::analytic::numeric::inversion::{self, is_closed, mg1_wait};
use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::numeric::poisson;
use crate::analytic::numeric::survival::half_line;
use crate::analytic::steady::Unstable;
use crate::dist::Dist;
use nalgebra::Complex;

/// M^X/G/1 in steady state.
///
/// Formula: a batch is one customer of service B, the sum of X services: its first message waits
/// Lambda E\[B^2\]/(2(1 - rho)) with E\[B^2\] = E\[X\] Var S + E\[X^2\] E\[S\]^2; a message waits besides for
/// E\[X(X-1)\]/(2 E\[X\]) batch-mates ahead of it. rho = Lambda E\[X\] E\[S\].
/// Units: rates per second, times in seconds; per MESSAGE unless named otherwise.
/// Valid when: batches at Poisson instants, rho < 1, first in first out.
/// Reference: Gaver (1959); Burke, Delays in single-server queues with batch input (1975); Chaudhry and
/// Templeton, A First Course in Bulk Queues (1983), sec. 3.1.
///
/// ```
/// use lindley::analytic::batch::general::BatchMg1;
/// use lindley::analytic::batch::size::BatchSizes;
/// use lindley::dist::{Count, Dist};
/// let pairs = BatchSizes::new(&Count::constant(2).unwrap()).unwrap();
/// let queue = BatchMg1::new(0.25, pairs, &Dist::Deterministic(1.0)).unwrap();
/// assert_eq!(queue.first_wait(), 1.0); // M/D/1 of services of 2 s at load 1/2
/// assert_eq!(queue.wait(), 1.5);
/// ```
#[derive(Debug, Clone)]
pub struct BatchMg1 {
    batches: f64,
    sizes: BatchSizes,
    service: Dist,
    s: RawMoments,
}

impl BatchMg1 {
    /// With `batches` per second of those `sizes`, if it has a steady state.
    pub fn new(batches: f64, sizes: BatchSizes, service: &Dist) -> Result<BatchMg1, Unstable> {
        let s = RawMoments::of(service);
        let offered_load = batches * sizes.mean * s.first;
        Unstable::unless_kept_up(offered_load, 1)?;
        Ok(BatchMg1 { batches, sizes, service: service.clone(), s })
    }

    /// Messages per second.
    pub fn lambda(&self) -> f64 {
        self.batches * self.sizes.mean
    }

    /// rho.
    pub fn utilization(&self) -> f64 {
        self.lambda() * self.s.first
    }

    fn service_variance(&self) -> f64 {
        self.service.variance()
    }

    /// Mean wait of the first message of a batch: of the batch as a whole.
    pub fn first_wait(&self) -> f64 {
        let work = self.sizes.mean * self.service_variance() + self.sizes.second() * self.s.first * self.s.first;
        self.batches * work / (2.0 * (1.0 - self.utilization()))
    }

    /// Its variance.
    pub fn first_wait_variance(&self) -> f64 {
        let RawMoments { first, second, third } = self.s;
        // E[(sum of X services)^3], by how many of the three factors are the same service.
        let cube =
            self.sizes.mean * third + 3.0 * self.sizes.pairs * second * first + self.sizes.triples * first.powi(3);
        let mean = self.first_wait();
        self.batches * cube / (3.0 * (1.0 - self.utilization())) + mean * mean
    }

    /// Mean wait.
    pub fn wait(&self) -> f64 {
        self.first_wait() + self.sizes.ahead() * self.s.first
    }

    /// Variance of the wait: batch and batch-mates are independent.
    pub fn wait_variance(&self) -> f64 {
        let ahead = self.sizes.ahead();
        let spread = self.sizes.ahead_second() - ahead * ahead;
        self.first_wait_variance() + ahead * self.service_variance() + spread * self.s.first * self.s.first
    }

    /// Mean sojourn.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.s.first
    }

    /// Mean time until the last message of a batch is served.
    pub fn batch_sojourn(&self) -> f64 {
        self.first_wait() + self.sizes.mean * self.s.first
    }

    /// Share of messages that wait: 1 - (1 - rho)/E\[X\].
    pub fn prob_wait(&self) -> f64 {
        (self.sizes.mean - 1.0 + self.utilization()) / self.sizes.mean
    }

    /// Laws of wait and sojourn of a message, by inversion; `None` where the service law has no
    /// closed transform or batches are longer than 2000.
    pub fn laws(&self) -> Option<(TimeLaw, TimeLaw)> {
        if !is_closed(&self.service) || self.sizes.longest() > 2000 {
            return None;
        }
        let method = "M^X/G/1 (Burke 1975), transform inverted (Abate, Choudhury, Whitt 1999)";
        let (own, means) = (self.clone(), (self.wait(), self.prob_wait(), self.sojourn()));
        Some(wait_and_sojourn(means, method, move |s| own.transforms(s)))
    }

    /// Transforms of the wait of a message and of the service.
    fn transforms(&self, s: Complex<f64>) -> Option<(Complex<f64>, Complex<f64>)> {
        let one = Complex::new(1.0, 0.0);
        let service = inversion::laplace(&self.service, s)?;
        let tails = self.sizes.tails_at(service);
        let batch = one - (one - service) * tails;
        let first = mg1_wait(self.batches, self.utilization(), s, batch);
        Some((first * tails / self.sizes.mean, service))
    }

    /// P(N = 0), ..., P(N = `last`), by (1 - A_0) p_n = (1-rho) a_n + sum of p_i A_{n-i}, where a_n and A_n
    /// are the probabilities of n and of more than n arrivals during a service. Absolute error 1e-13.
    pub fn probabilities(&self, last: usize) -> Vec<f64> {
        let come = self.arrivals_in_service(last);
        let mut more = vec![1.0 - come[0]];
        for n in 1..=last {
            more.push(more[n - 1] - come[n]);
        }
        let mut p: Vec<f64> = Vec::with_capacity(last + 1);
        for n in 0..=last {
            let past: f64 = p.iter().enumerate().map(|(i, p)| p * more[n - i]).sum();
            p.push(((1.0 - self.utilization()) * come[n] + past) / come[0]);
        }
        p
    }

    /// P(k messages arrive during a service), k = 0..=last.
    fn arrivals_in_service(&self, last: usize) -> Vec<f64> {
        let size: Vec<f64> =
            (0..=last).map(|k| if k == 0 { 0.0 } else { self.sizes.tail(k - 1) - self.sizes.tail(k) }).collect();
        let mut sum = vec![0.0; last + 1];
        let mut power = vec![0.0; last + 1];
        power[0] = 1.0;
        for (j, p) in self.batches_in_service(last).into_iter().enumerate() {
            sum.iter_mut().zip(&power).for_each(|(s, q)| *s += p * q);
            power = (0..=last).map(|k| (j..k).map(|i| power[i] * size[k - i]).sum()).collect();
        }
        sum
    }

    /// P(j batches arrive during a service), j = 0..=last.
    fn batches_in_service(&self, last: usize) -> Vec<f64> {
        if let Dist::Deterministic(d) = &self.service {
            return (0..=last as u64).map(|j| poisson::pmf(j, self.batches * d)).collect();
        }
        let more = |j: usize| {
            let density = |t: f64| poisson::pmf(j as u64, self.batches * t) * self.service.survival(t);
            self.batches * half_line(&self.service, density)
        };
        let tails: Vec<f64> = (0..=last).map(more).collect();
        (0..=last).map(|j| if j == 0 { 1.0 - tails[0] } else { tails[j - 1] - tails[j] }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::batch::arrivals::BatchArrivals;
    use crate::analytic::testing::{chain_averages, share};
    use crate::dist::Count;

    #[test]
    fn exponential_service_is_the_markov_queue() {
        for law in [Count::constant(5).unwrap(), Count::geometric(3.0).unwrap(), Count::uniform(1, 4).unwrap()] {
            let sizes = BatchSizes::new(&law).unwrap();
            let batches = 0.8 / law.mean();
            let general = BatchMg1::new(batches, sizes.clone(), &Dist::Exponential(1.0)).unwrap();
            let markov = BatchArrivals::new(batches, sizes, 1.0, 1).unwrap();
            assert!((general.wait() / markov.wait() - 1.0).abs() < 1e-12);
            assert!((general.wait_variance() / markov.wait_variance() - 1.0).abs() < 1e-11, "{law:?}");
            assert!((general.prob_wait() - markov.prob_wait()).abs() < 1e-13);
            let (inverted, tabulated) = (general.laws().unwrap(), markov.laws());
            for t in [0.0, 0.5, 4.0, 30.0] {
                let wrong = inverted.0.survival(t) - tabulated.0.as_ref().unwrap().survival(t);
                assert!(wrong.abs() < 1e-11, "{law:?} {t}: {wrong}");
                let wrong = inverted.1.survival(t) - tabulated.1.as_ref().unwrap().survival(t);
                assert!(wrong.abs() < 1e-11, "{law:?} {t}: {wrong}");
            }
            for (n, p) in general.probabilities(20).iter().enumerate() {
                assert!((p - markov.prob_in_system(n)).abs() < 1e-12, "{law:?} {n}: {p}");
            }
        }
    }

    /// Two-stage service: states (messages, stages of the one in service already done).
    #[test]
    fn two_stage_service_by_the_chain() {
        let (batches, stage) = (0.2, 2.0);
        let average = chain_averages([(0u32, 0u32)], 2000, |&(n, done), to| {
            for x in [1, 4] {
                if n + x <= 300 {
                    to((n + x, done), 0.5 * batches);
                }
            }
            if n > 0 {
                if done == 1 { to((n - 1, 0), stage) } else { to((n, 1), stage) }
            }
        });
        let sizes = BatchSizes::new(&Count::choice(&[1, 4], &[1.0, 1.0]).unwrap()).unwrap();
        let queue = BatchMg1::new(batches, sizes, &Dist::erlang(2, 1.0).unwrap()).unwrap();
        let mean = average(&|s| f64::from(s.0));
        assert!((queue.lambda() * queue.sojourn() / mean - 1.0).abs() < 1e-10);
        for (n, exact) in queue.probabilities(12).iter().enumerate() {
            let at = average(&|s| share(s.0 as usize == n));
            assert!((exact - at).abs() < 1e-11, "{n}");
        }
        // Power twin.
        let other = BatchMg1::new(batches, queue.sizes.clone(), &Dist::Exponential(1.0)).unwrap();
        assert!((other.lambda() * other.sojourn() / mean - 1.0).abs() > 1e-2);
    }
}
