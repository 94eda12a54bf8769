//! Which shard this process is: as typed, or as the scheduler's variables say.

use crate::cli::failure::Failure;
use crate::experiment::sweep::Shard;
use crate::units::TextError;
use std::path::{Path, PathBuf};

/// The shard of `--shard`: `i/n`, `auto`, or `auto/n`.
pub(in crate::cli) fn shard(text: &str) -> Result<Shard, Failure> {
    let read = |name: &str| std::env::var(name).ok();
    let (word, of) = text.split_once('/').unwrap_or((text, ""));
    let found = if word.trim() == "auto" { from_variables(of.trim(), &read) } else { Shard::parse(text) };
    found.map_err(|why| usage!("--shard {why}"))
}

/// The variables of an array of jobs: the index, its first value (a variable or a number), the count.
const SCHEDULERS: [(&str, &str, &str); 3] = [
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT"),
    ("JOB_COMPLETION_INDEX", "0", "JOB_COMPLETIONS"),
    ("AWS_BATCH_JOB_ARRAY_INDEX", "0", "AWS_BATCH_JOB_ARRAY_SIZE"),
];

fn from_variables(of: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<Shard, TextError> {
    let number = |name: &str, text: &str| {
        text.trim().parse::<u32>().map_err(|_| format!("auto: {name} is `{text}`, and a whole number is wanted"))
    };
    for (index, first, count) in SCHEDULERS {
        let Some(text) = read(index) else { continue };
        let at = number(index, &text)?;
        let least = match read(first) {
            Some(text) => number(first, &text)?,
            None => first.parse().unwrap_or(0),
        };
        let of = match (of, read(count)) {
            ("", Some(text)) => number(count, &text)?,
            ("", None) => {
                let why = format!("auto: {index} is set and {count} is not: write auto/N with the number of shards");
                return Err(why.into());
            }
            (typed, _) => number("N", typed)?,
        };
        let part = at.checked_sub(least).and_then(|at| at.checked_add(1)).filter(|part| *part <= of);
        let part = part.ok_or_else(|| format!("auto: {index} = {at} is not one of {of} shards from {least} on"))?;
        return Ok(Shard { part, of });
    }
    Err(format!("auto: none of {} is set: write I/N", SCHEDULERS.map(|s| s.0).join(", ")).into())
}

/// The folder of a shard: inside the one that is given, so that all shards have the same command.
pub(super) fn folder(out: &Path, shard: Option<Shard>) -> PathBuf {
    shard.map_or(out.to_path_buf(), |s| out.join(format!("shard-{}-of-{}", s.part, s.of)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(of: &str, variables: &[(&str, &str)]) -> Result<Shard, TextError> {
        from_variables(of, &|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string()))
    }

    #[test]
    fn schedulers_are_understood() {
        let slurm = [("SLURM_ARRAY_TASK_ID", "7"), ("SLURM_ARRAY_TASK_MIN", "5"), ("SLURM_ARRAY_TASK_COUNT", "4")];
        assert_eq!(auto("", &slurm), Ok(Shard { part: 3, of: 4 }));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "2")];
        assert_eq!(auto("", &batch), Ok(Shard { part: 1, of: 2 }));
        assert_eq!(auto("8", &[("JOB_COMPLETION_INDEX", "7")]), Ok(Shard { part: 8, of: 8 }));
    }

    #[test]
    fn what_is_missing_or_out_of_range_is_said() {
        assert!(auto("", &[]).unwrap_err().to_string().contains("SLURM_ARRAY_TASK_ID"));
        assert!(auto("", &[("JOB_COMPLETION_INDEX", "1")]).unwrap_err().to_string().contains("auto/N"));
        assert!(auto("3", &[("JOB_COMPLETION_INDEX", "3")]).is_err());
        assert!(auto("3", &[("JOB_COMPLETION_INDEX", "x")]).is_err());
        assert!(auto("0", &[("JOB_COMPLETION_INDEX", "0")]).is_err());
    }
}
