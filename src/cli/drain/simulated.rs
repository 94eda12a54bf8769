//! `drain` with a model: reads it and the question.

use super::question::{none, question};
use crate::cli::args::drain::{DrainArgs, RateArgs};
use crate::cli::args::given;
use crate::cli::failure::Failure;
use crate::cli::load;
use crate::cli::output::command_line;
use crate::cli::progress;
use crate::experiment::drain::DrainError;
use crate::experiment::drain::search::RecoveryQuestion;
use crate::experiment::result::Saved;
use crate::model::Change;
use crate::report::model_summary;
use std::cell::Cell;

/// The answer of simulation, theory beside.
pub(super) fn answer(file: &str, args: &DrainArgs) -> Result<Saved, Failure> {
    nothing_without_a_model(&args.rates)?;
    nothing_of_a_steady_state(args)?;
    let settings = &args.settings;
    let source = load::source(file)?;
    let question = question(args, source.study(true)?.drain)?;
    let changes = load::changes(settings)?;
    // What is wrong with the model is said when it is read first.
    let quiet = Cell::new(settings.quiet);
    let variant = |more: &[Change]| {
        let read = source.model_with(&[&changes[..], more].concat(), quiet.replace(true));
        read.map_err(|failure| failure.to_string().into())
    };
    let question = RecoveryQuestion { question, variant: &variant, jobs: settings.jobs, command: command_line() };
    let bar = progress::bar("replications", settings.quiet);
    let answer = question.answer(progress::interrupted(), &|p| progress::show(&bar, p));
    bar.finish_and_clear();
    let (mut saved, model) = answer.map_err(|error| match error {
        DrainError::Study(error) => error.into(),
        DrainError::Unreadable(why) => Failure::Usage(why.into()),
        other => usage!("{}: {other}", source.name),
    })?;
    saved.result.model_summary = Some(model_summary(&model));
    Ok(saved)
}

/// Options of a steady state.
fn nothing_of_a_steady_state(args: &DrainArgs) -> Result<(), Failure> {
    none(
        &given!(args.settings; messages, warmup),
        ": drain looks at a transient: it runs from the start until --horizon",
    )
}

/// Options that describe a station, which the model does already.
fn nothing_without_a_model(rates: &RateArgs) -> Result<(), Failure> {
    let options = given!(
        rates; arrival_rate, capacity, servers, mean_service, start_backlog, max_length, retention, message_ttl
    );
    let why = " is for a station without a model; change the model with --set, as --set consumers.NAME.servers=4";
    none(&options, why)
}
