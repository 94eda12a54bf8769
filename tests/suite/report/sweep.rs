//! Which charts a sweep has, held against results made by hand: M/M/c at many settings.

use super::forms;
use super::sample;
use lindley::experiment::point::{Point, Setting, Status};
use lindley::experiment::result::{Curves, ResultSet};
use lindley::report::chart::Chart;
use lindley::report::chart_set::{Selection, charts_for};
use lindley::row::{Metric, Row, Scope, Statistic};
use serde_json::{Value, json};

const SERVICE: f64 = 0.04;

/// Probability of waiting of M/M/c.
fn erlang_c(c: u32, a: f64) -> f64 {
    let mut b = 1.0;
    for k in 1..=c {
        b = a * b / (f64::from(k) + a * b);
    }
    let rho = a / f64::from(c);
    b / (1.0 - rho * (1.0 - b))
}

/// Mean and 99th percentile of the wait.
fn waits(c: u32, rate: f64) -> Option<(f64, f64)> {
    let spare = f64::from(c) / SERVICE - rate;
    let p = erlang_c(c, rate * SERVICE);
    (spare > 0.0).then(|| (p / spare, (p / 0.01).ln().max(0.0) / spare))
}

fn setting(path: &str, value: Value) -> Setting {
    Setting { path: path.into(), value }
}

/// The point of c servers at a rate, with its rows: simulated around the truth, and exact.
fn point(set: &mut ResultSet, block: &str, settings: Vec<Setting>, c: u32, rate: f64) {
    let id = format!("{:08x}", set.points.len() + 1);
    let status = if waits(c, rate).is_some() { Status::Ok } else { Status::Unstable };
    let index = set.points.len() as u32;
    let message = (status == Status::Unstable).then(|| "more work arrives than can be done".to_string());
    set.points.push(Point { id: id.clone(), index, block: block.into(), settings, status, message });
    let Some((mean, p99)) = waits(c, rate) else { return };
    let wobble = 1.0 + 0.02 * (f64::from(index) * 1.7).sin();
    let rho = rate * SERVICE / f64::from(c);
    for (metric, statistic, v) in [
        (Metric::Wait, Statistic::Mean, mean),
        (Metric::Wait, Statistic::Quantile(0.99), p99),
        (Metric::Utilization, Statistic::Mean, rho),
    ] {
        let half = v * 0.03;
        let row = sample::simulated(Scope::Queue, "orders", metric.clone(), statistic, v * wobble, half);
        set.rows.push(Row { point: Some(id.clone()), ..row });
        let row = Row::exact(Scope::Queue, "orders", metric, statistic, v, "M/M/c");
        set.rows.push(Row { point: Some(id.clone()), ..row });
    }
}

fn empty() -> ResultSet {
    let mut set = sample::result();
    (set.rows, set.validation) = (Vec::new(), Vec::new());
    set.lifecycle = Default::default();
    set
}

fn rate_setting(rate: u32) -> Setting {
    setting("producers.web.arrivals.poisson", json!(format!("{rate}/s")))
}

fn servers(c: u32) -> Setting {
    setting("consumers.workers.servers", json!(c))
}

/// Arrival rates 20/s to 220/s for 4 servers, which saturate at 100/s.
pub fn one_axis() -> ResultSet {
    let mut set = empty();
    (2..=12).for_each(|i| point(&mut set, "load", vec![rate_setting(10 * i)], 4, f64::from(10 * i)));
    set
}

pub fn two_axes() -> ResultSet {
    let mut set = empty();
    for c in 2..=7 {
        (1..=8).for_each(|i| point(&mut set, "grid", vec![servers(c), rate_setting(20 * i)], c, f64::from(20 * i)));
    }
    set.targets = vec!["orders.wait.p99 <= 100ms".parse().expect("it is a demand")];
    set
}

