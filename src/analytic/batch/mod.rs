//! Messages in groups: batch arrivals, bulk service, linger.

pub mod arrivals;
pub mod bulk;
pub mod bulk_general;
pub mod finite;
pub mod general;
mod levels;
pub mod linger;
mod methods;
pub mod size;
mod systems;

use super::page::Page;
pub use methods::METHODS;
pub use systems::SYSTEMS;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "batch-arrivals", source: include_str!("arrivals.rs"), item: "pub struct BatchArrivals" },
    Page { name: "batch-arrivals-limited", source: include_str!("finite.rs"), item: "pub struct FiniteBatchArrivals" },
    Page { name: "batch-arrivals-general", source: include_str!("general.rs"), item: "pub struct BatchMg1" },
    Page { name: "bulk-service", source: include_str!("bulk.rs"), item: "pub struct BulkService" },
    Page { name: "bulk-service-general", source: include_str!("bulk_general.rs"), item: "pub struct BulkGeneral" },
    Page { name: "linger", source: include_str!("linger.rs"), item: "pub struct Linger" },
];
