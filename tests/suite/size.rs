//! `size`: against exact staffing, through the program; simulation against theory; hostile questions.

use crate::support::{keep_study, lindley, root, text};
use lindley::analytic::station::mmc::Mmc;
use serde_json::Value;

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = lindley(&[&["size"], arguments, &["--format", "json", "-q"]].concat());
    let result = serde_json::from_slice(&output.stdout);
    (output.status.code(), result.unwrap_or_else(|e| panic!("{arguments:?}: {e}: {}", text(&output.stderr))))
}

/// The value of a row, by its point, metric and statistic.
fn value(result: &Value, point: Option<&str>, metric: &str, statistic: &str) -> Option<f64> {
    let rows = result["rows"].as_array().expect("rows");
    let named = |r: &&Value| r["point"].as_str() == point && r["metric"] == metric && r["statistic"] == statistic;
    rows.iter().find(named)?["value"].as_f64()
}

fn family() -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("tests/oracle/cases.json")).expect("the oracle is carried");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("it is JSON");
    cases.into_iter().filter(|case| case["family"].as_str().is_some_and(|f| f.starts_with("18"))).collect()
}

/// The answers of the program that are not those of the oracle.
fn wrong(case: &Value, off: f64) -> Vec<String> {
    let (id, params, answers) = (case["id"].as_str().expect("an id"), &case["params"], &case["answers"]);
    let number = |name: &str| params[name].as_f64();
    let (lambda, mu) = (number("lambda_").expect("a rate"), number("mu").expect("a rate"));
    let (lambda, mu) = (format!("{lambda}/s"), format!("{mu}/s"));
    let rates = ["--arrival-rate", lambda.as_str(), "--service-rate", mu.as_str()];
    let close = |said: Option<f64>, exact: &Value| {
        let exact = exact.as_f64().expect("a number") * off;
        said.is_some_and(|said| (said / exact - 1.0).abs() < 1e-8)
    };
    let mut wrong = Vec::new();
    let mut check = |name: &str, said: Option<f64>| {
        if let Some(exact) = answers.get(name).filter(|exact| exact.is_number() && !close(said, exact)) {
            wrong.push(format!("{id} {name}: {said:?} instead of {exact}"));
        }
    };
    if let Some(loss) = number("p_loss_max") {
        let notation = format!("M/M/{}/K", number("c").unwrap_or(1.0));
        let target = format!("prob_loss <= {loss}");
        let (_, result) = json(&[&[notation.as_str()], &rates[..], &["--target", &target]].concat());
        let places = value(&result, None, "detail.places", "count").expect("an answer");
        check("min_K", Some(places));
        check("p_loss", value(&result, Some(&format!("K={places}")), "prob_loss", "fraction"));
        check("p_loss_K_minus_1", value(&result, Some(&format!("K={}", places - 1.0)), "prob_loss", "fraction"));
    } else if let (Some(alpha), Some(t)) = (number("alpha"), number("T")) {
        let target = format!("prob(wait > {t}s) <= {alpha}");
        let (_, result) = json(&[&["M/M/c"], &rates[..], &["--target", &target]].concat());
        let c = value(&result, None, "servers", "count").expect("an answer");
        let at = |c: f64, metric: &str, statistic: &str| value(&result, Some(&format!("c={c}")), metric, statistic);
        check("min_c", Some(c));
        check("P_W_gt_T_at_c", at(c, "wait", &format!("prob(> {t})")));
        check("P_W_gt_T_at_c_minus_1", at(c - 1.0, "wait", &format!("prob(> {t})")));
        check("rho_at_c", at(c, "utilization", "mean"));
        check("halfin_whitt_beta", value(&result, None, "detail.square_root_beta", "mean"));
        check("halfin_whitt_c", value(&result, None, "detail.square_root_servers", "count"));
    }
    wrong
}

