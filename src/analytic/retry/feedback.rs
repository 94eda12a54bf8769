//! Bernoulli feedback to the tail of an M/G/1 queue: mean and variance of the whole time a message
//! spends, through all its passes.

use crate::model::capacity::keeps_up;

/// The total sojourn in M/G/1 where a served message joins the tail again with probability p.
///
/// Formula: a pass that begins behind n others lasts T, and leaves behind it
/// n' = Bin(n, p) + Poisson(lambda T) others; the moments of the remaining time X are polynomials in n,
/// E\[X\] = a + b n and E\[X^2\] = e + f n + g n^2, whose coefficients follow by comparing powers of n in
/// X(n) = T + 1{fails} X(n'). They are averaged over n as an arrival finds it (geometric with
/// rho = lambda E\[S\]/(1-p) for exponential service, then E\[X\] = E\[S\]/(1 - p - lambda E\[S\])); in general the
/// first pass has the residual service of the message found in service.
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, one server, first in first out, no delay before coming back,
/// rho < 1; the variance needs E\[S^3\] and is infinite without.
/// Reference: Takacs, A single-server queue with feedback, Bell System Tech. J. 42 (1963); Disney,
/// Koenig, Schmidt, Stationary queue-length and waiting-time distributions in single-server
/// feedback queues (1984).
///
/// ```
/// use lindley::analytic::retry::feedback::TailFeedback;
/// // M/M/1: lambda = 0.5/s, mu = 1/s, p = 0.2: mean 1/(0.8 - 0.5).
/// let queue = TailFeedback::new(0.5, [1.0, 1.0, 2.0], 0.2).unwrap();
/// assert!((queue.sojourn() - 1.0 / 0.3).abs() < 1e-14);
/// assert!((queue.sojourn_variance() - 13.6950904392765).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailFeedback {
    lambda: f64,
    /// Mean and variance of one service.
    mean: f64,
    variance: f64,
    third: f64,
    failure: f64,
    rho: f64,
}

impl TailFeedback {
    /// The queue whose services have these first three cumulants (mean, variance, third central
    /// moment); `None` where rho >= 1.
    pub fn new(lambda: f64, service: [f64; 3], failure: f64) -> Option<TailFeedback> {
        let [mean, variance, third] = service;
        let rho = lambda * mean / (1.0 - failure);
        keeps_up(rho, 1.0).then_some(TailFeedback { lambda, mean, variance, third, failure, rho })
    }

    /// Fraction of time the server is busy.
    pub fn utilization(&self) -> f64 {
        self.rho
    }

    /// Mean of the total sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.total(|_| 0.0).0
    }

    /// Variance of the total sojourn, seconds squared.
    pub fn sojourn_variance(&self) -> f64 {
        let (mean, second) = self.total(|seen| seen.second());
        second - mean * mean
    }

    /// (a, b): mean remaining time a + b n of a message about to begin a pass behind n others.
    fn first_order(&self) -> (f64, f64) {
        let (p, s, l) = (self.failure, self.mean, self.lambda);
        let b = s / (1.0 - p * (p + l * s));
        ((s + p * b * l * s) / (1.0 - p), b)
    }

    /// (e, f, g): its second moment e + f n + g n^2.
    fn second_order(&self) -> (f64, f64, f64) {
        let (p, s, l, v) = (self.failure, self.mean, self.lambda, self.variance);
        let (a, b) = self.first_order();
        let (kept, came) = (p + l * s, l * s);
        let spread = came + l * l * v;
        let g = (s * s + 2.0 * p * b * s * kept) / (1.0 - p * kept * kept);
        let f = v
            + 2.0 * s * s
            + 2.0 * p * (a * s + b * (p * s + l * (v + 2.0 * s * s)))
            + p * g * (2.0 * kept * came + p * (1.0 - p) + spread);
        let f = f / (1.0 - p * kept);
        let e = v + s * s + 2.0 * p * (a * s + b * l * (v + s * s)) + p * (f * came + g * (came * came + spread));
        (e / (1.0 - p), f, g)
    }

    /// Mean of the total sojourn, and what `second` says of what an arrival sees.
    fn total(&self, second: impl Fn(&ArrivalView) -> f64) -> (f64, f64) {
        let seen = ArrivalView::new(self);
        (seen.first(), second(&seen))
    }
}

