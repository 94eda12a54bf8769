//! A station from Kendall's notation and what is said beside it: every mistake in one list, each with
//! its remedy.

use super::kendall::{Notation, law};
use super::problem::{Class, Discipline, Features, Input, Patience, Station, Work};
use crate::dist::{Count, Dist};
use crate::model::{Arrivals, Model, Servers, ServiceTime};
use crate::units::TextError;

/// What is said beside the notation; `None` and empty: nothing. Rates per second, times in seconds.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Arrival rate (of one idle source, where the population is finite; of batches never).
    pub arrival_rate: Option<f64>,
    /// Mean service time.
    pub mean_service: Option<f64>,
    /// Scv of the times between arrivals.
    pub arrival_scv: Option<f64>,
    /// Scv of the service.
    pub service_scv: Option<f64>,
    /// Mean patience.
    pub mean_patience: Option<f64>,
    /// The arrival process itself, for the letters that name none.
    pub arrivals: Option<Arrivals>,
    /// The service law itself, for the letters that name none.
    pub service: Option<Dist>,
    /// Sizes of batches.
    pub batch: Option<Count>,
    /// Who is served next.
    pub discipline: Discipline,
    /// Everything else; patience comes from the notation.
    pub features: Features,
}

/// The station that notation and options describe.
///
/// ```
/// use lindley::analytic::kendall::Notation;
/// use lindley::analytic::question::{Beside, station};
/// let said = Beside { arrival_rate: Some(240.0), mean_service: Some(0.01), ..Beside::default() };
/// let mm3 = station(&Notation::parse("M/M/3").unwrap(), &said).unwrap();
/// assert!((mm3.offered_load() - 2.4).abs() < 1e-12);
/// let mistakes = station(&Notation::parse("M/LN/1+M").unwrap(), &Beside::default()).unwrap_err();
/// assert_eq!(mistakes.len(), 3, "{mistakes:?}");
/// ```
pub fn station(notation: &Notation, said: &Beside) -> Result<Station, Vec<String>> {
    let mut mistakes = Vec::new();
    let arrivals = kept(input(notation, said), &mut mistakes);
    let service = kept(work(notation, said), &mut mistakes);
    let patience = kept(patience(notation, said), &mut mistakes);
    let servers = match notation.servers {
        Some(servers) => servers,
        None => {
            mistakes.push("the number of servers is left open (`c`): write a number, or `inf`".to_string());
            Servers::Count(1)
        }
    };
    mistakes.extend(discipline_mistake(said).map(String::from));
    let (Some(arrivals), Some(service), Some(patience)) = (arrivals, service, patience) else { return Err(mistakes) };
    let features = Features { patience, ..said.features.clone() };
    let station = Station {
        places: notation.places,
        population: notation.population,
        discipline: said.discipline,
        features,
        ..Station::new(arrivals, service, servers)
    };
    mistakes.extend(super::mistakes::mistakes(&station));
    if mistakes.is_empty() { Ok(station) } else { Err(mistakes) }
}

fn kept<T>(read: Result<T, TextError>, mistakes: &mut Vec<String>) -> Option<T> {
    read.map_err(|mistake| mistakes.push(mistake.into())).ok()
}

