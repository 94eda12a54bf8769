//! A chart on the page: the picture itself, what the pointer and the arrow keys find in it, and its
//! numbers as a table. The picture is the one that the chart files have.

use super::sheet::{Cell, Sheet};
use crate::report::ReportError;
use crate::report::chart::Chart;
use maud::{Markup, PreEscaped, html};

/// Most places of a picture that answer to the pointer.
const MARKS: usize = 2_000;
/// Most lines of the table behind a picture.
const LINES: usize = 200;

/// The chart as a figure.
pub(super) fn figure(chart: &Chart) -> Result<Markup, ReportError> {
    let title = title(chart);
    let marks = marks(chart)?;
    let keys = if chart.marks.is_empty() { "" } else { ". Arrow keys step through its values" };
    let (width, _) = size(&chart.svg);
    Ok(html! {
        figure class={ "chart-" (chart.name) } {
            // The picture shows its title itself.
            figcaption.spoken { h3 { (title) } }
            div.plot tabindex="0" role="group" aria-label={ "Chart: " (title) (keys) } {
                div.stage style={ "--width:" (width) "px" } { (PreEscaped(&chart.svg)) }
            }
            @if let Some(marks) = marks {
                p.spoken aria-live="polite" {}
                script type="application/json" { (PreEscaped(marks)) }
            }
            @if !chart.table.lines.is_empty() { (table(chart, &title)) }
        }
    })
}

/// The title, or a readable form of the chart's name.
fn title(chart: &Chart) -> String {
    let name = chart.title.split(": ").next().unwrap_or_default();
    let known = match chart.name.as_str() {
        "model" => "How messages flow",
        "queue_length" => "Queue length over time",
        "percentiles" => "Percentiles of time",
        "ccdf" => "Tail of time",
        "comparison" => "Simulation against theory",
        "lifecycle" => "States of a message",
        _ => "",
    };
    match (name, known) {
        ("", "") => chart.name.replace(['_', '-'], " "),
        ("", known) => known.to_string(),
        (name, _) => name.to_string(),
    }
}

/// Width and height that the picture declares.
fn size(svg: &str) -> (f64, f64) {
    let number = |name: &str| -> Option<f64> {
        let rest = svg.split_once(&format!("{name}=\""))?.1;
        rest.split_once('"')?.0.parse().ok()
    };
    (number("width").unwrap_or(960.0), number("height").unwrap_or(480.0))
}

/// The marks as JSON that cannot end the script element it stands in; none: `None`.
fn marks(chart: &Chart) -> Result<Option<String>, ReportError> {
    if chart.marks.is_empty() {
        return Ok(None);
    }
    let every = chart.marks.len().div_ceil(MARKS);
    let marks: Vec<(f64, f64, &str)> = chart
        .marks
        .iter()
        .step_by(every)
        .map(|m| ((m.x * 10.0).round() / 10.0, (m.y * 10.0).round() / 10.0, m.text.as_str()))
        .collect();
    let json = serde_json::to_string(&serde_json::json!({ "size": size(&chart.svg), "marks": marks }))?;
    Ok(Some(json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")))
}

fn table(chart: &Chart, title: &str) -> Markup {
    let columns: Vec<&str> = chart.table.columns.iter().map(String::as_str).collect();
    let cell = |text: &String| {
        if text.parse::<f64>().is_ok() { Cell::number(short(text)) } else { Cell::text(text) }
    };
    let lines = chart.table.lines.iter().take(LINES).map(|line| line.iter().map(cell).collect()).collect();
    let all = chart.table.lines.len();
    html! {
        details.behind {
            summary { "Numbers behind the chart (" (all) " lines)" }
            (Sheet::new(title, &columns, lines).draw())
            @if all > LINES { p.small { "The first " (LINES) " lines; all are in " code { (chart.name) ".csv" } "." } }
        }
    }
}

/// A number in at most six digits; the files have all.
fn short(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(x) if text.len() > 8 => crate::units::significant(x, 6),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Mark;

    #[test]
    fn marks_cannot_end_their_script() {
        let mark = Mark { x: 1.04, y: 2.0, text: "</script><script>alert(1)</script>&\u{2028}".into() };
        let chart = Chart { svg: r#"<svg width="9" height="4">"#.into(), marks: vec![mark], ..Chart::default() };
        let json = marks(&chart).expect("it serialises").expect("there is a mark");
        assert!(!json.contains('<') && !json.contains('&'), "{json}");
        let read: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(read["size"], serde_json::json!([9.0, 4.0]));
        assert_eq!(read["marks"][0][2], "</script><script>alert(1)</script>&\u{2028}");
    }

    #[test]
    fn many_marks_are_thinned() {
        let mark = |i: u32| Mark { x: f64::from(i), y: 0.0, text: String::new() };
        let chart = Chart { marks: (0..9_999).map(mark).collect(), ..Chart::default() };
        let json = marks(&chart).expect("it serialises").expect("there are marks");
        let read: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        assert!(read["marks"].as_array().expect("a list").len() <= MARKS);
    }

    #[test]
    fn charts_without_title_have_a_readable_name() {
        let named = |name: &str, title: &str| {
            super::title(&Chart { name: name.into(), title: title.into(), ..Chart::default() })
        };
        assert_eq!(named("queue_length", ""), "Queue length over time");
        assert_eq!(named("staffing", "Staffing: shop"), "Staffing");
        assert_eq!(named("my_chart", ""), "my chart");
    }
}
