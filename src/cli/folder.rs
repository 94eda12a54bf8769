//! Folders of results: written whole, read only if they are what was written.

use super::failure::Failure;
use super::leftover;
use crate::experiment::result::{Curves, Provenance, ResultSet, SCHEMA, Saved};
use crate::report::bundle::{self, File, MANIFEST_SCHEMA};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Makes sure that a folder can take a result, before the long run and not after it.
pub fn prepare(folder: &Path) -> Result<(), Failure> {
    if folder.join("plan.json").exists() {
        return Err(Failure::Usage(format!(
            "`{}` holds a sweep, whose finished points would be lost: take another directory",
            folder.display()
        )));
    }
    create(folder)
}

/// Makes a folder, and tries whether files can be written there.
pub fn create(folder: &Path) -> Result<(), Failure> {
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::Usage(format!(
            "`{}` is a file, and -o names a directory: take another name",
            folder.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
    let trial = folder.join(format!(".lindley-{}.part", std::process::id()));
    let tried = std::fs::write(&trial, b"").and_then(|()| std::fs::remove_file(&trial));
    tried.map_err(|e| cannot_write(folder, &e))
}

/// Writes a result with its charts, and says where unless quiet.
pub fn save(saved: &Saved, folder: &Path, quiet: bool) -> Result<(), Failure> {
    prepare(folder)?;
    let files = bundle::bundle(saved)?;
    leftover::remove(folder, &files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    write(folder, &files)?;
    if !quiet {
        anstream::eprintln!("results, curves and charts are in {}", folder.display());
    }
    Ok(())
}

/// Writes files one by one, each whole or not at all; the manifest stands last in the list.
pub fn write(folder: &Path, files: &[File]) -> Result<(), Failure> {
    files.iter().try_for_each(|(name, bytes)| write_file(&folder.join(name), bytes))
}

/// Writes a file beside its place and moves it there, so that no reader sees half of it.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
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

/// Reads a folder of results, or the folder of a `results.json`.
///
/// Refused, in words: what is no such folder, what another version wrote, what is truncated or was edited.
pub fn read(path: &Path) -> Result<Saved, Failure> {
    let folder = &of(path);
    let manifest = manifest(path, folder)?;
    let text = |name: &str| checked(folder, &manifest, name);
    if manifest["kind"] == "sweep" {
        return sweep(folder, &manifest);
    }
    let result: ResultSet = parse(&folder.join("results.json"), &text("results.json")?)?;
    if result.schema != SCHEMA {
        return Err(other_version(folder, &result.schema, SCHEMA));
    }
    let curves: Curves = parse(&folder.join("curves.json"), &text("curves.json")?)?;
    let model = if listed(&manifest, "model.toml").is_some() { text("model.toml")? } else { String::new() };
    Ok(Saved { result, curves, model })
}

/// The folder that a path means: itself, or the one in which a file stands.
pub fn of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|_| path.is_file());
    match parent {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => path.to_path_buf(),
    }
}

/// The result of a sweep and the text of its study.
pub type Swept = (ResultSet, String);

/// A sweep is rebuilt from its plan and its journal.
fn sweep(folder: &Path, manifest: &Value) -> Result<Saved, Failure> {
    for name in ["plan.json", "journal.jsonl"] {
        checked(folder, manifest, name)?;
    }
    let provenance: Provenance = serde_json::from_value(manifest["provenance"].clone())
        .map_err(|e| Failure::Usage(format!("`{}` cannot be read: {e}", folder.join("manifest.json").display())))?;
    let (result, model) = super::sweep::read(folder, provenance)?;
    Ok(Saved { result, curves: Curves::default(), model })
}

/// The manifest of a folder; `path` is what the user named.
fn manifest(path: &Path, folder: &Path) -> Result<Value, Failure> {
    let file = folder.join("manifest.json");
    if !file.exists() {
        return Err(Failure::Usage(no_results(path, folder)));
    }
    let text =
        std::fs::read_to_string(&file).map_err(|e| Failure::Usage(format!("cannot read `{}`: {e}", file.display())))?;
    let manifest: Value = parse(&file, &text)?;
    let schema = manifest["schema"].as_str().unwrap_or("none");
    if schema != MANIFEST_SCHEMA {
        return Err(other_version(folder, schema, MANIFEST_SCHEMA));
    }
    Ok(manifest)
}

/// Why there are no results at a path, and what to do.
fn no_results(path: &Path, folder: &Path) -> String {
    let shown = path.display();
    if folder.join("plan.json").exists() {
        return format!(
            "the sweep in `{}` is not finished: run its command again, or merge its shards",
            folder.display()
        );
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
    Failure::Usage(format!(
        "`{}` was written by another version of lindley (`{found}`; this one, {}, reads `{wanted}`): run the command \
         of its manifest again",
        folder.display(),
        env!("CARGO_PKG_VERSION")
    ))
}

fn listed<'m>(manifest: &'m Value, name: &str) -> Option<&'m Value> {
    manifest["files"].as_array()?.iter().find(|file| file["name"] == name)
}

/// The text of a file if its size and checksum are those of the manifest.
fn checked(folder: &Path, manifest: &Value, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    let Some(entry) = listed(manifest, name) else {
        return Err(Failure::Usage(format!("`{}` lists no `{name}`", folder.join("manifest.json").display())));
    };
    let bytes = std::fs::read(&path).map_err(|e| Failure::Usage(format!("cannot read `{}`: {e}", path.display())))?;
    let size = entry["bytes"].as_u64().unwrap_or(0);
    let fault = match bytes.len() as u64 {
        n if n < size => Some(format!("is truncated: {n} of {size} bytes are there")),
        _ if entry["sha256"] != bundle::sha256(&bytes) => Some("is not what was written: it was edited".to_string()),
        _ => None,
    };
    match fault {
        Some(fault) => Err(Failure::Usage(format!("`{}` {fault}; run the command again", path.display()))),
        None => String::from_utf8(bytes).map_err(|e| Failure::Usage(format!("`{}` is no text: {e}", path.display()))),
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    let cure = "run the command that wrote it again";
    serde_json::from_str(text).map_err(|e: serde_json::Error| {
        let shown = path.display();
        Failure::Usage(match e.is_eof() {
            true if text.trim().is_empty() => format!("`{shown}` is empty; {cure}"),
            true => format!("`{shown}` is truncated: it ends after {} bytes; {cure}", text.len()),
            false => format!("`{shown}` was edited or damaged ({e}); {cure}"),
        })
    })
}

/// The words for a file that cannot be written.
pub fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Runtime(format!("cannot write `{}`: {error}", path.display()))
}
