//! How a command ends when it does not end well; the exit codes of the product.

use crate::experiment::study::StudyError;
use crate::report::ReportError;
use std::fmt;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// Something failed while running: exit code 1.
    Runtime(String),
    /// Wrong usage or wrong model: exit code 2.
    Usage(String),
    /// The answer is no: exit code 3.
    No(String),
    /// The precision was not reached within the budget: exit code 4.
    Imprecise(String),
    /// Some points of a sweep failed: exit code 5.
    Partial(String),
    /// Interrupted; what was finished is kept: exit code 130.
    Interrupted(String),
}

/// Wrong usage, in words as `format!` takes them.
macro_rules! usage {
    ($($text:tt)*) => {
        $crate::cli::failure::Failure::Usage(format!($($text)*))
    };
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Runtime(_) => 1,
            Failure::Usage(_) => 2,
            Failure::No(_) => 3,
            Failure::Imprecise(_) => 4,
            Failure::Partial(_) => 5,
            Failure::Interrupted(_) => 130,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Runtime(text)
        | Failure::Usage(text)
        | Failure::No(text)
        | Failure::Imprecise(text)
        | Failure::Partial(text)
        | Failure::Interrupted(text)) = self;
        f.write_str(text)
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::NothingFinished => Failure::Interrupted(error.to_string()),
            StudyError::Engine(_) => Failure::Usage(error.to_string()),
            other => Failure::Runtime(other.to_string()),
        }
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Failure::Runtime(error.to_string())
    }
}
