//! What arrives at a queue as a fluid: the rates of its producers over time, and what other consumers publish onward.

use crate::model::traffic::Traffic;
use crate::model::{Arrivals, Model, Producer, QueueId};
use std::f64::consts::TAU;

/// Arrivals at a queue, piece by piece: what producers send, and what other consumers publish onward.
pub(super) fn arrivals(
    model: &Model,
    traffic: &Traffic<'_>,
    queue: QueueId,
    onward: f64,
    window: (f64, f64),
) -> Vec<(f64, f64)> {
    let mut ends: Vec<f64> = model.producers.iter().flat_map(|p| ends(p, window)).collect();
    ends.push(f64::INFINITY);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut from = 0.0;
    let mut pieces: Vec<(f64, f64)> = Vec::new();
    for until in ends {
        let of = |p: usize| traffic.share_to(p, queue) * rate(&model.producers[p], from, until);
        let total = onward + (0..model.producers.len()).map(of).sum::<f64>();
        match pieces.last_mut().filter(|last| last.1 == total) {
            Some(last) => last.0 = until,
            None => pieces.push((until, total)),
        }
        from = until;
    }
    pieces
}

/// Most pieces of a schedule that are followed one by one; later it counts with its mean.
const PIECES: usize = 2000;
/// Pieces of a period of a sinusoid: within each its rate is taken for constant.
const SINE_PIECES: u32 = 40;

/// Instants at which the rate of a producer changes.
fn ends(producer: &Producer, window: (f64, f64)) -> Vec<f64> {
    match &producer.arrivals {
        Arrivals::Schedule { pieces, repeat } => {
            let rounds = if *repeat { (PIECES / pieces.len().max(1)).max(1) } else { 1 };
            let mut t = 0.0;
            let all = pieces.iter().cycle().take(pieces.len() * rounds);
            all.map(|piece| {
                t += piece.0;
                t
            })
            .collect()
        }
        Arrivals::Trace { times } => {
            let last = times.last().copied().unwrap_or(0.0);
            [window.0, window.1, last].into_iter().filter(|t| *t > 0.0 && *t <= last).collect()
        }
        Arrivals::Sinusoid { period, phase, .. } => {
            let step = period / f64::from(SINE_PIECES);
            let first = step - phase.rem_euclid(step);
            (0..PIECES).map(|i| first + step * i as f64).collect()
        }
        Arrivals::Poisson { .. }
        | Arrivals::Renewal { .. }
        | Arrivals::Batch { .. }
        | Arrivals::Markov(_)
        | Arrivals::Closed { .. } => Vec::new(),
    }
}

/// The mean rate of a producer from one instant to another.
fn rate(producer: &Producer, from: f64, until: f64) -> f64 {
    match &producer.arrivals {
        Arrivals::Schedule { pieces, repeat } => {
            let round: f64 = pieces.iter().map(|piece| piece.0).sum();
            if until.is_infinite() {
                let mean = pieces.iter().map(|piece| piece.0 * piece.1).sum::<f64>() / round;
                return if *repeat { mean } else { 0.0 };
            }
            let mut at = if *repeat { 0.5 * (from + until) % round } else { 0.5 * (from + until) };
            for piece in pieces {
                if at < piece.0 {
                    return piece.1;
                }
                at -= piece.0;
            }
            0.0
        }
        Arrivals::Trace { times } => {
            let within = times.partition_point(|t| *t < until) - times.partition_point(|t| *t < from);
            if until.is_finite() { within as f64 / (until - from) } else { 0.0 }
        }
        Arrivals::Sinusoid { mean, amplitude, period, phase } if until.is_finite() => {
            let angle = |t: f64| TAU * (t + phase) / period;
            mean * (1.0 + amplitude * (angle(from).cos() - angle(until).cos()) / (angle(until) - angle(from)))
        }
        other => other.rate().unwrap_or(0.0),
    }
}
