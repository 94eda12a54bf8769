//! The JSON Schema against the parser: same keys, same verdicts.

use super::super::{
    arrivals, consumers, disruptions, dist, draft, parse, publish, queues, run, schema, study, targets,
};
use super::{SHOP, no_files, station};
use serde_json::Value;
use std::collections::BTreeSet;

fn schema_accepts(text: &str) -> Result<(), String> {
    let instance: Value = toml::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema::schema()).unwrap();
    let found = validator.iter_errors(&instance).next();
    found.map_or(Ok(()), |error| Err(error.to_string()))
}

#[test]
fn the_schema_accepts_what_the_parser_accepts() {
    assert_eq!(schema_accepts(SHOP), Ok(()));
    let more = [
        station("{ closed = { population = 3, think = 1 } }", "{ mixture = [{ weight = 1, of = \"1s\" }] }", ""),
        station(
            "{ batch = { arrivals = { poisson = 1 }, size = 3 } }",
            "1",
            "retry = { max_attempts = \"unlimited\", backoff = \"none\" }",
        ),
        station("{ mmpp = { rates = [1, 2], stays = [1, 2] } }", "{ pareto = { minimum = 1, alpha = 3 } }", ""),
    ];
    for text in more {
        assert_eq!(schema_accepts(&text), Ok(()), "{text}");
    }
}

#[test]
fn the_schema_refuses_what_the_parser_refuses() {
    let broken = [
        SHOP.replace("servers = 8", "servers = 0"),
        SHOP.replace("servers = 8", "server = 8"),
        SHOP.replace("kind = \"topic\"", "kind = \"topik\""),
        SHOP.replace("arrivals = { poisson = \"120/s\" }", "arrivals = { poison = \"120/s\" }"),
        SHOP.replace("lognormal = { mean = \"40ms\", scv = 2.25 }", "lognormal = { mean = \"40ms\" }"),
    ];
    for text in broken {
        assert!(parse("m.toml", &text, &no_files).is_err());
        assert!(schema_accepts(&text).is_err(), "{text}");
    }
}

/// One list of keys: that of the parser; the schema must have the same.
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
