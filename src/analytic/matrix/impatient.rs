//! MAP/M/c/K+P: Markovian arrivals, exponential service, messages that give up waiting.

use super::phase::Map;
use super::stairs::stairs;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::problem::Patience;
use crate::analytic::refusal::Refusal;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// Waiting places at first, where they have no limit: doubled until the last is never reached.
const FIRST_PLACES: u64 = 64;
/// Share of time at which a level counts as never reached.
const NEVER: f64 = 1e-15;
/// Levels at most, and operations at most.
const MOST_LEVELS: u64 = 1 << 21;
const MOST_WORK: f64 = 5e9;

/// MAP/M/c+P and MAP/M/c/K+P in steady state: messages that have waited for their patience leave unserved.
///
/// Formula: with j messages waiting, servers and patience lead down at rate k_j: c mu + j/E\[P\] if patience is exponential,
/// c mu P(N >= j-1)/P(N >= j) with N Poisson of mean c mu t if it is t for all. Arrivals in phases D0, D1 lead
/// up; probabilities by levels. Who finds j waiting is served with probability c mu/k_(j+1). P(abandon) =
/// sum (k_j - c mu) p_(c+j) / lambda. Wait of the served, given that j were waiting: sum over i <= j+1 of 1/k_i
/// (exponential), or (j+1) P(N >= j+2) / (c mu P(N >= j+1)) (the same for all).
/// Units: rates per second, times in seconds; lost, abandoning and served are shares of all messages.
/// Valid when: any load; first in first out, a message in service is finished. Exact if patience is exponential, or if
/// arrivals are Poisson; with other arrivals and one patience for all the rates k_j are those of Poisson arrivals, an
/// approximation (`whitt-2005`). At most 2,000,000 levels.
/// Numerics: nothing is subtracted but c mu from k_j; without a limit, levels are added until the last has a share of 1e-15.
/// Reference: Barrer, Queuing with impatient customers and ordered service, Oper. Res. 5 (1957); Movaghar, On queueing with
/// customer impatience until the beginning of service, Queueing Systems 29 (1998), for the rates k_j; Gaver, Jacobs,
/// Latouche (1984) for the levels.
///
/// ```
/// use lindley::analytic::{matrix::{impatient::ImpatientQueue, phase::Map}, problem::Patience};
/// // One server, two places, all rates 1/s: p = (1, 1, 1/2)/2.5.
/// let poisson = Map::poisson(1.0).unwrap();
/// let queue = ImpatientQueue::new(&poisson, 1.0, 1, Some(2), Patience::Exponential(1.0)).unwrap();
/// assert!((queue.prob_loss() - 0.2).abs() < 1e-15 && (queue.prob_abandon() - 0.2).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct ImpatientQueue {
    lambda: f64,
    mu: f64,
    c: u32,
    limited: bool,
    patience: Patience,
    /// k_1, k_2, ..: rates down with so many waiting.
    leave: Vec<f64>,
    /// Share of time with n messages, and share of arrivals that find them.
    states: Vec<f64>,
    found: Vec<f64>,
}

impl ImpatientQueue {
    /// The queue with these arrivals, that service rate `mu`, `c` >= 1 servers and `places` >= c in all (`None`: no limit).
    pub fn new(map: &Map, mu: f64, c: u32, places: Option<u64>, patience: Patience) -> Result<ImpatientQueue, Refusal> {
        let mut waiting = places.map_or(FIRST_PLACES, |places| places.saturating_sub(u64::from(c)));
        loop {
            affordable(map.phases(), u64::from(c) + waiting)?;
            let queue = ImpatientQueue::with_room(map, mu, c, waiting, patience)?;
            match places {
                Some(_) => return Ok(ImpatientQueue { limited: true, ..queue }),
                None if queue.states[queue.states.len() - 1] < NEVER => return Ok(queue),
                None => waiting *= 2,
            }
        }
    }

