//! Drop-head as a method for stations. Knows no formula.

use super::drop_head::DropHead;
use super::systems::MOST_PLACES;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{Discipline, Station};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::row::Source;
use crate::units::Unit;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[Method { name: "drop-head", source: Source::Exact, solve: drop_head }];

fn drop_head(station: &Station) -> Result<Steady, Refusal> {
    station.only(&["drop-head", "a limit on places"])?;
    station.served(Discipline::Fcfs)?;
    if !station.features.drop_head {
        return Err(Refusal::Assumption("a full station refuses new messages, and does not drop old ones".to_string()));
    }
    let places = station.places.ok_or_else(|| "there is no limit on places, so nothing is dropped".to_string())?;
    let (lambda, mu) = (station.poisson()?, station.exponential()?);
    let c = station.c().ok_or_else(|| "the number of servers is not limited".to_string())?;
    if !(lambda > 0.0 && lambda.is_finite() && mu > 0.0 && mu.is_finite()) {
        return Err(Refusal::Invalid(format!("the rates are {lambda} and {mu}, and must be positive and finite")));
    } else if c == 0 || places < u64::from(c) {
        return Err(Refusal::Invalid(format!("{places} places do not hold {c} servers' messages")));
    } else if places - u64::from(c) > MOST_PLACES {
        return Err(Refusal::Assumption(format!(
            "{places} places are more than the {MOST_PLACES} this method follows"
        )));
    }
    let queue = DropHead::new(lambda, mu, c, places);
    Ok(steady(&queue, mu))
}

fn steady(queue: &DropHead, mu: f64) -> Steady {
    let plain = queue.reject().steady();
    let wait = queue.wait_of_served();
    let service = 1.0 / mu;
    let variance = wait.variance.map(|v| v + service * service);
    Steady {
        kendall: format!("{} drop-head", plain.kendall),
        wait: Some(wait),
        sojourn: Some(Moments { mean: wait.mean + service, variance }),
        wait_law: queue.wait_law(),
        sojourn_law: None,
        prob_loss: Some(queue.prob_loss()),
        details: vec![Detail::mean("wait_of_dropped", queue.wait_of_dropped(), Unit::Seconds)],
        method: "M/M/c/K with drop-head, tagged message as an absorbing chain; times of served messages",
        ..plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::{Features, Input, Work};
    use crate::dist::Dist;
    use crate::model::Servers;

    fn station(places: Option<u64>) -> Station {
        let plain = Station::new(Input::Poisson(1.5), Work::Law(Dist::Exponential(1.0)), Servers::Count(1));
        Station { places, features: Features { drop_head: true, ..Features::default() }, ..plain }
    }

    #[test]
    fn drop_head_shortens_waits_and_keeps_counts() {
        let found = drop_head(&station(Some(10))).unwrap();
        let reject = crate::analytic::station::mmck::Mmck::new(1.5, 1.0, 1, 10).steady();
        assert!(found.wait.unwrap().mean < 0.7 * reject.wait.unwrap().mean);
        assert_eq!(found.queue_length, reject.queue_length);
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        assert!(matches!(drop_head(&station(None)), Err(Refusal::Assumption(_))));
        assert!(matches!(drop_head(&station(Some(0))), Err(Refusal::Invalid(_))));
        let mut plain = station(Some(10));
        plain.features.drop_head = false;
        assert!(matches!(drop_head(&plain), Err(Refusal::Assumption(_))));
        let mut impatient = station(Some(10));
        impatient.features.threshold = Some(3);
        assert!(matches!(drop_head(&impatient), Err(Refusal::Assumption(_))));
    }
}
