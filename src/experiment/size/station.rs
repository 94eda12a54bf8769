//! Sizing a station in Kendall's notation: theory alone, at every candidate that the search looks at.

use super::expect::of_steady;
use super::{Candidate, SizeCheck, SizeParameter, SizeVerdict, Sizing};
use crate::analytic::plan::{NoPlan, RefusedMethod, SolvedStation, StationPlan, plan, plan_by};
use crate::analytic::problem::{Input, Station};
use crate::analytic::staffing::{halfin_whitt_beta, largest, smallest, square_root_servers};
use crate::analytic::{MethodId, TimeLaw, rows_of};
use crate::experiment::point::{Point, Setting, Status};
use crate::experiment::result::ResultSet;
use crate::model::Servers;
use crate::row::{Basis, Demand, Metric, NoValue, Row, Scope, SearchGoal, Source, Statistic};

/// What is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// The servers: the smallest number is wanted.
    Servers,
    /// The places: the smallest number is wanted.
    Places,
    /// As many places as servers (`M/M/c/c`): the smallest number is wanted.
    Both,
    /// The arrival rate: the largest is wanted.
    Rate,
}

/// A station with something left open, and what it must achieve.
#[derive(Debug, Clone)]
pub struct StationQuestion {
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

/// Why a station could not be sized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// The question makes no sense: why.
    Wrong(String),
    /// No value meets the targets: why.
    No(String),
}

/// A number, what it is worth, and by which method.
type TheoryValue = Option<(f64, Source, MethodId)>;

/// A candidate as theory sees it.
struct Tried {
    plan: Result<StationPlan, NoPlan>,
    values: Vec<TheoryValue>,
    meets: bool,
}

impl StationQuestion {
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

    fn at(&self, x: f64) -> Tried {
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

    fn symbol(&self) -> &'static str {
        match self.free {
            Free::Servers | Free::Both => "c",
            Free::Places => "K",
            Free::Rate => "lambda",
        }
    }

    /// What is free, by name.
    fn noun(&self) -> &'static str {
        match self.free {
            Free::Servers | Free::Both => "servers",
            Free::Places => "places",
            Free::Rate => "arrival rate",
        }
    }

    fn point(&self, x: f64) -> String {
        format!("{}={x}", self.symbol())
    }

    /// The first value looked at: below it nothing is stable, or nothing is a station.
    fn first(&self) -> u64 {
        let station = &self.station;
        let bounded = station.places.is_some() || station.population.is_some() || station.features.patience.is_some();
        match self.free {
            Free::Servers if !bounded && station.features.orbit.is_none() => (station.offered_load() as u64).max(1),
            Free::Places => u64::from(station.c().unwrap_or(1)),
            _ => 1,
        }
    }

    /// The last value looked at: far beyond every sensible one.
    fn last(&self) -> u64 {
        let servers = (4.0 * self.station.offered_load() + 1e5).min(f64::from(u32::MAX)) as u64;
        match self.free {
            Free::Places => MOST_PLACES,
            Free::Servers => self.station.places.map_or(servers, |k| servers.min(k)),
            _ => servers,
        }
    }

    /// Why the question makes no sense, if it does not.
    fn mistake(&self) -> Option<String> {
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
            if let Some(least) = least.filter(|least| whole && *least > demand.bound) {
                let least = crate::units::format_duration(least);
                return Some(format!("{target} is impossible: the service alone takes {least} by that measure"));
            }
        }
        Demand::contradiction(&self.targets)
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

/// Finds the smallest number (or the largest rate) that meets the targets.
///
/// # Errors
///
/// Where the question makes no sense, or nothing meets the targets.
pub fn size(question: &StationQuestion) -> Result<ResultSet, Unanswered> {
    if let Some(why) = question.mistake() {
        return Err(Unanswered::Wrong(why));
    }
    let meets = |x: f64| question.at(x).meets.then_some(0.0);
    let found = match question.free {
        Free::Rate => largest(start_rate(question), 0.0, meets),
        _ => smallest(question.first(), question.last(), 0.0, |n| meets(n as f64)).map(|n| n as f64),
    };
    match found {
        Some(x) => Ok(report(question, x)),
        None => Err(nothing(question)),
    }
}

/// Half of what the servers can do.
fn start_rate(question: &StationQuestion) -> f64 {
    0.5 * f64::from(question.station.c().unwrap_or(1)) / question.station.service.mean()
}

