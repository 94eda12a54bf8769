//! The smallest number of servers, or of places, that meets a target.
//!
//! ```text
//! Target (plain values) + Crew (rates) -> search::{smallest, largest} over exact formulas -> systems
//! ```

mod buffer;
mod crew;
mod search;
mod square_root;
mod systems;
mod target;

pub use buffer::smallest_buffer;
pub use crew::Crew;
pub use search::{largest, smallest};
pub use square_root::{halfin_whitt_beta, halfin_whitt_delay, square_root_servers};
pub use systems::SYSTEMS;
pub use target::{Quantity, Statistic, Target};

use super::method::Method;
use super::page::Page;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

const SQUARE_ROOT: &str = include_str!("square_root.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "staffing", source: include_str!("crew.rs"), item: "pub struct Crew" },
    Page { name: "target", source: include_str!("target.rs"), item: "pub struct Target" },
    Page { name: "smallest", source: include_str!("search.rs"), item: "pub fn smallest(" },
    Page { name: "largest", source: include_str!("search.rs"), item: "pub fn largest(" },
    Page { name: "buffer-size", source: include_str!("buffer.rs"), item: "pub fn smallest_buffer(" },
    Page { name: "halfin-whitt", source: SQUARE_ROOT, item: "pub fn halfin_whitt_delay(" },
    Page { name: "halfin-whitt-beta", source: SQUARE_ROOT, item: "pub fn halfin_whitt_beta(" },
    Page { name: "square-root-rule", source: SQUARE_ROOT, item: "pub fn square_root_servers(" },
];
