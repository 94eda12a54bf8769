//! The text of a model with what is set over it: what a program hands over, and what it gets back
//! where the text is no model.

use super::file::overlay::{Change, overlay};
use super::{Model, parse};
use crate::diag::{self, Diagnostic, code};
use crate::units::TextError;

/// The text of a model, by name.
///
/// ```
/// use lindley::model::ModelText;
/// let shop = ModelText::new("shop", "
///     [producers.web]
///     arrivals = { poisson = '20/s' }
///     queue = 'orders'
///     [queues.orders]
///     [consumers.workers]
///     queue = 'orders'
///     service = { exponential = { mean = '40ms' } }
/// ");
/// assert_eq!(shop.read().unwrap().consumers[0].servers, lindley::model::Servers::Count(1));
/// let larger = shop.set("consumers.workers.servers", 3).unwrap();
/// assert_eq!(larger.read().unwrap().consumers[0].servers, lindley::model::Servers::Count(3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelText {
    name: String,
    text: String,
}

impl ModelText {
    /// A text and what to call it in messages.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> ModelText {
        ModelText { name: name.into(), text: text.into() }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// The text with a value at a dotted path; comments and order stay.
    ///
    /// # Errors
    ///
    /// A path that is none, or that leads through something that is no table.
    pub fn set(self, path: &str, value: impl Into<toml_edit::Value>) -> Result<ModelText, ModelError> {
        let changed = Change::at(path, value).and_then(|change| overlay(&self.text, &[change]));
        match changed {
            Ok(text) => Ok(ModelText { text, ..self }),
            Err(why) => Err(ModelError::said(&[why.into()], self)),
        }
    }

    /// The model that the text says; it names no data files.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with places.
    pub fn read(&self) -> Result<Model, ModelError> {
        self.read_with(&|file| Err(format!("`{file}`: a model read from text alone has no data files").into()))
    }

    /// The model that the text says; `files` reads the data files which it names.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with places.
    pub fn read_with(&self, files: &dyn Fn(&str) -> Result<Vec<u8>, TextError>) -> Result<Model, ModelError> {
        let read = parse(&self.name, &self.text, files);
        read.map(|(model, _)| model).map_err(|diagnostics| ModelError { diagnostics, text: self.clone() })
    }
}

impl Model {
    /// The model of a text in the form of a model file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with places.
    ///
    /// ```
    /// use lindley::model::Model;
    /// let wrong = Model::from_toml("[queues.orders]\nmax_lenght = 3").unwrap_err();
    /// assert!(wrong.to_string().contains("did you mean `max_length`?"));
    /// ```
    pub fn from_toml(text: &str) -> Result<Model, ModelError> {
        ModelText::new("model", text).read()
    }
}

/// Why a text is no model: everything that is wrong with it. `Display` shows each with its place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", diag::render(diagnostics, &text.name, &text.text, false))]
pub struct ModelError {
    diagnostics: Vec<Diagnostic>,
    text: ModelText,
}

impl ModelError {
    /// What is wrong with a text, each at its place.
    pub(crate) fn new(diagnostics: Vec<Diagnostic>, text: ModelText) -> ModelError {
        ModelError { diagnostics, text }
    }

    /// Mistakes that have no place in the text.
    pub(super) fn said(mistakes: &[String], text: ModelText) -> ModelError {
        let of = |why: &String| Diagnostic::error(code::UNKNOWN_KEY, why.clone(), 0..0, "");
        ModelError { diagnostics: mistakes.iter().map(of).collect(), text }
    }

    /// Errors and warnings, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}
