//! Family 19: broker specials.

use super::{Case, Said, probability};
use lindley::analytic::Station;
use lindley::analytic::catalog::find;
use lindley::analytic::plan::{NoPlan, plan};
use lindley::analytic::problem::{AfterRepair, Breakdowns, Input, Work};
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::dist::Dist;
use lindley::model::Servers;
use toml::{Table, Value};

/// What the library says to a question of the family; `None`: nothing.
pub fn said(case: &Case, question: &str) -> Option<Said> {
    let has = |name: &str| !case.params[name].is_null();
    if question == "stable" {
        return stable(case).map(Said::Truth);
    } else if has("T") {
        return timeout(case, question).map(Said::Number);
    }
    let of = if has("crash_rate_while_busy") {
        crash
    } else if has("prefetch") {
        prefetch
    } else if has("interarrival") {
        overload
    } else if has("weights") || has("shares") || has("partitions") {
        partitions
    } else if has("queues") || case.id.contains("jsq") || case.id.contains("shortest") {
        queues
    } else if has("d") {
        choices
    } else if has("K") {
        drop_head
    } else {
        return edge(case, question);
    };
    of(case, question).map(Said::Number)
}

/// Whether there is a steady state.
fn stable(case: &Case) -> Option<bool> {
    let rate = case.number("lambda_").or_else(|| Some(1.0 / case.number("interarrival")?))?;
    Some(rate * service(case)?.mean() < case.number("c").unwrap_or(1.0))
}

fn answer(name: &str, parameters: Vec<(&str, Value)>) -> Option<SystemAnswer> {
    let system = find(name)?;
    let table: Table = parameters.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    let given = Given::read(system.parameters, &table.into_iter().collect()).expect("known parameters");
    match (system.solve)(&given) {
        Ok(answer) => Some(answer),
        Err(why) => panic!("{name}: {why}"),
    }
}

fn float(case: &Case, name: &str) -> Option<Value> {
    case.number(name).map(Value::Float)
}

fn count(case: &Case, name: &str) -> Option<Value> {
    case.number(name).map(|n| Value::Integer(n as i64))
}

/// What most systems answer under the same names.
fn common(answer: &SystemAnswer, question: &str) -> Option<f64> {
    let mean = |metric: &str| answer.get("system", None, metric, "mean");
    if let Some((which, percent)) = question.split_once("_p") {
        let metric = match which {
            "wq" => "wait",
            "w" => "sojourn",
            _ => "",
        };
        let p = probability(percent)?;
        return answer.get("system", None, metric, &format!("p{}", (p * 1e11).round() / 1e9));
    }
    match question {
        "W" => mean("sojourn"),
        "Wq" => mean("wait"),
        "L" => mean("in_system"),
        "Lq" => mean("queue_length"),
        "var_W" => answer.get("system", None, "sojourn", "variance"),
        "var_Wq" => answer.get("system", None, "wait", "variance"),
        "p_wait" => answer.get("system", None, "prob_wait", "fraction"),
        "rho" | "utilization" => mean("utilization"),
        "throughput" => mean("throughput"),
        _ => None,
    }
}

fn drop_head(case: &Case, question: &str) -> Option<f64> {
    let service = Work::Law(Dist::Exponential(1.0 / case.number("mu")?));
    let servers = Servers::Count(case.number("c").unwrap_or(1.0) as u32);
    let rejecting = Station {
        places: Some(case.number("K")? as u64),
        ..Station::new(Input::Poisson(case.number("lambda_")?), service, servers)
    };
    let mut dropping = rejecting.clone();
    dropping.features.drop_head = true;
    let solved = |station: &Station| plan(station).ok().map(|plan| plan.best().steady.clone());
    let steady = solved(&dropping)?;
    if let Some(p) = question.strip_prefix("wq_p").and_then(probability) {
        return steady.wait_law?.quantile(p);
    }
    match question {
        "p_loss_both" | "p_loss" => steady.prob_loss,
        "Wq_served_reject" => Some(solved(&rejecting)?.wait?.mean),
        "Wq_served_drophead" | "Wq" => Some(steady.wait?.mean),
        "var_Wq_served_drophead" | "var_Wq" => steady.wait?.variance,
        "mean_time_in_queue_of_dropped_drophead" => Some(steady.details.first()?.value),
        "Lq_both" | "Lq" => Some(steady.queue_length),
        "L_both" | "L" => Some(steady.in_system),
        "throughput_both" | "throughput" => Some(steady.throughput),
        "rho" | "utilization" => steady.utilization,
        _ => None,
    }
}

