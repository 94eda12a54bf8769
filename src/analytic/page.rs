//! Pages of `explain`: the documentation of a public item, read from the very source that the reference
//! documentation is made of, so that the two cannot differ.

/// A page: a name, and where its text stands.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// What `explain` is asked for: lower-case words joined by `-`.
    pub name: &'static str,
    /// The source file.
    pub source: &'static str,
    /// The start of the line that declares the item, as `pub fn erlang_c(`.
    pub item: &'static str,
}

impl Page {
    /// The text: the item's documentation without its doc tests. Empty if there is no such item.
    ///
    /// ```
    /// use lindley::analytic::page::Page;
    /// let source = "/// Twice x.\n///\n/// ```\n/// assert_eq!(twice(1), 2);\n/// ```\npub fn twice(x: u8) -> u8 {";
    /// assert_eq!(Page { name: "twice", source, item: "pub fn twice(" }.text(), "Twice x.");
    /// ```
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.source.lines().map(str::trim_start).collect();
        let Some(at) = lines.iter().position(|line| line.starts_with(self.item)) else { return String::new() };
        let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with("#["));
        let mut documented: Vec<&str> = above.filter_map(|line| line.strip_prefix("///")).collect();
        documented.reverse();
        let mut text = String::new();
        let mut in_example = false;
        for line in documented.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
            if line.starts_with("```") {
                in_example = !in_example;
            } else if !in_example {
                text += &line.replace("\\[", "[").replace("\\]", "]");
                text.push('\n');
            }
        }
        text.trim_end().to_string()
    }
}
