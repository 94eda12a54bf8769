//! From a [`ResultSet`](crate::experiment::result::ResultSet) to bytes: the terminal table,
//! Markdown, CSV, JSON, its schema, charts and the bundle of a whole directory. Reads saved
//! results only, so a study can be reported again without simulating; opens no file and
//! prints nothing.

pub mod bundle;
pub mod chart;
pub mod chart_set;
mod coverage;
pub mod csv;
mod distinct;
mod facts;
pub(crate) mod hgrm;
pub mod html;
pub mod json;
mod knowledge;
pub(crate) mod manifest;
pub mod markdown;
mod model_summary;
mod numbers;
mod proof;
mod refusal;
mod rows;
pub mod schema;
pub(crate) mod sentences;
pub(crate) mod sweep;
pub mod table;
mod view;

pub use coverage::coverage_table;
pub use knowledge::how_lindley_knows;
pub use model_summary::model_summary;
pub use proof::proof;
pub use sentences::answered;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The result does not serialise, or the writer failed.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A row does not serialise, or the writer failed.
    #[error("cannot write CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// The writer failed.
    #[error("cannot write the report: {0}")]
    Io(#[from] std::io::Error),
    /// The renderer refuses a chart; its own words.
    #[error("cannot draw the image: {0}")]
    Image(String),
}
