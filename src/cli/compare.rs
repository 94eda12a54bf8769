//! `lindley compare`: two models, or the best of several, with common random numbers. What `gate` shares with it is here too.

use super::args::EngineArg;
use super::args::compare::{CompareArgs, PairedRun};
use super::args::settings::Settings;
use super::deliver::deliver;
use super::failure::Failure;
use super::output::command_line;
use super::{folder, load, progress};
use crate::experiment::Options;
use crate::experiment::comparison::{self, Alternative, ComparisonError, ComparisonRequest, Ranking};
use crate::experiment::point::Setting;
use crate::experiment::result::{ResultSet, Saved, StopReason};
use crate::experiment::study::{Progress, Study};
use crate::model::{Change, Entities, Model, Precision, value_of};
use crate::row::Quantity;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Compares, prints, writes the directory, and answers by the exit code.
pub(super) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let typed = typed(args);
    let files = [Some(&args.a), args.b.as_ref()].into_iter().flatten().chain(&args.more);
    one_from_stdin(files.map(String::as_str))?;
    match typed.len() {
        1 => Err(usage!("nothing to compare with: name a second file, or say --set-b PATH=VALUE")),
        2 => two(alternatives([&typed[0], &typed[1]], &args.run)?, &args.run),
        _ => several(&typed, &args.run),
    }
}

/// Labels of the models, in the order in which they are typed.
const LABELS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The models in the order of their labels: the files, B as A with other values, and what `--or` adds. More than there are
/// labels for share the last one, and are refused.
fn typed(args: &CompareArgs) -> Vec<Typed<'_>> {
    let sets = !args.set_a.is_empty() || !args.set_b.is_empty();
    let second =
        args.b.as_deref().or_else(|| (!args.set_b.is_empty() || (sets && args.or.is_empty())).then_some(&*args.a));
    let mut all: Vec<(&str, &[String])> = vec![(&args.a, &args.set_a)];
    all.extend(second.map(|file| (file, &args.set_b[..])));
    all.extend(args.more.iter().map(|file| (file.as_str(), &[][..])));
    all.extend(args.or.iter().map(|set| (args.a.as_str(), std::slice::from_ref(set))));
    let label = |i: usize| i.min(LABELS.len() - 1);
    let side = |(i, (file, set)): (usize, (_, _))| Typed { label: &LABELS[label(i)..=label(i)], file, set };
    all.into_iter().enumerate().map(side).collect()
}

fn two(sides: [Alternative; 2], paired: &PairedRun) -> Result<(), Failure> {
    let request = ComparisonRequest {
        metrics: metrics(&paired.metrics, &sides[0].model)?,
        precision: sides[0].model.run.precision.as_ref().map(Precision::least),
        ..ComparisonRequest::default()
    };
    let result = run(sides, &request, paired)?;
    interrupted(&result)?;
    match result.provenance.stop_reason {
        StopReason::Budget => Err(Failure::Imprecise(format!(
            "precision not reached with {} pairs of replications: raise run.max_replications or run.messages",
            result.provenance.replications
        ))),
        _ => Ok(()),
    }
}

/// Precision of the differences of several models, and of a gate, where nothing else is said.
pub(super) const PRECISION: f64 = 0.05;

/// The precision that was typed: that of a file is meant for the means of a run.
pub(super) fn typed_precision(model: &Model, settings: &Settings) -> Result<Option<f64>, Failure> {
    let typed = load::changes(settings)?.iter().any(|change| change.path() == "run.precision");
    Ok(model.run.precision.as_ref().filter(|_| typed).map(Precision::least))
}

