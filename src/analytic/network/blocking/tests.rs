//! Tandems with blocking against closed forms, each other and limits.

use super::decomposition::blocking_decomposition;
use super::line::{BlockingLine, BlockingRule, LineSteady, Supply, blocking_after_service, blocking_in_a_cycle};
use super::unlimited::blocking_unlimited;
use crate::analytic::Refusal;
use crate::analytic::catalog::ask;
use crate::analytic::station::mm1::Mm1;
use crate::analytic::station::mmck::Mmck;
use crate::analytic::testing::assert_invalid;

const MOST: usize = 3000;

fn near(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs()
}

fn saturated(mu: &[f64], buffers: &[u32], rule: BlockingRule) -> LineSteady {
    blocking_after_service(&BlockingLine::tandem(mu.to_vec(), buffers, Supply::Saturated, rule), MOST).unwrap()
}

fn ring(mu: Vec<f64>, places: Vec<u32>) -> BlockingLine {
    BlockingLine { mu, places, feed: Supply::Cycle, rule: BlockingRule::AfterService }
}

#[test]
fn two_saturated_stations_have_a_closed_form() {
    // M/M/1/(B+2) seen from the second station; before service it is M/M/1/(B+1).
    for (mu, buffer) in [([1.0, 1.0], 0), ([1.0, 1.0], 7), ([3.0, 2.0], 4), ([1.0, 5.0], 1)] {
        for (rule, places) in [(BlockingRule::AfterService, buffer + 2), (BlockingRule::BeforeService, buffer + 1)] {
            let steady = saturated(&mu, &[buffer], rule);
            let queue = Mmck::new(mu[0], mu[1], 1, u64::from(places));
            let busy = 1.0 - queue.prob_empty();
            assert!(near(steady.busy[1], busy, 1e-12), "{mu:?} {buffer} {rule:?}");
            assert!(near(steady.throughput, mu[1] * busy, 1e-12));
        }
    }
}

#[test]
fn three_saturated_stations_run_as_fast_backwards() {
    let throughput = |mu: &[f64], buffers: &[u32]| saturated(mu, buffers, BlockingRule::AfterService).throughput;
    // Hunt (1956): 22/39 without buffers.
    assert!(near(throughput(&[1.0; 3], &[0, 0]), 22.0 / 39.0, 1e-13));
    let there = throughput(&[1.0, 1.4, 0.8], &[1, 3]);
    assert!(near(there, throughput(&[0.8, 1.4, 1.0], &[3, 1]), 1e-12));
    // Power twin: other buffers carry another amount.
    assert!(!near(there, throughput(&[0.8, 1.4, 1.0], &[1, 3]), 1e-4));
}

#[test]
fn every_server_carries_the_throughput_and_arrivals_balance() {
    let feed = Supply::Poisson { rate: 0.9, places: 3 };
    for rule in [BlockingRule::AfterService, BlockingRule::BeforeService] {
        let line = BlockingLine::tandem(vec![1.0, 1.2, 0.7], &[1, 2], feed, rule);
        let steady = blocking_after_service(&line, MOST).unwrap();
        for (mu, busy) in line.mu.iter().zip(&steady.busy) {
            assert!(near(mu * busy, steady.throughput, 1e-12), "{steady:?}");
        }
        assert!(near(0.9 * (1.0 - steady.loss.unwrap()), steady.throughput, 1e-12));
    }
}

#[test]
fn large_buffers_block_nobody() {
    let feed = Supply::Poisson { rate: 0.5, places: 4 };
    let line = BlockingLine::tandem(vec![1.0, 1.0], &[100], feed, BlockingRule::AfterService);
    let steady = blocking_after_service(&line, MOST).unwrap();
    let alone = Mmck::new(0.5, 1.0, 1, 4);
    assert!(near(steady.throughput, 1.0 - alone.prob_empty(), 1e-10));
    assert!(steady.blocked[0] < 1e-12);
}

