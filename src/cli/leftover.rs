//! What an earlier result left in a folder that a new one takes over. Only files that the earlier
//! manifest lists, and that are still what was written, are lindley's to remove.

use crate::report::manifest::{ManifestFile, sha256};
use serde::Deserialize;
use std::path::{Component, Path};

/// Removes the files of an earlier result that the new one does not write.
///
/// A manifest that cannot be read lists nothing; a file that cannot be removed stays.
pub(super) fn remove(folder: &Path, kept: &[&str]) {
    for (name, checksum) in listed(folder) {
        let path = folder.join(&name);
        let ours = || std::fs::read(&path).is_ok_and(|bytes| sha256(&bytes) == checksum);
        if is_plain(&name) && !kept.contains(&name.as_str()) && ours() {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// Names and checksums of the manifest that is there.
fn listed(folder: &Path) -> Vec<(String, String)> {
    /// Of any version: only this is read.
    #[derive(Default, Deserialize)]
    struct Listed {
        files: Vec<ManifestFile>,
    }
    let bytes = std::fs::read(folder.join("manifest.json")).unwrap_or_default();
    let listed: Listed = serde_json::from_slice(&bytes).unwrap_or_default();
    listed.files.into_iter().map(|file| (file.name, file.sha256)).collect()
}

/// Whether a name stays in the folder: a manifest that was edited may name anything.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder() {
        assert!(is_plain("ccdf.svg"));
        assert!(!["../model.toml", "/etc/hosts", "a/b", "..", ""].into_iter().any(is_plain));
    }
}
