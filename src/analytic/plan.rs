//! Which method solves a station: tries the exact ones in order, falls back to approximations and
//! bounds by name, and keeps the reasons, so that every choice can be explained. Knows the list of
//! methods and no formula.

use super::method::{Method, Refusal};
use super::problem::{Discipline, Input, Patience, Station, Work};
use super::steady::Steady;
use super::system::in_range;
use super::{approximate, batch, broker, discipline, interruption, matrix, retry, station};
use crate::model::Servers;
use crate::row::Source;

/// Methods that belong together, and the stations they are meant for: where none of them answers,
/// their refusals are the ones worth telling.
struct Family {
    methods: &'static [Method],
    meant_for: fn(&Station) -> bool,
}

/// Every method, by module, in the order in which they are tried.
const FAMILIES: &[Family] = &[
    Family { methods: station::METHODS, meant_for: |s| s.features.patience.is_some() || s.population.is_some() },
    Family { methods: discipline::METHODS, meant_for: by_discipline },
    Family { methods: batch::METHODS, meant_for: in_groups },
    Family { methods: interruption::METHODS, meant_for: interrupted },
    Family { methods: retry::METHODS, meant_for: |s| s.features.retry.is_some() || s.features.orbit.is_some() },
    Family { methods: broker::METHODS, meant_for: |s| s.features.drop_head },
    Family { methods: matrix::METHODS, meant_for: plain },
    Family { methods: approximate::METHODS, meant_for: |_| false },
];

fn by_discipline(station: &Station) -> bool {
    station.discipline != Discipline::Fcfs || !station.features.classes.is_empty()
}

fn in_groups(station: &Station) -> bool {
    matches!(station.arrivals, Input::Batches { .. }) || station.features.bulk.is_some()
}

fn interrupted(station: &Station) -> bool {
    let f = &station.features;
    f.vacation.is_some() || f.setup.is_some() || f.threshold.is_some() || f.breakdowns.is_some()
}

/// Nothing special: the stations that the widest methods are meant for.
fn plain(station: &Station) -> bool {
    let f = &station.features;
    let elsewhere = f.patience.is_some() || station.population.is_some() || f.retry.is_some() || f.orbit.is_some();
    !(elsewhere || f.drop_head || by_discipline(station) || in_groups(station) || interrupted(station))
}

/// Every method there is, in the order in which they are tried.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    FAMILIES.iter().flat_map(|family| family.methods)
}

