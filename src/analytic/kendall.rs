//! Kendall's notation, `A/S/c[/K[/N]][+P]`: the notation itself, and the letters of laws with
//! the moments that complete them.

use crate::dist::Dist;
use crate::model::Servers;
use crate::units::{TextError, parse_duration};

/// A station in Kendall's notation, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notation {
    /// Letter of the arrivals.
    pub arrivals: String,
    /// Whether they come in batches (`M^X`).
    pub batches: bool,
    /// Letter of the service.
    pub service: String,
    /// Servers; `None` where the notation leaves their number open (`c`).
    pub servers: Option<Servers>,
    /// K: places in the whole system.
    pub places: Option<u64>,
    /// N: size of the population.
    pub population: Option<u64>,
    /// Letter of the patience.
    pub patience: Option<String>,
}

impl Notation {
    /// Whether a text is meant as Kendall's notation: it has a slash and no dot and starts with a letter.
    pub fn is_meant(text: &str) -> bool {
        text.contains('/') && !text.contains('.') && text.split('/').next().is_some_and(is_letter)
    }

    /// Reads the notation, or says what it cannot be.
    ///
    /// ```
    /// use lindley::analytic::kendall::Notation;
    /// let notation = Notation::parse("M/E4/3/10+D").unwrap();
    /// assert_eq!((notation.service.as_str(), notation.places), ("E4", Some(10)));
    /// assert_eq!(Notation::parse("M/M/1//5").unwrap().population, Some(5));
    /// assert!(Notation::parse("M/M").unwrap_err().to_string().contains("A/S/c"));
    /// ```
    pub fn parse(text: &str) -> Result<Notation, TextError> {
        let (station, patience) = match text.split_once('+') {
            Some((station, patience)) => (station, Some(patience.trim().to_string())),
            None => (text, None),
        };
        let parts: Vec<&str> = station.split('/').map(str::trim).collect();
        if !(3..=5).contains(&parts.len()) {
            return Err(format!("`{text}` is not of the form A/S/c[/K[/N]][+P], as M/M/3, M/D/2/10 or M/M/5+M").into());
        }
        if let Some(letter) = patience.as_deref().filter(|p| !["M", "D"].contains(p)) {
            let why = format!("`+{letter}` is no patience; known: +M (exponential), +D (a fixed time to live)");
            return Err(why.into());
        }
        let (arrivals, batches) = match parts[0].strip_suffix("^X") {
            Some(letter) => (letter, true),
            None => (parts[0], false),
        };
        Ok(Notation {
            arrivals: arrivals.to_string(),
            batches,
            service: parts[1].to_string(),
            servers: servers(parts[2])?,
            places: limit(parts.get(3), "K, the places in the system,")?,
            population: limit(parts.get(4), "N, the size of the population,")?,
            patience,
        })
    }
}

fn is_letter(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.len() <= 8 && !text.contains(char::is_whitespace)
}

fn servers(text: &str) -> Result<Option<Servers>, TextError> {
    match text {
        "c" => Ok(None),
        "inf" | "\u{221e}" => Ok(Some(Servers::Unlimited)),
        number => match number.parse::<u32>() {
            Ok(c) => Ok(Some(Servers::Count(c))),
            Err(_) => Err(format!("`{number}` is no number of servers: a whole number, or `inf`, is wanted").into()),
        },
    }
}

fn limit(text: Option<&&str>, what: &str) -> Result<Option<u64>, TextError> {
    match text.copied() {
        None | Some("" | "inf" | "\u{221e}") => Ok(None),
        Some(number) => {
            number.parse().map(Some).map_err(|_| format!("{what} is `{number}`, and must be a whole number").into())
        }
    }
}

