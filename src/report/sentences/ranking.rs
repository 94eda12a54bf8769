//! Which of several models is the best, in plain sentences with numbers and units.

use crate::experiment::Answer;
use crate::experiment::comparison::{Comparison, Rank, Ranked, Ranking};
use crate::units::format_quantity as amount;

/// The question of the best of several and its answer.
pub(super) fn answer(comparison: &Comparison, ranking: &Ranking, names: &[String]) -> Answer {
    let level = format!("{} %", (comparison.level * 1e5).round() / 1e3);
    let found = ranking.ranked.iter().find(|ranked| ranked.rank == Rank::Best);
    let rest = ranking.ranked.iter().filter(|ranked| ranked.rank != Rank::Best);
    Answer {
        question: format!("Which is the best by {}: {}?", ranking.quantity, names.join(", ")),
        headline: match found {
            Some(best) => format!(
                "{} is the best with {level} confidence: {} is {}",
                best.side,
                ranking.quantity,
                standing(best, ranking)
            ),
            None => untold(ranking, &level),
        },
        details: rest.map(|ranked| format!("{}: {}", ranked.side, standing(ranked, ranking))).collect(),
    }
}

/// What is known where no model is shown to be the best: which may be, what the leading one may cost at most, what would tell.
fn untold(ranking: &Ranking, level: &str) -> String {
    let open: Vec<&str> = ranking.open().map(|ranked| ranked.side.as_str()).collect();
    if let Some(tied) = tied(ranking) {
        return format!(
            "No best by {}: it is {} in each of {}, the same in every replication",
            ranking.quantity,
            amount(tied, ranking.unit),
            open.join(", ")
        );
    }
    let cost = ranking.leading.as_ref().and_then(|leading| at_most(ranking, leading));
    let needed =
        ranking.needed_replications.map_or("no number of replications is predicted to tell".to_string(), |n| {
            format!("about {n} replications would tell them apart")
        });
    format!(
        "The best by {} cannot be told with {level} confidence: it may be {}{}; {needed}",
        ranking.quantity,
        open.join(" or "),
        cost.unwrap_or_default()
    )
}

/// The value of all that may be the best, where no replication tells them apart.
fn tied(ranking: &Ranking) -> Option<f64> {
    let same =
        |ranked: &Ranked| ranked.from_best.is_some_and(|found| (found.low, found.high) == (Some(0.0), Some(0.0)));
    ranking.open().all(same).then(|| ranking.open().find_map(|ranked| ranked.value))?
}

/// How far the leading model is at most from the best.
fn at_most(ranking: &Ranking, leading: &str) -> Option<String> {
    let found = ranking.ranked.iter().find(|ranked| ranked.side == leading)?;
    let from_best = found.from_best.as_ref()?;
    let worse = if ranking.larger_is_better { -from_best.low? } else { from_best.high? };
    Some(format!("; {leading} has the best value, at most {} from the best", amount(worse.max(0.0), ranking.unit)))
}

/// `40.00 ms, 12.30 ms to 15.10 ms less than the best of the others`.
fn standing(ranked: &Ranked, ranking: &Ranking) -> String {
    let Some(value) = ranked.value else {
        return ranked.refusal.as_ref().map_or("no value".to_string(), ToString::to_string);
    };
    let shown = amount(value, ranking.unit);
    let Some((low, high)) = ranked.from_best.as_ref().and_then(|found| found.low.zip(found.high)) else {
        return format!("{shown}, with no interval of its difference from the others");
    };
    let (near, far) =
        (amount(low.abs().min(high.abs()), ranking.unit), amount(low.abs().max(high.abs()), ranking.unit));
    match (low, high) {
        (0.0, 0.0) => format!("{shown}, the same as the best of the others"),
        _ if high < 0.0 => format!("{shown}, {near} to {far} less than the best of the others"),
        _ if low > 0.0 => format!("{shown}, {near} to {far} more than the best of the others"),
        _ => format!(
            "{shown}, between {} less and {} more than the best of the others",
            amount(-low, ranking.unit),
            amount(high, ranking.unit)
        ),
    }
}
