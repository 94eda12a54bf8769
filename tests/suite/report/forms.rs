//! The general forms of charts: marks where the pixels are, texts on the sheet and never on top
//! of each other, and no panic whatever comes in.

use lindley::report::chart::forms::*;
use lindley::report::chart::{Caption, Chart};
use lindley::units::Unit;
use resvg::usvg::roxmltree::Document;

pub fn caption(title: &str) -> Caption {
    Caption {
        title: title.to_string(),
        subtitle: "20 replications · 1,000,000 messages · warm-up 12.30 s (auto) · seed 42".to_string(),
    }
}

fn scale(title: &str, unit: Unit, log: bool) -> Scale {
    Scale { title: title.to_string(), unit, log }
}

fn dots(points: impl IntoIterator<Item = (f64, f64)>, share: f64) -> Vec<Dot> {
    let dot =
        |(x, y): (f64, f64)| Dot { x, y, interval: Some((y * (1.0 - share), y * (1.0 + share))), ..Dot::default() };
    points.into_iter().map(dot).collect()
}

fn series(label: &str, dots: Vec<Dot>, style: Style) -> Series {
    Series { label: label.to_string(), dots, style, right: false }
}

/// A staffing curve with everything a graph can have.
pub fn staffing() -> Graph {
    let wait = |n: f64, base: f64| base * (-0.45 * (n - 4.0)).exp();
    let curve = |base: f64| dots((4..=16).map(|n| (f64::from(n), wait(f64::from(n), base))), 0.08);
    let mut p99 = curve(4.0);
    p99[0].hollow = true;
    p99[5] = Dot { highlight: true, note: "9 consumers: p99 422 ms".into(), ..p99[5].clone() };
    p99[4] = Dot { note: "8 misses: 661 ms".into(), highlight: true, hollow: true, ..p99[4].clone() };
    let cost = dots((4..=16).map(|n| (f64::from(n), 0.12 * f64::from(n))), 0.0);
    let cost = cost.into_iter().map(|d| Dot { interval: None, ..d }).collect();
    Graph {
        name: "staffing".into(),
        title: "Staffing".into(),
        x: scale("consumers.workers.servers", Unit::One, false),
        y: scale("orders.wait", Unit::Seconds, true),
        right: Some(scale("cost per hour", Unit::One, false)),
        series: vec![
            series("p50", curve(0.4), Style::Dots),
            series("p95", curve(1.9), Style::Dots),
            series("p99", p99, Style::Dots),
            series("M/M/c", dots((4..=16).map(|n| (f64::from(n), wait(f64::from(n), 3.9))), 0.0), Style::Theory),
            Series { right: true, ..series("cost", cost, Style::Steps) },
        ],
        limits: vec![Limit { upright: false, at: 0.5, label: "target: p99 < 500 ms".into() }],
        shades: vec![Shade { from: f64::NEG_INFINITY, to: 4.4, label: "no steady state".into() }],
    }
}

/// Latency against utilization with theory that runs away.
pub fn hockey_stick() -> Graph {
    let rho = || (1..=19).map(|i| 0.05 * f64::from(i));
    let curve = |c: f64| dots(rho().map(|r| (r, 0.04 * r.powf(c) / (1.0 - r))), 0.06);
    let theory = |c: f64| dots((1..200).map(|i| f64::from(i) / 200.0).map(|r| (r, 0.04 * r.powf(c) / (1.0 - r))), 0.0);
    let mut first = curve(1.0);
    first[15] = Dot { highlight: true, note: "operating point".into(), ..first[15].clone() };
    Graph {
        name: "hockey_stick".into(),
        title: "Latency against utilization".into(),
        x: scale("utilization", Unit::One, false),
        y: scale("orders.wait.mean", Unit::Seconds, false),
        right: None,
        series: vec![
            series("servers = 1", first, Style::Dots),
            series("servers = 4", curve(4.0), Style::Dots),
            series("theory", theory(1.0), Style::Theory),
            series("theory", theory(4.0), Style::Theory),
        ],
        limits: vec![
            Limit { upright: true, at: 0.8, label: "today".into() },
            Limit { upright: false, at: 0.3, label: "target 300 ms".into() },
        ],
        shades: vec![Shade { from: 0.97, to: f64::INFINITY, label: "ρ ≥ 1".into() }],
    }
}

