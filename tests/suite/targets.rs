//! Targets are met, missed or undecided: by the whole interval, with a bounded error over all looks, and never by what was
//! not seen.

use crate::support::{keep_study, lindley, model, row, study, text};
use lindley::experiment::{self, Options, Standing, verdict};
use std::sync::atomic::AtomicBool;

/// M/M/1 at load 0.9: mean wait 0.9 s, p99 of the sojourn ln(100) s.
const QUEUE: &str = r#"
[producers.p]
arrivals = { poisson = "9/s" }
queue = "q"
[queues.q]
[consumers.c]
queue = "q"
service = { exponential = { mean = "100ms" } }
"#;

/// How a run of no given length, of a small budget, stands with a target; and on which side its number lies.
fn decided(target: &str, seed: u64) -> (Standing, bool) {
    let mut queue = model(&format!("{QUEUE}[targets]\n{target}\n"));
    queue.run.seed = seed;
    let options = Options { jobs: 1, budget: Some(2_000_000), ..Options::default() };
    let study = experiment::run(&queue, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs");
    let found = verdict::targets(&queue.targets, &study.result)[0].standing;
    let name = queue.targets[0].quantity.to_string();
    (found, queue.targets[0].holds(row(&study, &name).value.expect("it has a value")))
}

/// How often each standing comes out of so many seeds, and how often the number itself is on the good side.
fn count(target: &str, seeds: u64) -> [usize; 4] {
    let all: Vec<(Standing, bool)> = (1..=seeds).map(|seed| decided(target, seed)).collect();
    let of = |standing| all.iter().filter(|(found, _)| *found == standing).count();
    let counts = [of(Standing::Met), of(Standing::Undecided), of(Standing::Missed)];
    println!("{target}: {counts:?} met, undecided, missed");
    [counts[0], counts[1], counts[2], all.iter().filter(|(_, good)| *good).count()]
}

/// A limit at the truth itself leaves nothing to decide: at most 5 of 100 runs say something, where numbers alone, which decided
/// before, would say something in every run, and the opposite in about half of them. A limit 10 % beyond the truth is met in 95
/// of 100 runs or more, one 10 % before it missed: each is the power twin of the others.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_targets() {
    let mut found =
        String::from("| target | met | undecided | missed | number on the good side |\n|---|---|---|---|---|\n");
    let mut count = |target: &str| {
        let [met, undecided, missed, good] = count(target, 100);
        found += &format!("| `{}` | {met} | {undecided} | {missed} | {good} |\n", target.replace(['"'], ""));
        [met, missed, good]
    };
    let at_truth = ["\"q.wait.mean\" = \"900ms\"", "\"q.sojourn.p99\" = \"4.60517s\""].map(&mut count);
    let beyond = ["\"q.wait.mean\" = \"990ms\"", "\"q.sojourn.p99\" = \"5.0657s\""].map(&mut count);
    let before = ["\"q.wait.mean\" = \"810ms\"", "\"q.sojourn.p99\" = \"4.1447s\""].map(&mut count);
    let about = "M/M/1 at 0.9, 100 seeds each, a budget of two million events: the mean wait is 900 ms, p99 of the sojourn 4.60517 s.\n\n";
    keep_study("targets", "Are targets decided rightly?", &format!("{about}{found}"));
    assert!(at_truth.iter().all(|[met, missed, good]| met + missed <= 5 && (20..=80).contains(good)), "{found}");
    assert!(beyond.iter().all(|[met, missed, _]| *met >= 95 && *missed <= 5), "{found}");
    assert!(before.iter().all(|[met, missed, _]| *missed >= 95 && *met <= 5), "{found}");
}

/// A short version of both, for every run of the tests.
#[test]
fn a_limit_at_the_truth_is_undecided_and_one_far_off_is_not() {
    let [met, _, missed, _] = count("\"q.wait.mean\" = \"900ms\"", 4);
    assert!(met + missed <= 1, "{met} {missed}");
    assert_eq!(count("\"q.wait.mean\" = \"1.2s\"", 2)[0], 2);
    assert_eq!(count("\"q.wait.mean\" = \"600ms\"", 2)[2], 2);
}

