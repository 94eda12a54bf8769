//! Who is served next: priorities, processor sharing, last come first served, random order, and
//! the disciplines that know sizes. Knows no network.
//!
//! ```text
//! Station -> by_class -> cobham | preemptive | many_servers -> Steady
//! ```

mod asked;
mod by_class;
pub mod cobham;
pub mod flow;
pub mod many_servers;
pub mod preemptive;

use super::method::{Method, Refusal};
use super::page::Page;
use super::problem::Station;
use super::steady::Steady;
use super::system::System;
use crate::row::Source;

const fn exact(name: &'static str, solve: fn(&Station) -> Result<Steady, Refusal>) -> Method {
    Method { name, source: Source::Exact, solve }
}

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
    exact("cobham", by_class::cobham),
    exact("cobham-mmc", by_class::cobham_mmc),
    exact("priority-preemptive", by_class::preemptive),
    exact("priority-preemptive-mmc", by_class::preemptive_mmc),
];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

const MANY: &str = include_str!("many_servers.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "cobham", source: include_str!("cobham.rs"), item: "pub struct NonPreemptive {" },
    Page { name: "cobham-mmc", source: MANY, item: "pub struct NonPreemptiveMmc {" },
    Page { name: "priority-preemptive", source: include_str!("preemptive.rs"), item: "pub struct PreemptiveResume {" },
    Page { name: "priority-preemptive-mmc", source: MANY, item: "pub struct PreemptiveMmc {" },
];
