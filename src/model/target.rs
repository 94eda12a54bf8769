//! Targets as inequalities: `orders.sojourn.p99 < 500ms`, `prob(wait > 50ms) < 5%`. Knows what a metric
//! is and which names a model has; judges no number.

use super::file::suggest::nearest;
use super::run::{Bound, Quantity, Tail, Target};
use super::{Model, State};
use crate::row::{Metric, Statistic};
use crate::units::{Unit, format_quantity, parse_duration, parse_rate};
use std::fmt;

/// The names that a target may begin with, and what is meant where it begins with none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entities {
    /// Queues with consumers: one of them is meant where no name is written.
    served: Vec<String>,
    /// Every other name.
    others: Vec<String>,
}

impl Entities {
    /// Queues, consumers and producers of a model, and `system`.
    pub fn of(model: &Model) -> Entities {
        let serving: Vec<usize> = model.consumers.iter().map(|c| c.queue.0 as usize).collect();
        let is_served = |i: &usize| serving.contains(i);
        let queues = |served: bool| {
            let which = (0..model.queues.len()).filter(move |i| is_served(i) == served);
            which.map(|i| model.queues[i].name.clone()).collect::<Vec<_>>()
        };
        let consumers = model.consumers.iter().map(|c| c.name.clone());
        let producers = model.producers.iter().map(|p| p.name.clone());
        let others = queues(false).into_iter().chain(consumers).chain(producers).chain([SYSTEM.to_string()]);
        Entities { others: others.collect(), served: queues(true) }
    }

    /// A single station without a model; its name may be empty.
    pub fn station(name: &str) -> Entities {
        Entities { served: vec![name.to_string()], others: Vec::new() }
    }

    /// Every name.
    pub fn names(&self) -> Vec<&str> {
        self.served.iter().chain(&self.others).map(String::as_str).collect()
    }

    /// What is meant where no name is written.
    fn meant(&self, metric: &Metric) -> Result<String, String> {
        if of_system(metric) && self.others.iter().any(|name| name == SYSTEM) {
            return Ok(SYSTEM.to_string());
        }
        match &self.served[..] {
            [only] => Ok(only.clone()),
            [] => Err("no queue has consumers: write a name first, as `system.sojourn.p99`".to_string()),
            several => {
                let written: Vec<String> = several.iter().map(|name| format!("`{name}.{metric}`")).collect();
                Err(format!("several queues have consumers; say which: {}", written.join(", ")))
            }
        }
    }
}

const SYSTEM: &str = "system";

/// Metrics that a simulation gives for the system as a whole only.
fn of_system(metric: &Metric) -> bool {
    matches!(metric, Metric::Goodput | Metric::Reliability | Metric::Outcome(_))
}

impl Target {
    /// Reads an inequality, or says in words what is wrong with it.
    ///
    /// A name that is left out is the only queue with consumers; a share needs no statistic. `prob(X > t) < a`
    /// is the same demand as a bound of `t` on the quantile of X at 1 - a.
    ///
    /// # Errors
    ///
    /// An unknown name, metric or statistic, a unit that does not fit, a number out of range.
    ///
    /// ```
    /// use lindley::model::{Entities, Target};
    /// let read = |text: &str| Target::parse(text, &Entities::station("orders"));
    /// assert_eq!(read("wait.p99 < 1s").unwrap().to_string(), "orders.wait.p99 < 1.000 s");
    /// assert_eq!(read("prob(wait > 50ms) <= 5%").unwrap().to_string(), "P(orders.wait > 50.00 ms) <= 0.05000");
    /// assert!(read("wait.p99 < 5%").unwrap_err().contains("unit"));
    /// assert!(read("wiat.p99 < 1s").unwrap_err().contains("did you mean `wait`?"));
    /// ```
    pub fn parse(text: &str, entities: &Entities) -> Result<Target, String> {
        parse(text.trim(), entities).map_err(|why| format!("target `{}`: {why}", text.trim()))
    }

