//! Recorded service times: every message takes that of its row, by class and wherever it goes.

use crate::support::{model_with, study, value};
use lindley::experiment::{self, EngineChoice, Options, Study};
use lindley::row::{Metric, Statistic};
use std::sync::atomic::AtomicBool;

/// Ten messages of one kind, ten of another between them, all far apart.
const FILES: &[(&str, &str)] = &[
    ("a.csv", "t,one,ten,own\n0,1,10,0.5\n100,1,10,1.5\n200,1,10,2.5\n300,1,10,3.5\n"),
    ("b.csv", "t\n50\n150\n250\n"),
];

fn trace(file: &str, column: &str) -> String {
    format!("{{ trace = {{ file = \"{file}\", column = \"{column}\", unit = \"s\" }} }}")
}

fn two_classes(service: &str) -> Study {
    let (a, b) = (trace("a.csv", "t"), trace("b.csv", "t"));
    let text = format!(
        "[producers.hi]\narrivals = {a}\nqueue = \"work\"\nclass = \"hi\"\n\
         [producers.lo]\narrivals = {b}\nqueue = \"work\"\nclass = \"lo\"\n[queues.work]\n\
         [consumers.w]\nqueue = \"work\"\nservice = {service}\n[run]\ndrained = true\nwarmup = \"none\"\n"
    );
    study(&model_with(&text, FILES))
}

/// Mean sojourn of the two classes.
fn sojourns(study: &Study) -> [f64; 2] {
    ["hi", "lo"].map(|class| {
        let mut rows = study.result.rows.iter().filter(|row| row.name == "work" && row.class.as_deref() == Some(class));
        let mean = rows.find(|row| row.metric == Metric::Sojourn && row.statistic == Statistic::Mean);
        mean.and_then(|row| row.value).expect("a mean by class")
    })
}

#[test]
fn every_class_takes_its_own_times() {
    let (one, ten, own) = (trace("a.csv", "one"), trace("a.csv", "ten"), trace("a.csv", "own"));
    let both = two_classes(&format!("{{ by_class = {{ hi = {one}, lo = {ten} }} }}"));
    assert_eq!(sojourns(&both), [1.0, 10.0]);
    let recorded_first = two_classes(&format!("{{ by_class = {{ hi = {one} }}, default = \"3s\" }}"));
    assert_eq!(sojourns(&recorded_first), [1.0, 3.0]);
    let recorded_default = two_classes(&format!("{{ by_class = {{ hi = \"3s\" }}, default = {own} }}"));
    // Rows 0 to 2 of `own`: there are three messages of that class.
    assert_eq!(sojourns(&recorded_default), [3.0, 1.5]);
}

/// Three messages of `lo` need three times, whatever the number of those of `hi`, or elsewhere.
#[test]
fn lengths_are_counted_where_the_messages_come() {
    let files = [FILES[0], FILES[1], ("three.csv", "s\n1\n2\n3\n")];
    let service = format!("{{ by_class = {{ hi = {}, lo = {} }} }}", trace("a.csv", "one"), trace("three.csv", "s"));
    let text = |lo: &str| {
        format!(
            "[producers.hi]\narrivals = {}\nqueue = \"work\"\nclass = \"hi\"\n\
             [producers.lo]\narrivals = {}\nqueue = \"work\"\nclass = \"lo\"\n[queues.work]\n\
             [consumers.w]\nqueue = \"work\"\nservice = {service}\n[run]\ndrained = true\nwarmup = \"none\"\n",
            trace("a.csv", "t"),
            trace(lo, "t"),
        )
    };
    let study = study(&model_with(&text("b.csv"), &files));
    assert_eq!(sojourns(&study), [1.0, 2.0]);
    let read = |name: &str| Ok(files.iter().find(|f| f.0 == name).expect("there").1.as_bytes().to_vec());
    let found = lindley::model::parse("short.toml", &text("a.csv"), &read).expect_err("three times for four messages");
    assert_eq!(found[0].message, "3 recorded service times for 4 recorded messages");
}

/// Arrivals at 0, 100, 200, 300; the first stage takes 1 s, the second 0.5, 1.5, 2.5, 3.5 by row.
#[test]
fn a_message_keeps_its_row_when_it_is_forwarded() {
    let text = format!(
        "[producers.p]\narrivals = {}\nqueue = \"one\"\n[queues.one]\n[queues.two]\n\
         [consumers.first]\nqueue = \"one\"\nservice = {}\npublish = {{ queue = \"two\" }}\n\
         [consumers.second]\nqueue = \"two\"\nservice = {}\n[run]\ndrained = true\nwarmup = \"none\"\n",
        trace("a.csv", "t"),
        trace("a.csv", "one"),
        trace("a.csv", "own"),
    );
    let study = study(&model_with(&text, FILES));
    assert!((value(&study, "system.sojourn.mean") - 3.0).abs() < 1e-12);
    assert!((value(&study, "two.sojourn.max") - 3.5).abs() < 1e-12);
}

/// The one class that there is has its recorded times in `by_class`.
#[test]
fn a_recursion_takes_the_times_of_the_class() {
    let text = format!(
        "[producers.p]\narrivals = {}\nqueue = \"work\"\nclass = \"only\"\n[queues.work]\n\
         [consumers.w]\nqueue = \"work\"\nservice = {{ by_class = {{ only = {} }}, default = \"9s\" }}\n\
         [run]\ndrained = true\nwarmup = \"none\"\n",
        trace("a.csv", "t"),
        trace("a.csv", "own"),
    );
    let model = model_with(&text, FILES);
    for engine in [EngineChoice::General, EngineChoice::Recursion] {
        let options = Options { jobs: 1, engine, ..Options::default() };
        let study = experiment::run(&model, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs");
        assert_eq!(value(&study, "work.sojourn.mean"), 2.0);
    }
}
