//! M/M/c/K whose full queue drops its oldest waiting message instead of refusing the new one. Counts
//! and loss are those of M/M/c/K; times follow a tagged message.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson;
use crate::analytic::station::mmck::Mmck;
use crate::analytic::steady::Moments;

/// Most waiting places for which the law of the wait is computed, beyond its moments.
const MOST_FOR_LAW: usize = 300;

/// M/M/c/K with drop-head.
///
/// Formula: a tagged message with i ahead and j behind it (i + 1 + j <= m = K - c) moves at rate c mu to i - 1
/// (from i = 0: into service), at rate lambda to j + 1 or, if the queue is full, to (i - 1, j + 1) (from i = 0:
/// dropped). Every step costs an exponential time of rate lambda + c mu; share, mean and second moment of
/// the time follow by recursion over i and j, and the law counts steps. P(dropped) = p_K of M/M/c/K.
/// Units: lambda and mu per second, times in seconds.
/// Valid when: K >= c, any load; the message in service is never dropped. K counts those in service.
/// Reference: first-step analysis of an absorbing chain: Kemeny and Snell, Finite Markov Chains (1960),
/// ch. 3; counts: Gross et al. (4th ed.), sec. 2.4.
///
/// ```
/// use lindley::analytic::broker::drop_head::DropHead;
/// // M/M/1/2 at lambda = mu = 1: the one waiting is served or pushed out, each at rate 1.
/// let queue = DropHead::new(1.0, 1.0, 1, 2);
/// assert!((queue.prob_loss() - 1.0 / 3.0).abs() < 1e-15);
/// assert!((queue.wait_of_served().mean - 0.25).abs() < 1e-15); // half of the served wait 1/2 s
/// assert!((queue.wait_of_dropped() - 0.5).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct DropHead {
    pub(super) reject: Mmck,
    step: f64,
    up: f64,
    /// Probability that a step is a completion, not 1 less the other: it may be very small.
    down: f64,
    /// Probability that an arrival joins as number w of the queue.
    joins: Vec<f64>,
    served: Ending,
    dropped: Ending,
}

/// Share of messages that end that way, and the first two moments of the time until then, summed over them.
#[derive(Debug, Clone, Copy, Default)]
struct Ending {
    share: f64,
    time: f64,
    square: f64,
}

impl Ending {
    const SURE: Ending = Ending { share: 1.0, time: 0.0, square: 0.0 };

    /// One exponential step of that mean before this.
    fn after(self, mean: f64) -> Ending {
        let time = self.time + mean * self.share;
        Ending { time, square: self.square + 2.0 * mean * time, ..self }
    }

    fn plus(self, other: Ending, weight: f64) -> Ending {
        Ending {
            share: self.share + weight * other.share,
            time: self.time + weight * other.time,
            square: self.square + weight * other.square,
        }
    }
}

/// How a tagged message ends: served, dropped.
type Fate = [Ending; 2];

impl DropHead {
    /// The queue with `c` servers of rate `mu` and space for `capacity` >= c messages in all (a smaller
    /// capacity is taken as c).
    pub fn new(lambda: f64, mu: f64, c: u32, capacity: u64) -> DropHead {
        let reject = Mmck::new(lambda, mu, c, capacity);
        let room = capacity.saturating_sub(u64::from(c)) as usize;
        let total = lambda + f64::from(c) * mu;
        let accepted = reject.prob_accepted();
        let at_once = (1.0 - reject.prob_wait()) * accepted;
        let joins = joins(&reject, room, lambda / (f64::from(c) * mu));
        let mut queue = DropHead {
            reject,
            step: 1.0 / total,
            up: lambda / total,
            down: f64::from(c) * mu / total,
            joins,
            served: Ending { share: at_once, time: 0.0, square: 0.0 },
            dropped: Ending::default(),
        };
        if room == 0 {
            queue.dropped.share = reject.prob_loss();
        } else {
            queue.follow(room);
        }
        queue
    }

    /// Follows a tagged message from every place at which it may join.
    fn follow(&mut self, room: usize) {
        let mut ahead: Vec<Fate> = Vec::new();
        for i in 0..room {
            ahead = self.fates(i, room, &ahead);
            let weight = self.joins[i] + if i + 1 == room { self.reject.prob_loss() } else { 0.0 };
            self.served = self.served.plus(ahead[0][0], weight);
            self.dropped = self.dropped.plus(ahead[0][1], weight);
        }
    }

    /// Fates with i ahead, by the number behind, from those with one fewer ahead.
    fn fates(&self, i: usize, room: usize, ahead: &[Fate]) -> Vec<Fate> {
        let nothing = Ending::default();
        let most_behind = room - 1 - i;
        let mut fates = vec![[nothing; 2]; most_behind + 1];
        for j in (0..=most_behind).rev() {
            let completed = if i == 0 { [Ending::SURE, nothing] } else { ahead[j] };
            let arrived = match (j < most_behind, i) {
                (true, _) => fates[j + 1],
                (false, 0) => [nothing, Ending::SURE],
                (false, _) => ahead[j + 1],
            };
            for end in 0..2 {
                let next = nothing.plus(completed[end], self.down).plus(arrived[end], self.up);
                fates[j][end] = next.after(self.step);
            }
        }
        fates
    }

    /// Share of messages dropped.
    pub fn prob_loss(&self) -> f64 {
        self.dropped.share
    }

    /// Mean and variance of the wait of the messages that are served, seconds.
    pub fn wait_of_served(&self) -> Moments {
        let mean = self.served.time / self.served.share;
        Moments::new(mean, self.served.square / self.served.share - mean * mean)
    }