    /// Whether a number is on the good side; of a target `prob(X > t) < a` the number is P(X > t).
    pub fn holds(&self, value: f64) -> bool {
        let limit = self.limit();
        match (self.bound, self.strict) {
            (Bound::AtMost, false) => value <= limit,
            (Bound::AtMost, true) => value < limit,
            (Bound::AtLeast, false) => value >= limit,
            (Bound::AtLeast, true) => value > limit,
        }
    }

    /// The limit as it was written: of `prob(X > t) < a` the share a.
    pub fn limit(&self) -> f64 {
        self.tail.map_or(self.value, |tail| tail.share)
    }

    /// The unit of the limit.
    pub fn unit(&self) -> Unit {
        if self.tail.is_some() { Unit::One } else { self.quantity.statistic.unit(&self.quantity.metric) }
    }

    /// What is bounded: `orders.wait.p99`, or `P(orders.wait > 50 ms)`.
    pub fn subject(&self) -> String {
        let Quantity { entity, metric, statistic } = &self.quantity;
        let of = if entity.is_empty() { String::new() } else { format!("{entity}.") };
        match self.tail {
            Some(tail) => format!("P({of}{metric} > {})", format_quantity(tail.above, metric.unit())),
            None if natural(metric) == Some(*statistic) => format!("{of}{metric}"),
            None => format!("{of}{metric}.{statistic}"),
        }
    }

    /// The sign of the inequality.
    pub fn sign(&self) -> &'static str {
        match (self.bound, self.strict) {
            (Bound::AtMost, false) => "<=",
            (Bound::AtMost, true) => "<",
            (Bound::AtLeast, false) => ">=",
            (Bound::AtLeast, true) => ">",
        }
    }

    /// Two targets that nothing can meet together, in words.
    ///
    /// ```
    /// use lindley::model::{Entities, Target};
    /// let read = |text: &str| Target::parse(text, &Entities::station("q")).unwrap();
    /// let clash = Target::contradiction(&[read("wait.p99 < 1s"), read("wait.p90 > 2s")]);
    /// assert!(clash.unwrap().contains("cannot both hold"));
    /// assert!(Target::contradiction(&[read("wait.p99 < 2s"), read("wait.p99 > 1s")]).is_none());
    /// ```
    pub fn contradiction(targets: &[Target]) -> Option<String> {
        let of = |bound: Bound| targets.iter().filter(move |t| t.bound == bound);
        let pairs = of(Bound::AtMost).flat_map(|most| of(Bound::AtLeast).map(move |least| (most, least)));
        let (most, least) = pairs.into_iter().find(|(most, least)| most.excludes(least))?;
        Some(format!("the targets {most} and {least} cannot both hold"))
    }

    /// Whether this upper bound leaves nothing of that lower bound.
    fn excludes(&self, least: &Target) -> bool {
        let (one, other) = (&self.quantity, &least.quantity);
        let same = one.entity == other.entity && one.metric == other.metric;
        let ordered = match (one.statistic, other.statistic) {
            (Statistic::Quantile(high), Statistic::Quantile(low)) => low <= high,
            (one, other) => one == other,
        };
        let nothing_left = least.value > self.value || (least.value == self.value && (self.strict || least.strict));
        same && ordered && nothing_left
    }
}

impl Quantity {
    /// Reads the name of a quantity as a target has it, or says in words what is wrong with it.
    ///
    /// # Errors
    ///
    /// An unknown name, metric or statistic.
    ///
    /// ```
    /// use lindley::model::{Entities, Quantity};
    /// let read = |text: &str| Quantity::parse(text, &Entities::station("orders"));
    /// assert_eq!(read("wait.p99"), read("orders.wait.p99"));
    /// assert!(read("orders.wiat.p99").unwrap_err().contains("did you mean `wait`?"));
    /// ```
    pub fn parse(text: &str, entities: &Entities) -> Result<Quantity, String> {
        let read = quantity(text.trim(), entities).and_then(|(entity, metric, statistic)| {
            let statistic = chosen(&metric, statistic)?;
            Ok(Quantity { entity, metric, statistic })
        });
        read.map_err(|why| format!("metric `{}`: {why}", text.trim()))
    }
}

