//! What a number should be: `orders[paid].sojourn.p99 < 500ms`, `orders.prob(wait > 50ms) < 0.05`.

use super::inequality::{Inequality, QuantityError, amount, sides};
use super::quantity::{Quantity, Written};
use super::statistic::Statistic;
use crate::units::{Unit, exact_quantity};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a number of the result should be. What is printed can be read back.
///
/// ```
/// use lindley::row::Demand;
/// let demand: Demand = "orders.sojourn.p99 < 500 ms".parse().unwrap();
/// assert_eq!(demand.to_string(), "orders.sojourn.p99 < 500ms");
/// assert!(demand.holds(0.499) && !demand.holds(0.5));
/// let share: Demand = "prob(orders.wait <= 50ms) >= 95%".parse().unwrap();
/// assert_eq!(share.to_string(), "orders.prob(wait > 50ms) <= 0.05");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(from = "DemandForm", into = "DemandForm")]
pub struct Demand {
    /// Which number.
    pub quantity: Quantity,
    /// Which side of the bound is good.
    pub inequality: Inequality,
    /// The bound, in the unit of the quantity.
    pub bound: f64,
}

/// A demand as it stands in JSON.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Demand"))]
struct DemandForm {
    /// The whole inequality, as it can be typed.
    text: String,
    /// What is bounded, as `orders.wait.p99`.
    quantity: Quantity,
    /// Which side of the bound is good.
    inequality: Inequality,
    /// The bound.
    bound: f64,
    /// Unit of the bound.
    unit: Unit,
}

impl From<Demand> for DemandForm {
    fn from(demand: Demand) -> Self {
        let (text, unit) = (demand.to_string(), demand.quantity.unit());
        let Demand { quantity, inequality, bound } = demand;
        DemandForm { text, quantity, inequality, bound, unit }
    }
}

impl From<DemandForm> for Demand {
    fn from(form: DemandForm) -> Self {
        Demand { quantity: form.quantity, inequality: form.inequality, bound: form.bound }
    }
}

impl Demand {
    /// Whether a value of the quantity is on the good side.
    pub fn holds(&self, value: f64) -> bool {
        self.inequality.holds(value, self.bound)
    }

    /// The unit of the bound.
    pub fn unit(&self) -> Unit {
        self.quantity.unit()
    }

    /// Whether the bound is an upper one: smaller is better.
    pub fn is_upper(&self) -> bool {
        self.inequality.is_upper()
    }

    /// The demand on a quantile that says the same as one on the probability that a time exceeds a level: P(X > t) < a
    /// is a bound of t on the quantile of X at 1 - a. `None` for other demands.
    ///
    /// ```
    /// use lindley::row::Demand;
    /// let share: Demand = "orders.prob(wait > 50ms) < 0.05".parse().unwrap();
    /// assert_eq!(share.as_quantile().unwrap().to_string(), "orders.wait.p95 < 50ms");
    /// ```
    pub fn as_quantile(&self) -> Option<Demand> {
        let Statistic::Above(level) = self.quantity.statistic else { return None };
        if !self.quantity.metric.is_time() {
            return None;
        }
        let quantity = self.quantity.with(Statistic::Quantile(complement(self.bound)));
        Some(Demand { quantity, inequality: self.inequality, bound: level })
    }

    /// The same demand on a number that rows hold: on the quantile instead of the probability of a level.
    pub fn without_level(&self) -> Demand {
        self.as_quantile().unwrap_or_else(|| self.clone())
    }

    /// Two demands that nothing can meet together.
    ///
    /// ```
    /// use lindley::row::Demand;
    /// let read = |text: &str| text.parse::<Demand>().unwrap();
    /// let clash = Demand::contradiction(&[read("q.wait.p99 < 1s"), read("q.wait.p90 > 2s")]);
    /// assert!(clash.unwrap().to_string().contains("cannot both hold"));
    /// assert!(Demand::contradiction(&[read("q.wait.p99 < 2s"), read("q.wait.p99 > 1s")]).is_none());
    /// let more = |n: u32, rest: &str| read(&format!("q.prob(in_system > {n}) {rest}"));
    /// assert!(Demand::contradiction(&[more(3, "< 10%"), more(5, "> 20%")]).is_some());
    /// assert!(Demand::contradiction(&[more(5, "< 10%"), more(3, "> 20%")]).is_none());
    /// ```
    pub fn contradiction(demands: &[Demand]) -> Option<Contradiction> {
        let of = |upper: bool| demands.iter().filter(move |d| d.is_upper() == upper);
        let mut pairs = of(true).flat_map(|most| of(false).map(move |least| (most, least)));
        let (most, least) = pairs.find(|(most, least)| most.excludes(least))?;
        Some(Contradiction(Box::new([most.clone(), least.clone()])))
    }

