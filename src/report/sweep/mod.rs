//! The tables of a sweep: one tidy table of all rows (CSV and Parquet), its points, and a summary
//! with one line per point. Made of a result set alone, without wall times: equal results give equal
//! bytes.

mod columns;
#[cfg(feature = "parquet")]
mod parquet;
mod quantities;
mod summary;
mod tidy;

pub(crate) use quantities::Quantities;

use super::ReportError;
use super::bundle::File;
use crate::experiment::result::ResultSet;
use columns::TidyColumn;

/// The files: `table.csv`, `table.parquet` (with the feature `parquet`), `points.csv`, `summary.csv`.
///
/// # Errors
///
/// What the writers say.
pub(crate) fn files(set: &ResultSet) -> Result<Vec<File>, ReportError> {
    let table = tidy::table(set);
    let mut files = vec![("table.csv".to_string(), csv(&table)?)];
    #[cfg(feature = "parquet")]
    files.push(("table.parquet".to_string(), parquet::write(&table)?));
    files.push(("points.csv".to_string(), csv(&tidy::points(set))?));
    files.push(("summary.csv".to_string(), csv(&summary::summary(set))?));
    Ok(files)
}

fn csv(columns: &[TidyColumn<'_>]) -> Result<Vec<u8>, ReportError> {
    let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| column.name.as_str()))?;
    for line in 0..columns.first().map_or(0, TidyColumn::len) {
        writer.serialize(columns.iter().map(|column| column.cell(line)).collect::<Vec<_>>())?;
    }
    writer.into_inner().map_err(|e| ReportError::Io(e.into_error()))
}
