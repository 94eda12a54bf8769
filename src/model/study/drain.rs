//! The `[drain]` section of a study, as written: a disruption, and how soon all should be as before.
//! Pure data, and the rule that puts a disruption together from its parts.

use crate::units::TextError;
use serde::{Deserialize, Serialize};

/// The `[drain]` section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrainQuestion {
    /// What happens; `None`: what the model itself says.
    pub incident: Option<Incident>,
    /// When it begins, seconds.
    pub at: Option<f64>,
    /// Whose servers fail or slow down.
    pub consumer: Option<String>,
    /// Who publishes more.
    pub producer: Option<String>,
    /// How long recovery may take from the end of the disruption, seconds.
    pub recover_within: Option<f64>,
    /// How long to simulate, seconds.
    pub horizon: Option<f64>,
}

/// What happens for a while.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// No server takes a message.
    Outage {
        /// Seconds.
        lasts: f64,
        /// Whether messages in service go back to their queue.
        requeue: bool,
    },
    /// That share of the capacity is left.
    Throttle {
        /// Seconds.
        lasts: f64,
        /// In (0, 1).
        share: f64,
    },
    /// Services take that many times as long.
    Slowdown {
        /// Seconds.
        lasts: f64,
        /// Above 1.
        factor: f64,
    },
    /// That many times as many messages arrive.
    Burst {
        /// Seconds.
        lasts: f64,
        /// Above 1.
        factor: f64,
    },
    /// That many more messages arrive per second.
    Extra {
        /// Seconds.
        lasts: f64,
        /// Per second.
        rate: f64,
    },
    /// Something that the model itself does between two instants, as a burst of its schedule.
    Window {
        /// Seconds.
        from: f64,
        /// Seconds.
        until: f64,
    },
}

/// The parts of a incident, each as option or key.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Parts {
    /// Length of an outage, seconds.
    pub outage: Option<f64>,
    /// Length of anything else, seconds.
    pub lasts: Option<f64>,
    /// Share of the capacity that is left.
    pub throttle: Option<f64>,
    /// Stretch of services.
    pub slowdown: Option<f64>,
    /// Multiple of the arrival rate.
    pub burst: Option<f64>,
    /// More arrivals per second.
    pub extra: Option<f64>,
    /// Window in which the model itself does something, seconds.
    pub from: Option<f64>,
    /// ... and its end.
    pub until: Option<f64>,
    /// Whether an outage puts messages in service back.
    pub requeue: bool,
}

