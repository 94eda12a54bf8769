//! Charts: well-formed, points where the numbers say, and no panic whatever comes in.

use super::sample;
use lindley::experiment::result::*;
use lindley::report::chart::{Caption, ccdf, comparison, lifecycle, outlined, percentiles, queue_length};
use lindley::report::chart_set::charts;
use resvg::tiny_skia::Rect;
use resvg::usvg::roxmltree::{Document, Node};

fn caption() -> Caption {
    Caption::of(&sample::result().provenance, "Test")
}

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).and_then(|v| v.parse().ok()).unwrap_or_else(|| panic!("no number `{name}` in {node:?}"))
}

fn texts<'a>(svg: &'a Document) -> Vec<(String, Node<'a, 'a>)> {
    let texts = svg.descendants().filter(|n| n.has_tag_name("text"));
    texts.map(|n| (n.text().unwrap_or("").trim().to_string(), n)).collect()
}

/// Where the tick with that label stands, on the axis below (`middle`) or at the left (`end`).
fn tick(svg: &Document, label: &str, anchor: &str) -> f64 {
    let found = texts(svg).into_iter().find(|(t, n)| t == label && n.attribute("text-anchor") == Some(anchor));
    let (_, node) = found.unwrap_or_else(|| panic!("no tick `{label}`"));
    number(&node, if anchor == "middle" { "x" } else { "y" })
}

/// The points of the first curve in the first colour.
fn curve(svg: &Document) -> Vec<(f64, f64)> {
    let blue = |n: &Node| n.has_tag_name("polyline") && n.attribute("stroke") == Some("#0072B2");
    let points = |n: Node| -> Vec<(f64, f64)> {
        let pair = |p: &str| p.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()));
        n.attribute("points").unwrap_or("").split_whitespace().filter_map(pair).collect()
    };
    let curves = svg.descendants().filter(blue).map(points);
    curves.max_by_key(Vec::len).expect("the chart has a curve")
}

/// Whether the chart has a point there, to a twentieth of a pixel (the sheet rounds to a tenth).
fn has_point(points: &[(f64, f64)], x: f64, y: f64) -> bool {
    points.iter().any(|p| (p.0 - x).abs() <= 1.0 && (p.1 - y).abs() <= 1.0)
}

fn straight_tail() -> Tail {
    let x: Vec<f64> = (0..=50).map(|i| 0.01 * f64::from(i)).collect();
    let survival = x.iter().map(|t| 10f64.powf(-t / 0.1)).collect();
    Tail { name: "q".into(), metric: "wait".into(), x, survival, ..sample::tail("", "", 1.0, 1.0, false) }
}

#[test]
fn queue_length_points_are_where_the_ticks_say() {
    let time: Vec<f64> = (1..=10).map(|i| f64::from(i) * 60.0).collect();
    let median: Vec<f64> = time.iter().map(|t| t / 60.0).collect();
    let series = QueueSeries {
        median: median.clone(),
        high: median.clone(),
        low: median,
        time,
        ..sample::series("q", 1.0, 1.0)
    };
    let text = queue_length(&[series], &caption()).expect("there are points").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let points = curve(&svg);
    // After 4 minutes there are 4 messages.
    let (x, y) = (tick(&svg, "4", "middle"), tick(&svg, "4", "end"));
    assert!(has_point(&points, x, y), "{points:?}");
    let zero = tick(&svg, "0", "end");
    assert!(!has_point(&points, x, zero + 1.03 * (y - zero)), "3 % off must be seen");
}

#[test]
fn the_axes_are_told_to_scripts_as_well() {
    let text = ccdf(&[straight_tail()], &caption()).expect("there are points").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let told = svg.root_element().attribute("data-panels").expect("the attribute is there");
    let panels: serde_json::Value = serde_json::from_str(told).expect("valid JSON");
    let value = |pointer: &str| panels.pointer(pointer).and_then(|v| v.as_f64()).expect("a number");
    // Pixels of the sheet are a tenth of the inner ones.
    let share = 0.2 / value("/0/x/max");
    let x = value("/0/area/0") + share * (value("/0/area/2") - value("/0/area/0"));
    assert!((10.0 * x - tick(&svg, "200", "middle")).abs() <= 1.0);
    assert_eq!(panels[0]["y"]["log"], true);
}

