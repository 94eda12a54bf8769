//! The points of a block before repetitions are left out: each with its settings, its seed, its id, and
//! what the parser says of its model.

use super::expand::{count, settings};
use super::paths::LABEL;
use super::request::{SweepRefusal, SweepRequest, model_seed, said, sha256};
use super::sample::Draws;
use crate::diag::{Diagnostic, Severity, code};
use crate::experiment::point::{Point, Remark, Setting, Status};
use crate::model::study::SweepBlock;
use crate::model::study::sweep::{Literal, OnUnstable, Seeds};
use crate::model::{self, Model, value_of};
use crate::row::Demand;
use crate::units::TextError;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// Hexadecimal digits of the id of a point.
const ID: usize = 12;

/// A point before repetitions are left out.
pub(super) struct PointDraft {
    pub point: Point,
    pub hash: String,
    pub seed: u64,
    pub replications: u32,
    pub changes: Vec<(String, Literal)>,
    pub skip: bool,
    pub run: bool,
    /// The mistakes of its model, where they are the study's.
    pub wrong: bool,
    pub targets: Vec<Demand>,
}

/// The points of a block, checked in parallel.
pub(super) fn draft(request: &SweepRequest<'_>, block: &SweepBlock) -> Result<Vec<PointDraft>, SweepRefusal> {
    let seed = block.seed.unwrap_or_else(|| model_seed(request.text));
    let draws = Draws::of(block, seed);
    // The count has been accepted.
    let points = 0..count(block).unwrap_or(0);
    let one = |k: u64| draft_point(request, block, settings(block, &draws, k));
    Ok(points.into_par_iter().map(one).collect::<Result<Vec<_>, _>>()?)
}

fn draft_point(
    request: &SweepRequest<'_>,
    block: &SweepBlock,
    settings: Vec<(String, Literal)>,
) -> Result<PointDraft, TextError> {
    let mut changes = Vec::new();
    changes.extend(block.replications.map(|n| ("run.replications".to_string(), n.to_string())));
    changes.extend(block.seed.map(|seed| ("run.seed".to_string(), seed.to_string())));
    changes.extend(settings.iter().filter(|(path, _)| !path.starts_with(LABEL)).cloned());
    let mut text = request.text_of(&changes)?;
    if block.seeds == Seeds::Independent {
        changes.push(("run.seed".to_string(), own_seed(&text).to_string()));
        text = request.text_of(&changes)?;
    }
    let mut checked = check(request, &text);
    let unstable = checked.status == Status::Unstable;
    if unstable && block.on_unstable == OnUnstable::Run {
        changes.push(("run.warmup".to_string(), "\"none\"".to_string()));
        text = request.text_of(&changes)?;
        let message = checked.message.map(|why| format!("{why}; {}", Remark::RunWithoutWarmup));
        checked = Checked { status: Status::Unstable, message, ..check(request, &text) };
    }
    let hash = sha256(text.as_bytes());
    Ok(PointDraft {
        seed: checked.model.as_ref().map_or_else(|| model_seed(&text), |model| model.run.seed),
        replications: checked.model.as_ref().map_or(0, |model| model.run.replications),
        run: checked.model.is_some(),
        skip: unstable && block.on_unstable == OnUnstable::Skip,
        wrong: checked.wrong,
        targets: checked.model.as_ref().map(|model| model.targets.clone()).unwrap_or_default(),
        point: Point {
            id: hash[..ID].to_string(),
            index: 0,
            block: block.name.clone(),
            settings: settings.iter().map(setting).collect(),
            status: checked.status,
            message: checked.message,
        },
        hash,
        changes,
    })
}

/// A seed of its own for the point of that text, within what TOML can write.
fn own_seed(text: &str) -> u64 {
    let digest = Sha256::digest(["lindley point 1\n", text].concat());
    let bytes = digest.iter().take(8).fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
    bytes >> 1
}

fn setting((path, literal): &(String, Literal)) -> Setting {
    use toml_edit::Value;
    let value = match value_of(literal) {
        Value::Integer(x) => (*x.value()).into(),
        Value::Float(x) => (*x.value()).into(),
        Value::Boolean(x) => (*x.value()).into(),
        Value::String(x) => x.value().as_str().into(),
        other => other.to_string().trim().into(),
    };
    Setting { path: path.clone(), value }
}

/// What the parser says of the model of a point.
struct Checked {
    model: Option<Model>,
    status: Status,
    message: Option<String>,
    wrong: bool,
}

/// Mistakes that the study makes, not the system: they are refused before anything runs.
const WRONG: [&str; 10] = [
    code::SYNTAX,
    code::WRONG_TYPE,
    code::WRONG_UNIT,
    code::OUT_OF_RANGE,
    code::UNKNOWN_KEY,
    code::UNKNOWN_VALUE,
    code::UNKNOWN_QUEUE,
    code::MISSING_KEY,
    code::CONFLICTING_KEYS,
    code::UNSUPPORTED,
];

fn check(request: &SweepRequest<'_>, text: &str) -> Checked {
    let found = match model::parse(request.file, text, &|name| (request.files)(name)) {
        Ok((model, _)) => return Checked { model: Some(model), status: Status::Ok, message: None, wrong: false },
        Err(found) => found,
    };
    let errors: Vec<&Diagnostic> = found.iter().filter(|d| d.severity == Severity::Error).collect();
    let unstable = errors.iter().all(|d| matches!(d.code, code::UNSTABLE_QUEUE | code::INFINITE_MEAN));
    let wrong = errors.iter().any(|d| WRONG.contains(&d.code));
    let status = if unstable { Status::Unstable } else { Status::Failed };
    Checked { model: None, status, message: Some(said(&found)), wrong }
}