    /// Whether this upper bound leaves nothing of that lower bound.
    fn excludes(&self, least: &Demand) -> bool {
        let (most, least) = (self.without_level(), least.without_level());
        let ordered = match (most.quantity.statistic, least.quantity.statistic) {
            (Statistic::Quantile(high), Statistic::Quantile(low)) => low <= high,
            (Statistic::Above(low), Statistic::Above(high)) => low <= high,
            (one, other) => one == other,
        };
        let strict = most.inequality.is_strict() || least.inequality.is_strict();
        let nothing_left = least.bound > most.bound || (least.bound == most.bound && strict);
        most.quantity.with(Statistic::Mean) == least.quantity.with(Statistic::Mean) && ordered && nothing_left
    }
}

/// Two demands of which at most one can hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the targets {} and {} cannot both hold", .0[0], .0[1])]
pub struct Contradiction(pub Box<[Demand; 2]>);

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.quantity, self.inequality, exact_quantity(self.bound, self.quantity.unit()))
    }
}

impl FromStr for Demand {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Demand, QuantityError> {
        Demand::written(text, Written::quantity)
    }
}

impl Demand {
    /// Reads an inequality; `complete` fills in what the name of its quantity leaves out.
    ///
    /// # Errors
    ///
    /// What is not understood, a unit that does not fit, a number out of range.
    pub fn written<E: From<QuantityError>>(
        text: &str,
        complete: impl FnOnce(Written) -> Result<Quantity, E>,
    ) -> Result<Demand, E> {
        let (name, inequality, limit) = sides(text)?;
        let quantity = complete(Written::parse(name)?)?;
        let bound = amount(limit, quantity.unit())?;
        let demand = Demand { quantity, inequality, bound };
        demand.within_range(limit)?;
        Ok(demand.of_the_tail())
    }

    /// P(X <= t) > b says the same as P(X > t) < 1 - b.
    pub(crate) fn of_the_tail(self) -> Demand {
        let Statistic::AtMost(level) = self.quantity.statistic else { return self };
        let quantity = self.quantity.with(Statistic::Above(level));
        Demand { quantity, inequality: self.inequality.mirrored(), bound: complement(self.bound) }
    }

    fn within_range(&self, limit: &str) -> Result<(), QuantityError> {
        let (metric, value) = (&self.quantity.metric, self.bound);
        if self.quantity.statistic.is_probability() && !(value > 0.0 && value < 1.0) {
            let wanted = "a probability to stay below or above lies between 0 and 1, both excluded";
            return Err(format!("{wanted}, not {limit}").into());
        }
        if metric.is_share() && value > 1.0 {
            return Err(format!("{metric} is a share and never above 1; {limit} is {value}").into());
        }
        Ok(())
    }
}

/// 1 - p, as the nearest number of twelve decimals: 0.95 of 0.05.
fn complement(p: f64) -> f64 {
    let plain = 1.0 - p;
    let rounded = (plain * 1e12).round() / 1e12;
    if rounded > 0.0 && rounded < 1.0 { rounded } else { plain }
}

