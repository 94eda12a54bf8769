//! Closed networks against explicit chains, and methods against each other, also at extremes.

use super::convolution::{convolution, marginal};
use super::linearizer::linearizer;
use super::mva::{multi_server_mva, mva};
use super::network::{ClosedNetwork, ClosedSteady, Pace};
use super::schweitzer::bard_schweitzer;
use crate::analytic::Refusal;
use crate::analytic::catalog::ask;
use crate::analytic::testing::{assert_invalid, chain_averages};
use crate::row::Source;

/// A small generator of numbers in (0, 1), for random networks.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs().max(1e-9)
}

fn same(a: &ClosedSteady, b: &ClosedSteady, relative: f64) -> bool {
    let flat = |s: &ClosedSteady| s.throughput.iter().chain(s.in_station.iter().flatten()).copied().collect::<Vec<_>>();
    flat(a).iter().zip(flat(b)).all(|(a, b)| near(*a, b, relative))
}

/// Processor sharing on a cycle of stations, by the chain; the think time is a delay before the first.
fn by_chain(network: &ClosedNetwork) -> ClosedSteady {
    let (stations, classes) = (network.stations() + 1, network.classes());
    let start: Vec<u32> = (0..classes * stations)
        .map(|at| if at % stations == 0 { network.populations[at / stations] } else { 0 })
        .collect();
    let average = chain_averages([start], 20_000, |state: &Vec<u32>, to| {
        for i in 0..stations {
            let total: u32 = (0..classes).map(|r| state[r * stations + i]).sum();
            for r in (0..classes).filter(|r| state[r * stations + i] > 0) {
                let mine = f64::from(state[r * stations + i]);
                let speed = |pace: &Pace| pace.rate(u64::from(total)) * mine / f64::from(total);
                let (speed, demand) = match i {
                    0 => (mine, network.think[r]),
                    _ => (speed(&network.paces[i - 1]), network.demands[r][i - 1]),
                };
                let mut next = state.clone();
                next[r * stations + i] -= 1;
                next[r * stations + (i + 1) % stations] += 1;
                to(next, speed / demand);
            }
        }
    });
    let number = |r: usize, i: usize| average(&|s| f64::from(s[r * stations + i]));
    ClosedSteady {
        throughput: (0..classes).map(|r| number(r, 0) / network.think[r]).collect(),
        in_station: (0..classes).map(|r| (1..stations).map(|i| number(r, i)).collect()).collect(),
        ..ClosedSteady::default()
    }
}

fn random(draw: &mut Draw, classes: usize, most: u32, paces: Vec<Pace>) -> ClosedNetwork {
    ClosedNetwork {
        demands: (0..classes).map(|_| paces.iter().map(|_| 0.1 + draw.unit()).collect()).collect(),
        paces,
        populations: (0..classes).map(|_| 1 + (draw.unit() * f64::from(most)) as u32).collect(),
        think: (0..classes).map(|_| 0.1 + 2.0 * draw.unit()).collect(),
    }
}

#[test]
fn single_servers_and_delays_by_mva_convolution_and_chain() {
    let draw = &mut Draw(7);
    for classes in [1, 1, 2, 2, 3] {
        let network = random(draw, classes, 3, vec![Pace::Servers(1), Pace::Delay, Pace::Servers(1)]);
        let (a, b, c) = (mva(&network).unwrap().unwrap(), convolution(&network).unwrap(), by_chain(&network));
        assert!(same(&a, &b, 1e-13), "{network:?}: {a:?} {b:?}");
        assert!(same(&b, &c, 1e-10), "{network:?}: {b:?} {c:?}");
    }
}