/// The statistic that is written, or the only one there is.
fn chosen(metric: &Metric, statistic: Option<Statistic>) -> Result<Statistic, String> {
    match statistic {
        Some(statistic) => suitable(metric, statistic),
        None => natural(metric).ok_or_else(|| {
            format!("`{metric}` has several statistics; say which, as `{metric}.mean` or `{metric}.p99`")
        }),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.subject(), self.sign(), format_quantity(self.limit(), self.unit()))
    }
}

fn parse(text: &str, entities: &Entities) -> Result<Target, String> {
    let inner = text.strip_prefix("prob(").or_else(|| text.strip_prefix("P("));
    match inner {
        Some(rest) => tail(rest, entities),
        None => plain(text, entities),
    }
}

/// `orders.wait.p99 < 1s`.
fn plain(text: &str, entities: &Entities) -> Result<Target, String> {
    let (name, bound, strict, limit) = sides(text)?;
    let (entity, metric, statistic) = quantity(name, entities)?;
    let statistic = chosen(&metric, statistic)?;
    let value = number(limit, statistic.unit(&metric))?;
    if is_share(&metric) && value > 1.0 {
        return Err(format!("{metric} is a share and never above 1; {limit} is {value}"));
    }
    Ok(Target { quantity: Quantity { entity, metric, statistic }, bound, value, strict, tail: None })
}

/// `wait > 50ms) < 0.05`, what follows `prob(`.
fn tail(rest: &str, entities: &Entities) -> Result<Target, String> {
    let (inside, outside) = rest.split_once(')').ok_or("the bracket of `prob(` is not closed")?;
    let (name, side, _, time) = sides(inside)?;
    let (entity, metric, statistic) = quantity(name, entities)?;
    if statistic.is_some() || metric.unit() != Unit::Seconds || metric == Metric::DrainTime {
        return Err("inside `prob(...)` stands a time, as in `prob(wait > 50ms) < 5%`".to_string());
    }
    let above = number(time, Unit::Seconds)?;
    let (nothing, bound, strict, limit) = sides(outside)?;
    if !nothing.is_empty() {
        return Err(format!("`{nothing}` between `)` and the sign is not understood"));
    }
    let share = number(limit, Unit::One)?;
    if !(share > 0.0 && share < 1.0) {
        return Err(format!("a probability to stay below or above lies between 0 and 1, both excluded, not {limit}"));
    }
    // P(X <= t) > b says the same as P(X > t) < 1 - b.
    let (bound, share) = match side {
        Bound::AtLeast => (bound, share),
        Bound::AtMost => (bound.opposite(), complement(share)),
    };
    let statistic = Statistic::Quantile(complement(share));
    let tail = Some(Tail { above, share });
    Ok(Target { quantity: Quantity { entity, metric, statistic }, bound, value: above, strict, tail })
}

/// 1 - p, as the nearest number of twelve decimals: 0.95 of 0.05.
fn complement(p: f64) -> f64 {
    let plain = 1.0 - p;
    let rounded = (plain * 1e12).round() / 1e12;
    if rounded > 0.0 && rounded < 1.0 { rounded } else { plain }
}

/// Left side, good side, strictness, right side.
fn sides(text: &str) -> Result<(&str, Bound, bool, &str), String> {
    let missing = || "write an inequality, as `wait.p99 < 1s` or `goodput >= 100/s`".to_string();
    let at = text.find(['<', '>', '≤', '≥', '=']).ok_or_else(missing)?;
    let rest = &text[at..];
    let signs = [
        ("<=", Bound::AtMost, false),
        (">=", Bound::AtLeast, false),
        ("≤", Bound::AtMost, false),
        ("≥", Bound::AtLeast, false),
        ("<", Bound::AtMost, true),
        (">", Bound::AtLeast, true),
    ];
    let sign = signs.iter().find(|(sign, ..)| rest.starts_with(sign)).ok_or_else(missing)?;
    let limit = rest[sign.0.len()..].trim();
    if limit.is_empty() {
        return Err(format!("nothing stands behind `{}`", sign.0));
    }
    if limit.contains(['<', '>', '=']) {
        return Err("one target has one sign; write two targets for a range".to_string());
    }
    Ok((text[..at].trim(), sign.1, sign.2, limit))
}

