//! `lindley solve`: what theory says of a station in Kendall's notation, of a named system, or of
//! a model file.

pub(super) mod beside;
mod given;
pub(super) mod station;
mod table;

use super::args::solve::SolveArgs;
use super::asked;
use super::explain::describe;
use super::failure::Failure;
use super::load;
use super::output::{command_line, print, print_result};
use crate::analytic::catalog;
use crate::analytic::kendall::Notation;
use crate::analytic::method::UnknownMethod;
use crate::analytic::plan::{NoPlan, RefusedMethod, StationPlan, methods};
use crate::analytic::system::{Given, System};
use crate::analytic::{self, MethodId, Refusal};
use crate::experiment::demanded::demanding;
use crate::experiment::result::ResultSet;
use crate::experiment::solve::{TheoryRequest, result, timed};
use crate::model::RunSettings;
use crate::row::{Metric, Row, Statistic};

/// What theory said, ready to print, and the answer of the command.
struct Said {
    name: String,
    hash: String,
    rows: Vec<Row>,
    notes: Vec<String>,
    /// Why there is no steady state, if so.
    unstable: Option<String>,
}

/// Solves what is asked, prints the result, and answers by the exit code.
pub(super) fn solve(args: &SolveArgs) -> Result<(), Failure> {
    let Some(what) = args.what.as_deref().filter(|_| !args.list) else { return print(&list()) };
    if let Some(range) = args.servers.as_deref().filter(|_| is_notation(what)) {
        beside::of_notation(what, args)?;
        return tabulate(what, range, args);
    }
    let (said, wall_s) = timed(|| say(what, args));
    let said = said?;
    let request = TheoryRequest { name: said.name, hash: said.hash, command: command_line(), wall_s };
    print_result(&result(request, said.rows, said.notes), args.format, true)?;
    match said.unstable {
        Some(why) => Err(Failure::No(why)),
        None => Ok(()),
    }
}

fn is_notation(what: &str) -> bool {
    Notation::is_meant(what) && !std::path::Path::new(what).exists()
}

/// One line for every number of servers.
fn tabulate(what: &str, range: &str, args: &SolveArgs) -> Result<(), Failure> {
    let quantiles = quantiles(args)?;
    let (found, wall_s) = timed(|| table::table(what, range, args, &quantiles));
    let found = found?;
    let request = TheoryRequest { name: what.to_string(), hash: String::new(), command: command_line(), wall_s };
    let ResultSet { schema, provenance, .. } = result(request, Vec::new(), Vec::new());
    print_result(&ResultSet { schema, provenance, ..found }, args.format, args.verbose)
}

fn say(what: &str, args: &SolveArgs) -> Result<Said, Failure> {
    if is_notation(what) {
        beside::of_notation(what, args)?;
        return of_notation(what, args);
    }
    if let Some(system) = catalog::find(what) {
        beside::of_system(what, args)?;
        return of_system(system, given::from_options(system, args)?);
    }
    if !what.contains(['/', '.', '\\']) && what != "-" && !std::path::Path::new(what).exists() {
        return Err(Failure::Usage(given::unknown(what)));
    }
    let text = load::read(what)?;
    match given::from_file(&text, args)? {
        Some((system, given)) => {
            beside::of_system(what, args)?;
            of_system(system, given)
        }
        None => {
            beside::of_model(what, args)?;
            of_model(what, args)
        }
    }
}

fn quantiles(args: &SolveArgs) -> Result<Vec<f64>, Failure> {
    let wrong: Vec<String> = args.quantiles.iter().filter(|p| !(**p > 0.0 && **p < 1.0)).map(f64::to_string).collect();
    if !wrong.is_empty() {
        return Err(usage!("--quantiles {}: a quantile lies between 0 and 1", wrong.join(", ")));
    }
    Ok(if args.quantiles.is_empty() { RunSettings::default().quantiles } else { args.quantiles.clone() })
}

