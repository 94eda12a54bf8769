//! What there is: every named system and every page of `explain`, by module. `solve NAME`, its help,
//! the documents and the tests all go by these lists. (The list of methods is in `plan`, since their
//! order matters.) Knows no formula.

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
    interruption::SYSTEMS,
    retry::SYSTEMS,
    discipline::SYSTEMS,
    matrix::SYSTEMS,
    transient::SYSTEMS,
    rare::SYSTEMS,
    staffing::SYSTEMS,
    approximate::SYSTEMS,
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

/// What a system answers to parameters written as in a file.
#[cfg(test)]
pub(crate) fn ask(name: &str, parameters: &str) -> Result<super::system::Answer, super::method::Refusal> {
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
