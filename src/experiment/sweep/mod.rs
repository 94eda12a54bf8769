//! A sweep: many settings of a model, each run, in one tidy table.
