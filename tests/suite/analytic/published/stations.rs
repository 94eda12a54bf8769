//! Published cases of single stations: closed forms and chains re-derived to the digits shown.

use super::rounds_to;
use lindley::analytic::problem::{Input, Patience, Station, Work};
use lindley::analytic::station::erlang::{erlang_b, erlang_c};
use lindley::analytic::station::mmck::Mmck;
use lindley::analytic::station::{METHODS, age::age_of_information, mm1::Mm1};
use lindley::analytic::{Moments, Steady};
use lindley::dist::Dist;
use lindley::model::Servers;

fn solve(station: &Station) -> Steady {
    METHODS.iter().find_map(|method| method.solve(station).ok()).expect("a method for a single station")
}

/// M/M/c, or M/M/c/K with `places`.
fn markovian(lambda: f64, mu: f64, c: u32, places: Option<u64>) -> Steady {
    let service = Work::Law(Dist::Exponential(1.0 / mu));
    solve(&Station { places, ..Station::new(Input::Poisson(lambda), service, Servers::Count(c)) })
}

fn mean(moments: Option<Moments>) -> f64 {
    moments.expect("a mean").mean
}

fn close(value: f64, published: f64, decimals: i32) {
    assert!(rounds_to(value, published, decimals), "{value} is not {published} to {decimals} decimals");
}

/// The queueing package of GNU Octave, `qsmmm`, `qsmmmk` and `ctmc`.
#[test]
fn octave_queueing() {
    let (two, four) = (markovian(9.0, 5.0, 2, None), markovian(9.0, 5.0, 4, None));
    close(two.in_system - two.queue_length, 1.8, 12);
    close(two.queue_length + 1.8, 9.47368, 5);
    close(two.queue_length, 7.67368, 5);
    close(mean(two.sojourn), 1.05263, 5);
    close(four.queue_length, 0.105164, 6);
    close(mean(four.sojourn), 0.211685, 6);
    close(Mmck::new(40.0, 30.0, 3, 7).prob_empty(), 0.255037, 6);
    close(mean(markovian(40.0, 30.0, 3, Some(7)).sojourn), 0.036517, 6);
    close(markovian(50.0, 10.0, 4, Some(6)).prob_loss.unwrap(), 0.293543, 6);
    let small = markovian(3.0, 2.0, 2, Some(5));
    // Printed as 0.179334, cut off and not rounded: 0.1793345009.
    close(Mmck::new(3.0, 2.0, 2, 5).prob_empty(), 0.1793345, 7);
    close(small.prob_loss.unwrap(), 0.0851138, 7);
    close(small.in_system, 2.00595, 5);
    close(mean(small.wait), 0.2308576, 7);
    close(markovian(1.0, 1.0, 1, Some(10)).in_system, 5.0, 12);
    for (n, weight) in [8.0, 4.0, 2.0, 1.0].iter().enumerate() {
        close(Mmck::new(1.0, 2.0, 1, 3).prob_in_system(n as u64), weight / 15.0, 14);
    }
}

/// Mitzenmacher and Shahout, table 3.3, first in first out; age of information; Erlang's formulas.
#[test]
fn most_queue() {
    for (rho, sojourn) in [(0.5, 2.0), (0.8, 5.0), (0.95, 20.0), (0.99, 100.0)] {
        close(mean(markovian(rho, 1.0, 1, None).sojourn), sojourn, 10);
    }
    assert_eq!(age_of_information(0.5, 1.0), Some((3.5, 4.0)));
    close(erlang_b(1, 1.0), 0.5, 14);
    close(erlang_b(2, 2.0), 0.4, 14);
    close(erlang_c(1, 0.5).unwrap(), 0.5, 14);
    close(mean(markovian(2.0, 1.0, 3, None).wait), 0.444444, 6);
    let service = Work::Law(Dist::Exponential(1.0));
    let mut impatient = Station::new(Input::Poisson(10.0), service, Servers::Count(10));
    impatient.features.patience = Some(Patience::Exponential(2.0));
    let impatient = solve(&impatient);
    close(impatient.prob_wait.unwrap(), 0.6196552, 7);
    close(impatient.prob_abandon.unwrap(), 0.1039132, 7);
    close(impatient.details.iter().find(|d| d.name == "wait_all").unwrap().value, 0.2078264, 7);
}

/// Pollaczek and Khinchine at rho = 0.8 by scv, from the law and from the moments alone.
#[test]
fn pollaczek_khinchine_grid() {
    let laws = [
        (0.0, 2.0, Dist::Deterministic(1.0)),
        (0.5, 3.0, Dist::erlang(2, 1.0).unwrap()),
        (1.0, 4.0, Dist::Exponential(1.0)),
        (4.0, 10.0, Dist::lognormal(1.0, 4.0).unwrap()),
    ];
    for (scv, wait, law) in laws {
        for service in [Work::Law(law), Work::Moments { mean: 1.0, scv }] {
            let steady = solve(&Station::new(Input::Poisson(0.8), service, Servers::Count(1)));
            close(mean(steady.wait), wait, 11);
        }
    }
    let p99 = markovian(0.8, 1.0, 1, None).sojourn_law.unwrap().quantile(0.99).unwrap();
    close(p99, 23.0259, 4);
}

/// Vignettes of simmer, benchmarks and tests of Ciw, ndebuhr/sim and cimba.
#[test]
fn simulators() {
    let limited = markovian(3.0, 4.0, 2, Some(3));
    close(limited.in_system, 0.7623400, 7);
    close(limited.prob_loss.unwrap(), 0.0493601, 7);
    let plain = markovian(2.0, 4.0, 1, None);
    close(plain.in_system, 1.0, 12);
    close(mean(plain.sojourn), 0.5, 12);
    close(mean(markovian(0.2, 0.1, 3, None).wait), 4.444444, 6);
    close(mean(markovian(10.0, 4.0, 3, None).wait), 0.3511236, 7);
    for (lambda, mu) in [(1.0, 3.0), (1.0, 4.0)] {
        let rho: f64 = lambda / mu;
        let queue = Mm1::new(lambda, mu).unwrap();
        (0..8).for_each(|n| close(queue.prob_in_system(n), (1.0 - rho) * rho.powi(n as i32), 14));
    }
    let full = markovian(0.5, 1.0 / 3.0, 1, Some(14));
    close(full.in_system, 12.034333, 6);
    // Printed with the numerator 4766600; 3^15 - 2^15 - 3^14 = 9533170 makes it 4766585.
    close(full.throughput, 4_766_585.0 / 14_316_139.0, 12);
    close(full.throughput, 0.3329519, 7);
    close(mean(full.sojourn), 36.144365, 6);
    close(mean(markovian(0.9, 1.0, 1, None).sojourn), 10.0, 11);
}
