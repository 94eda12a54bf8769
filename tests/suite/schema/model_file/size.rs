//! The schema of `[size]`.

use super::law::ProbabilitySchema;

described! {
    /// Which is the smallest (or the cheapest) system that meets the targets? `lindley size` answers.
    table SizeSchema = "Size" {
        /// Inequalities, as `orders.wait.p99 < 1s` or `prob(orders.wait > 50ms) < 5%`; without them those of `[targets]`.
        targets: Option<TextsSchema>,
        /// Parameters with their ranges, as `consumers.workers.servers=1:200`.
        vary: Option<TextsSchema>,
        /// Look for the largest value instead of the smallest.
        largest: Option<bool>,
        /// What the system costs, as `workers*0.12/h`.
        cost: Option<TextsSchema>,
        /// The targets must hold with one server fewer: of any pool (`true`), or of the consumer of that name.
        n_minus_1: Option<OneDownSchema>,
        /// The targets must hold with more load: `2x`, `web=2x`, `3x:30s`.
        burst: Option<TextsSchema>,
        /// Confidence of each decision; that of `[run]` by default.
        confidence: Option<ProbabilitySchema>,
        /// Most replications spent on one candidate.
        #[schemars(range(min = 2))]
        max_replications: Option<u32>,
        /// The front of cost against the first target is wanted.
        front: Option<bool>,
    }

    /// A text or several.
    either TextsSchema = "Texts" {
        One(String),
        Many(Vec<String>),
    }

    /// Any pool, or the consumer of that name.
    either OneDownSchema = "OneDown" {
        Any(bool),
        Of(String),
    }
}
