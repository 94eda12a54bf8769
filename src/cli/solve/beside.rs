//! What is typed beside the thing to be solved must speak of it: an option that would be passed over in
//! silence is a mistake.

use crate::cli::args::given;
use crate::cli::args::solve::{SolveArgs, StationArgs};
use crate::cli::failure::Failure;

/// Beside Kendall's notation: parameters of systems and values of model files mean nothing.
pub(crate) fn of_notation(what: &str, args: &SolveArgs) -> Result<(), Failure> {
    let options = [("--param", !args.param.is_empty()), ("--set", !args.set.is_empty())];
    let remedy = "--param is for named systems and --set for model files; a station is described by the options of \
                  `lindley solve --help`, as --service-rate 100/s";
    none(what, "Kendall's notation", &options, remedy)
}

/// Beside a named system: only what is a parameter of the same name.
pub(crate) fn of_system(name: &str, args: &SolveArgs) -> Result<(), Failure> {
    let mut options = vec![("--set", !args.set.is_empty()), ("--in-system", !args.in_system.is_empty())];
    options.extend(station(&args.station).into_iter().filter(|(option, _)| !AS_PARAMETERS.contains(option)));
    let remedy = "its parameters are given as -p NAME=VALUE, and `lindley solve --list` lists them";
    none(name, "a named system", &options, remedy)
}

/// Beside a model file: the model says all of it.
pub(crate) fn of_model(file: &str, args: &SolveArgs) -> Result<(), Failure> {
    let mut options = vec![
        ("--param", !args.param.is_empty()),
        ("--method", args.method.is_some()),
        ("--in-system", !args.in_system.is_empty()),
    ];
    options.extend(station(&args.station));
    none(file, "a model file", &options, "the file says what is solved, and --set PATH=VALUE changes a value of it")
}

/// Options that stand for the parameter of the same name.
pub(crate) const AS_PARAMETERS: [&str; 4] = ["--arrival-rate", "--service-rate", "--mean-service", "--mean-patience"];

/// Refuses those of the options that are given: they say nothing of what this is.
pub(crate) fn none(what: &str, kind: &str, options: &[(&str, bool)], remedy: &str) -> Result<(), Failure> {
    let given = given(options);
    if given.is_empty() {
        return Ok(());
    }
    Err(usage!("`{what}` is {kind}, to which {} does not apply: {remedy}", given.join(", ")))
}

/// The options that describe a station, and whether they are given. Those that need another one are
/// not listed: they never stand alone.
fn station(args: &StationArgs) -> Vec<(&'static str, bool)> {
    vec![
        ("--arrival-rate", args.arrival_rate.is_some()),
        ("--service-rate", args.service_rate.is_some()),
        ("--mean-service", args.mean_service.is_some()),
        ("--arrival-scv", args.arrival_scv.is_some()),
        ("--service-scv", args.service_scv.is_some()),
        ("--mean-patience", args.mean_patience.is_some()),
        ("--arrivals", args.arrivals.is_some()),
        ("--service", args.service.is_some()),
        ("--discipline", args.discipline.is_some()),
        ("--class", !args.class.is_empty()),
        ("--batch", args.batch.is_some()),
        ("--bulk", args.bulk.is_some()),
        ("--vacation", args.vacation.is_some()),
        ("--setup", args.setup.is_some()),
        ("--threshold", args.threshold.is_some()),
        ("--failure-rate", args.failure_rate.is_some()),
        ("--retry-probability", args.retry_probability.is_some()),
        ("--orbit-rate", args.orbit_rate.is_some()),
        ("--drop-head", args.drop_head),
    ]
}
