//! The levels of MAP/PH/c: what happens between n, n + 1 and n - 1 messages in the system, as blocks of
//! rates. The state of the servers is how many are in each phase, not which.

use super::phase::{Map, PhaseLaw};
use crate::analytic::refusal::Refusal;
use nalgebra::{DMatrix, DVector};
use std::collections::HashMap;

/// Most states in one level.
const MOST_STATES: f64 = 600.0;

/// Arrivals and servers, level by level.
///
/// Formula: with n servers busy the state is (arrival phase, number of servers in each of the m
/// service phases): a level has as many states as there are arrival phases times
/// C(n + m - 1, m - 1), where telling the servers apart would take m^n.
/// Units: rates per second. Valid when: at most 600 states a level.
/// Reference: Latouche and Ramaswami (1999), ch. 1 and 13; Ramaswami and Lucantoni,
/// Algorithms for the multi-server queue with phase type service, Stochastic Models 1 (1985) 393.
///
/// ```
/// use lindley::analytic::matrix::{blocks::LevelBlocks, phase::{Map, PhaseLaw}};
/// use lindley::dist::Dist;
/// let e2 = PhaseLaw::of(&Dist::erlang(2, 1.0).unwrap()).unwrap();
/// let blocks = LevelBlocks::new(Map::poisson(30.0).unwrap(), e2, 50).unwrap();
/// assert_eq!(blocks.states(50), 51);
/// ```
#[derive(Debug, Clone)]
pub struct LevelBlocks {
    /// The arrivals.
    pub map: Map,
    /// The service.
    pub service: PhaseLaw,
    servers: u32,
    /// For each number of busy servers, the ways to spread them over the phases.
    spreads: Vec<Spreads>,
}

/// The ways to spread a number of servers over the phases, numbered.
#[derive(Debug, Clone)]
struct Spreads {
    all: Vec<Box<[u32]>>,
    number: HashMap<Box<[u32]>, usize>,
}

impl Spreads {
    fn new(servers: u32, phases: usize) -> Spreads {
        let mut all = Vec::new();
        spread(servers, phases, &mut Vec::new(), &mut all);
        let number = all.iter().cloned().enumerate().map(|(i, spread)| (spread, i)).collect();
        Spreads { all, number }
    }

    /// The number of a spread with one server taken out of a phase, or put into another.
    fn moved(&self, spread: &[u32], out: Option<usize>, into: Option<usize>) -> usize {
        let mut spread: Box<[u32]> = spread.into();
        out.into_iter().for_each(|i| spread[i] -= 1);
        into.into_iter().for_each(|i| spread[i] += 1);
        *self.number.get(&spread).expect("every spread of that many servers is numbered")
    }
}

fn spread(servers: u32, phases: usize, begun: &mut Vec<u32>, all: &mut Vec<Box<[u32]>>) {
    if begun.len() + 1 == phases {
        begun.push(servers);
        all.push(begun.as_slice().into());
        begun.pop();
        return;
    }
    for here in 0..=servers {
        begun.push(here);
        spread(servers - here, phases, begun, all);
        begun.pop();
    }
}

/// States of a level with all servers busy; C(c + m - 1, m - 1) spreads for each arrival phase.
fn states_when_busy(arrival_phases: usize, service_phases: usize, servers: u32) -> f64 {
    let c = f64::from(servers);
    (1..service_phases).fold(arrival_phases as f64, |product, i| product * (c + i as f64) / i as f64)
}

impl LevelBlocks {
    /// The levels of `servers` servers; `Err` says why there are too many states.
    pub fn new(map: Map, service: PhaseLaw, servers: u32) -> Result<LevelBlocks, Refusal> {
        Refusal::unless(servers > 0, || "there is no server: c must be at least 1".to_string())?;
        let states = states_when_busy(map.phases(), service.phases(), servers).round();
        // A boundary level costs about 12 n^3 operations.
        let work = 12.0 * f64::from(servers) * states.powi(3) / (3.0 * service.phases() as f64 - 2.0);
        if states > MOST_STATES || work > 1e11 {
            return Err(Refusal::Numerics(format!(
                "{} arrival phases and {servers} servers of {} phases make {states} states in each level, and {servers} \
                 levels of their own: the limits are {MOST_STATES} states and 1e11 operations; an approximation \
                 (Allen-Cunneen, Kimura) or simulation will do",
                map.phases(),
                service.phases(),
            )));
        }
        let spreads = (0..=servers).map(|n| Spreads::new(n, service.phases())).collect();
        Ok(LevelBlocks { map, service, servers, spreads })
    }

    /// Servers.
    pub fn servers(&self) -> u32 {
        self.servers
    }

    fn busy(&self, n: u64) -> usize {
        n.min(u64::from(self.servers)) as usize
    }

    /// States of a level.
    pub fn states(&self, n: u64) -> usize {
        self.map.phases() * self.spreads[self.busy(n)].all.len()
    }

