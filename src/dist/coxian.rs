//! Coxian laws: exponential stages in a row, with a chance to leave after each.

use super::solve::unit_exponential;
use super::{DistError, PhaseType, check};
use rand::{Rng, RngExt};

/// Coxian law: stage i lasts exponentially at rate_i, then stage i+1 follows with
/// probability continue_i, else the time ends.
///
/// Formula: phase-type with alpha = (1, 0, ...), T_ii = -rate_i, T_(i,i+1) = continue_i rate_i.
/// Reference: Tijms (2003), appendix B.
#[derive(Debug, Clone)]
pub struct Coxian {
    rates: Box<[f64]>,
    continue_probabilities: Box<[f64]>,
    law: PhaseType,
}

impl Coxian {
    /// By the stage `rates` (> 0, per second) and one probability to continue fewer.
    pub fn new(rates: &[f64], continue_probabilities: &[f64]) -> Result<Coxian, DistError> {
        let n = rates.len();
        check::same_length("rates", n, "continue_probabilities, plus one,", continue_probabilities.len() + 1)?;
        let mut t = vec![0.0; n * n];
        for (i, &rate) in rates.iter().enumerate() {
            t[i * n + i] = -check::positive("rates", rate)?;
        }
        for (i, &p) in continue_probabilities.iter().enumerate() {
            t[i * n + i + 1] =
                check::within("continue_probabilities", p, (0.0..=1.0).contains(&p), "in [0, 1]")? * rates[i];
        }
        let mut alpha = vec![0.0; n];
        alpha[0] = 1.0;
        let law = PhaseType::new(&alpha, &t)?;
        Ok(Coxian { rates: rates.into(), continue_probabilities: continue_probabilities.into(), law })
    }

    /// Two stages of that `mean` > 0 and `scv` >= 0.5.
    ///
    /// Formula: rates 2/mean and 1/(mean scv), continue with probability 1/(2 scv).
    /// Reference: Marie, Calculating equilibrium probabilities for lambda(n)/C_k/1/N queues (1980).
    pub fn fit(mean: f64, scv: f64) -> Result<Coxian, DistError> {
        check::positive("mean", mean)?;
        check::within("scv", scv, scv.is_finite() && scv >= 0.5, "finite and >= 0.5")?;
        Coxian::new(&[2.0 / mean, 1.0 / (mean * scv)], &[0.5 / scv])
    }

    /// The same law as PH(alpha, T).
    pub fn phase_type(&self) -> &PhaseType {
        &self.law
    }

    /// Draws one value, stage by stage.
    #[inline]
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let mut time = unit_exponential(rng) / self.rates[0];
        for (rate, &p) in self.rates[1..].iter().zip(&self.continue_probabilities) {
            if rng.random::<f64>() >= p {
                break;
            }
            time += unit_exponential(rng) / rate;
        }
        time
    }
}
