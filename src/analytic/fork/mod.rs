//! Messages that split: fork and join, split and merge, k of n.

pub mod approximations;
pub mod order;
pub mod split_merge;
mod systems;
pub mod two_branches;

pub use systems::SYSTEMS;

use super::page::Page;

const APPROXIMATIONS: &str = include_str!("approximations.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "fork-join", source: include_str!("two_branches.rs"), item: "pub struct TwoBranches " },
    Page { name: "split-merge", source: include_str!("split_merge.rs"), item: "pub struct SplitMerge " },
    Page { name: "k-of-n", source: include_str!("order.rs"), item: "pub struct Kth " },
    Page { name: "nelson-tantawi", source: APPROXIMATIONS, item: "pub fn nelson_tantawi(" },
    Page { name: "varki-merchant-chen", source: APPROXIMATIONS, item: "pub fn varki_merchant_chen(" },
    Page { name: "fork-join-bound", source: APPROXIMATIONS, item: "pub fn stages_bound(" },
];
