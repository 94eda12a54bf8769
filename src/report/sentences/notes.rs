//! What to know about a result, a sentence each.

use crate::experiment::note::{BrokenLaw, Note};
use crate::model::PathLaw;
use crate::report::numbers::count;
use crate::units::short_duration;
use std::fmt::{Display, Formatter, Result};

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Note::WarmupUnsettled { every } => {
                let of = if *every { "each replication" } else { "some replications" };
                let advice = "longer replications would show whether a steady state exists";
                write!(f, "warm-up: the second half of {of} differs from the first; {advice}")
            }
            Note::WarmupNotOver { replications, warmup } => {
                write!(f, "{replications} replications ended before the warm-up of {warmup} s was over")
            }
            Note::DisruptionUnseen { name, begun, replications, of } => {
                let when = if *begun {
                    format!("while disruption `{name}` lasted")
                } else {
                    format!("before disruption `{name}` began")
                };
                write!(f, "{replications} of {of} replications ended {when}")
            }
            Note::LawBroken { law, name, counted, summed, replication } => {
                let (law, sides) = match law {
                    BrokenLaw::Path(PathLaw::Waiting) => ("Little's law of waiting messages", "message-seconds"),
                    BrokenLaw::Path(PathLaw::Presence) => ("Little's law of messages present", "message-seconds"),
                    BrokenLaw::Path(PathLaw::Utilization) => ("the utilization law", "server-seconds"),
                    BrokenLaw::Path(PathLaw::Flow) => ("flow balance", "messages"),
                    BrokenLaw::Ended => ("the balance of messages that ended", "messages"),
                    BrokenLaw::Published => ("the balance of publications", "messages"),
                };
                write!(
                    f,
                    "a defect of lindley, please report it: {law} does not hold of `{name}` in replication {replication}: \
                     {counted} {sides} counted over time, {summed} summed over messages; do not trust numbers about it"
                )
            }
            Note::NeedsMore(needed) => write!(
                f,
                "5 % on means and p99 of every queue takes about {} messages in all: give --messages, or see what is refused",
                count(*needed)
            ),
            Note::TimeLimit(limit) => write!(
                f,
                "ended by the time limit of {}: the same command ends elsewhere another time, with other numbers",
                short_duration(*limit)
            ),
            Note::QuantilesRefused(n) => {
                write!(
                    f,
                    "{n} numbers are refused: the run is too short for how much messages depend on each other; run more of them"
                )
            }
            Note::NoTheory { queue, approximated, why } => {
                let exact = if *approximated { "exact " } else { "" };
                write!(f, "no {exact}theory for queue `{queue}`: {why}")
            }
            Note::CandidatesUndecided(1) => {
                f.write_str("1 candidate is undecided within the budget and counts as missed")
            }
            Note::CandidatesUndecided(n) => {
                write!(f, "{n} candidates are undecided within the budget and count as missed")
            }
            Note::TargetsNotMonotone { met, missed } => write!(
                f,
                "the targets are met at {met} and missed at {missed}: they do not simply get easier along the range, so \
                 the answer is what holds together with everything tried beyond it"
            ),
            Note::WholeFront(n) => write!(f, "the front is that of all {n} combinations"),
            Note::AnswerApproximate => {
                f.write_str("the answer is as good as its approximation: a model file and simulation would decide it")
            }
            Note::AnswerBound => {
                f.write_str("a bound is no estimate: the answer is on the safe side only where it is an upper bound")
            }
            Note::RunsAs { side, other } => {
                write!(f, "{side} runs with the seed, length and replications of {other}")
            }
            Note::NothingRandom => f.write_str(
                "nothing is random in these models: one replication of each says everything, differences are exact",
            ),
            Note::Simultaneous { headline, targets, level, each, looks } => {
                let shown = |level: f64| format!("{} %", (level * 1e5).round() / 1e3);
                let targets = if *targets == 0 { String::new() } else { format!(" and the targets ({targets})") };
                let (level, each) = (shown(*level), shown(*each));
                let looks = match looks {
                    0 | 1 => String::new(),
                    n => format!(", shared where a target is looked at up to {n} times"),
                };
                write!(
                    f,
                    "the intervals of the headline quantities ({headline}){targets} hold all at once with confidence \
                     {level}, each by itself with {each} (Bonferroni){looks}; those of the other differences one by one with \
                     {level}, so of many some look significant by chance"
                )
            }
            Note::AllPairs { pairs, level, each } => {
                let shown = |level: f64| format!("{} %", (level * 1e5).round() / 1e3);
                write!(
                    f,
                    "the intervals of the differences of all pairs of models ({pairs}) hold at once with confidence {}, \
                     each by itself with {} (Bonferroni)",
                    shown(*level),
                    shown(*each)
                )
            }
            Note::EachByItself { intervals, level } => {
                let level = (level * 1e5).round() / 1e3;
                write!(
                    f,
                    "each interval holds with confidence {level} % by itself: of {intervals} some are off by chance"
                )
            }
            Note::StepTooLong { path, quantity, share } => write!(
                f,
                "of the derivative of {quantity} by {path} its finite step adds {}: a smaller --step is nearer to it",
                format_args!("{:.0} %", 100.0 * share)
            ),
            Note::NoEffect { path, moved, quantity, why } => {
                write!(f, "what {path} ({moved}) does to {quantity} cannot be told: {why}")
            }
            Note::NotMoved { path, value, why } => write!(f, "{path} ({value}) was not moved: {why}"),
            Note::OfSide { side, note } => write!(f, "{side}: {note}"),
            Note::AtPoints { points, of, note } if points == of => f.write_str(note),
            Note::AtPoints { points, of, note } => write!(f, "at {points} of {of} points: {note}"),
            Note::NotesLeftOut(n) => write!(f, "{n} more notes are left out"),
        }
    }
}
