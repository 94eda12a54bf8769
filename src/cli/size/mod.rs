//! `lindley size`: the smallest system that meets its targets. Reads the question; finds nothing itself.

mod model;
mod notation;

use super::args::size::SizeArgs;
use super::deliver::deliver;
use super::failure::Failure;
use super::folder;
use crate::analytic::kendall::Notation;
use crate::experiment::result::{ResultSet, StopReason};

/// Finds what is asked, prints it, and answers by the exit code.
pub(super) fn size(args: &SizeArgs) -> Result<(), Failure> {
    let output = &args.output;
    output.out.iter().try_for_each(|folder| folder::prepare(folder))?;
    let is_file = std::path::Path::new(&args.what).exists();
    let saved = if Notation::is_meant(&args.what) && !is_file { notation::size(args)? } else { model::size(args)? };
    end(&deliver(saved, output, args.settings.quiet)?)
}

/// How the command ends.
fn end(result: &ResultSet) -> Result<(), Failure> {
    let headline = result.answer.as_ref().map(|answer| answer.headline.clone()).unwrap_or_default();
    let certain = result.sizing.as_ref().is_some_and(|sizing| sizing.certain);
    match result.provenance.stop_reason {
        StopReason::Interrupted => Err(Failure::Interrupted("interrupted: what was decided is kept".to_string())),
        _ if result.passed != Some(true) => Err(Failure::No(headline)),
        _ if !certain => Err(Failure::Imprecise(
            "the answer is on the safe side, but not decided: raise --max-replications or --messages".to_string(),
        )),
        _ => Ok(()),
    }
}
