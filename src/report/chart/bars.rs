//! Draws [`Bars`]: horizontal bars with what stands at their ends, intervals, and a line for the
//! base case. The order of the caller is kept; of very many, the longest are shown.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, FAINT, PALETTE, TEXT, draw, fit, text_width};
use super::figure::{LEGEND, LegendSample, TOP, WIDTH, caption as draw_caption, legend};
use super::forms::{Bar, Bars};
use super::{Caption, Chart, Mark, Table, say};
use crate::experiment::result::Provenance;
use plotters::style::{BLACK, Color, RGBColor};

/// More bars than this: the longest are shown.
const MOST: usize = 40;
const LINE: f64 = 28.0;
/// Names wider than this are cut, and so are texts at the ends.
const WIDEST: f64 = 250.0;
const END: f64 = 150.0;
const SMALL: f64 = 11.0;

/// The label; of a path that is too long its end, which tells most.
fn label(text: &str) -> String {
    let ends = text.match_indices('.').map(|(at, _)| format!("…{}", &text[at + 1..]));
    let short = std::iter::once(text.to_string()).chain(ends).find(|t| text_width(t, 12.0) <= WIDEST);
    short.unwrap_or_else(|| fit(text, 12.0, WIDEST))
}

impl Bars {
    /// Draws the bars under their own title, as those of one study.
    pub fn chart(&self, of: &Provenance) -> Chart {
        self.draw(&Caption::of(of, &self.title))
    }

    /// Draws the bars; without one of finite length, the chart is empty.
    pub fn draw(&self, caption: &Caption) -> Chart {
        let (shown, left_out) = self.shown();
        let Some(frame) = BarFrame::of(self, &shown) else { return Chart::empty(&self.name, &self.title) };
        let height = (frame.bottom + 62.0).max(TOP + 150.0);
        let svg = draw((WIDTH, height), &caption.title, "", |canvas| {
            draw_caption(canvas, caption);
            frame.grid(canvas);
            for (i, bar) in shown.iter().enumerate() {
                self.bar(canvas, bar, frame.line(i), &frame);
            }
            self.base_line(canvas, &frame);
            if left_out > 0 {
                let text = format!("{left_out} shorter bars are not shown");
                canvas.text(&text, (22.0, frame.bottom + 36.0), SMALL, FAINT, Anchor::Left);
            }
            legend(canvas, &self.entries(&shown), (WIDTH - LEGEND + 8.0, TOP + 24.0));
        });
        let mark = |(i, bar): (usize, &&Bar)| {
            let x = (frame.x(bar.span.0) + frame.x(bar.span.1)) / 2.0;
            Mark { x, y: frame.line(i), text: self.words(bar) }
        };
        let marks = shown.iter().enumerate().map(mark).collect();
        Chart { name: self.name.clone(), title: self.title.clone(), svg, marks, table: self.table() }
    }

