//! Priorities with interruption on one server, the interrupted resuming: M/G/1 with any number of
//! classes.

use super::cobham::{stable_classes, work_ahead};
use super::flow::{Flow, Load, Two};
use crate::analytic::steady::Moments;

/// M/G/1 with preemptive-resume priorities, any service law for each class.
///
/// Formula: with s_k = rho_1 + ... + rho_k and l_k = sum to k of lambda_i E\[S_i^2\], the time until
/// service first begins is V_k prolonged by the busy periods of the classes above: mean
/// l_k / (2 (1-s_(k-1)) (1-s_k)). From there to the end it takes E\[S_k\]/(1-s_(k-1)) on average, of
/// variance Var S_k/(1-s_(k-1))^2 + l_(k-1) E\[S_k\]/(1-s_(k-1))^3. The two are independent and sum to
/// the sojourn W_k; W_k - S_k is the total time not in service. A class does not notice those below.
/// Units: rates per second, times in seconds; class 0 is the most urgent.
/// Valid when: Poisson arrivals, one server, first in first out within a class, an interrupted
/// service goes on where it was. Class k waits for a first start with probability s_k.
/// Reference: Kella and Yechiali (1985); Takagi, Queueing Analysis 1 (1991), sec. 3.4; Kleinrock,
/// Queueing Systems II (1976), sec. 3.4.
///
/// ```
/// use lindley::analytic::discipline::flow::Flow;
/// use lindley::analytic::discipline::preemptive::PreemptiveResume;
/// let queue = PreemptiveResume::new(&[Flow::exponential(0.5, 2.0), Flow::exponential(0.25, 0.5)]);
/// // l_2 = 0.25 + 2: first start after 2.25/(2 * 0.75 * 0.25) = 6 s, then 2/0.75 s.
/// assert!((queue.first_wait(1).unwrap().mean - 6.0).abs() < 1e-14);
/// assert!((queue.sojourn(1).unwrap().mean - 26.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct PreemptiveResume {
    flows: Vec<Flow>,
    pub(super) stable: usize,
}

impl PreemptiveResume {
    /// These classes, the most urgent first.
    pub fn new(flows: &[Flow]) -> PreemptiveResume {
        PreemptiveResume { flows: flows.to_vec(), stable: stable_classes(flows) }
    }

    fn above(&self, k: usize) -> Load {
        Load::of(&self.flows[..k])
    }

    fn begins(&self, k: usize) -> Option<Two> {
        let urgent = Load::of(&self.flows[..=k]);
        (k < self.stable).then(|| work_ahead(urgent, urgent).prolonged(self.above(k)))
    }

    /// Mean and variance of the time until service of class `k` first begins; `None` where it has no
    /// steady state, as below.
    pub fn first_wait(&self, k: usize) -> Option<Moments> {
        self.begins(k).map(Two::moments)
    }

    /// Share of class `k` that cannot begin at once: the load down to it.
    pub fn prob_wait(&self, k: usize) -> Option<f64> {
        (k < self.stable).then(|| Load::of(&self.flows[..=k]).rho)
    }

    /// Mean and variance of the time from first start to completion of class `k`.
    pub fn completion(&self, k: usize) -> Option<Moments> {
        let flow = self.flows.get(k).filter(|_| k < self.stable)?;
        Some(Two { first: flow.mean, second: Some(flow.second) }.prolonged(self.above(k)).moments())
    }

    /// Mean and variance of the sojourn of class `k`.
    pub fn sojourn(&self, k: usize) -> Option<Moments> {
        Some(self.first_wait(k)?.plus(self.completion(k)?))
    }

