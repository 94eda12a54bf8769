//! Columns of data files: CSV, compressed when the name ends in `.gz`. The bytes come
//! from the caller; this file opens nothing.

use super::reader::Node;
use super::section::Section;
use crate::diag::code;
use crate::units::TextError;
use csv::StringRecord;
use std::io::Read;

/// Most bytes of a decompressed file; more is a mistake or an attack.
const LARGEST: u64 = 1 << 30;

/// What to multiply a column with to get seconds.
const UNITS: &[(&str, f64)] = &[("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0)];

/// The numbers of one column in seconds, none of them negative. The section has `file`, `unit`
/// and the given key for the column (a header, or a number counted from 1).
pub(super) fn column(section: &Section<'_>, key: &'static str) -> Option<Vec<f64>> {
    let file = section.get("file")?;
    let unit = section.or("unit", 1.0, |n| n.one_of(UNITS));
    let table = DataTable::read(&file)?;
    let column = table.find(&file, section.get(key).as_ref());
    let values = table.numbers(&file, column?)?;
    let unit = unit?;
    Some(values.iter().map(|x| x * unit).collect())
}

/// Edges in seconds (one more than counts, the last count cell is empty or ignored) and counts.
pub(super) fn histogram(section: &Section<'_>) -> Option<(Vec<f64>, Vec<f64>)> {
    let edges = column(section, "edge_column");
    let file = section.get("file")?;
    let table = DataTable::read(&file)?;
    let place = table.find(&file, section.get("count_column").as_ref())?;
    let edges = edges?;
    let counts = DataTable { rows: table.rows.into_iter().take(edges.len().saturating_sub(1)).collect(), ..table };
    Some((edges, counts.numbers(&file, place)?))
}

/// A CSV file as read.
struct DataTable {
    header: Option<StringRecord>,
    /// Line number and cells.
    rows: Vec<(u64, StringRecord)>,
}

impl DataTable {
    fn read(file: &Node<'_>) -> Option<DataTable> {
        let name = file.text()?;
        let bytes = (file.cx.files)(name).and_then(|bytes| plain(name, bytes));
        let bytes =
            bytes.map_err(|why| file.error(code::DATA_FILE, format!("cannot read `{name}`: {why}"), "")).ok()?;
        let rows = records(&bytes).map_err(|why| file.error(code::BAD_TRACE, format!("`{name}` is no CSV: {why}"), ""));
        let mut rows = rows.ok()?;
        let is_header = rows.first().is_some_and(|(_, first)| first.iter().all(|cell| cell.parse::<f64>().is_err()));
        let header = is_header.then(|| rows.remove(0).1);
        if rows.is_empty() {
            file.error(code::BAD_TRACE, format!("`{name}` holds no numbers"), "");
            return None;
        }
        Some(DataTable { header, rows })
    }

    /// Index of the column that `wanted` names; without a name the only one.
    fn find(&self, file: &Node<'_>, wanted: Option<&Node<'_>>) -> Option<usize> {
        let width = self.rows.first().map_or(0, |(_, row)| row.len());
        let Some(wanted) = wanted else { return self.only_column(file, width) };
        let Some(name) = wanted.value.as_str() else {
            return wanted.whole(1, width as u64).and_then(|n| usize::try_from(n - 1).ok());
        };
        let names: Vec<&str> = self.header.iter().flatten().collect();
        let found = names.iter().position(|header| *header == name);
        if found.is_none() {
            let message = format!("`{}` has no column `{name}`", self.name(file));
            wanted.unknown(code::BAD_TRACE, &message, name, &names);
        }
        found
    }

    fn only_column(&self, file: &Node<'_>, width: usize) -> Option<usize> {
        if width != 1 {
            let message = format!("`{}` has {width} columns, so `column` must say which", self.name(file));
            file.error(code::MISSING_KEY, message, "");
        }
        (width == 1).then_some(0)
    }

    fn name<'n>(&self, file: &Node<'n>) -> &'n str {
        file.value.as_str().unwrap_or_default()
    }

    /// The numbers of a column, finite and not negative.
    fn numbers(&self, file: &Node<'_>, column: usize) -> Option<Vec<f64>> {
        let cell = |(line, row): &(u64, StringRecord)| {
            let text = row.get(column).unwrap_or_default();
            text.parse().ok().filter(|x: &f64| x.is_finite() && *x >= 0.0).ok_or((*line, text.to_string()))
        };
        let numbers: Result<Vec<f64>, _> = self.rows.iter().map(cell).collect();
        let refuse = |(line, text): (u64, String)| {
            let message = format!("line {line} of `{}`: `{text}` is no number >= 0", self.name(file));
            file.error(code::BAD_TRACE, message, "");
        };
        numbers.map_err(refuse).ok()
    }
}

/// The bytes, decompressed where the name says so.
fn plain(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, TextError> {
    if !name.ends_with(".gz") {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(LARGEST + 1);
    reader.read_to_end(&mut plain).map_err(|e| e.to_string())?;
    if plain.len() as u64 > LARGEST { Err("more than 1 GiB when decompressed".into()) } else { Ok(plain) }
}

/// Every record with its line number; `#` starts a comment line.
fn records(bytes: &[u8]) -> Result<Vec<(u64, StringRecord)>, TextError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).comment(Some(b'#')).trim(csv::Trim::All);
    let mut reader = reader.from_reader(bytes);
    let numbered = |record: Result<StringRecord, csv::Error>| {
        let record = record.map_err(|e| e.to_string())?;
        Ok((record.position().map_or(0, csv::Position::line), record))
    };
    reader.records().map(numbered).collect()
}
