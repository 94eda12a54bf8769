//! M/M/c/K: c servers, room for K messages in all, the rest is lost; and its extreme K = c, where
//! nobody waits and only the mean service time matters.

use super::erlang::ln_erlang_b;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::birth_death::BirthDeath;
use crate::analytic::numeric::phases::{Phases, TruncatedGeometric};
use crate::analytic::numeric::poisson;
use crate::analytic::numeric::stable::geometric_sum;
use crate::analytic::steady::{Moments, Steady};

/// A logarithm whose power is safely a double.
const LARGEST_LN: f64 = 600.0;

/// M/M/c/K in steady state; wait and sojourn are those of accepted messages.
///
/// Formula: p_{c+j} = p_c r^j for j = 0..m, with r = lambda/(c mu), m = K - c places to wait,
/// and p_c = B / (1 + B sum_{j=1}^{m} r^j), B = Erlang B. Loss = p_K; a message accepted while
/// c + j are there waits j + 1 completions of rate c mu.
/// Units: lambda and mu per second, times in seconds.
/// Valid when: any lambda > 0 (a finite queue is always stable).
/// Numerics: p is anchored at p_c for r <= 1 and at p_K for r > 1, so nothing overflows.
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.4.
///
/// ```
/// use lindley::analytic::station::mmck::Mmck;
/// let queue = Mmck::new(1.0, 1.0, 1, 1); // M/M/1/1: half of the messages find the server busy
/// assert!((queue.prob_loss() - 0.5).abs() < 1e-15);
/// let queue = Mmck::new(1.0, 1.0, 1, 3); // four states, equally likely
/// assert!((queue.prob_loss() - 0.25).abs() < 1e-15);
/// assert!((queue.in_system() - 1.5).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmck {
    lambda: f64,
    mu: f64,
    c: u32,
    room: u64,
    /// Logarithm of the weight of c busy servers and nobody waiting.
    ln_busy: f64,
    /// Logarithm of what all weights are divided by: 0 unless those below c would overflow.
    shift: f64,
    /// Sum of the weights of 0..c-1 messages.
    weight_below: f64,
    total: f64,
}

impl Mmck {
    /// The queue with `c` servers of rate `mu` and space for `capacity` >= c messages in all
    /// (a smaller capacity is taken as c).
    pub fn new(lambda: f64, mu: f64, c: u32, capacity: u64) -> Mmck {
        let room = capacity.saturating_sub(u64::from(c));
        let (a, ratio) = (lambda / mu, lambda / (f64::from(c) * mu));
        let ln_unshifted = if ratio > 1.0 { -(room as f64) * ratio.ln() } else { 0.0 };
        // sum of p_0..p_{c-1} over p_c: (c/a) / B(c-1), which never cancels as 1/B(c) - 1 would.
        let ln_below = ln_erlang_b(c.saturating_sub(1), a);
        let shift = if -ln_below > LARGEST_LN { -ln_below } else { 0.0 };
        let ln_busy = ln_unshifted - shift;
        let weight_below = if c == 0 { 0.0 } else { f64::from(c) / a * (ln_unshifted - ln_below - shift).exp() };
        let waiting = if ratio > 1.0 { geometric_sum(1.0 / ratio, room) } else { ratio * geometric_sum(ratio, room) };
        let total = weight_below + ln_busy.exp() + (-shift).exp() * waiting;
        Mmck { lambda, mu, c, room, ln_busy, shift, weight_below, total }
    }

    fn ratio(&self) -> f64 {
        self.offered_load() / f64::from(self.c)
    }

    /// Weight of c + j messages.
    fn weight(&self, j: u64) -> f64 {
        let ratio = self.ratio();
        let ln_weight = if ratio > 1.0 { -((self.room - j) as f64) * ratio.ln() } else { j as f64 * ratio.ln() };
        if self.shift == 0.0 && ratio <= 1.0 { ratio.powf(j as f64) } else { (ln_weight - self.shift).exp() }
    }

    /// Offered load a = lambda/mu, erlangs.
    pub fn offered_load(&self) -> f64 {
        self.lambda / self.mu
    }

