//! Split-merge: a job's tasks occupy all branches until enough of them are done; the next job begins only
//! then.

use super::order::Kth;
use crate::analytic::matrix::map_ph_c::MapPhC;
use crate::analytic::matrix::phase::Map;
use crate::analytic::steady::{Moments, Steady, Unstable};

/// Split-merge with Poisson arrivals: M/G/1 whose service is the k-th of n independent times.
///
/// Formula: S = the time when `need` tasks are done, Wq = lambda E\[S^2\]/(2 (1 - rho)), rho = lambda E\[S\];
/// stable below lambda = 1/E\[S\], which for n exponential tasks all needed is mu/H_n.
/// Units: lambda per second, times in seconds.
/// Valid when: rho < 1; tasks that are no longer needed are cancelled at once.
/// Reference: Duda and Czachorski, Performance evaluation of fork and join synchronization
/// primitives, Acta Informatica 24 (1987) 525; Pollaczek-Khinchine: Kleinrock (1975), sec. 5.6.
///
/// ```
/// use lindley::analytic::fork::{order::Kth, split_merge::SplitMerge};
/// use lindley::dist::Dist;
/// let both = Kth::new(vec![Dist::Exponential(1.0); 2], 2).unwrap();
/// let queue = SplitMerge::new(0.4, &both).unwrap();
/// assert!((queue.sojourn() - 3.25).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitMerge {
    lambda: f64,
    mean: f64,
    second: f64,
}

impl SplitMerge {
    /// The system with jobs that take that time, if it has a steady state.
    pub fn new(lambda: f64, job: &Kth) -> Result<SplitMerge, Unstable> {
        let (mean, second) = job.moments();
        Unstable::unless_kept_up(lambda * mean, 1)?;
        Ok(SplitMerge { lambda, mean, second })
    }

    /// Fraction of time in which a job is served.
    pub fn utilization(&self) -> f64 {
        self.lambda * self.mean
    }

    /// Mean wait of a job, seconds.
    pub fn wait(&self) -> f64 {
        self.lambda * self.second / (2.0 * (1.0 - self.utilization()))
    }

    /// Mean sojourn of a job, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.mean
    }

    /// Everything above in one record; with exponential tasks the laws of the times too.
    pub fn steady(&self, job: &Kth) -> Steady {
        let service = Moments { mean: self.mean, variance: Some(self.second - self.mean * self.mean) };
        let wait = Moments { mean: self.wait(), variance: None };
        let method = "split-merge as M/G/1 (Duda and Czachorski 1987; Pollaczek-Khinchine)";
        let plain = Steady {
            prob_wait: Some(self.utilization()),
            ..Steady::served("M/G/1", self.lambda, service, wait, Some(1), method)
        };
        let in_phases = || MapPhC::new(Map::poisson(self.lambda).ok()?, job.phases()?, 1).ok();
        let Some(queue) = in_phases() else { return plain };
        let variance = queue.wait_variance();
        let both = variance.map(|v| v + service.variance.unwrap_or(0.0));
        Steady {
            wait: Some(Moments { variance, ..wait }),
            sojourn: Some(Moments { mean: self.sojourn(), variance: both }),
            wait_law: queue.wait_law(),
            sojourn_law: queue.sojourn_law(),
            ..plain
        }
    }
}