/// The best of several by one quantity.
fn several(typed: &[Typed<'_>], paired: &PairedRun) -> Result<(), Failure> {
    if typed.len() > LABELS.len() {
        return Err(usage!("{} models: at most {} can be compared", typed.len(), LABELS.len()));
    }
    let [metric] = &paired.metrics[..] else {
        return Err(usage!("of {} models the best is told by one quantity: name it with --metric", typed.len()));
    };
    let mut reader = Reader::new(paired)?;
    let sides = typed.iter().map(|typed| reader.read(typed)).collect::<Result<Vec<_>, _>>()?;
    let quantity = metrics(std::slice::from_ref(metric), &sides[0].model)?.remove(0);
    let settings = &paired.settings;
    let wanted = typed_precision(&sides[0].model, settings)?;
    let precision = wanted.or(settings.replications.is_none().then_some(PRECISION));
    let text = sides[0].text.clone();
    let result = delivered("replications of each model", text, paired, |options, interrupted, show| {
        comparison::choose(sides, &quantity, precision, options, interrupted, show)
    })?;
    interrupted(&result)?;
    match result.comparison.and_then(|found| found.ranking) {
        Some(ranking) if ranking.best.is_none() => Err(untold(&ranking, result.provenance.replications)),
        _ => Ok(()),
    }
}

fn untold(ranking: &Ranking, replications: u32) -> Failure {
    let open: Vec<&str> = ranking.open().map(|ranked| ranked.side.as_str()).collect();
    let needed = ranking
        .needed_replications
        .map_or(String::new(), |n| format!("; about {n} would be enough (-n {n}, or a smaller --precision)"));
    let open = open.join(" or ");
    Failure::Imprecise(format!("the best cannot be told after {replications} replications of each: {open}{needed}"))
}

/// One side as it was typed.
pub(super) struct Typed<'a> {
    /// `A`, `B`, `C`, ..., `base` or `new`.
    pub label: &'a str,
    /// The file.
    pub file: &'a str,
    /// What is set on this side only.
    pub set: &'a [String],
}

/// Refuses to read two models from standard input.
pub(super) fn one_from_stdin<'f>(files: impl Iterator<Item = &'f str>) -> Result<(), Failure> {
    match files.filter(|file| *file == "-").count() {
        0 | 1 => Ok(()),
        _ => Err(usage!("only one of the models can come from standard input")),
    }
}

/// Reads both models.
pub(super) fn alternatives(typed: [&Typed<'_>; 2], paired: &PairedRun) -> Result<[Alternative; 2], Failure> {
    let mut reader = Reader::new(paired)?;
    Ok([reader.read(typed[0])?, reader.read(typed[1])?])
}

/// Reads models; each file once, with its warnings.
struct Reader {
    common: Vec<Change>,
    quiet: bool,
    sources: HashMap<String, load::ModelSource>,
}

impl Reader {
    fn new(paired: &PairedRun) -> Result<Reader, Failure> {
        let settings = &paired.settings;
        if settings.engine == EngineArg::Recursion {
            let why = "all models run on the general engine, so that their random numbers stay in step";
            return Err(usage!("--engine recursion: {why}"));
        }
        let mut common = load::changes(settings)?;
        if let Some(level) = &paired.level {
            common.extend(Change::at("run.level", level.as_str()).ok());
        }
        Ok(Reader { common, quiet: settings.quiet, sources: HashMap::new() })
    }

    fn read(&mut self, typed: &Typed<'_>) -> Result<Alternative, Failure> {
        let known = self.sources.get(typed.file).cloned();
        let quiet = self.quiet || known.is_some();
        let source = known.map_or_else(|| load::source(typed.file), Ok)?;
        self.sources.insert(typed.file.to_string(), source.clone());
        alternative(typed, &source, &self.common, quiet)
    }
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

/// Runs the pairs, writes the directory and prints.
pub(super) fn run(
    sides: [Alternative; 2],
    request: &ComparisonRequest,
    paired: &PairedRun,
) -> Result<ResultSet, Failure> {
    let text = sides[0].text.clone();
    delivered("pairs of replications", text, paired, |options, interrupted, show| {
        comparison::compare(sides, request, options, interrupted, show)
    })
}

/// Runs models side by side with a progress bar, writes the directory and prints.
fn delivered(
    what: &'static str,
    model: String,
    PairedRun { settings, output, .. }: &PairedRun,
    study: impl FnOnce(&Options, &AtomicBool, &(dyn Fn(Progress) + Sync)) -> Result<Study, ComparisonError>,
) -> Result<ResultSet, Failure> {
    if let Some(out) = &output.out {
        folder::prepare(out)?;
    }
    let options =
        Options { jobs: settings.jobs, command: command_line(), engine: settings.engine.into(), ..Options::default() };
    let bar = progress::bar(what, settings.quiet);
    let study = study(&options, progress::interrupted(), &|p| progress::show(&bar, p));
    bar.finish_and_clear();
    let study = study.map_err(|refusal| match refusal {
        ComparisonError::Study(error) => error.into(),
        other => Failure::Usage(other.to_string()),
    })?;
    deliver(Saved { result: study.result, curves: study.curves, model }, output, settings.quiet)
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
