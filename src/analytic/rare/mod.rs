//! Events so rare that digits are lost unless one takes care.

mod loss;
mod mm1;
mod systems;
mod tandem;

pub use loss::ln_prob_loss;
pub use mm1::{ln_at_least, ln_reach_in_busy_cycle};
pub use systems::SYSTEMS;
pub use tandem::overflow;

use super::page::Page;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "rare-mm1", source: include_str!("mm1.rs"), item: "pub fn ln_at_least(" },
    Page { name: "rare-busy-cycle", source: include_str!("mm1.rs"), item: "pub fn ln_reach_in_busy_cycle(" },
    Page { name: "rare-loss", source: include_str!("loss.rs"), item: "pub fn ln_prob_loss(" },
    Page { name: "rare-tandem", source: include_str!("tandem.rs"), item: "pub fn overflow(" },
];
