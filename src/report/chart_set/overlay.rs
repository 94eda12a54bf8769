//! Several results on one plot: a colour per result, a panel per queue and metric.

use crate::experiment::result::{Saved, Tail};
use crate::report::chart::{self, Caption, Chart};
use crate::report::numbers::count;

/// Percentiles and tails of several results, each with the name it goes by.
pub fn overlay(results: &[(String, &Saved)]) -> Vec<Chart> {
    let mut tails: Vec<Tail> = results.iter().flat_map(|(label, saved)| renamed(label, &saved.curves.tails)).collect();
    keep_shared(&mut tails);
    let caption = |what: &str| {
        let names: Vec<&str> = results.iter().map(|r| r.0.as_str()).collect();
        let words = |(label, saved): &(String, &Saved)| {
            let p = &saved.result.provenance;
            let seed = p.seed.map_or("none".to_string(), |s| s.to_string());
            format!("{label}: n = {}, {} messages, seed {seed}", p.replications, count(p.messages))
        };
        let subtitle = results.iter().map(words).collect::<Vec<_>>().join(" · ");
        Caption { title: format!("{what}: {}", names.join(", ")), subtitle }
    };
    let percentiles = chart::percentiles(&tails, &caption("Percentiles of time"));
    percentiles.into_iter().chain(chart::ccdf(&tails, &caption("Tail of time"))).collect()
}

/// Leaves out what only one result has, unless they have nothing in common.
fn keep_shared(tails: &mut Vec<Tail>) {
    let is_shared = |t: &Tail, all: &[Tail]| all.iter().any(|o| o.metric == t.metric && o.name != t.name);
    let shared: Vec<Tail> = tails.iter().filter(|t| is_shared(t, tails)).cloned().collect();
    if !shared.is_empty() {
        *tails = shared;
    }
}

/// The tails under the name of their result; the queue goes with the metric.
fn renamed<'t>(label: &'t str, tails: &'t [Tail]) -> impl Iterator<Item = Tail> + 't {
    tails.iter().map(move |t| Tail { name: label.to_string(), metric: format!("{} {}", t.name, t.metric), ..t.clone() })
}
