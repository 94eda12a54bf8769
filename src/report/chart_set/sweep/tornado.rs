//! What matters: how far a quantity moves with each parameter. One at a time around a base point,
//! or, for joint draws, between the lowest and the highest third of each parameter.

use super::design::{SweepDesign, VariedParam};
use super::names::{named, titled, wide};
use crate::experiment::point::Point;
use crate::report::chart::forms::{Bar, Bars, Scale};
use crate::report::chart::{Chart, brief};
use crate::row::{Quantity, Row};
use crate::units::{Unit, format_quantity};

/// More points than this are not searched for a base point: no one changes so many one at a time.
const SEARCHED: usize = 2000;
/// Fewer draws than this say nothing about thirds.
const DRAWS: usize = 12;

/// The sensitivities of a quantity; `None` where the points are neither kind of experiment.
pub(super) fn tornado(design: &SweepDesign, of: &Quantity) -> Option<Chart> {
    if design.params.len() < 2 {
        return None;
    }
    let (bars, base, how) = one_at_a_time(design, of).or_else(|| thirds(design, of))?;
    let mut bars: Vec<Bar> = bars.into_iter().filter(|b| b.span.0 != b.span.1).collect();
    bars.sort_by(|a, b| (b.span.1 - b.span.0).abs().total_cmp(&(a.span.1 - a.span.0).abs()));
    let unit = design.points.iter().find_map(|p| design.estimate(p, of)).map_or(Unit::One, |r| r.unit);
    let title = titled(design, &format!("What moves {of} ({how})"));
    let ends = bars.iter().flat_map(|b| [b.span.0, b.span.1]);
    let value = Scale { title: of.to_string(), unit, log: wide(ends) };
    let base = Some((base.0, format!("{}: {}", base.1, format_quantity(base.0, unit))));
    Some(Bars { name: named(design, "tornado", 0), title, value, base, bars }.chart(&design.set.provenance))
}

/// Bars, the value and name of the base case, and the name of the method.
type Sensitivities = (Vec<Bar>, (f64, &'static str), &'static str);

/// Around the point from which every other differs in one parameter at most.
fn one_at_a_time(design: &SweepDesign, of: &Quantity) -> Option<Sensitivities> {
    if design.points.len() > SEARCHED {
        return None;
    }
    let differing =
        |a: &Point, b: &Point| design.params.iter().filter(|p| design.level(a, p) != design.level(b, p)).count();
    let is_base = |base: &&&Point| design.points.iter().all(|p| differing(base, p) <= 1);
    let base = *design.points.iter().find(is_base)?;
    let value = design.estimate(base, of)?.value?;
    let alone = |param: &VariedParam| -> Vec<&Point> {
        let others = |p: &Point| {
            design.params.iter().filter(|o| o.path != param.path).all(|o| design.level(p, o) == design.level(base, o))
        };
        design.points.iter().copied().filter(|p| others(p)).collect()
    };
    let bars = design.params.iter().filter(|p| p.is_numeric());
    let bars: Vec<Bar> = bars.filter_map(|param| ends(design, param, &alone(param), of)).collect();
    Some((bars, (value, "base case"), "one parameter at a time"))
}

/// From the point where the parameter is lowest to that where it is highest.
fn ends(design: &SweepDesign, param: &VariedParam, points: &[&Point], of: &Quantity) -> Option<Bar> {
    let mut known: Vec<(f64, &Point, &Row)> =
        points.iter().filter_map(|p| Some((design.number(p, param)?, *p, design.estimate(p, of)?))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ((_, low, at_low), (_, high, at_high)) = (known.first()?, known.last()?);
    let text = |p: &Point| design.level(p, param).map_or(String::new(), |l| l.text);
    Some(Bar {
        label: param.path.clone(),
        span: (at_low.value?, at_high.value?),
        ends: (text(low), text(high)),
        note: [interval("at its lowest", at_low), interval("at its highest", at_high)].join("\n"),
        ..Bar::default()
    })
}

fn interval(what: &str, row: &Row) -> String {
    let shown = |v| format_quantity(v, row.unit);
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("{what}: interval {} to {}", shown(low), shown(high)),
        _ => format!("{what}: no interval"),
    }
}

/// Means over the draws in the lowest and in the highest third of each parameter, with the rank correlation.
fn thirds(design: &SweepDesign, of: &Quantity) -> Option<Sensitivities> {
    let grid = design.params.iter().map(|p| p.levels.len() as f64).product::<f64>();
    let numeric: Vec<&VariedParam> = design.params.iter().filter(|p| p.is_numeric()).collect();
    let draws: Vec<(&Point, f64)> =
        design.points.iter().filter_map(|p| Some((*p, design.estimate(p, of)?.value?))).collect();
    if grid < 3.0 * design.points.len() as f64 || draws.len() < DRAWS || numeric.len() < 2 {
        return None;
    }
    let bars = numeric.iter().filter_map(|param| third(design, param, &draws)).collect();
    let overall = mean(draws.iter().map(|d| d.1));
    Some((bars, (overall, "mean of all draws"), "lowest against highest third of the draws"))
}

fn third(design: &SweepDesign, param: &VariedParam, draws: &[(&Point, f64)]) -> Option<Bar> {
    let mut pairs: Vec<(f64, f64)> = draws.iter().filter_map(|(p, y)| Some((design.number(p, param)?, *y))).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = pairs.len() / 3;
    let (low, high) = (pairs.get(..n)?, pairs.get(pairs.len() - n..)?);
    let rank = spearman(&pairs);
    let shown = |v: f64| brief(v, param.unit);
    Some(Bar {
        label: param.path.clone(),
        span: (mean(low.iter().map(|p| p.1)), mean(high.iter().map(|p| p.1))),
        ends: (format!("≤ {}", shown(low.last()?.0)), format!("≥ {}", shown(high.first()?.0))),
        note: format!("rank correlation {rank:+.2} over {} draws", pairs.len()),
        ..Bar::default()
    })
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), v| (sum + v, n + 1.0));
    sum / f64::max(n, 1.0)
}

/// Spearman's rank correlation; ties get their mean rank.
fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let (x, y) = (ranks(pairs.iter().map(|p| p.0)), ranks(pairs.iter().map(|p| p.1)));
    let (mx, my) = (mean(x.iter().copied()), mean(y.iter().copied()));
    let product =
        |a: &[f64], ma: f64, b: &[f64], mb: f64| a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>();
    let spread = (product(&x, mx, &x, mx) * product(&y, my, &y, my)).sqrt();
    if spread > 0.0 { product(&x, mx, &y, my) / spread } else { 0.0 }
}

fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let first = order.partition_point(|&i| values[i] < values[tied[0]]);
        let rank = first as f64 + (tied.len() - 1) as f64 / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlation_knows_order_only() {
        let monotone: Vec<(f64, f64)> = (1..20).map(|i| (f64::from(i), f64::from(i).exp())).collect();
        assert!((spearman(&monotone) - 1.0).abs() < 1e-12);
        let turned: Vec<(f64, f64)> = monotone.iter().map(|p| (p.0, -p.1)).collect();
        assert!((spearman(&turned) + 1.0).abs() < 1e-12);
        // By hand: ranks 1 2.5 2.5 4 against 1 3 2 4.
        let tied = [(1.0, 1.0), (2.0, 3.0), (2.0, 2.0), (3.0, 4.0)];
        assert!((spearman(&tied) - 4.5 / (4.5_f64 * 5.0).sqrt()).abs() < 1e-12);
        assert_eq!(spearman(&[(1.0, 1.0), (1.0, 2.0)]), 0.0);
    }
}
