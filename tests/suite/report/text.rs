//! The texts: table, Markdown, CSV, JSON and its schema.

use super::sample;
use lindley::report::{csv, json, markdown, schema, table};
use lindley::row::Row;
use snapbox::{assert_data_eq, file};

fn csv_text(rows: &[Row]) -> String {
    let mut bytes = Vec::new();
    csv::write(rows, &mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("CSV is text")
}

fn widest(text: &str) -> usize {
    text.lines().map(|l| l.chars().count()).max().unwrap_or(0)
}

#[test]
fn the_short_table() {
    assert_data_eq!(table::render(&sample::result(), 100, false), file!["../../golden/table.txt"].raw());
}

#[test]
fn the_verbose_table_has_every_row_and_footnote() {
    assert_data_eq!(table::render(&sample::result(), 100, true), file!["../../golden/table-verbose.txt"].raw());
}

#[test]
fn thirty_queues_take_a_line_each() {
    let text = table::render(&sample::many_queues(30), 100, false);
    assert!(text.lines().count() < 90, "{text}");
    assert_data_eq!(text, file!["../../golden/table-30-queues.txt"].raw());
}

#[test]
fn tables_fit_the_terminal() {
    for width in [100, 120] {
        for verbose in [false, true] {
            for set in [sample::result(), sample::many_queues(30)] {
                let text = table::render(&set, width, verbose);
                assert!(widest(&text) <= usize::from(width), "{width} {verbose}:\n{text}");
                assert!(!text.contains('\u{1b}'));
                assert!(text.lines().all(|l| l.trim_end() == l), "{text}");
            }
        }
    }
}

#[test]
fn an_unbalanced_ledger_is_said_aloud() {
    let mut set = sample::result();
    assert!(table::render(&set, 100, false).contains("every one accounted for"));
    set.ledger.lost -= 7;
    assert!(table::render(&set, 100, false).contains("off by 7"));
}

#[test]
fn a_class_column_only_where_there_are_classes() {
    let mut set = sample::result();
    assert!(!table::render(&set, 120, false).contains("class"));
    set.rows[2].class = Some("express".into());
    let text = table::render(&set, 120, false);
    assert!(text.contains("class") && text.contains("express"), "{text}");
}

#[test]
fn rows_of_theory_alone_make_a_table() {
    let mut set = sample::result();
    set.rows.drain(..9);
    set.validation.clear();
    set.provenance.replications = 0;
    let text = table::render(&set, 100, false);
    assert!(text.contains("40.0000 ms") && text.contains("M/M/1") && !text.contains("simulated"), "{text}");
}

#[test]
fn a_comparison_that_points_nowhere_is_passed_over() {
    let mut set = sample::result();
    set.validation[0].theory = 999;
    set.validation[1].simulated = 999;
    table::render(&set, 100, true);
    markdown::render(&set, true);
}

#[test]
fn the_markdown() {
    assert_data_eq!(markdown::render(&sample::result(), true), file!["../../golden/result.md"].raw());
}

#[test]
fn markdown_cells_cannot_break_out() {
    let mut set = sample::result();
    set.rows[0].name = "a|b".into();
    let text = markdown::render(&set, true);
    assert!(text.contains(r"a\|b"), "{text}");
}

#[test]
fn the_csv() {
    assert_data_eq!(csv_text(&sample::result().rows), file!["../../golden/result.csv"].raw());
}

#[test]
fn csv_columns_are_the_fields_of_a_row_in_order() {
    let row = serde_json::to_string(&sample::result().rows[0]).expect("rows serialise");
    let at = |column: &str| row.find(&format!("\"{column}\":"));
    assert!(csv::COLUMNS.windows(2).all(|w| at(w[0]) < at(w[1])), "{row}");
    let fields: serde_json::Value = serde_json::from_str(&row).expect("valid JSON");
    // What programs read of the method is in JSON only.
    let fields = fields.as_object().expect("a row is an object");
    let named = fields.keys().filter(|key| !["basis", "refusal"].contains(&key.as_str()));
    assert_eq!(named.count(), csv::COLUMNS.len());
    assert_eq!(csv_text(&[]).trim_end(), csv::COLUMNS.join(","));
}

#[test]
fn json_reads_back_as_the_same_result() {
    let set = sample::result();
    let mut bytes = Vec::new();
    json::write(&set, &mut bytes).expect("a vector takes everything");
    assert_eq!(serde_json::from_slice::<lindley::experiment::result::ResultSet>(&bytes).expect("own output"), set);
}

#[test]
fn json_lines_are_one_row_each() {
    let set = sample::result();
    let mut bytes = Vec::new();
    json::write_lines(&set.rows, &mut bytes).expect("a vector takes everything");
    let text = String::from_utf8(bytes).expect("JSON is text");
    let rows: Vec<Row> = text.lines().map(|l| serde_json::from_str(l).expect("a row per line")).collect();
    assert_eq!(rows, set.rows);
}

#[test]
fn the_schema_accepts_the_output_and_nothing_else() {
    let schema = schema::result_schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::draft7::new(&schema).expect("a valid schema");
    let good = serde_json::to_value(sample::result()).expect("results serialise");
    assert!(validator.is_valid(&good), "{:?}", validator.iter_errors(&good).next());
    let broken = |pointer: &str, value: serde_json::Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("the place exists") = value;
        !validator.is_valid(&bad)
    };
    assert!(broken("/rows/0/value", "fast".into()));
    assert!(broken("/rows/0/unit", "ms".into()));
    assert!(broken("/rows/0/metric", "Wait Time".into()));
    assert!(broken("/provenance/stop_reason", "bored".into()));
    assert!(broken("/ledger/acked", serde_json::json!(-1)));
    assert!(broken("/rows", serde_json::json!({})));
}
