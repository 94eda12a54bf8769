//! Kendall's notation with something left open: what, and what stands beside it.

use crate::analytic::kendall::Notation;
use crate::cli::args::given;
use crate::cli::args::size::SizeArgs;
use crate::cli::failure::Failure;
use crate::cli::output::command_line;
use crate::cli::solve::{beside, station};
use crate::experiment::demanded::{spoken_of, with_quantiles};
use crate::experiment::result::{Curves, ResultSet, Saved};
use crate::experiment::size::station::{Free, StationQuestion, size as size_station};
use crate::experiment::solve::{TheoryRequest, result, timed};
use crate::model::{Entities, Misnamed, RunSettings, Servers};
use crate::row::Demand;
use crate::units::TextError;

/// Sizes a station by theory.
pub(super) fn size(args: &SizeArgs) -> Result<Saved, Failure> {
    meaningless(args)?;
    let question = question(args)?;
    let (found, wall_s) = timed(|| size_station(&question));
    let found = found.map_err(|why| match why.is_no() {
        true => Failure::No(why.to_string()),
        false => Failure::Usage(why.to_string()),
    })?;
    let request = TheoryRequest { name: args.what.clone(), hash: String::new(), command: command_line(), wall_s };
    let ResultSet { schema, provenance, .. } = result(request, Vec::new(), Vec::new());
    let result = ResultSet { schema, provenance, ..found };
    Ok(Saved { result, curves: Curves::default(), model: String::new() })
}

/// Options that speak of model files only.
fn meaningless(args: &SizeArgs) -> Result<(), Failure> {
    let settings = &args.settings;
    let mut options = given!(args; vary, cost, n_minus_1, burst, front, confidence, max_replications);
    options.extend(given!(settings; set, replications, messages, horizon, seed, warmup, precision));
    let remedy = "write the system as a model file, and simulation decides";
    beside::none(&args.what, "Kendall's notation, answered by theory", &options, remedy)
}

fn question(args: &SizeArgs) -> Result<StationQuestion, Failure> {
    let (notation, free) = open(&args.what, args.largest.as_deref()).map_err(|why| usage!("{why}"))?;
    let rate = "1/s".to_string();
    let mut beside = args.station.clone();
    if free == Free::Rate && beside.arrival_rate.replace(rate).is_some() {
        return Err(usage!("--arrival-rate is what --largest arrival-rate looks for: leave it out"));
    }
    let station = station::read_notation(&args.what, notation, &beside)?;
    let targets = targets(&args.target, &Entities::station(""))?;
    let quantiles = quantiles(args, &targets)?;
    Ok(StationQuestion { name: args.what.clone(), station, free, targets, method: args.method, quantiles })
}

/// Refuses where there are mistakes, all of them at once.
pub(super) fn no_mistakes(mistakes: Vec<String>) -> Result<(), Failure> {
    if mistakes.is_empty() { Ok(()) } else { Err(Failure::Usage(mistakes.join("\n  "))) }
}

/// The targets, every mistake at once.
pub(super) fn targets(texts: &[String], entities: &Entities) -> Result<Vec<Demand>, Failure> {
    let read: Vec<Result<Demand, Misnamed>> = texts.iter().map(|text| entities.demand(text)).collect();
    no_mistakes(read.iter().filter_map(|r| r.as_ref().err()).map(ToString::to_string).collect())?;
    if read.is_empty() {
        return Err(usage!("say what must hold: --target 'wait.p99 < 1s'"));
    }
    Ok(read.into_iter().flatten().collect())
}

/// The quantiles asked for, those of the targets included.
fn quantiles(args: &SizeArgs, targets: &[Demand]) -> Result<Vec<f64>, Failure> {
    if let Some(wrong) = args.quantiles.iter().find(|p| !(**p > 0.0 && **p < 1.0)) {
        return Err(usage!("--quantiles {wrong}: a quantile lies between 0 and 1"));
    }
    let given = if args.quantiles.is_empty() { RunSettings::default().quantiles } else { args.quantiles.clone() };
    Ok(with_quantiles(given, &spoken_of(targets).collect::<Vec<_>>()))
}

/// The notation with what is open filled in, and what is open.
fn open(text: &str, largest: Option<&str>) -> Result<(Notation, Free), TextError> {
    let (station, patience) =
        text.split_once('+').map_or((text, None), |(station, patience)| (station, Some(patience)));
    let mut parts: Vec<&str> = station.split('/').map(str::trim).collect();
    let letter = |parts: &[&str], at: usize, letter: &str| parts.get(at).is_some_and(|p| *p == letter);
    let servers = letter(&parts, 2, "c");
    let (places, both) = (letter(&parts, 3, "K"), servers && letter(&parts, 3, "c"));
    if places || both {
        parts[3] = "inf";
    }
    let closed = [parts.join("/"), patience.map(|p| format!("+{p}")).unwrap_or_default()].concat();
    let mut notation = Notation::parse(&closed)?;
    let free = match (largest, servers, places, both) {
        (Some("arrival-rate"), false, false, false) => Free::Rate,
        (Some("arrival-rate"), ..) => {
            return Err(
                format!("{text}: with --largest arrival-rate nothing else is free: write numbers for c and K").into()
            );
        }
        (Some(other), ..) => {
            return Err(format!("--largest {other}: beside a notation only `arrival-rate` can be asked for").into());
        }
        (None, _, _, true) => Free::Both,
        (None, true, true, _) => {
            return Err(format!("{text}: c and K are both free: write a number for one of them").into());
        }
        (None, true, ..) => Free::Servers,
        (None, _, true, _) => Free::Places,
        (None, false, false, false) => {
            return Err(format!(
                "{text}: nothing is free: write c for the servers (M/M/c), K for the places (M/M/1/K), or --largest arrival-rate"
            ).into());
        }
    };
    if servers {
        notation.servers = Some(Servers::Count(1));
    }
    match (free, notation.servers) {
        (Free::Places, Some(Servers::Count(c))) => notation.places = Some(u64::from(c)),
        (Free::Places, _) => return Err(format!("{text}: with unlimited servers nothing is ever lost").into()),
        (Free::Both, _) => notation.places = Some(1),
        _ => {}
    }
    Ok((notation, free))
}
