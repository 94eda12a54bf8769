//! What is typed beside the thing to be solved must speak of it: an option that would be passed over in
//! silence is a mistake.

use crate::cli::args::given;
use crate::cli::args::solve::{SolveArgs, StationArgs};
use crate::cli::failure::Failure;

/// Beside Kendall's notation: parameters of systems and values of model files mean nothing.
pub(crate) fn of_notation(what: &str, args: &SolveArgs) -> Result<(), Failure> {
    let remedy = "--param is for named systems and --set for model files; a station is described by the options of \
                  `lindley solve --help`, as --service-rate 100/s";
    none(what, "Kendall's notation", &given!(args; param, set), remedy)
}

/// Beside a named system: only what is a parameter of the same name.
pub(crate) fn of_system(name: &str, args: &SolveArgs) -> Result<(), Failure> {
    let mut options = given!(args; set, servers);
    options.extend(given!(args.asked; levels, within));
    options.extend(station(&args.station).into_iter().filter(|option| !AS_PARAMETERS.contains(&option.as_str())));
    let remedy = "its parameters are given as -p NAME=VALUE, and `lindley solve --list` lists them";
    none(name, "a named system", &options, remedy)
}

/// Beside a model file: the model says all of it.
pub(crate) fn of_model(file: &str, args: &SolveArgs) -> Result<(), Failure> {
    let mut options = given!(args; param, method, servers);
    options.extend(station(&args.station));
    none(file, "a model file", &options, "the file says what is solved, and --set PATH=VALUE changes a value of it")
}

/// Options that stand for the parameter of the same name.
pub(crate) const AS_PARAMETERS: [&str; 4] = ["--arrival-rate", "--service-rate", "--mean-service", "--mean-patience"];

/// Refuses those of the options that are given: they say nothing of what this is.
pub(crate) fn none(what: &str, kind: &str, given: &[String], remedy: &str) -> Result<(), Failure> {
    if given.is_empty() {
        return Ok(());
    }
    Err(usage!("`{what}` is {kind}, to which {} does not apply: {remedy}", given.join(", ")))
}

/// The options that describe a station, those that are given. Those that need another one are not among them: they
/// never stand alone.
fn station(args: &StationArgs) -> Vec<String> {
    given!(
        args; arrival_rate, service_rate, mean_service, arrival_scv, service_scv, mean_patience, arrivals, service,
        discipline, class, batch, bulk, vacation, setup, threshold, failure_rate, retry_probability, orbit_rate, drop_head
    )
}
