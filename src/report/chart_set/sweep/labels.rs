//! Values of a parameter as labels: of inline tables only what tells them apart. Knows texts only.

use toml::Value;

/// A table as the names that lead to its values, and the values: `gamma.scv` and `4`.
type Leaves = Vec<(String, String)>;

/// The texts as they stand; of tables such as `{ gamma = { mean = "100ms", scv = 4 } }` the words
/// `gamma scv 4`, where the others share their mean.
pub(super) fn short(texts: &[&str]) -> Vec<String> {
    let read: Vec<Option<Leaves>> = texts.iter().map(|text| leaves_of(text)).collect();
    let tables: Vec<&Leaves> = read.iter().flatten().collect();
    let tells = |leaf: &(String, String)| tables.len() < 2 || !tables.iter().all(|t| t.contains(leaf));
    let label = |(text, leaves): (&&str, &Option<Leaves>)| match leaves {
        Some(leaves) => words(leaves.iter().filter(|l| tells(l))).unwrap_or_else(|| (*text).to_string()),
        None => (*text).to_string(),
    };
    texts.iter().zip(&read).map(label).collect()
}

fn leaves_of(text: &str) -> Option<Leaves> {
    let document: toml::Table = text.trim_start().starts_with('{').then(|| format!("value = {text}"))?.parse().ok()?;
    let mut leaves = Leaves::new();
    gather("", document.get("value")?, &mut leaves);
    Some(leaves)
}

fn gather(path: &str, value: &Value, leaves: &mut Leaves) {
    match value {
        Value::Table(table) => table.iter().for_each(|(key, value)| gather(&format!("{path} {key}"), value, leaves)),
        Value::String(text) => leaves.push((path.trim().to_string(), text.clone())),
        other => leaves.push((path.trim().to_string(), other.to_string())),
    }
}

/// `gamma mean 100ms, scv 4`: what all names begin with is said once.
fn words<'l>(leaves: impl Iterator<Item = &'l (String, String)>) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    let mut before = String::new();
    for (path, value) in leaves {
        let stem = path.rsplit_once(' ').map_or("", |(stem, _)| stem);
        let name = path.strip_prefix(&before).filter(|_| !before.is_empty()).map_or(path.as_str(), str::trim);
        said.push(format!("{name} {value}"));
        before = stem.to_string();
    }
    (!said.is_empty()).then(|| said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn tables_say_what_tells_them_apart() {
        let gamma = |scv: u32| format!("{{ gamma = {{ mean = \"100ms\", scv = {scv} }} }}");
        let (one, four) = (gamma(1), gamma(4));
        assert_eq!(short(&["100ms", &one, &four]), ["100ms", "gamma scv 1", "gamma scv 4"]);
        assert_eq!(short(&["100ms", &one]), ["100ms", "gamma mean 100ms, scv 1"]);
        assert_eq!(short(&["{ broken", "5/s"]), ["{ broken", "5/s"]);
        assert_eq!(short(&[&one, &one]), [one.as_str(), one.as_str()]);
    }
}
