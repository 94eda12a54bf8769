//! What all lowering functions share: the text, the data files, the diagnostics found so far and the
//! message classes met so far.

use crate::diag::{Diagnostic, Severity, code};
use crate::model::ClassId;
use crate::units::TextError;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ops::Range;

/// Reads a data file by the name that the model gives; the error says why it cannot.
pub(super) type Files<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, TextError>;

/// Shared by all lowering functions of one file.
pub(super) struct Context<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Whether the text has syntax errors, so that what is missing may have been lost in them.
    pub recovering: bool,
    /// Nothing after this byte was read as it was meant.
    trusted: Cell<usize>,
    pub files: Files<'a>,
    found: RefCell<Vec<Diagnostic>>,
    classes: RefCell<Vec<ClassUse>>,
}

/// A message class as far as it is known.
#[derive(Clone)]
struct ClassUse {
    name: String,
    /// Whether some producer or consumer publishes it.
    published: bool,
    /// Where `by_class` first speaks of it.
    mention: Option<Range<usize>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(text: &'a str, files: Files<'a>, recovering: bool) -> Self {
        let (trusted, found, classes) = (Cell::new(usize::MAX), RefCell::default(), RefCell::default());
        Context { text, recovering, trusted, files, found, classes }
    }

    /// Drops what is found after this byte: it was not read as it was meant.
    pub(super) fn trust_up_to(&self, byte: usize) {
        self.trusted.set(byte);
    }

    /// Records a diagnostic.
    pub(super) fn report(&self, found: Diagnostic) {
        self.found.borrow_mut().push(found);
    }

    /// How many errors there are so far.
    pub(super) fn errors(&self) -> usize {
        self.found.borrow().iter().filter(|d| d.severity == Severity::Error).count()
    }

    /// Everything found, in file order.
    pub(super) fn into_found(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        let trusted = self.trusted.get();
        let unread: HashSet<_> =
            found.iter().filter(|d| d.code == code::SYNTAX).map(|d| d.labels[0].span.clone()).collect();
        found.retain(|d| d.code == code::SYNTAX || !unread.contains(&d.labels[0].span));
        found.retain(|d| d.code == code::SYNTAX || d.labels.iter().all(|label| label.span.end <= trusted));
        found.sort_by_key(|d| d.labels.first().map_or(0, |label| label.span.start));
        found.dedup();
        found
    }

    /// The text at a place, shortened to fit a message.
    pub(super) fn source(&self, span: &Range<usize>) -> String {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let mut short: String = text.chars().take(40).collect();
        if short.len() < text.len() {
            short.push_str("...");
        }
        short
    }

    /// The class of that name, published by somebody.
    pub(super) fn publish_class(&self, name: &str, place: Range<usize>) -> Option<ClassId> {
        let id = self.class(name, &place)?;
        self.classes.borrow_mut()[usize::from(id.0)].published = true;
        Some(id)
    }

    /// The class of that name, spoken of by a consumer.
    pub(super) fn mention_class(&self, name: &str, place: Range<usize>) -> Option<ClassId> {
        let id = self.class(name, &place)?;
        self.classes.borrow_mut()[usize::from(id.0)].mention.get_or_insert(place);
        Some(id)
    }

    fn class(&self, name: &str, place: &Range<usize>) -> Option<ClassId> {
        let mut classes = self.classes.borrow_mut();
        let index = classes.iter().position(|class| class.name == name).unwrap_or(classes.len());
        let Ok(id) = u16::try_from(index) else {
            self.report(Diagnostic::error(code::OUT_OF_RANGE, "more than 65536 message classes", place.clone(), ""));
            return None;
        };
        if index == classes.len() {
            classes.push(ClassUse { name: name.to_string(), published: false, mention: None });
        }
        Some(ClassId(id))
    }

    /// Names of all classes, by index.
    pub(super) fn class_names(&self) -> Vec<String> {
        self.classes.borrow().iter().map(|class| class.name.clone()).collect()
    }

    /// Indices of the classes that somebody publishes.
    pub(super) fn published_classes(&self) -> Vec<ClassId> {
        let classes = self.classes.borrow();
        let published = |i: u16| classes.get(usize::from(i)).is_some_and(|class| class.published);
        (0..=u16::MAX).take(classes.len()).filter(|&i| published(i)).map(ClassId).collect()
    }

    /// Name and place of each class that a consumer speaks of and nobody publishes.
    pub(super) fn unpublished_mentions(&self) -> Vec<(String, Range<usize>)> {
        let classes = self.classes.borrow();
        let unpublished = classes.iter().filter(|class| !class.published);
        unpublished.filter_map(|class| Some((class.name.clone(), class.mention.clone()?))).collect()
    }
}