    /// Share of messages lost: p_K.
    pub fn prob_loss(&self) -> f64 {
        self.weight(self.room) / self.total
    }

    /// Share of messages accepted: 1 - p_K, without cancellation.
    pub fn prob_accepted(&self) -> f64 {
        if self.room == 0 {
            return self.weight_below / self.total;
        }
        (self.weight_below + self.waiting_weight()) / self.total
    }

    /// Sum of the weights of c..K-1: an accepted message that finds one of these waits.
    fn waiting_weight(&self) -> f64 {
        let ratio = self.ratio();
        let unshifted =
            if ratio > 1.0 { geometric_sum(1.0 / ratio, self.room) / ratio } else { geometric_sum(ratio, self.room) };
        unshifted * (-self.shift).exp()
    }

    /// Messages served per second: lambda (1 - p_K).
    pub fn throughput(&self) -> f64 {
        self.lambda * self.prob_accepted()
    }

    /// Fraction of servers busy: throughput / (c mu).
    pub fn utilization(&self) -> f64 {
        self.ratio() * self.prob_accepted()
    }

    /// Probability of an empty system.
    pub fn prob_empty(&self) -> f64 {
        let a = self.offered_load();
        let ln_busy = self.ln_busy - self.total.ln();
        (ln_busy - a - poisson::ln_pmf(u64::from(self.c), a)).exp()
    }

