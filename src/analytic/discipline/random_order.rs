//! Random order of service: whoever waits is served next with equal chances.

use super::flow::{Flow, Load};
use super::tagged::{Around, Tagged, geometric};
use crate::analytic::law::TimeLaw;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::Moments;

/// Wait in M/G/1 with random order of service.
///
/// Formula: Wq as first in first out; E\[Wq^2\] = 2 lambda E\[S^3\]/(3 (1-rho)(2-rho)) +
/// (lambda E\[S^2\])^2/((1-rho)^2 (2-rho)), which is 2/(2-rho) times that of first in first out.
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, one server, rho < 1.
/// Reference: Takacs, Delay distributions for one line with Poisson input, general holding times, and
/// various orders of service (1963); Kingman (1962).
///
/// ```
/// use lindley::analytic::discipline::{flow::Flow, random_order};
/// let wait = random_order::wait(&Flow::exponential(0.8, 1.0));
/// // E[Wq^2] = 2/(1.2) * 2 * 0.8/0.04 = 200/3, mean 4.
/// assert!((wait.mean - 4.0).abs() < 1e-13 && (wait.variance.unwrap() - (200.0 / 3.0 - 16.0)).abs() < 1e-12);
/// ```
pub fn wait(flow: &Flow) -> Moments {
    let load = Load::of(&[*flow]);
    let (left, slow) = (1.0 - load.rho, 2.0 - load.rho);
    let mean = load.second / (2.0 * left);
    let second = load.third.map(|third| 2.0 * third / (3.0 * left * slow) + (load.second / left).powi(2) / slow);
    let variance = second.map(|second| if second.is_finite() { second - mean * mean } else { f64::INFINITY });
    Moments { mean, variance }
}

/// M/M/c with random order of service.
///
/// Formula: with probability C (Erlang C) a message waits, with n others where P(n) = (1-rho) rho^n; each
/// of the completions at rate c mu picks it with probability 1/(n+1). Wq = C/(c mu - lambda),
/// E\[Wq^2\] = 4 C/((2-rho) (c mu - lambda)^2); the law by the chain of n.
/// Units: rates per second, times in seconds.
/// Valid when: lambda < c mu, exponential service.
/// Reference: Vaulot (1946); Riordan, Stochastic Service Systems (1962), sec. 6.3; Cooper (1981), sec. 5.13.
///
/// ```
/// use lindley::analytic::discipline::random_order::RandomOrder;
/// let queue = RandomOrder::new(0.8, 1.0, 1).unwrap();
/// assert!((queue.wait().variance.unwrap() - (200.0 / 3.0 - 16.0)).abs() < 1e-12);
/// assert!((queue.wait_law().quantile(0.5).unwrap() - 1.4536714894).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomOrder {
    queue: Mmc,
    lambda: f64,
    whole: f64,
}

impl RandomOrder {
    /// The station with arrival rate `lambda` and `c` servers of rate `mu`, if it has a steady state.
    pub fn new(lambda: f64, mu: f64, c: u32) -> Option<RandomOrder> {
        Some(RandomOrder { queue: Mmc::new(lambda, mu, c).ok()?, lambda, whole: mu * f64::from(c) })
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.queue.prob_wait()
    }

    /// Mean and variance of the wait.
    pub fn wait(&self) -> Moments {
        let mean = self.queue.wait();
        let rho = self.queue.utilization();
        let second = 4.0 * self.prob_wait() / ((2.0 - rho) * (self.whole - self.lambda).powi(2));
        Moments::new(mean, second - mean * mean)
    }

    fn around(&self) -> Around {
        let rates = |n: f64, whole: f64, _: f64| (whole * n / (n + 1.0), whole / (n + 1.0));
        Around { lambda: self.lambda, mu: self.whole, rates, servers: 1.0 }
    }

    /// The law of the wait.
    pub fn wait_law(&self) -> TimeLaw {
        let tagged = Tagged::new(self.around(), geometric(self.queue.utilization()));
        let prob_wait = self.prob_wait();
        let method = "M/M/c random order, tagged message by uniformisation (Riordan 1962, sec. 6.3)";
        TimeLaw::computed(self.queue.wait(), method, move |t| prob_wait * tagged.survival(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::analytic::station::mg1::Mg1;
    use crate::dist::Dist;

    #[test]
    fn closed_forms_agree_with_the_chain_and_with_fifo() {
        for (lambda, c) in [(0.3, 1), (0.95, 1), (3.4, 4)] {
            let queue = RandomOrder::new(lambda, 1.0, c).unwrap();
            let (mean, second) = queue.around().moments(&geometric(queue.queue.utilization()));
            let wait = queue.wait();
            let closed = wait.variance.unwrap() + wait.mean * wait.mean;
            assert!((queue.prob_wait() * mean / wait.mean - 1.0).abs() < 1e-10);
            assert!((queue.prob_wait() * second / closed - 1.0).abs() < 1e-9, "{lambda} {c}");
            // Power twin: first in first out has less.
            let fifo = queue.queue.wait_variance() + wait.mean * wait.mean;
            assert!(closed / fifo > 1.05);
        }
        for law in [Dist::Deterministic(1.0), Dist::erlang(3, 1.0).unwrap(), Dist::lognormal(1.0, 4.0).unwrap()] {
            let (random, fifo) = (wait(&Flow::new(0.7, &Work::Law(law.clone()))), Mg1::new(0.7, &law).unwrap());
            let second = |m: f64, v: f64| v + m * m;
            let ratio = second(random.mean, random.variance.unwrap()) / second(fifo.wait(), fifo.wait_variance());
            assert!((ratio * 1.3 / 2.0 - 1.0).abs() < 1e-12, "{}", law.name());
        }
    }
}
