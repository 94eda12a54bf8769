//! From a model to a sample path: the event-driven engine, and recursions where they suffice.
//! Numbers come from a [`Probe`] (a `recursion::Listener` where there are no events).

pub(crate) mod client;
mod disruption;
pub(crate) mod engine;
pub mod event_list;
pub(crate) mod message;
pub(crate) mod network;
pub mod probe;
pub(crate) mod recursion;
pub(crate) mod source;
pub(crate) mod splitting;
pub(crate) mod station;

pub use engine::{Engine, Finished, RunPlan, Stop};
pub use network::Network;
pub use probe::Probe;
pub use recursion::{Recursion, RecursionRefusal};
