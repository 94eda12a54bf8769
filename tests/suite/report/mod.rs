//! Reports: golden texts of a small hand-made result, the schema against the output, and
//! charts held against the numbers they show.

#[cfg(feature = "png")]
mod bundle;
#[cfg(feature = "png")]
mod chart;
#[cfg(feature = "png")]
mod forms;
#[cfg(feature = "png")]
mod hostile;
#[cfg_attr(not(feature = "png"), allow(dead_code))] // the curves are for charts
pub mod sample;
#[cfg(feature = "png")]
mod sweep;
mod text;
