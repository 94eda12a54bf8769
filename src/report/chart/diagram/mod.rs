//! The model as a diagram: producers, exchanges, queues and consumers with the ways of messages,
//! and beside them what was measured there. Drawn from the summary of a model and rows.

mod boxes;
mod layout;
mod text;

use super::canvas::{fit, text_width};
use super::{Caption, Chart, Mark};
use crate::experiment::model_summary::{Link, LinkKind, ModelSummary};
use crate::experiment::result::ResultSet;
use boxes::{HEIGHT, WIDTH, figures, part_box, says};
use layout::{Layout, layout};
use maud::{Markup, html};
use text::{at, clean};

/// Room above the parts, and around the drawing.
const TOP: f64 = 56.0;
const MARGIN: f64 = 24.0;
/// Room between two lines that lead back.
const LANE: f64 = 16.0;

/// Draws the summary of a result, if it has one.
pub fn diagram(set: &ResultSet, caption: &Caption) -> Option<Chart> {
    let summary = set.model_summary.as_ref().filter(|p| !p.parts.is_empty())?;
    let lines: Vec<(usize, usize)> = summary.links.iter().map(|l| (l.from, l.to)).collect();
    if lines.iter().any(|l| l.0.max(l.1) >= summary.parts.len()) {
        return None; // a result that was not written by this program
    }
    let sheet = DiagramSheet::new(layout(summary.parts.len(), &lines));
    let svg = sheet.draw(set, summary, caption).into_string();
    let marks = summary.parts.iter().enumerate().map(|(i, part)| sheet.mark(i, says(set, part))).collect();
    Some(Chart { name: "model".into(), title: caption.title.clone(), svg, marks, ..Chart::default() })
}

/// A layout with the widths that suit it.
struct DiagramSheet {
    layout: Layout,
    gap: f64,
}

impl DiagramSheet {
    fn new(layout: Layout) -> DiagramSheet {
        // Few layers leave room for labels between them.
        let gap = if layout.layers <= 4 { 112.0 } else { 84.0 };
        DiagramSheet { layout, gap }
    }

    fn left(&self, seat: usize) -> f64 {
        MARGIN + self.layout.seats[seat].layer as f64 * (WIDTH + self.gap)
    }

    fn y(&self, seat: usize) -> f64 {
        TOP + self.layout.seats[seat].y
    }

    fn size(&self) -> (f64, f64) {
        let layers = self.layout.layers as f64;
        let lanes = LANE * self.layout.back.len() as f64;
        let width = 2.0 * MARGIN + layers * WIDTH + (layers - 1.0) * self.gap;
        (width.max(480.0), TOP + self.layout.bottom + lanes + 44.0)
    }

    fn mark(&self, seat: usize, text: String) -> Mark {
        Mark { x: self.left(seat) + WIDTH / 2.0, y: self.y(seat), text }
    }

    fn draw(&self, set: &ResultSet, summary: &ModelSummary, caption: &Caption) -> Markup {
        let (width, height) = self.size();
        let says = format!("{}: {} parts, {} ways", caption.title, summary.parts.len(), summary.links.len());
        html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(width.round()) height=(height.round())
                viewBox={ "0 0 " (width.round()) " " (height.round()) } role="img" font-family="sans-serif" {
                title { (clean(&says)) }
                rect width="100%" height="100%" fill="#ffffff" {}
                text x=(at(MARGIN)) y="31" font-size="18" fill="#333a40" {
                    (clean(&fit(&caption.title, 18.0, width - 2.0 * MARGIN)))
                }
                (arrowheads())
                @for route in &self.layout.routes {
                    (self.way(&summary.links[route.line], &route.seats))
                }
                @for (lane, &line) in self.layout.back.iter().enumerate() {
                    (self.way_back(&summary.links[line], lane))
                }
                @for (i, part) in summary.parts.iter().enumerate() {
                    (part_box(part, &figures(set, part), (self.left(i), self.y(i) - HEIGHT / 2.0)))
                }
                (legend(summary, height - 16.0))
            }
        }
    }

    /// A line to the right, smooth through its seats, with its label where it is nearly there.
    fn way(&self, link: &Link, seats: &[usize]) -> Markup {
        let mut path = String::new();
        let mut from = (self.left(seats[0]) + WIDTH, self.y(seats[0]));
        let mut label = from;
        for (i, &seat) in seats.iter().enumerate().skip(1) {
            let last = i + 1 == seats.len();
            let to = (self.left(seat) - if last { 7.0 } else { 0.0 }, self.y(seat));
            let bend = (to.0 - from.0) / 2.0;
            let start = if path.is_empty() { format!("M{} {}", at(from.0), at(from.1)) } else { String::new() };
            let curve = [from.0 + bend, from.1, to.0 - bend, to.1, to.0, to.1].map(at).join(" ");
            path += &format!("{start} C{curve}");
            label = ((from.0 + to.0) / 2.0 + 4.0, from.1 + (to.1 - from.1) * 0.52);
            // Passages cross the width of their layer straight.
            from = (self.left(seat) + WIDTH, to.1);
            if !last {
                path += &format!(" H{}", at(from.0));
            }
        }
        line(link, &path, label, self.gap - 12.0)
    }

    /// A line back: out to the right, below everything, and in from the left.
    fn way_back(&self, link: &Link, lane: usize) -> Markup {
        let offset = 10.0 + 5.0 * (lane % 8) as f64;
        let (from, to) = ((self.left(link.from) + WIDTH, self.y(link.from)), (self.left(link.to), self.y(link.to)));
        let low = TOP + self.layout.bottom + LANE * (lane as f64 + 0.5);
        let (out, back) = (from.0 + offset, to.0 - offset - 8.0);
        let [x, y, right, under] = [from.0, from.1 + 8.0, out, low].map(at);
        let [left, up, end] = [back, to.1 + 8.0, to.0 - 7.0].map(at);
        let path = format!("M{x} {y} H{right} V{under} H{left} V{up} H{end}");
        line(link, &path, ((out + back) / 2.0, low), (out - back).max(60.0))
    }
}

