//! GI/M/c: any renewal arrivals, exponential service. One root, and a sum of positive terms.

use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::quadrature::panel;
use crate::analytic::numeric::stable::ln_add;
use crate::analytic::numeric::transform::Laplace;
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::dist::Dist;

/// GI/M/c in steady state.
///
/// Formula: sigma in (0, 1) solves sigma = phi(c mu (1 - sigma)), phi the transform of the time between
/// arrivals; P(wait > t) = P(wait) e^{-c mu (1-sigma) t}, with phi_j = phi(j mu) and
/// 1/P(wait) = 1 + (1-sigma) sum_{j=1}^{c} C(c,j) / ((1-phi_j) C_j) (c (1-phi_j) - j) / (c (1-sigma) - j),
/// C_j = prod_{i <= j} phi_i / (1 - phi_i). For one server P(wait) = sigma.
/// Units: mu per second, times in seconds.
/// Valid when: rho < 1; first in first out for the times. P(wait) is what an arrival sees: the share of
/// time in which all servers are busy is rho P(wait) / sigma.
/// Numerics: every term is positive (both brackets change sign at j = c (1-sigma)); relative error
/// about 1e-12, from 1 - sigma itself and not from sigma.
/// Reference: Takacs, Introduction to the Theory of Queues (1962), ch. 2; Gross, Shortle, Thompson,
/// Harris (4th ed.), sec. 5.3.
///
/// ```
/// use lindley::{analytic::station::gimc::Gimc, dist::Dist};
/// let queue = Gimc::new(&Dist::Exponential(1.0 / 1.5), 1.0, 2).unwrap(); // M/M/2
/// assert!((queue.prob_wait() - 9.0 / 14.0).abs() < 1e-14);
/// assert!((queue.sigma() - 0.75).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gimc {
    lambda: f64,
    mu: f64,
    c: u32,
    /// c mu (1 - sigma): rate of the wait of those that wait.
    decay: f64,
    sigma: f64,
    prob_wait: f64,
}

impl Gimc {
    /// The queue with that time between arrivals and `c` >= 1 servers of rate `mu`, if it has a
    /// steady state.
    pub fn new(interval: &Dist, mu: f64, c: u32) -> Result<Gimc, Unstable> {
        let lambda = 1.0 / interval.mean();
        let capacity = f64::from(c) * mu;
        Unstable::unless_kept_up(lambda / mu, c)?;
        let transform = Laplace::new(interval);
        let decay = root(&transform, capacity);
        let sigma = fixed_point(&transform, decay, capacity);
        let prob_wait = if c == 1 { sigma } else { prob_wait(&transform, mu, c, decay) };
        Ok(Gimc { lambda, mu, c, decay, sigma, prob_wait })
    }

    /// The root sigma: each further message in the system is less likely by this factor.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Fraction of servers busy.
    pub fn utilization(&self) -> f64 {
        self.lambda / (f64::from(self.c) * self.mu)
    }

    /// Share of messages that wait, as arrivals see it.
    pub fn prob_wait(&self) -> f64 {
        self.prob_wait
    }

    /// Share of time in which every server is busy.
    pub fn all_busy(&self) -> f64 {
        match self.c {
            1 => self.utilization(),
            _ if self.prob_wait == 0.0 => 0.0,
            _ => self.utilization() * self.prob_wait / self.sigma,
        }
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.prob_wait / self.decay
    }

    /// Variance of the wait, seconds squared.
    pub fn wait_variance(&self) -> f64 {
        self.prob_wait * (2.0 - self.prob_wait) / (self.decay * self.decay)
    }

    /// Law of the number in the system, of one server: P(N > n) = rho sigma^n as time sees it. `None` of several.
    pub fn number_law(&self) -> Option<NumberLaw> {
        let (rho, sigma) = (self.utilization(), self.sigma);
        let at = move |n: u64| match n {
            0 => 1.0 - rho,
            n => rho * (1.0 - sigma) * sigma.powf(n as f64 - 1.0),
        };
        (self.c == 1).then(|| NumberLaw::new(at, move |n| rho * sigma.powf(n as f64)).waiting_for(1))
    }

    /// Everything in one record, but the Kendall name, which the caller knows.
    pub fn steady(&self) -> Steady {
        let Gimc { lambda, mu, c, decay: slack, prob_wait, .. } = *self;
        let mean = 1.0 / mu;
        let (service, wait) = (Moments::new(mean, mean * mean), Moments::new(self.wait(), self.wait_variance()));
        let method = "GI/M/c (Takacs 1962; Gross et al., sec. 5.3)";
        Steady {
            prob_wait: Some(prob_wait),
            wait_law: Some(TimeLaw::exponentials(vec![(prob_wait, slack)])),
            sojourn_law: Some(TimeLaw::ExponentialService { prob_wait, slack, mu }),
            number_law: self.number_law(),
            details: vec![Detail::fraction("sigma", self.sigma()), Detail::fraction("all_busy", self.all_busy())],
            ..Steady::served(format!("GI/M/{c}"), lambda, service, wait, Some(c), method)
        }
    }
}

