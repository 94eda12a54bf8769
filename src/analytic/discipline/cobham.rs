//! Priorities without interruption on one server: M/G/1 with any number of classes.

use super::flow::{Flow, Load, Two};
use crate::analytic::steady::Moments;
use crate::model::capacity::keeps_up;

/// M/G/1 with non-preemptive priorities, any service law for each class.
///
/// Formula (Cobham): with s_k = rho_1 + ... + rho_k and W_0 = sum over all classes of
/// lambda_i E\[S_i^2\]/2, Wq_k = W_0 / ((1 - s_(k-1)) (1 - s_k)). With l_k = sum to k of lambda_i E\[S_i^2\]
/// and m = sum over all of lambda_i E\[S_i^3\],
/// E\[Wq_k^2\] = m / (3 (1-s_(k-1))^2 (1-s_k)) + l l_k / (2 (1-s_(k-1))^2 (1-s_k)^2) +
/// l l_(k-1) / (2 (1-s_(k-1))^3 (1-s_k)). If the first j classes have a load below 1 and the next
/// one brings it to 1 or more, that class keeps the server busy whenever the j leave it idle; the
/// j are stable and meet its residual service with probability 1 - s_j.
/// Units: rates per second, times in seconds; class 0 is the most urgent.
/// Valid when: Poisson arrivals, one server, first in first out within a class; service that has
/// begun is completed. Every arrival waits with probability rho.
/// Reference: Cobham, Priority assignment in waiting line problems (1954); Kella and Yechiali
/// (1985); Takagi, Queueing Analysis 1 (1991), sec. 3.2.
///
/// ```
/// use lindley::analytic::discipline::cobham::NonPreemptive;
/// use lindley::analytic::discipline::flow::Flow;
/// // rho = 0.3 and 0.4, W_0 = 0.7: 0.7/0.7 and 0.7/(0.7 * 0.3).
/// let queue = NonPreemptive::new(&[Flow::exponential(0.3, 1.0), Flow::exponential(0.4, 1.0)]);
/// assert!((queue.wait(0).unwrap().mean - 1.0).abs() < 1e-15);
/// assert!((queue.wait(1).unwrap().mean - 10.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct NonPreemptive {
    flows: Vec<Flow>,
    pub(super) stable: usize,
}

impl NonPreemptive {
    /// These classes, the most urgent first.
    pub fn new(flows: &[Flow]) -> NonPreemptive {
        let stable = stable_classes(flows);
        let mut flows = flows.to_vec();
        let taken = Load::of(&flows[..stable]).rho;
        for (k, flow) in flows.iter_mut().enumerate().skip(stable) {
            // What a saturated class gets of the server; those below it get nothing.
            flow.lambda = if k == stable { (1.0 - taken) / flow.mean } else { 0.0 };
        }
        NonPreemptive { flows, stable }
    }

    /// Mean and variance of the wait of class `k`; `None` where it has no steady state.
    pub fn wait(&self, k: usize) -> Option<Moments> {
        if k >= self.stable {
            return None;
        }
        let (urgent, above) = (Load::of(&self.flows[..=k]), Load::of(&self.flows[..k]));
        Some(work_ahead(urgent, Load::of(&self.flows)).prolonged(above).moments())
    }
}

/// How many classes fit into one server, from the most urgent.
pub(crate) fn stable_classes(flows: &[Flow]) -> usize {
    let mut load = 0.0;
    let fits = |flow: &&Flow| {
        load += flow.rho();
        keeps_up(load, 1.0)
    };
    flows.iter().take_while(fits).count()
}

