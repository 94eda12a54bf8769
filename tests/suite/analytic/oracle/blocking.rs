//! Family 13: tandems with blocking.

use super::Case;
use super::closed::{ask, row};

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let mut given =
        vec![("service-rates", case.params["mu"].to_string()), ("buffers", case.params["buffers"].to_string())];
    given.extend(case.number("lambda_").map(|rate| ("arrival-rate", rate.to_string())));
    given.extend(case.number("K1").map(|places| ("first-places", places.to_string())));
    let before =
        case.text("rule").or(case.text("blocking")).is_some_and(|rule| rule.contains("before") || rule == "BBS");
    if before || case.id.starts_with("bbs") {
        given.push(("rule", "before-service".to_string()));
    }
    let answer = ask("tandem-blocking", given);
    let system = |metric| row(&answer, "system", None, metric);
    let node = |prefix: &str, metric| {
        let number = question.strip_prefix(prefix)?;
        row(&answer, &format!("node{}", number.trim_start_matches("node")), None, metric)
    };
    match question {
        "throughput" | "X" => system("throughput"),
        "p_loss" => system("prob_loss"),
        "L" | "L_total" => system("in_system"),
        "W" | "W_accepted" | "W_total" => system("sojourn"),
        _ => node("L_", "in_system")
            .or_else(|| node("p_busy_", "utilization"))
            .or_else(|| node("p_blocked_", "detail.prob_blocked"))
            .or_else(|| node("util_", "utilization"))
            .or_else(|| node("W_", "sojourn")),
    }
}
