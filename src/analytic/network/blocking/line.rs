//! A line or cycle of exponential stations with finite room, where a full one blocks the server before it:
//! the chain.

use crate::analytic::chain::{Chain, ChainError};

/// When a server notices that the next station is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockingRule {
    /// After service: the finished message keeps the server until there is room (transfer, BAS).
    AfterService,
    /// Before service: service does not begin without room (communication, BBS).
    BeforeService,
}

/// What feeds the first station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Supply {
    /// There is always a message at the first station.
    Saturated,
    /// Poisson arrivals per second, and places at the first station (the one in service included);
    /// arrivals that find it full are lost.
    Poisson {
        /// Per second.
        rate: f64,
        /// Messages at most.
        places: u32,
    },
    /// The last station.
    Cycle,
}

/// Stations in a row.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockingLine {
    /// Service rate of each, per second.
    pub mu: Vec<f64>,
    /// Places of each but the first (in a cycle: of each), those in service included.
    pub places: Vec<u32>,
    /// What feeds the first.
    pub feed: Supply,
    /// When blocking is noticed.
    pub rule: BlockingRule,
}

/// The steady state of a line; lists by station.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSteady {
    /// Messages per second through every station.
    pub throughput: f64,
    /// Mean number, a blocked message counted where it is.
    pub in_station: Vec<f64>,
    /// P(server works).
    pub busy: Vec<f64>,
    /// P(server is blocked).
    pub blocked: Vec<f64>,
    /// Share of arrivals lost.
    pub loss: Option<f64>,
    /// States of the chain; 0 where there was none.
    pub states: usize,
}

/// Of each station twice its number of messages, plus one if its server holds a finished message.
pub(super) type LineState = Vec<u32>;

fn number(state: &LineState, i: usize) -> u32 {
    state[i] >> 1
}

fn holds(state: &LineState, i: usize) -> bool {
    state[i] & 1 == 1
}

/// The mean of a function of the state.
type Averages<'a> = dyn Fn(&dyn Fn(&LineState) -> f64) -> f64 + 'a;

impl BlockingLine {
    /// A tandem with buffers between the stations (places to wait, without the one in service).
    ///
    /// ```
    /// use lindley::analytic::network::blocking::line::{Supply, BlockingLine, BlockingRule};
    /// let line = BlockingLine::tandem(vec![1.0, 2.0], &[3], Supply::Saturated, BlockingRule::AfterService);
    /// assert_eq!(line.places, vec![1, 4]);
    /// ```
    pub fn tandem(mu: Vec<f64>, buffers: &[u32], feed: Supply, rule: BlockingRule) -> BlockingLine {
        let first = if let Supply::Poisson { places, .. } = feed { places } else { 1 };
        let places = std::iter::once(first).chain(buffers.iter().map(|b| b + 1)).collect();
        BlockingLine { mu, places, feed, rule }
    }

    /// The station after i, if the messages do not leave.
    fn after(&self, i: usize) -> Option<usize> {
        match self.feed {
            Supply::Cycle => Some((i + 1) % self.mu.len()),
            _ => (i + 1 < self.mu.len()).then_some(i + 1),
        }
    }

    /// The station before i that can be blocked by it.
    fn before(&self, i: usize) -> Option<usize> {
        match (i, self.feed) {
            (0, Supply::Cycle) => Some(self.mu.len() - 1),
            (0, _) => None,
            _ => Some(i - 1),
        }
    }

    fn full(&self, state: &LineState, i: usize) -> bool {
        number(state, i) >= self.places[i]
    }

    /// Whether the server of i may not work for want of room after it.
    pub(super) fn is_blocked(&self, state: &LineState, i: usize) -> bool {
        match self.rule {
            BlockingRule::AfterService => holds(state, i),
            BlockingRule::BeforeService => {
                number(state, i) > 0 && self.after(i).is_some_and(|next| self.full(state, next))
            }
        }
    }

    /// Whether the server of i works.
    pub(super) fn works(&self, state: &LineState, i: usize) -> bool {
        number(state, i) > 0 && !self.is_blocked(state, i)
    }

    /// A message leaves station i (for the next one, if there is one), and those it kept waiting follow.
    fn leave(&self, state: &mut LineState, mut i: usize) {
        if let Some(next) = self.after(i) {
            state[next] += 2;
        }
        loop {
            state[i] &= !1;
            // Saturated: another one is always there.
            if !(i == 0 && self.feed == Supply::Saturated) {
                state[i] -= 2;
            }
            match self.before(i) {
                Some(before) if holds(state, before) => {
                    state[i] += 2;
                    i = before;
                }
                _ => return,
            }
        }
    }

