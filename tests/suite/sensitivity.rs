//! `sensitivity`: derivatives by common random numbers against the exact difference of closed forms, what is said where
//! a parameter cannot be moved, the program.

use crate::support::{keep_study, lindley, model_files, root, study, text};
use lindley::experiment::Options;
use lindley::experiment::result::{Interval, ResultSet};
use lindley::experiment::sensitivity::{
    MoveKind, ParameterEffect, Sensitivity, SensitivityError, SensitivityQuestion, VariedPath, answer,
};
use lindley::model::{Entities, Model};
use lindley::report::{answered, markdown};
use lindley::row::Source;
use snapbox::{assert_data_eq, file};
use std::sync::atomic::AtomicBool;

const ARRIVALS: &str = "producers.web.arrivals.poisson";
const SERVICE: &str = "consumers.workers.service.exponential.mean";
const SERVERS: &str = "consumers.workers.servers";

/// M/M/c in a file: arrivals per second, mean service in milliseconds.
fn mmc(arrivals: f64, service: f64, servers: u32, run: &str) -> String {
    format!(
        "[producers.web]\narrivals = {{ poisson = \"{arrivals}/s\" }}\nqueue = \"orders\"\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservers = {servers}\nservice = {{ exponential = {{ mean = \"{service}ms\" }} }}\n\
         [run]\n{run}\n"
    )
}

/// Mean wait of M/M/c: C(c, a)/(c mu - lambda), Erlang's C from his B.
fn wait(arrivals: f64, service: f64, servers: u32) -> f64 {
    let load = arrivals * service;
    let blocked = (1..=servers).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
    let busy = f64::from(servers) / (f64::from(servers) - load * (1.0 - blocked));
    busy * blocked / (f64::from(servers) / service - arrivals)
}

fn read(text: &str) -> Model {
    Model::from_toml(text).expect("a model")
}

fn try_moved(text: &str, of: &[&str], vary: &[&str], step: f64, jobs: usize) -> Result<ResultSet, SensitivityError> {
    let entities = read(text);
    let entities = Entities::of(&entities);
    let question = SensitivityQuestion {
        name: "test.toml",
        text,
        files: &|_| Err("no files".into()),
        of: of.iter().map(|name| entities.quantity(name).expect("a quantity")).collect(),
        vary: vary.iter().map(|path| VariedPath::parse(path).expect("a path")).collect(),
        step,
    };
    let options = Options { jobs, command: "test".into(), ..Options::default() };
    answer(&question, &options, &AtomicBool::new(false), &|_| {}).map(|study| study.result)
}

fn moved(text: &str, of: &str, vary: &[&str], step: f64) -> ResultSet {
    try_moved(text, &[of], vary, step, 0).expect("it runs")
}

fn found(result: &ResultSet) -> &Sensitivity {
    result.sensitivity.as_ref().expect("sensitivities")
}

fn effect<'r>(result: &'r ResultSet, path: &str) -> &'r ParameterEffect {
    let simulated = |e: &&ParameterEffect| e.source == Source::Simulation && e.path == path;
    found(result).effects.iter().find(simulated).unwrap_or_else(|| panic!("no {path}"))
}

fn covers(found: Option<Interval>, truth: f64) -> bool {
    found.is_some_and(|f| f.low.is_some_and(|low| low <= truth) && f.high.is_some_and(|high| truth <= high))
}

// ----- against closed forms -----------------------------------------------------------------

/// Of 100 intervals at 95 % as many as this cover the truth, but with probability 0.0005
/// (binomial: P(X <= 86 | 100, 0.95) = 0.0005).
const TRIALS: u64 = 100;
const FEWEST: usize = 87;

/// The exact central difference of a function, a step of 2 % each way.
fn central(of: impl Fn(f64) -> f64, at: f64) -> f64 {
    (of(at * 1.02) - of(at * 0.98)) / (0.04 * at)
}

