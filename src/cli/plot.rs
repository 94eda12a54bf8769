//! `lindley plot`: draws the charts of a folder of results, without simulating.

use super::args::plot::PlotArgs;
use super::failure::Failure;
use super::folder;
use crate::report::{album, bundle};

/// Draws every chart that the results have.
pub fn plot(args: &PlotArgs) -> Result<(), Failure> {
    let saved = folder::read(&args.results)?;
    let out = args.out.as_ref().unwrap_or(&args.results);
    folder::prepare(out)?;
    for chart in album::charts(&saved.result, &saved.curves) {
        folder::write(out, &bundle::chart_files(chart)?)?;
    }
    Ok(())
}
