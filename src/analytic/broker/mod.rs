//! What brokers do that textbooks do not: drop-head, prefetch, partitions, joining the shortest queue.

pub mod credit;
pub mod deterministic;
pub mod drop_head;
mod methods;
pub mod partitions;
pub mod power_of_d;
pub mod prefetch;
pub mod round_robin;
pub mod shortest_queue;
mod systems;

pub use methods::METHODS;
pub use systems::SYSTEMS;

use super::page::Page;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "drop-head", source: include_str!("drop_head.rs"), item: "pub struct DropHead" },
    Page { name: "prefetch", source: include_str!("prefetch.rs"), item: "pub struct Prefetch " },
    Page { name: "credit", source: include_str!("credit.rs"), item: "pub struct Credit" },
    Page { name: "partitions", source: include_str!("partitions.rs"), item: "pub struct Partitions" },
    Page { name: "round-robin", source: include_str!("round_robin.rs"), item: "pub struct RoundRobin" },
    Page { name: "join-shortest-queue", source: include_str!("shortest_queue.rs"), item: "pub struct ShortestQueue" },
    Page { name: "power-of-d", source: include_str!("power_of_d.rs"), item: "pub struct PowerOfD" },
    Page { name: "overload", source: include_str!("deterministic.rs"), item: "pub struct Overload" },
];
