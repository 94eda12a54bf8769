//! The end of a sweep: tables, charts and manifest into the folder, the result to standard output,
//! and the exit code.

use super::store::{JOURNAL, PLAN};
use crate::cli::args::Format;
use crate::cli::failure::Failure;
use crate::cli::folder;
use crate::cli::leftover;
use crate::cli::output::print_result;
use crate::experiment::Status;
use crate::experiment::result::{Curves, ResultSet, StopReason};
use crate::experiment::sweep::{Plan, Shard};
use crate::report::bundle::{File, chart_files};
use crate::report::manifest::{MANIFEST_SCHEMA, Manifest, ManifestFile, PointCounts, SweepManifest};
use crate::report::{chart_set, sweep};
use std::path::Path;

/// Writes tables and charts; the manifest last.
pub(super) fn write(folder: &Path, plan: &Plan, set: &ResultSet, shard: Shard) -> Result<(), Failure> {
    let mut files = sweep::files(set)?;
    files.push(("study.resolved.toml".to_string(), plan.study.clone().into_bytes()));
    for chart in chart_set::charts(set, &Curves::default()) {
        files.extend(chart_files(chart)?);
    }
    let manifest = manifest(folder, plan, set, shard, &files)?;
    files.push(("manifest.json".to_string(), manifest));
    let kept = files.iter().map(|(name, _)| name.as_str()).chain([PLAN, JOURNAL]);
    leftover::remove(folder, &kept.collect::<Vec<_>>());
    folder::write(folder, &files)
}

fn manifest(folder: &Path, plan: &Plan, set: &ResultSet, shard: Shard, files: &[File]) -> Result<Vec<u8>, Failure> {
    let mut listed: Vec<_> = files.iter().map(|(name, bytes)| ManifestFile::of(name, bytes)).collect();
    for name in [PLAN, JOURNAL] {
        let path = folder.join(name);
        let bytes =
            std::fs::read(&path).map_err(|e| Failure::Runtime(format!("cannot read `{}`: {e}", path.display())))?;
        listed.push(ManifestFile::of(name, &bytes));
    }
    let sweep = SweepManifest {
        shard: shard.to_string(),
        points: counts(plan, set),
        blocks: plan.blocks.clone(),
        random_streams: "xoshiro256++ per (seed, replication, entity, purpose)".to_string(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let (schema, provenance) = (MANIFEST_SCHEMA.to_string(), set.provenance.clone());
    Ok(Manifest { schema, provenance, sweep: Some(sweep), files: listed }.to_bytes()?)
}

fn counts(plan: &Plan, set: &ResultSet) -> PointCounts {
    let of = |status: Status| set.points.iter().filter(|p| p.status == status).count();
    PointCounts {
        ok: of(Status::Ok),
        unstable: of(Status::Unstable),
        failed: of(Status::Failed),
        planned: plan.points.len(),
        repeated: plan.repeated,
        skipped: plan.skipped,
    }
}

/// Prints a result, and answers by the exit code; `kept` says where finished points are.
pub(super) fn answer(
    set: &ResultSet,
    planned: usize,
    kept: Option<&Path>,
    format: Format,
    verbose: bool,
) -> Result<(), Failure> {
    print_result(set, format, verbose)?;
    let of = |status: Status| set.points.iter().filter(|p| p.status == status).count();
    if set.provenance.stop_reason == StopReason::Interrupted {
        let kept = kept.map_or("not kept (there is no -o DIR)".to_string(), |folder| {
            format!("kept in {}; the same command runs the rest", folder.display())
        });
        return Err(Failure::Interrupted(format!("interrupted: {} of {planned} points are {kept}", set.points.len())));
    }
    match of(Status::Failed) {
        0 if set.provenance.stop_reason == StopReason::Budget => Err(Failure::Imprecise(
            "precision not reached at some points: raise run.max_replications or run.messages".to_string(),
        )),
        0 => Ok(()),
        n => Err(Failure::Partial(format!("{n} of {planned} points failed"))),
    }
}
