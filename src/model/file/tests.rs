//! The JSON Schema against the parser: one list of keys, that of the parser; the schema must have the same.

use super::{arrivals, consumers, disruptions, dist, draft, publish, queues, run, schema, study, targets};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn schema_and_parser_know_the_same_keys() {
    let schema = schema::schema();
    let definitions = &schema["definitions"];
    let keys = |at: &Value| at["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let same = |at: &Value, known: &[&str]| assert_eq!(keys(at), known.iter().map(|k| k.to_string()).collect(), "{at}");
    same(&schema, draft::TOP);
    same(&definitions["Producer"], consumers::PRODUCER);
    same(&definitions["ClientRetry"], consumers::CLIENT_RETRY);
    same(&definitions["Consumer"], consumers::CONSUMER);
    same(&definitions["Publish"], consumers::PUBLISH);
    same(&definitions["Message"], publish::MESSAGE);
    same(&definitions["Queue"], queues::QUEUE);
    same(&definitions["Exchange"], queues::EXCHANGE);
    same(&definitions["Binding"], queues::BINDING);
    same(&definitions["Disruption"], disruptions::DISRUPTION);
    same(&definitions["Run"], run::RUN);
    same(&definitions["Drain"], study::drain::DRAIN);
    same(&definitions["Size"], study::size::SIZE);
    same(&definitions["Expectation"], targets::EXPECTATION);
    same(&definitions["SweepBlock"], study::sweep::BLOCK);
    same(&definitions["Sample"], study::sweep::SAMPLE);
    let variants = |name: &str| {
        let variants = definitions[name]["oneOf"].as_array().unwrap().iter();
        variants.map(|v| v["required"][0].as_str().unwrap().to_string()).collect::<BTreeSet<_>>()
    };
    let names = |known: &[&str]| known.iter().map(|k| k.to_string()).collect::<BTreeSet<_>>();
    assert_eq!(variants("Spacing"), names(study::axis::FORMS));
    assert_eq!(variants("Draw"), names(study::axis::LAWS));
    assert_eq!(variants("Law"), names(&dist::FAMILIES));
    assert_eq!(variants("CountLaw"), names(dist::COUNTS));
    assert_eq!(variants("Arrivals"), names(arrivals::PROCESSES));
}
