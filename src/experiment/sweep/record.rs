//! What is kept of one finished point.

use crate::experiment::point::Status;
use crate::experiment::result::{EngineUsed, Ledger, StopReason, WarmupReport};
use crate::experiment::study::{Study, StudyError};
use crate::row::Row;
use serde::{Deserialize, Serialize};

/// One finished point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Id of the point.
    pub id: String,
    /// How it went.
    pub status: Status,
    /// Why it has no numbers, or what to know about them.
    pub message: Option<String>,
    /// Its numbers.
    pub rows: Vec<Row>,
    /// What to know.
    pub notes: Vec<String>,
    /// What became of its messages.
    pub ledger: Ledger,
    /// Replications.
    pub replications: u32,
    /// How the start was cut off.
    pub warmup: WarmupReport,
    /// Why no more replications were run.
    pub stop_reason: StopReason,
    /// EngineUsed; theory where none ran.
    pub engine: EngineUsed,
    /// Messages published.
    pub messages: u64,
    /// Events executed.
    pub events: u64,
    /// Simulated seconds.
    pub simulated_s: f64,
    /// Wall clock seconds; stands in no table.
    pub wall_s: f64,
}

impl Record {
    /// The record of a study.
    pub(super) fn of(id: &str, study: Study) -> Record {
        let mut result = study.result;
        result.rows.iter_mut().for_each(|row| row.point = Some(id.to_string()));
        let p = result.provenance;
        Record {
            id: id.to_string(),
            status: Status::Ok,
            message: None,
            rows: result.rows,
            notes: result.notes,
            ledger: result.ledger,
            replications: p.replications,
            warmup: p.warmup,
            stop_reason: p.stop_reason,
            engine: p.engine,
            messages: p.messages,
            events: p.events,
            simulated_s: p.simulated_s,
            wall_s: p.wall_s,
        }
    }

    /// The record of a point that could not be run.
    pub(super) fn failed(id: &str, why: &StudyError) -> Record {
        Record::failed_for(id, why.to_string())
    }

    /// As [`Record::failed`], for a reason as text.
    pub(super) fn failed_for(id: &str, why: String) -> Record {
        Record {
            id: id.to_string(),
            status: Status::Failed,
            message: Some(why),
            rows: Vec::new(),
            notes: Vec::new(),
            ledger: Ledger::default(),
            replications: 0,
            warmup: WarmupReport::default(),
            stop_reason: StopReason::Replications,
            engine: EngineUsed::Theory,
            messages: 0,
            events: 0,
            simulated_s: 0.0,
            wall_s: 0.0,
        }
    }
}
