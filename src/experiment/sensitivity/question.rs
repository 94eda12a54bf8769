//! What is asked of a study of sensitivities, and why it may have no answer.

use crate::diag::Diagnostic;
use crate::experiment::study::StudyError;
use crate::model::study::size::SizeAxis;
use crate::row::Quantity;
use crate::units::TextError;

/// What is asked: which quantities, which parameters of which model, how far they are moved.
pub struct SensitivityQuestion<'q> {
    /// What to call the model in messages.
    pub name: &'q str,
    /// Its text, with everything that is set.
    pub text: &'q str,
    /// Reads the data files that it names.
    pub files: &'q (dyn Fn(&str) -> Result<Vec<u8>, TextError> + Sync),
    /// The quantities.
    pub of: Vec<Quantity>,
    /// The parameters; every number of the file where none is named.
    pub vary: Vec<VariedPath>,
    /// Share of its value by which a continuous parameter is moved each way.
    pub step: f64,
}

/// A parameter that is named, and between which values it is moved where that is said.
#[derive(Debug, Clone, PartialEq)]
pub struct VariedPath {
    /// Its path.
    pub path: String,
    /// From where to where.
    pub between: Option<SizeAxis>,
}

impl VariedPath {
    /// Reads `PATH` or `PATH=LOW:HIGH`.
    ///
    /// # Errors
    ///
    /// What is wrong.
    ///
    /// ```
    /// use lindley::experiment::sensitivity::VariedPath;
    /// assert_eq!(VariedPath::parse("consumers.w.servers").unwrap().between, None);
    /// let between = VariedPath::parse("consumers.w.service=10ms:40ms").unwrap().between.unwrap();
    /// assert_eq!((between.low, between.high, between.suffix.as_str()), (10.0, 40.0, "ms"));
    /// assert!(VariedPath::parse("consumers.w.servers=3:3").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<VariedPath, TextError> {
        if !text.contains('=') {
            return Ok(VariedPath { path: text.trim().to_string(), between: None });
        }
        let axis = SizeAxis::parse(text)?;
        if axis.low == axis.high {
            return Err(format!("`{text}`: the two values are the same").into());
        }
        Ok(VariedPath { path: axis.path.clone(), between: Some(axis) })
    }
}

/// Why a study of sensitivities has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SensitivityError {
    /// The replications failed.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// What is wrong with the model, with places.
    #[error("the model cannot be read")]
    Misread(Vec<Diagnostic>),
    /// The model has no such parameter.
    #[error("{why}; the model has {}", listed(.there))]
    Unknown {
        /// What is wrong with it, with the nearest that there is.
        why: String,
        /// The parameters that there are.
        there: Vec<String>,
    },
    /// It stands in the file and is no number: said at its place.
    #[error("`{0}` is no number that could be moved")]
    NoNumber(String, Box<Diagnostic>),
    /// With one of the values that were named there is no such model.
    #[error("with {path} = {value} there is no such model: {why}")]
    NoModel {
        /// The parameter.
        path: String,
        /// The value.
        value: String,
        /// Why.
        why: String,
    },
    /// Nothing could be moved.
    #[error("no number of the model can be moved{}", .0.iter().map(|why| format!("\n  {why}")).collect::<String>())]
    Nothing(Vec<String>),
}

fn listed(there: &[String]) -> String {
    match there {
        [] => "no numbers that could be moved".to_string(),
        some => some.iter().map(|path| format!("\n  {path}")).collect(),
    }
}
