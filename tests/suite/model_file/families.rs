//! Each distribution and arrival process is read, and means what its parameters say.

use super::schema::{schema, variants};
use super::transient;
use lindley::model::ServiceTime;
use std::collections::BTreeSet;

/// The first words of the tables among some texts.
fn named(texts: &[&str]) -> BTreeSet<String> {
    let name = |text: &&str| text.strip_prefix("{ ")?.split(' ').next().map(str::to_string);
    texts.iter().filter_map(name).collect()
}

#[test]
fn every_family_of_times_is_read_with_its_mean() {
    let cases = [
        (r#""40ms""#, 0.04),
        ("0.04", 0.04),
        ("{ deterministic = { value = 2 } }", 2.0),
        ("{ exponential = { rate = \"25/s\" } }", 0.04),
        ("{ erlang = { k = 3, mean = \"60ms\" } }", 0.06),
        ("{ gamma = { mean = 2, scv = 0.3 } }", 2.0),
        ("{ gamma = { shape = 3, scale = 2 } }", 6.0),
        ("{ hyperexponential = { mean = 2, scv = 4 } }", 2.0),
        ("{ hyperexponential = { probabilities = [0.25, 0.75], means = [4, 8] } }", 7.0),
        ("{ coxian = { mean = 2, scv = 0.7 } }", 2.0),
        ("{ coxian = { rates = [2, 4], continue = [0.5] } }", 0.625),
        ("{ phase_type = { alpha = [1, 0], t = [[-2, \"2/s\"], [0, \"-4/s\"]] } }", 0.75),
        ("{ lognormal = { mean = 2, scv = 3 } }", 2.0),
        ("{ lognormal = { mu = 0, sigma = 0.5 } }", 0.125f64.exp()),
        ("{ weibull = { mean = 2, scv = 2 } }", 2.0),
        ("{ weibull = { shape = 1, scale = 3 } }", 3.0),
        ("{ pareto = { minimum = 1, alpha = 3 } }", 1.5),
        ("{ pareto = { mean = 2, scv = 2 } }", 2.0),
        ("{ bounded_pareto = { low = 1, high = 2, alpha = 2 } }", 4.0 / 3.0),
        ("{ uniform = { low = 1, high = 3 } }", 2.0),
        ("{ triangular = { low = 1, mode = 2, high = 6 } }", 3.0),
        ("{ truncated_normal = { mean = 5, sd = 1, low = 3, high = 7 } }", 5.0),
        ("{ mixture = [{ weight = 1, of = 2 }, { weight = 3, of = { exponential = { mean = 6 } } }] }", 5.0),
        ("{ shifted = { by = 1, of = { exponential = { mean = 2 } } } }", 3.0),
        ("{ empirical = { values = [1, 2, 6] } }", 3.0),
        ("{ histogram = { edges = [0, 1, 3], counts = [1, 3] } }", 1.625),
    ];
    for (text, mean) in cases {
        let ServiceTime::Drawn(law) = transient("{ poisson = 1 }", text).consumers.remove(0).service.default else {
            panic!("{text}")
        };
        assert!((law.mean() - mean).abs() < 1e-6 * mean, "{text}: {}", law.mean());
    }
    assert_eq!(named(&cases.map(|case| case.0)), variants(&schema(), "Law"), "a family is not tried here");
}

#[test]
fn every_arrival_process_is_read_with_its_rate() {
    let cases = [
        ("{ poisson = \"90/min\" }", Some(1.5)),
        ("{ renewal = { erlang = { k = 2, mean = \"50ms\" } } }", Some(20.0)),
        ("{ batch = { arrivals = { poisson = 2 }, size = 3 } }", Some(6.0)),
        ("{ batch = { arrivals = { renewal = 2 }, size = { geometric = { mean = 4 } } } }", Some(2.0)),
        ("{ batch = { arrivals = { poisson = 2 }, size = { uniform = { low = 1, high = 3 } } } }", Some(4.0)),
        ("{ batch = { arrivals = { poisson = 2 }, size = { poisson = { mean = 3 } } } }", Some(6.0)),
        (
            "{ batch = { arrivals = { poisson = 2 }, size = { choice = { values = [1, 5], weights = [3, 1] } } } }",
            Some(4.0),
        ),
        ("{ schedule = { pieces = [{ for = 1, rate = 2 }] } }", None),
        ("{ schedule = { pieces = [{ for = 1, rate = 2 }, { for = 3, rate = 6 }], repeat = true } }", Some(5.0)),
        ("{ sinusoid = { mean = 3, amplitude = 0.5, period = \"1h\" } }", Some(3.0)),
        ("{ mmpp = { rates = [1, 9], stays = [\"3s\", \"1s\"] } }", Some(3.0)),
        ("{ mmpp = { rates = [1, 9], switching = [[0, 1], [3, 0]] } }", Some(3.0)),
        ("{ mmpp = { rates = [1, 9], switching = [[-1, 1], [3, -3]] } }", Some(3.0)),
        ("{ map = { d0 = [[-3, 1], [2, -5]], d1 = [[1, 1], [1, 2]] } }", Some(2.4)),
        ("{ on_off = { rate = 8, on = 1, off = 3 } }", Some(2.0)),
        ("{ closed = { population = 10, think = \"5s\" } }", None),
        ("{ trace = { file = \"t.csv\", column = 1 } }", Some(2.0 / 3.0)),
    ];
    for (text, rate) in cases {
        let found = transient(text, "\"1ms\"").producers[0].arrivals.rate();
        let close = matches!((found, rate), (None, None))
            || found.zip(rate).is_some_and(|(found, rate)| (found - rate).abs() < 1e-12 * rate);
        assert!(close, "{text}: {found:?}, not {rate:?}");
    }
    assert_eq!(named(&cases.map(|case| case.0)), variants(&schema(), "Arrivals"), "a process is not tried here");
}
