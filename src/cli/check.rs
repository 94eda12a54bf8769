//! `lindley check`: validate model files, and hold them against what they should yield.

use super::args::CheckArgs;
use super::failure::Failure;
use super::{load, print, run};
use crate::experiment::verdict;

/// Checks every file, all of them even if the first is wrong.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let (mut wrong, mut broken) = (0, 0);
    for name in &args.models {
        match check_one(name, args) {
            Ok(0) => {}
            Ok(n) => broken += n,
            Err(Failure::Usage(text)) => {
                anstream::eprintln!("lindley: {text}");
                wrong += 1;
            }
            Err(other) => return Err(other),
        }
    }
    match (wrong, broken) {
        (0, 0) => Ok(()),
        (0, n) => Err(Failure::No(format!("{n} expectations broken"))),
        (n, _) => Err(Failure::Usage(format!("{n} of {} models are wrong", args.models.len()))),
    }
}

/// Returns how many expectations of one model are broken.
fn check_one(name: &str, args: &CheckArgs) -> Result<usize, Failure> {
    let (model, _) = load::load(name, &args.settings)?;
    if !args.expect || model.expectations.is_empty() {
        let note = if args.expect { " (nothing expected)" } else { "" };
        print(&format!("{name}: ok{note}\n"))?;
        return Ok(0);
    }
    let study = run::simulate(&model, &args.settings)?;
    let verdicts = verdict::expectations(&model.expectations, &study.result);
    let broken = verdicts.iter().filter(|v| !v.passed).count();
    let state = if broken == 0 { "ok".to_string() } else { format!("{broken} expectations BROKEN") };
    print(&format!("{name}: {state}\n"))?;
    verdicts.iter().try_for_each(|v| print(&format!("  {}\n", v.text)))?;
    Ok(broken)
}
