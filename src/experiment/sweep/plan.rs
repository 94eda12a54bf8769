//! The plan of a sweep: its points in order, each with its settings, its seed and whether it can be
//! run. Every point's model is parsed before any is simulated. A plan depends on texts only, so equal
//! studies have equal plans on every machine, and shards of a study have the same plan.

use super::draft::{PointDraft, draft};
use super::expand::count;
use super::paths;
use super::request::{SweepRefusal, SweepRequest, said, sha256};
use crate::experiment::point::Point;
use crate::model::study::SweepBlock;
use crate::model::study::sweep::{Literal, Seeds, SweepAxis};
use crate::model::{self, Model};
use crate::row::Demand;
use crate::units::TextError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use toml_edit::DocumentMut;

/// The schema name of a plan.
pub const PLAN_SCHEMA: &str = "lindley/plan/2";

/// What a sweep consists of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`PLAN_SCHEMA`].
    pub schema: String,
    /// Version of lindley: another one may yield other numbers.
    pub version: String,
    /// Name of the model.
    pub name: String,
    /// SHA-256 of the text of the model before any setting.
    pub model_hash: String,
    /// The study with everything that was set: sweeping it again gives this plan.
    pub study: String,
    /// SHA-256 of each data file.
    pub files: BTreeMap<String, String>,
    /// The blocks.
    pub blocks: Vec<BlockPlan>,
    /// What the model demands.
    pub targets: Vec<Demand>,
    /// Points left out because they are the same as earlier ones.
    pub repeated: u64,
    /// Points left out because they have no steady state (`on_unstable = "skip"`).
    pub skipped: u64,
    /// The points, in order.
    pub points: Vec<Planned>,
}

/// One block of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockPlan {
    /// Name.
    pub name: String,
    /// Points, repetitions included.
    pub points: u64,
    /// Whether points share their streams: `common` or `independent`.
    pub seeds: String,
}

/// One point of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// The point, as far as it is known before it is run.
    pub point: Point,
    /// Master seed of its replications.
    pub seed: u64,
    /// Its replications; with a precision, the least number.
    pub replications: u32,
    /// Whether it is to be run.
    pub run: bool,
    /// What is written into the text of the model, as TOML.
    pub changes: Vec<(String, Literal)>,
}

impl SweepRequest<'_> {
    /// The model of a planned point.
    ///
    /// # Errors
    ///
    /// The mistakes of its text.
    pub fn model_of(&self, planned: &Planned) -> Result<Model, TextError> {
        let text = self.text_of(&planned.changes)?;
        Ok(model::parse(self.file, &text, &|name| (self.files)(name)).map_err(|found| said(&found))?.0)
    }
}

impl Plan {
    /// Every path that some point sets, in order of first mention.
    pub fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = Vec::new();
        for setting in self.points.iter().flat_map(|p| &p.point.settings) {
            if !paths.contains(&setting.path.as_str()) {
                paths.push(&setting.path);
            }
        }
        paths
    }

    /// How this plan differs from an earlier one.
    pub fn differences(&self, earlier: &Plan) -> Vec<PlanDifference> {
        let compare = |part, old: String, new: String| {
            (old != new).then_some(PlanDifference::Changed { part, before: old, now: new })
        };
        let replications = |plan| range(plan, |p| p.replications.into());
        let parts = [
            compare(PlanPart::Version, earlier.version.clone(), self.version.clone()),
            compare(PlanPart::Points, earlier.points.len().to_string(), self.points.len().to_string()),
            compare(PlanPart::Blocks, names(earlier), names(self)),
            compare(PlanPart::Paths, earlier.paths().join(", "), self.paths().join(", ")),
            compare(PlanPart::Replications, replications(earlier), replications(self)),
            compare(PlanPart::Seed, range(earlier, |p| p.seed), range(self, |p| p.seed)),
            (earlier.model_hash != self.model_hash).then_some(PlanDifference::Text),
            (earlier.files != self.files).then_some(PlanDifference::Files),
        ];
        let found: Vec<PlanDifference> = parts.into_iter().flatten().collect();
        if found.is_empty() && earlier != self { vec![PlanDifference::Values] } else { found }
    }
}

/// One way in which two plans differ; report says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanDifference {
    /// A part that can be shown.
    Changed {
        /// Which part.
        part: PlanPart,
        /// What it was.
        before: String,
        /// What it is.
        now: String,
    },
    /// The text of the model.
    Text,
    /// Data files.
    Files,
    /// The values of points, and nothing else.
    Values,
}

/// A part of a plan that can be shown in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPart {
    /// Version of lindley.
    Version,
    /// Number of points.
    Points,
    /// Names of the blocks.
    Blocks,
    /// What is set.
    Paths,
    /// Replications of a point.
    Replications,
    /// Seeds.
    Seed,
}

fn names(plan: &Plan) -> String {
    plan.blocks.iter().map(|b| format!("{} ({})", b.name, b.seeds)).collect::<Vec<_>>().join(", ")
}

fn range(plan: &Plan, of: fn(&Planned) -> u64) -> String {
    let values = || plan.points.iter().filter(|p| p.run).map(of);
    match (values().min(), values().max()) {
        (Some(low), Some(high)) if low != high => format!("{low} to {high}"),
        (Some(low), _) => low.to_string(),
        _ => "none".to_string(),
    }
}

