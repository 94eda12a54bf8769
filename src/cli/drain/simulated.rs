//! `drain` with a model: disrupts it, simulates until it has recovered, and tries remedies.

use super::asked;
use crate::cli::args::Settings;
use crate::cli::args::drain::{DrainArgs, RateArgs};
use crate::cli::failure::Failure;
use crate::cli::load::{self, ModelSource};
use crate::cli::output::command_line;
use crate::cli::progress;
use crate::experiment::drain::rows::Recoveries;
use crate::experiment::drain::scenario::DrainScenario;
use crate::experiment::drain::subject::{Subject, subject};
use crate::experiment::drain::watch::Window;
use crate::experiment::drain::{Recovery, SimulatedCourse, course};
use crate::experiment::result::{Saved, StopReason};
use crate::experiment::study::watch;
use crate::experiment::{EngineChoice, Options, Progress, Study};
use crate::model::study::DrainQuestion;
use crate::model::{Change, Model, says};

/// Replications where nobody says how many.
const REPLICATIONS: (u32, u32) = (10, 40);
/// Messages that all replications together should not exceed by themselves.
const MESSAGES: f64 = 2e7;
/// How often a horizon that was too short is extended.
const EXTENSIONS: u32 = 3;
/// Sizes that are simulated to find the one that recovers in time.
const TRIALS: usize = 6;

/// What is asked, of which model.
struct DrainRun<'a> {
    source: ModelSource,
    question: DrainQuestion,
    changes: Vec<Change>,
    settings: &'a Settings,
}

/// One simulated variant of the model.
struct Simulated {
    model: Model,
    text: String,
    subject: Subject,
    study: Study,
    seen: SimulatedCourse,
    end: f64,
}

/// The answer of simulation, theory beside.
pub(super) fn answer(file: &str, args: &DrainArgs) -> Result<Saved, Failure> {
    let asked = DrainRun::read(file, args)?;
    let first = asked.simulate(&[], args.settings.quiet)?;
    let scenario = &first.subject.scenario;
    let queue = &first.model.queues[first.subject.queue].name;
    let within = asked.question.recover_within;
    let mut recovery = course::foreseen(scenario, &first.subject.disruption, queue, first.end, within);
    recovery.simulated = Some(first.seen.clone());
    let present = scenario.present();
    course::enter(&mut recovery.remedies, present, &first.seen, recovery.fluid.drain_time);
    if first.study.result.provenance.stop_reason != StopReason::Interrupted {
        asked.remedy(&first, &mut recovery)?;
    }
    let mut result = first.study.result;
    if result.provenance.stop_reason == StopReason::Budget {
        // A precision of the file is that of steady means; here the number of replications was chosen.
        result.provenance.stop_reason = StopReason::Replications;
    }
    result.passed = passed(&recovery);
    result.answer = Some(course::answer(&recovery, scenario));
    result.recovery = Some(recovery);
    Ok(Saved { result, curves: first.study.curves, model: first.text })
}

/// Whether all recovered, and in time where a time is set.
fn passed(recovery: &Recovery) -> Option<bool> {
    let seen = recovery.simulated.as_ref()?;
    match recovery.target {
        Some(within) => Some(course::in_time(seen, within)),
        None if seen.drain_time.is_none() => Some(false),
        None => None,
    }
}

