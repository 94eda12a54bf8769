//! The charts of a sizing: the targets' quantities against the parameter, and the front of cost.

use crate::experiment::judgement::Standing;
use crate::experiment::result::ResultSet;
use crate::experiment::size::{Candidate, SizeCheck, Sizing};
use crate::report::chart::forms::{CellValue, Dot, Graph, HeatMap, Limit, Scale, Series, Style};
use crate::report::chart::{Caption, Chart, plain};
use crate::report::distinct::distinct;
use crate::report::sentences::size::label;
use crate::row::Demand;
use crate::units::{Unit, four_digits};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(sizing) = &set.sizing else { return Vec::new() };
    let caption = |what: &str| Caption::of(&set.provenance, what);
    let mut charts = Vec::new();
    match sizing.parameters.len() {
        1 => {
            // A chart has one vertical axis.
            let units = distinct(sizing.targets.iter().map(Demand::unit));
            charts.extend(units.into_iter().map(|unit| staffing(sizing, unit).draw(&caption("Staffing"))));
        }
        2 => charts.extend(map(sizing).map(|map| map.draw(&caption("Targets over two parameters")))),
        _ => {}
    }
    if !sizing.front.is_empty() {
        charts.push(front(sizing).draw(&caption("Cost against the target")));
    }
    charts
}

/// The targets' quantities of one unit against the parameter.
fn staffing(sizing: &Sizing, unit: Unit) -> Graph {
    let targets: Vec<usize> = (0..sizing.targets.len()).filter(|t| sizing.targets[*t].unit() == unit).collect();
    let mut series: Vec<Series> = Vec::new();
    for &target in &targets {
        series.extend((0..sizing.scenarios.len()).filter_map(|scenario| seen(sizing, target, scenario)));
        series.extend(theory(sizing, target));
    }
    series.extend(cost(sizing));
    let positive = series.iter().filter(|s| !s.right).flat_map(|s| &s.dots).all(|dot| dot.y > 0.0);
    let parameter = &sizing.parameters[0];
    let first = unit == sizing.targets[0].unit();
    let name = if first { "staffing".to_string() } else { format!("staffing_{}", word(unit)) };
    let title = format!("{} against {}", sizing.targets[targets[0]].quantity, parameter.name);
    let x = Scale::linear(with_suffix(&parameter.name, &parameter.suffix), Unit::One);
    let y = Scale { title: title_of(sizing, &targets), unit, log: positive };
    Graph {
        right: sizing.cost_unit.as_ref().map(|unit| Scale::linear(with_suffix("cost", unit), Unit::One)),
        limits: targets.iter().map(|t| Limit::target(sizing.targets[*t].bound, unit)).collect(),
        ..Graph::new(name, title, (x, y), series)
    }
}

fn word(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "time",
        Unit::PerSecond => "rate",
        Unit::One => "share",
        Unit::SecondsSquared => "variance",
    }
}

fn with_suffix(name: &str, suffix: &str) -> String {
    if suffix.is_empty() { name.to_string() } else { format!("{name} ({suffix})") }
}

fn title_of(sizing: &Sizing, targets: &[usize]) -> String {
    match targets {
        [only] => sizing.targets[*only].quantity.to_string(),
        _ => "targets".to_string(),
    }
}

fn find(candidate: &Candidate, target: usize, scenario: usize) -> Option<&SizeCheck> {
    candidate.checks.iter().find(|c| c.target == target && c.scenario == scenario)
}

/// What was simulated (or solved) of a target in a scenario; `None` where nothing was.
fn seen(sizing: &Sizing, target: usize, scenario: usize) -> Option<Series> {
    let dot = |(i, candidate): (usize, &Candidate)| {
        let check = find(candidate, target, scenario)?;
        let best = sizing.answer == Some(i) && scenario == 0;
        Some(Dot {
            x: candidate.at[0],
            y: check.value?,
            interval: check.low.zip(check.high),
            note: if best { label(sizing, candidate) } else { String::new() },
            hollow: check.verdict != Standing::Met,
            highlight: best,
        })
    };
    let dots: Vec<Dot> = sizing.candidates.iter().enumerate().filter_map(dot).collect();
    let simulated = dots.iter().any(|dot| dot.interval.is_some());
    let subject = &sizing.targets[target].quantity;
    let label = match scenario {
        0 => subject.to_string(),
        n => format!("{subject}, {}", sizing.scenarios[n].replace('`', "")),
    };
    let style = if simulated { Style::Dots } else { Style::Line };
    (!dots.is_empty()).then_some(Series::new(label, dots, style))
}

