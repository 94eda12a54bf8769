//! Damaged files: no text makes the parser panic, loop, or refuse without a reason.

use super::{SHOP, codes, files, station};
use lindley::model::parse;
use proptest::prelude::*;

/// TOML stops at 80 levels, so the recursion over distributions is bounded too.
#[test]
fn deep_nesting_is_read_up_to_the_limit_of_toml() {
    let deep = |levels: usize| format!("service{} = 1", ".shifted.of".repeat(levels));
    let text = |levels: usize| station("{ poisson = 20 }", "1", "").replace("service = 1", &deep(levels));
    assert!(!codes(&text(30)).contains(&"syntax"));
    assert!(codes(&text(50)).contains(&"syntax"));
    survive(&text(20_000));
    survive(&format!("a = {}", "[".repeat(20_000)));
}

/// Everything printed about any text must lie inside it, and nothing may panic.
fn survive(text: &str) {
    let found = match parse("m.toml", text, &files) {
        Ok((_, warnings)) => warnings,
        Err(found) => {
            assert!(!found.is_empty(), "refused without a reason:\n{text}");
            found
        }
    };
    assert!(found.iter().all(|d| lindley::diag::explain(d.code).is_some()));
    let printed = lindley::diag::render(&found, "m.toml", text, false);
    assert_eq!(printed.is_empty(), found.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0..SHOP.len(), any::<u8>()), 1..6)) {
        let mut bytes = SHOP.as_bytes().to_vec();
        changes.iter().for_each(|(at, byte)| bytes[*at] = *byte);
        survive(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn moved_pieces_never_panic(from in 0..SHOP.len(), length in 0..60usize, to in 0..SHOP.len()) {
        let end = (from + length).min(SHOP.len());
        survive(&format!("{}{}{}", &SHOP[..to], &SHOP[from..end], &SHOP[to..]));
        survive(&format!("{}{}", &SHOP[..from], &SHOP[end..]));
    }

    /// Values of the wrong kind in the right places.
    #[test]
    fn exchanged_values_never_panic(line in 0..SHOP.lines().count(), value in "-?[0-9]{1,25}|[0-9.e+-]{1,8}|\"[a-z0-9%/.*#-]{0,8}\"|\\[\\]|\\{\\}|inf|nan|true") {
        let changed = SHOP.lines().enumerate().map(|(i, text)| match text.split_once(" = ") {
            Some((key, _)) if i == line => format!("{key} = {value}"),
            _ => text.to_string(),
        });
        survive(&changed.collect::<Vec<_>>().join("\n"));
    }
}

/// The words of the parser are all that tells an open bracket from other mistakes.
#[test]
fn an_open_bracket_is_known_by_the_words_of_the_parser() {
    for open in ["[queues", "[[sweep]", "model = [1, 2", "model = { name = 1"] {
        let found = parse("m", open, &files).expect_err("it is no model");
        let said = found.iter().flat_map(|d| &d.notes).any(|note| note.contains("is never closed"));
        assert!(said, "{open}: {found:?}");
    }
    let found = parse("m", "model = [1]]", &files).expect_err("it is no model");
    assert!(!found.iter().flat_map(|d| &d.notes).any(|note| note.contains("is never closed")));
}
