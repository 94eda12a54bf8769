//! Lowers `[run]`: lengths, replications, warm-up. The defaults that depend on the rest of
//! the model are chosen here.

use super::reader::Node;
use super::section::Section;
use super::targets;
use crate::diag::{Diagnostic, code};
use crate::model::{Entities, Precision, RunLength, RunSettings, Warmup};
use crate::units::format_duration;
use std::ops::Range;

/// Keys of `[run]`.
pub(super) const RUN: &[&str] = &[
    "messages",
    "horizon",
    "drained",
    "replications",
    "max_replications",
    "precision",
    "warmup",
    "seed",
    "level",
    "quantiles",
];

/// Most replications of a run.
const MOST_REPLICATIONS: u64 = 100_000;

/// What the settings depend on.
pub(super) struct Nature {
    /// A producer that never stops, and where it says so; `None`: every source ends by itself.
    pub endless: Option<(String, Range<usize>)>,
    /// Something is drawn at random.
    pub random: bool,
    /// Something holds for a while only.
    pub disrupted: bool,
}

/// The settings where the file says nothing: finite sources are run until they are drained,
/// which is a transient, as is a run with disruptions; a model without randomness needs one
/// replication.
pub(super) fn defaults(nature: &Nature) -> RunSettings {
    let plain = RunSettings::default();
    let finite = nature.endless.is_none();
    RunSettings {
        length: if finite { RunLength::Drained } else { plain.length },
        warmup: if finite || nature.disrupted { Warmup::None } else { plain.warmup },
        replications: if nature.random { plain.replications } else { 1 },
        ..plain
    }
}

/// Whether a `[run]` section says how long a run is.
pub(super) fn has_length(node: &Node<'_>) -> bool {
    ["messages", "horizon"].into_iter().any(|key| node.value.get(key).is_some())
}

/// A number of replications: each is kept until the end.
fn replication_count(node: &Node<'_>) -> Option<u32> {
    node.whole(1, MOST_REPLICATIONS).and_then(|n| u32::try_from(n).ok())
}

/// The settings of a `[run]` section.
pub(super) fn run(node: &Node<'_>, nature: &Nature, entities: &Entities) -> Option<RunSettings> {
    let section = node.section("`[run]`", RUN)?;
    let plain = defaults(nature);
    let length = length(&section, plain.length, nature);
    let replications = section.or("replications", plain.replications, replication_count);
    let max_replications = section.maybe("max_replications", replication_count);
    let precision = section.maybe("precision", |node| precision(node, entities));
    let warmup = section.maybe("warmup", warmup);
    let seed = section.or("seed", plain.seed, |n| n.whole(0, u64::MAX));
    let level = section.or("level", plain.level, Node::open_probability);
    let quantiles = section.or("quantiles", plain.quantiles, quantiles);
    if !section.has("precision") {
        section.unused("max_replications", "without `precision` exactly `replications` are run");
    }
    let length = length?;
    let transient = length == RunLength::Drained || nature.disrupted;
    let warmup = warmup?.unwrap_or(if transient { Warmup::None } else { Warmup::Auto });
    check_warmup(&section, length, warmup)?;
    Some(RunSettings {
        length,
        replications: replications?,
        max_replications: most(&section, replications?, max_replications?)?,
        precision: precision?,
        warmup,
        seed: seed?,
        level: level?,
        quantiles: quantiles?,
        demanded: Vec::new(),
        side_by_side: false,
    })
}

/// Smallest relative half-width that may be wished for: a millionth takes some 10^13 independent messages, years of computing.
const FINEST: f64 = 1e-6;

fn precision_share(node: &Node<'_>) -> Option<f64> {
    let share = node.open_probability()?;
    node.require(share >= FINEST, "be 0.0001 % or more: finer takes years of computing")?;
    Some(share)
}

/// A share for all means, or one for each of some quantities.
fn precision(node: &Node<'_>, entities: &Entities) -> Option<Precision> {
    if !node.value.is_table() {
        return precision_share(node).map(Precision::Means);
    }
    let one = |entry: &Node<'_>| Some((targets::quantity(entry, entities)?, precision_share(entry)?));
    let each = node.each_entry(one)?;
    node.require(!each.is_empty(), "name a quantity, as `\"orders.wait.p99\" = \"2%\"`")?;
    Some(Precision::Each(each))
}

fn length(section: &Section<'_>, default: RunLength, nature: &Nature) -> Option<RunLength> {
    let given: Vec<&'static str> = ["messages", "horizon", "drained"].into_iter().filter(|k| section.has(k)).collect();
    match given[..] {
        [] => Some(default),
        ["messages"] => section.need("messages", |n| n.whole(1, u64::MAX)).map(RunLength::Messages),
        ["horizon"] => section.need("horizon", Node::positive_duration).map(RunLength::Horizon),
        ["drained"] => section.need("drained", |n| drained(n, default, nature)),
        [first, second, ..] => section.conflict(first, second),
        [_] => None,
    }
}

fn drained(node: &Node<'_>, default: RunLength, nature: &Nature) -> Option<RunLength> {
    if !node.flag()? {
        return Some(if default == RunLength::Drained { RunSettings::default().length } else { default });
    }
    let Some((name, place)) = &nature.endless else { return Some(RunLength::Drained) };
    let message = format!("the run would never end: producer `{name}` never stops");
    let found = Diagnostic::error(code::NEVER_DRAINS, message, node.key.clone(), "").also(place.clone(), "no end");
    node.cx.report(found.help("use `messages = 100_000` or `horizon = \"1h\"`"));
    None
}

fn warmup(node: &Node<'_>) -> Option<Warmup> {
    match node.value.as_str() {
        Some("auto") => Some(Warmup::Auto),
        Some("none") => Some(Warmup::None),
        Some(word) if word.starts_with(char::is_alphabetic) => {
            node.only_word("none", Warmup::None, "a duration such as `30s`, `\"auto\"`")
        }
        _ => node.duration().map(Warmup::Time),
    }
}

fn check_warmup(section: &Section<'_>, length: RunLength, warmup: Warmup) -> Option<()> {
    let (RunLength::Horizon(horizon), Warmup::Time(cut)) = (length, warmup) else { return Some(()) };
    if cut < horizon {
        return Some(());
    }
    let (cut, horizon) = (format_duration(cut), format_duration(horizon));
    let message = format!("a warm-up of {cut} leaves nothing of a run of {horizon}");
    let (warmup, length) = (section.get("warmup")?, section.get("horizon")?);
    let found = Diagnostic::error(code::WARMUP_TOO_LONG, message, warmup.place(), "cut off");
    section.node.cx.report(found.also(length.place(), "the whole run"));
    None
}

fn most(section: &Section<'_>, least: u32, written: Option<u32>) -> Option<u32> {
    let Some(most) = written else { return Some(RunSettings::default().max_replications.max(least)) };
    if let Some(node) = section.get("max_replications") {
        node.require(most >= least, &format!("be at least `replications` = {least}"))?;
    }
    Some(most)
}

fn quantiles(node: &Node<'_>) -> Option<Vec<f64>> {
    let mut quantiles = node.each(Node::open_probability)?;
    quantiles.sort_by(f64::total_cmp);
    quantiles.dedup();
    Some(quantiles)
}
