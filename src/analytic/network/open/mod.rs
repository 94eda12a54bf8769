//! Open networks: Jackson, BCMP, and the decomposition of general ones.

pub mod bcmp;
pub mod jackson;
pub mod qna;
pub(crate) mod steady;
mod systems;
pub mod tandem;
pub mod traffic;

pub use systems::SYSTEMS;

use crate::analytic::page::Page;

const TANDEM: &str = include_str!("tandem.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "traffic-equations", source: include_str!("traffic.rs"), item: "pub fn throughputs(" },
    Page { name: "jackson", source: include_str!("jackson.rs"), item: "pub struct Jackson" },
    Page { name: "bcmp", source: include_str!("bcmp.rs"), item: "pub struct Bcmp" },
    Page { name: "bcmp-open", source: include_str!("bcmp.rs"), item: "pub struct Bcmp" },
    Page { name: "qna", source: include_str!("qna.rs"), item: "pub fn qna(" },
    Page { name: "tandem-sojourn", source: TANDEM, item: "pub fn tandem_sojourn(" },
    Page { name: "tandem-sojourn-servers", source: TANDEM, item: "pub fn tandem_sojourn_of_servers(" },
];
