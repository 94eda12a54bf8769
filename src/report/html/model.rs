//! The model as a picture, and its assumptions as sentences.

use super::sentence::sentence;
use crate::experiment::result::ResultSet;
use maud::{Markup, html};

/// Picture and sentences, if there is either.
pub(super) fn model(set: &ResultSet, diagram: Option<Markup>) -> Option<Markup> {
    let summary = set.model_summary.clone().unwrap_or_default();
    if diagram.is_none() && summary.assumptions.is_empty() {
        return None;
    }
    Some(html! {
        @if let Some(diagram) = diagram { (diagram) }
        (list("What is assumed", &summary.assumptions))
        (list("What goes wrong for a while", &summary.disruptions))
        (list("What the model leaves out", &summary.left_out))
    })
}

fn list(heading: &str, sentences: &[String]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            h3 { (heading) }
            ul { @for text in sentences { li dir="auto" { (sentence(text)) } } }
        }
    }
}
