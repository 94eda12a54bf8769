//! Classes with service times of their own where no exact solution is known or none is needed: served in order of
//! arrival, and in order of urgency on several servers.

use super::cobham::{NonPreemptive, work_ahead};
use super::flow::{Flow, Load};
use crate::analytic::station::erlang::erlang_c;
use crate::analytic::steady::Moments;
use crate::model::capacity::keeps_up;

/// Wait in M/G/1 of several classes served in order of arrival: that of the mixture, the same for all.
///
/// Formula (Pollaczek-Khinchine): with rho, m2 and m3 the sums of lambda_i E\[S_i\], lambda_i E\[S_i^2\] and lambda_i
/// E\[S_i^3\], Wq = m2/(2 (1 - rho)), Var = m3/(3 (1 - rho)) + Wq^2; a class adds its own service.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, one server, rho < 1 (`None` otherwise), first in first out over all classes.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 5.7, for the service of a message of any class; Gross,
/// Shortle, Thompson, Harris (4th ed.), sec. 5.1.
///
/// ```
/// use lindley::analytic::discipline::flow::Flow;
/// use lindley::analytic::discipline::unequal::fcfs_wait;
/// // Loads 0.25 and 0.25 with means 0.5 s and 1 s: m2 = 0.25 + 0.5, Wq = 0.75.
/// let wait = fcfs_wait(&[Flow::exponential(0.5, 2.0), Flow::exponential(0.25, 1.0)]).unwrap();
/// assert!((wait.mean - 0.75).abs() < 1e-15);
/// ```
pub fn fcfs_wait(flows: &[Flow]) -> Option<Moments> {
    let load = Load::of(flows);
    keeps_up(load.rho, 1.0).then(|| work_ahead(load, load).moments())
}

/// M/G/c with classes served in order of arrival: an approximation of the mean wait, the same for all.
///
/// Formula (Lee and Longton): Wq = C/rho times that of one server c times as fast, C = Erlang C of the whole load, rho =
/// the load over c.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, rho < 1 (`None` otherwise); exact for one server, and for several where all classes have
/// the same exponential service.
/// Reference: Lee, Longton, Queueing processes associated with airline passenger check-in, Operational Research Quarterly
/// 10 (1959); Allen, Probability, Statistics, and Queueing Theory (2nd ed. 1990), sec. 5.3.
///
/// ```
/// use lindley::analytic::discipline::{flow::Flow, unequal::fcfs_wait_of_servers};
/// // M/M/2 of 1.5 erlangs in two classes: 9/7 s.
/// let wait = fcfs_wait_of_servers(&[Flow::exponential(0.5, 1.0), Flow::exponential(1.0, 1.0)], 2).unwrap();
/// assert!((wait - 9.0 / 7.0).abs() < 1e-14);
/// ```
pub fn fcfs_wait_of_servers(flows: &[Flow], c: u32) -> Option<f64> {
    let fast = Faster::new(flows, c);
    Some(fast.waiting()? * fcfs_wait(&fast.flows)?.mean)
}

/// Mean waits in M/G/c with non-preemptive priorities and any service for each class: an approximation.
///
/// Formula (the correction that Bondi and Buzen make for interrupting classes): Wq_k = C/rho times that of class k on one
/// server c times as fast (Cobham), C = Erlang C of the whole load (1 where lower classes saturate the servers), rho = the
/// load over c, at most 1.
/// Units: rates per second, times in seconds; class 0 is the most urgent.
/// Valid when: Poisson arrivals, first in first out within a class, service that has begun is completed; exact for one
/// server, and for several where all classes have the same exponential service.
/// Reference: Bondi, Buzen, The response times of priority classes under preemptive resume in M/G/m queues, ACM SIGMETRICS
/// (1984); for one server Cobham (1954).
///
/// ```
/// use lindley::analytic::discipline::{flow::Flow, unequal::PriorityMgc};
/// // One rate for all: M/M/2 with a = 1.5, C = 9/14, s = 0.25 and 0.75, exact.
/// let queue = PriorityMgc::new(&[Flow::exponential(0.5, 1.0), Flow::exponential(1.0, 1.0)], 2);
/// assert!((queue.wait(1).unwrap() - 9.0 / 14.0 / (2.0 * 0.75 * 0.25)).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct PriorityMgc {
    one: NonPreemptive,
    waiting: f64,
}

impl PriorityMgc {
    /// These classes, the most urgent first, on `c` servers.
    pub fn new(flows: &[Flow], c: u32) -> PriorityMgc {
        let fast = Faster::new(flows, c);
        PriorityMgc { one: NonPreemptive::new(&fast.flows), waiting: fast.waiting().unwrap_or(1.0) }
    }

    /// How many classes, from the most urgent, have a steady state.
    pub fn stable(&self) -> usize {
        self.one.stable
    }

