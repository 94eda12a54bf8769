//! From a model to a sample path: the event-driven engine, and recursions where they suffice.
//! Numbers come from a [`Probe`] (a [`Listener`](recursion::Listener) where there are no events).

pub mod client;
pub mod engine;
pub mod event_list;
pub mod message;
pub mod network;
pub mod probe;
pub mod recursion;
pub mod source;
pub mod station;

pub use engine::{Engine, Finished, RunPlan, Stop};
pub use network::Network;
pub use probe::Probe;
pub use recursion::{Recursion, RecursionRefusal};
