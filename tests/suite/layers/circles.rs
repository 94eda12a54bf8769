//! No circle of imports between files: whoever reads a file reads what it needs first, and
//! never comes back to where he was.
//!
//! The rule. A file needs the file that *declares* an item which it names: by a `use`, by a
//! path in its code, in a macro or in an attribute. Re-exports are followed to the
//! declaration. Therefore a `mod.rs` does not need its children because it declares them,
//! nor because it hands their names on (`pub use child::X`, with any visibility); it does if
//! its own code uses them. And a child does not need its `mod.rs` because it gets a
//! sibling's name through it. A method that is called without naming its type is no need.
//!
//! The cure of a circle is to move what two files share to a third that both can see.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::circles;
use super::package;
use super::source::Package;

fn shown(circle: &BTreeSet<&str>, files: &BTreeMap<&str, BTreeSet<&str>>) -> String {
    let needs = |file: &&str| {
        let inside = files[file].iter().filter(|other| circle.contains(*other));
        format!("  {file} needs {}\n", inside.copied().collect::<Vec<_>>().join(", "))
    };
    circle.iter().map(needs).collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = package().files();
    let found: Vec<String> = circles(&files).iter().map(|circle| shown(circle, &files)).collect();
    assert!(found.is_empty(), "{} circles:\n{}", found.len(), found.join("\n"));
}

/// The files in circles of a crate with the modules `a` (a folder with `child` and `other`) and `b`.
fn in_circles(a: &str, child: &str, other: &str, b: &str) -> Vec<String> {
    let files = [
        ("lib.rs", "pub mod a; pub mod b;"),
        ("a/mod.rs", &format!("mod child; mod other; {a}")),
        ("a/child.rs", child),
        ("a/other.rs", other),
        ("b.rs", b),
    ];
    let package = Package::of(&files);
    circles(&package.files()).into_iter().flatten().map(String::from).collect()
}

#[test]
fn a_circle_is_found() {
    let pair = ["a/child.rs", "a/other.rs"];
    assert_eq!(in_circles("", "use super::other::X; pub struct Y;", "use super::child::Y; pub struct X;", ""), pair);
    let through_mod =
        in_circles("pub use child::Y;", "use super::other::X; pub struct Y;", "use super::Y; pub struct X;", "");
    assert_eq!(through_mod, pair);
    let in_code =
        in_circles("", "fn y() { super::other::x(); }", "fn x() { format!(\"{}\", crate::a::child::y()); }", "");
    assert_eq!(in_code, pair);
    let by_module =
        in_circles("", "use crate::a::{other}; fn y() { other::x() }", "use super::child::y; fn x() {}", "");
    assert_eq!(by_module, pair);
    let parent = in_circles("use child::Y; pub struct X;", "use super::X; pub struct Y;", "", "");
    assert_eq!(parent, ["a/child.rs", "a/mod.rs"]);
    let handed_on_and_used = in_circles("pub use child::Y; pub struct X(Y);", "use super::X; pub struct Y;", "", "");
    assert_eq!(handed_on_and_used, ["a/child.rs", "a/mod.rs"]);
    let by_star = in_circles("use child::*; pub struct X(Y);", "use super::X; pub struct Y;", "", "");
    assert_eq!(by_star, ["a/child.rs", "a/mod.rs"]);
    let three = in_circles(
        "",
        "use crate::b::Z; pub struct Y;",
        "use super::child::Y; pub struct X;",
        "use crate::a::other::X; pub struct Z;",
    );
    assert_eq!(three, ["a/child.rs", "a/other.rs", "b.rs"]);
}

#[test]
fn a_facade_is_no_circle() {
    let facade = in_circles(
        "pub use child::Y; pub(crate) use other::X;",
        "use super::X; pub struct Y;",
        "pub struct X;",
        "use crate::a::Y;",
    );
    assert_eq!(facade, Vec::<String>::new());
    let for_tests = in_circles(
        "",
        "use super::other::X; pub struct Y;",
        "pub struct X; #[cfg(test)] mod tests { use crate::a::child::Y; }",
        "",
    );
    assert_eq!(for_tests, Vec::<String>::new());
    let same_name =
        in_circles("", "use super::other::X; pub struct Y;", "pub struct X; enum Own { Y } fn f() { Own::Y; }", "");
    assert_eq!(same_name, Vec::<String>::new());
    let value =
        in_circles("use child::X; pub fn child() {}", "pub struct X; impl X { fn me(self) -> X { self } }", "", "");
    assert_eq!(value, Vec::<String>::new());
}