    fn with_room(map: &Map, mu: f64, c: u32, waiting: u64, patience: Patience) -> Result<ImpatientQueue, Refusal> {
        let leave = rates_down(f64::from(c) * mu, waiting, patience);
        let down: Vec<f64> =
            (1..=c).map(|n| f64::from(n) * mu).chain(leave.iter().take(waiting as usize).copied()).collect();
        let beyond = || Refusal::Numerics("the levels cannot be computed in double precision".to_string());
        let levels = stairs(map, &down).ok_or_else(beyond)?;
        let (lambda, exits) = (map.rate(), map.arrivals.column_sum());
        let found = levels.iter().map(|level| (level * &exits)[0] / lambda).collect();
        let states = levels.iter().map(|level| level.sum()).collect();
        Ok(ImpatientQueue { lambda, mu, c, limited: false, patience, leave, states, found })
    }

    fn capacity(&self) -> f64 {
        f64::from(self.c) * self.mu
    }

    /// Share of messages that find the system full; 0 without a limit.
    pub fn prob_loss(&self) -> f64 {
        if self.limited { self.found[self.found.len() - 1] } else { 0.0 }
    }

    /// (j, share of arrivals that find j waiting and are accepted).
    fn waiters(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> + '_ {
        self.found[..self.found.len() - 1].iter().copied().skip(self.c as usize).enumerate()
    }

    /// Share of accepted messages that find no free server.
    pub fn prob_wait(&self) -> f64 {
        self.waiters().rev().fold(0.0, |sum, (_, p)| sum + p) / (1.0 - self.prob_loss())
    }

    /// (j, share of time with j waiting), j = 1, 2, ..
    fn waiting(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> + '_ {
        self.states.iter().copied().skip(self.c as usize).enumerate().skip(1)
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.waiting().fold(0.0, |sum, (j, p)| sum + j as f64 * p)
    }

    /// Share of messages that give up.
    pub fn prob_abandon(&self) -> f64 {
        self.waiting().fold(0.0, |sum, (j, p)| sum + (self.leave[j - 1] - self.capacity()) * p) / self.lambda
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        let busy = |(n, p): (usize, &f64)| n.min(self.c as usize) as f64 * p;
        self.mu * self.states.iter().enumerate().map(busy).sum::<f64>()
    }

    /// Mean wait of the messages that are served, seconds.
    pub fn wait_served(&self) -> f64 {
        let capacity = self.capacity();
        let (mut passed, mut sum) = (0.0, 0.0);
        for (j, p) in self.waiters() {
            let served = capacity / self.leave[j];
            passed += 1.0 / self.leave[j];
            let wait = match self.patience {
                Patience::Exponential(_) => passed,
                Patience::Deterministic(_) => (j + 1) as f64 / self.leave[j + 1],
            };
            sum += p * served * wait;
        }
        sum * self.lambda / self.throughput()
    }

    /// Mean time in the queue of accepted messages, served or not, seconds.
    pub fn wait_all(&self) -> f64 {
        self.queue_length() / (self.lambda * (1.0 - self.prob_loss()))
    }

    /// Law of the number in the system, as time sees it.
    fn number_law(&self) -> NumberLaw {
        let (states, tails) = (self.states.clone(), TailTable::finite(&self.states));
        let at = move |n: u64| states.get(n as usize).copied().unwrap_or(0.0);
        NumberLaw::new(at, move |n| tails.tail(n)).waiting_for(self.c)
    }

    /// Everything in one record, under that name in Kendall's notation before limit and patience: wait and sojourn are
    /// those of the messages that are served.
    pub fn steady(&self, kendall: &str) -> Steady {
        let (mean, throughput) = (1.0 / self.mu, self.throughput());
        let limit = if self.limited { format!("/{}", self.states.len() - 1) } else { String::new() };
        let letter = match self.patience {
            Patience::Exponential(_) => "M",
            Patience::Deterministic(_) => "D",
        };
        let (service, wait) = (Moments::of_mean(mean), Moments::of_mean(self.wait_served()));
        let method = "MAP/M/c/K+P by levels (Barrer 1957; Movaghar 1998); times of served messages";
        Steady {
            utilization: Some(throughput / self.capacity()),
            prob_wait: Some(self.prob_wait()),
            prob_loss: self.limited.then(|| self.prob_loss()),
            prob_abandon: Some(self.prob_abandon()),
            queue_length: self.queue_length(),
            in_system: self.queue_length() + throughput * mean,
            number_law: Some(self.number_law()),
            details: vec![
                Detail::mean("wait_all", self.wait_all(), Unit::Seconds),
                Detail::fraction("prob_empty", self.states[0]),
            ],
            ..Steady::carried(format!("{kendall}{limit}+{letter}"), (self.lambda, throughput), service, wait, method)
        }
    }
}

