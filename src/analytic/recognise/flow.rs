//! Which streams of messages reach which queue, and what they are: superposition
//! of independent streams and random splitting keep a Poisson stream Poisson, and so does a
//! queue whose departures are Poisson (Burke). Knows the model, no formula of waiting.

use crate::analytic::kendall::exponential_mean;
use crate::analytic::problem::Input;
use crate::analytic::question::input_of;
use crate::model::{Arrivals, ClassId, Destination, MessageKind, Model, Overflow, Producer, QueueId};
use crate::units::format_duration;
use std::collections::BTreeSet;

/// A Poisson stream of one class and priority.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stream {
    pub class: ClassId,
    pub priority: u8,
    pub rate: f64,
}

/// What arrives at one queue: Poisson streams, whole processes of other kinds, and why the
/// arrivals are neither.
#[derive(Debug, Clone, Default)]
pub(super) struct Arriving {
    pub streams: Vec<Stream>,
    pub whole: Vec<Whole>,
    pub reasons: Vec<String>,
}

/// The whole of a producer's publications that are not Poisson: its classes, and what the process is.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    classes: Vec<ClassId>,
    input: Result<Input, String>,
    /// What it is, if other arrivals join it.
    otherwise: String,
}

impl Arriving {
    pub fn rate(&self) -> f64 {
        self.streams.iter().map(|stream| stream.rate).sum()
    }

