//! What theory chose and what it refuses, in sentences.

use crate::analytic::plan::{NoPlan, RefusedMethod, SolvedStation, StationPlan};
use crate::analytic::problem::{Discipline, StationFeature};
use crate::analytic::refusal::{
    ArrivalsAre, ArrivalsWanted, Counted, Instability, Refusal, ServiceIs, ServiceWanted, UnstableClass,
};
use crate::analytic::steady::Unstable;
use crate::model::capacity::servers_for;
use crate::row::backticked;
use std::fmt::{Display, Formatter, Result};

impl Display for StationPlan {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let SolvedStation { method, steady } = self.best();
        if self.is_exact() {
            return write!(f, "{} is solved exactly by `{}`: {}", steady.kendall, method.id, steady.method);
        }
        let telling = joined(&self.refused[..self.telling], "; ");
        let why = if telling.is_empty() { telling } else { format!(" ({telling})") };
        let names = backticked(self.answers.iter().map(|answer| answer.method.id));
        write!(f, "{} has no exact method here{why}; approximations and bounds: {names}", steady.kendall)
    }
}

impl Display for NoPlan {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            NoPlan::Invalid(reasons) => f.write_str(&reasons.join("; ")),
            NoPlan::Unstable(_, why) => why.fmt(f),
            NoPlan::Unknown(refused) => f.write_str(&joined(refused, "; ")),
        }
    }
}

impl Display for RefusedMethod {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "`{}`: {}", self.method, self.why)
    }
}

fn joined<T: Display>(items: &[T], between: &str) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(between)
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Refusal::Features(features) => write!(f, "the station has {}", joined(features, ", ")),
            Refusal::Missing(feature) => f.write_str(missing(*feature)),
            Refusal::Discipline { is, wanted } => write!(f, "the discipline is {}, not {}", order(*is), order(*wanted)),
            Refusal::UnlimitedServers => f.write_str("the number of servers is not limited"),
            Refusal::NotOneServer(c) => write!(f, "there are {c} servers, not one"),
            Refusal::Arrivals { are, wanted } => write!(f, "{are}, {wanted}"),
            Refusal::Service { is, wanted } => write!(f, "{is}, {wanted}"),
            Refusal::TooLarge { what, is, most } => {
                write!(f, "{is} {what} are more than the {most} that this is solved for")
            }
            Refusal::Better(method) => write!(f, "`{method}` solves it better"),
            Refusal::Assumption(why) | Refusal::Numerics(why) | Refusal::Invalid(why) => f.write_str(why),
            Refusal::Unstable(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

impl Display for StationFeature {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            StationFeature::Classes => "classes",
            StationFeature::Patience => "patience",
            StationFeature::DropHead => "drop-head",
            StationFeature::BulkService => "bulk service",
            StationFeature::Vacations => "vacations",
            StationFeature::SetUpTimes => "set-up times",
            StationFeature::StartThreshold => "a start threshold",
            StationFeature::Breakdowns => "breakdowns",
            StationFeature::Retries => "retries",
            StationFeature::Orbit => "an orbit",
            StationFeature::FinitePopulation => "a finite population",
            StationFeature::LimitedPlaces => "a limit on places",
        })
    }
}

/// What a station without the feature is like.
fn missing(feature: StationFeature) -> &'static str {
    match feature {
        StationFeature::Classes => "there are no classes",
        StationFeature::Patience => "messages have endless patience",
        StationFeature::DropHead => "a full station refuses new messages, and does not drop old ones",
        StationFeature::BulkService => "servers take one message at a time",
        StationFeature::Vacations => "the station has no vacations",
        StationFeature::SetUpTimes => "the station has neither set-up times nor a start threshold",
        StationFeature::StartThreshold => "the station has no start threshold",
        StationFeature::Breakdowns => "the station has no breakdowns",
        StationFeature::Retries => "messages do not come back",
        StationFeature::Orbit => "there is no orbit",
        StationFeature::FinitePopulation => "the population is not finite",
        StationFeature::LimitedPlaces => "the number of places is not limited",
    }
}

fn order(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::Fcfs => "first come, first served",
        Discipline::Lcfs => "last come, first served",
        Discipline::LcfsPreemptive => "last come, first served, interrupting",
        Discipline::Random => "random order",
        Discipline::ProcessorSharing => "processor sharing",
        Discipline::Srpt => "shortest remaining processing time",
        Discipline::Sjf => "shortest job first",
        Discipline::Psjf => "shortest job first, interrupting",
        Discipline::Fb => "least served first",
        Discipline::Priority => "priority",
        Discipline::PriorityPreemptive => "priority, interrupting",
    }
}

