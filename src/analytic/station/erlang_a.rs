//! M/M/c+M, Erlang A: messages give up after an exponential time of waiting. All times follow from the
//! density of the offered wait, integrated panel by panel.

use super::erlang::ln_erlang_b;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::birth_death::BirthDeath;
use crate::analytic::numeric::panels::Concave;
use crate::analytic::numeric::poisson;
use crate::analytic::numeric::stable::{above_chord, ln_add};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// Most messages by which the number at a station may spread (standard deviation), for its law to be held as states.
const MOST_SPREAD: f64 = 5e5;

/// Erlang A, M/M/c+M in steady state: each waiting message abandons at rate `theta`.
///
/// Formula: the offered wait V (that of a message with endless patience) has density
/// lambda p_{c-1} e^{lambda (1 - e^{-theta x})/theta - c mu x}, x > 0, and is 0 with probability
/// p_0 + .. + p_{c-1} = p_{c-1} / B(c - 1), B = Erlang B. P(abandon) = E\[1 - e^{-theta V}\],
/// P(served, wait <= T) = E\[e^{-theta V}; V <= T\], Lq = lambda P(abandon) / theta.
/// Units: rates per second, times in seconds.
/// Valid when: lambda, mu, theta > 0; always stable. First in first out for the times; a message
/// in service does not abandon.
/// Numerics: relative error below 1e-11 for c to 10^6 and lambda/theta to 10^9, tails included.
/// Reference: Palm (1957); Baccelli and Hebuterne (1981); Garnett, Mandelbaum, Reiman, Designing a
/// call center with impatient customers, M&SOM 4 (2002); Zeltyn and Mandelbaum (2005).
///
/// ```
/// use lindley::analytic::station::erlang_a::ErlangA;
/// // theta = mu: as many as in M/M/inf, Poisson of mean 2: P(N >= 1) = 1 - e^-2.
/// let queue = ErlangA::new(2.0, 1.0, 1.0, 1);
/// assert!((queue.prob_wait() - (1.0 - (-2.0_f64).exp())).abs() < 1e-14);
/// assert!((queue.throughput() - (1.0 - (-2.0_f64).exp())).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErlangA {
    lambda: f64,
    mu: f64,
    theta: f64,
    c: u32,
    /// Where the density of the offered wait is largest.
    peak: f64,
    /// Logarithm of the density there.
    ln_peak: f64,
    /// Share of messages that find a free server.
    at_once: f64,
    /// ln p_{c-1}.
    ln_last_free: f64,
}

impl ErlangA {
    /// The queue with arrival rate `lambda`, `c` >= 1 servers of rate `mu` and abandonment rate
    /// `theta` of each waiting message.
    pub fn new(lambda: f64, mu: f64, theta: f64, c: u32) -> ErlangA {
        let capacity = f64::from(c) * mu;
        let peak = ((lambda / capacity).ln() / theta).max(0.0);
        let unscaled = ErlangA { lambda, mu, theta, c, peak, ln_peak: 0.0, at_once: 0.0, ln_last_free: 0.0 };
        // With p_{c-1} = 1: logarithms of p_0 + .. + p_{c-1} and of the probability of waiting.
        let free = -ln_erlang_b(c - 1, lambda / mu);
        let height = lambda.ln() - lambda * (-theta * peak).exp_m1() / theta - capacity * peak;
        let area = unscaled.over(0.0, 0.0, f64::INFINITY, |_| [1.0])[0].ln();
        let waits = height + area;
        ErlangA {
            ln_peak: -area - (free - waits).exp().ln_1p(),
            at_once: (-(waits - free).exp().ln_1p()).exp(),
            ln_last_free: -ln_add(free, waits),
            ..unscaled
        }
    }

    /// integral of f(x) e^{tilt x} over the density of the offered wait from `low` to `high`.
    fn over<const K: usize>(&self, tilt: f64, low: f64, high: f64, f: impl Fn(f64) -> [f64; K]) -> [f64; K] {
        if low >= high {
            return [0.0; K];
        }
        let (theta, capacity) = (self.theta, f64::from(self.c) * self.mu);
        // Logarithm of the density at x over that at r.
        let change = |x: f64, r: f64| {
            let ratio = self.lambda * (-theta * r).exp();
            let y = x - r;
            (ratio - capacity) * y - ratio / theta * above_chord(theta * y)
        };
        let falls = capacity - tilt;
        let top = if falls > 0.0 { ((self.lambda / falls).ln() / theta).max(0.0) } else { f64::INFINITY };
        let top = top.clamp(low, high);
        let exponent = |x: f64| {
            let flow = self.lambda * (-theta * x).exp();
            // The weights change at rate theta while e^{-theta x} matters.
            let slope = (flow - capacity + tilt).abs() + theta.min(40.0 / x);
            (change(x, top) + tilt * (x - top), slope, -theta * flow)
        };
        let (scale, sums) = Concave { exponent, peak: top }.integrate(low, high, f);
        let front = (self.ln_peak + change(top, self.peak) + tilt * top + scale).exp();
        sums.map(|sum| front * sum)
    }

