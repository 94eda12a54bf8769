//! Simulation against exact answers computed elsewhere (`tests/oracle/cases.json`), by z-scores.
//!
//! Each case is simulated with 20 replications; a quantity's z-score is (estimate - exact) / (half-width /
//! t) with the standard error of the replications, turned into a standard normal by the distribution
//! functions of Student's t and the normal. One z per case and metric family that is not a function
//! of another (wait mean; loss; mean number in system) goes into a test of standard normality at alpha =
//! 0.001. The power twin shifts the theory by 3 % and must be rejected.
//!
//! `make test` runs half of each length; the whole lengths are a study (`docs/studies/oracle.md`).

use crate::support::{keep_study, model, row, study};
use lindley::experiment::Study;
use lindley::stats::goodness::standard_normal_p_value;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use std::sync::OnceLock;

const ALPHA: f64 = 0.001;
const REPLICATIONS: u32 = 20;

/// Blocks of all replications, by which intervals of long runs are made.
const BLOCKS: f64 = 60.0;

/// By what the lengths of the cases are divided outside the study.
const SHORTER: u64 = 2;

/// One quantity of one case: what was simulated, what is exact.
struct Witness {
    case: &'static str,
    name: &'static str,
    mean: f64,
    standard_error: f64,
    exact: f64,
}

/// A model of one station, with the answers to compare. Run lengths grow with the relaxation
/// time of the system, so that replication means are close to normal.
struct Case {
    id: &'static str,
    arrivals: &'static str,
    servers: &'static str,
    service: &'static str,
    queue: &'static str,
    messages: u64,
    /// (row, answer of the oracle)
    answers: &'static [(&'static str, &'static str)],
}

const WAIT: (&str, &str) = ("q.wait.mean", "Wq");
const LENGTH: (&str, &str) = ("q.in_system.mean", "L");

const CASES: &[Case] = &[
    Case {
        id: "mm1-rho0.1",
        arrivals: "0.1/s",
        servers: "1",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mmc-c2-rho0.5",
        arrivals: "1/s",
        servers: "2",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mmc-c8-rho0.3",
        arrivals: "2.4/s",
        servers: "8",
        service: EXP1,
        queue: "",
        messages: 400_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mmc-c50-rho0.7",
        arrivals: "35/s",
        servers: "50",
        service: EXP1,
        queue: "",
        messages: 400_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mmc-c500-rho0.9",
        arrivals: "450/s",
        servers: "500",
        service: EXP1,
        queue: "",
        messages: 1_000_000,
        answers: &[LENGTH],
    },
    Case {
        id: "mmc-c3-degenerate",
        arrivals: "2/s",
        servers: "3",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mmck-c1-K1-l1",
        arrivals: "1/s",
        servers: "1",
        service: EXP1,
        queue: "max_length = 0\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[LOSS, LENGTH],
    },
    Case {
        id: "mmck-c1-K10-l1.5",
        arrivals: "1.5/s",
        servers: "1",
        service: EXP1,
        queue: "max_length = 9\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[WAIT, LOSS, LENGTH],
    },
    Case {
        id: "mmck-c2-K4-l1.5",
        arrivals: "1.5/s",
        servers: "2",
        service: EXP1,
        queue: "max_length = 2\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[WAIT, LOSS, LENGTH],
    },
    Case {
        id: "mmck-c16-K64-l20",
        arrivals: "20/s",
        servers: "16",
        service: EXP1,
        queue: "max_length = 48\noverflow = \"reject-publish\"",
        messages: 400_000,
        answers: &[WAIT, LOSS],
    },
    Case {
        id: "mginf-det",
        arrivals: "4/s",
        servers: "\"unlimited\"",
        service: "\"2.5s\"",
        queue: "",
        messages: 200_000,
        answers: &[LENGTH],
    },
    Case {
        id: "md1-rho0.5",
        arrivals: "0.5/s",
        servers: "1",
        service: "\"1s\"",
        queue: "",
        messages: 200_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "me21-rho0.7",
        arrivals: "0.7/s",
        servers: "1",
        service: "{ erlang = { k = 2, mean = \"1s\" } }",
        queue: "",
        messages: 300_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "me101-rho0.8",
        arrivals: "0.8/s",
        servers: "1",
        service: "{ erlang = { k = 10, mean = \"1s\" } }",
        queue: "",
        messages: 300_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mh21-scv4-rho0.9",
        arrivals: "0.9/s",
        servers: "1",
        service: "{ hyperexponential = { mean = \"1s\", scv = 4 } }",
        queue: "",
        messages: 3_000_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mln1-sig2_1.60-rho0.5",
        arrivals: "0.5/s",
        servers: "1",
        service: "{ lognormal = { mean = \"1s\", scv = 4 } }",
        queue: "",
        messages: 1_000_000,
        answers: &[WAIT, LENGTH],
    },
    Case {
        id: "mm1-rho0.99",
        arrivals: "0.99/s",
        servers: "1",
        service: EXP1,
        queue: "",
        messages: 4_000_000,
        answers: &[WAIT, LENGTH],
    },
];
const EXP1: &str = "{ exponential = { mean = \"1s\" } }";
const LOSS: (&str, &str) = ("q.prob_loss.fraction", "p_loss");

