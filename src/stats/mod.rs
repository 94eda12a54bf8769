//! Output analysis: tallies, time averages, quantile histograms, warm-up detection and
//! confidence intervals.

pub(crate) mod accumulator;
pub(crate) mod control;
pub mod goodness;
pub(crate) mod histogram;
pub mod interval;
pub(crate) mod quantile;
pub(crate) mod ratio;
pub(crate) mod tally;
pub(crate) mod time_average;
pub(crate) mod warmup;

pub use accumulator::Accumulator;
pub(crate) use accumulator::accumulators;
pub use control::ControlledMean;
pub use histogram::LogHistogram;
pub use interval::{Estimate, Interval, student};
pub use quantile::{Enough, PooledTimes};
pub use ratio::{BlockSums, Blocks, VarianceBy};
pub use tally::Tally;
pub use time_average::TimeAverage;
pub use warmup::{BatchSeries, common_cut, mser_cut};