/// Its elasticity over the same move.
fn central_elasticity(of: impl Fn(f64) -> f64, at: f64) -> f64 {
    (of(at * 1.02) / of(at * 0.98)).ln() / (1.02f64 / 0.98).ln()
}

/// How many intervals of two derivatives and two elasticities hold the truth, and how many of the derivatives a truth
/// that is wrong: with the service added (of the sojourn, not of the wait), and at a tenth more arrivals.
fn coverage(servers: u32, arrivals: f64, service: f64, run: &str) -> ([usize; 4], [usize; 2]) {
    let by_arrivals = |at: f64| wait(at, service, servers);
    let by_service = |at: f64| wait(arrivals, at, servers);
    let truths = [central(by_service, service), central(by_arrivals, arrivals)];
    let percents = [central_elasticity(by_service, service), central_elasticity(by_arrivals, arrivals)];
    let wrong = [truths[0] + 1.0, central(by_arrivals, 1.1 * arrivals)];
    let (mut held, mut held_wrong) = ([0; 4], [0; 2]);
    for seed in 1..=TRIALS {
        let text = mmc(arrivals, 1e3 * service, servers, &format!("seed = {seed}\n{run}"));
        let result = moved(&text, "orders.wait.mean", &[SERVICE, ARRIVALS], 0.02);
        for (i, path) in [SERVICE, ARRIVALS].into_iter().enumerate() {
            let found = effect(&result, path);
            held[i] += usize::from(covers(found.derivative, truths[i]));
            held[i + 2] += usize::from(covers(found.elasticity, percents[i]));
            held_wrong[i] += usize::from(covers(found.derivative, wrong[i]));
        }
    }
    println!("M/M/{servers}: held {held:?} of {TRIALS}, a wrong truth {held_wrong:?}");
    (held, held_wrong)
}

#[test]
fn derivatives_of_mm1_cover_the_exact_difference_and_not_a_wrong_one() {
    let (held, wrong) = coverage(1, 50.0, 0.01, "messages = 8000\nreplications = 10");
    assert!(held.iter().all(|n| *n >= FEWEST), "{held:?}");
    assert!(wrong.iter().all(|n| *n < FEWEST), "the test has no power: {wrong:?}");
}

#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_sensitivities() {
    let mm1 = coverage(1, 50.0, 0.01, "messages = 20000\nreplications = 10");
    let mm4 = coverage(4, 320.0, 0.01, "messages = 40000\nreplications = 10");
    let [paired, apart] = scatter(60);
    let saved = apart / paired;
    keep_study(
        "sensitivities",
        "Do derivatives cover, and what do common random numbers save?",
        &format!(
            "Central differences of the mean wait, a step of 2 %, 10 replications, {TRIALS} seeds, intervals at 95 %. By mean\n\
             service and by arrival rate, derivatives and elasticities: M/M/1 at 0.5 (20,000 messages) {:?}, M/M/4 at 0.8\n\
             (40,000 messages) {:?}. A derivative that is wrong, of the sojourn in place of the wait and at a tenth more\n\
             arrivals, is held by {:?} and {:?}.\n\n\
             Over 60 seeds the derivative of the mean wait of M/M/1 at 0.5 by its arrival rate scatters with a variance {saved:.0} times\n\
             smaller than with seeds of their own for the two ends.\n",
            mm1.0, mm4.0, mm1.1, mm4.1
        ),
    );
    assert!(mm1.0.iter().chain(&mm4.0).all(|n| *n >= FEWEST), "{mm1:?} {mm4:?}");
    assert!(mm1.1.iter().chain(&mm4.1).all(|n| *n < FEWEST), "{mm1:?} {mm4:?}");
    assert!(saved > 20.0, "{paired:e} {apart:e}");
}

