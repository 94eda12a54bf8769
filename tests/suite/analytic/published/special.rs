//! Published cases of disciplines, polling, breakdowns, load balancing and brokers, through what a user
//! asks: the planner and the named systems.

use super::rounds_to;
use lindley::analytic::catalog::find;
use lindley::analytic::plan::plan;
use lindley::analytic::problem::{AfterRepair, Breakdowns, Discipline, Features, Input, Station, Work};
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::dist::Dist;
use lindley::model::Servers;

fn ask(name: &str, text: &str) -> SystemAnswer {
    let system = find(name).expect("the system is listed");
    let given = text.parse::<toml::Table>().expect("TOML").into_iter().collect();
    (system.solve)(&Given::read(system.parameters, &given).expect("what it wants")).expect("a steady state")
}

fn exponential(lambda: f64, servers: u32) -> Station {
    Station::new(Input::Poisson(lambda), Work::Law(Dist::Exponential(1.0)), Servers::Count(servers))
}

/// Mitzenmacher and Shahout, table 3.3, exponential sizes: mean sojourns; the row of rho = 0.9 is left
/// out, its printed values are not those of the integrals.
#[test]
fn disciplines_that_know_sizes() {
    let table = [
        (Discipline::Sjf, [1.713, 2.882, 6.264], 18.45),
        (Discipline::Psjf, [1.531, 2.659, 6.265], 18.96),
        (Discipline::Srpt, [1.425, 2.353, 5.541], 17.63),
    ];
    for (discipline, published, at_99) in table {
        let sojourn = |rho| {
            let station = Station { discipline, ..exponential(rho, 1) };
            plan(&station).expect("it is stable").best().steady.sojourn.expect("a sojourn").mean
        };
        for (rho, published) in [0.5, 0.8, 0.95].into_iter().zip(published) {
            assert!(rounds_to(sojourn(rho), published, 3), "{discipline:?} at {rho}: {}", sojourn(rho));
        }
        assert!(rounds_to(sojourn(0.99), at_99, 2), "{discipline:?}: {}", sojourn(0.99));
    }
}

/// LINE's cyclic polling: the sums of rho W that pseudo-conservation gives, exhaustive and gated.
#[test]
fn polling_of_three_queues() {
    for (discipline, sum) in [("exhaustive", 0.1432143), ("gated", 0.1689286)] {
        let answer = ask(
            "polling",
            &format!(
                "arrival-rates = [1, 1, 1]\nservices = ['E2 100ms', 'E3 100ms', 'H2 100ms 2']\n\
                 switchovers = ['E2 200ms']\ndiscipline = '{discipline}'\n"
            ),
        );
        let waits = answer.rows.iter().filter(|row| row.metric.to_string() == "wait" && row.name != "system");
        let weighted: f64 = waits.filter_map(|row| row.value).map(|wait| 0.1 * wait).sum();
        assert!(rounds_to(weighted, sum, 7), "{discipline}: {weighted}");
    }
}

/// Three servers that fail at 0.15 and are repaired at 0.5: available 0.5/0.65 of the time.
#[test]
fn availability_of_a_fleet() {
    let breakdowns =
        Breakdowns { rate: 0.15, repair: Dist::Exponential(2.0), when_idle: true, after: AfterRepair::Resume };
    let features = Features { breakdowns: Some(breakdowns), ..Features::default() };
    let plan = plan(&Station { features, ..exponential(1.0, 3) }).expect("it is stable");
    let details = &plan.best().steady.details;
    let availability = details.iter().find(|detail| detail.name == "availability").expect("an availability");
    assert!(rounds_to(availability.value, 0.769231, 6), "{}", availability.value);
}

/// The supermarket model: P(a queue has at least k) = rho^(2^k - 1), against rho^k at random.
#[test]
fn the_shorter_of_two() {
    let at =
        |k: u32| lindley::analytic::broker::power_of_d::PowerOfD { lambda: 0.9, mu: 1.0, choices: 2 }.share_at_least(k);
    assert!((at(1) - 0.9).abs() < 1e-15 && (at(3) - 0.9f64.powi(7)).abs() < 1e-15);
    let sojourn = |choices| {
        let answer = ask("power-of-d", &format!("arrival-rate = 0.9\nservice-rate = 1\nchoices = {choices}\n"));
        answer.rows.iter().find(|row| row.metric.to_string() == "sojourn").and_then(|row| row.value).expect("a sojourn")
    };
    assert!((sojourn(1) - 10.0).abs() < 1e-9 && sojourn(2) < 3.0);
}

/// RabbitMQ's law of the prefetch: 50 ms out, 4 ms of work, 50 ms back: 3.8 % busy with 1, always with 26.
#[test]
fn prefetch_of_rabbitmq() {
    let busy = |prefetch| {
        let answer = ask("credit", &format!("prefetch = {prefetch}\nout = '50ms'\nwork = '4ms'\nback = '50ms'\n"));
        answer.get("system", None, "utilization", "mean").expect("a utilization")
    };
    assert!(rounds_to(busy(1), 0.0385, 4), "{}", busy(1));
    assert!((busy(26) - 1.0).abs() < 1e-12 && busy(25) < 0.97, "{} {}", busy(26), busy(25));
}