/// Around 4 servers at 80/s, one at a time.
pub fn one_at_a_time() -> ResultSet {
    let mut set = empty();
    for (c, rate) in [(4, 80), (4, 60), (4, 90), (5, 80), (6, 80)] {
        point(&mut set, "around", vec![servers(c), rate_setting(rate)], c, f64::from(rate));
    }
    set
}

pub fn sampled() -> ResultSet {
    let mut set = empty();
    for i in 0..60_u32 {
        let (c, rate) = (4 + i * 7 % 5, 30.0 + f64::from(i * 37 % 60));
        let settings = vec![
            servers(c),
            setting("producers.web.arrivals.poisson", json!(format!("{rate}/s"))),
            setting("consumers.workers.turnaround", json!(format!("{}ms", 1.0 + f64::from(i * 29 % 60) / 7.0))),
        ];
        point(&mut set, "sensitivity", settings, c, rate);
    }
    set
}

/// Two axes with a cost per point.
pub fn costly() -> ResultSet {
    let mut set = two_axes();
    let cost = |p: &Point| p.settings[0].value.as_f64().unwrap_or(0.0) * 0.12 + f64::from(p.index % 3) * 0.02;
    let rows: Vec<Row> = set
        .points
        .iter()
        .filter(|p| p.settings[1].value == json!("60/s"))
        .map(|p| Row {
            point: Some(p.id.clone()),
            ..Row::exact(Scope::System, "system", Metric::Cost, Statistic::Mean, cost(p), "cost per hour")
        })
        .collect();
    set.rows.extend(rows);
    set
}

pub fn storms() -> ResultSet {
    let mut set = empty();
    for (i, load) in [0.5, 0.6, 0.7, 0.8, 0.9].iter().enumerate() {
        for (j, outage) in ["30s", "1min", "2min", "5min"].iter().enumerate() {
            let id = format!("p{i}{j}");
            let settings = vec![setting("load", json!(load)), setting("disruptions.outage.length", json!(outage))];
            let index = (4 * i + j) as u32;
            set.points.push(Point {
                id: id.clone(),
                index,
                block: "storm".into(),
                settings,
                status: Status::Ok,
                message: None,
            });
            let share = (1.0 - 0.35 * (i + j) as f64 + 0.8).clamp(0.0, 1.0);
            let row = sample::simulated(Scope::System, "system", Metric::Recovered, Statistic::Fraction, share, 0.05);
            set.rows.push(Row { point: Some(id), ..row });
        }
    }
    set
}

fn drawn(set: &ResultSet) -> Vec<Chart> {
    charts_for(set, &Curves::default(), &Selection::default())
}

fn names(charts: &[Chart]) -> Vec<&str> {
    charts.iter().map(|c| c.name.as_str()).collect()
}

#[test]
fn what_varies_decides_the_charts() {
    assert_eq!(names(&drawn(&one_axis())), ["curve", "hockey_stick"]);
    assert_eq!(names(&drawn(&two_axes())), ["heat_map", "hockey_stick"]);
    assert_eq!(names(&drawn(&one_at_a_time())), ["hockey_stick", "tornado"]);
    assert_eq!(names(&drawn(&sampled())), ["hockey_stick", "tornado"]);
    assert_eq!(names(&drawn(&costly())), ["heat_map", "hockey_stick", "pareto"]);
    assert_eq!(names(&drawn(&storms())), ["phase_diagram"]);
}

/// The pictures are left below the build directory, to be looked at.
#[test]
fn every_chart_of_a_sweep_is_rendered() {
    let sets = [
        ("one_axis", one_axis()),
        ("two_axes", two_axes()),
        ("one_at_a_time", one_at_a_time()),
        ("sampled", sampled()),
        ("costly", costly()),
        ("storms", storms()),
    ];
    for (kind, set) in sets {
        for chart in drawn(&set) {
            forms::keep(&format!("{kind}-{}", chart.name), &chart);
            assert!(!chart.marks.is_empty() && !chart.table.lines.is_empty(), "{kind} {}", chart.name);
        }
    }
}
