//! The tests that see the package from outside, in one binary.

mod analytic;
mod cli;
mod closed_forms;
mod layers;
mod ledger;
mod models;
mod oracle;
mod readme;
mod report;
mod reproducible;
mod support;
mod traces;
mod ui;
