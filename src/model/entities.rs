//! The names that a model has, and quantities and demands as a person writes them against it: what is left out
//! is filled in, what is misspelt is corrected.

use super::file::reader::listed;
use super::file::suggest::nearest;
use super::{Model, State};
use crate::diag::Diagnostic;
use crate::row::{Demand, Metric, Quantity, QuantityError, Row, Scope, Written};
use std::collections::BTreeSet;

/// The names that a quantity may begin with, and what is meant where it begins with none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entities {
    /// Queues with consumers: one of them is meant where no name is written.
    pub(super) served: Vec<String>,
    /// Every other name.
    pub(super) others: Vec<String>,
    /// Message classes; `None` where they are not known.
    pub(super) classes: Option<Vec<String>>,
}

/// Why a text names no quantity of a model, and what would help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}{help}", if .help.is_empty() { "" } else { "; " })]
pub struct Misnamed {
    /// What is wrong.
    pub message: String,
    /// What to write; may be empty.
    pub help: String,
}

impl Misnamed {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Misnamed {
        Misnamed { message: message.into(), help: help.into() }
    }

    /// Said at a place of a text.
    pub(crate) fn at(self, code: &'static str, place: std::ops::Range<usize>) -> Diagnostic {
        let found = Diagnostic::error(code, self.message, place, "");
        if self.help.is_empty() { found } else { found.help(self.help) }
    }

    /// An unknown name, with the nearest that is known, or all of them.
    fn unknown(message: String, name: &str, known: &[&str]) -> Misnamed {
        let near = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        Misnamed { message, help: near.unwrap_or_else(|| listed("the only one is", "known are", known)) }
    }
}

impl From<QuantityError> for Misnamed {
    fn from(error: QuantityError) -> Self {
        match error {
            QuantityError::UnknownMetric(name) => {
                Misnamed::unknown(format!("`{name}` is no metric"), &name, &Metric::names().collect::<Vec<_>>())
            }
            QuantityError::UnknownStatistic(name) => {
                let known = "known are `mean`, `variance`, `max`, `count`, `fraction` and quantiles such as `p99.9`";
                Misnamed::new(format!("`{name}` is no statistic"), known)
            }
            QuantityError::Wrong(why) => Misnamed::new(why, ""),
        }
    }
}

const SYSTEM: &str = "system";

impl Entities {
    /// Queues, consumers and producers of a model, and `system`.
    pub fn of(model: &Model) -> Entities {
        let is_served = |i: &usize| model.consumers.iter().any(|c| c.queue.0 as usize == *i);
        let (served, idle): (Vec<usize>, Vec<usize>) = (0..model.queues.len()).partition(is_served);
        let queues = |which: Vec<usize>| which.into_iter().map(|i| model.queues[i].name.clone());
        let consumers = model.consumers.iter().map(|c| c.name.clone());
        let producers = model.producers.iter().map(|p| p.name.clone());
        let others = queues(idle).chain(consumers).chain(producers).chain([SYSTEM.to_string()]).collect();
        Entities { served: queues(served).collect(), others, classes: Some(model.classes.clone()) }
    }

    /// The names in the rows of a result; what is busy at a queue are its consumers.
    pub fn of_rows(rows: &[Row]) -> Entities {
        let is_served = |row: &&Row| row.scope == Scope::Queue && row.metric == Metric::Utilization;
        let served: BTreeSet<String> = rows.iter().filter(is_served).map(|row| row.name.clone()).collect();
        let others: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
        let others = others.difference(&served).cloned().collect();
        Entities { served: served.into_iter().collect(), others, classes: None }
    }

    /// A single station without a model; its name may be empty.
    pub fn station(name: &str) -> Entities {
        Entities { served: vec![name.to_string()], ..Entities::default() }
    }

