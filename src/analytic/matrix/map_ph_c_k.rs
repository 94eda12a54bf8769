//! MAP/PH/c/K: Markovian arrivals, c servers of phase-type service, K places in all; loss systems among them.

use super::blocks::LevelBlocks;
use super::nonneg::inverse;
use super::passage::levels;
use super::phase::{Map, PhaseLaw};
use super::wait::Steps;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::refusal::Refusal;
use crate::analytic::steady::{Detail, Moments, Steady};
use nalgebra::{DMatrix, DVector, RowDVector};

/// Levels, elements of all blocks kept, operations, and operations for the law of a time.
const MOST_LEVELS: f64 = 1e5;
const MOST_KEPT: f64 = 4e7;
const MOST_WORK: f64 = 1e11;
const MOST_STEPS_WORK: usize = 2_000_000_000;
/// Share of all waits below which the longest no longer matter.
const NOTHING: f64 = 1e-60;

/// MAP/PH/c/K in steady state, at any load.
///
/// Formula: levels 0 to K of the chain solved from the top: with N_K = (-B1_K - B0_K)^{-1} for a full
/// system, in which arrivals only change their phase, pi_n = pi_{n-1} B0_{n-1} N_n. Share lost:
/// pi_K D1 1/lambda. An accepted message that finds n >= c waits for n - c + 1 ends of service.
/// Units: rates per second, times in seconds; waits and sojourns of accepted messages.
/// Valid when: 1 <= c <= K; first in first out for the times; at most 600 states a level.
/// Numerics: nothing is subtracted, so that losses of 1e-100 have all their digits.
/// Reference: Gaver, Jacobs, Latouche (1984); Latouche and Ramaswami (1999), ch. 10.
///
/// ```
/// use lindley::analytic::matrix::{map_ph_c_k::MapPhCK, phase::{Map, PhaseLaw}};
/// use lindley::dist::Dist;
/// // M/G/1/1 loses a/(1 + a) whatever the service.
/// let h2 = PhaseLaw::of(&Dist::hyperexponential_balanced(1.0, 4.0).unwrap()).unwrap();
/// let queue = MapPhCK::new(Map::poisson(3.0).unwrap(), h2, 1, 1).unwrap();
/// assert!((queue.prob_loss() - 0.75).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct MapPhCK {
    blocks: LevelBlocks,
    levels: Vec<RowDVector<f64>>,
}

impl MapPhCK {
    /// The queue with these arrivals, that service, `servers` servers and `places` places in all; `Err`
    /// says why there is none.
    pub fn new(map: Map, service: PhaseLaw, servers: u32, places: u64) -> Result<MapPhCK, Refusal> {
        let few = || format!("K = {places} places hold fewer messages than there are servers, c = {servers}");
        Refusal::unless(places >= u64::from(servers), few)?;
        let blocks = LevelBlocks::new(map, service, servers)?;
        let (states, k) = (blocks.states(places) as f64, places as f64);
        if k > MOST_LEVELS || states * states * k > MOST_KEPT || 12.0 * states.powi(3) * k > MOST_WORK {
            return Err(Refusal::Numerics(format!(
                "{k} levels of {states} states are too many: the limits are 1e5 levels, 4e7 elements and 1e11 operations; without \
                 the limit on places the solution takes no longer however long the queue"
            )));
        }
        let full = inverse(&(blocks.within(places) + blocks.up(places)), &blocks.down(places).column_sum());
        let imprecise = || Refusal::Numerics("the levels cannot be computed in double precision".to_string());
        let mut levels = levels(&blocks, places, full).ok_or_else(imprecise)?;
        let total: f64 = levels.iter().map(|level| level.sum()).sum();
        levels.iter_mut().for_each(|level| *level /= total);
        Ok(MapPhCK { blocks, levels })
    }

    fn c(&self) -> usize {
        self.blocks.servers() as usize
    }

    fn places(&self) -> usize {
        self.levels.len() - 1
    }

    /// Arrivals per second.
    pub fn arrival_rate(&self) -> f64 {
        self.blocks.map.rate()
    }

    /// Rate of the arrivals that find n messages, per second.
    fn arrivals_at(&self, n: usize) -> f64 {
        (&self.levels[n] * self.blocks.up(n as u64)).sum()
    }