fn prefetch(case: &Case, question: &str) -> Option<f64> {
    let words = case.text("dispatch").unwrap_or("round-robin");
    let dispatch = ["random", "least"].into_iter().find(|word| words.contains(word));
    let dispatch = match dispatch {
        Some("random") => "random",
        Some(_) => "least-unacked",
        None => "round-robin",
    };
    let rates = case.numbers("mus").into_iter().map(Value::Float).collect();
    let parameters = vec![
        ("arrival-rate", float(case, "lambda_")?),
        ("service-rates", Value::Array(rates)),
        ("prefetch", count(case, "prefetch")?),
        ("dispatch", Value::String(dispatch.to_string())),
    ];
    let answer = answer("prefetch", parameters)?;
    let of_consumer = |prefix: &str, metric: &str, statistic: &str| {
        let i = question.strip_prefix(prefix)?;
        answer.get(&format!("consumer{i}"), None, metric, statistic)
    };
    match question {
        "L_ready" => answer.get("system", None, "queue_length", "mean"),
        "W_ready" => answer.get("system", None, "wait", "mean"),
        "p_idle_consumer_while_messages_wait" => answer.get("system", None, "detail.idle_while_waiting", "fraction"),
        _ => of_consumer("L_unacked_", "in_system", "mean")
            .or_else(|| of_consumer("util_", "utilization", "mean"))
            .or_else(|| of_consumer("share_", "detail.share", "fraction"))
            .or_else(|| common(&answer, question)),
    }
}

/// A law as letter and mean, or mean and scv.
fn law(case: &Case) -> Option<Value> {
    let text = match (case.number("mu"), case.number("mean_service").or(case.number("service"))) {
        (Some(mu), _) => format!("M {}s", 1.0 / mu),
        (None, mean) => match (case.number("k"), case.number("scv")) {
            (Some(k), _) => format!("E{k} {}s", mean?),
            (None, Some(scv)) if scv > 0.0 => format!("LN {}s {scv}", mean?),
            _ => format!("D {}s", mean?),
        },
    };
    Some(Value::String(text))
}

fn crash(case: &Case, question: &str) -> Option<f64> {
    let new = case.id.contains("new") || case.id.contains("different");
    let after = if new { AfterRepair::RepeatDifferent } else { AfterRepair::RepeatIdentical };
    let rate = case.number("crash_rate_while_busy")?;
    let input = Input::Poisson(case.number("lambda_")?);
    let mut station = Station::new(input, Work::Law(service(case)?), Servers::Count(1));
    let repair = Dist::Deterministic(0.0);
    station.features.breakdowns = Some(Breakdowns { rate, repair, when_idle: false, after });
    let plan = plan(&station).expect("a stable station");
    let steady = &plan.best().steady;
    let detail = |name: &str| Some(steady.details.iter().find(|detail| detail.name == name)?.value);
    match question {
        "mean_completion" => detail("completion"),
        "E_completion2" => detail("completion_second_moment"),
        "effective_rho" => detail("effective_rho"),
        "Wq_before_first_delivery" | "Wq" => Some(steady.wait?.mean),
        "mean_deliveries" => Some(1.0 + detail("failures_per_message")?),
        "W" => Some(steady.sojourn?.mean),
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        _ => None,
    }
}

/// One dedicated queue a server, filled in turn, at random or by length; `d` of them looked at.
fn queues(case: &Case, question: &str) -> Option<f64> {
    let parameters = vec![
        ("arrival-rate", float(case, "lambda_")?),
        ("service-rate", float(case, "mu")?),
        ("queues", count(case, "queues").or(count(case, "c")).or(count(case, "n"))?),
    ];
    let shortest = case.id.contains("jsq") || case.id.contains("shortest") || question.contains("jsq");
    let system = if shortest { "join-shortest-queue" } else { "round-robin" };
    let answer = answer(system, parameters)?;
    let mean = |metric: &str| answer.get("system", None, metric, "mean");
    match question {
        "sigma" => mean("detail.sigma"),
        "W_roundrobin" | "W_jsq" => mean("sojourn"),
        "W_random_split" => mean("detail.sojourn_random_split"),
        "W_shared_queue" => mean("detail.sojourn_shared_queue"),
        "p0" => answer.get("system", None, "detail.prob_empty", "fraction"),
        other => common(&answer, other),
    }
}

fn choices(case: &Case, question: &str) -> Option<f64> {
    let parameters = vec![
        ("arrival-rate", float(case, "lambda_")?),
        ("service-rate", float(case, "mu")?),
        ("choices", count(case, "d")?),
    ];
    common(&answer("power-of-d", parameters)?, question)
}

/// The share of each partition: listed, or equal but for a hot one.
fn weights(case: &Case) -> Option<Vec<f64>> {
    if let Some(name) = ["weights", "shares"].into_iter().find(|name| !case.params[*name].is_null()) {
        return Some(case.numbers(name));
    }
    let partitions = case.number("partitions")?;
    let hot = case.number("hot_share").unwrap_or(1.0 / partitions);
    let mut weights = vec![(1.0 - hot) / (partitions - 1.0); partitions as usize];
    *weights.first_mut()? = hot;
    Some(weights)
}

