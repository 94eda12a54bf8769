//! Reads a model queue by queue: which station each queue is, and precisely why not the others.
//! Knows the model and what a station may have; which method solves it is the planner's business.

mod flow;
mod product_form;
mod whole;

use self::flow::{Arriving, Graph, blame_copies, dead_letter_target, from_producers, pass_on};
use self::whole::whole;
use crate::analytic::method::Departures;
use crate::analytic::plan::{NoPlan, RefusedMethod, SolvedStation, StationPlan, plan};
use crate::analytic::problem::{Class, Discipline, Features, Patience, Retrying, Station, Work};
use crate::analytic::question::mixed;
use crate::analytic::rows;
use crate::analytic::{Approximated, Broken, Refusal, Solution, Steady, Theory};
use crate::dist::Dist;
use crate::model::{
    Ack, Backoff, ClassId, Consumer, Disruption, Jitter, Model, Overflow, QueueId, Requeue, RunLength, Servers,
    ServiceTime, Warmup,
};
use crate::row::Row;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one queue.
enum Verdict<'m> {
    Solved(&'m Consumer, StationPlan),
    Unstable(String),
    Broken(Vec<String>),
}

/// Solves every queue of a model that theory can solve: each by itself, and where that fails for
/// some, the whole model as one network. Of several exponential queues in an open network, the
/// system's sojourn is known as well.
pub(super) fn theory(model: &Model) -> Theory {
    let theory = by_queue(model);
    let every_queue = theory.broken.is_empty() && theory.approximated.is_empty();
    if every_queue && (!theory.system.is_empty() || !theory.unstable.is_empty()) {
        return theory;
    }
    let Ok(whole) = whole(model) else { return theory };
    match product_form::solve(model, &whole) {
        Ok((_, system)) if every_queue => {
            let system = product_form::tandem_rows(&whole, &model.run.quantiles).unwrap_or(system);
            Theory { system, ..theory }
        }
        Ok((solutions, system)) => as_network(theory, solutions, system),
        Err(Refusal::Unstable(why)) => {
            let everywhere = whole.stations.iter().map(|place| place.queue);
            let unstable = everywhere.map(|queue| Broken { queue, reasons: vec![why.to_string()] }).collect();
            Theory { unstable, ..Theory::default() }
        }
        Err(_) => theory,
    }
}

/// The theory of a model that is one network; queues that it does not use keep what was said of them.
fn as_network(apart: Theory, solutions: Vec<Solution>, system: Vec<Row>) -> Theory {
    let unused = |queue: &QueueId| solutions.iter().all(|s| s.queue != *queue);
    Theory {
        approximated: apart.approximated.into_iter().filter(|a| unused(&a.queue)).collect(),
        unstable: apart.unstable.into_iter().filter(|b| unused(&b.queue)).collect(),
        broken: apart.broken.into_iter().filter(|b| unused(&b.queue)).collect(),
        solutions,
        system,
    }
}

fn by_queue(model: &Model) -> Theory {
    let graph = Graph::new(model);
    let mut arriving = from_producers(model);
    blame_copies(model, &graph, &mut arriving);
    let mut theory = Theory::default();
    for queue in graph.order() {
        let id = QueueId(queue as u32);
        let verdict = solve_queue(model, &graph, id, &arriving[queue]);
        pass_on(model, id, departures(model, id, &verdict), &mut arriving);
        match verdict {
            Verdict::Solved(consumer, plan) if plan.is_exact() => {
                if is_whole_model(model, id, &arriving) {
                    theory.system = rows::of_system(&plan.best().steady, &model.run.quantiles);
                }
                theory.solutions.push(solution(model, id, consumer, &plan));
            }
            Verdict::Solved(consumer, plan) => theory.approximated.push(approximated(model, id, consumer, &plan)),
            Verdict::Unstable(why) => theory.unstable.push(Broken { queue: id, reasons: vec![why] }),
            Verdict::Broken(reasons) => theory.broken.push(Broken { queue: id, reasons }),
        }
    }
    theory.solutions.sort_by_key(|solution| solution.queue);
    theory.approximated.sort_by_key(|approximated| approximated.queue);
    theory.broken.sort_by_key(|broken| broken.queue);
    theory
}

