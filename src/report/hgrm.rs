//! Distributions of times in the percentile format of HdrHistogram, which its plotters open:
//! values in milliseconds, a file per queue and metric. Opens no file itself.

use super::bundle::File;
use crate::experiment::result::{ResultSet, Saved, Tail};
use crate::row::{Metric, Row, Source, Statistic};
use std::fmt::Write;

/// A file per distribution; with several results the name begins with that of the result.
pub(crate) fn files(results: &[(String, &Saved)]) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for (label, saved) in results {
        for tail in &saved.curves.tails {
            let Some(text) = percentiles(tail, &saved.result) else { continue };
            let run = if results.len() > 1 { format!("{label}-") } else { String::new() };
            let plain = file_name(&format!("{run}{}-{}", tail.name, tail.metric));
            let taken = files.iter().filter(|f| f.0.trim_end_matches(".hgrm").starts_with(&plain)).count();
            let name = if taken > 0 { format!("{plain}_{}", taken + 1) } else { plain };
            files.push((format!("{name}.hgrm"), text.into_bytes()));
        }
    }
    files
}

/// Letters, digits and a few signs: no name of a queue leads out of the folder.
fn file_name(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    text.chars().take(100).map(safe).collect()
}

/// The simulated statistic of what a tail is of.
fn row<'r>(set: &'r ResultSet, tail: &Tail, statistic: Statistic) -> Option<&'r Row> {
    let metric = Metric::parse(&tail.metric);
    let wanted = |r: &&Row| {
        r.name == tail.name
            && r.point.is_none()
            && r.class.is_none()
            && r.source == Source::Simulation
            && Some(&r.metric) == metric.as_ref()
            && r.statistic == statistic
    };
    set.rows.iter().find(wanted)
}

/// The table of a distribution; `None` where nobody counted its observations.
///
/// Counts are the shares times the number of observations, rounded.
pub(crate) fn percentiles(tail: &Tail, set: &ResultSet) -> Option<String> {
    let mean = row(set, tail, Statistic::Mean)?;
    let total = mean.n.filter(|n| *n > 0)?;
    let mut text = format!("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    let mut last = -1.0;
    for (x, s) in tail.x.iter().zip(&tail.survival).filter(|(x, s)| x.is_finite() && **s > 0.0 && **s <= 1.0) {
        let share = 1.0 - s;
        if share > last {
            let count = (share * total as f64).round();
            let _ = writeln!(text, "{:12.6} {share:14.12} {count:10.0} {:14.2}", 1e3 * x, 1.0 / s);
            last = share;
        }
    }
    let number = |statistic| row(set, tail, statistic).and_then(|r| r.value);
    // The mean of the largest of each replication may lie below the largest of all.
    let max = tail.x.iter().copied().chain(number(Statistic::Max)).fold(0.0, f64::max);
    let _ = writeln!(text, "{:12.6} {:14.12} {total:10}", 1e3 * max, 1.0);
    let deviation = number(Statistic::Variance).map_or(f64::NAN, |v| 1e3 * v.max(0.0).sqrt());
    let mean = 1e3 * mean.value?;
    let _ = writeln!(text, "#[Mean    = {mean:12.6}, StdDeviation   = {deviation:12.6}]");
    let _ = writeln!(text, "#[Max     = {:12.6}, Total count    = {total:12}]", 1e3 * max);
    Some(text)
}
