//! When a run that nobody gave a length has decided its targets: it is looked at a few times, in steps of equal ratio up to
//! its budget, and each look errs with an equal part of the error, so that all of them together keep the confidence.

use super::evidence::Evidence;
use super::judgement::{Judgement, Standing};
use super::measure::Measured;
use crate::model::Model;

/// Most looks: the more there are, the wider is the interval of each.
const MOST_LOOKS: u32 = 5;

/// What a run of no given length goes on for beyond its precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pursuit {
    /// Until its targets are decided.
    #[default]
    Targets,
    /// Until its expectations are.
    Expectations,
    /// Nothing.
    Precision,
}

/// The looks of a run, and how it was judged at the last one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Looks {
    pursuit: Pursuit,
    /// Replications at each look, ascending.
    at: Vec<u32>,
    gone_on: bool,
    /// What was said of each target at the last look.
    pub targets: Vec<Judgement>,
    /// What was said of each expectation.
    pub expectations: Vec<Judgement>,
}

impl Looks {
    /// A single look, at whatever there is.
    pub(super) fn once() -> Looks {
        Looks {
            pursuit: Pursuit::Precision,
            at: Vec::new(),
            gone_on: false,
            targets: Vec::new(),
            expectations: Vec::new(),
        }
    }

    /// Looks from so many replications on to so many at most.
    fn between(pursuit: Pursuit, first: u32, most: u32) -> Looks {
        Looks { pursuit, at: steps(first, most), ..Looks::once() }
    }

    /// Confidence of each look.
    fn level(&self, level: f64) -> f64 {
        each_look(level, self.at.len())
    }

    /// Judges everything by what was measured.
    pub(super) fn look(&mut self, model: &Model, measured: &[Measured]) {
        if model.targets.is_empty() && model.expectations.is_empty() {
            return;
        }
        let evidence = Evidence::new(model, measured, self.level(model.run.level));
        self.targets = model.targets.iter().map(|target| evidence.of_target(target)).collect();
        self.expectations = model.expectations.iter().map(|expected| evidence.of_expectation(expected)).collect();
    }

    /// Looks at a run that has as many replications as its precision takes and may have `most`; the number to go on to where
    /// that leaves something open.
    pub(super) fn next(&mut self, pursuit: Pursuit, model: &Model, measured: &[Measured], most: u32) -> Option<u32> {
        let done = measured.len() as u32;
        if self.at.is_empty() {
            *self = Looks::between(pursuit, done, most);
        }
        self.look(model, measured);
        let open = self.pursued().iter().any(|judged| judged.standing == Standing::Undecided);
        let next = self.at.iter().copied().find(|&n| open && n > done);
        self.gone_on |= next.is_some();
        next
    }

    /// Whether the run went on for what it pursues.
    pub(super) fn went_on(&self) -> bool {
        self.gone_on
    }

    fn pursued(&self) -> &[Judgement] {
        match self.pursuit {
            Pursuit::Targets => &self.targets,
            Pursuit::Expectations => &self.expectations,
            Pursuit::Precision => &[],
        }
    }
}

/// Confidence of each of so many looks, so that all of them together keep that of the whole.
pub(super) fn each_look(level: f64, looks: usize) -> f64 {
    1.0 - (1.0 - level) / looks.max(1) as f64
}

/// Numbers of replications from `first` to `most`, in steps of equal ratio, at least twofold.
pub(super) fn steps(first: u32, most: u32) -> Vec<u32> {
    let ratio = f64::from(most) / f64::from(first);
    let looks = 1 + (ratio.log2().floor().max(0.0) as u32).min(MOST_LOOKS - 1);
    let at = |k: u32| f64::from(first) * ratio.powf(f64::from(k) / f64::from((looks - 1).max(1)));
    std::iter::once(first).chain((1..looks).map(|k| at(k).round() as u32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_few_and_of_equal_ratio() {
        assert_eq!(steps(10, 160), [10, 20, 40, 80, 160]);
        assert_eq!(steps(10, 2560), [10, 40, 160, 640, 2560]);
        assert_eq!(steps(10, 40), [10, 20, 40]);
        assert_eq!(steps(10, 15), [10]);
        assert_eq!(steps(10, 5), [10]);
    }

    #[test]
    fn looks_share_the_error() {
        let looks = Looks::between(Pursuit::Targets, 10, 160);
        assert!((looks.level(0.95) - 0.99).abs() < 1e-12);
        assert_eq!(Looks::once().level(0.95), 0.95);
    }
}