impl Quantity {
    /// Which side of a bound is good where none is said.
    ///
    /// ```
    /// use lindley::row::{Inequality, Quantity};
    /// let usual = |text: &str| text.parse::<Quantity>().unwrap().usual_inequality();
    /// assert_eq!(usual("orders.prob(wait > 20s)"), Inequality::AtMost);
    /// assert_eq!(usual("orders.prob(wait <= 20s)"), Inequality::AtLeast);
    /// ```
    pub fn usual_inequality(&self) -> Inequality {
        let within = matches!(self.statistic, Statistic::AtMost(_));
        if within || self.metric.is_better_large() { Inequality::AtLeast } else { Inequality::AtMost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Metric, Scope};
    use proptest::prelude::*;
    use proptest::sample::select;

    fn metric() -> impl Strategy<Value = Metric> {
        let plain = select(Metric::names().collect::<Vec<_>>());
        let named = ("(outcome|detail)", "[a-z0-9_]{1,8}").prop_map(|(kind, name)| format!("{kind}.{name}"));
        prop_oneof![plain.prop_map(str::to_string), named]
            .prop_map(|name| Metric::parse(&name).expect("it is a metric"))
    }

    fn statistic() -> impl Strategy<Value = Statistic> {
        prop_oneof![
            select(vec![Statistic::Mean, Statistic::Variance, Statistic::Max, Statistic::Count, Statistic::Fraction]),
            (1e-12..1.0_f64).prop_map(Statistic::Quantile),
            (0.0..1e9_f64).prop_map(Statistic::Above),
            (0..1000_u32).prop_map(|ms| Statistic::Above(f64::from(ms) / 1000.0)),
            (0.0..1e9_f64).prop_map(Statistic::AtMost),
            (0..1000_u32).prop_map(|n| Statistic::Equal(f64::from(n))),
        ]
    }

    /// Any name that a model may have, any class, and every statistic that the metric has.
    fn quantity() -> impl Strategy<Value = Quantity> {
        let scopes = vec![None, Some(Scope::Queue), Some(Scope::Consumer), Some(Scope::Producer)];
        let class = prop::option::of("[^\\p{C}]{0,12}");
        let parts = (select(scopes), "[^\\p{C}\\s.\\[\\]:]{1,12}", class, metric(), statistic());
        parts.prop_filter_map("the metric has no such statistic", |(scope, name, class, metric, statistic)| {
            let statistic = metric.having(statistic).ok()?;
            let odd = name.starts_with("prob(") || name.starts_with("P(");
            (!odd).then_some(())?;
            Some(Quantity { scope, name, class, metric, statistic })
        })
    }

    proptest! {
        #[test]
        fn every_quantity_can_be_typed_back(quantity in quantity()) {
            prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
        }

        #[test]
        fn every_statistic_can_be_typed_back(statistic in statistic()) {
            prop_assert_eq!(Statistic::parse(&statistic.to_string()), Some(statistic));
        }

        #[test]
        fn every_demand_can_be_typed_back(
            quantity in quantity(),
            inequality in select(vec![Inequality::Below, Inequality::AtMost, Inequality::Above, Inequality::AtLeast]),
            bound in prop_oneof![1e-12..1.0_f64, select(vec![0.05, 0.25, 1e-9, 1.0 / 3.0])],
        ) {
            // Demands speak of the tail: see the next test.
            prop_assume!(!matches!(quantity.statistic, Statistic::AtMost(_)));
            let demand = Demand { quantity, inequality, bound };
            prop_assert_eq!(demand.to_string().parse::<Demand>(), Ok(demand.clone()));
            let json = serde_json::to_string(&demand).expect("it is plain data");
            prop_assert_eq!(serde_json::from_str::<Demand>(&json).expect("it was written"), demand);
        }
    }

    proptest! {
        /// Whatever row is printed can be demanded, and the demand means what it says.
        #[test]
        fn a_share_within_is_a_share_beyond(ms in 0..100_000_u32, percent in 1..100_u32, n in 0..1000_u32) {
            for (printed, beyond) in [
                (format!("prob(wait <= {ms}ms)"), format!("prob(wait > {ms}ms)")),
                (format!("prob(in_system <= {n})"), format!("prob(in_system > {n})")),
                (format!("prob(queue_length < {})", n + 1), format!("prob(queue_length > {n})")),
            ] {
                let within: Demand = format!("{printed} >= {percent}%").parse().expect("it is a demand");
                let typed: Demand = within.to_string().parse().expect("it was printed");
                let same: Demand = format!("{beyond} <= {}%", 100 - percent).parse().expect("it is a demand");
                prop_assert_eq!((&within, &typed.quantity), (&typed, &same.quantity));
                prop_assert_eq!(within.inequality, same.inequality);
                prop_assert!((within.bound - same.bound).abs() < 1e-12);
            }
            let exactly: Demand = format!("prob(in_system = {n}) < {percent}%").parse().expect("it is a demand");
            prop_assert_eq!(exactly.quantity.statistic, Statistic::Equal(f64::from(n)));
        }
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for (text, why) in [
            ("prob(in_system = 2.5) < 0.1", "whole number"),
            ("prob(in_system >= 0) < 0.1", "never below 0"),
            ("prob(wait = 3s) < 0.1", "is a time"),
            ("prob(in_system = ) < 0.1", "nothing stands behind `=`"),
            ("prob(throughput > 3) < 0.1", "a time or a number of messages"),
        ] {
            let found = text.parse::<Demand>().expect_err("it is refused").to_string();
            assert!(found.contains(why), "{text}: {found}");
        }
    }

    #[test]
    fn the_bound_is_on_the_side_that_the_sign_says() {
        for (sign, met) in [("<", false), ("<=", true), (">", false), (">=", true)] {
            let demand: Demand = format!("orders.wait.mean {sign} 1s").parse().expect("it is a demand");
            assert_eq!((demand.inequality.to_string().as_str(), demand.holds(1.0)), (sign, met));
        }
    }
}
