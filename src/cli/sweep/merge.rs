//! `lindley merge`: the shards of a sweep become the tables of the whole.

use super::finish;
use super::store::{JOURNAL, PLAN, Store, read_journal, read_plan};
use crate::cli::args::sweep::MergeArgs;
use crate::cli::failure::Failure;
use crate::cli::folder::read_file;
use crate::cli::output::command_line;
use crate::experiment::sweep::{Plan, Record, Shard, SweepCourse, gather};
use crate::report::answered;
use crate::report::manifest::sha256;
use crate::report::sentences::sweep::plan_differences;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One shard as it was read.
struct ReadShard {
    folder: PathBuf,
    plan: Vec<u8>,
    shard: Shard,
    records: Vec<Record>,
}

/// Merges, prints and answers.
pub(crate) fn merge(args: &MergeArgs) -> Result<(), Failure> {
    let folders = args.shards.iter().map(|path| folders(path, &args.out)).collect::<Result<Vec<_>, _>>()?.concat();
    let parts = folders.iter().map(|folder| read(folder)).collect::<Result<Vec<_>, _>>()?;
    let plan = common_plan(&parts)?;
    let records = join(&plan, parts)?;
    let mut store = Store::anew(&args.out, &plan, args.force)?;
    records.iter().try_for_each(|record| store.keep(record))?;
    let wall_s = records.iter().map(|r| r.wall_s).sum();
    let course = SweepCourse { command: command_line(), wall_s, interrupted: false };
    let set = answered(gather(&plan, records, course));
    finish::write(&args.out, &plan, &set, Shard::WHOLE)?;
    if !args.quiet {
        anstream::eprintln!("{} shards are merged in {}", folders.len(), args.out.display());
    }
    finish::answer(&set, plan.points.len(), Some(&args.out), args.format, args.verbose)
}

/// The folders of shards that a path means: itself, or those in it; never the one that takes the
/// result, which may hold that of an earlier merge.
fn folders(path: &Path, out: &Path) -> Result<Vec<PathBuf>, Failure> {
    if path.join(PLAN).exists() && !is_same(path, out) {
        return Ok(vec![path.to_path_buf()]);
    }
    let unreadable = |e: std::io::Error| usage!("cannot read `{}`: {e}", path.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let folder = entry.map_err(unreadable)?.path();
        if folder.join(PLAN).exists() && !is_same(&folder, out) {
            found.push(folder);
        }
    }
    found.sort();
    match found.is_empty() {
        true if is_same(path, out) => Err(usage!(
            "`{}` takes the result (-o), and holds no shards: name the folders of the shards, or another -o",
            path.display()
        )),
        true => Err(usage!("`{}` is no folder of a sweep, and holds none", path.display())),
        false => Ok(found),
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn read(folder: &Path) -> Result<ReadShard, Failure> {
    let (path, journal_path) = (folder.join(PLAN), folder.join(JOURNAL));
    let plan = read_file(&path)?;
    // Another version is told by the plan: its journal may be anything.
    read_plan(&path, &plan)?;
    let journal = read_journal(&journal_path)?;
    let header = journal.header.filter(|header| header.plan == sha256(&plan)).ok_or_else(|| {
        usage!("`{}` does not belong to `{}`: one of them was edited", journal_path.display(), path.display())
    })?;
    Ok(ReadShard { folder: folder.to_path_buf(), plan, shard: header.shard, records: journal.records })
}

/// The plan that all have.
fn common_plan(parts: &[ReadShard]) -> Result<Plan, Failure> {
    let parse = |part: &ReadShard| read_plan(&part.folder.join(PLAN), &part.plan);
    let Some((first, others)) = parts.split_first() else { return Err(usage!("no shards are given")) };
    let plan = parse(first)?;
    if let Some(other) = others.iter().find(|other| other.plan != first.plan) {
        return Err(usage!(
            "`{}` and `{}` are shards of different sweeps: {}",
            first.folder.display(),
            other.folder.display(),
            plan_differences(&parse(other)?.differences(&plan))
        ));
    }
    Ok(plan)
}

/// All records in the order of the plan, each once.
fn join(plan: &Plan, parts: Vec<ReadShard>) -> Result<Vec<Record>, Failure> {
    missing(plan, &parts)?;
    let mut by_id: HashMap<String, (PathBuf, Record)> = HashMap::new();
    for part in parts {
        for record in part.records {
            let id = record.id.clone();
            if let Some((earlier, _)) = by_id.insert(id.clone(), (part.folder.clone(), record)) {
                let (a, b) = (earlier.display(), part.folder.display());
                return Err(usage!("point {id} is in `{a}` and in `{b}`: give each shard once"));
            }
        }
    }
    let runs = plan.points.iter().filter(|p| p.run);
    Ok(runs.filter_map(|p| by_id.remove(&p.point.id)).map(|(_, record)| record).collect())
}

/// Names every shard that is missing or not finished.
fn missing(plan: &Plan, parts: &[ReadShard]) -> Result<(), Failure> {
    let of = parts.iter().map(|part| part.shard.of).max().unwrap_or(1);
    let mut said = Vec::new();
    for shard in (1..=of).map(|part| Shard { part, of }) {
        let wanted: Vec<&str> =
            plan.points.iter().filter(|p| p.run && shard.has(p.point.index)).map(|p| p.point.id.as_str()).collect();
        let there = parts.iter().flat_map(|part| &part.records).filter(|r| wanted.contains(&r.id.as_str())).count();
        let begun = parts.iter().find(|part| part.shard == shard);
        match begun {
            _ if there >= wanted.len() => {}
            Some(part) => said.push(format!(
                "shard {shard} in `{}` is not finished ({there} of {} points): run its command again",
                part.folder.display(),
                wanted.len()
            )),
            None => said.push(format!("shard {shard} is missing ({} points)", wanted.len() - there)),
        }
    }
    if said.is_empty() { Ok(()) } else { Err(Failure::Usage(said.join("; "))) }
}
