//! One `[[sweep]]` block of a study, as written: axes whose values are made one by one, so that a
//! study of a thousand million points costs nothing until it is refused. Pure data.

use std::ops::Range;

/// Most points of a block that does not say otherwise.
pub const MAX_POINTS: u64 = 5000;

/// A value as TOML text: `4`, `0.5`, `"10ms"`, `{ exponential = { mean = "40ms" } }`.
pub type Literal = String;

/// One `[[sweep]]` block.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepBlock {
    /// Name, for the tables; `sweep` by default.
    pub name: String,
    /// Replications at each point; those of the model by default.
    pub replications: Option<u32>,
    /// Master seed; that of the model by default.
    pub seed: Option<u64>,
    /// Whether points share their random streams.
    pub seeds: Seeds,
    /// Refused above.
    pub max_points: u64,
    /// What to do with points that have no steady state.
    pub on_unstable: OnUnstable,
    /// Axes of the grid, in file order.
    pub grid: Vec<Axis>,
    /// Groups of axes in lockstep, in file order; each is one axis of the grid.
    pub zip: Vec<Zip>,
    /// Joint draws, the fastest axis.
    pub sample: Option<Sample>,
}

impl Default for SweepBlock {
    fn default() -> Self {
        SweepBlock {
            name: "sweep".to_string(),
            replications: None,
            seed: None,
            seeds: Seeds::Common,
            max_points: MAX_POINTS,
            on_unstable: OnUnstable::Mark,
            grid: Vec::new(),
            zip: Vec::new(),
            sample: None,
        }
    }
}

/// Whether points share their random streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeds {
    /// The same streams at every point: differences between points are sharp.
    Common,
    /// Streams of its own at each point: points are independent.
    Independent,
}

/// What to do with points that have no steady state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUnstable {
    /// They stand in the tables as unstable, without numbers.
    Mark,
    /// They are run without a warm-up, and stand in the tables as unstable, with numbers.
    Run,
    /// They are left out.
    Skip,
}

/// A path of the model and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// Bytes of the path in the text of the study.
    pub place: Range<usize>,
    /// Its values.
    pub values: Values,
}

/// Axes in lockstep.
#[derive(Debug, Clone, PartialEq)]
pub struct Zip {
    /// Name of the group.
    pub name: String,
    /// Axes of the same number of values.
    pub axes: Vec<Axis>,
}

impl Zip {
    /// How many values each axis has.
    pub fn count(&self) -> u64 {
        self.axes.first().map_or(0, |axis| axis.values.count())
    }
}

/// The values of an axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// One by one.
    List(Vec<Literal>),
    /// Whole numbers at equal distances.
    Whole {
        /// The first.
        start: i64,
        /// The distance, positive.
        step: i64,
        /// How many.
        count: u64,
    },
    /// Numbers at equal distances.
    Linear {
        /// The first.
        start: f64,
        /// The distance, positive.
        step: f64,
        /// How many.
        count: u64,
        /// How they are written.
        scale: Scale,
    },
    /// Numbers at equal ratios.
    Log {
        /// The first, positive.
        start: f64,
        /// The last.
        stop: f64,
        /// How many, at least 2.
        count: u64,
        /// How they are written.
        scale: Scale,
    },
}

impl Values {
    /// How many there are.
    pub fn count(&self) -> u64 {
        match self {
            Values::List(list) => list.len() as u64,
            Values::Whole { count, .. } | Values::Linear { count, .. } | Values::Log { count, .. } => *count,
        }
    }

    /// The value at an index below [`Values::count`].
    pub fn at(&self, index: u64) -> Literal {
        match self {
            Values::List(list) => list.get(index as usize).cloned().unwrap_or_default(),
            // The parser has made sure that the last one is an i64.
            Values::Whole { start, step, .. } => (start + step * index as i64).to_string(),
            Values::Linear { start, step, scale, .. } => scale.write(start + step * index as f64),
            Values::Log { start, stop, count, scale } => {
                let share = index as f64 / (*count - 1).max(1) as f64;
                scale.write(log_between(*start, *stop, share))
            }
        }
    }
}

/// The number at a share of the way from `low` to `high`, both positive, by equal ratios.
///
/// By `libm`, so that every machine computes the same digits.
pub fn log_between(low: f64, high: f64, share: f64) -> f64 {
    libm::exp(libm::log(low) + share * (libm::log(high) - libm::log(low)))
}

/// How the numbers of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As decimal numbers.
    Plain,
    /// As whole numbers: the ends and all between are whole.
    Integer,
    /// As durations; numbers are seconds.
    Time,
    /// As rates; numbers are per second.
    Rate,
}

impl Scale {
    /// A number as TOML text, to 12 significant digits: sums of steps carry rounding errors.
    ///
    /// ```
    /// use lindley::model::study::sweep::Scale;
    /// assert_eq!(Scale::Plain.write(0.1 + 0.2), "0.3");
    /// assert_eq!(Scale::Time.write(0.04), "\"40ms\"");
    /// assert_eq!(Scale::Rate.write(120.0), "\"120/s\"");
    /// ```
    pub fn write(self, x: f64) -> Literal {
        match self {
            Scale::Plain => format!("{:?}", rounded(x)),
            Scale::Integer => format!("{}", rounded(x)),
            Scale::Rate => format!("\"{}/s\"", rounded(x)),
            Scale::Time => {
                let (factor, unit) = crate::units::duration_scale(rounded(x));
                format!("\"{}{unit}\"", rounded(x * factor))
            }
        }
    }
}

/// A number to 12 significant digits.
fn rounded(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// Joint draws of several parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How they are drawn.
    pub method: SampleMethod,
    /// How many.
    pub n: u64,
    /// What is drawn, in file order.
    pub params: Vec<Param>,
}

/// How joint points are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleMethod {
    /// Independently.
    Random,
    /// Latin hypercube: each of n equal strata of each parameter once.
    LatinHypercube,
    /// Sobol's sequence, scrambled by the seed.
    Sobol,
}

/// A path of the model and the law of its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Path.
    pub path: String,
    /// Bytes of the path in the text of the study.
    pub place: Range<usize>,
    /// Law.
    pub law: Law,
}

/// The law of a drawn parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Uniform between two numbers.
    Uniform(f64, f64, Scale),
    /// Its logarithm is uniform.
    LogUniform(f64, f64, Scale),
    /// Uniform among whole numbers, both ends included.
    Integers(i64, i64),
    /// Uniform among these.
    Choice(Vec<Literal>),
}

impl Law {
    /// The value at a quantile in [0, 1).
    pub fn at(&self, u: f64) -> Literal {
        match self {
            Law::Uniform(low, high, scale) => scale.write(low + u * (high - low)),
            Law::LogUniform(low, high, scale) => scale.write(log_between(*low, *high, u)),
            Law::Integers(low, high) => {
                let among = (i128::from(*high) - i128::from(*low) + 1) as f64;
                (low.saturating_add((u * among) as i64)).min(*high).to_string()
            }
            Law::Choice(list) => list.get((u * list.len() as f64) as usize).cloned().unwrap_or_default(),
        }
    }
}
