//! The theory that `run` puts beside its numbers, for every kind of station that the recogniser
//! knows: each pair must agree at a familywise alpha of 0.001 (Bonferroni over all pairs of all models,
//! Student's t of the replications), and theory 3 % off must be rejected in most of them.

use crate::support::{model, study};
use lindley::experiment::Study;
use lindley::row::{Metric, Statistic};
use lindley::stats::interval::student_quantile;

const REPLICATIONS: u32 = 20;

/// Blocks of all replications, by which intervals of long runs are made.
const BLOCKS: f64 = 60.0;

/// (name, notation that the recogniser must find, producers and consumers, messages per replication).
const MODELS: &[(&str, &str, &str, u64)] = &[
    (
        "renewal arrivals",
        "E4/M/2",
        "[producers.p]\narrivals = { renewal = { erlang = { k = 4, mean = \"1s\" } } }\nqueue = \"q\"\n[queues.q]\n\
         [consumers.c]\nqueue = \"q\"\nservers = 2\nservice = { exponential = { mean = \"1.7s\" } }",
        200_000,
    ),
    (
        "deterministic service on many servers",
        "M/D/4",
        "[producers.p]\narrivals = { poisson = \"3.4/s\" }\nqueue = \"q\"\n[queues.q]\n\
         [consumers.c]\nqueue = \"q\"\nservers = 4\nservice = \"1s\"",
        200_000,
    ),
    (
        "Erlang service on many servers",
        "M/E2/3",
        "[producers.p]\narrivals = { poisson = \"2.5/s\" }\nqueue = \"q\"\n[queues.q]\n\
         [consumers.c]\nqueue = \"q\"\nservers = 3\nservice = { erlang = { k = 2, mean = \"1s\" } }",
        200_000,
    ),
    (
        "modulated arrivals",
        "MMPP2/M/1",
        "[producers.p]\narrivals = { mmpp = { rates = [\"1.2/s\", \"0.4/s\"], switching = [[0, 0.5], [0.5, 0]] } }\nqueue = \"q\"\n[queues.q]\n\
         [consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"1s\" } }",
        300_000,
    ),
    (
        "batches",
        "M^X/M/1",
        "[producers.p]\narrivals = { batch = { arrivals = { poisson = \"0.2/s\" }, size = 3 } }\nqueue = \"q\"\n[queues.q]\n\
         [consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"1s\" } }",
        300_000,
    ),
    (
        "time to live",
        "M/M/2+D",
        "[producers.p]\narrivals = { poisson = \"2.1/s\" }\nqueue = \"q\"\n[queues.q]\nmessage_ttl = \"2s\"\n\
         [consumers.c]\nqueue = \"q\"\nservers = 2\nservice = { exponential = { mean = \"1s\" } }",
        200_000,
    ),
    (
        "drop-head",
        "M/M/1/5",
        "[producers.p]\narrivals = { poisson = \"0.9/s\" }\nqueue = \"q\"\n[queues.q]\nmax_length = 4\noverflow = \"drop-head\"\n\
         [consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"1s\" } }",
        200_000,
    ),
    (
        "priorities",
        "M/G/1",
        "[producers.p]\narrivals = { poisson = \"0.6/s\" }\nqueue = \"q\"\n\
         messages = [{ class = \"high\", weight = 1, priority = 1 }, { class = \"low\", weight = 2, priority = 0 }]\n\
         [queues.q]\npriority_levels = 2\n[consumers.c]\nqueue = \"q\"\nservice = { by_class = { high = \"0.5s\" }, \
         default = { erlang = { k = 2, mean = \"1.2s\" } } }",
        300_000,
    ),
    (
        "priorities on many servers",
        "M/M/3",
        "[producers.p]\narrivals = { poisson = \"2.4/s\" }\nqueue = \"q\"\n\
         messages = [{ class = \"high\", weight = 1, priority = 1 }, { class = \"low\", weight = 2, priority = 0 }]\n\
         [queues.q]\npriority_levels = 2\n[consumers.c]\nqueue = \"q\"\nservers = 3\nservice = { exponential = { mean = \"1s\" } }",
        300_000,
    ),
    (
        "classes with laws of their own",
        "M/G/1",
        "[producers.p]\narrivals = { poisson = \"0.6/s\" }\nqueue = \"q\"\n\
         messages = [{ class = \"short\", weight = 1 }, { class = \"long\", weight = 2 }]\n\
         [queues.q]\n[consumers.c]\nqueue = \"q\"\nservice = { by_class = { short = \"0.5s\" }, \
         default = { exponential = { mean = \"1.2s\" } } }",
        300_000,
    ),
    (
        "failures to the tail",
        "retries to the tail",
        "[producers.p]\narrivals = { poisson = \"0.5/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
         service = { exponential = { mean = \"1s\" } }\nfailure = { probability = 0.2 }\n\
         retry = { max_attempts = \"unlimited\", backoff = \"none\", requeue = \"tail\" }",
        300_000,
    ),
    (
        "failures with back-off",
        "retries to the tail",
        "[producers.p]\narrivals = { poisson = \"0.3/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
         service = { exponential = { mean = \"1s\" } }\nfailure = { probability = 0.5 }\n\
         retry = { max_attempts = \"unlimited\", backoff = { fixed = { delay = \"5s\" } } }",
        300_000,
    ),
    (
        "feedback between queues",
        "network",
        "[producers.p]\narrivals = { poisson = \"0.5/s\" }\nqueue = \"a\"\n[queues.a]\n[queues.b]\n\
         [consumers.ca]\nqueue = \"a\"\nservers = 2\nservice = { exponential = { mean = \"1s\" } }\n\
         publish = { queue = \"b\", probability = 0.5 }\n\
         [consumers.cb]\nqueue = \"b\"\nservice = { exponential = { mean = \"1s\" } }\npublish = { queue = \"a\" }",
        300_000,
    ),
    (
        "a closed population",
        "network",
        "[producers.users]\narrivals = { closed = { population = 7, think = { erlang = { k = 2, mean = \"2s\" } } } }\n\
         queue = \"a\"\n[queues.a]\n[queues.b]\n[consumers.ca]\nqueue = \"a\"\nservers = 2\n\
         service = { exponential = { mean = \"1s\" } }\npublish = { queue = \"b\" }\n\
         [consumers.cb]\nqueue = \"b\"\nservice = { exponential = { mean = \"300ms\" } }",
        100_000,
    ),
];

fn run(body: &str, messages: u64) -> Study {
    study(&model(&format!("{body}\n[run]\nmessages = {messages}\nreplications = {REPLICATIONS}\n")))
}

/// A number of `run` beside theory: its name, the estimate, its standard error and theory's value.
struct Pair {
    name: String,
    simulated: f64,
    error: f64,
    theory: f64,
}

impl Pair {
    /// Student's t against theory times a factor.
    fn t(&self, factor: f64) -> f64 {
        (self.simulated - factor * self.theory) / self.error
    }
}

fn pairs(model: &str, study: &Study) -> Vec<Pair> {
    let degrees = BLOCKS - 1.0;
    let rows = &study.result.rows;
    let of = |c: &lindley::experiment::result::TheoryCheck| {
        let (simulated, theory) = (&rows[c.simulated], &rows[c.theory]);
        let plain = matches!(simulated.statistic, Statistic::Mean | Statistic::Fraction);
        // What theory knows to be constant has no spread to be measured by.
        let spread =
            simulated.half_width().filter(|half| plain && *half > 1e-9 * simulated.value.unwrap_or(0.0).abs())?;
        let known = !matches!(simulated.metric, Metric::Detail(_));
        known.then_some(())?;
        Some(Pair {
            name: format!(
                "{model}: {} {:?} {} {}",
                simulated.name, simulated.class, simulated.metric, simulated.statistic
            ),
            simulated: simulated.value?,
            error: spread / student_quantile(0.95, degrees),
            theory: theory.value?,
        })
    };
    study.result.validation.iter().filter_map(of).collect()
}

#[test]
fn theory_stands_beside_every_recognised_kind_of_station() {
    let mut all = Vec::new();
    for (name, notation, body, messages) in MODELS {
        let model = model(body);
        let theory = lindley::analytic::theory(&model);
        let found: Vec<&str> = theory.solutions.iter().map(|s| s.kendall.as_str()).collect();
        assert!(!found.is_empty(), "{name}: {theory:#?}");
        assert!(found.iter().all(|kendall| kendall.contains(notation)), "{name}: {found:?} instead of {notation}");
        let pairs = pairs(name, &run(body, *messages));
        assert!(pairs.len() >= 4, "{name}: {} pairs", pairs.len());
        all.extend(pairs);
    }
    let degrees = BLOCKS - 1.0;
    let limit = student_quantile(1.0 - 0.001 / all.len() as f64, degrees);
    let off = |factor: f64| {
        all.iter().filter(|pair| pair.t(factor).abs() > limit).map(|p| p.name.as_str()).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = all
        .iter()
        .filter(|pair| pair.t(1.0).abs() > limit)
        .map(|p| format!("{}: {} against {}, t = {:.1}", p.name, p.simulated, p.theory, p.t(1.0)))
        .collect();
    println!("{} pairs, |t| below {limit:.2}", all.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    for factor in [0.97, 1.03] {
        let seen = off(factor).len();
        assert!(seen * 2 > all.len(), "no power: {seen} of {} reject a theory {factor} times the value", all.len());
    }
}