/// Work of the `urgent` flows and of the service in progress that a Poisson arrival finds, where
/// `all` flows are served without interruption.
pub(crate) fn work_ahead(urgent: Load, all: Load) -> Two {
    let left = 1.0 - urgent.rho;
    let first = all.second / (2.0 * left);
    let second = all.third.map(|m| m / (3.0 * left) + all.second * urgent.second / (2.0 * left * left));
    Two { first, second }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::analytic::station::mg1::Mg1;
    use crate::analytic::testing::chain_averages;
    use crate::dist::Dist;

    #[test]
    fn one_class_is_pollaczek_khinchine() {
        let law = Dist::lognormal(1.0, 3.0).unwrap();
        let (queue, alone) =
            (NonPreemptive::new(&[Flow::new(0.7, &Work::Law(law.clone()))]), Mg1::new(0.7, &law).unwrap());
        let wait = queue.wait(0).unwrap();
        assert!((wait.mean / alone.wait() - 1.0).abs() < 1e-14);
        assert!((wait.variance.unwrap() / alone.wait_variance() - 1.0).abs() < 1e-13);
    }

    /// Number of each of two exponential classes by a chain cut at `most` each: (L_1, L_2).
    fn by_chain(lambda: [f64; 2], mu: [f64; 2], most: u32) -> [f64; 2] {
        let average = chain_averages([(0u32, 0u32, 0u8)], 100_000, |&(a, b, serving), to| {
            let next = |a: u32, b: u32| (a, b, if a > 0 { 1 } else { 2 * u8::from(b > 0) });
            let arrived = |a, b| if serving == 0 { next(a, b) } else { (a, b, serving) };
            to(arrived((a + 1).min(most), b), lambda[0]);
            to(arrived(a, (b + 1).min(most)), lambda[1]);
            match serving {
                1 => to(next(a - 1, b), mu[0]),
                2 => to(next(a, b - 1), mu[1]),
                _ => {}
            }
        });
        [average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1))]
    }

    #[test]
    fn agrees_with_a_chain() {
        let (lambda, mu) = ([0.15, 0.1], [1.0, 0.8]);
        let flows = [Flow::exponential(lambda[0], mu[0]), Flow::exponential(lambda[1], mu[1])];
        let chain = by_chain(lambda, mu, 14);
        let in_system = |flows: &[Flow], k: usize| {
            flows[k].lambda * (NonPreemptive::new(flows).wait(k).unwrap().mean + flows[k].mean)
        };
        let swapped = [flows[1], flows[0]];
        for k in [0, 1] {
            assert!((in_system(&flows, k) / chain[k] - 1.0).abs() < 1e-6, "{k}: {} {}", in_system(&flows, k), chain[k]);
            // Power twin: the other order of urgency is told apart.
            assert!((in_system(&swapped, 1 - k) / chain[k] - 1.0).abs() > 1e-2, "{k}");
        }
    }

    /// Kleinrock's conservation law: sum rho_k Wq_k = rho W_0 / (1 - rho), in any order of classes.
    #[test]
    fn work_is_conserved() {
        let flows = [
            Flow::exponential(0.2, 1.0),
            Flow::new(0.1, &Work::Law(Dist::Deterministic(3.0))),
            Flow::new(0.5, &Work::Moments { mean: 0.5, scv: 7.0 }),
        ];
        let all = Load::of(&flows);
        let conserved = all.rho * all.second / (2.0 * (1.0 - all.rho));
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let flows = order.map(|i| flows[i]);
            let queue = NonPreemptive::new(&flows);
            let sum = |queue: &NonPreemptive| (0..3).map(|k| flows[k].rho() * queue.wait(k).unwrap().mean).sum::<f64>();
            assert!((sum(&queue) / conserved - 1.0).abs() < 1e-13, "{order:?}");
            // Power twin: preemption does not conserve it.
            let other = super::super::preemptive::PreemptiveResume::new(&flows);
            let interrupted: f64 = (0..3).map(|k| flows[k].rho() * other.first_wait(k).unwrap().mean).sum();
            assert!((interrupted / conserved - 1.0).abs() > 1e-3, "{order:?}");
        }
    }

    #[test]
    fn urgent_classes_survive_saturation_and_long_services_below() {
        let (urgent, flood) = (Flow::exponential(0.3, 1.0), Flow::exponential(5.0, 1.0));
        let queue = NonPreemptive::new(&[urgent, flood, urgent]);
        assert_eq!(queue.stable, 1);
        assert!(queue.wait(1).is_none() && queue.wait(2).is_none());
        // All of the time someone is in service with 1 s to go.
        assert!((queue.wait(0).unwrap().mean - 1.0 / 0.7).abs() < 1e-14);
        // The limit of classes that only just fit.
        let nearly = NonPreemptive::new(&[urgent, Flow::exponential(0.7 - 1e-9, 1.0)]);
        assert!((nearly.wait(0).unwrap().mean * 0.7 - 1.0).abs() < 1e-8);
        let heavy = Flow::new(0.1, &Work::Law(Dist::pareto(1.0, 2.5).unwrap()));
        let wait = NonPreemptive::new(&[Flow::exponential(0.1, 1.0), heavy]).wait(0).unwrap();
        assert!(wait.mean.is_finite());
        assert_eq!(wait.variance, Some(f64::INFINITY));
    }
}
