//! Pages of results made by hand.

use super::*;
use crate::experiment::judgement::Standing;
use crate::experiment::model_summary::{ModelSummary, Part as ModelPart, PartKind};
use crate::experiment::result::{Interval, Provenance};
use crate::experiment::size::{Candidate, SizeCheck, SizeParameter, Sizing};
use crate::experiment::{Answer, Point, Setting, Status};
use crate::row::{Basis, Metric, Row, Scope, Source, Statistic};

const HOSTILE: &str = r#"</script><script>alert(1)</script>"'&<img src=x onerror=alert(2)>"#;

fn simulated(scope: Scope, name: &str, metric: Metric, statistic: Statistic, value: f64) -> Row {
    let row = Row::exact(scope, name, metric, statistic, value, "t");
    Row { source: Source::Simulation, low: Some(0.9 * value), high: Some(1.1 * value), level: Some(0.95), ..row }
}

fn result() -> ResultSet {
    ResultSet {
        provenance: Provenance {
            model: "shop".into(),
            replications: 5,
            level: 0.95,
            seed: Some(1),
            ..Default::default()
        },
        rows: vec![
            simulated(Scope::System, "system", Metric::ArrivalRate, Statistic::Mean, 100.0),
            simulated(Scope::System, "system", Metric::Sojourn, Statistic::Mean, 0.05),
            simulated(Scope::System, "system", Metric::Sojourn, Statistic::Quantile(0.99), 0.25),
            simulated(Scope::Consumer, "workers", Metric::Utilization, Statistic::Mean, 0.8),
            simulated(Scope::Consumer, "others", Metric::Utilization, Statistic::Mean, 0.4),
        ],
        ..ResultSet::default()
    }
}

fn drawn(result: ResultSet) -> String {
    page(&Saved { result, curves: Default::default(), model: "[model]".into() }, None).expect("the page is written")
}

/// Asserts that a page holds some texts.
fn holds(page: &str, texts: &[&str]) {
    texts.iter().for_each(|text| assert!(page.contains(text), "{text}\n{page}"));
}

#[test]
fn a_run_is_answered_from_its_numbers() {
    let texts = [
        "A message takes 50.0 ± 5.0 ms from publication to its end on average",
        "99 of 100 take less than 250 ± 25 ms",
        "The bottleneck is consumer <code dir=\"auto\">workers</code>: its servers are busy 80.0 ± 8.0 % of the time.",
        "1.25-fold, from 100 ± 10 /s to 125.0 /s",
        "Next is consumer <code dir=\"auto\">others</code>",
        "Student's t over replications",
    ];
    holds(&drawn(result()), &texts);
}

#[test]
fn the_own_answer_of_a_command_comes_first() {
    let answer =
        Answer { question: "How many?".into(), headline: "65 servers.".into(), details: vec!["64 fail.".into()] };
    let page = drawn(ResultSet { answer: Some(answer), passed: Some(false), ..result() });
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no `{text}`"));
    assert!(place("How many?") < place("65 servers.") && place("65 servers.") < place("What breaks first</h2>"));
    assert!(page.contains("✗ not passed"));
}

#[test]
fn hostile_texts_stay_text_everywhere() {
    let hostile = || HOSTILE.to_string();
    let mut set = result();
    set.provenance.model = hostile();
    set.provenance.command = hostile();
    set.notes = vec![hostile(), format!("`{HOSTILE}`")];
    set.answer = Some(Answer { question: hostile(), headline: hostile(), details: vec![hostile()] });
    set.rows.iter_mut().for_each(|r| r.name = hostile());
    set.rows.iter_mut().for_each(|r| r.method = hostile().into());
    set.lifecycle.outcomes.insert(hostile(), Interval { value: 1.0, low: None, high: None });
    set.points = vec![Point {
        id: hostile(),
        index: 0,
        block: hostile(),
        settings: vec![Setting { path: hostile(), value: HOSTILE.into() }],
        status: Status::Failed,
        message: Some(hostile()),
    }];
    let part = ModelPart { kind: PartKind::Queue, name: hostile(), detail: hostile() };
    set.model_summary =
        Some(ModelSummary { parts: vec![part], assumptions: vec![hostile()], ..ModelSummary::default() });
    let saved = Saved { result: set, curves: Default::default(), model: hostile() };
    let page = page(&saved, Some(HOSTILE)).expect("the page is written");
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
}

