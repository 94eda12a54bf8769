//! What `manifest.json` says of a folder of results: how they came about, and the checksum of every file.

use super::ReportError;
use crate::experiment::result::Provenance;
use crate::experiment::sweep::BlockPlan;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The schema name of `manifest.json`.
pub(crate) const MANIFEST_SCHEMA: &str = "lindley/manifest/2";

/// What every JSON of every version says of itself; it tells whether the rest can be read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stamp {
    /// The form.
    pub schema: Option<String>,
    /// The version of lindley.
    pub version: Option<String>,
}

/// The content of `manifest.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Always [`MANIFEST_SCHEMA`].
    pub schema: String,
    /// How the results came about.
    pub provenance: Provenance,
    /// Of a sweep: what it consists of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepManifest>,
    /// Every other file of the folder that belongs to the results.
    pub files: Vec<ManifestFile>,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a sweep consists of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SweepManifest {
    /// Which part of the points the folder has, as `1/1`.
    pub shard: String,
    /// How the points went.
    pub points: PointCounts,
    /// The blocks of the plan.
    pub blocks: Vec<BlockPlan>,
    /// How random numbers were drawn.
    pub random_streams: String,
    /// Processor cores of the machine.
    pub cores: usize,
}

/// How the points of a sweep went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PointCounts {
    /// Run.
    pub ok: usize,
    /// Without a steady state.
    pub unstable: usize,
    /// Failed.
    pub failed: usize,
    /// Of the whole plan.
    pub planned: usize,
    /// Left out as the same as earlier ones.
    pub repeated: u64,
    /// Left out as they have no steady state.
    pub skipped: u64,
}

impl ManifestFile {
    /// The entry of a file.
    pub(crate) fn of(name: &str, bytes: &[u8]) -> ManifestFile {
        ManifestFile { name: name.to_string(), bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

impl Manifest {
    /// The manifest as indented JSON.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, ReportError> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The entry of a file, if it is listed.
    pub(crate) fn file(&self, name: &str) -> Option<&ManifestFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
