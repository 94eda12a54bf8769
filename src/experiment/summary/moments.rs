//! Refuses what cannot be estimated: means that are infinite, intervals of estimates whose variance is, and upper ends of
//! quantiles of times without a mean.

use crate::model::traffic::{Passing, TailIndices};
use crate::model::{Model, QueueId};
use crate::row::{Basis, Metric, NoValue, Row, Scope, Statistic};

/// Takes away values of infinite moments, and intervals that nothing supports. A moment of order r has a value where the tail
/// index is above r, an interval where it is above 2 r; a quantile has an upper end where the mean is finite.
pub(super) fn refuse(model: &Model, rows: &mut [Row]) {
    let traffic = model.traffic();
    let rates = traffic.rates(Passing::Mean);
    let tails: Vec<TailIndices> =
        (0..model.queues.len()).map(|q| traffic.tail_indices(QueueId(q as u32), &rates)).collect();
    let worst = tails.iter().copied().fold(TailIndices::LIGHT, TailIndices::least);
    if worst == TailIndices::LIGHT {
        return;
    }
    let of = |row: &Row| match row.scope {
        Scope::Queue => model.queues.iter().position(|queue| queue.name == row.name).map(|q| tails[q]),
        Scope::Consumer => {
            model.consumers.iter().find(|consumer| consumer.name == row.name).map(|c| tails[c.queue.index()])
        }
        Scope::System => Some(worst),
        Scope::Producer | Scope::Station => None,
    };
    for row in rows.iter_mut() {
        if let Some(tails) = of(row) {
            judge(row, tails);
        }
    }
}

fn judge(row: &mut Row, tails: TailIndices) {
    let Some((index, least)) = index(row, tails) else { return };
    let order = match row.statistic {
        Statistic::Mean => 1.0,
        Statistic::Variance => 2.0,
        // Waits without a mean: the longest are always still to come, and with them the rest of the law.
        Statistic::Quantile(_) if least <= 1.0 => {
            row.high = None;
            return;
        }
        _ => return,
    };
    if least <= order && row.value.is_some() {
        *row = row.clone().refused(NoValue::NoSuchMoment);
    } else if index <= 2.0 * order && row.value.is_some() {
        let replications = match row.method {
            Basis::Ratio { replications, .. } | Basis::Mean { replications } => replications,
            _ => return,
        };
        (row.low, row.high, row.level) = (None, None, None);
        row.method = Basis::HeavyTailed { replications, index };
    }
}

/// Tail index of what a row is the mean of, and of that mean itself: a server is busy a finite share of the time, however long
/// its services.
fn index(row: &Row, tails: TailIndices) -> Option<(f64, f64)> {
    let index = match (row.scope, &row.metric) {
        (_, Metric::Utilization) => return Some((tails.service, f64::INFINITY)),
        (Scope::Consumer, Metric::Service | Metric::Sojourn) | (_, Metric::Service) => tails.service,
        (_, Metric::Wait | Metric::QueueLength) => tails.wait,
        (_, Metric::Sojourn | Metric::InSystem) => tails.sojourn(),
        _ => return None,
    };
    Some((index, index))
}
