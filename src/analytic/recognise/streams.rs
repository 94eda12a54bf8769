//! What arrives at each queue: superposition of independent streams and random splitting keep a
//! Poisson stream Poisson, and so does a queue whose departures are Poisson (Burke).

use super::features::against_producer;
use crate::analytic::kendall::exponential_mean;
use crate::analytic::problem::Input;
use crate::analytic::question::input_of;
use crate::model::traffic::{Sender, Traffic};
use crate::model::{Arrivals, ClassId, MessageKind, Model, Producer, QueueId};
use crate::units::TextError;
use std::collections::BTreeSet;

/// A Poisson stream of one class and priority.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PoissonStream {
    pub class: ClassId,
    pub priority: u8,
    pub rate: f64,
}

/// What arrives at one queue: Poisson streams, whole processes of other kinds, and why the
/// arrivals are neither.
#[derive(Debug, Clone, Default)]
pub(super) struct Arriving {
    pub streams: Vec<PoissonStream>,
    pub whole: Vec<WholeProcess>,
    pub reasons: Vec<String>,
}

/// All that a producer publishes, where it is not Poisson: its classes, and what the process is.
#[derive(Debug, Clone)]
pub(super) struct WholeProcess {
    classes: Vec<ClassId>,
    input: Result<Input, TextError>,
    /// What it is, if other arrivals join it.
    otherwise: String,
}

/// What leaves a queue.
#[derive(Debug, Clone, Copy)]
pub(super) enum QueueDepartures<'k> {
    /// A Poisson process of the rate that arrives.
    Poisson,
    /// Of a station, in Kendall's notation, whose departures are not Poisson.
    NotPoisson(&'k str),
    /// Of a queue without a solution.
    Unsolved,
    /// Of a queue without a steady state.
    Overloaded,
}

impl QueueDepartures<'_> {
    /// Why they are not Poisson, if so.
    fn against(self, from: &str) -> Option<String> {
        match self {
            QueueDepartures::Poisson => None,
            QueueDepartures::NotPoisson(kendall) => {
                Some(format!("messages arrive from `{from}`, and departures of {kendall} are not Poisson"))
            }
            QueueDepartures::Unsolved => {
                Some(format!("messages arrive from `{from}`, which is not solved, so they may not be Poisson"))
            }
            QueueDepartures::Overloaded => Some(format!("messages arrive from `{from}`, which is overloaded")),
        }
    }
}

impl Arriving {
    pub(super) fn rate(&self) -> f64 {
        self.streams.iter().map(|stream| stream.rate).sum()
    }

    /// Nothing arrives, as far as can be said.
    pub(super) fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.whole.is_empty() && self.reasons.is_empty()
    }

    /// Whether all that arrives is Poisson.
    pub(super) fn is_poisson(&self) -> bool {
        self.whole.is_empty() && self.reasons.is_empty()
    }

    /// Classes that arrive.
    pub(super) fn classes(&self) -> BTreeSet<ClassId> {
        let streams = self.streams.iter().map(|stream| stream.class);
        streams.chain(self.whole.iter().flat_map(|whole| whole.classes.iter().copied())).collect()
    }

    /// The arrivals as one process, or every reason why they are none.
    pub(super) fn input(&self) -> Result<Input, Vec<String>> {
        match (&self.whole[..], self.streams.is_empty(), self.reasons.is_empty()) {
            ([], _, true) => Ok(Input::Poisson(self.rate())),
            ([whole], true, true) => whole.input.clone().map_err(|why| vec![why.into()]),
            (others, ..) => {
                Err(others.iter().map(|w| w.otherwise.clone()).chain(self.reasons.iter().cloned()).collect())
            }
        }
    }

    pub(super) fn blame(&mut self, reason: String) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Streams of all producers, by queue.