/// Variance over seeds of the derivative by the arrival rate: with the same random numbers at both ends, and with others.
fn scatter(seeds: u64) -> [f64; 2] {
    let end = |arrivals: f64, seed: u64| {
        let text = mmc(arrivals, 10.0, 1, &format!("seed = {seed}\nmessages = 8000\nreplications = 4"));
        study(&read(&text)).result.row("orders.wait.mean").and_then(|row| row.value).expect("a wait")
    };
    let (mut paired, mut apart) = (Vec::new(), Vec::new());
    for seed in 1..=seeds {
        let text = mmc(50.0, 10.0, 1, &format!("seed = {seed}\nmessages = 8000\nreplications = 4"));
        let result = moved(&text, "orders.wait.mean", &[ARRIVALS], 0.02);
        paired.push(effect(&result, ARRIVALS).derivative.expect("a derivative").value);
        apart.push((end(51.0, seed) - end(49.0, seed + 10_000)) / 2.0);
    }
    [paired, apart].map(|values| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
    })
}

#[test]
fn theory_beside_is_the_exact_difference_of_the_same_move() {
    let text = mmc(150.0, 10.0, 2, "messages = 3000\nreplications = 3");
    let result = moved(&text, "orders.wait.mean", &[], 0.02);
    let theory = |path: &str| {
        let simulated = effect(&result, path);
        found(&result).theory_of(simulated).expect("theory")
    };
    let by_arrivals = central(|at| wait(at, 0.01, 2), 150.0);
    let of = |path: &str| theory(path).derivative.expect("a derivative").value;
    assert!((of(ARRIVALS) / by_arrivals - 1.0).abs() < 1e-9);
    assert!((of(SERVICE) / central(|at| wait(150.0, at, 2), 0.01) - 1.0).abs() < 1e-9);
    let servers = theory(SERVERS);
    assert!(servers.derivative.is_none(), "a whole number has no derivative");
    let step = wait(150.0, 0.01, 3) - wait(150.0, 0.01, 2);
    assert!((servers.difference.expect("a difference").value / step - 1.0).abs() < 1e-9);
    // Time has no scale of its own: 1 % more of all rates is 1 % less of all times.
    let percent = |path: &str| effect(&result, path).elasticity.expect("an elasticity").value;
    assert!((percent(SERVICE) - percent(ARRIVALS) - 1.0).abs() < 1e-3, "{} {}", percent(SERVICE), percent(ARRIVALS));
    // One server alone cannot keep up: that way it is not moved, and that is said.
    let unmoved = &found(&result).unmoved;
    assert!(unmoved.iter().any(|u| u.path == SERVERS && u.value == "1 to 2"), "{unmoved:?}");
}

#[test]
fn common_random_numbers_save_most_of_the_replications() {
    let text = mmc(50.0, 10.0, 1, "messages = 5000\nreplications = 10");
    let result = moved(&text, "orders.wait.mean", &[ARRIVALS], 0.02);
    assert!(effect(&result, ARRIVALS).pairing.expect("a ratio") > 20.0);
}

#[test]
fn at_the_edge_of_stability_the_difference_is_one_sided_and_says_so() {
    let text = mmc(99.0, 10.0, 1, "messages = 4000\nreplications = 3\nwarmup = \"1s\"");
    let result = answered(moved(&text, "orders.wait.mean", &[ARRIVALS], 0.02));
    let found = effect(&result, ARRIVALS);
    assert!(matches!(&found.moved.kind, MoveKind::Below(why) if why.contains("utilization 1.01")), "{:?}", found.moved);
    assert_eq!(found.moved.ends, [99.0 * 0.98, 99.0]);
    assert!(found.text.contains("one-sided difference from 97.02/s to 99/s, a step of 2 % down"), "{}", found.text);
    assert!(found.text.contains("common random numbers"), "{}", found.text);
}

