//! The layer rule: who may import whom. It looks at every path of every module: those of
//! `use`, nested ones with their whole path, those in code, macros and attributes, `super`
//! read from where it stands; and at the file that declares what is named, so that no
//! re-export leads around the rule.

use std::collections::BTreeSet;

use super::graph::Place;
use super::package;
use super::source::{Module, Package};

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
    ("facade", &["units", "model", "experiment", "report", "analytic", "diag"]),
    ("report", &["stats", "units", "row", "dist", "model", "analytic", "experiment"]),
    ("cli", &["units", "row", "diag", "model", "experiment", "report", "analytic"]),
];

/// What only some layers may do: the end of a name stands for `*`.
const RESERVED: &[(&[&str], &[&str])] = &[
    (&["println"], &["cli"]),
    (&["std", "fs"], &["cli"]),
    (&["File", "open"], &["cli"]),
    (&["Instant", "now"], &["experiment"]),
    (&["rayon"], &["experiment", "analytic"]),
    (&["Xoshiro*"], &["rng"]),
];

/// Layers that a module names or whose items it gets by a re-export.
fn layers_used(package: &Package, at: usize) -> BTreeSet<String> {
    let Module { imports, named, .. } = &package.modules[at];
    let mut used = BTreeSet::new();
    for path in imports.iter().map(|i| &i.path).chain(named) {
        used.extend(package.absolute(at, path).and_then(|p| p.first().cloned()));
        if let Some(Place::Item(module) | Place::Module(module)) = package.resolve(at, path) {
            used.extend(package.modules[module].path.first().cloned());
        }
    }
    used
}

fn is_reserved(path: &[String], reserved: &[&str]) -> bool {
    let matches = |word: &String, wanted: &&str| match wanted.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == wanted,
    };
    path.windows(reserved.len()).any(|words| words.iter().zip(reserved).all(|(a, b)| matches(a, b)))
}

/// Every breach of the rule in one module.
fn breaches(package: &Package, at: usize) -> Vec<String> {
    let Module { file, path, imports, named, .. } = &package.modules[at];
    // The root only hands names on.
    let Some(layer) = path.first().filter(|_| file != "lib.rs") else { return Vec::new() };
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == layer) else {
        return vec![format!("{file}: layer `{layer}` is not in the table")];
    };
    let known = |name: &String| MAY_USE.iter().any(|(layer, _)| layer == name);
    let mut found: Vec<String> = layers_used(package, at)
        .into_iter()
        .filter(|name| known(name) && name != layer && !allowed.contains(&name.as_str()))
        .map(|name| format!("{file}: `{layer}` must not use `{name}`"))
        .collect();
    for (words, layers) in RESERVED.iter().filter(|(_, layers)| !layers.contains(&layer.as_str())) {
        if imports.iter().map(|i| &i.path).chain(named).any(|path| is_reserved(path, words)) {
            found.push(format!("{file}: `{}` belongs to {layers:?}, not to `{layer}`", words.join("::")));
        }
    }
    found
}

fn all_breaches(package: &Package) -> Vec<String> {
    (0..package.modules.len()).flat_map(|at| breaches(package, at)).collect()
}

#[test]
fn every_import_points_to_the_left() {
    assert!(package().modules.len() > 50, "the sources were found");
    let all = all_breaches(package());
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// A crate with this text as the file `deep.rs` two folders below `layer`.
fn with(layer: &str, text: &str) -> Vec<String> {
    let files: &[(&str, &str)] = &[
        ("lib.rs", "mod analytic; mod experiment; mod model; mod sim; mod stats;"),
        ("analytic/mod.rs", "mod inner;"),
        ("analytic/inner/mod.rs", "mod deep;"),
        ("experiment/mod.rs", "pub use crate::stats::Tally;"),
        ("model/mod.rs", "pub struct Model; mod inner;"),
        ("model/inner/mod.rs", "mod deep;"),
        ("sim/mod.rs", "mod inner;"),
        ("sim/inner/mod.rs", "mod deep;"),
        ("stats/mod.rs", "pub struct Tally; mod inner;"),
        ("stats/inner/mod.rs", "mod deep;"),
    ];
    let deep = |name: &str| if name == layer { text } else { "" }.to_string();
    let below: Vec<(String, String)> = ["analytic", "model", "sim", "stats"]
        .map(|name| (format!("{name}/inner/deep.rs"), deep(name)))
        .into_iter()
        .collect();
    let below = below.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    all_breaches(&Package::of(&files.iter().copied().chain(below).collect::<Vec<_>>()))
}

#[test]
fn the_rule_catches_what_it_forbids() {
    let caught = [
        ("sim", "use crate::stats::Tally;"),
        ("sim", "use crate::{analytic, model::Model};"),
        ("sim", "use crate::{model::{Model}, stats::{Tally}};"),
        ("sim", "use super::super::super::stats::Tally;"),
        ("sim", "fn f() { super::super::super::stats::Tally; }"),
        ("sim", "mod inline { use super::super::super::super::stats::Tally; }"),
        ("model", "fn f() { vec![crate::stats::Tally]; }"),
        ("model", "#[serde(with = \"crate::stats::Tally\")] struct S;"),
        ("analytic", "fn f() { crate::sim::Engine::new() }"),
        ("stats", "fn f() { println!(\"x\") }"),
        ("stats", "use std::{fs, io};"),
        ("stats", "use rayon::prelude::*;"),
        ("sim", "use rand_xoshiro::Xoshiro256PlusPlus;"),
    ];
    for (layer, text) in caught {
        assert_eq!(with(layer, text).len(), 1, "{layer}: {text}: {:?}", with(layer, text));
    }
    let allowed = [
        ("sim", "use crate::model::Model;"),
        ("sim", "use super::super::inner;"),
        ("sim", "#[cfg(test)] mod tests { use crate::stats::Tally; }"),
        ("sim", "/// Not by [`crate::stats::Tally`].\nstruct S;"),
    ];
    for (layer, text) in allowed {
        assert_eq!(with(layer, text), Vec::<String>::new(), "{layer}: {text}");
    }
}

#[test]
fn a_re_export_does_not_lead_around_the_rule() {
    let files = [
        ("lib.rs", "pub mod experiment; pub mod report; pub mod sim;"),
        ("experiment/mod.rs", "pub use crate::sim::Engine;"),
        ("report/mod.rs", "use crate::experiment::Engine;"),
        ("sim/mod.rs", "pub struct Engine;"),
    ];
    assert_eq!(all_breaches(&Package::of(&files)).len(), 1);
}
