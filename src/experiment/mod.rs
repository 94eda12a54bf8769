//! From a model to a result: replications until a precision, measured and summarised.

pub mod comparison;
pub mod curves;
pub mod drain;
pub mod estimate;
pub mod ledger;
pub mod measure;
pub mod model_summary;
pub mod note;
pub mod outcomes;
pub mod point;
mod provenance;
pub mod replicate;
pub mod result;
pub mod size;
pub mod solve;
pub mod study;
pub mod summary;
pub mod sweep;
pub mod validation;
pub mod verdict;
pub mod warmup;

pub use point::{Answer, Point, Setting, Status};
pub use replicate::EngineChoice;
pub use result::{Curves, ResultSet};
pub use study::{Options, Progress, Study, StudyError, run, run_here};
