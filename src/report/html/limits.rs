//! What breaks first: the bottleneck and the load at which it saturates, and what is lost already.

use super::rows::{busiest, find, share, shown};
use super::sentence::sentence;
use crate::experiment::Status;
use crate::experiment::result::ResultSet;
use crate::report::numbers::percent;
use crate::report::rows::whole;
use crate::row::{Metric, Row, RowNames, Scope, Source, Statistic};
use crate::units::{Unit, format_quantity, significant};
use maud::{Markup, html};

/// The list, if anything is known.
pub(super) fn limits(set: &ResultSet) -> Option<Markup> {
    let mut said: Vec<String> = Vec::new();
    said.extend(unstable(set));
    said.extend(bottleneck(set));
    said.extend(losses(set));
    said.extend(disruptions(set));
    (!said.is_empty()).then(|| html! { ul { @for text in &said { li dir="auto" { (sentence(text)) } } } })
}

fn unstable(set: &ResultSet) -> Option<String> {
    let n = set.points.iter().filter(|p| p.status == Status::Unstable).count();
    let all = set.points.len();
    (n > 0).then(|| format!("{n} of {all} settings have no steady state: more work arrives than can be done."))
}

/// The busiest servers, when they saturate, and the next busiest.
fn bottleneck(set: &ResultSet) -> Vec<String> {
    let busiest = busiest(set);
    let Some(first) = busiest.first() else { return Vec::new() };
    let busy = first.value.unwrap_or(0.0);
    let who = format!("{} `{}`", first.scope.name(), first.name);
    let mut said = vec![format!("The bottleneck is {who}: its servers are busy {} of the time.", share(first))];
    said.extend(saturation(set, &who, busy));
    if let Some(next) = busiest.get(1).filter(|r| r.value > Some(0.0)) {
        said.push(format!("Next is {} `{}`, busy {}.", next.scope.name(), next.name, share(next)));
    }
    said
}

/// At which arrival rate the bottleneck has nothing to spare, all else equal.
fn saturation(set: &ResultSet, who: &str, busy: f64) -> Option<String> {
    if busy >= 0.995 {
        return Some(format!(
            "It is saturated: {who} has nothing to spare, and more load only makes its queue longer."
        ));
    }
    let open = set.model_summary.as_ref().is_none_or(|p| p.open);
    let rate = find(set, Scope::System, Metric::ArrivalRate, Statistic::Mean)
        .or_else(|| find(set, Scope::Queue, Metric::ArrivalRate, Statistic::Mean))
        .filter(|_| open && busy > 0.0)?;
    let now = rate.value?;
    Some(format!(
        "It saturates when arrivals grow {}-fold, from {} to {}, if everything grows in proportion: utilization is the \
         rate times the work per message. Waits grow long before.",
        significant(1.0 / busy, 3),
        shown(rate),
        format_quantity(now / busy, Unit::PerSecond)
    ))
}

/// Queues that lose, and how messages end that are not done.
fn losses(set: &ResultSet) -> Vec<String> {
    const BAD: [(&str, &str); 7] = [
        ("dead_lettered", "are dead-lettered"),
        ("expired", "expire before they are served"),
        ("dropped", "are dropped"),
        ("refused", "are refused by a full queue"),
        ("unroutable", "match no queue"),
        ("lost", "are lost after an automatic acknowledgement"),
        ("abandoned", "are given up by their producer"),
    ];
    let outcomes = &set.lifecycle.outcomes;
    let ended = BAD.iter().filter_map(|(name, words)| Some((outcomes.get(*name)?, words)));
    let mut said: Vec<String> = ended
        .filter(|(share, _)| share.value > 0.0)
        .map(|(share, words)| format!("{} of messages {words}.", percent(share)))
        .collect();
    if said.is_empty() && !outcomes.is_empty() {
        let n = crate::report::numbers::count(set.ledger.published);
        said.push(format!("None of {n} messages was lost, refused, dropped or expired."));
    }
    let losing = |r: &&Row| r.metric == Metric::ProbLoss && r.value > Some(0.0) && r.source == Source::Simulation;
    let names = RowNames::of(&set.rows);
    said.extend(whole(set).filter(losing).take(3).map(|r| format!("`{}` is {}.", names.quantity(r), share(r))));
    said
}

fn disruptions(set: &ResultSet) -> Option<String> {
    let n = set.model_summary.as_ref()?.disruptions.len();
    (n > 0).then(|| format!("These numbers include {n} disruption{} (below).", if n == 1 { "" } else { "s" }))
}
