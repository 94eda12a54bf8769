//! Everything that goes into an output directory, as names and bytes: results, curves,
//! charts, and a manifest with their checksums. Opens no file itself.

#[cfg(feature = "png")]
use super::chart;
use super::chart::Chart;
use super::{ReportError, csv, json};
use crate::experiment::result::{Curves, ResultSet, Saved};
use sha2::{Digest, Sha256};

/// A file name and its content.
pub type File = (String, Vec<u8>);

/// The schema name of `manifest.json`.
pub const MANIFEST_SCHEMA: &str = "lindley/manifest/2";

/// Every file of the output directory; the last one, `manifest.json`, lists the others with
/// size and SHA-256 and says how they came about.
///
/// Curves and charts with nothing to show are left out. Charts come as SVG, as PNG with the
/// feature `png`, and as CSV where they have numbers of their own.
pub fn bundle(saved: &Saved) -> Result<Vec<File>, ReportError> {
    let mut files = tables(&saved.result, &saved.curves)?;
    files.push(file("curves.json", |to| Ok(serde_json::to_writer(to, &saved.curves)?))?);
    if !saved.model.is_empty() {
        files.push(("model.toml".into(), saved.model.clone().into_bytes()));
    }
    if let Some(side) = saved.result.comparison.as_ref().and_then(|comparison| comparison.sides.get(1)) {
        files.push(("model-b.toml".into(), side.text.clone().into_bytes()));
    }
    for chart in super::chart_set::charts(&saved.result, &saved.curves) {
        files.extend(chart_files(chart)?);
    }
    let manifest = manifest(&saved.result, &files)?;
    files.push(("manifest.json".into(), manifest));
    Ok(files)
}

/// The files of one chart.
pub fn chart_files(chart: Chart) -> Result<Vec<File>, ReportError> {
    let name = chart.name;
    let mut files = Vec::new();
    #[cfg(feature = "png")]
    files.push((format!("{name}.png"), chart::png(&chart.svg)?));
    files.push((format!("{name}.svg"), chart.svg.into_bytes()));
    if !chart.table.columns.is_empty() {
        files.push(file(&format!("{name}.csv"), |to| csv::write_table(&chart.table, to))?);
    }
    Ok(files)
}

fn tables(set: &ResultSet, curves: &Curves) -> Result<Vec<File>, ReportError> {
    let mut files =
        vec![file("results.json", |to| json::write(set, to))?, file("results.csv", |to| csv::write(&set.rows, to))?];
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

fn manifest(set: &ResultSet, files: &[File]) -> Result<Vec<u8>, ReportError> {
    let entry =
        |(name, bytes): &File| serde_json::json!({ "name": name, "bytes": bytes.len(), "sha256": sha256(bytes) });
    let manifest = serde_json::json!({
        "schema": MANIFEST_SCHEMA,
        "provenance": set.provenance,
        "files": files.iter().map(entry).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
