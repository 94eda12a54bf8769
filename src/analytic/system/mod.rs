//! Systems that Kendall's notation has no sign for, each under a name with named parameters:
//! networks, polling, tandems with blocking, fork and join, transients. One entry a system; `solve NAME`
//! on the command line, its help and the tests all go by this table. Knows no formula itself.

pub mod answer;
pub mod given;

pub use answer::Answer;
pub(super) use given::in_range;
pub use given::{Given, Kind, Parameter};

use super::method::Refusal;

/// A system with a name.
#[derive(Debug, Clone, Copy)]
pub struct System {
    /// Name on the command line: lower-case words joined by `-`.
    pub name: &'static str,
    /// What it is, one line.
    pub says: &'static str,
    /// What it must be told.
    pub parameters: &'static [Parameter],
    /// Solves it.
    pub solve: fn(&Given) -> Result<Answer, Refusal>,
}

/// Every system, by family.
const FAMILIES: &[&[System]] = &[
    crate::analytic::network::open::SYSTEMS,
    crate::analytic::network::closed::SYSTEMS,
    crate::analytic::network::blocking::SYSTEMS,
    crate::analytic::fork::SYSTEMS,
    crate::analytic::polling::SYSTEMS,
    crate::analytic::batch::SYSTEMS,
    crate::analytic::interruption::SYSTEMS,
    crate::analytic::retry::SYSTEMS,
    crate::analytic::discipline::SYSTEMS,
    crate::analytic::matrix::SYSTEMS,
    crate::analytic::transient::SYSTEMS,
    crate::analytic::rare::SYSTEMS,
    crate::analytic::staffing::SYSTEMS,
    crate::analytic::approximate::SYSTEMS,
    crate::analytic::broker::SYSTEMS,
];

/// Every system there is.
pub fn systems() -> impl Iterator<Item = &'static System> {
    FAMILIES.iter().copied().flatten()
}

/// The system of that name.
pub fn find(name: &str) -> Option<&'static System> {
    systems().find(|system| system.name == name)
}