/// Cases of the simulated families that are not simulated here, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("erlang-c10-a5", "formula values without a model"),
    ("erlang-c100-a120", "formula values without a model"),
    ("erlang-c10000-a10000", "formula values without a model"),
    ("erlang-c100000-a99500", "formula values without a model"),
    ("mpareto1-a2.2-rho0.8", "the wait has infinite variance: no valid interval"),
];

fn oracle() -> serde_json::Value {
    let path = crate::support::root().join("tests/oracle/cases.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the oracle is carried")).expect("it is JSON")
}

fn cases(oracle: &serde_json::Value) -> Vec<&serde_json::Value> {
    oracle.as_array().or_else(|| oracle["cases"].as_array()).expect("a list of cases").iter().collect()
}

/// Each case has a seed of its own, its number: with a common seed the cases would share their
/// streams and the scores would not be independent.
fn simulate(number: usize, case: &Case, shorter: u64) -> Study {
    let Case { arrivals, servers, service, queue, .. } = case;
    let messages = case.messages / shorter;
    study(&model(&format!(
        "[producers.p]\narrivals = {{ poisson = \"{arrivals}\" }}\nqueue = \"q\"\n[queues.q]\n{queue}\n\
         [consumers.c]\nqueue = \"q\"\nservers = {servers}\nservice = {service}\n\
         [run]\nmessages = {messages}\nreplications = {REPLICATIONS}\nseed = {number}\n"
    )))
}

/// Every witness, from runs as many times shorter.
fn witnesses(shorter: u64) -> Vec<Witness> {
    let oracle = oracle();
    let answer = |id: &str, key: &str| {
        let case = cases(&oracle).into_iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("no case {id}"));
        case["answers"][key].as_f64().unwrap_or_else(|| panic!("{id} has no {key}"))
    };
    let t = lindley::stats::interval::student_quantile(0.95, BLOCKS - 1.0);
    let of_case = |(number, case): (usize, &Case)| {
        let study = simulate(number, case, shorter);
        let witness = |(name, key): &(&'static str, &str)| {
            let row = row(&study, name);
            let half = row.half_width().expect("20 replications have an interval");
            let mean = row.value.expect("the row has a value");
            Witness { case: case.id, name, mean, standard_error: half / t, exact: answer(case.id, key) }
        };
        case.answers.iter().map(witness).collect::<Vec<_>>()
    };
    CASES.iter().enumerate().flat_map(of_case).collect()
}