    /// Every transition.
    pub(super) fn moves(&self, state: &LineState, to: &mut dyn FnMut(LineState, f64)) {
        if let Supply::Poisson { rate, .. } = self.feed
            && !self.full(state, 0)
        {
            let mut next = state.clone();
            next[0] += 2;
            to(next, rate);
        }
        for i in (0..self.mu.len()).filter(|&i| self.works(state, i)) {
            let mut next = state.clone();
            match self.after(i) {
                Some(after) if after != i && self.full(state, after) => next[i] |= 1,
                _ => self.leave(&mut next, i),
            }
            to(next, self.mu[i]);
        }
    }

    /// Nobody anywhere, but at the first station if it is saturated; a cycle filled from the first.
    pub(super) fn start(&self, population: u32) -> LineState {
        let mut left = population;
        let fill = |(i, places): (usize, &u32)| match self.feed {
            Supply::Saturated => u32::from(i == 0) * 2,
            Supply::Poisson { .. } => 0,
            Supply::Cycle => {
                let here = left.min(*places);
                left -= here;
                2 * here
            }
        };
        self.places.iter().enumerate().map(fill).collect()
    }

    /// The steady state from the chain of all states; `population` matters in a cycle only.
    pub(super) fn solve(&self, population: u32, most: usize) -> Result<LineSteady, ChainError> {
        let chain = Chain::explore([self.start(population)], most, |state, to| self.moves(state, to))?;
        let p = chain.stationary()?;
        let mean = |of: &dyn Fn(&LineState) -> f64| chain.expect(&p, of);
        let full = |state: &LineState| f64::from(u8::from(self.full(state, 0)));
        let loss = matches!(self.feed, Supply::Poisson { .. }).then(|| mean(&full));
        Ok(LineSteady { loss, ..self.measured(&mean, p.len()) })
    }

    /// What follows from the means of functions of the state, of which there are so many; the loss is left out.
    pub(super) fn measured(&self, mean: &Averages<'_>, states: usize) -> LineSteady {
        let stations = 0..self.mu.len();
        let share = |of: &dyn Fn(&LineState) -> bool| mean(&|state| f64::from(u8::from(of(state))));
        let busy: Vec<f64> = stations.clone().map(|i| share(&|state| self.works(state, i))).collect();
        LineSteady {
            throughput: busy[busy.len() - 1] * self.mu[busy.len() - 1],
            in_station: stations.clone().map(|i| mean(&|state| f64::from(number(state, i)))).collect(),
            busy,
            blocked: stations.map(|i| share(&|state| self.is_blocked(state, i))).collect(),
            loss: None,
            states,
        }
    }
}

/// A tandem with finite buffers by its chain, exact.
///
/// Formula: the stationary distribution of (number, blocked?) of each station. After service: a server
/// whose finished message finds the next station full holds it, and does nothing else, until there is
/// room; one departure may set off a chain of moves. Before service: a server does not begin while
/// the next station is full.
/// Units: rates per second; buffers count places to wait, without the one in service.
/// Valid when: exponential service, one server a station; the first is saturated or fed by Poisson
/// arrivals, which are lost when its places are full; up to `most` states.
/// Reference: Hunt, Operations Research 4 (1956); Perros, Queueing Networks with Blocking (1994).
///
/// ```
/// use lindley::analytic::network::blocking::line::{Supply, BlockingLine, BlockingRule, blocking_after_service};
/// // Two equal stations without a buffer: X = 2/3 (Hunt).
/// let line = BlockingLine::tandem(vec![1.0, 1.0], &[0], Supply::Saturated, BlockingRule::AfterService);
/// let steady = blocking_after_service(&line, 1000).unwrap();
/// assert!((steady.throughput - 2.0 / 3.0).abs() < 1e-14);
/// assert!((steady.blocked[0] - 1.0 / 3.0).abs() < 1e-14);
/// ```
pub fn blocking_after_service(line: &BlockingLine, most: usize) -> Result<LineSteady, ChainError> {
    line.solve(0, most)
}

/// A cycle of stations with finite room, where so many messages go round, exact.
///
/// Formula: the stationary distribution of (number, blocked?) of each station.
/// Units: rates per second; places count the one in service.
/// Valid when: exponential service, one server a station; fewer messages than places in all, else
/// every server may hold a finished message and wait.
/// Reference: Perros, Queueing Networks with Blocking (1994), ch. 5; Akyildiz (1988).
///
/// ```
/// use lindley::analytic::network::blocking::line::{Supply, BlockingLine, BlockingRule, blocking_in_a_cycle};
/// // Two stations of one place, one message: it never waits.
/// let line = BlockingLine { mu: vec![1.0, 1.0], places: vec![1, 1], feed: Supply::Cycle, rule: BlockingRule::AfterService };
/// assert!((blocking_in_a_cycle(&line, 1, 100).unwrap().throughput - 0.5).abs() < 1e-15);
/// ```
pub fn blocking_in_a_cycle(line: &BlockingLine, population: u32, most: usize) -> Result<LineSteady, ChainError> {
    line.solve(population, most)
}
