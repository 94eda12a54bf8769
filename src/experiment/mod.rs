//! From a model to a result: replications until a precision, measured and summarised.

pub mod comparison;
pub mod coverage;
pub(crate) mod curves;
pub(crate) mod demanded;
pub mod drain;
pub(crate) mod estimate;
pub(crate) mod ledger;
pub(crate) mod length;
pub mod measure;
pub(crate) mod model_summary;
pub(crate) mod note;
pub(crate) mod outcomes;
pub mod point;
pub mod proof;
mod provenance;
pub mod rare;
pub(crate) mod replicate;
pub mod result;
pub(crate) mod self_check;
pub(crate) mod size;
pub(crate) mod solve;
pub mod study;
pub(crate) mod summary;
pub mod sweep;
pub(crate) mod validation;
pub mod verdict;
pub(crate) mod warmup;

pub use demanded::{measured, unmeasured};
pub use length::BUDGET;
pub use point::{Answer, Point, Setting, Status};
pub use replicate::EngineChoice;
pub use result::{Curves, ResultSet};
pub use study::{Options, Progress, Study, StudyError, run, run_here};
