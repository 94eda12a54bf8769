//! How long the number of messages at a queue was what is asked for: above a level, at most, or exactly so many.

use super::batch::QueueAccumulator;
use crate::model::{Model, RunSettings};
use crate::row::{Metric, Statistic};

/// An event about a number of messages: of those in the system or of those ready, and which.
pub(crate) type NumberEvent = (Metric, Statistic);

/// Those that a run of a model is asked for, by queue; empty where there are none at all.
pub(crate) fn events(model: &Model) -> Vec<Vec<NumberEvent>> {
    let events: Vec<Vec<NumberEvent>> = model.queues.iter().map(|queue| at(&queue.name, &model.run)).collect();
    if events.iter().all(Vec::is_empty) { Vec::new() } else { events }
}

/// Those at one queue.
pub(crate) fn at(queue: &str, run: &RunSettings) -> Vec<NumberEvent> {
    let of_number = |event: &NumberEvent| matches!(event.0, Metric::InSystem | Metric::QueueLength);
    run.events_at(queue).filter(of_number).collect()
}

/// From `now` on the number of that kind at a queue is `level`.
pub(super) fn note(queue: &mut QueueAccumulator, events: &[NumberEvent], metric: &Metric, now: f64, level: u32) {
    for ((of, event), average) in events.iter().zip(&mut queue.events) {
        if of == metric {
            average.set(now, f64::from(u8::from(event.includes(f64::from(level)))));
        }
    }
}

/// Begins to measure these events at a queue, which is empty at the start.
pub(super) fn begin(queue: &mut QueueAccumulator, events: &[NumberEvent]) {
    queue.events.resize_with(events.len(), Default::default);
    [Metric::InSystem, Metric::QueueLength].iter().for_each(|metric| note(queue, events, metric, 0.0, 0));
}