/// sigma from the root: where it is small, phi has the digits that a difference from 1 loses.
fn fixed_point(transform: &Laplace, decay: f64, capacity: f64) -> f64 {
    let sigma = 1.0 - decay / capacity;
    if sigma < 0.1 { transform.value(decay) } else { sigma }
}

/// s = capacity (1 - sigma), where capacity (1 - phi(s)) / s = 1: the left side falls from
/// 1/rho at 0 to below 1 at s = capacity.
fn root(transform: &Laplace, capacity: f64) -> f64 {
    let excess = |s: f64| capacity * transform.residual(s) - 1.0;
    let (mut low, mut high) = (0.0, capacity);
    let (mut at_low, mut at_high) = (excess(low), excess(high));
    // Regula falsi with the Illinois rule, bisecting every third step so that it always ends.
    let mut side = 0;
    for step in 0..300 {
        let chord = low + (high - low) * (at_low / (at_low - at_high));
        let middle = if step % 3 == 2 || !(chord > low && chord < high) { 0.5 * (low + high) } else { chord };
        if middle <= low || middle >= high || high - low < 1e-16 * high {
            return middle;
        }
        let value = excess(middle);
        if value == 0.0 {
            return middle;
        }
        if value > 0.0 {
            (low, at_low) = (middle, value);
            at_high *= if side == 1 { 0.5 } else { 1.0 };
            side = 1;
        } else {
            (high, at_high) = (middle, value);
            at_low *= if side == -1 { 0.5 } else { 1.0 };
            side = -1;
        }
    }
    0.5 * (low + high)
}

/// The sum of Takacs, in logarithms.
fn prob_wait(transform: &Laplace, mu: f64, c: u32, decay: f64) -> f64 {
    let servers = f64::from(c);
    let turn = decay / mu; // c (1 - sigma)
    let (mut ln_choose, mut ln_product, mut ln_sum) = (0.0, 0.0, f64::NEG_INFINITY);
    for j in 1..=c {
        let j = f64::from(j);
        let (ln_phi, busy) = (transform.ln_value(j * mu), j * mu * transform.residual(j * mu));
        ln_choose += ((servers - j + 1.0) / j).ln();
        ln_product += busy.ln() - ln_phi;
        let ratio = bracket(transform, mu, servers, turn, j, busy);
        ln_sum = ln_add(ln_sum, ln_choose + ln_product - busy.ln() + ratio.ln());
    }
    (-ln_add(0.0, (turn / servers).ln() + ln_sum)).exp()
}

