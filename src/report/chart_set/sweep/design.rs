//! The points of one block as a design: which parameters vary, over which values, and the numbers
//! at each point. Chooses no chart.

use crate::experiment::point::{Point, Setting, Status, common_unit, paths};
use crate::experiment::result::ResultSet;
use crate::experiment::verdict::judgeable;
use crate::report::chart_set::selection::Selection;
use crate::row::{Demand, Metric, Quantity, Row, RowNames, Source, busiest, curve};
use crate::units::Unit;
use std::collections::HashMap;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ParamLevel {
    /// As it stands in the model.
    pub text: String,
    /// As a number, if it is one.
    pub number: Option<f64>,
}

impl ParamLevel {
    fn of(setting: &Setting) -> ParamLevel {
        ParamLevel { text: setting.text().into_owned(), number: setting.number().map(|number| number.0) }
    }
}

/// A parameter that varies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct VariedParam {
    pub path: String,
    pub unit: Unit,
    /// Its values in order.
    pub levels: Vec<ParamLevel>,
}

impl VariedParam {
    /// Whether every value is a number.
    pub(super) fn is_numeric(&self) -> bool {
        self.levels.iter().all(|l| l.number.is_some())
    }

    /// The last part of the path.
    pub(super) fn short(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }
}

/// What is known at one point.
#[derive(Debug, Clone, Copy, Default)]
struct Known<'s> {
    simulated: Option<&'s Row>,
    theory: Option<&'s Row>,
}

/// The points of one block.
pub(super) struct SweepDesign<'s> {
    pub set: &'s ResultSet,
    pub block: &'s str,
    pub points: Vec<&'s Point>,
    pub params: Vec<VariedParam>,
    names: RowNames,
    known: HashMap<(&'s str, Quantity), Known<'s>>,
}

impl<'s> SweepDesign<'s> {
    /// The design of a block of a result.
    pub(super) fn of(set: &'s ResultSet, block: &'s str) -> SweepDesign<'s> {
        let points: Vec<&Point> = set.points.iter().filter(|p| p.block == block).collect();
        let params = params(&points);
        let names = RowNames::of(&set.rows);
        let known = known(set, &names);
        SweepDesign { set, block, points, params, names, known }
    }

    /// The value of a parameter at a point.
    pub(super) fn level(&self, point: &Point, param: &VariedParam) -> Option<ParamLevel> {
        point.setting(&param.path).map(ParamLevel::of)
    }

    /// The parameter as a number at a point.
    pub(super) fn number(&self, point: &Point, param: &VariedParam) -> Option<f64> {
        self.level(point, param)?.number
    }

    /// The estimate of a quantity: simulated, or what theory says where nothing was simulated.
    pub(super) fn estimate(&self, point: &Point, of: &Quantity) -> Option<&'s Row> {
        let known = self.known(point, of)?;
        known.simulated.or(known.theory)
    }

    /// What theory says of a quantity.
    pub(super) fn theory(&self, point: &Point, of: &Quantity) -> Option<&'s Row> {
        self.known(point, of)?.theory
    }

    /// Whether a quantity was simulated anywhere.
    pub(super) fn is_simulated(&self, of: &Quantity) -> bool {
        self.points.iter().any(|p| self.known(p, of).is_some_and(|k| k.simulated.is_some()))
    }

    fn known(&self, point: &Point, of: &Quantity) -> Option<Known<'s>> {
        self.known.get(&(point.id.as_str(), of.clone())).copied()
    }

    /// The target for a quantity, if there is one.
    pub(super) fn target(&self, of: &Quantity) -> Option<Demand> {
        self.targets().find(|target| target.quantity == *of)
    }

    fn targets(&self) -> impl Iterator<Item = Demand> + '_ {
        self.set.targets.iter().map(|target| judgeable(target, &self.set.rows))
    }

    /// The quantities to draw: what is selected, else those of the targets, else the wait of the busiest queue.
    pub(super) fn quantities(&self, selection: &Selection) -> Vec<Quantity> {
        if let Some(metric) = &selection.metric {
            return vec![metric.clone()];
        }
        let valued = |of: &Quantity| self.points.iter().any(|p| self.estimate(p, of).is_some());
        let mut wanted: Vec<Quantity> = self.targets().map(|t| t.quantity).filter(valued).collect();
        wanted.dedup();
        if !wanted.is_empty() {
            return wanted;
        }
        let rows: Vec<&Row> = self.rows().collect();
        curve(&rows, &self.busiest()).into_iter().map(|row| self.name(row)).collect()
    }

    /// What the quantity of a row is called.
    pub(super) fn name(&self, row: &Row) -> Quantity {
        self.names.quantity(row)
    }

    fn rows(&self) -> impl Iterator<Item = &'s Row> + '_ {
        let first = self.points.iter().map(|p| p.id.as_str()).find(|id| self.known.keys().any(|k| k.0 == *id));
        self.set.rows.iter().filter(move |r| r.class.is_none() && r.value.is_some() && r.point.as_deref() == first)
    }

    /// The queue with the largest utilization at any point.
    pub(super) fn busiest(&self) -> String {
        let mine = |r: &&Row| r.point.as_ref().is_some_and(|id| self.points.iter().any(|p| p.id == *id));
        busiest(self.set.rows.iter().filter(mine)).unwrap_or_default().to_string()
    }

    /// Settings of a point as text, the parameters that vary only.
    pub(super) fn settings_of(&self, point: &Point) -> String {
        let one = |p: &VariedParam| Some(format!("{} = {}", p.short(), self.level(point, p)?.text));
        self.params.iter().filter_map(one).collect::<Vec<_>>().join(", ")
    }

    /// What to know of a point beside its numbers.
    pub(super) fn note(&self, point: &Point) -> String {
        let message = point.message.clone().unwrap_or_default();
        let parts = [self.settings_of(point), message];
        parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join("\n")
    }

    /// Whether the interval of a row, or its value without one, is wholly on the good side of its target.
    pub(super) fn misses(&self, of: &Quantity, row: &Row) -> bool {
        let Some(target) = self.target(of) else { return false };
        [row.value, row.low, row.high].into_iter().flatten().any(|v| !target.holds(v))
    }

    /// Whether the point is the model as it stands.
    pub(super) fn is_base(&self, point: &Point) -> bool {
        point.id.len() >= 6 && self.set.provenance.model_hash.starts_with(&point.id)
    }
}

