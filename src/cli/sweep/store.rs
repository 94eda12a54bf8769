//! The folder of a sweep: its plan, the journal to which finished points are appended, a lock against
//! a second process, and at the end the tables.
//!
//! ```text
//! plan.json      what is to be run; written once, before the first point
//! journal.jsonl  a line per finished point; what a kill leaves behind is all that is needed to go on
//! table.csv ...  written at the end, whole or not at all
//! manifest.json  last: a folder without it is not finished
//! ```

use crate::cli::failure::Failure;
use crate::cli::folder::{self, cannot_write};
use crate::cli::leftover;
use crate::experiment::sweep::journal::{self, Fault, Header, JOURNAL_SCHEMA, Journal};
use crate::experiment::sweep::{PLAN_SCHEMA, Plan, Record, Shard};
use crate::report::manifest::{Stamp, sha256};
use crate::report::sentences::sweep::plan_differences;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Name of the plan.
pub(super) const PLAN: &str = "plan.json";
/// Name of the journal.
pub(super) const JOURNAL: &str = "journal.jsonl";
/// Files that a sweep may have written; `--force` removes them.
const OWN: [&str; 8] =
    ["manifest.json", JOURNAL, PLAN, "table.csv", "table.parquet", "points.csv", "summary.csv", "study.resolved.toml"];

/// An open folder.
pub(super) struct Store {
    pub folder: PathBuf,
    journal: File,
    /// Holds the lock as long as the store lives.
    _lock: File,
}

