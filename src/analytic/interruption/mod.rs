//! Servers that are away: vacations, set-up, start thresholds, breakdowns, crashes.

pub mod breakdown;
pub mod completion;
pub mod fleet;
pub mod linear;
mod methods;
pub mod start;
pub mod vacation;

use super::page::Page;
pub use methods::METHODS;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "vacation", source: include_str!("vacation.rs"), item: "pub struct VacationQueue" },
    Page { name: "set-up", source: include_str!("start.rs"), item: "pub struct StartQueue" },
    Page { name: "n-policy", source: include_str!("start.rs"), item: "pub struct StartQueue" },
    Page { name: "breakdowns", source: include_str!("breakdown.rs"), item: "pub struct BreakdownQueue" },
    Page { name: "completion-time", source: include_str!("completion.rs"), item: "pub struct Completion" },
    Page { name: "fleet", source: include_str!("fleet.rs"), item: "pub struct Fleet" },
    Page { name: "crash", source: include_str!("breakdown.rs"), item: "pub struct BreakdownQueue" },
];
