//! The model as a picture, and its assumptions in words.

use super::sentence;
use crate::experiment::result::ResultSet;
use maud::{Markup, html};

/// Picture and sentences, if there is either.
pub(super) fn model(set: &ResultSet, diagram: Option<Markup>) -> Option<Markup> {
    let model_summary = set.model_summary.clone().unwrap_or_default();
    if diagram.is_none() && model_summary.assumptions.is_empty() {
        return None;
    }
    Some(html! {
        @if let Some(diagram) = diagram { (diagram) }
        (list("What is assumed", &model_summary.assumptions))
        (list("What goes wrong for a while", &model_summary.disruptions))
        (list("What the model leaves out", &model_summary.left_out))
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
