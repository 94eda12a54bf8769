//! Published cases with expected values, from the test suites and documents of other tools; each
//! was derived again, independently, to the digits that are compared here.

mod closed;
mod open;
mod special;
mod stations;

/// Whether a value is the published one, given to `digits` decimal places (half a unit of the last).
pub fn rounds_to(value: f64, published: f64, decimals: i32) -> bool {
    (value - published).abs() <= 0.5001 * 10.0_f64.powi(-decimals)
}