#[test]
fn percentile_points_are_where_the_ticks_say() {
    let text = percentiles(&[straight_tail()], &caption()).expect("there are points").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let points = curve(&svg);
    // P(X > 0.2 s) = 10^-2: the 99th percentile is 200 ms.
    let (x, y) = (tick(&svg, "99 %", "middle"), tick(&svg, "200", "end"));
    assert!(has_point(&points, x, y), "{x} {y} {points:?}");
    assert!(!has_point(&points, tick(&svg, "90 %", "middle"), y));
}

#[test]
fn tail_points_are_where_the_ticks_say() {
    let text = ccdf(&[straight_tail()], &caption()).expect("there are points").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let points = curve(&svg);
    let (x, y) = (tick(&svg, "200", "middle"), tick(&svg, "1 %", "end"));
    assert!(has_point(&points, x, y), "{x} {y} {points:?}");
    assert!(!has_point(&points, x, tick(&svg, "10 %", "end")));
}

#[test]
fn comparison_dots_are_where_the_ticks_say() {
    let mut set = sample::result();
    set.validation.iter_mut().for_each(|c| c.half_widths = Some(2.0));
    let text = comparison(&set, &caption()).expect("there are comparisons").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let dots: Vec<f64> = svg.descendants().filter(|n| n.has_tag_name("circle")).map(|n| number(&n, "cx")).collect();
    let at = tick(&svg, "+2", "middle");
    assert!(dots.iter().filter(|x| (**x - at).abs() <= 1.0).count() >= 3, "{dots:?} {at}");
}

#[test]
fn every_chart_is_well_formed_and_declares_its_caption() {
    let all = charts(&sample::result(), &sample::curves());
    assert_eq!(all.len(), 7);
    for (name, text) in all.into_iter().map(|c| (c.name, c.svg)) {
        let svg = Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let words: Vec<String> = texts(&svg).into_iter().map(|t| t.0).collect();
        assert!(words.iter().any(|w| w.contains("ticket orders")), "{name}");
        assert!(words.iter().any(|w| w.contains("20 replications") && w.contains("seed 42")), "{name}");
    }
}

#[test]
fn texts_stay_on_the_sheet() {
    let long = "a very long name of a queue, longer than any sheet is wide ".repeat(20);
    let mut series = sample::series(&long, 3.0, 60.0);
    let mut set = sample::result();
    set.rows.iter_mut().for_each(|r| r.name.clone_from(&long));
    set.provenance.model.clone_from(&long);
    series.queue.clone_from(&long);
    let curves = Curves {
        queue_length: vec![series],
        tails: vec![sample::tail(&long, &long, 1.0, 1.0, true)],
        settling: vec![sample::settling(&long, 2.0)],
        convergence: vec![sample::convergence(&long, &long, 2.0)],
    };
    for (name, text) in charts(&set, &curves).into_iter().map(|c| (c.name, c.svg)) {
        for (words, from, to) in extents(&text) {
            assert!(from >= 0.0 && to <= 960.0, "{name}: `{words}` from {from} to {to}");
        }
    }
}

/// Each text of a chart with its left and right end in pixels, in the font of the PNG.
fn extents(svg: &str) -> Vec<(String, f32, f32)> {
    boxes(svg).into_iter().map(|(words, place)| (words, place.left(), place.right())).collect()
}

/// Each text of a chart with its place, in the font of the PNG: as wide as its outline with a
/// little room beside, as tall as the font.
pub fn boxes(svg: &str) -> Vec<(String, Rect)> {
    use resvg::usvg::{Node as Drawn, Options, Tree};
    let document = Document::parse(svg).expect("valid SVG");
    let tree = Tree::from_str(&outlined(svg), &Options::default()).expect("valid SVG");
    let sheet = document.root_element().attribute("viewBox").and_then(|v| v.split(' ').nth(2)?.parse().ok());
    let fine = sheet.map_or(1.0, |width: f32| tree.size().width() / width);
    let mut out = Vec::new();
    for (i, (words, node)) in texts(&document).into_iter().enumerate() {
        let Some(Drawn::Path(path)) = tree.node_by_id(&format!("text-{i}")) else { continue };
        let ink = path.abs_bounding_box();
        let size = number(&node, "font-size") as f32 * fine;
        let below = if node.has_attribute("dy") { 0.25 * size } else { 0.0 };
        let base = |name| number(&node, name) as f32 * fine + below;
        let (up, down, side) = (0.932 * size, 0.189 * size, 0.05 * size);
        let place = match node.has_attribute("transform") {
            true => Rect::from_ltrb(base("x") - up, ink.top() - side, base("x") + down, ink.bottom() + side),
            false => Rect::from_ltrb(ink.left() - side, base("y") - up, ink.right() + side, base("y") + down),
        };
        out.push((words, place.expect("a text has a place")));
    }
    assert!(out.len() > 5, "the texts were not found");
    out
}

