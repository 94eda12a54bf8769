//! M/M/c with an orbit: messages that find no server free try again later.

use crate::analytic::refusal::Refusal;
use crate::analytic::station::erlang::{erlang_b, ln_erlang_b};
use crate::dist::bisect::{bisect, half, whole};
use crate::model::capacity::{keeps_up, servers_for};

/// Levels of the orbit that are looked at before giving up.
const MOST_LEVELS: usize = 1 << 23;
/// Levels times servers, likewise.
const MOST_STATES: usize = 1 << 30;
/// Mass beyond the last level, weighted by the square of the level, relative to the rest.
const NEGLIGIBLE: f64 = 1e-15;
/// Why an orbit has no answer that must not be summed so far.
const TOO_LONG: &str = "so near to saturation, with so slow retrials or so many servers, the orbit has too many states \
                        to be summed";

/// How messages in orbit try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Each at that rate, independently of the others.
    Classical,
    /// The orbit as a whole at that rate, however many are in it.
    Constant,
}

/// M/M/c retrial queue in steady state.
///
/// Formula: a chain of (busy servers i, messages in orbit j): lambda moves i to i+1, or j to j+1
/// where i = c; a retrial (rate j theta classical, theta constant) at i < c moves (i, j) to
/// (i+1, j-1); i mu ends a service. From the top level down, each level is a tridiagonal system given
/// the one above, scaled by the cut lambda P(c, j-1) = theta_j sum_{i<c} P(i, j).
/// With one server: L_orbit = rho (rho + lambda/theta)/(1-rho) (classical),
/// rho (rho + (1-q))/(q-rho) with q = theta/(lambda+theta) (constant).
/// Units: lambda, mu, theta per second; numbers dimensionless.
/// Valid when: Poisson arrivals, exponential service and retrials, nobody gives up; classical:
/// lambda < c mu; constant:
/// (lambda + theta) B < theta with B = Erlang B of c servers and load (lambda + theta)/mu.
/// Numerics: sums of positive terms only; as many levels as leave a tail below 1e-15.
/// Reference: Falin and Templeton, Retrial Queues (1997), sec. 1.1 and 2.2; Artalejo and
/// Gomez-Corral, Retrial Queueing Systems (2008), sec. 2.3.
///
/// ```
/// use lindley::analytic::retry::retrial::{MmcRetrial, Policy};
/// // lambda = 1/s, mu = 2/s, theta = 1/s: rho = 1/2, L_orbit = (1/2)(1/2 + 1)/(1/2) = 3/2.
/// let queue = MmcRetrial::new(1.0, 2.0, 1, 1.0, Policy::Classical).unwrap();
/// assert!((queue.in_orbit() - 1.5).abs() < 1e-12);
/// assert!((queue.prob_block() - 0.5).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MmcRetrial {
    /// P(i servers busy).
    busy: Vec<f64>,
    empty: f64,
    in_orbit: f64,
    in_orbit_second: f64,
}

impl MmcRetrial {
    /// The queue with `c` >= 1 servers of rate `mu` and retrials at rate `theta`, all rates positive.
    pub fn new(lambda: f64, mu: f64, c: u32, theta: f64, policy: Policy) -> Result<MmcRetrial, Refusal> {
        let levels = Levels { lambda, mu, c: c as usize, theta, policy };
        levels.stable()?;
        let mut top = 64;
        while top <= MOST_LEVELS && top.saturating_mul(levels.c + 1) <= MOST_STATES {
            let sums = levels.down_from(top);
            if sums.beyond(top) < NEGLIGIBLE {
                return Ok(sums.normalised());
            }
            top *= 2;
        }
        Err(Refusal::Numerics(TOO_LONG.to_string()))
    }

    /// Mean number in orbit.
    pub fn in_orbit(&self) -> f64 {
        self.in_orbit
    }

    /// Variance of the number in orbit.
    pub fn in_orbit_variance(&self) -> f64 {
        self.in_orbit_second - self.in_orbit * self.in_orbit
    }

    /// Share of messages whose first attempt finds every server busy.
    pub fn prob_block(&self) -> f64 {
        self.busy[self.busy.len() - 1]
    }