    /// One arrival's work put to a free server, from n to n + 1 < c + 1 busy ones.
    fn begin(&self, n: usize) -> DMatrix<f64> {
        let (from, to) = (&self.spreads[n], &self.spreads[n + 1]);
        let mut block = DMatrix::zeros(from.all.len(), to.all.len());
        for (i, spread) in from.all.iter().enumerate() {
            for (phase, p) in self.service.start.iter().enumerate().filter(|(_, p)| **p > 0.0) {
                block[(i, to.moved(spread, None, Some(phase)))] += p;
            }
        }
        block
    }

    /// Ends of service, from n to n - 1 busy servers.
    fn finish(&self, n: usize) -> DMatrix<f64> {
        let (from, to) = (&self.spreads[n], &self.spreads[n - 1]);
        let mut block = DMatrix::zeros(from.all.len(), to.all.len());
        for (i, spread) in from.all.iter().enumerate() {
            for phase in (0..spread.len()).filter(|phase| spread[*phase] > 0) {
                let rate = f64::from(spread[phase]) * self.service.exits[phase];
                block[(i, to.moved(spread, Some(phase), None))] += rate;
            }
        }
        block
    }

    /// Changes of phase of n busy servers; 0 on the diagonal.
    pub fn work(&self, n: u64) -> DMatrix<f64> {
        let spreads = &self.spreads[self.busy(n)];
        let mut block = DMatrix::zeros(spreads.all.len(), spreads.all.len());
        for (i, spread) in spreads.all.iter().enumerate() {
            for from in (0..spread.len()).filter(|from| spread[*from] > 0) {
                for to in (0..spread.len()).filter(|to| self.service.rates[(from, *to)] > 0.0) {
                    let rate = f64::from(spread[from]) * self.service.rates[(from, to)];
                    block[(i, spreads.moved(spread, Some(from), Some(to)))] += rate;
                }
            }
        }
        block
    }

    /// Ends of service with all servers busy, each followed by the next message's start.
    pub fn turnover(&self) -> DMatrix<f64> {
        let c = self.servers as usize;
        self.finish(c) * self.begin(c - 1)
    }

    /// Rates of ends of service with all servers busy, by spread.
    pub fn completions(&self) -> DVector<f64> {
        self.finish(self.servers as usize).column_sum()
    }

    /// From level n to n + 1.
    pub fn up(&self, n: u64) -> DMatrix<f64> {
        if n < u64::from(self.servers) {
            self.map.arrivals.kronecker(&self.begin(n as usize))
        } else {
            let k = self.spreads[self.busy(n)].all.len();
            self.map.arrivals.kronecker(&DMatrix::identity(k, k))
        }
    }

    /// Within level n; the diagonal is to be ignored.
    pub fn within(&self, n: u64) -> DMatrix<f64> {
        let work = self.work(n);
        let (a, k) = (self.map.phases(), work.nrows());
        self.map.silent.kronecker(&DMatrix::identity(k, k)) + DMatrix::identity(a, a).kronecker(&work)
    }

    /// From level n >= 1 to n - 1.
    pub fn down(&self, n: u64) -> DMatrix<f64> {
        let a = self.map.phases();
        let ends = if n > u64::from(self.servers) { self.turnover() } else { self.finish(n as usize) };
        DMatrix::identity(a, a).kronecker(&ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Dist;

    fn blocks(c: u32) -> LevelBlocks {
        let law = |d: Dist| PhaseLaw::of(&d).unwrap();
        let map = Map::renewal(&law(Dist::erlang(2, 1.0).unwrap())).unwrap();
        LevelBlocks::new(map, law(Dist::hyperexponential(&[0.5, 0.3, 0.2], &[1.0, 2.0, 3.0]).unwrap()), c).unwrap()
    }

    #[test]
    fn spreads_are_as_many_as_the_binomial_says() {
        let blocks = blocks(4);
        assert_eq!(blocks.states(4), 2 * 15);
        assert_eq!(blocks.states(1000), 2 * 15);
        assert_eq!(states_when_busy(2, 3, 4).round(), 30.0);
    }

    #[test]
    fn completions_keep_their_rate_however_the_level_below_looks() {
        let blocks = blocks(3);
        let (own, next) = (blocks.down(3).column_sum(), blocks.down(4).column_sum());
        assert!((own - next).amax() < 1e-14);
        let arrivals = blocks.map.arrivals.kronecker(&DMatrix::from_element(6, 1, 1.0));
        assert!((blocks.up(2).column_sum() - arrivals.column_sum()).amax() < 1e-14);
    }

    #[test]
    fn too_many_states_are_refused_with_their_number() {
        let law = PhaseLaw::of(&Dist::erlang(4, 1.0).unwrap()).unwrap();
        let refusal = LevelBlocks::new(Map::poisson(1.0).unwrap(), law, 40).unwrap_err().to_string();
        assert!(refusal.contains("12341 states"), "{refusal}");
    }
}