    /// Accepted messages per second.
    pub fn throughput(&self) -> f64 {
        (0..self.places()).map(|n| self.arrivals_at(n)).sum()
    }

    /// Share of arrivals that find the system full.
    pub fn prob_loss(&self) -> f64 {
        self.arrivals_at(self.places()) / self.arrival_rate()
    }

    /// Share of accepted messages that find no free server.
    pub fn prob_wait(&self) -> f64 {
        (self.c()..self.places()).fold(0.0, |sum, n| sum + self.arrivals_at(n)) / self.throughput()
    }

    /// P(N = n), as time sees it.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        self.levels.get(n as usize).map_or(0.0, |level| level.sum())
    }

    /// Law of the number in the system, as time sees it.
    pub fn number_law(&self) -> NumberLaw {
        let levels: Vec<f64> = self.levels.iter().map(|level| level.sum()).collect();
        let tails = TailTable::finite(&levels);
        let at = move |n: u64| levels.get(n as usize).copied().unwrap_or(0.0);
        NumberLaw::new(at, move |n| tails.tail(n)).waiting_for(self.blocks.servers())
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.levels[self.c()..].iter().enumerate().map(|(waiting, level)| waiting as f64 * level.sum()).sum()
    }

    /// Mean wait of accepted messages, seconds.
    pub fn wait(&self) -> f64 {
        self.queue_length() / self.throughput()
    }

    /// Accepted arrivals that find all servers busy, by spread of the servers (rows) and the
    /// number of ends of service they wait for, less 1 (columns).
    fn waiting(&self) -> DMatrix<f64> {
        let (c, rate) = (self.c(), self.throughput());
        let d = self.blocks.completions().len();
        let mut all = DMatrix::zeros(d, self.places() - c);
        for n in c..self.places() {
            let after = &self.levels[n] * self.blocks.up(n as u64) / rate;
            (0..after.len()).for_each(|i| all[(i % d, n - c)] += after[i]);
        }
        all
    }

    /// Variance of the wait of accepted messages, seconds squared.
    ///
    /// Formula: first and second moments of the time to k ends of service, from those of k - 1.
    pub fn wait_variance(&self) -> f64 {
        let waiting = self.waiting();
        let (work, ends) = (self.blocks.work(self.c() as u64), self.blocks.turnover());
        let visits = inverse(&work, &ends.column_sum());
        let after = &visits * ends;
        let (mut first, mut second) = (DVector::zeros(work.nrows()), DVector::zeros(work.nrows()));
        let mut square = 0.0;
        for column in waiting.column_iter() {
            let once: DVector<f64> = visits.column_sum() + &after * &first;
            second = 2.0 * &visits * &once + &after * second;
            first = once;
            square += column.dot(&second);
        }
        square - self.wait() * self.wait()
    }

    /// Laws of wait and sojourn of accepted messages; `None` if they take too many steps.
    pub fn laws(&self) -> (Option<TimeLaw>, Option<TimeLaw>) {
        let (prob, wait, service) = (self.prob_wait(), self.wait(), &self.blocks.service);
        let mut drain = DrainSteps::new(self);
        let rate = drain.rate;
        if prob == 0.0 {
            let alone = Steps::none().and_service(1.0, service, rate);
            return (Some(TimeLaw::Zero), alone.map(|steps| steps.law(rate, service.moments().0)));
        }
        let most = (MOST_STEPS_WORK / (drain.moves.len() * drain.waiting.len() + 1)).min(1 << 18);
        let Some(steps) = Steps::new(prob, most, || drain.advance()) else { return (None, None) };
        let sojourn = steps.and_service((1.0 - prob).max(0.0), service, rate);
        (Some(steps.law(rate, wait)), sojourn.map(|steps| steps.law(rate, wait + service.moments().0)))
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let (mean, variance) = self.blocks.service.moments();
        let (c, throughput) = (self.c() as f64, self.throughput());
        let (wait, waits) = (self.wait(), self.wait_variance());
        let (wait_law, sojourn_law) = self.laws();
        Steady {
            kendall: format!("{}/{}/{c}/{}", self.blocks.map.letter, self.blocks.service.letter, self.places()),
            arrival_rate: self.arrival_rate(),
            throughput,
            offered_load: self.arrival_rate() * mean,
            utilization: Some(throughput * mean / c),
            prob_wait: Some(self.prob_wait()),
            prob_loss: Some(self.prob_loss()),
            queue_length: self.queue_length(),
            in_system: self.levels.iter().enumerate().map(|(n, level)| n as f64 * level.sum()).sum(),
            service: mean,
            wait: Some(Moments { mean: wait, variance: Some(waits) }),
            sojourn: Some(Moments { mean: wait + mean, variance: Some(waits + variance) }),
            wait_law,
            sojourn_law,
            details: vec![
                Detail::fraction("prob_empty", self.prob_in_system(0)),
                Detail::fraction("all_busy", self.levels[self.c()..].iter().map(|level| level.sum()).sum()),
                Detail::fraction("full", self.prob_in_system(self.places() as u64)),
            ],
            method: "MAP/PH/c/K by levels (Gaver, Jacobs, Latouche 1984)",
            ..Steady::default()
        }
    }
}

