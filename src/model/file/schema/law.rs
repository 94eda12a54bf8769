//! The schema of quantities with units, of distributions and of columns in data files.

use schemars::JsonSchema;

/// A time with its unit, such as `40ms`, `1.5s`, `2 min`; a bare number is seconds.
#[derive(JsonSchema)]
#[schemars(rename = "Duration", untagged)]
pub(super) enum DurationSchema {
    Text(String),
    Seconds(f64),
}

/// A rate with its unit, such as `120/s`, `90/min`; a bare number is per second.
#[derive(JsonSchema)]
#[schemars(rename = "Rate", untagged)]
pub(super) enum RateSchema {
    Text(String),
    PerSecond(f64),
}

/// A number from 0 to 1, or a percentage such as `2%`.
#[derive(JsonSchema)]
#[schemars(rename = "Probability", untagged)]
pub(super) enum ProbabilitySchema {
    Percent(String),
    Number(f64),
}

/// A time: constant, or drawn from a law.
#[derive(JsonSchema)]
#[schemars(rename = "Time", untagged)]
pub(super) enum TimeSchema {
    Constant(DurationSchema),
    Drawn(Box<LawSchema>),
}

/// A distribution of times. scv is the squared coefficient of variation.
#[derive(JsonSchema)]
#[schemars(rename = "Law", rename_all = "snake_case")]
pub(super) enum LawSchema {
    /// Always the same.
    Deterministic(ConstantSchema),
    /// Exponential.
    Exponential(ExponentialSchema),
    /// Sum of k exponentials.
    Erlang(ErlangSchema),
    /// Gamma.
    Gamma(ShapeScaleSchema),
    /// Mixture of exponentials.
    Hyperexponential(HyperexponentialSchema),
    /// Exponential stages, each followed by the next one with some probability.
    Coxian(CoxianSchema),
    /// Absorption time of a Markov chain.
    PhaseType(PhaseTypeSchema),
    /// Log-normal.
    Lognormal(LognormalSchema),
    /// Weibull.
    Weibull(ShapeScaleSchema),
    /// Pareto: heavy tail.
    Pareto(ParetoSchema),
    /// Pareto cut off at `high`.
    BoundedPareto(BoundedParetoSchema),
    /// Uniform.
    Uniform(SpanSchema),
    /// Triangular.
    Triangular(TriangularSchema),
    /// Normal, cut off on both sides; `mean` and `sd` are those before the cut.
    TruncatedNormal(TruncatedNormalSchema),
    /// One of several laws, by weight.
    Mixture(Vec<PartSchema>),
    /// Another law plus a constant.
    Shifted(ShiftedSchema),
    /// Recorded values, each equally likely.
    Empirical(EmpiricalSchema),
    /// Uniform within bins.
    Histogram(HistogramSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "Constant", deny_unknown_fields)]
pub(super) struct ConstantSchema {
    value: DurationSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "Exponential", untagged, deny_unknown_fields)]
pub(super) enum ExponentialSchema {
    Mean { mean: DurationSchema },
    Rate { rate: RateSchema },
}

#[derive(JsonSchema)]
#[schemars(rename = "Erlang", deny_unknown_fields)]
pub(super) struct ErlangSchema {
    #[schemars(range(min = 1))]
    k: u32,
    mean: DurationSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "ShapeScale", untagged, deny_unknown_fields)]
pub(super) enum ShapeScaleSchema {
    Moments { mean: DurationSchema, scv: f64 },
    Parameters { shape: f64, scale: DurationSchema },
}

#[derive(JsonSchema)]
#[schemars(rename = "Hyperexponential", untagged, deny_unknown_fields)]
pub(super) enum HyperexponentialSchema {
    Moments { mean: DurationSchema, scv: f64 },
    Parameters { probabilities: Vec<ProbabilitySchema>, means: Vec<DurationSchema> },
}

