//! What a named system is: something that Kendall's notation has no sign for (networks, polling,
//! tandems with blocking, fork and join, transients), with named parameters and an answer in rows.

pub(crate) mod answer;
mod declare;
pub(crate) mod given;

pub use answer::SystemAnswer;
pub(crate) use declare::{parameter, system};
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
    pub solve: fn(&Given) -> Result<SystemAnswer, Refusal>,
}