/// A file as the command line reads it.
fn file(name: &str, body: &str) -> String {
    let path = std::env::temp_dir().join(format!("lindley-targets-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, body).expect("the file can be written");
    path.to_str().expect("text").to_string()
}

#[test]
fn a_given_length_is_looked_at_once_and_what_is_undecided_says_what_would_tell() {
    let asked = "[run]\nmessages = 20_000\nreplications = 10\n[targets]\n\"q.wait.mean\" = \"890ms\"\n";
    let output = lindley(&["run", &file("given", &format!("{QUEUE}{asked}")), "-q"]);
    let words = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{words}");
    let told = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("undecided,") && told.contains("at 95 %") && told.contains("would tell"), "{told}");
    assert!(told.contains("1 target undecided"), "{told}");
    // What is missed for sure says more than what is undecided.
    let both = format!("{QUEUE}{asked}\"q.sojourn.mean\" = \"200ms\"\n");
    assert_eq!(lindley(&["run", &file("both", &both), "-q"]).status.code(), Some(3));
}

#[test]
fn an_undecided_target_has_neither_passed_nor_failed() {
    let asked = "[run]\nmessages = 20_000\nreplications = 10\n[targets]\n\"q.wait.mean\" = \"890ms\"\n";
    let open = study(&model(&format!("{QUEUE}{asked}"))).result;
    assert_eq!((open.passed, open.judgements[0].standing), (None, Standing::Undecided));
    assert!(open.judgements[0].longer.is_some_and(|times| times > 1.0));
    let passed = |limit: &str| study(&model(&format!("{QUEUE}{}", asked.replace("890ms", limit)))).result.passed;
    assert_eq!((passed("2s"), passed("100ms")), (Some(true), Some(false)));
}

/// Five runs of a minute without a loss: 1 - 0.025^(1/5) = 52 % of such runs may lose something, and as many messages.
#[test]
fn five_replications_without_a_loss_prove_nothing() {
    let run = "[run]\nhorizon = \"1min\"\nwarmup = \"none\"\nreplications = 5\n[targets]\n";
    let limited = QUEUE.replace("[queues.q]", "[queues.q]\nmax_length = 5000");
    let found = |target: &str| study(&model(&format!("{limited}{run}{target}\n"))).result.judgements[0];
    let open = found("\"q.prob_loss.fraction\" = \"1%\"");
    assert_eq!((open.standing, open.low), (Standing::Undecided, Some(0.0)));
    assert!((open.high.expect("it is bounded") - 0.5218).abs() < 1e-3, "{open:?}");
    assert_eq!(found("\"q.prob_loss.fraction\" = \"60%\"").standing, Standing::Met);
    // Nothing can be lost where there is no limit: that is known without any event.
    let endless = study(&model(&format!("{QUEUE}{run}\"system.outcome.dropped.fraction\" = \"1%\"\n")));
    assert_eq!(endless.result.judgements[0].standing, Standing::Met);
}

/// 200,000 messages, none lost, of which many depend on each other: below 1 % for sure, below one in a million not.
#[test]
fn a_loss_that_was_not_seen_is_judged_by_its_bound() {
    let run = "[run]\nmessages = 20_000\nreplications = 10\n[targets]\n";
    let limited = QUEUE.replace("[queues.q]", "[queues.q]\nmax_length = 5000");
    let found = |limit: &str| {
        let target = format!("\"q.prob_loss.fraction\" = \"{limit}\"\n");
        study(&model(&format!("{limited}{run}{target}"))).result.judgements[0].standing
    };
    assert_eq!((found("5%"), found("0.0001%")), (Standing::Met, Standing::Undecided));
}

#[test]
fn an_expectation_is_surely_within_surely_beyond_or_undecided() {
    let asked = "[run]\nmessages = 20_000\nreplications = 10\n[expect]\n";
    let code = |expected: &str| {
        let body = format!("{QUEUE}{asked}\"q.wait.mean\" = {expected}\n");
        let output = lindley(&["check", "--expect", &file("expect", &body), "-q"]);
        (output.status.code(), text(&output.stdout))
    };
    let (open, said) = code("{ value = \"900ms\", within = \"2%\" }");
    assert!(open == Some(4) && said.contains("undecided"), "{said}");
    assert_eq!(code("{ value = \"900ms\", within = \"50%\" }").0, Some(0));
    assert_eq!(code("{ value = \"2s\", within = \"10%\" }").0, Some(3));
}
