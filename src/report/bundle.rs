//! Everything that goes into an output directory, as names and bytes: results, curves,
//! charts, and a manifest with their checksums. Opens no file itself.

#[cfg(feature = "png")]
use super::chart;
use super::chart::Chart;
use super::manifest::{MANIFEST_SCHEMA, Manifest, ManifestFile};
use super::{ReportError, csv, json};
use crate::experiment::result::{Curves, ResultSet, Saved};

/// A file name and its content.
pub type File = (String, Vec<u8>);

/// Every file of the output directory; the last one, `manifest.json`, lists the others with
/// size and SHA-256 and says how they came about.
///
/// Curves and charts with nothing to show are left out. Charts come as SVG, as PNG with the
/// feature `png`, and as CSV where they have numbers of their own.
pub fn bundle(saved: &Saved) -> Result<Vec<File>, ReportError> {
    let mut files = tables(&saved.result, &saved.curves)?;
    files.push(file("curves.json", |to| json::write_line(&saved.curves, to))?);
    if !saved.model.is_empty() {
        files.push(("model.toml".into(), saved.model.clone().into_bytes()));
    }
    let others = saved.result.comparison.iter().flat_map(|comparison| comparison.sides.iter().skip(1));
    for (letter, side) in ('b'..='z').zip(others) {
        files.push((format!("model-{letter}.toml"), side.text.clone().into_bytes()));
    }
    for chart in super::chart_set::charts(&saved.result, &saved.curves) {
        files.extend(chart_files(chart)?);
    }
    let listed = files.iter().map(|(name, bytes)| ManifestFile::of(name, bytes)).collect();
    let provenance = saved.result.provenance.clone();
    let manifest = Manifest { schema: MANIFEST_SCHEMA.into(), provenance, sweep: None, files: listed };
    files.push(("manifest.json".into(), manifest.to_bytes()?));
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
