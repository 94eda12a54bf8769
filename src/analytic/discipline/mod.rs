//! Who is served next: priorities, processor sharing, last come first served, random order, and
//! the disciplines that know sizes. Knows no network.
//!
//! ```text
//! Station -> by_class -> cobham | preemptive | many_servers -> Steady
//!         -> blind    -> processor_sharing | dps | lcfs | random_order (tagged, busy)
//!         -> sized    -> by_size -> sjf | psjf | srpt | fb (sizes, quadrature)
//! ```

mod asked;
mod blind;
pub mod busy;
mod by_class;
pub mod by_size;
pub mod cobham;
pub mod dps;
mod fb;
pub mod flow;
pub mod lcfs;
pub mod many_servers;
pub mod preemptive;
pub mod processor_sharing;
mod psjf;
mod quadrature;
pub mod random_order;
mod sized;
mod sizes;
mod sjf;
mod srpt;
mod tagged;

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
    exact("processor-sharing-mmc", blind::shared_mmc),
    exact("processor-sharing", blind::shared),
    exact("dps", blind::weighted),
    exact("lcfs-mmc", blind::lcfs_mmc),
    exact("lcfs", blind::lcfs_mg1),
    exact("lcfs-pr-mmc", blind::lcfs_interrupting_mmc),
    exact("lcfs-pr", blind::lcfs_interrupting),
    exact("random-order-mmc", blind::random_mmc),
    exact("random-order", blind::random_mg1),
    exact("sjf", sized::sjf),
    exact("psjf", sized::psjf),
    exact("srpt", sized::srpt),
    exact("fb", sized::fb),
];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

const MANY: &str = include_str!("many_servers.rs");
const SHARING: &str = include_str!("processor_sharing.rs");
const LCFS: &str = include_str!("lcfs.rs");
const RANDOM: &str = include_str!("random_order.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "cobham", source: include_str!("cobham.rs"), item: "pub struct NonPreemptive {" },
    Page { name: "cobham-mmc", source: MANY, item: "pub struct NonPreemptiveMmc {" },
    Page { name: "priority-preemptive", source: include_str!("preemptive.rs"), item: "pub struct PreemptiveResume {" },
    Page { name: "priority-preemptive-mmc", source: MANY, item: "pub struct PreemptiveMmc {" },
    Page { name: "processor-sharing", source: SHARING, item: "pub fn given_size(" },
    Page { name: "processor-sharing-mmc", source: SHARING, item: "pub struct SharedServers {" },
    Page { name: "dps", source: include_str!("dps.rs"), item: "pub fn sojourns(" },
    Page { name: "lcfs", source: LCFS, item: "pub fn wait(" },
    Page { name: "lcfs-mmc", source: LCFS, item: "pub fn wait_mmc(" },
    Page { name: "lcfs-pr", source: LCFS, item: "pub fn interrupting_sojourn(" },
    Page { name: "lcfs-pr-mmc", source: LCFS, item: "pub struct Interrupting {" },
    Page { name: "random-order", source: RANDOM, item: "pub fn wait(" },
    Page { name: "random-order-mmc", source: RANDOM, item: "pub struct RandomOrder {" },
    Page { name: "busy-period", source: include_str!("busy.rs"), item: "pub fn survival(" },
    Page { name: "by-size", source: include_str!("by_size.rs"), item: "pub struct SizeBased {" },
    Page { name: "sjf", source: include_str!("sjf.rs"), item: "pub(crate) fn given(" },
    Page { name: "psjf", source: include_str!("psjf.rs"), item: "pub(crate) fn given(" },
    Page { name: "srpt", source: include_str!("srpt.rs"), item: "pub(crate) fn given(" },
    Page { name: "fb", source: include_str!("fb.rs"), item: "pub(crate) fn given(" },
];