    /// Share of messages that find every server busy.
    pub fn prob_wait(&self) -> f64 {
        self.offered_survival(0.0)
    }

    /// P(offered wait > t): the wait of a message that would never give up.
    pub fn offered_survival(&self, t: f64) -> f64 {
        self.over(0.0, t.max(0.0), f64::INFINITY, |_| [1.0])[0]
    }

    /// P(time in the queue > t) of any message, served or not.
    pub fn wait_all_survival(&self, t: f64) -> f64 {
        (-self.theta * t).exp() * self.offered_survival(t)
    }

    /// Share of all messages that are served after a wait of at most `t`.
    pub fn served_within(&self, t: f64) -> f64 {
        self.at_once + self.over(-self.theta, 0.0, t, |_| [1.0])[0]
    }

    /// Share of messages that are served.
    pub fn prob_served(&self) -> f64 {
        self.at_once + self.over(-self.theta, 0.0, f64::INFINITY, |_| [1.0])[0]
    }

    /// Share of messages that abandon.
    pub fn prob_abandon(&self) -> f64 {
        self.over(0.0, 0.0, f64::INFINITY, |x| [-(-self.theta * x).exp_m1()])[0]
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        self.lambda * self.prob_served()
    }

    /// Probability of an empty system.
    pub fn prob_empty(&self) -> f64 {
        let a = self.lambda / self.mu;
        (self.ln_last_free - a - poisson::ln_pmf(u64::from(self.c) - 1, a)).exp()
    }

    /// Mean time in the queue of all messages, seconds: P(abandon) / theta.
    pub fn wait_all(&self) -> f64 {
        self.prob_abandon() / self.theta
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.lambda * self.wait_all()
    }

    /// Mean wait of the messages that abandon, seconds.
    pub fn wait_abandoned(&self) -> f64 {
        let theta = self.theta;
        let early = |x: f64| {
            let z = theta * x;
            // 1 - (1 + z) e^{-z}, without cancellation.
            if z > 1.0 { 1.0 - (1.0 + z) * (-z).exp() } else { (-z).exp() * above_chord(-z) }
        };
        let [time, share] = self.over(0.0, 0.0, f64::INFINITY, |x| [early(x) / theta, -(-theta * x).exp_m1()]);
        time / share
    }

    /// Mean and variance of the wait of the messages that are served.
    pub fn wait_served(&self) -> Moments {
        let served = self.prob_served();
        let mean = self.over(-self.theta, 0.0, f64::INFINITY, |x| [x])[0] / served;
        let [spread] = self.over(-self.theta, 0.0, f64::INFINITY, |x| [(x - mean) * (x - mean)]);
        Moments::new(mean, (spread + self.at_once * mean * mean) / served)
    }

    /// P(wait > t) of the messages that are served.
    pub fn wait_served_survival(&self, t: f64) -> f64 {
        self.over(-self.theta, t.max(0.0), f64::INFINITY, |_| [1.0])[0] / self.prob_served()
    }

    /// P(wait + service > t) of the messages that are served.
    pub fn sojourn_served_survival(&self, t: f64) -> f64 {
        // Each weight e^{-mu (t - x)} is split so that neither half overflows.
        let served = self.prob_served();
        let tilted = self.shifted(t);
        (self.at_once * (-self.mu * t).exp() + tilted) / served + self.wait_served_survival(t)
    }

    /// integral over 0 <= x <= t of the density of served waits times e^{-mu (t - x)}.
    fn shifted(&self, t: f64) -> f64 {
        let moved = ErlangA { ln_peak: self.ln_peak - self.mu * t, ..*self };
        moved.over(self.mu - self.theta, 0.0, t, |_| [1.0])[0]
    }

    /// Law of the number in the system, by birth and death; `None` where it spreads over more states than can be held.
    pub fn number_law(&self) -> Option<NumberLaw> {
        let ErlangA { lambda, mu, theta, c, .. } = *self;
        let busy = move |n: u64| n.min(u64::from(c)) as f64 * mu + n.saturating_sub(u64::from(c)) as f64 * theta;
        // Standard deviations: of the busy servers, and of the waiting where all are busy.
        let spread = (lambda / mu).sqrt() + (lambda / theta).sqrt();
        let chain = move || BirthDeath::new(None, |n| lambda / busy(n + 1));
        (spread < MOST_SPREAD).then(|| NumberLaw::of_chain(chain).waiting_for(c))
    }

