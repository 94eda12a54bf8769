//! The tests that see the package from outside, in one binary.

mod analytic;
