//! What makes a station none whatever the method: checked once, so that no method need check it again.

use super::problem::{Bulk, Class, Patience, Station, Work};
use crate::dist::Dist;
use crate::model::Servers;

/// Relative difference allowed between the station's arrival rate and the sum of its classes.
const SUMS: f64 = 1e-9;

/// Whether a rate or a time is one with which doubles can calculate: products and squares too.
pub(super) fn in_range(x: f64) -> bool {
    (1e-100..=1e100).contains(&x)
}

/// Collects what is wrong.
#[derive(Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    fn demand(&mut self, holds: bool, why: impl FnOnce() -> String) {
        if !holds {
            self.0.push(why());
        }
    }

    fn positive(&mut self, what: &str, x: f64, unit: &str) {
        self.demand(x > 0.0 && x.is_finite(), || format!("the {what} is {x}{unit}, and must be positive and finite"));
    }

    /// A rate or mean that numbers can be made of.
    fn usable(&mut self, what: &str, x: f64, unit: &str) {
        self.positive(what, x, unit);
        let usable = !(x > 0.0 && x.is_finite()) || in_range(x);
        self.demand(usable, || {
            format!("the {what} is {x:e}{unit}, and must lie between 1e-100 and 1e100: is the unit right?")
        });
    }

    fn not_negative(&mut self, what: &str, x: f64) {
        self.demand(x >= 0.0, || format!("the {what} is {x}, and must not be negative"));
    }

    fn finite(&mut self, what: &str, x: f64, unit: &str) {
        self.demand(x >= 0.0 && x.is_finite(), || {
            format!("the {what} is {x}{unit}, and must be finite and not negative")
        });
    }
}

/// What is wrong with a station whatever the method, all at once.
pub(super) fn mistakes(station: &Station) -> Vec<String> {
    let mut mistakes = Mistakes::default();
    mistakes.usable("arrival rate", station.arrivals.rate(), "/s");
    mistakes.usable("mean service time", station.service.mean(), " s");
    if let Work::Moments { scv, .. } = station.service {
        mistakes.not_negative("scv of the service", scv);
    }
    mistakes.not_negative("scv of the arrivals", station.arrivals.scv().unwrap_or(0.0));
    if let Servers::Count(c) = station.servers {
        mistakes.demand(c >= 1, || "there are 0 servers, and at least 1 is needed".to_string());
        let least = station.population.map_or(u64::from(c), |n| n.min(c.into()));
        if let Some(k) = station.places {
            mistakes.demand(k >= least, || format!("K is {k}, but the system holds at least its {c} servers: K >= c"));
        }
    }
    let sources = station.population.unwrap_or(1);
    mistakes.demand(sources >= 1, || "the population is 0, and at least 1 source is needed".to_string());
    features(station, &mut mistakes);
    classes(station, &mut mistakes);
    mistakes.0
}

fn features(station: &Station, mistakes: &mut Mistakes) {
    let f = &station.features;
    let mut mean = |what: &str, law: Option<&Dist>| mistakes.finite(what, law.map_or(0.0, Dist::mean), " s");
    mean("mean vacation", f.vacation.as_ref().map(|vacation| &vacation.length));
    mean("mean set-up time", f.setup.as_ref());
    mean("mean repair time", f.breakdowns.as_ref().map(|failing| &failing.repair));
    mean("mean back-off", f.retry.as_ref().and_then(|retry| retry.backoff.as_ref()));
    if let Some(Patience::Exponential(mean) | Patience::Deterministic(mean)) = f.patience {
        mistakes.positive("patience", mean, " s");
    }
    if let Some(vacation) = &f.vacation {
        mistakes.demand(vacation.length.mean() != 0.0, || "vacations have mean 0: leave them out".to_string());
    }
    mistakes.demand(f.threshold != Some(0), || {
        "the server starts when 0 messages wait; the threshold is at least 1".to_string()
    });
    mistakes.finite("failure rate", f.breakdowns.as_ref().map_or(0.0, |failing| failing.rate), "/s");
    if let Some(Bulk { least, most, .. }) = f.bulk {
        mistakes.demand(least >= 1 && least <= most, || {
            format!("a service takes at least {least} and at most {most} messages; 1 <= least <= most is wanted")
        });
    }
    if let Some(retry) = &f.retry {
        let (p, most) = (retry.failure, retry.most_attempts);
        mistakes
            .demand((0.0..=1.0).contains(&p), || format!("the probability of failure is {p}, and must lie in [0, 1]"));
        mistakes.demand(most != Some(0), || {
            "the limit of attempts is 0; it counts the first delivery, and must be at least 1".to_string()
        });
    }
    mistakes.positive("retrial rate", f.orbit.map_or(1.0, |orbit| orbit.rate), "/s");
}

fn classes(station: &Station, mistakes: &mut Mistakes) {
    let (classes, lambda) = (&station.features.classes, station.arrivals.rate());
    for Class { name, rate, service, weight } in classes {
        mistakes.positive(&format!("arrival rate of class `{name}`"), *rate, "/s");
        mistakes.positive(&format!("weight of class `{name}`"), *weight, "");
        mistakes.positive(&format!("mean service time of class `{name}`"), service.mean(), " s");
        mistakes.not_negative(&format!("scv of the service of class `{name}`"), service.scv());
    }
    let sum: f64 = classes.iter().map(|class| class.rate).sum();
    let whole = classes.is_empty() || (sum / lambda - 1.0).abs() <= SUMS;
    mistakes.demand(whole, || format!("the classes arrive at {sum}/s in all, the station says {lambda}/s"));
}
