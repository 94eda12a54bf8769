//! How results reach standard output, whatever command made them.

use super::args::Format;
use super::failure::Failure;
use super::print_bytes;
use crate::experiment::result::ResultSet;
use crate::report;

/// Prints a result in the form asked for.
pub fn print_result(result: &ResultSet, format: Format, verbose: bool) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    match format {
        Format::Table => bytes.extend(report::table::render(result, width(), verbose).bytes()),
        Format::Markdown => bytes.extend(report::markdown::render(result, verbose).bytes()),
        Format::Json => report::json::write(result, &mut bytes)?,
        Format::Jsonl => report::json::write_lines(&result.rows, &mut bytes)?,
        Format::Csv => report::csv::write(&result.rows, &mut bytes)?,
    }
    print_bytes(&bytes)
}

/// Columns to fill: the terminal's, within reason.
fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns.unwrap_or(100).clamp(80, 160)
}

/// The command as typed, the program by its name.
pub fn command_line() -> String {
    let arguments = std::env::args().skip(1).map(|a| if a.contains(' ') { format!("'{a}'") } else { a });
    std::iter::once("lindley".to_string()).chain(arguments).collect::<Vec<_>>().join(" ")
}