impl Parts {
    /// Whether anything is said at all.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Parts::default()
    }

    /// The incident, or what contradicts or is missing. Option and key have the same names;
    /// `for` is how long it lasts.
    ///
    /// # Errors
    ///
    /// Where parts exclude each other, one is missing, or a value is out of range.
    pub(crate) fn incident(&self) -> Result<Option<Incident>, TextError> {
        if self.is_empty() {
            return Ok(None);
        }
        if self.from.is_some() || self.until.is_some() {
            return self.window().map(Some);
        }
        let kinds =
            [("throttle", self.throttle), ("slowdown", self.slowdown), ("burst", self.burst), ("extra", self.extra)];
        let mut said = kinds.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let (kind, other) = (said.next(), said.next());
        if let (Some((a, _)), Some((b, _))) = (kind, other) {
            return Err(format!("`{a}` and `{b}` exclude each other: one disruption at a time").into());
        }
        if let Some((kind @ ("burst" | "extra"), _)) = kind.filter(|_| self.outage.is_some()) {
            return Err(
                format!("`outage` and `{kind}` exclude each other: say how long a burst lasts with `for`").into()
            );
        }
        if self.requeue && (kind.is_some() || self.outage.is_none()) {
            return Err("`requeue` is for an outage: it says that messages in service go back".into());
        }
        let lasts = self.length(kind.map(|k| k.0))?;
        self.of_kind(kind, lasts).map(Some)
    }

    fn window(&self) -> Result<Incident, TextError> {
        let alone = Parts { from: None, until: None, ..*self };
        if !alone.is_empty() {
            return Err("`from` and `until` name a window in which the model itself does something: they exclude a \
                        disruption of their own"
                .to_string()
                .into());
        }
        match (self.from, self.until) {
            (Some(from), Some(until)) if from < until => Ok(Incident::Window { from, until }),
            (Some(from), Some(until)) => Err(format!("`until` ({until} s) is not after `from` ({from} s)").into()),
            _ => Err("a window needs both `from` and `until`".into()),
        }
    }

    fn length(&self, kind: Option<&str>) -> Result<f64, TextError> {
        let lasts = match (self.outage, self.lasts, kind) {
            (Some(_), Some(_), _) => return Err("`outage` and `for` both say how long: write one".into()),
            (None, Some(_), None) => {
                return Err("`for` says how long, but nothing says what: `throttle`, `slowdown`, `burst` or `extra` \
                            (an outage is `outage` alone)"
                    .to_string()
                    .into());
            }
            (None, None, Some(kind)) => return Err(format!("`{kind}` needs `for`: how long it lasts").into()),
            (outage, lasts, _) => outage.or(lasts).unwrap_or(0.0),
        };
        if lasts > 0.0 && lasts.is_finite() {
            return Ok(lasts);
        }
        let name = if self.outage.is_some() { "outage" } else { "for" };
        Err(format!("`{name}` must be longer than 0 s").into())
    }

    fn of_kind(&self, kind: Option<(&str, f64)>, lasts: f64) -> Result<Incident, TextError> {
        let above_one = |name: &str, x: f64| {
            if x > 1.0 && x.is_finite() { Ok(x) } else { Err(format!("`{name}` must be above 1, not {x}")) }
        };
        Ok(match kind {
            None => Incident::Outage { lasts, requeue: self.requeue },
            Some(("throttle", 0.0)) => Incident::Outage { lasts, requeue: false },
            Some(("throttle", share)) if share > 0.0 && share < 1.0 => Incident::Throttle { lasts, share },
            Some(("throttle", share)) => {
                return Err(format!(
                    "`throttle` is the share of the capacity that is left, from 0 to below 1, not {share}"
                )
                .into());
            }
            Some(("slowdown", factor)) => Incident::Slowdown { lasts, factor: above_one("slowdown", factor)? },
            Some(("burst", factor)) => Incident::Burst { lasts, factor: above_one("burst", factor)? },
            Some((_, rate)) if rate > 0.0 && rate.is_finite() => Incident::Extra { lasts, rate },
            Some((_, rate)) => return Err(format!("`extra` must be above 0 /s, not {rate}").into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_one_incident() {
        let outage = Parts { outage: Some(720.0), ..Parts::default() };
        assert_eq!(outage.incident(), Ok(Some(Incident::Outage { lasts: 720.0, requeue: false })));
        let throttle = Parts { throttle: Some(0.4), ..outage };
        assert_eq!(throttle.incident(), Ok(Some(Incident::Throttle { lasts: 720.0, share: 0.4 })));
        let burst = Parts { burst: Some(3.0), lasts: Some(15.0), ..Parts::default() };
        assert_eq!(burst.incident(), Ok(Some(Incident::Burst { lasts: 15.0, factor: 3.0 })));
        assert_eq!(Parts::default().incident(), Ok(None));
    }

    #[test]
    fn contradictions_and_gaps_are_refused() {
        let outage = Parts { outage: Some(720.0), ..Parts::default() };
        let wrong = [
            Parts { outage: Some(0.0), ..outage },
            Parts { lasts: Some(5.0), ..outage },
            Parts { burst: Some(3.0), ..outage },
            Parts { from: Some(1.0), ..outage },
            Parts { throttle: Some(1.0), ..outage },
            Parts { throttle: Some(f64::NAN), ..outage },
            Parts { throttle: Some(0.5), slowdown: Some(2.0), ..outage },
            Parts { lasts: Some(5.0), ..Parts::default() },
            Parts { burst: Some(3.0), ..Parts::default() },
            Parts { burst: Some(0.5), lasts: Some(5.0), ..Parts::default() },
            Parts { from: Some(5.0), until: Some(5.0), ..Parts::default() },
            Parts { requeue: true, ..Parts::default() },
        ];
        wrong.iter().for_each(|parts| assert!(parts.incident().is_err(), "{parts:?}"));
    }
}
