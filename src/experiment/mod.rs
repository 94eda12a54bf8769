//! From a model to a result: replications until a precision, measured and summarised.

pub mod compare;
pub mod curves;
pub mod measure;
pub mod replicate;
pub mod result;
pub mod segment;
pub mod solve;
pub mod study;
pub mod summary;
pub mod verdict;

pub use result::{Curves, ResultSet};
pub use study::{Options, Progress, Study, run};
