//! The general forms of charts: what to draw, as plain values with units. Whoever has numbers fills
//! one of these; drawing stands in a file per form.

use super::say::plain;
use crate::units::Unit;

/// What an axis or a colour scale shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Name of the quantity, without its unit.
    pub title: String,
    /// Unit of the values; ticks and labels are written in readable multiples of it.
    pub unit: Unit,
    /// Whether it is logarithmic (values must then be positive).
    pub log: bool,
}

impl Scale {
    /// A scale that is not logarithmic.
    pub fn linear(title: impl Into<String>, unit: Unit) -> Scale {
        Scale { title: title.into(), unit, log: false }
    }
}

/// One estimate in a graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dot {
    /// Abscissa.
    pub x: f64,
    /// Estimate.
    pub y: f64,
    /// Interval, if there is one.
    pub interval: Option<(f64, f64)>,
    /// What to say beside the numbers when the pointer is on it.
    pub note: String,
    /// Drawn hollow: not met, unstable, unsure.
    pub hollow: bool,
    /// Drawn large, with its note written beside: the answer, the operating point.
    pub highlight: bool,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line through the estimates, intervals as a band.
    Line,
    /// Dots with interval bars, joined by a thin line.
    Dots,
    /// Dots with interval bars only.
    Scatter,
    /// A dashed line in black: theory.
    Theory,
    /// A line that stays level until the next point (front, staffing).
    Steps,
}

/// Estimates that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub label: String,
    /// The estimates, by x.
    pub dots: Vec<Dot>,
    /// How they are drawn.
    pub style: Style,
    /// Measured on the second vertical axis.
    pub right: bool,
}

impl Series {
    /// Estimates on the first vertical axis.
    pub fn new(label: impl Into<String>, dots: Vec<Dot>, style: Style) -> Series {
        Series { label: label.into(), dots, style, right: false }
    }
}

/// A labelled line across the panel: a target, an operating point.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Whether it stands upright (at an x) or lies (at a y).
    pub upright: bool,
    /// Where.
    pub at: f64,
    /// What it says.
    pub label: String,
}

impl Limit {
    /// The bound of a target.
    pub fn target(bound: f64, unit: Unit) -> Limit {
        Limit { upright: false, at: bound, label: format!("target {}", plain(bound, unit)) }
    }
}

/// A shaded stretch of x: an outage, a region without steady state.
#[derive(Debug, Clone, PartialEq)]
pub struct Shade {
    /// From x.
    pub from: f64,
    /// To x; infinite: to the edge.
    pub to: f64,
    /// What it says.
    pub label: String,
}

/// Curves over one pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// File name without ending, as `staffing`.
    pub name: String,
    /// Title.
    pub title: String,
    /// Horizontal axis.
    pub x: Scale,
    /// Vertical axis.
    pub y: Scale,
    /// Second vertical axis at the right, for series with `right`.
    pub right: Option<Scale>,
    /// Series in the order of their colours.
    pub series: Vec<Series>,
    /// Labelled lines.
    pub limits: Vec<Limit>,
    /// Shaded stretches.
    pub shades: Vec<Shade>,
}

impl Graph {
    /// Series over a horizontal and one vertical axis, with nothing beside them.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        (x, y): (Scale, Scale),
        series: Vec<Series>,
    ) -> Graph {
        let (name, title) = (name.into(), title.into());
        Graph { name, title, x, y, right: None, series, limits: Vec::new(), shades: Vec::new() }
    }
}

/// What a cell of a heat map holds.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    /// An estimate with its interval.
    Estimate(f64, Option<(f64, f64)>),
    /// No steady state.
    Unstable,
    /// No number, and why.
    Missing(String),
}

/// A quantity over two parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// File name without ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// Name of the horizontal parameter.
    pub x: String,
    /// Name of the vertical parameter.
    pub y: String,
    /// Labels of the columns, left to right.
    pub columns: Vec<String>,
    /// Labels of the rows, bottom to top.
    pub rows: Vec<String>,
    /// Cells, row-major from the bottom.
    pub cells: Vec<CellValue>,
    /// The quantity.
    pub value: Scale,
    /// Cells on the good side of this limit are separated from the others by a contour.
    pub limit: Option<(f64, String)>,
    /// Two words for a quantity that is yes or no (at least one half: the first), as in a phase diagram.
    pub phases: Option<(String, String)>,
}

/// A bar from one value to another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// Name at the left.
    pub label: String,
    /// The two ends; for plain bars the first is 0.
    pub span: (f64, f64),
    /// What is written at the two ends, as the low and the high setting of a tornado.
    pub ends: (String, String),
    /// Interval of the second end, if there is one.
    pub interval: Option<(f64, f64)>,
    /// What to say when the pointer is on it.
    pub note: String,
    /// Drawn in the colour of what matters.
    pub highlight: bool,
}

/// Horizontal bars: sensitivities, bottlenecks.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// File name without ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// What the length means.
    pub value: Scale,
    /// A line across all bars, as the base case of a tornado.
    pub base: Option<(f64, String)>,
    /// Bars, top to bottom.
    pub bars: Vec<Bar>,
}
