//! Sentences on the page.

use maud::{Markup, html};

/// A sentence whose names stand between backticks: they become code, everything else stays text.
pub(super) fn sentence(text: &str) -> Markup {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd number of backticks: one belongs to a name.
    if pieces.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (i, piece) in pieces.iter().enumerate() {
            @if i % 2 == 1 { code dir="auto" { (piece) } } @else { (piece) }
        }
    }
}