/// A map with every kind of cell.
pub fn map(rows: usize, columns: usize) -> HeatMap {
    let cell = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        let load = (column + 2) as f64 / columns as f64 * 8.0 / (row + 3) as f64;
        match load {
            l if l >= 1.6 => CellValue::Unstable,
            _ if i == columns => CellValue::Missing("interrupted".into()),
            l => CellValue::Estimate(0.02 / (1.65 - l), Some((0.018 / (1.65 - l), 0.0221 / (1.65 - l)))),
        }
    };
    HeatMap {
        name: "heat_map".into(),
        title: "p99 over two parameters".into(),
        x: "producers.web.arrivals.poisson".into(),
        y: "consumers.workers.servers".into(),
        columns: (0..columns).map(|i| format!("{}/s", 50 * (i + 1))).collect(),
        rows: (0..rows).map(|i| format!("{}", i + 1)).collect(),
        cells: (0..rows * columns).map(cell).collect(),
        value: scale("orders.wait.p99", Unit::Seconds, true),
        limit: Some((0.05, "target: 50 ms".into())),
        phases: None,
    }
}

/// Recovered or not.
pub fn phases() -> HeatMap {
    let cell = |i: usize| {
        let score = (i % 7) as f64 + 1.3 * (i / 7) as f64;
        CellValue::Estimate(((9.0 - score) / 3.0).clamp(0.0, 1.0), None)
    };
    HeatMap {
        name: "phases".into(),
        y: "outage".into(),
        rows: ["30 s", "1 min", "2 min", "5 min", "10 min", "20 min"].map(String::from).to_vec(),
        cells: (0..42).map(cell).collect(),
        value: scale("recovered", Unit::One, false),
        limit: None,
        phases: Some(("recovers".into(), "stays down".into())),
        ..map(6, 7)
    }
}

/// What matters.
pub fn tornado() -> Bars {
    let bar = |label: &str, low: f64, high: f64, ends: (&str, &str)| Bar {
        label: label.into(),
        span: (low, high),
        ends: (ends.0.into(), ends.1.into()),
        ..Bar::default()
    };
    Bars {
        name: "tornado".into(),
        title: "What matters".into(),
        value: scale("orders.wait.p99", Unit::Seconds, false),
        base: Some((0.22, "base case: 220 ms".into())),
        bars: vec![
            bar("producers.web.arrivals.poisson", 0.08, 0.61, ("90/s", "150/s")),
            bar("consumers.workers.servers", 0.50, 0.11, ("6", "12")),
            bar("consumers.workers.service.lognormal.scv", 0.17, 0.29, ("0.5", "4")),
            bar("consumers.workers.prefetch", 0.21, 0.24, ("1", "50")),
        ],
    }
}

/// Which station is the narrowest.
pub fn bottleneck() -> Bars {
    let bar = |label: &str, v: f64, highlight: bool| Bar {
        label: label.into(),
        span: (0.0, v),
        ends: (String::new(), format!("{:.1} %", 100.0 * v)),
        interval: Some((v - 0.02, v + 0.02)),
        highlight,
        ..Bar::default()
    };
    Bars {
        name: "bottleneck".into(),
        title: "Utilization".into(),
        value: scale("utilization", Unit::One, false),
        base: None,
        bars: vec![bar("orders", 0.93, true), bar("payments", 0.41, false), bar("mail", 0.12, false)],
    }
}

fn samples() -> Vec<(&'static str, Chart)> {
    vec![
        ("staffing", staffing().draw(&caption("Staffing: ticket orders"))),
        ("hockey_stick", hockey_stick().draw(&caption("Latency against utilization: ticket orders"))),
        ("heat_map", map(6, 8).draw(&caption("p99 wait over two parameters: ticket orders"))),
        ("heat_map_fine", map(20, 24).draw(&caption("p99 wait over two parameters: ticket orders"))),
        ("phases", phases().draw(&caption("Does it recover: retry storm"))),
        ("tornado", tornado().draw(&caption("What matters: ticket orders"))),
        ("bottleneck", bottleneck().draw(&caption("Bottlenecks: ticket orders"))),
    ]
}

/// Checks a chart and leaves its picture below the build directory, to be looked at.
pub fn keep(name: &str, chart: &Chart) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
    std::fs::create_dir_all(&folder).expect("the build directory can be written");
    Document::parse(&chart.svg).unwrap_or_else(|e| panic!("{name}: {e}"));
    let png = lindley::report::chart::png(&chart.svg).expect("the picture is valid");
    std::fs::write(folder.join(format!("{name}.png")), png).expect("the build directory can be written");
}

#[test]
fn every_form_is_drawn_and_rendered() {
    for (name, chart) in samples() {
        assert!(!chart.marks.is_empty() && !chart.table.lines.is_empty(), "{name}");
        keep(name, &chart);
    }
}
