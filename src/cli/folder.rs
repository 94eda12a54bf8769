//! Folders of results: written whole, read only if they are what was written.

use super::failure::Failure;
use crate::experiment::result::{Curves, Provenance, ResultSet, SCHEMA, Saved};
use crate::report::bundle::{self, File, MANIFEST_SCHEMA};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Makes sure that a folder can be written, before the long run and not after it.
pub fn prepare(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))
}

/// Writes a result with its charts, and says where unless quiet.
pub fn save(saved: &Saved, folder: &Path, quiet: bool) -> Result<(), Failure> {
    prepare(folder)?;
    write(folder, &bundle::bundle(saved)?)?;
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
    written.map_err(|e| cannot_write(path, &e))
}

/// Reads a folder of results, or the folder of a `results.json`.
///
/// Refused, in words: what is no such folder, what another version wrote, what is truncated or was edited.
pub fn read(path: &Path) -> Result<Saved, Failure> {
    let folder = if path.is_file() { path.parent().unwrap_or(Path::new(".")) } else { path };
    let manifest = manifest(folder)?;
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

fn manifest(folder: &Path) -> Result<Value, Failure> {
    let path = folder.join("manifest.json");
    if !path.exists() && folder.join("plan.json").exists() {
        return Err(Failure::Usage(format!(
            "the sweep in `{}` is not finished: run its command again, or merge its shards",
            folder.display()
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|e| {
        Failure::Usage(format!("`{}` is no folder of results: cannot read `{}`: {e}", folder.display(), path.display()))
    })?;
    let manifest: Value = parse(&path, &text)?;
    let schema = manifest["schema"].as_str().unwrap_or("none");
    if schema != MANIFEST_SCHEMA {
        return Err(other_version(folder, schema, MANIFEST_SCHEMA));
    }
    Ok(manifest)
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
    serde_json::from_str(text).map_err(|e| Failure::Usage(format!("`{}` cannot be read: {e}", path.display())))
}

/// The words for a file that cannot be written.
pub fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Runtime(format!("cannot write `{}`: {error}", path.display()))
}