fn affordable(phases: usize, levels: u64) -> Result<(), Refusal> {
    let work = levels as f64 * (phases as f64).powi(3);
    if levels <= MOST_LEVELS && work <= MOST_WORK {
        return Ok(());
    }
    Err(Refusal::Numerics(format!(
        "{levels} levels of {phases} phases are too many: the limits are {MOST_LEVELS} levels and {MOST_WORK:e} operations"
    )))
}

/// k_1, .., k_(waiting+1).
fn rates_down(capacity: f64, waiting: u64, patience: Patience) -> Vec<f64> {
    match patience {
        Patience::Exponential(mean) => (1..=waiting + 1).map(|j| capacity + j as f64 / mean).collect(),
        Patience::Deterministic(time) => common_patience(capacity, waiting + 1, capacity * time),
    }
}

/// The rates where all wait for the same time, in which `mean` services end on average.
///
/// With h_j = P(N >= j)/P(N = j) = 1 + h_(j+1) mean/(j+1), the ratio P(N >= j-1)/P(N >= j) is 1 + j/(mean h_j).
fn common_patience(capacity: f64, last: u64, mean: f64) -> Vec<f64> {
    let most = last as f64;
    // What is left out beyond falls by mean/(j+1) a step; below half the mean, h doubles with each step and soon is all.
    let far = if mean > 2.0 * (most + 100.0) { most + 100.0 } else { most.max(mean) + 40.0 * (1.0 + mean.sqrt()) };
    let mut tail = 1.0;
    let mut rates = vec![0.0; last as usize];
    for j in (1..=far as u64).rev() {
        tail = 1.0 + tail * mean / (j + 1) as f64;
        if j <= last {
            rates[j as usize - 1] = capacity * (1.0 + j as f64 / (mean * tail));
        }
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::matrix::phase::PhaseLaw;
    use crate::analytic::station::{erlang_a::ErlangA, impatient::Impatient, ttl::Ttl};
    use crate::analytic::testing::{assert_close as close, chain_averages, share};
    use crate::dist::Dist;

    fn poisson(rate: f64) -> Map {
        Map::poisson(rate).unwrap()
    }

    fn renewal(law: Dist) -> Map {
        Map::renewal(&PhaseLaw::of(&law).unwrap()).unwrap()
    }

    #[test]
    fn exponential_service_and_patience_are_erlang_a() {
        for (lambda, mean, c) in [(1.2, 2.0, 1), (95.0, 0.5, 100), (10.0, 2.0, 10), (30.0, 50.0, 10), (0.5, 0.01, 1)] {
            let (queue, exact) = (
                ImpatientQueue::new(&poisson(lambda), 1.0, c, None, Patience::Exponential(mean)).unwrap(),
                ErlangA::new(lambda, 1.0, 1.0 / mean, c),
            );
            close(queue.prob_abandon(), exact.prob_abandon(), 1e-10);
            close(queue.queue_length(), exact.queue_length(), 1e-10);
            close(queue.prob_wait(), exact.prob_wait(), 1e-10);
            close(queue.wait_served(), exact.wait_served().mean, 1e-10);
            let places = u64::from(c) + 7;
            let limited = ImpatientQueue::new(&poisson(lambda), 1.0, c, Some(places), Patience::Exponential(mean));
            let (limited, exact) = (limited.unwrap(), Impatient::new(lambda, 1.0, 1.0 / mean, c, places));
            close(limited.prob_loss(), exact.prob_loss(), 1e-10);
            close(limited.wait_served(), exact.wait_served().mean, 1e-10);
            close(limited.throughput(), exact.throughput(), 1e-10);
        }
    }

    #[test]
    fn exponential_service_and_one_patience_for_all_is_barrers_formula() {
        for (lambda, c, time) in
            [(1.0, 1, 3.0), (12.0, 10, 0.25), (8.0, 10, 5.0), (30.0, 20, 2.0), (0.01, 3, 1e-3), (90.0, 80, 40.0)]
        {
            let queue = ImpatientQueue::new(&poisson(lambda), 1.0, c, None, Patience::Deterministic(time)).unwrap();
            let exact = Ttl::new(lambda, 1.0, c, time);
            close(queue.prob_abandon(), exact.prob_expire(), 1e-9);
            close(queue.queue_length(), exact.queue_length(), 1e-9);
            close(queue.wait_served(), exact.wait_served().mean, 1e-9);
            close(queue.prob_wait(), exact.prob_wait(), 1e-9);
        }
    }

    /// E2/M/2/K+M as a chain of (phase of arrivals, messages): nothing approximate is left but rounding.
    #[test]
    fn arrivals_in_phases_are_exact_by_the_chain() {
        for (lambda, theta, most) in [(1.5, 0.7, 5_u32), (3.0, 2.0, 6), (2.5, 0.1, 2)] {
            let average = chain_averages([(0, 0)], 1000, |&(phase, n): &(u8, u32), to| {
                let arrived = if n < most { n + 1 } else { n };
                to(if phase == 0 { (1, n) } else { (0, arrived) }, 2.0 * lambda);
                let gone = f64::from(n.min(2)) + theta * f64::from(n.saturating_sub(2));
                to((phase, n.saturating_sub(1)), gone);
            });
            let map = renewal(Dist::erlang(2, 1.0 / lambda).unwrap());
            let queue =
                ImpatientQueue::new(&map, 1.0, 2, Some(most.into()), Patience::Exponential(1.0 / theta)).unwrap();
            close(queue.prob_loss(), average(&|&(phase, n)| 2.0 * share(phase == 1 && n == most)), 1e-11);
            close(queue.throughput(), average(&|&(_, n)| f64::from(n.min(2))), 1e-11);
            let waiting = average(&|&(_, n)| f64::from(n.saturating_sub(2)));
            assert!((queue.queue_length() - waiting).abs() < 1e-11);
            assert!((queue.prob_abandon() - theta * waiting / lambda).abs() < 1e-11);
        }
    }

    #[test]
    fn every_message_is_served_or_lost_or_gives_up() {
        let h2 = renewal(Dist::hyperexponential_balanced(0.3, 4.0).unwrap());
        let e4 = renewal(Dist::erlang(4, 0.3).unwrap());
        for map in [poisson(3.0), h2, e4] {
            for patience in [Patience::Exponential(0.8), Patience::Deterministic(0.8)] {
                let mut lost = 1.0;
                for places in [4, 6, 9, 20, 200] {
                    let queue = ImpatientQueue::new(&map, 1.0, 4, Some(places), patience).unwrap();
                    let all = queue.prob_loss() + queue.prob_abandon() + queue.throughput() / map.rate();
                    assert!((all - 1.0).abs() < 1e-12, "{all}");
                    assert!(queue.prob_loss() < lost, "more places lose less");
                    lost = queue.prob_loss();
                    assert!(queue.wait_served() <= queue.wait_all() + 1e-12);
                }
                let free = ImpatientQueue::new(&map, 1.0, 4, None, patience).unwrap();
                let wide = ImpatientQueue::new(&map, 1.0, 4, Some(200), patience).unwrap();
                assert!(lost < 1e-12 && free.prob_loss() == 0.0);
                close(free.prob_abandon(), wide.prob_abandon(), 1e-10);
            }
        }
    }

    #[test]
    fn endless_patience_and_none_at_all() {
        let patient = ImpatientQueue::new(&poisson(2.0), 1.0, 3, Some(9), Patience::Deterministic(1e9)).unwrap();
        let plain = crate::analytic::station::mmck::Mmck::new(2.0, 1.0, 3, 9);
        close(patient.prob_loss(), plain.prob_loss(), 1e-12);
        close(patient.wait_served(), plain.wait(), 1e-12);
        let hasty = ImpatientQueue::new(&poisson(2.0), 1.0, 3, None, Patience::Deterministic(1e-12)).unwrap();
        close(hasty.prob_abandon(), crate::analytic::station::erlang::erlang_b(3, 2.0), 1e-9);
        let long = ImpatientQueue::new(&poisson(2.0), 1.0, 1, None, Patience::Exponential(1e9));
        assert!(matches!(long, Err(Refusal::Numerics(_))));
    }
}
