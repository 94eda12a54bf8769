//! Where `docs/schema/model.json` comes from: mirror structs that are never filled, only described. The keys
//! that the parser knows are held against the document beside the parser.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

/// Declares parts of the schema under the names that they have there. A `table` has no keys but its own, a `choice`
/// exactly one of them; `either` is a value of several shapes, `forms` a table of several, `words` are texts.
macro_rules! described {
    ($($(#[$about:meta])* $kind:ident $name:ident = $title:tt $body:tt)+) => {
        $(described!(@$kind [$(#[$about])*] $name $title $body);)+
    };
    (@table $about:tt $name:ident $title:tt $body:tt) => {
        described!(@item $about [rename = $title, deny_unknown_fields] [struct $name $body]);
    };
    (@choice $about:tt $name:ident $title:tt $body:tt) => {
        described!(@item $about [rename = $title, rename_all = "snake_case"] [enum $name $body]);
    };
    (@either $about:tt $name:ident $title:tt $body:tt) => {
        described!(@item $about [rename = $title, untagged] [enum $name $body]);
    };
    (@forms $about:tt $name:ident $title:tt $body:tt) => {
        described!(@item $about [rename = $title, untagged, deny_unknown_fields] [enum $name $body]);
    };
    (@words $about:tt $name:ident $title:tt $body:tt) => {
        described!(@item $about [rename = $title, rename_all = "lowercase"] [enum $name $body]);
    };
    (@item [$($about:tt)*] [$($attributes:tt)*] [$($item:tt)*]) => {
        $($about)*
        #[derive(schemars::JsonSchema)]
        #[schemars($($attributes)*)]
        pub(super) $($item)*
    };
}

mod arrivals;
mod broker;
mod consumer;
mod disruption;
mod drain;
mod law;
mod publish;
mod retry;
mod run;
mod size;
mod sweep;

use broker::{ExchangeSchema, QueueSchema};
use consumer::ConsumerSchema;
use disruption::DisruptionSchema;
use drain::DrainSchema;
use publish::ProducerSchema;
use run::{AmountSchema, ExpectationSchema, RunSchema};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use size::SizeSchema;
use std::collections::BTreeMap;
use sweep::SweepBlockSchema;

/// The JSON Schema (draft-07) of a model file.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<ModelFileSchema>().to_value()
}

/// A message system: who publishes, how messages are routed and queued, who consumes.
#[derive(JsonSchema)]
#[schemars(title = "Model file", deny_unknown_fields)]
pub(super) struct ModelFileSchema {
    model: Option<HeaderSchema>,
    /// Sources of messages, by name.
    producers: BTreeMap<String, ProducerSchema>,
    /// Routers, by name.
    exchanges: Option<BTreeMap<String, ExchangeSchema>>,
    /// Buffers, by name.
    queues: BTreeMap<String, QueueSchema>,
    /// Pools of servers, by name.
    consumers: Option<BTreeMap<String, ConsumerSchema>>,
    /// What goes wrong, or well, for a while, by name.
    disruptions: Option<BTreeMap<String, DisruptionSchema>>,
    run: Option<RunSchema>,
    /// What the system should achieve: `"entity.metric.statistic" = limit`. Throughput, goodput, reliability and
    /// `outcome.acked` must be at least the limit, everything else at most.
    targets: Option<BTreeMap<String, AmountSchema>>,
    /// Values that a run must reproduce: `"entity.metric.statistic" = { value = ... }`.
    expect: Option<BTreeMap<String, ExpectationSchema>>,
    study: Option<StudySchema>,
    /// Blocks of points at which the model is run.
    sweep: Option<Vec<SweepBlockSchema>>,
    /// What is to be as small as possible.
    size: Option<SizeSchema>,
    /// What is to be recovered from.
    drain: Option<DrainSchema>,
}

/// A study of a model in another file.
#[derive(JsonSchema)]
#[schemars(rename = "Study", deny_unknown_fields)]
struct StudySchema {
    /// File of the model, relative to this one; what stands here is said over it.
    model: Option<String>,
}

/// About the model itself.
#[derive(JsonSchema)]
#[schemars(rename = "Header", deny_unknown_fields)]
struct HeaderSchema {
    /// Name for titles; by default the name of the file.
    name: Option<String>,
}
