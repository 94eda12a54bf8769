//! Texts and coordinates as a diagram writes them.

/// A text without what XML does not allow.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect()
}

/// A coordinate to a tenth of a pixel.
pub(super) fn at(x: f64) -> String {
    format!("{x:.1}")
}
