//! Runs counted by case, length and number: how many were refused, how many of the rest cover, how wide they are.

use super::cases::{CoverageCase, CoverageRun, JUDGED, RunSize};
use crate::experiment::estimate::Interval;

/// z of a two-sided binomial interval of 99.9 %.
const Z: f64 = 3.290_526_731_491_894;

/// What the runs of one case and length say of one number.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageCell {
    /// The case.
    pub case: &'static str,
    /// How long its runs were.
    pub size: RunSize,
    /// The number.
    pub quantity: &'static str,
    /// Runs.
    pub runs: usize,
    /// Runs that gave the number.
    pub answered: usize,
    /// Of these, those whose interval covers.
    pub covered: usize,
    /// Of these, those whose interval is open above.
    pub open: usize,
    /// Mean of the estimates over the exact number, less 1.
    pub bias: f64,
    /// Median half-width over 1.96 standard deviations of the estimates.
    pub width: f64,
}

/// Every cell that has a run and an exact number.
pub fn cells(cases: &[CoverageCase], runs: &[CoverageRun]) -> Vec<CoverageCell> {
    let mut cells = Vec::new();
    for case in cases {
        for size in RunSize::ALL {
            let here: Vec<&CoverageRun> = runs.iter().filter(|r| r.case == case.name && r.size == size).collect();
            let of = |(i, truth): (usize, &Option<f64>)| cell(case.name, size, i, (*truth)?, &here);
            cells.extend(case.truths.iter().enumerate().filter_map(of));
        }
    }
    cells
}

fn cell(case: &'static str, size: RunSize, i: usize, truth: f64, runs: &[&CoverageRun]) -> Option<CoverageCell> {
    let found: Vec<Interval> = runs.iter().filter_map(|run| *run.found.get(i)?).collect();
    let covers = |f: &&Interval| f.low.is_none_or(|low| low <= truth) && f.high.is_none_or(|high| truth <= high);
    let n = found.len() as f64;
    let mean = found.iter().map(|f| f.value).sum::<f64>() / n;
    let sd = (found.iter().map(|f| (f.value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let mut halves: Vec<f64> = found.iter().filter_map(|f| Some((f.high? - f.low?) / 2.0)).collect();
    halves.sort_by(f64::total_cmp);
    let median = halves.get(halves.len() / 2).copied().unwrap_or(f64::NAN);
    (!runs.is_empty()).then(|| CoverageCell {
        case,
        size,
        quantity: JUDGED[i],
        runs: runs.len(),
        answered: found.len(),
        covered: found.iter().filter(covers).count(),
        open: found.iter().filter(|f| f.high.is_none()).count(),
        bias: mean / truth - 1.0,
        width: median / (1.96 * sd),
    })
}

impl CoverageCell {
    /// Share of the answered runs that cover, with a binomial interval of 99.9 % (Wilson 1927).
    pub fn coverage(&self) -> Interval {
        let (n, share) = (self.answered.max(1) as f64, self.covered as f64 / self.answered.max(1) as f64);
        let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Interval { value: share, low: Some(centre - half), high: Some(centre + half) }
    }

    /// Whether the coverage is shown to be below 93 %, or (of runs that choose their own length) above 97.5 %.
    pub fn fails(&self) -> bool {
        let Interval { low, high, .. } = self.coverage();
        let long = matches!(self.size, RunSize::Default | RunSize::Sequential);
        self.answered > 0 && (high.is_some_and(|high| high < 0.93) || (long && low.is_some_and(|low| low > 0.975)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::coverage::cases;

    fn run(seed: u64, low: f64, high: f64) -> CoverageRun {
        let found = vec![Some(Interval { value: 1.0, low: Some(low), high: Some(high) }), None];
        CoverageRun { case: "mm1-05".into(), size: RunSize::Few, seed, messages: 1, found }
    }

    /// The exact mean wait of that case is 1 s.
    #[test]
    fn runs_are_counted_by_whether_they_cover() {
        let runs: Vec<CoverageRun> =
            (0..100).map(|i| if i < 60 { run(i, 0.9, 1.1) } else { run(i, 1.05, 1.2) }).collect();
        let cells = cells(&cases(), &runs);
        let wait = cells.iter().find(|c| c.quantity == "q.wait.mean").unwrap();
        assert_eq!((wait.runs, wait.answered, wait.covered, wait.fails()), (100, 100, 60, true));
        let length = cells.iter().find(|c| c.quantity == "q.queue_length.mean").unwrap();
        assert_eq!((length.runs, length.answered, length.fails()), (100, 0, false));
    }

    #[test]
    fn every_case_has_exact_means() {
        let without: Vec<_> = cases().into_iter().filter(|c| c.truths[0].is_none()).map(|c| c.name).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
