//! `lindley solve` as a user meets it: each command against the answers of the oracle
//! (`tests/oracle/cases.json`), then exit codes, refusals and mistakes.

use crate::support::{lindley, text};
use serde_json::Value;

/// A command, the case of the oracle it answers, and which row answers which question:
/// `metric.statistic`, with `@class` or `~method` behind it where several rows fit.
struct Command {
    case: &'static str,
    arguments: &'static [&'static str],
    answers: &'static [(&'static str, &'static str)],
}

const TIMES: &[(&str, &str)] = &[
    ("wait.mean", "Wq"),
    ("sojourn.mean", "W"),
    ("queue_length.mean", "Lq"),
    ("in_system.mean", "L"),
    ("prob_wait.fraction", "p_wait"),
];
const TIMES_AND_TAIL: &[(&str, &str)] = &[
    ("wait.mean", "Wq"),
    ("sojourn.mean", "W"),
    ("in_system.mean", "L"),
    ("wait.p50", "wq_p50"),
    ("wait.p95", "wq_p95"),
    ("wait.p99", "wq_p99"),
    ("wait.p99.9", "wq_p99_9"),
];

#[rustfmt::skip]
const COMMANDS: &[Command] = &[
    Command { case: "mm1-rho0.99", arguments: &["M/M/1", "--arrival-rate", "0.99/s", "--service-rate", "1/s"], answers: TIMES },
    Command { case: "mm1-rho0.99", arguments: &["M/M/1", "--arrival-rate", "0.99", "--mean-service", "1000ms"], answers: TIMES_AND_TAIL },
    Command { case: "mmc-c50-rho0.7", arguments: &["M/M/50", "--arrival-rate", "2100/min", "--mean-service", "1s"], answers: TIMES },
    Command { case: "mmck-c2-K4-l1.5", arguments: &["M/M/2/4", "--arrival-rate", "1.5/s", "--service-rate", "1/s"],
        answers: &[("prob_loss.fraction", "p_loss"), ("throughput.mean", "throughput"), ("wait.mean", "Wq")] },
    Command { case: "mrep-c1-N10", arguments: &["M/M/1//10", "--arrival-rate", "0.1/s", "--service-rate", "1/s"], answers: TIMES_OF_SOURCES },
    Command { case: "engset-c5-N12", arguments: &["M/M/5/5/12", "--arrival-rate", "0.3/s", "--service-rate", "1/s"],
        answers: &[("in_system.mean", "L"), ("prob_loss.fraction", "p_blocked_arrival"), ("throughput.mean", "throughput")] },
    Command { case: "erlangA-1", arguments: &["M/M/1+M", "--arrival-rate", "1.2/s", "--service-rate", "1/s", "--mean-patience", "2s"],
        answers: &[("prob_abandon.fraction", "p_abandon"), ("prob_wait.fraction", "p_wait"), ("queue_length.mean", "Lq")] },
    Command { case: "mmcD-10-over", arguments: &["M/M/10+D", "--arrival-rate", "12/s", "--service-rate", "1/s", "--mean-patience", "250ms"],
        answers: &[("prob_abandon.fraction", "p_expire"), ("wait.mean", "Wq_served"), ("wait.p99", "wq_served_p99"), ("queue_length.mean", "Lq")] },
    Command { case: "md1-rho0.5", arguments: &["M/D/1", "--arrival-rate", "0.5/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "me21-rho0.7", arguments: &["M/E2/1", "--arrival-rate", "0.7/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "mh21-scv4-rho0.9", arguments: &["M/H2/1", "--arrival-rate", "0.9/s", "--mean-service", "1s", "--service-scv", "4"], answers: TIMES_AND_TAIL },
    Command { case: "mln1-sig2_1.60-rho0.5", arguments: &["M/LN/1", "--arrival-rate", "0.5/s", "--mean-service", "1s", "--service-scv", "4"],
        answers: &[("wait.mean", "Wq"), ("in_system.mean", "L")] },
    Command { case: "md10-rho0.9", arguments: &["M/D/10", "--arrival-rate", "9/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "dm1-l0.9", arguments: &["D/M/1", "--arrival-rate", "0.9/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "e2m1-l0.8", arguments: &["E2/M/1", "--arrival-rate", "0.8/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "h2m1-l0.7", arguments: &["H2/M/1", "--arrival-rate", "0.7/s", "--mean-service", "1s", "--arrival-scv", "4"], answers: TIMES_AND_TAIL },
    Command { case: "e2e22-rho0.8", arguments: &["E2/E2/2", "--arrival-rate", "1.6/s", "--mean-service", "1s"], answers: TIMES_AND_TAIL },
    Command { case: "mh22-rho0.8", arguments: &["M/H2/2", "--arrival-rate", "1.6/s", "--mean-service", "1s", "--service-scv", "4"], answers: TIMES_AND_TAIL },
    Command { case: "mmpp2m5", arguments: &["MMPP2/M/5", "--arrivals", "{ mmpp = { rates = [6, 2], switching = [[0, 0.5], [0.25, 0]] } }", "--service-rate", "1/s"], answers: TIMES_AND_TAIL },
    Command { case: "prio-np-2exp", arguments: &["M/M/1", "--discipline", "priority", "--class", "high 0.3/s M 1s", "--class", "low 0.4/s M 1s"],
        answers: &[("wait.mean@high", "Wq_class1"), ("wait.mean@low", "Wq_class2"), ("sojourn.mean", "W_all"), ("in_system.mean", "L")] },
    Command { case: "prio-pr-2exp-uneq", arguments: &["M/G/1", "--discipline", "priority-preemptive", "--class", "high 0.5/s M 500ms", "--class", "low 0.25/s M 2s"],
        answers: &[("sojourn.mean@high", "W_class1"), ("sojourn.mean@low", "W_class2"), ("sojourn.mean", "W_all")] },
    Command { case: "mmcprio-c5", arguments: &["M/M/5", "--discipline", "priority", "--class", "a 1/s M 1s", "--class", "b 1.5/s M 1s", "--class", "c 2/s M 1s"],
        answers: &[("wait.mean@a", "Wq_class1"), ("wait.mean@c", "Wq_class3"), ("prob_wait.fraction", "p_wait")] },
    Command { case: "mm1ps-rho0.5", arguments: &["M/M/1", "--discipline", "ps", "--arrival-rate", "0.5/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("sojourn.p99", "w_p99"), ("sojourn.variance", "var_W")] },
    Command { case: "mm1lcfs-pr-rho0.5", arguments: &["M/M/1", "--discipline", "lcfs-pr", "--arrival-rate", "0.5/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("sojourn.variance", "var_W")] },
    Command { case: "mm1ros-rho0.8", arguments: &["M/M/1", "--discipline", "random", "--arrival-rate", "0.8/s", "--service-rate", "1/s"],
        answers: &[("wait.mean", "Wq"), ("wait.variance", "var_Wq"), ("wait.p99.9", "wq_p99_9")] },
    Command { case: "mm1-srpt-rho0.8", arguments: &["M/M/1", "--discipline", "srpt", "--arrival-rate", "0.8/s", "--service-rate", "1/s"], answers: &[("sojourn.mean", "W_SRPT")] },
    Command { case: "mm1-srpt-rho0.8", arguments: &["M/M/1", "--discipline", "sjf", "--arrival-rate", "0.8/s", "--service-rate", "1/s"], answers: &[("sojourn.mean", "W_SJF_nonpreemptive")] },
    Command { case: "mm1-srpt-rho0.8", arguments: &["M/M/1", "--discipline", "psjf", "--arrival-rate", "0.8/s", "--service-rate", "1/s"], answers: &[("sojourn.mean", "W_PSJF")] },
    Command { case: "mm1-srpt-rho0.8", arguments: &["M/M/1", "--discipline", "fb", "--arrival-rate", "0.8/s", "--service-rate", "1/s"], answers: &[("sojourn.mean", "W_FB_LAS")] },
    Command { case: "mx-batch5", arguments: &["M^X/M/1", "--batch", "5", "--arrival-rate", "0.8/s", "--service-rate", "1/s"], answers: TIMES_OF_BATCHES },
    Command { case: "bulk-b4-greedy", arguments: &["M/M/1", "--bulk", "4", "--arrival-rate", "3/s", "--service-rate", "1/s"], answers: LENGTHS },
    Command { case: "bulk-b5-full", arguments: &["M/M/1", "--bulk", "5", "--bulk-least", "5", "--arrival-rate", "4/s", "--service-rate", "1/s"], answers: LENGTHS },
    Command { case: "vac-single-exp-exp", arguments: &["M/M/1", "--vacation", "M 2s", "--vacation-once", "--arrival-rate", "0.7/s", "--service-rate", "1/s"],
        answers: &[("wait.mean", "Wq"), ("sojourn.mean", "W"), ("in_system.mean", "L")] },
    Command { case: "setup-det", arguments: &["M/M/1", "--setup", "D 4s", "--arrival-rate", "0.7/s", "--service-rate", "1/s"],
        answers: &[("wait.mean", "Wq"), ("sojourn.mean", "W"), ("in_system.mean", "L")] },
    Command { case: "brk-time-1", arguments: &["M/M/1", "--failure-rate", "0.1/s", "--repair", "M 2s", "--fails-idle", "--arrival-rate", "0.5/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("in_system.mean", "L")] },
    Command { case: "feedback-p0.2", arguments: &["M/M/1", "--retry-probability", "0.2", "--arrival-rate", "0.5/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("in_system.mean", "L"), ("utilization.mean", "rho")] },
    Command { case: "retrial-mm2-classical", arguments: &["M/M/2", "--orbit-rate", "0.5/s", "--arrival-rate", "1.2/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("in_system.mean", "L")] },
    Command { case: "retrial-mm2-constant", arguments: &["M/M/2", "--orbit-rate", "1.5/s", "--orbit", "constant", "--arrival-rate", "0.9/s", "--service-rate", "1/s"],
        answers: &[("sojourn.mean", "W"), ("in_system.mean", "L")] },
    Command { case: "drophead-K5", arguments: &["M/M/1/5", "--drop-head", "--arrival-rate", "0.9/s", "--service-rate", "1/s"],
        answers: &[("wait.mean", "Wq_served_drophead"), ("prob_loss.fraction", "p_loss_both"), ("queue_length.mean", "Lq_both")] },
    Command { case: "apx-4", arguments: &["G/G/5", "--arrival-rate", "4.5/s", "--mean-service", "1s", "--arrival-scv", "0.5", "--service-scv", "0.5"],
        answers: &[("wait.mean~Allen", "AllenCunneen_Wq"), ("wait.mean~Sakasegawa", "Sakasegawa_Wq"), ("wait.mean~Whitt", "Whitt1993_Wq")] },
];

const TIMES_OF_SOURCES: &[(&str, &str)] = &[
    ("wait.mean", "Wq"),
    ("in_system.mean", "L"),
    ("throughput.mean", "throughput"),
    ("prob_wait.fraction", "p_wait_arrival"),
];
const TIMES_OF_BATCHES: &[(&str, &str)] =
    &[("wait.mean", "Wq"), ("sojourn.mean", "W"), ("in_system.mean", "L"), ("prob_wait.fraction", "p_wait_message")];
const LENGTHS: &[(&str, &str)] =
    &[("wait.mean", "Wq"), ("sojourn.mean", "W"), ("in_system.mean", "L"), ("queue_length.mean", "Lq")];

fn oracle(id: &str) -> Value {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../oracle/cases.json")).expect("the oracle is JSON");
    cases.into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn solve(arguments: &[&str]) -> Value {
    let output = lindley(&[&["solve"], arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a result is JSON")
}

/// The value of `metric.statistic`, `@class`, `~method`.
fn value(result: &Value, wanted: &str) -> f64 {
    let (rest, method) = wanted.split_once('~').unwrap_or((wanted, ""));
    let (rest, class) = rest.split_once('@').map_or((rest, None), |(rest, class)| (rest, Some(class)));
    let (metric, statistic) = rest.split_once('.').expect("a metric and a statistic");
    let fits = |row: &&Value| {
        row["metric"] == metric
            && row["statistic"] == statistic
            && row["class"].as_str() == class
            && row["method"].as_str().is_some_and(|m| m.contains(method))
    };
    let row = result["rows"].as_array().expect("rows").iter().find(fits);
    row.and_then(|row| row["value"].as_f64()).unwrap_or_else(|| panic!("no {wanted} in {:#}", result["rows"]))
}

fn agrees(value: f64, answer: &Value, digits: u64) -> bool {
    let exact = answer.as_f64().expect("a number");
    (value - exact).abs() <= 0.5 * 10f64.powi(1 - digits.min(8) as i32) * exact.abs().max(1e-300)
}

#[test]
fn commands_give_the_answers_of_the_oracle() {
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let (case, result) = (oracle(command.case), solve(command.arguments));
        let digits = case["accuracy_digits"].as_u64().expect("digits");
        for (wanted, question) in command.answers {
            let (said, answer) = (value(&result, wanted), &case["answers"][question]);
            if !agrees(said, answer, digits) {
                wrong.push(format!("{:?} {wanted}: {said} instead of {answer}", command.arguments));
            }
            assert!(!agrees(said * 1.000001, answer, digits) || said == 0.0, "the comparison can fail");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_result_follows_the_schema_and_says_which_method_was_chosen() {
    let schema = serde_json::from_slice(&lindley(&["schema", "result"]).stdout).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    for command in COMMANDS {
        let result = solve(command.arguments);
        assert!(validator.is_valid(&result), "{:?}", command.arguments);
        let note = result["notes"][0].as_str().expect("a note");
        assert!(note.contains('`'), "{note}");
        assert_eq!(result["provenance"]["engine"], "theory");
    }
}

#[test]
fn an_unstable_station_is_an_answer_with_its_cure() {
    let output = lindley(&["solve", "M/M/3", "--arrival-rate", "360/s", "--service-rate", "100/s", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let told = text(&output.stderr);
    assert!(told.contains("at least 4 servers") && told.contains("1.2"), "{told}");
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON all the same");
    let wait = result["rows"].as_array().expect("rows").iter().find(|r| r["metric"] == "wait").expect("a row");
    assert!(wait["value"].is_null() && wait["method"].as_str().is_some_and(|m| m.contains("no steady state")));
    assert!(!text(&output.stdout).contains("inf"));
}

#[test]
fn mistakes_are_told_all_at_once_with_their_cures() {
    let told = |arguments: &[&str]| {
        let output = lindley(&[&["solve"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        text(&output.stderr)
    };
    let three = told(&["M/LN/1+M"]);
    assert!(three.contains("--arrival-rate") && three.contains("--mean-service") && three.contains("--mean-patience"));
    for (arguments, word) in [
        (&["M/M/0", "--arrival-rate", "1/s", "--service-rate", "2/s"][..], "at least 1"),
        (&["M/M/5/3", "--arrival-rate", "1/s", "--service-rate", "2/s"], "K >= c"),
        (&["M/M/1", "--arrival-rate", "-3/s", "--service-rate", "2/s"], "arrival-rate"),
        (&["M/M/1", "--arrival-rate", "NaN", "--service-rate", "2/s"], "arrival-rate"),
        (&["M/H2/1", "--arrival-rate", "1/s", "--mean-service", "1s", "--service-scv", "0.5"], "scv"),
        (&["M/E4/1", "--arrival-rate", "1/s", "--mean-service", "1s", "--service-scv", "2"], "scv"),
        (&["M/M/1", "--arrival-rate", "1/s", "--mean-service", "3/s"], "mean-service"),
        (&["M/X7/1", "--arrival-rate", "1/s", "--mean-service", "1s"], "X7"),
        (&["M/M/1", "--arrival-rate", "1/s", "--service-rate", "2/s", "--quantiles", "1.5"], "1.5"),
        (&["M/M/1", "--arrival-rate", "1/s", "--service-rate", "2/s", "--method", "magic"], "magic"),
        (&["M/M/1", "--discipline", "priority", "--arrival-rate", "1/s", "--service-rate", "2/s"], "--class"),
        (&["G/G/1", "--arrival-rate", "1/s", "--mean-service", "1s"], "--arrival-scv"),
        (&["M/M", "--arrival-rate", "1/s"], "A/S/c"),
        (&["fork-joint"], "fork-join"),
        (&["fork-join"], "missing"),
        (&["fork-join", "-p", "arrival-rate=x"], "arrival-rate"),
        (&["no-such-file.toml"], "no-such-file.toml"),
        // What does not apply is refused, not passed over.
        (&["M/M/1", "--arrival-rate", "1/s", "--service-rate", "2/s", "-p", "x=1"], "--param"),
        (&["fork-join", "-p", "arrival-rate=0.5/s", "-p", "service-rates=[1,1]", "--discipline", "ps"], "--discipline"),
        (&["models/01-mm1.toml", "--arrival-rate", "3/s"], "--arrival-rate"),
        (&["models/01-mm1.toml", "--method", "mm1"], "--method"),
        (&["M/M/1", "--arrival-rate", "1e308/s", "--service-rate", "2/s"], "1e100"),
        (&["M/E4000000000/1", "--arrival-rate", "1/s", "--mean-service", "1s"], "stages"),
    ] {
        let told = told(arguments);
        assert!(told.contains(word), "{arguments:?}: {told}");
    }
}

#[test]
fn files_name_systems_and_say_arrivals_and_service_in_full() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("utf-8").to_string()
    };
    let case = oracle("poll2-asym-exhaustive");
    let polling = file(
        "polling.toml",
        "system = \"polling\"\narrival-rates = [\"0.4/s\", \"0.2/s\"]\nservices = [\"M 1s\"]\nswitchovers = [\"M 500ms\", \"M 1s\"]\n",
    );
    let result = solve(&[&polling]);
    assert!(agrees(value(&result, "wait.mean"), &case["answers"]["Wq_1"], 8), "{:#}", result["rows"]);
    let case = oracle("mmpp2m1-mild");
    let arrivals =
        file("map.toml", "arrivals = { map = { d0 = [[-1.7, 0.5], [0.5, -0.9]], d1 = [[1.2, 0], [0, 0.4]] } }\n");
    let service = file("service.toml", "service = { phase_type = { alpha = [1], t = [[-1]] } }\n");
    let result = solve(&["MAP/PH/1", "--arrivals", &arrivals, "--service", &service]);
    assert!(agrees(value(&result, "wait.mean"), &case["answers"]["Wq"], 8), "{:#}", result["rows"]);
}

/// Ten erlangs on ten servers, by numbers whose product in doubles is a little less.
#[test]
fn a_critical_load_has_no_steady_state_whatever_solves_the_station() {
    let critical = ["--arrival-rate", "200/h", "--mean-service", "3min"];
    let answer = |notation: &str, options: &[&str]| {
        let output = lindley(&[&["solve", notation], options].concat());
        (output.status.code(), text(&output.stderr))
    };
    for (notation, more) in [
        ("M/M/10", &[][..]),
        ("M/D/10", &[]),
        ("M/E2/10", &[]),
        ("E2/M/10", &[]),
        ("M/G/10", &["--service-scv", "2"]),
        ("G/G/10", &["--service-scv", "2", "--arrival-scv", "0.5"]),
        ("M/M/10", &["--discipline", "ps"]),
        ("M/M/10", &["--discipline", "lcfs"]),
        ("M/M/10", &["--batch", "2"]),
        ("M/M/1", &["--bulk", "10"]),
        ("M/M/10", &["--orbit-rate", "1/s"]),
    ] {
        let (code, told) = answer(notation, &[&critical[..], more].concat());
        assert!(code == Some(3) && told.contains("stable with"), "{notation} {more:?}: {code:?} {told}");
    }
    for (notation, rate, service) in
        [("M/M/10", "100/h", "6min"), ("M/M/1", "20/h", "3min"), ("M/D/1", "20/h", "3min"), ("M/M/12", "240/h", "3min")]
    {
        assert_eq!(
            answer(notation, &["--arrival-rate", rate, "--mean-service", service]).0,
            Some(3),
            "{notation} {rate}"
        );
    }
    let classes = ["--discipline", "priority", "--class", "a 100/h M 3min", "--class", "b 100/h M 3min"];
    assert_eq!(answer("M/M/10", &classes).0, Some(3));
    let retried = ["--arrival-rate", "100/h", "--mean-service", "3min", "--retry-probability", "0.5"];
    assert_eq!(answer("M/M/10", &retried).0, Some(3));
    // Its power twin: what is below capacity by more than rounding is answered.
    let close = solve(&["M/M/1", "--arrival-rate", "0.999999/s", "--service-rate", "1/s"]);
    assert!((value(&close, "sojourn.mean") / 1e6 - 1.0).abs() < 1e-9);
    assert_eq!(answer("M/M/10", &["--arrival-rate", "199.9998/h", "--mean-service", "3min"]).0, Some(0));
    // Always busy and never late: without randomness the critical load is served.
    assert_eq!(answer("D/D/10", &critical).0, Some(0));
}

#[test]
fn units_stand_in_lists_without_quotes() {
    // Exact mean values by hand: with one message 1/2.5; with two 0.5 x 1.2 + 1.4 s of queues and 1 s of thinking.
    let parameter = |text: &'static str| ["-p", text];
    let closed =
        [&["closed"][..], &parameter("demands=[0.5s, 1s]"), &parameter("think-time=1s"), &parameter("population=2")]
            .concat();
    let result = solve(&closed);
    assert!((value(&result, "throughput.mean") - 2.0 / 3.0).abs() < 1e-12, "{:#}", result["rows"]);
    let typed = [&["closed-classes"][..], &parameter("demands=[[500ms, 1s]]"), &parameter("populations=[2]")].concat();
    let plain = [&["closed-classes"][..], &parameter("demands=[[0.5, 1]]"), &parameter("populations=[2]")].concat();
    assert_eq!(solve(&typed)["rows"], solve(&plain)["rows"]);
    let process = |rates: &str| format!("{{ mmpp = {{ rates = [{rates}], switching = [[0, 0.5], [0.25, 0]] }} }}");
    let answer =
        |arrivals: &str| value(&solve(&["MMPP2/M/5", "--arrivals", arrivals, "--service-rate", "1/s"]), "wait.mean");
    assert_eq!(answer(&process("360/min, 2/s")), answer(&process("6, 2")));
}

#[test]
fn what_has_no_steady_state_beside_its_numbers_is_a_no() {
    let asked = ["visibility-timeout", "-p", "service=M 10s", "-p", "timeouts=[30s]", "-p", "arrival-rate=2/s"];
    let output = lindley(&[&["solve"], &asked[..], &["-p", "servers=1"]].concat());
    let told = text(&output.stderr);
    assert!(output.status.code() == Some(3) && told.contains("stable with at least 22 servers"), "{told}");
    let output = lindley(&[&["solve"], &asked[..], &["-p", "servers=22"]].concat());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn moments_of_the_service_do_where_its_law_does_not_matter() {
    let load = ["--arrival-rate", "3/s", "--mean-service", "2s"];
    let moments = [&load[..], &["--service-scv", "4"]].concat();
    for (by_moments, by_law) in [("M/G/5/5", "M/M/5/5"), ("M/G/inf", "M/M/inf")] {
        let (found, exact) = (solve(&[&[by_moments], &moments[..]].concat()), solve(&[&[by_law], &load[..]].concat()));
        for question in ["in_system.mean", "throughput.mean", "sojourn.mean"] {
            assert!((value(&found, question) / value(&exact, question) - 1.0).abs() < 1e-12, "{by_moments} {question}");
        }
        assert!(found["notes"][0].as_str().is_some_and(|note| note.contains("exactly")));
    }
}

#[test]
fn classes_in_order_of_arrival_and_of_unequal_rates_have_an_answer() {
    let classes = ["--class", "short 0.5/s M 500ms", "--class", "long 0.25/s M 1s"];
    // Loads of 0.25 each, m2 = 0.25 + 0.5: Wq = 0.75/(2 x 0.5).
    let one = solve(&[&["M/G/1"], &classes[..]].concat());
    assert!((value(&one, "wait.mean") - 0.75).abs() < 1e-12);
    assert!((value(&one, "sojourn.mean@long") - 1.75).abs() < 1e-12);
    for discipline in ["fcfs", "priority"] {
        let many = solve(&[&["M/G/2", "--discipline", discipline], &classes[..]].concat());
        let note = many["notes"][0].as_str().expect("a note");
        assert!(note.contains("approximat") && value(&many, "wait.mean") < 0.75, "{note}");
    }
    let full = ["--class", "short 1/s M 500ms", "--class", "long 1.5/s M 1s"];
    assert_eq!(lindley(&[&["solve", "M/G/2"], &full[..]].concat()).status.code(), Some(3));
}
