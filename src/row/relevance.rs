//! Which numbers matter where nobody has selected any: terminal, CSV, page and charts all choose by this.

use super::metric::Metric;
use super::record::Row;
use super::scope::Scope;
use super::statistic::Statistic;

/// How much a number tells a reader who has selected none; the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relevance {
    /// What users feel: mean and p99 of times, and whether the system recovered.
    Felt,
    /// What explains it: other tails, load, backlog, losses, cost.
    Usual,
    /// The rest of the short table.
    Key,
    /// What the verbose output adds.
    Detail,
}

impl Relevance {
    /// The relevance of a statistic of a metric of an entity.
    ///
    /// ```
    /// use lindley::row::{Metric, Relevance, Scope, Statistic};
    /// assert_eq!(Relevance::of(Scope::Queue, &Metric::Wait, Statistic::Quantile(0.99)), Relevance::Felt);
    /// assert_eq!(Relevance::of(Scope::Queue, &Metric::Wait, Statistic::Variance), Relevance::Detail);
    /// ```
    pub fn of(scope: Scope, metric: &Metric, statistic: Statistic) -> Relevance {
        match metric {
            // Nobody has a probability who has not asked for it.
            _ if statistic.is_probability() => Relevance::Usual,
            Metric::Wait | Metric::Sojourn if matches!(scope, Scope::System | Scope::Queue | Scope::Station) => {
                of_time(statistic)
            }
            Metric::Recovered => Relevance::Felt,
            Metric::Service | Metric::OfferedLoad if scope != Scope::System => Relevance::Detail,
            Metric::InSystem if scope != Scope::System => Relevance::Detail,
            Metric::Outcome(_) => Relevance::Detail,
            Metric::DrainTime | Metric::BacklogPeak => of_extreme(statistic),
            _ if !matches!(statistic, Statistic::Mean | Statistic::Fraction | Statistic::Count) => Relevance::Detail,
            _ if explains(scope, metric) => Relevance::Usual,
            _ => Relevance::Key,
        }
    }
}

fn of_time(statistic: Statistic) -> Relevance {
    match statistic {
        Statistic::Mean | Statistic::Quantile(0.99) => Relevance::Felt,
        Statistic::Quantile(0.95) => Relevance::Usual,
        Statistic::Quantile(0.5) => Relevance::Key,
        _ => Relevance::Detail,
    }
}

fn of_extreme(statistic: Statistic) -> Relevance {
    match statistic {
        Statistic::Mean => Relevance::Usual,
        Statistic::Quantile(0.5 | 0.95 | 0.99) => Relevance::Key,
        _ => Relevance::Detail,
    }
}

fn explains(scope: Scope, metric: &Metric) -> bool {
    match scope {
        Scope::System => matches!(
            metric,
            Metric::Throughput | Metric::Reliability | Metric::ProbAbandon | Metric::InSystem | Metric::Cost
        ),
        Scope::Queue | Scope::Station => {
            matches!(metric, Metric::QueueLength | Metric::Utilization | Metric::ProbLoss | Metric::ProbAbandon)
        }
        Scope::Consumer | Scope::Producer => false,
    }
}

/// What speaks for a whole result in a few numbers, the most telling first; a queue's are those of the busiest.
const TELLING: [(Metric, Statistic); 10] = [
    (Metric::Recovered, Statistic::Fraction),
    (Metric::Sojourn, Statistic::Mean),
    (Metric::Wait, Statistic::Mean),
    (Metric::Wait, Statistic::Quantile(0.99)),
    (Metric::Utilization, Statistic::Mean),
    (Metric::Sojourn, Statistic::Quantile(0.99)),
    (Metric::DrainTime, Statistic::Mean),
    (Metric::BacklogPeak, Statistic::Mean),
    (Metric::Cost, Statistic::Mean),
    (Metric::Reliability, Statistic::Fraction),
];

/// What one line says of a queue among many.
pub const OF_A_QUEUE: [(Metric, Statistic); 5] = [
    (Metric::Wait, Statistic::Mean),
    (Metric::Wait, Statistic::Quantile(0.99)),
    (Metric::QueueLength, Statistic::Mean),
    (Metric::Utilization, Statistic::Mean),
    (Metric::ProbLoss, Statistic::Fraction),
];

/// The rows that speak for a result of one setting, the most telling first: of the whole system where it has the
/// number, else of the busiest queue.
pub fn telling<'r>(rows: &[&'r Row], busiest: &str) -> Vec<&'r Row> {
    let of = |(metric, statistic): &(Metric, Statistic)| {
        let same = rows.iter().filter(|r| r.class.is_none() && r.metric == *metric && r.statistic == *statistic);
        same.min_by_key(|r| (r.scope != Scope::System, r.name != busiest, r.scope)).copied()
    };
    TELLING.iter().filter_map(of).collect()
}

/// What a chart draws along an axis: the wait of the busiest queue, its mean and its tails; without one the first
/// numbers that tell how well it goes.
pub fn curve<'r>(rows: &[&'r Row], busiest: &str) -> Vec<&'r Row> {
    let whole = || rows.iter().filter(|r| r.class.is_none()).copied();
    let usual = |r: &&Row| r.metric == Metric::Wait && r.name == busiest && r.relevance() <= Relevance::Usual;
    let waits: Vec<&Row> = whole().filter(usual).collect();
    if !waits.is_empty() {
        return waits;
    }
    let mut rest: Vec<&Row> = Vec::new();
    for row in whole().filter(|r| !is_load(r)) {
        if rest.len() < 3 && !rest.iter().any(|known| known.same_quantity(row)) {
            rest.push(row);
        }
    }
    rest
}

/// Whether a row says how much there is to do rather than how well it goes.
fn is_load(row: &Row) -> bool {
    matches!(row.metric, Metric::ArrivalRate | Metric::Utilization | Metric::OfferedLoad | Metric::Cost)
        || matches!(row.statistic, Statistic::Variance | Statistic::Max | Statistic::Count)
}

/// The queue or station with the largest utilization in any of the rows.
pub fn busiest<'r>(rows: impl Iterator<Item = &'r Row>) -> Option<&'r str> {
    let busy = |r: &&Row| r.metric == Metric::Utilization && matches!(r.scope, Scope::Queue | Scope::Station);
    let load = |r: &&'r Row| r.value.unwrap_or(0.0);
    rows.filter(busy).filter(|r| r.value.is_some()).max_by(|a, b| load(a).total_cmp(&load(b))).map(|r| r.name.as_str())
}

impl Row {
    /// How much the row tells a reader who has selected none.
    pub fn relevance(&self) -> Relevance {
        Relevance::of(self.scope, &self.metric, self.statistic)
    }
}
