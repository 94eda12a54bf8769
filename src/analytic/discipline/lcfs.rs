//! Last come, first served, with and without interruption.

use super::busy;
use super::flow::{Flow, Load, Two};
use super::tagged::{Around, Tagged};
use crate::analytic::law::TimeLaw;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::Moments;
use crate::model::capacity::keeps_up;

/// Wait in M/G/1, last come first served, without interruption.
///
/// Formula: with probability rho the residual service, prolonged by the busy periods of all that arrive
/// meanwhile: Wq = lambda E\[S^2\]/(2 (1-rho)) as first in first out, and
/// E\[Wq^2\] = lambda E\[S^3\]/(3 (1-rho)^2) + (lambda E\[S^2\])^2/(2 (1-rho)^3).
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, one server, rho < 1.
/// Reference: Takagi, Queueing Analysis 1 (1991), sec. 1.3; Kleinrock II (1976), sec. 3.4.
///
/// ```
/// use lindley::analytic::discipline::{flow::Flow, lcfs};
/// // M/M/1 with lambda = 0.5/s, mu = 1/s: E[Wq^2] = 3/(3/4) + 1/(2/8) = 8, mean 1.
/// let wait = lcfs::wait(&Flow::exponential(0.5, 1.0));
/// assert_eq!((wait.mean, wait.variance), (1.0, Some(7.0)));
/// ```
pub fn wait(flow: &Flow) -> Moments {
    let load = Load::of(&[*flow]);
    let residual = Two { first: load.second / 2.0, second: load.third.map(|third| third / 3.0) };
    residual.prolonged(load).moments()
}

/// Sojourn in M/G/1, last come first served, the newcomer interrupting and the interrupted resuming.
///
/// Formula: a busy period: W = E\[S\]/(1-rho), E\[W^2\] = E\[S^2\]/(1-rho)^3. With several flows, `load` is
/// of all of them: W = E\[S\]/(1-rho), E\[W^2\] = E\[S^2\]/(1-rho)^2 + E\[S\] sum lambda_i E\[S_i^2\]/(1-rho)^3.
/// Units: times in seconds.
/// Valid when: Poisson arrivals, one server, rho < 1. The number in the system is that of M/M/1,
/// whatever the service law; every message is served at once when it arrives.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 5.8; Wolff, Stochastic Modeling and the Theory
/// of Queues (1989), sec. 10-3.
///
/// ```
/// use lindley::analytic::discipline::{flow::Flow, lcfs};
/// let flow = Flow::exponential(0.5, 1.0);
/// let sojourn = lcfs::interrupting_sojourn(&flow, &[flow]);
/// assert_eq!((sojourn.mean, sojourn.variance), (2.0, Some(12.0)));
/// ```
pub fn interrupting_sojourn(flow: &Flow, all: &[Flow]) -> Moments {
    let service = Two { first: flow.mean, second: Some(flow.second) };
    service.prolonged(Load::of(all)).moments()
}

/// M/M/c, last come first served, without interruption.
///
/// Formula: with probability C (Erlang C) the busy period of M/M/1 of rates lambda and c mu:
/// Wq = C/(c mu - lambda), E\[Wq^2\] = 2 C c mu/(c mu - lambda)^3.
/// Units: rates per second, times in seconds.
/// Valid when: lambda < c mu, exponential service.
/// Reference: Cooper, Introduction to Queueing Theory (1981), sec. 3.4; Riordan, Stochastic Service Systems
/// (1962), ch. 6.
///
/// ```
/// use lindley::analytic::discipline::lcfs::wait_mmc;
/// let wait = wait_mmc(0.5, 1.0, 1).unwrap();
/// assert!((wait.mean - 1.0).abs() < 1e-14 && (wait.variance.unwrap() - 7.0).abs() < 1e-13);
/// ```
pub fn wait_mmc(lambda: f64, mu: f64, c: u32) -> Option<Moments> {
    let queue = Mmc::new(lambda, mu, c).ok()?;
    let whole = mu * f64::from(c);
    let second = 2.0 * queue.prob_wait() * whole / (whole - lambda).powi(3);
    Some(Moments::new(queue.wait(), second - queue.wait().powi(2)))
}

/// The law of that wait.
pub(crate) fn wait_law_mmc(lambda: f64, mu: f64, c: u32) -> Option<TimeLaw> {
    let queue = Mmc::new(lambda, mu, c).ok()?;
    let (prob_wait, whole) = (queue.prob_wait(), mu * f64::from(c));
    let method = "busy period of M/M/1 after Erlang C (Cooper 1981, sec. 3.4)";
    Some(TimeLaw::computed(queue.wait(), method, move |t| prob_wait * busy::survival(lambda, whole, t)))
}

/// M/M/c, last come first served, the newcomer interrupting the oldest in service.
///
/// Formula: number in the system and W as M/M/c. With n later messages present, the tagged one is in
/// service while n < c; the n are an M/M/c queue of their own. Law and second moment by that chain.
/// Units: rates per second, times in seconds.
/// Valid when: lambda < c mu, exponential service; every message is served at once when it arrives.
/// Reference: Kelly, Reversibility and Stochastic Networks (1979), sec. 3.3.
///
/// ```
/// use lindley::analytic::discipline::lcfs::Interrupting;
/// let queue = Interrupting::new(0.5, 1.0, 1).unwrap();
/// assert!((queue.second_moment() - 16.0).abs() < 1e-10);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interrupting {
    lambda: f64,
    mu: f64,
    c: u32,
}

