//! What a valid model file means: values, defaults, schema and robustness. What is said of a broken one is in `tests/ui`.

mod families;
mod robustness;
mod schema;
mod stability;

use lindley::diag::Diagnostic;
use lindley::model::{
    Arrivals, Backoff, Destination, Jitter, Model, Requeue, RunLength, Servers, ServiceTime, Tolerance, Warmup, parse,
};

const SHOP: &str = r##"
[model]
name = "ticket orders"

[producers.web]
arrivals = { poisson = "120/s" }
exchange = "sales"
routing_key = { choice = { "order.paid" = 0.8, "order.refund" = "20%" } }

[producers.night]
arrivals = { schedule = { pieces = [{ for = "20s", rate = "20/s" }, { for = "10s", rate = 5 }], repeat = true } }
exchange = "sales"
messages = [{ class = "bulk", weight = 3, routing_key = "order.bulk" }, { class = "vip", priority = 2, routing_key = "order.vip" }]

[exchanges.sales]
kind = "topic"
bindings = [{ key = "order.#", queue = "orders" }]

[queues.orders]
priority_levels = 3
max_length = 10_000
overflow = "reject-publish"
message_ttl = "30s"
dead_letter = "parking"

[queues.parking]

[queues.shipping]

[consumers.workers]
queue = "orders"
servers = 8
prefetch = 1
ack = "manual"
service = { by_class = { vip = "10ms" }, default = { lognormal = { mean = "40ms", scv = 2.25 } } }
failure = { probability = 0.02 }
ack_loss = { probability = "0.1%" }
deduplicate = true
retry = { max_attempts = 5, backoff = { exponential = { base = "200ms", factor = 2, cap = "10s", jitter = "full" } } }
publish = { queue = "shipping", probability = 0.5 }
turnaround = "1ms"
latency = "2 ms"

[consumers.carriers]
queue = "shipping"
servers = "unlimited"
service = { uniform = { low = "1h", high = "2h" } }

[run]
horizon = "10min"
replications = 20
max_replications = 100
precision = "2%"
warmup = "1min"
seed = 7
level = 0.99
quantiles = [0.99, 0.5]

[targets]
"orders.sojourn.p99" = "500ms"
"orders.throughput.mean" = "100/s"
"system.outcome.acked.fraction" = "99%"

[expect]
"orders.wait.mean" = { value = "40ms", within = "3%" }
"workers.utilization.mean" = { value = 0.5, within = { absolute = 0.01 } }
"orders.queue_length.mean" = { value = 3 }
"##;

fn no_files(name: &str) -> Result<Vec<u8>, lindley::units::TextError> {
    Err(format!("no file {name}").into())
}

fn files(name: &str) -> Result<Vec<u8>, lindley::units::TextError> {
    match name {
        "t.csv" => Ok(b"\xef\xbb\xbf# recorded\narrived,took\n5,10\n5,20\n8,30\n".to_vec()),
        "t.csv.gz" => {
            let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut zip, b"5\n5\n8\n").map_err(|e| e.to_string())?;
            zip.finish().map_err(|e| e.to_string().into())
        }
        "h.csv" => Ok(b"edge,count\n0,1\n10,3\n20,\n".to_vec()),
        _ => no_files(name),
    }
}

fn read(text: &str) -> Model {
    parse("models/some.toml", text, &files).unwrap_or_else(|found| panic!("{found:#?}")).0
}

fn codes(text: &str) -> Vec<&'static str> {
    let codes = |found: Vec<Diagnostic>| found.iter().map(|d| d.code).collect();
    parse("some.toml", text, &files).map_or_else(codes, |(_, warnings)| codes(warnings))
}

/// A queue with one producer and one consumer.
fn station(arrivals: &str, service: &str, rest: &str) -> String {
    format!(
        "[producers.web]\narrivals = {arrivals}\nqueue = \"orders\"\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservice = {service}\n{rest}\n"
    )
}

/// The same, not stable and not asked for a steady state.
fn transient(arrivals: &str, service: &str) -> Model {
    read(&station(arrivals, service, "[run]\nhorizon = \"1min\"\nwarmup = \"none\""))
}

#[test]
fn routes_and_classes_are_those_of_the_file() {
    let model = read(SHOP);
    assert_eq!(model.name, "ticket orders");
    assert_eq!(model.classes, ["order.paid", "order.refund", "bulk", "vip"]);
    let names: Vec<&str> = model.queues.iter().map(|q| q.name.as_str()).collect();
    assert_eq!(names, ["orders", "parking", "shipping"]);
    let weights: Vec<f64> = model.producers.iter().flat_map(|p| &p.kinds).map(|kind| kind.weight).collect();
    assert_eq!(weights, [0.8, 0.2, 0.75, 0.25]);
    let vip = &model.producers[1].kinds[1];
    assert_eq!((vip.priority, model.route(model.producers[1].to, vip).len()), (Some(2), 1));
    assert_eq!(model.producers[0].kinds[0].priority, Some(0));
    assert_eq!(model.producers[1].arrivals.rate(), Some(15.0));
}

