//! From models that ran side by side to the effect of a move: difference, derivative, elasticity, what the finite
//! step adds.

use super::moves::PlannedMove;
use super::{MoveKind, ParameterEffect};
use crate::experiment::comparison::headline::estimate;
use crate::experiment::comparison::pairs::SideBySide;
use crate::experiment::comparison::stats::{Paired, paired};
use crate::experiment::estimate::Interval;
use crate::experiment::verdict::simulated;
use crate::model::Model;
use crate::row::{Basis, NoValue, Quantity, Row, Source, Statistic};

/// The models of a move that ran side by side: with the low value and the high one, and the two at twice the step.
pub(super) struct MovedPair<'r> {
    pub plan: &'r PlannedMove,
    pub ran: &'r SideBySide,
    pub level: f64,
}

impl MovedPair<'_> {
    /// The row of a quantity at an end.
    pub(super) fn row(&self, side: usize, of: &Quantity) -> Option<&Row> {
        simulated(self.ran.rows(side), of)
    }

    /// The effect on a quantity by simulation.
    pub(super) fn effect(&self, of: &Quantity) -> ParameterEffect {
        let MovedPair { plan, level, .. } = *self;
        let rows = [0, 1].map(|side| self.row(side, of));
        let refused = rows.iter().find_map(|row| row.and_then(|row| row.refusal.clone()));
        let told = rows.iter().all(|row| row.is_some_and(|row| row.value.is_some()));
        let key = rows[0].filter(|_| told).map(Row::quantity);
        let found = key.and_then(|key| Some((self.paired(plan.models.each_ref(), [0, 1], &key)?, key)));
        let Some((found, key)) = found else {
            return ParameterEffect { refusal: Some(refused.unwrap_or(NoValue::NoPair)), ..blank(plan, of, level) };
        };
        ParameterEffect {
            step_error: plan.wider.as_ref().and_then(|wider| self.step_error(wider, &key, &found)),
            method: Basis::Paired { pairs: found.ends.map_or(0, |_| found.n), widened: found.is_widened() },
            ..of_values(plan, of, level, &found)
        }
    }

    fn paired(&self, models: [&Model; 2], sides: [usize; 2], key: &Quantity) -> Option<Paired> {
        estimate(models, &self.ran.pairs(sides), key, self.level)
    }

    /// What the finite step adds to the derivative, from a second difference D(2h) over twice the step.
    ///
    /// Formula: a central difference is D(h) = D + c h^2 + O(h^4), so c h^2 = (D(2h) - D(h))/3 (Richardson); one way it is
    /// D + c h + O(h^2), so c h = D(2h) - D(h). Its interval is that of the pairs (D_i(h), D_i(2h)) of replications; none of a
    /// quantile, as the quantiles of replications have a bias of their own.
    fn step_error(&self, wider: &[Model; 2], key: &Quantity, found: &Paired) -> Option<Interval> {
        let moved = &self.plan.moved;
        let step = moved.ends[1] - moved.ends[0];
        let share = if moved.kind == MoveKind::Central { 1.0 / 3.0 } else { 1.0 };
        if matches!(key.statistic, Statistic::Quantile(_)) {
            let twice = self.paired(wider.each_ref(), [2, 3], key)?;
            let value = share * (twice.difference / (2.0 * step) - found.difference / step);
            return Some(Interval { value, low: None, high: None });
        }
        let [near, far] = [[0, 1], [2, 3]].map(|sides| self.ran.pairs(sides).of(key));
        let slope = |(low, high): (f64, f64), step: f64| share * (high - low) / step;
        let both = near.iter().zip(&far).map(|(near, far)| (slope(*near, step), slope(*far, 2.0 * step)));
        let slopes: Vec<(f64, f64)> = both.collect();
        let added = (near.len() == far.len()).then(|| paired(&slopes, self.level, 0.0)).flatten()?;
        Some(interval(added.difference, added.ends))
    }
}