/// What a message sees on arrival: n others, and the residual r of the service in progress;
/// its first pass lasts T = r + n services where n >= 1, and one service where n = 0.
struct ArrivalView<'q> {
    queue: &'q TailFeedback,
    idle: f64,
    n: f64,
    nn: f64,
    r: f64,
    rr: f64,
    nr: f64,
}

impl ArrivalView<'_> {
    fn new(queue: &TailFeedback) -> ArrivalView<'_> {
        let (l, s, v, p) = (queue.lambda, queue.mean, queue.variance, queue.failure);
        let second = v + s * s;
        let third = queue.third + 3.0 * s * v + s * s * s;
        // The number is that of M/G/1 with all services of a message in one.
        let attempts = super::attempts::Attempts { failure: p, most: None };
        let held = super::attempts::held_cumulants(&attempts, [s, v, queue.third], [0.0; 3]);
        let (number, square) = number_in_system(l, held);
        // Services begin `starts` times a second; the number then follows from that at any time.
        let starts = l / (1.0 - p);
        let at_start = (number - 0.5 * starts * l * second) / (starts * s);
        ArrivalView {
            queue,
            idle: 1.0 - queue.rho,
            n: number,
            nn: square,
            r: 0.5 * starts * second,
            rr: starts * third / 3.0,
            nr: starts * (0.5 * at_start * second + l * third / 6.0),
        }
    }

    /// E\[T\], E\[T^2\], E\[n T\] of the first pass.
    fn pass(&self) -> (f64, f64, f64) {
        let (s, v) = (self.queue.mean, self.queue.variance);
        let square = self.rr + 2.0 * s * self.nr + v * self.n + s * s * self.nn + self.idle * (v + s * s);
        (self.r + s * self.n + self.idle * s, square, self.nr + s * self.nn)
    }

    fn first(&self) -> f64 {
        let (p, l) = (self.queue.failure, self.queue.lambda);
        let (a, b) = self.queue.first_order();
        let (t, ..) = self.pass();
        t + p * (a + b * (p * self.n + l * t))
    }

    fn second(&self) -> f64 {
        let (p, l) = (self.queue.failure, self.queue.lambda);
        let (a, b) = self.queue.first_order();
        let (e, f, g) = self.queue.second_order();
        let (t, tt, nt) = self.pass();
        let next = p * self.n + l * t;
        let next_square = p * p * self.nn + 2.0 * p * l * nt + l * l * tt + p * (1.0 - p) * self.n + l * t;
        tt + 2.0 * p * (a * t + b * (p * nt + l * tt)) + p * (e + f * next + g * next_square)
    }
}