    /// The quantity that a text names. A name that is left out is the only queue with consumers, or the system
    /// for what only the system has; what has a single statistic needs none.
    ///
    /// # Errors
    ///
    /// An unknown name, class, metric or statistic.
    ///
    /// ```
    /// use lindley::model::Entities;
    /// let read = |text: &str| Entities::station("orders").quantity(text);
    /// assert_eq!(read("wait.p99").unwrap().to_string(), "orders.wait.p99");
    /// assert_eq!(read("prob(wait > 50ms)").unwrap().to_string(), "orders.prob(wait > 50ms)");
    /// assert!(read("orders.wiat.p99").unwrap_err().help.contains("did you mean `wait`?"));
    /// ```
    pub fn quantity(&self, text: &str) -> Result<Quantity, Misnamed> {
        self.complete(Written::parse(text)?)
    }

    /// The demand that an inequality makes. `prob(X <= t) > a` is read as `prob(X > t) < 1 - a`.
    ///
    /// # Errors
    ///
    /// An unknown name, class, metric or statistic, a unit that does not fit, a number out of range.
    ///
    /// ```
    /// use lindley::model::Entities;
    /// let read = |text: &str| Entities::station("orders").demand(text);
    /// assert_eq!(read("wait.p99 < 1s").unwrap().to_string(), "orders.wait.p99 < 1s");
    /// assert_eq!(read("prob(wait > 50ms) <= 5%").unwrap().to_string(), "orders.prob(wait > 50ms) <= 0.05");
    /// assert!(read("wait.p99 < 5%").unwrap_err().to_string().contains("unit"));
    /// ```
    pub fn demand(&self, text: &str) -> Result<Demand, Misnamed> {
        let demand = Demand::written(text.trim(), |written| self.complete(written));
        demand.map_err(|why| Misnamed { message: format!("target `{}`: {}", text.trim(), why.message), ..why })
    }

    fn complete(&self, mut written: Written) -> Result<Quantity, Misnamed> {
        let known: Vec<&str> = self.served.iter().chain(&self.others).map(String::as_str).collect();
        if written.name.is_empty() {
            written.name = self.meant(&written.metric)?;
        } else if !known.contains(&written.name.as_str()) {
            let message = format!("`{}` is no queue, consumer or producer, and not `system`", written.name);
            return Err(Misnamed::unknown(message, &written.name, &known));
        }
        if let (Some(class), Some(classes)) = (&written.class, &self.classes)
            && !classes.contains(class)
        {
            let known: Vec<&str> = classes.iter().map(String::as_str).collect();
            return Err(Misnamed::unknown(format!("nobody publishes messages of class `{class}`"), class, &known));
        }
        if let Metric::Outcome(outcome) = &written.metric {
            known_outcome(outcome)?;
        }
        Ok(written.quantity()?)
    }

    /// What is meant where no name is written.
    fn meant(&self, metric: &Metric) -> Result<String, Misnamed> {
        let of_system = matches!(metric, Metric::Goodput | Metric::Reliability | Metric::Outcome(_));
        if of_system && self.others.iter().any(|name| name == SYSTEM) {
            return Ok(SYSTEM.to_string());
        }
        match &self.served[..] {
            [only] => Ok(only.clone()),
            [] => Err(Misnamed::new("no queue has consumers", "write a name first, as `system.sojourn.p99`")),
            several => {
                let written: Vec<String> = several.iter().map(|name| format!("`{name}.{metric}`")).collect();
                Err(Misnamed::new("several queues have consumers", format!("say which: {}", written.join(", "))))
            }
        }
    }
}

