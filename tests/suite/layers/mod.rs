//! The structure of the package, held by tests that parse every source file:
//! layers point one way, no circle of files, one name per type, one style of modules.

mod circles;
mod graph;
mod imports;
mod names;
mod shape;
mod source;

use std::path::Path;
use std::sync::LazyLock;

use source::Package;

/// The package, read once for all tests.
fn package() -> &'static Package {
    static PACKAGE: LazyLock<Package> =
        LazyLock::new(|| Package::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
    &PACKAGE
}
