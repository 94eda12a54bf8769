//! Lowers `[[sweep]]` blocks: their settings, and what the axes and laws are made of (`axis`).

use super::axis;
use crate::diag::{Diagnostic, code};
use crate::model::file::reader::Node;
use crate::model::file::section::Section;
use crate::model::study::sweep::{MAX_POINTS, OnUnstable, Param, SampleMethod, Seeds, SweepBlock, SweepSample, Zip};

/// Keys of a block.
pub(in crate::model::file) const BLOCK: &[&str] =
    &["name", "replications", "seed", "seeds", "max_points", "on_unstable", "grid", "zip", "sample"];
/// Keys of `[sweep.sample]`.
pub(in crate::model::file) const SAMPLE: &[&str] = &["method", "n", "params"];

const SEEDS: [(&str, Seeds); 2] = [("common", Seeds::Common), ("independent", Seeds::Independent)];
const UNSTABLE: [(&str, OnUnstable); 3] =
    [("mark", OnUnstable::Mark), ("run", OnUnstable::Run), ("skip", OnUnstable::Skip)];
const METHODS: [(&str, SampleMethod); 3] =
    [("random", SampleMethod::Random), ("lhs", SampleMethod::LatinHypercube), ("sobol", SampleMethod::Sobol)];

/// Most parameters of a Sobol sequence: direction numbers are known for so many dimensions.
const SOBOL_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;
/// Longest Sobol sequence.
const SOBOL_POINTS: u64 = 1 << 16;
/// Most seeds: those of TOML.
const SEED: u64 = i64::MAX as u64;

/// The blocks of `[[sweep]]`.
pub(super) fn sweeps(node: &Node<'_>) -> Option<Vec<SweepBlock>> {
    if node.value.is_table() {
        let message = "`sweep` is a table, but a list of tables is wanted";
        let found = Diagnostic::error(code::WRONG_TYPE, message, node.key.clone(), "");
        node.cx.report(found.help("write `[[sweep]]`, with two brackets"));
        return None;
    }
    node.each(block)
}

fn block(node: &Node<'_>) -> Option<SweepBlock> {
    let section = node.section("`[[sweep]]`", BLOCK)?;
    let name = section.or("name", "sweep", Node::text);
    let replications = section.maybe("replications", |n| n.count(1));
    let seed = section.maybe("seed", |n| n.whole(0, SEED));
    let seeds = section.or("seeds", Seeds::Common, |n| n.one_of(&SEEDS));
    let max_points = section.or("max_points", MAX_POINTS, |n| n.whole(1, u64::from(u32::MAX)));
    let on_unstable = section.or("on_unstable", OnUnstable::Mark, |n| n.one_of(&UNSTABLE));
    let grid = section.or("grid", Vec::new(), |n| n.each_entry(axis::axis));
    let zip = section.or("zip", Vec::new(), |n| n.each_entry(group));
    let sample = section.maybe("sample", sample);
    if ["grid", "zip", "sample"].iter().all(|key| !section.has(key)) {
        let needed = "it needs `[sweep.grid]`, `[sweep.zip.NAME]` or `[sweep.sample]`";
        return section.missing(&format!("`[[sweep]]` varies nothing: {needed}"));
    }
    let block = SweepBlock {
        name: name?.to_string(),
        replications: replications?,
        seed: seed?,
        seeds: seeds?,
        max_points: max_points?,
        on_unstable: on_unstable?,
        grid: grid?,
        zip: zip?,
        sample: sample?,
    };
    paths_differ(&section, &block)?;
    Some(block)
}

/// Every path of a block is set once.
fn paths_differ(section: &Section<'_>, block: &SweepBlock) -> Option<()> {
    let axes = block.grid.iter().chain(block.zip.iter().flat_map(|zip| &zip.axes));
    let mut paths: Vec<(&str, _)> = axes.map(|a| (a.path.as_str(), a.place.clone())).collect();
    paths.extend(block.sample.iter().flat_map(|s| &s.params).map(|p| (p.path.as_str(), p.place.clone())));
    for (i, (path, place)) in paths.iter().enumerate() {
        let Some((_, first)) = paths[..i].iter().find(|(earlier, _)| earlier == path) else { continue };
        let message = format!("`{path}` is swept twice in one block");
        let found = Diagnostic::error(code::CONFLICTING_KEYS, message, place.clone(), "only one of them is possible");
        section.node.cx.report(found.also(first.clone(), "first one here"));
        return None;
    }
    Some(())
}

fn group(node: &Node<'_>) -> Option<Zip> {
    let axes = node.each_entry(axis::axis)?;
    let Some(first) = axes.first() else {
        return node.refuse(code::MISSING_KEY, format!("the group `{}` is empty", node.name), "");
    };
    for other in &axes[1..] {
        let (a, b) = (first.values.count(), other.values.count());
        if a != b {
            let message = format!("in lockstep, but `{}` has {a} values and `{}` has {b}", first.path, other.path);
            let found = Diagnostic::error(code::OUT_OF_RANGE, message, other.place.clone(), format!("{b} values"));
            node.cx.report(found.also(first.place.clone(), format!("{a} values")));
            return None;
        }
    }
    Some(Zip { name: node.name.to_string(), axes })
}

fn sample(node: &Node<'_>) -> Option<SweepSample> {
    let section = node.section("`[sweep.sample]`", SAMPLE)?;
    let method = section.need("method", |n| n.one_of(&METHODS));
    let n = section.need("n", |n| n.whole(1, u64::MAX));
    let params = section.need("params", params);
    let sample = SweepSample { method: method?, n: n?, params: params? };
    if sample.method == SampleMethod::Sobol {
        let dimensions = format!("have at most {SOBOL_DIMENSIONS} parameters with `sobol`");
        section.get("params")?.require(sample.params.len() <= SOBOL_DIMENSIONS, &dimensions)?;
        section.get("n")?.require(sample.n <= SOBOL_POINTS, &format!("be at most {SOBOL_POINTS} with `sobol`"))?;
    }
    Some(sample)
}

fn params(node: &Node<'_>) -> Option<Vec<Param>> {
    let one = |entry: &Node<'_>| {
        let path = axis::path(entry);
        let law = axis::law(entry);
        Some(Param { path: path?, place: entry.key.clone(), law: law? })
    };
    let params = node.each_entry(one)?;
    if params.is_empty() {
        return node.refuse(code::MISSING_KEY, "`params` names no parameter", "");
    }
    Some(params)
}