    /// Probability of `n` in the system.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        let (a, c) = (self.offered_load(), u64::from(self.c));
        match n.checked_sub(c) {
            Some(waiting) if waiting <= self.room => self.weight(waiting) / self.total,
            Some(_) => 0.0,
            None => {
                let ln_busy = self.ln_busy - self.total.ln();
                (ln_busy + poisson::ln_pmf(n, a) - poisson::ln_pmf(c, a)).exp()
            }
        }
    }

    /// Probability of more than `n` in the system. Positive terms only.
    pub fn prob_above(&self, n: u64) -> f64 {
        let (c, ratio) = (u64::from(self.c), self.ratio());
        let from = n.saturating_add(1);
        let Some(waiting) = from.checked_sub(c) else {
            return (from..c).map(|k| self.prob_in_system(k)).sum::<f64>() + self.prob_above(c - 1);
        };
        if waiting > self.room {
            return 0.0;
        }
        // Terms fall by the ratio, or the other way round.
        let (largest, falls) = if ratio > 1.0 { (self.room, 1.0 / ratio) } else { (waiting, ratio) };
        self.weight(largest) * geometric_sum(falls, self.room - waiting + 1) / self.total
    }

    /// Law of the number in the system.
    pub fn number_law(&self) -> NumberLaw {
        let queue = *self;
        NumberLaw::new(move |n| queue.prob_in_system(n), move |n| queue.prob_above(n)).waiting_for(self.c)
    }

    /// Variance of the number in the system.
    pub fn in_system_variance(&self) -> f64 {
        let (a, c) = (self.offered_load(), u64::from(self.c));
        let law = BirthDeath::new(Some(c + self.room), |n| a / (n + 1).min(c) as f64);
        let mean = self.in_system();
        law.mean(|n| (n as f64 - mean) * (n as f64 - mean))
    }

    /// Share of accepted messages that wait: (p_c + ... + p_{K-1}) / (1 - p_K).
    pub fn prob_wait(&self) -> f64 {
        if self.room == 0 {
            return 0.0;
        }
        self.waiting_weight() / (self.weight_below + self.waiting_weight())
    }

    /// Mean number waiting: sum of j p_{c+j}.
    pub fn queue_length(&self) -> f64 {
        self.throughput() * self.wait()
    }

    /// Mean number in the system: waiting plus busy servers.
    pub fn in_system(&self) -> f64 {
        self.queue_length() + self.throughput() / self.mu
    }

    /// Completions an accepted message waits for: 0 with probability 1 - `prob_wait`, else
    /// j + 1 with probability proportional to p_{c+j}.
    fn completions(&self) -> TruncatedGeometric {
        TruncatedGeometric::new(self.prob_wait(), self.ratio(), self.room)
    }

    /// Mean wait of accepted messages, seconds.
    pub fn wait(&self) -> f64 {
        self.wait_moments().0
    }

    /// Mean and variance of the wait of accepted messages.
    fn wait_moments(&self) -> (f64, f64) {
        let rate = f64::from(self.c) * self.mu;
        let (mean, variance) = self.completions().moments();
        // m completions take m/rate on average, with variance m/rate^2.
        (mean / rate, (variance + mean) / (rate * rate))
    }

    /// Law of the wait of accepted messages.
    pub fn wait_law(&self) -> TimeLaw {
        let rate = f64::from(self.c) * self.mu;
        TimeLaw::Phases { rate, count: Phases::Truncated(self.completions()), mean: self.wait() }
    }

    /// Law of the sojourn of accepted messages: the service, too, is a geometric number of
    /// completions of rate c mu, each being one's own with probability 1/c.
    pub fn sojourn_law(&self) -> TimeLaw {
        let rate = f64::from(self.c) * self.mu;
        let others = 1.0 - 1.0 / f64::from(self.c);
        let count = match self.c {
            // One server: i + 1 completions with a probability proportional to p_i.
            1 => Phases::Truncated(TruncatedGeometric::new(1.0, self.ratio(), self.room + 1)),
            _ => Phases::TruncatedPlusGeometric(self.completions(), others),
        };
        TimeLaw::Phases { rate, count, mean: self.wait() + 1.0 / self.mu }
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let (wait, wait_variance) = self.wait_moments();
        let mean = 1.0 / self.mu;
        let moments = [Moments::new(mean, mean * mean), Moments::new(wait, wait_variance)];
        let (kendall, rates) =
            (format!("M/M/{}/{}", self.c, self.room + u64::from(self.c)), (self.lambda, self.throughput()));
        let method = "M/M/c/K birth-death chain (Gross et al., sec. 2.4); times of accepted messages";
        Steady {
            offered_load: self.offered_load(),
            utilization: Some(self.utilization()),
            prob_wait: Some(self.prob_wait()),
            prob_loss: Some(self.prob_loss()),
            in_system: self.in_system(),
            wait_law: Some(self.wait_law()),
            sojourn_law: Some(self.sojourn_law()),
            number_law: Some(self.number_law()),
            ..Steady::carried(kendall, rates, moments[0], moments[1], method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stationary law by the plain birth-death recursion: an independent route.
    fn chain(lambda: f64, mu: f64, c: u32, capacity: u64) -> Vec<f64> {
        let mut p = vec![1.0];
        for n in 1..=capacity {
            let rate = mu * (n.min(u64::from(c)) as f64);
            p.push(p[n as usize - 1] * lambda / rate);
        }
        let total: f64 = p.iter().sum();
        p.iter().map(|x| x / total).collect()
    }

    #[test]
    fn agrees_with_the_chain() {
        for (lambda, c, capacity) in [(0.5, 1, 5), (1.0, 1, 9), (1.5, 2, 4), (3.0, 3, 40), (20.0, 16, 64), (7.0, 4, 4)]
        {
            let (queue, p) = (Mmck::new(lambda, 1.0, c, capacity), chain(lambda, 1.0, c, capacity));
            let length: f64 = p.iter().enumerate().map(|(n, p)| (n as f64 - f64::from(c)).max(0.0) * p).sum();
            let loss = p[capacity as usize];
            assert!((queue.prob_loss() / loss - 1.0).abs() < 1e-12, "{lambda} {c} {capacity}");
            assert!((queue.prob_accepted() / (1.0 - loss) - 1.0).abs() < 1e-12);
            assert!((queue.prob_empty() / p[0] - 1.0).abs() < 1e-12);
            let p_all = &p;
            for (n, p) in p.iter().enumerate() {
                assert!((queue.prob_in_system(n as u64) / p - 1.0).abs() < 1e-12, "{n}");
                let above: f64 = p_all[n + 1..].iter().rev().sum();
                assert!((queue.prob_above(n as u64) - above).abs() <= 1e-12 * above, "{n}");
            }
            let mean: f64 = p.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
            let square: f64 = p.iter().enumerate().map(|(n, p)| (n * n) as f64 * p).sum();
            assert!((queue.in_system_variance() / (square - mean * mean) - 1.0).abs() < 1e-11);
            assert!((queue.queue_length() - length).abs() <= 1e-12 * length, "{} {length}", queue.queue_length());
        }
    }

    #[test]
    fn all_but_idle_with_many_servers_is_without_limit() {
        // Nobody ever waits: p_c = 1e-400 and less is no double, but the rest is.
        for (lambda, c) in [(0.02, 93_318), (418_364.0, 520_095), (0.004, 47_670)] {
            let queue = Mmck::new(lambda, 1.0, c, u64::from(c) + 100);
            assert!((queue.in_system() / lambda - 1.0).abs() < 1e-12, "{}", queue.in_system());
            assert!((queue.throughput() / lambda - 1.0).abs() < 1e-12);
            let empty = queue.prob_empty();
            assert!(empty == 0.0 || (empty.ln() + lambda).abs() < 1e-9, "{}", empty.ln() + lambda);
            assert_eq!((queue.prob_loss(), queue.wait()), (0.0, 0.0));
        }
        // Just beyond the range of doubles, and just within: the tail of a Poisson number in logarithms.
        for c in [150, 240, 250, 280] {
            let queue = Mmck::new(0.1, 1.0, c, u64::from(c) + 5);
            let busy = queue.prob_in_system(u64::from(c));
            assert!((busy - poisson::pmf(u64::from(c), 0.1)).abs() <= 1e-9 * busy, "{c} {busy}");
        }
    }

    #[test]
    fn a_large_room_is_mmc_or_a_fluid() {
        let (finite, free) = (Mmck::new(1.5, 1.0, 2, 4_000_000), super::super::mmc::Mmc::new(1.5, 1.0, 2).unwrap());
        assert!((finite.wait() / free.wait() - 1.0).abs() < 1e-12);
        for t in [0.5, 3.0, 20.0] {
            let (a, b) = (finite.sojourn_law().survival(t), free.sojourn_law().survival(t));
            assert!((a / b - 1.0).abs() < 1e-11, "{t}: {a} {b}");
        }
        // Never a state at a time: as many as there may be, at load 1 equally likely.
        let queue = Mmck::new(1.0, 1.0, 1, 1_000_000_000);
        assert!((queue.wait() / (0.5 * 999_999_999.0) - 1.0).abs() < 1e-9);
        for p in [0.01, 0.5, 0.99] {
            // The wait is the number found, uniform, times a service: 0.5 of 1e9, off by 1/sqrt(n) of it.
            assert!((queue.wait_law().quantile(p).unwrap() / (p * 1e9) - 1.0).abs() < 1e-4, "{p}");
            assert!((queue.sojourn_law().quantile(p).unwrap() / (p * 1e9) - 1.0).abs() < 1e-4, "{p}");
        }
        // 2 of 3 messages lost... from a queue that is always full: wait = room / rate.
        let queue = Mmck::new(3.0, 1.0, 1, 1_000_001);
        assert!((queue.prob_loss() - 2.0 / 3.0).abs() < 1e-12);
        assert!((queue.wait() / 1e6 - 1.0).abs() < 1e-5);
        assert!((queue.wait_law().quantile(0.5).unwrap() / 1e6 - 1.0).abs() < 1e-3);
    }

    #[test]
    fn sojourn_of_one_server_is_an_erlang_mixture() {
        // Accepted while n are there: Erlang n + 1; its tail is a Poisson sum.
        let (queue, p) = (Mmck::new(1.5, 1.0, 1, 10), chain(1.5, 1.0, 1, 10));
        let t = 6.0;
        let tail = |n: u64| (0..=n).map(|j| poisson::pmf(j, t)).sum::<f64>();
        let accepted: f64 = p[..10].iter().sum();
        let direct: f64 = (0..10).map(|n| p[n as usize] / accepted * tail(n)).sum();
        assert!((queue.sojourn_law().survival(t) / direct - 1.0).abs() < 1e-13);
    }
}
