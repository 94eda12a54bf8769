//! A sizing as text: the answer, what was tried, what supports it. Knows rows and units, not how the
//! numbers came about.

use super::grid::{Align, Grid, paragraph};
use crate::experiment::judgement::Standing;
use crate::experiment::point::Answer;
use crate::experiment::result::Interval;
use crate::experiment::result::ResultSet;
use crate::experiment::size::{Candidate, SizeCheck, Sizing};
use crate::report::numbers::{plus_minus, within};
use crate::units::four_digits;

/// Most candidates shown without `verbose`.
const SHOWN: usize = 16;

/// The answer and the table of candidates; empty where nothing was sized.
pub(crate) fn blocks(set: &ResultSet, width: u16, verbose: bool) -> Vec<String> {
    let Some(sizing) = &set.sizing else { return Vec::new() };
    let mut blocks: Vec<String> = set.answer.iter().map(|answer| said(answer, width)).collect();
    let (header, rows) = table(sizing, verbose);
    let align = (0..header.len()).map(|i| match SizeColumn::of(i, header.len()) {
        SizeColumn::Mark | SizeColumn::Verdict => Align::Left,
        SizeColumn::Number => Align::Right,
    });
    let align = align.collect();
    blocks.push(Grid::new(header, align).within(width).rows(rows).without_empty_columns().print());
    blocks
}

fn said(answer: &Answer, width: u16) -> String {
    let details: String = answer.details.iter().map(|detail| paragraph("", detail, width)).collect();
    format!("{}\n{}{details}", paragraph("", &answer.question, width), paragraph("=>", &answer.headline, width))
}

/// What a column of [`table`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SizeColumn {
    /// Whether it is the answer, or on the front: the first.
    Mark,
    /// A number.
    Number,
    /// How it stands: the last.
    Verdict,
}

impl SizeColumn {
    /// The column of that place among so many.
    pub(crate) fn of(place: usize, columns: usize) -> SizeColumn {
        match place {
            0 => SizeColumn::Mark,
            last if last + 1 == columns => SizeColumn::Verdict,
            _ => SizeColumn::Number,
        }
    }
}

/// Header and lines of the candidates, in order of the parameters.
pub(crate) fn table(sizing: &Sizing, verbose: bool) -> (Vec<String>, Vec<Vec<String>>) {
    let mut header = vec![String::new()];
    header.extend(sizing.parameters.iter().map(|p| p.name.clone()));
    header.extend(sizing.cost_unit.iter().map(|unit| format!("cost {unit}").trim().to_string()));
    for scenario in 0..sizing.scenarios.len() {
        header.extend(sizing.targets.iter().map(|target| match scenario {
            0 => target.to_string(),
            n => format!("{} with {}", target.quantity, sizing.scenarios[n]),
        }));
    }
    header.extend(["theory".to_string(), "n".to_string(), "verdict".to_string()]);
    (header, shown(sizing, verbose).into_iter().map(|i| line(sizing, i, &sizing.candidates[i])).collect())
}

/// The candidates of the lines of [`table`].
pub(crate) fn shown(sizing: &Sizing, verbose: bool) -> Vec<usize> {
    let shown = |i: &usize| verbose || sizing.candidates.len() <= SHOWN || telling(sizing, *i);
    (0..sizing.candidates.len()).filter(shown).collect()
}

/// The answer, its neighbours and the front.
fn telling(sizing: &Sizing, i: usize) -> bool {
    let near = sizing.answer.is_some_and(|answer| answer.abs_diff(i) <= 3);
    near || sizing.failing.contains(&i) || sizing.front.contains(&i)
}

fn line(sizing: &Sizing, i: usize, candidate: &Candidate) -> Vec<String> {
    let mark = if sizing.answer == Some(i) {
        "=>"
    } else if sizing.front.contains(&i) {
        "*"
    } else {
        ""
    };
    let mut line = vec![mark.to_string()];
    let number = |x: &f64| if x.fract() == 0.0 { format!("{x}") } else { four_digits(*x) };
    line.extend(candidate.at.iter().zip(&sizing.parameters).map(|(x, p)| format!("{}{}", number(x), p.suffix)));
    line.extend(sizing.cost_unit.iter().map(|_| candidate.cost.map(four_digits).unwrap_or_default()));
    for scenario in 0..sizing.scenarios.len() {
        for target in 0..sizing.targets.len() {
            let check = candidate.checks.iter().find(|c| c.scenario == scenario && c.target == target);
            line.push(check.map_or(String::new(), |check| cell(sizing, check)));
        }
    }
    let theory = candidate.checks.first().filter(|check| check.low.is_some()).and_then(|check| check.theory);
    line.push(theory.map(|x| plus_minus(x, None, sizing.targets[0].unit())).unwrap_or_default());
    line.push(if candidate.replications > 0 { candidate.replications.to_string() } else { String::new() });
    line.push(verdict(candidate));
    line
}

fn cell(sizing: &Sizing, check: &SizeCheck) -> String {
    let unit = sizing.targets[check.target].unit();
    check.value.map_or("-".to_string(), |value| within(&Interval { value, low: check.low, high: check.high }, unit))
}

fn verdict(candidate: &Candidate) -> String {
    match (candidate.verdict, &candidate.message) {
        (Standing::Met, _) => "met".to_string(),
        (Standing::Undecided, _) => "undecided".to_string(),
        (Standing::Missed, _) if candidate.unstable => "no steady state".to_string(),
        (Standing::Missed, Some(why)) => why.lines().next().unwrap_or("missed").to_string(),
        (Standing::Missed, None) => "missed".to_string(),
    }
}
