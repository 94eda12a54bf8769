//! Simulation against exact answers, by scores that are standard normal where both are right.

use super::oracle::{CASES, OracleCase};
use crate::analytic;
use crate::experiment::study::{Options, Study, StudyError, run_here};
use crate::experiment::verdict::simulated;
use crate::row::{Quantity, Row, Source};
use crate::stats::goodness::standard_normal_p_value;
use crate::stats::interval::student_quantile;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use std::sync::atomic::AtomicBool;

/// Blocks of all replications, by which intervals of long runs are made.
const BLOCKS: f64 = 60.0;

/// One quantity of one case: what was simulated, what theory says, what is exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The case.
    pub case: &'static str,
    /// The quantity.
    pub quantity: &'static str,
    /// What was simulated.
    pub simulated: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// What this program's theory says; `None` where it has no exact method.
    pub theory: Option<f64>,
    /// What is exact.
    pub exact: f64,
}

impl Witness {
    /// Distance of the simulation from `factor` times the exact value, in standard errors, as a standard normal.
    pub fn z(&self, factor: f64) -> f64 {
        let t = (self.simulated - self.exact * factor) / self.standard_error;
        let Ok(student) = StudentsT::new(0.0, 1.0, BLOCKS - 1.0) else { return f64::NAN };
        Normal::standard().inverse_cdf(student.cdf(t).clamp(1e-15, 1.0 - 1e-15))
    }

    /// Relative distance of theory from the exact value.
    pub fn theory_error(&self) -> Option<f64> {
        self.theory.map(|theory| (theory / self.exact - 1.0).abs())
    }
}

/// Every witness, from runs so many times shorter than the whole length, on the threads of the caller.
///
/// # Errors
///
/// As of any study.
pub fn witnesses(shorter: u64, interrupted: &AtomicBool) -> Result<Vec<Witness>, StudyError> {
    let mut all = Vec::new();
    for (seed, case) in CASES.iter().enumerate() {
        all.extend(of_case(case, seed, shorter, interrupted)?);
    }
    Ok(all)
}

fn of_case(case: &OracleCase, seed: usize, shorter: u64, interrupted: &AtomicBool) -> Result<Vec<Witness>, StudyError> {
    let model = case.model(seed, shorter);
    let Study { result, .. } = run_here(&model, &Options::default(), interrupted, &|_| {})?;
    let theory = analytic::theory(&model);
    let t = student_quantile(0.95, BLOCKS - 1.0);
    let witness = |&(quantity, exact): &(&'static str, f64)| {
        let named: Quantity = quantity.parse().ok()?;
        let row = simulated(&result.rows, &named)?;
        let is_exact = |row: &&Row| row.source == Source::Exact && named.is_of(row);
        let (simulated, standard_error) = (row.value?, row.half_width()? / t);
        let theory = theory.rows().find(is_exact).and_then(|row| row.value);
        Some(Witness { case: case.id, quantity, simulated, standard_error, theory, exact })
    };
    case.answers.iter().map(|answer| witness(answer).ok_or(StudyError::NothingFinished)).collect()
}

/// Probability of scores at least as far from standard normal as those of the first answer of each case, which depend on no
/// other's, against a theory that is `factor` times the exact one.
pub fn p_value(witnesses: &[Witness], factor: f64) -> f64 {
    let first = |case: &OracleCase| witnesses.iter().find(|w| w.case == case.id).map(|w| w.z(factor));
    standard_normal_p_value(&mut CASES.iter().filter_map(first).collect::<Vec<_>>())
}

/// How far a score of one among all may be from 0 at this level (Bonferroni).
pub fn limit(witnesses: &[Witness], alpha: f64) -> f64 {
    Normal::standard().inverse_cdf(1.0 - alpha / (2.0 * witnesses.len() as f64))
}