    /// P(no server is busy), whatever the orbit.
    pub fn prob_idle(&self) -> f64 {
        self.busy[0]
    }

    /// P(no server is busy and the orbit is empty).
    pub fn prob_empty(&self) -> f64 {
        self.empty
    }
}

/// The chain, level by level.
struct Levels {
    lambda: f64,
    mu: f64,
    c: usize,
    theta: f64,
    policy: Policy,
}

impl Levels {
    fn stable(&self) -> Result<(), Refusal> {
        let (lambda, mu, c, theta) = (self.lambda, self.mu, self.c as f64, self.theta);
        if !keeps_up(lambda, c * mu) {
            return Err(Refusal::unstable(format!(
                "arrivals of {lambda}/s are not below the {}/s that {c} servers of {mu}/s can serve; stable with at \
                 least {:.0} servers",
                c * mu,
                servers_for(lambda / mu)
            )));
        }
        let constant = self.policy == Policy::Constant;
        if constant && !keeps_up((lambda + theta) * erlang_b(self.c as u32, (lambda + theta) / mu), theta) {
            return Err(Refusal::unstable(format!(
                "an orbit that retries at a constant {theta}/s gets in more slowly than blocked arrivals enter it: \
                 with the orbit never empty, servers are all busy with probability {:.6}, not below theta/(lambda + \
                 theta) = {:.6}; stable with retrials at more than {:.6}/s, or with {:.0} servers",
                ln_erlang_b(self.c as u32, (lambda + theta) / mu).exp(),
                theta / (lambda + theta),
                self.least_rate(),
                self.least_servers()
            )));
        }
        Ok(())
    }

    /// The constant retrial rate above which the orbit is stable; lambda < c mu is known.
    fn least_rate(&self) -> f64 {
        let excess =
            |theta: f64| (self.lambda + theta) * erlang_b(self.c as u32, (self.lambda + theta) / self.mu) - theta;
        let (mut low, mut high) = (self.theta, 2.0 * self.theta);
        while excess(high) >= 0.0 && high < 1e300 {
            (low, high) = (high, 2.0 * high);
        }
        bisect(low, high, half, |theta| excess(theta) >= 0.0).1
    }

    /// The fewest servers with which a constant orbit is stable.
    fn least_servers(&self) -> f64 {
        let all = self.lambda + self.theta;
        let enough = |c: u32| keeps_up(all * erlang_b(c, all / self.mu), self.theta);
        let (mut low, mut high) = (self.c as u32, (self.c as u32).saturating_mul(2));
        while !enough(high) && high < u32::MAX {
            (low, high) = (high, high.saturating_mul(2));
        }
        f64::from(bisect(low, high, whole, |c| !enough(c)).1)
    }

    /// Rate of retrials with j in orbit.
    fn retrials(&self, j: usize) -> f64 {
        match (self.policy, j) {
            (_, 0) => 0.0,
            (Policy::Constant, _) => self.theta,
            (Policy::Classical, j) => j as f64 * self.theta,
        }
    }

    /// Sums over the levels 0..=top of the chain that loses what would climb higher.
    fn down_from(&self, top: usize) -> Sums {
        let mut sums = Sums::new(self.c);
        // Rate into (i, j) from the level above, given P(c, j) = 1.
        let mut inflow = vec![0.0; self.c + 1];
        let mut level = vec![0.0; self.c + 1];
        let mut pivots = vec![0.0; self.c];
        for j in (0..=top).rev() {
            let retrials = self.retrials(j);
            self.solve(retrials, &inflow, &mut pivots, &mut level);
            if j > 0 {
                let scale = self.lambda / (retrials * level[..self.c].iter().sum::<f64>());
                level.iter_mut().for_each(|p| *p *= scale);
                (1..=self.c).for_each(|i| inflow[i] = retrials * level[i - 1]);
            }
            sums.below(j, &level);
        }
        sums
    }

