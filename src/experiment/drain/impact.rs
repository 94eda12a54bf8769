//! What disruptions do to a queue as a fluid: how much of its capacity is left at an instant, how much more arrives.

use crate::model::{Effect, Model};

/// One disruption, as a queue feels it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Impact {
    /// Begin, seconds.
    pub from: f64,
    /// End, seconds.
    pub until: f64,
    /// What it does.
    pub kind: ImpactKind,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ImpactKind {
    /// Servers are down.
    Down {
        /// The share of the capacity that they are.
        share: f64,
        /// Whether it is a number of servers, whatever the number of all.
        fixed: bool,
    },
    /// Services take longer.
    Slowed {
        /// The share of the capacity that is left.
        left: f64,
    },
    /// More messages arrive.
    More {
        /// Messages per second.
        rate: f64,
    },
}

impl Impact {
    /// The same where there are `grown` times the servers.
    pub(crate) fn of_servers(self, grown: f64) -> Impact {
        let kind = match self.kind {
            ImpactKind::Down { share, fixed: true } => {
                ImpactKind::Down { share: (share / grown).min(1.0), fixed: true }
            }
            other => other,
        };
        Impact { kind, ..self }
    }

    fn holds(&self, t: f64) -> bool {
        t >= self.from && t < self.until
    }
}

impl ImpactKind {
    /// The same where it strikes only that part of the capacity.
    pub(crate) fn of_part(self, part: f64) -> ImpactKind {
        match self {
            ImpactKind::Down { share, fixed } => ImpactKind::Down { share: part * share, fixed },
            ImpactKind::Slowed { left } => ImpactKind::Slowed { left: 1.0 - part * (1.0 - left) },
            ImpactKind::More { rate } => ImpactKind::More { rate },
        }
    }
}

/// Share of the capacity that is down at an instant: servers that are down add up.
fn down(impacts: &[Impact], holds: impl Fn(&Impact) -> bool) -> f64 {
    let share = |impact: &Impact| match impact.kind {
        ImpactKind::Down { share, .. } => share,
        ImpactKind::Slowed { .. } | ImpactKind::More { .. } => 0.0,
    };
    impacts.iter().filter(|impact| holds(impact)).map(share).sum::<f64>().min(1.0)
}

/// Share of the capacity that is left at an instant: slowdowns multiply.
pub(crate) fn left(impacts: &[Impact], t: f64) -> f64 {
    let pace = |impact: &Impact| match impact.kind {
        ImpactKind::Slowed { left } => left,
        ImpactKind::Down { .. } | ImpactKind::More { .. } => 1.0,
    };
    let now = |impact: &Impact| impact.holds(t);
    (1.0 - down(impacts, now)) * impacts.iter().filter(|impact| now(impact)).map(pace).product::<f64>()
}

/// Further arrivals per second at an instant.
pub(crate) fn extra(impacts: &[Impact], t: f64) -> f64 {
    let rate = |impact: &Impact| match impact.kind {
        ImpactKind::More { rate } => rate,
        ImpactKind::Down { .. } | ImpactKind::Slowed { .. } => 0.0,
    };
    impacts.iter().filter(|impact| impact.holds(t)).map(rate).sum()
}

/// Share of the servers that come back at an instant.
pub(crate) fn returned(impacts: &[Impact], t: f64) -> f64 {
    let before = down(impacts, |impact| impact.from < t && t <= impact.until);
    (before - down(impacts, |impact| impact.holds(t))).max(0.0)
}

/// What the disruptions of a model do to a queue; `part` is the share of the capacity that a consumer of it has,
/// `reach` that of a producer's messages that come to it.
pub(crate) fn of_model(
    model: &Model,
    part: &dyn Fn(usize) -> f64,
    reach: &dyn Fn(usize) -> f64,
    servers: &dyn Fn(usize) -> Option<u32>,
) -> Vec<Impact> {
    let kind = |effect: &Effect| match *effect {
        Effect::ServersDown { consumer, servers: None, .. } => {
            ImpactKind::Down { share: 1.0, fixed: false }.of_part(part(consumer))
        }
        Effect::ServersDown { consumer, servers: Some(down), .. } => {
            let share = f64::from(down) / f64::from(servers(consumer).unwrap_or(down).max(1));
            ImpactKind::Down { share: share.min(1.0), fixed: true }.of_part(part(consumer))
        }
        Effect::Slowdown { consumer, factor } => ImpactKind::Slowed { left: 1.0 / factor }.of_part(part(consumer)),
        Effect::Burst { producer, rate } => ImpactKind::More { rate: rate * reach(producer) },
    };
    let all = model.disruptions.iter();
    all.map(|d| Impact { from: d.at, until: d.at + d.lasts, kind: kind(&d.effect) }).collect()
}