/// A plan or a manifest as it is kept.
pub(super) fn json_bytes(value: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|e| Failure::Runtime(e.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

impl Store {
    /// Opens a folder for a plan, new or to go on from the points that are finished; refuses what another study
    /// left there.
    pub(super) fn open(
        folder: &Path,
        plan: &Plan,
        shard: Shard,
        force: bool,
        quiet: bool,
    ) -> Result<(Store, Vec<Record>), Failure> {
        folder::create(folder)?;
        let lock = lock(folder)?;
        let bytes = json_bytes(plan)?;
        match belongs(folder, plan, &bytes, shard) {
            Ok(true) => {}
            Err(refused) if !force => return Err(refused),
            // Nothing there yet, or to be thrown away.
            _ => begin(folder, &bytes, shard)?,
        }
        let path = folder.join(JOURNAL);
        let journal = read_journal(&path)?;
        let mut file = OpenOptions::new().write(true).open(&path).map_err(|e| cannot_write(&path, &e))?;
        if journal.torn {
            if !quiet {
                anstream::eprintln!("{}: a line torn by a kill is dropped; its point is run again", path.display());
            }
            file.set_len(journal.whole).map_err(|e| cannot_write(&path, &e))?;
        }
        file.seek(SeekFrom::End(0)).map_err(|e| cannot_write(&path, &e))?;
        Ok((Store { folder: folder.to_path_buf(), journal: file, _lock: lock }, journal.records))
    }

    /// Opens a folder for the points of all shards, which replace those that an earlier merge left there;
    /// refuses what another study left.
    pub(super) fn anew(folder: &Path, plan: &Plan, force: bool) -> Result<Store, Failure> {
        let (store, _) = Store::open(folder, plan, Shard::WHOLE, force, true)?;
        begin(folder, &json_bytes(plan)?, Shard::WHOLE)?;
        let path = folder.join(JOURNAL);
        let journal = OpenOptions::new().append(true).open(&path).map_err(|e| cannot_write(&path, &e))?;
        Ok(Store { journal, ..store })
    }

    /// Keeps a finished point: one write, so that a kill tears at most this line.
    pub(super) fn keep(&mut self, record: &Record) -> Result<(), Failure> {
        let line = journal::line(record).map_err(|e| Failure::Runtime(e.to_string()))?;
        let path = self.folder.join(JOURNAL);
        self.journal.write_all(line.as_bytes()).map_err(|e| cannot_write(&path, &e))
    }
}

fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| cannot_write(&path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(usage!("another process is running a sweep in `{}`", folder.display())),
        Err(TryLockError::Error(e)) => Err(cannot_write(&path, &e)),
    }
}

/// Writes the plan and the first line of the journal; what was there is removed.
fn begin(folder: &Path, plan: &[u8], shard: Shard) -> Result<(), Failure> {
    leftover::remove(folder, &[]);
    for name in OWN {
        let path = folder.join(name);
        if path.exists() {
            std::fs::remove_file(&path).map_err(|e| cannot_write(&path, &e))?;
        }
    }
    folder::write_file(&folder.join(PLAN), plan)?;
    let header = Header { schema: JOURNAL_SCHEMA.to_string(), plan: sha256(plan), shard };
    let line = journal::line(&header).map_err(|e| Failure::Runtime(e.to_string()))?;
    folder::write_file(&folder.join(JOURNAL), line.as_bytes())
}

/// Whether a folder holds this plan; false: it holds none.
fn belongs(folder: &Path, plan: &Plan, bytes: &[u8], shard: Shard) -> Result<bool, Failure> {
    if !folder.join(PLAN).exists() {
        return match ["manifest.json", JOURNAL].iter().find(|name| folder.join(name).exists()) {
            Some(name) => Err(usage!(
                "`{}` holds other results (`{name}` without `{PLAN}`): take another directory, or --force to write here",
                folder.display()
            )),
            None => Ok(false),
        };
    }
    let there = folder::read_file(&folder.join(PLAN))?;
    if there != bytes {
        return Err(changed(folder, plan, &there));
    }
    if !folder.join(JOURNAL).exists() {
        // Killed between the two files.
        return Ok(false);
    }
    let Some(header) = read_journal(&folder.join(JOURNAL))?.header else { return Ok(false) };
    if header.plan != sha256(bytes) {
        return Err(usage!("`{}` belongs to another plan", folder.join(JOURNAL).display()));
    }
    if header.shard != shard {
        return Err(usage!(
            "`{}` holds shard {} and this is shard {shard}: take another directory",
            folder.display(),
            header.shard
        ));
    }
    Ok(true)
}

/// What to say of a folder that holds another plan.
fn changed(folder: &Path, plan: &Plan, there: &[u8]) -> Failure {
    let remedy = "Nothing was changed: take another directory, or --force to throw away what is there";
    let shown = folder.display();
    match read_plan(&folder.join(PLAN), there) {
        Ok(earlier) => {
            let differences = plan_differences(&plan.differences(&earlier));
            usage!("the study is not the one that `{shown}` was begun with; it differs in {differences}. {remedy}")
        }
        Err(Failure::Usage(why)) => usage!("{why}. {remedy}"),
        Err(other) => other,
    }
}

/// A plan of this version.
pub(super) fn read_plan(path: &Path, bytes: &[u8]) -> Result<Plan, Failure> {
    let (shown, own) = (path.display(), env!("CARGO_PKG_VERSION"));
    let damaged = |e: serde_json::Error| usage!("`{shown}` cannot be read ({e}): it was edited or damaged");
    let stamp: Stamp = serde_json::from_slice(bytes).map_err(damaged)?;
    let [schema, version] = [&stamp.schema, &stamp.version].map(|text| text.as_deref().unwrap_or("none"));
    if schema != PLAN_SCHEMA || version != own {
        return Err(usage!(
            "`{shown}` was written by another version of lindley (`{schema}` of {version}; this writes `{PLAN_SCHEMA}` of \
             {own})"
        ));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

/// A journal; a whole line that is not what was written is an error, and nothing is touched.
pub(super) fn read_journal(path: &Path) -> Result<Journal, Failure> {
    let bytes = folder::read_file(path)?;
    journal::read(&bytes).map_err(|Fault { line, what }| {
        usage!(
            "line {line} of `{}` {what}; nothing was changed: remove that line to run its point again, or --force to \
             begin anew",
            path.display()
        )
    })
}
