//! Whatever goes wrong, every message, request, server and timer is accounted for.

use super::Heard;
use crate::support::model;
use lindley::rng::Streams;
use lindley::sim::probe::{ClientEvent, Silent};
use lindley::sim::{Engine, Network, RunPlan, Stop};
use proptest::prelude::*;

prop_compose! {
    fn a_disruption()(
        at in 0.0f64..50.0, lasts in 0.01f64..30.0, pool in 0usize..3, kind in 0u8..5, servers in 1u32..4, all in any::<bool>(),
        factor in 0.1f64..4.0
    ) -> String {
        let consumer = ["ca", "cb", "cc"][pool];
        let servers = if all || pool == 2 { "\"all\"".to_string() } else { servers.to_string() };
        let effect = match kind {
            0 => format!("consumer = \"{consumer}\"\nservers_down = {servers}"),
            1 | 2 => format!("consumer = \"{consumer}\"\nservers_down = {servers}\nrequeue = true"),
            3 => format!("consumer = \"{consumer}\"\nslowdown = {factor}"),
            _ => format!("producer = \"p\"\nextra = {}", factor * 40.0),
        };
        format!("at = {at}\nfor = {lasts}\n{effect}\n")
    }
}

/// Three pools, two of them on one queue and one without limit, with everything that a queue and a consumer can have.
fn busy_system(disruptions: &[String], closed: bool, client: &str) -> String {
    let arrivals = if closed {
        "{ closed = { population = 9, think = { exponential = { mean = \"50ms\" } } } }"
    } else {
        "{ poisson = 60 }"
    };
    let named: String = disruptions.iter().enumerate().map(|(i, d)| format!("[disruptions.d{i}]\n{d}")).collect();
    format!(
        "[producers.p]\narrivals = {arrivals}\nqueue = \"a\"\n{client}\
         [queues.a]\nmessage_ttl = \"300ms\"\ndead_letter = \"b\"\npriority_levels = 2\n[queues.b]\nmax_length = 20\n\
         [consumers.ca]\nqueue = \"a\"\nservers = 3\nservice = {{ exponential = {{ mean = \"40ms\" }} }}\n\
         failure = {{ probability = 0.2 }}\nretry = {{ max_attempts = 3, backoff = {{ fixed = {{ delay = \"50ms\" }} }} }}\n\
         turnaround = \"2ms\"\nlatency = \"5ms\"\npublish = {{ queue = \"b\", probability = 0.5 }}\n\
         [consumers.cb]\nqueue = \"a\"\nservers = 3\nack = \"auto\"\nservice = \"30ms\"\n\
         [consumers.cc]\nqueue = \"b\"\nservers = \"unlimited\"\nack_loss = {{ probability = 0.1 }}\nservice = \"100ms\"\n\
         {named}[run]\nhorizon = \"60s\"\n"
    )
}

prop_compose! {
    fn a_client()(there in any::<bool>(), timeout in 0.01f64..2.0, attempts in 1u8..5, backoff in any::<bool>()) -> String {
        let backoff = if backoff { "{ fixed = { delay = \"50ms\", jitter = \"full\" } }" } else { "\"none\"" };
        if !there { return String::new(); }
        format!("timeout = {timeout}\nretry = {{ max_attempts = {attempts}, backoff = {backoff} }}\n")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn every_message_is_accounted_for_whatever_goes_wrong(
        disruptions in prop::collection::vec(a_disruption(), 0..6), closed in any::<bool>(), client in a_client(), seed in any::<u64>()
    ) {
        let model = model(&busy_system(&disruptions, closed, &client));
        let network = Network::compile(&model);
        let plan = RunPlan { stop: Stop::Horizon(60.0), tick: 1.0 };
        let mut heard = Heard::default();
        let done = Engine::new(&network, &Streams::new(seed, 0), &mut heard).run(&plan);
        prop_assert_eq!(done.created, done.ended.iter().sum::<u64>() + done.in_flight);
        prop_assert_eq!(done, Engine::new(&network, &Streams::new(seed, 0), &mut Silent).run(&plan));
        if client.is_empty() {
            prop_assert!(heard.clients.is_empty() && heard.in_vain.is_empty());
            return Ok(());
        }
        // Every publication is the first of a request or a retry; every acknowledgement an answer or in vain.
        let requests = heard.count(|e| *e == ClientEvent::Requested);
        let retries = heard.count(|e| *e == ClientEvent::Retried);
        let answered = heard.count(|e| matches!(e, ClientEvent::Answered { .. }));
        let given_up = heard.count(|e| matches!(e, ClientEvent::GaveUp { .. }));
        prop_assert_eq!(heard.published.len(), requests + retries);
        prop_assert_eq!(heard.acked, answered + heard.in_vain.len());
        prop_assert!(answered + given_up <= requests);
    }

    /// When all disruptions are over and nothing arrives any more, the system empties and every request is over:
    /// no server and no timer is lost.
    #[test]
    fn all_servers_come_back(disruptions in prop::collection::vec(a_disruption(), 1..6), client in a_client(), seed in any::<u64>()) {
        let text = busy_system(&disruptions, false, &client)
            .replace("{ poisson = 60 }", "{ schedule = { pieces = [{ for = 60, rate = 60 }] } }")
            .replace("horizon = \"60s\"", "drained = true");
        let network = Network::compile(&model(&text));
        let mut heard = Heard::default();
        let done = Engine::new(&network, &Streams::new(seed, 0), &mut heard).run(&RunPlan { stop: Stop::Drained, tick: 1.0 });
        prop_assert_eq!(done.in_flight, 0);
        let over = heard.count(|e| matches!(e, ClientEvent::Answered { .. } | ClientEvent::GaveUp { .. }));
        prop_assert_eq!(heard.count(|e| *e == ClientEvent::Requested), over);
    }
}
