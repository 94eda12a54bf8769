//! `lindley plot`: draws the charts of folders of results, without simulating. Everything is drawn
//! before the first file is written.

use super::args::plot::PlotArgs;
use super::failure::Failure;
use super::output::print;
use super::{folder, saved};
use crate::experiment::result::Saved;
use crate::model::Entities;
use crate::report::bundle::{self, File};
use crate::report::chart::Chart;
use crate::report::chart_set::{self, Selection};
use crate::report::hgrm;
use crate::row::{Quantity, backticked};
use std::path::{Path, PathBuf};

/// More runs than this cannot be told apart by colour.
const TOGETHER: usize = 6;
/// More names than this are no help.
const NAMED: usize = 30;

/// Draws the charts that are asked for, or lists them.
pub(super) fn plot(args: &PlotArgs) -> Result<(), Failure> {
    let saved = args.results.iter().map(|path| saved::read(path)).collect::<Result<Vec<Saved>, Failure>>()?;
    let charts = drawn(args, &saved)?;
    if args.list {
        return print(&charts.iter().map(|c| format!("{:<16}  {}\n", c.name, c.title)).collect::<String>());
    }
    let mut files: Vec<File> = Vec::new();
    for chart in chosen(charts, &args.charts)? {
        files.extend(chart_files(chart, args.svg_only)?);
    }
    if args.hgrm {
        files.extend(hgrm::files(&labelled(args, &saved)));
    }
    let out = args.out.clone().unwrap_or_else(|| beside(&args.results[0]));
    folder::create(&out)?;
    folder::write(&out, &files)?;
    if !args.quiet {
        let pictures = files.iter().filter(|f| f.0.ends_with(".svg")).count();
        anstream::eprintln!("{pictures} chart{} in {}", if pictures == 1 { " is" } else { "s are" }, out.display());
    }
    Ok(())
}

/// A folder of its own, so that the files of the manifest stay what they are.
fn beside(results: &Path) -> PathBuf {
    saved::of(results).join("charts")
}

/// The charts that there are: of one result all, of several those that compare.
fn drawn(args: &PlotArgs, saved: &[Saved]) -> Result<Vec<Chart>, Failure> {
    let charts = match saved {
        [one] => chart_set::charts_for(&one.result, &one.curves, &selection(args, one)?),
        many if many.len() > TOGETHER => {
            let n = many.len();
            return Err(usage!("{n} results on one plot cannot be told apart: at most {TOGETHER}"));
        }
        _ if args.metric.is_some() || args.x.is_some() || args.y.is_some() => {
            return Err(usage!("--metric, --x and --y choose among the points of one result"));
        }
        _ => chart_set::overlay(&labelled(args, saved)),
    };
    if charts.is_empty() {
        return Err(usage!("there is nothing to draw in {}", backticked(args.results.iter().map(|p| p.display()))));
    }
    Ok(charts)
}

/// Each result with a short name: that of its folder, or the whole path where two have the same.
fn labelled<'s>(args: &PlotArgs, saved: &'s [Saved]) -> Vec<(String, &'s Saved)> {
    let short = |path: &PathBuf| {
        let folder = saved::of(path);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned());
        name.unwrap_or_else(|| path.display().to_string())
    };
    let names: Vec<String> = args.results.iter().map(short).collect();
    let unique = |i: usize| names.iter().filter(|n| **n == names[i]).count() == 1;
    let label = |i: usize| if unique(i) { names[i].clone() } else { args.results[i].display().to_string() };
    saved.iter().enumerate().map(|(i, s)| (label(i), s)).collect()
}

/// What the options ask for, if the result has it.
fn selection(args: &PlotArgs, saved: &Saved) -> Result<Selection, Failure> {
    let options = [("--metric", &args.metric), ("--x", &args.x), ("--y", &args.y)];
    if let Some((option, _)) = options.iter().find(|(_, a)| a.is_some() && saved.result.points.is_empty()) {
        return Err(usage!("{option} chooses among the points of a sweep; these results have one setting"));
    }
    let metric = args.metric.as_deref().map(|text| metric(text, saved)).transpose()?;
    let parameters = chart_set::parameters(&saved.result);
    known("--x", args.x.as_deref(), &parameters)?;
    known("--y", args.y.as_deref(), &parameters)?;
    if args.x.is_some() && args.x == args.y {
        return Err(usage!("--x and --y must be different parameters"));
    }
    Ok(Selection { metric, x: args.x.clone(), y: args.y.clone() })
}

/// The quantity that a text names, read as `compare` reads it and found among the rows.
fn metric(text: &str, saved: &Saved) -> Result<Quantity, Failure> {
    let read = Entities::of_rows(&saved.result.rows).quantity(text);
    let found = read.as_ref().ok().and_then(|read| chart_set::selectable(&saved.result, read));
    found.map_or_else(|| Err(absent(text, read.ok(), saved)), Ok)
}

/// What there is instead of a quantity, which is named as it is printed: `prob(orders.wait > 50ms)` is
/// `orders.prob(wait > 50ms)`.
fn absent(text: &str, read: Option<Quantity>, saved: &Saved) -> Failure {
    let read = read.or_else(|| text.parse().ok());
    let name = read.map_or_else(|| text.to_string(), |read| read.to_string());
    let all: Vec<String> = chart_set::quantities(&saved.result).iter().map(Quantity::to_string).collect();
    no_such("--metric", &name, &all)
}

/// Whether a name is among those that there are; else what there is, the most similar first.
fn known(what: &str, name: Option<&str>, among: &[String]) -> Result<(), Failure> {
    match name.filter(|n| !among.iter().any(|a| a == n)) {
        Some(name) => Err(no_such(what, name, among)),
        None => Ok(()),
    }
}

fn no_such(what: &str, name: &str, among: &[String]) -> Failure {
    let mut near: Vec<&String> = among.iter().collect();
    near.sort_by(|a, b| strsim::jaro_winkler(b, name).total_cmp(&strsim::jaro_winkler(a, name)));
    let more = if near.len() > NAMED { ", ..." } else { "" };
    let near: Vec<&str> = near.into_iter().take(NAMED).map(String::as_str).collect();
    usage!("{what}: there is no `{name}` in these results; there are: {}{more}", near.join(", "))
}

/// The charts of those names, all without names.
fn chosen(charts: Vec<Chart>, names: &[String]) -> Result<Vec<Chart>, Failure> {
    let there: Vec<String> = charts.iter().map(|c| c.name.clone()).collect();
    for name in names {
        known("--chart", Some(name), &there)?;
    }
    Ok(charts.into_iter().filter(|c| names.is_empty() || names.contains(&c.name)).collect())
}

fn chart_files(chart: Chart, svg_only: bool) -> Result<Vec<File>, Failure> {
    if svg_only {
        return Ok(vec![(format!("{}.svg", chart.name), chart.svg.into_bytes())]);
    }
    Ok(bundle::chart_files(chart)?)
}
