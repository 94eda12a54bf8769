//! What is to be planned, and why it cannot be.

use super::paths::SweepFiles;
use crate::diag::{Diagnostic, Severity};
use crate::model::study::SweepBlock;
use crate::model::study::sweep::Literal;
use crate::model::{Change, RunSettings, overlay, value_of};
use crate::units::TextError;
use sha2::{Digest, Sha256};
use toml_edit::DocumentMut;

/// What to plan.
pub struct SweepRequest<'a> {
    /// Name of the model file.
    pub file: &'a str,
    /// Text of the model, with everything that is set for all points.
    pub text: &'a str,
    /// Reads data files.
    pub files: SweepFiles<'a>,
    /// The blocks.
    pub blocks: &'a [SweepBlock],
}

/// Why there is no plan.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SweepRefusal {
    /// Mistakes in the study, at places of its text.
    #[error("{}", said(.0))]
    Study(Vec<Diagnostic>),
    /// Mistakes in the model of a point.
    #[error("with {settings}: {}", said(.found))]
    Point {
        /// The settings.
        settings: String,
        /// The text of the model with them.
        text: String,
        /// The mistakes.
        found: Vec<Diagnostic>,
        /// How many points have mistakes.
        points: u64,
    },
    /// More points than a block allows.
    #[error(
        "block `{block}` has {} points, and max_points is {}: take fewer values, or raise max_points",
        counted.map_or("more than 2^64".to_string(), grouped), grouped(*.most)
    )]
    TooMany {
        /// The block.
        block: String,
        /// Its points; `None` beyond 2^64.
        counted: Option<u64>,
        /// Those that it may have.
        most: u64,
    },
    /// Two points of different models have that id.
    #[error("two points have the id {0}: take another seed")]
    SameId(String),
    /// A path leads through what is no table.
    #[error(transparent)]
    Path(#[from] TextError),
}

/// `1_000_000_000`, as TOML and people read it.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    groups.iter().map(|g| String::from_utf8_lossy(g)).collect::<Vec<_>>().join("_")
}

pub(super) fn sha256(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The seed that a model names, or the default one.
pub(super) fn model_seed(text: &str) -> u64 {
    let document = text.parse::<DocumentMut>().ok();
    let seed = document.as_ref().and_then(|d| d.get("run")?.get("seed")?.as_integer());
    seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or(RunSettings::default().seed)
}

/// The errors in one line.
pub(super) fn said(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| d.message.as_str()).collect::<Vec<_>>().join("; ")
}

impl SweepRequest<'_> {
    /// The text of the model of a point.
    ///
    /// # Errors
    ///
    /// A path that leads through what is no table.
    pub fn text_of(&self, changes: &[(String, Literal)]) -> Result<String, TextError> {
        let changes = changes.iter().map(|(path, value)| Change::at(path, value_of(value)));
        overlay(self.text, &changes.collect::<Result<Vec<_>, _>>()?)
    }
}
