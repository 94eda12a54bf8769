//! `lindley sweep` and `lindley merge`: a model at many settings, kept point by point, so that a kill
//! costs the points in progress and nothing else.

mod finish;
mod merge;
mod shards;
mod store;
mod study;
mod typed;

pub(super) use merge::merge;

use super::args::Format;
use super::args::sweep::SweepArgs;
use super::failure::Failure;
use super::folder::read_file;
use super::output::{command_line, print};
use super::progress;
use crate::experiment::BUDGET;
use crate::experiment::sweep::{Plan, Planned, Record, Running, Shard, SweepCourse, estimate, gather, run};
use crate::experiment::{Options, Pursuit, Status};
use crate::report::answered;
use crate::units::format_duration;
pub(in crate::cli) use shards::shard;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use store::Store;
use study::SweepStudy;

/// Sweeps, prints the result, writes the folder, and answers by the exit code.
pub(super) fn sweep(args: &SweepArgs) -> Result<(), Failure> {
    let shard = args.shard.as_deref().map(shard).transpose()?;
    let study = SweepStudy::read(args)?;
    let plan = study.plan()?;
    remark(&plan, args.settings.quiet);
    let part = shard.unwrap_or(Shard::WHOLE);
    if args.dry_run {
        return list(args, &study, &plan, part);
    }
    let out = args.out.as_deref().map(|out| shards::folder(out, shard));
    let mut kept = KeptPoints::open(out, &plan, part, args)?;
    let wall_s = simulate(args, &study, &plan, part, &mut kept)?;
    let interrupted = progress::interrupted().load(Ordering::Relaxed);
    let course = SweepCourse { command: command_line(), wall_s, interrupted };
    let folder = kept.store.map(|store| store.folder);
    let own = own(&plan, part);
    let set = answered(gather(&own, kept.records, course));
    if let Some(folder) = folder.as_deref().filter(|_| !interrupted && set.points.len() == own.points.len()) {
        finish::write(folder, &plan, &set, part)?;
        if !args.settings.quiet {
            anstream::eprintln!("tables are in {}", folder.display());
        }
    }
    finish::answer(&set, own.points.len(), folder.as_deref(), args.format, args.verbose)
}

/// The part of a plan that a shard has.
fn own(plan: &Plan, shard: Shard) -> Plan {
    let points = plan.points.iter().filter(|p| shard.has(p.point.index)).cloned().collect();
    Plan { points, ..plan.clone() }
}

/// Finished points, perhaps kept in a folder.
#[derive(Default)]
struct KeptPoints {
    records: Vec<Record>,
    store: Option<Store>,
}

impl KeptPoints {
    fn open(out: Option<PathBuf>, plan: &Plan, shard: Shard, args: &SweepArgs) -> Result<KeptPoints, Failure> {
        let Some(out) = out else { return Ok(KeptPoints::default()) };
        let (store, records) = Store::open(&out, plan, shard, args.force, args.settings.quiet)?;
        if !records.is_empty() && !args.settings.quiet {
            anstream::eprintln!("{} finished points are found in {}", records.len(), out.display());
        }
        Ok(KeptPoints { records, store: Some(store) })
    }

    fn keep(&mut self, record: Record) -> Result<(), Failure> {
        self.store.iter_mut().try_for_each(|store| store.keep(&record))?;
        self.records.push(record);
        Ok(())
    }
}

/// Runs what is not finished, with a progress bar; Ctrl-C ends it.
fn simulate(
    args: &SweepArgs,
    study: &SweepStudy,
    plan: &Plan,
    shard: Shard,
    kept: &mut KeptPoints,
) -> Result<f64, Failure> {
    let finished: HashSet<String> = kept.records.iter().map(|record| record.id.clone()).collect();
    let wanted = plan.points.iter().filter(|p| p.run && shard.has(p.point.index));
    let todo: Vec<&Planned> = wanted.filter(|p| !finished.contains(&p.point.id)).collect();
    let bar = progress::bar("points", args.settings.quiet);
    bar.set_length(todo.len() as u64);
    let mut keep = |record: Record| {
        bar.inc(1);
        kept.keep(record)
    };
    let options = options(args);
    let ended = study.with(|request| {
        let interrupted = progress::interrupted();
        run(&Running { request, todo: &todo, options: &options, fail_fast: args.fail_fast, interrupted }, &mut keep)
    });
    bar.finish_and_clear();
    ended
}

fn options(args: &SweepArgs) -> Options {
    let (jobs, engine) = (args.settings.jobs, args.settings.engine.into());
    // Many points: each may spend less than a run that stands alone.
    Options { jobs, command: command_line(), engine, budget: Some(BUDGET / 10), pursuit: Pursuit::Precision }
}

/// Says what the plan left out.
fn remark(plan: &Plan, quiet: bool) {
    let parts = [
        (plan.repeated, "points are repetitions of earlier ones and are run once"),
        (plan.skipped, "points have no steady state and are skipped"),
    ];
    for (n, what) in parts.into_iter().filter(|(n, _)| *n > 0 && !quiet) {
        anstream::eprintln!("{n} {what}");
    }
}

/// Prints the points, and how long they will take.
fn list(args: &SweepArgs, study: &SweepStudy, plan: &Plan, shard: Shard) -> Result<(), Failure> {
    let own = own(plan, shard);
    if args.format == Format::Json {
        return print(&String::from_utf8_lossy(&store::json_bytes(&own)?));
    }
    let todo: Vec<&Planned> = own.points.iter().filter(|p| p.run).collect();
    let mut text: String = own.points.iter().map(line).collect();
    text += &format!("{} points, {} to be simulated", own.points.len(), todo.len());
    if shard.is_part() {
        text += &format!(" (shard {shard} of {} points)", plan.points.len());
    }
    print(&(text + "\n"))?;
    let estimated = study.with(|request| estimate(request, &todo, &options(args)));
    let Some(e) = estimated else { return Ok(()) };
    let least = if e.at_least { "at least " } else { "" };
    let shown = format_duration(e.seconds);
    print(&format!("estimate: {least}{shown} on {} threads, from short runs of {} points\n", e.threads, e.timed))
}

/// One point of the list.
fn line(planned: &Planned) -> String {
    let point = &planned.point;
    let settings: Vec<String> = point.settings.iter().map(|s| format!("{} = {}", s.path, s.value)).collect();
    let status = match point.status {
        Status::Ok => format!("seed {} x {}", planned.seed, planned.replications),
        Status::Unstable => "unstable".to_string(),
        Status::Failed => "failed".to_string(),
    };
    let why = point.message.as_ref().map_or(String::new(), |why| format!(": {why}"));
    format!("{:>5}  {}  {}  {}  {status}{why}\n", point.index, point.id, point.block, settings.join(", "))
}

/// The result of a sweep and the text of its study.
pub(super) type Swept = (crate::experiment::ResultSet, String);

/// A folder of a sweep as [`saved::read`](super::saved::read) gives it.
pub(super) fn read(folder: &Path, provenance: crate::experiment::result::Provenance) -> Result<Swept, Failure> {
    let path = folder.join(store::PLAN);
    let plan = store::read_plan(&path, &read_file(&path)?)?;
    let journal = store::read_journal(&folder.join(store::JOURNAL))?;
    let shard = journal.header.as_ref().map_or(Shard::WHOLE, |header| header.shard);
    let mut result = answered(gather(&own(&plan, shard), journal.records, SweepCourse::default()));
    result.provenance = provenance;
    Ok((result, plan.study))
}