/// Whether a quantity says if a disruption was recovered from, which also an unstable point may tell.
pub(super) fn is_of_recovery(of: &Quantity) -> bool {
    of.metric == Metric::Recovered
}

fn known<'s>(set: &'s ResultSet, names: &RowNames) -> HashMap<(&'s str, Quantity), Known<'s>> {
    let mut known: HashMap<(&str, Quantity), Known> = HashMap::new();
    for row in set.rows.iter().filter(|r| r.value.is_some_and(f64::is_finite)) {
        let Some(point) = row.point.as_deref() else { continue };
        let entry = known.entry((point, names.quantity(row))).or_default();
        match row.source {
            Source::Simulation | Source::Trace => entry.simulated = entry.simulated.or(Some(row)),
            Source::Exact => entry.theory = Some(row),
            Source::Approximation => entry.theory = entry.theory.or(Some(row)),
            Source::Bound => {}
        }
    }
    known
}

/// The parameters with more than one value, in the order of the study. Of parameters in lockstep the
/// first with numbers stands for all.
fn params(points: &[&Point]) -> Vec<VariedParam> {
    let mut params: Vec<VariedParam> = paths(points.iter().copied()).iter().map(|path| param(points, path)).collect();
    params.retain(|p| p.levels.len() > 1);
    let mut kept: Vec<VariedParam> = Vec::new();
    for param in params {
        match kept.iter().position(|k| in_lockstep(points, k, &param)) {
            Some(i) if param.is_numeric() && !kept[i].is_numeric() => kept[i] = param,
            Some(_) => {}
            None => kept.push(param),
        }
    }
    kept
}

fn param(points: &[&Point], path: &str) -> VariedParam {
    let mut levels: Vec<ParamLevel> = Vec::new();
    for level in points.iter().filter_map(|p| p.setting(path)).map(ParamLevel::of) {
        if !levels.iter().any(|l| l.text == level.text) {
            levels.push(level);
        }
    }
    let unit = common_unit(points.iter().copied(), path);
    levels.iter_mut().filter(|_| unit.is_none()).for_each(|l| l.number = None);
    if levels.iter().all(|l| l.number.is_some()) {
        levels.sort_by(|a, b| a.number.partial_cmp(&b.number).unwrap_or(std::cmp::Ordering::Equal));
    }
    VariedParam { path: path.to_string(), unit: unit.unwrap_or(Unit::One), levels }
}

/// Whether each value of one parameter always goes with the same value of the other, both ways.
fn in_lockstep(points: &[&Point], a: &VariedParam, b: &VariedParam) -> bool {
    if a.levels.len() != b.levels.len() {
        return false;
    }
    let mut pairs: HashMap<String, String> = HashMap::new();
    let same = |point: &&Point| match (point.setting(&a.path), point.setting(&b.path)) {
        (Some(x), Some(y)) => *pairs.entry(x.text().into_owned()).or_insert(y.text().into_owned()) == y.text(),
        _ => false,
    };
    points.iter().all(same) && (a.levels.len() < points.len() || in_order(points, a, b))
}

/// Whether one parameter rises or falls with the other. Where each value occurs once, joint draws
/// look like parameters in lockstep, but for their order.
fn in_order(points: &[&Point], a: &VariedParam, b: &VariedParam) -> bool {
    if !(a.is_numeric() && b.is_numeric()) {
        return true;
    }
    let at = |point: &Point, param: &VariedParam| point.setting(&param.path)?.number().map(|n| n.0);
    let mut pairs: Vec<(f64, f64)> = points.iter().filter_map(|p| at(p, a).zip(at(p, b))).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let steps = || pairs.windows(2).map(|w| w[1].1 - w[0].1);
    steps().all(|d| d >= 0.0) || steps().all(|d| d <= 0.0)
}

/// Whether a point has no steady state.
pub(super) fn is_unstable(point: &Point) -> bool {
    point.status == Status::Unstable
}
