//! `lindley run`: simulate a model and report.

use super::args::{RunArgs, Settings};
use super::deliver::deliver;
use super::failure::Failure;
use super::output::command_line;
use super::{asked, folder, load, progress};
use crate::experiment::note::Note;
use crate::experiment::rare::RareError;
use crate::experiment::result::{Curves, ResultSet, Saved, StopReason};
use crate::experiment::verdict::{self, Verdict};
use crate::experiment::{self, Options, Pursuit, Standing, Study};
use crate::model::{Entities, Model};
use crate::report::model_summary;
use crate::row::{Metric, NoValue, Row, Scope};
use crate::units::{parse_duration, short_rate};

/// Runs a model, prints the result, writes the directory, and answers by the exit code.
pub(super) fn run(args: &RunArgs) -> Result<(), Failure> {
    let (mut model, text) = load::load(&args.model, &args.settings)?;
    asked::demand(&mut model, &args.asked)?;
    if let Some(folder) = &args.output.out {
        folder::prepare(folder)?;
    }
    let limit = args.time_limit.as_deref().map(limit).transpose()?;
    limit.into_iter().for_each(progress::interrupt_after);
    if !args.rare.is_empty() {
        return rare(args, &model, text, limit);
    }
    let mut study = simulate(&model, &args.settings, Pursuit::Targets)?;
    if let Some(limit) = limit.filter(|_| progress::is_time_over()) {
        out_of_time(&mut study.result, limit);
    }
    study.result.model_summary = Some(model_summary(&model));
    let verdicts = verdict::targets(&model.targets, &study.result);
    let saved = Saved { result: study.result, curves: study.curves, model: text };
    let result = deliver(saved, &args.output, args.settings.quiet)?;
    answer(&result, &verdicts)?;
    match result.provenance.stop_reason {
        StopReason::Time if model.run.precision.is_some() => {
            Err(Failure::Imprecise("precision not reached within the time limit".into()))
        }
        _ => Ok(()),
    }
}

/// The seconds of `--time-limit`.
fn limit(text: &str) -> Result<f64, Failure> {
    match parse_duration(text) {
        Ok(limit) if limit > 0.0 => Ok(limit),
        Ok(_) => Err(usage!("--time-limit {text}: a time above 0 is needed")),
        Err(why) => Err(usage!("--time-limit {text}: {why}")),
    }
}

/// Says that the clock ended a run, if it did: it may just have been over.
fn out_of_time(result: &mut ResultSet, limit: f64) {
    if result.provenance.stop_reason == StopReason::Interrupted {
        result.provenance.stop_reason = StopReason::Time;
        result.notes.push(Note::TimeLimit(limit).to_string());
    }
}

/// Estimates rare events instead of simulating at random.
fn rare(args: &RunArgs, model: &Model, text: String, limit: Option<f64>) -> Result<(), Failure> {
    let entities = Entities::of(model);
    let read = |event: &String| {
        let found = match event.contains(['<', '>']) && !event.contains("prob(") {
            true => entities.quantity(&format!("prob({event})")),
            false => entities.quantity(event),
        };
        found.map_err(|why| usage!("--rare `{event}`: {why}"))
    };
    let quantities = args.rare.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let found = experiment::rare::run(model, &quantities, &options(&args.settings), progress::interrupted());
    let mut result = match (found, limit) {
        (Err(RareError::Interrupted), Some(_)) if progress::is_time_over() => {
            return Err(Failure::Imprecise("no path was finished within the time limit".into()));
        }
        (found, _) => found?,
    };
    if let Some(limit) = limit.filter(|_| progress::is_time_over()) {
        out_of_time(&mut result, limit);
    }
    let saved = Saved { result, curves: Curves::default(), model: text };
    let result = deliver(saved, &args.output, args.settings.quiet)?;
    match result.provenance.stop_reason {
        StopReason::Budget => Err(Failure::Imprecise("precision not reached within the budget of events".into())),
        StopReason::Time => Err(Failure::Imprecise("precision not reached within the time limit".into())),
        _ => answer(&result, &[]),
    }
}

fn options(settings: &Settings) -> Options {
    Options { jobs: settings.jobs, command: command_line(), engine: settings.engine.into(), ..Options::default() }
}

/// Simulates with a progress bar; Ctrl-C ends it and keeps what is finished.
pub(super) fn simulate(model: &Model, settings: &Settings, pursuit: Pursuit) -> Result<Study, Failure> {
    let bar = progress::bar("replications", settings.quiet);
    let options = Options { pursuit, ..options(settings) };
    let study = experiment::run(model, &options, progress::interrupted(), &|p| progress::show(&bar, p));
    bar.finish_and_clear();
    Ok(study?)
}

/// What the exit code says of a result that was printed.
fn answer(result: &ResultSet, verdicts: &[Verdict]) -> Result<(), Failure> {
    let count = |standing| verdicts.iter().filter(|verdict| verdict.standing == standing).count();
    let targets = |n: usize| format!("{n} target{}", if n == 1 { "" } else { "s" });
    let n = result.provenance.replications;
    let growing = growing(result);
    match result.provenance.stop_reason {
        StopReason::Interrupted => {
            Err(Failure::Interrupted(format!("interrupted: {n} finished replications are kept")))
        }
        _ if growing.is_some() => Err(Failure::No(growing.unwrap_or_default())),
        StopReason::Budget => Err(Failure::Imprecise(format!(
            "precision not reached with {n} replications: raise run.max_replications or run.messages"
        ))),
        _ => match (count(Standing::Missed), count(Standing::Undecided)) {
            (0, 0) => Ok(()),
            (0, n) => Err(Failure::Imprecise(format!("{} undecided: too imprecise to tell", targets(n)))),
            (n, _) => Err(Failure::No(format!("{} missed", targets(n)))),
        },
    }
}

/// The queues that have no steady state: they were seen to grow over the whole run.
fn growing(result: &ResultSet) -> Option<String> {
    let grows = |row: &Row| match row.refusal {
        Some(NoValue::Grows { per_second }) if row.scope == Scope::Queue && row.metric == Metric::InSystem => {
            Some(format!("queue `{}` grows by {}", row.name, short_rate(per_second)))
        }
        _ => None,
    };
    let all: Vec<String> = result.rows.iter().filter_map(grows).collect();
    (!all.is_empty()).then(|| format!("no steady state: {}", all.join(", ")))
}
