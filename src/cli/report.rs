//! `lindley report`: writes one self-contained page of a folder of results.

use super::args::plot::ReportArgs;
use super::failure::Failure;
use super::{folder, saved};
use crate::report::html;
use std::path::Path;

/// Writes the page, whole or not at all, and says where unless quiet.
pub(super) fn report(args: &ReportArgs) -> Result<(), Failure> {
    refuse(&args.out)?;
    let saved = saved::read(&args.results)?;
    let page = html::page(&saved, args.title.as_deref())?;
    folder::write_file(&args.out, page.as_bytes())?;
    if !args.quiet {
        anstream::eprintln!("the report is {}", args.out.display());
    }
    Ok(())
}

/// Places where no page can or should be written.
fn refuse(out: &Path) -> Result<(), Failure> {
    if out.is_dir() {
        let name = out.join("report.html");
        return Err(usage!("`{}` is a folder; did you mean `-o {}`?", out.display(), name.display()));
    }
    let ending = out.extension().map(|e| e.to_ascii_lowercase());
    if !ending.is_some_and(|e| e == "html" || e == "htm") {
        return Err(usage!("`{}`: the report is a page, name it `.html`", out.display()));
    }
    match out.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => Err(usage!("the folder `{}` is not there", folder.display())),
        _ => Ok(()),
    }
}
