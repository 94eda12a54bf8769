//! From what was looked at to a result: candidates, rows, the front. Decides nothing.

use super::expect::Expected;
use super::question::ModelQuestion;
use super::trial::{Decision, Trial};
use super::{Candidate, SizeCheck, SizeParameter, Sizing};
use crate::experiment::judgement::Standing;
use crate::experiment::note::Note;
use crate::experiment::point::{Point, Remark, Setting, Status};
use crate::experiment::result::{EngineUsed, Provenance, ResultSet, StopReason, WarmupReport};
use crate::model::Model;
use crate::model::study::size::SizeAxis;
use crate::row::{Basis, Demand, Metric, Row, Scope, SearchGoal, Source, Statistic};
use std::collections::BTreeMap;

/// A candidate that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Examined {
    /// Whether all targets hold in all scenarios looked at.
    pub verdict: Standing,
    point: String,
    checks: Vec<SizeCheck>,
    rows: Vec<Row>,
    trials: Vec<Trial>,
    status: Status,
    unstable: bool,
    /// In which scenario, and how many servers it leaves.
    unstable_under: Option<(usize, Option<u32>)>,
    message: Option<String>,
}

impl Examined {
    pub(super) fn new(model: &Model) -> Examined {
        Examined {
            verdict: Standing::Met,
            point: model.hash.chars().take(12).collect(),
            checks: Vec::new(),
            rows: Vec::new(),
            trials: Vec::new(),
            status: Status::Ok,
            unstable: false,
            unstable_under: None,
            message: None,
        }
    }

    /// A candidate that is no model, or has no steady state: why.
    pub(super) fn none(question: &ModelQuestion, place: &[u64], status: Status, why: String) -> Examined {
        let values: Vec<String> = question.values(place).iter().map(f64::to_string).collect();
        let message = if status == Status::Unstable { Remark::NoSteadyState(why).to_string() } else { why };
        Examined {
            verdict: Standing::Missed,
            point: format!("not-run-{}", values.join("-")),
            checks: Vec::new(),
            rows: Vec::new(),
            trials: Vec::new(),
            status,
            unstable: status == Status::Unstable,
            unstable_under: (status == Status::Unstable).then_some((0, None)),
            message: Some(message),
        }
    }

    /// A scenario in which nothing can work.
    pub(super) fn impossible(&mut self, _scenario: usize, why: String) {
        (self.verdict, self.message) = (Standing::Missed, Some(why));
    }

    /// A scenario without steady state, and the servers that it leaves.
    pub(super) fn unstable(&mut self, scenario: usize, left: Option<u32>, why: String) {
        if scenario == 0 {
            self.status = Status::Unstable;
        }
        self.unstable = true;
        self.unstable_under = Some((scenario, left));
        (self.verdict, self.message) = (Standing::Missed, Some(Remark::NoSteadyState(why).to_string()));
    }

    /// A scenario that was simulated.
    pub(super) fn tried(&mut self, scenario: usize, known: &[Option<Expected>], trial: Trial) {
        let check = |(target, (found, known)): (usize, (&Decision, &Option<Expected>))| SizeCheck {
            scenario,
            target,
            value: found.row.value,
            low: found.row.low,
            high: found.row.high,
            theory: known.as_ref().map(|k| k.value).filter(|x| x.is_finite()),
            source: Source::Simulation,
            method: found.row.method.clone(),
            refusal: found.row.refusal.clone(),
            verdict: found.verdict,
            by_theory: found.by_theory,
        };
        let checks: Vec<SizeCheck> = trial.decisions.iter().zip(known).enumerate().map(check).collect();
        self.verdict = Standing::worst(checks.iter().map(|c| c.verdict).chain([self.verdict]));
        self.checks.extend(checks);
        if scenario == 0 {
            self.rows.clone_from(&trial.rows);
        }
        self.trials.push(Trial { rows: Vec::new(), ..trial });
    }
}

