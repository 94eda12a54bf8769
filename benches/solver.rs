//! What the solver costs: Erlang C with a million servers, approximate mean value analysis of a hundred
//! stations and ten classes, the stationary law of chains of a million states, a phase-type station,
//! the planning of plain stations. `cargo bench --bench solver`.
//!
//! Each benchmark first asserts that its answer is right. Compare figures of one sitting only.

use criterion::{Criterion, criterion_group, criterion_main};
use lindley::analytic::chain::Generator;
use lindley::analytic::network::closed::linearizer::linearizer;
use lindley::analytic::network::closed::network::{ClosedNetwork, Pace};
use lindley::analytic::network::closed::schweitzer::bard_schweitzer;
use lindley::analytic::plan::plan;
use lindley::analytic::problem::{Input, Station, Work};
use lindley::analytic::station::erlang::erlang_c;
use lindley::dist::Dist;
use lindley::model::Servers;
use std::hint::black_box;
use std::time::Duration;

/// Erlang C by the textbook recursion for Erlang B, one server a step.
fn erlang_c_by_recursion(c: u32, a: f64) -> f64 {
    let b = (1..=c).fold(1.0, |b, k| a * b / (f64::from(k) + a * b));
    b / (1.0 - a / f64::from(c) * (1.0 - b))
}

fn erlang(c: &mut Criterion) {
    let (servers, load) = (1_000_000, 999_000.0);
    let exact = erlang_c_by_recursion(servers, load);
    assert!((erlang_c(servers, load).expect("stable") / exact - 1.0).abs() < 1e-9);
    c.bench_function("Erlang C, c = 1,000,000", |b| b.iter(|| erlang_c(black_box(servers), black_box(load))));
}

/// A hundred stations and ten classes of fifty, demands spread by a fixed rule.
fn hundred_stations() -> ClosedNetwork {
    let demand = |r: usize, i: usize| 0.01 + 0.001 * ((7 * r + 3 * i) % 11) as f64;
    ClosedNetwork {
        paces: vec![Pace::Servers(1); 100],
        demands: (0..10).map(|r| (0..100).map(|i| demand(r, i)).collect()).collect(),
        populations: vec![50; 10],
        think: (0..10).map(|r| 1.0 + r as f64).collect(),
    }
}

fn mean_value_analysis(c: &mut Criterion) {
    let network = hundred_stations();
    for solved in [bard_schweitzer(&network), linearizer(&network)] {
        let solved = solved.expect("it converges");
        // Every message is somewhere: in a station or thinking.
        for r in 0..10 {
            let thinking = solved.throughput[r] * network.think[r];
            let in_stations: f64 = solved.in_station[r].iter().sum();
            assert!((thinking + in_stations - 50.0).abs() < 1e-6);
        }
    }
    let mut group = c.benchmark_group("100 stations x 10 classes");
    group.bench_function("Bard-Schweitzer", |b| b.iter(|| bard_schweitzer(black_box(&network))));
    group.sample_size(20).bench_function("Linearizer", |b| b.iter(|| linearizer(black_box(&network))));
}

/// Two M/M/1 in a row with room for n - 1 messages each, a full one refusing: n x n states.
fn tandem(n: usize) -> Generator {
    let (lambda, first, second) = (0.7, 1.0, 0.9);
    let moves = (0..n * n).flat_map(move |state| {
        let (i, j) = (state / n, state % n);
        let arrival = (i + 1 < n).then_some((state, state + n, lambda));
        let passage = (i > 0 && j + 1 < n).then(|| (state, state - n + 1, first));
        let departure = (j > 0).then(|| (state, state - 1, second));
        [arrival, passage, departure].into_iter().flatten()
    });
    Generator::from_transitions(n * n, moves).expect("the rates are numbers")
}

/// M/M/1 with room for n - 1 messages.
fn single(n: usize) -> Generator {
    let up = (0..n - 1).map(|i| (i, i + 1, 0.9));
    let down = (1..n).map(|i| (i, i - 1, 1.0));
    Generator::from_transitions(n, up.chain(down)).expect("the rates are numbers")
}

fn chains(c: &mut Criterion) {
    let mut group = c.benchmark_group("stationary law, 1,000,000 states");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    let line = single(1_000_000);
    let p = line.stationary().expect("it is irreducible");
    assert!((p[0] / 0.1 - 1.0).abs() < 1e-12 && (p[100] / (0.1 * 0.9f64.powi(100)) - 1.0).abs() < 1e-10);
    group.bench_function("M/M/1/999999", |b| b.iter(|| line.stationary()));
    let grid = tandem(1000);
    let p = grid.stationary().expect("it is irreducible");
    // So large that nothing is lost: product form, P(empty) = (1 - 0.7)(1 - 0.7/0.9).
    assert!((p[0] / (0.3 * (1.0 - 0.7 / 0.9)) - 1.0).abs() < 1e-9);
    group.measurement_time(Duration::from_secs(90));
    group.bench_function("tandem 1000 x 1000", |b| b.iter(|| grid.stationary()));
}

fn stations(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan and solve");
    let of = |arrivals, service, servers| Station::new(arrivals, Work::Law(service), Servers::Count(servers));
    let erlang = |k, mean| Dist::erlang(k, mean).expect("a law");
    let cases = [
        ("M/M/100", of(Input::Poisson(90.0), Dist::Exponential(1.0), 100)),
        ("M/D/10", of(Input::Poisson(9.0), Dist::Deterministic(1.0), 10)),
        ("E2/M/10", of(Input::Renewal(erlang(2, 1.0 / 9.0)), Dist::Exponential(1.0), 10)),
        ("E2/E2/10", of(Input::Renewal(erlang(2, 1.0 / 9.0)), erlang(2, 1.0), 10)),
    ];
    for (name, station) in cases {
        assert!(plan(&station).expect("it is stable").is_exact());
        group.bench_function(name, |b| b.iter(|| plan(black_box(&station))));
    }
}

criterion_group!(benches, erlang, mean_value_analysis, stations, chains);
criterion_main!(benches);