fn known_outcome(outcome: &str) -> Result<(), Misnamed> {
    let known = State::ALL.iter().filter(|s| s.is_final()).map(|s| s.name()).chain(["in_flight"]);
    let known: Vec<&str> = known.collect();
    if known.contains(&outcome) {
        return Ok(());
    }
    Err(Misnamed::unknown(format!("`{outcome}` is no outcome"), outcome, &known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Inequality, Statistic};

    fn read(text: &str) -> Result<Demand, Misnamed> {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (served, others) = (names(&["a", "wait"]), names(&["system", "workers"]));
        Entities { served, others, classes: Some(names(&["paid", "order.refund"])) }.demand(text)
    }

    #[test]
    fn what_is_written_comes_back_in_full() {
        for (text, shown) in [
            ("a.sojourn.p99.9 <= 500 ms", "a.sojourn.p99.9 <= 500ms"),
            ("a[paid].sojourn.p99 < 1s", "a[paid].sojourn.p99 < 1s"),
            ("wait.wait.mean<2ms", "wait.wait.mean < 2ms"),
            ("a.utilization < 80%", "a.utilization.mean < 0.8"),
            ("a.prob_loss < 1e-7", "a.prob_loss.fraction < 1e-7"),
            ("goodput ≥ 6000/min", "system.goodput.mean >= 100/s"),
            ("P(a.sojourn <= 1s) >= 99%", "a.prob(sojourn > 1s) <= 0.01"),
            ("a[order.refund].prob(wait > 50ms) < 5%", "a[order.refund].prob(wait > 50ms) < 0.05"),
            ("prob(a.in_system >= 3) < 5%", "a.prob(in_system > 2) < 0.05"),
            ("outcome.expired < 1%", "system.outcome.expired.fraction < 0.01"),
            ("workers.utilization.mean > 0.2", "workers.utilization.mean > 0.2"),
            ("consumer:workers.utilization > 0.2", "consumer:workers.utilization.mean > 0.2"),
        ] {
            assert_eq!(read(text).map(|t| t.to_string()), Ok(shown.to_string()));
            assert_eq!(read(shown), read(text));
        }
    }

    #[test]
    fn a_probability_is_a_quantile() {
        let demand = read("prob(a.wait > 40ms) < 0.05").unwrap();
        assert!(demand.holds(0.049) && !demand.holds(0.05));
        let quantile = demand.as_quantile().unwrap();
        assert_eq!((quantile.quantity.statistic, quantile.bound), (Statistic::Quantile(0.95), 0.04));
        assert_eq!(read("prob(a.wait > 1s) >= 0.2").unwrap().inequality, Inequality::AtLeast);
    }

    #[test]
    fn nonsense_is_named() {
        for (text, why) in [
            ("a.wait.p99", "write an inequality"),
            ("a.wait.p99 <", "nothing stands"),
            ("a.wait < 1s", "say which"),
            ("sojourn.p99 < 1s", "several queues have consumers; say which: `a.sojourn`, `wait.sojourn`"),
            ("b.wait.p99 < 1s", "is no queue"),
            ("a[piad].wait.p99 < 1s", "did you mean `paid`?"),
            ("a.wiat.p99 < 1s", "did you mean `wait`?"),
            ("a.wait.p100 < 1s", "is no statistic"),
            ("a.wait.fraction < 1", "is a time and has no `fraction`"),
            ("a.wait.p99 < 40/s", "is a rate, a duration is wanted"),
            ("a.wait.p99 < -1s", "negative"),
            ("a.wait.p99 < NaN", "does not start with a number"),
            ("a.prob_loss < nan", "no plain number"),
            ("a.utilization < 80", "never above 1"),
            ("a.utilization.p99 < 80%", "only `mean`"),
            ("1s < a.wait.p99 < 2s", "one sign"),
            ("prob(a.wait > 1s) < 1.5", "between 0 and 1"),
            ("prob(a.wait > 1s < 0.5", "not closed"),
            ("prob(a.prob_wait > 1) < 0.5", "stands a time"),
            ("goodput > 5ms", "a rate is wanted"),
            ("outcome.eaten < 1%", "no outcome"),
        ] {
            let said = read(text).expect_err(text).to_string();
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn contradictions_are_seen_and_ranges_are_not() {
        let clash = |texts: &[&str]| {
            Demand::contradiction(&texts.iter().map(|t| read(t).unwrap()).collect::<Vec<_>>()).is_some()
        };
        assert!(clash(&["a.wait.p99 < 1s", "a.wait.p99 > 2s"]));
        assert!(clash(&["a.wait.p99 < 1s", "a.wait.p99 >= 1s"]));
        assert!(clash(&["prob(a.wait > 1s) < 1%", "a.wait.p90 > 2s"]));
        assert!(!clash(&["a.wait.p99 <= 1s", "a.wait.p99 >= 1s"]));
        assert!(!clash(&["a.wait.p90 < 1s", "a.wait.p99 > 2s"]));
        assert!(!clash(&["a.wait.p99 < 1s", "wait.wait.p99 > 2s"]));
        assert!(!clash(&["a.wait.p99 < 1s", "a[paid].wait.p99 > 2s"]));
    }
}
