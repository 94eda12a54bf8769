//! What every method refuses: stations that are none, features it does not know, load beyond the servers.

use lindley::analytic::plan::methods;
use lindley::analytic::problem::{
    AfterRepair, Breakdowns, Bulk, Class, Discipline, Input, Orbit, Patience, Retrying, Station, StationFeature,
    Vacation, Work,
};
use lindley::analytic::{Instability, Method, MethodId, Refusal, Unstable};
use lindley::dist::{Count, Dist};
use lindley::model::Servers;

fn method(id: MethodId) -> &'static Method {
    methods().find(|method| method.id == id).expect("every name has its method")
}

const ONE: Dist = Dist::Exponential(1.0);

/// M/M/1 at half its load, but for a change.
fn with(change: impl FnOnce(&mut Station)) -> Station {
    let mut station = Station::new(Input::Poisson(0.5), Work::Law(ONE), Servers::Count(1));
    change(&mut station);
    station
}

fn batches(rate: f64) -> Input {
    Input::Batches { rate, size: Count::constant(3).unwrap() }
}

fn retry(failure: f64, most_attempts: Option<u32>) -> Option<Retrying> {
    Some(Retrying { failure, most_attempts, backoff: None, to_tail: true })
}

fn failing(rate: f64) -> Option<Breakdowns> {
    Some(Breakdowns { rate, repair: ONE, when_idle: true, after: AfterRepair::Resume })
}

fn away(length: Dist) -> Option<Vacation> {
    Some(Vacation { length, repeated: true })
}

fn classes(rates: [f64; 2]) -> Vec<Class> {
    rates.map(|rate| Class { name: "any".to_string(), rate, service: Work::Law(ONE), weight: 1.0 }).into()
}

#[test]
fn what_is_no_station_is_invalid_for_every_method() {
    let mut stations = vec![
        with(|s| s.servers = Servers::Count(0)),
        with(|s| s.places = Some(0)),
        with(|s| s.population = Some(0)),
        with(|s| s.arrivals = Input::Moments { rate: 0.5, scv: -1.0 }),
        with(|s| s.features.bulk = Some(Bulk { least: 0, most: 4, joins: false })),
        with(|s| s.features.bulk = Some(Bulk { least: 5, most: 4, joins: false })),
        with(|s| s.features.vacation = away(Dist::pareto(1.0, 0.9).unwrap())),
        with(|s| s.features.breakdowns = failing(f64::NAN)),
        with(|s| s.features.threshold = Some(0)),
        with(|s| s.features.retry = retry(0.5, Some(0))),
        with(|s| s.features.classes = classes([2.0, 3.0])),
    ];
    stations.extend([f64::NAN, -0.1, 1.1].map(|failure| with(|s| s.features.retry = retry(failure, None))));
    for rate in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let arrivals = [Input::Poisson(rate), batches(rate)];
        stations.extend(arrivals.map(|arrivals| with(|s| s.arrivals = arrivals)));
        stations.push(with(|s| s.features.classes = classes([0.5 - rate, rate])));
    }
    for (station, method) in stations.iter().flat_map(|station| methods().map(move |method| (station, method))) {
        assert!(matches!(method.solve(station), Err(Refusal::Invalid(_))), "{} {station:?}", method.id);
    }
    let small = with(|s| (s.servers, s.places) = (Servers::Count(2), Some(1)));
    let why = method(MethodId::Mmck).solve(&small);
    assert!(matches!(why, Err(Refusal::Invalid(why)) if why.contains("K is 1")));
}

/// A feature, and how a station gets it.
type FeatureChange = (StationFeature, fn(&mut Station));

/// Every feature of a station, as a change of one.
fn features() -> [FeatureChange; 11] {
    [
        (StationFeature::Patience, |s| s.features.patience = Some(Patience::Exponential(2.0))),
        (StationFeature::DropHead, |s| s.features.drop_head = true),
        (StationFeature::BulkService, |s| s.features.bulk = Some(Bulk { least: 1, most: 4, joins: true })),
        (StationFeature::Vacations, |s| s.features.vacation = away(ONE)),
        (StationFeature::SetUpTimes, |s| s.features.setup = Some(ONE)),
        (StationFeature::StartThreshold, |s| s.features.threshold = Some(3)),
        (StationFeature::Breakdowns, |s| s.features.breakdowns = failing(0.1)),
        (StationFeature::Retries, |s| s.features.retry = retry(0.2, None)),
        (StationFeature::Orbit, |s| s.features.orbit = Some(Orbit { rate: 1.0, constant: false })),
        (StationFeature::FinitePopulation, |s| s.population = Some(9)),
        (StationFeature::LimitedPlaces, |s| s.places = Some(7)),
    ]
}

