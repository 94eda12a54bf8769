//! MAP/PH/c without a limit: Markovian arrivals, c servers of phase-type service.

use super::blocks::LevelBlocks;
use super::passage::levels;
use super::qbd::Qbd;
use super::wait::StepLaw;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::refusal::Refusal;
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::units::Unit;
use nalgebra::{DMatrix, DVector, RowDVector};

/// Share by which two ways to the mean wait may differ.
const MOST_DOUBT: f64 = 1e-6;

/// MAP/PH/c in steady state: PH/PH/c, MMPP/M/c, M/H2/c and E2/E2/2 among them.
///
/// Formula: a quasi-birth-death process in the number of messages. Levels c, c + 1, ... have
/// pi_{n+1} = pi_n R; those below are solved one by one. An arrival sees phase and level by
/// pi_n D1/lambda. The time that the first of the waiting has waited so far moves as a fluid of generator
/// K = I x C0 + G (D1 x I), so that P(wait > t) = pi_c (D1 x I) e^{Kt} (-K)^{-1} (I x C1) 1 / lambda with
/// C0, C1 the rates of c busy servers without and with the end of a service.
/// Units: rates per second, times in seconds.
/// Valid when: lambda E\[S\] < c; first in first out for the times; at most 600 states a level.
/// Numerics: first passages by logarithmic reduction without subtraction; relative error about
/// 1e-13/(1 - rho).
/// Reference: Neuts (1981), ch. 3 and 4; Latouche and Ramaswami (1999), ch. 6 to 8; the fluid: Sengupta,
/// Adv. Appl. Prob. 21 (1989) 159, and da Silva Soares and Latouche, Stochastic Models 18 (2002).
///
/// ```
/// use lindley::analytic::matrix::{map_ph_c::MapPhC, phase::{Map, PhaseLaw}};
/// use lindley::dist::Dist;
/// // M/E2/1, lambda = 1/2, E[S] = 1: Pollaczek-Khinchine has Wq = 3/4.
/// let e2 = PhaseLaw::of(&Dist::erlang(2, 1.0).unwrap()).unwrap();
/// let queue = MapPhC::new(Map::poisson(0.5).unwrap(), e2, 1).unwrap();
/// assert!((queue.wait() - 0.75).abs() < 1e-13);
/// ```
#[derive(Debug, Clone)]
pub struct MapPhC {
    blocks: LevelBlocks,
    qbd: Qbd,
    /// Levels 0 to c.
    levels: Vec<RowDVector<f64>>,
    /// Sum of the levels from c on.
    busy: RowDVector<f64>,
    queue_length: f64,
}

impl MapPhC {
    /// The queue with these arrivals, that service and `servers` servers.
    pub fn new(map: super::phase::Map, service: super::phase::PhaseLaw, servers: u32) -> Result<MapPhC, Refusal> {
        let offered_load = map.rate() * service.moments().0;
        if servers > 0 {
            Unstable::unless_kept_up(offered_load, servers)?;
        }
        let blocks = LevelBlocks::new(map, service, servers)?;
        let rho = offered_load / f64::from(servers);
        let queue = solved(blocks).ok_or_else(|| {
            Refusal::Numerics(format!("the levels cannot be computed in double precision: utilization {rho}"))
        })?;
        match queue.doubt() {
            doubt if doubt <= MOST_DOUBT => Ok(queue),
            doubt => Err(Refusal::Numerics(format!(
                "utilization {rho} is too near 1 for double precision: two ways to the mean wait differ by a share of \
                 {doubt:.0e}; so near saturation the approximations (`allen-cunneen`) are good"
            ))),
        }
    }

    /// By how much the mean wait by the levels and that by the time the first has waited differ.
    fn doubt(&self) -> f64 {
        let wait = self.wait();
        let other = self.integral(2).unwrap_or(f64::INFINITY);
        (other - wait).abs() / wait.max(f64::MIN_POSITIVE)
    }

    /// start (-K)^{-n} ends of the time that the first has waited.
    fn integral(&self, n: usize) -> Option<f64> {
        let age = self.age();
        let lu = (DMatrix::from_diagonal(&age.out) - &age.rates).lu();
        let solved = (0..n).try_fold(age.ends, |right, _| lu.solve(&right))?;
        Some(age.start.dot(&solved))
    }

    fn c(&self) -> u64 {
        u64::from(self.blocks.servers())
    }

    /// Arrivals per second.
    pub fn arrival_rate(&self) -> f64 {
        self.blocks.map.rate()
    }

