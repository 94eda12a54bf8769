//! `drain`: fluid limits, simulation, measured recovery.
