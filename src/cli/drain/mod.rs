//! `lindley drain`: how large a backlog becomes, when it is gone, what it takes to be back in time.

mod question;
mod rates;
mod simulated;

use super::args::drain::DrainArgs;
use super::deliver::deliver;
use super::failure::Failure;
use super::folder;
use crate::experiment::result::{Curves, ResultSet, Saved};

/// Answers, prints, writes the directory, and says yes or no by the exit code.
pub(super) fn drain(args: &DrainArgs) -> Result<(), Failure> {
    let output = &args.output;
    output.out.iter().try_for_each(|folder| folder::prepare(folder))?;
    let saved = match &args.model {
        None => Saved { result: rates::answer(args)?, curves: Curves::default(), model: String::new() },
        Some(file) => simulated::answer(file, args)?,
    };
    verdict(&deliver(saved, output, args.settings.quiet)?)
}

/// What the exit code says of a result that was printed.
fn verdict(result: &ResultSet) -> Result<(), Failure> {
    let headline = result.answer.as_ref().map_or("not recovered", |answer| answer.headline.as_str());
    match (result.passed, &result.recovery) {
        (Some(false), Some(recovery)) if recovery.target.is_some() => {
            Err(Failure::No("not recovered within the time asked for".to_string()))
        }
        (Some(false), _) => Err(Failure::No(headline.to_string())),
        _ => Ok(()),
    }
}
