//! The result of a station's sizing: the candidates round the answer, their rows, what they are worth.

use super::free::Free;
use super::question::{StationQuestion, TheoryValue, Tried};
use crate::analytic::plan::{NoPlan, SolvedStation, StationPlan};
use crate::analytic::staffing::{halfin_whitt_beta, square_root_servers};
use crate::analytic::{MethodId, rows_of, rows_of_events};
use crate::experiment::judgement::Standing;
use crate::experiment::note::Note;
use crate::experiment::point::{Point, Setting, Status};
use crate::experiment::result::ResultSet;
use crate::experiment::size::scenario::Scenario;
use crate::experiment::size::{Candidate, SizeCheck, SizeParameter, Sizing};
use crate::row::{Basis, Demand, Metric, NoValue, Row, Scope, SearchGoal, Source, Statistic};

pub(super) fn report(question: &StationQuestion, x: f64) -> ResultSet {
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
            name: question.free.noun().to_string(),
            suffix: if question.free == Free::Rate { "/s".to_string() } else { String::new() },
        }],
        scenarios: vec![Scenario::AsItIs.to_string()],
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
    let asked = question.targets.iter().map(|target| (target.quantity.metric.clone(), target.quantity.statistic));
    let events: Vec<(Metric, Statistic)> = asked.filter(|(_, statistic)| statistic.is_probability()).collect();
    rows.extend(rows_of_events(&question.name, std::slice::from_ref(solved), &events));
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

fn candidate(question: &StationQuestion, x: f64, tried: &Tried) -> Candidate {
    let check = |(index, (target, value)): (usize, (&Demand, &TheoryValue))| {
        let holds = value.is_some_and(|v| target.holds(v.0));
        let none = || tried.plan.as_ref().err().map_or(NoValue::NotGiven, |why| NoValue::NoMethod(why.to_string()));
        SizeCheck {
            scenario: 0,
            target: index,
            value: value.map(|v| v.0).filter(|v| v.is_finite()),
            low: None,
            high: None,
            theory: value.map(|v| v.0).filter(|v| v.is_finite()),
            source: value.map_or(Source::Exact, |v| v.1),
            method: value.map_or(String::new(), |v| v.2.to_string()).as_str().into(),
            refusal: value.is_none().then(none),
            verdict: if holds { Standing::Met } else { Standing::Missed },
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
        verdict: if tried.meets { Standing::Met } else { Standing::Missed },
        replications: 0,
        unstable: matches!(tried.plan, Err(NoPlan::Unstable(..))),
        unstable_under: None,
        servers_left: None,
        message: tried.plan.as_ref().err().map(NoPlan::to_string),
    }
}

fn notes(best: &Tried) -> Vec<String> {
    let Ok(plan) = &best.plan else { return Vec::new() };
    let approximate = (worst(best) != Source::Exact).then_some(Note::AnswerApproximate);
    let bound = best.values.iter().flatten().any(|v| v.1 == Source::Bound).then_some(Note::AnswerBound);
    let worth = approximate.into_iter().chain(bound).map(|note| note.to_string());
    std::iter::once(plan.to_string()).chain(worth).collect()
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