#[test]
fn several_servers_and_speeds_by_convolution_and_chain() {
    let draw = &mut Draw(11);
    for (classes, most) in [(1, 7), (1, 9), (2, 3), (2, 2)] {
        let paces = vec![Pace::Servers(2), Pace::Rates(vec![1.0, 0.5, 2.5]), Pace::Servers(3)];
        let network = random(draw, classes, most, paces);
        let (a, b) = (convolution(&network).unwrap(), by_chain(&network));
        assert!(same(&a, &b, 1e-9), "{network:?}: {a:?} {b:?}");
        // Power twin: another speed is seen.
        let mut other = network.clone();
        other.paces[1] = Pace::Rates(vec![1.0, 0.501, 2.5]);
        let changed = network.populations.iter().sum::<u32>() > 1;
        assert_eq!(!same(&convolution(&other).unwrap(), &b, 1e-9), changed);
        check_busy(&network, &a);
    }
}

/// P(not empty) from the marginal distribution, and the mean number too.
fn check_busy(network: &ClosedNetwork, steady: &ClosedSteady) {
    for i in 0..network.stations() {
        let p = marginal(network, i).unwrap();
        assert!(near(p.iter().sum(), 1.0, 1e-13));
        let mean = p.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
        assert!(near(steady.total(i), mean, 1e-12), "{network:?} {i}");
        if let Some(busy) = steady.busy[i] {
            assert!(near(busy, p[1..].iter().sum(), 1e-12), "{network:?} {i}");
        }
    }
}

#[test]
fn mva_of_several_servers_agrees_with_convolution_far_into_saturation() {
    let paces = vec![Pace::Delay, Pace::Servers(20), Pace::Servers(1), Pace::Servers(7)];
    for n in [1, 2, 6, 7, 8, 30, 150, 1000] {
        for demands in [vec![5.0, 2.0, 0.05, 0.3], vec![0.0, 20.0, 1.0, 7.0], vec![100.0, 1.0, 0.02, 6.0]] {
            let network = ClosedNetwork::single(demands, paces.clone(), n);
            let (a, b) = (multi_server_mva(&network).unwrap(), convolution(&network).unwrap());
            assert!(same(&a, &b, 1e-11), "{network:?}: {a:?} {b:?}");
        }
    }
    // Nor are networks of only such stations trouble.
    let network = ClosedNetwork::single(vec![1.0, 0.0, 2.0], vec![Pace::Servers(2); 3], 9);
    assert!(same(&multi_server_mva(&network).unwrap(), &convolution(&network).unwrap(), 1e-12));
}

#[test]
fn ten_thousand_messages() {
    let paces = vec![Pace::Delay, Pace::Servers(40), Pace::Servers(1), Pace::Servers(1)];
    let network = ClosedNetwork::single(vec![400.0, 1.9, 0.05, 0.049], paces, 10_000);
    let (a, b) = (convolution(&network).unwrap(), multi_server_mva(&network).unwrap());
    assert!(same(&a, &b, 1e-10), "{a:?} {b:?}");
    let total: f64 = (0..4).map(|i| a.total(i)).sum();
    assert!(near(total, 10_000.0, 1e-11));
    // A queue of nothing but messages that cannot be anywhere else.
    let alone = ClosedNetwork::single(vec![1e-200, 1e-250], vec![Pace::Servers(1); 2], 5000);
    assert!(near(convolution(&alone).unwrap().in_station[0][0], 5000.0, 1e-14));
}

#[test]
fn an_empty_class_and_an_empty_network() {
    let alone = ClosedNetwork::single(vec![1.0, 2.0], vec![Pace::Servers(1), Pace::Servers(2)], 3).thinking(1.0);
    let demands = vec![vec![1.0, 2.0], vec![0.5, 0.0]];
    let network = ClosedNetwork { demands, populations: vec![3, 0], think: vec![1.0, 0.0], ..alone.clone() };
    let (both, one) = (convolution(&network).unwrap(), convolution(&alone).unwrap());
    assert_eq!(both.throughput[0], one.throughput[0]);
    assert_eq!((both.throughput[1], both.in_station[1][0], both.residence(1, 0)), (0.0, 0.0, 0.0));
    let none = ClosedNetwork::single(vec![1.0], vec![Pace::Servers(1)], 0);
    for steady in [mva(&none).unwrap().unwrap(), convolution(&none).unwrap(), linearizer(&none).unwrap()] {
        assert_eq!(steady.throughput, vec![0.0]);
    }
}