#[test]
fn what_the_step_adds_is_measured_by_a_second_pair() {
    // At 0.8 and a step of 8 % much of the difference is curvature: (D(2h) - D(h))/3 of the closed form.
    let text = mmc(80.0, 10.0, 1, "messages = 40000\nreplications = 10");
    let result = moved(&text, "orders.wait.mean", &[ARRIVALS], 0.08);
    let slope = |h: f64| (wait(80.0 * (1.0 + h), 0.01, 1) - wait(80.0 * (1.0 - h), 0.01, 1)) / (160.0 * h);
    let added = effect(&result, ARRIVALS).step_error.expect("a second pair");
    let truth = (slope(0.16) - slope(0.08)) / 3.0;
    assert!(covers(Some(added), truth), "{added:?} {truth}");
    assert!(!covers(Some(added), 0.0), "{added:?}");
    assert!(result.notes.iter().any(|note| note.contains("its finite step adds")), "{:?}", result.notes);
    let small = moved(&text, "orders.wait.mean", &[ARRIVALS], 0.005);
    assert!(!small.notes.iter().any(|note| note.contains("its finite step adds")), "{:?}", small.notes);
}

#[test]
fn quantiles_shares_and_several_quantities() {
    let text = mmc(70.0, 10.0, 1, "messages = 20000\nreplications = 10");
    let of = ["orders.wait.p95", "orders.prob_wait.fraction"];
    let result = try_moved(&text, &of, &[ARRIVALS], 0.05, 0).expect("it runs");
    let found = found(&result);
    assert_eq!(found.quantities.len(), 2);
    // P(wait > 0) = rho: its elasticity is 1.
    let share = found.simulated(&found.quantities[1]).next().expect("an effect");
    assert!(covers(share.elasticity, 1.0), "{:?}", share.elasticity);
    let p95 = found.simulated(&found.quantities[0]).next().expect("an effect");
    assert!(p95.derivative.is_some_and(|d| d.low.is_some_and(|low| low > 0.0)), "{:?}", p95.derivative);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let text = mmc(70.0, 10.0, 1, "messages = 2000\nreplications = 4");
    let rows = |jobs| try_moved(&text, &["orders.wait.mean"], &[], 0.02, jobs).expect("it runs").rows;
    assert_eq!(rows(1), rows(3));
}

#[test]
fn what_cannot_be_moved_alone_is_told_and_nothing_panics() {
    let text = mmc(50.0, 10.0, 1, "messages = 2000\nreplications = 3")
        .replace("service =", "failure = { probability = 0 }\nservice =");
    let result = moved(&text, "orders.wait.mean", &[], 0.02);
    let unmoved = &found(&result).unmoved;
    assert!(unmoved.iter().any(|u| u.path == "consumers.workers.failure.probability"), "{unmoved:?}");
    let named = moved(&text, "orders.wait.mean", &["consumers.workers.failure.probability=0:0.2"], 0.02);
    let failure = effect(&named, "consumers.workers.failure.probability");
    assert!(failure.elasticity.is_none() && failure.derivative.is_some(), "from 0 there is no percent: {failure:?}");
    let nothing = try_moved(&text, &["orders.wait.mean"], &["consumers.workers.failure.probability"], 0.02, 0);
    assert!(matches!(nothing, Err(SensitivityError::Nothing(_))), "{nothing:?}");
}

// ----- what is shown ------------------------------------------------------------------------

#[test]
fn the_markdown_of_what_matters() {
    let text = mmc(160.0, 10.0, 2, "seed = 3\nmessages = 5000\nreplications = 5");
    let mut result = answered(moved(&text, "orders.wait.mean", &[], 0.02));
    result.provenance.wall_s = 0.0;
    result.provenance.version = "VERSION".into();
    assert_data_eq!(markdown::render(&result, false), file!["../golden/sensitivity.md"].raw());
}

