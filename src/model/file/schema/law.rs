//! The schema of quantities with units, of distributions and of columns in data files.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

use schemars::JsonSchema;

/// A time with its unit, such as `40ms`, `1.5s`, `2 min`; a bare number is seconds.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Duration {
    Text(String),
    Seconds(f64),
}

/// A rate with its unit, such as `120/s`, `90/min`; a bare number is per second.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Rate {
    Text(String),
    PerSecond(f64),
}

/// A number from 0 to 1, or a percentage such as `2%`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Probability {
    Percent(String),
    Number(f64),
}

/// A time: constant, or drawn from a law.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Time {
    Constant(Duration),
    Drawn(Box<Law>),
}

/// A distribution of times. scv is the squared coefficient of variation.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Law {
    /// Always the same.
    Deterministic(Constant),
    /// Exponential.
    Exponential(Exponential),
    /// Sum of k exponentials.
    Erlang(Erlang),
    /// Gamma.
    Gamma(ShapeScale),
    /// Mixture of exponentials.
    Hyperexponential(Hyperexponential),
    /// Exponential stages, each followed by the next one with some probability.
    Coxian(Coxian),
    /// Absorption time of a Markov chain.
    PhaseType(PhaseType),
    /// Log-normal.
    Lognormal(Lognormal),
    /// Weibull.
    Weibull(ShapeScale),
    /// Pareto: heavy tail.
    Pareto(Pareto),
    /// Pareto cut off at `high`.
    BoundedPareto(BoundedPareto),
    /// Uniform.
    Uniform(Span),
    /// Triangular.
    Triangular(Triangular),
    /// Normal, cut off on both sides; `mean` and `sd` are those before the cut.
    TruncatedNormal(TruncatedNormal),
    /// One of several laws, by weight.
    Mixture(Vec<Part>),
    /// Another law plus a constant.
    Shifted(Shifted),
    /// Recorded values, each equally likely.
    Empirical(Empirical),
    /// Uniform within bins.
    Histogram(Histogram),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Constant {
    value: Duration,
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Exponential {
    Mean { mean: Duration },
    Rate { rate: Rate },
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Erlang {
    #[schemars(range(min = 1))]
    k: u32,
    mean: Duration,
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum ShapeScale {
    Moments { mean: Duration, scv: f64 },
    Parameters { shape: f64, scale: Duration },
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Hyperexponential {
    Moments { mean: Duration, scv: f64 },
    Parameters { probabilities: Vec<Probability>, means: Vec<Duration> },
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Coxian {
    Moments { mean: Duration, scv: f64 },
    Parameters { rates: Vec<Rate>, r#continue: Vec<Probability> },
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PhaseType {
    /// Start distribution.
    alpha: Vec<Probability>,
    /// Rates between phases; negative diagonal.
    t: Vec<Vec<Rate>>,
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Lognormal {
    Moments { mean: Duration, scv: f64 },
    Parameters { mu: f64, sigma: f64 },
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Pareto {
    Parameters { minimum: Duration, alpha: f64 },
    Moments { mean: Duration, scv: f64 },
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct BoundedPareto {
    low: Duration,
    high: Duration,
    alpha: f64,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Span {
    low: Duration,
    high: Duration,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Triangular {
    low: Duration,
    mode: Duration,
    high: Duration,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TruncatedNormal {
    mean: Duration,
    sd: Duration,
    /// 0 by default.
    low: Option<Duration>,
    /// No limit by default.
    high: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Part {
    weight: f64,
    of: Time,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Shifted {
    by: Duration,
    of: Time,
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Empirical {
    Values { values: Vec<Duration> },
    File { file: String, column: Option<Column>, unit: Option<TimeUnit> },
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Histogram {
    Values {
        /// Bounds of the bins, one more than counts.
        edges: Vec<Duration>,
        /// How many in each bin.
        counts: Vec<f64>,
    },
    File {
        file: String,
        /// Column of the bounds.
        edge_column: Column,
        /// Column of the counts; that of the last row is ignored.
        count_column: Column,
        unit: Option<TimeUnit>,
    },
}

/// A whole number >= 1: constant, or drawn from a law.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Count {
    Constant(#[schemars(range(min = 1))] u32),
    Drawn(CountLaw),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum CountLaw {
    /// Geometric on 1, 2, ...
    Geometric(CountMean),
    /// 1 + a Poisson number.
    Poisson(CountMean),
    /// Each whole number of a range.
    Uniform(CountRange),
    /// Given values by weight.
    Choice(CountChoice),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CountMean {
    #[schemars(range(min = 1.0))]
    mean: f64,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CountRange {
    #[schemars(range(min = 1))]
    low: u32,
    high: u32,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CountChoice {
    values: Vec<u32>,
    weights: Vec<f64>,
}

/// Header of a column, or its number counted from 1; not needed if there is only one.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Column {
    Name(String),
    Number(#[schemars(range(min = 1))] u32),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub(super) enum TimeUnit {
    Ns,
    Us,
    Ms,
    S,
}