/// `[entity.]metric[.statistic]`.
fn quantity(name: &str, entities: &Entities) -> Result<(String, Metric, Option<Statistic>), String> {
    let known = entities.names();
    let own = metric_and_statistic(name);
    match name.split_once('.') {
        Some((entity, rest)) if known.contains(&entity) => {
            let (metric, statistic) = metric_and_statistic(rest)?;
            Ok((entity.to_string(), metric, statistic))
        }
        Some((first, rest)) if own.is_err() && metric_and_statistic(rest).is_ok() => Err(stranger(first, &known)),
        _ => {
            let (metric, statistic) = own?;
            Ok((entities.meant(&metric)?, metric, statistic))
        }
    }
}

fn stranger(name: &str, known: &[&str]) -> String {
    let cure = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", known.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")),
    };
    format!("`{name}` is no queue, consumer or producer; {cure}")
}

fn metric_and_statistic(text: &str) -> Result<(Metric, Option<Statistic>), String> {
    let split = text.strip_prefix("outcome.").map_or(0, |_| "outcome.".len());
    // p99.9 has a dot of its own.
    let (name, statistic) = match text[split..].find('.') {
        Some(dot) => (&text[..split + dot], Some(&text[split + dot + 1..])),
        None => (text, None),
    };
    let metric = metric(name)?;
    let Some(written) = statistic else { return Ok((metric, None)) };
    let known = "known are `mean`, `variance`, `max`, `count`, `fraction` and quantiles such as `p99.9`";
    let statistic = Statistic::parse(written).ok_or_else(|| format!("`{written}` is no statistic; {known}"))?;
    Ok((metric, Some(statistic)))
}

fn metric(name: &str) -> Result<Metric, String> {
    if let Some(outcome) = name.strip_prefix("outcome.") {
        let known: Vec<&str> = State::ALL.iter().filter(|s| s.is_final()).map(|s| s.name()).collect();
        if !known.contains(&outcome) {
            return Err(format!("`{outcome}` is no outcome; known are {}", known.join(", ")));
        }
    }
    match Metric::parse(name) {
        Some(metric) if !matches!(metric, Metric::Detail(_)) => Ok(metric),
        _ => {
            let known: Vec<&str> = Metric::names().collect();
            Err(match nearest(name, &known) {
                Some(near) => format!("`{name}` is no metric; did you mean `{near}`?"),
                None => format!("`{name}` is no metric; known are {}", known.join(", ")),
            })
        }
    }
}

fn is_share(metric: &Metric) -> bool {
    use Metric::{Outcome, ProbAbandon, ProbLoss, ProbWait, Recovered, Reliability, Utilization};
    matches!(metric, ProbWait | ProbLoss | ProbAbandon | Reliability | Recovered | Utilization | Outcome(_))
}

fn is_time(metric: &Metric) -> bool {
    metric.unit() == Unit::Seconds
}

/// The only statistic that a metric has; a time has several.
fn natural(metric: &Metric) -> Option<Statistic> {
    match metric {
        Metric::Utilization => Some(Statistic::Mean),
        metric if is_share(metric) => Some(Statistic::Fraction),
        metric if is_time(metric) => None,
        Metric::BacklogPeak => Some(Statistic::Max),
        Metric::Servers | Metric::Duplicates => Some(Statistic::Count),
        _ => Some(Statistic::Mean),
    }
}

/// The statistic, if the metric has it.
fn suitable(metric: &Metric, statistic: Statistic) -> Result<Statistic, String> {
    let times = matches!(statistic, Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) | Statistic::Max);
    match natural(metric) {
        None if times => Ok(statistic),
        None => Err(format!("`{metric}` is a time and has no `{statistic}`; it has mean, variance, max and p99")),
        // A share may be called its mean, and the mean of an indicator its fraction.
        Some(only) if only == statistic => Ok(only),
        Some(only) if is_share(metric) && matches!(statistic, Statistic::Mean | Statistic::Fraction) => Ok(only),
        Some(only) => Err(format!("`{metric}` has no `{statistic}`, only `{only}`")),
    }
}

