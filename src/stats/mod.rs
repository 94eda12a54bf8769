//! Output analysis: tallies, time averages, quantile histograms, warm-up detection and
//! confidence intervals. Knows no queues.
