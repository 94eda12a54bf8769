//! Points: one setting of a model among several (of a sweep, of a search), and how it went. Pure data.

use crate::units::{Unit, parse_duration, parse_rate};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One value put into the text of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Setting {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// The value as it stands in the text: number, text or flag.
    pub value: serde_json::Value,
}

impl Setting {
    /// The value as a person writes it: texts without quotes.
    pub fn text(&self) -> Cow<'_, str> {
        self.value.as_str().map_or_else(|| self.value.to_string().into(), Cow::Borrowed)
    }

    /// The value as a number, and its unit where it has one: a duration, a rate, or a plain number.
    ///
    /// ```
    /// use lindley::{experiment::Setting, units::Unit};
    /// let of = |value: serde_json::Value| Setting { path: "p".into(), value }.number();
    /// assert_eq!(of("120/min".into()), Some((2.0, Some(Unit::PerSecond))));
    /// assert_eq!(of("40ms".into()), Some((0.04, Some(Unit::Seconds))));
    /// assert_eq!((of(3.into()), of("drop-head".into())), (Some((3.0, None)), None));
    /// ```
    pub fn number(&self) -> Option<(f64, Option<Unit>)> {
        if let Some(number) = self.value.as_f64() {
            return Some((number, None));
        }
        let text = self.value.as_str()?;
        let duration = parse_duration(text).ok().map(|value| (value, Some(Unit::Seconds)));
        duration.or_else(|| parse_rate(text).ok().map(|value| (value, Some(Unit::PerSecond))))
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {}", self.path, self.text())
    }
}

impl Point {
    /// What was set at a path.
    pub fn setting(&self, path: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.path == path)
    }
}

/// Every path that some point sets, in order of first mention.
pub fn paths<'p>(points: impl IntoIterator<Item = &'p Point>) -> Vec<&'p str> {
    let mut paths: Vec<&str> = Vec::new();
    for setting in points.into_iter().flat_map(|point| &point.settings) {
        if !paths.contains(&setting.path.as_str()) {
            paths.push(&setting.path);
        }
    }
    paths
}

/// The unit of a path where its values are numbers in one unit; a plain number takes that of the others.
pub fn common_unit<'p>(points: impl IntoIterator<Item = &'p Point>, path: &str) -> Option<Unit> {
    let settings = points.into_iter().filter_map(|point| point.setting(path));
    let numbers: Vec<(f64, Option<Unit>)> = settings.map(Setting::number).collect::<Option<_>>()?;
    let mut units = numbers.iter().filter_map(|number| number.1);
    let unit = units.next().unwrap_or(Unit::One);
    units.all(|other| other == unit).then_some(unit)
}

/// One setting of the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// What to know about a point, as data; report says it in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Remark {
    /// More work arrives than can be done: why.
    NoSteadyState(String),
    /// It is run all the same, without a warm-up.
    RunWithoutWarmup,
    /// The wished precision was not reached with so many replications.
    PrecisionNotReached(u32),
    /// One side of a comparison: a model, and the file that it stands in.
    Side {
        /// Name of the model.
        model: String,
        /// Its file.
        file: String,
    },
    /// The difference of the two sides of a comparison.
    Difference,
    /// The model as it stands, beside which parameters are moved.
    AsItStands,
    /// One parameter is moved, all else stands.
    Moved,
}

/// How a point went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answer {
    /// What was asked.
    pub question: String,
    /// The answer in one sentence, with its numbers.
    pub headline: String,
    /// What supports it, a sentence each.
    pub details: Vec<String>,
}