    /// Mean wait of class `k`, seconds; `None` where it has no steady state.
    pub fn wait(&self, k: usize) -> Option<f64> {
        Some(self.waiting * self.one.wait(k)?.mean)
    }
}

/// One server as fast as `c` of them.
struct Faster {
    flows: Vec<Flow>,
    c: u32,
}

impl Faster {
    fn new(flows: &[Flow], c: u32) -> Faster {
        let speed = f64::from(c);
        let faster = |flow: &Flow| Flow {
            lambda: flow.lambda,
            mean: flow.mean / speed,
            second: flow.second / speed.powi(2),
            third: flow.third.map(|third| third / speed.powi(3)),
        };
        Faster { flows: flows.iter().map(faster).collect(), c }
    }

    /// Probability of a wait at `c` servers over that at the fast one; `None` without a steady state.
    fn waiting(&self) -> Option<f64> {
        let rho = Load::of(&self.flows).rho;
        if rho == 0.0 { Some(0.0) } else { Some(erlang_c(self.c, rho * f64::from(self.c))? / rho) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::discipline::many_servers::NonPreemptiveMmc;
    use crate::analytic::testing::chain_averages;

    /// Mean waits of two classes of rates mu on two servers, the first more urgent, by the chain of (in service, waiting).
    fn waits_of_chain(lambda: [f64; 2], mu: [f64; 2]) -> [f64; 2] {
        type Counts = (u8, u8, u8, u8);
        let moves = move |&(a, b, x, y): &Counts, to: &mut dyn FnMut(Counts, f64)| {
            let busy = a + b == 2;
            if x < 50 {
                to(if busy { (a, b, x + 1, y) } else { (a + 1, b, x, y) }, lambda[0]);
            }
            if y < 90 {
                to(if busy { (a, b, x, y + 1) } else { (a, b + 1, x, y) }, lambda[1]);
            }
            let begin = |a: u8, b: u8| match (x, y) {
                (0, 0) => (a, b, 0, 0),
                (0, _) => (a, b + 1, 0, y - 1),
                _ => (a + 1, b, x - 1, y),
            };
            if a > 0 {
                to(begin(a - 1, b), f64::from(a) * mu[0]);
            }
            if b > 0 {
                to(begin(a, b - 1), f64::from(b) * mu[1]);
            }
        };
        let mean = chain_averages([(0, 0, 0, 0)], 100_000, moves);
        [mean(&|s: &Counts| f64::from(s.2)) / lambda[0], mean(&|s: &Counts| f64::from(s.3)) / lambda[1]]
    }

    #[test]
    fn priorities_are_near_the_chain_and_exact_with_one_rate() {
        for (lambda, mu) in [([0.4, 0.4], [1.0, 0.5]), ([0.6, 0.3], [0.8, 1.6])] {
            let flows = [Flow::exponential(lambda[0], mu[0]), Flow::exponential(lambda[1], mu[1])];
            let (queue, exact) = (PriorityMgc::new(&flows, 2), waits_of_chain(lambda, mu));
            for (k, exact) in exact.into_iter().enumerate() {
                let wait = queue.wait(k).unwrap();
                assert!((wait / exact - 1.0).abs() < 0.08, "{lambda:?} {mu:?} {k}: {wait} {exact}");
            }
            // Power twin: the classes exchanged are far off.
            assert!((queue.wait(0).unwrap() / exact[1] - 1.0).abs() > 0.3);
        }
        let (rates, c) = ([1.1, 1.3], 3);
        let queue = PriorityMgc::new(&rates.map(|rate| Flow::exponential(rate, 1.0)), c);
        let exact = NonPreemptiveMmc::new(&rates, 1.0, c);
        for k in 0..2 {
            assert!((queue.wait(k).unwrap() / exact.wait(k).unwrap().mean - 1.0).abs() < 1e-12);
        }
        assert_eq!(PriorityMgc::new(&[Flow::exponential(1.0, 1.0), Flow::exponential(2.0, 1.0)], 3).stable(), 1);
    }

    #[test]
    fn order_of_arrival_is_the_mixture() {
        // Exponential services of two rates are hyperexponential.
        let flows = [Flow::exponential(0.3, 1.0), Flow::exponential(0.6, 3.0)];
        let law = crate::dist::Dist::hyperexponential(&[1.0 / 3.0, 2.0 / 3.0], &[1.0, 1.0 / 3.0]).unwrap();
        let mixture = crate::analytic::station::mg1::Mg1::new(0.9, &law).unwrap();
        let wait = fcfs_wait(&flows).unwrap();
        assert!((wait.mean / mixture.wait() - 1.0).abs() < 1e-12);
        assert!((wait.variance.unwrap() / mixture.wait_variance() - 1.0).abs() < 1e-12);
        assert_eq!(fcfs_wait(&[Flow::exponential(1.0, 1.0)]), None);
        assert_eq!(fcfs_wait_of_servers(&[Flow::exponential(2.0, 1.0)], 2), None);
    }
}