/// The witnesses of shorter runs, simulated once for all tests of this file.
fn short() -> &'static [Witness] {
    static WITNESSES: OnceLock<Vec<Witness>> = OnceLock::new();
    WITNESSES.get_or_init(|| witnesses(SHORTER))
}

/// The z-score against a theory that is `factor` times the exact one.
fn z(witness: &Witness, factor: f64) -> f64 {
    let student = StudentsT::new(0.0, 1.0, BLOCKS - 1.0).expect("positive degrees of freedom");
    let t = (witness.mean - witness.exact * factor) / witness.standard_error;
    Normal::standard().inverse_cdf(student.cdf(t).clamp(1e-15, 1.0 - 1e-15))
}

/// One z per case: the first answer, so that scores are independent.
fn independent_scores(witnesses: &[Witness], factor: f64) -> Vec<f64> {
    CASES.iter().map(|c| z(witnesses.iter().find(|w| w.case == c.id).expect("simulated"), factor)).collect()
}

fn p_value(witnesses: &[Witness], factor: f64) -> f64 {
    standard_normal_p_value(&mut independent_scores(witnesses, factor))
}

#[test]
fn simulation_agrees_with_the_oracle() {
    let p = p_value(short(), 1.0);
    assert!(p > ALPHA, "p = {p} for z-scores {:.2?}", independent_scores(short(), 1.0));
}

/// All answers, also dependent ones, each at alpha divided by their number (Bonferroni).
#[test]
fn no_single_answer_is_off() {
    let n = short().len() as f64;
    let limit = Normal::standard().inverse_cdf(1.0 - ALPHA / (2.0 * n));
    for w in short() {
        let score = z(w, 1.0);
        assert!(score.abs() < limit, "{}: {} against {}, z = {score:.2}", w.case, w.mean, w.exact);
    }
}

#[test]
fn a_theory_that_is_3_percent_off_is_rejected() {
    for factor in [0.97, 1.03] {
        let p = p_value(short(), factor);
        assert!(p < ALPHA, "the test has no power: p = {p} at a factor of {factor}");
    }
}

/// The whole lengths, and twins of 1 %.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_whole_lengths() {
    let all = witnesses(1);
    let line = |w: &Witness| {
        let Witness { case, name, mean, standard_error, exact } = w;
        format!("| {case} | {name} | {exact:.6} | {mean:.6} | {standard_error:.2e} | {:.2} |\n", z(w, 1.0))
    };
    let lines: String = all.iter().map(line).collect();
    let [right, less, more] = [1.0, 0.99, 1.01].map(|factor| p_value(&all, factor));
    keep_study(
        "oracle",
        "Simulation against exact answers",
        &format!(
            "Each case is simulated with {REPLICATIONS} replications; z is the distance in standard errors, as a \
             standard normal.\nThe first z of each case together: p = {right:.3} of being standard normal; against a \
             theory that is 1 % less {less:.1e}, 1 % more {more:.1e}.\n\n| case | quantity | exact | simulated | \
             standard error | z |\n|---|---|---|---|---|---|\n{lines}"
        ),
    );
    assert!(right > ALPHA && less < ALPHA && more < ALPHA, "{right} {less} {more}");
}

#[test]
fn every_case_of_the_simulated_families_is_simulated_or_left_out_with_a_reason() {
    let oracle = oracle();
    for case in cases(&oracle) {
        let (id, family) = (case["id"].as_str().expect("an id"), case["family"].as_str().expect("a family"));
        if !["01", "02", "03", "06"].iter().any(|f| family.starts_with(f)) {
            continue;
        }
        let simulated = CASES.iter().any(|c| c.id == id);
        let reason = LEFT_OUT.iter().find(|(left, _)| *left == id);
        assert!(simulated != reason.is_some(), "{id} is neither simulated nor left out, or both");
        if let Some((id, reason)) = reason {
            println!("{id} is not simulated: {reason}");
        }
    }
}
