//! Axes as they are typed: `--sweep` and `--zip` become the text of a `[[sweep]]` block, so that one
//! parser checks everything.

use crate::cli::failure::Failure;
use crate::model::{as_toml, value_of};

/// The text of the block that the options describe.
pub(super) fn block(sweep: &[String], zip: &[String]) -> Result<String, Failure> {
    let mut text = String::from("[[sweep]]\nname = \"command line\"\n");
    if !sweep.is_empty() {
        text += "[sweep.grid]\n";
    }
    for axis in sweep {
        let (path, values) = split("--sweep", axis)?;
        text += &format!("{} = {}\n", quoted(path), spacing(values));
    }
    for (i, group) in zip.iter().enumerate() {
        text += &format!("[sweep.zip.group-{}]\n{}", i + 1, lockstep(group)?);
    }
    Ok(text)
}

fn split<'t>(option: &str, text: &'t str) -> Result<(&'t str, &'t str), Failure> {
    let parts = text.split_once('=').map(|(path, values)| (path.trim(), values.trim()));
    parts
        .filter(|(path, values)| !path.is_empty() && !values.is_empty())
        .ok_or_else(|| usage!("{option} {text}: write PATH=VALUES, as in consumers.workers.servers=4:32:4"))
}

/// A key in quotes. TOML itself may choose quotes of several lines, which keys cannot have; those of
/// JSON are also TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as TOML; what is none by itself is a text.
fn literal(text: &str) -> String {
    value_of(text).to_string().trim().to_string()
}

fn literals(parts: &[&str]) -> String {
    format!("[{}]", parts.iter().map(|part| literal(part)).collect::<Vec<_>>().join(", "))
}

fn spacing(values: &str) -> String {
    let list = as_toml(values);
    if list.starts_with('[') {
        return list;
    }
    let parts: Vec<&str> = values.split(':').collect();
    match parts[..] {
        ["lin", start, stop, n] => format!("{{ linspace = {} }}", literals(&[start, stop, n])),
        ["log", start, stop, n] => format!("{{ logspace = {} }}", literals(&[start, stop, n])),
        [_, _, _] | [_, _] => format!("{{ range = {} }}", literals(&parts)),
        _ => literals(&values.split(',').collect::<Vec<_>>()),
    }
}

/// `a,b=1:2,3:4`: the axes a = [1, 3] and b = [2, 4].
fn lockstep(group: &str) -> Result<String, Failure> {
    let (paths, settings) = split("--zip", group)?;
    let paths: Vec<&str> = paths.split(',').map(str::trim).collect();
    let settings: Vec<Vec<&str>> = settings.split(',').map(|setting| setting.split(':').collect()).collect();
    if let Some(wrong) = settings.iter().find(|setting| setting.len() != paths.len()) {
        return Err(usage!(
            "--zip {group}: `{}` has {} values for {} paths; write PATH,PATH=A:B,C:D",
            wrong.join(":"),
            wrong.len(),
            paths.len()
        ));
    }
    let axis = |(at, path): (usize, &&str)| {
        let values: Vec<&str> = settings.iter().map(|setting| setting[at]).collect();
        format!("{} = {}\n", quoted(path), literals(&values))
    };
    Ok(paths.iter().enumerate().map(axis).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_a_block() {
        assert_eq!(spacing("4:32:4"), "{ range = [4, 32, 4] }");
        assert_eq!(spacing("10ms:50ms:10ms"), "{ range = [\"10ms\", \"50ms\", \"10ms\"] }");
        assert_eq!(spacing("log:1:100:3"), "{ logspace = [1, 100, 3] }");
        assert_eq!(spacing("1,2.5,x"), "[1, 2.5, \"x\"]");
        assert_eq!(spacing("[1, 2]"), "[1, 2]");
        assert_eq!(spacing("[10ms, 2]"), "[\"10ms\", 2]");
        assert_eq!(lockstep("a.b,c.d=1:2ms,3:4ms").unwrap(), "\"a.b\" = [1, 3]\n\"c.d\" = [\"2ms\", \"4ms\"]\n");
        assert!(lockstep("a.b,c.d=1:2,3").is_err());
        assert!(block(&["a.b".into()], &[]).is_err());
        assert_eq!(quoted("a.\"it's\".b"), r#""a.\"it's\".b""#);
    }
}
