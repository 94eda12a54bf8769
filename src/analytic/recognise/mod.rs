//! Reads a model queue by queue: which queues theory can solve, and precisely why not the
//! others. Knows the model and which formula needs what; the formulas are elsewhere.

mod flow;

use self::flow::{Arriving, Graph, blame_copies, dead_letter_target, from_producers, pass_on};
use crate::analytic::rows;
use crate::analytic::station::solve;
use crate::analytic::steady::Steady;
use crate::analytic::{Broken, Solution, Theory};
use crate::dist::Dist;
use crate::model::{Ack, Consumer, Model, Overflow, QueueId, RunLength, Servers, ServiceTime, Warmup};
use std::collections::BTreeSet;

/// Solves every queue of a model that theory can solve exactly.
pub(super) fn theory(model: &Model) -> Theory {
    let graph = Graph::new(model);
    let mut arriving = from_producers(model);
    blame_copies(model, &graph, &mut arriving);
    let mut theory = Theory::default();
    for queue in graph.order() {
        let id = QueueId(queue as u32);
        let verdict = solve_queue(model, &graph, id, &arriving[queue]);
        pass_on(model, id, departures(model, id, &verdict), &mut arriving);
        match verdict {
            Ok((consumer, steady)) => {
                let whole = is_whole_model(model, id, &arriving);
                theory.solutions.push(solution(model, id, consumer, steady, whole));
            }
            Err(reasons) => theory.broken.push(Broken { queue: id, reasons }),
        }
    }
    theory.solutions.sort_by_key(|solution| solution.queue);
    theory.broken.sort_by_key(|broken| broken.queue);
    theory
}

fn solution(model: &Model, queue: QueueId, consumer: &Consumer, steady: Steady, whole: bool) -> Solution {
    let name = &model.queue(queue).name;
    let mut rows = rows::of_station(name, &consumer.name, &steady, &model.run.quantiles);
    if whole {
        rows.extend(rows::of_system(&steady, &model.run.quantiles));
    }
    Solution { queue, kendall: steady.kendall, rows, wait: steady.wait_law, sojourn: steady.sojourn_law }
}

/// Whether what leaves a queue is Poisson: M/M/c without limit (Burke 1956) and M/G/inf (Mirasol 1963).
fn departures(model: &Model, queue: QueueId, verdict: &Result<(&Consumer, Steady), Vec<String>>) -> Result<(), String> {
    let name = &model.queue(queue).name;
    match verdict {
        Err(_) => Err(format!("messages arrive from `{name}`, which is not solved, so they may not be Poisson")),
        Ok((_, steady)) => {
            let markovian = steady.kendall.starts_with("M/M/") && steady.prob_loss.is_none();
            if markovian || steady.kendall.ends_with("/inf") {
                Ok(())
            } else {
                Err(format!("messages arrive from `{name}`, and departures of {} are not Poisson", steady.kendall))
            }
        }
    }
}

/// The consumer and the steady state of one queue, or every reason against it.
fn solve_queue<'m>(
    model: &'m Model,
    graph: &Graph,
    id: QueueId,
    arriving: &Arriving,
) -> Result<(&'m Consumer, Steady), Vec<String>> {
    let queue = model.queue(id);
    let mut reasons = run_reasons(model);
    reasons.extend(arriving.reasons.iter().cloned());
    if graph.returns(id.0 as usize) {
        reasons.push(format!(
            "messages can come back to `{}`, and feedback makes arrivals other than Poisson",
            queue.name
        ));
    } else if arriving.streams.is_empty() && arriving.reasons.is_empty() {
        reasons.push(format!("no messages arrive at `{}`", queue.name));
    }
    reasons.extend(queue_reasons(model, id, arriving));
    let Some(consumer) = only_consumer(model, id, &mut reasons) else { return Err(reasons) };
    reasons.extend(consumer_reasons(consumer));
    let Some(service) = common_service(model, consumer, arriving, &mut reasons) else { return Err(reasons) };
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let mut steady = solve(arriving.rate(), service, consumer.servers, queue.max_length)
        .map_err(|reason| vec![format!("queue `{}`: {reason}", queue.name)])?;
    if queue.max_length.is_some() && queue.overflow == Overflow::DropHead && consumer.servers != Servers::Unlimited {
        forget_times(&mut steady);
    }
    Ok((consumer, steady))
}

/// Dropping from the head loses as many, but other messages: counts stay, times do not.
fn forget_times(steady: &mut Steady) {
    (steady.wait, steady.sojourn, steady.wait_law, steady.sojourn_law) = (None, None, None, None);
    steady.prob_wait = None;
}

