//! What the replications of a disrupted model showed, as rows and estimates. One that did not recover
//! is counted as such; no mean is made of those that did.

use super::watch::Watched;
use crate::experiment::estimate::{EstimateSubject, Interval};
use crate::model::{Cause, Model};
use crate::row::{Basis, Metric, NoValue, Row, Scope, Statistic};
use crate::stats::interval::student_quantile;
use crate::stats::{Estimate, student};
use crate::units::Unit;

/// Replications below which no 95 % quantile over them is given.
const QUANTILE_REPLICATIONS: usize = 20;

/// How queues recovered over replications: one replication each.
#[derive(Debug, Clone, Copy)]
pub struct Recoveries<'w> {
    watched: &'w [Vec<Watched>],
    post: usize,
    level: f64,
}

/// Rows of every watched queue.
pub fn rows(model: &Model, watched: &[Vec<Watched>]) -> Vec<Row> {
    let queues = watched.first().map_or(&[][..], Vec::as_slice);
    let of = |(post, seen): (usize, &Watched)| {
        let all = Recoveries { watched, post, level: model.run.level };
        all.rows(&model.queues[seen.queue as usize].name, model.queues[seen.queue as usize].message_ttl.is_some())
    };
    queues.iter().enumerate().flat_map(of).collect()
}

impl<'w> Recoveries<'w> {
    /// Those of one watched queue; `None` where nothing was watched.
    pub fn of(watched: &'w [Vec<Watched>], post: usize, level: f64) -> Option<Recoveries<'w>> {
        watched.first()?.get(post)?;
        Some(Recoveries { watched, post, level })
    }

    /// What each replication showed.
    pub fn each(&self) -> impl Iterator<Item = &'w Watched> + use<'w> {
        let post = self.post;
        self.watched.iter().map(move |queues| &queues[post])
    }

    /// Times from the end of the disruption until recovery, of those that recovered.
    pub fn times(&self) -> Vec<f64> {
        self.each().filter_map(Watched::drain_time).collect()
    }

    /// Replications that recovered, and all.
    pub fn recovered(&self) -> (usize, usize) {
        (self.times().len(), self.watched.len())
    }

    /// Mean of the drain times where every replication recovered, else the mean of what they have at least.
    pub fn drain_time(&self) -> Result<Option<Estimate>, f64> {
        let (recovered, all) = self.recovered();
        if recovered == all {
            return Ok(student(&self.times(), self.level));
        }
        let least = self.each().map(|w| (w.recovered_at.unwrap_or(w.end) - w.until).max(0.0));
        Err(least.sum::<f64>() / all.max(1) as f64)
    }

    /// The 95 % quantile over replications, or why there is none.
    fn p95(&self) -> Result<f64, NoValue> {
        let (recovered, all) = self.recovered();
        if all < QUANTILE_REPLICATIONS {
            let (replications, needed) = (all as u64, QUANTILE_REPLICATIONS as u64);
            return Err(NoValue::TooFewReplications { replications, needed });
        }
        let mut times = self.times();
        times.sort_by(f64::total_cmp);
        times.resize(all, f64::INFINITY);
        let at = 0.95 * (all - 1) as f64;
        let (below, above) = (times[at.floor() as usize], times[at.ceil() as usize]);
        let value = below + if at.fract() > 0.0 { (above - below) * at.fract() } else { 0.0 };
        if value.is_finite() { Ok(value) } else { Err(not_recovered(recovered, all, None)) }
    }

    /// An interval of a mean over replications.
    pub fn mean(&self, of: impl Fn(&Watched) -> Option<f64>) -> Option<Interval> {
        let values: Vec<f64> = self.each().filter_map(of).collect();
        student(&values, self.level).map(Interval::from)
    }

    fn rows(&self, name: &str, lives: bool) -> Vec<Row> {
        let row = |metric, unit: Option<Unit>, of: &dyn Fn(&Watched) -> Option<f64>| {
            let values: Vec<f64> = self.each().filter_map(of).collect();
            let row = self.row(name, metric, Statistic::Mean, student(&values, self.level));
            Row { unit: unit.unwrap_or(row.unit), ..row }
        };
        let detail = |name: &str| Metric::Detail(name.to_string());
        let lost = |causes: &'static [Cause]| {
            move |w: &Watched| Some(causes.iter().map(|c| w.left[*c as usize] as f64).sum::<f64>())
        };
        let mut rows = vec![
            row(Metric::BacklogPeak, None, &|w| Some(w.peak)),
            row(detail("backlog_peak_time"), Some(Unit::Seconds), &|w| Some(w.peak_at)),
            row(detail("backlog_before"), None, &|w| Some(w.level)),
        ];
        rows.extend(self.drain_rows(name));
        rows.push(row(detail("disrupted_wait"), Some(Unit::Seconds), &|w| w.wait.mean()));
        rows.push(row(detail("messages_overflowed"), None, &lost(&[Cause::Refuse, Cause::Drop])));
        if lives {
            rows.push(row(detail("messages_expired"), None, &lost(&[Cause::Expire])));
        }
        rows
    }