    /// Mean and variance of the total time that class `k` is in the system and not in service,
    /// interruptions included: W - S.
    pub fn not_in_service(&self, k: usize) -> Option<Moments> {
        let (flow, above) = (self.flows.get(k)?, self.above(k));
        let left = 1.0 - above.rho;
        let interrupted = super::flow::product(above.rho / left, flow.mean);
        let spread = super::flow::product((above.rho / left).powi(2), flow.variance());
        let variance = spread + super::flow::product(above.second, flow.mean) / left.powi(3);
        Some(self.first_wait(k)?.plus(Moments::new(interrupted, variance)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::analytic::station::mg1::Mg1;
    use crate::analytic::testing::chain_averages;
    use crate::dist::Dist;

    #[test]
    fn agrees_with_a_chain() {
        let (lambda, mu, most) = ([0.3, 0.1], [1.2, 0.7], 18);
        let average = chain_averages([(0u32, 0u32)], 100_000, |&(a, b), to| {
            to(((a + 1).min(most), b), lambda[0]);
            to((a, (b + 1).min(most)), lambda[1]);
            if a > 0 {
                to((a - 1, b), mu[0]);
            } else if b > 0 {
                to((a, b - 1), mu[1]);
            }
        });
        let queue = PreemptiveResume::new(&[0, 1].map(|k| Flow::exponential(lambda[k], mu[k])));
        let counts = [average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1))];
        for k in [0, 1] {
            let in_system = lambda[k] * queue.sojourn(k).unwrap().mean;
            assert!((in_system / counts[k] - 1.0).abs() < 1e-5, "{k}: {in_system} {}", counts[k]);
        }
        // Power twin: without interruption the urgent class has another mean.
        let other = super::super::cobham::NonPreemptive::new(&queue.flows).wait(0).unwrap().mean + 1.0 / 1.2;
        assert!((lambda[0] * other / counts[0] - 1.0).abs() > 1e-2);
    }

    /// Of two equal exponential classes the number of both is that of M/M/1; so is the time of the first.
    #[test]
    fn equal_classes_add_up_and_those_below_are_not_noticed() {
        let queue = PreemptiveResume::new(&[Flow::exponential(0.4, 1.0), Flow::exponential(0.3, 1.0)]);
        let in_system = 0.4 * queue.sojourn(0).unwrap().mean + 0.3 * queue.sojourn(1).unwrap().mean;
        assert!((in_system - 0.7 / 0.3).abs() < 1e-13);
        let alone = Mg1::new(0.4, &Dist::Exponential(1.0)).unwrap();
        assert!((queue.sojourn(0).unwrap().variance.unwrap() / alone.sojourn_variance() - 1.0).abs() < 1e-13);
        let (urgent, flood) = (Flow::exponential(0.3, 1.0), Flow::exponential(5.0, 1.0));
        let queue = PreemptiveResume::new(&[urgent, flood]);
        assert_eq!(queue.stable, 1);
        assert!((queue.sojourn(0).unwrap().mean - 1.0 / 0.7).abs() < 1e-14);
        assert!(queue.sojourn(1).is_none() && queue.first_wait(1).is_none() && queue.not_in_service(1).is_none());
    }

    /// A class of vanishing load below another sees its busy periods: the sojourn of its own service
    /// S is that of a server that is away, and W - S adds up with S where nothing interrupts.
    #[test]
    fn time_not_in_service_is_the_sojourn_less_the_service() {
        let law = Work::Law(Dist::erlang(3, 0.8).unwrap());
        let queue = PreemptiveResume::new(&[Flow::exponential(0.4, 1.0), Flow::new(0.3, &law)]);
        for k in [0, 1] {
            let (all, off) = (queue.sojourn(k).unwrap(), queue.not_in_service(k).unwrap());
            assert!((all.mean - off.mean - queue.flows[k].mean).abs() < 1e-14);
        }
        let (all, off) = (queue.sojourn(0).unwrap(), queue.not_in_service(0).unwrap());
        assert!((all.variance.unwrap() - off.variance.unwrap() - 1.0).abs() < 1e-13);
        // Service and interruptions are correlated: Var W - Var(W - S) = Var S (1 + s)/(1 - s).
        let (all, off) = (queue.sojourn(1).unwrap(), queue.not_in_service(1).unwrap());
        let spread = 0.64 / 3.0 * (1.0 + 0.4) / (1.0 - 0.4);
        assert!((all.variance.unwrap() - off.variance.unwrap() - spread).abs() < 1e-13);
    }
}
