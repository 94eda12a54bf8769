//! Processor sharing: all that are present are served at once, in equal shares.

use super::tagged::{Around, Tagged, geometric};
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson::pmf;
use crate::analytic::station::mmc::Mmc;
use crate::model::capacity::keeps_up;

/// M/G/1 with processor sharing, as far as it does not depend on the service law.
///
/// Formula: the number in the system is that of M/M/1 of the same rho; E\[T | size x\] = x/(1-rho), the
/// same slowdown 1/(1-rho) for every size, so that W = E\[S\]/(1-rho) for every class of messages.
/// Units: x in seconds of service by a whole server, times in seconds.
/// Valid when: rho = lambda E\[S\] < 1, Poisson arrivals, one server.
/// Reference: Kleinrock, Queueing Systems II (1976), sec. 4.4; Sakata, Noguchi, Oizumi (1969).
///
/// ```
/// use lindley::analytic::discipline::processor_sharing::given_size;
/// assert_eq!(given_size(0.5, 3.0), 6.0);
/// ```
pub fn given_size(rho: f64, x: f64) -> f64 {
    x / (1.0 - rho)
}

/// Var(T | size x) in M/M/1 with processor sharing, seconds squared.
///
/// Formula: 2 rho / (mu (1-rho)^3) (x - (1 - e^{-mu (1-rho) x}) / (mu (1-rho))).
/// Units: mu per second, x in seconds of service.
/// Valid when: rho < 1, exponential service of rate mu.
/// Reference: Coffman, Muntz, Trotter, Waiting time distributions for processor-sharing systems (1970).
///
/// ```
/// use lindley::analytic::discipline::processor_sharing::variance_given_size;
/// // rho = 0.5, mu = 1, x = 2: 8 (2 - 2 (1 - 1/e)) = 16/e.
/// assert!((variance_given_size(0.5, 1.0, 2.0) - 16.0 / std::f64::consts::E).abs() < 1e-13);
/// ```
pub fn variance_given_size(rho: f64, mu: f64, x: f64) -> f64 {
    let slack = mu * (1.0 - rho);
    // x - (1 - e^{-y})/slack with y = slack x, from its series where it cancels.
    let y = slack * x;
    let rest = if y < 1e-2 {
        y * y * (0.5 - y * (1.0 / 6.0 - y * (1.0 / 24.0 - y * (1.0 / 120.0 - y / 720.0))))
    } else {
        y + (-y).exp_m1()
    };
    2.0 * rho / (1.0 - rho).powi(2) * rest / (slack * slack)
}

/// Variance of the sojourn in M/M/1 with processor sharing, seconds squared.
///
/// Formula: Var W = (2+rho)/(2-rho) W^2 with W = 1/(mu-lambda).
/// Units: rates per second.
/// Valid when: lambda < mu, exponential service.
/// Reference: Coffman, Muntz, Trotter (1970).
///
/// ```
/// use lindley::analytic::discipline::processor_sharing::variance;
/// assert!((variance(0.5, 1.0) - 20.0 / 3.0).abs() < 1e-14);
/// ```
pub fn variance(lambda: f64, mu: f64) -> f64 {
    let (rho, mean) = (lambda / mu, 1.0 / (mu - lambda));
    (2.0 + rho) / (2.0 - rho) * mean * mean
}

/// Variance of the sojourn in M/D/1 with processor sharing, seconds squared.
///
/// Formula: Var T = 2/(1-rho)^2 times the integral of (d - t) P(wait in M/D/1 > t) over 0..d, which is
/// 2/(1-rho)^2 (d^2/2 - (1-rho) (e^rho - 1 - rho)/lambda^2).
/// Units: lambda per second, d in seconds.
/// Valid when: rho = lambda d < 1, constant service d.
/// Reference: Ott, The sojourn-time distribution in the M/G/1 queue with processor sharing (1984);
/// Zwart and Boxma, Sojourn time asymptotics in the M/G/1 processor sharing queue (2000), (2.9).
///
/// ```
/// use lindley::analytic::discipline::processor_sharing::variance_constant;
/// // Small load: 2 (rho/2 - rho/6) d^2.
/// assert!((variance_constant(1e-9, 1.0) - 2e-9 / 3.0).abs() < 1e-17);
/// ```
pub fn variance_constant(lambda: f64, d: f64) -> f64 {
    let rho = lambda * d;
    // (e^rho - 1 - rho)/rho^2 = 1/2 + rho/6 + ...; 1/2 - (1-rho) of that, over rho, term by term.
    let (mut sum, mut factorial) = (0.0, 2.0);
    for k in 1..40 {
        // Coefficient of rho^k in 1/2 - (1-rho) sum rho^j/(j+2)!: 1/(k+1)! - 1/(k+2)!.
        let next = factorial * f64::from(k + 2);
        sum += rho.powi(k) * (1.0 / factorial - 1.0 / next);
        factorial = next;
    }
    2.0 * d * d / (1.0 - rho).powi(2) * sum
}

