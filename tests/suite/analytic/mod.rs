//! Theory against independent numbers, and its reading of models.

pub mod build;
mod checks;
mod oracle;
mod published;
mod recognition;
