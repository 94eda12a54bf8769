//! `size`: against exact staffing.
