//! Sentences for people, made from the data of a result: the answer of a command and what supports it.

mod basis;
mod comparison;
pub(crate) mod drain;
mod notes;
mod ranking;
mod sensitivity;
pub(crate) mod size;
pub(crate) mod sweep;
pub(crate) mod verdict;

use crate::experiment::verdict::targets;
use crate::experiment::{Answer, ResultSet};

/// The result with everything that is said of it in sentences; what is there already stays.
pub fn answered(mut set: ResultSet) -> ResultSet {
    for check in set.comparison.iter_mut().flat_map(|found| &mut found.checks) {
        check.text = comparison::check(check);
    }
    for found in set.sensitivity.iter_mut() {
        let step = found.step;
        found.effects.iter_mut().for_each(|effect| effect.text = sensitivity::how(effect, step));
    }
    set.answer = set.answer.take().or_else(|| answer(&set));
    if set.is_run() {
        set.verdicts = targets(&set.targets, &set).iter().map(ToString::to_string).collect();
    }
    set
}

/// The question of the command and its answer; `None` where a result answers no single question.
fn answer(set: &ResultSet) -> Option<Answer> {
    match set {
        ResultSet { recovery: Some(found), .. } => Some(drain::answer(found)),
        ResultSet { sizing: Some(found), .. } => Some(size::answer(found)),
        ResultSet { comparison: Some(found), .. } => Some(comparison::answer(found)),
        ResultSet { sensitivity: Some(found), .. } => Some(sensitivity::answer(found)),
        ResultSet { planned_points: Some(planned), .. } => Some(sweep::answer(set, *planned)),
        _ => None,
    }
}