fn solution(model: &Model, queue: QueueId, consumer: &Consumer, plan: &StationPlan) -> Solution {
    let (name, steady) = (&model.queue(queue).name, &plan.best().steady);
    Solution {
        queue,
        kendall: steady.kendall.clone(),
        choice: plan.to_string(),
        rows: rows::of_station(name, &consumer.name, plan.best(), &model.run.quantiles),
        wait: steady.wait_law.clone(),
        sojourn: steady.sojourn_law.clone(),
    }
}

fn approximated(model: &Model, queue: QueueId, consumer: &Consumer, plan: &StationPlan) -> Approximated {
    let name = &model.queue(queue).name;
    let of = |solved| rows::of_station(name, &consumer.name, solved, &[]);
    Approximated { queue, choice: plan.to_string(), rows: plan.answers.iter().flat_map(of).collect() }
}

/// Whether what leaves a queue is Poisson.
fn departures(model: &Model, queue: QueueId, verdict: &Verdict) -> Result<(), String> {
    let name = &model.queue(queue).name;
    match verdict {
        Verdict::Broken(_) => {
            Err(format!("messages arrive from `{name}`, which is not solved, so they may not be Poisson"))
        }
        Verdict::Unstable(_) => Err(format!("messages arrive from `{name}`, which is overloaded")),
        Verdict::Solved(_, plan) => {
            let SolvedStation { method, steady } = plan.best();
            match method.departures {
                Departures::Poisson => Ok(()),
                Departures::Unknown => {
                    let kendall = &steady.kendall;
                    Err(format!("messages arrive from `{name}`, and departures of {kendall} are not Poisson"))
                }
            }
        }
    }
}

/// The consumer and the solution of one queue, or every reason against it.
fn solve_queue<'m>(model: &'m Model, graph: &Graph, id: QueueId, arriving: &Arriving) -> Verdict<'m> {
    let name = &model.queue(id).name;
    let (consumer, station) = match station_of(model, graph, id, arriving) {
        Ok(found) => found,
        Err(reasons) => return Verdict::Broken(reasons),
    };
    match plan(&station) {
        Ok(mut plan) => {
            plan.answers.iter_mut().for_each(|answer| as_measured(&mut answer.steady, &station));
            Verdict::Solved(consumer, plan)
        }
        Err(NoPlan::Unstable(_, why)) => Verdict::Unstable(format!("queue `{name}`: {why}")),
        Err(NoPlan::Invalid(reasons)) => Verdict::Broken(reasons),
        Err(NoPlan::Unknown(refused)) => Verdict::Broken(vec![closest(&refused)]),
    }
}

/// The share of messages that wait is measured of those that are served, over all their attempts;
/// theory says it of arrivals and of single attempts.
fn as_measured(steady: &mut Steady, station: &Station) {
    if station.features.retry.is_some() {
        steady.prob_wait = None;
    } else if let (Some(waiting), Some(abandoned)) = (steady.prob_wait, steady.prob_abandon) {
        // Those that abandon have all waited.
        steady.prob_wait = Some((waiting - abandoned) / (1.0 - abandoned));
    }
}

/// The refusals that say most: those of the methods meant for such a station come first.
fn closest(refused: &[RefusedMethod]) -> String {
    let mut said: Vec<String> = refused.iter().take(6).map(|refused| refused.why.to_string()).collect();
    said.dedup();
    format!("no method knows this station ({})", said.join("; "))
}