impl Display for ArrivalsAre {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ArrivalsAre::Poisson => f.write_str("arrivals are Poisson"),
            ArrivalsAre::Renewal { law, scv } => write!(f, "arrivals are renewal ({law}) with scv {scv}"),
            ArrivalsAre::Moments { scv } => write!(f, "of the arrivals only rate and scv {scv} are known"),
            ArrivalsAre::Markovian { phases } => write!(f, "arrivals are a Markovian process of {phases} phases"),
            ArrivalsAre::Batches { mean } => write!(f, "arrivals come in batches of mean size {mean}"),
        }
    }
}

impl Display for ArrivalsWanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            ArrivalsWanted::Poisson => "not Poisson",
            ArrivalsWanted::Independent => "and times between them must be independent",
            ArrivalsWanted::Law => "and the law of independent times between them is wanted",
            ArrivalsWanted::PhaseType => "which is not of phase type",
            ArrivalsWanted::Batches => "not in batches",
        })
    }
}

impl Display for ServiceIs {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ServiceIs::Law { name, scv } => write!(f, "service is {name} with scv {scv}"),
            ServiceIs::Moments { scv } => write!(f, "of the service only mean and scv {scv} are known"),
        }
    }
}

impl Display for ServiceWanted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            ServiceWanted::Exponential => "not exponential",
            ServiceWanted::Constant => "not constant",
            ServiceWanted::Law => "not its law",
            ServiceWanted::PhaseType => "which is not of phase type",
        })
    }
}

impl Display for Counted {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Counted::Servers => "servers",
            Counted::Places => "places",
            Counted::WaitingPlaces => "places for waiting",
            Counted::ServedTogether => "messages served together",
            Counted::Attempts => "attempts",
            Counted::Sources => "sources",
        })
    }
}

impl Display for Unstable {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Unstable { offered_load, servers } = self;
        write!(
            f,
            "offered load {offered_load:.6} erlangs on {}: utilization {:.6} is not below 1, so no steady state exists",
            count_of(*servers),
            offered_load / f64::from(*servers),
        )
    }
}

impl std::error::Error for Unstable {}

fn count_of(servers: u32) -> String {
    if servers == 1 { "1 server".to_string() } else { format!("{servers} servers") }
}

/// Why the servers cannot keep up, and what would let them.
fn with_remedy(unstable: &Unstable) -> String {
    let least = servers_for(unstable.offered_load);
    let factor = unstable.offered_load / f64::from(unstable.servers);
    format!(
        "{unstable}; stable with at least {least:.0} servers, or with the arrival rate or the mean service time \
         divided by more than {factor:.6}"
    )
}

impl Display for Instability {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Instability::Servers(unstable) => f.write_str(&with_remedy(unstable)),
            Instability::Attempts { load, mean, rate } => write!(
                f,
                "{}; messages are attempted {mean:.6} times each, {rate:.6} attempts/s in all, so fewer failures or a \
                 lower limit of attempts help too",
                with_remedy(load),
            ),
            Instability::EndlessAttempts => f.write_str(
                "every attempt fails and attempts have no limit, so no message ever leaves; stable with a limit of \
                 attempts or a probability of failure below 1",
            ),
            Instability::Bulk { arrival_rate, service, most } => write!(
                f,
                "{arrival_rate} messages/s arrive and at most {most} each {service} s, {:.6} messages/s, are served; \
                 stable with batches of more than {:.6} messages or a mean service time below {:.6} s",
                f64::from(*most) / service,
                arrival_rate * service,
                f64::from(*most) / arrival_rate,
            ),
            Instability::Interruptions { load } => write!(
                f,
                "with failures and repairs a message occupies the server so long that the load is {load:.6}, not below \
                 1; stable if the arrival rate were divided by more than {load:.6}"
            ),
            Instability::EndlessRepetition { failure_rate } => write!(
                f,
                "a service that starts again with the same time has an infinite mean completion time at {failure_rate} \
                 failures/s, as its tail falls too slowly; stable at no arrival rate: bound the service time or resume \
                 the work"
            ),
            Instability::Orbit { utilization, limit, arrival_rate } => write!(
                f,
                "utilization {utilization:.6} is not below {limit:.6}, so the orbit grows without end; stable with a \
                 mean service time below {:.6} s",
                limit / arrival_rate
            ),
            Instability::Class(class) => class.fmt(f),
            Instability::Special(why) => f.write_str(why),
        }
    }
}

impl Display for UnstableClass {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let UnstableClass { class, load, servers, stable_below, servers_for_all, stable } = self;
        write!(
            f,
            "class `{class}` has no steady state: with those above it, it brings {load:.6} erlangs to {}; it has one \
             with its arrival rate below {stable_below:.6}/s, and all classes have one with at least \
             {servers_for_all:.0} servers",
            count_of(*servers),
        )?;
        stable.iter().try_for_each(|(name, wait, sojourn)| {
            write!(f, "; `{name}` is stable all the same: mean wait {wait:.9} s, mean sojourn {sojourn:.9} s")
        })
    }
}