#[test]
fn an_unlimited_first_queue_is_the_limit_of_limited_ones() {
    for rule in [BlockingRule::AfterService, BlockingRule::BeforeService] {
        let line = BlockingLine::tandem(vec![1.0, 1.3, 1.1], &[1, 0], Supply::Saturated, rule);
        let steady = blocking_unlimited(&line, 0.3).unwrap();
        let limited = BlockingLine::tandem(line.mu.clone(), &[1, 0], Supply::Poisson { rate: 0.3, places: 80 }, rule);
        let chain = blocking_after_service(&limited, MOST).unwrap();
        assert!(near(steady.throughput, 0.3, 1e-12), "{steady:?}");
        for i in 0..3 {
            assert!(near(steady.in_station[i], chain.in_station[i], 1e-9), "{rule:?} {steady:?} {chain:?}");
            assert!((steady.blocked[i] - chain.blocked[i]).abs() < 1e-11);
        }
    }
}

#[test]
fn an_unlimited_queue_overloads_at_the_saturated_throughput() {
    let line = BlockingLine::tandem(vec![1.0, 1.0], &[0], Supply::Saturated, BlockingRule::AfterService);
    let overloaded = blocking_unlimited(&line, 0.67);
    assert!(matches!(overloaded, Err(Refusal::Unstable(why)) if why.to_string().contains("the 0.666666667/s that")));
    let close = blocking_unlimited(&line, 0.66).unwrap();
    assert!(close.in_station[0] > 50.0 && near(close.throughput, 0.66, 1e-10));
    // A server alone before one that is never in the way.
    let fast = BlockingLine::tandem(vec![1.0, 1e12], &[0], Supply::Saturated, BlockingRule::AfterService);
    let alone = Mm1::new(0.8, 1.0).unwrap().in_system();
    assert!(near(blocking_unlimited(&fast, 0.8).unwrap().in_station[0], alone, 1e-9));
}

#[test]
fn decomposition_is_within_three_percent() {
    let cases: [(&[f64], &[u32]); 5] = [
        (&[1.0; 3], &[1, 1]),
        (&[1.0; 4], &[2, 2, 2]),
        (&[1.0, 1.2, 0.9, 1.1], &[1, 3, 2]),
        (&[2.0, 1.0, 1.5], &[4, 0]),
        (&[1.0; 5], &[1, 1, 1, 1]),
    ];
    for (mu, buffers) in cases {
        for feed in [Supply::Saturated, Supply::Poisson { rate: 0.7, places: 2 }] {
            let line = BlockingLine::tandem(mu.to_vec(), buffers, feed, BlockingRule::AfterService);
            let (exact, close) = (blocking_after_service(&line, MOST).unwrap(), blocking_decomposition(&line));
            // 2.7 % low for five equal stations with one place between them, less for the others.
            assert!(near(close.throughput, exact.throughput, 0.03), "{line:?}: {exact:?} {close:?}");
            let (a, b): (f64, f64) = (exact.in_station.iter().sum(), close.in_station.iter().sum());
            assert!(near(b, a, 0.06), "{line:?}: {exact:?} {close:?}");
        }
    }
}

#[test]
fn a_long_line_is_decomposed_at_once() {
    let line = BlockingLine::tandem(vec![1.0; 40], &[5; 39], Supply::Saturated, BlockingRule::AfterService);
    let steady = blocking_decomposition(&line);
    assert!(steady.throughput > 0.6 && steady.throughput < 0.9, "{}", steady.throughput);
    // Symmetric ends.
    assert!(near(steady.blocked[0], 1.0 - steady.busy[39], 1e-3));
}

#[test]
fn a_cycle_with_room_for_all_has_product_form() {
    use crate::analytic::network::closed::mva::mva;
    use crate::analytic::network::closed::network::{ClosedNetwork, Pace};
    let line = ring(vec![1.0, 0.7, 1.5], vec![4; 3]);
    let steady = blocking_in_a_cycle(&line, 4, MOST).unwrap();
    let demands = line.mu.iter().map(|mu| 1.0 / mu).collect();
    let free = mva(&ClosedNetwork::single(demands, vec![Pace::Servers(1); 3], 4)).unwrap().unwrap();
    assert!(near(steady.throughput, free.throughput[0], 1e-12));
    // With less room it is slower.
    let tight = BlockingLine { places: vec![2; 3], ..line };
    assert!(blocking_in_a_cycle(&tight, 4, MOST).unwrap().throughput < 0.99 * steady.throughput);
}