/// M/M/c with processor sharing: up to c messages have a server each, more share the c.
///
/// Formula: number in the system and W as M/M/c first in first out. The tagged message with n others
/// is served at rate mu min(1, c/(n+1)); its law and second moment by the chain of n.
/// Units: rates per second, times in seconds.
/// Valid when: lambda < c mu, exponential service.
/// Reference: Coffman, Muntz, Trotter (1970) for c = 1; Cohen, The multiple phase service network with
/// generalized processor sharing (1979).
///
/// ```
/// use lindley::analytic::discipline::processor_sharing::SharedServers;
/// let queue = SharedServers::new(0.5, 1.0, 1).unwrap();
/// assert!((queue.second_moment() - 32.0 / 3.0).abs() < 1e-10);
/// assert!((queue.sojourn_law().quantile(0.5).unwrap() - 1.1320024099).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedServers {
    lambda: f64,
    mu: f64,
    c: u32,
}

impl SharedServers {
    /// The station with arrival rate `lambda` and `c` servers of rate `mu`, if it has a steady state.
    pub fn new(lambda: f64, mu: f64, c: u32) -> Option<SharedServers> {
        keeps_up(lambda, f64::from(c) * mu).then_some(SharedServers { lambda, mu, c })
    }

    fn around(&self) -> Around {
        // `mu` of the chain is the rate of all servers.
        let rates = |n: f64, whole: f64, c: f64| {
            let each = whole / c * (c / (n + 1.0)).min(1.0);
            (each * n, each)
        };
        Around { lambda: self.lambda, mu: self.mu * f64::from(self.c), rates, servers: f64::from(self.c) }
    }

    /// P(n in the system), n = 0, 1, ..., as an arrival finds them.
    fn found(&self) -> Vec<f64> {
        let load = self.lambda / self.mu;
        let at_most = pmf(u64::from(self.c), load);
        let mut p: Vec<f64> = (0..u64::from(self.c)).map(|n| pmf(n, load)).collect();
        let rho = load / f64::from(self.c);
        p.extend(geometric(rho).iter().map(|share| at_most * share / (1.0 - rho)));
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|x| *x /= total);
        p
    }

    /// E\[T^2\], seconds squared.
    pub fn second_moment(&self) -> f64 {
        self.around().moments(&self.found()).1
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        Mmc::new(self.lambda, self.mu, self.c).map_or(f64::INFINITY, |queue| queue.sojourn())
    }

    /// The law of the sojourn.
    pub fn sojourn_law(&self) -> TimeLaw {
        let tagged = Tagged::new(self.around(), self.found());
        let method = "M/M/c processor sharing, tagged message by uniformisation (Coffman, Muntz, Trotter 1970)";
        TimeLaw::computed(self.sojourn(), method, move |t| tagged.survival(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_agrees_with_closed_forms() {
        for lambda in [0.1, 0.5, 0.9, 0.99] {
            let queue = SharedServers::new(lambda, 1.0, 1).unwrap();
            let mean = 1.0 / (1.0 - lambda);
            let chain = queue.second_moment() - mean * mean;
            assert!((chain / variance(lambda, 1.0) - 1.0).abs() < 1e-9, "{lambda}: {chain}");
            // Power twin: the sojourn first in first out has another variance.
            assert!((chain / (mean * mean) - 1.0).abs() > 0.05, "{lambda}");
        }
        let (mean, _) = SharedServers::new(1.7, 0.5, 4)
            .unwrap()
            .around()
            .moments(&SharedServers::new(1.7, 0.5, 4).unwrap().found());
        assert!((mean / Mmc::new(1.7, 0.5, 4).unwrap().sojourn() - 1.0).abs() < 1e-10);
    }

    /// Var T = E[Var(T | X)] + Var X/(1-rho)^2.
    #[test]
    fn conditional_variance_averages_to_the_whole() {
        let rho = 0.7;
        let step = 1e-3;
        let within: f64 = (0..40_000)
            .map(|i| (f64::from(i) + 0.5) * step)
            .map(|x| variance_given_size(rho, 1.0, x) * (-x).exp() * step)
            .sum();
        let whole = within + 1.0 / (0.3 * 0.3);
        assert!((whole / variance(rho, 1.0) - 1.0).abs() < 1e-6, "{whole}");
        assert!((variance_given_size(rho, 1.0, 0.0333) / variance_given_size(rho, 1.0, 0.03334) - 1.0).abs() < 3e-3);
    }

    #[test]
    fn constant_service_and_many_servers() {
        for lambda in [0.2_f64, 0.6, 0.95] {
            let plain = 2.0 / (1.0 - lambda).powi(2)
                * (0.5 - (1.0 - lambda) * (lambda.exp() - 1.0 - lambda) / (lambda * lambda));
            assert!((variance_constant(lambda, 1.0) / plain - 1.0).abs() < 1e-12, "{lambda}");
        }
        let queue = SharedServers::new(1.0, 1.0, 200).unwrap();
        let law = queue.sojourn_law();
        for t in [0.5, 3.0, 10.0] {
            assert!((law.survival(t) / (-t).exp() - 1.0).abs() < 1e-10, "{t}");
        }
    }
}
