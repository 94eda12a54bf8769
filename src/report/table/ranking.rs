//! The best of several models as text. The cells are shared with Markdown and the page.

use super::grid::{Align, Grid};
use crate::experiment::comparison::{Comparison, Rank, Ranked, Ranking};
use crate::report::numbers::{plus_minus, within};

/// Headings of [`rows`].
pub(crate) fn header(ranking: &Ranking) -> Vec<String> {
    let names = ["model", &ranking.quantity.to_string(), "from the best of the others", "best?"];
    names.iter().map(ToString::to_string).collect()
}

/// A row for each model.
pub(crate) fn rows(ranking: &Ranking) -> Vec<Vec<String>> {
    let row = |ranked: &Ranked| {
        vec![
            ranked.side.clone(),
            ranked.value.map_or("-".to_string(), |value| plus_minus(value, None, ranking.unit)),
            ranked.from_best.as_ref().map_or("-".to_string(), |found| {
                let sign = if found.value > 0.0 { "+" } else { "" };
                format!("{sign}{}", within(found, ranking.unit))
            }),
            word(ranked.rank).to_string(),
        ]
    };
    ranking.ranked.iter().map(row).collect()
}

/// What is said of a rank.
pub(crate) fn word(rank: Rank) -> &'static str {
    match rank {
        Rank::Best => "the best",
        Rank::Open => "cannot be told",
        Rank::Beaten => "no",
    }
}

/// The table of a comparison that ranks.
pub(super) fn block(comparison: &Comparison, width: u16) -> String {
    let Some(ranking) = &comparison.ranking else { return String::new() };
    let align = vec![Align::Left, Align::Right, Align::Right, Align::Left];
    Grid::new(header(ranking), align).within(width).rows(rows(ranking)).print()
}
