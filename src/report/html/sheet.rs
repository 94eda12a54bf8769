//! A table that sorts by its headings.

use maud::{Markup, html};

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Cell {
    text: String,
    class: &'static str,
    head: bool,
}

impl Cell {
    /// Plain text.
    pub(super) fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// What the line is of.
    pub(super) fn head(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), head: true, ..Cell::default() }
    }

    /// A number, with digits of equal width at the right.
    pub(super) fn number(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), class: "n", head: false }
    }

    /// Text in a colour of its own.
    pub(super) fn classed(text: impl Into<String>, class: &'static str) -> Cell {
        Cell { text: text.into(), class, head: false }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn draw(&self) -> Markup {
        let class = (!self.class.is_empty()).then_some(self.class);
        html! {
            @if self.head { th scope="row" class=[class] dir="auto" { (self.text) } }
            @else if self.class == "n" { td class=[class] { (self.text) } }
            @else { td class=[class] dir="auto" { (self.text) } }
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    caption: String,
    columns: Vec<String>,
    lines: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A table with a caption and headings.
    pub(super) fn new(caption: &str, columns: &[&str], lines: Vec<Vec<Cell>>) -> Sheet {
        let columns = columns.iter().map(|c| c.to_string()).collect();
        Sheet { caption: caption.to_string(), columns, lines }
    }

    /// The table, in a frame that scrolls where the window is too narrow.
    pub(super) fn draw(&self) -> Markup {
        let numeric = |i: usize| self.lines.first().and_then(|l| l.get(i)).is_some_and(|c| c.class == "n");
        html! {
            div.scroll tabindex="0" role="region" aria-label=(self.caption) {
                table.sorts {
                    caption { (self.caption) }
                    thead {
                        tr {
                            @for (i, column) in self.columns.iter().enumerate() {
                                th scope="col" class=[numeric(i).then_some("n")] {
                                    button type="button" dir="auto" { (column) }
                                }
                            }
                        }
                    }
                    tbody { @for line in &self.lines { tr { @for cell in line { (cell.draw()) } } } }
                }
            }
        }
    }
}
