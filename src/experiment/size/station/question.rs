//! A station with something left open, and what theory says of it at a value.

use super::error::Unanswered;
use super::free::Free;
use crate::analytic::plan::{NoPlan, StationPlan, plan, plan_by};
use crate::analytic::problem::{Input, Station};
use crate::analytic::{MethodId, TimeLaw};
use crate::experiment::size::expect::of_steady;
use crate::model::Servers;
use crate::row::{Demand, Metric, Source, Statistic};

/// A station with something left open, and what it must achieve.
#[derive(Debug, Clone)]
pub(crate) struct StationQuestion {
    /// The notation as typed.
    pub name: String,
    /// The station; what is free has any value.
    pub station: Station,
    /// What is free.
    pub free: Free,
    /// What it must achieve.
    pub targets: Vec<Demand>,
    /// The only method to be used, if one is named.
    pub method: Option<MethodId>,
    /// Quantiles to report.
    pub quantiles: Vec<f64>,
}

/// A number, what it is worth, and by which method.
pub(super) type TheoryValue = Option<(f64, Source, MethodId)>;

/// A candidate as theory sees it.
pub(super) struct Tried {
    pub plan: Result<StationPlan, NoPlan>,
    pub values: Vec<TheoryValue>,
    pub meets: bool,
}

impl StationQuestion {
    /// Why nothing was found, at the value nearest to meeting the targets.
    pub(super) fn unanswered(&self, at: f64) -> Unanswered {
        let tried = self.at(at);
        let (targets, station) = (self.targets.clone(), self.name.clone());
        let unknown = targets.iter().zip(&tried.values).find(|(_, value)| value.is_none());
        match (tried.plan, unknown) {
            (Err(why @ NoPlan::Unstable(..)), _) => Unanswered::Unstable { targets, why },
            (Err(why @ (NoPlan::Invalid(_) | NoPlan::Unknown(_))), _) => Unanswered::NoMethod(station, why),
            (Ok(plan), Some((target, _))) => {
                Unanswered::NotGiven { quantity: Box::new(target.quantity.clone()), station, plan: Box::new(plan) }
            }
            (Ok(_), None) => {
                let values = tried.values.iter().map(|value| value.map(|v| v.0)).collect();
                Unanswered::Missed { targets, free: self.free, at, values }
            }
        }
    }

    /// The station with that value of what is free.
    fn with(&self, x: f64) -> Station {
        let mut station = self.station.clone();
        match self.free {
            Free::Servers => station.servers = Servers::Count(x as u32),
            Free::Places => station.places = Some(x as u64),
            Free::Both => (station.servers, station.places) = (Servers::Count(x as u32), Some(x as u64)),
            Free::Rate => station.arrivals = at_rate(&station.arrivals, x),
        }
        station
    }

    fn solve(&self, x: f64) -> Result<StationPlan, NoPlan> {
        let station = self.with(x);
        self.method.map_or_else(|| plan(&station), |method| plan_by(&station, method))
    }

    pub(super) fn at(&self, x: f64) -> Tried {
        let plan = self.solve(x);
        let value = |target: &Demand| {
            let plan = plan.as_ref().ok()?;
            let named = self.method.is_some();
            let usable = plan.answers.iter().filter(|a| named || a.method.source != Source::Bound);
            usable.filter_map(|a| Some((of_steady(&a.steady, target)?, a.method.source, a.method.id))).next()
        };
        let values: Vec<_> = self.targets.iter().map(value).collect();
        let holds = |(target, value): (&Demand, &TheoryValue)| value.is_some_and(|v| target.holds(v.0));
        let meets = self.targets.iter().zip(&values).all(holds);
        Tried { plan, values, meets }
    }

    pub(super) fn symbol(&self) -> &'static str {
        match self.free {
            Free::Servers | Free::Both => "c",
            Free::Places => "K",
            Free::Rate => "lambda",
        }
    }

    pub(super) fn point(&self, x: f64) -> String {
        format!("{}={x}", self.symbol())
    }

    /// The first value looked at: below it nothing is stable, or nothing is a station.
    pub(super) fn first(&self) -> u64 {
        let station = &self.station;
        let bounded = station.places.is_some() || station.population.is_some() || station.features.patience.is_some();
        match self.free {
            Free::Servers if !bounded && station.features.orbit.is_none() => (station.offered_load() as u64).max(1),
            Free::Places => u64::from(station.c().unwrap_or(1)),
            _ => 1,
        }
    }

    /// The last value looked at: far beyond every sensible one.
    pub(super) fn last(&self) -> u64 {
        let servers = (4.0 * self.station.offered_load() + 1e5).min(f64::from(u32::MAX)) as u64;
        match self.free {
            Free::Places => MOST_PLACES,
            Free::Servers => self.station.places.map_or(servers, |k| servers.min(k)),
            _ => servers,
        }
    }

    /// Why the question makes no sense, if it does not.
    pub(super) fn mistake(&self) -> Option<Unanswered> {
        let mean = self.station.service.mean();
        let law = self.station.service.law().cloned().map(TimeLaw::Service);
        for target in self.targets.iter().filter(|t| t.is_upper() && t.quantity.metric == Metric::Sojourn) {
            let demand = target.without_level();
            let least = match demand.quantity.statistic {
                Statistic::Mean => Some(mean),
                Statistic::Quantile(p) => law.as_ref().and_then(|law| law.quantile(p)),
                _ => None,
            };
            // Messages that are dropped or interrupted may stay for less than a service.
            let whole = self.station.features.patience.is_none() && self.station.features.retry.is_none();
            if let Some(least) = least.filter(|least| whole && !demand.holds(*least)) {
                return Some(Unanswered::Impossible { target: Box::new(target.clone()), least });
            }
        }
        Demand::contradiction(&self.targets).map(Unanswered::Contradiction)
    }
}

/// Most places looked at.
const MOST_PLACES: u64 = 1_000_000_000_000_000;

/// The same kind of arrivals at another rate.
fn at_rate(arrivals: &Input, rate: f64) -> Input {
    match arrivals {
        Input::Moments { scv, .. } => Input::Moments { rate, scv: *scv },
        Input::Batches { size, .. } => Input::Batches { rate: rate / size.mean(), size: size.clone() },
        _ => Input::Poisson(rate),
    }
}
