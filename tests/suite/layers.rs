//! The layer rule: who may import whom. Reads the `crate::` paths of every source file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with the layers it may name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("row", &["units"]),
    ("diag", &[]),
    ("dist", &["units"]),
    ("rng", &[]),
    ("stats", &[]),
    ("model", &["units", "row", "diag", "dist"]),
    ("analytic", &["units", "row", "dist", "stats", "model"]),
    ("sim", &["dist", "rng", "model"]),
    ("experiment", &["units", "row", "diag", "dist", "rng", "stats", "model", "analytic", "sim"]),
    ("facade", &["model", "experiment", "report", "analytic", "diag"]),
    ("report", &["units", "row", "model", "analytic", "experiment"]),
    ("cli", &["units", "row", "diag", "model", "experiment", "report", "analytic"]),
];

/// What only some layers may do, as text that betrays it.
const RESERVED: &[(&str, &[&str])] = &[
    ("println!", &["cli"]),
    ("std::fs", &["cli"]),
    ("File::open", &["cli"]),
    ("Instant::now", &["experiment"]),
    ("rayon::", &["experiment", "analytic"]),
    ("Xoshiro", &["rng"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source folder is there") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn layer_of(path: &Path, root: &Path) -> String {
    let relative = path.strip_prefix(root).expect("sources are below the root");
    let first = relative.components().next().expect("a source has a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_string()
}

/// The files of the modules that a source declares for tests only: `#[cfg(test)] mod name;`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).expect("a source is text");
    let folder = match path.file_name().is_some_and(|n| n == "mod.rs") {
        true => path.parent().expect("a source is in a folder").to_path_buf(),
        false => path.with_extension(""),
    };
    let declared = |rest: &str| {
        let rest = rest.trim_start().trim_start_matches("pub(crate) ");
        let name = rest.strip_prefix("mod ")?.split(';').next()?.trim().to_string();
        (!name.contains('{')).then_some(name)
    };
    let names = text.split("#[cfg(test)]").skip(1).filter_map(declared);
    names.flat_map(|n| [folder.join(format!("{n}.rs")), folder.join(n).join("mod.rs")]).collect()
}

/// The code of a file: without comments, and without its test module (tests may use more).
fn code(text: &str) -> String {
    let body = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Layers named by `crate::layer` or `crate::{layer, ...}`.
fn named_layers(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut named = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => named.extend(group.split('}').next().unwrap_or("").split(',').map(|part| word(part.trim()))),
            None => drop(named.insert(word(rest))),
        }
    }
    named
}

/// Every breach of the rule in one file.
fn breaches(layer: &str, code: &str) -> Vec<String> {
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("layer `{layer}` is not in the table")];
    };
    let known = |name: &String| MAY_USE.iter().any(|(layer, _)| layer == name);
    let mut found: Vec<String> = named_layers(code)
        .into_iter()
        .filter(|name| known(name) && name != layer && !allowed.contains(&name.as_str()))
        .map(|name| format!("`{layer}` must not use `{name}`"))
        .collect();
    for (text, layers) in RESERVED {
        if code.contains(text) && !layers.contains(&layer) {
            found.push(format!("`{text}` belongs to {layers:?}, not to `{layer}`"));
        }
    }
    found
}

#[test]
fn every_import_points_to_the_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "the sources were found");
    let test_only: BTreeSet<PathBuf> = files.iter().flat_map(|path| test_modules(path)).collect();
    let mut all = Vec::new();
    for path in files.iter().filter(|p| !p.ends_with("lib.rs") && !p.ends_with("main.rs")) {
        // Files that hold only tests may use what tests need.
        if test_only.contains(path) {
            continue;
        }
        let text = fs::read_to_string(path).expect("a source is text");
        let name = path.strip_prefix(&root).expect("below the root").display().to_string();
        all.extend(breaches(&layer_of(path, &root), &code(&text)).into_iter().map(|b| format!("{name}: {b}")));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_rule_catches_what_it_forbids() {
    assert_eq!(breaches("sim", "use crate::stats::Tally;").len(), 1);
    assert_eq!(breaches("sim", "use crate::{analytic, model::Model};").len(), 1);
    assert_eq!(breaches("analytic", "crate::sim::Engine::new()").len(), 1);
    assert_eq!(breaches("stats", "println!(\"x\")").len(), 1);
    assert_eq!(breaches("sim", "use crate::model::Model;"), Vec::<String>::new());
}