/// E\[N\] and E\[N^2\] of M/G/1 whose service has these cumulants, by the distributional law of Little.
fn number_in_system(lambda: f64, service: [f64; 3]) -> (f64, f64) {
    let [mean, variance, third] = service;
    let slack = 1.0 - lambda * mean;
    let wait = 0.5 * lambda * (variance + mean * mean) / slack;
    let raw = third + 3.0 * mean * variance + mean.powi(3);
    let spread = lambda * raw / (3.0 * slack) + wait * wait + variance;
    let sojourn = wait + mean;
    (lambda * sojourn, lambda * sojourn + lambda * lambda * (spread + sojourn * sojourn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    /// Oracle: mean and variance of the sojourn of a tagged message, followed through (ahead, behind, stages left of
    /// the service under way) until it leaves; it finds what the chain of (number, stages left) says.
    fn by_tagged_chain(lambda: f64, stages: u32, p: f64, top: u32) -> (f64, f64) {
        let rate = f64::from(stages);
        let found = Chain::explore([(0u32, stages)], 4000, |&(n, stage), to| {
            to(((n + 1).min(top), stage), lambda);
            match (n, stage) {
                (0, _) => {}
                (_, 2..) => to((n, stage - 1), rate),
                _ => {
                    to((n - 1, stages), rate * (1.0 - p));
                    to((n, stages), rate * p);
                }
            }
        })
        .unwrap();
        let begin = |&(n, stage): &(u32, u32)| Some((n, 0, stage));
        let tagged = Chain::explore(found.states().iter().map(begin), 4000, |state, to| {
            let Some((ahead, behind, stage)) = *state else { return };
            to(Some((ahead, (behind + 1).min(top - ahead), stage)), lambda);
            match (stage, ahead) {
                (2.., _) => to(Some((ahead, behind, stage - 1)), rate),
                (_, 0) => {
                    to(None, rate * (1.0 - p));
                    to(Some((behind, 0, stages)), rate * p);
                }
                _ => {
                    to(Some((ahead - 1, behind, stages)), rate * (1.0 - p));
                    to(Some((ahead - 1, behind + 1, stages)), rate * p);
                }
            }
        })
        .unwrap();
        let gone: Vec<bool> = tagged.states().iter().map(Option::is_none).collect();
        let times = tagged.generator().passage(&gone).unwrap();
        let at = found.stationary().unwrap();
        let place = |state: &(u32, u32)| tagged.states().iter().position(|known| *known == begin(state));
        let time = |state: &(u32, u32)| times[place(state).unwrap()];
        let mean = found.expect(&at, |state| time(state).mean);
        let second = found.expect(&at, |state| time(state).variance.unwrap() + time(state).mean.powi(2));
        (mean, second - mean * mean)
    }

    #[test]
    fn agrees_with_a_tagged_message() {
        for (lambda, stages, p) in [(0.2, 1, 0.5), (0.2, 2, 0.4), (0.3, 3, 0.1)] {
            let k = f64::from(stages);
            let service = [1.0, 1.0 / k, 2.0 / (k * k)];
            let queue = TailFeedback::new(lambda, service, p).unwrap();
            let (mean, variance) = by_tagged_chain(lambda, stages, p, 26);
            assert!((queue.sojourn() / mean - 1.0).abs() < 1e-6, "{stages}: {} {mean}", queue.sojourn());
            let value = queue.sojourn_variance();
            assert!((value / variance - 1.0).abs() < 1e-4, "{stages}: {value} {variance}");
            // Power twin: the other services, the other variance.
            let other = TailFeedback::new(lambda, [1.0, 2.0, 9.0], p).unwrap().sojourn_variance();
            assert!((other / variance - 1.0).abs() > 0.1);
        }
    }

    #[test]
    fn exponential_service_forgets_and_no_failures_are_the_plain_queue() {
        let (lambda, p) = (0.3, 0.4);
        let queue = TailFeedback::new(lambda, [1.0, 1.0, 2.0], p).unwrap();
        let (a, b) = queue.first_order();
        let (e, f, g) = queue.second_order();
        let rho: f64 = 0.5;
        let (n, nn) = (rho / (1.0 - rho), rho * (1.0 + rho) / (1.0 - rho).powi(2));
        assert!((queue.sojourn() - (a + b * n)).abs() < 1e-14);
        let mean = a + b * n;
        assert!((queue.sojourn_variance() / (e + f * n + g * nn - mean * mean) - 1.0).abs() < 1e-14);
        let service = [1.0, 0.25, 0.125];
        let queue = TailFeedback::new(0.8, service, 0.0).unwrap();
        let plain = crate::analytic::station::mg1::Mg1::new(0.8, &crate::dist::Dist::erlang(4, 1.0).unwrap()).unwrap();
        assert!((queue.sojourn() / plain.sojourn() - 1.0).abs() < 1e-14);
        assert!((queue.sojourn_variance() / plain.sojourn_variance() - 1.0).abs() < 1e-13);
        assert!(TailFeedback::new(0.8, service, 0.2).is_none());
    }
}