#[derive(JsonSchema)]
#[schemars(rename = "Coxian", untagged, deny_unknown_fields)]
pub(super) enum CoxianSchema {
    Moments { mean: DurationSchema, scv: f64 },
    Parameters { rates: Vec<RateSchema>, r#continue: Vec<ProbabilitySchema> },
}

#[derive(JsonSchema)]
#[schemars(rename = "PhaseType", deny_unknown_fields)]
pub(super) struct PhaseTypeSchema {
    /// Start distribution.
    alpha: Vec<ProbabilitySchema>,
    /// Rates between phases; negative diagonal.
    t: Vec<Vec<RateSchema>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Lognormal", untagged, deny_unknown_fields)]
pub(super) enum LognormalSchema {
    Moments { mean: DurationSchema, scv: f64 },
    Parameters { mu: f64, sigma: f64 },
}

#[derive(JsonSchema)]
#[schemars(rename = "Pareto", untagged, deny_unknown_fields)]
pub(super) enum ParetoSchema {
    Parameters { minimum: DurationSchema, alpha: f64 },
    Moments { mean: DurationSchema, scv: f64 },
}

#[derive(JsonSchema)]
#[schemars(rename = "BoundedPareto", deny_unknown_fields)]
pub(super) struct BoundedParetoSchema {
    low: DurationSchema,
    high: DurationSchema,
    alpha: f64,
}

#[derive(JsonSchema)]
#[schemars(rename = "Span", deny_unknown_fields)]
pub(super) struct SpanSchema {
    low: DurationSchema,
    high: DurationSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "Triangular", deny_unknown_fields)]
pub(super) struct TriangularSchema {
    low: DurationSchema,
    mode: DurationSchema,
    high: DurationSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "TruncatedNormal", deny_unknown_fields)]
pub(super) struct TruncatedNormalSchema {
    mean: DurationSchema,
    sd: DurationSchema,
    /// 0 by default.
    low: Option<DurationSchema>,
    /// No limit by default.
    high: Option<DurationSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Part", deny_unknown_fields)]
pub(super) struct PartSchema {
    weight: f64,
    of: TimeSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "Shifted", deny_unknown_fields)]
pub(super) struct ShiftedSchema {
    by: DurationSchema,
    of: TimeSchema,
}

#[derive(JsonSchema)]
#[schemars(rename = "Empirical", untagged, deny_unknown_fields)]
pub(super) enum EmpiricalSchema {
    Values { values: Vec<DurationSchema> },
    File { file: String, column: Option<ColumnSchema>, unit: Option<TimeUnitSchema> },
}

#[derive(JsonSchema)]
#[schemars(rename = "Histogram", untagged, deny_unknown_fields)]
pub(super) enum HistogramSchema {
    Values {
        /// Bounds of the bins, one more than counts.
        edges: Vec<DurationSchema>,
        /// How many in each bin.
        counts: Vec<f64>,
    },
    File {
        file: String,
        /// Column of the bounds.
        edge_column: ColumnSchema,
        /// Column of the counts; that of the last row is ignored.
        count_column: ColumnSchema,
        unit: Option<TimeUnitSchema>,
    },
}

/// A whole number >= 1: constant, or drawn from a law.
#[derive(JsonSchema)]
#[schemars(rename = "Count", untagged)]
pub(super) enum CountSchema {
    Constant(#[schemars(range(min = 1))] u32),
    Drawn(CountLawSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "CountLaw", rename_all = "snake_case")]
pub(super) enum CountLawSchema {
    /// Geometric on 1, 2, ...
    Geometric(CountMeanSchema),
    /// 1 + a Poisson number.
    Poisson(CountMeanSchema),
    /// Each whole number of a range.
    Uniform(CountRangeSchema),
    /// Given values by weight.
    Choice(CountChoiceSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "CountMean", deny_unknown_fields)]
pub(super) struct CountMeanSchema {
    #[schemars(range(min = 1.0))]
    mean: f64,
}

#[derive(JsonSchema)]
#[schemars(rename = "CountRange", deny_unknown_fields)]
pub(super) struct CountRangeSchema {
    #[schemars(range(min = 1))]
    low: u32,
    high: u32,
}

#[derive(JsonSchema)]
#[schemars(rename = "CountChoice", deny_unknown_fields)]
pub(super) struct CountChoiceSchema {
    values: Vec<u32>,
    weights: Vec<f64>,
}

/// Header of a column, or its number counted from 1; not needed if there is only one.
#[derive(JsonSchema)]
#[schemars(rename = "Column", untagged)]
pub(super) enum ColumnSchema {
    Name(String),
    Number(#[schemars(range(min = 1))] u32),
}

#[derive(JsonSchema)]
#[schemars(rename = "TimeUnit", rename_all = "lowercase")]
pub(super) enum TimeUnitSchema {
    Ns,
    Us,
    Ms,
    S,
}