    /// P(N = n), as time sees it.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        let c = self.c();
        match self.levels.get(n as usize) {
            Some(level) => level.sum(),
            None => (&self.levels[c as usize] * power(&self.qbd.r, n - c)).sum(),
        }
    }

    /// P(N > n), as time sees it: from c on pi_c R^{n+1-c} (I - R)^{-1} 1. Positive terms only.
    pub fn prob_above(&self, n: u64) -> f64 {
        match n.saturating_add(1).checked_sub(self.c()) {
            Some(beyond) => (&self.busy * power(&self.qbd.r, beyond)).sum(),
            None => {
                self.levels[n as usize + 1..self.c() as usize].iter().map(RowDVector::sum).sum::<f64>()
                    + self.busy.sum()
            }
        }
    }

    /// Law of the number in the system, as time sees it.
    pub fn number_law(&self) -> NumberLaw {
        let (queue, same) = (self.clone(), self.clone());
        let law = NumberLaw::new(move |n| queue.prob_in_system(n), move |n| same.prob_above(n));
        law.waiting_for(self.blocks.servers())
    }

    /// Share of arrivals that find all servers busy. Not the fraction of time, unless arrivals
    /// are Poisson.
    pub fn prob_wait(&self) -> f64 {
        (&self.busy * self.blocks.up(self.c())).sum() / self.arrival_rate()
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.queue_length / self.arrival_rate()
    }

    /// How the time that the first of the waiting has waited moves: generator K, and its end.
    fn age(&self) -> StepLaw {
        let blocks = &self.blocks;
        let (a, up) = (blocks.map.phases(), blocks.up(self.c()));
        let (work, ends) = (blocks.work(self.c()), blocks.completions());
        let out = work.column_sum() + &ends;
        let eye = DMatrix::identity(a, a);
        let repeat = |v: &DVector<f64>| DVector::from_element(a, 1.0).kronecker(v);
        StepLaw {
            start: (&self.levels[self.c() as usize] * &up).transpose() / self.arrival_rate(),
            rates: eye.kronecker(&work) + &self.qbd.g * up,
            out: repeat(&out),
            ends: repeat(&ends),
        }
    }

    /// Variance of the wait, seconds squared.
    pub fn wait_variance(&self) -> Option<f64> {
        let wait = self.wait();
        Some(2.0 * self.integral(3)? - wait * wait)
    }

    /// Law of the wait.
    pub fn wait_law(&self) -> Option<TimeLaw> {
        self.age().time_law(self.prob_wait(), self.wait())
    }

    /// Law of the sojourn: wait and service are independent.
    pub fn sojourn_law(&self) -> Option<TimeLaw> {
        let law = self.age().and_service(self.prob_wait(), &self.blocks.service);
        law.time_law(1.0, self.wait() + self.blocks.service.moments().0)
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let (mean, variance) = self.blocks.service.moments();
        let wait = Moments { mean: self.wait(), variance: self.wait_variance() };
        let service = Moments { mean, variance: Some(variance) };
        let kendall = format!("{}/{}/{}", self.blocks.map.letter, self.blocks.service.letter, self.c());
        let method = "MAP/PH/c by matrix-geometric solution (Latouche and Ramaswami 1999, ch. 6-8)";
        let served = Steady::served(kendall, self.arrival_rate(), service, wait, Some(self.blocks.servers()), method);
        Steady {
            prob_wait: Some(self.prob_wait()),
            queue_length: self.queue_length,
            in_system: self.queue_length + served.offered_load,
            sojourn: Some(Moments { mean: wait.mean + mean, variance: wait.variance.map(|v| v + variance) }),
            wait_law: self.wait_law(),
            sojourn_law: self.sojourn_law(),
            details: vec![
                Detail::fraction("prob_empty", self.prob_in_system(0)),
                Detail::fraction("all_busy", self.busy.sum()),
                Detail::mean("decay", self.qbd.decay(), Unit::One),
                Detail::mean("states_per_level", self.blocks.states(self.c()) as f64, Unit::One),
            ],
            ..served
        }
    }
}

fn solved(blocks: LevelBlocks) -> Option<MapPhC> {
    let c = u64::from(blocks.servers());
    let qbd = Qbd::new(&blocks.up(c), &blocks.within(c), &blocks.down(c + 1))?;
    let mut levels = levels(&blocks, c, qbd.n.clone())?;
    let states = qbd.r.nrows();
    let sum_of_powers = (DMatrix::identity(states, states) - &qbd.r).transpose().lu();
    let beyond = |level: &RowDVector<f64>| Some(sum_of_powers.solve(&level.transpose())?.transpose());
    let mut busy: RowDVector<f64> = beyond(&levels[c as usize])?;
    let total = levels[..c as usize].iter().map(|level| level.sum()).sum::<f64>() + busy.sum();
    levels.iter_mut().for_each(|level| *level /= total);
    busy /= total;
    let queue_length = beyond(&(&busy * &qbd.r))?.sum();
    (queue_length.is_finite() && queue_length >= 0.0).then_some(MapPhC { blocks, qbd, levels, busy, queue_length })
}

fn power(matrix: &DMatrix<f64>, mut exponent: u64) -> DMatrix<f64> {
    let mut result = DMatrix::identity(matrix.nrows(), matrix.nrows());
    let mut square = matrix.clone();
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = &result * &square;
        }
        square = &square * &square;
        exponent >>= 1;
    }
    result
}