/// The result of a search.
pub(super) fn result(
    question: &ModelQuestion,
    examined: BTreeMap<Vec<u64>, Examined>,
    place: Option<Vec<u64>>,
    failing: &[Vec<u64>],
    interrupted: bool,
) -> ResultSet {
    let mut entries: Vec<(Vec<u64>, Examined)> = examined.into_iter().collect();
    entries.sort_by(|a, b| {
        let (a, b) = (question.values(&a.0), question.values(&b.0));
        a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
    });
    let index = |wanted: &[u64]| entries.iter().position(|(place, _)| place == wanted);
    let answer_index = place.as_deref().and_then(index);
    let failing: Vec<usize> = failing.iter().filter_map(|place| index(place)).collect();
    let candidates: Vec<Candidate> =
        entries.iter().map(|(place, examined)| candidate(question, place, examined)).collect();
    let decided = |i: &usize| candidates[*i].verdict == Standing::Missed;
    // Nothing found is certain where every candidate surely fails.
    let certain = match answer_index {
        Some(_) => failing.iter().all(decided),
        None => candidates.iter().all(|c| c.verdict == Standing::Missed),
    } && !interrupted;
    let mut sizing = Sizing {
        targets: question.targets.clone(),
        parameters: question.axes.iter().map(|axis| parameter(axis, question.axes.len())).collect(),
        scenarios: question.scenarios.iter().map(ToString::to_string).collect(),
        level: question.level,
        largest: question.largest,
        cost_unit: question.cost.as_ref().map(|cost| cost.unit.clone()),
        answer: answer_index,
        failing,
        front: Vec::new(),
        certain,
        candidates,
    };
    if question.front {
        sizing.front = front(&sizing, &question.targets[0]);
    }
    let mut rows = answer_rows(question, &sizing);
    for (i, (_, examined)) in entries.iter().enumerate() {
        rows.extend(rows_of(question, examined, answer_index == Some(i)));
    }
    let provenance = provenance(question, &entries, answer_index, certain, interrupted);
    ResultSet {
        points: entries.iter().zip(&sizing.candidates).enumerate().map(|(i, ((_, l), c))| point(i, l, c)).collect(),
        notes: notes(&sizing, &entries).iter().map(ToString::to_string).collect(),
        passed: Some(answer_index.is_some()),
        rows,
        sizing: Some(sizing),
        ..ResultSet::new(provenance)
    }
}

fn parameter(axis: &SizeAxis, several: usize) -> SizeParameter {
    let name = match axis.servers_of() {
        Some(_) if several == 1 => "servers".to_string(),
        Some(consumer) => consumer.to_string(),
        None => axis.path.clone(),
    };
    SizeParameter { path: axis.path.clone(), name, suffix: axis.suffix.clone() }
}

fn candidate(question: &ModelQuestion, place: &[u64], examined: &Examined) -> Candidate {
    let setting = |(axis, n): (&SizeAxis, &u64)| {
        let index = question.index(axis, *n);
        let value = match (axis.whole, axis.suffix.is_empty()) {
            (true, true) => (axis.at(index) as i64).into(),
            (false, true) => axis.at(index).into(),
            _ => axis.text(index).into(),
        };
        Setting { path: axis.path.clone(), value }
    };
    let at = question.values(place);
    Candidate {
        point: examined.point.clone(),
        settings: question.axes.iter().zip(place).map(setting).collect(),
        cost: question.cost.as_ref().map(|cost| cost.of(&at)),
        at,
        checks: examined.checks.clone(),
        verdict: examined.verdict,
        replications: examined.trials.iter().map(|t| t.replications).sum(),
        unstable: examined.unstable,
        unstable_under: examined.unstable_under.map(|under| under.0),
        servers_left: examined.unstable_under.and_then(|under| under.1),
        message: examined.message.clone(),
    }
}

fn point(index: usize, examined: &Examined, candidate: &Candidate) -> Point {
    Point {
        id: candidate.point.clone(),
        index: index as u32,
        block: "size".to_string(),
        settings: candidate.settings.clone(),
        status: examined.status,
        message: candidate.message.clone(),
    }
}