fn rate(said: &Beside) -> Result<f64, TextError> {
    let of_classes: f64 = said.features.classes.iter().map(|class| class.rate).sum();
    match said.arrival_rate {
        Some(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        Some(rate) => Err(format!("the arrival rate is {rate}/s, and must be positive and finite").into()),
        None if of_classes > 0.0 => Ok(of_classes),
        None => Err("the arrival rate is missing: --arrival-rate 240/s".into()),
    }
}

fn mean_service(said: &Beside) -> Result<f64, TextError> {
    match said.mean_service {
        Some(mean) if mean > 0.0 && mean.is_finite() => Ok(mean),
        Some(mean) => Err(format!("the mean service time is {mean} s, and must be positive and finite").into()),
        None => Err("the service is missing: --service-rate 100/s or --mean-service 10ms".into()),
    }
}

fn input(notation: &Notation, said: &Beside) -> Result<Input, TextError> {
    let letter = notation.arrivals.as_str();
    if let Some(arrivals) = &said.arrivals {
        return process(letter, arrivals, said);
    }
    match (&said.batch, notation.batches) {
        (Some(size), _) if letter == "M" => {
            // The rate is that of messages, as everywhere.
            return Ok(Input::Batches { rate: rate(said)? / size.mean(), size: size.clone() });
        }
        (Some(_), _) => return Err(format!("batches arrive as a Poisson process (M), not {letter}").into()),
        (None, true) => return Err("the size of the batches is missing: --batch 5, or --batch geometric:5".into()),
        (None, false) => {}
    }
    match letter {
        "M" => {
            law("M", 1.0, said.arrival_scv)?;
            rate(said).map(Input::Poisson)
        }
        "G" | "GI" => match said.arrival_scv {
            Some(scv) => rate(said).map(|rate| Input::Moments { rate, scv }),
            None => Err(format!("{letter} leaves the scv of the arrivals open: --arrival-scv 1.5, or --arrivals").into()),
        },
        "PH" | "MAP" | "MMPP" | "MMPP2" => Err(format!(
            "{letter} arrivals need their parameters: --arrivals FILE.toml, or --arrivals '{{ mmpp = {{ ... }} }}', as in \
             a model file"
        ).into()),
        letter => {
            let interval = law(letter, 1.0 / rate(said)?, said.arrival_scv);
            interval.map(Input::Renewal).map_err(|why| why.about("arrivals"))
        }
    }
}

/// Arrivals given in full.
fn process(letter: &str, arrivals: &Arrivals, said: &Beside) -> Result<Input, TextError> {
    if !["G", "GI", "PH", "MAP", "MMPP", "MMPP2"].contains(&letter) {
        let why = format!("the letter {letter} and --arrivals both say how messages arrive: write G, PH, MAP or MMPP");
        return Err(why.into());
    }
    if said.arrival_rate.is_some() || said.arrival_scv.is_some() {
        return Err("--arrivals already says rate and scv: leave out --arrival-rate and --arrival-scv".into());
    }
    input_of(arrivals)
}

/// A stationary arrival process as theory sees it, or why it is none.
pub(super) fn input_of(arrivals: &Arrivals) -> Result<Input, TextError> {
    match arrivals {
        Arrivals::Poisson { rate } => Ok(Input::Poisson(*rate)),
        Arrivals::Renewal { interval } => Ok(Input::Renewal(interval.clone())),
        Arrivals::Markov(process) => Ok(Input::Markov(process.clone())),
        Arrivals::Batch { points, size } => match input_of(points)? {
            points if size.mean() == 1.0 => Ok(points),
            Input::Poisson(rate) => Ok(Input::Batches { rate, size: size.clone() }),
            _ => Err("batches are solved where they come as a Poisson process".into()),
        },
        Arrivals::Sinusoid { mean, amplitude: 0.0, .. } => Ok(Input::Poisson(*mean)),
        Arrivals::Schedule { .. } => Err("arrivals follow a schedule of rates, so there is no steady state".into()),
        Arrivals::Sinusoid { .. } => Err("arrivals swing, so there is no steady state".into()),
        Arrivals::Trace { .. } => Err("arrivals are a trace, not a process".into()),
        Arrivals::Closed { .. } => Err("arrivals come from a closed population".into()),
    }
}

fn work(notation: &Notation, said: &Beside) -> Result<Work, TextError> {
    let letter = notation.service.as_str();
    if let Some(law) = &said.service {
        return match letter {
            "G" | "GI" | "PH" if said.mean_service.is_none() && said.service_scv.is_none() => {
                Ok(Work::Law(law.clone()))
            }
            "G" | "GI" | "PH" => Err("--service already says mean and scv: leave the other options out".into()),
            letter => {
                Err(format!("the letter {letter} and --service both say how long service takes: write G or PH").into())
            }
        };
    }
    if said.mean_service.is_none() && !said.features.classes.is_empty() {
        return Ok(mixed(&said.features.classes));
    }
    match letter {
        "G" | "GI" => match (mean_service(said)?, said.service_scv) {
            (mean, Some(scv)) => Ok(Work::Moments { mean, scv }),
            (_, None) => Err("G leaves the scv of the service open: --service-scv 1.5, or --service".into()),
        },
        "PH" => {
            Err("PH service needs its parameters: --service FILE.toml, or --service '{ phase_type = { ... } }'".into())
        }
        letter => {
            // Both mistakes at once: the missing mean and what is wrong with the letter.
            let mean = mean_service(said);
            let law = law(letter, *mean.as_ref().unwrap_or(&1.0), said.service_scv);
            match (mean, law) {
                (Ok(_), Ok(law)) => Ok(Work::Law(law)),
                (Err(why), Ok(_)) => Err(why),
                (Ok(_), Err(why)) => Err(why.about("service")),
                (Err(one), Err(other)) => Err(format!("{one}; service: {other}").into()),
            }
        }
    }
}

/// The service of a message of any class: mean and scv of the mixture.
pub(super) fn mixed(classes: &[Class]) -> Work {
    let total: f64 = classes.iter().map(|class| class.rate).sum();
    let average = |of: &dyn Fn(&Class) -> f64| classes.iter().map(|class| class.rate / total * of(class)).sum::<f64>();
    let mean = average(&|class| class.service.mean());
    let second = average(&|class| class.service.mean().powi(2) * (1.0 + class.service.scv()));
    Work::Moments { mean, scv: second / (mean * mean) - 1.0 }
}

fn patience(notation: &Notation, said: &Beside) -> Result<Option<Patience>, TextError> {
    match (notation.patience.as_deref(), said.mean_patience) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err("--mean-patience is given, but not its law: write +M or +D, as in M/M/3+M".into()),
        (Some(_), None) => Err("the patience is missing: --mean-patience 30s".into()),
        (Some("M"), Some(mean)) => Ok(Some(Patience::Exponential(mean))),
        (Some(_), Some(time)) => Ok(Some(Patience::Deterministic(time))),
    }
}

