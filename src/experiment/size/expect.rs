//! What theory says of the quantity that a target bounds. Computes nothing itself.

use crate::analytic::{Moments, Steady, Theory, TimeLaw};
use crate::row::{Basis, Demand, Metric, Quantity, Row, Source, Statistic};

/// The number of a solved station that a target bounds; of `prob(X > t) < a` that is P(X > t).
/// `None` where the method does not give it.
pub(super) fn of_steady(steady: &Steady, target: &Demand) -> Option<f64> {
    let statistic = target.quantity.statistic;
    let number = match target.quantity.metric {
        _ if statistic.is_probability() => steady.probability(&target.quantity.metric, statistic),
        Metric::Wait => of_time(steady.wait, steady.wait_law.as_ref(), statistic),
        Metric::Sojourn => of_time(steady.sojourn, steady.sojourn_law.as_ref(), statistic),
        Metric::Service if statistic == Statistic::Mean => Some(steady.service),
        Metric::QueueLength => Some(steady.queue_length),
        Metric::InSystem => Some(steady.in_system),
        Metric::Utilization => steady.utilization,
        Metric::ArrivalRate => Some(steady.arrival_rate),
        Metric::Throughput => Some(steady.throughput),
        Metric::Goodput => Some(steady.acknowledged()),
        Metric::OfferedLoad => Some(steady.offered_load),
        Metric::ProbWait => steady.prob_wait,
        Metric::ProbLoss => steady.prob_loss,
        Metric::ProbAbandon => steady.prob_abandon,
        Metric::Reliability => Some(steady.reliability()),
        _ => None,
    };
    // A moment that does not exist is infinite, and exceeds every limit; NaN is no number.
    number.filter(|x| !x.is_nan())
}

fn of_time(moments: Option<Moments>, law: Option<&TimeLaw>, statistic: Statistic) -> Option<f64> {
    match statistic {
        Statistic::Mean => moments.map(|m| m.mean),
        Statistic::Variance => moments.and_then(|m| m.variance),
        Statistic::Quantile(p) => law.and_then(|law| law.quantile(p)),
        _ => None,
    }
}

/// A number of theory, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    /// The number.
    pub value: f64,
    /// Exact or approximation.
    pub source: Source,
    /// By which method.
    pub method: Basis,
}

/// What theory says of a model.
#[derive(Debug, Clone)]
pub(super) enum TheoryExpectation {
    /// More work arrives than can be done: why.
    Unstable(String),
    /// For each target what is known.
    Known(Vec<Option<Expected>>),
}

/// What theory says of each target in a model.
pub(super) fn of_model(theory: &Theory, targets: &[Demand]) -> TheoryExpectation {
    if let Some(broken) = theory.unstable.first() {
        return TheoryExpectation::Unstable(broken.reasons.join("; "));
    }
    TheoryExpectation::Known(targets.iter().map(|target| of_quantity(theory, &target.quantity)).collect())
}

fn of_quantity(theory: &Theory, quantity: &Quantity) -> Option<Expected> {
    let speaks = |row: &&Row| quantity.is_of(row) && row.source != Source::Bound;
    let approximated = theory.approximated.iter().flat_map(|a| &a.rows);
    let row = theory.rows().chain(approximated).find(|row| speaks(row) && row.value.is_some())?;
    Some(Expected { value: row.value?, source: row.source, method: row.method.clone() })
}
