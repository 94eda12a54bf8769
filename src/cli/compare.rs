//! `lindley compare`: two models with common random numbers. What `gate` shares with it is here too.

use super::args::EngineArg;
use super::args::compare::{CompareArgs, PairedRun};
use super::deliver::deliver;
use super::failure::Failure;
use super::output::command_line;
use super::{folder, load, progress};
use crate::experiment::Options;
use crate::experiment::comparison::{self, Alternative, ComparisonError, ComparisonRequest};
use crate::experiment::point::Setting;
use crate::experiment::result::{ResultSet, Saved, StopReason};
use crate::model::{Change, Entities, Model, Precision, value_of};
use crate::row::Quantity;

/// Compares, prints, writes the directory, and answers by the exit code.
pub(super) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let typed = [
        Typed { label: "A", file: &args.a, set: &args.set_a },
        Typed { label: "B", file: args.b.as_deref().unwrap_or(&args.a), set: &args.set_b },
    ];
    if args.b.is_none() && args.set_a.is_empty() && args.set_b.is_empty() {
        return Err(usage!("nothing to compare with: name a second file, or say --set-b PATH=VALUE"));
    }
    let sides = alternatives(typed, args.b.is_none(), &args.run)?;
    let request = ComparisonRequest {
        metrics: metrics(&args.run.metrics, &sides[0].model)?,
        precision: sides[0].model.run.precision.as_ref().map(Precision::least),
        ..ComparisonRequest::default()
    };
    let result = run(sides, &request, &args.run)?;
    interrupted(&result)?;
    match result.provenance.stop_reason {
        StopReason::Budget => Err(Failure::Imprecise(format!(
            "precision not reached with {} pairs of replications: raise run.max_replications or run.messages",
            result.provenance.replications
        ))),
        _ => Ok(()),
    }
}

/// One side as it was typed.
pub(super) struct Typed<'a> {
    /// `A`, `B`, `base` or `new`.
    pub label: &'a str,
    /// The file.
    pub file: &'a str,
    /// What is set on this side only.
    pub set: &'a [String],
}

/// Reads both models; warnings of a file that both use are given once.
pub(super) fn alternatives(
    typed: [Typed<'_>; 2],
    one_file: bool,
    paired: &PairedRun,
) -> Result<[Alternative; 2], Failure> {
    let settings = &paired.settings;
    if settings.engine == EngineArg::Recursion {
        let why = "both models run on the general engine, so that their random numbers stay in step";
        return Err(usage!("--engine recursion: {why}"));
    }
    if typed[0].file == "-" && typed[1].file == "-" && !one_file {
        return Err(usage!("only one of the two models can come from standard input"));
    }
    let mut common = load::changes(settings)?;
    if let Some(level) = &paired.level {
        common.extend(Change::at("run.level", level.as_str()).ok());
    }
    let [first, second] = typed;
    let source = load::source(first.file)?;
    let other = if one_file { source.clone() } else { load::source(second.file)? };
    let a = alternative(&first, &source, &common, settings.quiet)?;
    let b = alternative(&second, &other, &common, settings.quiet || one_file)?;
    Ok([a, b])
}

fn alternative(
    typed: &Typed<'_>,
    source: &load::ModelSource,
    common: &[Change],
    quiet: bool,
) -> Result<Alternative, Failure> {
    let own = load::assignments(typed.set)?;
    let changes: Vec<Change> = common.iter().chain(&own).cloned().collect();
    let (model, text) = source.model_with(&changes, quiet)?;
    let settings = typed.set.iter().filter_map(|assignment| setting(assignment)).collect();
    Ok(Alternative { label: typed.label.to_string(), file: source.name.clone(), model, text, settings })
}

/// `PATH=VALUE` as it is told in the result.
fn setting(assignment: &str) -> Option<Setting> {
    let (path, text) = assignment.split_once('=')?;
    let value = value_of(text);
    let value = value
        .as_integer()
        .map(Into::into)
        .or_else(|| value.as_float().map(Into::into))
        .or_else(|| value.as_bool().map(Into::into))
        .or_else(|| value.as_str().map(Into::into))
        .unwrap_or_else(|| value.to_string().trim().into());
    Some(Setting { path: path.trim().to_string(), value })
}

/// The quantities of `--metric`.
pub(super) fn metrics(typed: &[String], model: &Model) -> Result<Vec<Quantity>, Failure> {
    let entities = Entities::of(model);
    typed.iter().map(|text| entities.quantity(text).map_err(|e| usage!("--metric `{text}`: {e}"))).collect()
}

/// Runs the pairs with a progress bar, writes the directory and prints.
pub(super) fn run(
    sides: [Alternative; 2],
    request: &ComparisonRequest,
    PairedRun { settings, output, .. }: &PairedRun,
) -> Result<ResultSet, Failure> {
    if let Some(out) = &output.out {
        folder::prepare(out)?;
    }
    let options =
        Options { jobs: settings.jobs, command: command_line(), engine: settings.engine.into(), ..Options::default() };
    let text = sides[0].text.clone();
    let bar = progress::bar("pairs of replications", settings.quiet);
    let show = |p| progress::show(&bar, p);
    let study = comparison::compare(sides, request, &options, progress::interrupted(), &show);
    bar.finish_and_clear();
    let study = study.map_err(|refusal| match refusal {
        ComparisonError::Study(error) => error.into(),
        other => Failure::Usage(other.to_string()),
    })?;
    let saved = Saved { result: study.result, curves: study.curves, model: text };
    deliver(saved, output, settings.quiet)
}

/// Whether it was interrupted; what was finished has been printed.
pub(super) fn interrupted(result: &ResultSet) -> Result<(), Failure> {
    match result.provenance.stop_reason {
        StopReason::Interrupted => Err(Failure::Interrupted(format!(
            "interrupted: {} finished pairs of replications are kept",
            result.provenance.replications
        ))),
        _ => Ok(()),
    }
}