fn run_reasons(model: &Model) -> Vec<String> {
    let mut reasons = Vec::new();
    if model.run.warmup == Warmup::None {
        reasons.push("the run keeps its start (warm-up `none`), and theory knows the steady state only".to_string());
    }
    if model.run.length == RunLength::Drained {
        reasons.push("the run lasts until the system is empty, and theory knows the steady state only".to_string());
    }
    reasons
}

fn queue_reasons(model: &Model, id: QueueId, arriving: &Arriving) -> Vec<String> {
    let queue = model.queue(id);
    let mut reasons = Vec::new();
    if let Some(ttl) = queue.message_ttl {
        reasons.push(format!("queue `{}` expires messages after {ttl} s", queue.name));
    }
    // Priorities above the highest level share it.
    let level = |priority: u8| priority.min(queue.levels.saturating_sub(1));
    let levels: BTreeSet<u8> = arriving.streams.iter().map(|stream| level(stream.priority)).collect();
    if levels.len() > 1 {
        reasons.push(format!("queue `{}` gets messages of {} priority levels", queue.name, levels.len()));
    }
    reasons
}

fn only_consumer<'m>(model: &'m Model, id: QueueId, reasons: &mut Vec<String>) -> Option<&'m Consumer> {
    let pools: Vec<&Consumer> = model.consumers_of(id).map(|c| &model.consumers[c]).collect();
    match pools[..] {
        [consumer] => return Some(consumer),
        [] => reasons.push(format!("no consumer takes from `{}`", model.queue(id).name)),
        _ => {
            let names: Vec<String> = pools.iter().map(|consumer| format!("`{}`", consumer.name)).collect();
            reasons.push(format!("queue `{}` is shared by consumers {}", model.queue(id).name, names.join(", ")));
        }
    }
    None
}

fn consumer_reasons(consumer: &Consumer) -> Vec<String> {
    let name = &consumer.name;
    let mut reasons = Vec::new();
    if consumer.failure > 0.0 {
        let what = match (consumer.ack, consumer.retry.max_attempts) {
            (Ack::Auto, _) => "loses",
            (Ack::Manual, Some(1)) => "discards",
            (Ack::Manual, _) => "retries",
        };
        reasons.push(format!("consumer `{name}` {what} failed messages (failure probability {})", consumer.failure));
    }
    if consumer.ack_loss > 0.0 {
        reasons.push(format!("consumer `{name}` repeats messages (acknowledgement loss {})", consumer.ack_loss));
    }
    if let Some(turnaround) = &consumer.turnaround {
        let mean = turnaround.mean();
        reasons
            .push(format!("consumer `{name}` keeps its server for a turnaround of mean {mean} s after each message"));
    }
    if consumer.latency > 0.0 {
        reasons.push(format!("consumer `{name}` has a delivery latency of {} s", consumer.latency));
    }
    reasons
}

/// The service law shared by every class that arrives.
fn common_service<'m>(
    model: &Model,
    consumer: &'m Consumer,
    arriving: &Arriving,
    reasons: &mut Vec<String>,
) -> Option<&'m Dist> {
    let name = &consumer.name;
    let classes: BTreeSet<_> = arriving.streams.iter().map(|stream| stream.class).collect();
    let service_of = |class| {
        let special = consumer.service.by_class.iter().find(|(listed, _)| *listed == class);
        special.map_or(&consumer.service.default, |(_, service)| service)
    };
    let mut laws: Vec<(String, &Dist)> = Vec::new();
    for class in classes {
        match service_of(class) {
            ServiceTime::Drawn(law) => laws.push((model.classes[class.0 as usize].clone(), law)),
            ServiceTime::Recorded(_) => {
                reasons.push(format!("service times of consumer `{name}` are recorded, not drawn from a law"));
                return None;
            }
        }
    }
    let (first_class, first) = laws.first()?.clone();
    // Laws have no equality of their own; their parameters as printed decide.
    let shown = format!("{first:?}");
    if let Some((class, _)) = laws.iter().find(|(_, law)| format!("{law:?}") != shown) {
        reasons.push(format!("consumer `{name}` serves classes `{first_class}` and `{class}` by different laws"));
        return None;
    }
    Some(first)
}

/// Whether this queue is all there is: producers publish to it and nothing else, and whatever
/// leaves it is gone.
fn is_whole_model(model: &Model, id: QueueId, arriving: &[Arriving]) -> bool {
    let only = |queue: usize| queue == id.0 as usize || arriving[queue].streams.is_empty();
    let all_here = |p: &crate::model::Producer| p.kinds.iter().all(|kind| model.route(p.to, kind) == [id]);
    let stays = dead_letter_target(model, id).is_none_or(|target| model.consumers_of(target).next().is_none());
    let ends = model.consumers_of(id).all(|c| model.consumers[c].publish.is_none());
    (0..model.queues.len()).all(only) && model.producers.iter().all(all_here) && stays && ends
}
