//! Open networks as named systems: from parameters to formulas and back to rows.

use super::bcmp::Bcmp;
use super::jackson::Jackson;
use super::qna::QnaNetwork;
use super::steady::{NodeSteady, OpenSteady};
use super::tandem::tandem_sojourn_of_servers;
use crate::analytic::law::TimeLaw;
use crate::analytic::method::Refusal;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::model::Servers;
use crate::row::{Metric, Source, Statistic};
use crate::units::Unit;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    system!("jackson": "an open network of exponential nodes with random routing (Jackson)", jackson(JACKSON)),
    system!("bcmp-open": "an open product-form network with several classes (BCMP)", bcmp(BCMP)),
    system!("qna": "an open network of general nodes, by decomposition (approximation)", qna(QNA)),
];

const GAMMA: Parameter = parameter!("gamma": List(&Rate), "arrivals from outside at each node, per second");
const ROUTING: Parameter = parameter!("routing": Matrix(&Number), "routing probabilities, a row a node");
const SERVERS: Parameter = parameter!("servers": List(&Word(&[])) => "[]",
    "servers of each node, as [\"1\", \"4\", \"inf\"]; none: one each");
const NAMES: Parameter = parameter!("names": List(&Word(&[])) => "[]", "names of the nodes; none: 1, 2, ...");

const JACKSON: &[Parameter] = &[
    GAMMA,
    ROUTING,
    parameter!("mu": List(&Rate), "service rate of one server at each node"),
    SERVERS,
    NAMES,
    parameter!("quantiles": List(&Share) => "[]", "quantiles of the whole sojourn (tandems only)"),
];

const BCMP: &[Parameter] = &[
    parameter!("arrival-rates": List(&Rate), "arrivals of each class, per second"),
    parameter!("demands": Matrix(&Time), "visits x mean service, seconds: a row a class, a column a node"),
    parameter!("types": List(&Word(&["FCFS", "PS", "LCFS-PR", "IS"])), "kind of each node"),
    SERVERS,
    parameter!("visits": Matrix(&Number) => "[]",
        "visits, a row a class; none: those that make the service at FCFS nodes equal"),
    NAMES,
    parameter!("classes": List(&Word(&[])) => "[]", "names of the classes; none: 1, 2, ..."),
];

const QNA: &[Parameter] = &[
    GAMMA,
    parameter!("arrival-scv": List(&Number) => "[]", "scv of arrivals from outside; none: 1 (Poisson)"),
    ROUTING,
    parameter!("service": List(&Time), "mean service time at each node"),
    parameter!("service-scv": List(&Number) => "[]", "scv of service; none: 1 (exponential)"),
    SERVERS,
    parameter!("immediate-feedback": Word(&["merge", "keep"]) => "merge",
        "whether services that follow each other at once at a node are taken as one"),
    NAMES,
];

/// The words of a list as numbers of servers; an empty list is one server for each of `n`.
fn servers(given: &Given, n: usize) -> Result<Vec<Servers>, Refusal> {
    let words = given.words("servers");
    let read = |word: &String| match word.as_str() {
        "inf" | "unlimited" => Ok(Servers::Unlimited),
        count => match count.parse::<u32>() {
            Ok(count) if count > 0 => Ok(Servers::Count(count)),
            _ => Err(Refusal::Invalid(format!("`{count}` is no number of servers: 1, 2, ... or inf"))),
        },
    };
    if words.is_empty() { Ok(vec![Servers::Count(1); n]) } else { words.iter().map(read).collect() }
}

/// Names of `n` things: as given, or their numbers.
fn names(given: &Given, parameter: &str, n: usize) -> Result<Vec<String>, Refusal> {
    let names = given.words(parameter);
    match names.len() {
        0 => Ok((1..=n).map(|i| i.to_string()).collect()),
        count if count == n => Ok(names),
        count => Err(Refusal::Invalid(format!("there are {count} `{parameter}` for {n}"))),
    }
}

