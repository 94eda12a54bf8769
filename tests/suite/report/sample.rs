//! A small result made by hand: a queue with theory beside it, a refused quantile, a
//! producer, retries and dead letters. No number comes from a simulation.

use lindley::experiment::result::*;
use lindley::row::{Basis, Metric, NoValue, Row, Scope, Source, Statistic};

/// A simulated row; `half` makes the interval.
pub fn simulated(scope: Scope, name: &str, metric: Metric, statistic: Statistic, value: f64, half: f64) -> Row {
    Row {
        low: Some(value - half),
        high: Some(value + half),
        level: Some(0.95),
        n: Some(20),
        source: Source::Simulation,
        ..Row::exact(scope, name, metric, statistic, value, "t over replications")
    }
}

fn rows() -> Vec<Row> {
    use Metric::*;
    use Statistic::{Mean, Quantile};
    let queue = |metric, statistic, value, half| simulated(Scope::Queue, "orders", metric, statistic, value, half);
    let refused = Row {
        value: None,
        low: None,
        high: None,
        method: Basis::Mean { replications: 20 },
        refusal: Some(NoValue::NoMethod("fewer than 10 observations beyond p99.9 in some replication".into())),
        ..queue(Wait, Quantile(0.999), 0.0, 0.0)
    };
    vec![
        simulated(Scope::System, "system", Sojourn, Mean, 0.0504, 0.0007),
        simulated(Scope::System, "system", Sojourn, Quantile(0.99), 0.2311, 0.0052),
        queue(Wait, Mean, 0.04003, 0.00021),
        queue(Wait, Quantile(0.99), 0.2197, 0.0048),
        refused,
        queue(QueueLength, Mean, 3.204, 0.021),
        queue(Utilization, Mean, 0.8004, 0.0012),
        queue(ProbLoss, Statistic::Fraction, 2.1e-5, 0.4e-5),
        simulated(Scope::Producer, "web", ArrivalRate, Mean, 80.02, 0.11),
        Row::exact(Scope::Queue, "orders", Wait, Mean, 0.04, "M/M/1"),
        Row::exact(Scope::Queue, "orders", Wait, Quantile(0.99), 0.21910, "M/M/1"),
        Row {
            source: Source::Approximation,
            ..Row::exact(Scope::Queue, "orders", QueueLength, Mean, 3.2, "Allen-Cunneen")
        },
        Row::exact(Scope::Queue, "orders", OfferedLoad, Mean, 0.8, "M/M/1"),
    ]
}

fn share(value: f64, half: f64) -> Interval {
    Interval { value, low: Some(value - half), high: Some(value + half) }
}

fn arrow(from: &str, to: &str, count: u64, p: f64, half: f64) -> Transition {
    Transition { from: from.into(), to: to.into(), count, probability: share(p, half) }
}

/// Retries, dead letters, expiry and a lost message now and then.
pub fn lifecycle() -> LifecycleReport {
    let time =
        |state: &str, visits, mean, half| StateTime { state: state.into(), visits, mean_s: Some(share(mean, half)) };
    LifecycleReport {
        transitions: vec![
            arrow("published", "ready", 1_000_000, 0.9991, 0.0001),
            arrow("published", "dead_lettered", 900, 0.0009, 0.0001),
            arrow("ready", "delivered", 1_049_000, 0.9979, 0.0002),
            arrow("ready", "expired", 2_200, 0.0021, 0.0002),
            arrow("delivered", "running", 1_049_000, 1.0, 0.0),
            arrow("running", "acked", 996_700, 0.9501, 0.0011),
            arrow("running", "delayed", 51_200, 0.0488, 0.0011),
            arrow("running", "published", 900, 0.0009, 0.0001),
            arrow("running", "lost", 200, 0.0002, 0.0001),
            arrow("delayed", "ready", 51_200, 1.0, 0.0),
        ],
        times: vec![
            time("ready", 1_051_200, 0.0388, 0.0012),
            time("delivered", 1_049_000, 0.0010, 0.0),
            time("running", 1_049_000, 0.01001, 0.00002),
            time("delayed", 51_200, 0.412, 0.006),
        ],
        outcomes: [
            ("acked", 0.9967, 0.0003),
            ("expired", 0.0022, 0.0002),
            ("dead_lettered", 0.0009, 0.0001),
            ("lost", 0.0002, 0.0001),
        ]
        .into_iter()
        .map(|(name, p, half)| (name.to_string(), share(p, half)))
        .collect(),
        reliability: Some(share(0.9967, 0.0003)),
    }
}

