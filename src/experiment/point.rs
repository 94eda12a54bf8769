//! Points: one setting of a model among several (of a sweep, of a search), and how it went. Pure data.

use crate::row::{Demand, Metric, Row, Source, Statistic};
use crate::units::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One value put into the text of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// The value as it stands in the text: number, text or flag.
    pub value: serde_json::Value,
}

impl Setting {
    /// `consumers.workers.servers = 5`; texts without quotes.
    pub fn told(&self) -> String {
        match self.value.as_str() {
            Some(text) => format!("{} = {text}", self.path),
            None => format!("{} = {}", self.path, self.value),
        }
    }
}

/// One setting of the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// Short hash of the resolved model: the same settings have the same id, whatever their place.
    /// The `point` of rows.
    pub id: String,
    /// Place in the order of the study, from 0.
    pub index: u32,
    /// Block of the study, or what the point was tried for.
    pub block: String,
    /// What was set.
    pub settings: Vec<Setting>,
    /// How it went.
    pub status: Status,
    /// Why it has no numbers, or what to know about them.
    pub message: Option<String>,
}

/// How a point went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was run.
    Ok,
    /// It has no steady state: more work arrives than can be done.
    Unstable,
    /// It could not be run.
    Failed,
}

/// The question of a command and its answer, for people.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// What was asked.
    pub question: String,
    /// The answer in one sentence, with its numbers.
    pub headline: String,
    /// What supports it, a sentence each.
    pub details: Vec<String>,
}

/// What `[targets]` demands of one quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Goal {
    /// Queue, consumer, producer or `system`.
    pub name: String,
    /// Message class, or null for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Which metric.
    pub metric: Metric,
    /// Which statistic.
    pub statistic: Statistic,
    /// Whether the number must stay below `value`; else above.
    pub at_most: bool,
    /// Whether the limit itself is already on the bad side.
    pub strict: bool,
    /// The limit.
    pub value: f64,
    /// Unit of the limit.
    pub unit: Unit,
    /// The demand as it was written, where it bounds a probability: the goal says the same of a quantile.
    pub asked: Option<String>,
}

impl Goal {
    /// The goal of a target.
    pub fn of(target: &Demand) -> Goal {
        let goal = target.without_level();
        let asked = (goal != *target).then(|| target.to_string());
        let Demand { quantity, inequality, bound } = goal;
        Goal {
            at_most: inequality.is_upper(),
            strict: inequality.is_strict(),
            value: bound,
            unit: quantity.unit(),
            name: quantity.name,
            class: quantity.class,
            metric: quantity.metric,
            statistic: quantity.statistic,
            asked,
        }
    }

    /// `<`, `≤`, `>` or `≥`.
    pub fn sign(&self) -> &'static str {
        match (self.at_most, self.strict) {
            (true, true) => "<",
            (true, false) => "≤",
            (false, true) => ">",
            (false, false) => "≥",
        }
    }

    /// Whether a row is the simulated number that the goal speaks of.
    pub fn speaks_of(&self, row: &Row) -> bool {
        row.source == Source::Simulation
            && row.class == self.class
            && row.name == self.name
            && row.metric == self.metric
            && row.statistic == self.statistic
    }

    /// Whether a value is on the good side of the limit.
    pub fn is_met_by(&self, value: f64) -> bool {
        match (self.at_most, self.strict) {
            (true, true) => value < self.value,
            (true, false) => value <= self.value,
            (false, true) => value > self.value,
            (false, false) => value >= self.value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entities;

    fn goal(text: &str) -> Goal {
        Goal::of(&Entities::station("orders").demand(text).expect("it is a target"))
    }

    #[test]
    fn goals_know_on_which_side_the_limit_lies() {
        for (text, sign, met) in
            [("< 1s", "<", false), ("<= 1s", "≤", true), ("> 1s", ">", false), (">= 1s", "≥", true)]
        {
            let goal = goal(&format!("wait.mean {text}"));
            assert_eq!((goal.sign(), goal.is_met_by(1.0)), (sign, met));
        }
    }

    #[test]
    fn a_probability_is_a_goal_for_a_quantile() {
        let goal = goal("prob(wait > 50ms) < 5%");
        assert_eq!((goal.statistic, goal.value), (Statistic::Quantile(0.95), 0.05));
        assert_eq!(goal.asked.as_deref(), Some("orders.prob(wait > 50ms) < 0.05"));
        assert!(goal.is_met_by(0.049) && !goal.is_met_by(0.05));
    }
}
