//! From `--levels` and `--within` to the events whose probability is asked for.

use super::args::asked::AskedArgs;
use super::failure::Failure;
use crate::experiment::demanded;
use crate::model::{Model, QueueId};
use crate::row::{Metric, Quantity, Scope, Statistic};
use crate::units::parse_duration;

/// Of each number n P(N = n) and P(N > n), of each time t P(wait <= t) and P(sojourn <= t).
pub(super) fn events(args: &AskedArgs) -> Result<Vec<(Metric, Statistic)>, Failure> {
    let of_number = |&n: &u64| [Statistic::Equal(n as f64), Statistic::Above(n as f64)];
    let numbers = args.levels.iter().flat_map(of_number).map(|event| (Metric::InSystem, event));
    let mut events: Vec<(Metric, Statistic)> = numbers.collect();
    for text in &args.within {
        let time = parse_duration(text).map_err(|why| usage!("--within {text}: {why}"))?;
        let within = Statistic::AtMost(time);
        events.extend([Metric::Wait, Metric::Sojourn].map(|metric| (metric, within)));
    }
    Ok(events)
}

/// Makes these events at every queue that is served part of what a model's run measures and theory says.
pub(super) fn demand(model: &mut Model, args: &AskedArgs) -> Result<(), Failure> {
    let events = events(args)?;
    let served = |q: &usize| model.consumers_of(QueueId(*q as u32)).next().is_some();
    let names = (0..model.queues.len()).filter(served).map(|q| &model.queues[q].name);
    let at = |name: &String| {
        let name = name.clone();
        events.iter().cloned().map(move |(metric, statistic)| {
            let scope = Some(Scope::Queue);
            Quantity { scope, name: name.clone(), class: None, metric, statistic }
        })
    };
    let quantities: Vec<Quantity> = names.flat_map(at).collect();
    demanded::demand(&mut model.run, quantities);
    Ok(())
}