/// Uniformised steps of the busy servers while a message waits.
struct DrainSteps {
    rate: f64,
    /// For each number of ends still to come, less 1, the spread of the servers.
    waiting: Vec<DVector<f64>>,
    /// (from, to, probability, whether a service ends).
    moves: Vec<(usize, usize, f64, bool)>,
}

impl DrainSteps {
    fn new(queue: &MapPhCK) -> DrainSteps {
        let (work, ends) = (queue.blocks.work(queue.c() as u64), queue.blocks.turnover());
        let out: DVector<f64> = work.column_sum() + ends.column_sum();
        let (rate, d) = (out.amax(), out.len());
        let mut moves: Vec<_> = (0..d).map(|i| (i, i, (rate - out[i]) / rate, false)).collect();
        for (i, j) in (0..d).flat_map(|i| (0..d).map(move |j| (i, j))) {
            moves.push((i, j, work[(i, j)] / rate, false));
            moves.push((i, j, ends[(i, j)] / rate, true));
        }
        moves.retain(|(.., p, _)| *p > 0.0);
        let mut waiting: Vec<DVector<f64>> = queue.waiting().column_iter().map(|column| column.into_owned()).collect();
        let all: f64 = waiting.iter().map(|column| column.sum()).sum();
        while waiting.last().is_some_and(|column| column.sum() < NOTHING * all) {
            waiting.pop();
        }
        DrainSteps { rate, waiting, moves }
    }