pub(super) fn from_producers(model: &Model, traffic: &Traffic<'_>) -> Vec<Arriving> {
    let mut arriving = vec![Arriving::default(); model.queues.len()];
    for (p, producer) in model.producers.iter().enumerate() {
        let sender = Sender::Producer(p);
        let against = against_producer(producer);
        let patient = against.is_none();
        let poisson = || poisson_rate(&producer.arrivals);
        let other = |what| format!("arrivals of `{}` {what}, not Poisson", producer.name);
        let process = against.map_or_else(|| poisson().map_err(other), Err);
        if let (Err(otherwise), Some(queue), true) = (&process, traffic.only_queue(sender), patient) {
            arriving[queue.0 as usize].whole.push(whole_process(producer, otherwise));
            continue;
        }
        for sent in traffic.sent_by(sender) {
            for queue in &sent.to {
                let at = &mut arriving[queue.0 as usize];
                match &process {
                    Ok(rate) => at.streams.push(PoissonStream {
                        class: sent.kind.class.unwrap_or(ClassId(0)),
                        priority: sent.kind.priority.unwrap_or(0),
                        rate: rate * sent.kind.weight,
                    }),
                    Err(why) => at.blame(why.clone()),
                }
            }
        }
    }
    arriving
}

fn whole_process(producer: &Producer, otherwise: &str) -> WholeProcess {
    let classes = producer.kinds.iter().map(|kind| kind.class.unwrap_or(ClassId(0))).collect();
    let input = input_of(&producer.arrivals).map_err(|why| why.about(format_args!("`{}`", producer.name)));
    WholeProcess { classes, input, otherwise: otherwise.to_string() }
}

/// Rate of an arrival process that is Poisson, or what it is instead.
fn poisson_rate(arrivals: &Arrivals) -> Result<f64, TextError> {
    match arrivals {
        Arrivals::Poisson { rate } => Ok(*rate),
        Arrivals::Renewal { interval } => match exponential_mean(interval) {
            Some(mean) => Ok(1.0 / mean),
            None => Err(format!("are renewal with scv {}", interval.scv()).into()),
        },
        Arrivals::Batch { points, size } if size.mean() == 1.0 => poisson_rate(points),
        Arrivals::Batch { size, .. } => Err(format!("come in batches of mean size {}", size.mean()).into()),
        Arrivals::Schedule { .. } => Err("follow a schedule of rates".into()),
        Arrivals::Sinusoid { mean, amplitude, .. } if *amplitude == 0.0 => Ok(*mean),
        Arrivals::Sinusoid { amplitude, .. } => Err(format!("swing with relative amplitude {amplitude}").into()),
        Arrivals::Markov(process) if process.phases == 1 => Ok(process.rate()),
        Arrivals::Markov(process) => Err(format!("are a Markovian process of {} phases", process.phases).into()),
        Arrivals::Trace { times } => Err(format!("are a trace of {} instants", times.len()).into()),
        Arrivals::Closed { population, .. } => Err(format!("come from a closed population of {population}").into()),
    }
}

/// Passes the departures of a queue on to those behind it.
pub(super) fn pass_on(
    model: &Model,
    traffic: &Traffic<'_>,
    from: QueueId,
    departures: QueueDepartures<'_>,
    arriving: &mut [Arriving],
) {
    let name = &model.queue(from).name;
    let streams = arriving[from.0 as usize].streams.clone();
    for sent in traffic.sent_from(from) {
        for queue in &sent.to {
            let at = &mut arriving[queue.0 as usize];
            match departures.against(name) {
                None => at.streams.extend(streams.iter().map(|s| relabel(*s, sent.kind, sent.share()))),
                Some(why) => at.blame(why),
            }
        }
    }
    if let Some(target) = traffic.dead_letter(from) {
        let at = &mut arriving[target.0 as usize];
        at.blame(format!("messages dead-lettered by `{name}` arrive here, and they are not Poisson"));
    }
}

fn relabel(stream: PoissonStream, kind: &MessageKind, share: f64) -> PoissonStream {
    PoissonStream {
        class: kind.class.unwrap_or(stream.class),
        priority: kind.priority.unwrap_or(stream.priority),
        rate: stream.rate * share,
    }
}

/// Blames queues that copies of one message reach on several paths: their streams are Poisson
/// one by one, but not independent, so that the sum is not.
pub(super) fn blame_copies(traffic: &Traffic<'_>, arriving: &mut [Arriving]) {
    for sent in traffic.sent().iter().filter(|sent| sent.to.len() > 1) {
        let name = traffic.name(sent.by);
        for (queue, at) in arriving.iter_mut().enumerate() {
            let paths = sent.to.iter().filter(|copy| traffic.graph().covers(copy.0 as usize, queue)).count();
            if paths > 1 {
                at.blame(format!("copies of messages of `{name}` arrive on {paths} paths, not independently"));
            }
        }
    }
}