#[test]
fn consumers_are_those_of_the_file() {
    let model = read(SHOP);
    let workers = &model.consumers[0];
    assert_eq!(workers.servers, Servers::Count(8));
    assert_eq!((workers.failure, workers.ack_loss, workers.deduplicate), (0.02, 0.001, true));
    assert_eq!((workers.latency, workers.turnaround.as_ref().map(|d| d.mean())), (0.002, Some(0.001)));
    assert_eq!(workers.retry.max_attempts, Some(5));
    let backoff = Backoff::Exponential { base: 0.2, factor: 2.0, cap: 10.0, jitter: Jitter::Full };
    assert_eq!(workers.retry.backoff, backoff);
    assert!(matches!(&workers.service.by_class[..], [(class, _)] if class.0 == 3));
    let onward = workers.publish.as_ref().unwrap();
    assert!(matches!(onward.to, Destination::Queue(queue) if queue.0 == 2));
    assert_eq!((onward.kinds[0].class, onward.kinds[0].priority, onward.probability), (None, None, 0.5));
    assert_eq!(model.consumers[1].servers, Servers::Unlimited);
}

#[test]
fn run_targets_and_expectations_are_those_of_the_file() {
    let model = read(SHOP);
    assert_eq!((model.run.length, model.run.warmup), (RunLength::Horizon(600.0), Warmup::Time(60.0)));
    assert_eq!((model.run.replications, model.run.max_replications, model.run.seed), (20, 100, 7));
    assert_eq!((model.run.precision, model.run.level), (Some(lindley::model::Precision::Means(0.02)), 0.99));
    assert_eq!(model.run.quantiles, [0.5, 0.99]);
    let targets: Vec<String> = model.targets.iter().map(ToString::to_string).collect();
    let written =
        ["orders.sojourn.p99 <= 500ms", "orders.throughput.mean >= 100/s", "system.outcome.acked.fraction >= 0.99"];
    assert_eq!(targets, written);
    let tolerances: Vec<Tolerance> = model.expectations.iter().map(|e| e.tolerance).collect();
    assert_eq!(tolerances, [Tolerance::Relative(0.03), Tolerance::Absolute(0.01), Tolerance::HalfWidths(3.0)]);
}

#[test]
fn what_is_not_said_has_its_default() {
    let model = read(&station("{ poisson = 20 }", "{ exponential = { rate = \"25/s\" } }", ""));
    assert_eq!((model.name.as_str(), model.classes.join(",").as_str()), ("some", "message"));
    let workers = &model.consumers[0];
    assert_eq!((workers.servers, workers.retry.max_attempts), (Servers::Count(1), Some(1)));
    assert_eq!(workers.retry.requeue, Requeue::Head);
    assert_eq!(model.run, lindley::model::RunSettings::default());
}

#[test]
fn the_hash_is_that_of_the_text() {
    let text = station("{ poisson = 20 }", "\"1ms\"", "");
    assert_eq!(read(&text).hash.len(), 64);
    assert_eq!(read(&text).hash, read(&text).hash);
    assert_ne!(read(&text).hash, read(&format!("{text} ")).hash);
}

#[test]
fn finite_sources_run_until_they_are_drained_and_certainty_runs_once() {
    let trace = r#"{ trace = { file = "t.csv", column = "arrived", unit = "ms" } }"#;
    let certain = read(&station(trace, "\"1ms\"", ""));
    assert_eq!((certain.run.length, certain.run.warmup), (RunLength::Drained, Warmup::None));
    assert_eq!(certain.run.replications, 1);
    let random = read(&station(trace, "{ exponential = { mean = 1 } }", ""));
    assert_eq!((random.run.length, random.run.replications), (RunLength::Drained, 10));
    let periodic = read(&station("{ renewal = 1 }", "1", ""));
    assert_eq!((periodic.run.replications, periodic.run.length), (1, RunLength::Needed));
}

#[test]
fn data_files_give_instants_times_and_histograms() {
    let trace = |text: &str| match transient(text, "\"1ms\"").producers.remove(0).arrivals {
        Arrivals::Trace { times } => times.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(trace(r#"{ trace = { file = "t.csv", column = "arrived", unit = "s" } }"#), [5.0, 5.0, 8.0]);
    assert_eq!(trace(r#"{ trace = { file = "t.csv", column = 1, origin = "first" } }"#), [0.0, 0.0, 3.0]);
    assert_eq!(trace(r#"{ trace = { file = "t.csv.gz", unit = "ms" } }"#), [0.005, 0.005, 0.008]);
    let arrivals = r#"{ trace = { file = "t.csv", column = "arrived" } }"#;
    let recorded = transient(arrivals, r#"{ trace = { file = "t.csv", column = "took", unit = "ms" } }"#);
    assert!(matches!(&recorded.consumers[0].service.default, ServiceTime::Recorded(t) if **t == [0.01, 0.02, 0.03]));
    // Bins [0, 10) and [10, 20) ms with 1 and 3: mean (5 + 3 * 15) / 4 = 12.5 ms.
    let columns = r#"edge_column = "edge", count_column = "count""#;
    let law = format!(r#"{{ histogram = {{ file = "h.csv", {columns}, unit = "ms" }} }}"#);
    let ServiceTime::Drawn(law) = transient(arrivals, &law).consumers.remove(0).service.default else { panic!() };
    assert!((law.mean() - 0.0125).abs() < 1e-15);
}

#[test]
fn absence_is_not_judged_while_something_is_unreadable() {
    // The consumer cannot be read: that the queue has none must not be said.
    let text = station("{ poisson = 20 }", "{ exponentail = { mean = 1 } }", "");
    assert_eq!(codes(&text), ["unknown-key"]);
}

#[test]
fn the_model_of_the_documentation_is_valid() {
    let page = include_str!("../../../docs/model-file.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (model, warnings) = parse("page.toml", example, &no_files).unwrap();
    assert_eq!((model.queues.len(), model.targets.len(), model.expectations.len()), (3, 1, 1));
    assert_eq!(warnings, []);
}
