//! Which method solves a closed network: the exact ones where they can, else Linearizer.

use super::convolution::{MOST_VECTORS, convolution};
use super::linearizer::linearizer;
use super::mva::{MOST_STEPS, multi_server_mva, mva};
use super::network::{ClosedNetwork, ClosedSteady, Pace, too_large};
use super::schweitzer::bard_schweitzer;
use crate::analytic::Refusal;
use crate::row::Source;

/// Words by which a user chooses.
pub(super) const METHODS: &[&str] = &["auto", "mva", "convolution", "bard-schweitzer", "linearizer"];

/// A solution, what it is worth, and by which method.
pub(crate) type ClosedSolution = (ClosedSteady, Source, &'static str);

const CONVOLUTION: &str = "convolution (Buzen 1973)";
const MVA: &str = "exact mean value analysis (Reiser, Lavenberg 1980)";
const LINEARIZER: &str = "Linearizer (Chandy, Neuse 1982)";
const SCHWEITZER: &str = "Bard-Schweitzer mean value analysis";

fn dependent(network: &ClosedNetwork) -> bool {
    network.paces.iter().any(|pace| !pace.is_single() && *pace != Pace::Delay)
}

/// The network by the cheapest exact method.
pub(crate) fn exact(network: &ClosedNetwork) -> Result<ClosedSolution, Refusal> {
    let by_convolution = network.vectors() <= MOST_VECTORS && (network.classes() == 1 || dependent(network));
    if by_convolution {
        return Ok((convolution(network)?, Source::Exact, CONVOLUTION));
    }
    match mva(network) {
        Some(found) => Ok((found?, Source::Exact, MVA)),
        None => Err(too_large(network.vectors(), MOST_VECTORS)),
    }
}

/// The network by the method of that word; `auto` is exact where the network is small enough.
pub(crate) fn solve(network: &ClosedNetwork, method: &str) -> Result<ClosedSolution, Refusal> {
    match method {
        "mva" => by_mva(network),
        "convolution" => Ok((convolution(network)?, Source::Exact, CONVOLUTION)),
        "bard-schweitzer" => approximate(network, bard_schweitzer(network), SCHWEITZER),
        "linearizer" => approximate(network, linearizer(network), LINEARIZER),
        // Exact methods fail on large networks only.
        _ => exact(network)
            .or_else(|why| linearizer(network).map(|found| (found, Source::Approximation, LINEARIZER)).ok_or(why)),
    }
}

fn approximate(
    network: &ClosedNetwork,
    found: Option<ClosedSteady>,
    name: &'static str,
) -> Result<ClosedSolution, Refusal> {
    let speeds = network.paces.iter().position(|pace| matches!(pace, Pace::Rates(_))).unwrap_or(0) + 1;
    let why = || Refusal::Assumption(format!("node{speeds} has speeds of its own, which only convolution takes"));
    found.map(|found| (found, Source::Approximation, name)).ok_or_else(why)
}

fn by_mva(network: &ClosedNetwork) -> Result<ClosedSolution, Refusal> {
    if let Some(found) = mva(network) {
        return Ok((found?, Source::Exact, MVA));
    }
    let most = f64::from(network.populations.first().copied().unwrap_or(0));
    let servers = |pace: &Pace| if let Pace::Servers(c) = pace { f64::from(*c).min(most) } else { 1.0 };
    let multiple = network.paces.iter().filter(|pace| matches!(pace, Pace::Servers(c) if *c > 1)).count() as i32;
    let steps = most * network.paces.iter().map(servers).sum::<f64>() * 2.0_f64.powi(multiple);
    let found = if steps <= MOST_STEPS { multi_server_mva(network) } else { None };
    found.map(|found| (found, Source::Exact, "mean value analysis with several servers (Reiser 1981)")).ok_or_else(|| {
        let why = "mean value analysis takes stations of several servers for one class only, at most 12 of them, and no \
                   speeds of a station's own: `convolution` does";
        Refusal::Assumption(why.to_string())
    })
}
