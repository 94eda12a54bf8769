//! From theory to a result set: the same rows, provenance and notes as a simulation has, so that
//! every report can show them. Simulates nothing.

use super::result::{Provenance, ResultSet};
use crate::row::Row;
use std::time::Instant;

/// What theory was asked, for the provenance.
#[derive(Debug, Clone, Default)]
pub(crate) struct TheoryRequest {
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
pub(crate) fn timed<T>(compute: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let found = compute();
    (found, start.elapsed().as_secs_f64())
}

/// The result set of rows of theory.
pub(crate) fn result(request: TheoryRequest, rows: Vec<Row>, notes: Vec<String>) -> ResultSet {
    let TheoryRequest { name, hash, command, wall_s } = request;
    let provenance = Provenance { command, wall_s, ..Provenance::new(&name, &hash) };
    ResultSet { rows, notes, ..ResultSet::new(provenance) }
}
