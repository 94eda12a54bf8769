//! Exact mean value analysis: of many classes with single servers and delays, and of one class with several
//! servers in the form that loses no digits.

use super::lattice::PopulationLattice;
use super::network::{ClosedNetwork, ClosedSteady, Pace, too_large};
use crate::analytic::Refusal;

/// Steps (vectors times classes times stations) at most: some seconds.
pub(super) const MOST_STEPS: f64 = 2e9;
/// Numbers held at a time at most.
const MOST_HELD: f64 = 5e7;
/// Change of a mean number, as a share, by a doubling of the population at which its limit is reached.
const SETTLED: f64 = 1e-11;
/// Stations of several servers at most: each subset of them is a network of its own.
const MOST_MULTIPLE: usize = 12;

/// Exact mean value analysis of any number of classes (Reiser and Lavenberg).
///
/// Formula: R_ir(n) = D_ir (1 + L_i(n - e_r)) at a server, D_ir at a delay; X_r(n) = n_r/(Z_r + sum_i R_ir(n));
/// L_i(n) = sum_r X_r(n) R_ir(n).
/// Units: demands and think times in seconds.
/// Valid when: the network has product form, each station is one server or a delay (`None`
/// otherwise); at most 2 10^9 steps. Every step adds positive numbers only.
/// Reference: Reiser, Lavenberg, Journal of the ACM 27 (1980).
///
/// ```
/// use lindley::analytic::network::closed::{mva::mva, network::{ClosedNetwork, Pace}};
/// // Zahorjan: two classes of one message each, demands (1, 3) and (2, 4): X = 3/19, 2/19.
/// let network = ClosedNetwork {
///     paces: vec![Pace::Servers(1), Pace::Servers(1)],
///     demands: vec![vec![1.0, 3.0], vec![2.0, 4.0]],
///     populations: vec![1, 1],
///     think: vec![0.0, 0.0],
/// };
/// let steady = mva(&network).unwrap().unwrap();
/// assert!((steady.throughput[0] - 3.0 / 19.0).abs() < 1e-15);
/// assert!((steady.in_station[1][1] - 14.0 / 19.0).abs() < 1e-15);
/// ```
pub fn mva(network: &ClosedNetwork) -> Option<Result<ClosedSteady, Refusal>> {
    let simple = network.paces.iter().all(|pace| pace.is_single() || *pace == Pace::Delay);
    simple.then(|| {
        let (vectors, work) = (network.vectors(), (network.stations() * network.classes()).max(1) as f64);
        let slowest = f64::from(network.populations.iter().copied().max().unwrap_or(0)) + 1.0;
        let most = (MOST_STEPS / work).min(MOST_HELD / network.stations().max(1) as f64 * slowest).floor();
        if vectors > most { Err(too_large(vectors, most)) } else { Ok(recursion(network)) }
    })
}

fn recursion(network: &ClosedNetwork) -> ClosedSteady {
    // By population, the largest last: only its stride of vectors is held at a time.
    let mut classes: Vec<usize> = (0..network.classes()).filter(|&r| network.populations[r] > 0).collect();
    if let [only] = classes[..] {
        return of_one_class(network, only);
    }
    classes.sort_by_key(|&r| network.populations[r]);
    let lattice = PopulationLattice::new(&classes.iter().map(|&r| network.populations[r]).collect::<Vec<_>>());
    let stations = network.stations();
    let ring = lattice.strides.last().copied().unwrap_or(1) + 1;
    let queued: Vec<f64> = network.paces.iter().map(|pace| if pace.is_single() { 1.0 } else { 0.0 }).collect();
    let mut held = vec![0.0; ring * stations];
    let mut steady = ClosedSteady {
        throughput: vec![0.0; network.classes()],
        in_station: vec![vec![0.0; stations]; network.classes()],
        ..ClosedSteady::default()
    };
    let (mut times, mut here) = (vec![0.0; stations], vec![0.0; stations]);
    for cell in 1..lattice.cells {
        here.fill(0.0);
        for (at, &r) in classes.iter().enumerate() {
            let Some(below) = lattice.below(cell, at) else { continue };
            let below = below % ring * stations;
            let (demands, below) = (&network.demands[r], &held[below..below + stations]);
            for i in 0..stations {
                times[i] = demands[i] * (1.0 + queued[i] * below[i]);
            }
            let x = lattice.count(cell, at) as f64 / (network.think[r] + times.iter().sum::<f64>());
            here.iter_mut().zip(&times).for_each(|(here, time)| *here += x * time);
            if cell == lattice.cells - 1 {
                steady.throughput[r] = x;
                steady.in_station[r].iter_mut().zip(&times).for_each(|(l, time)| *l = x * time);
            }
        }
        held[cell % ring * stations..][..stations].copy_from_slice(&here);
    }
    steady
}

