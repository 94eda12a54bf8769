//! Before the steady state: transients, rates that vary in time, backlogs and their drain.

mod backlog;
mod drain;
mod mmc;
mod parcels;
mod snapshot;
mod systems;
mod varying;

pub use backlog::{Backlog, LastingLoss, Limits, Period, backlog};
pub use drain::drain;
pub use mmc::{MmcTransient, relaxation_time};
pub use snapshot::Snapshot;
pub use varying::{QueueCourse, Varying, VaryingRate};

use super::page::Page;
use super::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[systems::TRANSIENT, systems::STEPS, systems::SINE];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "transient", source: include_str!("mmc.rs"), item: "pub struct MmcTransient" },
    Page { name: "relaxation-time", source: include_str!("mmc.rs"), item: "pub fn relaxation_time(" },
    Page { name: "snapshot", source: include_str!("snapshot.rs"), item: "pub struct Snapshot" },
    Page { name: "time-varying", source: include_str!("varying.rs"), item: "pub struct Varying" },
    Page { name: "backlog-peak", source: include_str!("varying.rs"), item: "pub struct QueueCourse" },
    Page { name: "backlog-limits", source: include_str!("backlog.rs"), item: "pub fn backlog(" },
    Page { name: "drain", source: include_str!("drain.rs"), item: "pub fn drain(" },
    Page { name: "fluid", source: include_str!("backlog.rs"), item: "pub fn backlog(" },
];
