//! MAP/PH/c and MMPP/PH/c by name and matrices. Knows no formula.

use super::map_ph_c::MapPhC;
use super::map_ph_c_k::MapPhCK;
use super::phase::{Map, PhaseLaw};
use super::stations::refused;
use crate::analytic::method::Refusal;
use crate::analytic::steady::Steady;
use crate::analytic::system::{Answer, Given, Kind, Parameter, System, parameter};
use crate::row::{Metric, Statistic};

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    System {
        name: "map-ph",
        says: "Markovian arrivals (D0, D1), phase-type service (beta, S), c servers",
        parameters: &[
            matrix("d0", "rates of phase changes without an arrival, per second, with the diagonal"),
            matrix("d1", "rates of phase changes with an arrival, per second"),
            parameter("beta", Kind::List(&Kind::Share), None, "start of a service, by phase"),
            matrix("s", "rates between phases of a service, per second, with the diagonal"),
            SERVERS,
            PLACES,
            LEVELS,
            QUANTILES,
        ],
        solve: map_ph,
    },
    System {
        name: "mmpp",
        says: "Poisson arrivals whose rate changes with a Markov chain, c servers",
        parameters: &[
            parameter("rates", Kind::List(&Kind::Rate), None, "arrival rate in each phase"),
            matrix(
                "switch",
                "rate from each phase to each other, per second; or two rates in one row: out of the first, out of the second",
            ),
            parameter("service", Kind::Law, None, "service law, of phase type: \"M 1s\", \"E2 40ms\""),
            SERVERS,
            PLACES,
            LEVELS,
            QUANTILES,
        ],
        solve: mmpp,
    },
];

const SERVERS: Parameter = parameter("servers", Kind::Count, Some("1"), "c");
const PLACES: Parameter = parameter("places", Kind::Count, Some("0"), "K, places in the whole system; 0: no limit");
const LEVELS: Parameter =
    parameter("levels", Kind::List(&Kind::Count), Some("[0, 1, 2, 5, 10]"), "the n for which P(N = n) is wanted");
const QUANTILES: Parameter =
    parameter("quantiles", Kind::List(&Kind::Share), Some("[0.5, 0.95, 0.99, 0.999]"), "quantiles of wait and sojourn");

const fn matrix(name: &'static str, says: &'static str) -> Parameter {
    parameter(name, Kind::Matrix, None, says)
}

fn map_ph(given: &Given) -> Result<Answer, Refusal> {
    let map = Map::from_matrices(&given.matrix("d0"), &given.matrix("d1")).map_err(Refusal::Invalid)?;
    let service = PhaseLaw::from_matrix(&given.numbers("beta"), &given.matrix("s")).map_err(Refusal::Invalid)?;
    solved(map, service, given)
}

fn mmpp(given: &Given) -> Result<Answer, Refusal> {
    let (rates, switch) = (given.numbers("rates"), given.matrix("switch"));
    let switch = match switch.as_slice() {
        [row] if rates.len() == 2 && row.len() == 2 => vec![vec![0.0, row[0]], vec![row[1], 0.0]],
        _ => switch,
    };
    let map = Map::mmpp(&rates, &switch).map_err(Refusal::Invalid)?;
    let law = given.law("service");
    let service = PhaseLaw::of(&law)
        .ok_or_else(|| Refusal::Assumption(format!("service is {}, which is not of phase type", law.name())))?;
    solved(map, service, given)
}

fn solved(map: Map, service: PhaseLaw, given: &Given) -> Result<Answer, Refusal> {
    let servers = u32::try_from(given.count("servers"))
        .map_err(|_| Refusal::Invalid(format!("{} servers are more than 4294967295", given.count("servers"))))?;
    if servers == 0 {
        return Err(Refusal::Invalid("there is no server: c must be at least 1".to_string()));
    }
    match given.count("places") {
        0 => {
            let queue = MapPhC::new(map, service, servers).map_err(refused)?;
            Ok(answer(&queue.steady(), |n| queue.prob_in_system(n), given))
        }
        places if places < u64::from(servers) => {
            let why = format!("K = {places} places are fewer than the servers, c = {servers}");
            Err(Refusal::Invalid(why))
        }
        places => {
            let queue = MapPhCK::new(map, service, servers, places).map_err(Refusal::Assumption)?;
            Ok(answer(&queue.steady(), |n| queue.prob_in_system(n), given))
        }
    }
}

