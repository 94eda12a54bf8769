//! Sentences for people, made from the data of a result: the answer of a command and what supports it.

pub(crate) mod drain;
pub(crate) mod size;

use crate::experiment::{Answer, ResultSet};

/// The result with everything that is said of it in sentences; what is there already stays.
pub fn answered(mut set: ResultSet) -> ResultSet {
    set.answer = set.answer.take().or_else(|| answer(&set));
    set
}

/// The question of the command and its answer; `None` where a result answers no single question.
fn answer(set: &ResultSet) -> Option<Answer> {
    let recovery = set.recovery.as_ref().map(drain::answer);
    recovery.or_else(|| set.sizing.as_ref().map(size::answer))
}