    /// Nothing arrives, as far as can be said.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.whole.is_empty() && self.reasons.is_empty()
    }

    /// Whether all that arrives is Poisson.
    pub fn is_poisson(&self) -> bool {
        self.whole.is_empty() && self.reasons.is_empty()
    }

    /// Classes that arrive.
    pub fn classes(&self) -> BTreeSet<ClassId> {
        let streams = self.streams.iter().map(|stream| stream.class);
        streams.chain(self.whole.iter().flat_map(|whole| whole.classes.iter().copied())).collect()
    }

    /// The arrivals as one process, or every reason why they are none.
    pub fn input(&self) -> Result<Input, Vec<String>> {
        match (&self.whole[..], self.streams.is_empty(), self.reasons.is_empty()) {
            ([], _, true) => Ok(Input::Poisson(self.rate())),
            ([whole], true, true) => whole.input.clone().map_err(|why| vec![why]),
            (others, ..) => {
                Err(others.iter().map(|w| w.otherwise.clone()).chain(self.reasons.iter().cloned()).collect())
            }
        }
    }

    pub fn blame(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Streams of all producers, by queue.
pub(super) fn from_producers(model: &Model) -> Vec<Arriving> {
    let mut arriving = vec![Arriving::default(); model.queues.len()];
    for producer in &model.producers {
        if let Some(why) = impatience(producer) {
            let reached = producer.kinds.iter().flat_map(|kind| model.route(producer.to, kind));
            reached.for_each(|queue| arriving[queue.0 as usize].blame(why.clone()));
            continue;
        }
        let rate = poisson_rate(&producer.arrivals);
        if let (Err(what), Some(queue)) = (&rate, only_queue(model, producer)) {
            let classes = producer.kinds.iter().map(|kind| kind.class.unwrap_or(ClassId(0))).collect();
            let otherwise = format!("arrivals of `{}` {what}, not Poisson", producer.name);
            let input = input_of(&producer.arrivals).map_err(|why| format!("`{}`: {why}", producer.name));
            arriving[queue.0 as usize].whole.push(Whole { classes, input, otherwise });
            continue;
        }
        for kind in &producer.kinds {
            for queue in model.route(producer.to, kind) {
                let at = &mut arriving[queue.0 as usize];
                match &rate {
                    Ok(rate) => at.streams.push(Stream {
                        class: kind.class.unwrap_or(ClassId(0)),
                        priority: kind.priority.unwrap_or(0),
                        rate: rate * kind.weight,
                    }),
                    Err(what) => at.blame(format!("arrivals of `{}` {what}, not Poisson", producer.name)),
                }
            }
        }
    }
    arriving
}

/// The one queue to which a producer publishes all it has, one copy a message.
fn only_queue(model: &Model, producer: &Producer) -> Option<QueueId> {
    let mut routes = producer.kinds.iter().map(|kind| model.route(producer.to, kind));
    let [queue] = routes.next()?[..] else { return None };
    routes.all(|route| route == [queue]).then_some(queue)
}

/// What clients that stop waiting do to the arrivals; `None` where they do nothing.
pub(super) fn impatience(producer: &Producer) -> Option<String> {
    let client = producer.client.as_ref()?;
    let (name, timeout) = (&producer.name, format_duration(client.timeout));
    if client.max_attempts != Some(1) {
        return Some(format!("clients of `{name}` publish again what is not answered within {timeout}"));
    }
    let closed = matches!(producer.arrivals, Arrivals::Closed { .. });
    closed.then(|| format!("members of `{name}` give up what is not answered within {timeout}"))
}

/// Rate of an arrival process that is Poisson, or what it is instead.
fn poisson_rate(arrivals: &Arrivals) -> Result<f64, String> {
    match arrivals {
        Arrivals::Poisson { rate } => Ok(*rate),
        Arrivals::Renewal { interval } => match exponential_mean(interval) {
            Some(mean) => Ok(1.0 / mean),
            None => Err(format!("are renewal with scv {}", interval.scv())),
        },
        Arrivals::Batch { points, size } if size.mean() == 1.0 => poisson_rate(points),
        Arrivals::Batch { size, .. } => Err(format!("come in batches of mean size {}", size.mean())),
        Arrivals::Schedule { .. } => Err("follow a schedule of rates".to_string()),
        Arrivals::Sinusoid { mean, amplitude, .. } if *amplitude == 0.0 => Ok(*mean),
        Arrivals::Sinusoid { amplitude, .. } => Err(format!("swing with relative amplitude {amplitude}")),
        Arrivals::Markov(process) if process.phases == 1 => Ok(process.rate()),
        Arrivals::Markov(process) => Err(format!("are a Markovian process of {} phases", process.phases)),
        Arrivals::Trace { times } => Err(format!("are a trace of {} instants", times.len())),
        Arrivals::Closed { population, .. } => Err(format!("come from a closed population of {population}")),
    }
}

/// Passes the departures of a queue on: Poisson of the rate of its arrivals, or why not.
pub(super) fn pass_on(model: &Model, from: QueueId, departures: Result<(), String>, arriving: &mut [Arriving]) {
    let streams = arriving[from.0 as usize].streams.clone();
    for consumer in model.consumers_of(from) {
        let Some(onward) = &model.consumers[consumer].publish else { continue };
        for kind in &onward.kinds {
            for queue in model.route(onward.to, kind) {
                let at = &mut arriving[queue.0 as usize];
                match &departures {
                    Ok(()) => {
                        at.streams.extend(streams.iter().map(|s| relabel(*s, kind, onward.probability * kind.weight)))
                    }
                    Err(why) => at.blame(why.clone()),
                }
            }
        }
    }
    if let Some(target) = dead_letter_target(model, from) {
        let (from, at) = (&model.queue(from).name, &mut arriving[target.0 as usize]);
        at.blame(format!("messages dead-lettered by `{from}` arrive here, and they are not Poisson"));
    }
}

fn relabel(stream: Stream, kind: &MessageKind, share: f64) -> Stream {
    Stream {
        class: kind.class.unwrap_or(stream.class),
        priority: kind.priority.unwrap_or(stream.priority),
        rate: stream.rate * share,
    }
}

/// Where a queue sends dead letters, if anything can ever die in it.
pub(super) fn dead_letter_target(model: &Model, from: QueueId) -> Option<QueueId> {
    let queue = model.queue(from);
    let overflows = queue.max_length.is_some() && queue.overflow != Overflow::RejectPublish;
    let fails = model.consumers_of(from).any(|c| model.consumers[c].failure > 0.0);
    queue.dead_letter.filter(|_| overflows || fails || queue.message_ttl.is_some())
}

/// The graph of where messages can go next, and what follows from it.
pub(super) struct Graph {
    next: Vec<BTreeSet<usize>>,
    reach: Vec<BTreeSet<usize>>,
}

impl Graph {
    pub fn new(model: &Model) -> Graph {
        let next: Vec<BTreeSet<usize>> = (0..model.queues.len()).map(|q| successors(model, q)).collect();
        let reach = (0..next.len()).map(|q| reachable(&next, q)).collect();
        Graph { next, reach }
    }

    /// Whether a message that left the queue can come back.
    pub fn returns(&self, queue: usize) -> bool {
        self.reach[queue].contains(&queue)
    }

    /// Every queue, those on a cycle first, then each after all that feed it.
    pub fn order(&self) -> Vec<usize> {
        let all = 0..self.next.len();
        // A queue reaches strictly more than any queue behind it, so sizes give the order.
        let mut order: Vec<usize> = all.collect();
        order.sort_by_key(|&q| (!self.returns(q), std::cmp::Reverse(self.reach[q].len())));
        order
    }

    fn covers(&self, from: usize, queue: usize) -> bool {
        from == queue || self.reach[from].contains(&queue)
    }
}

fn successors(model: &Model, queue: usize) -> BTreeSet<usize> {
    let id = QueueId(queue as u32);
    let mut next: BTreeSet<usize> = dead_letter_target(model, id).iter().map(|q| q.0 as usize).collect();
    for onward in model.consumers_of(id).filter_map(|c| model.consumers[c].publish.as_ref()) {
        next.extend(onward.kinds.iter().flat_map(|kind| model.route(onward.to, kind)).map(|q| q.0 as usize));
    }
    next
}

/// Everything behind a queue; itself only if on a cycle.
fn reachable(next: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut pending: Vec<usize> = next[from].iter().copied().collect();
    while let Some(queue) = pending.pop() {
        if seen.insert(queue) {
            pending.extend(&next[queue]);
        }
    }
    seen
}

/// Blames queues that copies of one message reach on several paths: their streams are Poisson
/// one by one, but not independent, so that the sum is not.
pub(super) fn blame_copies(model: &Model, graph: &Graph, arriving: &mut [Arriving]) {
    let produced = model.producers.iter().map(|p| (&p.name, p.to, &p.kinds));
    let forwarded = model.consumers.iter().filter_map(|c| c.publish.as_ref().map(|on| (&c.name, on.to, &on.kinds)));
    for (name, to, kinds) in produced.chain(forwarded) {
        for copies in kinds.iter().map(|kind| targets(model, to, kind)).filter(|copies| copies.len() > 1) {
            for (queue, at) in arriving.iter_mut().enumerate() {
                let paths = copies.iter().filter(|&&copy| graph.covers(copy, queue)).count();
                if paths > 1 {
                    at.blame(format!("copies of messages of `{name}` arrive on {paths} paths, not independently"));
                }
            }
        }
    }
}

fn targets(model: &Model, to: Destination, kind: &MessageKind) -> Vec<usize> {
    model.route(to, kind).into_iter().map(|queue| queue.0 as usize).collect()
}