#[test]
fn a_cycle_of_two_is_a_birth_and_death_chain() {
    // S = 2 and 0.9, room 7 and 5, ten messages: five states, the outer ones blocked.
    let steady = blocking_in_a_cycle(&ring(vec![0.5, 1.0 / 0.9], vec![7, 5]), 10, MOST).unwrap();
    let ratio = 2.0 / 0.9_f64;
    let weights: Vec<f64> = (0..5).map(|k| ratio.powi(k)).collect();
    let mean = [5.0, 5.0, 6.0, 7.0, 7.0].iter().zip(&weights).map(|(n, w)| n * w).sum::<f64>();
    assert!(near(steady.in_station[0], mean / weights.iter().sum::<f64>(), 1e-13));
    assert!(near(steady.in_station.iter().sum(), 10.0, 1e-13));
}

/// What a user may write, right or wrong, is answered or refused, and never panics.
#[test]
fn nonsense_is_refused() {
    assert_invalid(&[
        ("tandem-blocking", "service-rates = []\nbuffers = []"),
        ("tandem-blocking", "service-rates = [1, 0]\nbuffers = [1]"),
        ("tandem-blocking", "service-rates = [1, inf]\nbuffers = [1]"),
        ("tandem-blocking", "service-rates = [1, 1]\nbuffers = []"),
        ("tandem-blocking", "service-rates = [1, 1]\nbuffers = [1e9]"),
        ("tandem-blocking", "service-rates = [1, 1]\nbuffers = [1]\nfirst-places = 3"),
        ("tandem-blocking", "service-rates = [1, 1]\nbuffers = [1]\narrival-rate = inf"),
        ("cycle-blocking", "service-rates = [1, 1]\nplaces = [1, 0]\npopulation = 1"),
        ("cycle-blocking", "service-rates = [1, 1]\nplaces = [1, 1]\npopulation = 2"),
        ("cycle-blocking", "service-rates = [1]\nplaces = [3]\npopulation = 2"),
    ]);
    let open = "service-rates = [1, 1]\nbuffers = [1]\narrival-rate = ";
    assert!(matches!(ask("tandem-blocking", &format!("{open}0.9")), Err(Refusal::Unstable(_))));
    assert!(ask("tandem-blocking", &format!("{open}0.5")).is_ok());
    // Rates that differ by a hundred orders of magnitude are answered or refused.
    for rates in ["[1e100, 1e-100]", "[1e-100, 1e100, 1]", "[1e100, 1e100]"] {
        let buffers = if rates.matches(',').count() == 1 { "[2]" } else { "[2, 2]" };
        for more in ["arrival-rate = 1e-100", "method = \"decomposition\"", "arrival-rate = 1\nfirst-places = 2"] {
            drop(ask("tandem-blocking", &format!("service-rates = {rates}\nbuffers = {buffers}\n{more}")));
        }
    }
    let long = "service-rates = [1, 2, 1, 2, 1, 2, 1, 2]\nbuffers = [9, 9, 9, 9, 9, 9, 9]";
    let close = ask("tandem-blocking", long).unwrap();
    assert!(close.rows.iter().all(|row| row.source == crate::row::Source::Approximation));
    // One station is M/M/1/K; saturated, it always works.
    let one =
        ask("tandem-blocking", "service-rates = [1]\nbuffers = []\narrival-rate = 0.5\nfirst-places = 3").unwrap();
    assert!(near(one.get("system", None, "prob_loss", "fraction").unwrap(), 1.0 / 15.0, 1e-13));
    let always = ask("tandem-blocking", "service-rates = [2]\nbuffers = []").unwrap().rows[0].value.unwrap();
    assert!(near(always, 2.0, 1e-13));
}
