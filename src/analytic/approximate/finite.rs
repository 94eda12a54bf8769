//! G/G/c/K from two moments: the number of messages by mean residual times, of arrivals and of services, put in the
//! place of those of a stationary renewal process.

use super::two_moments::TwoMoments;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::refusal::Refusal;

/// Above this, weights still without norm are made smaller.
const LARGE: f64 = 1e200;

/// The number of messages in G/G/c/K by Choi, Kim and Chae.
///
/// Formula: A = (1 + ca2)/2 and R = a (1 + cs2)/2, a = lambda E\[S\]. What arrivals find, P_n, follows from
/// P_n/P_(n-1) = (a/n - 1 + A)/A for n < c, (a - c (1-A))/(c A - a + R) for n = c < K,
/// (R - c (1-A))/(c A - a + R) for c < n < K, and R/c - 1 + A for n = K (a/c - 1 + A if K = c); the share of time with n
/// messages is p_n = (1-A) P_(n-1) + A P_n for 0 < n < K, p_0 = A P_0, p_K = (1-A) P_(K-1) + P_K.
/// Lost: P_K; then a (1 - P_K) servers are busy, and Lq = sum (n - c) p_n.
/// Units: lambda per second, times in seconds.
/// Valid when: K >= c, first in first out; any load, unless arrivals and services are so regular that a weight is
/// negative (then it is refused). Exact for M/M/c/K and M/G/c/c.
/// Accuracy: measured with laws E4, M and H2 (scv 0.25, 1, 4), c = 1, 4, 20, K - c = 0, 4, 30, at loads of 0.7, 1 and 1.3.
/// The share lost, with both scv up to 1: off by 0.003 on average, 0.01 at most with places to wait, 0.05 at most
/// without. Service of scv 4: 0.01 on average, 0.07 at most. Arrivals of scv 4: 0.04 on average, 0.2 at most (H2/M/1/1),
/// 0.02 at most with 30 places to wait; two moments do not tell more. Lq: off by 3 % on average with both scv up to 1
/// (23 % at most), 8 % with arrivals of scv 4 (too long by 60 % for H2/H2/20 at load 0.7).
/// Reference: Choi, Kim and Chae, A two-moment approximation for the GI/G/c queue with finite capacity, INFORMS Journal
/// on Computing 17 (2005).
///
/// ```
/// use lindley::analytic::approximate::{finite::FiniteQueue, two_moments::TwoMoments};
/// let queue = TwoMoments { lambda: 1.0, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 1.0 };
/// let four_states = FiniteQueue::new(&queue, 3).unwrap(); // M/M/1/3 at load 1: equally likely
/// assert!((four_states.prob_loss() - 0.25).abs() < 1e-15);
/// assert!((four_states.queue_length() - 0.75).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct FiniteQueue {
    c: u32,
    /// What arrivals find: 0 to K messages.
    found: Vec<f64>,
    /// Share of time with 0 to K messages.
    states: Vec<f64>,
}

impl FiniteQueue {
    /// The queue with room for `places` >= c messages in all; `Err` where a weight would be negative.
    pub fn new(queue: &TwoMoments, places: u64) -> Result<FiniteQueue, Refusal> {
        let ratios = Ratios::of(queue);
        let mut found = vec![1.0];
        for n in 1..=places {
            let ratio = ratios.at(n, places);
            if ratio.is_nan() || ratio <= 0.0 || ratio == f64::INFINITY {
                return Err(too_regular(queue));
            }
            let next = found[found.len() - 1] * ratio;
            found.push(next);
            if next > LARGE {
                found.iter_mut().for_each(|p| *p /= LARGE);
            }
        }
        let total: f64 = found.iter().rev().sum();
        found.iter_mut().for_each(|p| *p /= total);
        let last = found.len() - 1;
        let share = |n: usize| {
            let below = if n > 0 { (1.0 - ratios.residual) * found[n - 1] } else { 0.0 };
            below + if n == last { found[n] } else { ratios.residual * found[n] }
        };
        let states = (0..found.len()).map(share).collect();
        Ok(FiniteQueue { c: queue.c, found, states })
    }

    fn c(&self) -> usize {
        self.c as usize
    }

    /// Share of messages that find the system full.
    pub fn prob_loss(&self) -> f64 {
        self.found[self.found.len() - 1]
    }

    /// Share of messages that do not.
    pub fn prob_accepted(&self) -> f64 {
        self.found[..self.found.len() - 1].iter().rev().sum()
    }

