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
    pub grid: Vec<SweepAxis>,
    /// Groups of axes in lockstep, in file order; each is one axis of the grid.
    pub zip: Vec<Zip>,
    /// Joint draws, the fastest axis.
    pub sample: Option<SweepSample>,
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
pub struct SweepAxis {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// Bytes of the path in the text of the study.
    pub place: Range<usize>,
    /// Its values.
    pub values: AxisValues,
}

/// Axes in lockstep.
#[derive(Debug, Clone, PartialEq)]
pub struct Zip {
    /// Name of the group.
    pub name: String,
    /// Axes of the same number of values.
    pub axes: Vec<SweepAxis>,
}

impl Zip {
    /// How many values each axis has.
    pub fn count(&self) -> u64 {
        self.axes.first().map_or(0, |axis| axis.values.count())
    }
}

/// The values of an axis.
#[derive(Debug, Clone, PartialEq)]
pub enum AxisValues {
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
        scale: NumberForm,
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
        scale: NumberForm,
    },
}

impl AxisValues {
    /// How many there are.
    pub fn count(&self) -> u64 {
        match self {
            AxisValues::List(list) => list.len() as u64,
            AxisValues::Whole { count, .. } | AxisValues::Linear { count, .. } | AxisValues::Log { count, .. } => {
                *count
            }
        }
    }

    /// The value at an index below [`AxisValues::count`].
    pub fn at(&self, index: u64) -> Literal {
        match self {
            AxisValues::List(list) => list.get(index as usize).cloned().unwrap_or_default(),
            // The parser has made sure that the last one is an i64.
            AxisValues::Whole { start, step, .. } => (start + step * index as i64).to_string(),
            AxisValues::Linear { start, step, scale, .. } => scale.write(start + step * index as f64),
            AxisValues::Log { start, stop, count, scale } => {
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
pub enum NumberForm {
    /// As decimal numbers.
    Plain,
    /// As whole numbers: the ends and all between are whole.
    Integer,
    /// As durations; numbers are seconds.
    Time,
    /// As rates; numbers are per second.
    Rate,
}

impl NumberForm {
    /// A number as TOML text, to 12 significant digits: sums of steps carry rounding errors.
    ///
    /// ```
    /// use lindley::model::study::sweep::NumberForm;
    /// assert_eq!(NumberForm::Plain.write(0.1 + 0.2), "0.3");
    /// assert_eq!(NumberForm::Time.write(0.04), "\"40ms\"");
    /// assert_eq!(NumberForm::Rate.write(120.0), "\"120/s\"");
    /// ```
    pub fn write(self, x: f64) -> Literal {
        match self {
            NumberForm::Plain => format!("{:?}", rounded(x)),
            NumberForm::Integer => format!("{}", rounded(x)),
            NumberForm::Rate => format!("\"{}/s\"", rounded(x)),
            NumberForm::Time => {
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
pub struct SweepSample {
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
    pub law: ParamLaw,
}

/// The law of a drawn parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamLaw {
    /// Uniform between two numbers.
    Uniform(f64, f64, NumberForm),
    /// Its logarithm is uniform.
    LogUniform(f64, f64, NumberForm),
    /// Uniform among whole numbers, both ends included.
    Integers(i64, i64),
    /// Uniform among these.
    Choice(Vec<Literal>),
}

impl ParamLaw {
    /// The value at a quantile in [0, 1).
    pub fn at(&self, u: f64) -> Literal {
        match self {
            ParamLaw::Uniform(low, high, scale) => scale.write(low + u * (high - low)),
            ParamLaw::LogUniform(low, high, scale) => scale.write(log_between(*low, *high, u)),
            ParamLaw::Integers(low, high) => {
                let among = (i128::from(*high) - i128::from(*low) + 1) as f64;
                (low.saturating_add((u * among) as i64)).min(*high).to_string()
            }
            ParamLaw::Choice(list) => list.get((u * list.len() as f64) as usize).cloned().unwrap_or_default(),
        }
    }
}
