//! Recursions against the event-driven engine.
