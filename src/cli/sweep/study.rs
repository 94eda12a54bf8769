//! A study ready to be planned: the text of its model with everything that is set, its blocks, its
//! data files read once.

use super::typed;
use crate::cli::args::sweep::SweepArgs;
use crate::cli::failure::Failure;
use crate::cli::load::{self, ModelSource};
use crate::diag;
use crate::experiment::sweep::{Plan, SweepRefusal, SweepRequest, plan};
use crate::model::study::SweepBlock;
use crate::model::{self, overlay};
use crate::report::manifest::sha256;
use crate::units::TextError;
use std::collections::BTreeMap;
use std::sync::Mutex;
use toml_edit::{DocumentMut, Item};

/// What a data file holds, or why it cannot be read.
type DataFile = Result<Vec<u8>, TextError>;

/// A study as read.
pub(super) struct SweepStudy {
    source: ModelSource,
    /// The text in which the blocks stand, and what to call it.
    block_text: (String, String),
    text: String,
    blocks: Vec<SweepBlock>,
    settings: (Option<u32>, Option<u64>),
    data_files: Mutex<BTreeMap<String, DataFile>>,
}

impl SweepStudy {
    /// Reads the study that the options name.
    pub(super) fn read(args: &SweepArgs) -> Result<SweepStudy, Failure> {
        let source = load::source(&args.study)?;
        let typed = !args.sweep.is_empty() || !args.zip.is_empty();
        let block_text = match typed {
            true => ("the options --sweep and --zip".to_string(), typed::block(&args.sweep, &args.zip)?),
            false => (source.name.clone(), source.text.clone()),
        };
        let read = model::parse_study(&block_text.1);
        let file = load::report(read, &block_text.0, &block_text.1, args.settings.quiet)?;
        if file.sweeps.is_empty() {
            return Err(usage!("`{}` has no [[sweep]] block: add one, or say --sweep PATH=VALUES", source.name));
        }
        let changes = load::changes(&args.settings)?;
        let text = overlay(&source.model, &changes).map_err(|e| usage!("{}: {e}", source.name))?;
        let settings = (args.settings.replications, args.settings.seed);
        let mut blocks = file.sweeps;
        for block in &mut blocks {
            block.replications = settings.0.or(block.replications);
            block.seed = settings.1.or(block.seed);
        }
        Ok(SweepStudy { source, block_text, text, blocks, settings, data_files: Mutex::default() })
    }

    /// A data file, read once.
    fn data_file(&self, name: &str) -> DataFile {
        // A poisoned lock means that another thread failed while it read; the map is whole.
        let mut known = self.data_files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(name.to_string()).or_insert_with(|| self.source.data_file(name)).clone()
    }

    /// Does something with the request that the study amounts to.
    pub(super) fn with<T>(&self, run: impl FnOnce(&SweepRequest<'_>) -> T) -> T {
        let files = |name: &str| self.data_file(name);
        run(&SweepRequest { file: &self.source.model_name, text: &self.text, files: &files, blocks: &self.blocks })
    }

    /// Plans it; mistakes go to standard error.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        let mut plan = self.with(plan).map_err(|refusal| self.refused(refusal))?;
        plan.study = self.resolved();
        let known = self.data_files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let read = known.iter().filter_map(|(name, bytes)| Some((name.clone(), sha256(bytes.as_ref().ok()?))));
        plan.files = read.collect();
        Ok(plan)
    }

    fn refused(&self, refusal: SweepRefusal) -> Failure {
        match refusal {
            SweepRefusal::Study(found) => {
                load::eprint(&diag::render(&found, &self.block_text.0, &self.block_text.1, true));
                usage!("nothing was run: {} of the swept paths cannot be", found.len())
            }
            SweepRefusal::Point { settings, text, found, points } => {
                let name = format!("{} with {settings}", self.source.model_name);
                load::eprint(&diag::render(&found, &name, &text, true));
                let more = if points > 1 { format!(" ({points} points are wrong)") } else { String::new() };
                usage!("nothing was run: the model is wrong where {settings}{more}")
            }
            other => usage!("{other}"),
        }
    }

    /// The study in one file: the model with everything that is set, then the blocks.
    fn resolved(&self) -> String {
        let (Ok(mut model), Ok(mut block_text)) =
            (self.text.parse::<DocumentMut>(), self.block_text.1.parse::<DocumentMut>())
        else {
            return self.text.clone();
        };
        for section in ["study", "sweep", "size", "drain"] {
            model.remove(section);
        }
        let blocks = block_text.remove("sweep").and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
        let mut alone = DocumentMut::new();
        let mut blocks = blocks;
        for block in blocks.iter_mut() {
            if let Some(n) = self.settings.0 {
                block["replications"] = toml_edit::value(i64::from(n));
            }
            if let Some(seed) = self.settings.1.and_then(|seed| i64::try_from(seed).ok()) {
                block["seed"] = toml_edit::value(seed);
            }
        }
        alone.insert("sweep", Item::ArrayOfTables(blocks));
        format!("{}\n{}", model.to_string().trim_end(), alone)
    }
}