    /// P(i, j) for i <= c, given P(c, j) = 1: (lambda + i mu + theta_j) p_i = lambda p_{i-1} + (i+1) mu p_{i+1} +
    /// inflow. The pivot of row i is lambda + excess, and the excess is a sum of positive terms.
    fn solve(&self, retrials: f64, inflow: &[f64], excess: &mut [f64], level: &mut [f64]) {
        let mut carried = 0.0;
        for i in 0..self.c {
            let kept = if i == 0 { 0.0 } else { i as f64 * self.mu * excess[i - 1] / (self.lambda + excess[i - 1]) };
            excess[i] = retrials + kept;
            level[i] = inflow[i] + carried;
            carried = level[i] * self.lambda / (self.lambda + excess[i]);
        }
        level[self.c] = 1.0;
        for i in (0..self.c).rev() {
            let above = (i + 1) as f64 * self.mu * level[i + 1];
            level[i] = (level[i] + above) / (self.lambda + excess[i]);
        }
    }
}

/// Sums over levels j and above, given P(c, j-1) = 1 (for j = 0: P(c, 0) = 1).
struct Sums {
    busy: Vec<f64>,
    first: f64,
    second: f64,
    empty: f64,
    /// ln P(c, top) relative to P(c, 0).
    ln_last: f64,
    /// The other sums are e^{ln_scale} times as large as they stand: a slow orbit is next to never empty.
    ln_scale: f64,
}

impl Sums {
    fn new(c: usize) -> Sums {
        Sums { busy: vec![0.0; c + 1], first: 0.0, second: 0.0, empty: 0.0, ln_last: 0.0, ln_scale: 0.0 }
    }

    /// Puts level `j` below those there are.
    fn below(&mut self, j: usize, level: &[f64]) {
        let ratio = level[level.len() - 1];
        let unit = (-self.ln_scale).exp();
        let mass = unit * level.iter().sum::<f64>();
        let count = j as f64;
        self.busy.iter_mut().zip(level).for_each(|(sum, p)| *sum = unit * p + ratio * *sum);
        self.first = count * mass + ratio * self.first;
        self.second = count * count * mass + ratio * self.second;
        self.empty = unit * level[0];
        self.ln_last += ratio.ln();
        self.rescale();
    }

    fn rescale(&mut self) {
        let total = self.total();
        if total > 1e100 {
            let sums = [&mut self.first, &mut self.second, &mut self.empty];
            self.busy.iter_mut().chain(sums).for_each(|sum| *sum /= total);
            self.ln_scale += total.ln();
        }
    }

    fn total(&self) -> f64 {
        self.busy.iter().sum()
    }

    /// Bound of what is missing beyond the last level, relative to the smaller of 1 and the mean.
    fn beyond(&self, top: usize) -> f64 {
        let total = self.total();
        let last = (self.ln_last - self.ln_scale - total.ln() + 3.0 * (top as f64).ln()).exp();
        last / (self.first / total).min(1.0)
    }

