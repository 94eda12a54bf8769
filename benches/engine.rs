//! What the engine costs: messages per second on one core with every statistic on, the bare
//! engine without an observer, the event list alone. `cargo bench --bench engine`.
//!
//! Each benchmark first asserts that its answer is right. Compare figures of one sitting only.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lindley::experiment::{self, EngineChoice, Options};
use lindley::model::{self, Model};
use lindley::rng::Streams;
use lindley::sim::event_list::{EventKind, EventList};
use lindley::sim::probe::Silent;
use lindley::sim::{Engine, Network, RunPlan, Stop};
use rand::RngExt;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

const MESSAGES: u64 = 1_000_000;

fn parse(text: &str) -> Model {
    let parsed = model::parse("bench.toml", text, &|name| Err(format!("no file {name}").into()));
    parsed
        .map(|(model, _)| model)
        .unwrap_or_else(|found| panic!("{}", lindley::diag::render(&found, "bench.toml", text, false)))
}

/// M/M/1 at rho = 0.9.
fn single() -> Model {
    parse(&format!(
        "[producers.web]\narrivals = {{ poisson = \"0.9/s\" }}\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservice = {{ exponential = {{ mean = \"1s\" }} }}\n[run]\nmessages = {MESSAGES}\nreplications = 1\n"
    ))
}

/// M/M/10 at rho = 0.9.
fn ten_servers() -> Model {
    parse(&format!(
        "[producers.web]\narrivals = {{ poisson = \"9/s\" }}\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservers = 10\nservice = {{ exponential = {{ mean = \"1s\" }} }}\n[run]\nmessages = {MESSAGES}\n\
         replications = 1\n"
    ))
}

/// A chain of ten M/M/1 at rho = 0.8.
fn chain() -> Model {
    let mut text = "[producers.web]\narrivals = { poisson = \"0.8/s\" }\nqueue = \"q0\"\n".to_string();
    for i in 0..10 {
        let publish = if i < 9 { format!("publish = {{ queue = \"q{}\" }}\n", i + 1) } else { String::new() };
        text += &format!(
            "[queues.q{i}]\n[consumers.c{i}]\nqueue = \"q{i}\"\nservice = {{ exponential = {{ mean = \"1s\" }} }}\n{publish}"
        );
    }
    parse(&format!("{text}[run]\nmessages = {}\nreplications = 1\n", MESSAGES / 10))
}

fn study(model: &Model, engine: EngineChoice) -> f64 {
    let options = Options { jobs: 1, engine, ..Options::default() };
    let study = experiment::run(model, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs");
    assert!(study.result.ledger.balances());
    let wait = |r: &&lindley::row::Row| r.metric == lindley::row::Metric::Wait;
    study.result.rows.iter().find(wait).and_then(|r| r.value).expect("a mean wait")
}

fn messages(c: &mut Criterion) {
    let mut group = c.benchmark_group("messages");
    group.sample_size(10);
    let (single, chain) = (single(), chain());
    // One replication of a million messages at rho = 0.9 is within 10 % of 9 s nearly always.
    assert!((study(&single, EngineChoice::General) / 9.0 - 1.0).abs() < 0.1);
    group.throughput(Throughput::Elements(MESSAGES));
    group.bench_function("mm1, all statistics", |b| b.iter(|| study(black_box(&single), EngineChoice::General)));
    group.bench_function("chain of 10, all statistics (station visits)", |b| {
        b.iter(|| study(black_box(&chain), EngineChoice::General))
    });
    let network = Network::compile(&single);
    let plan = RunPlan { stop: Stop::Published(MESSAGES), tick: 1e9 };
    group.bench_function("mm1, no observer", |b| {
        b.iter(|| Engine::new(&network, &Streams::new(1, 0), &mut Silent).run(black_box(&plan)).events)
    });
    group.finish();
}

/// The same with recursions over messages: every statistic, the same numbers.
fn recursions(c: &mut Criterion) {
    let mut group = c.benchmark_group("recursion");
    group.sample_size(10);
    group.throughput(Throughput::Elements(MESSAGES));
    for (name, model) in [("mm1, all statistics", single()), ("mm10, all statistics", ten_servers())] {
        let (recursion, general) = (study(&model, EngineChoice::Recursion), study(&model, EngineChoice::General));
        assert!((recursion / general - 1.0).abs() < 1e-9, "{name}: {recursion} against {general}");
        group.bench_function(name, |b| b.iter(|| study(black_box(&model), EngineChoice::Recursion)));
        group.bench_function(format!("{name}, general engine"), |b| {
            b.iter(|| study(black_box(&model), EngineChoice::General));
        });
    }
    group.finish();
}

/// Hold model: pop the next event, schedule it again an exponential time later.
fn event_list(c: &mut Criterion) {
    let mut group = c.benchmark_group("event list, pop and push");
    group.throughput(Throughput::Elements(1));
    for pending in [2_u32, 100, 10_000, 1_000_000] {
        let mut random = Streams::new(1, 0).open("hold", lindley::rng::Purpose::Arrivals);
        let mut list = EventList::default();
        (0..pending).for_each(|i| list.schedule(random.random::<f64>(), EventKind::Arrival, i));
        group.bench_function(BenchmarkId::from_parameter(pending), |b| {
            b.iter(|| {
                let event = list.pop().expect("the hold model never empties");
                list.schedule(event.time - (1.0 - random.random::<f64>()).ln(), EventKind::Arrival, event.index);
            })
        });
    }
    group.finish();
}

criterion_group!(benches, messages, recursions, event_list);
criterion_main!(benches);