fn line(link: &Link, path: &str, at_label: (f64, f64), room: f64) -> Markup {
    let (colour, dashes) = stroke(link.kind);
    let short = fit(&link.label, 10.5, room);
    let width = text_width(&short, 10.5) + 4.0;
    html! {
        g {
            @if short != link.label { title { (clean(&link.label)) } }
            path d=(path) fill="none" stroke=(colour) stroke-width="1.6" stroke-linejoin="round"
                stroke-dasharray=[dashes] marker-end={ "url(#to-" (word(link.kind)) ")" } {}
            @if !short.is_empty() {
                rect x=(at(at_label.0 - width / 2.0)) y=(at(at_label.1 - 7.5)) width=(at(width)) height="15"
                    fill="#ffffff" fill-opacity="0.88" {}
                text x=(at(at_label.0)) y=(at(at_label.1 + 3.7)) font-size="10.5" fill="#333a40"
                    text-anchor="middle" { (clean(&short)) }
            }
        }
    }
}

const KINDS: [LinkKind; 5] =
    [LinkKind::Publish, LinkKind::Bind, LinkKind::Consume, LinkKind::DeadLetter, LinkKind::Onward];

fn stroke(kind: LinkKind) -> (&'static str, Option<&'static str>) {
    match kind {
        LinkKind::DeadLetter => ("#b23b00", Some("6 4")),
        LinkKind::Onward => ("#0072b2", None),
        _ => ("#6b747c", None),
    }
}

fn word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Publish => "publish",
        LinkKind::Bind => "bind",
        LinkKind::Consume => "consume",
        LinkKind::DeadLetter => "dead-letter",
        LinkKind::Onward => "onward",
    }
}

fn arrowheads() -> Markup {
    html! {
        defs {
            @for kind in KINDS {
                marker id={ "to-" (word(kind)) } viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7"
                    markerUnits="userSpaceOnUse" orient="auto" {
                    path d="M0 0L8 4L0 8z" fill=(stroke(kind).0) {}
                }
            }
        }
    }
}

/// What the colours of lines mean, where not all are plain.
fn legend(summary: &ModelSummary, y: f64) -> Markup {
    let has = |kind| summary.links.iter().any(|l| l.kind == kind);
    let entries = [(LinkKind::DeadLetter, "dead letters"), (LinkKind::Onward, "published onward")];
    let shown = entries.into_iter().filter(|(kind, _)| has(*kind)).enumerate();
    html! {
        @for (i, (kind, text)) in shown {
            @let x = MARGIN + 150.0 * i as f64;
            path d={ "M" (at(x)) " " (at(y)) " H" (at(x + 26.0)) } stroke=(stroke(kind).0) stroke-width="1.6"
                fill="none" stroke-dasharray=[stroke(kind).1] {}
            text x=(at(x + 33.0)) y=(at(y + 3.7)) font-size="11" fill="#59626a" { (text) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::model_summary::{Part, PartKind};

    fn summary(names: &[&str]) -> ResultSet {
        let kinds = [PartKind::Producer, PartKind::Exchange, PartKind::Queue, PartKind::Consumer];
        let part = |(i, name): (usize, &&str)| Part { kind: kinds[i % 4], name: name.to_string(), detail: "x".into() };
        let links = (1..names.len()).map(|to| Link { from: to - 1, to, kind: LinkKind::Bind, label: names[to].into() });
        let parts = names.iter().enumerate().map(part).collect();
        let summary = ModelSummary { parts, links: links.collect(), ..ModelSummary::default() };
        ResultSet { model_summary: Some(summary), ..ResultSet::default() }
    }

    fn svg_of(set: &ResultSet) -> String {
        diagram(set, &Caption { title: "Model".into(), subtitle: String::new() }).expect("there is a summary").svg
    }

    #[test]
    fn hostile_names_stay_text() {
        let svg = svg_of(&summary(&["<script>alert(1)</script>", "\"'&", "\u{1}\u{202e}abc", &"long ".repeat(100)]));
        assert!(!svg.contains("<script") && !svg.contains('\u{1}'), "{svg}");
        assert!(svg.contains("&lt;script&gt;"), "{svg}");
        #[cfg(feature = "png")]
        assert!(super::super::png(&svg).is_ok(), "it is well-formed");
    }

    #[test]
    fn cut_names_are_whole_in_their_title() {
        let long = "a-very-long-name-that-does-not-fit-into-any-box";
        assert!(svg_of(&summary(&["web", long])).contains(&format!("{long}</title>")));
    }

    #[test]
    fn links_to_nowhere_are_no_panic() {
        let mut set = summary(&["web", "orders"]);
        set.model_summary.as_mut().expect("it has one").links[0].to = 9;
        assert_eq!(diagram(&set, &Caption::default()), None);
        assert_eq!(diagram(&ResultSet::default(), &Caption::default()), None);
    }
}
