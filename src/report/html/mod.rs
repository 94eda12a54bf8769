//! One self-contained page of a result, for people who did not run it. It loads nothing, works from
//! disk, reads without scripts and prints. Every text from a result passes the escaping of the
//! template; nothing is pasted into the page but the charts, which are drawn here.
//! Knows results and charts; opens no file.

mod answer;
mod checklist;
mod figure;
mod limits;
mod model;
mod numbers;
mod points;
mod rows;
mod sentence;
mod sheet;
mod tables;
mod targets;

use super::ReportError;
use super::chart::Chart;
use super::chart_set;
use crate::experiment::result::{ResultSet, Saved};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sentence::sentence;

/// What the page may do: use its own styles and scripts, and nothing from anywhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// A part of the page: its anchor, its heading, its content.
type PagePart = (&'static str, &'static str, Markup);

/// The page of a result, under that title or one of its own.
pub fn page(saved: &Saved, title: Option<&str>) -> Result<String, ReportError> {
    let set = &saved.result;
    let title = title.map_or_else(|| set.provenance.model.clone(), str::to_string);
    let charts: Vec<Chart> = chart_set::charts(set, &saved.curves).into_iter().filter(|c| !c.svg.is_empty()).collect();
    let parts = parts(saved, &charts)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&title))
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (top(set, &title, &parts))
                main {
                    @for (anchor, heading, content) in &parts {
                        section id=(anchor) aria-labelledby={ (anchor) "-heading" } {
                            h2 id={ (anchor) "-heading" } { (heading) }
                            (content)
                        }
                    }
                }
                footer { p { "Made by lindley " (set.provenance.version) " from a folder of results." } }
                p.spoken #sorted aria-live="polite" {}
                script { (PreEscaped(include_str!("page.js"))) }
            }
        }
    };
    Ok(page.into_string())
}

/// Every part that has something to say, the most important first.
fn parts(saved: &Saved, charts: &[Chart]) -> Result<Vec<PagePart>, ReportError> {
    let set = &saved.result;
    let (diagram, charts): (Vec<&Chart>, Vec<&Chart>) = charts.iter().partition(|c| c.name == "model");
    let figures = charts.iter().map(|c| figure::figure(c)).collect::<Result<Vec<_>, _>>()?;
    let diagram = diagram.first().map(|c| figure::figure(c)).transpose()?;
    let candidates = [
        ("answer", "Answer", Some(answer::answer(set))),
        ("targets", "Targets", targets::targets(set)),
        ("candidates", "What was tried", tables::candidates(set)),
        ("recovery", "What other sizes would do", tables::remedies(set)),
        ("differences", "What differs", tables::differences(set)),
        ("sensitivities", "What matters", tables::sensitivities(set)),
        ("limits", "What breaks first", limits::limits(set)),
        ("charts", "Charts", (!figures.is_empty()).then(|| html! { @for figure in figures { (figure) } })),
        ("model", "Model and assumptions", model::model(set, diagram)),
        ("settings", "Settings", points::points(set).filter(|_| set.sizing.is_none() && set.sensitivity.is_none())),
        ("numbers", "Numbers", numbers::numbers(set)),
        ("messages", "What became of the messages", numbers::messages(set)),
        ("notes", "Notes", numbers::notes(set)),
        ("provenance", "How this was made", Some(checklist::checklist(saved))),
    ];
    Ok(candidates.into_iter().filter_map(|(anchor, heading, content)| Some((anchor, heading, content?))).collect())
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(include_str!("page.css"))) }
        }
    }
}

fn top(set: &ResultSet, title: &str, parts: &[PagePart]) -> Markup {
    let question = set.answer.as_ref().map(|a| a.question.as_str()).filter(|q| !q.is_empty());
    let made = super::facts::facts(&set.provenance).join(" · ");
    html! {
        header {
            h1 dir="auto" { (title) }
            p.question dir="auto" { (sentence(&question.map_or_else(|| answer::question(set), str::to_string))) }
            p.made { (made) }
            nav aria-label="Contents" {
                ul { @for (anchor, heading, _) in parts { li { a href={ "#" (anchor) } { (heading) } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests;
