//! Nearest names: what the author of a misspelt name probably meant. Knows only texts.

/// The known name nearest to `name`, if one is near enough to be a slip of the pen.
///
/// Near is at most one edit (insertion, deletion, substitution, transposition) per three
/// letters, case and `-` against `_` not counted.
pub(in crate::model) fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let wanted = plain(name);
    let distance = |candidate: &str| strsim::damerau_levenshtein(&wanted, &plain(candidate));
    let (near, edits) = known.iter().map(|n| (*n, distance(n))).min_by_key(|(_, edits)| *edits)?;
    (edits <= (wanted.chars().count() / 3).max(1)).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let known = ["orders", "parking", "dead_letter"];
        assert_eq!(nearest("ordres", &known), Some("orders"));
        assert_eq!(nearest("dead-letter", &known), Some("dead_letter"));
        assert_eq!(nearest("Orders", &known), Some("orders"));
        assert_eq!(nearest("payments", &known), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
