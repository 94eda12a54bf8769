//! The servers of a station: who is free first, and which messages have departed. One server is one
//! number; a few thousand are a tournament; more, or servers without limit, are a heap.

use super::visit::VisitTimes;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::select_unpredictable;

/// Servers up to which the tournament is used: it keeps departures back until every server has had
/// a message.
const TOURNAMENT: u32 = 4_096;

/// A pool of servers.
pub(super) enum ServerSet {
    /// A single server, free at that time.
    One(f64),
    /// As many as fit a tournament.
    Few(Tournament),
    /// Any number.
    Many(ServerHeap),
}

impl ServerSet {
    /// Idle servers; `prompt`: departures may not be kept back.
    pub(super) fn new(servers: u32, prompt: bool) -> ServerSet {
        match servers {
            1 => ServerSet::One(0.0),
            2..=TOURNAMENT if !prompt => ServerSet::Few(Tournament::new(servers)),
            _ => ServerSet::Many(ServerHeap { servers: servers as usize, taken: BinaryHeap::new(), served: 0 }),
        }
    }

    /// Serves messages in their order of arrival: when each starts, and who departs meanwhile.
    pub(super) fn serve(
        &mut self,
        arrivals: &[f64],
        services: &[f64],
        starts: &mut Vec<f64>,
        departed: &mut Vec<VisitTimes>,
    ) {
        match self {
            ServerSet::One(free) => lindley(free, arrivals, services, starts, departed),
            ServerSet::Few(tournament) => tournament.serve(arrivals, services, starts, departed),
            ServerSet::Many(heap) => heap.serve(arrivals, services, starts, departed),
        }
    }

    /// No departure that is still to come is earlier than this, where nobody arrives before `clock`.
    pub(super) fn known_until(&mut self, clock: f64, departed: &mut Vec<VisitTimes>) -> f64 {
        match self {
            ServerSet::One(_) => f64::INFINITY,
            ServerSet::Few(tournament) => tournament.next_departure(),
            ServerSet::Many(heap) => {
                heap.depart(clock, departed);
                f64::INFINITY
            }
        }
    }

    /// Everybody departs: nobody arrives any more.
    pub(super) fn drain(&mut self, departed: &mut Vec<VisitTimes>) {
        match self {
            ServerSet::One(_) => {}
            ServerSet::Few(tournament) => tournament.drain(departed),
            ServerSet::Many(heap) => heap.depart(f64::INFINITY, departed),
        }
    }
}

/// One server. Formula (Lindley 1952): start = max(arrival, end of the one before).
fn lindley(free: &mut f64, arrivals: &[f64], services: &[f64], starts: &mut Vec<f64>, departed: &mut Vec<VisitTimes>) {
    let mut end = *free;
    starts.reserve(arrivals.len());
    departed.reserve(arrivals.len());
    for (i, &arrival) in arrivals.iter().enumerate() {
        let start = if arrival > end { arrival } else { end };
        end = start + services[i];
        starts.push(start);
        departed.push(VisitTimes { arrival, start, end });
    }
    *free = end;
}

/// When a server is free, the number of its message (which decides between equal times), the server.
/// Times are not negative, so their bits order as they do.
fn key(end: f64, message: u32, server: usize) -> u128 {
    (u128::from(end.to_bits()) << 64) | (u128::from(message) << 32) | server as u128
}

/// Two keys, the smaller first. By halves: a selection of 128 bits is compiled to a branch, and nobody
/// can predict who wins.
#[inline(always)]
fn in_order(one: u128, other: u128) -> (u128, u128) {
    let halves = |key: u128| ((key >> 64) as u64, key as u64);
    let ((a_time, a_tail), (b_time, b_tail)) = (halves(one), halves(other));
    let swap = (b_time < a_time) | ((b_time == a_time) & (b_tail < a_tail));
    let pick = |yes: (u64, u64), no: (u64, u64)| {
        let (time, tail) = (select_unpredictable(swap, yes.0, no.0), select_unpredictable(swap, yes.1, no.1));
        (u128::from(time) << 64) | u128::from(tail)
    };
    (pick((b_time, b_tail), (a_time, a_tail)), pick((a_time, a_tail), (b_time, b_tail)))
}

/// Servers in a tournament of losers (Knuth, *TAOCP* 3, 5.4.1): a server that takes a message plays
/// log2 n games on its way to the root, and no game depends on how a branch was predicted.
///
/// The departures come out in order of time: a server is chosen when it is free first.
pub(super) struct Tournament {
    /// The winner, then the loser of each game; leaves are not stored.
    games: Box<[u128]>,
    /// The message of each server.
    arrivals: Box<[f64]>,
    starts: Box<[f64]>,
    /// Servers that never had a message.
    unused: usize,
    /// The earliest departure while there are such.
    earliest: f64,
    message: u32,
}

