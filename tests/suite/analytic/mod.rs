//! Theory against independent numbers, and its reading of models.

mod build;
mod oracle;
mod published;
mod recognition;
