//! Prints diagnostics the way rustc does: the sentence, the place with its line, the cause, what to do.

use super::{Diagnostic, Label, Severity};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// Most diagnostics printed in full; a binary file given by mistake has thousands.
const SHOWN: usize = 50;

/// Prints diagnostics in the order given, an empty line between two of them.
///
/// With `color` false the result holds no escape sequence. The text is the one that the
/// spans refer to; spans outside it are moved to its end.
///
/// ```
/// use lindley::diag::{Diagnostic, render};
/// let found = [Diagnostic::error("out-of-range", "`servers` must be at least 1, not 0", 10..11, "")];
/// let text = render(&found, "m.toml", "servers = 0\n", false);
/// assert!(text.starts_with("error[out-of-range]: `servers` must be at least 1, not 0\n --> m.toml:1:11\n"));
/// ```
pub fn render(diagnostics: &[Diagnostic], file_name: &str, text: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let shown = diagnostics.iter().take(SHOWN);
    let mut parts: Vec<String> = shown.map(|d| renderer.render(&[group(d, file_name, text)])).collect();
    if diagnostics.len() > SHOWN {
        parts.push(format!("... and {} more", diagnostics.len() - SHOWN));
    }
    parts.iter().map(|part| format!("{part}\n")).collect::<Vec<_>>().join("\n")
}

fn group<'a>(diagnostic: &'a Diagnostic, file_name: &'a str, text: &'a str) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let labels = diagnostic.labels.iter().enumerate().map(|(i, label)| annotation(i == 0, label, text));
    let snippet = Snippet::source(text).path(file_name).annotations(labels);
    let group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet);
    let group = group.elements(diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str())));
    group.elements(diagnostic.helps.iter().map(|help| Level::HELP.message(help.as_str())))
}

fn annotation<'a>(primary: bool, label: &'a Label, text: &str) -> Annotation<'a> {
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(inside(&label.span, text));
    if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
}

/// The span cut to the text and to character boundaries, which the renderer insists on.
fn inside(span: &Range<usize>, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    // An empty span would be drawn between two lines: take the character there.
    let next = text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let end = text.ceil_char_boundary(span.end.max(start + next));
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_outside_the_text_or_inside_a_character_are_harmless() {
        for span in [0..0, 1..2, 90..99, Range { start: 5, end: 3 }] {
            let found = Diagnostic::warning("syntax", "odd", span, "here").also(0..1, "there");
            assert!(render(&[found], "é.toml", "é = 1\n", false).contains("odd"));
        }
        let found = Diagnostic::error("syntax", "nothing there", 0..0, "");
        assert!(render(&[found], "empty.toml", "", false).contains("nothing there"));
    }

    #[test]
    fn only_color_has_escapes() {
        let found = [Diagnostic::error("syntax", "odd", 0..1, "here").note("why").help("do this")];
        assert!(!render(&found, "m.toml", "a = 1\n", false).contains('\u{1b}'));
        assert!(render(&found, "m.toml", "a = 1\n", true).contains('\u{1b}'));
    }

    #[test]
    fn a_flood_is_cut() {
        let found = vec![Diagnostic::error("syntax", "odd", 0..1, ""); SHOWN + 7];
        assert!(render(&found, "m.toml", "a\n", false).ends_with("... and 7 more\n"));
    }
}
