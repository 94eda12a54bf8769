//! From theory to a result set: the same rows, provenance and notes as a simulation has, so that
//! every report can show them. Simulates nothing.

use super::result::{Ledger, LifecycleReport, Provenance, ResultSet, SCHEMA, StopReason, WarmupReport};
use crate::row::Row;
use std::time::Instant;

/// What theory was asked, for the provenance.
#[derive(Debug, Clone, Default)]
pub struct TheoryRequest {
    /// Name of the model, or the notation as typed.
    pub name: String,
    /// SHA-256 of the model text; empty where there is no model.
    pub hash: String,
    /// The command as typed.
    pub command: String,
    /// Wall clock seconds it took.
    pub wall_s: f64,
}

/// What a computation yields, and how many seconds it took.
pub fn timed<T>(compute: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let found = compute();
    (found, start.elapsed().as_secs_f64())
}

/// The result set of rows of theory.
pub fn result(asked: TheoryRequest, rows: Vec<Row>, notes: Vec<String>) -> ResultSet {
    ResultSet {
        schema: SCHEMA.to_string(),
        provenance: provenance(asked),
        rows,
        ledger: Ledger::default(),
        lifecycle: LifecycleReport::default(),
        validation: Vec::new(),
        notes,
        ..ResultSet::default()
    }
}

fn provenance(asked: TheoryRequest) -> Provenance {
    Provenance {
        version: env!("CARGO_PKG_VERSION").to_string(),
        model: asked.name,
        model_hash: asked.hash,
        seed: None,
        replications: 0,
        level: 0.95,
        warmup: WarmupReport { method: "none".to_string(), mean_s: 0.0, max_s: 0.0, settled: true },
        stop_reason: StopReason::Solved,
        command: asked.command,
        engine: "theory".to_string(),
        messages: 0,
        events: 0,
        simulated_s: 0.0,
        wall_s: asked.wall_s,
        cpu_s: None,
    }
}
