//! Diagnostics: what is wrong with a user's text, where, why, and what to type instead. Callers give
//! byte spans into the text they read.

pub mod code;
mod codes;
mod render;

pub use codes::{CODES, explain};
pub use render::render;

use std::ops::Range;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used, but probably does not say what its author means.
    Warning,
}

/// A place in the text and what to say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What to write beside the underline; may be empty.
    pub text: String,
}

/// One problem: its code, the sentence with the numbers, the places, the cause, what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Kebab-case name, unique per kind of problem and listed by `lindley explain`.
    pub code: &'static str,
    /// Whether the text can still be used.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks, numbers included.
    pub message: String,
    /// Places; the first is the primary one.
    pub labels: Vec<Label>,
    /// Why it is wrong.
    pub notes: Vec<String>,
    /// What to type.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// An error with its primary place.
    pub fn error(code: &'static str, message: impl Into<String>, span: Range<usize>, label: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: label.into() }];
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels,
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// A warning with its primary place.
    pub fn warning(
        code: &'static str,
        message: impl Into<String>,
        span: Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message, span, label) }
    }

    /// Adds a second place.
    pub fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds the cause.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds what to do about it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }
}