/// Candidates that no other beats in cost and in the first target, by cost.
fn front(sizing: &Sizing, target: &Demand) -> Vec<usize> {
    let better = |a: f64, b: f64| if target.is_upper() { a < b } else { a > b };
    let mut with: Vec<(usize, f64, f64)> = (sizing.candidates.iter().enumerate())
        .filter_map(|(i, c)| Some((i, c.cost?, sizing.check(c, 0)?.value?)))
        .collect();
    with.sort_by(|a, b| {
        a.1.total_cmp(&b.1).then(if better(a.2, b.2) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater })
    });
    let mut front: Vec<(usize, f64)> = Vec::new();
    for (i, _, value) in with {
        if front.last().is_none_or(|(_, best)| better(value, *best)) {
            front.push((i, value));
        }
    }
    front.into_iter().map(|(i, _)| i).collect()
}

/// The answer itself as rows: the values of the parameters, and the cost.
fn answer_rows(question: &ModelQuestion, sizing: &Sizing) -> Vec<Row> {
    let Some(best) = sizing.best() else { return Vec::new() };
    let goal = match (question.cost.is_some(), question.largest) {
        (true, _) => SearchGoal::Cheapest,
        (false, true) => SearchGoal::Largest,
        (false, false) => SearchGoal::Smallest,
    };
    let method = Basis::Search { goal, level: question.level };
    let row = |(axis, value): (&SizeAxis, &f64)| {
        let (scope, name, metric) = match axis.servers_of() {
            Some(consumer) => (Scope::Consumer, consumer.to_string(), Metric::Servers),
            None => (Scope::System, "system".to_string(), Metric::Detail(plain(&axis.path))),
        };
        let row = Row::exact(scope, &name, metric, Statistic::Count, *value, method.clone());
        Row { source: Source::Simulation, point: Some(best.point.clone()), ..row }
    };
    let mut rows: Vec<Row> = question.axes.iter().zip(&best.at).map(row).collect();
    rows.extend(best.cost.map(|cost| {
        let row = Row::exact(Scope::System, "system", Metric::Cost, Statistic::Mean, cost, "price of the parameters");
        Row { point: Some(best.point.clone()), ..row }
    }));
    rows
}

/// A path as the name of a detail.
fn plain(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

/// Every row of the answer; of the others what targets speak of, and utilizations.
fn rows_of(question: &ModelQuestion, examined: &Examined, best: bool) -> Vec<Row> {
    let spoken_of = |row: &&Row| {
        let same = |t: &Demand| t.without_level().quantity.is_of(row);
        let load = row.class.is_none() && row.metric == Metric::Utilization;
        best || load || question.targets.iter().any(same)
    };
    let rows = examined.rows.iter().filter(spoken_of).cloned();
    rows.map(|row| Row { point: Some(examined.point.clone()), ..row }).collect()
}

fn notes(sizing: &Sizing, entries: &[(Vec<u64>, Examined)]) -> Vec<Note> {
    let undecided = sizing.candidates.iter().filter(|c| c.verdict == Standing::Undecided).count();
    let unsettled = entries.iter().flat_map(|(_, examined)| &examined.trials).any(|trial| !trial.warmup.1);
    let undecided = (undecided > 0).then_some(Note::CandidatesUndecided(undecided));
    undecided.into_iter().chain(unsettled.then_some(Note::WarmupUnsettled { every: false })).collect()
}

fn provenance(
    question: &ModelQuestion,
    entries: &[(Vec<u64>, Examined)],
    answer: Option<usize>,
    certain: bool,
    interrupted: bool,
) -> Provenance {
    let trials = || entries.iter().flat_map(|(_, examined)| &examined.trials);
    let shown = answer.and_then(|i| entries[i].1.trials.first());
    let cut = shown.map_or(0.0, |t| t.warmup.0);
    Provenance {
        replications: trials().map(|t| t.replications).sum(),
        level: question.level,
        warmup: WarmupReport::of(question.base, std::iter::once(cut), trials().all(|t| t.warmup.1)),
        stop_reason: match (interrupted, certain) {
            (true, _) => StopReason::Interrupted,
            (false, true) => StopReason::Precision,
            (false, false) => StopReason::Budget,
        },
        command: question.command.clone(),
        engine: shown.or(trials().next()).map_or(EngineUsed::Theory, |t| t.engine),
        messages: trials().map(|t| t.messages).sum(),
        events: trials().map(|t| t.events).sum(),
        simulated_s: trials().map(|t| t.simulated_s).sum(),
        ..Provenance::of(question.base)
    }
}