fn of_notation(text: &str, args: &SolveArgs) -> Result<Said, Failure> {
    let (quantiles, events) = (quantiles(args)?, asked::events(&args.asked)?);
    let station = station::read(text, &args.station)?;
    let planned = match &args.method {
        None => analytic::plan::plan(&station),
        Some(name) => {
            let method: MethodId =
                name.parse().map_err(|unknown: UnknownMethod| Failure::Usage(unknown.to_string()))?;
            analytic::plan::plan_by(&station, method)
        }
    };
    match planned {
        Ok(plan) => Ok(solved(text, &plan, &quantiles, &events, args.verbose)),
        Err(NoPlan::Unstable(method, why)) => Ok(unstable(text, &station, method, why.to_string())),
        Err(NoPlan::Invalid(reasons)) => Err(Failure::Usage(reasons.join("\n  "))),
        Err(NoPlan::Unknown(refused)) => Err(Failure::Usage(no_method(text, &refused, args.verbose))),
    }
}

fn solved(text: &str, plan: &StationPlan, quantiles: &[f64], events: &[(Metric, Statistic)], verbose: bool) -> Said {
    let mut rows: Vec<Row> =
        plan.answers.iter().flat_map(|answer| analytic::rows_of(text, answer, quantiles)).collect();
    rows.extend(analytic::rows_of_events(text, &plan.answers, events));
    let mut notes = vec![plan.to_string()];
    let best = plan.best();
    if best.steady.wait.is_some() && best.steady.wait_law.is_none() && best.steady.sojourn_law.is_none() {
        notes.push(format!("`{}` gives moments, not distributions: no quantiles", best.method.id));
    }
    if verbose {
        notes.extend(plan.refused.iter().map(|refused| format!("not by {refused}")));
    }
    Said { name: text.to_string(), hash: String::new(), rows, notes, unstable: None }
}

fn unstable(text: &str, station: &analytic::Station, method: MethodId, why: String) -> Said {
    let rows = analytic::rows_without_steady_state(text, station, &why);
    let notes = vec![format!("no steady state, by `{method}`: {why}")];
    Said { name: text.to_string(), hash: String::new(), rows, notes, unstable: Some(why) }
}

fn no_method(text: &str, refused: &[RefusedMethod], verbose: bool) -> String {
    let shown = if verbose { refused.len() } else { refused.len().min(6) };
    let lines: Vec<String> = refused[..shown].iter().map(|refused| format!("\n  {refused}")).collect();
    let more = refused.len() - shown;
    let more = if more > 0 {
        format!("\n  ({more} more methods do not apply either: --verbose tells why)")
    } else {
        String::new()
    };
    format!(
        "{text}: no method here solves this station; change what the nearest methods name, or write it as a model and \
         simulate it with `lindley run`{}{more}",
        lines.concat()
    )
}

fn of_system(system: &'static System, given: Given) -> Result<Said, Failure> {
    let name = system.name.to_string();
    match (system.solve)(&given) {
        Ok(answer) => {
            let unstable = (!answer.overloads.is_empty()).then(|| answer.overloads.join("; "));
            Ok(Said { name, hash: String::new(), rows: answer.rows, notes: answer.notes, unstable })
        }
        Err(Refusal::Unstable(why)) => {
            let notes = vec![format!("no steady state: {why}")];
            Ok(Said { name, hash: String::new(), rows: Vec::new(), notes, unstable: Some(why.to_string()) })
        }
        Err(why) => Err(usage!("{name}: {why}")),
    }
}

fn of_model(file: &str, args: &SolveArgs) -> Result<Said, Failure> {
    let mut model = load::load_with(file, &args.set, args.quiet)?;
    if !args.quantiles.is_empty() {
        model.run.quantiles = quantiles(args)?;
    }
    asked::demand(&mut model, &args.asked)?;
    let theory = analytic::answer(&demanding(&model));
    let hash = model.hash.clone();
    Ok(Said { name: model.name, hash, rows: theory.rows, notes: theory.notes, unstable: theory.unstable })
}

/// Systems with their parameters, and methods.
fn list() -> String {
    let systems: String = catalog::systems().map(|s| format!("{}\n", describe(s))).collect();
    let methods: String = methods().map(|m| format!("  {} ({})\n", m.id, worth(m.source))).collect();
    format!(
        "{systems}Methods for stations in Kendall's notation and for the queues of models, in the order tried:\n{methods}"
    )
}

fn worth(source: crate::row::Source) -> &'static str {
    match source {
        crate::row::Source::Approximation => "approximation",
        crate::row::Source::Bound => "bound",
        _ => "exact",
    }
}
