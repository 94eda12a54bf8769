//! Columns of text: a header, a rule, rows; and paragraphs with a hanging indent.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width, presets::NOTHING,
};

/// Spaces between columns.
pub(super) const GAP: u16 = 2;

/// A rule under the header, nothing else.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Side to which a column leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table under construction.
pub(super) struct Grid {
    header: Vec<String>,
    align: Vec<Align>,
    rows: Vec<Vec<String>>,
    widths: Vec<u16>,
    within: Option<u16>,
}

impl Grid {
    /// Columns with their headings.
    pub(super) fn new(header: Vec<String>, align: Vec<Align>) -> Grid {
        Grid { header, align, rows: Vec::new(), widths: Vec::new(), within: None }
    }

    /// Gives every column its width, so that several tables line up.
    pub(super) fn fixed(mut self, widths: &[u16]) -> Grid {
        self.widths = widths.to_vec();
        self
    }

    /// Lets columns wrap so that the whole fits.
    pub(super) fn within(mut self, width: u16) -> Grid {
        self.within = Some(width);
        self
    }

    /// The lines.
    pub(super) fn rows(mut self, rows: Vec<Vec<String>>) -> Grid {
        self.rows = rows;
        self
    }

    /// Leaves out columns that have a heading only.
    pub(super) fn without_empty_columns(mut self) -> Grid {
        for i in (0..self.header.len()).rev() {
            if self.rows.iter().all(|r| r[i].is_empty()) {
                self.header.remove(i);
                self.align.remove(i);
                self.rows.iter_mut().for_each(|r| drop(r.remove(i)));
            }
        }
        self
    }

    /// The table as text, without spaces at line ends, ending with a newline.
    pub(super) fn print(&self) -> String {
        let mut table = Table::new();
        table.load_style(RULED).set_header(self.header.clone()).add_rows(self.rows.clone());
        arrange(&mut table, self.within);
        for (i, column) in table.column_iter_mut().enumerate() {
            let last = i + 1 == self.header.len();
            let gap = if last { 0 } else { GAP };
            // The style itself puts one space between columns.
            column.set_padding((0, gap.saturating_sub(1)));
            column.set_cell_alignment(match self.align[i] {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
            if let Some(width) = self.widths.get(i) {
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + gap.saturating_sub(1))));
            }
        }
        format!("{}\n", table.trim_fmt())
    }
}

fn arrange(table: &mut Table, width: Option<u16>) {
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
}

/// A text wrapped at the width, its later lines indented to stand under the first; ends
/// with a newline.
pub(super) fn paragraph(lead: &str, text: &str, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    arrange(&mut table, Some(width.max(20)));
    if lead.is_empty() {
        table.add_row([text]);
    } else {
        table.add_row([lead, text]);
    }
    let columns = table.column_count();
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, u16::from(i + 1 < columns)));
        if i + 1 < columns {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    format!("{}\n", table.trim_fmt())
}