fn program(more: &[&str]) -> (Option<i32>, String, String) {
    let model = "models/02-mmc.toml";
    let output = lindley(&[&["sensitivity", model, "-q", "--messages", "4000", "-n", "4"], more].concat());
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_format_prints_and_json_keeps_its_schema() {
    let schema = serde_json::from_slice(&lindley(&["schema", "result"]).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let (code, shown, stderr) = program(&["--of", "orders.wait.mean", "--format", format]);
        assert_eq!(code, Some(0), "{format}: {shown}{stderr}");
        assert!(shown.contains(ARRIVALS) && !shown.contains("NaN"), "{format}: {shown}");
        if format == "csv" {
            let lines = ["\nbase,", "\"\nconsumers", "servers: 4 to 5,"];
            assert!(lines.iter().filter(|line| shown.contains(**line)).count() >= 2, "{shown}");
        }
        if format == "json" {
            let result = serde_json::from_str(&shown).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&result).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
            let effects = result["sensitivity"]["effects"].as_array().expect("effects");
            // Two slopes and a step up, each with theory beside; 3 servers are too few.
            assert_eq!(effects.len(), 6, "{effects:?}");
            assert!(effects.iter().all(|e| e["text"].as_str().is_some_and(|t| t.contains(" to "))), "{effects:?}");
        }
    }
}

#[test]
fn the_folder_holds_the_tornado_and_a_page_is_made_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_str().expect("utf-8");
    let (code, _, stderr) =
        program(&["--metric", "orders.wait.mean", "--metric", "orders.prob_wait.fraction", "-o", path]);
    assert_eq!(code, Some(0), "{stderr}");
    for name in ["model.toml", "tornado.svg", "tornado.csv", "tornado_2.svg", "results.json", "results.csv"] {
        assert!(folder.path().join(name).is_file(), "{name}: {stderr}");
    }
    let page = folder.path().join("page.html");
    let page = page.to_str().expect("utf-8");
    let made = lindley(&["report", path, "-o", page, "-q"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let html = std::fs::read_to_string(page).expect("a page");
    assert!(html.contains("What matters") && html.contains("common random numbers"));
}

#[test]
fn bad_input_is_exit_code_2_and_says_what_there_is() {
    let cases: &[(&[&str], &str)] = &[
        (&["--vary", "consumers.workers.server"], "consumers.workers.servers"),
        (&["--vary", "queues.orders.max_length"], "--vary queues.orders.max_length=LOW:HIGH"),
        (&["--vary", "producers.web.queue"], "models/02-mmc.toml:9:9"),
        (&["--vary", "consumers.workers.servers=1:2"], "with consumers.workers.servers = 1 there is no such model"),
        (&["--vary", "consumers.workers.servers=4:4"], "the two values are the same"),
        (&["--vary", "consumers.workers.servers=a:b"], "`a` is no finite number"),
        (&["--of", "orders.wiat.p99"], "did you mean `wait`?"),
        (&["--of", "nobody.wait.p99"], "nobody"),
        (&["--step", "0"], "above 0 and below 50 %"),
        (&["--step", "80%"], "above 0 and below 50 %"),
        (&["--precision", "1%"], "--precision does not apply"),
        (&["--engine", "recursion"], "random numbers stay in step"),
    ];
    for (more, said) in cases {
        let (code, shown, stderr) = program(more);
        assert_eq!((code, shown.as_str()), (Some(2), ""), "{more:?}: {stderr}");
        assert!(stderr.contains(said), "{more:?}: {stderr}");
    }
}

#[test]
fn every_shipped_model_says_what_matters_or_why_not() {
    for path in model_files() {
        let shown = path.to_str().expect("utf-8");
        let output = lindley(&["sensitivity", shown, "-q", "--messages", "300", "-n", "2", "--format", "csv"]);
        let stderr = text(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{shown}: {stderr}");
        assert!(!stderr.contains("panicked"), "{shown}: {stderr}");
    }
}

/// Every line of the result that the document shows is a line of what its command prints.
#[test]
fn the_result_shown_in_the_document_is_what_its_command_prints() {
    let document = std::fs::read_to_string(root().join("docs/sensitivity.md")).expect("the document");
    let block = |fence: &str| document.split(fence).nth(1).and_then(|rest| rest.split("```").next()).expect(fence);
    let command = block("```sh\n").lines().next().expect("a command");
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    let printed = text(&lindley(&words).stdout);
    for line in block("```text\n").lines() {
        assert!(printed.lines().any(|l| l.trim_end() == line.trim_end()), "not printed: {line}\n{printed}");
    }
}