    /// Probability that the next step ends the wait.
    fn advance(&mut self) -> f64 {
        let mut begun = 0.0;
        for k in 0..self.waiting.len() {
            let mut next = DVector::zeros(self.waiting[k].len());
            for &(from, to, p, ends) in &self.moves {
                let share = p * self.waiting[k][from];
                match (ends, k) {
                    (false, _) => next[to] += share,
                    (true, 0) => begun += share,
                    (true, _) => self.waiting[k - 1][to] += share,
                }
            }
            self.waiting[k] = next;
        }
        begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::matrix::map_ph_c::MapPhC;
    use crate::analytic::testing::chain_averages;
    use crate::dist::Dist;

    /// (messages, arrival phase, phase of each busy server): servers told apart, unlike in the levels.
    type State = (u64, usize, Vec<usize>);

    fn moves(map: &Map, law: &PhaseLaw, c: usize, places: u64, (n, a, busy): &State, to: &mut dyn FnMut(State, f64)) {
        let begin = |busy: &[usize], phase: usize| {
            let mut more = busy.to_vec();
            more.push(phase);
            more.sort_unstable();
            more
        };
        for b in 0..map.phases() {
            to((*n, b, busy.clone()), map.silent[(*a, b)]);
            let rate = map.arrivals[(*a, b)];
            if *n == places || *n >= c as u64 {
                to(((n + 1).min(places), b, busy.clone()), rate);
            } else {
                (0..law.phases()).for_each(|i| to((n + 1, b, begin(busy, i)), rate * law.start[i]));
            }
        }
        for (server, &i) in busy.iter().enumerate() {
            let mut others = busy.clone();
            others.remove(server);
            (0..law.phases()).for_each(|j| to((*n, *a, begin(&others, j)), law.rates[(i, j)]));
            if *n > c as u64 {
                (0..law.phases()).for_each(|j| to((n - 1, *a, begin(&others, j)), law.exits[i] * law.start[j]));
            } else {
                to((n - 1, *a, others), law.exits[i]);
            }
        }
    }

    fn bursty() -> Map {
        Map::mmpp(&[6.0, 1.0], &[vec![0.0, 0.5], vec![0.25, 0.0]]).unwrap()
    }

    fn correlated() -> Map {
        let d0 = [vec![-5.0, 1.0, 0.0], vec![0.0, -1.0, 0.2], vec![0.0, 0.0, -2.0]];
        let d1 = [vec![1.0, 2.0, 1.0], vec![0.0, 0.3, 0.5], vec![2.0, 0.0, 0.0]];
        Map::from_matrices(&d0, &d1).unwrap()
    }

    fn two_phases() -> PhaseLaw {
        PhaseLaw::of(&Dist::coxian(&[3.0, 1.0], &[0.4]).unwrap()).unwrap()
    }

    #[test]
    fn levels_are_the_chain_of_single_servers() {
        let cases = [(1, 1), (1, 5), (2, 2), (2, 7), (3, 6)];
        for (map, (c, places)) in cases.into_iter().flat_map(|case| [(bursty(), case), (correlated(), case)]) {
            let law = two_phases();
            let start: State = (0, 0, vec![]);
            let average = chain_averages([start], 2000, |state, to| moves(&map, &law, c, places, state, to));
            let queue = MapPhCK::new(map.clone(), law.clone(), c as u32, places).unwrap();
            for n in 0..=places {
                let direct = average(&|state| if state.0 == n { 1.0 } else { 0.0 });
                assert!((queue.prob_in_system(n) / direct - 1.0).abs() < 1e-12, "{c} {places} {n}");
            }
            let lost = average(&|state| if state.0 == places { map.arrivals.row(state.1).sum() } else { 0.0 });
            assert!((queue.prob_loss() * map.rate() / lost - 1.0).abs() < 1e-12);
            assert!((queue.throughput() + lost - map.rate()).abs() < 1e-12);
        }
    }

    /// With places enough the limit no longer matters; with a tail of its own computation the law of
    /// the wait agrees, so the fluid and the drain of single levels are witnesses of each other.
    #[test]
    fn many_places_are_no_limit() {
        for c in [1, 2, 4] {
            let map = || Map::mmpp(&[1.8 * f64::from(c), 0.3], &[vec![0.0, 0.5], vec![0.5, 0.0]]).unwrap();
            let law = PhaseLaw::of(&Dist::hyperexponential_balanced(0.6, 3.0).unwrap()).unwrap();
            let endless = MapPhC::new(map(), law.clone(), c).unwrap().steady();
            let queue = MapPhCK::new(map(), law, c, 400).unwrap();
            let limited = queue.steady();
            let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{c}: {a} {b}");
            close(endless.queue_length, limited.queue_length);
            close(endless.prob_wait.unwrap(), limited.prob_wait.unwrap());
            close(endless.wait.unwrap().variance.unwrap(), limited.wait.unwrap().variance.unwrap());
            for p in [0.9, 0.99, 0.9999] {
                let quantile = |law: &Option<TimeLaw>| law.as_ref().unwrap().quantile(p).unwrap();
                close(quantile(&endless.wait_law), quantile(&limited.wait_law));
                close(quantile(&endless.sojourn_law), quantile(&limited.sojourn_law));
            }
            assert!((queue.prob_in_system(400)) < 1e-12);
        }
    }

    #[test]
    fn losses_keep_their_digits_far_below_rounding() {
        // M/M/1/K: P_K = (1 - rho) rho^K / (1 - rho^{K+1}).
        let law = PhaseLaw::of(&Dist::Exponential(1.0)).unwrap();
        let queue = MapPhCK::new(Map::poisson(0.1).unwrap(), law, 1, 60).unwrap();
        assert!((queue.prob_loss() / (0.9 * 0.1_f64.powi(60)) - 1.0).abs() < 1e-12);
    }
}
