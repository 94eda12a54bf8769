//! Reads a model queue by queue: which station each queue is, and precisely why not the others.
//! Which method solves a station is the planner's business.

mod features;
mod network;
mod product_form;
mod streams;

use self::features::{against, against_steady_state};
use self::network::network;
use self::streams::{Arriving, QueueDepartures, blame_copies, from_producers, pass_on};
use crate::analytic::method::Departures;
use crate::analytic::plan::{NoPlan, RefusedMethod, SolvedStation, StationPlan, plan};
use crate::analytic::problem::{Class, Discipline, Features, Patience, Retrying, Station, Work};
use crate::analytic::question::mixed;
use crate::analytic::rows;
use crate::analytic::theory::{Approximated, Broken, Solution, Theory};
use crate::analytic::{Refusal, Steady};
use crate::dist::Dist;
use crate::model::traffic::{Sender, Traffic};
use crate::model::{
    Backoff, ClassId, Consumer, Feature, Jitter, Model, Overflow, QueueId, Requeue, Servers, ServiceTime,
};
use crate::row::{Row, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// What became of one queue.
enum QueueTheory<'m> {
    /// Its consumer and its solution.
    Solved(&'m Consumer, StationPlan),
    Unstable(String),
    Broken(Vec<String>),
}

/// Solves every queue of a model that theory can solve: each by itself, and where that fails for
/// some, the whole model as one network. Of several exponential queues in an open network, the
/// system's sojourn is known as well.
pub(super) fn theory(model: &Model) -> Theory {
    let traffic = model.traffic();
    let theory = by_queue(model, &traffic);
    let every_queue = theory.broken.is_empty() && theory.approximated.is_empty();
    if every_queue && (!theory.system.is_empty() || !theory.unstable.is_empty()) {
        return theory;
    }
    let Some(network) = network(model, &traffic) else { return theory };
    match product_form::solve(model, &network) {
        Ok((_, system)) if every_queue => {
            let system = product_form::tandem_rows(&network, &model.run.quantiles).unwrap_or(system);
            Theory { system, ..theory }
        }
        Ok((solutions, system)) => as_network(theory, solutions, system),
        Err(Refusal::Unstable(why)) => {
            let everywhere = network.stations.iter().map(|place| place.queue);
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

fn by_queue(model: &Model, traffic: &Traffic<'_>) -> Theory {
    let mut arriving = from_producers(model, traffic);
    blame_copies(traffic, &mut arriving);
    let mut theory = Theory::default();
    for queue in traffic.graph().order() {
        let id = QueueId(queue as u32);
        let verdict = solve_queue(model, traffic, id, &arriving[queue]);
        pass_on(model, traffic, id, departures(&verdict), &mut arriving);
        match verdict {
            QueueTheory::Solved(consumer, plan) if plan.is_exact() => {
                if is_whole_model(model, traffic, id, &arriving) {
                    theory.system = rows::of_system(&plan.best().steady, &model.run.quantiles);
                }
                theory.solutions.push(solution(model, id, consumer, &plan));
            }
            QueueTheory::Solved(consumer, plan) => theory.approximated.push(approximated(model, id, consumer, &plan)),
            QueueTheory::Unstable(why) => theory.unstable.push(Broken { queue: id, reasons: vec![why] }),
            QueueTheory::Broken(reasons) => theory.broken.push(Broken { queue: id, reasons }),
        }
    }
    theory.solutions.sort_by_key(|solution| solution.queue);
    theory.approximated.sort_by_key(|approximated| approximated.queue);
    theory.broken.sort_by_key(|broken| broken.queue);
    theory
}

fn solution(model: &Model, queue: QueueId, consumer: &Consumer, plan: &StationPlan) -> Solution {
    let (name, steady) = (&model.queue(queue).name, &plan.best().steady);
    let mut rows = rows::of_station(name, &consumer.name, plan.best(), &model.run.quantiles);
    let events: Vec<_> = model.run.events_at(name).collect();
    rows.extend(rows::of_events(Scope::Queue, name, &plan.answers, &events));
    Solution {
        queue,
        kendall: steady.kendall.clone(),
        choice: plan.to_string(),
        rows,
        wait: steady.wait_law.clone(),
        sojourn: steady.sojourn_law.clone(),
    }
}

fn approximated(model: &Model, queue: QueueId, consumer: &Consumer, plan: &StationPlan) -> Approximated {
    let name = &model.queue(queue).name;
    let of = |solved| rows::of_station(name, &consumer.name, solved, &[]);
    let mut rows: Vec<Row> = plan.answers.iter().flat_map(of).collect();
    let events: Vec<_> = model.run.events_at(name).collect();
    rows.extend(rows::of_events(Scope::Queue, name, &plan.answers, &events));
    Approximated { queue, choice: plan.to_string(), rows }
}

/// What leaves a queue: a Poisson process behind M/M/c without limit (Burke 1956) and M/G/inf (Mirasol 1963).
fn departures<'v>(verdict: &'v QueueTheory) -> QueueDepartures<'v> {
    match verdict {
        QueueTheory::Broken(_) => QueueDepartures::Unsolved,
        QueueTheory::Unstable(_) => QueueDepartures::Overloaded,
        QueueTheory::Solved(_, plan) => {
            let SolvedStation { method, steady } = plan.best();
            match method.departures {
                Departures::Poisson => QueueDepartures::Poisson,
                Departures::Unknown => QueueDepartures::NotPoisson(&steady.kendall),
            }
        }
    }
}

/// The consumer and the solution of one queue, or every reason against it.
fn solve_queue<'m>(model: &'m Model, traffic: &Traffic<'_>, id: QueueId, arriving: &Arriving) -> QueueTheory<'m> {
    let name = &model.queue(id).name;
    let (consumer, station) = match station_of(model, traffic, id, arriving) {
        Ok(found) => found,
        Err(reasons) => return QueueTheory::Broken(reasons),
    };
    match plan(&station) {
        Ok(mut plan) => {
            plan.answers.iter_mut().for_each(|answer| as_measured(&mut answer.steady, &station));
            QueueTheory::Solved(consumer, plan)
        }
        Err(NoPlan::Unstable(_, why)) => QueueTheory::Unstable(format!("queue `{name}`: {why}")),
        Err(NoPlan::Invalid(reasons)) => QueueTheory::Broken(reasons),
        Err(NoPlan::Unknown(refused)) => QueueTheory::Broken(vec![closest(&refused)]),
    }
}

/// The share of messages that wait is measured of those that are served, over all their attempts;
/// theory says it of arrivals and of single attempts.
fn as_measured(steady: &mut Steady, station: &Station) {
    if station.features.retry.is_some() {
        steady.prob_wait = None;
    } else if let (Some(waiting), Some(abandoned)) = (steady.prob_wait, steady.prob_abandon) {
        // Those that abandon have all waited, and all are accepted.
        let abandoned = abandoned / (1.0 - steady.prob_loss.unwrap_or(0.0));
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
    traffic: &Traffic<'_>,
    id: QueueId,
    arriving: &Arriving,
) -> Result<(&'m Consumer, Station), Vec<String>> {
    let queue = model.queue(id);
    let mut reasons = against_steady_state(model);
    let input = arriving.input().map_err(|why| reasons.extend(why)).ok();
    if traffic.graph().returns(id.0 as usize) {
        reasons.push(format!(
            "messages can come back to `{}`, and feedback makes arrivals other than Poisson",
            queue.name
        ));
    } else if arriving.is_empty() {
        reasons.push(format!("no messages arrive at `{}`", queue.name));
    }
    let consumer = model.only_consumer(id);
    let features = model.features_of_queue(id).chain(consumer.into_iter().flat_map(Feature::of_consumer));
    reasons.extend(features.filter_map(|feature| against(model, &feature)));
    let Some(consumer) = consumer else { return Err(reasons) };
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
            retry: retrying(consumer),
            ..Features::default()
        },
        ..Station::new(input, service, consumer.servers)
    };
    Ok((consumer, station))
}

/// What a consumer does with failures, as theory knows it.
fn retrying(consumer: &Consumer) -> Option<Retrying> {
    let backoff = match consumer.retry.backoff {
        Backoff::Fixed { delay, jitter: Jitter::None } => Some(Dist::Deterministic(delay)),
        Backoff::Fixed { delay, jitter } => Some(spread(delay, jitter)),
        // One that grows is a reason against.
        Backoff::Immediate | Backoff::Exponential { .. } => None,
    };
    let to_tail = backoff.is_some() || consumer.retry.requeue == Requeue::Tail;
    let (failure, most_attempts) = (consumer.failure, consumer.retry.max_attempts);
    (failure > 0.0).then_some(Retrying { failure, most_attempts, backoff, to_tail })
}

fn spread(delay: f64, jitter: Jitter) -> Dist {
    let low = if jitter == Jitter::Full { 0.0 } else { delay / 2.0 };
    Dist::uniform(low, delay).unwrap_or(Dist::Deterministic(delay))
}

/// The service law of each class that arrives.
type Laws<'m> = BTreeMap<ClassId, &'m Dist>;

fn laws<'m>(model: &Model, consumer: &'m Consumer, arriving: &Arriving, reasons: &mut Vec<String>) -> Option<Laws<'m>> {
    let name = &consumer.name;
    let mut laws = Laws::new();
    for class in arriving.classes() {
        match consumer.service.of(class) {
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
fn is_whole_model(model: &Model, traffic: &Traffic<'_>, id: QueueId, arriving: &[Arriving]) -> bool {
    let only = |queue: usize| queue == id.0 as usize || arriving[queue].is_empty();
    let all_here = |p: usize| traffic.only_queue(Sender::Producer(p)) == Some(id);
    let stays = traffic.dead_letter(id).is_none_or(|target| model.consumers_of(target).next().is_none());
    let ends = model.consumers_of(id).all(|c| model.consumers[c].publish.is_none());
    (0..model.queues.len()).all(only) && (0..model.producers.len()).all(all_here) && stays && ends
}
