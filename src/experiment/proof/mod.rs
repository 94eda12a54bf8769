//! What shows that this program can be believed, on the machine that it runs on: simulation and theory against answers that
//! were computed elsewhere, intervals that cover, runs that repeat, messages that are all accounted for.

mod agreement;
mod oracle;
mod repeat;

pub use agreement::{Witness, limit, p_value, witnesses};
pub use oracle::{CASES, OracleCase};
pub use repeat::{Repeated, repeated};

use super::coverage::CoverageCell;

/// Probability with which right numbers would fail.
pub const ALPHA: f64 = 0.001;

/// By what theory may miss an exact value, relatively.
pub const DIGITS: f64 = 1e-8;

/// How far off a theory is that the same test must reject.
pub const TWIN: f64 = 0.03;

/// Everything that was shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Simulation and theory against exact answers.
    pub witnesses: Vec<Witness>,
    /// How often intervals cover.
    pub cells: Vec<CoverageCell>,
    /// Shipped models, run again.
    pub repeated: Vec<Repeated>,
}

impl Proof {
    /// Whether simulation agrees: all scores together, and each of them.
    pub fn simulation_agrees(&self) -> bool {
        let limit = limit(&self.witnesses, ALPHA);
        p_value(&self.witnesses, 1.0) > ALPHA && self.witnesses.iter().all(|w| w.z(1.0).abs() < limit)
    }

    /// Whether the same test rejects theories that are a little off, above and below.
    pub fn has_power(&self) -> bool {
        [1.0 - TWIN, 1.0 + TWIN].into_iter().all(|factor| p_value(&self.witnesses, factor) < ALPHA)
    }

    /// The largest relative distance of theory from an exact value.
    pub fn theory_error(&self) -> f64 {
        self.witnesses.iter().filter_map(Witness::theory_error).fold(0.0, f64::max)
    }

    /// Whether theory agrees.
    pub fn theory_agrees(&self) -> bool {
        self.theory_error() <= DIGITS
    }

    /// Whether intervals cover.
    pub fn covers(&self) -> bool {
        self.cells.iter().all(|cell| !cell.fails())
    }

    /// Whether runs repeat to the last bit.
    pub fn repeats(&self) -> bool {
        self.repeated.iter().all(|model| model.same)
    }

    /// Whether every message is accounted for.
    pub fn conserves(&self) -> bool {
        self.repeated.iter().all(|model| model.conserved)
    }

    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.simulation_agrees()
            && self.has_power()
            && self.theory_agrees()
            && self.covers()
            && self.repeats()
            && self.conserves()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    /// Witnesses whose first scores are the middles of as many parts of the normal law, each known to half a percent.
    fn witnesses(shift: f64) -> Vec<Witness> {
        known_to(0.005, shift)
    }

    fn known_to(error: f64, shift: f64) -> Vec<Witness> {
        let n = CASES.len() as f64;
        let score = |i: usize| Normal::standard().inverse_cdf((i as f64 + 0.5) / n);
        let witness = |(i, case): (usize, &OracleCase)| {
            let (quantity, exact) = case.answers[0];
            let standard_error = error * exact;
            let simulated = exact * shift + score(i) * standard_error;
            Witness { case: case.id, quantity, simulated, standard_error, theory: Some(exact), exact }
        };
        CASES.iter().enumerate().map(witness).collect()
    }

    fn shown(witnesses: Vec<Witness>) -> Proof {
        let model = Repeated { model: "01-mm1", messages: 1, same: true, conserved: true };
        Proof { witnesses, cells: Vec::new(), repeated: vec![model] }
    }

    #[test]
    fn scores_that_are_normal_hold_and_what_is_off_fails() {
        assert!(shown(witnesses(1.0)).holds());
        assert!(!shown(witnesses(1.01)).simulation_agrees());
        let blunt = shown(known_to(0.2, 1.0));
        assert!(blunt.simulation_agrees() && !blunt.has_power());
        let mut one = witnesses(1.0);
        one[3].simulated += 6.0 * one[3].standard_error;
        assert!(!shown(one).simulation_agrees());
    }

    #[test]
    fn theory_repetition_and_conservation_are_each_decisive() {
        let mut theory = shown(witnesses(1.0));
        theory.witnesses[0].theory = Some(theory.witnesses[0].exact * (1.0 + 1e-7));
        assert!(!theory.theory_agrees() && !theory.holds());
        for (same, conserved) in [(false, true), (true, false)] {
            let repeated = vec![Repeated { model: "01-mm1", messages: 1, same, conserved }];
            assert!(!Proof { repeated, ..shown(witnesses(1.0)) }.holds());
        }
    }
}
