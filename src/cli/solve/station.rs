//! From what is typed beside Kendall's notation to the station it describes: every mistake at once.

use crate::analytic::Station;
use crate::analytic::kendall::{Notation, law_of_text};
use crate::analytic::problem::{AfterRepair, Breakdowns, Bulk, Discipline, Features, Orbit, Retrying, Vacation};
use crate::analytic::question::{Beside, arrivals_of, batch, class, service_of, station};
use crate::cli::args::solve::{Interrupted, OrbitPolicy, OrderArg, Return, StationArgs};
use crate::cli::failure::Failure;
use crate::cli::load;
use crate::model::{Model, as_toml};
use crate::units::{TextError, parse_duration, parse_rate};

/// Reads the notation and everything beside it.
pub(crate) fn read(text: &str, args: &StationArgs) -> Result<Station, Failure> {
    describe(text, Notation::parse(text), args)
}

/// Reads everything beside a notation that is read already.
pub(crate) fn read_notation(text: &str, notation: Notation, args: &StationArgs) -> Result<Station, Failure> {
    describe(text, Ok(notation), args)
}

fn describe(text: &str, notation: Result<Notation, TextError>, args: &StationArgs) -> Result<Station, Failure> {
    let mut reader = StationReader { mistakes: Vec::new() };
    let notation = reader.keep(notation);
    let beside = reader.beside(args)?;
    let described = notation.map(|notation| station(&notation, &beside));
    let mut mistakes = reader.mistakes;
    match described {
        Some(Ok(station)) if mistakes.is_empty() => return Ok(station),
        // What a mistyped option should have said is not missing, it is mistyped.
        Some(Err(more)) if mistakes.is_empty() => mistakes = more,
        _ => {}
    }
    Err(usage!("{text}:\n  {}", mistakes.join("\n  ")))
}

struct StationReader {
    mistakes: Vec<String>,
}

impl StationReader {
    fn keep<T>(&mut self, read: Result<T, TextError>) -> Option<T> {
        read.map_err(|mistake| self.mistakes.push(mistake.into())).ok()
    }

    fn option<T>(
        &mut self,
        name: &str,
        text: &Option<String>,
        read: impl Fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        let text = text.as_deref()?;
        self.keep(read(text).map_err(|why| why.about(format_args!("--{name} {text}"))))
    }

    fn beside(&mut self, args: &StationArgs) -> Result<Beside, Failure> {
        let time = |text: &str| parse_duration(text).map_err(TextError::from);
        let vacation = self.option("vacation", &args.vacation, law_of_text);
        let breakdowns = self.breakdowns(args);
        let retry = self.retry(args);
        let classes = args.class.iter().filter_map(|text| self.keep(class(text))).collect();
        let orbit_rate = self.option("orbit-rate", &args.orbit_rate, rate);
        let features = Features {
            classes,
            patience: None,
            drop_head: args.drop_head,
            bulk: args.bulk.map(|most| Bulk { most, least: args.bulk_least, joins: args.bulk_joins }),
            vacation: vacation.map(|length| Vacation { length, repeated: !args.vacation_once }),
            setup: self.option("setup", &args.setup, law_of_text),
            threshold: args.threshold,
            breakdowns,
            retry,
            orbit: orbit_rate.map(|rate| Orbit { rate, constant: args.orbit == OrbitPolicy::Constant }),
        };
        let by_rate = self.option("service-rate", &args.service_rate, rate).map(|mu| 1.0 / mu);
        Ok(Beside {
            arrival_rate: self.option("arrival-rate", &args.arrival_rate, rate),
            mean_service: self.option("mean-service", &args.mean_service, time).or(by_rate),
            arrival_scv: args.arrival_scv,
            service_scv: args.service_scv,
            mean_patience: self.option("mean-patience", &args.mean_patience, time),
            arrivals: in_full(&args.arrivals, "arrivals")?.and_then(arrivals_of),
            service: in_full(&args.service, "service")?.and_then(service_of),
            batch: self.option("batch", &args.batch, batch),
            discipline: args.discipline.map_or(Discipline::Fcfs, discipline),
            features,
        })
    }

    fn breakdowns(&mut self, args: &StationArgs) -> Option<Breakdowns> {
        let rate = self.option("failure-rate", &args.failure_rate, rate);
        let repair = self.option("repair", &args.repair, law_of_text);
        let after = match args.after_repair {
            Interrupted::Resume => AfterRepair::Resume,
            Interrupted::RepeatDifferent => AfterRepair::RepeatDifferent,
            Interrupted::RepeatIdentical => AfterRepair::RepeatIdentical,
        };
        Some(Breakdowns { rate: rate?, repair: repair?, when_idle: args.fails_idle, after })
    }

    fn retry(&mut self, args: &StationArgs) -> Option<Retrying> {
        let backoff = self.option("backoff", &args.backoff, law_of_text);
        let failure = args.retry_probability?;
        if !(0.0..=1.0).contains(&failure) {
            self.mistakes.push(format!("--retry-probability {failure}: a probability lies in [0, 1]"));
        }
        if args.max_attempts == Some(0) {
            self.mistakes.push("--max-attempts 0: the first attempt counts, so at least 1".to_string());
        }
        let to_tail = args.retry_to == Return::Tail;
        Some(Retrying { failure, most_attempts: args.max_attempts, backoff, to_tail })
    }
}

fn rate(text: &str) -> Result<f64, TextError> {
    parse_rate(text).map_err(TextError::from)
}

fn discipline(order: OrderArg) -> Discipline {
    match order {
        OrderArg::Fcfs => Discipline::Fcfs,
        OrderArg::Lcfs => Discipline::Lcfs,
        OrderArg::LcfsPr => Discipline::LcfsPreemptive,
        OrderArg::Random => Discipline::Random,
        OrderArg::Ps => Discipline::ProcessorSharing,
        OrderArg::Srpt => Discipline::Srpt,
        OrderArg::Sjf => Discipline::Sjf,
        OrderArg::Psjf => Discipline::Psjf,
        OrderArg::Fb => Discipline::Fb,
        OrderArg::Priority => Discipline::Priority,
        OrderArg::PriorityPreemptive => Discipline::PriorityPreemptive,
    }
}

/// A smallest model around an arrival process or a service law in the model file's own words, so
/// that they are read by the same code as in a model. The text, or the file of that name.
fn in_full(text: &Option<String>, key: &str) -> Result<Option<Model>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let stated =
        if text.trim_start().starts_with('{') { format!("{key} = {}", as_toml(text)) } else { load::read(text)? };
    let (arrivals, service) = match key {
        "arrivals" => (stated.as_str(), "service = \"1s\""),
        _ => ("arrivals = { poisson = 1e-9 }", stated.as_str()),
    };
    let model = format!(
        "[producers.p]\nqueue = \"q\"\n{arrivals}\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservers = \"unlimited\"\n{service}\n"
    );
    load::typed(&format!("--{key}"), model).map(Some)
}
