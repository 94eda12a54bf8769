//! The schema of `[[sweep]]` blocks.

use std::collections::BTreeMap;

described! {
    /// A block of points at which the model is run: the grid of its axes, crossed with its groups in
    /// lockstep and its joint draws.
    table SweepBlockSchema = "SweepBlock" {
        /// Name, for the tables.
        name: Option<String>,
        /// Replications at each point; those of the model by default.
        #[schemars(range(min = 1))]
        replications: Option<u32>,
        /// Master seed; that of the model by default.
        seed: Option<u64>,
        /// Whether points share their random streams; `common` by default.
        seeds: Option<SeedsSchema>,
        /// More points are refused; 5000 by default.
        #[schemars(range(min = 1))]
        max_points: Option<u32>,
        /// What to do with points without a steady state; `mark` by default.
        on_unstable: Option<OnUnstableSchema>,
        /// Axes, by path of the model.
        grid: Option<BTreeMap<String, AxisSchema>>,
        /// Groups of axes in lockstep, by name; each is one axis of the grid.
        zip: Option<BTreeMap<String, BTreeMap<String, AxisSchema>>>,
        sample: Option<SampleSchema>,
    }

    words SeedsSchema = "Seeds" {
        /// The same streams at every point: differences between points are sharp.
        Common,
        /// Streams of its own at each point.
        Independent,
    }

    words OnUnstableSchema = "OnUnstable" {
        /// Stands in the tables without numbers.
        Mark,
        /// Is run without a warm-up.
        Run,
        /// Is left out.
        Skip,
    }

    /// The values of an axis: a list, or a spacing.
    either AxisSchema = "Axis" {
        Plain(#[schemars(length(min = 1))] Vec<serde_json::Value>),
        Spacing(SpacingSchema),
    }

    words SpacingSchema = "Spacing" {
        /// `[start, stop, step]`, the stop included; whole numbers stay whole.
        Range(#[schemars(length(min = 2, max = 3))] Vec<NumberSchema>),
        /// `[start, stop, count]`.
        Linspace(#[schemars(length(min = 3, max = 3))] Vec<NumberSchema>),
        /// `[start, stop, count]`, at equal ratios.
        Logspace(#[schemars(length(min = 3, max = 3))] Vec<NumberSchema>),
        /// One by one.
        Values(#[schemars(length(min = 1))] Vec<serde_json::Value>),
    }

    /// A number, or a text with a unit such as `10ms` or `120/s`.
    either NumberSchema = "Number" {
        Number(f64),
        Text(String),
    }

    /// Joint draws of parameters.
    table SampleSchema = "Sample" {
        method: MethodSchema,
        /// Draws; at most 65536 with `sobol`.
        #[schemars(range(min = 1))]
        n: u64,
        /// Laws, by path of the model; at most 256 with `sobol`.
        params: BTreeMap<String, DrawSchema>,
    }

    words MethodSchema = "Method" {
        /// Independent draws.
        Random,
        /// Latin hypercube.
        Lhs,
        /// Scrambled Sobol sequence.
        Sobol,
    }

    words DrawSchema = "Draw" {
        /// Between two numbers.
        Uniform(#[schemars(length(min = 2, max = 2))] Vec<NumberSchema>),
        /// The logarithm is uniform.
        Loguniform(#[schemars(length(min = 2, max = 2))] Vec<NumberSchema>),
        /// Whole numbers, both ends included.
        Integers(#[schemars(length(min = 2, max = 2))] Vec<i64>),
        /// One of these.
        Choice(#[schemars(length(min = 1))] Vec<serde_json::Value>),
    }
}