fn jackson(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (gamma, mu, routing) = (given.numbers("gamma"), given.numbers("mu"), given.matrix("routing"));
    let servers = servers(given, gamma.len())?;
    let names = names(given, "names", gamma.len())?;
    let network = Jackson::new(&gamma, &routing, &mu, &servers)?;
    let mut answer = SystemAnswer::exact("product form with the traffic equations (Jackson 1963)");
    whole(&mut answer, &network.steady);
    for ((node, name), from) in network.steady.nodes.iter().zip(&names).zip(&network.sojourn_from) {
        node_rows(&mut answer, name, node).detail("sojourn_from_here", *from, Unit::Seconds);
    }
    answer.system();
    quantiles(&mut answer, given, &law_of(&gamma, &routing, &mu, &servers))?;
    Ok(answer)
}

/// Adds the quantiles that are asked for.
fn quantiles(answer: &mut SystemAnswer, given: &Given, law: &Result<TimeLaw, Refusal>) -> Result<(), Refusal> {
    for p in given.numbers("quantiles") {
        Refusal::unless(p > 0.0 && p < 1.0, || format!("the quantile {p} does not lie between 0 and 1"))?;
        match law {
            Ok(law) => {
                answer.by(Source::Exact, law.method());
                let value = law.quantile(p).unwrap_or(f64::NAN);
                answer.value(Metric::Sojourn, Statistic::Quantile(p), value);
            }
            Err(why) => {
                answer.note(format!("no law of the whole sojourn: {why}"));
                break;
            }
        }
    }
    Ok(())
}

/// The law of the whole sojourn, where the network is a tandem in which that is known.
fn law_of(gamma: &[f64], routing: &[Vec<f64>], mu: &[f64], servers: &[Servers]) -> Result<TimeLaw, Refusal> {
    let none = |why: &str| Refusal::Assumption(why.to_string());
    let path = path(gamma, routing).ok_or_else(|| none("messages do not all take one way without returning"))?;
    let count = |i: &usize| match servers[*i] {
        Servers::Count(c) => Ok((mu[*i], c)),
        Servers::Unlimited => Err(none("a node of the tandem is a pure delay")),
    };
    let stations: Vec<(f64, u32)> = path.iter().map(count).collect::<Result<_, _>>()?;
    let law = tandem_sojourn_of_servers(gamma[path[0]], &stations)?;
    law.ok_or_else(|| none("only the first and the last node of the tandem may have several servers"))
}

/// The nodes in the order of the one way that all messages take, if there is only one.
fn path(gamma: &[f64], routing: &[Vec<f64>]) -> Option<Vec<usize>> {
    let mut entries = (0..gamma.len()).filter(|i| gamma[*i] > 0.0);
    let mut path = vec![entries.next()?];
    if entries.next().is_some() {
        return None;
    }
    while let Some(row) = path.last().map(|i| &routing[*i]) {
        let mut next = (0..row.len()).filter(|j| row[*j] > 0.0);
        match (next.next(), next.next()) {
            (None, _) => break,
            (Some(j), None) if (row[j] - 1.0).abs() < 1e-12 && !path.contains(&j) => path.push(j),
            _ => return None,
        }
    }
    Some(path)
}

fn bcmp(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (rates, demands) = (given.numbers("arrival-rates"), given.matrix("demands"));
    let types = given.words("types");
    let mut servers = servers(given, types.len())?;
    let (n, m) = (types.len(), servers.len());
    Refusal::unless(n == m, || format!("there are {n} types and {m} servers"))?;
    for (servers, kind) in servers.iter_mut().zip(&types) {
        match (kind.as_str(), *servers) {
            ("IS", _) => *servers = Servers::Unlimited,
            ("LCFS-PR", Servers::Count(2..)) => {
                return Err(Refusal::Assumption("LCFS-PR has product form with one server".to_string()));
            }
            _ => {}
        }
    }
    let network = Bcmp::new(&rates, &demands, &servers)?;
    let unequal = first_come(given, &rates, &demands, &types)?;
    let nodes = names(given, "names", types.len())?;
    let classes = names(given, "classes", rates.len())?;
    let mut answer = SystemAnswer::exact("product form (Baskett, Chandy, Muntz, Palacios 1975)");
    answer.mean(Metric::InSystem, network.total());
    bcmp_rows(&mut answer, &network, &nodes, &classes, &rates);
    if let Some(note) = unequal {
        answer.note(note);
    }
    Ok(answer)
}

