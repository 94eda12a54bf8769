//! The package as a library: a model in, a result out. Everything here is also behind a command of
//! the program, with the same numbers.

use crate::analytic;
use crate::diag::{Diagnostic, Severity, code};
use crate::experiment::demanded::demanding;
use crate::experiment::size::question::{ModelQuestion, Unreadable};
use crate::experiment::solve::{TheoryRequest, result, timed};
use crate::experiment::sweep::{self, Record, Running, SweepCourse, SweepRefusal, SweepRequest};
use crate::experiment::{self, Options, ResultSet, StudyError, validation};
use crate::model::study::size::{SizeAxis, SizeQuestion};
use crate::model::{self, Change, Entities, Misnamed, Model, ModelError, ModelText};
use crate::report::{answered, model_summary};
use crate::units::TextError;
use std::sync::atomic::AtomicBool;

/// Simulates a model as its `[run]` section says, with theory beside.
///
/// # Errors
///
/// Where threads cannot be started, or the engine cannot run the model.
///
/// ```
/// use lindley::prelude::*;
/// let model = Model::builder("M/M/1")
///     .poisson("web", "80/s", "orders")
///     .queue("orders")
///     .consumer("workers", "orders", 1, LawText::exponential("10ms"))
///     .build()?;
/// let result = simulate(&model)?;
/// // W = 1 / (mu - lambda) = 1 / (100/s - 80/s) = 50 ms.
/// let sojourn = result.row("orders.sojourn.mean").and_then(|row| row.value).unwrap();
/// assert!((sojourn - 0.05).abs() < 0.005);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate(model: &Model) -> Result<ResultSet, StudyError> {
    simulate_with(model, &Options::default())
}

/// As [`simulate`], on so many threads and by that engine.
///
/// # Errors
///
/// As [`simulate`].
pub fn simulate_with(model: &Model, options: &Options) -> Result<ResultSet, StudyError> {
    let study = experiment::run(model, options, &AtomicBool::new(false), &|_| {})?;
    Ok(answered(ResultSet { model_summary: Some(model_summary(model)), ..study.result }))
}

/// What theory says of a model: exact answers, and in the notes why there are no more.
///
/// ```
/// use lindley::prelude::*;
/// let model = Model::builder("M/M/1")
///     .poisson("web", "80/s", "orders")
///     .queue("orders")
///     .consumer("workers", "orders", 1, LawText::exponential("10ms"))
///     .build()?;
/// let result = solve(&model);
/// let wait = result.row("orders.wait.mean").and_then(|row| row.value).unwrap();
/// assert!((wait - 0.04).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve(model: &Model) -> ResultSet {
    let (theory, wall_s) = timed(|| analytic::theory(&demanding(model)));
    let request =
        TheoryRequest { name: model.name.clone(), hash: model.hash.clone(), wall_s, ..TheoryRequest::default() };
    let notes = validation::notes(model, &theory).iter().map(ToString::to_string).collect();
    result(request, theory.rows().cloned().collect(), notes)
}

/// Runs a study: its model at every setting of its `[[sweep]]` blocks.
///
/// # Errors
///
/// What is wrong with the study or with one of its points, and points that cannot be run.
pub fn sweep(study: &ModelText) -> Result<ResultSet, FacadeError> {
    let (file, _) = model::parse_study(study.as_text()).map_err(|found| wrong(found, study))?;
    let no_files = |name: &str| Err(format!("`{name}`: a study read from text alone has no data files").into());
    let request = SweepRequest { file: study.name(), text: study.as_text(), files: &no_files, blocks: &file.sweeps };
    let plan = sweep::plan(&request).map_err(|refusal| refused(refusal, study))?;
    let todo: Vec<_> = plan.points.iter().filter(|planned| planned.run).collect();
    let (options, interrupted) = (Options::default(), AtomicBool::new(false));
    let running =
        Running { request: &request, todo: &todo, options: &options, fail_fast: false, interrupted: &interrupted };
    let mut records: Vec<Record> = Vec::new();
    let mut keep = |record: Record| {
        records.push(record);
        Ok(())
    };
    let wall_s = sweep::run::<FacadeError>(&running, &mut keep)?;
    Ok(answered(sweep::gather(&plan, records, SweepCourse { wall_s, ..SweepCourse::default() })))
}

/// The smallest value of a parameter at which a target holds, as `orders.wait.p99 < 500ms` and
/// `consumers.workers.servers=1:64`, by simulation with theory's help.
///
/// # Errors
///
/// A text that is no model, a target or a range that makes no sense.
pub fn size(text: &ModelText, target: &str, vary: &str) -> Result<ResultSet, FacadeError> {
    let base = text.read()?;
    let target = Entities::of(&base).demand(target).map_err(FacadeError::Target)?;
    let question = SizeQuestion { vary: vec![SizeAxis::parse(vary)?], ..SizeQuestion::default() };
    let variant = |changes: &[Change]| variant(text, changes);
    let answer = ModelQuestion::new(&question, vec![target], &base, &variant)
        .and_then(|question| question.answer(&AtomicBool::new(false), &|_| {}));
    Ok(answered(answer.map_err(|e| TextError::from(e.to_string()))?))
}

fn variant(text: &ModelText, changes: &[Change]) -> Result<Model, Unreadable> {
    let changed = model::overlay(text.as_text(), changes).map_err(|why| Unreadable::Wrong(why.into()))?;
    ModelText::new(text.name(), changed).read().map_err(|error| {
        let mut errors = error.diagnostics().iter().filter(|found| found.severity == Severity::Error);
        match errors.all(|found| found.code == code::UNSTABLE_QUEUE) {
            true => Unreadable::Unstable(error.to_string()),
            false => Unreadable::Wrong(error.to_string()),
        }
    })
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FacadeError {
    /// The text is no model or no study: everything that is wrong with it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model of a point of a study is wrong.
    #[error("with {settings}: {error}")]
    Point {
        /// The settings of the point.
        settings: String,
        /// What is wrong.
        error: ModelError,
    },
    /// The target is none, or speaks of what the model does not have.
    #[error(transparent)]
    Target(Misnamed),
    /// What is to be varied is no path with its values, or cannot be sized or swept: why.
    #[error(transparent)]
    Question(#[from] TextError),
    /// The threads of a study could not be started.
    #[error(transparent)]
    Study(#[from] StudyError),
}

fn wrong(found: Vec<Diagnostic>, study: &ModelText) -> FacadeError {
    ModelError::new(found, study.clone()).into()
}

fn refused(refusal: SweepRefusal, study: &ModelText) -> FacadeError {
    match refusal {
        SweepRefusal::Study(found) => wrong(found, study),
        SweepRefusal::Point { settings, text, found, .. } => {
            FacadeError::Point { settings, error: ModelError::new(found, ModelText::new(study.name(), text)) }
        }
        other => FacadeError::Question(other.to_string().into()),
    }
}
