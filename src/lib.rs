//! lindley answers capacity questions about message systems: a model file says who
//! produces, how messages are routed and queued, who consumes and what can go wrong;
//! lindley simulates it, solves what theory can solve, and shows both side by side.
//!
//! ```text
//! models/x.toml -> model::Model -+- analytic::theory --------------------------> rows -+
//!                                +- sim::Network -> Engine -Probe-> experiment -> rows -+-> ResultSet -> report
//! ```
//!
//! Layers point one way; a module may use names to its left only:
//! `units, row, diag -> dist, rng, stats -> model -> analytic | sim -> experiment -> report -> cli`.
//! `analytic` and `sim` never see each other: they are two independent witnesses.
//!
//! Words: *wait* is from entering a queue until service starts, *service* is the time a
//! server is held, *sojourn* is from birth to the final acknowledgement (per station: wait
//! plus service), *utilization* is the fraction of servers busy, *scv* is the squared
//! coefficient of variation, a *replication* is one independent run.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(unreachable_pub)]

pub mod analytic;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod dist;
pub mod experiment;
pub mod facade;
pub mod model;
pub mod report;
pub mod rng;
pub mod row;
pub mod sim;
pub mod stats;
pub mod units;

/// What most programs need: `use lindley::prelude::*;`.
pub mod prelude {
    pub use crate::experiment::StudyError;
    pub use crate::experiment::{EngineChoice, Options, ResultSet};
    pub use crate::facade::{FacadeError, simulate, simulate_with, size, solve, sweep};
    pub use crate::model::{LawText, Model, ModelBuilder, ModelError, ModelText};
    pub use crate::row::{Metric, Row, Source, Statistic};
}

/// The examples of the README, run as tests of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeExamples;
