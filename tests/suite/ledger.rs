//! Conservation on random models: every message is accounted for, exactly, whatever the
//! combination of limits, failures, retries, dead letters, fan-out and onward publication.

use lindley::model::State;
use lindley::rng::Streams;
use lindley::sim::probe::Silent;
use lindley::sim::{Engine, Network, RunPlan, Stop};
use proptest::prelude::*;

/// A queue of a random model, as text.
fn queue(name: &str, levels: u8, max_length: Option<u8>, overflow: u8, ttl: bool, dead_letter: Option<&str>) -> String {
    let mut text = format!("[queues.{name}]\npriority_levels = {}\n", levels.max(1));
    if let Some(n) = max_length {
        let overflow = ["drop-head", "reject-publish", "reject-publish-dlx"][usize::from(overflow) % 3];
        text += &format!("max_length = {n}\noverflow = \"{overflow}\"\n");
    }
    if ttl {
        text += "message_ttl = \"300ms\"\n";
    }
    if let Some(to) = dead_letter {
        text += &format!("dead_letter = \"{to}\"\n");
    }
    text
}

prop_compose! {
    fn a_queue(name: &'static str, dead_letter: Option<&'static str>)(
        levels in 1u8..4, max_length in prop::option::of(0u8..8), overflow in 0u8..3, ttl in any::<bool>(), dead in any::<bool>()
    ) -> String {
        queue(name, levels, max_length, overflow, ttl, dead_letter.filter(|_| dead))
    }
}

prop_compose! {
    fn a_consumer(name: &'static str, of: &'static str, onward: Option<&'static str>)(
        servers in 1u8..4, auto in any::<bool>(), failure in 0.0f64..0.9, ack_loss in 0.0f64..0.5, dedup in any::<bool>(),
        attempts in 1u8..4, backoff in 0u8..3, tail in any::<bool>(), turnaround in any::<bool>(), publish in any::<bool>()
    ) -> String {
        let backoff = ["\"none\"", "{ fixed = { delay = \"50ms\" } }",
            "{ exponential = { base = \"10ms\", factor = 2, cap = \"1s\", jitter = \"full\" } }"][usize::from(backoff)];
        let mut text = format!(
            "[consumers.{name}]\nqueue = \"{of}\"\nservers = {servers}\nack = \"{}\"\nservice = {{ exponential = {{ mean = \"40ms\" }} }}\n\
             failure = {{ probability = {failure} }}\nack_loss = {{ probability = {ack_loss} }}\ndeduplicate = {dedup}\n\
             retry = {{ max_attempts = {attempts}, backoff = {backoff}, requeue = \"{}\" }}\n",
            if auto { "auto" } else { "manual" }, if tail { "tail" } else { "head" });
        if turnaround { text += "turnaround = \"2ms\"\nlatency = \"1ms\"\n"; }
        if let Some(to) = onward.filter(|_| publish) { text += &format!("publish = {{ queue = \"{to}\", probability = 0.7 }}\n"); }
        text
    }
}

prop_compose! {
    fn a_model()(
        a in a_queue("a", Some("b")), b in a_queue("b", Some("dead")), dead in a_queue("dead", Some("a")),
        ca in a_consumer("ca", "a", Some("b")), cb in a_consumer("cb", "b", None), second in prop::option::of(a_consumer("cc", "a", None)),
        closed in any::<bool>(), fanout in any::<bool>()
    ) -> String {
        let arrivals = if closed { "{ closed = { population = 7, think = { exponential = { mean = \"50ms\" } } } }" } else { "{ poisson = \"60/s\" }" };
        let kind = if fanout { "fanout" } else { "topic" };
        let keys = if fanout { ["", ""] } else { ["key = \"x.#\", ", "key = \"*.y\", "] };
        format!(
            "[producers.p]\narrivals = {arrivals}\nexchange = \"e\"\nrouting_key = {{ choice = {{ \"x.y\" = 0.4, \"x.z\" = 0.4, \"none\" = 0.2 }} }}\n\
             [exchanges.e]\nkind = \"{kind}\"\nbindings = [ {{ {}queue = \"a\" }}, {{ {}queue = \"b\" }} ]\n{a}{b}{dead}{ca}{cb}{}\n\
             [run]\nhorizon = \"60s\"\nwarmup = \"none\"\n",
            keys[0], keys[1], second.unwrap_or_default())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn every_message_is_accounted_for(text in a_model(), seed in any::<u64>()) {
        let parsed = lindley::model::parse("random.toml", &text, &|f: &str| Err(f.to_string().into()));
        let (model, _) = parsed.map_err(|found| TestCaseError::fail(lindley::diag::render(&found, "random.toml", &text, false)))?;
        let network = Network::compile(&model);
        let plan = RunPlan { stop: Stop::Horizon(60.0), tick: 1.0 };
        let done = Engine::new(&network, &Streams::new(seed, 0), &mut Silent).run(&plan);
        let ended: u64 = done.ended.iter().sum();
        prop_assert_eq!(done.created, ended + done.in_flight);
        prop_assert!(done.publications > 0);
        for state in State::ALL.into_iter().filter(|s| !s.is_final()) {
            prop_assert_eq!(done.ended[state as usize], 0, "{} is not an end", state);
        }
    }

    /// No false alarm, whatever the features; the self-check has its power twin beside it in `experiment/self_check.rs`.
    #[test]
    fn no_run_finds_a_defect_in_itself(text in a_model(), seed in any::<u64>()) {
        let parsed = lindley::model::parse("random.toml", &text, &|f: &str| Err(f.to_string().into()));
        let (mut model, _) = parsed.map_err(|found| TestCaseError::fail(lindley::diag::render(&found, "random.toml", &text, false)))?;
        (model.run.seed, model.run.replications) = (seed, 2);
        let study = crate::support::study_with_jobs(&model, 1);
        let found: Vec<&String> = study.result.notes.iter().filter(|note| note.contains("defect of lindley")).collect();
        prop_assert!(found.is_empty(), "{:?}\n{}", found, text);
    }
}