impl Interrupting {
    /// The station with arrival rate `lambda` and `c` servers of rate `mu`, if it has a steady state.
    pub fn new(lambda: f64, mu: f64, c: u32) -> Option<Interrupting> {
        keeps_up(lambda, f64::from(c) * mu).then_some(Interrupting { lambda, mu, c })
    }

    fn around(&self) -> Around {
        let servers = f64::from(self.c);
        let rates = |n: f64, whole: f64, c: f64| (whole / c * n.min(c), if n < c { whole / c } else { 0.0 });
        Around { lambda: self.lambda, mu: self.mu * servers, rates, servers }
    }

    /// Nobody is later than the newcomer; room for as many as ever matter.
    fn start(&self) -> Vec<f64> {
        let rho = self.lambda / (self.mu * f64::from(self.c));
        let room = super::tagged::geometric(rho).len() + 2 * self.c as usize;
        let mut start = vec![0.0; room];
        start[0] = 1.0;
        start
    }

    /// E\[W^2\], seconds squared.
    pub fn second_moment(&self) -> f64 {
        self.around().moments(&self.start()).1
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        Mmc::new(self.lambda, self.mu, self.c).map_or(f64::INFINITY, |queue| queue.sojourn())
    }

    /// The law of the sojourn.
    pub fn sojourn_law(&self) -> TimeLaw {
        let Interrupting { lambda, mu, c } = *self;
        if c == 1 {
            let method = "busy period of M/M/1 (Kleinrock 1975, sec. 5.8)";
            return TimeLaw::computed(self.sojourn(), method, move |t| busy::survival(lambda, mu, t));
        }
        let tagged = Tagged::new(self.around(), vec![1.0]);
        let method = "M/M/c last come first served, tagged message by uniformisation";
        TimeLaw::computed(self.sojourn(), method, move |t| tagged.survival(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::analytic::testing::moments_of_tail;
    use crate::dist::Dist;

    #[test]
    fn service_laws_agree_and_classes_average_to_the_whole() {
        for rho in [0.1, 0.6, 0.97] {
            let (general, special) = (wait(&Flow::exponential(rho, 1.0)), wait_mmc(rho, 1.0, 1).unwrap());
            assert!((general.mean / special.mean - 1.0).abs() < 1e-13);
            assert!((general.variance.unwrap() / special.variance.unwrap() - 1.0).abs() < 1e-12);
        }
        let flows = [Flow::exponential(0.3, 1.0), Flow::new(0.1, &Work::Law(Dist::Deterministic(4.0)))];
        let mixed = Dist::mixture(vec![(0.75, Dist::Exponential(1.0)), (0.25, Dist::Deterministic(4.0))]).unwrap();
        let whole = Flow::new(0.4, &Work::Law(mixed));
        let all = interrupting_sojourn(&whole, &[whole]);
        let parts = flows.map(|flow| interrupting_sojourn(&flow, &flows));
        let mean = 0.75 * parts[0].mean + 0.25 * parts[1].mean;
        let second = |m: Moments| m.variance.unwrap() + m.mean * m.mean;
        assert!((mean / all.mean - 1.0).abs() < 1e-13);
        assert!(((0.75 * second(parts[0]) + 0.25 * second(parts[1])) / second(all) - 1.0).abs() < 1e-12);
    }

    /// Oracle: the wait as first passage of the number of later messages, by recursion on a chain.
    #[test]
    fn the_wait_on_three_servers_agrees_with_a_chain() {
        let (lambda, mu, c) = (2.1, 1.0, 3);
        let rates = |n: f64, whole: f64, _: f64| if n > 0.0 { (whole, 0.0) } else { (0.0, whole) };
        let around = Around { lambda, mu: 3.0, rates, servers: 3.0 };
        let (mean, second) = around.moments(&[vec![1.0], vec![0.0; 300]].concat());
        let (queue, wait) = (Mmc::new(lambda, mu, c).unwrap(), wait_mmc(lambda, mu, c).unwrap());
        assert!((queue.prob_wait() * mean / wait.mean - 1.0).abs() < 1e-11);
        let variance = queue.prob_wait() * second - wait.mean * wait.mean;
        assert!((variance / wait.variance.unwrap() - 1.0).abs() < 1e-10);
        // Power twin: first in first out has less variance.
        assert!(queue.wait_variance() < 0.9 * variance);
        let law = wait_law_mmc(lambda, mu, c).unwrap();
        assert!((law.survival(0.0) / queue.prob_wait() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn interruption_on_several_servers_has_the_mean_of_any_order() {
        for (lambda, c) in [(0.5, 1), (1.2, 2), (3.0, 5)] {
            let queue = Interrupting::new(lambda, 1.0, c).unwrap();
            let (mean, second) = queue.around().moments(&queue.start());
            assert!((mean / queue.sojourn() - 1.0).abs() < 1e-10, "{lambda} {c}: {mean}");
            let law = queue.sojourn_law();
            let (_, area) = moments_of_tail(|t| law.survival(t), 0.05, 8000);
            assert!((area / second - 1.0).abs() < 2e-3, "{lambda} {c}: {area} {second}");
        }
    }
}
