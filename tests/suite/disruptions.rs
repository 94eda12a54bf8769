//! Disruptions and client timeouts in the simulation.
