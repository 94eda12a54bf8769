//! The result as JSON: one indented object, or one row per line. The field names are the
//! public contract; they live on the types, not here.

use super::ReportError;
use crate::experiment::result::ResultSet;
use crate::row::Row;
use std::io::Write;

/// Writes the whole result as one indented JSON object, ending with a newline.
pub fn write(set: &ResultSet, mut to: impl Write) -> Result<(), ReportError> {
    serde_json::to_writer_pretty(&mut to, set)?;
    Ok(to.write_all(b"\n")?)
}

/// Writes one JSON object per row and line.
pub fn write_lines(rows: &[Row], mut to: impl Write) -> Result<(), ReportError> {
    for row in rows {
        serde_json::to_writer(&mut to, row)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}