/// The whole result.
pub fn result() -> ResultSet {
    ResultSet {
        schema: SCHEMA.into(),
        provenance: Provenance {
            version: "0.1.0".into(),
            model: "ticket orders".into(),
            model_hash: "00".repeat(32),
            seed: Some(42),
            replications: 20,
            level: 0.95,
            warmup: WarmupReport { method: WarmupMethod::Auto, mean_s: 12.3, max_s: 20.0, settled: true },
            stop_reason: StopReason::Precision,
            command: "lindley run models/orders.toml".into(),
            engine: EngineUsed::General,
            messages: 1_000_100,
            events: 4_100_000,
            simulated_s: 12_500.0,
            wall_s: 0.84,
            cpu_s: Some(1.6),
        },
        rows: rows(),
        ledger: Ledger {
            published: 1_000_100,
            acked: 996_700,
            dead_lettered: 900,
            expired: 2_200,
            lost: 200,
            in_flight: 100,
            ..Ledger::default()
        },
        lifecycle: lifecycle(),
        validation: vec![
            TheoryCheck { simulated: 2, theory: 9, half_widths: Some(0.142857) },
            TheoryCheck { simulated: 3, theory: 10, half_widths: Some(0.125) },
            TheoryCheck { simulated: 5, theory: 11, half_widths: Some(0.190476) },
        ],
        notes: vec![
            "retries make the arrivals at `orders` burstier than Poisson: M/M/1 is an approximation here".into(),
        ],
        ..ResultSet::default()
    }
}

/// The same result with many queues.
pub fn many_queues(n: usize) -> ResultSet {
    let mut set = result();
    let template: Vec<Row> = set.rows.iter().filter(|r| r.scope == Scope::Queue).cloned().collect();
    for i in 1..n {
        set.rows.extend(template.iter().map(|r| Row { name: format!("queue-{i:02}"), ..r.clone() }));
    }
    set
}

/// P(X > x) of an exponential tail with mass at zero: `p0` is P(X > 0).
pub fn tail(name: &str, metric: &str, p0: f64, mean: f64, theory: bool) -> Tail {
    let x: Vec<f64> = (0..=120).map(|i| mean * i as f64 * 0.1).collect();
    let exact: Vec<f64> = x.iter().map(|t| p0 * (-t / mean).exp()).collect();
    let wobble = |i: usize| 1.0 + 0.03 * ((i as f64) * 0.21).sin() * (i as f64 / 60.0);
    let survival: Vec<f64> = exact.iter().enumerate().map(|(i, s)| (s * wobble(i)).min(1.0)).collect();
    let spread = |i: usize| 0.02 + 0.006 * i as f64;
    let low = survival.iter().enumerate().map(|(i, s)| (s * (1.0 - spread(i))).max(0.0)).collect();
    let high = survival.iter().enumerate().map(|(i, s)| (s * (1.0 + spread(i))).min(1.0)).collect();
    let (theory, theory_name) = if theory { (exact, "M/M/1".to_string()) } else { (Vec::new(), String::new()) };
    Tail { name: name.into(), metric: metric.into(), x, survival, low, high, theory, theory_name }
}

/// A queue that fills up and then wanders about its mean.
pub fn series(name: &str, mean: f64, end: f64) -> QueueSeries {
    let time: Vec<f64> = (1..=100).map(|i| end * f64::from(i) / 100.0).collect();
    let shape = |i: usize| mean * (1.0 - (-(i as f64) / 6.0).exp()) * (1.0 + 0.12 * (i as f64 * 0.7).sin());
    let median: Vec<f64> = (0..100).map(shape).collect();
    let low = median.iter().map(|m| m * 0.6).collect();
    let high = median.iter().map(|m| m * 1.6).collect();
    QueueSeries { queue: name.into(), time, median, low, high, warmup: end * 0.12, replications: 20 }
}

/// Welch's curve of a queue that fills up.
pub fn settling(queue: &str, mean: f64) -> Settling {
    let QueueSeries { time, median, .. } = series(queue, mean, 600.0);
    let ends = |share: f64| median.iter().map(|m| m * share).collect();
    Settling { queue: queue.into(), low: ends(0.9), high: ends(1.1), time, mean: median, window: 54.0, warmup: 72.0 }
}

/// A mean over 2 to 20 replications.
pub fn convergence(name: &str, metric: &str, mean: f64) -> Convergence {
    let n: Vec<u32> = (2..=20).collect();
    let at = |sign: f64| n.iter().map(|n| mean * (1.0 + (0.01 + sign * 0.3) / f64::from(*n))).collect();
    let metric = Metric::parse(metric).unwrap_or_else(|| Metric::Detail(metric.to_string()));
    Convergence { name: name.into(), metric, mean: at(0.0), low: at(-1.0), high: at(1.0), n }
}

/// The curves behind the charts.
pub fn curves() -> Curves {
    Curves {
        queue_length: vec![series("orders", 3.2, 600.0), series("refunds", 1.4, 600.0)],
        tails: vec![
            tail("orders", "wait", 0.8, 0.05, true),
            tail("orders", "sojourn", 1.0, 0.05, true),
            tail("system", "sojourn", 1.0, 0.062, false),
        ],
        settling: vec![settling("orders", 3.2)],
        convergence: vec![convergence("orders", "wait", 0.04), convergence("system", "sojourn", 0.05)],
    }
}
