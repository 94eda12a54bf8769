//! Results as they were saved: read only if they are what was written.

use super::failure::Failure;
use super::folder::read_file;
use super::sweep;
use crate::experiment::result::{Curves, ResultSet, SCHEMA, Saved};
use crate::report::manifest::{MANIFEST_SCHEMA, Manifest, Stamp, sha256};
use serde::de::IgnoredAny;
use std::path::{Path, PathBuf};

/// Reads a folder of results, or the folder of a `results.json`.
///
/// Refused: what is no such folder, what another version wrote, what is truncated or was edited.
pub(super) fn read(path: &Path) -> Result<Saved, Failure> {
    let folder = &of(path);
    let manifest = manifest(path, folder)?;
    let text = |name: &str| checked(folder, &manifest, name);
    if manifest.sweep.is_some() {
        return swept(folder, &manifest);
    }
    let result: ResultSet = parse(&folder.join("results.json"), &text("results.json")?)?;
    if result.schema != SCHEMA {
        return Err(other_version(folder, &result.schema, SCHEMA));
    }
    let curves: Curves = parse(&folder.join("curves.json"), &text("curves.json")?)?;
    let model = if manifest.file("model.toml").is_some() { text("model.toml")? } else { String::new() };
    Ok(Saved { result, curves, model })
}

/// The folder that a path means: itself, or the one in which a file stands.
pub(super) fn of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|_| path.is_file());
    match parent {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => path.to_path_buf(),
    }
}

/// A sweep is rebuilt from its plan and its journal.
fn swept(folder: &Path, manifest: &Manifest) -> Result<Saved, Failure> {
    for name in ["plan.json", "journal.jsonl"] {
        checked(folder, manifest, name)?;
    }
    let (result, model) = sweep::read(folder, manifest.provenance.clone())?;
    Ok(Saved { result, curves: Curves::default(), model })
}

/// The manifest of a folder; `path` is what the user named.
fn manifest(path: &Path, folder: &Path) -> Result<Manifest, Failure> {
    let file = folder.join("manifest.json");
    if !file.exists() {
        return Err(Failure::Usage(no_results(path, folder)));
    }
    let text = std::fs::read_to_string(&file).map_err(|e| usage!("cannot read `{}`: {e}", file.display()))?;
    // Whether it is whole is said first.
    let _: IgnoredAny = parse(&file, &text)?;
    let stamp: Stamp = parse(&file, &text)?;
    match stamp.schema.as_deref().unwrap_or("none") {
        MANIFEST_SCHEMA => parse(&file, &text),
        other => Err(other_version(folder, other, MANIFEST_SCHEMA)),
    }
}

/// Why there are no results at a path, and what to do.
fn no_results(path: &Path, folder: &Path) -> String {
    let (shown, holder) = (path.display(), folder.display());
    if has_plan(folder) {
        return format!("the sweep in `{holder}` is not finished: run its command again, or merge its shards");
    }
    if path.is_file() {
        return format!("`{shown}` is a file, and no results stand beside it: name the directory that -o wrote");
    }
    if !path.exists() {
        return format!("`{shown}` is no folder of results: it does not exist; name the directory that -o wrote");
    }
    let shards = std::fs::read_dir(folder).is_ok_and(|mut all| all.any(|e| e.is_ok_and(|e| has_plan(&e.path()))));
    if shards {
        return format!("`{shown}` holds the shards of a sweep: `lindley merge {shown} -o DIR` first, and name DIR");
    }
    format!("`{shown}` is no folder of results: it has no `manifest.json`; name the directory that -o wrote")
}

fn has_plan(folder: &Path) -> bool {
    folder.join("plan.json").exists()
}

fn other_version(folder: &Path, found: &str, wanted: &str) -> Failure {
    usage!(
        "`{}` was written by another version of lindley (`{found}`; this one, {}, reads `{wanted}`): run the command \
         of its manifest again",
        folder.display(),
        env!("CARGO_PKG_VERSION")
    )
}

/// The text of a file if its size and checksum are those of the manifest.
fn checked(folder: &Path, manifest: &Manifest, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    let Some(entry) = manifest.file(name) else {
        return Err(usage!("`{}` lists no `{name}`", folder.join("manifest.json").display()));
    };
    let bytes = read_file(&path)?;
    let fault = match bytes.len() as u64 {
        n if n < entry.bytes => Some(format!("is truncated: {n} of {} bytes are there", entry.bytes)),
        _ if entry.sha256 != sha256(&bytes) => Some("is not what was written: it was edited".to_string()),
        _ => None,
    };
    match fault {
        Some(fault) => Err(usage!("`{}` {fault}; run the command again", path.display())),
        None => String::from_utf8(bytes).map_err(|e| usage!("`{}` is no text: {e}", path.display())),
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    serde_json::from_slice(text.as_bytes()).map_err(|e: serde_json::Error| {
        let fault = match e.is_eof() {
            true if text.trim().is_empty() => "is empty".to_string(),
            true => format!("is truncated: it ends after {} bytes", text.len()),
            false => format!("was edited or damaged ({e})"),
        };
        usage!("`{}` {fault}; run the command that wrote it again", path.display())
    })
}
