//! The general forms under hostile names and odd numbers: texts stay on the sheet, notes and
//! labels cover no other text, colours come from the palette, and nothing panics.

use super::chart::boxes;
use super::forms::{bottleneck, caption, hockey_stick, map, phases, staffing, tornado};
use lindley::report::chart::Chart;
use lindley::report::chart::forms::*;
use resvg::usvg::roxmltree::Document;

fn names() -> Vec<String> {
    vec![
        "a very long name of a queue, longer than any sheet is wide ".repeat(20),
        "</text><script>alert(1)</script>".into(),
        "🎟️ билеты 票 🎫🎫🎫".into(),
        "\u{202e}תור הזמנות\u{202c} و طلبات".into(),
        "\u{0}\u{7}&<>\"'".into(),
        String::new(),
    ]
}

/// Every form with a name wherever there can be one.
fn renamed(name: &str) -> Vec<Chart> {
    let mut graph = staffing();
    for series in &mut graph.series {
        series.label = name.to_string();
        series.dots.iter_mut().for_each(|d| d.note = name.to_string());
    }
    for text in [&mut graph.name, &mut graph.title, &mut graph.x.title, &mut graph.y.title] {
        *text = name.to_string();
    }
    graph.limits.iter_mut().for_each(|l| l.label = name.to_string());
    graph.shades.iter_mut().for_each(|s| s.label = name.to_string());
    let mut map = map(6, 8);
    map.columns.iter_mut().chain(&mut map.rows).for_each(|l| *l = name.to_string());
    (map.x, map.y, map.value.title) = (name.into(), name.into(), name.into());
    map.limit = Some((0.05, name.into()));
    let words = Some((name.to_string(), name.to_string()));
    let phases = HeatMap { phases: words, ..phases() };
    let mut bars = tornado();
    bars.bars.iter_mut().for_each(|b| (b.label, b.ends) = (name.into(), (name.into(), name.into())));
    bars.base = Some((0.22, name.into()));
    let c = caption(name);
    vec![graph.draw(&c), map.draw(&c), phases.draw(&c), bars.draw(&c)]
}

#[test]
fn texts_stay_on_the_sheet_whatever_the_names() {
    for name in names() {
        for (i, chart) in renamed(&name).iter().enumerate() {
            let svg = Document::parse(&chart.svg).unwrap_or_else(|e| panic!("form {i} of {name}: {e}"));
            assert!(!svg.descendants().any(|n| n.has_tag_name("script")));
            let height: f32 = svg.root_element().attribute("height").and_then(|h| h.parse().ok()).expect("a height");
            for (words, place) in boxes(&chart.svg) {
                let inside =
                    place.left() >= 0.0 && place.right() <= 960.0 && place.top() >= 0.0 && place.bottom() <= height;
                assert!(inside, "form {i}: `{words}` at {place:?}");
            }
        }
    }
}

/// Pairs of texts that cover each other by more than a hair.
fn collisions(svg: &str) -> Vec<(String, String)> {
    let all = boxes(svg);
    let mut found = Vec::new();
    for (i, (a, p)) in all.iter().enumerate() {
        for (b, q) in &all[..i] {
            let wide = p.right().min(q.right()) - p.left().max(q.left());
            let tall = p.bottom().min(q.bottom()) - p.top().max(q.top());
            if wide > 1.0 && tall > 2.5 {
                found.push((a.clone(), b.clone()));
            }
        }
    }
    found
}

#[test]
fn no_text_covers_another() {
    let c = caption("Collisions");
    let charts = [
        staffing().draw(&c),
        hockey_stick().draw(&c),
        map(6, 8).draw(&c),
        map(20, 24).draw(&c),
        map(60, 90).draw(&c),
        phases().draw(&c),
        tornado().draw(&c),
        bottleneck().draw(&c),
    ];
    for (i, chart) in charts.iter().enumerate() {
        assert_eq!(collisions(&chart.svg), vec![], "form {i}");
    }
}

