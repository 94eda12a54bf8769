//! Everything that goes into an output directory, as names and bytes: results, curves,
//! charts, and a manifest with their checksums. Opens no file itself.

use super::chart::{self, Caption};
use super::{ReportError, csv, json};
use crate::experiment::result::{Curves, ResultSet};
use sha2::{Digest, Sha256};

/// A file name and its content.
pub type File = (String, Vec<u8>);

/// The schema name of `manifest.json`.
pub const MANIFEST_SCHEMA: &str = "lindley/manifest/1";

/// Every file of the output directory; the last one, `manifest.json`, lists the others with
/// size and SHA-256 and says how they came about.
///
/// Curves and charts with nothing to show are left out. Charts come as SVG and, with the
/// feature `png`, as PNG.
pub fn bundle(set: &ResultSet, curves: &Curves) -> Result<Vec<File>, ReportError> {
    let mut files = tables(set, curves)?;
    for (name, svg) in charts(set, curves) {
        #[cfg(feature = "png")]
        let png = chart::png(&svg)?;
        files.push((format!("{name}.svg"), svg.into_bytes()));
        #[cfg(feature = "png")]
        files.push((format!("{name}.png"), png));
    }
    let manifest = manifest(set, &files)?;
    files.push(("manifest.json".into(), manifest));
    Ok(files)
}

fn tables(set: &ResultSet, curves: &Curves) -> Result<Vec<File>, ReportError> {
    let mut files =
        vec![file("results.json", |to| json::write(set, to))?, file("results.csv", |to| csv::write(&set.rows, to))?];
    if !curves.queue_length.is_empty() {
        files.push(file("queue_length.csv", |to| csv::write_queue_length(curves, to))?);
    }
    if !curves.tails.is_empty() {
        files.push(file("tails.csv", |to| csv::write_tails(curves, to))?);
    }
    if !set.lifecycle.transitions.is_empty() {
        files.push(file("transitions.csv", |to| csv::write_transitions(&set.lifecycle, to))?);
    }
    Ok(files)
}

fn file(name: &str, write: impl FnOnce(&mut Vec<u8>) -> Result<(), ReportError>) -> Result<File, ReportError> {
    let mut bytes = Vec::new();
    write(&mut bytes)?;
    Ok((name.into(), bytes))
}

/// The charts that have something to show, as name and SVG.
pub fn charts(set: &ResultSet, curves: &Curves) -> Vec<(&'static str, String)> {
    let caption = |what| Caption::of(&set.provenance, what);
    let all = [
        ("queue_length", chart::queue_length(&curves.queue_length, &caption("Queue length"))),
        ("percentiles", chart::percentiles(&curves.tails, &caption("Percentiles of time"))),
        ("ccdf", chart::ccdf(&curves.tails, &caption("Tail of time"))),
        ("comparison", chart::comparison(set, &caption("Simulation against theory"))),
        ("lifecycle", chart::lifecycle(&set.lifecycle, &caption("Message states"))),
    ];
    all.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
}

fn manifest(set: &ResultSet, files: &[File]) -> Result<Vec<u8>, ReportError> {
    let entry = |(name, bytes): &File| {
        let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        serde_json::json!({ "name": name, "bytes": bytes.len(), "sha256": hash })
    };
    let manifest = serde_json::json!({
        "schema": MANIFEST_SCHEMA,
        "provenance": set.provenance,
        "files": files.iter().map(entry).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}
