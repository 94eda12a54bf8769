//! One style of modules, and no file too long to be read at one go.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines that a file may have.
const LINES: usize = 400;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

/// Files beside a folder of their name that still are to move into it.
const BESIDE: &[&str] = &[];

/// Every source file of the package, by its path below the package.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches"] {
        below(&root.join(folder), &mut found);
    }
    found.iter().map(|path| path.strip_prefix(root).expect("below the package").to_path_buf()).collect()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_module_with_children_is_a_folder_with_a_mod_file() {
    let files = files();
    let beside: Vec<_> = files
        .iter()
        .filter(|f| f.with_extension("").is_dir())
        .filter(|f| !BESIDE.iter().any(|known| f.ends_with(known)))
        .collect();
    assert!(beside.is_empty(), "a file beside a folder of its name: {beside:?}");
}

#[test]
fn no_file_is_longer_than_can_be_read() {
    let reason = |file: &str| LONGER.iter().any(|(name, _)| *name == file);
    let long: Vec<String> = files()
        .iter()
        .map(|file| (file.display().to_string(), fs::read_to_string(file).expect("a source is text").lines().count()))
        .filter(|(file, lines)| *lines > LINES && !reason(file))
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
