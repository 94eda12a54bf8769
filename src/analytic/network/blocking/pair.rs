//! Two stations with a buffer between them, each with an interruption after (or before) some of its services:
//! the piece that long tandems are cut into.

/// The width of the band of rates: neighbouring levels have four states each at most.
const BAND: usize = 8;

/// A server some of whose services come with a pause, exponential both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Server {
    /// Services per second.
    pub(super) mu: f64,
    /// Probability of a pause.
    pub(super) chance: f64,
    /// Mean pause, seconds.
    pub(super) pause: f64,
}

impl Server {
    pub(super) fn steady(mu: f64) -> Server {
        Server { mu, chance: 0.0, pause: 1.0 / mu }
    }
}

/// Upstream server, room, downstream server. Upstream pauses (starves) before a service, downstream
/// (blocked) after one; with `most` messages the upstream server holds one of them.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) up: Server,
    pub(super) down: Server,
    /// Room, the two servers included; at least 2, or 1 for arrivals that are lost.
    pub(super) most: usize,
}

/// What a pair says of itself.
#[derive(Debug, Clone)]
pub(super) struct PairSteady {
    pub(super) throughput: f64,
    /// P(k messages), a message that upstream holds counted.
    pub(super) numbers: Vec<f64>,
    /// What the server downstream sees: how often a departure leaves it nothing, and for how long.
    pub(super) starved: (f64, f64),
    /// What the server upstream sees: how often a service ends with no room, and for how long.
    pub(super) blocked: (f64, f64),
}

impl Pair {
    /// States of a level, by phase upstream (0 serving, 1 pausing) and downstream (likewise).
    fn index(&self, level: usize, up: usize, down: usize) -> usize {
        match level {
            0 => up,
            _ if level == self.most => 2 + 4 * (level - 1) + down,
            _ => 2 + 4 * (level - 1) + 2 * up + down,
        }
    }