    /// Everything in one record: wait and sojourn are those of the messages that are served.
    pub fn steady(&self) -> Steady {
        let (queue, wait, mean, served) = (*self, self.wait_served(), 1.0 / self.mu, self.prob_served());
        let throughput = self.lambda * served;
        let law = "Erlang A, density of the offered wait (Zeltyn, Mandelbaum 2005)";
        let waited = move |t| queue.over(-queue.theta, t, f64::INFINITY, |_| [1.0])[0] / served;
        let (service, rates) = (Moments::new(mean, mean * mean), (self.lambda, throughput));
        let method = "Erlang A (Garnett, Mandelbaum, Reiman 2002); times of served messages";
        Steady {
            offered_load: self.lambda / self.mu,
            utilization: Some(throughput / (f64::from(self.c) * self.mu)),
            prob_wait: Some(self.prob_wait()),
            prob_abandon: Some(self.prob_abandon()),
            queue_length: self.queue_length(),
            in_system: self.queue_length() + throughput / self.mu,
            wait_law: Some(TimeLaw::computed(wait.mean, law, waited)),
            sojourn_law: Some(TimeLaw::computed(wait.mean + mean, law, move |t| queue.sojourn_served_survival(t))),
            number_law: self.number_law(),
            details: vec![
                Detail::mean("wait_all", self.wait_all(), Unit::Seconds),
                Detail::mean("wait_abandoned", self.wait_abandoned(), Unit::Seconds),
                Detail::fraction("prob_empty", self.prob_empty()),
            ],
            ..Steady::carried(format!("M/M/{}+M", self.c), rates, service, wait, method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::quadrature::panel;

    fn state(lambda: f64, theta: f64, c: u64) -> BirthDeath {
        let ratio = move |n: u64| lambda / ((n + 1).min(c) as f64 + (n + 1).saturating_sub(c) as f64 * theta);
        BirthDeath::new(None, ratio)
    }

    /// The law of the number, by birth and death: an independent route to the counts, and by
    /// sums over what is found to the wait of those served.
    #[test]
    fn agrees_with_the_chain() {
        for (lambda, theta, c) in
            [(1.2, 0.5, 1), (95.0, 2.0, 100), (10.0, 0.5, 10), (30.0, 1e-3, 10), (0.5, 300.0, 1), (5.0, 1e-7, 6)]
        {
            let (queue, law) = (ErlangA::new(lambda, 1.0, theta, c), state(lambda, theta, u64::from(c)));
            let servers = u64::from(c);
            let near = |a: f64, b: f64, what: &str| assert!((a / b - 1.0).abs() < 1e-10, "{c} {theta} {what}: {a} {b}");
            near(queue.prob_wait(), law.between(servers, u64::MAX, |_| 1.0), "p_wait");
            near(queue.queue_length(), law.mean(|n| n.saturating_sub(servers) as f64), "Lq");
            near(queue.throughput(), law.mean(|n| n.min(servers) as f64), "throughput");
            if law.at(0) > 0.0 {
                near(queue.prob_empty(), law.at(0), "p0");
            }
            let (served, total) = (queue.prob_served(), queue.wait_served().mean);
            near(served * total + queue.prob_abandon() * queue.wait_abandoned(), queue.wait_all(), "split of waits");
            if law.at(0) > 0.0 && theta > 1e-5 {
                // Found c + j: served with probability c/(c + (j+1) theta), after sum of 1/(c + i theta).
                let wait = |n: u64| {
                    let j = n - servers + 1;
                    let mean: f64 = (1..=j).map(|i| 1.0 / (f64::from(c) + i as f64 * theta)).sum();
                    mean * f64::from(c) / (f64::from(c) + j as f64 * theta)
                };
                near(served * total, law.between(servers, servers + 200_000, wait), "wait of served");
            }
        }
    }

    #[test]
    fn tails_integrate_to_means() {
        let steady = ErlangA::new(3.0, 1.0, 0.4, 2).steady();
        for (law, moments) in [(steady.wait_law, steady.wait), (steady.sojourn_law, steady.sojourn)] {
            let law = law.unwrap();
            let area: f64 = (0..40).map(|i| panel(|t| law.survival(t), f64::from(i), f64::from(i + 1))).sum();
            assert!((area / moments.unwrap().mean - 1.0).abs() < 1e-10, "{area} {:?}", moments);
        }
    }

    #[test]
    fn many_servers_endless_patience_and_far_tails() {
        let queue = ErlangA::new(1_000_000.0, 1.0, 1.0, 1_000_000);
        // theta = mu: Poisson of mean 10^6.
        let above = poisson::expect(1e6, |j| if j < 1_000_000 { 1.0 } else { 0.0 });
        assert!((queue.prob_wait() / (1.0 - above) - 1.0).abs() < 1e-9);
        let patient = ErlangA::new(8.0, 1.0, 1e-12, 10);
        let mmc = super::super::mmc::Mmc::new(8.0, 1.0, 10).unwrap();
        assert!((patient.wait_served().mean / mmc.wait() - 1.0).abs() < 1e-9);
        // Overload, patience of a month: 1 - mu c/lambda abandon.
        let over = ErlangA::new(20.0, 1.0, 4e-7, 10);
        assert!((over.prob_abandon() - 0.5).abs() < 1e-6);
        let queue = ErlangA::new(0.5, 1.0, 0.5, 1);
        // Far out the density is a constant times e^{-mu t}.
        let (a, b) = (queue.offered_survival(100.0), queue.offered_survival(101.0));
        assert!((b / a - (-1.0_f64).exp()).abs() < 1e-12, "{}", b / a);
    }
}
