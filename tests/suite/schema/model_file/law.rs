//! The schema of quantities with units, of distributions and of columns in data files.

described! {
    /// A time with its unit, such as `40ms`, `1.5s`, `2 min`; a bare number is seconds.
    either DurationSchema = "Duration" {
        Text(String),
        Seconds(f64),
    }

    /// A rate with its unit, such as `120/s`, `90/min`; a bare number is per second.
    either RateSchema = "Rate" {
        Text(String),
        PerSecond(f64),
    }

    /// A number from 0 to 1, or a percentage such as `2%`.
    either ProbabilitySchema = "Probability" {
        Percent(String),
        Number(f64),
    }

    /// A time: constant, or drawn from a law.
    either TimeSchema = "Time" {
        Constant(DurationSchema),
        Drawn(Box<LawSchema>),
    }

    /// A distribution of times. scv is the squared coefficient of variation.
    choice LawSchema = "Law" {
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

    table ConstantSchema = "Constant" {
        value: DurationSchema,
    }

    forms ExponentialSchema = "Exponential" {
        Mean { mean: DurationSchema },
        Rate { rate: RateSchema },
    }

    table ErlangSchema = "Erlang" {
        #[schemars(range(min = 1))]
        k: u32,
        mean: DurationSchema,
    }

    forms ShapeScaleSchema = "ShapeScale" {
        Moments { mean: DurationSchema, scv: f64 },
        Parameters { shape: f64, scale: DurationSchema },
    }

    forms HyperexponentialSchema = "Hyperexponential" {
        Moments { mean: DurationSchema, scv: f64 },
        Parameters { probabilities: Vec<ProbabilitySchema>, means: Vec<DurationSchema> },
    }

    forms CoxianSchema = "Coxian" {
        Moments { mean: DurationSchema, scv: f64 },
        Parameters { rates: Vec<RateSchema>, r#continue: Vec<ProbabilitySchema> },
    }

    table PhaseTypeSchema = "PhaseType" {
        /// Start distribution.
        alpha: Vec<ProbabilitySchema>,
        /// Rates between phases; negative diagonal.
        t: Vec<Vec<RateSchema>>,
    }

    forms LognormalSchema = "Lognormal" {
        Moments { mean: DurationSchema, scv: f64 },
        Parameters { mu: f64, sigma: f64 },
    }

    forms ParetoSchema = "Pareto" {
        Parameters { minimum: DurationSchema, alpha: f64 },
        Moments { mean: DurationSchema, scv: f64 },
    }

    table BoundedParetoSchema = "BoundedPareto" {
        low: DurationSchema,
        high: DurationSchema,
        alpha: f64,
    }

    table SpanSchema = "Span" {
        low: DurationSchema,
        high: DurationSchema,
    }

    table TriangularSchema = "Triangular" {
        low: DurationSchema,
        mode: DurationSchema,
        high: DurationSchema,
    }

    table TruncatedNormalSchema = "TruncatedNormal" {
        mean: DurationSchema,
        sd: DurationSchema,
        /// 0 by default.
        low: Option<DurationSchema>,
        /// No limit by default.
        high: Option<DurationSchema>,
    }

    table PartSchema = "Part" {
        weight: f64,
        of: TimeSchema,
    }

    table ShiftedSchema = "Shifted" {
        by: DurationSchema,
        of: TimeSchema,
    }

    forms EmpiricalSchema = "Empirical" {
        Values { values: Vec<DurationSchema> },
        File { file: String, column: Option<ColumnSchema>, unit: Option<TimeUnitSchema> },
    }

    forms HistogramSchema = "Histogram" {
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
    either CountSchema = "Count" {
        Constant(#[schemars(range(min = 1))] u32),
        Drawn(CountLawSchema),
    }

    choice CountLawSchema = "CountLaw" {
        /// Geometric on 1, 2, ...
        Geometric(CountMeanSchema),
        /// 1 + a Poisson number.
        Poisson(CountMeanSchema),
        /// Each whole number of a range.
        Uniform(CountRangeSchema),
        /// Given values by weight.
        Choice(CountChoiceSchema),
    }

    table CountMeanSchema = "CountMean" {
        #[schemars(range(min = 1.0))]
        mean: f64,
    }

    table CountRangeSchema = "CountRange" {
        #[schemars(range(min = 1))]
        low: u32,
        high: u32,
    }

    table CountChoiceSchema = "CountChoice" {
        values: Vec<u32>,
        weights: Vec<f64>,
    }

    /// Header of a column, or its number counted from 1; not needed if there is only one.
    either ColumnSchema = "Column" {
        Name(String),
        Number(#[schemars(range(min = 1))] u32),
    }

    words TimeUnitSchema = "TimeUnit" {
        Ns,
        Us,
        Ms,
        S,
    }
}
