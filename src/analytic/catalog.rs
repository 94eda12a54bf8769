//! What there is: every named system and every page of `explain`, by module. `solve NAME`, its help,
//! the documents and the tests all go by these lists. (The list of methods is in `plan`, since their
//! order matters.)

use super::page::Page;
use super::system::System;
use super::{
    approximate, batch, broker, chain, discipline, fork, interruption, matrix, network, polling, rare, retry, staffing,
    station, transient,
};

/// Every system, by module.
const SYSTEMS: &[&[System]] = &[
    network::open::SYSTEMS,
    network::closed::SYSTEMS,
    network::blocking::SYSTEMS,
    fork::SYSTEMS,
    polling::SYSTEMS,
    batch::SYSTEMS,
    retry::SYSTEMS,
    transient::SYSTEMS,
    rare::SYSTEMS,
    broker::SYSTEMS,
];

/// Every system there is.
pub fn systems() -> impl Iterator<Item = &'static System> {
    SYSTEMS.iter().copied().flatten()
}

/// The system of that name.
///
/// ```
/// assert_eq!(lindley::analytic::catalog::find("polling").map(|system| system.name), Some("polling"));
/// ```
pub fn find(name: &str) -> Option<&'static System> {
    systems().find(|system| system.name == name)
}

/// What is asked elsewhere: the name by which someone may look for a system, and what to type instead.
pub const ELSEWHERE: &[(&str, &str)] = &[
    ("retry", "lindley solve M/M/1 --arrival-rate 40/s --service-rate 100/s --retry-probability 0.2 --max-attempts 3"),
    ("retrial", "lindley solve M/M/3 --arrival-rate 200/s --service-rate 100/s --orbit-rate 10/s"),
    (
        "map-ph",
        "lindley solve MAP/PH/2 --arrivals '{ map = { d0 = [[-3, 1], [2, -4]], d1 = [[2, 0], [0, 2]] } }' \
         --service '{ phase_type = { alpha = [1, 0], t = [[-5, 5], [0, -5]] } }' --levels 0,1,5",
    ),
    (
        "mmpp",
        "lindley solve MMPP/M/2 --arrivals '{ mmpp = { rates = [2, 8], switching = [[0, 0.1], [0.3, 0]] } }' --service-rate 5/s",
    ),
    (
        "crash",
        "lindley solve M/D/1 --arrival-rate 0.4/s --mean-service 1s --failure-rate 0.3/s --repair 'D 0s' \
         --after-repair repeat-identical",
    ),
    (
        "approximations",
        "lindley solve G/G/4 --arrival-rate 300/s --mean-service 12ms --arrival-scv 2 --service-scv 0.5",
    ),
    ("drop-head", "lindley solve M/M/1/10 --arrival-rate 90/s --service-rate 100/s --drop-head"),
    ("staffing", "lindley size M/M/c --arrival-rate 250/s --mean-service 180ms --target 'wait.p99 <= 1s'"),
    ("largest-rate", "lindley size M/M/3 --largest arrival-rate --mean-service 180ms --target 'wait.mean <= 100ms'"),
    ("buffer-size", "lindley size M/M/3/K --arrival-rate 250/s --service-rate 100/s --target 'prob_loss <= 0.1%'"),
    ("drain", "lindley drain --arrival-rate 250/s --servers 54 --mean-service 180ms --start-backlog 10000"),
    ("outage", "lindley drain --arrival-rate 250/s --capacity 300/s --outage 12min"),
    ("fluid", "lindley drain --arrival-rate 250/s --capacity 300/s --burst 3x --for 15s"),
];

/// Where a question is asked that is no named system: a command to start from.
///
/// ```
/// use lindley::analytic::catalog::{elsewhere, find};
/// assert!(find("staffing").is_none() && elsewhere("staffing").unwrap().starts_with("lindley size"));
/// ```
pub fn elsewhere(name: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(question, _)| *question == name).map(|(_, command)| *command)
}

/// What a system answers to parameters written as in a file.
#[cfg(test)]
pub(crate) fn ask(name: &str, parameters: &str) -> Result<super::system::SystemAnswer, super::method::Refusal> {
    let system = find(name).expect("the system is listed");
    let table: toml::Table = parameters.parse().expect("parameters are TOML");
    let given = super::system::Given::read(system.parameters, &table.into_iter().collect());
    (system.solve)(&given.expect("parameters are of their kinds"))
}

/// Every page of `explain`, by module.
const PAGES: &[&[Page]] = &[
    station::PAGES,
    discipline::PAGES,
    batch::PAGES,
    interruption::PAGES,
    polling::PAGES,
    retry::PAGES,
    broker::PAGES,
    matrix::PAGES,
    fork::PAGES,
    network::open::PAGES,
    network::closed::PAGES,
    network::blocking::PAGES,
    transient::PAGES,
    rare::PAGES,
    staffing::PAGES,
    approximate::PAGES,
    chain::PAGES,
];

/// Every page of `explain`.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    PAGES.iter().copied().flatten()
}
