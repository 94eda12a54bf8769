//! Output analysis: tallies, time averages, quantile histograms, warm-up detection and
//! confidence intervals. Knows no queues.

pub mod goodness;
pub mod histogram;
pub mod interval;
pub mod tally;
pub mod time_average;
pub mod warmup;

pub use histogram::LogHistogram;
pub use interval::{Estimate, student};
pub use tally::{Moments, Tally};
pub use time_average::TimeAverage;
pub use warmup::{BatchSeries, common_cut, mser_cut};
