//! Long tandems with blocking after service, cut into pairs of stations.

use super::line::{BlockingLine, LineSteady, Supply};
use super::pair::{Pair, PairSteady, Server};

/// Rounds at most, and the relative change of the throughput at which they end.
const MOST_ROUNDS: usize = 2_000;
const CHANGE: f64 = 1e-8;
/// Places of a station at most: elimination takes as many steps a round.
pub(super) const MOST_PLACES: u32 = 2_000;

/// A tandem with blocking after service by decomposition, an approximation.
///
/// Formula: each buffer B between two stations is a pair with room for B + 2 messages (the last one
/// held upstream). Upstream, a service is preceded by an exponential pause as often, and on average as
/// long, as the pair before leaves it starved; downstream, a service is followed by one as often and
/// as long as the pair after keeps it blocked; iterated forward and backward until it holds.
/// Units: rates per second.
/// Valid when: exponential service; first station saturated, or Poisson arrivals with limited
/// places; at most 2000 places a station. Exact for two saturated stations; else the
/// throughput is one to three percent low.
/// Reference: Altiok, Performance Evaluation of Manufacturing Systems (1997), ch. 5; Perros, Altiok,
/// IEEE Transactions on Software Engineering 12 (1986); Dallery, Frein, Operations Research 41 (1993).
///
/// ```
/// use lindley::analytic::network::blocking::decomposition::blocking_decomposition;
/// use lindley::analytic::network::blocking::line::{Supply, BlockingLine, BlockingRule};
/// // Two stations are one pair: exact.
/// let line = BlockingLine::tandem(vec![1.0, 1.0], &[0], Supply::Saturated, BlockingRule::AfterService);
/// assert!((blocking_decomposition(&line).throughput - 2.0 / 3.0).abs() < 1e-12);
/// ```
pub fn blocking_decomposition(line: &BlockingLine) -> LineSteady {
    let mut pairs = TandemPairs::new(line);
    let mut throughput = 0.0;
    for _ in 0..MOST_ROUNDS {
        pairs.forward();
        pairs.backward();
        let now = pairs.solved.last().map_or(line.mu[0], |pair| pair.throughput);
        let change: f64 = now - throughput;
        throughput = now;
        if change.abs() <= CHANGE * now {
            break;
        }
    }
    pairs.steady(throughput)
}

/// The pairs of a tandem: arrivals and the first station, where they are limited; then each station
/// and the next.
struct TandemPairs<'l> {
    line: &'l BlockingLine,
    pairs: Vec<Pair>,
    solved: Vec<PairSteady>,
}

impl<'l> TandemPairs<'l> {
    fn new(line: &'l BlockingLine) -> Self {
        let arrivals = match line.feed {
            Supply::Poisson { rate, places } => Some((rate, places as usize)),
            _ => None,
        };
        let pair = |up: f64, down: f64, most: usize| Pair { up: Server::steady(up), down: Server::steady(down), most };
        let front = arrivals.map(|(rate, most)| pair(rate, line.mu[0], most));
        let between = line.mu.windows(2).zip(&line.places[1..]).map(|(mu, n)| pair(mu[0], mu[1], *n as usize + 1));
        let pairs: Vec<Pair> = front.into_iter().chain(between).collect();
        TandemPairs { line, solved: pairs.iter().map(Pair::solve).collect(), pairs }
    }

    /// Starvation, from the first on.
    fn forward(&mut self) {
        for at in 0..self.pairs.len() {
            if at > 0 {
                let (chance, pause) = self.solved[at - 1].starved;
                self.pairs[at].up = Server { chance, pause, ..self.pairs[at].up };
            }
            self.solved[at] = self.pairs[at].solve();
        }
    }

    /// Blocking, from the last on.
    fn backward(&mut self) {
        for at in (0..self.pairs.len()).rev() {
            if at + 1 < self.pairs.len() {
                let (chance, pause) = self.solved[at + 1].blocked;
                self.pairs[at].down = Server { chance, pause, ..self.pairs[at].down };
            }
            self.solved[at] = self.pairs[at].solve();
        }
    }

    fn steady(&self, throughput: f64) -> LineSteady {
        let mean = |p: &[f64], most: usize| p.iter().enumerate().map(|(k, p)| k.min(most) as f64 * p).sum::<f64>();
        let limited = matches!(self.line.feed, Supply::Poisson { .. });
        let (front, between) = self.solved.split_at(usize::from(limited));
        let full = |pair: &PairSteady| pair.numbers[pair.numbers.len() - 1];
        let first = front.first().map_or(1.0, |pair| mean(&pair.numbers, usize::MAX));
        // The last state of a pair is that of a message held upstream.
        let later = between.iter().map(|pair| mean(&pair.numbers, pair.numbers.len() - 2));
        LineSteady {
            throughput,
            in_station: std::iter::once(first).chain(later).collect(),
            busy: self.line.mu.iter().map(|mu| throughput / mu).collect(),
            blocked: between.iter().map(full).chain([0.0]).collect(),
            loss: front.first().map(full),
            states: 0,
        }
    }
}
