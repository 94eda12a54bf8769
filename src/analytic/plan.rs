//! Which method solves a station: tries the exact ones in order, falls back to approximations and
//! bounds by name, and keeps the reasons, so that every choice can be explained.

pub use super::method::SolvedStation;
use super::method::{Method, MethodId, Refusal};
use super::mistakes::mistakes;
use super::problem::{Discipline, Input, Station};
use super::refusal::Instability;
use super::{approximate, batch, broker, discipline, interruption, matrix, retry, station};
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
    Family { methods: matrix::IMPATIENT, meant_for: |s| s.features.patience.is_some() },
    Family { methods: matrix::METHODS, meant_for: plain },
    Family { methods: approximate::LIMITED, meant_for: |s| s.places.is_some() || s.features.patience.is_some() },
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

/// A method that gives no answer, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedMethod {
    /// The method.
    pub method: MethodId,
    /// Why.
    pub why: Refusal,
}

/// Whether a refusal tells something of the station: the method is meant for such a station and refuses
/// it for another reason than that it is meant for others.
fn is_telling(station: &Station, refused: &RefusedMethod) -> bool {
    let family = FAMILIES.iter().find(|family| family.methods.iter().any(|method| method.id == refused.method));
    family.is_some_and(|family| (family.meant_for)(station)) && !refused.why.is_foreign()
}

/// How a station is solved.
#[derive(Debug, Clone)]
pub struct StationPlan {
    /// The exact answer alone, or else every approximation and bound that applies.
    pub answers: Vec<SolvedStation>,
    /// The methods that do not apply, and why; those that are meant for such a station first, unless
    /// the answer is exact.
    pub refused: Vec<RefusedMethod>,
    /// How many of these are meant for such a station.
    pub telling: usize,
}

impl StationPlan {
    /// The first answer: the exact one, where there is one.
    pub fn best(&self) -> &SolvedStation {
        &self.answers[0]
    }

    /// Whether the answer is exact.
    pub fn is_exact(&self) -> bool {
        self.best().method.source == Source::Exact
    }
}

/// Why a station has no plan.
#[derive(Debug, Clone, PartialEq)]
pub enum NoPlan {
    /// The parameters are no station: every reason.
    Invalid(Vec<String>),
    /// There is no steady state: which method says so, why, and what would make one.
    Unstable(MethodId, Instability),
    /// No method applies: each with its reason, those that are meant for such a station first.
    Unknown(Vec<RefusedMethod>),
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
pub fn plan(station: &Station) -> Result<StationPlan, NoPlan> {
    by(station, methods())
}

/// Solves by one method only.
pub fn plan_by(station: &Station, method: MethodId) -> Result<StationPlan, NoPlan> {
    by(station, methods().filter(|listed| listed.id == method))
}

fn by(station: &Station, methods: impl Iterator<Item = &'static Method>) -> Result<StationPlan, NoPlan> {
    let invalid = mistakes(station);
    if !invalid.is_empty() {
        return Err(NoPlan::Invalid(invalid));
    }
    let (mut refused, mut answers) = (Vec::new(), Vec::new());
    for method in methods {
        match method.apply(station) {
            Ok(steady) if method.source == Source::Exact => {
                return Ok(StationPlan { answers: vec![SolvedStation { method, steady }], refused, telling: 0 });
            }
            Ok(steady) => answers.push(SolvedStation { method, steady }),
            Err(Refusal::Unstable(why)) => return Err(NoPlan::Unstable(method.id, why)),
            Err(Refusal::Invalid(why)) => return Err(NoPlan::Invalid(vec![why])),
            Err(why) => refused.push(RefusedMethod { method: method.id, why }),
        }
    }
    refused.sort_by_key(|refused| !is_telling(station, refused));
    if answers.is_empty() {
        return Err(NoPlan::Unknown(refused));
    }
    let telling = refused.iter().filter(|refused| is_telling(station, refused)).count();
    Ok(StationPlan { answers, refused, telling })
}
