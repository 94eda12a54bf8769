//! Drop-head as a method for stations.

use super::drop_head::DropHead;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Discipline, Station, StationFeature};
use crate::analytic::refusal::Counted;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// Most waiting places of a queue with drop-head.
const MOST_PLACES: u64 = 20_000;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[Method::exact(MethodId::DropHead, drop_head)];

fn drop_head(station: &Station) -> Result<Steady, Refusal> {
    station.only(&[StationFeature::DropHead, StationFeature::LimitedPlaces])?;
    station.served(Discipline::Fcfs)?;
    if !station.features.drop_head {
        return Err(Refusal::Missing(StationFeature::DropHead));
    }
    let places = station.limited_places()?;
    let (lambda, mu) = (station.poisson()?, station.exponential()?);
    let c = station.limited_servers()?;
    Counted::WaitingPlaces.at_most(places - u64::from(c), MOST_PLACES)?;
    let queue = DropHead::new(lambda, mu, c, places);
    Ok(steady(&queue, mu))
}

fn steady(queue: &DropHead, mu: f64) -> Steady {
    let plain = queue.reject.steady();
    let wait = queue.wait_of_served();
    let service = 1.0 / mu;
    Steady {
        kendall: format!("{} drop-head", plain.kendall),
        wait: Some(wait),
        sojourn: Some(wait.plus(Moments::new(service, service * service))),
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
}