#[test]
fn the_check_would_see_a_collision() {
    let text = |x: u32| format!(r#"<text x="{x}" y="40" font-family="sans-serif" font-size="20">orders</text>"#);
    let six: String = [20, 30, 200, 300, 400, 500].map(text).concat();
    let svg = format!(r#"<svg width="900" height="60" xmlns="http://www.w3.org/2000/svg">{six}</svg>"#);
    assert_eq!(collisions(&svg).len(), 1);
}

fn graph_of(values: &[(f64, f64)], log: bool, style: Style) -> Graph {
    let dot =
        |&(x, y): &(f64, f64)| Dot { x, y, interval: Some((y * 0.9, y * 1.1)), highlight: true, ..Dot::default() };
    let series = |style, right| Series { label: "s".into(), dots: values.iter().map(dot).collect(), style, right };
    let mut graph = Graph { series: vec![series(style, false), series(Style::Line, true)], ..staffing() };
    (graph.x.log, graph.y.log) = (log, log);
    graph
}

fn odd() -> Vec<Vec<(f64, f64)>> {
    let values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        5e-324,
        1e-300,
        1e-12,
        1e12,
        1e300,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let pairs = values.iter().flat_map(|x| values.iter().map(|y| vec![(*x, *y)]));
    let all: Vec<(f64, f64)> = values.iter().map(|v| (*v, *v)).collect();
    let close = vec![(1.0, 1.0), (1.0 + 1e-15, 1.0 + 1e-15)];
    let equal = vec![(3.0, 7.0); 5];
    let zeros = vec![(0.0, 0.0), (1.0, 0.0), (10.0, 1.0), (100.0, 10.0)];
    pairs.chain([all, close, equal, zeros]).collect()
}

#[test]
fn odd_numbers_do_not_break_graphs() {
    let styles = [Style::Line, Style::Dots, Style::Scatter, Style::Theory, Style::Steps];
    for (i, values) in odd().iter().enumerate() {
        for log in [false, true] {
            let chart = graph_of(values, log, styles[i % styles.len()]).draw(&caption("odd"));
            if !chart.is_empty() {
                Document::parse(&chart.svg).expect("well-formed");
                let on_sheet = |v: f64| (0.0..=960.0).contains(&v);
                assert!(chart.marks.iter().all(|m| on_sheet(m.x) && on_sheet(m.y)), "{values:?}");
            }
        }
    }
}

#[test]
fn odd_numbers_do_not_break_maps_and_bars() {
    for y in odd().iter().flatten().map(|p| p.1).take(40) {
        for log in [false, true] {
            let cell = CellValue::Estimate(y, Some((-y, y)));
            let mut map = HeatMap { cells: vec![cell, CellValue::Unstable], ..map(2, 2) };
            map.value.log = log;
            map.draw(&caption("odd"));
            let bar = Bar { span: (-y, y), interval: Some((y, y)), ..Bar::default() };
            let mut bars = Bars { bars: vec![bar; 3], base: Some((y, String::new())), ..tornado() };
            bars.value.log = log;
            bars.draw(&caption("odd"));
        }
    }
}

#[test]
fn nothing_to_show_is_an_empty_chart() {
    let c = caption("nothing");
    assert!(Graph { series: vec![], ..staffing() }.draw(&c).is_empty());
    assert!(graph_of(&[], false, Style::Dots).draw(&c).is_empty());
    assert!(graph_of(&[(f64::NAN, 1.0)], false, Style::Dots).draw(&c).is_empty());
    assert!(graph_of(&[(0.0, 0.0)], true, Style::Dots).draw(&c).is_empty());
    assert!(HeatMap { cells: vec![], ..map(3, 3) }.draw(&c).is_empty());
    assert!(HeatMap { rows: vec![], columns: vec![], cells: vec![], ..map(3, 3) }.draw(&c).is_empty());
    assert!(Bars { bars: vec![], ..tornado() }.draw(&c).is_empty());
    assert!(!graph_of(&[(1.0, 1.0)], false, Style::Dots).draw(&c).is_empty());
}

#[test]
fn a_thousand_points_are_drawn() {
    let c = caption("many");
    let values: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i), f64::from(i % 37) + 1.0)).collect();
    let graph = graph_of(&values, false, Style::Dots).draw(&c);
    // Both series have all of them.
    assert!(graph.marks.len() >= 2000 && graph.table.lines.len() == 2000, "{}", graph.marks.len());
    assert!(graph.svg.len() < 2_000_000, "{}", graph.svg.len());
    let bars = Bars { bars: vec![tornado().bars[0].clone(); 1000], ..tornado() }.draw(&c);
    assert!(bars.svg.contains("960 shorter bars are not shown"));
    assert_eq!(bars.table.lines.len(), 1000);
    super::forms::keep("many", &graph);
}

