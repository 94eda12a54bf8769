//! `lindley sensitivity`: what matters most for a quantity.

use super::args::EngineArg;
use super::args::sensitivity::SensitivityArgs;
use super::compare::metrics;
use super::deliver::deliver;
use super::failure::Failure;
use super::load::ModelSource;
use super::output::command_line;
use super::{folder, load, progress};
use crate::diag::{self, Diagnostic};
use crate::experiment::result::{Saved, StopReason};
use crate::experiment::sensitivity::{SensitivityError, SensitivityQuestion, VariedPath, answer};
use crate::experiment::{Options, measured};
use crate::model::{Change, Entities, Model};
use crate::row::Quantity;
use crate::units::parse_share;

/// Moves parameters, prints, writes the directory.
pub(super) fn sensitivity(args: &SensitivityArgs) -> Result<(), Failure> {
    let settings = &args.run.settings;
    refused(args)?;
    if let Some(out) = &args.run.output.out {
        folder::prepare(out)?;
    }
    let source = load::source(&args.model)?;
    let mut changes = load::changes(settings)?;
    changes.extend(args.run.level.iter().filter_map(|level| Change::at("run.level", level.as_str()).ok()));
    let (model, text) = source.model_with(&changes, settings.quiet)?;
    let question = SensitivityQuestion {
        name: &source.model_name,
        text: &text,
        files: &|file| source.data_file(file),
        of: quantities(&args.run.metrics, &model)?,
        vary: args.vary.iter().map(|text| vary(text)).collect::<Result<_, _>>()?,
        step: step(&args.step)?,
    };
    let options = Options { jobs: settings.jobs, command: command_line(), ..Options::default() };
    let bar = progress::bar("replications", settings.quiet);
    let study = answer(&question, &options, progress::interrupted(), &|p| progress::show(&bar, p));
    bar.finish_and_clear();
    let study = study.map_err(|why| failure(why, &source, &text))?;
    let result =
        deliver(Saved { result: study.result, curves: study.curves, model: text }, &args.run.output, settings.quiet)?;
    match result.provenance.stop_reason {
        StopReason::Interrupted => Err(Failure::Interrupted("interrupted: finished parameters are kept".into())),
        _ => Ok(()),
    }
}

fn refused(args: &SensitivityArgs) -> Result<(), Failure> {
    if args.run.settings.engine == EngineArg::Recursion {
        let why = "all models run on the general engine, so that their random numbers stay in step";
        return Err(usage!("--engine recursion: {why}"));
    }
    match &args.run.settings.precision[..] {
        [] => Ok(()),
        _ => Err(usage!("--precision does not apply: -n and --messages say how much is run for each step")),
    }
}

fn vary(text: &str) -> Result<VariedPath, Failure> {
    VariedPath::parse(text).map_err(|why| usage!("--vary {why}"))
}

/// A share above 0 and below a half: a step down twice as long is still above 0.
fn step(text: &str) -> Result<f64, Failure> {
    let share = parse_share(text).filter(|share| *share > 0.0 && *share < 0.5);
    share.ok_or_else(|| usage!("--step {text}: a share above 0 and below 50 % is wanted, as 2%"))
}

/// Those of `--metric`, else those of the targets, else the mean sojourn in the system.
fn quantities(typed: &[String], model: &Model) -> Result<Vec<Quantity>, Failure> {
    let mut wanted = match typed {
        [] => model.targets.iter().map(|target| target.without_level().quantity).collect(),
        typed => metrics(typed, model)?,
    };
    if wanted.is_empty() {
        wanted.extend(Entities::of(model).quantity("system.sojourn.mean").ok());
    }
    let mut once: Vec<Quantity> = Vec::new();
    for quantity in wanted {
        measured(model, &quantity).map_err(|why| usage!("--metric: {why}"))?;
        if !once.contains(&quantity) {
            once.push(quantity);
        }
    }
    Ok(once)
}

fn failure(why: SensitivityError, source: &ModelSource, text: &str) -> Failure {
    let placed = |found: &[Diagnostic]| load::eprint(&diag::render(found, &source.model_name, text, true));
    match &why {
        SensitivityError::Misread(found) => placed(found),
        SensitivityError::NoNumber(_, found) => placed(std::slice::from_ref(&**found)),
        SensitivityError::Study(_)
        | SensitivityError::Unknown { .. }
        | SensitivityError::NoModel { .. }
        | SensitivityError::Nothing(_) => {}
    }
    match why {
        SensitivityError::Study(error) => error.into(),
        other => Failure::Usage(format!("--vary: {other}")),
    }
}
