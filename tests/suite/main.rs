//! The tests that see the package from outside, in one binary.

mod analytic;
mod cli;
mod closed_forms;
mod explain;
mod layers;
mod ledger;
mod models;
mod oracle;
mod readme;
mod report;
mod reproducible;
mod solve;
mod support;
mod theory_beside;
mod theory_document;
mod traces;
mod ui;
