//! Messages that come back: feedback, limited attempts, back-off, orbits, visibility time-outs.

pub mod attempts;
#[cfg(test)]
mod checks;
pub mod feedback;
pub mod feedback_law;
mod methods;
mod orbit;
pub mod passes;
pub mod retrial;
pub mod retrial_general;
mod systems;
pub mod visibility;

pub use systems::SYSTEMS;

use super::method::{Method, MethodId};
use super::page::Page;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
    Method::exact(MethodId::RetryTail, methods::tail),
    Method::exact(MethodId::Feedback, methods::takacs),
    Method::exact(MethodId::RetryHolding, methods::holding),
    Method::exact(MethodId::Retrial, orbit::retrial),
    Method::exact(MethodId::RetrialMg1, orbit::retrial_general),
    Method::approximation(MethodId::RetryPoissonFlow, methods::poisson_flow),
    Method::approximation(MethodId::RetryHoldingAllenCunneen, methods::holding_approximately),
];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "retry", source: include_str!("passes.rs"), item: "pub struct TailRetry" },
    Page { name: "retry-tail", source: include_str!("passes.rs"), item: "pub struct TailRetry" },
    Page { name: "retry-poisson-flow", source: include_str!("passes.rs"), item: "pub fn compound_flow_wait(" },
    Page { name: "retry-holding-allen-cunneen", source: include_str!("passes.rs"), item: "pub fn compound_flow_wait(" },
    Page { name: "feedback", source: include_str!("feedback.rs"), item: "pub struct TailFeedback" },
    Page { name: "feedback-law", source: include_str!("feedback_law.rs"), item: "pub fn tail_feedback_law(" },
    Page { name: "retry-dead-letter", source: include_str!("attempts.rs"), item: "pub struct Attempts" },
    Page { name: "retry-holding", source: include_str!("attempts.rs"), item: "pub fn held_cumulants" },
    Page { name: "retrial", source: include_str!("retrial.rs"), item: "pub struct MmcRetrial" },
    Page { name: "retrial-mg1", source: include_str!("retrial_general.rs"), item: "pub fn mg1_in_orbit" },
    Page { name: "visibility-timeout", source: include_str!("visibility.rs"), item: "pub struct Visibility" },
];