/// The recursion where only class `r` has messages, until all but the longest queue have settled: it takes up the rest.
///
/// With D the demand of the one bottleneck, G(n)/D^n is a sum over k <= n of terms that are logarithmically concave (constants
/// of the network without it, over D^k): once a doubling of n adds a share e, all further terms together add about e^2.
/// Several bottlenecks, or none, grow together and are followed to the end.
fn of_one_class(network: &ClosedNetwork, r: usize) -> ClosedSteady {
    let (demands, population) = (&network.demands[r], network.populations[r]);
    let queued: Vec<f64> = network.paces.iter().map(|pace| if pace.is_single() { 1.0 } else { 0.0 }).collect();
    if let Some((throughput, queue)) = balanced(network, r) {
        return alone(network, r, throughput, vec![queue; demands.len()]);
    }
    let (mut here, mut half) = (vec![0.0; demands.len()], vec![0.0; demands.len()]);
    let (mut x, mut x_half, mut n) = (0.0, 0.0, 0);
    while n < population {
        n += 1;
        let mut cycle = 0.0;
        for i in 0..here.len() {
            here[i] = demands[i] * (1.0 + queued[i] * here[i]);
            cycle += here[i];
        }
        x = f64::from(n) / (network.think[r] + cycle);
        here.iter_mut().for_each(|time| *time *= x);
        if n.is_power_of_two() {
            if is_settled(x, x_half) && queues_settled(&here, &half) {
                break;
            }
            half.copy_from_slice(&here);
            x_half = x;
        }
    }
    let longest = longest(&here);
    if n < population {
        let others: f64 = (0..here.len()).filter(|&i| i != longest).map(|i| here[i]).sum();
        here[longest] = f64::from(population) - x * network.think[r] - others;
    }
    alone(network, r, x, here)
}

/// Throughput N/(D (N + M - 1)) and mean number N/M at each of M single servers of one demand D, without think time.
fn balanced(network: &ClosedNetwork, r: usize) -> Option<(f64, f64)> {
    let (demands, n, m) = (&network.demands[r], f64::from(network.populations[r]), network.stations() as f64);
    let alike = demands.iter().all(|d| *d > 0.0 && *d == demands[0]) && network.paces.iter().all(Pace::is_single);
    (alike && m > 0.0 && network.think[r] == 0.0).then(|| (n / (demands[0] * (n + m - 1.0)), n / m))
}

/// The answer where only class `r` has messages.
fn alone(network: &ClosedNetwork, r: usize, throughput: f64, in_station: Vec<f64>) -> ClosedSteady {
    let mut steady = ClosedSteady {
        throughput: vec![0.0; network.classes()],
        in_station: vec![vec![0.0; in_station.len()]; network.classes()],
        ..ClosedSteady::default()
    };
    steady.throughput[r] = throughput;
    steady.in_station[r] = in_station;
    steady
}

/// The station with the most messages.
fn longest(here: &[f64]) -> usize {
    (0..here.len()).max_by(|&i, &j| here[i].total_cmp(&here[j])).unwrap_or(0)
}

fn is_settled(now: f64, before: f64) -> bool {
    (now - before).abs() <= SETTLED * now
}

/// Whether all queues but the longest are as long as with half as many messages.
fn queues_settled(here: &[f64], half: &[f64]) -> bool {
    let longest = longest(here);
    (0..here.len()).all(|i| i == longest || is_settled(here[i], half[i]))
}