fn answer(steady: &Steady, prob: impl Fn(u64) -> f64, given: &Given) -> Answer {
    let mut answer = Answer::exact(steady.method);
    let quantiles: Vec<f64> = given.numbers("quantiles").into_iter().filter(|p| *p > 0.0 && *p < 1.0).collect();
    answer.steady(&steady.kendall, steady, &quantiles).station(&steady.kendall);
    for n in given.numbers("levels") {
        let metric = Metric::Detail(format!("prob_in_system_{n}"));
        answer.value(metric, Statistic::Fraction, prob(n as u64));
    }
    answer.note("prob_wait is what arrivals find; all_busy is what time sees: they differ unless arrivals are Poisson");
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::catalog::ask;

    #[test]
    fn a_process_that_switches_is_one_with_matrices() {
        let by_rates = ask("mmpp", "rates = [1.2, 0.4]\nswitch = [[0.5, 0.5]]\nservice = 'M 1s'").unwrap();
        let matrices = "d0 = [[-1.7, 0.5], [0.5, -0.9]]\nd1 = [[1.2, 0], [0, 0.4]]\nbeta = [1]\ns = [[-1]]";
        let by_matrices = ask("map-ph", matrices).unwrap();
        assert_eq!(by_rates.rows.len(), by_matrices.rows.len());
        let wait = |answer: &Answer| answer.get("MMPP2/M/1", None, "wait", "mean").unwrap();
        assert!((wait(&by_rates) - wait(&by_matrices)).abs() < 1e-13);
    }

    #[test]
    fn matrices_that_are_none_are_refused_in_words() {
        let map = |d0: &str, d1: &str| ask("map-ph", &format!("d0 = {d0}\nd1 = {d1}\nbeta = [1]\ns = [[-1]]"));
        let why = |result: Result<Answer, Refusal>| result.unwrap_err().to_string();
        assert!(why(map("[[-1, 0.5]]", "[[0.5]]")).contains("square"));
        assert!(why(map("[]", "[]")).contains("empty"));
        assert!(why(map("[[-1]]", "[[0.5]]")).contains("sums to"));
        assert!(why(map("[[-1]]", "[[-1]]")).contains("negative"));
        assert!(why(map("[[-1, 0], [0, -1]]", "[[1, 0], [0, 1]]")).contains("reached"));
        assert!(why(map("[[0]]", "[[0]]")).contains("nothing arrives"));
        assert!(why(map("[[-2]]", "[[2]]")).contains("no steady state"));
        assert!(why(map("[[-inf]]", "[[inf]]")).contains("inf"));
        let service =
            |beta: &str, s: &str| ask("map-ph", &format!("d0 = [[-0.1]]\nd1 = [[0.1]]\nbeta = {beta}\ns = {s}"));
        for (beta, s) in [("[1]", "[[0]]"), ("[0.5]", "[[-1]]"), ("[]", "[]"), ("[1, 0]", "[[-1]]"), ("[1]", "[[1]]")] {
            assert!(matches!(service(beta, s), Err(Refusal::Invalid(_))), "{beta} {s}");
        }
        let poisson = "d0 = [[-0.1]]\nd1 = [[0.1]]\nbeta = [1]\ns = [[-1]]";
        assert!(why(ask("map-ph", &format!("{poisson}\nservers = 0"))).contains("no server"));
        assert!(why(ask("map-ph", &format!("{poisson}\nservers = 3\nplaces = 2"))).contains("fewer"));
    }
}