/// Whether some method knows both.
fn known_together(one: StationFeature, other: StationFeature) -> bool {
    use StationFeature::{DropHead, FinitePopulation, LimitedPlaces, Patience, SetUpTimes, StartThreshold};
    match (one, other) {
        (SetUpTimes, StartThreshold) => true,
        (Patience | DropHead | FinitePopulation, LimitedPlaces) => true,
        _ => one == other,
    }
}

#[test]
fn no_feature_is_passed_over() {
    let all = features();
    for (i, (one, change)) in all.iter().enumerate() {
        for (other, another) in all[i..].iter().filter(|(other, _)| !known_together(*one, *other)) {
            let both = with(|s| {
                change(s);
                another(s);
            });
            for method in methods() {
                let why = method.solve(&both).unwrap_err();
                let other_reason = matches!(why, Refusal::Unstable(_) | Refusal::Invalid(_));
                assert!(!other_reason, "{} {one:?} {other:?}: {why:?}", method.id);
            }
        }
        for discipline in [Discipline::Random, Discipline::ProcessorSharing, Discipline::Srpt, Discipline::Priority] {
            let station = with(|s| {
                change(s);
                s.discipline = discipline;
            });
            // The numbers of a station with limited places depend on no order that is blind to the messages.
            let mut by_order = methods().filter(|method| method.id != MethodId::MapPhCK);
            assert!(by_order.all(|method| method.solve(&station).is_err()), "{one:?} {discipline:?}");
        }
    }
}

#[test]
fn a_plain_station_is_for_no_method_of_a_feature() {
    let special = [
        lindley::analytic::interruption::METHODS,
        lindley::analytic::retry::METHODS,
        lindley::analytic::broker::METHODS,
    ]
    .concat();
    assert!(special.iter().all(|method| method.solve(&with(|_| ())).is_err_and(|why| why.is_foreign())));
}

#[test]
fn overload_is_said_with_its_numbers() {
    let busy = |rate: f64, c: u32| with(|s| (s.arrivals, s.servers) = (Input::Poisson(rate), Servers::Count(c)));
    let why = |id, station: &Station| match method(id).solve(station) {
        Err(Refusal::Unstable(why)) => why,
        other => panic!("{id}: {other:?}"),
    };
    let servers = Instability::Servers(Unstable { offered_load: 3.0, servers: 2 });
    assert_eq!(why(MethodId::Mmc, &busy(3.0, 2)), servers);
    assert_eq!(why(MethodId::Whitt1993, &busy(3.0, 2)), servers);
    let bulk = with(|s| {
        (s.arrivals, s.features.bulk) = (Input::Poisson(8.0), Some(Bulk { least: 1, most: 4, joins: false }));
    });
    assert_eq!(why(MethodId::BulkService, &bulk), Instability::Bulk { arrival_rate: 8.0, service: 1.0, most: 4 });
    let failed = with(|s| s.features.retry = retry(0.5, None));
    let rejoined = Station { arrivals: Input::Poisson(0.6), ..failed };
    assert!(matches!(why(MethodId::RetryTail, &rejoined), Instability::Attempts { mean: 2.0, .. }));
    for (id, station) in [
        (MethodId::BatchArrivals, with(|s| (s.arrivals, s.servers) = (batches(1.0), Servers::Count(2)))),
        (MethodId::BatchArrivalsGeneral, with(|s| s.arrivals = batches(1.0))),
        (MethodId::Vacation, with(|s| (s.arrivals, s.features.vacation) = (Input::Poisson(1.5), away(ONE)))),
        (MethodId::Breakdowns, with(|s| (s.arrivals, s.features.breakdowns) = (Input::Poisson(0.9), failing(0.5)))),
    ] {
        why(id, &station);
    }
}
