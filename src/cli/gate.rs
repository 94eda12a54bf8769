//! `lindley gate`: pass or fail a change of a model, for continuous integration.

use super::args::compare::GateArgs;
use super::compare::{PRECISION, Typed, alternatives, interrupted, metrics, one_from_stdin, run, typed_precision};
use super::failure::Failure;
use crate::experiment::comparison::{Alternative, Comparison, ComparisonRequest, Gate, GateVerdict};
use crate::experiment::demanded;
use crate::model::Entities;
use crate::row::Demand;
use crate::units::{TextError, parse_share};

/// Compares, judges, prints, and answers by the exit code.
pub(super) fn gate(args: &GateArgs) -> Result<(), Failure> {
    let typed = [
        Typed { label: "base", file: &args.base, set: &args.set_base },
        Typed { label: "new", file: args.new.as_deref().unwrap_or(&args.base), set: &args.set_new },
    ];
    if args.new.is_none() && args.set_base.is_empty() && args.set_new.is_empty() {
        return Err(Failure::Usage("nothing to judge: name a second file, or say --set-new PATH=VALUE".into()));
    }
    let worse_by = share(&args.worse_by).map_err(|e| Failure::Usage(format!("--worse-by {e}")))?;
    one_from_stdin([Some(&args.base), args.new.as_ref()].into_iter().flatten().map(String::as_str))?;
    let sides = alternatives([&typed[0], &typed[1]], &args.run)?;
    let wanted = typed_precision(&sides[0].model, &args.run.settings)?;
    let request = ComparisonRequest {
        metrics: metrics(&args.run.metrics, &sides[1].model)?,
        targets: targets(&args.targets, &sides[1])?,
        precision: wanted.or(args.run.settings.replications.is_none().then_some(PRECISION)),
        gate: Some(Gate { worse_by, precision: wanted.unwrap_or(PRECISION) }),
    };
    let result = run(sides, &request, &args.run)?;
    interrupted(&result)?;
    result.comparison.as_ref().map_or(Ok(()), verdict)
}

/// What the exit code says of the checks.
fn verdict(comparison: &Comparison) -> Result<(), Failure> {
    let count = |verdict: GateVerdict| comparison.checks.iter().filter(|check| check.verdict == verdict).count();
    let checks = |n: usize| format!("{n} of {} checks", comparison.checks.len());
    match (count(GateVerdict::Failed), count(GateVerdict::Undecided)) {
        (0, 0) => Ok(()),
        (0, n) => Err(Failure::Imprecise(format!(
            "gate undecided: {} too imprecise to tell after {} pairs of replications{}",
            checks(n),
            comparison.pairs,
            comparison.checks.iter().filter_map(|check| check.needed_pairs).max().map_or(String::new(), |n| format!(
                "; about {n} would be enough (-n {n}, or raise run.max_replications)"
            ))
        ))),
        (n, _) => Err(Failure::No(format!("gate failed: {}", checks(n)))),
    }
}

/// The targets of the new model: those typed replace its own of the same quantity.
fn targets(typed: &[String], new: &Alternative) -> Result<Vec<Demand>, Failure> {
    let entities = Entities::of(&new.model);
    let typed: Result<Vec<Demand>, _> = typed.iter().map(|text| entities.demand(text)).collect();
    let typed = typed.map_err(|e: crate::model::Misnamed| Failure::Usage(format!("--{e}")))?;
    let measured = |target: &Demand| demanded::measured(&new.model, &target.quantity);
    typed.iter().try_for_each(measured).map_err(|e| usage!("--target: {e}"))?;
    let own = new.model.targets.iter().filter(|own| typed.iter().all(|t| t.quantity != own.quantity));
    let all: Vec<Demand> = typed.iter().chain(own).cloned().collect();
    match Demand::contradiction(&all) {
        Some(clash) => Err(usage!("{clash}")),
        None => Ok(all),
    }
}

/// A share that is not negative: `5%` or `0.05`.
fn share(text: &str) -> Result<f64, TextError> {
    let share = parse_share(text).filter(|x| *x >= 0.0);
    share.ok_or_else(|| format!("{text}: a share such as 0.05 or `5%` is wanted").into())
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_numbers_or_percent() {
        assert_eq!((share("5%"), share("0.05"), share("0")), (Ok(0.05), Ok(0.05), Ok(0.0)));
        assert!(["-5%", "much", "NaN", "inf%", ""].iter().all(|text| share(text).is_err()));
    }
}
