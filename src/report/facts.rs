//! What a result is of, in a few words: how many replications, which seed, why it ended.

use super::numbers::count;
use crate::experiment::result::{Provenance, StopReason, WarmupMethod};
use crate::units::format_duration;

/// What a reader needs to judge or repeat a study, shortest first.
pub(super) fn facts(p: &Provenance) -> Vec<String> {
    if p.replications == 0 {
        return vec![format!("lindley {}", p.version), format_duration(p.wall_s)];
    }
    let warmup = match p.warmup.method {
        WarmupMethod::None => "no warm-up".to_string(),
        method => format!("warm-up {} ({})", format_duration(p.warmup.mean_s), method.name()),
    };
    vec![
        plural(p.replications.into(), "replication"),
        plural(p.messages, "message"),
        warmup,
        stop_reason(p.stop_reason).to_string(),
        format!("seed {}", p.seed.map_or("none".to_string(), |seed| seed.to_string())),
        format!("took {}", format_duration(p.wall_s)),
    ]
}

/// Why the study ended, in the words of the heading.
fn stop_reason(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Replications => "replications as asked",
        StopReason::Length => "as long as 5 % takes",
        StopReason::Events => "as long as the budget of events",
        StopReason::Targets => "as long as the targets take",
        StopReason::Precision => "precision reached",
        StopReason::Budget => "precision not reached",
        StopReason::Time => "time limit",
        StopReason::Interrupted => "interrupted",
        StopReason::Deterministic => "nothing random",
        StopReason::Solved => "solved",
    }
}

fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}
