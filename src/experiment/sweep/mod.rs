//! Sweeps: a model at many settings.
//!
//! ```text
//! blocks --expand, sample--> settings --plan--> Plan (every point checked) --run--> Records --gather--> ResultSet
//! ```
//!
//! A plan depends on texts only, and a record on its point only: so threads, kills and shards leave
//! no trace in the tables. Opens no file: the journal is text here, and its file is the caller's.

mod draft;
mod estimate;
mod expand;
mod gather;
pub mod journal;
mod paths;
mod plan;
mod record;
mod request;
mod run;
mod sample;
mod shard;

pub use estimate::{TimeEstimate, estimate};
pub use expand::count;
pub use gather::{SweepCourse, gather};
pub use paths::{UnknownPath, unknown_path};
pub use plan::{BlockPlan, PLAN_SCHEMA, Plan, PlanDifference, PlanPart, Planned, plan};
pub use record::Record;
pub use request::{SweepRefusal, SweepRequest};
pub use run::{Running, run};
pub use shard::Shard;
