//! Folders of results, written whole.

use super::failure::Failure;
use super::leftover;
use crate::experiment::result::Saved;
use crate::report::bundle::{self, File};
use std::path::{Path, PathBuf};

/// Makes sure that a folder can take a result, before the long run and not after it.
pub(super) fn prepare(folder: &Path) -> Result<(), Failure> {
    if folder.join("plan.json").exists() {
        return Err(usage!(
            "`{}` holds a sweep, whose finished points would be lost: take another directory",
            folder.display()
        ));
    }
    create(folder)
}

/// Makes a folder, and tries whether files can be written there.
pub(super) fn create(folder: &Path) -> Result<(), Failure> {
    if folder.exists() && !folder.is_dir() {
        return Err(usage!("`{}` is a file, and -o names a directory: take another name", folder.display()));
    }
    std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
    let trial = folder.join(format!(".lindley-{}.part", std::process::id()));
    let tried = std::fs::write(&trial, b"").and_then(|()| std::fs::remove_file(&trial));
    tried.map_err(|e| cannot_write(folder, &e))
}

/// Writes a result with its charts, and says where unless quiet.
pub(super) fn save(saved: &Saved, folder: &Path, quiet: bool) -> Result<(), Failure> {
    prepare(folder)?;
    let files = bundle::bundle(saved)?;
    leftover::remove(folder, &files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    write(folder, &files)?;
    if !quiet {
        anstream::eprintln!("results, curves and charts are in {}", folder.display());
    }
    Ok(())
}

/// The bytes of a file that the user named.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| usage!("cannot read `{}`: {e}", path.display()))
}

/// Writes files one by one, each whole or not at all; the manifest stands last in the list.
pub(super) fn write(folder: &Path, files: &[File]) -> Result<(), Failure> {
    files.iter().try_for_each(|(name, bytes)| write_file(&folder.join(name), bytes))
}

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|e| {
        // What was written beside is of no use to anyone; the failure to tell is the first one.
        let _ = std::fs::remove_file(&beside);
        cannot_write(path, &e)
    })
}

/// The words for a file that cannot be written.
pub(super) fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Runtime(format!("cannot write `{}`: {error}", path.display()))
}
