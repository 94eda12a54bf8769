//! Which of several models is best, as pure data.

use crate::experiment::estimate::Interval;
use crate::row::{NoValue, Quantity};
use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// Which of several models is best by one quantity, as far as their replications tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ranking {
    /// The quantity by which they are ranked.
    pub quantity: Quantity,
    /// Unit of the values.
    pub unit: Unit,
    /// Whether larger is better (throughput, reliability) or smaller (times, losses).
    pub larger_is_better: bool,
    /// Every model, in the order of `sides`.
    pub ranked: Vec<Ranked>,
    /// Label of the best; null where it cannot be told.
    pub best: Option<String>,
    /// Label of the model with the best value; null where one has none.
    pub leading: Option<String>,
    /// Replications that would be enough to tell the leading one from the rest, if the values stay what they are; null where
    /// the best is told, or no number is predicted to be enough.
    pub needed_replications: Option<u64>,
}

/// One of several models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ranked {
    /// Its label.
    pub side: String,
    /// Its value; null without data.
    pub value: Option<f64>,
    /// Its value minus the best of the others' values, with the interval; null where a value is missing.
    pub from_best: Option<Interval>,
    /// Whether it is the best.
    pub rank: Rank,
    /// Why it has no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<NoValue>,
}

/// Where a model stands among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Better than every other.
    Best,
    /// It cannot be told from the best.
    Open,
    /// Another one is better.
    Beaten,
}

impl Ranking {
    /// Those that cannot be told from the best.
    pub fn open(&self) -> impl Iterator<Item = &Ranked> {
        self.ranked.iter().filter(|ranked| ranked.rank == Rank::Open)
    }
}
