//! The smallest number of servers, or of places, that meets a bound, and the square-root rule. `lindley
//! size` searches with these over whatever method solves the station.

mod search;
mod square_root;

pub use search::{largest, smallest};
pub use square_root::{halfin_whitt_beta, halfin_whitt_delay, square_root_servers};

use super::page::Page;

const SQUARE_ROOT: &str = include_str!("square_root.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "staffing", source: include_str!("search.rs"), item: "pub fn smallest(" },
    Page { name: "buffer-size", source: include_str!("search.rs"), item: "pub fn smallest(" },
    Page { name: "largest-rate", source: include_str!("search.rs"), item: "pub fn largest(" },
    Page { name: "smallest", source: include_str!("search.rs"), item: "pub fn smallest(" },
    Page { name: "largest", source: include_str!("search.rs"), item: "pub fn largest(" },
    Page { name: "halfin-whitt", source: SQUARE_ROOT, item: "pub fn halfin_whitt_delay(" },
    Page { name: "halfin-whitt-beta", source: SQUARE_ROOT, item: "pub fn halfin_whitt_beta(" },
    Page { name: "square-root-rule", source: SQUARE_ROOT, item: "pub fn square_root_servers(" },
];
