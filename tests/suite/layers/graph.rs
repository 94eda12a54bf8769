//! Which file names what of which other file, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, Package};

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// To a module itself.
    Module(usize),
    /// To an item that this module declares.
    Item(usize),
}

/// How many re-exports a name is followed through.
const STEPS: usize = 16;

impl Package {
    /// Where `path` leads, read in the module `at`; `None` leads out of the crate (or to a local variable).
    pub fn resolve(&self, at: usize, path: &[String]) -> Option<Place> {
        self.follow(at, path, STEPS)
    }

    /// `path` from the root of the crate, if it is written so (`crate::`, `self::`, `super::`).
    pub fn absolute(&self, at: usize, path: &[String]) -> Option<Vec<String>> {
        let (base, rest) = self.start(at, path)?;
        Some([&self.modules[base].path, rest].concat())
    }

    /// The module from which `path` starts, if it says so, and what is left of it.
    fn start<'p>(&self, at: usize, path: &'p [String]) -> Option<(usize, &'p [String])> {
        let (first, rest) = path.split_first()?;
        if first == "crate" {
            return Some((0, rest));
        }
        let words = path.iter().take_while(|word| matches!(word.as_str(), "self" | "super")).count();
        let up = path[..words].iter().filter(|word| *word == "super").count();
        let base = (0..up).fold(at, |module, _| self.modules[module].parent);
        (words > 0).then_some((base, &path[words..]))
    }

    fn follow(&self, at: usize, path: &[String], steps: usize) -> Option<Place> {
        let (base, rest) = self.start(at, path).unwrap_or((at, path));
        self.inside(base, rest, steps)
    }

    /// Where `path` leads below the module `at`.
    fn inside(&self, at: usize, path: &[String], steps: usize) -> Option<Place> {
        let Some((first, rest)) = path.split_first() else { return Some(Place::Module(at)) };
        let module = &self.modules[at];
        let declared = module.items.contains(first);
        match module.children.get(first) {
            // A function may have the name of a module; only the module has names below it.
            Some(child) if !declared || !rest.is_empty() => self.inside(*child, rest, steps),
            _ if declared => Some(Place::Item(at)),
            _ => self.through_imports(at, first, rest, steps.checked_sub(1)?),
        }
    }

    fn through_imports(&self, at: usize, first: &str, rest: &[String], steps: usize) -> Option<Place> {
        let imports = &self.modules[at].imports;
        let by_name = imports.iter().filter(|i| i.alias == first).find_map(|i| {
            // `use x;` would ask for itself.
            let out = i.path.first().is_some_and(|p| p == first) && !self.modules[at].children.contains_key(first);
            if out { None } else { self.follow(at, &i.path, steps) }
        });
        match by_name {
            Some(Place::Module(module)) => self.inside(module, rest, steps),
            Some(item) => Some(item),
            None => imports.iter().filter(|i| i.alias.is_empty()).find_map(|i| {
                let Some(Place::Module(module)) = self.follow(at, &i.path, steps) else { return None };
                let path = [&[first.to_string()], rest].concat();
                self.inside(module, &path, steps)
            }),
        }
    }

    /// The modules whose items a module names, in its code or by an import of its own. A
    /// re-export is no import: it hands a name on, and whoever uses that name depends on
    /// the file that declares it.
    pub fn needs(&self, at: usize) -> BTreeSet<usize> {
        let Module { imports, named, .. } = &self.modules[at];
        let imported = imports.iter().filter(|i| !i.handed_on).map(|i| &i.path);
        let places = imported.chain(named).filter_map(|path| self.resolve(at, path));
        places.filter_map(|p| if let Place::Item(module) = p { Some(module) } else { None }).collect()
    }

    /// File -> files it depends on.
    pub fn files(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (at, module) in self.modules.iter().enumerate() {
            let needed = self.needs(at).into_iter().map(|m| self.modules[m].file.as_str());
            files.entry(&module.file).or_default().extend(needed.filter(|f| *f != module.file));
        }
        files
    }
}

/// The circles: groups of two or more files in which each depends on each.
pub fn circles<'a>(files: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<BTreeSet<&'a str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = files.keys().map(|file| (*file, reached(files, file))).collect();
    let mut found: Vec<BTreeSet<&str>> = Vec::new();
    for (file, below) in &reach {
        if below.contains(file) && !found.iter().any(|circle| circle.contains(file)) {
            found.push(below.iter().copied().filter(|other| reach[other].contains(file)).collect());
        }
    }
    found
}

fn reached<'a>(files: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = files[from].iter().copied().collect();
    while let Some(file) = open.pop() {
        if seen.insert(file) {
            open.extend(&files[file]);
        }
    }
    seen
}
