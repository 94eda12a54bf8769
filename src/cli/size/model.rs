//! A model or a study: what its file and the options ask together. The options win.

use super::notation::{no_mistakes, targets};
use crate::cli::args::size::SizeArgs;
use crate::cli::failure::Failure;
use crate::cli::load::{self, ModelSource};
use crate::cli::output::command_line;
use crate::cli::progress;
use crate::experiment::result::Saved;
use crate::experiment::size::question::{ModelQuestion, Unreadable};
use crate::experiment::sweep::unknown_path;
use crate::experiment::{Curves, demanded};
use crate::model::study::SizeQuestion;
use crate::model::study::size::{BurstText, CostTerm, SizeAxis};
use crate::model::{self, Change, Consumer, Entities, Model};
use crate::row::Demand;
use crate::units::{TextError, parse_share};

/// Sizes a model by theory and simulation.
pub(super) fn size(args: &SizeArgs) -> Result<Saved, Failure> {
    if args.method.is_some() || !args.settings.precision.is_empty() {
        let remedy = "each target is decided at --confidence, and theory chooses its methods";
        return Err(usage!("--method and --precision do not apply to a model file: {remedy}"));
    }
    let source = load::source(&args.what)?;
    let request = request(args, source.study(args.settings.quiet)?.size.unwrap_or_default())?;
    let changes = load::changes(&args.settings)?;
    let mut base = base(&source, &changes)?;
    let text = model::overlay(&source.model, &changes).map_err(|why| usage!("{why}"))?;
    paths(&request, &source, &text)?;
    let targets = all_targets(args, &request, &base)?;
    demanded::demand(&mut base.run, demanded::spoken_of(&targets));
    let variant = |more: &[Change]| read_model(&source, &[&changes[..], more].concat());
    let question = ModelQuestion::new(&request, targets, &base, &variant)?;
    let first = args.settings.replications.unwrap_or(question.first).max(1);
    let engine = args.settings.engine.into();
    let question = ModelQuestion { engine, command: command_line(), jobs: args.settings.jobs, first, ..question };
    let bar = progress::bar("candidates", args.settings.quiet);
    let shown = |done: usize| {
        bar.set_length(done as u64 + 1);
        bar.set_position(done as u64);
    };
    let result = question.answer(progress::interrupted(), &shown);
    bar.finish_and_clear();
    Ok(Saved { result: result?, curves: Curves::default(), model: text })
}

/// Refuses what the model has not, with the nearest that it has.
fn paths(request: &SizeQuestion, source: &ModelSource, text: &str) -> Result<(), Failure> {
    let fault = |axis: &SizeAxis| unknown_path(text, &|file| source.data_file(file), &axis.path, &axis.text(0));
    no_mistakes(request.vary.iter().filter_map(fault).map(|why| why.to_string()).collect())
}

/// The model as it stands. One that cannot keep up is what a sizing is for: it is read with servers in plenty.
fn base(source: &ModelSource, changes: &[Change]) -> Result<Model, Failure> {
    let stable = match read_model(source, changes) {
        Err(Unreadable::Unstable(_)) => {
            let transient = [("run.horizon", "1s"), ("run.warmup", "none")];
            let transient = transient.iter().filter_map(|(path, value)| Change::at(path, *value).ok());
            read_model(source, &changes.iter().cloned().chain(transient).collect::<Vec<_>>()).and_then(|names| {
                let plenty = |c: &Consumer| Change::at(&format!("consumers.{}.servers", c.name), PLENTY).ok();
                let plenty = names.consumers.iter().filter_map(plenty);
                let settled = read_model(source, &changes.iter().cloned().chain(plenty).collect::<Vec<_>>())?;
                Ok(Model { run: settled.run, ..names })
            })
        }
        read => read,
    };
    match stable {
        Ok(model) => Ok(model),
        // What is wrong is said with places, as everywhere.
        Err(_) => source.model_with(changes, true).map(|(model, _)| model),
    }
}

/// Servers in plenty.
const PLENTY: i64 = 1_000_000;

/// A model with changes; of what makes it none only the words are kept.
fn read_model(source: &ModelSource, changes: &[Change]) -> Result<Model, Unreadable> {
    let text = model::overlay(&source.model, changes).map_err(|why| Unreadable::Wrong(why.into()))?;
    let read = model::parse(&source.model_name, &text, &|file| source.data_file(file));
    read.map(|(model, _)| model).map_err(|found| Unreadable::of(&found))
}

/// The section of the file with the options over it.
fn request(args: &SizeArgs, section: SizeQuestion) -> Result<SizeQuestion, Failure> {
    let mut mistakes = Vec::new();
    let mut axes = read(&args.vary, SizeAxis::parse, "--vary", &mut mistakes);
    let largest = read(args.largest.as_slice(), SizeAxis::parse, "--largest", &mut mistakes);
    let is_largest = !largest.is_empty() || (section.largest && axes.is_empty());
    axes.extend(largest);
    let cost: Vec<CostTerm> =
        read(&args.cost, CostTerm::parse, "--cost", &mut mistakes).into_iter().flatten().collect();
    let bursts = read(&args.burst, BurstText::parse, "--burst", &mut mistakes);
    let confidence = args.confidence.as_deref().map(share).transpose().unwrap_or_else(|why| {
        mistakes.push(why.into());
        None
    });
    if args.max_replications.is_some_and(|n| n < 2) {
        mistakes.push("--max-replications: at least 2, or there is no interval".to_string());
    }
    no_mistakes(mistakes)?;
    fn or<T>(given: Vec<T>, other: Vec<T>) -> Vec<T> {
        if given.is_empty() { other } else { given }
    }
    let one = args.n_minus_1.as_ref().map(|name| Some(name.clone()).filter(|name| !name.is_empty()));
    Ok(SizeQuestion {
        targets: section.targets,
        vary: or(axes, section.vary),
        largest: is_largest,
        cost: or(cost, section.cost),
        n_minus_1: one.or(section.n_minus_1),
        bursts: or(bursts, section.bursts),
        confidence: confidence.or(section.confidence),
        max_replications: args.max_replications.or(section.max_replications),
        front: args.front || section.front,
    })
}

fn read<T>(
    texts: &[String],
    one: impl Fn(&str) -> Result<T, TextError>,
    option: &str,
    mistakes: &mut Vec<String>,
) -> Vec<T> {
    let read = |text: &String| one(text).map_err(|why| mistakes.push(format!("{option} {why}"))).ok();
    texts.iter().filter_map(read).collect()
}

/// A confidence as `95%` or `0.95`.
fn share(text: &str) -> Result<f64, TextError> {
    let value = parse_share(text).filter(|x| *x > 0.0 && *x < 1.0);
    value.ok_or_else(|| format!("--confidence {text}: a share between 0 and 1 is wanted, as 95%").into())
}

/// The targets of the options, else those of `[size]`, else those of `[targets]`.
fn all_targets(args: &SizeArgs, request: &SizeQuestion, base: &Model) -> Result<Vec<Demand>, Failure> {
    match [&args.target, &request.targets].into_iter().find(|texts| !texts.is_empty()) {
        Some(texts) => targets(texts, &Entities::of(base)),
        None => Ok(base.targets.clone()),
    }
}
