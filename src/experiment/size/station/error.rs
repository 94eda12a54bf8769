//! Why a station cannot be sized.

use super::free::Free;
use crate::analytic::plan::{NoPlan, RefusedMethod, StationPlan};
use crate::row::{Contradiction, Demand, Quantity};
use crate::units::{format_duration, format_quantity};

/// Most refused methods that are shown.
const SHOWN: usize = 6;

/// Why a station could not be sized.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// No system at all meets this target: the least that it can be, seconds.
    #[error("{target} is impossible: the service alone takes {} by that measure", format_duration(*.least))]
    Impossible {
        /// The target.
        target: Box<Demand>,
        /// The service by the same measure, seconds.
        least: f64,
    },
    /// Targets contradict one another.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// No method solves the station: its name, and why.
    #[error("no method here solves {0}:\n  {reasons}", reasons = reasons(.1).join("\n  "))]
    NoMethod(String, NoPlan),
    /// No method that solves the station gives what a target speaks of.
    #[error("no method here gives {quantity} of {station} ({plan}); write it as a model file, and simulation decides")]
    NotGiven {
        /// What the target speaks of.
        quantity: Box<Quantity>,
        /// Name of the station.
        station: String,
        /// What solves it.
        plan: Box<StationPlan>,
    },
    /// There is no steady state at any value.
    #[error("nothing meets {}: {why}", joined(.targets))]
    Unstable {
        /// What must hold.
        targets: Vec<Demand>,
        /// Why there is none.
        why: NoPlan,
    },
    /// The targets are missed at every value.
    #[error("no {} meets {}: with {at} {} {}", number_of(*.free), joined(.targets), .free.noun(), reached(.targets, .values))]
    Missed {
        /// What must hold.
        targets: Vec<Demand>,
        /// What is free.
        free: Free,
        /// The value nearest to meeting them.
        at: f64,
        /// What the targets speak of at that value.
        values: Vec<Option<f64>>,
    },
}

impl Unanswered {
    /// Whether the question makes sense and the answer is that no value meets the targets.
    pub(crate) fn is_no(&self) -> bool {
        match self {
            Unanswered::Unstable { .. } | Unanswered::Missed { .. } => true,
            Unanswered::Impossible { .. } | Unanswered::Contradiction(_) => false,
            Unanswered::NoMethod(..) | Unanswered::NotGiven { .. } => false,
        }
    }
}

fn joined(targets: &[Demand]) -> String {
    targets.iter().map(Demand::to_string).collect::<Vec<_>>().join(" and ")
}

fn number_of(free: Free) -> String {
    match free {
        Free::Servers | Free::Both | Free::Places => format!("number of {}", free.noun()),
        Free::Rate => free.noun().to_string(),
    }
}

fn reached(targets: &[Demand], values: &[Option<f64>]) -> String {
    let said = |(target, value): (&Demand, &Option<f64>)| {
        let value = value.map(|v| format_quantity(v, target.quantity.unit()));
        format!("{} is {}", target.quantity, value.unwrap_or_default())
    };
    targets.iter().zip(values).map(said).collect::<Vec<_>>().join(", ")
}

/// The reasons that say most.
fn reasons(none: &NoPlan) -> Vec<String> {
    match none {
        NoPlan::Invalid(reasons) => reasons.clone(),
        NoPlan::Unstable(_, why) => vec![why.to_string()],
        NoPlan::Unknown(refused) => refused.iter().take(SHOWN).map(RefusedMethod::to_string).collect(),
    }
}
