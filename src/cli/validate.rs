//! `lindley validate`: what shows that this program can be believed, on this machine, and how often its intervals hold.

use super::args::validate::ValidateArgs;
use super::failure::Failure;
use super::folder::cannot_write;
use super::output::print;
use super::progress;
use super::sweep::shard;
use crate::experiment::coverage::{self, CoverageCase, CoverageRun, RunSize, cases, cells};
use crate::experiment::proof::{self, Proof};
use crate::experiment::sweep::Shard;
use crate::report::{self, coverage_table};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Mutex;

/// By what the runs of the stations that are known exactly are divided.
const SHORTER: u64 = 10;

/// Models whose intervals are counted where everything is shown in short, and with how many seeds.
const COUNTED: ([&str; 3], u64) = (["mm1-09", "mm8-09", "mh2-08"], 200);

/// Shows everything in short, or counts how often intervals cover.
pub(super) fn validate(args: &ValidateArgs) -> Result<(), Failure> {
    if args.counts() { count(args) } else { prove(args) }
}

/// Two minutes' worth of evidence.
fn prove(args: &ValidateArgs) -> Result<(), Failure> {
    let shown = evidence(args)?;
    print(&report::proof(&shown))?;
    if shown.holds() { Ok(()) } else { Err(Failure::No("not everything holds: please report it".into())) }
}

fn evidence(args: &ValidateArgs) -> Result<Proof, Failure> {
    let cases: Vec<_> = cases().into_iter().filter(|case| COUNTED.0.contains(&case.name)).collect();
    let witnesses = coverage::on_threads(args.jobs, || proof::witnesses(SHORTER, progress::interrupted()))?;
    let todo = cases.iter().flat_map(|case| (1..=COUNTED.1).map(move |seed| (case, RunSize::Medium, seed)));
    let runs = run_all(todo.collect(), args, None)?;
    let repeated = proof::repeated(progress::interrupted())?;
    Ok(Proof { witnesses, cells: cells(&cases, &runs), repeated })
}

/// Runs what is not kept yet, and prints the table of everything.
fn count(args: &ValidateArgs) -> Result<(), Failure> {
    let cases = wanted(&args.case)?;
    let sizes = args.size.iter().map(|name| size(name)).collect::<Result<Vec<_>, _>>()?;
    let sizes = if sizes.is_empty() { RunSize::ALL.to_vec() } else { sizes };
    let typed = args.seeds.as_deref().map(seeds).transpose()?;
    let shard = args.shard.as_deref().map_or(Ok(Shard::WHOLE), shard)?;
    let kept = args.out.as_deref().map_or(Ok(Vec::new()), read)?;
    let known: HashSet<_> = kept.iter().map(|run| (run.case.clone(), run.size, run.seed)).collect();
    let every = cases.iter().flat_map(|case| sizes.iter().map(move |size| (case, *size)));
    let seeds = |size: RunSize| typed.clone().unwrap_or(1..=size.seeds());
    let every = every.flat_map(|(case, size)| seeds(size).map(move |seed| (case, size, seed))).zip(0..);
    let todo = every.filter(|(_, i)| shard.has(*i)).map(|(run, _)| run);
    let todo = todo.filter(|(case, size, seed)| !known.contains(&(case.name.to_string(), *size, *seed))).collect();
    let mut runs = kept;
    runs.extend(run_all(todo, args, args.out.as_deref())?);
    let cells = cells(&cases, &runs);
    let text = match args.full {
        true => report::how_lindley_knows(&cells, &evidence(args)?, env!("CARGO_PKG_VERSION"), &today()),
        false => coverage_table(&cells),
    };
    print(&text)?;
    match cells.iter().filter(|cell| cell.fails()).count() {
        0 => Ok(()),
        n => Err(Failure::No(format!("{n} of {} cells do not cover", cells.len()))),
    }
}

/// Runs them in parallel; each is kept as soon as it is finished.
fn run_all(
    todo: Vec<(&CoverageCase, RunSize, u64)>,
    args: &ValidateArgs,
    out: Option<&Path>,
) -> Result<Vec<CoverageRun>, Failure> {
    let file = out.map(open).transpose()?;
    let bar = progress::bar("runs", args.quiet);
    bar.set_length(todo.len() as u64);
    let kept = Mutex::new((file, Vec::new()));
    let one = |(case, size, seed): (&CoverageCase, RunSize, u64)| -> Result<(), Failure> {
        let run = coverage::run(case, size, seed, progress::interrupted())?;
        bar.inc(1);
        let mut kept = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let (Some(file), Some(path)) = (&mut kept.0, out) {
            keep(file, path, &run)?;
        }
        kept.1.push(run);
        Ok(())
    };
    coverage::in_parallel(args.jobs, todo, one)?;
    bar.finish_and_clear();
    Ok(kept.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).1)
}

/// The date, as 2026-11-28.
fn today() -> String {
    let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    now.split('T').next().unwrap_or_default().to_string()
}

fn keep(file: &mut File, path: &Path, run: &CoverageRun) -> Result<(), Failure> {
    let line = serde_json::to_string(run).map_err(|e| Failure::Runtime(e.to_string()))?;
    file.write_all(format!("{line}\n").as_bytes()).map_err(|e| cannot_write(path, &e))
}

fn open(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().create(true).append(true).open(path).map_err(|e| cannot_write(path, &e))
}

/// The runs that a file keeps; the last line may be torn.
fn read(path: &Path) -> Result<Vec<CoverageRun>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path).map_err(|e| usage!("cannot read `{}`: {e}", path.display()))?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    if whole.len() + 1 < text.len() {
        std::fs::write(path, format!("{whole}\n")).map_err(|e| cannot_write(path, &e))?;
    }
    let line = |(i, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|e| usage!("{}:{}: no run of `validate`: {e}", path.display(), i + 1))
    };
    whole.lines().enumerate().map(line).collect()
}

fn wanted(names: &[String]) -> Result<Vec<CoverageCase>, Failure> {
    let all = cases();
    let known: Vec<&str> = all.iter().map(|case| case.name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(usage!("--case {name}: known are {}", known.join(", ")));
    }
    Ok(all.into_iter().filter(|case| names.is_empty() || names.iter().any(|name| name == case.name)).collect())
}

fn size(name: &str) -> Result<RunSize, Failure> {
    let found = RunSize::ALL.into_iter().find(|size| size.name() == name);
    found.ok_or_else(|| usage!("--size {name}: known are {}", RunSize::ALL.map(RunSize::name).join(", ")))
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, Failure> {
    let ends = text.split_once(':').and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    match ends {
        Some((first, last)) if first <= last => Ok(first..=last),
        _ => Err(usage!("--seeds {text}: write FIRST:LAST, as 1:1000")),
    }
}
