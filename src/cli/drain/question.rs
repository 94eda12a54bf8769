//! What the options ask, as the question that a `[drain]` section asks. Options win over the section.

use crate::cli::args::drain::{DrainArgs, IncidentArgs};
use crate::cli::failure::Failure;
use crate::model::study::DrainQuestion;
use crate::model::study::drain::Parts;
use crate::units::{parse_duration, parse_rate, parse_share};

/// The question of the options, over that of the file.
pub(super) fn question(args: &DrainArgs, file: Option<DrainQuestion>) -> Result<DrainQuestion, Failure> {
    let file = file.unwrap_or_default();
    let incident = parts(&args.incident)?.incident().map_err(|why| Failure::Usage(dashed(&why.to_string())))?;
    Ok(DrainQuestion {
        incident: incident.or(file.incident),
        at: time("at", &args.incident.at)?.or(file.at),
        consumer: args.incident.consumer.clone().or(file.consumer),
        producer: args.incident.producer.clone().or(file.producer),
        recover_within: longer_than_0("recover-within", &args.recover_within)?.or(file.recover_within),
        horizon: longer_than_0("horizon", &args.settings.horizon)?.or(file.horizon),
    })
}

/// Keys are written as options.
fn dashed(why: &str) -> String {
    let mut parts: Vec<String> = why.split('`').map(str::to_string).collect();
    parts.iter_mut().skip(1).step_by(2).for_each(|name| *name = format!("`--{}`", name.replace('_', "-")));
    parts.concat()
}

fn parts(args: &IncidentArgs) -> Result<Parts, Failure> {
    Ok(Parts {
        outage: longer_than_0("outage", &args.outage)?,
        lasts: longer_than_0("for", &args.lasts)?,
        throttle: args.throttle.as_deref().map(|text| share("throttle", text)).transpose()?,
        slowdown: args.slowdown.as_deref().map(|text| multiple("slowdown", text)).transpose()?,
        burst: args.burst.as_deref().map(|text| multiple("burst", text)).transpose()?,
        extra: above_0("extra", &args.extra)?,
        from: time("from", &args.from)?,
        until: time("until", &args.until)?,
        requeue: args.requeue,
    })
}

fn wrong(option: &str, why: impl std::fmt::Display) -> Failure {
    usage!("--{option}: {why}")
}

/// Refuses the first of the options that are given, and says why.
pub(super) fn none(given: &[String], why: &str) -> Result<(), Failure> {
    given.first().map_or(Ok(()), |option| Err(usage!("{option}{why}")))
}

/// A time >= 0, with its unit.
pub(super) fn time(option: &str, text: &Option<String>) -> Result<Option<f64>, Failure> {
    text.as_deref().map(parse_duration).transpose().map_err(|why| wrong(option, why))
}

/// A time > 0.
pub(super) fn longer_than_0(option: &str, text: &Option<String>) -> Result<Option<f64>, Failure> {
    not_0(option, time(option, text)?, "must be longer than 0 s")
}

/// A rate >= 0.
pub(super) fn rate(option: &str, text: &Option<String>) -> Result<Option<f64>, Failure> {
    text.as_deref().map(parse_rate).transpose().map_err(|why| wrong(option, why))
}

/// A rate > 0.
pub(super) fn above_0(option: &str, text: &Option<String>) -> Result<Option<f64>, Failure> {
    not_0(option, rate(option, text)?, "must be above 0 /s")
}

fn not_0(option: &str, value: Option<f64>, rule: &str) -> Result<Option<f64>, Failure> {
    if value == Some(0.0) { Err(wrong(option, rule)) } else { Ok(value) }
}

/// A share as `40%` or 0.4.
fn share(option: &str, text: &str) -> Result<f64, Failure> {
    parse_share(text).ok_or_else(|| wrong(option, format!("`{}` is no share, such as 40% or 0.4", text.trim())))
}

/// A factor as `3x` or 3.
fn multiple(option: &str, text: &str) -> Result<f64, Failure> {
    let plain = text.trim();
    let number = plain.strip_suffix('x').unwrap_or(plain).trim().parse().ok();
    let factor = number.filter(|x: &f64| x.is_finite());
    factor.ok_or_else(|| wrong(option, format!("`{plain}` is no factor, such as 3x or 3")))
}

/// A whole number, perhaps with `_` between its digits.
pub(super) fn count(option: &str, text: &Option<String>, least: u64) -> Result<Option<u64>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let plain = text.trim().replace('_', "");
    match plain.parse::<u64>() {
        Ok(n) if n >= least => Ok(Some(n)),
        _ => Err(wrong(option, format!("`{text}` is no whole number of at least {least}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_of_options() {
        assert_eq!((share("throttle", "40%").unwrap(), share("throttle", "0.4").unwrap()), (0.4, 0.4));
        assert_eq!((multiple("burst", "3x").unwrap(), multiple("burst", "2.5").unwrap()), (3.0, 2.5));
        assert!(share("throttle", "NaN").is_err() && multiple("burst", "x").is_err());
        assert!(count("servers", &Some("0".into()), 1).is_err() && count("servers", &Some("-3".into()), 1).is_err());
    }

    #[test]
    fn keys_become_options() {
        assert_eq!(dashed("`recover_within` and `for` differ"), "`--recover-within` and `--for` differ");
    }
}