/// The station that a queue with its consumer is, or every reason why it is none.
fn station_of<'m>(
    model: &'m Model,
    graph: &Graph,
    id: QueueId,
    arriving: &Arriving,
) -> Result<(&'m Consumer, Station), Vec<String>> {
    let queue = model.queue(id);
    let mut reasons = run_reasons(model);
    let input = arriving.input().map_err(|why| reasons.extend(why)).ok();
    if graph.returns(id.0 as usize) {
        reasons.push(format!(
            "messages can come back to `{}`, and feedback makes arrivals other than Poisson",
            queue.name
        ));
    } else if arriving.is_empty() {
        reasons.push(format!("no messages arrive at `{}`", queue.name));
    }
    let Some(consumer) = only_consumer(model, id, &mut reasons) else { return Err(reasons) };
    reasons.extend(consumer_reasons(consumer));
    let retry = retrying(consumer).map_err(|why| reasons.push(why)).ok().flatten();
    let Some(laws) = laws(model, consumer, arriving, &mut reasons) else { return Err(reasons) };
    let (Some(input), true) = (input, reasons.is_empty()) else { return Err(reasons) };
    let classes = priority_classes(model, id, arriving, &laws);
    let service = if classes.is_empty() { common(&laws, arriving) } else { mixed(&classes) };
    let limit = |c: u32| queue.max_length.map(|room| u64::from(c) + u64::from(room));
    let station = Station {
        places: if let Servers::Count(c) = consumer.servers { limit(c) } else { None },
        discipline: if classes.is_empty() { Discipline::Fcfs } else { Discipline::Priority },
        features: Features {
            classes,
            patience: queue.message_ttl.map(Patience::Deterministic),
            drop_head: queue.max_length.is_some_and(|room| room > 0) && queue.overflow == Overflow::DropHead,
            retry,
            ..Features::default()
        },
        ..Station::new(input, service, consumer.servers)
    };
    Ok((consumer, station))
}

/// What a consumer does with failures, as theory knows it.
fn retrying(consumer: &Consumer) -> Result<Option<Retrying>, String> {
    if consumer.failure == 0.0 || consumer.ack == Ack::Auto {
        return Ok(None);
    }
    let backoff = match consumer.retry.backoff {
        Backoff::Immediate => None,
        Backoff::Fixed { delay, jitter: Jitter::None } => Some(Dist::Deterministic(delay)),
        Backoff::Fixed { delay, jitter } => Some(spread(delay, jitter)),
        Backoff::Exponential { .. } => {
            return Err(format!("the back-off of consumer `{}` grows with the attempts", consumer.name));
        }
    };
    let to_tail = backoff.is_some() || consumer.retry.requeue == Requeue::Tail;
    let once = consumer.retry.max_attempts == Some(1);
    if !to_tail && !once && consumer.servers != Servers::Count(1) {
        let name = &consumer.name;
        return Err(format!(
            "consumer `{name}` returns failed messages to the head, where another server may take them"
        ));
    }
    Ok(Some(Retrying { failure: consumer.failure, most_attempts: consumer.retry.max_attempts, backoff, to_tail }))
}

fn spread(delay: f64, jitter: Jitter) -> Dist {
    let low = if jitter == Jitter::Full { 0.0 } else { delay / 2.0 };
    Dist::uniform(low, delay).unwrap_or(Dist::Deterministic(delay))
}