fn bcmp_rows(answer: &mut SystemAnswer, network: &Bcmp, nodes: &[String], classes: &[String], rates: &[f64]) {
    for (k, class) in classes.iter().enumerate() {
        let in_system = (0..nodes.len()).map(|n| network.in_system(k, n)).sum();
        answer.system().class(class).mean(Metric::Throughput, rates[k]);
        answer.mean(Metric::InSystem, in_system).mean(Metric::Sojourn, network.sojourn(k));
    }
    for (n, name) in nodes.iter().enumerate() {
        answer.system().station(name).mean(Metric::OfferedLoad, network.load(n));
        if let Some(rho) = network.utilization(n) {
            answer.mean(Metric::Utilization, rho);
        }
        answer.mean(Metric::InSystem, network.at_node(n));
        for (k, class) in classes.iter().enumerate() {
            answer.class(class).mean(Metric::InSystem, network.in_system(k, n));
            answer.mean(Metric::QueueLength, network.queue_length(k, n));
            answer.detail("residence", network.residence(k, n), Unit::Seconds);
        }
    }
}

/// First come, first served has product form only with one service for all classes: refuses where
/// visits are known and services differ; where visits are not known says what they must be.
fn first_come(given: &Given, rates: &[f64], demands: &[Vec<f64>], types: &[String]) -> Result<Option<String>, Refusal> {
    let visits = given.matrix("visits");
    let shaped = visits.len() == demands.len() && visits.iter().all(|row| row.len() == types.len());
    Refusal::unless(visits.is_empty() || shaped, || "the visits are not as many as the demands".to_string())?;
    let mut note = None;
    for n in (0..types.len()).filter(|n| types[*n] == "FCFS") {
        let served = |k: &usize| demands[*k][n] > 0.0 && rates[*k] > 0.0;
        let per_visit = |k: usize| demands[k][n] / if shaped { visits[k][n] } else { 1.0 };
        let services: Vec<f64> = (0..rates.len()).filter(served).map(per_visit).collect();
        let (low, high) = services.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(*x), h.max(*x)));
        if services.is_empty() || high - low <= 1e-9 * high {
            continue;
        }
        let node = n + 1;
        if shaped {
            return Err(Refusal::Assumption(format!(
                "node {node} is FCFS and its mean service times differ by class, from {low} s to {high} s: no product \
                 form; PS and LCFS-PR have it"
            )));
        }
        note = Some(format!(
            "the demands at node {node} (FCFS) differ by class: exact if the classes differ there in their visits and \
             not in their mean service time, else there is no product form"
        ));
    }
    Ok(note)
}

fn qna(given: &Given) -> Result<SystemAnswer, Refusal> {
    let gamma = given.numbers("gamma");
    let ones = |name: &str| {
        let list = given.numbers(name);
        if list.is_empty() { vec![1.0; gamma.len()] } else { list }
    };
    let spec = QnaNetwork {
        arrival_scv: ones("arrival-scv"),
        routing: given.matrix("routing"),
        service: given.numbers("service"),
        service_scv: ones("service-scv"),
        servers: servers(given, gamma.len())?,
        merge_feedback: given.word("immediate-feedback") == "merge",
        gamma,
    };
    let names = names(given, "names", spec.gamma.len())?;
    let steady = super::qna::qna(&spec)?;
    let mut answer = SystemAnswer::default();
    answer.by(Source::Approximation, "decomposition, Queueing Network Analyzer (Whitt 1983)");
    whole(&mut answer, &steady);
    for (node, name) in steady.nodes.iter().zip(&names) {
        node_rows(&mut answer, name, node);
    }
    Ok(answer)
}

fn whole(answer: &mut SystemAnswer, steady: &OpenSteady) {
    answer.mean(Metric::Throughput, steady.throughput);
    answer.mean(Metric::InSystem, steady.in_system()).mean(Metric::Sojourn, steady.sojourn());
}

