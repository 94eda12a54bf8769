//! The question of a sizing as written: in `[size]` of a study, or as options of the command. Each text
//! has one reader here, so that both say the same.

use super::super::run::RunSettings;
use crate::units::{TextError, parse_duration, parse_rate, significant};
use toml_edit::Value;

/// The `[size]` section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SizeQuestion {
    /// Inequalities, as `orders.wait.p99 < 1s`.
    pub targets: Vec<String>,
    /// What may be changed; empty: the servers of the consumer of the target's queue.
    pub vary: Vec<SizeAxis>,
    /// Look for the largest value instead of the smallest.
    pub largest: bool,
    /// What the system costs.
    pub cost: Vec<CostTerm>,
    /// The targets must hold with one server fewer: of every pool (`Some(None)`), or of this consumer.
    pub n_minus_1: Option<Option<String>>,
    /// The targets must hold with so much more load.
    pub bursts: Vec<BurstText>,
    /// Confidence of each decision.
    pub confidence: Option<f64>,
    /// Most replications spent on one candidate.
    pub max_replications: Option<u32>,
    /// The front of cost against the first target is wanted.
    pub front: bool,
}

/// A parameter of the model and the values it may take: `low`, `low + step`, ..., `high`.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeAxis {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// First value.
    pub low: f64,
    /// Last value.
    pub high: f64,
    /// Distance of values.
    pub step: f64,
    /// What stands behind the numbers, as `ms`; empty: nothing.
    pub suffix: String,
    /// Whether the values are whole numbers.
    pub whole: bool,
}

/// Values of a real parameter without a step.
const REAL_STEPS: f64 = 1000.0;
/// Most values of a parameter.
const MOST_VALUES: f64 = 1e9;

impl SizeAxis {
    /// Reads `PATH=LOW:HIGH[:STEP]`, or `PATH=between LOW and HIGH to within STEP`.
    ///
    /// # Errors
    ///
    /// What is wrong.
    ///
    /// ```
    /// use lindley::model::study::size::SizeAxis;
    /// let axis = SizeAxis::parse("consumers.w.servers=1:200").unwrap();
    /// assert_eq!((axis.count(), axis.whole, axis.at(3)), (200, true, 4.0));
    /// let axis = SizeAxis::parse("consumers.w.service=between 10ms and 40ms to within 5ms").unwrap();
    /// assert_eq!((axis.count(), axis.text(1).as_str()), (7, "15ms"));
    /// assert!(SizeAxis::parse("a.b=1:NaN").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<SizeAxis, TextError> {
        read_axis(text).map_err(|why| why.about(format_args!("`{text}`")))
    }

    /// The whole numbers of a range.
    pub fn whole(path: impl Into<String>, low: u32, high: u32) -> SizeAxis {
        let (low, high) = (f64::from(low), f64::from(high));
        SizeAxis { path: path.into(), low, high, step: 1.0, suffix: String::new(), whole: true }
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        ((self.high - self.low) / self.step + 1e-9).floor() as u64 + 1
    }

    /// The value of that number, from 0.
    pub fn at(&self, index: u64) -> f64 {
        let value = self.low + self.step * index as f64;
        if self.whole { value.round() } else { value.min(self.high) }
    }

    /// The value as it stands in a model.
    pub fn text(&self, index: u64) -> String {
        let value = self.at(index);
        // Twelve digits: 10.3, not 10.299999999999999.
        let number = if self.whole { value } else { significant(value, 12).parse().unwrap_or(value) };
        format!("{number}{}", self.suffix)
    }

    /// The value for the text of a model.
    pub fn value(&self, index: u64) -> Value {
        match (self.whole, self.suffix.is_empty()) {
            (true, true) => Value::from(self.at(index) as i64),
            (false, true) => Value::from(self.text(index).parse::<f64>().unwrap_or(self.at(index))),
            _ => Value::from(self.text(index)),
        }
    }

    /// The consumer whose servers this is.
    pub fn servers_of(&self) -> Option<&str> {
        self.path.strip_prefix("consumers.")?.strip_suffix(".servers")
    }
}

fn read_axis(text: &str) -> Result<SizeAxis, TextError> {
    let form = "write PATH=LOW:HIGH or PATH=LOW:HIGH:STEP, as consumers.workers.servers=1:200";
    let (path, range) = text.split_once('=').ok_or(form)?;
    let range = range.trim();
    let parts: Vec<&str> = match range.strip_prefix("between ") {
        Some(rest) => rest.split(" and ").flat_map(|part| part.split(" to within ")).map(str::trim).collect(),
        None => range.split(':').map(str::trim).collect(),
    };
    let ([low, high] | [low, high, _]) = parts[..] else { return Err(form.to_string().into()) };
    let ((low, unit), (high, high_unit)) = (number(low)?, number(high)?);
    let step = parts.get(2).map(|step| number(step)).transpose()?;
    let suffix = if unit.is_empty() { high_unit.clone() } else { unit.clone() };
    let units = [Some(unit), Some(high_unit), step.as_ref().map(|s| s.1.clone())];
    if units.iter().flatten().any(|unit| !unit.is_empty() && *unit != suffix) {
        return Err(format!("all its numbers must be in the same unit, `{suffix}`").into());
    }
    if !suffix.is_empty()
        && parse_duration(&format!("1{suffix}")).is_err()
        && parse_rate(&format!("1{suffix}")).is_err()
    {
        return Err(format!("`{suffix}` is no unit of time or rate").into());
    }
    let entire = |x: f64| x.fract() == 0.0;
    let whole = suffix.is_empty() && entire(low) && entire(high) && step.as_ref().is_none_or(|s| entire(s.0));
    let step = step.map_or(if whole { 1.0 } else { (high - low) / REAL_STEPS }, |s| s.0);
    if low > high {
        return Err(format!("the range from {low} to {high} is empty").into());
    }
    if !(step > 0.0 || low == high) || (high - low) / step.max(f64::MIN_POSITIVE) > MOST_VALUES {
        return Err(format!("a step of {step} is not positive, or makes more than {MOST_VALUES:e} values").into());
    }
    Ok(SizeAxis { path: path.trim().to_string(), low, high, step: if step > 0.0 { step } else { 1.0 }, suffix, whole })
}

