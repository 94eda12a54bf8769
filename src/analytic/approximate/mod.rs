//! Approximations and bounds for G/G/1 and G/G/c, with few places and little patience too, each under its own name.
//!
//! ```text
//! Station -> methods -> two_moments -> single (c = 1) | multi, whitt (any c) | bound -> Steady
//!         -> limited -> fit (laws in phases) | finite (c/K) | matrix (c/K+P) -> Steady
//! ```

pub mod bound;
pub mod finite;
pub mod fit;
mod limited;
mod methods;
pub mod multi;
pub mod single;
pub mod two_moments;
pub mod whitt;

pub use limited::LIMITED;
pub use methods::METHODS;

use super::page::Page;

const BOUND: &str = include_str!("bound.rs");
const MULTI: &str = include_str!("multi.rs");
const SINGLE: &str = include_str!("single.rs");
const WHITT: &str = include_str!("whitt.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "two-moments", source: include_str!("two_moments.rs"), item: "pub struct TwoMoments" },
    Page { name: "kingman-bound", source: BOUND, item: "pub fn kingman_upper(" },
    Page { name: "daley-bound", source: BOUND, item: "pub fn daley_upper(" },
    Page { name: "marshall-bound", source: BOUND, item: "pub fn marshall_lower(" },
    Page { name: "kingman-heavy-traffic", source: SINGLE, item: "pub fn kingman_heavy_traffic(" },
    Page { name: "klb", source: SINGLE, item: "pub fn klb(" },
    Page { name: "klb-factor", source: SINGLE, item: "pub fn klb_factor(" },
    Page { name: "klb-prob-wait", source: SINGLE, item: "pub fn klb_prob_wait(" },
    Page { name: "marchal", source: SINGLE, item: "pub fn marchal(" },
    Page { name: "allen-cunneen", source: MULTI, item: "pub fn allen_cunneen(" },
    Page { name: "sakasegawa", source: MULTI, item: "pub fn sakasegawa(" },
    Page { name: "cosmetatos", source: MULTI, item: "pub fn cosmetatos(" },
    Page { name: "heavy-traffic-decay", source: MULTI, item: "pub fn heavy_traffic_decay(" },
    Page { name: "whitt-1993", source: WHITT, item: "pub fn whitt_1993(" },
    Page { name: "whitt-factor", source: WHITT, item: "pub fn whitt_factor(" },
    Page { name: "kimura", source: WHITT, item: "pub fn kimura(" },
    Page { name: "phase-fit", source: include_str!("fit.rs"), item: "pub fn two_moment_fit(" },
    Page { name: "choi-kim-chae", source: include_str!("finite.rs"), item: "pub struct FiniteQueue" },
    Page { name: "whitt-2005", source: include_str!("limited.rs"), item: "fn whitt_2005(" },
    Page { name: "cosmetatos-gamma", source: WHITT, item: "pub fn gamma(" },
];