fn interval(value: f64, ends: Option<(f64, f64)>) -> Interval {
    let finite = |end: f64| Some(end).filter(|end| end.is_finite());
    Interval { value, low: ends.and_then(|ends| finite(ends.0)), high: ends.and_then(|ends| finite(ends.1)) }
}

/// What a paired estimate says.
fn of_values(plan: &PlannedMove, of: &Quantity, level: f64, found: &Paired) -> ParameterEffect {
    let [low, high] = plan.moved.ends;
    let difference = interval(found.difference, found.ends);
    ParameterEffect {
        at_low: Some(found.first),
        at_high: Some(found.second),
        derivative: (plan.moved.kind != MoveKind::Whole).then(|| scaled(&difference, 1.0 / (high - low))),
        elasticity: found.change.as_ref().and_then(|change| elasticity(change, [low, high])),
        difference: Some(difference),
        change: found.change,
        pairing: found.pairing,
        ..blank(plan, of, level)
    }
}

/// The effect of the same move by theory, where it knows the quantity exactly at both ends.
pub(super) fn by_theory(
    plan: &PlannedMove,
    theory: &[Vec<Row>; 2],
    of: &Quantity,
    level: f64,
) -> Option<ParameterEffect> {
    let row = |side: usize| theory[side].iter().find(|row| of.is_of(row) && row.value.is_some());
    let (low, high) = (row(0)?, row(1)?);
    let (first, second) = (low.value?, high.value?);
    let certain = |value: f64| Interval { value, low: None, high: None };
    let found = Paired {
        first,
        second,
        difference: second - first,
        half: None,
        ends: None,
        change: (first != 0.0).then(|| certain(second / first - 1.0)),
        pairing: None,
        n: 0,
    };
    Some(ParameterEffect { source: low.source, method: low.method.clone(), ..of_values(plan, of, level, &found) })
}

fn blank(plan: &PlannedMove, of: &Quantity, level: f64) -> ParameterEffect {
    ParameterEffect {
        path: plan.path.clone(),
        quantity: of.clone(),
        moved: plan.moved.clone(),
        at_low: None,
        at_high: None,
        difference: None,
        change: None,
        derivative: None,
        elasticity: None,
        step_error: None,
        pairing: None,
        unit: of.unit(),
        per: plan.unit,
        level,
        source: Source::Simulation,
        method: Basis::Paired { pairs: 0, widened: false },
        text: String::new(),
        refusal: None,
    }
}

fn scaled(found: &Interval, by: f64) -> Interval {
    let end = |end: Option<f64>| end.map(|end| end * by);
    Interval { value: found.value * by, low: end(found.low), high: end(found.high) }
}

/// Percent of the quantity for one percent of the parameter, over the move.
///
/// Formula: ln(1 + r)/ln(high/low) with r the relative change of the quantity; of x^a it is a whatever the step. `None` where a
/// value or an end of the move is not positive.
fn elasticity(change: &Interval, [low, high]: [f64; 2]) -> Option<Interval> {
    let scale = (high / low).ln();
    let of = |change: f64| Some(change.ln_1p() / scale).filter(|found| found.is_finite());
    let value = of(change.value).filter(|_| low > 0.0)?;
    Some(Interval { value, low: change.low.and_then(of), high: change.high.and_then(of) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elasticity_of_a_power_is_its_exponent() {
        // y = x^3 from 2 to 5.
        let change = Interval { value: 125.0 / 8.0 - 1.0, low: None, high: None };
        assert!((elasticity(&change, [2.0, 5.0]).unwrap().value - 3.0).abs() < 1e-12);
        assert_eq!(elasticity(&change, [0.0, 5.0]), None, "from nothing there is no percent");
        let vanishing = Interval { value: 0.5, low: Some(-1.2), high: Some(1.0) };
        let found = elasticity(&vanishing, [1.0, 2.0]).unwrap();
        assert_eq!(found.low, None, "an end below nothing has no logarithm");
        assert!((found.high.unwrap() - 1.0).abs() < 1e-12);
    }
}
