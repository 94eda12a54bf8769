//! Parameters of a named system: from `--param`, from options of the same name, from a file.

use crate::analytic::catalog;
use crate::analytic::system::{Given, System};
use crate::cli::args::solve::SolveArgs;
use crate::cli::failure::Failure;
use crate::model::as_toml;
use std::collections::BTreeMap;
use toml::Value;

/// Parameters from the command line.
pub(super) fn from_options(system: &System, args: &SolveArgs) -> Result<Given, Failure> {
    read(system, overlay(BTreeMap::new(), args)?)
}

/// The system that a file names, with its parameters; `None`: the file is a model.
pub(super) fn from_file(text: &str, args: &SolveArgs) -> Result<Option<(&'static System, Given)>, Failure> {
    let Ok(table) = text.parse::<toml::Table>() else { return Ok(None) };
    let Some(name) = table.get("system").and_then(Value::as_str).map(str::to_string) else { return Ok(None) };
    let system = catalog::find(&name).ok_or_else(|| Failure::Usage(unknown(&name)))?;
    let values = table.into_iter().filter(|(key, _)| key != "system").collect();
    Ok(Some((system, read(system, overlay(values, args)?)?)))
}

/// What to say of a name that is nothing that can be solved.
pub(super) fn unknown(what: &str) -> String {
    if let Some(command) = catalog::elsewhere(what) {
        return format!("`{what}` is asked by another command, for example\n  {command}");
    }
    let names: Vec<&str> = catalog::systems().map(|s| s.name).filter(|n| strsim::jaro_winkler(n, what) > 0.8).collect();
    let hint = if names.is_empty() { String::new() } else { format!(" (did you mean {}?)", names.join(", ")) };
    format!(
        "`{what}` is no model file, no named system{hint} and no notation as M/M/3; `lindley solve --list` lists the systems"
    )
}

fn overlay(mut values: BTreeMap<String, Value>, args: &SolveArgs) -> Result<BTreeMap<String, Value>, Failure> {
    let station = &args.station;
    let same_name = [
        ("arrival-rate", &station.arrival_rate),
        ("service-rate", &station.service_rate),
        ("mean-service", &station.mean_service),
        ("mean-patience", &station.mean_patience),
    ];
    for (name, text) in same_name {
        values.extend(text.as_ref().map(|text| (name.to_string(), value(text))));
    }
    // Where the system has such parameters, these two are theirs; where not, they are refused as unknown.
    values.extend(args.method.as_ref().map(|name| ("method".to_string(), Value::String(name.clone()))));
    if !args.quantiles.is_empty() {
        let levels = args.quantiles.iter().map(|p| Value::Float(*p)).collect();
        values.insert("quantiles".to_string(), Value::Array(levels));
    }
    for assignment in &args.param {
        let Some((name, text)) = assignment.split_once('=') else {
            return Err(usage!("--param {assignment}: write NAME=VALUE, as in queues=3"));
        };
        values.insert(name.trim().to_string(), value(text.trim()));
    }
    Ok(values)
}

/// A TOML value; what is none by itself (`40ms`, `120/s`, `gated`) is a string, also inside lists.
fn value(text: &str) -> Value {
    let parsed = format!("value = {}", as_toml(text)).parse::<toml::Table>().ok();
    parsed.and_then(|mut table| table.remove("value")).unwrap_or_else(|| Value::String(text.to_string()))
}

fn read(system: &System, values: BTreeMap<String, Value>) -> Result<Given, Failure> {
    Given::read(system.parameters, &values).map_err(|mistakes| usage!("{}:\n  {}", system.name, mistakes.join("\n  ")))
}