    fn drain_rows(&self, name: &str) -> Vec<Row> {
        let (recovered, all) = self.recovered();
        let row = |statistic, estimate| self.row(name, Metric::DrainTime, statistic, estimate);
        let mean = match self.drain_time() {
            Ok(estimate) => row(Statistic::Mean, estimate),
            Err(least) => row(Statistic::Mean, None).refused(not_recovered(recovered, all, Some(least))),
        };
        let p95 = row(Statistic::Quantile(0.95), None);
        let p95 = match self.p95() {
            Ok(value) => Row {
                value: Some(value),
                n: Some(all as u64),
                method: Basis::OverReplications { replications: all as u64 },
                refusal: None,
                ..p95
            },
            Err(why) => p95.refused(why),
        };
        vec![mean, p95, self.share(name)]
    }

    /// Share of replications that recovered, with Wilson's score interval.
    fn share(&self, name: &str) -> Row {
        let (recovered, all) = self.recovered();
        let share = wilson(recovered, all, self.level);
        let row = self.row(name, Metric::Recovered, Statistic::Fraction, None);
        Row {
            value: Some(share.value),
            low: share.low,
            high: share.high,
            level: Some(self.level),
            n: Some(all as u64),
            method: Basis::Wilson { replications: all as u64 },
            refusal: None,
            ..row
        }
    }

    fn row(&self, name: &str, metric: Metric, statistic: Statistic, estimate: Option<Estimate>) -> Row {
        EstimateSubject { scope: Scope::Queue, name, class: None }.row(metric, statistic, estimate, self.level)
    }
}

fn not_recovered(recovered: usize, all: usize, at_least: Option<f64>) -> NoValue {
    NoValue::NotRecovered { replications: (all - recovered) as u64, of: all as u64, at_least }
}

/// Wilson's score interval of a share (Wilson 1927): within [0, 1], and of some width also at 0 and 1.
fn wilson(hits: usize, all: usize, level: f64) -> Interval {
    let (n, z) = (all.max(1) as f64, student_quantile(level, 1e9));
    let share = hits as f64 / n;
    let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // The formula yields the ends 0 and 1 exactly there, up to rounding.
    let low = if hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if hits == all { 1.0 } else { (centre + half).min(1.0) };
    Interval { value: share, low: Some(low), high: Some(high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_of_tables() {
        // 8 of 10 at 95 %: 0.490 to 0.943 (Newcombe 1998, method 3).
        let share = wilson(8, 10, 0.95);
        assert!((share.low.unwrap() - 0.4902).abs() < 1e-4 && (share.high.unwrap() - 0.9433).abs() < 1e-4);
        assert_eq!(wilson(10, 10, 0.95).high, Some(1.0));
    }
}
