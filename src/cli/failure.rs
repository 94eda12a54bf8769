//! How a command ends when it does not end well; the exit codes of the product.

use crate::experiment::rare::RareError;
use crate::experiment::size::SizeError;
use crate::experiment::study::StudyError;
use crate::report::ReportError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Something failed while running: exit code 1.
    #[error("{0}")]
    Runtime(String),
    /// Wrong usage or wrong model: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The answer is no: exit code 3.
    #[error("{0}")]
    No(String),
    /// The precision was not reached within the budget: exit code 4.
    #[error("{0}")]
    Imprecise(String),
    /// Some points of a sweep failed: exit code 5.
    #[error("{0}")]
    Partial(String),
    /// Interrupted; what was finished is kept: exit code 130.
    #[error("{0}")]
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
    pub(super) fn code(&self) -> u8 {
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

impl From<RareError> for Failure {
    fn from(error: RareError) -> Self {
        match error {
            RareError::Interrupted => Failure::Interrupted(error.to_string()),
            RareError::NotStationary | RareError::NotRare(_) | RareError::Level(_) => Failure::Usage(error.to_string()),
            RareError::NotSeen { .. } | RareError::Endless => Failure::No(error.to_string()),
            RareError::TooFar { .. } => Failure::Imprecise(error.to_string()),
            RareError::Threads(_) => Failure::Runtime(error.to_string()),
        }
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

impl From<SizeError> for Failure {
    fn from(error: SizeError) -> Self {
        match error {
            SizeError::Study(error) => error.into(),
            other => Failure::Usage(other.to_string()),
        }
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Failure::Runtime(error.to_string())
    }
}