/// Why nothing was found.
fn nothing(question: &StationQuestion) -> Unanswered {
    let x = match question.free {
        Free::Rate => start_rate(question) * 1e-6,
        _ => question.last().min(question.first().saturating_mul(1 << 20)) as f64,
    };
    let tried = question.at(x);
    let texts: Vec<String> = question.targets.iter().map(Demand::to_string).collect();
    let unknown = question.targets.iter().zip(&tried.values).find(|(_, value)| value.is_none());
    match (&tried.plan, unknown) {
        (Err(NoPlan::Unstable(_, why)), _) => Unanswered::No(format!("nothing meets {}: {why}", texts.join(" and "))),
        (Err(other), _) => Unanswered::Wrong(format!(
            "no method here solves {}:\n  {}",
            question.name,
            first_reasons(other).join("\n  ")
        )),
        (Ok(plan), Some((target, _))) => Unanswered::Wrong(format!(
            "no method here gives {} of {} ({}); write it as a model file, and simulation decides",
            target.quantity, question.name, plan
        )),
        (Ok(_), None) => {
            let said = |(target, value): (&Demand, &TheoryValue)| {
                let value = value.map(|v| crate::units::format_quantity(v.0, target.quantity.unit()));
                format!("{} is {}", target.quantity, value.unwrap_or_default())
            };
            let at: Vec<String> = question.targets.iter().zip(&tried.values).map(said).collect();
            let (noun, texts) = (question.noun(), texts.join(" and "));
            let reached = format!("with {} {noun} {}", x, at.join(", "));
            Unanswered::No(
                format!("no number of {noun} meets {texts}: {reached}").replace("number of arrival", "arrival"),
            )
        }
    }
}

fn report(question: &StationQuestion, x: f64) -> ResultSet {
    let mut candidates: Vec<f64> = curve(question, x);
    candidates.retain(|y| *y > 0.0);
    candidates.sort_by(f64::total_cmp);
    candidates.dedup();
    let tried: Vec<Tried> = candidates.iter().map(|y| question.at(*y)).collect();
    let place = |wanted: f64| candidates.iter().position(|y| *y == wanted);
    let neighbour = if question.free == Free::Rate { None } else { place(x - 1.0) };
    let mut set = ResultSet::default();
    let best = place(x).expect("the answer is one of the candidates");
    set.rows = vec![headline_row(question, x, &tried[best])];
    set.rows.extend(square_root(question));
    for index in [Some(best), neighbour].into_iter().flatten() {
        let point = question.point(candidates[index]);
        let rows = rows_at(question, &tried[index]).into_iter();
        set.rows.extend(rows.map(|row| Row { point: Some(point.clone()), ..row }));
    }
    let sizing = Sizing {
        targets: question.targets.clone(),
        parameters: vec![SizeParameter {
            path: question.symbol().to_string(),
            name: question.noun().to_string(),
            suffix: if question.free == Free::Rate { "/s".to_string() } else { String::new() },
        }],
        scenarios: vec!["as it is".to_string()],
        level: 1.0,
        largest: question.free == Free::Rate,
        candidates: candidates.iter().zip(&tried).map(|(y, tried)| candidate(question, *y, tried)).collect(),
        answer: Some(best),
        failing: neighbour.into_iter().collect(),
        certain: true,
        ..Sizing::default()
    };
    set.points = sizing.candidates.iter().enumerate().map(|(i, c)| Point::of_candidate(c, i, &tried[i].plan)).collect();
    set.notes = notes(&tried[best]);
    set.passed = Some(true);
    set.sizing = Some(sizing);
    set
}

/// Values around the answer, for the curve: from the first that is stable to as far beyond the answer.
fn curve(question: &StationQuestion, x: f64) -> Vec<f64> {
    let (low, near) = match question.free {
        Free::Rate => (0.5 * x, vec![x]),
        _ => ((question.first() as f64).min(x), vec![x - 1.0, x, x + 1.0, x + 2.0]),
    };
    let step = match question.free {
        Free::Rate => 0.05 * x,
        _ => ((x - low) / 8.0).ceil().max(1.0),
    };
    let spread = (0..=8).map(|i| x - step * f64::from(i)).chain((1..=6).map(|i| x + step * f64::from(i)));
    let first = question.first() as f64;
    let inside = |y: &f64| question.free == Free::Rate || *y >= first.min(x - 1.0);
    spread.chain(near).filter(inside).collect()
}

fn headline_row(question: &StationQuestion, x: f64, tried: &Tried) -> Row {
    let method = tried.plan.as_ref().map_or(String::new(), |plan| plan.best().method.id.to_string());
    let goal = if question.free == Free::Rate { SearchGoal::Largest } else { SearchGoal::Smallest };
    let method = Basis::Bisection { goal, over: method };
    let (metric, statistic) = match question.free {
        Free::Servers | Free::Both => (Metric::Servers, Statistic::Count),
        Free::Places => (Metric::Detail("places".to_string()), Statistic::Count),
        Free::Rate => (Metric::ArrivalRate, Statistic::Mean),
    };
    let mut row = Row::exact(Scope::Station, &question.name, metric, statistic, x, method);
    row.source = worst(tried);
    row
}

/// What the numbers behind an answer are worth.
fn worst(tried: &Tried) -> Source {
    let exact = tried.values.iter().flatten().all(|v| v.1 == Source::Exact);
    let bound = tried.values.iter().flatten().any(|v| v.1 == Source::Bound);
    if exact {
        Source::Exact
    } else if bound {
        Source::Bound
    } else {
        Source::Approximation
    }
}