fn discipline_mistake(said: &Beside) -> Option<&'static str> {
    let classes = said.features.classes.len();
    let by_class = matches!(said.discipline, Discipline::Priority | Discipline::PriorityPreemptive);
    match (by_class, classes) {
        (true, 0) => Some("priorities need classes, most urgent first: --class 'urgent 0.3/s M 1s' --class ..."),
        (false, n) if n > 0 && !matches!(said.discipline, Discipline::ProcessorSharing | Discipline::Fcfs) => {
            Some("classes are given, but the discipline treats them alike: --discipline priority")
        }
        _ => None,
    }
}

/// A class written as name, rate and law: `urgent 0.3/s M 1s`, with a weight as `w=2` at the end.
///
/// ```
/// let class = lindley::analytic::question::class("bulk 0.4/s LN 2s 2.25 w=3").unwrap();
/// assert_eq!((class.name.as_str(), class.rate, class.weight), ("bulk", 0.4, 3.0));
/// ```
pub fn class(text: &str) -> Result<Class, TextError> {
    let form = || format!("class `{text}`: write name, rate and law, as in 'urgent 0.3/s M 1s' (and perhaps w=2)");
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let weight = match words.last().and_then(|last| last.strip_prefix("w=")) {
        Some(number) => {
            words.pop();
            number.parse::<f64>().ok().filter(|w| *w > 0.0 && w.is_finite()).ok_or_else(form)?
        }
        None => 1.0,
    };
    let [name, rate, law @ ..] = &words[..] else { return Err(form().into()) };
    let rate = crate::units::parse_rate(rate).map_err(|e| format!("class `{text}`: {e}"))?;
    if !(rate > 0.0 && rate.is_finite()) {
        return Err(format!("class `{text}`: the rate must be positive and finite").into());
    }
    let law = super::kendall::law_of_text(&law.join(" ")).map_err(|why| format!("class `{text}`: {why}"))?;
    Ok(Class { name: (*name).to_string(), rate, service: Work::Law(law), weight })
}

/// A batch size written as `5`, `geometric:5`, `poisson:5` or `uniform:1-9`.
///
/// ```
/// use lindley::analytic::question::batch;
/// assert_eq!(batch("uniform:1-9").unwrap().mean(), 5.0);
/// assert!(batch("five").unwrap_err().to_string().contains("geometric:MEAN"));
/// ```
pub fn batch(text: &str) -> Result<Count, TextError> {
    let says = |e: crate::dist::DistError| TextError::from(e.0);
    let form = || "a number, geometric:MEAN, poisson:MEAN or uniform:LOW-HIGH is wanted".to_string();
    match text.split_once(':') {
        None => Count::constant(text.parse().map_err(|_| form())?).map_err(says),
        Some(("geometric", mean)) => Count::geometric(mean.parse().map_err(|_| form())?).map_err(says),
        Some(("poisson", mean)) => Count::poisson(mean.parse().map_err(|_| form())?).map_err(says),
        Some(("uniform", ends)) => {
            let (low, high) = ends.split_once('-').ok_or_else(form)?;
            Count::uniform(low.parse().map_err(|_| form())?, high.parse().map_err(|_| form())?).map_err(says)
        }
        Some(_) => Err(form().into()),
    }
}

/// The arrivals of the first producer of a model: so are they written in full beside the notation.
pub fn arrivals_of(model: Model) -> Option<Arrivals> {
    model.producers.into_iter().next().map(|producer| producer.arrivals)
}

/// The service law of the first consumer of a model, unless it is a recording.
pub fn service_of(model: Model) -> Option<Dist> {
    match model.consumers.into_iter().next()?.service.default {
        ServiceTime::Drawn(law) => Some(law),
        ServiceTime::Recorded(_) => None,
    }
}