impl Tournament {
    fn new(servers: u32) -> Tournament {
        let servers = servers as usize;
        let leaves = servers.next_power_of_two();
        let leaf = |i: usize| if i < servers { key(0.0, 0, i) } else { u128::MAX };
        let mut winners: Vec<u128> = vec![0; leaves];
        winners.extend((0..leaves).map(leaf));
        let mut games = vec![0; leaves];
        for game in (1..leaves).rev() {
            let (one, other) = (winners[2 * game], winners[2 * game + 1]);
            (winners[game], games[game]) = (one.min(other), one.max(other));
        }
        games[0] = winners[1];
        let idle = || vec![0.0; servers].into_boxed_slice();
        Tournament {
            games: games.into(),
            arrivals: idle(),
            starts: idle(),
            unused: servers,
            earliest: f64::INFINITY,
            message: 0,
        }
    }

    fn serve(&mut self, arrivals: &[f64], services: &[f64], starts: &mut Vec<f64>, departed: &mut Vec<VisitTimes>) {
        let first = self.unused.min(arrivals.len());
        for (&arrival, &service) in arrivals.iter().zip(services).take(first) {
            let (visit, _) = self.take(arrival, service);
            starts.push(visit.start);
            self.earliest = self.earliest.min(visit.end);
        }
        self.unused -= first;
        starts.reserve(arrivals.len());
        departed.reserve(arrivals.len());
        for (&arrival, &service) in arrivals.iter().zip(services).skip(first) {
            let (visit, before) = self.take(arrival, service);
            starts.push(visit.start);
            departed.push(before);
        }
    }

    /// The server that is free first takes a message; returns its times, and those of the message before.
    #[inline(always)] // its two results would go through memory, on the way to the next message
    fn take(&mut self, arrival: f64, service: f64) -> (VisitTimes, VisitTimes) {
        let winner = self.games[0];
        let server = (winner as u32) as usize;
        let free = f64::from_bits((winner >> 64) as u64);
        let start = if arrival > free { arrival } else { free };
        let end = start + service;
        let before = VisitTimes { arrival: self.arrivals[server], start: self.starts[server], end: free };
        self.arrivals[server] = arrival;
        self.starts[server] = start;
        self.message = self.message.wrapping_add(1);
        self.play(server, key(end, self.message, server));
        (VisitTimes { arrival, start, end }, before)
    }

    /// A server plays its games anew.
    #[inline]
    fn play(&mut self, server: usize, mut winner: u128) {
        let mut game = (server + self.games.len()) / 2;
        while game > 0 {
            (winner, self.games[game]) = in_order(winner, self.games[game]);
            game /= 2;
        }
        self.games[0] = winner;
    }

    fn next_departure(&self) -> f64 {
        if self.unused > 0 { self.earliest } else { f64::from_bits((self.games[0] >> 64) as u64) }
    }

    fn drain(&mut self, departed: &mut Vec<VisitTimes>) {
        let mut taken: Vec<u128> = self.games.iter().copied().filter(|&k| (k >> 64) != 0 && k != u128::MAX).collect();
        taken.sort_unstable();
        departed.extend(taken.iter().map(|&k| {
            let server = (k as u32) as usize;
            VisitTimes {
                arrival: self.arrivals[server],
                start: self.starts[server],
                end: f64::from_bits((k >> 64) as u64),
            }
        }));
    }
}

/// Servers of any number, by the messages that they have.
pub(super) struct ServerHeap {
    servers: usize,
    taken: BinaryHeap<Reverse<Taken>>,
    served: u64,
}

/// A message in service, by its end and its number. Times stand as bits, which order as they do: they are not negative.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Taken {
    end: u64,
    message: u64,
    arrival: u64,
    start: u64,
}

impl ServerHeap {
    fn serve(&mut self, arrivals: &[f64], services: &[f64], starts: &mut Vec<f64>, departed: &mut Vec<VisitTimes>) {
        for (&arrival, &service) in arrivals.iter().zip(services) {
            self.depart(arrival, departed);
            let mut start = arrival;
            if self.taken.len() == self.servers {
                start = self.depart_first(departed).unwrap_or(arrival);
            }
            self.served += 1;
            let (end, message) = ((start + service).to_bits(), self.served);
            self.taken.push(Reverse(Taken { end, message, arrival: arrival.to_bits(), start: start.to_bits() }));
            starts.push(start);
        }
    }

    fn depart_first(&mut self, departed: &mut Vec<VisitTimes>) -> Option<f64> {
        let Reverse(first) = self.taken.pop()?;
        let [arrival, start, end] = [first.arrival, first.start, first.end].map(f64::from_bits);
        departed.push(VisitTimes { arrival, start, end });
        Some(end)
    }

    /// Messages that are done by `now` depart.
    fn depart(&mut self, now: f64, departed: &mut Vec<VisitTimes>) {
        while self.taken.peek().is_some_and(|Reverse(first)| f64::from_bits(first.end) <= now) {
            self.depart_first(departed);
        }
    }
}