    /// The bars of finite length, the longest where there are too many, and how many are left out.
    fn shown(&self) -> (Vec<&Bar>, usize) {
        let fits = |v: f64| v.abs() < 1e300 && (!self.value.log || v > 0.0);
        let all: Vec<&Bar> = self.bars.iter().filter(|b| fits(b.span.0) && fits(b.span.1)).collect();
        let length = |b: &Bar| (b.span.1 - b.span.0).abs();
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|&a, &b| length(all[b]).total_cmp(&length(all[a])));
        order.truncate(MOST);
        order.sort_unstable();
        let left_out = all.len() - order.len();
        (order.into_iter().map(|i| all[i]).collect(), left_out)
    }

    fn bar(&self, canvas: &Canvas, bar: &Bar, y: f64, frame: &BarFrame) {
        canvas.text(&label(&bar.label), (frame.labels, y), 12.0, TEXT, Anchor::Right);
        let (low, high) = (frame.x(bar.span.0), frame.x(bar.span.1));
        match &self.base {
            Some((base, _)) => {
                let middle = frame.x(*base);
                canvas.block((low.min(middle), y - 8.0), (low.max(middle), y + 8.0), LOW);
                canvas.block((high.min(middle), y - 8.0), (high.max(middle), y + 8.0), HIGH);
            }
            None => {
                let colour = if bar.highlight { PALETTE[1] } else { PALETTE[0] };
                canvas.block((low.min(high), y - 8.0), (low.max(high), y + 8.0), colour.mix(0.85));
            }
        }
        let whisker = self.whisker(canvas, bar, y, frame);
        self.ends(canvas, bar, y, (low.min(high).min(whisker.0), low.max(high).max(whisker.1)), frame);
    }

    /// The interval of the second end; yields how far left and right it reaches.
    fn whisker(&self, canvas: &Canvas, bar: &Bar, y: f64, frame: &BarFrame) -> (f64, f64) {
        let Some((low, high)) = bar.interval else { return (f64::INFINITY, f64::NEG_INFINITY) };
        let (from, to) = (frame.x(low), frame.x(high));
        canvas.line(&[(from, y), (to, y)], BLACK, 1.3);
        for x in [from, to] {
            canvas.line(&[(x, y - 4.0), (x, y + 4.0)], BLACK, 1.3);
        }
        (from, to)
    }

    /// What stands at the ends, outside of the bar.
    fn ends(&self, canvas: &Canvas, bar: &Bar, y: f64, (from, to): (f64, f64), frame: &BarFrame) {
        let turned = frame.x(bar.span.1) < frame.x(bar.span.0);
        let (left, right) = if turned { (&bar.ends.1, &bar.ends.0) } else { (&bar.ends.0, &bar.ends.1) };
        // Where both ends lie on one side, the bar still reaches to the base.
        let middle = self.base.as_ref().map(|(base, _)| frame.x(*base));
        let (from, to) = middle.map_or((from, to), |x| (from.min(x), to.max(x)));
        let cut = |text: &str| fit(text, SMALL, END);
        canvas.text(&cut(left), (from - 5.0, y), SMALL, TEXT, Anchor::Right);
        canvas.text(&cut(right), (to + 5.0, y), SMALL, TEXT, Anchor::Left);
    }

    fn base_line(&self, canvas: &Canvas, frame: &BarFrame) {
        let Some((base, label)) = &self.base else { return };
        let x = frame.x(*base);
        canvas.line(&[(x, TOP + 18.0), (x, frame.bottom)], BLACK, 1.3);
        let text = fit(label, SMALL, WIDTH - LEGEND - 60.0);
        let half = text_width(&text, SMALL) / 2.0;
        let centre = x.clamp(22.0 + half, (WIDTH - LEGEND - half).max(22.0 + half));
        canvas.text(&text, (centre, TOP + 8.0), SMALL, TEXT, Anchor::Centre);
    }

    fn entries(&self, shown: &[&Bar]) -> Vec<(LegendSample, String)> {
        let mut entries = Vec::new();
        if self.base.is_some() {
            entries.push((LegendSample::Block(LOW), "at its lowest".to_string()));
            entries.push((LegendSample::Block(HIGH), "at its highest".to_string()));
        }
        if shown.iter().any(|b| b.interval.is_some()) {
            entries.push((LegendSample::Bar(BLACK), "interval".to_string()));
        }
        entries
    }

    fn words(&self, bar: &Bar) -> String {
        let unit = self.value.unit;
        let value = match self.base {
            None => format!("{}: {}", self.value.title, say::estimate(bar.span.1, bar.interval, unit)),
            Some(_) => {
                let end = |v, text: &str| {
                    say::lines(&[text]) + if text.is_empty() { "" } else { ": " } + &say::plain(v, unit)
                };
                let (low, high) = (end(bar.span.0, &bar.ends.0), end(bar.span.1, &bar.ends.1));
                say::lines(&[&self.value.title, &low, &high])
            }
        };
        say::lines(&[&bar.label, &value, &bar.note])
    }

    fn table(&self) -> Table {
        let value = |part: &str| say::column(&format!("{}{part}", self.value.title), self.value.unit);
        let columns = ["name".to_string(), "from".into(), value(" from"), "to".into(), value(" to")];
        let columns = columns.into_iter().chain([value(" low"), value(" high"), "note".to_string()]).collect();
        let line = |b: &Bar| {
            let interval = [b.interval.map(|i| i.0), b.interval.map(|i| i.1)].map(say::cell);
            let [low, high] = interval;
            let (from, to) = (say::cell(Some(b.span.0)), say::cell(Some(b.span.1)));
            vec![b.label.clone(), b.ends.0.clone(), from, b.ends.1.clone(), to, low, high, b.note.clone()]
        };
        Table { columns, lines: self.bars.iter().map(line).collect() }
    }
}

/// The parts of a tornado's bar.
const LOW: RGBColor = PALETTE[5];
const HIGH: RGBColor = PALETTE[0];

/// Where bars stand.
struct BarFrame {
    /// Right end of the names.
    labels: f64,
    left: f64,
    right: f64,
    bottom: f64,
    axis: Axis,
}

impl BarFrame {
    fn of(bars: &Bars, shown: &[&Bar]) -> Option<BarFrame> {
        let ends = shown.iter().flat_map(|b| [b.span.0, b.span.1]);
        let whiskers = shown.iter().filter_map(|b| b.interval).flat_map(|i| [i.0, i.1]);
        let fits = |v: &f64| v.abs() < 1e300 && (!bars.value.log || *v > 0.0);
        let values = ends.chain(whiskers).chain(bars.base.iter().map(|b| b.0)).filter(fits);
        let range = values.fold((f64::INFINITY, f64::NEG_INFINITY), |r, v| (r.0.min(v), r.1.max(v)));
        if shown.is_empty() {
            return None;
        }
        let width = |text: &str, size: f64, most: f64| text_width(text, size).min(most);
        let labels = 22.0 + shown.iter().map(|b| width(&b.label, 12.0, WIDEST)).fold(0.0, f64::max);
        // Those of a bar that points left stand the other way round.
        let both = |b: &&Bar| {
            let [first, second] = [&b.ends.0, &b.ends.1].map(|text| width(text, SMALL, END));
            match (bars.base.is_some(), b.span.1 < b.span.0) {
                (true, _) => (first.max(second), first.max(second)),
                (false, true) => (second, first),
                (false, false) => (first, second),
            }
        };
        let left = shown.iter().map(|b| both(b).0);
        let right = shown.iter().map(|b| both(b).1);
        Some(BarFrame {
            labels,
            left: labels + 18.0 + left.fold(0.0, f64::max),
            right: WIDTH - LEGEND - 16.0 - right.fold(0.0, f64::max),
            bottom: TOP + 26.0 + LINE * shown.len() as f64,
            axis: Axis::around(&bars.value, range, 6),
        })
    }

    fn x(&self, v: f64) -> f64 {
        self.axis.pixel(v, self.left, self.right)
    }

    fn line(&self, i: usize) -> f64 {
        TOP + 22.0 + LINE * (i as f64 + 0.5)
    }

    fn grid(&self, canvas: &Canvas) {
        self.axis.columns(canvas, (self.left, self.bottom), (self.right, TOP + 18.0), 13.0);
        let middle = ((self.left + self.right) / 2.0, self.bottom + 36.0);
        let title = fit(&self.axis.title, 12.0, WIDTH - LEGEND - 200.0);
        canvas.text(&title, middle, 12.0, TEXT, Anchor::Centre);
    }
}
