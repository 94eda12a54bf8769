//! The best of several models by one quantity, with common random numbers and a stated confidence.

use super::assemble::difference;
use super::from_best::{Apart, from_best, needed, rank};
use super::headline::{self, allowed, estimate};
use super::pairs::{Need, SideBySide};
use super::ranking::{Rank, Ranked, Ranking};
use super::request::{Alternative, ComparisonError, ComparisonRequest};
use super::stats::{Paired, bonferroni, pairs_for};
use super::together::{Start, couples, difference_label, difference_row, run, same_run, together};
use super::{Comparison, Good, good};
use crate::experiment::estimate::Interval;
use crate::experiment::note::Note;
use crate::experiment::study::{Options, Progress, Study};
use crate::experiment::verdict::simulated;
use crate::model::Model;
use crate::row::{Quantity, Row};
use std::sync::atomic::AtomicBool;

/// Ranks several models by a quantity: same seed, same number and length of replications (those of the first), each with its
/// own warm-up. With a `precision` they run until the half-width of the difference of each from the one with the best value is
/// at most that share of the larger of the two values. The intervals of all pairs of models hold at once at the level of the
/// first model (Bonferroni).
///
/// # Errors
///
/// Where the replications fail, or the quantity is not in every model or has no better side.
pub fn choose(
    mut sides: Vec<Alternative>,
    quantity: &Quantity,
    precision: Option<f64>,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, ComparisonError> {
    if good(&quantity.metric) == Good::Neither {
        return Err(ComparisonError::NoBetterSide(Box::new(quantity.clone())));
    }
    let request = ComparisonRequest { metrics: vec![quantity.clone()], precision, ..ComparisonRequest::default() };
    headline::in_every(&sides, &request)?;
    let start = Start::now();
    let mut notes = same_run(&mut sides);
    sides.iter_mut().for_each(|side| headline::demand(&mut side.model, &request));
    let need = |ran: &SideBySide| Candidates::of(&sides, ran, quantity).map(|found| found.need(precision));
    let mut ran = run(&sides, &need, options, interrupted, progress)?;
    let found = Candidates::of(&sides, &ran, quantity)?;
    let comparison = Comparison {
        pairs: ran.len() as u32,
        level: found.level(),
        headline_level: found.each(),
        precision,
        ranking: Some(found.ranking()),
        ..Comparison::default()
    };
    let levels = Note::AllPairs { pairs: couples(sides.len()).count(), level: found.level(), each: found.each() };
    let differences = found.differences();
    let mut study = together(&sides, &mut ran, comparison, (differences, levels))?;
    notes.append(&mut study.result.notes);
    study.result.notes = notes;
    start.tell(&mut study.result.provenance, options);
    Ok(study)
}

/// Models that ran side by side, and the quantity in each.
struct Candidates<'r> {
    sides: &'r [Alternative],
    ran: &'r SideBySide,
    /// Its row.
    rows: Vec<Row>,
}

