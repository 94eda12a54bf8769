//! From a [`ResultSet`](crate::experiment::result::ResultSet) to bytes: the terminal table,
//! Markdown, CSV, JSON, its schema, charts and the bundle of a whole directory. Reads saved
//! results only, so a study can be reported again without simulating; opens no file and
//! prints nothing.

pub mod bundle;
pub mod chart;
pub mod chart_set;
pub mod csv;
mod distinct;
mod facts;
pub mod hgrm;
pub mod html;
pub mod json;
pub mod markdown;
mod numbers;
mod refusal;
mod rows;
pub mod schema;
pub(crate) mod sentences;
pub mod sweep;
pub mod table;
mod view;

pub use sentences::answered;

use std::fmt;

/// Why a report could not be written.
#[derive(Debug)]
pub enum ReportError {
    /// The result does not serialise, or the writer failed.
    Json(serde_json::Error),
    /// A row does not serialise, or the writer failed.
    Csv(::csv::Error),
    /// The writer failed.
    Io(std::io::Error),
    /// The renderer refuses a chart; its own words.
    Image(String),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReportError::Json(cause) => write!(f, "cannot write JSON: {cause}"),
            ReportError::Csv(cause) => write!(f, "cannot write CSV: {cause}"),
            ReportError::Io(cause) => write!(f, "cannot write the report: {cause}"),
            ReportError::Image(cause) => write!(f, "cannot draw the image: {cause}"),
        }
    }
}

impl std::error::Error for ReportError {}

impl From<serde_json::Error> for ReportError {
    fn from(cause: serde_json::Error) -> Self {
        ReportError::Json(cause)
    }
}

impl From<::csv::Error> for ReportError {
    fn from(cause: ::csv::Error) -> Self {
        ReportError::Csv(cause)
    }
}

impl From<std::io::Error> for ReportError {
    fn from(cause: std::io::Error) -> Self {
        ReportError::Io(cause)
    }
}
