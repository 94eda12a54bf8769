//! The JSON Schema against the parser: same verdicts.

use super::{SHOP, no_files, station};
use lindley::model::parse;
use serde_json::Value;
use std::collections::BTreeSet;

/// The schema as the program prints it.
pub fn schema() -> Value {
    let printed = crate::support::program().args(["schema", "model"]).output().expect("starts");
    serde_json::from_slice(&printed.stdout).expect("a schema is JSON")
}

/// The names of the variants of a definition.
pub fn variants(schema: &Value, definition: &str) -> BTreeSet<String> {
    let variants = schema["definitions"][definition]["oneOf"].as_array().expect("it has variants").iter();
    variants.map(|v| v["required"][0].as_str().expect("a name").to_string()).collect()
}

fn schema_accepts(text: &str) -> Result<(), String> {
    let instance: Value = toml::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
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