    /// Share of accepted messages that find no free server.
    pub fn prob_wait(&self) -> f64 {
        self.found[self.c()..self.found.len() - 1].iter().rev().fold(0.0, |sum, p| sum + p) / self.prob_accepted()
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.states[self.c()..].iter().enumerate().rev().map(|(waiting, p)| waiting as f64 * p).sum()
    }

    /// Law of the number in the system, as time sees it.
    pub fn number_law(&self) -> NumberLaw {
        let (states, tails) = (self.states.clone(), TailTable::finite(&self.states));
        let at = move |n: u64| states.get(n as usize).copied().unwrap_or(0.0);
        NumberLaw::new(at, move |n| tails.tail(n)).waiting_for(self.c)
    }
}

fn too_regular(queue: &TwoMoments) -> Refusal {
    Refusal::Assumption(format!(
        "with scv {} of the arrivals and {} of the service at load {} residual times of renewal processes would make \
         probabilities negative",
        queue.arrival_scv,
        queue.service_scv,
        queue.rho()
    ))
}

/// Ratios of what arrivals find.
struct Ratios {
    c: f64,
    load: f64,
    /// A: mean residual time between arrivals, in times between arrivals.
    residual: f64,
    /// R: mean residual service, in times between arrivals.
    work: f64,
}

impl Ratios {
    fn of(queue: &TwoMoments) -> Ratios {
        let load = queue.lambda * queue.service;
        let (residual, work) = (0.5 * (1.0 + queue.arrival_scv), 0.5 * load * (1.0 + queue.service_scv));
        Ratios { c: f64::from(queue.c), load, residual, work }
    }

