//! Numbers and laws in a few words: `40 ms`, `120/s`, `lognormal, mean 40 ms, scv 2.25`.

use crate::dist::{Count, Dist};
use crate::model::{Arrivals, ServiceTime, ServiceTimes};
use crate::units::{duration_scale, significant};

/// A number without needless zeros, at most five significant digits.
pub(super) fn number(x: f64) -> String {
    let text = significant(x, 5);
    match text.split_once('e') {
        Some((digits, power)) => format!("{}e{power}", trimmed(digits)),
        None => trimmed(&text).to_string(),
    }
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// `40 ms`.
pub(super) fn span(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "infinite".to_string();
    }
    let (scale, unit) = duration_scale(seconds);
    format!("{} {unit}", number(seconds * scale))
}

/// `120/s`, or `3/min` and `2/h` where that is the readable number.
pub(super) fn rate(per_second: f64) -> String {
    match per_second {
        r if r >= 1.0 || r == 0.0 => format!("{}/s", number(r)),
        r if r * 60.0 >= 1.0 => format!("{}/min", number(r * 60.0)),
        r => format!("{}/h", number(r * 3600.0)),
    }
}

/// `2 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share))
}

/// `12,000`.
pub(super) fn whole(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    groups.join(",")
}

/// `1 server`, `8 servers`.
pub(super) fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", whole(n), if n == 1 { "" } else { "s" })
}

/// `exponential, mean 40 ms`; the scv where it is not the family's own.
pub(super) fn law(dist: &Dist) -> String {
    match dist {
        Dist::Deterministic(value) => format!("always {}", span(*value)),
        Dist::Exponential(mean) => format!("exponential, mean {}", span(*mean)),
        other if other.scv().is_finite() => {
            let name = other.name().replace('_', " ");
            format!("{name}, mean {}, scv {}", span(other.mean()), number(other.scv()))
        }
        other => format!("{}, mean {}, infinite variance", other.name().replace('_', " "), span(other.mean())),
    }
}

/// The arrival process: `120/s (Poisson)`.
pub(super) fn arrivals(process: &Arrivals) -> String {
    match process {
        Arrivals::Poisson { rate: r } => format!("{} (Poisson)", rate(*r)),
        Arrivals::Renewal { interval: Dist::Deterministic(gap) } => {
            format!("{} (one every {})", rate(1.0 / gap), span(*gap))
        }
        Arrivals::Renewal { interval } => {
            format!("{} (independent intervals, {})", rate(1.0 / interval.mean()), law(interval))
        }
        Arrivals::Batch { points, size } => format!("batches of {}: {}", batch(size), arrivals(points)),
        Arrivals::Schedule { pieces, repeat } => schedule(pieces, *repeat),
        Arrivals::Sinusoid { mean, amplitude, period, .. } => {
            let (mean, swing) = (rate(*mean), percent(*amplitude));
            format!("{mean} on average (Poisson, swinging by {swing} with period {})", span(*period))
        }
        Arrivals::Markov(process) => {
            let phases = plural(process.phases as u64, "phase");
            format!("{} on average (Markovian arrivals, {phases})", rate(process.rate()))
        }
        Arrivals::Trace { times } => format!("{} recorded arrivals", whole(times.len() as u64)),
        Arrivals::Closed { population, think } => {
            format!("a closed population of {} (think time {})", whole(u64::from(*population)), law(think))
        }
    }
}

fn schedule(pieces: &[(f64, f64)], repeat: bool) -> String {
    const SHOWN: usize = 4;
    let piece = |(lasts, r): &(f64, f64)| format!("{} for {}", rate(*r), span(*lasts));
    let mut shown: Vec<String> = pieces.iter().take(SHOWN).map(piece).collect();
    if pieces.len() > SHOWN {
        shown.push(format!("... ({} pieces)", pieces.len()));
    }
    let end = if repeat { "over and over" } else { "then nothing" };
    format!("Poisson by schedule: {}, {end}", shown.join(", then "))
}

fn batch(size: &Count) -> String {
    match size {
        Count::Constant(n) => n.to_string(),
        Count::Geometric(_) => format!("geometric size, mean {}", number(size.mean())),
        Count::Uniform(low, high) => format!("{low} to {high}"),
        other => format!("random size, mean {}", number(other.mean())),
    }
}

/// The service times: `lognormal, mean 40 ms, scv 2.25; class `vip`: always 10 ms`.
pub(super) fn service(times: &ServiceTimes, classes: &[String]) -> String {
    let default = service_time(&times.default);
    let by_class = times.by_class.iter().map(|(class, time)| {
        let name = classes.get(usize::from(class.0)).map_or("", String::as_str);
        format!("; class `{name}`: {}", service_time(time))
    });
    std::iter::once(default).chain(by_class).collect()
}

fn service_time(time: &ServiceTime) -> String {
    match time {
        ServiceTime::Drawn(dist) => law(dist),
        ServiceTime::Recorded(values) => format!("{} recorded times", whole(values.len() as u64)),
    }
}

/// The mean service time in a few words, for a picture.
pub(super) fn service_in_short(times: &ServiceTimes) -> String {
    match &times.default {
        ServiceTime::Drawn(dist) => span(dist.mean()),
        ServiceTime::Recorded(_) => "recorded".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_needless_zeros() {
        assert_eq!(span(0.04), "40 ms");
        assert_eq!(span(f64::INFINITY), "infinite");
        assert_eq!(rate(120.0), "120/s");
        assert_eq!(rate(0.5), "30/min");
        assert_eq!(rate(0.001), "3.6/h");
        assert_eq!(percent(0.02), "2 %");
        assert_eq!(number(1.5e-7), "1.5e-7");
        assert_eq!(whole(1_200_345), "1,200,345");
        assert_eq!(whole(12), "12");
    }

    #[test]
    fn laws_are_told_by_mean_and_scv() {
        assert_eq!(law(&Dist::Deterministic(0.005)), "always 5 ms");
        assert_eq!(law(&Dist::Exponential(0.04)), "exponential, mean 40 ms");
        assert_eq!(law(&Dist::erlang(4, 0.2).expect("valid")), "erlang, mean 200 ms, scv 0.25");
        let heavy = Dist::pareto(1.0, 1.5).expect("valid");
        assert_eq!(law(&heavy), "pareto, mean 3 s, infinite variance");
    }
}