#[test]
fn too_many_vectors_are_refused_with_their_number() {
    let (demands, populations, think) = (vec![vec![1.0]; 8], vec![99; 8], vec![0.0; 8]);
    let network = ClosedNetwork { paces: vec![Pace::Servers(1)], demands, populations, think };
    let refusal = mva(&network).unwrap().unwrap_err().to_string();
    assert!(refusal.contains("10000000000000000 vectors"), "{refusal}");
    assert!(convolution(&network).is_err());
}

#[test]
fn linearizer_is_nearer_than_bard_schweitzer() {
    let draw = &mut Draw(3);
    let (mut worst_linearizer, mut worst_schweitzer) = (0.0_f64, 0.0_f64);
    for _ in 0..30 {
        let network = random(draw, 2, 12, vec![Pace::Servers(1); 4]);
        let truth = mva(&network).unwrap().unwrap();
        let error = |s: ClosedSteady| (s.throughput[0] / truth.throughput[0] - 1.0).abs();
        worst_linearizer = worst_linearizer.max(error(linearizer(&network).unwrap()));
        worst_schweitzer = worst_schweitzer.max(error(bard_schweitzer(&network).unwrap()));
    }
    assert!(worst_linearizer < 0.005, "{worst_linearizer}");
    assert!(worst_schweitzer > 3.0 * worst_linearizer && worst_schweitzer < 0.08, "{worst_schweitzer}");
    // And near for several servers, by Seidmann.
    let network = ClosedNetwork::single(vec![3.0, 1.0], vec![Pace::Servers(4), Pace::Servers(1)], 12);
    let (truth, close) = (convolution(&network).unwrap(), linearizer(&network).unwrap());
    assert!(near(close.throughput[0], truth.throughput[0], 0.05), "{truth:?} {close:?}");
}

#[test]
fn a_hundred_stations_and_ten_classes_at_once() {
    let draw = &mut Draw(5);
    let network = ClosedNetwork { populations: vec![50; 10], ..random(draw, 10, 1, vec![Pace::Servers(1); 100]) };
    let (first, second) = (bard_schweitzer(&network).unwrap(), linearizer(&network).unwrap());
    for r in 0..10 {
        let total: f64 = first.in_station[r].iter().sum::<f64>() + first.throughput[r] * network.think[r];
        assert!(near(total, 50.0, 1e-9));
        assert!(near(first.throughput[r], second.throughput[r], 0.02));
    }
}