fn run_reasons(model: &Model) -> Vec<String> {
    let changes = |d: &Disruption| format!("the model changes over time: disruption `{}`", d.name);
    let mut reasons: Vec<String> = model.disruptions.iter().map(changes).collect();
    if reasons.is_empty() && model.run.warmup == Warmup::None {
        reasons.push("the run keeps its start (warm-up `none`), and theory knows the steady state only".to_string());
    }
    if model.run.length == RunLength::Drained {
        reasons.push("the run lasts until the system is empty, and theory knows the steady state only".to_string());
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
    if consumer.failure > 0.0 && consumer.ack == Ack::Auto {
        reasons.push(format!("consumer `{name}` loses failed messages (failure probability {})", consumer.failure));
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

/// The service law of each class that arrives.
type Laws<'m> = BTreeMap<ClassId, &'m Dist>;

fn laws<'m>(model: &Model, consumer: &'m Consumer, arriving: &Arriving, reasons: &mut Vec<String>) -> Option<Laws<'m>> {
    let name = &consumer.name;
    let service_of = |class| {
        let special = consumer.service.by_class.iter().find(|(listed, _)| *listed == class);
        special.map_or(&consumer.service.default, |(_, service)| service)
    };
    let mut laws = Laws::new();
    for class in arriving.classes() {
        match service_of(class) {
            ServiceTime::Drawn(law) => drop(laws.insert(class, law)),
            ServiceTime::Recorded(_) => {
                reasons.push(format!("service times of consumer `{name}` are recorded, not drawn from a law"));
                return None;
            }
        }
    }
    let mut shown: Vec<String> = laws.values().map(|law| format!("{law:?}")).collect();
    // Laws have no equality of their own; their parameters as printed decide.
    shown.dedup();
    if shown.len() > 1 && !arriving.is_poisson() {
        let classes: Vec<&str> = laws.keys().map(|class| model.classes[class.0 as usize].as_str()).collect();
        reasons.push(format!("consumer `{name}` serves classes {} by different laws", classes.join(", ")));
    }
    (!laws.is_empty()).then_some(laws)
}

/// The law of a message of any class: the common one, or the mixture by the rates.
fn common(laws: &Laws, arriving: &Arriving) -> Work {
    let share = |class: ClassId| arriving.streams.iter().filter(|s| s.class == class).map(|s| s.rate).sum::<f64>();
    let mut parts: Vec<(f64, Dist)> = laws.iter().map(|(class, law)| (share(*class), (*law).clone())).collect();
    parts.dedup_by(|one, other| {
        let same = format!("{:?}", one.1) == format!("{:?}", other.1);
        if same {
            other.0 += one.0;
        }
        same
    });
    let first = parts[0].1.clone();
    if parts.len() == 1 {
        return Work::Law(first);
    }
    Work::Law(Dist::mixture(parts).unwrap_or(first))
}

/// The classes of a queue with priorities, the most urgent first; none where all are alike.
fn priority_classes(model: &Model, id: QueueId, arriving: &Arriving, laws: &Laws) -> Vec<Class> {
    // Priorities above the highest level share it.
    let level = |priority: u8| priority.min(model.queue(id).levels.saturating_sub(1));
    let levels: BTreeSet<u8> = arriving.streams.iter().map(|stream| level(stream.priority)).collect();
    if levels.len() < 2 {
        return Vec::new();
    }
    let class = |&at: &u8| {
        let streams: Vec<_> = arriving.streams.iter().filter(|s| level(s.priority) == at).copied().collect();
        let here = Arriving { streams, ..Arriving::default() };
        let inside: BTreeSet<ClassId> = here.classes();
        let own: Laws = laws.iter().filter(|(class, _)| inside.contains(class)).map(|(c, l)| (*c, *l)).collect();
        // A class of messages that has a level to itself lends it its name.
        let alone = inside.first().filter(|first| {
            inside.len() == 1 && arriving.streams.iter().all(|s| s.class != **first || level(s.priority) == at)
        });
        let name = alone.map_or(format!("priority {at}"), |class| model.classes[class.0 as usize].clone());
        Class { name, rate: here.rate(), service: common(&own, &here), weight: 1.0 }
    };
    levels.iter().rev().map(class).collect()
}

/// Whether this queue is all there is: producers publish to it and nothing else, and whatever
/// leaves it is gone.
fn is_whole_model(model: &Model, id: QueueId, arriving: &[Arriving]) -> bool {
    let only = |queue: usize| queue == id.0 as usize || arriving[queue].is_empty();
    let all_here = |p: &crate::model::Producer| p.kinds.iter().all(|kind| model.route(p.to, kind) == [id]);
    let stays = dead_letter_target(model, id).is_none_or(|target| model.consumers_of(target).next().is_none());
    let ends = model.consumers_of(id).all(|c| model.consumers[c].publish.is_none());
    (0..model.queues.len()).all(only) && model.producers.iter().all(all_here) && stays && ends
}
