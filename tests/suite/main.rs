//! The tests that see the package from outside, in one binary.

mod analytic;
mod cli;
mod closed_forms;
mod compare;
mod disruptions;
mod drain;
mod explain;
mod html;
mod layers;
mod ledger;
mod models;
mod oracle;
mod plot;
mod readme;
mod recursion;
mod report;
mod reproducible;
mod size;
mod solve;
mod studies;
mod support;
mod sweep;
mod theory_beside;
mod theory_document;
mod traces;
mod ui;