/// What a user may write, right or wrong, is answered or refused, and never panics.
#[test]
fn nonsense_is_refused() {
    assert_invalid(&[
        ("closed", "population = 3"),
        ("closed", "population = 3\ndemands = [1, inf]"),
        ("closed", "population = 3\ndemands = [0, 0]"),
        ("closed", "population = 3\ndemands = [1]\nservers = [1, 2]"),
        ("closed", "population = 3\ndemands = [1]\nservers = [0]"),
        ("closed", "population = 3\ndemands = [1]\nservers = [1.5]"),
        ("closed", "population = 3\ndemands = [1]\nload-dependent = [[1, -1]]"),
        ("closed", "population = 3\nservice-means = [1]\nvisits = [1, 2]"),
        ("closed", "population = 3\nservice-means = [1]\nvisits = [-1]"),
        ("closed", "population = 3\ndemands = [1]\nmarginal = 2"),
        ("closed", "population = 9e12\ndemands = [1]"),
        ("closed-classes", "demands = []\npopulations = []"),
        ("closed-classes", "demands = [[1, 2]]\npopulations = [1, 1]"),
        ("closed-classes", "demands = [[1, 2]]\npopulations = [1]\ntypes = [\"ps\"]"),
        ("closed-classes", "demands = [[1, 2]]\npopulations = [1]\ntypes = [\"ps\", \"magic\"]"),
        ("closed-classes", "demands = [[1, 2]]\npopulations = [1]\nthink-times = [1, 2]"),
        ("closed-classes", "demands = [[1, 2]]\npopulations = [1]\nvisits = [[0, 1]]"),
        ("mixed", "open-demands = [[1, 2]]\narrival-rates = []\ndemands = []\npopulations = []"),
        ("mixed", "open-demands = [[1, 2], [1, 1]]\narrival-rates = [0.1, inf]\ndemands = []\npopulations = []"),
        ("mixed", "open-demands = [[1, 2]]\narrival-rates = [0.1]\ndemands = [[1]]\npopulations = [1]"),
        ("bounds", "population = 0\ndemands = [1]"),
        ("bounds", "population = 2\ndemands = [0]"),
    ]);
    let fcfs =
        "demands = [[1, 2], [2, 1]]\npopulations = [2, 2]\ntypes = [\"fcfs\", \"ps\"]\nvisits = [[1, 1], [1, 1]]\n";
    assert!(matches!(ask("closed-classes", &format!("{fcfs}method = \"mva\"")), Err(Refusal::Assumption(_))));
    let close = ask("closed-classes", fcfs).unwrap();
    assert!(close.rows.iter().all(|row| row.source == Source::Approximation) && !close.notes.is_empty());
    let full = "open-demands = [[1]]\narrival-rates = [1.5]\ndemands = [[1]]\npopulations = [1]";
    assert!(matches!(ask("mixed", full), Err(Refusal::Unstable(_))));
    for extreme in ["demands = [1e100, 1e-100]\nload-dependent = [[1e-300], [1e300]]", "demands = [1e100, 1e100]"] {
        drop(ask("closed", &format!("population = 40\n{extreme}")));
        drop(ask("bounds", "population = 40\ndemands = [1e100, 1e-100]"));
    }
    let many = "population = 1e6\ndemands = [1, 1]\nservers = [900000, 1]";
    assert!(ask("closed", many).unwrap().rows.iter().any(|row| row.source == Source::Approximation));
    for fine in ["population = 0\ndemands = [1]", "population = 5\ndemands = [1]\nservers = [inf]\nmarginal = 1"] {
        assert!(ask("closed", fine).is_ok());
    }
    assert!(ask("mixed", "open-demands = [[1]]\narrival-rates = [0.5]\ndemands = []\npopulations = []").is_ok());
    assert!(ask("closed-classes", "demands = [[]]\npopulations = [2]\nthink-times = [1]").is_ok());
}

/// A recursion that stops where only the bottleneck still grows gives what the whole one would: convolution never stops.
#[test]
fn settled_queues_are_those_of_the_whole_recursion() {
    let single = |n: usize| vec![Pace::Servers(1); n];
    let cases = [
        (vec![0.1, 0.2], 0.0),
        (vec![0.3, 0.299, 0.05], 0.0),
        (vec![1.0], 700.0),
        (vec![0.2, 0.2], 3.0),
        (vec![0.5, 0.499_9], 40.0),
        (vec![0.4], 0.0),
        (vec![0.3; 4], 0.0),
    ];
    for (demands, think) in cases {
        for population in [1, 3, 40, 700, 5000, 60_000] {
            let network = ClosedNetwork::single(demands.clone(), single(demands.len()), population).thinking(think);
            let (short, whole) = (mva(&network).unwrap().unwrap(), convolution(&network).unwrap());
            assert!(same(&short, &whole, 1e-10), "{demands:?} {think} {population}: {short:?} {whole:?}");
        }
    }
    let many = ClosedNetwork::single(vec![0.1, 0.2], single(2), 100_000_000).thinking(5.0);
    let steady = mva(&many).unwrap().unwrap();
    assert!(near(steady.throughput[0], 5.0, 1e-14) && near(steady.in_station[0][0], 1.0, 1e-13), "{steady:?}");
    assert!(near(steady.in_station[0][1], 1e8 - 26.0, 1e-14));
}