/// The law that a letter names, with that mean (seconds) and, where the letter leaves it open, scv.
///
/// M exponential, D deterministic, Ek Erlang of k stages, U uniform on 0 to twice the mean; with an
/// scv besides: H2 hyperexponential of two branches with balanced means (scv > 1), Cox2 Coxian
/// (scv >= 0.5), LN lognormal, Gamma, W Weibull, Pareto.
///
/// ```
/// use lindley::analytic::kendall::law;
/// assert_eq!(law("E4", 1.0, None).unwrap().scv(), 0.25);
/// assert!(law("H2", 1.0, Some(0.5)).unwrap_err().to_string().contains("scv"));
/// assert!(law("M", 1.0, Some(2.0)).unwrap_err().to_string().contains("M has scv 1"));
/// assert!(law("LN", 1.0, None).unwrap_err().to_string().contains("leaves the scv open"));
/// ```
pub fn law(letter: &str, mean: f64, scv: Option<f64>) -> Result<Dist, TextError> {
    let says = |e: crate::dist::DistError| TextError::from(e.0);
    let upper = letter.to_ascii_uppercase();
    let fixed = |own: f64| match scv {
        Some(other) if (other - own).abs() > 1e-12 => {
            Err(TextError::from(format!("{letter} has scv {own}, not {other}")))
        }
        _ => Ok(()),
    };
    let open = || {
        scv.ok_or_else(|| format!("{letter} leaves the scv open: give it, as --service-scv 2 or --arrival-scv 2, or as \"{letter} 40ms 2\""))
    };
    if let Some(k) = upper.strip_prefix('E').and_then(|k| k.parse::<u32>().ok()) {
        if k > MOST_STAGES {
            return Err(format!("{letter} has more than {MOST_STAGES} stages: write D").into());
        }
        let law = Dist::erlang(k, mean).map_err(says)?;
        return fixed(1.0 / f64::from(k)).map(|()| law);
    }
    match upper.as_str() {
        "M" => fixed(1.0).and_then(|()| Dist::exponential(mean).map_err(says)),
        "D" => fixed(0.0).and_then(|()| Dist::deterministic(mean).map_err(says)),
        "U" => fixed(1.0 / 3.0).and_then(|()| Dist::uniform(0.0, 2.0 * mean).map_err(says)),
        "H2" => Dist::hyperexponential_balanced(mean, open()?).map_err(says),
        "COX2" | "COX" => Dist::coxian_fit(mean, open()?).map_err(says),
        "LN" => Dist::lognormal(mean, open()?).map_err(says),
        "GAMMA" => Dist::gamma(mean, open()?).map_err(says),
        "W" => Dist::weibull(mean, open()?).map_err(says),
        "PARETO" => Dist::pareto_mean_scv(mean, open()?).map_err(says),
        _ => Err(format!("`{letter}` is no letter of a law; known: {LETTERS}").into()),
    }
}

/// Most stages of an Erlang law by its letter; the scv of more is that of a constant to four digits.
const MOST_STAGES: u32 = 10_000;

/// The letters of laws.
pub const LETTERS: &str = "M, D, E2, E3, ..., U, H2, Cox2, LN, Gamma, W, Pareto, G, GI, PH, and for arrivals MAP, MMPP";

/// A law written as letter, mean and perhaps scv: `LN 40ms 2.25`.
///
/// ```
/// use lindley::analytic::kendall::law_of_text;
/// assert_eq!(law_of_text("E4 40ms").unwrap().mean(), 0.04);
/// ```
pub fn law_of_text(text: &str) -> Result<Dist, TextError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let scv = |s: &str| s.parse::<f64>().map_err(|_| format!("`{s}` is no scv"));
    match words[..] {
        [letter, mean] => law(letter, parse_duration(mean).map_err(|e| e.to_string())?, None),
        [letter, mean, s] => law(letter, parse_duration(mean).map_err(|e| e.to_string())?, Some(scv(s)?)),
        _ => Err("a law is written as letter, mean and perhaps scv: \"LN 40ms 2.25\"".into()),
    }
}

/// Mean of a law that is exponential, whatever family it is written in.
pub(crate) fn exponential_mean(law: &Dist) -> Option<f64> {
    // Shapes are often solved from an scv of 1, so they are 1 up to rounding.
    let one = |x: f64| (x - 1.0).abs() < 1e-12;
    let exponential = match law {
        Dist::Exponential(_) => true,
        Dist::Erlang(erlang) => erlang.k() == 1,
        Dist::Gamma(gamma) => one(gamma.shape()),
        Dist::Weibull(weibull) => one(weibull.shape()),
        Dist::Hyperexponential(mixture) => mixture.means().len() == 1,
        Dist::PhaseType(law) => law.phases() == 1,
        Dist::Coxian(law) => law.phase_type().phases() == 1,
        _ => false,
    };
    // A phase-type law of one phase may start absorbed: then it has an atom at 0 and another scv.
    (exponential && one(law.scv())).then(|| law.mean())
}

/// M for a law that is exponential, G for any other.
pub(crate) fn m_or_g(law: &Dist) -> &'static str {
    if exponential_mean(law).is_some() { "M" } else { "G" }
}

/// Kendall's letter of a service law.
pub(crate) fn symbol(service: &Dist) -> String {
    match service {
        Dist::Deterministic(_) => "D".to_string(),
        Dist::Exponential(_) => "M".to_string(),
        Dist::Erlang(erlang) => format!("E{}", erlang.k()),
        Dist::Hyperexponential(mixture) => format!("H{}", mixture.means().len()),
        Dist::Coxian(_) | Dist::PhaseType(_) => "PH".to_string(),
        Dist::Gamma(_) => "Gamma".to_string(),
        Dist::Lognormal(_) => "LN".to_string(),
        Dist::Weibull(_) => "W".to_string(),
        Dist::Pareto(_) => "Pareto".to_string(),
        Dist::Uniform(_) => "U".to_string(),
        _ => "G".to_string(),
    }
}
