//! One name, one type: who searches for `Station` finds one.

use std::collections::BTreeMap;

use super::package;
use super::source::Package;

/// Names that may be declared more than once, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Types with a name that another type has, each with its files.
fn repeated(package: &Package) -> BTreeMap<&str, Vec<&str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for module in &package.modules {
        for name in &module.types {
            found.entry(name).or_default().push(&module.file);
        }
    }
    found.retain(|_, files| files.len() > 1);
    found
}

#[test]
fn every_type_has_a_name_of_its_own() {
    assert!(EXCEPTIONS.len() <= 10, "at most ten exceptions");
    let excused = |name: &str| EXCEPTIONS.iter().any(|(n, _)| *n == name);
    let found = repeated(package());
    let shown: Vec<String> =
        found.iter().filter(|(n, _)| !excused(n)).map(|(n, files)| format!("{n}: {}", files.join(", "))).collect();
    assert!(shown.is_empty(), "{} names are declared more than once:\n{}", shown.len(), shown.join("\n"));
    let stale: Vec<&str> = EXCEPTIONS.iter().map(|(n, _)| *n).filter(|n| !found.contains_key(n)).collect();
    assert!(stale.is_empty(), "exceptions that are none: {stale:?}");
}

#[test]
fn a_name_in_two_files_is_found() {
    let package = Package::of(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "pub struct Plan; pub struct Own; #[cfg(test)] mod tests { struct Own; }"),
        ("b.rs", "mod inline { enum Plan {} } fn f() { struct Local; }"),
    ]);
    assert_eq!(repeated(&package), BTreeMap::from([("Plan", vec!["a.rs", "b.rs"])]));
}
