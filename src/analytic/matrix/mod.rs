//! Matrix-analytic methods: stations whose arrivals and service are Markovian in phases, level by level.

pub mod blocks;
pub mod impatient;
pub mod map_ph_c;
pub mod map_ph_c_k;
pub mod nonneg;
mod passage;
pub mod phase;
pub mod qbd;
pub(crate) mod stairs;
mod stations;
pub(crate) mod wait;

pub use stations::{IMPATIENT, METHODS};

use super::page::Page;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "map-ph-c", source: include_str!("map_ph_c.rs"), item: "pub struct MapPhC " },
    Page { name: "map-ph-c-k", source: include_str!("map_ph_c_k.rs"), item: "pub struct MapPhCK " },
    Page { name: "map-m-c-impatient", source: include_str!("impatient.rs"), item: "pub struct ImpatientQueue " },
    Page { name: "map", source: include_str!("phase.rs"), item: "pub struct Map " },
    Page { name: "mmpp", source: include_str!("phase.rs"), item: "pub struct Map " },
    Page { name: "phase-type", source: include_str!("phase.rs"), item: "pub struct PhaseLaw " },
    Page { name: "qbd", source: include_str!("qbd.rs"), item: "pub struct Qbd " },
    Page { name: "decay", source: include_str!("qbd.rs"), item: "pub fn spectral_radius(" },
    Page { name: "uniformisation", source: include_str!("wait.rs"), item: "pub(crate) struct StepLaw " },
];