#[test]
fn the_staffing_of_the_oracle_comes_out_of_the_program() {
    let cases = family();
    let sized = cases.iter().filter(|c| ["alpha", "p_loss_max"].iter().any(|p| c["params"][p].is_number()));
    assert!(sized.count() >= 4, "the cases are there");
    let wrong: Vec<String> = cases.iter().flat_map(|case| wrong(case, 1.0)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Power twin: an oracle one part in ten million off is noticed in every number.
#[test]
fn an_oracle_that_is_off_is_noticed() {
    let case = family().into_iter().find(|c| c["params"]["alpha"].is_number()).expect("a case");
    let numbers = case["answers"].as_object().expect("answers").values().filter(|v| v.is_number()).count();
    assert_eq!(wrong(&case, 1.0 + 1e-7).len(), numbers);
}

#[test]
fn a_million_servers_are_found_at_once() {
    let (code, result) =
        json(&["M/M/c", "--arrival-rate", "1e6/s", "--mean-service", "1s", "--target", "prob_wait <= 20%"]);
    let c = value(&result, None, "servers", "count").expect("an answer") as u32;
    let prob_wait = |c: u32| Mmc::new(1e6, 1.0, c).expect("stable").prob_wait();
    assert_eq!(code, Some(0));
    assert!(prob_wait(c) <= 0.2 && prob_wait(c - 1) > 0.2);
}

#[test]
fn other_notations_are_sized_too() {
    for (arguments, answer) in [
        (&["M/M/c", "--arrival-rate", "250/s", "--mean-service", "180ms", "--target", "wait.p99 < 1s"][..], 46.0),
        (&["M/M/c/c", "--arrival-rate", "5/s", "--mean-service", "1s", "--target", "prob_loss <= 1%"], 11.0),
        (&["M/D/c", "--arrival-rate", "10/s", "--mean-service", "1s", "--target", "wait.p99 < 1s"], 12.0),
        (&["M/M/c", "--arrival-rate", "10/s", "--mean-service", "1s", "--target", "utilization <= 80%"], 13.0),
    ] {
        let (code, result) = json(arguments);
        assert_eq!((code, value(&result, None, "servers", "count")), (Some(0), Some(answer)), "{arguments:?}");
        assert_eq!(result["passed"], true);
    }
    let mean = ["--arrival-rate", "10/s", "--mean-service", "1s", "--target", "wait.mean < 100ms"];
    let scv = ["--arrival-scv", "2", "--service-scv", "2"];
    let (_, result) = json(&[&["G/G/c"], &mean[..], &scv[..]].concat());
    assert_eq!(result["rows"][0]["source"], "approximation");
}

#[test]
fn questions_that_cannot_be_answered_say_why() {
    let base = ["--arrival-rate", "10/s", "--mean-service", "1s"];
    for (notation, targets, code, why) in [
        ("M/M/c", &["wait.p99 < 1s", "wait.p99 > 2s"][..], 2, "cannot both hold"),
        ("M/M/c", &["sojourn.mean < 500ms"], 2, "impossible"),
        ("M/M/c", &["wiat.p99 < 1s"], 2, "did you mean `wait`?"),
        ("M/M/c", &["wait.p99 < 5/s"], 2, "wrong unit"),
        ("M/M/c", &["wait.p99 < NaN"], 2, "does not start with a number"),
        ("M/M/c", &["prob_loss < 1%"], 2, "no method here gives prob_loss"),
        ("M/M/c", &[], 2, "say what must hold"),
        ("M/M/3", &["wait.p99 < 1s"], 2, "nothing is free"),
        ("M/M/c/K", &["wait.p99 < 1s"], 2, "both free"),
        ("M/M/1/K", &["prob_loss < 10%"], 3, "nothing meets"),
    ] {
        let targets = targets.iter().flat_map(|t| ["--target", t]).collect::<Vec<_>>();
        let output = lindley(&[&["size", notation], &base[..], &targets].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{notation} {targets:?}: {said}");
        assert!(said.contains(why) || said.contains("no number of places meets"), "{said}");
    }
}

/// The model of M/M/c with that load.
fn mmc(folder: &std::path::Path, lambda: f64) -> String {
    let path = folder.join("mmc.toml");
    let model = format!(
        "[producers.p]\narrivals = {{ poisson = \"{lambda}/s\" }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
         service = {{ exponential = {{ mean = \"1s\" }} }}\nservers = 1\n[run]\nmessages = 20_000\n"
    );
    // One server cannot keep up: what a sizing starts from.
    std::fs::write(&path, model).expect("written");
    path.to_str().expect("utf-8").to_string()
}

fn servers(result: &Value) -> f64 {
    let rows = result["rows"].as_array().expect("rows");
    rows.iter().find(|r| r["metric"] == "servers").and_then(|r| r["value"].as_f64()).expect("an answer")
}

/// Simulation finds what the exact formula says; targets lie half-way between the values at c and c - 1, so that
/// no seed decides. Power twin: with c + 1 for c the same comparison fails.
#[test]
fn simulation_finds_the_exact_number_of_servers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (lambda, c) in [(1.5, 3), (4.0, 6), (12.0, 15)] {
        let wait = |c: u32| Mmc::new(lambda, 1.0, c).expect("stable").wait();
        let limit = (wait(c) * wait(c - 1)).sqrt();
        let target = format!("wait.mean < {limit}s");
        let (code, result) = json(&[&mmc(folder.path(), lambda), "--target", &target]);
        assert_eq!(code, Some(0), "{}", result["answer"]);
        assert_eq!(servers(&result), f64::from(c), "{}", result["answer"]);
        assert_ne!(servers(&result), f64::from(c + 1));
        assert_eq!(result["sizing"]["certain"], true);
        let failing = result["sizing"]["failing"][0].as_u64().expect("a neighbour") as usize;
        assert_eq!(result["sizing"]["candidates"][failing]["at"][0], f64::from(c - 1));
    }
}

#[test]
fn one_server_down_and_more_load_need_more() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = mmc(folder.path(), 4.0);
    let target = ["--target", "wait.mean < 200ms"];
    let plain = servers(&json(&[&[file.as_str()], &target[..]].concat()).1);
    let spare = servers(&json(&[&[file.as_str()], &target[..], &["--n-minus-1"]].concat()).1);
    assert_eq!(spare, plain + 1.0);
    let (_, result) = json(&[&[file.as_str()], &target[..], &["--burst", "2x"]].concat());
    let exact = (9..).find(|c| Mmc::new(8.0, 1.0, *c).expect("stable").wait() < 0.2).expect("some");
    assert_eq!(servers(&result), f64::from(exact));
    assert_eq!(result["sizing"]["scenarios"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_real_parameter_is_found_to_its_resolution() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = mmc(folder.path(), 4.0);
    let largest = "producers.p.arrivals.poisson=between 1/s and 5/s to within 0.25/s";
    let servers = ["--set", "consumers.c.servers=5", "--messages", "40000"];
    let (_, result) = json(&[&[&file, "--largest", largest, "--target", "wait.mean < 200ms"], &servers[..]].concat());
    let best = result["sizing"]["answer"].as_u64().expect("an answer") as usize;
    let rate = result["sizing"]["candidates"][best]["at"][0].as_f64().expect("a rate");
    let wait = |rate: f64| Mmc::new(rate, 1.0, 5).expect("stable").wait();
    assert!(wait(rate - 0.25) < 0.2 && wait(rate + 0.5) > 0.2, "{rate}");
}

/// Two pools behind one another: the cheapest pair is that of trying all pairs by theory.
#[test]
fn two_parameters_agree_with_trying_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("two.toml");
    let model = "[producers.p]\narrivals = { poisson = \"2/s\" }\nqueue = \"a\"\n[queues.a]\n[queues.b]\n\
                 [consumers.one]\nqueue = \"a\"\nservers = 3\nservice = { exponential = { mean = \"1s\" } }\n\
                 publish = { queue = \"b\" }\n[consumers.two]\nqueue = \"b\"\nservers = 3\n\
                 service = { exponential = { mean = \"1s\" } }\n[run]\nmessages = 20_000\n";
    std::fs::write(&path, model).expect("written");
    let file = path.to_str().expect("utf-8");
    let wait = |c: u32| Mmc::new(2.0, 1.0, c).map_or(f64::INFINITY, |queue| queue.wait());
    let pairs = || (1..=7).flat_map(|a| (1..=7).map(move |b| (a, b)));
    let cost = |(a, b): (u32, u32)| 2.0 * f64::from(a) + 1.1 * f64::from(b);
    let meets = |(a, b): &(u32, u32)| 2.0 + wait(*a) + wait(*b) < 2.3;
    let best = pairs().filter(meets).min_by(|x, y| cost(*x).total_cmp(&cost(*y))).expect("some pair");
    let (code, result) = json(&[
        file,
        "--vary",
        "consumers.one.servers=1:7",
        "--vary",
        "consumers.two.servers=1:7",
        "--cost",
        "one*2 + two*1.1",
        "--target",
        "system.sojourn.mean < 2.3s",
    ]);
    let answer = result["sizing"]["answer"].as_u64().expect("an answer") as usize;
    let at = &result["sizing"]["candidates"][answer]["at"];
    assert_eq!(code, Some(0), "{}", result["answer"]);
    assert_eq!((at[0].as_f64(), at[1].as_f64()), (Some(best.0.into()), Some(best.1.into())));
}

#[test]
fn what_no_value_reaches_is_a_no_and_nonsense_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = mmc(folder.path(), 4.0);
    let run = |more: &[&str]| lindley(&[&["size", &file, "-q", "--messages", "5000"], more].concat());
    let no = run(&["--target", "wait.mean < 1ms", "--vary", "consumers.c.servers=5:6"]);
    assert_eq!(no.status.code(), Some(3), "{}", text(&no.stderr));
    assert!(text(&no.stderr).contains("nothing in the range"), "{}", text(&no.stderr));
    for (more, why) in [
        (&["--target", "q.wait.mean < 1s", "--vary", "consumers.c.severs=1:5"][..], "servers"),
        (&["--target", "q.wait.mean < 1s", "--vary", "consumers.c.servers=NaN:5"], "no finite number"),
        (&["--target", "q.wait.mean < 1s", "--vary", "consumers.c.servers=1:1e12"], "more than"),
        (&["--target", "q.sojourn.mean < 1ms"], "impossible"),
        (&["--target", "queue.wait.mean < 1s"], "is no queue"),
        (&["--target", "q.wait.mean < 1s", "--cost", "d*3"], "not varied"),
        (&["--target", "q.wait.mean < 1s", "--confidence", "2"], "between 0 and 1"),
        (&["--target", "q.wait.mean < 1s", "--burst", "x=2x"], "no producer `x`"),
        (&["--target", "q.wait.mean < 1s", "--n-minus-1=d"], "no consumer `d`"),
        (&["--target", "q.wait.mean < 1s", "--front"], "two parameters"),
        (&[], "say what must hold"),
    ] {
        let output = run(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(why), "{more:?}: {}", text(&output.stderr));
    }
}

/// An interval that is open above does not speak against exact theory: at 8/s and mean service 1 s p99 of the wait is 1.066 s with
/// 11 servers, 0.660 s with 12 and 0.406 s with 13 (Erlang C); what is undecided is no sign that targets are missed.
#[test]
fn theory_decides_where_an_interval_is_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = mmc(folder.path(), 8.0);
    for seed in ["1", "2", "3"] {
        let target = ["--target", "q.wait.p99 < 0.97s", "--messages", "5000", "-n", "5", "--max-replications", "10"];
        let (_, found) = json(&[&[file.as_str(), "--seed", seed], &target[..]].concat());
        assert_eq!(servers(&found), 12.0, "seed {seed}: {}", found["answer"]);
        let notes = found["notes"].to_string();
        assert!(!notes.contains("do not simply get easier"), "{notes}");
    }
}

/// Bursts of half a minute every four hours, of which runs of an hour see none: five that agree say nothing. One server and
/// two miss the target (2 to 3 % of messages wait longer than a second), three meet it; undecided is allowed, wrong is not.
#[test]
fn runs_that_missed_a_rare_burst_decide_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let text = "[producers.p]\narrivals = { mmpp = { rates = [\"5/s\", \"100/s\"], stays = [\"4h\", \"30s\"] } }\n\
        queue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservers = 2\n\
        service = { lognormal = { mean = \"25ms\", scv = 2 } }\nturnaround = \"1ms\"\n[run]\nmessages = 20000\n";
    std::fs::write(&path, text).expect("written");
    let name = path.to_str().expect("utf-8");
    for seed in ["2", "3", "5"] {
        let (_, found) = json(&[name, "--target", "prob(q.wait > 1s) < 1%", "--seed", seed]);
        let candidates = found["sizing"]["candidates"].as_array().expect("candidates");
        let met = |servers: f64| candidates.iter().find(|c| c["at"][0] == servers).map(|c| c["verdict"] == "met");
        assert!(met(1.0) != Some(true) && met(2.0) != Some(true), "seed {seed}: {candidates:?}");
        assert!(candidates.iter().any(|c| c["verdict"] == "met"), "seed {seed}");
    }
}

/// Where theory has no exact answer and no run sees a loss, paths are split on the way to it. Arrivals are nearly Poisson, so that
/// the answer is that of M/M/1/K, (1 - rho) rho^k/(1 - rho^(k + 1)) with k = max_length + 1 places, to one part in a million.
fn smallest_queue(range: std::ops::RangeInclusive<u32>, answer: u32, seed: u64) -> (bool, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let text = "[producers.p]\narrivals = { renewal = { gamma = { mean = \"2.857142857142857s\", scv = 1.0000001 } } }\n\
        queue = \"q\"\n[queues.q]\nmax_length = 19\noverflow = \"reject-publish\"\n[consumers.c]\nqueue = \"q\"\n\
        service = { exponential = { mean = \"1s\" } }\n[run]\nmessages = 2000\n";
    std::fs::write(&path, text).expect("written");
    let rho: f64 = 0.35;
    let loss = |length: u32| 0.65 * rho.powi(length as i32 + 1) / (1.0 - rho.powi(length as i32 + 2));
    let limit = (loss(answer) * loss(answer - 1)).sqrt();
    let vary = format!("queues.q.max_length={}:{}", range.start(), range.end());
    let (name, target, seed) = (path.to_str().expect("utf-8"), format!("q.prob_loss < {limit:e}"), seed.to_string());
    let (code, found) = json(&[name, "--vary", &vary, "--target", &target, "--seed", &seed]);
    let candidates = found["sizing"]["candidates"].as_array().expect("candidates");
    let verdict = |length: u32| {
        let of = |c: &&Value| c["at"][0] == f64::from(length);
        candidates.iter().find(of).map_or("none", |c| c["verdict"].as_str().expect("text"))
    };
    let wrong = candidates.iter().any(|c| c["verdict"] == "met" && c["at"][0].as_f64() < Some(f64::from(answer)));
    assert!(!wrong, "seed {seed}: {candidates:?}");
    (code == Some(0) && verdict(answer) == "met" && verdict(answer - 1) == "missed", found)
}

#[test]
fn losses_too_rare_to_see_are_decided_by_splitting() {
    let (right, found) = smallest_queue(13..=14, 14, 1);
    assert!(right, "{}", found["answer"]);
    let text = found["rows"].to_string();
    assert!(text.contains("splitting"), "{text}");
}

/// The whole question, from one place to forty: a loss of about 1e-9 at most, of eight seeds.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_a_queue_that_hardly_ever_loses() {
    let right = (1..=8).filter(|seed| smallest_queue(1..=40, 19, *seed).0).count();
    let about = "GI/M/1/K at 0.35, with arrivals so near to Poisson that the exact loss is known, of which no theory makes use: from one \
                 place to forty, a limit between the losses with 18 and with 19 places (about 1e-9), replications of 2,000 messages.";
    keep_study(
        "rare-losses",
        "Is the smallest queue found that hardly ever loses?",
        &format!("{about}\n\n{right} of 8 seeds answer 19, none less.\n"),
    );
    assert!(right >= 7, "{right} of 8");
}

/// What has no steady state with a server down is named with the servers that are then left: 120/s at 50/s each.
#[test]
fn a_system_without_steady_state_is_named_with_its_circumstance() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let text = "[producers.p]\narrivals = { poisson = \"120/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\n\
        queue = \"q\"\nservers = 3\nservice = { exponential = { mean = \"20ms\" } }\n";
    std::fs::write(&path, text).expect("written");
    let (code, found) = json(&[path.to_str().expect("utf-8"), "--target", "q.wait.mean < 1s", "--n-minus-1"]);
    let said = found["answer"]["headline"].as_str().expect("a sentence");
    assert_eq!(code, Some(0));
    let fails = "3 servers have no steady state with one server of `c` down: 2 servers are left";
    assert!(said.starts_with("4 servers") && said.ends_with(fails), "{said}");
}