/// Plans a sweep: counts, expands, and checks the model of every point.
///
/// # Errors
///
/// Too many points, paths that the model does not have, points whose model is wrong.
pub fn plan(request: &SweepRequest<'_>) -> Result<Plan, SweepRefusal> {
    check_counts(request.blocks)?;
    let text = without_questions(request.text);
    let request = &SweepRequest { text: &text, ..*request };
    check_paths(request)?;
    let mut drafts: Vec<PointDraft> = Vec::new();
    for block in request.blocks {
        drafts.extend(draft(request, block)?);
    }
    refuse_wrong(request, &drafts)?;
    assemble(request, drafts)
}

/// Refuses more points than a block allows, before making any.
fn check_counts(blocks: &[SweepBlock]) -> Result<(), SweepRefusal> {
    for block in blocks {
        let counted = count(block);
        if counted.is_none_or(|n| n > block.max_points) {
            return Err(SweepRefusal::TooMany { block: block.name.clone(), counted, most: block.max_points });
        }
    }
    Ok(())
}

/// The model alone: what a study asks is no part of its points.
fn without_questions(text: &str) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_string() };
    for section in ["study", "sweep", "size", "drain"] {
        document.remove(section);
    }
    document.to_string()
}

/// Every axis and parameter must name a value that the model has, or could have.
fn check_paths(request: &SweepRequest<'_>) -> Result<(), SweepRefusal> {
    let first = |axis: &SweepAxis| (axis.path.clone(), axis.values.at(0), axis.place.clone());
    let mut found = Vec::new();
    for block in request.blocks {
        let axes = block.grid.iter().chain(block.zip.iter().flat_map(|zip| &zip.axes)).map(first);
        let drawn = block.sample.iter().flat_map(|sample| &sample.params);
        let drawn = drawn.map(|p| (p.path.clone(), p.law.at(0.5), p.place.clone()));
        let faults =
            axes.chain(drawn).filter_map(|(p, value, at)| paths::fault(request.text, request.files, &p, &value, at));
        found.extend(faults);
    }
    if found.is_empty() { Ok(()) } else { Err(SweepRefusal::Study(found)) }
}

/// Refuses a study some of whose points are wrong, showing the first of them.
fn refuse_wrong(request: &SweepRequest<'_>, drafts: &[PointDraft]) -> Result<(), SweepRefusal> {
    let Some(first) = drafts.iter().find(|draft| draft.wrong) else { return Ok(()) };
    let text = request.text_of(&first.changes)?;
    let found = model::parse(request.file, &text, &|name| (request.files)(name)).err().unwrap_or_default();
    let settings: Vec<String> = first.point.settings.iter().map(|s| format!("{} = {}", s.path, s.value)).collect();
    let points = drafts.iter().filter(|draft| draft.wrong).count() as u64;
    Err(SweepRefusal::Point { settings: settings.join(", "), text, found, points })
}

/// Leaves out repetitions and what is to be skipped, and numbers the rest.
fn assemble(request: &SweepRequest<'_>, drafts: Vec<PointDraft>) -> Result<Plan, SweepRefusal> {
    let mut ids: HashMap<String, String> = HashMap::new();
    let (mut points, mut repeated, mut skipped) = (Vec::new(), 0, 0);
    let targets = drafts.iter().map(|d| &d.targets).find(|targets| !targets.is_empty()).cloned().unwrap_or_default();
    for mut draft in drafts {
        if draft.skip {
            skipped += 1;
            continue;
        }
        match ids.insert(draft.point.id.clone(), draft.hash.clone()) {
            None => {}
            Some(hash) if hash == draft.hash => {
                repeated += 1;
                continue;
            }
            Some(_) => {
                return Err(SweepRefusal::SameId(draft.point.id));
            }
        }
        draft.point.index = points.len() as u32;
        let PointDraft { point, seed, replications, run, changes, .. } = draft;
        points.push(Planned { point, seed, replications, run, changes });
    }
    Ok(Plan {
        schema: PLAN_SCHEMA.to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        name: name(request),
        model_hash: sha256(request.text.as_bytes()),
        study: String::new(),
        files: BTreeMap::new(),
        blocks: request.blocks.iter().map(block_plan).collect(),
        targets,
        repeated,
        skipped,
        points,
    })
}

fn block_plan(block: &SweepBlock) -> BlockPlan {
    let seeds = if block.seeds == Seeds::Common { "common" } else { "independent" };
    BlockPlan { name: block.name.clone(), points: count(block).unwrap_or(0), seeds: seeds.to_string() }
}

/// The name of the model, whether or not it is complete without settings.
fn name(request: &SweepRequest<'_>) -> String {
    let document = request.text.parse::<DocumentMut>().ok();
    let given = document.as_ref().and_then(|d| d.get("model")?.get("name")?.as_str());
    let stem = request.file.rsplit(['/', '\\']).next().unwrap_or(request.file);
    given.unwrap_or(stem.strip_suffix(".toml").unwrap_or(stem)).to_string()
}