    /// The states of a level: phases up and down.
    fn phases(&self, level: usize) -> &'static [(usize, usize)] {
        match level {
            0 => &[(0, 0), (1, 0)],
            _ if level == self.most => &[(0, 0), (0, 1)],
            _ => &[(0, 0), (0, 1), (1, 0), (1, 1)],
        }
    }

    /// Calls `to` with every transition from a state.
    fn moves(&self, level: usize, (u, d): (usize, usize), to: &mut dyn FnMut(usize, f64)) {
        let Pair { up, down, most } = self;
        if level < *most {
            if u == 1 {
                to(self.index(level, 0, d), 1.0 / up.pause);
            } else if level + 1 == *most {
                to(self.index(level + 1, 0, d), up.mu);
            } else {
                to(self.index(level + 1, 0, d), up.mu * (1.0 - up.chance));
                to(self.index(level + 1, 1, d), up.mu * up.chance);
            }
        }
        if level > 0 {
            let mut leave = |rate: f64| match level == *most {
                true => {
                    to(self.index(level - 1, 0, 0), rate * (1.0 - up.chance));
                    to(self.index(level - 1, 1, 0), rate * up.chance);
                }
                false => to(self.index(level - 1, u, 0), rate),
            };
            if d == 1 {
                leave(1.0 / down.pause);
            } else {
                leave(down.mu * (1.0 - down.chance));
                to(self.index(level, u, 1), down.mu * down.chance);
            }
        }
    }

    /// Stationary probabilities, by elimination without subtraction within the band.
    fn probabilities(&self) -> Vec<f64> {
        let n = 4 * self.most;
        // Rate from i to j at i * (2 BAND + 1) + j + BAND - i.
        let width = 2 * BAND + 1;
        let mut q = vec![0.0; n * width];
        for level in 0..=self.most {
            for &(u, d) in self.phases(level) {
                let from = self.index(level, u, d);
                self.moves(level, (u, d), &mut |to, rate| q[from * width + to + BAND - from] += rate);
            }
        }
        for last in (1..n).rev() {
            let low = last.saturating_sub(BAND);
            let out: f64 = (low..last).map(|j| q[last * width + j + BAND - last]).sum();
            for i in low..last {
                let share = q[i * width + last + BAND - i] / out;
                q[i * width + last + BAND - i] = share;
                for j in low..last {
                    q[i * width + j + BAND - i] += share * q[last * width + j + BAND - last];
                }
            }
        }
        let mut p = vec![1.0; n];
        for at in 1..n {
            p[at] = (at.saturating_sub(BAND)..at).map(|i| p[i] * q[i * width + at + BAND - i]).sum();
        }
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|p| *p /= total);
        p
    }

    /// The steady state.
    pub(super) fn solve(&self) -> PairSteady {
        let p = self.probabilities();
        let Pair { up, down, most } = self;
        let at = |level: usize, u: usize, d: usize| p[self.index(level, u, d)];
        let leaving = |d: usize| if d == 1 { 1.0 / down.pause } else { down.mu * (1.0 - down.chance) };
        let of = |level: usize| self.phases(level).iter().copied();
        let throughput: f64 = (1..=*most)
            .flat_map(|k| of(k).map(move |(u, d)| (k, u, d)))
            .map(|(k, u, d)| at(k, u, d) * leaving(d))
            .sum();
        let ratio = |(rate, time): (f64, f64)| (rate / throughput, if rate > 0.0 { time / rate } else { 1.0 / up.mu });
        let add = |sum: (f64, f64), (rate, time): (f64, f64)| (sum.0 + rate, sum.1 + rate * time);
        // With one place, whoever leaves it lets the upstream server begin anew.
        let wait = |u: usize| match (*most, u) {
            (1, _) => 1.0 / up.mu + up.chance * up.pause,
            (_, 0) => 1.0 / up.mu,
            _ => 1.0 / up.mu + up.pause,
        };
        let rest = |d: usize| if d == 1 { down.pause } else { 1.0 / down.mu + down.chance * down.pause };
        let empties = of(1).map(|(u, d)| (at(1, u, d) * leaving(d), wait(u)));
        let fills = of(*most - 1).filter(|(u, _)| *u == 0).map(|(u, d)| (at(*most - 1, u, d) * up.mu, rest(d)));
        PairSteady {
            throughput,
            starved: ratio(empties.fold((0.0, 0.0), add)),
            blocked: ratio(fills.fold((0.0, 0.0), add)),
            numbers: (0..=*most).map(|k| of(k).map(|(u, d)| at(k, u, d)).sum()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mmck::Mmck;

    #[test]
    fn without_pauses_it_is_mm1k() {
        for (lambda, mu, most) in [(1.0, 1.0, 2), (0.5, 2.0, 1), (3.0, 1.0, 9)] {
            let pair = Pair { up: Server::steady(lambda), down: Server::steady(mu), most };
            let (steady, queue) = (pair.solve(), Mmck::new(lambda, mu, 1, most as u64));
            assert!((steady.numbers[0] / queue.prob_empty() - 1.0).abs() < 1e-13);
            assert!((steady.throughput / (mu * (1.0 - queue.prob_empty())) - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn a_pause_costs_its_time() {
        // A server that never lacks work and has room without end: one in 1/mu + chance * pause.
        let up = Server { mu: 2.0, chance: 0.5, pause: 1.0 };
        let steady = Pair { up, down: Server::steady(1e6), most: 4 }.solve();
        assert!((steady.throughput - 1.0).abs() < 1e-5, "{steady:?}");
        assert!((steady.starved.0 - 1.0).abs() < 1e-5 && (steady.starved.1 - 1.0).abs() < 1e-5, "{steady:?}");
        let steady = Pair { up: Server::steady(1e6), down: up, most: 4 }.solve();
        assert!((steady.throughput - 1.0).abs() < 1e-5, "{steady:?}");
    }
}