/// What theory says of a target, where simulation is beside it.
fn theory(sizing: &Sizing, target: usize) -> Option<Series> {
    let dot = |candidate: &Candidate| {
        let check = find(candidate, target, 0).filter(|check| check.low.is_some())?;
        Some(Dot { x: candidate.at[0], y: check.theory?, ..Dot::default() })
    };
    let dots: Vec<Dot> = sizing.candidates.iter().filter_map(dot).collect();
    let label = format!("{}, theory", sizing.targets[target].quantity);
    (dots.len() > 1).then_some(Series::new(label, dots, Style::Theory))
}

fn cost(sizing: &Sizing) -> Option<Series> {
    sizing.cost_unit.as_ref()?;
    let dot = |c: &Candidate| Some(Dot { x: c.at[0], y: c.cost?, ..Dot::default() });
    let dots = sizing.candidates.iter().filter_map(dot).collect();
    Some(Series { label: "cost".to_string(), dots, style: Style::Line, right: true })
}

/// The first target over two parameters.
fn map(sizing: &Sizing) -> Option<HeatMap> {
    let values = |axis: usize| {
        let mut values: Vec<f64> = sizing.candidates.iter().map(|c| c.at[axis]).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let (columns, rows) = (values(0), values(1));
    if columns.len() < 2 || rows.len() < 2 {
        return None;
    }
    let cell = |x: f64, y: f64| {
        let Some(candidate) = sizing.candidates.iter().find(|c| c.at[0] == x && c.at[1] == y) else {
            return CellValue::Missing("not looked at".to_string());
        };
        match find(candidate, 0, 0).and_then(|check| Some((check.value?, check))) {
            Some((value, check)) => CellValue::Estimate(value, check.low.zip(check.high)),
            None if candidate.unstable => CellValue::Unstable,
            None => CellValue::Missing(candidate.message.clone().unwrap_or_default()),
        }
    };
    let cells = rows.iter().flat_map(|y| columns.iter().map(|x| cell(*x, *y))).collect();
    let label = |x: &f64| if x.fract() == 0.0 { format!("{x}") } else { four_digits(*x) };
    let target = &sizing.targets[0];
    Some(HeatMap {
        name: "candidates".to_string(),
        title: target.quantity.to_string(),
        x: with_suffix(&sizing.parameters[0].name, &sizing.parameters[0].suffix),
        y: with_suffix(&sizing.parameters[1].name, &sizing.parameters[1].suffix),
        columns: columns.iter().map(label).collect(),
        rows: rows.iter().map(label).collect(),
        cells,
        value: Scale { title: target.quantity.to_string(), unit: target.unit(), log: target.unit() == Unit::Seconds },
        limit: Some((target.bound, format!("target {}", plain(target.bound, target.unit())))),
        phases: None,
    })
}

/// Cost against the first target: the front as steps, the others beside it.
fn front(sizing: &Sizing) -> Graph {
    let target = &sizing.targets[0];
    let dot = |i: usize| {
        let candidate = &sizing.candidates[i];
        let check = find(candidate, 0, 0)?;
        Some(Dot {
            x: candidate.cost?,
            y: check.value?,
            interval: check.low.zip(check.high),
            note: label(sizing, candidate),
            hollow: candidate.verdict != Standing::Met,
            highlight: sizing.answer == Some(i),
        })
    };
    let on = sizing.front.iter().filter_map(|i| dot(*i)).collect();
    let others = (0..sizing.candidates.len()).filter(|i| !sizing.front.contains(i)).filter_map(dot).collect();
    let series = vec![Series::new("front", on, Style::Steps), Series::new("beaten", others, Style::Scatter)];
    let x = Scale::linear(with_suffix("cost", sizing.cost_unit.as_deref().unwrap_or_default()), Unit::One);
    let y = Scale { title: target.quantity.to_string(), unit: target.unit(), log: target.unit() == Unit::Seconds };
    Graph {
        limits: vec![Limit::target(target.bound, target.unit())],
        ..Graph::new("front", format!("cost against {}", target.quantity), (x, y), series)
    }
}