/// A finite number and what stands behind it.
fn number(text: &str) -> Result<(f64, String), TextError> {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+');
    let exponent = |i: usize, c: char| {
        matches!(c, 'e' | 'E') && text[i + 1..].starts_with(|d: char| d.is_ascii_digit() || d == '-')
    };
    let end = text.char_indices().find(|&(i, c)| !is_digit(c) && !exponent(i, c)).map_or(text.len(), |(i, _)| i);
    let value = text[..end].replace('_', "").parse().ok().filter(|x: &f64| x.is_finite());
    let value = value.ok_or_else(|| format!("`{text}` is no finite number"))?;
    Ok((value, text[end..].trim().to_string()))
}

/// One term of a cost: a number per hour (or whatever) for each unit of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct CostTerm {
    /// Path of the parameter, or the name of a consumer: its servers.
    pub of: String,
    /// Cost of one.
    pub each: f64,
    /// Unit of time, as `h`; empty: none.
    pub per: String,
}

impl CostTerm {
    /// Reads `consumers.a.servers*0.12/h`, `0.12/h*workers`, `workers*0.12`, or several joined by `+`.
    ///
    /// # Errors
    ///
    /// What is wrong.
    ///
    /// ```
    /// use lindley::model::study::size::CostTerm;
    /// let terms = CostTerm::parse("workers*0.12/h + 0.2/h*consumers.b.servers").unwrap();
    /// assert_eq!((terms[0].of.as_str(), terms[1].each, terms[1].per.as_str()), ("workers", 0.2, "h"));
    /// assert!(CostTerm::parse("workers*cheap").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Vec<CostTerm>, TextError> {
        text.split('+').map(|term| read_term(term.trim()).map_err(|why| why.about(format_args!("`{text}`")))).collect()
    }
}

fn read_term(text: &str) -> Result<CostTerm, TextError> {
    let form = "write PARAMETER*NUMBER or PARAMETER*NUMBER/UNIT, as 'consumers.workers.servers*0.12/h'";
    let (one, other) = text.split_once('*').ok_or(form)?;
    let is_number = |text: &str| text.trim().starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let (of, price) = if is_number(one) { (other, one) } else { (one, other) };
    let (each, behind) = number(price.trim()).map_err(|_| form.to_string())?;
    let per = match behind.as_str() {
        "" => String::new(),
        unit => unit.strip_prefix('/').ok_or(form)?.trim().to_string(),
    };
    if of.trim().is_empty() || each < 0.0 {
        return Err(format!("{form}; a cost is not negative").into());
    }
    Ok(CostTerm { of: of.trim().to_string(), each, per })
}

/// More load: of one producer or all, for good or for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct BurstText {
    /// Producer; `None`: all.
    pub producer: Option<String>,
    /// Factor of the arrival rate.
    pub factor: f64,
    /// How long, seconds; `None`: for good.
    pub lasts: Option<f64>,
}

impl BurstText {
    /// Reads `2x`, `web=2x`, `3x:30s`.
    ///
    /// # Errors
    ///
    /// What is wrong.
    ///
    /// ```
    /// use lindley::model::study::size::BurstText;
    /// let burst = BurstText::parse("web=3x:30s").unwrap();
    /// assert_eq!((burst.producer.as_deref(), burst.factor, burst.lasts), (Some("web"), 3.0, Some(30.0)));
    /// assert!(BurstText::parse("0x").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<BurstText, TextError> {
        let form = || format!("`{text}`: write 2x, 3x:30s or PRODUCER=2x; the factor is above 0");
        let (producer, rest) = text.split_once('=').map_or((None, text), |(name, rest)| (Some(name.trim()), rest));
        let (factor, time) = rest.split_once(':').map_or((rest, None), |(factor, time)| (factor, Some(time)));
        let lasts = time.map(|t| parse_duration(t).map_err(|e| format!("`{text}`: {e}"))).transpose()?;
        let factor = factor.trim().strip_suffix('x').and_then(|x| x.parse().ok()).ok_or_else(form)?;
        let sensible = |x: f64| x > 0.0 && x.is_finite();
        if !sensible(factor) || lasts.is_some_and(|t| !sensible(t)) {
            return Err(form().into());
        }
        Ok(BurstText { producer: producer.map(str::to_string), factor, lasts })
    }
}

impl SizeQuestion {
    /// The confidence of each decision.
    pub fn level(&self, run: &RunSettings) -> f64 {
        self.confidence.unwrap_or(run.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_nonsense_is_named() {
        assert_eq!(SizeAxis::parse("a.b=4:32:4").unwrap().count(), 8);
        assert_eq!(SizeAxis::parse("a.b=50/s:200/s:10/s").unwrap().text(3), "80/s");
        assert_eq!(SizeAxis::parse("a.b=0.1:0.9").unwrap().count(), 1001);
        for wrong in
            ["a.b", "a.b=5", "a.b=9:1", "a.b=1:2:0", "a.b=1:2:-1", "a.b=1ms:2s", "a.b=1kg:2kg", "a.b=0:1:1e-12"]
        {
            assert!(SizeAxis::parse(wrong).is_err(), "{wrong}");
        }
    }
}