#[test]
fn marks_are_where_the_numbers_are() {
    let chart = graph_of(&[(0.0, 0.0), (10.0, 1.0)], false, Style::Dots).draw(&caption("marks"));
    let svg = Document::parse(&chart.svg).expect("well-formed");
    let told = svg.root_element().attribute("data-panels").expect("the attribute is there");
    let panels: serde_json::Value = serde_json::from_str(told).expect("valid JSON");
    let value = |pointer: &str| panels.pointer(pointer).and_then(|v| v.as_f64()).expect("a number");
    let share = |v: f64, axis: &str| {
        (v - value(&format!("/0/{axis}/min"))) / (value(&format!("/0/{axis}/max")) - value(&format!("/0/{axis}/min")))
    };
    let x = value("/0/area/0") + share(10.0, "x") * (value("/0/area/2") - value("/0/area/0"));
    let y = value("/0/area/3") + share(1.0, "y") * (value("/0/area/1") - value("/0/area/3"));
    let near = |m: &&lindley::report::chart::Mark| (m.x - x).abs() < 0.01 && (m.y - y).abs() < 0.01;
    let mark = chart.marks.iter().find(near).expect("a mark at the second point");
    assert!(
        mark.text.contains("orders.wait: 1 s (900 ms to 1.1 s)") || mark.text.contains("orders.wait: 1 s"),
        "{}",
        mark.text
    );
}

#[test]
fn colours_come_from_the_palette() {
    let palette = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#333A40", "#6B747C", "#E3E6E8", "#000000",
        "#FFFFFF", "none",
    ];
    for chart in [staffing().draw(&caption("c")), hockey_stick().draw(&caption("c")), tornado().draw(&caption("c"))] {
        let svg = Document::parse(&chart.svg).expect("well-formed");
        for node in svg.descendants() {
            for colour in ["fill", "stroke"].iter().filter_map(|a| node.attribute(*a)) {
                assert!(palette.contains(&colour), "{colour}");
            }
        }
    }
}

#[test]
fn tables_have_full_precision_and_units() {
    let mut graph = staffing();
    graph.series[0].dots[0].y = 0.1 + 0.2;
    let table = graph.draw(&caption("t")).table;
    let columns =
        ["series", "consumers.workers.servers", "orders.wait (s)", "orders.wait low (s)", "orders.wait high (s)"];
    assert_eq!(table.columns[..5], columns);
    assert_eq!(table.lines[0][2], "0.30000000000000004");
    assert!(table.lines.iter().all(|l| l.len() == table.columns.len()));
    for table in [map(3, 4).draw(&caption("t")).table, tornado().draw(&caption("t")).table] {
        assert!(table.lines.iter().all(|l| l.len() == table.columns.len()));
        assert!(
            table.columns.iter().any(|c| c == "orders.wait.p99 (s)" || c == "orders.wait.p99 from (s)"),
            "{:?}",
            table.columns
        );
    }
}
