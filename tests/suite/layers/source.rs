//! The package as the compiler sees it: its modules, what each declares and what each names.
//! Items for tests only (`#[cfg(test)]`, `#[test]`) are left out, with the files below them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Item, UseTree, Visibility};

/// One `use` of a module, for one name.
#[derive(Debug, Clone)]
pub struct Import {
    /// The name it gets here; empty for `*`.
    pub alias: String,
    pub path: Vec<String>,
    /// Has a visibility of its own: hands the name on to others.
    pub handed_on: bool,
}

/// One module, in its own file or inline.
#[derive(Debug, Default, Clone)]
pub struct Module {
    /// The path of its file below the folder of sources.
    pub file: String,
    /// Its path below the crate.
    pub path: Vec<String>,
    /// The module that declares it; the root declares itself.
    pub parent: usize,
    /// Modules that it declares: name -> index in [`Package::modules`].
    pub children: BTreeMap<String, usize>,
    /// Items that it declares, apart from modules.
    pub items: Vec<String>,
    /// Types and traits among them.
    pub types: Vec<String>,
    pub imports: Vec<Import>,
    /// Every path in its code.
    pub named: Vec<Vec<String>>,
}

/// All modules of a crate; the first is its root.
#[derive(Debug, Default)]
pub struct Package {
    pub modules: Vec<Module>,
}

impl Package {
    /// Reads the crate whose root is `lib.rs` in `folder`.
    pub fn read(folder: &Path) -> Self {
        let mut package = Self::default();
        package.read_file(folder, &folder.join("lib.rs"), Vec::new());
        package
    }

    /// A crate of files given as text: `("a/mod.rs", "pub mod b;")`.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the fixture");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders of the fixture");
            fs::write(path, text).expect("a file of the fixture");
        }
        Self::read(folder.path())
    }

    fn read_file(&mut self, root: &Path, file: &Path, path: Vec<String>) -> usize {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.read_module(root, file, path, &parsed.items)
    }

    fn read_module(&mut self, root: &Path, file: &Path, path: Vec<String>, items: &[Item]) -> usize {
        let name = file.strip_prefix(root).expect("sources are below the root").display().to_string();
        let index = self.modules.len();
        self.modules.push(Module { file: name, path: path.clone(), ..Module::default() });
        let mut reader = Reader { module: std::mem::take(&mut self.modules[index]) };
        items.iter().for_each(|item| reader.visit_item(item));
        self.modules[index] = reader.module;
        for item in items {
            if let Item::Mod(item) = item
                && !for_tests(&item.attrs)
            {
                let name = item.ident.to_string();
                let below = [path.as_slice(), std::slice::from_ref(&name)].concat();
                let child = match &item.content {
                    Some((_, items)) => self.read_module(root, file, below, items),
                    None => self.read_file(root, &file_of_child(file, &name), below),
                };
                self.modules[child].parent = index;
                self.modules[index].children.insert(name, child);
            }
        }
        index
    }
}

fn file_of_child(parent: &Path, name: &str) -> PathBuf {
    let folder = match parent.file_name().and_then(|n| n.to_str()) {
        Some("mod.rs" | "lib.rs") => parent.parent().expect("a source is in a folder").to_path_buf(),
        _ => parent.with_extension(""),
    };
    let flat = folder.join(format!("{name}.rs"));
    if flat.exists() { flat } else { folder.join(name).join("mod.rs") }
}

fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("test")
            || a.path().is_ident("cfg") && a.parse_args::<Ident>().is_ok_and(|argument| argument == "test")
    })
}

/// Collects what a module declares and names.
struct Reader {
    module: Module,
}

impl Reader {
    fn declare(&mut self, name: &Ident, is_type: bool) {
        self.module.items.push(name.to_string());
        if is_type {
            self.module.types.push(name.to_string());
        }
    }

    fn import(&mut self, before: &[String], tree: &UseTree, handed_on: bool) {
        let with = |name: &Ident| [before, &[name.to_string()]].concat();
        let mut add = |alias: &Ident, name: &Ident| {
            let path = if name == "self" { before.to_vec() } else { with(name) };
            let alias = if alias == "self" { before.last().cloned().unwrap_or_default() } else { alias.to_string() };
            self.module.imports.push(Import { alias, path, handed_on });
        };
        match tree {
            UseTree::Path(path) => self.import(&with(&path.ident), &path.tree, handed_on),
            UseTree::Name(name) => add(&name.ident, &name.ident),
            UseTree::Rename(name) => add(&name.rename, &name.ident),
            UseTree::Glob(_) => {
                let path = before.to_vec();
                self.module.imports.push(Import { alias: String::new(), path, handed_on });
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(before, tree, handed_on)),
        }
    }

    /// Paths among the words of a macro or an attribute, which the parser leaves as they are;
    /// texts count as well, since serde names functions by them.
    fn words(&mut self, words: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for word in words {
            match word {
                TokenTree::Punct(p) if p.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => {
                    self.named(std::mem::replace(&mut path, vec![name.to_string()]));
                }
                TokenTree::Group(group) => {
                    self.named(std::mem::take(&mut path));
                    self.words(group.stream());
                }
                TokenTree::Literal(text) => {
                    self.named(std::mem::take(&mut path));
                    self.text(&text.to_string());
                }
                TokenTree::Punct(_) => self.named(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.named(path);
    }

    /// A text that names a path (`"crate::units::parse"`) or holds names in braces (`"{name}"`).
    fn text(&mut self, text: &str) {
        let inner = text.trim_matches('"');
        if inner.contains("::")
            && let Ok(path) = syn::parse_str::<syn::Path>(inner)
        {
            self.visit_path(&path);
        }
    }

    fn named(&mut self, path: Vec<String>) {
        if !path.is_empty() {
            self.module.named.push(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes: &[Attribute] = match item {
            Item::Const(i) => &i.attrs,
            Item::Enum(i) => &i.attrs,
            Item::Fn(i) => &i.attrs,
            Item::Impl(i) => &i.attrs,
            Item::Macro(i) => &i.attrs,
            Item::Mod(i) => &i.attrs,
            Item::Static(i) => &i.attrs,
            Item::Struct(i) => &i.attrs,
            Item::Trait(i) => &i.attrs,
            Item::Type(i) => &i.attrs,
            Item::Use(i) => &i.attrs,
            _ => &[],
        };
        if for_tests(attributes) {
            return;
        }
        match item {
            // Read as a module of its own.
            Item::Mod(_) => return,
            Item::Const(i) => self.declare(&i.ident, false),
            Item::Enum(i) => self.declare(&i.ident, true),
            Item::Fn(i) => self.declare(&i.sig.ident, false),
            Item::Static(i) => self.declare(&i.ident, false),
            Item::Struct(i) => self.declare(&i.ident, true),
            Item::Trait(i) => self.declare(&i.ident, true),
            Item::Type(i) => self.declare(&i.ident, true),
            Item::Macro(i) => {
                if let Some(name) = &i.ident {
                    self.declare(name, false);
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let handed_on = !matches!(item.vis, Visibility::Inherited);
        self.import(&[], &item.tree, handed_on);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.named(path.segments.iter().map(|s| s.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.words(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.words(list.tokens.clone());
        }
    }
}