/// The refusals of the methods that are meant for such a station; those that speak of a feature or a
/// discipline unknown to the method show that it is meant for another.
fn telling<'r>(station: &Station, refused: &'r [(&'static str, String)]) -> Vec<&'r (&'static str, String)> {
    let meant = |name: &str| {
        let family = FAMILIES.iter().find(|family| family.methods.iter().any(|method| method.name == name));
        family.is_some_and(|family| (family.meant_for)(station))
    };
    let foreign = |why: &str| {
        why.starts_with("the station has") || why.starts_with("the discipline is") || why.ends_with("is not limited")
    };
    refused.iter().filter(|(name, why)| meant(name) && !foreign(why)).collect()
}

/// A method with what it says.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The method.
    pub method: &'static Method,
    /// Its answer.
    pub steady: Steady,
}

/// How a station is solved.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The exact answer alone, or else every approximation and bound that applies.
    pub answers: Vec<Solved>,
    /// The exact methods that do not apply, and why.
    pub refused: Vec<(&'static str, String)>,
    /// Of these, the ones that are meant for such a station, in words.
    pub closest: String,
}

impl Plan {
    /// The first answer: the exact one, where there is one.
    pub fn best(&self) -> &Solved {
        &self.answers[0]
    }

    /// Whether the answer is exact.
    pub fn is_exact(&self) -> bool {
        self.best().method.source == Source::Exact
    }

    /// The choice in words.
    pub fn explanation(&self) -> String {
        let Solved { method, steady } = self.best();
        if self.is_exact() {
            return format!("{} is solved exactly by `{}`: {}", steady.kendall, method.name, steady.method);
        }
        let names: Vec<String> = self.answers.iter().map(|a| format!("`{}`", a.method.name)).collect();
        let why = if self.closest.is_empty() { String::new() } else { format!(" ({})", self.closest) };
        format!("{} has no exact method here{why}; approximations and bounds: {}", steady.kendall, names.join(", "))
    }
}

/// Why a station has no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlan {
    /// The parameters are no station: every reason.
    Invalid(Vec<String>),
    /// There is no steady state: which method says so, why, and what would make one.
    Unstable(&'static str, String),
    /// No method applies: each with its reason, those that are meant for such a station first.
    Unknown(Vec<(&'static str, String)>),
}

impl NoPlan {
    /// Every reason in words.
    pub fn reasons(&self) -> Vec<String> {
        match self {
            NoPlan::Invalid(reasons) => reasons.clone(),
            NoPlan::Unstable(_, why) => vec![why.clone()],
            NoPlan::Unknown(refused) => refused.iter().map(|(name, why)| format!("`{name}`: {why}")).collect(),
        }
    }
}

/// Plans and solves a station.
///
/// ```
/// use lindley::analytic::plan::plan;
/// use lindley::analytic::problem::{Input, Station, Work};
/// use lindley::{dist::Dist, model::Servers};
/// let exponential = Work::Law(Dist::Exponential(1.0));
/// let mm2 = Station::new(Input::Poisson(1.5), exponential, Servers::Count(2));
/// let plan = plan(&mm2).unwrap();
/// assert_eq!(plan.best().steady.kendall, "M/M/2");
/// assert!(plan.is_exact());
/// ```
pub fn plan(station: &Station) -> Result<Plan, NoPlan> {
    by(station, methods())
}

/// Solves by one method only, by its name.
pub fn by_name(station: &Station, name: &str) -> Option<Result<Plan, NoPlan>> {
    let mut wanted = methods().filter(|method| method.name == name).peekable();
    wanted.peek()?;
    Some(by(station, wanted))
}

fn by(station: &Station, methods: impl Iterator<Item = &'static Method>) -> Result<Plan, NoPlan> {
    let invalid = mistakes(station);
    if !invalid.is_empty() {
        return Err(NoPlan::Invalid(invalid));
    }
    let (mut refused, mut answers) = (Vec::new(), Vec::new());
    for method in methods {
        match (method.solve)(station) {
            Ok(steady) if method.source == Source::Exact => {
                return Ok(Plan { answers: vec![Solved { method, steady }], refused, closest: String::new() });
            }
            Ok(steady) => answers.push(Solved { method, steady }),
            Err(Refusal::Unstable(why)) => return Err(NoPlan::Unstable(method.name, why)),
            Err(Refusal::Invalid(why)) => return Err(NoPlan::Invalid(vec![why])),
            Err(Refusal::Assumption(why)) => refused.push((method.name, why)),
        }
    }
    let told: Vec<String> = telling(station, &refused).iter().map(|(name, why)| format!("`{name}`: {why}")).collect();
    if answers.is_empty() {
        let first: Vec<&str> = telling(station, &refused).iter().map(|(name, _)| *name).collect();
        refused.sort_by_key(|(name, _)| !first.contains(name));
        return Err(NoPlan::Unknown(refused));
    }
    refused.retain(|(name, _)| by_source(name) == Some(Source::Exact));
    Ok(Plan { answers, refused, closest: told.join("; ") })
}

fn by_source(name: &str) -> Option<Source> {
    methods().find(|method| method.name == name).map(|method| method.source)
}

/// What is wrong with a station whatever the method, all at once.
pub fn mistakes(station: &Station) -> Vec<String> {
    let mut found = Vec::new();
    let mut demand = |holds: bool, why: String| {
        if !holds {
            found.push(why);
        }
    };
    let positive = |x: f64| x > 0.0 && x.is_finite();
    let rate = station.arrivals.rate();
    demand(positive(rate), format!("the arrival rate is {rate}/s, and must be positive and finite"));
    let mean = station.service.mean();
    demand(positive(mean), format!("the mean service time is {mean} s, and must be positive and finite"));
    for (what, x, unit) in [("arrival rate", rate, "/s"), ("mean service time", mean, " s")] {
        let why = format!("the {what} is {x:e}{unit}, and must lie between 1e-100 and 1e100: is the unit right?");
        demand(!positive(x) || in_range(x), why);
    }
    if let Work::Moments { scv, .. } = station.service {
        demand(scv >= 0.0, format!("the scv of the service is {scv}, and must not be negative"));
    }
    if let Input::Moments { scv, .. } = station.arrivals {
        demand(scv >= 0.0, format!("the scv of the arrivals is {scv}, and must not be negative"));
    }
    if let Servers::Count(c) = station.servers {
        demand(c >= 1, "there are 0 servers, and at least 1 is needed".to_string());
        let least = u64::from(c.min(station.population.map_or(c, |n| n.min(u64::from(u32::MAX)) as u32)));
        if let Some(k) = station.places {
            demand(k >= least, format!("K is {k}, but the system holds at least its {c} servers: K >= c"));
        }
    }
    if let Some(n) = station.population {
        demand(n >= 1, "the population is 0, and at least 1 source is needed".to_string());
    }
    if let Some(Patience::Exponential(mean) | Patience::Deterministic(mean)) = station.features.patience {
        demand(mean >= 0.0 && !mean.is_nan(), format!("the patience is {mean} s, and must not be negative"));
    }
    found
}