    /// P_n / P_(n-1); not positive where the formula has no answer.
    fn at(&self, n: u64, places: u64) -> f64 {
        let Ratios { c, load, residual, work } = *self;
        let (n, full) = (n as f64, n == places);
        let beyond = (c * residual - load + work).max(0.0);
        match (n < c, n == c) {
            (true, _) => (load / n - 1.0 + residual) / residual,
            (_, true) if full => load / c - 1.0 + residual,
            (_, true) => (load - c * (1.0 - residual)) / beyond,
            _ if full => work / c - 1.0 + residual,
            _ => (work - c * (1.0 - residual)) / beyond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::matrix::map_ph_c_k::MapPhCK;
    use crate::analytic::matrix::phase::{Map, PhaseLaw};
    use crate::analytic::station::{erlang::erlang_b, mmck::Mmck};
    use crate::analytic::testing::{TwoStages, TwoStagesFound, assert_close as close};
    use crate::dist::Dist;

    fn finite(rho: f64, c: u32, places: u64, arrival_scv: f64, service_scv: f64) -> FiniteQueue {
        FiniteQueue::new(&TwoMoments::loaded(rho, c, arrival_scv, service_scv), places).unwrap()
    }

    #[test]
    fn poisson_and_exponential_is_mmck() {
        for (rho, c, places) in [(0.5, 1, 5), (1.0, 4, 20), (1.3, 20, 50), (0.9, 1000, 1010), (3.0, 2, 2)] {
            let (queue, exact) = (finite(rho, c, places, 1.0, 1.0), Mmck::new(rho * f64::from(c), 1.0, c, places));
            close(queue.prob_loss(), exact.prob_loss(), 1e-11);
            assert!((queue.queue_length() - exact.queue_length()).abs() < 1e-11 * (1.0 + exact.queue_length()));
            assert!((queue.prob_wait() - exact.prob_wait()).abs() < 1e-11);
            close(queue.number_law().probability(places - 1), exact.prob_in_system(places - 1), 1e-9);
        }
    }

    #[test]
    fn without_waiting_places_only_the_mean_service_counts() {
        for (rho, c) in [(0.3, 1), (0.9, 10), (2.0, 50)] {
            for scv in [0.0, 0.25, 4.0] {
                let queue = finite(rho, c, c.into(), 1.0, scv);
                close(queue.prob_loss(), erlang_b(c, rho * f64::from(c)), 1e-12);
            }
        }
    }

    #[test]
    fn shares_sum_and_busy_servers_balance_and_losses_fall_with_places() {
        for (ca2, cs2) in [(0.25, 0.25), (0.5, 4.0), (4.0, 0.25), (4.0, 4.0), (1.0, 0.0)] {
            for (rho, c) in [(0.8, 1_u32), (0.8, 4), (1.2, 20)] {
                let mut lost = 1.0;
                for places in [0, 1, 5, 40, 400].map(|room| u64::from(c) + room) {
                    let queue = finite(rho, c, places, ca2, cs2);
                    close(queue.states.iter().sum(), 1.0, 1e-11);
                    assert!(queue.states.iter().all(|p| *p >= 0.0));
                    let busy: f64 = (0..).zip(&queue.states).map(|(n, p)| f64::from(c.min(n)) * p).sum();
                    close(busy, rho * f64::from(c) * queue.prob_accepted(), 1e-10);
                    assert!(queue.prob_loss() < lost);
                    lost = queue.prob_loss();
                }
                // What cannot be served is lost, and no more.
                assert!((lost - (1.0 - 1.0 / rho).max(0.0)).abs() < 1e-3, "{lost}");
            }
        }
    }

    #[test]
    fn what_is_too_regular_for_its_load_is_refused() {
        let regular = TwoMoments::loaded(0.4, 2, 0.0, 0.0);
        assert!(matches!(FiniteQueue::new(&regular, 9), Err(Refusal::Assumption(_))));
        assert!(FiniteQueue::new(&TwoMoments::loaded(2.5, 2, 1.0, 0.0), 9).is_err());
    }

    /// Largest and mean error of the share lost against PH/PH/c/K, of that approximation.
    fn errors(ca2: &[f64], cs2: &[f64], approximate: impl Fn(f64, u32, u64, f64, f64) -> f64) -> (f64, f64) {
        let law = |mean: f64, scv: f64| match scv {
            scv if scv > 1.0 => Dist::hyperexponential_balanced(mean, scv),
            scv => Dist::erlang((1.0 / scv) as u32, mean),
        };
        let phases = |mean, scv| PhaseLaw::of(&law(mean, scv).unwrap()).unwrap();
        let (mut most, mut sum, mut cases) = (0.0_f64, 0.0, 0.0);
        for (&a, &s) in ca2.iter().flat_map(|a| cs2.iter().map(move |s| (a, s))) {
            for (c, room, rho) in [1_u32, 4]
                .into_iter()
                .flat_map(|c| [0, 4, 30].into_iter().flat_map(move |room| [0.7, 1.0, 1.3].map(|rho| (c, room, rho))))
            {
                let places = u64::from(c) + room;
                let map = Map::renewal(&phases(1.0 / (rho * f64::from(c)), a)).unwrap();
                let exact = MapPhCK::new(map, phases(1.0, s), c, places).unwrap().prob_loss();
                let error = (approximate(rho, c, places, a, s) - exact).abs();
                (most, sum, cases) = (most.max(error), sum + error, cases + 1.0);
            }
        }
        (most, sum / cases)
    }

    /// The accuracy that the documentation states, and that M/M/c/K does not have.
    #[test]
    fn losses_are_as_near_as_stated() {
        let own = |rho, c, places, a, s| finite(rho, c, places, a, s).prob_loss();
        let (most, mean) = errors(&[0.25, 0.5, 1.0], &[0.25, 0.5, 1.0], own);
        assert!(most < 0.05 && mean < 0.008, "{most} {mean}");
        let (most, mean) = errors(&[0.25, 1.0, 4.0], &[0.25, 1.0, 4.0], own);
        assert!(most < 0.195 && mean < 0.03, "{most} {mean}");
        // Power twin: without the moments the errors are larger.
        let plain = |rho: f64, c, places, _, _| Mmck::new(rho * f64::from(c), 1.0, c, places).prob_loss();
        let (most, mean) = errors(&[0.25, 0.5, 1.0], &[0.25, 0.5, 1.0], plain);
        assert!(most > 0.1 && mean > 0.02, "{most} {mean}");
    }

    /// E2/E2/2/5 with the servers told apart by stage: a witness that shares nothing with the levels.
    #[test]
    fn erlang_laws_by_a_chain_of_their_own() {
        for lambda in [1.4, 2.0, 2.6] {
            let TwoStagesFound { lost, waiting, .. } = TwoStages { lambda, room: 3, theta: 0.0 }.solve();
            let queue = finite(lambda / 2.0, 2, 5, 0.5, 0.5);
            assert!((queue.prob_loss() - lost).abs() < 0.005, "{lambda}: {} {lost}", queue.prob_loss());
            assert!((queue.queue_length() - waiting).abs() < 0.08, "{lambda}: {} {waiting}", queue.queue_length());
        }
    }
}
