//! Reads model files and studies, and applies what the command line says over them.

use super::args::Settings;
use super::failure::Failure;
use crate::diag::{self, Diagnostic};
use crate::experiment::unmeasured;
use crate::model::{self, Change, Model, StudyFile};
use crate::units::TextError;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file as it was read, and the text of the model it speaks of.
#[derive(Debug, Clone)]
pub(super) struct ModelSource {
    /// The file as the user names it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The text of the model: the file itself, or the base model with what the study says over it.
    pub model: String,
    /// What to call that text in messages.
    pub model_name: String,
    /// Where data files are looked for.
    pub folder: PathBuf,
}

/// Reads a file; a study is resolved with the model it refers to.
pub(super) fn source(name: &str) -> Result<ModelSource, Failure> {
    let text = read(name)?;
    let shown = if name == "-" { "standard input" } else { name };
    let folder = Path::new(name).parent().map(Path::to_path_buf).unwrap_or_default();
    let Some(base) = model::base_model(&text) else { return Ok(ModelSource::alone(shown, text, folder)) };
    let path = folder.join(&base);
    let base_text = read(&path.display().to_string())?;
    let changed = model::overlay(&base_text, &model::changes_of(&text)).map_err(|e| usage!("{shown}: {e}"))?;
    let model_name = format!("{} as changed by {shown}", path.display());
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(ModelSource { model: changed, model_name, ..ModelSource::alone(shown, text, folder) })
}

impl ModelSource {
    /// A file that holds its model itself.
    fn alone(name: &str, text: String, folder: PathBuf) -> ModelSource {
        ModelSource { name: name.into(), model: text.clone(), text, model_name: name.into(), folder }
    }

    /// The model with changes over it, and its text; warnings go to standard error unless quiet.
    pub(super) fn model_with(&self, changes: &[Change], quiet: bool) -> Result<(Model, String), Failure> {
        let text = model::overlay(&self.model, changes).map_err(|e| usage!("{}: {e}", self.name))?;
        let read = model::parse(&self.model_name, &text, &|file| self.data_file(file));
        let read = read.and_then(|(model, warnings)| match unmeasured(&model, &text) {
            wrong if wrong.is_empty() => Ok((model, warnings)),
            wrong => Err([warnings, wrong].concat()),
        });
        let model = report(read, &self.model_name, &text, quiet)?;
        Ok((model, text))
    }

    /// What the file asks of its model.
    pub(super) fn study(&self, quiet: bool) -> Result<StudyFile, Failure> {
        report(model::parse_study(&self.text), &self.name, &self.text, quiet)
    }

    /// The bytes of a data file, which is looked for beside the model.
    pub(super) fn data_file(&self, file: &str) -> Result<Vec<u8>, TextError> {
        let path = self.folder.join(file);
        std::fs::read(&path).map_err(|e| format!("`{}`: {e}", path.display()).into())
    }
}

/// Reads a model and its text; warnings go to standard error unless quiet.
pub(super) fn load(name: &str, settings: &Settings) -> Result<(Model, String), Failure> {
    source(name)?.model_with(&changes(settings)?, settings.quiet)
}

/// Reads a model with values set over it, for commands that simulate nothing.
pub(super) fn load_with(name: &str, set: &[String], quiet: bool) -> Result<Model, Failure> {
    Ok(source(name)?.model_with(&assignments(set)?, quiet)?.0)
}

/// A model whose text was composed from an option.
pub(super) fn typed(option: &str, text: String) -> Result<Model, Failure> {
    Ok(ModelSource::alone(option, text, PathBuf::new()).model_with(&[], true)?.0)
}

/// What was read; errors and, unless quiet, warnings go to standard error.
pub(super) fn report<T>(
    read: Result<(T, Vec<Diagnostic>), Vec<Diagnostic>>,
    name: &str,
    text: &str,
    quiet: bool,
) -> Result<T, Failure> {
    match read {
        Ok((value, warnings)) => {
            if !quiet && !warnings.is_empty() {
                eprint(&diag::render(&warnings, name, text, true));
            }
            Ok(value)
        }
        Err(found) => {
            eprint(&diag::render(&found, name, text, true));
            let errors = found.iter().filter(|d| d.severity == diag::Severity::Error).count();
            Err(usage!("{errors} error{} in `{name}`", if errors == 1 { "" } else { "s" }))
        }
    }
}

/// Prints to standard error; colours are stripped where they are not wanted.
pub(super) fn eprint(text: &str) {
    anstream::eprintln!("{}", text.trim_end());
}

/// The text of a file, or of standard input (`-`).
pub(super) fn read(name: &str) -> Result<String, Failure> {
    let text = if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(name)
    };
    text.map_err(|e| usage!("cannot read `{name}`: {e}"))
}

/// `--set`, as changes.
pub(super) fn assignments(set: &[String]) -> Result<Vec<Change>, Failure> {
    set.iter().map(|text| Change::parse(text).map_err(|e| usage!("--set {e}"))).collect()
}

/// `--set` and the settings of the run, as changes to the model's text.
pub(super) fn changes(settings: &Settings) -> Result<Vec<Change>, Failure> {
    let mut changes = assignments(&settings.set)?;
    let mut run = |key: &str, value: toml_edit::Value| {
        changes.extend(Change::at(&format!("run.{key}"), value).ok());
    };
    let replications = settings.replications.map(u64::from);
    for (key, value) in [("seed", settings.seed), ("messages", settings.messages), ("replications", replications)] {
        let Some(value) = value else { continue };
        let value = i64::try_from(value).map_err(|_| usage!("--{key} {value}: at most {}", i64::MAX))?;
        run(key, value.into());
    }
    precision(&settings.precision)?.into_iter().for_each(|value| run("precision", value));
    let texts = [("warmup", &settings.warmup), ("horizon", &settings.horizon)];
    texts.into_iter().for_each(|(key, text)| text.iter().for_each(|text| run(key, text.as_str().into())));
    Ok(changes)
}

/// `--precision`, as the value of the key: a share, or a table of quantities with one each.
fn precision(texts: &[String]) -> Result<Option<toml_edit::Value>, Failure> {
    let named: Vec<(&str, &str)> = texts.iter().filter_map(|text| text.rsplit_once('=')).collect();
    match texts {
        [] => Ok(None),
        [share] if named.is_empty() => Ok(Some(share.as_str().into())),
        _ if named.len() < texts.len() => {
            Err(usage!("--precision: one share for all means, or QUANTITY=SHARE as often as you like"))
        }
        _ => {
            let entries = named.iter().map(|(quantity, share)| (quantity.trim(), share.trim()));
            Ok(Some(toml_edit::Value::InlineTable(entries.collect())))
        }
    }
}