#[test]
fn targets_say_how_sure_they_are() {
    let target = |text: &str| format!("system.sojourn.mean {text}").parse().expect("it is a demand");
    let targets = ["<= 100ms", "<= 51ms", "<= 49ms", ">= 100ms"].map(target).to_vec();
    let page = drawn(ResultSet { targets, ..result() });
    holds(&page, &["✓ met<", "? undecided<", "✗ missed<"]);
    holds(&page, &["1 of 4 targets missed, 2 undecided."]);
}

#[test]
fn strict_targets_and_probabilities_are_told_as_such() {
    let page = |target: &str| {
        let targets = vec![target.parse().expect("it is a demand")];
        drawn(ResultSet { targets, ..result() })
    };
    let strict = page("system.sojourn.mean < 50ms");
    // The interval holds the limit, so that neither is told.
    assert!(strict.contains("&lt; 50.00 ms") && strict.contains("? undecided"), "{strict}");
    assert!(page("system.sojourn.mean <= 50ms").contains("? undecided"));
    let share = page("system.prob(sojourn > 50ms) <= 1%");
    assert!(share.contains("≤ 50.00 ms"));
    assert!(share.contains("system.sojourn.p99 (asked as system.prob(sojourn &gt; 50ms) &lt;= 0.01)"), "{share}");
}

fn sizing() -> Sizing {
    let candidate = |servers: f64, value: f64, verdict| Candidate {
        point: format!("p{servers}"),
        settings: Vec::new(),
        at: vec![servers],
        cost: None,
        checks: vec![SizeCheck {
            scenario: 0,
            target: 0,
            value: Some(value),
            low: Some(0.9 * value),
            high: Some(1.1 * value),
            theory: None,
            source: Source::Simulation,
            method: Basis::Mean { replications: 5 },
            refusal: None,
            verdict,
            by_theory: false,
        }],
        verdict,
        replications: 5,
        unstable: false,
        unstable_under: None,
        servers_left: None,
        message: None,
    };
    Sizing {
        targets: vec!["orders.wait.p99 < 20ms".parse().expect("it is a demand")],
        parameters: vec![SizeParameter { path: "c".into(), name: "servers".into(), suffix: String::new() }],
        scenarios: vec!["as it is".into()],
        level: 0.95,
        candidates: vec![candidate(4.0, 0.05, Standing::Missed), candidate(5.0, 0.01, Standing::Met)],
        answer: Some(1),
        ..Sizing::default()
    }
}

#[test]
fn a_sizing_shows_its_candidates() {
    assert!(!drawn(result()).contains("What was tried"));
    let page = drawn(ResultSet { sizing: Some(sizing()), ..result() });
    let texts = ["What was tried", "✗ missed", "✓ met", "50.0 ± 5.0 ms", "10.0 ± 1.0 ms", "at 95 % confidence", "→"];
    holds(&page, &texts);
    assert!(!page.contains("Every candidate"), "a fold that would show the same is left out");
}

#[test]
fn a_thousand_points_are_a_small_page() {
    let mut set = result();
    let own = std::mem::take(&mut set.rows);
    for index in 0..1000 {
        let id = format!("p{index}");
        set.points.push(Point {
            id: id.clone(),
            index,
            block: "grid".into(),
            settings: vec![Setting { path: "consumers.workers.servers".into(), value: index.into() }],
            status: if index < 10 { Status::Unstable } else { Status::Ok },
            message: None,
        });
        for _ in 0..12 {
            set.rows.extend(own.iter().map(|r| Row { point: Some(id.clone()), ..r.clone() }));
        }
    }
    let page = drawn(set);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    assert!(page.contains("10 of 1000 settings have no steady state"));
    assert!(page.contains(">system.sojourn.p99</button>"));
}

#[test]
fn names_between_backticks_are_code() {
    assert_eq!(sentence("queue `a<b` is full").into_string(), "queue <code dir=\"auto\">a&lt;b</code> is full");
    assert_eq!(sentence("a ` alone").into_string(), "a ` alone");
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let page = drawn(result());
    assert!(page.contains("default-src 'none'"));
    for way in ["src=\"", "href=\"http", "url(http", "@import", "fetch("] {
        assert!(!page.contains(way), "{way}");
    }
}
