//! `lindley run`: simulate a model and report.

use super::args::RunArgs;
use super::failure::Failure;
use super::load;
use super::output::{command_line, print_result};
use crate::experiment::result::{ResultSet, StopReason};
use crate::experiment::{self, Options, Progress, Study, verdict};
use crate::model::Model;
use crate::report;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Runs a model, prints the result, writes the directory, and answers by the exit code.
pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let model = load::load(&args.model, &args.settings)?;
    if let Some(folder) = &args.out {
        // Before the long run, not after it.
        std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
    }
    let mut study = simulate(&model, args.settings.jobs, args.settings.quiet)?;
    let verdicts = verdict::targets(&model.targets, &study.result);
    study.result.notes.extend(verdicts.iter().map(|v| v.text.clone()));
    if let Some(folder) = &args.out {
        write_bundle(&study, folder, args.settings.quiet)?;
    }
    print_result(&study.result, args.format, args.verbose)?;
    answer(&study.result, verdicts.iter().filter(|v| !v.passed).count())
}

/// Simulates with a progress bar; Ctrl-C ends it and keeps what is finished.
pub fn simulate(model: &Model, jobs: usize, quiet: bool) -> Result<Study, Failure> {
    // A second handler cannot be set, and need not be.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
    let options = Options { jobs, command: command_line() };
    let bar = progress_bar(quiet);
    let show = |p: Progress| {
        bar.set_length(u64::from(p.planned));
        // Threads may report out of order; the bar never goes back.
        bar.set_position(bar.position().max(u64::from(p.done)));
    };
    let study = experiment::run(model, &options, &INTERRUPTED, &show);
    bar.finish_and_clear();
    Ok(study?)
}

/// A bar on a terminal, nothing elsewhere.
fn progress_bar(quiet: bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        Some(0),
        if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(8) },
    );
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} replications, {elapsed} elapsed, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn write_bundle(study: &Study, folder: &Path, quiet: bool) -> Result<(), Failure> {
    for (name, bytes) in report::bundle::bundle(&study.result, &study.curves)? {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|e| cannot_write(&path, &e))?;
    }
    if !quiet {
        anstream::eprintln!("results, curves and charts are in {}", folder.display());
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Runtime(format!("cannot write `{}`: {error}", path.display()))
}

/// What the exit code says of a result that was printed.
fn answer(result: &ResultSet, missed: usize) -> Result<(), Failure> {
    let n = result.provenance.replications;
    match result.provenance.stop_reason {
        StopReason::Interrupted => {
            Err(Failure::Interrupted(format!("interrupted: {n} finished replications are kept")))
        }
        StopReason::Budget => Err(Failure::Imprecise(format!(
            "precision not reached with {n} replications: raise run.max_replications or run.messages"
        ))),
        _ if missed > 0 => Err(Failure::No(format!("{missed} target{} missed", if missed == 1 { "" } else { "s" }))),
        _ => Ok(()),
    }
}