    fn normalised(self) -> MmcRetrial {
        let total = self.total();
        MmcRetrial {
            busy: self.busy.iter().map(|p| p / total).collect(),
            empty: self.empty / total,
            in_orbit: self.first / total,
            in_orbit_second: self.second / total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{chain_averages, share};

    /// Oracle: the truncated chain, state by state.
    fn by_chain(lambda: f64, mu: f64, c: u32, theta: f64, policy: Policy, top: u32) -> (f64, f64) {
        let average = chain_averages([(0, 0)], 2000, |&(i, j): &(u32, u32), to| {
            let retrials = if policy == Policy::Classical { f64::from(j) * theta } else { theta };
            if i < c {
                to((i + 1, j), lambda);
                if j > 0 {
                    to((i + 1, j - 1), retrials);
                }
            } else if j < top {
                to((i, j + 1), lambda);
            }
            to((i.saturating_sub(1), j), f64::from(i) * mu);
        });
        (average(&|s| f64::from(s.1)), average(&|s| share(s.0 == c)))
    }

    #[test]
    fn agrees_with_the_chain() {
        for (lambda, c, theta, policy) in [
            (0.4, 1, 0.3, Policy::Classical),
            (0.4, 1, 2.0, Policy::Constant),
            (0.9, 3, 1.0, Policy::Constant),
            (1.3, 4, 0.7, Policy::Classical),
        ] {
            let queue = MmcRetrial::new(lambda, 1.0, c, theta, policy).unwrap();
            let (in_orbit, blocked) = by_chain(lambda, 1.0, c, theta, policy, 60);
            assert!((queue.in_orbit() / in_orbit - 1.0).abs() < 1e-10, "{c}: {} {in_orbit}", queue.in_orbit());
            assert!((queue.prob_block() / blocked - 1.0).abs() < 1e-10, "{c}");
            // Power twin: another server, another orbit.
            let other = MmcRetrial::new(lambda, 1.0, c + 1, theta, policy).unwrap();
            assert!((other.in_orbit() / in_orbit - 1.0).abs() > 0.1, "{c}");
        }
    }

    #[test]
    fn one_server_has_closed_forms_up_to_saturation() {
        for (lambda, theta) in [(0.5, 0.01), (0.9, 3.0), (0.999, 1.0), (1e-6, 1.0), (0.8, 1e-4)] {
            let queue = MmcRetrial::new(lambda, 1.0, 1, theta, Policy::Classical).unwrap();
            let exact = lambda * (lambda + lambda / theta) / (1.0 - lambda);
            assert!((queue.in_orbit() / exact - 1.0).abs() < 1e-9, "{lambda}: {} {exact}", queue.in_orbit());
            let (theta, q) = (theta + 100.0, (theta + 100.0) / (lambda + theta + 100.0));
            if q > lambda {
                let queue = MmcRetrial::new(lambda, 1.0, 1, theta, Policy::Constant).unwrap();
                let exact = lambda * (lambda + 1.0 - q) / (q - lambda);
                assert!((queue.in_orbit() / exact - 1.0).abs() < 1e-9, "{lambda}: {} {exact}", queue.in_orbit());
            }
        }
    }

    /// As retrials become fast the orbit becomes a queue: M/M/c, P(block) Erlang C.
    #[test]
    fn fast_retrials_make_a_queue() {
        let queue = MmcRetrial::new(40.0, 1.0, 50, 1e7, Policy::Classical).unwrap();
        let wait = crate::analytic::station::mmc::Mmc::new(40.0, 1.0, 50).unwrap();
        assert!((queue.in_orbit() / wait.queue_length() - 1.0).abs() < 1e-4);
        assert!((queue.prob_block() / wait.prob_wait() - 1.0).abs() < 1e-4);
        let idle: f64 = queue.busy.iter().enumerate().map(|(i, p)| i as f64 * p).sum();
        assert!((idle - 40.0).abs() < 1e-9);
    }

    #[test]
    fn saturation_and_extremes_end() {
        let refused = |theta| MmcRetrial::new(0.9, 1.0, 1, theta, Policy::Constant);
        // rho (lambda + theta) < theta: theta > 8.1.
        let why = refused(8.0).unwrap_err().to_string();
        assert!(why.contains("more than 8.100000/s"), "{why}");
        assert!(refused(8.2).is_ok());
        assert!(MmcRetrial::new(1.0, 1.0, 1, 1.0, Policy::Classical).is_err());
        let orbit = |lambda, c, theta, policy| MmcRetrial::new(lambda, 1.0, c, theta, policy);
        for (lambda, c, theta) in
            [(0.9999, 1, 1.0), (800.0, 1000, 0.1), (1e-12, 3, 1e-3), (1.5, 2, 1e9), (5.0, 8, 1e-4)]
        {
            let queue = orbit(lambda, c, theta, Policy::Classical).unwrap();
            let busy: f64 = queue.busy.iter().enumerate().map(|(i, p)| i as f64 * p).sum();
            assert!((busy / lambda - 1.0).abs() < 1e-9, "{lambda} {c} {theta}: {busy}");
            assert!(queue.in_orbit() >= 0.0 && queue.in_orbit().is_finite());
        }
        assert!(matches!(orbit(1.0, u32::MAX, 1.0, Policy::Classical), Err(Refusal::Numerics(_))));
        let why = orbit(1.0, 2, 1e-3, Policy::Constant).unwrap_err().to_string();
        assert!(why.contains("with 6 servers"), "{why}");
    }
}
