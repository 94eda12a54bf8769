//! Published cases of closed and mixed networks: closed forms and chains re-derived to the digits shown.

use super::rounds_to;
use lindley::analytic::catalog::find;
use lindley::analytic::network::closed::bounds::Balance;
use lindley::analytic::system::{Given, SystemAnswer};
use std::collections::BTreeMap;

/// The answer of a system to parameters written as in a file.
fn ask(system: &str, parameters: &str) -> SystemAnswer {
    let system = find(system).unwrap_or_else(|| panic!("no system `{system}`"));
    let table: toml::Table = parameters.parse().expect("parameters are TOML");
    let map: BTreeMap<String, toml::Value> = table.into_iter().collect();
    let given = Given::read(system.parameters, &map).expect("parameters are known");
    (system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", system.name))
}

fn station(answer: &SystemAnswer, i: usize, metric: &str) -> f64 {
    answer.get(&format!("node{i}"), None, metric, "mean").unwrap_or_else(|| panic!("no {metric} of node{i}"))
}

fn class(answer: &SystemAnswer, r: usize, name: &str, metric: &str) -> f64 {
    answer.get(name, Some(&format!("class{r}")), metric, "mean").unwrap_or_else(|| panic!("no {metric} of class{r}"))
}

fn throughput(answer: &SystemAnswer) -> f64 {
    answer.get("system", None, "throughput", "mean").expect("a throughput")
}

fn all(answer: &SystemAnswer, metric: &str, published: &[f64], decimals: i32) {
    for (i, published) in published.iter().enumerate() {
        let value = station(answer, i + 1, metric);
        assert!(rounds_to(value, *published, decimals), "{metric} of node{}: {value} not {published}", i + 1);
    }
}

/// Jain (1991), p. 577.
#[test]
fn interactive_system_of_jain() {
    let answer =
        ask("closed", "service-means = [0.125, 0.3, 0.2]\nvisits = [16, 10, 5]\nthink-time = 4\npopulation = 20");
    all(&answer, "sojourn", &[0.373, 4.854, 0.300], 3);
    all(&answer, "in_system", &[1.991, 16.177, 0.500], 3);
    assert!(rounds_to(throughput(&answer), 0.33325, 5));
}

/// Bolch, Greiner, de Meer, Trivedi (2006), example 8.4; mean numbers are exact to the book's rounding of 2e-3.
#[test]
fn several_servers_of_bolch() {
    for method in ["auto", "mva", "convolution"] {
        let answer = ask(
            "closed",
            &format!(
                "service-means = [0.5, 0.6, 0.8, 1]\nvisits = [1, 0.5, 0.5, 1]\nservers = [2, 1, 1, inf]\n\
                 population = 3\nmethod = \"{method}\""
            ),
        );
        assert!(rounds_to(throughput(&answer), 1.217461, 6), "{answer:?}");
        all(&answer, "throughput", &[1.217461, 0.608730], 6);
        for (i, published) in [0.624, 0.473, 0.686, 1.217].iter().enumerate() {
            assert!((station(&answer, i + 1, "in_system") - published).abs() < 2e-3, "{answer:?}");
        }
    }
}

/// Bolch et al., example 8.3.
#[test]
fn central_server_of_bolch() {
    let answer = ask("closed", "service-means = [0.02, 0.2, 0.4, 0.6]\nvisits = [1, 0.4, 0.2, 0.1]\npopulation = 6");
    all(&answer, "in_system", &[0.244, 2.261, 2.261, 1.234], 3);
    all(&answer, "sojourn", &[0.025, 0.570, 1.140, 1.244], 3);
    all(&answer, "utilization", &[0.198, 0.794, 0.794, 0.595], 3);
    assert!(rounds_to(throughput(&answer), 9.920, 3));
}

/// Bolch et al., example 8.1; the normalising constants without the book's rounding.
#[test]
fn convolution_of_bolch() {
    let constants = [1.0, 2.8617, 4.2196, 4.4679];
    for (n, published) in constants.iter().enumerate() {
        let answer = ask(
            "closed",
            &format!(
                "service-means = [1.25, 1.6666666666666667, 2.5]\nvisits = [1, 0.667, 0.2]\nservers = [2, 3, 1]\n\
                 population = {n}\nmethod = \"convolution\""
            ),
        );
        let ln = answer.get("system", None, "detail.ln_normalising_constant", "mean").unwrap();
        assert!(rounds_to(ln.exp(), *published, 4), "{n}: {}", ln.exp());
        if n == 3 {
            assert!(rounds_to(throughput(&answer), 0.94442, 5), "{}", throughput(&answer));
            // The book rounds on the way, so its third digit is not kept.
            all(&answer, "utilization", &[0.590, 0.350, 0.473], 2);
            all(&answer, "in_system", &[1.290, 1.050, 0.660], 2);
        }
    }
}

const ZAHORJAN: &str = "demands = [[1, 3], [2, 4]]\npopulations = [1, 1]\n";

/// Zahorjan: two classes of one message, alone and with open classes that leave them this capacity.
#[test]
fn two_classes_of_zahorjan() {
    let closed = ask("closed-classes", ZAHORJAN);
    // A quarter of the first station and half of the second are taken by an open class.
    let mixed = ask(
        "mixed",
        "demands = [[0.75, 1.5], [1.5, 2]]\npopulations = [1, 1]\narrival-rates = [0.5]\nopen-demands = [[0.5, 1]]",
    );
    for (answer, first) in [(&closed, 1), (&mixed, 2)] {
        for (r, (x, numbers, times)) in
            [(3.0, [4.0, 15.0], [4.0 / 3.0, 5.0]), (2.0, [5.0, 14.0], [2.5, 7.0])].into_iter().enumerate()
        {
            assert!((class(answer, first + r, "system", "throughput") - x / 19.0).abs() < 1e-14);
            for i in 0..2 {
                let name = format!("node{}", i + 1);
                assert!((class(answer, first + r, &name, "in_system") - numbers[i] / 19.0).abs() < 1e-14);
                assert!((class(answer, first + r, &name, "detail.residence") - times[i]).abs() < 1e-13);
            }
        }
    }
}

/// Bard-Schweitzer on the same network.
#[test]
fn bard_schweitzer_on_zahorjan() {
    let answer = ask("closed-classes", &format!("{ZAHORJAN}method = \"bard-schweitzer\""));
    for (r, numbers, x) in [(1, [0.192, 0.808], 0.154), (2, [0.248, 0.752], 0.104)] {
        assert!(rounds_to(class(&answer, r, "system", "throughput"), x, 3));
        for (i, number) in numbers.into_iter().enumerate() {
            assert!(rounds_to(class(&answer, r, &format!("node{}", i + 1), "in_system"), number, 3));
        }
    }
    assert!(answer.rows.iter().all(|row| row.source == lindley::row::Source::Approximation));
}

/// Bolch et al., example 8.6: two open and two closed classes on two servers, each 0.9 taken by the
/// open ones; times of the closed classes are a visit.
#[test]
fn mixed_network_of_bolch() {
    let answer = ask(
        "mixed",
        "arrival-rates = [1, 1]\nopen-demands = [[0.4, 0.3], [0.5, 0.6]]\npopulations = [1, 1]\n\
         demands = [[0.3, 0.25], [0.5, 0.32]]",
    );
    for (r, numbers) in [(1, [8.822, 5.383]), (2, [11.028, 10.766])] {
        (0..2).for_each(|i| {
            let value = class(&answer, r, &format!("node{}", i + 1), "in_system");
            assert!((value - numbers[i]).abs() < 1.5e-3, "{value} {}", numbers[i]);
        });
    }
    for (r, visits, times) in [(3, 0.5, [4.829, 6.951]), (4, 0.4, [7.727, 11.636])] {
        let residence = |i: usize| class(&answer, r, &format!("node{i}"), "detail.residence");
        assert!(rounds_to(residence(1), times[0], 3), "{}", residence(1));
        assert!(rounds_to(residence(2) / visits, times[1], 3), "{}", residence(2) / visits);
    }
}

/// Three stations with room for everybody; the demands are known up to a factor from the utilizations.
#[test]
fn cycle_of_three_stations() {
    let answer = ask("closed", "demands = [0.543, 0.386, 0.797]\npopulation = 3");
    all(&answer, "utilization", &[0.543, 0.386, 0.797], 2);
    for (i, published) in [0.873, 0.541, 1.585].iter().enumerate() {
        assert!((station(&answer, i + 1, "in_system") - published).abs() < 3e-3, "{answer:?}");
    }
}

/// A cycle of two stations with room for everybody for everybody: no blocking.
#[test]
fn cycle_of_two_stations() {
    let answer = ask("closed", "demands = [5, 2.5]\npopulation = 3");
    all(&answer, "utilization", &[0.9333, 0.4667], 4);
    all(&answer, "sojourn", &[12.1429, 3.9286], 4);
    assert!(rounds_to(throughput(&answer), 0.1867, 4));
}

/// Casale, Muntz, Serazzi (2008): geometric and proportional bounds.
#[test]
fn throughput_bounds() {
    let bounds = |n, think| Balance::new(&[0.1, 0.1, 0.09, 0.08], n, think).unwrap();
    for (n, think, low, high) in [(20, 0.0, 9.0947, 9.2431), (10, 0.0, 8.1521, 8.2690), (20, 1.0, 8.0856, 8.6467)] {
        let x = bounds(n, think).geometric();
        assert!(rounds_to(x.low, low, 4) && rounds_to(x.high, high, 4), "{n} {think}: {x:?}");
    }
    for (n, low, high) in [(20, 8.8672, 9.3387), (10, 8.0219, 8.2700)] {
        let x = bounds(n, 0.0).proportional();
        assert!(rounds_to(x.low, low, 4) && rounds_to(x.high, high, 4), "{n}: {x:?}");
    }
}

/// Asymptotic bounds of an interactive system, through the system a user asks.
#[test]
fn asymptotic_bounds() {
    let answer = ask("bounds", "demands = [9.2, 8]\nthink-time = 120\npopulation = 20");
    let get = |name: &str| answer.get("system", None, name, "mean").unwrap();
    assert!(rounds_to(get("detail.asymptotic_throughput_high"), 0.109, 3));
    assert!(rounds_to(get("detail.asymptotic_response_low"), 64.0, 0));
}

/// Machine repair with a self-loop of 0.7 at the delay: 1/0.3 visits.
#[test]
fn repairmen_with_a_loop() {
    let answer = ask(
        "closed",
        "service-means = [1, 1.5]\nvisits = [3.3333333333333333, 1]\nservers = [inf, 1]\npopulation = 10",
    );
    all(&answer, "in_system", &[2.222027323103, 7.777972676897], 11);
    assert!(rounds_to(station(&answer, 2, "sojourn"), 11.6679823511102, 11));
    assert!(rounds_to(station(&answer, 2, "throughput"), 0.666608196931024, 13));
    assert!(rounds_to(station(&answer, 2, "utilization"), 0.999912295396536, 13));
}

/// Two classes, a delay of Erlang and hyperexponential laws, and a queue: only means matter, under
/// three disciplines.
#[test]
fn insensitivity_to_service_and_discipline() {
    for discipline in ["ps", "lcfs-pr", "fcfs"] {
        let answer = ask(
            "closed-classes",
            &format!(
                "demands = [[0.6666666666666667, 1], [0.2166666666666667, 1]]\npopulations = [2, 2]\n\
                 servers = [inf, 1]\ntypes = [\"inf\", \"{discipline}\"]"
            ),
        );
        for (r, delay, queue, x) in [
            (1, 0.308605430321547, 1.69139456967845, 0.46290814548232),
            (2, 0.1162477715536, 1.8837522284464, 0.536528176401232),
        ] {
            assert!(rounds_to(class(&answer, r, "node1", "in_system"), delay, 12));
            assert!(rounds_to(class(&answer, r, "node2", "in_system"), queue, 12));
            assert!(rounds_to(class(&answer, r, "system", "throughput"), x, 12));
        }
    }
}

/// Two servers before a delay, as servers and as speeds.
#[test]
fn load_dependent_station() {
    for servers in ["servers = [inf, 2]", "servers = [inf, 1]\nload-dependent = [[0, 0], [1, 2]]"] {
        let answer = ask("closed", &format!("demands = [1, 1.5]\npopulation = 16\n{servers}"));
        all(&answer, "in_system", &[1.33333333332244, 14.6666666666776], 11);
        assert!(rounds_to(station(&answer, 2, "sojourn"), 11.000000000098, 9));
    }
}

/// Two stations of 4 and 3 places, blocking after service; from its chain.
#[test]
fn finite_tandem() {
    let answer =
        ask("tandem-blocking", "service-rates = [1, 1.2]\nbuffers = [2]\narrival-rate = 0.8\nfirst-places = 4");
    assert!(rounds_to(throughput(&answer), 0.6876260348, 10));
    all(&answer, "in_system", &[1.7088701329, 1.0299543815], 10);
    let loss = answer.get("system", None, "prob_loss", "fraction").unwrap();
    assert!(rounds_to(loss, 0.1404674565, 10));
}

/// A closed cycle of two stations with room 7 and 5: the published 6.73 and 3.27 are blocking after
/// service to 0.01 (with service before room is there it would be 6.48).
#[test]
fn cycle_with_finite_room() {
    let answer = ask("cycle-blocking", "service-rates = [0.5, 1.1111111111111112]\nplaces = [7, 5]\npopulation = 10");
    for (i, published) in [6.73, 3.27].iter().enumerate() {
        assert!((station(&answer, i + 1, "in_system") - published).abs() < 0.01, "{answer:?}");
    }
}
