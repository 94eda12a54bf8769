//! The result as JSON: one indented object, or one row per line. The field names are the
//! public contract; they live on the types, not here.

use super::ReportError;
use crate::experiment::result::ResultSet;
use crate::row::Row;
use serde::Serialize;
use std::io::Write;

/// Writes the whole result as one indented JSON object, ending with a newline.
pub fn write(set: &ResultSet, to: &mut dyn Write) -> Result<(), ReportError> {
    to.write_all(&serde_json::to_vec_pretty(set)?)?;
    Ok(to.write_all(b"\n")?)
}

/// Writes one JSON object per row and line.
pub fn write_lines(rows: &[Row], to: &mut dyn Write) -> Result<(), ReportError> {
    for row in rows {
        write_line(row, to)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes a value without any white space.
pub(super) fn write_line<T: Serialize>(value: &T, to: &mut dyn Write) -> Result<(), ReportError> {
    // Into memory: so every value has one serializer, whatever it is written to.
    Ok(to.write_all(&serde_json::to_vec(value)?)?)
}