fn partitions(case: &Case, question: &str) -> Option<f64> {
    let weights = weights(case)?.into_iter().map(Value::Float).collect();
    let rates = match case.number("mu") {
        Some(mu) => vec![mu],
        None => case.numbers("mus"),
    };
    let parameters = vec![
        ("arrival-rate", float(case, "lambda_")?),
        ("weights", Value::Array(weights)),
        ("service-rates", Value::Array(rates.into_iter().map(Value::Float).collect())),
    ];
    let answer = answer("partitions", parameters)?;
    let of_partition = |prefix: &str, metric: &str| {
        let i = question.strip_prefix(prefix)?;
        answer.get(&format!("partition{i}"), None, metric, "mean")
    };
    match question {
        "W_shared_queue" => answer.get("system", None, "detail.sojourn_shared_queue", "mean"),
        "W_hot" => answer.get("partition1", None, "sojourn", "mean"),
        "rho_hot" => answer.get("partition1", None, "utilization", "mean"),
        "W_cold" => answer.get("partition2", None, "sojourn", "mean"),
        "rho_cold" => answer.get("partition2", None, "utilization", "mean"),
        "max_lambda" => answer.get("system", None, "detail.largest_rate", "mean"),
        _ => of_partition("W_", "sojourn")
            .or_else(|| of_partition("Wq_", "wait"))
            .or_else(|| of_partition("L_", "in_system"))
            .or_else(|| of_partition("rho_", "utilization"))
            .or_else(|| common(&answer, question)),
    }
}

fn overload(case: &Case, question: &str) -> Option<f64> {
    let messages = count(case, "n_messages").unwrap_or(Value::Integer(1));
    let parameters = vec![
        ("interval", float(case, "interarrival")?),
        ("service", float(case, "service")?),
        ("servers", Value::Integer(case.number("c").unwrap_or(1.0) as i64)),
        ("messages", messages),
    ];
    let answer = answer("overload", parameters)?;
    let mean = |metric: &str| answer.get("system", None, metric, "mean");
    match question {
        "wait_of_last" => mean("detail.wait_of_last"),
        "finish_time" => mean("detail.finish_time"),
        name if name.starts_with("mean_wait_first_") || name == "mean_wait" => mean("wait"),
        other => common(&answer, other),
    }
}

fn service(case: &Case) -> Option<Dist> {
    if let Some(mu) = case.number("mu") {
        return Some(Dist::Exponential(1.0 / mu));
    }
    let mean = case.number("mean_service").or(case.number("service"))?;
    match (case.number("k"), case.number("scv")) {
        (Some(k), _) => Dist::erlang(k as u32, mean).ok(),
        (None, Some(scv)) if scv != 0.0 => Dist::lognormal(mean, scv).ok(),
        _ => Some(Dist::Deterministic(mean)),
    }
}

/// A message is delivered again if processing outlasts the visibility timeout.
fn timeout(case: &Case, question: &str) -> Option<f64> {
    let seconds: f64 = question.split_once("_T")?.1.replace('_', ".").parse().ok()?;
    let parameters = vec![("service", law(case)?), ("timeouts", Value::Array(vec![Value::Float(seconds)]))];
    let answer = answer("visibility-timeout", parameters)?;
    let of_timeout = |metric: &str, statistic: &str| answer.get(&format!("timeout {seconds}"), None, metric, statistic);
    match question.split_once("_T")?.0 {
        "p_duplicate" => of_timeout("duplicates", "fraction"),
        "mean_deliveries" => of_timeout("attempts", "mean"),
        _ => None,
    }
}

/// Plain stations at the edge: no steady state, or hardly any load.
fn edge(case: &Case, question: &str) -> Option<Said> {
    let servers = Servers::Count(case.number("c").unwrap_or(1.0) as u32);
    let station = Station::new(Input::Poisson(case.number("lambda_")?), Work::Law(service(case)?), servers);
    let steady = match plan(&station) {
        Ok(plan) => plan.best().steady.clone(),
        Err(why) => {
            assert!(matches!(why, NoPlan::Unstable(..)), "{why:?}");
            return match question {
                "W" | "Wq" | "L" | "Lq" => Some(Said::Text("infinite".to_string())),
                _ => None,
            };
        }
    };
    let number = match question {
        "rho" | "utilization" => steady.utilization?,
        "L" => steady.in_system,
        "Lq" => steady.queue_length,
        "W" => steady.sojourn?.mean,
        "Wq" => steady.wait?.mean,
        "p_wait" => steady.prob_wait?,
        "throughput" => steady.throughput,
        other => match other.split_once("_p")? {
            ("wq", percent) => steady.wait_law?.quantile(probability(percent)?)?,
            ("w", percent) => steady.sojourn_law?.quantile(probability(percent)?)?,
            _ => return None,
        },
    };
    Some(Said::Number(number))
}