/// Every row of the method that answers, and the probabilities that targets ask for.
fn rows_at(question: &StationQuestion, tried: &Tried) -> Vec<Row> {
    let Ok(plan) = &tried.plan else { return Vec::new() };
    let used: Vec<MethodId> = tried.values.iter().flatten().map(|v| v.2).collect();
    let is_used = |solved: &&SolvedStation| used.contains(&solved.method.id);
    let first = plan.best();
    let solved = plan.answers.iter().find(is_used).unwrap_or(first);
    let mut rows = rows_of(&question.name, solved, &question.quantiles);
    for (target, value) in question.targets.iter().zip(&tried.values) {
        let (Statistic::Above(level), Some((value, source, method))) = (target.quantity.statistic, value) else {
            continue;
        };
        let metric = Metric::Detail(format!("prob_{}_above", target.quantity.metric));
        let method = format!("P({} > {level} s), `{method}`", target.quantity.metric);
        let row = Row::exact(Scope::Station, &question.name, metric, Statistic::Fraction, *value, &method);
        rows.push(Row { source: *source, ..row });
    }
    rows
}

/// What the square-root rule says, where it speaks of the same: P(wait > 0) in M/M/c.
fn square_root(question: &StationQuestion) -> Vec<Row> {
    let [target] = &question.targets[..] else { return Vec::new() };
    let share = match (&target.quantity.metric, target.quantity.statistic) {
        (Metric::Wait, Statistic::Above(0.0)) | (Metric::ProbWait, _) => target.bound,
        _ => return Vec::new(),
    };
    let station = &question.station;
    let erlang = station.poisson().is_ok() && station.exponential().is_ok() && station.present().is_empty();
    let load = station.offered_load();
    let (true, Some(beta), Some(c)) = (
        erlang && question.free == Free::Servers && target.is_upper(),
        halfin_whitt_beta(share),
        square_root_servers(load, share),
    ) else {
        return Vec::new();
    };
    let row = |name: &str, statistic, value| Row {
        source: Source::Approximation,
        ..Row::exact(
            Scope::Station,
            &question.name,
            Metric::Detail(name.to_string()),
            statistic,
            value,
            "square-root rule (Halfin and Whitt 1981)",
        )
    };
    vec![row("square_root_servers", Statistic::Count, c as f64), row("square_root_beta", Statistic::Mean, beta)]
}

/// The reasons that say most.
fn first_reasons(none: &NoPlan) -> Vec<String> {
    match none {
        NoPlan::Invalid(reasons) => reasons.clone(),
        NoPlan::Unstable(_, why) => vec![why.to_string()],
        NoPlan::Unknown(refused) => refused.iter().take(6).map(RefusedMethod::to_string).collect(),
    }
}

fn candidate(question: &StationQuestion, x: f64, tried: &Tried) -> Candidate {
    let check = |(index, (target, value)): (usize, (&Demand, &TheoryValue))| {
        let holds = value.is_some_and(|v| target.holds(v.0));
        let none = tried.plan.as_ref().err().map_or("not given by the method".to_string(), NoPlan::to_string);
        SizeCheck {
            scenario: 0,
            target: index,
            value: value.map(|v| v.0).filter(|v| v.is_finite()),
            low: None,
            high: None,
            theory: value.map(|v| v.0).filter(|v| v.is_finite()),
            source: value.map_or(Source::Exact, |v| v.1),
            method: value.map_or(String::new(), |v| v.2.to_string()).as_str().into(),
            refusal: value.is_none().then_some(NoValue::NoMethod(none)),
            verdict: if holds { SizeVerdict::Met } else { SizeVerdict::Missed },
            by_theory: false,
        }
    };
    let number = if x.fract() == 0.0 && question.free != Free::Rate { (x as u64).into() } else { x.into() };
    Candidate {
        point: question.point(x),
        settings: vec![Setting { path: question.symbol().to_string(), value: number }],
        at: vec![x],
        cost: None,
        checks: question.targets.iter().zip(&tried.values).enumerate().map(check).collect(),
        verdict: if tried.meets { SizeVerdict::Met } else { SizeVerdict::Missed },
        replications: 0,
        unstable: matches!(tried.plan, Err(NoPlan::Unstable(..))),
        message: tried.plan.as_ref().err().map(NoPlan::to_string),
    }
}

fn notes(best: &Tried) -> Vec<String> {
    let Ok(plan) = &best.plan else { return Vec::new() };
    let mut notes = vec![plan.to_string()];
    if worst(best) != Source::Exact {
        notes.push(
            "the answer is as good as its approximation: a model file and simulation would decide it".to_string(),
        );
    }
    if best.values.iter().flatten().any(|v| v.1 == Source::Bound) {
        notes
            .push("a bound is no estimate: the answer is on the safe side only where it is an upper bound".to_string());
    }
    notes
}

impl Point {
    fn of_candidate(candidate: &Candidate, index: usize, plan: &Result<StationPlan, NoPlan>) -> Point {
        let status = match plan {
            Ok(_) => Status::Ok,
            Err(NoPlan::Unstable(..)) => Status::Unstable,
            Err(_) => Status::Failed,
        };
        Point {
            id: candidate.point.clone(),
            index: index as u32,
            block: "size".to_string(),
            settings: candidate.settings.clone(),
            status,
            message: candidate.message.clone(),
        }
    }
}
