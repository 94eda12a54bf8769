//! Values as people type them: what is no TOML by itself, as a time with its unit in a list, is put in quotes.

/// A text as TOML: as it is where it is a value, with its bare words quoted where it is a list or a table without
/// quotes, and as a text else.
///
/// ```
/// use lindley::model::as_toml;
/// assert_eq!(as_toml("[0.5s, 2]"), "[\"0.5s\", 2]");
/// assert_eq!(as_toml("{ rates = [2/s, 8/s], kind = 'on off' }"), "{ rates = [\"2/s\", \"8/s\"], kind = 'on off' }");
/// assert_eq!((as_toml("[1, 2]"), as_toml("40ms")), ("[1, 2]".to_string(), "\"40ms\"".to_string()));
/// ```
pub fn as_toml(text: &str) -> String {
    let text = text.trim();
    if is_value(text) {
        return text.to_string();
    }
    let quoted = if text.starts_with(['[', '{']) { with_quotes(text) } else { String::new() };
    if is_value(&quoted) { quoted } else { in_quotes(text) }
}

fn is_value(text: &str) -> bool {
    text.parse::<toml_edit::Value>().is_ok()
}

/// The quotes of JSON are also TOML's.
fn in_quotes(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

/// The same text with every word in quotes that is no value and no key.
fn with_quotes(text: &str) -> String {
    let (mut out, mut word, mut open) = (String::new(), String::new(), None);
    for c in text.chars() {
        match open {
            Some(quote) => {
                word.push(c);
                open = (c != quote).then_some(quote);
            }
            None if "[]{},=".contains(c) => {
                out += &spelled(&std::mem::take(&mut word), c == '=');
                out.push(c);
            }
            None => {
                open = (c == '"' || c == '\'').then_some(c);
                word.push(c);
            }
        }
    }
    out + &word
}

/// A word between two marks, its blanks kept.
fn spelled(word: &str, is_key: bool) -> String {
    let inner = word.trim();
    if inner.is_empty() || is_key || is_value(inner) {
        return word.to_string();
    }
    word.replacen(inner, &in_quotes(inner), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_value_gets_quotes() {
        for (typed, toml) in [
            ("[0.5s,1s]", "[\"0.5s\",\"1s\"]"),
            ("[[1ms, 2], [3, 4 min]]", "[[\"1ms\", 2], [3, \"4 min\"]]"),
            ("[M 1s, \"E4 40ms\"]", "[\"M 1s\", \"E4 40ms\"]"),
            ("['a, b', c]", "['a, b', \"c\"]"),
            ("[1e3, inf, true, -2]", "[1e3, inf, true, -2]"),
            ("{ mmpp = { rates = [2/s] } }", "{ mmpp = { rates = [\"2/s\"] } }"),
            ("gated", "\"gated\""),
            ("[1s", "\"[1s\""),
            ("", "\"\""),
        ] {
            assert_eq!(as_toml(typed), toml, "{typed}");
        }
    }
}
