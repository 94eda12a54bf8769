//! Tables of Markdown.

/// A pipe table after an empty line; empty without rows.
pub(super) fn table(header: &[impl AsRef<str>], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = String::from("\n");
    out += &line(header.iter().map(|h| escape(h.as_ref())).collect());
    out += &line(header.iter().map(|_| "---".to_string()).collect());
    rows.into_iter().for_each(|row| out += &line(row.iter().map(|c| escape(c)).collect()));
    out
}

/// Keeps a text from ending a cell or starting markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '`' | '<' | '[' | ']' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
