//! docs/theory.md lists every method and every system, as `solve --list` does. `SNAPSHOTS=overwrite`
//! rewrites the lists.

use crate::support::{program, root, text};
use lindley::analytic::{catalog, plan, system};
use lindley::row::Source;

fn worth(source: Source) -> &'static str {
    match source {
        Source::Approximation => "approximation",
        Source::Bound => "bound",
        _ => "exact",
    }
}

/// The first sentence of the page of that name, fit for a table.
fn summary(name: &str) -> String {
    let page = lindley::analytic::catalog::pages().find(|page| page.name == name).expect("every method has a page");
    let paragraph: Vec<String> =
        page.text().lines().take_while(|line| !line.trim().is_empty()).map(str::to_string).collect();
    let text = paragraph.join(" ");
    let sentence = text.split(". ").next().unwrap_or_default().trim_end_matches('.');
    sentence.replace('|', "\\|")
}

fn methods() -> String {
    let line = |m: &lindley::analytic::Method| {
        format!("| `{}` | {} | {} |\n", m.id, summary(&m.id.to_string()), worth(m.source))
    };
    format!("| method | solves | worth |\n|---|---|---|\n{}", plan::methods().map(line).collect::<String>())
}

fn systems() -> String {
    let parameter = |p: &lindley::analytic::system::Parameter| match p.default {
        Some(default) => format!("`{}` ({})", p.name, if default.is_empty() { "none" } else { default }),
        None => format!("`{}`", p.name),
    };
    let line = |s: &system::System| {
        let parameters: Vec<String> = s.parameters.iter().map(parameter).collect();
        format!("| `{}` | {} | {} |\n", s.name, s.says, parameters.join(", "))
    };
    let lines: String = catalog::systems().map(line).collect();
    format!("| system | is | parameters (defaults) |\n|---|---|---|\n{}", lines)
}

/// The text with what stands between the marks of that name replaced.
fn with(document: &str, name: &str, list: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = document.split_once(&open).expect("the opening mark");
    let (_, after) = rest.split_once(&close).expect("the closing mark");
    format!("{before}{open}{list}{close}{after}")
}

#[test]
fn the_lists_are_complete() {
    let path = root().join("docs/theory.md");
    let document = std::fs::read_to_string(&path).expect("docs/theory.md is there");
    let fresh = with(&with(&document, "methods", &methods()), "systems", &systems());
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        std::fs::write(&path, &fresh).expect("written");
    }
    assert!(
        fresh == document || std::env::var("SNAPSHOTS").is_ok(),
        "docs/theory.md is out of date: SNAPSHOTS=overwrite"
    );
}

/// The arguments of a shell line with single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one word at least").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name that is asked by another command is answered with that command, and the command runs.
#[test]
fn what_is_asked_elsewhere_is_answered_there() {
    for (name, command) in catalog::ELSEWHERE {
        let refused = program().args(["solve", name]).output().expect("starts");
        assert_eq!(refused.status.code(), Some(2), "{name}");
        assert!(text(&refused.stderr).contains(command), "{name}: {}", text(&refused.stderr));
        let arguments = words(command.strip_prefix("lindley ").expect("a command of this program"));
        let answered = program().args(arguments).output().expect("starts");
        assert_eq!(answered.status.code(), Some(0), "{command}\n{}", text(&answered.stderr));
    }
}

#[test]
fn its_commands_run() {
    let document = std::fs::read_to_string(root().join("docs/theory.md")).expect("docs/theory.md is there");
    let blocks = document.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines: Vec<&str> = blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("lindley ")).collect();
    assert!(lines.len() > 20, "{}", lines.len());
    for line in lines {
        let (command, code) = match line.split_once(" # exit code ") {
            Some((command, code)) => (command, code.trim().parse().expect("an exit code")),
            None => (line.split(" # ").next().unwrap_or(line), 0),
        };
        let output = program().args(words(command)).output().expect("starts");
        assert_eq!(output.status.code(), Some(code), "{line}\n{}", text(&output.stderr));
    }
}