impl<'r> Candidates<'r> {
    /// # Errors
    ///
    /// Where a result does not know the quantity.
    fn of(
        sides: &'r [Alternative],
        ran: &'r SideBySide,
        quantity: &Quantity,
    ) -> Result<Candidates<'r>, ComparisonError> {
        let row = |(i, side): (usize, &Alternative)| {
            let lacking = || ComparisonError::Lacking(Box::new(quantity.clone()), side.label.clone());
            simulated(ran.rows(i), quantity).cloned().ok_or_else(lacking)
        };
        let rows = sides.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok(Candidates { sides, ran, rows })
    }

    fn level(&self) -> f64 {
        self.sides[0].model.run.level
    }

    /// The level of the interval of each pair.
    fn each(&self) -> f64 {
        bonferroni(self.level(), couples(self.sides.len()).count())
    }

    fn good(&self) -> Good {
        good(&self.rows[0].metric)
    }

    /// The difference of two of them, second minus first; none where one has no value.
    fn pair(&self, of: [usize; 2]) -> Option<Paired> {
        let told = of.iter().all(|side| self.rows[*side].value.is_some());
        let models: [&Model; 2] = of.map(|side| &self.sides[side].model);
        let key = self.rows[of[0]].quantity();
        told.then(|| estimate(models, &self.ran.pairs(of), &key, self.each())).flatten()
    }

    /// The one with the best value among those that have one.
    fn leading(&self) -> Option<usize> {
        let told = self.rows.iter().enumerate().filter_map(|(side, row)| Some((side, row.value?)));
        let worse = |value: f64| if self.good() == Good::Large { -value } else { value };
        told.min_by(|a, b| worse(a.1).total_cmp(&worse(b.1))).map(|(side, _)| side)
    }

    /// The differences of the others from the leading one.
    fn behind_leading(&self) -> Vec<Option<Paired>> {
        let Some(leading) = self.leading() else { return Vec::new() };
        (0..self.rows.len()).filter(|side| *side != leading).map(|side| self.pair([leading, side])).collect()
    }

    /// What is refused for being too short says nothing of its precision.
    fn need(&self, precision: Option<f64>) -> Need {
        let Some(precision) = precision else { return Need::Given };
        let short = |found: &Paired| match (found.half, allowed(found, precision)) {
            (Some(half), wanted) if half <= wanted => None,
            (Some(half), wanted) => Some(pairs_for(found.n, half, wanted).unwrap_or(u64::MAX)),
            (None, _) => Some(u64::MAX),
        };
        self.behind_leading().iter().flatten().filter_map(short).max().map_or(Need::Reached, Need::Pairs)
    }

    fn ranking(&self) -> Ranking {
        let pairs: Vec<([usize; 2], Option<Paired>)> =
            couples(self.sides.len()).map(|of| (of, self.pair(of))).collect();
        let ranked: Vec<Ranked> = (0..self.sides.len()).map(|side| self.ranked(side, &pairs)).collect();
        let best = ranked.iter().find(|ranked| ranked.rank == Rank::Best).map(|ranked| ranked.side.clone());
        let every: Option<Vec<Paired>> = self.behind_leading().into_iter().collect();
        Ranking {
            quantity: Quantity { scope: None, ..self.rows[0].quantity() },
            unit: self.rows[0].unit,
            larger_is_better: self.good() == Good::Large,
            leading: every.as_ref().and_then(|_| Some(self.sides[self.leading()?].label.clone())),
            needed_replications: every.filter(|_| best.is_none()).and_then(|every| needed(&every)),
            ranked,
            best,
        }
    }

    fn ranked(&self, side: usize, pairs: &[([usize; 2], Option<Paired>)]) -> Ranked {
        let apart = |(of, found): &([usize; 2], Option<Paired>)| match (of, found) {
            ([first, _], Some(found)) if *first == side => Some(Apart::of(found)),
            ([_, second], Some(found)) if *second == side => Some(Apart::of(found).turned()),
            _ => None,
        };
        let known: Vec<Apart> = pairs.iter().filter_map(apart).collect();
        let all = known.len() + 1 == self.sides.len();
        let from_best = from_best(&known, self.good());
        let standing = match (rank(from_best, self.good()), all) {
            // Worse than one is enough to be beaten; to be the best all must be known.
            (Rank::Beaten, _) if !known.is_empty() => Rank::Beaten,
            (found, true) => found,
            (_, false) => Rank::Open,
        };
        let end = |end: f64| Some(end).filter(|end| end.is_finite());
        Ranked {
            side: self.sides[side].label.clone(),
            value: self.rows[side].value,
            from_best: all.then(|| Interval {
                value: from_best.value,
                low: end(from_best.low),
                high: end(from_best.high),
            }),
            rank: standing,
            refusal: self.rows[side].refusal.clone(),
        }
    }

    /// The difference of every two as a row.
    fn differences(&self) -> Vec<Row> {
        let row = |of: [usize; 2]| {
            let labels = of.map(|side| self.sides[side].label.as_str());
            let rows = of.map(|side| &self.rows[side]);
            difference_row(&difference(rows, self.pair(of), labels, self.each(), true), &difference_label(labels))
        };
        couples(self.sides.len()).map(row).collect()
    }
}
