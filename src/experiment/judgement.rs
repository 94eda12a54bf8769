//! On which side of a limit a number is: met, missed, or undecided where its interval holds the limit. Pure data and the
//! one rule by which `run`, `check`, `gate` and `size` judge.

use crate::model::{Expectation, Tolerance};
use crate::row::{Demand, NoValue, Row, Statistic};
use serde::{Deserialize, Serialize};

/// Whether a demand holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It holds.
    Met,
    /// What was simulated did not suffice to tell.
    Undecided,
    /// It does not hold.
    Missed,
}

/// What an interval says of a demand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Judgement {
    /// Whether it holds.
    pub standing: Standing,
    /// Lower end of the interval that was judged; null where nothing bounds the number from below.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Confidence of that interval: all looks together keep the one of the run.
    pub level: f64,
    /// By how much longer a run would be enough to tell, as a multiple; null where it is decided or nothing says it.
    pub longer: Option<f64>,
}

/// Where a number is, as far as it is known: an end is infinite where nothing bounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct KnownNumber {
    /// The number.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl KnownNumber {
    /// What a row tells; `None` where it bounds the number on neither side. Where nothing is random (`fixed`), the number
    /// itself is known; what grows without end is infinite.
    pub(super) fn of(row: &Row, fixed: bool) -> Option<KnownNumber> {
        match (row.value, row.low, row.high) {
            (None, ..) => matches!(row.refusal, Some(NoValue::Grows { .. })).then_some(KnownNumber::ENDLESS),
            (Some(value), None, None) => fixed.then_some(KnownNumber { value, low: value, high: value }),
            (Some(value), low, high) => {
                Some(KnownNumber { value, low: low.unwrap_or(f64::NEG_INFINITY), high: high.unwrap_or(f64::INFINITY) })
            }
        }
    }

    const ENDLESS: KnownNumber = KnownNumber { value: f64::INFINITY, low: f64::INFINITY, high: f64::INFINITY };

    /// By how much longer a run would part the number from a limit, as a multiple: half-widths shrink with its root.
    fn longer(self, limit: f64) -> Option<f64> {
        let (half, room) = match limit >= self.value {
            true => (self.high - self.value, limit - self.value),
            false => (self.value - self.low, self.value - limit),
        };
        Some((half / room).powi(2)).filter(|times| times.is_finite())
    }
}

impl Judgement {
    /// What is said of a number that no interval bounds.
    pub(super) fn unknown(level: f64) -> Judgement {
        Judgement { standing: Standing::Undecided, low: None, high: None, level, longer: None }
    }

    /// Whether a target holds, by the whole interval.
    pub(super) fn of_target(target: &Demand, known: Option<KnownNumber>, level: f64) -> Judgement {
        let Some(known) = known else { return Judgement::unknown(level) };
        let standing = match [known.low, known.high].map(|end| target.holds(end)) {
            [true, true] => Standing::Met,
            [false, false] => Standing::Missed,
            _ => Standing::Undecided,
        };
        Judgement::with(standing, known, level, known.longer(target.bound))
    }

    /// Whether a number is as near to what is expected as it may be off: surely within, surely beyond, or undecided. A
    /// tolerance in half-widths is itself a test, and always decided.
    pub(super) fn of_expectation(expected: &Expectation, row: Option<&Row>, fixed: bool, level: f64) -> Judgement {
        let known = row.and_then(|row| KnownNumber::of(row, fixed));
        let (Some(row), Some(known)) = (row, known) else { return Judgement::unknown(level) };
        let allowed = allowed(expected, row);
        let band = [expected.value - allowed, expected.value + allowed];
        let within = |x: f64| band[0] <= x && x <= band[1];
        let by_value = matches!(expected.tolerance, Tolerance::HalfWidths(_));
        let standing = match () {
            () if by_value && within(known.value) => Standing::Met,
            () if by_value => Standing::Missed,
            // What may not be off at all cannot vary: every value or none is as is expected.
            () if allowed == 0.0 && known.value == expected.value => Standing::Met,
            () if within(known.low) && within(known.high) => Standing::Met,
            () if known.high < band[0] || known.low > band[1] => Standing::Missed,
            () => Standing::Undecided,
        };
        let nearer = if known.value < expected.value { band[0] } else { band[1] };
        Judgement::with(standing, known, level, known.longer(nearer))
    }

    fn with(standing: Standing, known: KnownNumber, level: f64, longer: Option<f64>) -> Judgement {
        let bounded = |end: f64| end.is_finite().then_some(end);
        let longer = longer.filter(|_| standing == Standing::Undecided);
        Judgement { standing, low: bounded(known.low), high: bounded(known.high), level, longer }
    }
}

/// What a relative tolerance is a share of. Of a fraction it is the smaller part, since a reliability of 99.99 %
/// speaks of what is lost: the value, or what it lacks of 1.
fn yardstick(expected: &Expectation) -> f64 {
    match expected.quantity.statistic {
        Statistic::Fraction => expected.value.min(1.0 - expected.value).abs(),
        _ => expected.value.abs(),
    }
}

/// How far a number may be off what is expected.
pub(super) fn allowed(expected: &Expectation, row: &Row) -> f64 {
    match expected.tolerance {
        Tolerance::Relative(share) => share * yardstick(expected),
        Tolerance::Absolute(amount) => amount,
        Tolerance::HalfWidths(n) => n * row.half_width().unwrap_or(0.0),
    }
}

impl Standing {
    /// The worst of several; nothing to judge is met.
    pub fn worst(of: impl Iterator<Item = Standing>) -> Standing {
        of.max().unwrap_or(Standing::Met)
    }
}