/// (c (1 - phi_j) - j) / (turn - j), where the first bracket is 0 at j = turn: near there, the mean
/// slope between the two instead of a quotient of differences.
fn bracket(transform: &Laplace, mu: f64, c: f64, turn: f64, j: f64, busy: f64) -> f64 {
    if (turn - j).abs() > 0.05 * j {
        return (c * busy - j) / (turn - j);
    }
    if turn == j {
        return c * transform.slope(j * mu) * mu + 1.0;
    }
    let slope = panel(|x| transform.slope(x * mu), j.min(turn), j.max(turn)) / (turn - j).abs();
    c * slope * mu + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mmc::Mmc;
    use crate::analytic::testing::{chain_averages, share};

    #[test]
    fn poisson_arrivals_are_mmc() {
        for (rho, c) in [(0.1, 2), (0.75, 4), (0.9, 20), (0.95, 300), (0.9999, 7)] {
            let lambda = rho * f64::from(c);
            let general = Gimc::new(&Dist::Exponential(1.0 / lambda), 1.0, c).unwrap();
            let plain = Mmc::new(lambda, 1.0, c).unwrap();
            assert!((general.prob_wait() / plain.prob_wait() - 1.0).abs() < 1e-10, "{rho} {c}");
            assert!((general.wait() / plain.wait() - 1.0).abs() < 1e-10, "{rho} {c}");
        }
    }

    #[test]
    fn a_wait_that_hardly_ever_happens_keeps_its_digits() {
        for rho in [1e-3, 1e-5, 1e-9, 1e-60] {
            // E4/M/1: sigma = (4 rho / (4 rho + 1 - sigma))^4, so about (4 rho)^4.
            let queue = Gimc::new(&Dist::erlang(4, 1.0 / rho).unwrap(), 1.0, 1).unwrap();
            let sigma = queue.sigma();
            let again = (4.0 * rho / (4.0 * rho + 1.0 - sigma)).powi(4);
            assert!((sigma / again - 1.0).abs() < 1e-12, "{rho}: {sigma} {again}");
            assert!((queue.all_busy() / rho - 1.0).abs() < 1e-15);
        }
        // Never: D/M/1 at a load of 1e-5 waits with probability e^-100000, which is no double.
        let queue = Gimc::new(&Dist::deterministic(1e5).unwrap(), 1.0, 1).unwrap();
        assert_eq!((queue.prob_wait(), queue.wait(), queue.all_busy()), (0.0, 0.0, 1e-5));
        let two = Gimc::new(&Dist::deterministic(1e5).unwrap(), 1.0, 2).unwrap();
        assert_eq!(two.all_busy(), 0.0);
    }

    /// E2/M/c as a chain of (phase, number): time averages of the number waiting, and of what arrivals find.
    fn erlang2(lambda: f64, c: u32, most: u32) -> [f64; 3] {
        let average = chain_averages([(0, 0)], 10_000, |&(phase, n): &(u8, u32), to| {
            let arrived = if n < most { (0, n + 1) } else { (phase, n) };
            to(if phase == 0 { (1, n) } else { arrived }, 2.0 * lambda);
            to((phase, n.saturating_sub(1)), f64::from(n.min(c)));
        });
        let found = average(&|&(phase, n)| 2.0 * share(phase == 1 && n >= c));
        [average(&|&(_, n)| f64::from(n.saturating_sub(c))), found, average(&|&(_, n)| share(n >= c))]
    }

    #[test]
    fn erlang_arrivals_by_the_chain() {
        for (rho, c) in [(0.5, 1), (0.7, 2), (0.6, 5)] {
            let lambda = rho * f64::from(c);
            let [waiting, found, busy] = erlang2(lambda, c, 60);
            let queue = Gimc::new(&Dist::erlang(2, 1.0 / lambda).unwrap(), 1.0, c).unwrap();
            assert!((queue.wait() * lambda / waiting - 1.0).abs() < 1e-9, "{rho} {c}");
            assert!((queue.prob_wait() / found - 1.0).abs() < 1e-9, "{rho} {c} {found}");
            assert!((queue.all_busy() / busy - 1.0).abs() < 1e-9, "{rho} {c} {busy}");
        }
    }

    /// D/M/c by the chain seen at arrivals, whose steps are pure deaths for one interval.
    #[test]
    fn constant_intervals_by_the_embedded_chain() {
        for (rho, c) in [(0.6, 3_usize), (0.7, 6)] {
            let (lambda, n) = (rho * c as f64, 50);
            let death = |i: usize, j: usize| (share(j + 1 == i) - share(i == j)) * i.min(c) as f64 / lambda;
            let step = nalgebra::DMatrix::from_fn(n, n, death).exp();
            let mut seen = nalgebra::DVector::from_element(n, 1.0 / n as f64);
            for _ in 0..1200 {
                let joined = nalgebra::DVector::from_fn(n, |i, _| match i {
                    0 => 0.0,
                    i if i == n - 1 => seen[i] + seen[i - 1],
                    i => seen[i - 1],
                });
                seen = step.tr_mul(&joined);
            }
            let found: f64 = seen.iter().skip(c).sum();
            let queue = Gimc::new(&Dist::Deterministic(1.0 / lambda), 1.0, c as u32).unwrap();
            assert!((queue.prob_wait() / found - 1.0).abs() < 1e-9, "{rho} {c}: {} {found}", queue.prob_wait());
        }
    }

    #[test]
    fn any_law_of_arrivals_and_brackets_that_vanish_together() {
        // M/M/2 of rho = 1/2: c (1 - sigma) = 1 exactly.
        let queue = Gimc::new(&Dist::Exponential(1.0), 1.0, 2).unwrap();
        assert!((queue.prob_wait() - 1.0 / 3.0).abs() < 1e-13);
        for shift in [1e-12, 1e-7, 1e-3] {
            let lambda = 1.0 + shift;
            let a = Gimc::new(&Dist::Exponential(1.0 / lambda), 1.0, 2).unwrap();
            let b = Mmc::new(lambda, 1.0, 2).unwrap();
            assert!((a.prob_wait() / b.prob_wait() - 1.0).abs() < 1e-12, "{shift}");
        }
        // A mixture that is in fact exponential, through quadrature.
        let hidden = Dist::mixture(vec![(0.5, Dist::Exponential(0.4)), (0.5, Dist::Exponential(0.4))]).unwrap();
        let (a, b) = (Gimc::new(&hidden, 1.0, 3).unwrap(), Mmc::new(2.5, 1.0, 3).unwrap());
        assert!((a.prob_wait() / b.prob_wait() - 1.0).abs() < 1e-11);
        for law in [Dist::lognormal(0.4, 2.0).unwrap(), Dist::Deterministic(0.4), Dist::weibull(0.4, 0.7).unwrap()] {
            let queue = Gimc::new(&law, 1.0, 3).unwrap();
            assert!(queue.prob_wait() > 0.0 && queue.all_busy() < 1.0, "{}", law.name());
        }
        assert!(Gimc::new(&Dist::Deterministic(0.3), 1.0, 3).is_err());
    }
}
