//! What is demanded of a run beside what every run reports: the quantities of targets, expectations and
//! questions become part of what is measured. The one place that adds them.

use crate::model::{Model, RunSettings};
use crate::row::{Demand, Quantity, Statistic};
use std::borrow::Cow;

/// The model, with everything that its targets and expectations speak of among what its run measures.
pub(crate) fn demanding(model: &Model) -> Cow<'_, Model> {
    let expected = model.expectations.iter().map(|expected| expected.quantity.clone());
    let wanted: Vec<Quantity> = spoken_of(&model.targets).chain(expected).collect();
    if wanted.is_empty() {
        return Cow::Borrowed(model);
    }
    let mut demanding = model.clone();
    demand(&mut demanding.run, wanted);
    Cow::Owned(demanding)
}

/// The quantities of demands; of the probability of a level also the quantile that says the same.
pub(crate) fn spoken_of(demands: &[Demand]) -> impl Iterator<Item = Quantity> + '_ {
    demands.iter().flat_map(|demand| [demand.quantity.clone(), demand.without_level().quantity])
}

/// Makes quantities part of what a run measures.
pub(crate) fn demand(run: &mut RunSettings, quantities: impl IntoIterator<Item = Quantity>) {
    for quantity in quantities {
        if !run.demanded.contains(&quantity) {
            run.demanded.push(quantity);
        }
    }
    run.quantiles = with_quantiles(std::mem::take(&mut run.quantiles), &run.demanded);
}

/// Quantiles and those that quantities speak of, ascending, each once.
pub(crate) fn with_quantiles<'q>(
    mut quantiles: Vec<f64>,
    quantities: impl IntoIterator<Item = &'q Quantity>,
) -> Vec<f64> {
    quantiles.extend(quantities.into_iter().filter_map(|quantity| match quantity.statistic {
        Statistic::Quantile(p) => Some(p),
        _ => None,
    }));
    quantiles.sort_by(f64::total_cmp);
    quantiles.dedup();
    quantiles
}
