//! `lindley check`: validate model files, and hold them against what they should yield.

use super::args::CheckArgs;
use super::failure::Failure;
use super::load::{self, ModelSource};
use super::output::print;
use super::run;
use crate::experiment::{Pursuit, Standing, verdict};

/// Expectations that do not hold.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    broken: usize,
    undecided: usize,
}

/// Checks every file, all of them even if the first is wrong.
pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let (mut unread, mut wrong, mut all) = (0, 0, Counts::default());
    for name in &args.models {
        let (checked, faults) = match load::source(name) {
            Ok(source) => (check_one(name, &source, args), &mut wrong),
            Err(failure) => (Err(failure), &mut unread),
        };
        match checked {
            Ok(n) => all = Counts { broken: all.broken + n.broken, undecided: all.undecided + n.undecided },
            Err(Failure::Usage(text)) => {
                anstream::eprintln!("lindley: {text}");
                *faults += 1;
            }
            // What is wrong with the machine ends the command.
            Err(failure) => return Err(failure),
        }
    }
    let said = summary(unread, wrong, args.models.len());
    match (said, all) {
        (Some(said), _) => Err(Failure::Usage(said)),
        (None, Counts { broken: 0, undecided: 0 }) => Ok(()),
        (None, Counts { broken: 0, undecided }) => {
            Err(Failure::Imprecise(format!("{} undecided: too imprecise to tell", expectations(undecided))))
        }
        (None, Counts { broken, .. }) => Err(Failure::No(format!("{} broken", expectations(broken)))),
    }
}

/// So many expectations.
fn expectations(n: usize) -> String {
    format!("{n} expectation{}", if n == 1 { "" } else { "s" })
}

/// How many files are no good, if any: what cannot be read is not called wrong.
fn summary(unread: usize, wrong: usize, files: usize) -> Option<String> {
    if files == 1 {
        let words = [(unread, "the file could not be read"), (wrong, "the file is wrong")];
        return words.into_iter().find(|(n, _)| *n > 0).map(|(_, words)| words.to_string());
    }
    let are = if wrong == 1 { "is" } else { "are" };
    let words = [(unread, "could not be read".to_string()), (wrong, format!("{are} wrong"))];
    let said: Vec<String> = words.iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}")).collect();
    (!said.is_empty()).then(|| format!("of {files} files, {}", said.join(" and ")))
}

/// Returns how many expectations of one model are broken, and how many undecided. The questions of the file
/// (`[[sweep]]`, `[size]`, `[drain]`) are held against their rules, too.
fn check_one(name: &str, source: &ModelSource, args: &CheckArgs) -> Result<Counts, Failure> {
    let quiet = args.settings.quiet;
    let model = source.model_with(&load::changes(&args.settings)?, quiet).map(|(model, _)| model);
    let study = source.study(quiet);
    let (model, _) = (model?, study?);
    if !args.expect || model.expectations.is_empty() {
        let note = if args.expect { " (nothing expected)" } else { "" };
        print(&format!("{name}: ok{note}\n"))?;
        return Ok(Counts::default());
    }
    let study = run::simulate(&model, &args.settings, Pursuit::Expectations)?;
    let verdicts = verdict::expectations(&model.expectations, &study.result);
    let count = |standing| verdicts.iter().filter(|v| v.standing == standing).count();
    let counts = Counts { broken: count(Standing::Missed), undecided: count(Standing::Undecided) };
    let state = match counts {
        Counts { broken: 0, undecided: 0 } => "ok".to_string(),
        Counts { broken: 0, undecided } => format!("{} undecided", expectations(undecided)),
        Counts { broken, .. } => format!("{} BROKEN", expectations(broken)),
    };
    print(&format!("{name}: {state}\n"))?;
    verdicts.iter().try_for_each(|v| print(&format!("  {v}\n")))?;
    Ok(counts)
}
