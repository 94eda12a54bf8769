//! One server that goes round many queues.

pub mod conservation;
pub mod cyclic;
mod systems;

use super::method::Method;
use super::page::Page;
use super::system::System;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// The systems of this module.
pub const SYSTEMS: &[System] = systems::SYSTEMS;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "polling", source: include_str!("cyclic.rs"), item: "pub fn mean_waits(" },
    Page { name: "pseudo-conservation", source: include_str!("conservation.rs"), item: "pub fn weighted_wait(" },
    Page { name: "polling-1-limited", source: include_str!("conservation.rs"), item: "pub fn one_limited(" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_formula_and_reference() {
        for page in PAGES {
            let text = page.text();
            for word in ["Formula", "Units:", "Valid when:", "Reference:"] {
                assert!(text.contains(word), "{} has no {word}", page.name);
            }
        }
        assert!(METHODS.iter().all(|method| PAGES.iter().any(|page| page.name == method.name)));
        assert!(SYSTEMS.iter().all(|system| PAGES.iter().any(|page| page.name == system.name)));
    }
}
