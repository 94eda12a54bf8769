//! From a model to a result: replications until a precision, measured and summarised.

pub mod result;