fn node_rows<'a>(answer: &'a mut SystemAnswer, name: &str, node: &NodeSteady) -> &'a mut SystemAnswer {
    answer.station(name);
    answer.mean(Metric::ArrivalRate, node.lambda).detail("visits", node.visits, Unit::One);
    if let Some(rho) = node.utilization {
        answer.mean(Metric::Utilization, rho);
    }
    if let Some(scv) = node.arrival_scv {
        answer.detail("arrival_scv", scv, Unit::One);
    }
    answer.mean(Metric::QueueLength, node.queue_length()).mean(Metric::InSystem, node.in_system());
    answer.mean(Metric::Wait, node.wait).mean(Metric::Sojourn, node.sojourn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::catalog::ask;
    use crate::analytic::testing::assert_invalid;

    #[test]
    fn tandem_quantiles_are_those_of_the_sum() {
        let tandem = "gamma = [1, 0]\nrouting = [[0, 1], [0, 0]]\nmu = [2, 2]\nquantiles = [0.99]\n";
        let answer = ask("jackson", tandem).unwrap();
        let p99 = answer.get("system", None, "sojourn", "p99").unwrap();
        assert!((crate::dist::Dist::erlang(2, 2.0).unwrap().quantile(0.99) / p99 - 1.0).abs() < 1e-12);
        let feedback = ask("jackson", "gamma = [1]\nrouting = [[0.5]]\nmu = [4]\nquantiles = [0.99]\n").unwrap();
        assert!(feedback.notes[0].contains("one way") && feedback.get("system", None, "sojourn", "p99").is_none());
    }

    #[test]
    fn every_mistake_is_an_error() {
        assert_invalid(&[
            ("jackson", "gamma = [1]\nrouting = [[0.5]]\nmu = [0]\n"),
            ("jackson", "gamma = []\nrouting = []\nmu = []\n"),
            ("jackson", "gamma = [1]\nrouting = [[1.0]]\nmu = [4]\n"),
            ("jackson", "gamma = [0]\nrouting = [[0]]\nmu = [4]\n"),
            ("jackson", "gamma = [1]\nrouting = [[0]]\nmu = [4]\nservers = ['0']\n"),
            ("jackson", "gamma = [1]\nrouting = [[0]]\nmu = [4]\nservers = ['1', '2']\n"),
            ("jackson", "gamma = [1]\nrouting = [[0]]\nmu = [4]\nquantiles = [0]\n"),
            ("bcmp-open", "arrival-rates = [1]\ndemands = [[0.1, 0.2]]\ntypes = ['PS']\n"),
            ("bcmp-open", "arrival-rates = []\ndemands = []\ntypes = []\n"),
            ("bcmp-open", "arrival-rates = [1]\ndemands = [[0.1]]\ntypes = ['PS']\nvisits = [[1, 2]]\n"),
            ("bcmp-open", "arrival-rates = [1]\ndemands = [[0.1]]\ntypes = ['PS']\nnames = ['a', 'b']\n"),
            ("qna", "gamma = [1]\nrouting = [[0]]\nservice = [0.5]\nservice-scv = [-1]\n"),
            ("qna", "gamma = [1]\nrouting = [[0]]\nservice = [0.5]\nservice-scv = [1, 1]\n"),
        ]);
        let unstable = ask("qna", "gamma = [1]\nrouting = [[0]]\nservice = [1]\n");
        assert!(matches!(unstable, Err(Refusal::Unstable(_))));
    }

    #[test]
    fn first_come_wants_one_service() {
        let base = "arrival-rates = [1, 1]\ndemands = [[0.1], [0.2]]\ntypes = ['FCFS']\n";
        assert!(ask("bcmp-open", base).unwrap().notes[0].contains("visits"));
        assert!(ask("bcmp-open", &format!("{base}visits = [[1], [2]]\n")).unwrap().notes.is_empty());
        let refused = ask("bcmp-open", &format!("{base}visits = [[1], [1]]\n"));
        assert!(matches!(refused, Err(Refusal::Assumption(why)) if why.contains("node 1")));
    }
}