#[test]
fn nothing_to_show_is_no_chart() {
    let none = LifecycleReport::default();
    let mut set = sample::result();
    set.validation.iter_mut().for_each(|c| c.half_widths = None);
    let empty_series = QueueSeries { time: vec![], median: vec![], ..sample::series("q", 1.0, 1.0) };
    let empty_tail = Tail { x: vec![], survival: vec![], ..straight_tail() };
    assert_eq!(queue_length(&[], &caption()), None);
    assert_eq!(queue_length(&[empty_series], &caption()), None);
    assert_eq!(percentiles(&[], &caption()), None);
    assert_eq!(percentiles(std::slice::from_ref(&empty_tail), &caption()), None);
    assert_eq!(ccdf(&[empty_tail], &caption()), None);
    assert_eq!(comparison(&set, &caption()), None);
    assert_eq!(lifecycle(&none, &caption()), None);
}

fn odd_values() -> Vec<Vec<f64>> {
    let odd = [0.0, 1.0, -1.0, 1e-300, 5e-324, 1e300, f64::MAX, f64::INFINITY, f64::NAN];
    let constant = odd.iter().flat_map(|v| [vec![*v], vec![*v; 3]]);
    constant.chain([vec![0.0, 1e-300], vec![0.0, 1e300], vec![1.0, f64::NAN, 2.0], odd.to_vec()]).collect()
}

#[test]
fn odd_queue_lengths_do_not_panic() {
    for time in odd_values() {
        for values in odd_values() {
            for warmup in [0.0, f64::NAN, 1e300] {
                let s = QueueSeries {
                    queue: "q\u{0}<&".into(),
                    time: time.clone(),
                    median: values.clone(),
                    low: values.clone(),
                    high: vec![],
                    warmup,
                    replications: 1,
                };
                if let Some(chart) = queue_length(&[s], &caption()) {
                    Document::parse(&chart.svg).expect("well-formed");
                }
            }
        }
    }
}

#[test]
fn odd_tails_do_not_panic() {
    for x in odd_values() {
        for s in odd_values() {
            let tail = Tail {
                x: x.clone(),
                survival: s.clone(),
                low: s.clone(),
                high: s.clone(),
                theory: s.clone(),
                theory_name: "\u{7}".into(),
                ..straight_tail()
            };
            for chart in
                [percentiles(std::slice::from_ref(&tail), &caption()), ccdf(&[tail], &caption())].into_iter().flatten()
            {
                Document::parse(&chart.svg).expect("well-formed");
            }
        }
    }
}

#[test]
fn odd_comparisons_and_lives_do_not_panic() {
    for value in odd_values().into_iter().flatten() {
        let mut set = sample::result();
        set.validation.iter_mut().for_each(|c| c.half_widths = Some(value));
        comparison(&set, &caption());
        let p = Interval { value, low: Some(value), high: Some(value) };
        set.lifecycle.transitions.iter_mut().for_each(|t| t.probability = p);
        set.lifecycle.times.iter_mut().for_each(|t| t.mean_s = Some(p));
        lifecycle(&set.lifecycle, &caption());
    }
    let strange = Transition {
        from: "x".repeat(300),
        to: "".into(),
        count: 0,
        probability: Interval { value: 1.0, low: None, high: None },
    };
    let back = Transition { from: "".into(), to: "ready".into(), ..strange.clone() };
    let report = LifecycleReport { transitions: vec![strange, back], ..LifecycleReport::default() };
    Document::parse(&lifecycle(&report, &caption()).expect("two arrows").svg).expect("well-formed");
}

#[test]
fn hundreds_of_comparisons_keep_the_largest() {
    let mut set = sample::result();
    set.validation = (0..300)
        .map(|i| TheoryCheck { half_widths: Some(f64::from(i) / 100.0), ..set.validation[0].clone() })
        .collect();
    let text = comparison(&set, &caption()).expect("there are comparisons").svg;
    let svg = Document::parse(&text).expect("well-formed");
    let labels = texts(&svg).into_iter().filter(|t| t.0.contains("wait")).count();
    assert_eq!(labels, 60);
    assert!(text.contains("240 smaller differences"));
}
