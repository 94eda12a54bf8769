//! Networks of stations: open, closed and mixed product form, approximations and bounds, finite
//! buffers between stations.

pub mod blocking;
pub mod closed;
pub mod open;
