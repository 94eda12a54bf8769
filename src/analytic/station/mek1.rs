//! M/E_k/1: Erlang service. Counting stages instead of messages makes it a chain with one kind of time,
//! so the wait is a random number of equal stages.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::phases::{Phases, TailTable};

/// Laws of the wait and of the sojourn in M/E_k/1.
///
/// Formula: with nu = k/E\[S\] and p_n the probability of n unfinished stages,
/// nu p_n = lambda (p_{n-k} + ... + p_{n-1}); an arrival that finds n waits n stages.
/// Units: lambda per second, `mean` in seconds. Valid when: lambda E\[S\] < 1, first in first out.
/// Numerics: positive terms only; relative error about 1e-13.
/// Reference: Kleinrock, Queueing Systems I, sec. 4.3.
///
/// ```
/// use lindley::analytic::station::mek1::erlang_laws;
/// let (wait, sojourn) = erlang_laws(0.5, 1, 1.0); // k = 1 is M/M/1
/// assert!((wait.survival(2.0) - 0.5 / std::f64::consts::E).abs() < 1e-14);
/// assert!((sojourn.survival(2.0) - 1.0 / std::f64::consts::E).abs() < 1e-14);
/// ```
pub fn erlang_laws(lambda: f64, k: u32, mean: f64) -> (TimeLaw, TimeLaw) {
    let stages = k as usize;
    let rate = f64::from(k) / mean;
    let rho = lambda * mean;
    let next = |p: &[f64]| lambda / rate * p[p.len().saturating_sub(stages)..].iter().sum::<f64>();
    let table = TailTable::new(rho, 2 * stages + 20, next);
    let scv = 1.0 / f64::from(k);
    let wait = rho * mean * (1.0 + scv) / (2.0 * (1.0 - rho));
    let law = |count, mean| TimeLaw::Phases { rate, count, mean };
    (law(Phases::Table(table.clone(), 0), wait), law(Phases::Table(table, u64::from(k)), wait + mean))
}
