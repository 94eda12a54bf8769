//! Simulation against exact answers computed elsewhere (`tests/oracle/cases.json`, which the program carries a part of), by
//! z-scores.
//!
//! Each case is simulated with 20 replications; a quantity's z-score is (estimate - exact) / (half-width /
//! t) with the standard error of the replications, turned into a standard normal by the distribution
//! functions of Student's t and the normal. One z per case and metric family that is not a function
//! of another (wait mean; loss; mean number in system) goes into a test of standard normality at alpha =
//! 0.001. The power twin shifts the theory by 3 % and must be rejected.
//!
//! `make test` runs half of each length; the whole lengths are a study (`docs/studies/oracle.md`).

use crate::support::keep_study;
use lindley::experiment::coverage::on_threads;
use lindley::experiment::proof::{ALPHA, CASES, Witness, limit, p_value, witnesses};
use lindley::experiment::study::StudyError;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// By what the lengths of the cases are divided outside the study.
const SHORTER: u64 = 2;

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

/// Every witness, from runs as many times shorter.
fn simulated(shorter: u64) -> Vec<Witness> {
    let all: Result<_, StudyError> = on_threads(0, || witnesses(shorter, &AtomicBool::new(false)));
    all.expect("runs")
}

/// The witnesses of shorter runs, simulated once for all tests of this file.
fn short() -> &'static [Witness] {
    static WITNESSES: OnceLock<Vec<Witness>> = OnceLock::new();
    WITNESSES.get_or_init(|| simulated(SHORTER))
}

/// The program carries the answers; this file of them is where they come from.
#[test]
fn the_answers_that_the_program_carries_are_those_of_the_oracle() {
    let (oracle, key) = (oracle(), |quantity: &str| match quantity {
        "q.wait.mean" => "Wq",
        "q.in_system.mean" => "L",
        _ => "p_loss",
    });
    for case in CASES {
        let known = cases(&oracle).into_iter().find(|c| c["id"] == case.id).unwrap_or_else(|| panic!("{}", case.id));
        for (quantity, exact) in case.answers {
            assert_eq!(known["answers"][key(quantity)].as_f64(), Some(*exact), "{} {quantity}", case.id);
        }
    }
}

#[test]
fn simulation_agrees_with_the_oracle() {
    let p = p_value(short(), 1.0);
    assert!(p > ALPHA, "p = {p} for z-scores {:.2?}", short().iter().map(|w| w.z(1.0)).collect::<Vec<_>>());
}

/// All answers, also dependent ones, each at alpha divided by their number (Bonferroni).
#[test]
fn no_single_answer_is_off() {
    let limit = limit(short(), ALPHA);
    for w in short() {
        assert!(w.z(1.0).abs() < limit, "{w:?}, z = {:.2}", w.z(1.0));
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
    let all = simulated(1);
    let line = |w: &Witness| {
        let Witness { case, quantity, simulated, standard_error, exact, .. } = w;
        format!("| {case} | {quantity} | {exact:.6} | {simulated:.6} | {standard_error:.2e} | {:.2} |\n", w.z(1.0))
    };
    let lines: String = all.iter().map(line).collect();
    let [right, less, more] = [1.0, 0.99, 1.01].map(|factor| p_value(&all, factor));
    keep_study(
        "oracle",
        "Simulation against exact answers",
        &format!(
            "Each case is simulated with 20 replications; z is the distance in standard errors, as a \
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