    /// Mean time in the queue of the messages that are dropped, seconds; 0 where none can wait.
    pub fn wait_of_dropped(&self) -> f64 {
        if self.joins.is_empty() { 0.0 } else { self.dropped.time / self.dropped.share }
    }

    /// Law of the wait of the messages that are served; `None` with more than 300 places to wait.
    pub fn wait_law(&self) -> Option<TimeLaw> {
        if self.joins.len() > MOST_FOR_LAW {
            return None;
        }
        let tails = self.tails();
        let last = tails.len() as u64;
        let (rate, mean) = (1.0 / self.step, self.wait_of_served().mean);
        let tail = move |j: u64| usize::try_from(j).ok().and_then(|j| tails.get(j).copied()).unwrap_or(0.0);
        let method = "steps of a tagged message (absorbing chain)";
        Some(TimeLaw::computed(mean, method, move |t| poisson::expect_up_to(rate * t, last, &tail)))
    }

    /// P(more than k steps | served), k = 0, 1, ...
    fn tails(&self) -> Vec<f64> {
        let room = self.joins.len();
        // now[i][j]: probability of i ahead and j behind.
        let mut now: Vec<Vec<f64>> = (0..room).map(|i| vec![0.0; room - i]).collect();
        for (i, p) in self.joins.iter().enumerate() {
            now[i][0] = *p;
        }
        if let Some(last) = now.last_mut() {
            last[0] += self.reject.prob_loss();
        }
        let mut served = Vec::new();
        for _ in 0..2 * room {
            let (next, done) = self.stepped(&now);
            served.push(done / self.served.share);
            now = next;
        }
        for step in (1..served.len()).rev() {
            served[step - 1] += served[step];
        }
        served
    }

    /// One step of every tagged message: where they are then, and the share that enters service.
    fn stepped(&self, now: &[Vec<f64>]) -> (Vec<Vec<f64>>, f64) {
        let mut next: Vec<Vec<f64>> = now.iter().map(|row| vec![0.0; row.len()]).collect();
        let mut done = 0.0;
        for (i, row) in now.iter().enumerate() {
            for (j, &p) in row.iter().enumerate() {
                let ahead = if i == 0 { &mut done } else { &mut next[i - 1][j] };
                *ahead += self.down * p;
                if j + 1 < row.len() {
                    next[i][j + 1] += self.up * p;
                } else if i > 0 {
                    next[i - 1][j + 1] += self.up * p;
                }
            }
        }
        (next, done)
    }
}

/// Probability that an arrival finds c + w messages, w below the number of places to wait.
fn joins(reject: &Mmck, room: usize, ratio: f64) -> Vec<f64> {
    // Anchored at the heavy end, so that nothing overflows.
    let exponent = |w: usize| if ratio > 1.0 { w as f64 - room as f64 } else { w as f64 };
    let weights: Vec<f64> = (0..room).map(|w| (exponent(w) * ratio.ln()).exp()).collect();
    let total: f64 = weights.iter().sum();
    let waits = reject.prob_wait() * reject.prob_accepted();
    weights.iter().map(|weight| waits * weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::has_moments;

    const CASES: [(f64, u32, u64); 6] =
        [(0.9, 1, 5), (1.5, 1, 10), (0.8, 1, 20), (2.5, 3, 9), (9.0, 4, 30), (0.1, 2, 2)];

    #[test]
    fn the_share_dropped_is_the_loss_of_mmck_and_littles_law_holds() {
        for (lambda, c, capacity) in CASES {
            let queue = DropHead::new(lambda, 1.0, c, capacity);
            let loss = queue.reject.prob_loss();
            assert!((queue.prob_loss() / loss - 1.0).abs() < 1e-11, "{lambda} {c} {capacity}");
            assert!((queue.served.share + queue.dropped.share - 1.0).abs() < 1e-13);
            let waiting = lambda * (queue.served.time + queue.dropped.time);
            assert!((waiting - queue.reject.queue_length()).abs() < 1e-12 * (1.0 + waiting), "{lambda} {c} {capacity}");
        }
    }

    #[test]
    fn many_places_are_a_fluid_and_none_a_loss_system() {
        // 2 of 3 are dropped. Served messages move up at rate 1 + 2 = 3 from place 400, the tail.
        let queue = DropHead::new(3.0, 1.0, 1, 401);
        assert!((queue.prob_loss() - 2.0 / 3.0).abs() < 1e-10);
        assert!((queue.wait_of_served().mean / (400.0 / 3.0) - 1.0).abs() < 0.01);
        let queue = DropHead::new(2.0, 1.0, 3, 3);
        assert_eq!(queue.wait_of_served().mean, 0.0);
        assert_eq!(queue.prob_loss(), queue.reject.prob_loss());
    }

    #[test]
    fn an_overload_beyond_all_digits_serves_what_has_just_come() {
        // A server freed after 1 s takes the oldest of 99 that came in the last 99e-18 s.
        let queue = DropHead::new(1e18, 1.0, 1, 100);
        assert!((queue.wait_of_served().mean / 99e-18 - 1.0).abs() < 1e-10, "{}", queue.wait_of_served().mean);
        assert!((queue.served.share * 1e18 - 1.0).abs() < 1e-10);
        // The law ends with its table, wherever the Poisson terms are: a sum over 200 entries for a mean of 1e18.
        let law = queue.wait_law().unwrap();
        assert!(law.survival(1.0) == 0.0 && (law.survival(50e-18) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn mean_and_variance_are_those_of_the_law() {
        let queue = DropHead::new(1.3, 1.0, 2, 9);
        let law = queue.wait_law().unwrap();
        has_moments(&law, queue.wait_of_served(), (2e-3, 20_000), [1e-5, 1e-4]);
        assert!((law.survival(0.0) - queue.reject.prob_wait()).abs() < 1e-13);
    }
}