impl<'a> DrainRun<'a> {
    fn read(file: &str, args: &'a DrainArgs) -> Result<DrainRun<'a>, Failure> {
        nothing_without_a_model(&args.rates)?;
        for (name, said) in [("messages", args.settings.messages.is_some()), ("warmup", args.settings.warmup.is_some())]
        {
            if said {
                return Err(Failure::Usage(format!(
                    "--{name}: drain looks at a transient: it runs from the start until --horizon"
                )));
            }
        }
        let source = load::source(file)?;
        let question = asked::question(args, source.study(true)?.drain)?;
        let changes = load::changes(&args.settings)?;
        Ok(DrainRun { source, question, changes, settings: &args.settings })
    }

    /// The model with its disruption and those changes, simulated until it has recovered if it can.
    fn simulate(&self, more: &[Change], quiet: bool) -> Result<Simulated, Failure> {
        let changes = [&self.changes[..], more].concat();
        let (plain, text) = self.source.model_with(&[&changes[..], &shown_whole()].concat(), quiet)?;
        let subject =
            subject(&plain, &self.question).map_err(|why| Failure::Usage(format!("{}: {why}", self.source.name)))?;
        let mut end = self.question.horizon.unwrap_or_else(|| horizon(&subject.scenario));
        let mut extensions = 0;
        loop {
            let run = run_changes(&plain, &text, &subject.scenario, end);
            let disrupted = [&changes[..], &subject.changes, &run].concat();
            let (model, text) = self.source.model_with(&disrupted, true)?;
            let grid = course::grid(&subject.scenario, end);
            let study = self.run(&model, &subject, &grid)?;
            let seen = seen(&model, &study, &grid, self.question.recover_within)?;
            let hopeful = self.question.horizon.is_none() && subject.scenario.drain_time().is_some();
            let interrupted = study.result.provenance.stop_reason == StopReason::Interrupted;
            if seen.drain_time.is_some() || !hopeful || interrupted || extensions == EXTENSIONS {
                return Ok(Simulated { model, text, subject, study, seen, end });
            }
            end = subject.scenario.until + 3.0 * (end - subject.scenario.until);
            extensions += 1;
        }
    }

    fn run(&self, model: &Model, subject: &Subject, grid: &[f64]) -> Result<Study, Failure> {
        let options = Options { jobs: self.settings.jobs, command: command_line(), engine: EngineChoice::General };
        let scenario = &subject.scenario;
        let queues = vec![subject.queue as u32];
        let window = Window { from: scenario.from, until: scenario.until, queues, grid: grid.into() };
        let bar = progress::bar("replications", self.settings.quiet);
        let show = |p: Progress| {
            bar.set_length(u64::from(p.planned));
            bar.set_position(bar.position().max(u64::from(p.done)));
        };
        let study = watch(model, window, &options, progress::interrupted(), &show);
        bar.finish_and_clear();
        Ok(study?)
    }

    /// Simulates sizes around the one that theory calls for, until the least that recovers in time is found;
    /// without a target a few sizes that show the trend.
    fn remedy(&self, first: &Simulated, recovery: &mut Recovery) -> Result<(), Failure> {
        let (Some(consumer), Some(_)) = (&first.subject.consumer, first.subject.scenario.servers) else {
            return Ok(());
        };
        let try_out = |servers: u32| -> Result<SimulatedCourse, Failure> {
            let change = Change::at(&format!("consumers.{consumer:?}.servers"), i64::from(servers));
            let change = change.map_err(Failure::Usage)?;
            Ok(self.simulate(&[change], true)?.seen)
        };
        match recovery.target {
            Some(within) => least(within, &first.subject.scenario, recovery, &try_out),
            None => trend(&first.subject.scenario, recovery, &try_out),
        }
    }
}

type TryOut<'t> = dyn Fn(u32) -> Result<SimulatedCourse, Failure> + 't;

fn least(within: f64, scenario: &DrainScenario, recovery: &mut Recovery, try_out: &TryOut<'_>) -> Result<(), Failure> {
    recovery.remedies.iter_mut().for_each(|remedy| remedy.answer = false);
    let Some(mut servers) = scenario.servers_for(within) else { return Ok(()) };
    let (mut fails, mut holds) = (0, None);
    for _ in 0..TRIALS {
        let seen = match recovery.simulated.as_ref().filter(|_| f64::from(servers) == recovery.present) {
            Some(seen) => seen.clone(),
            None => try_out(servers)?,
        };
        course::enter(&mut recovery.remedies, f64::from(servers), &seen, scenario.with_servers(servers).drain_time());
        if course::in_time(&seen, within) {
            holds = Some(servers);
            servers -= 1;
        } else {
            fails = servers;
            servers += 1;
        }
        if servers == 0 || holds == Some(servers) || fails == servers {
            break;
        }
    }
    let best = holds.map(f64::from);
    recovery.remedies.iter_mut().for_each(|remedy| remedy.answer = Some(remedy.amount) == best);
    Ok(())
}

fn trend(scenario: &DrainScenario, recovery: &mut Recovery, try_out: &TryOut<'_>) -> Result<(), Failure> {
    let messages = scenario.arrivals.iter().map(|piece| piece.1).fold(0.0, f64::max) * recovery.end;
    if messages * f64::from(recovery.simulated.as_ref().map_or(0, |s| s.replications)) > MESSAGES / 4.0 {
        return Ok(());
    }
    let steady = |remedy: &&crate::experiment::drain::Remedy| remedy.fluid.is_some() && !remedy.present;
    let sizes: Vec<f64> = recovery.remedies.iter().filter(steady).map(|remedy| remedy.amount).collect();
    for amount in sizes.iter().skip(1).step_by(2).take(4) {
        let servers = *amount as u32;
        let seen = try_out(servers)?;
        course::enter(&mut recovery.remedies, *amount, &seen, scenario.with_servers(servers).drain_time());
    }
    Ok(())
}

fn seen(model: &Model, study: &Study, grid: &[f64], within: Option<f64>) -> Result<SimulatedCourse, Failure> {
    let all = Recoveries::of(&study.watched, 0, model.run.level);
    let all = all.ok_or_else(|| Failure::Runtime("no replication was watched".to_string()))?;
    Ok(course::simulated(&all, grid, within))
}

/// Where nobody says: half as long again as the fluid takes.
fn horizon(scenario: &DrainScenario) -> f64 {
    let lasts = scenario.until - scenario.from;
    let drain = scenario.drain_time().map_or(3.0 * lasts, |time| 1.5 * time);
    scenario.until + drain + 0.25 * lasts
}

/// A transient is shown from its start.
fn shown_whole() -> Vec<Change> {
    run_change("warmup", "none".into()).into_iter().collect()
}

fn run_change(key: &str, value: toml_edit::Value) -> Option<Change> {
    Change::at(&format!("run.{key}"), value).ok()
}

fn run_changes(model: &Model, text: &str, scenario: &DrainScenario, end: f64) -> Vec<Change> {
    let n = replications(model, text, scenario, end);
    let changes = [
        run_change("horizon", end.into()),
        run_change("warmup", "none".into()),
        run_change("replications", i64::from(n).into()),
        run_change("max_replications", i64::from(n).into()),
    ];
    changes.into_iter().flatten().collect()
}

/// What the file or an option says, where they say anything; else what the length of a replication
/// allows, and one of a model without randomness.
fn replications(model: &Model, text: &str, scenario: &DrainScenario, end: f64) -> u32 {
    if says(text, "run.replications") || model.run.replications == 1 {
        return model.run.replications;
    }
    let rate = scenario.arrivals.iter().map(|piece| piece.1).fold(0.0, f64::max);
    ((MESSAGES / (rate * end).max(1.0)) as u32).clamp(REPLICATIONS.0, REPLICATIONS.1)
}

/// Options that describe a station, which the model does already.
fn nothing_without_a_model(rates: &RateArgs) -> Result<(), Failure> {
    let said = [
        ("arrival-rate", &rates.arrival_rate),
        ("capacity", &rates.capacity),
        ("servers", &rates.servers),
        ("mean-service", &rates.mean_service),
        ("start-backlog", &rates.start_backlog),
        ("max-length", &rates.max_length),
        ("retention", &rates.retention),
        ("message-ttl", &rates.message_ttl),
    ];
    match said.iter().find(|(_, said)| said.is_some()) {
        Some((name, _)) => Err(Failure::Usage(format!(
            "--{name} is for a station without a model; change the model with --set, as --set consumers.NAME.servers=4"
        ))),
        None => Ok(()),
    }
}