/// A number in that unit, finite and not negative.
fn number(text: &str, unit: Unit) -> Result<f64, String> {
    let says = |e: crate::units::UnitError| match unit {
        Unit::Seconds => format!("wrong unit: {e}; a time such as 500ms is wanted"),
        _ => format!("wrong unit: {e}; a rate such as 100/s is wanted"),
    };
    match unit {
        Unit::Seconds => parse_duration(text).map_err(says),
        Unit::PerSecond => parse_rate(text).map_err(says),
        Unit::One | Unit::SecondsSquared => {
            let written = text.strip_suffix('%').map_or(text.to_string(), |percent| format!("{}e-2", percent.trim()));
            let value = written.replace('_', "").parse().ok().filter(|x: &f64| x.is_finite() && *x >= 0.0);
            value.ok_or_else(|| format!("wrong unit: `{text}` is no plain number or percentage that is not negative"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Target, String> {
        let served = vec!["a".to_string(), "wait".to_string()];
        Target::parse(text, &Entities { served, others: vec!["system".into(), "workers".into()] })
    }

    #[test]
    fn what_is_written_comes_back() {
        for (text, shown) in [
            ("a.sojourn.p99.9 <= 500 ms", "a.sojourn.p99.9 <= 500.0 ms"),
            ("wait.wait.mean<2ms", "wait.wait.mean < 2.000 ms"),
            ("a.utilization < 80%", "a.utilization < 0.8000"),
            ("a.prob_loss < 1e-6", "a.prob_loss < 1.000e-6"),
            ("goodput ≥ 6000/min", "system.goodput >= 100.0 /s"),
            ("P(a.sojourn <= 1s) >= 99%", "P(a.sojourn > 1.000 s) <= 0.01000"),
            ("outcome.expired < 1%", "system.outcome.expired < 0.01000"),
            ("workers.utilization.mean > 0.2", "workers.utilization > 0.2000"),
        ] {
            assert_eq!(read(text).map(|t| t.to_string()), Ok(shown.to_string()));
        }
    }

    #[test]
    fn a_probability_is_a_quantile() {
        let target = read("prob(a.wait > 50ms) < 0.05").unwrap();
        assert_eq!(target.quantity.statistic, Statistic::Quantile(0.95));
        assert_eq!((target.value, target.limit(), target.bound), (0.05, 0.05, Bound::AtMost));
        assert!(target.holds(0.049) && !target.holds(0.05));
        assert_eq!(read("prob(a.wait > 1s) >= 0.2").unwrap().bound, Bound::AtLeast);
    }

    #[test]
    fn nonsense_is_named() {
        for (text, why) in [
            ("a.wait.p99", "write an inequality"),
            ("a.wait.p99 <", "nothing stands"),
            ("a.wait < 1s", "say which"),
            ("sojourn.p99 < 1s", "several queues have consumers; say which: `a.sojourn`, `wait.sojourn`"),
            ("b.wait.p99 < 1s", "is no queue"),
            ("a.wiat.p99 < 1s", "did you mean `wait`?"),
            ("a.wait.p100 < 1s", "is no statistic"),
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
            let said = read(text).expect_err(text);
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn contradictions_are_seen_and_ranges_are_not() {
        let clash = |texts: &[&str]| {
            Target::contradiction(&texts.iter().map(|t| read(t).unwrap()).collect::<Vec<_>>()).is_some()
        };
        assert!(clash(&["a.wait.p99 < 1s", "a.wait.p99 > 2s"]));
        assert!(clash(&["a.wait.p99 < 1s", "a.wait.p99 >= 1s"]));
        assert!(clash(&["prob(a.wait > 1s) < 1%", "a.wait.p90 > 2s"]));
        assert!(!clash(&["a.wait.p99 <= 1s", "a.wait.p99 >= 1s"]));
        assert!(!clash(&["a.wait.p90 < 1s", "a.wait.p99 > 2s"]));
        assert!(!clash(&["a.wait.p99 < 1s", "wait.wait.p99 > 2s"]));
    }
}
