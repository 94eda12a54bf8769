//! What is demanded of a run beside what every run reports: the quantities of targets, expectations and
//! questions become part of what is measured. The one place that adds them.

use super::summary::rows_of_nothing;
use crate::diag::{Diagnostic, code};
use crate::model::{Misnamed, Model, Precision, RunSettings, places};
use crate::row::{Demand, NoValue, Quantity, Statistic};
use std::borrow::Cow;
use std::iter;

/// Says it of a quantity that no run of a model has, with what there is instead: another statistic of the same, the
/// same without its class, or the same of another entity.
///
/// # Errors
///
/// A quantity that no run has.
///
/// ```
/// use lindley::{experiment::measured, prelude::*};
/// let model = Model::builder("shop").poisson("web", "20/s", "orders").queue("orders");
/// let model = model.consumer("workers", "orders", 1, LawText::exponential("40ms")).build().unwrap();
/// let why = |text: &str| measured(&model, &text.parse().unwrap()).err().map(|why| why.help);
/// assert_eq!(why("orders.prob(wait > 50ms)"), None);
/// assert_eq!(why("workers.wait.mean").unwrap(), "there is `orders.wait.mean`");
/// ```
pub fn measured(model: &Model, quantity: &Quantity) -> Result<(), Misnamed> {
    if first_measured(model, vec![quantity.clone()]).is_some() {
        return Ok(());
    }
    let help = match first_measured(model, instead(model, quantity)) {
        Some(other) => format!("there is `{other}`"),
        None => "`lindley run MODEL -v` lists the numbers that there are".to_string(),
    };
    Err(Misnamed { message: format!("no run of this model has `{quantity}`"), help })
}

/// The first of these quantities that runs of a model have, or of which they have a row that says why there is no
/// value this time.
fn first_measured(model: &Model, quantities: Vec<Quantity>) -> Option<Quantity> {
    let mut demanding = model.clone();
    demand(&mut demanding.run, quantities.iter().cloned());
    let is_measured = |quantity: &Quantity| {
        let rows = rows_of_nothing(&demanding, &quantity.name);
        rows.iter().any(|row| quantity.is_of(row) && row.refusal != Some(NoValue::NotMeasured))
    };
    quantities.into_iter().find(is_measured)
}

/// The statistics that are offered in place of one that there is not.
const OTHERS: [Statistic; 5] =
    [Statistic::Mean, Statistic::Fraction, Statistic::Count, Statistic::Max, Statistic::Quantile(0.95)];

/// What may be meant by a quantity that there is not.
fn instead(model: &Model, quantity: &Quantity) -> Vec<Quantity> {
    let whole = Quantity { class: None, ..quantity.clone() };
    let (queues, consumers) = (model.queues.iter().map(|q| &q.name), model.consumers.iter().map(|c| &c.name));
    let names = queues.chain(consumers).chain(model.producers.iter().map(|p| &p.name));
    let elsewhere = names.map(|name| Quantity { scope: None, name: name.clone(), ..whole.clone() });
    let statistics = |of: &Quantity| OTHERS.map(|statistic| of.with(statistic));
    statistics(quantity).into_iter().chain([whole.clone()]).chain(statistics(&whole)).chain(elsewhere).collect()
}

/// The targets and expectations of what no run of a model has, at their places in its text.
pub fn unmeasured(model: &Model, text: &str) -> Vec<Diagnostic> {
    let place = |section, i| places(text, section).get(i).cloned().unwrap_or_default();
    wrong(model).map(|(section, i, why)| why.at(code::NOT_MEASURED, place(section, i))).collect()
}

/// Those targets and expectations: section, number of the entry, and why.
pub(crate) fn wrong(model: &Model) -> impl Iterator<Item = (&'static str, usize, Misnamed)> {
    let targets = iter::repeat("targets").zip(model.targets.iter().map(|target| &target.quantity).enumerate());
    let expected = iter::repeat("expect").zip(model.expectations.iter().map(|e| &e.quantity).enumerate());
    let precise = model.run.precision.iter().flat_map(Precision::named).enumerate();
    targets
        .chain(expected)
        .chain(iter::repeat("run.precision").zip(precise))
        .filter_map(|(section, (i, q))| Some((section, i, measured(model, q).err()?)))
}

/// The model, with everything that its targets, expectations and precision speak of among what its run measures.
pub(crate) fn demanding(model: &Model) -> Cow<'_, Model> {
    let expected = model.expectations.iter().map(|expected| expected.quantity.clone());
    let precise = model.run.precision.iter().flat_map(Precision::named).cloned();
    let wanted: Vec<Quantity> = spoken_of(&model.targets).chain(expected).chain(precise).collect();
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