/// Exact mean value analysis of one class with stations of several servers, in the form that
/// loses no digits.
///
/// Formula: at c servers R(n) = (D/c) (1 + L(n-1) + sum_{k<c-1} (c-1-k) p(k|n-1)),
/// p(k|n) = X(n) (D/k) p(k-1|n-1) for k < c, and p(0|n) = p(0|n-1) X(n)/X'(n), where X' is the throughput of
/// the network without the station; the usual p(0|n) = 1 - sum_k p(k|n) loses all digits near saturation.
/// Units: demands and think time in seconds.
/// Valid when: one class, servers and delays only, at most 12 stations of several servers (every
/// subset of them is analysed); `None` otherwise.
/// Reference: Reiser, Performance Evaluation 1 (1981); Reiser, Lavenberg (1980), sec. 4.
///
/// ```
/// use lindley::analytic::network::closed::{mva::multi_server_mva, network::{ClosedNetwork, Pace}};
/// // Two servers and two messages: nobody waits.
/// let network = ClosedNetwork::single(vec![1.0, 3.0], vec![Pace::Servers(2), Pace::Servers(2)], 2);
/// let steady = multi_server_mva(&network).unwrap();
/// assert!((steady.throughput[0] - 0.5).abs() < 1e-15);
/// ```
pub fn multi_server_mva(network: &ClosedNetwork) -> Option<ClosedSteady> {
    let known = network.paces.iter().all(|pace| !matches!(pace, Pace::Rates(_)));
    let network = &never_full(network);
    let multiple: Vec<usize> =
        (0..network.stations()).filter(|&i| matches!(network.paces[i], Pace::Servers(c) if c > 1)).collect();
    if !known || network.classes() != 1 || multiple.len() > MOST_MULTIPLE {
        return None;
    }
    let mut throughputs: Vec<Vec<f64>> = Vec::new();
    let mut whole = ClosedSteady::default();
    for subset in 0..1usize << multiple.len() {
        let left_out: Vec<usize> =
            multiple.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 0).map(|(_, &i)| i).collect();
        let without = |i: usize| {
            let at = multiple.iter().position(|&j| j == i).expect("only stations of several servers are asked for");
            &throughputs[subset & !(1 << at)]
        };
        let (x, steady) = without_some(network, &left_out, &without);
        throughputs.push(x);
        whole = steady;
    }
    Some(whole)
}

/// The same network, with delays for the stations that have a server for everybody.
fn never_full(network: &ClosedNetwork) -> ClosedNetwork {
    let all = network.populations.first().copied().unwrap_or(0);
    let enough = |pace: &Pace| matches!(pace, Pace::Servers(c) if *c > 1 && *c >= all);
    let paces = network.paces.iter().map(|pace| if enough(pace) { Pace::Delay } else { pace.clone() }).collect();
    ClosedNetwork { paces, ..network.clone() }
}

/// Analysis of the network without some stations; throughputs for 0, 1, ... N messages.
fn without_some<'x>(
    network: &ClosedNetwork,
    left_out: &[usize],
    without: &dyn Fn(usize) -> &'x Vec<f64>,
) -> (Vec<f64>, ClosedSteady) {
    let (demands, stations) = (&network.demands[0], network.stations());
    let inside = |i: usize| !left_out.contains(&i);
    let (mut l, mut times) = (vec![0.0; stations], vec![0.0; stations]);
    // p(k|n) of each station of several servers, for k < c - 1; nothing for the others.
    let mut p: Vec<Vec<f64>> = network.paces.iter().enumerate().map(|(i, pace)| empty(pace, inside(i))).collect();
    let mut x = vec![0.0];
    for n in 1..=network.populations[0] as usize {
        for i in (0..stations).filter(|&i| inside(i)) {
            times[i] = demands[i] * slowdown(&network.paces[i], l[i], &p[i]);
        }
        let cycle = network.think[0] + times.iter().sum::<f64>();
        x.push(n as f64 / cycle);
        if cycle <= 0.0 {
            continue; // Nothing is left: its throughput is infinite, and nobody is anywhere.
        }
        l.iter_mut().zip(&times).for_each(|(l, time)| *l = x[n] * time);
        for (i, p) in p.iter_mut().enumerate().filter(|(_, p)| !p.is_empty()) {
            for k in (1..p.len()).rev() {
                p[k] = x[n] * demands[i] / k as f64 * p[k - 1];
            }
            p[0] *= x[n] / without(i)[n];
        }
    }
    let steady = ClosedSteady { throughput: vec![x[x.len() - 1]], in_station: vec![l], ..ClosedSteady::default() };
    (x, steady)
}

fn empty(pace: &Pace, inside: bool) -> Vec<f64> {
    match pace {
        Pace::Servers(c) if *c > 1 && inside => (0..*c - 1).map(|k| if k == 0 { 1.0 } else { 0.0 }).collect(),
        _ => Vec::new(),
    }
}

/// Mean time at a station in units of the demand, from what an arrival finds there.
fn slowdown(pace: &Pace, found: f64, p: &[f64]) -> f64 {
    let Pace::Servers(c) = pace else { return 1.0 };
    let idle: f64 = p.iter().enumerate().map(|(k, p)| (f64::from(*c) - 1.0 - k as f64) * p).sum();
    (1.0 + found + idle) / f64::from(*c)
}
