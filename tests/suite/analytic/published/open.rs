//! Published cases of open networks and fork-join: closed forms and chains re-derived to the digits shown.

use super::rounds_to;
use lindley::analytic::catalog::find;
use lindley::analytic::chain::Chain;
use lindley::analytic::system::{Given, SystemAnswer};
use std::collections::BTreeMap;

fn solve(name: &str, text: &str) -> SystemAnswer {
    let system = find(name).expect("the system is listed");
    let table: toml::Table = text.parse().expect("TOML");
    let given: BTreeMap<String, toml::Value> = table.into_iter().collect();
    let given = Given::read(system.parameters, &given).expect("what the system wants");
    (system.solve)(&given).expect("a steady state")
}

fn means(answer: &SystemAnswer, nodes: &[&str], metric: &str) -> Vec<f64> {
    nodes.iter().map(|node| answer.get(node, None, metric, "mean").expect(metric)).collect()
}

fn assert_rounds(values: &[f64], published: &[f64], decimals: i32) {
    assert_eq!(values.len(), published.len());
    for (value, published) in values.iter().zip(published) {
        assert!(rounds_to(*value, *published, decimals), "{value} instead of {published}");
    }
}

/// Bolch et al., Queueing Networks and Markov Chains, example 7.4 (p. 287).
#[test]
fn bolch_open_network_with_feedback() {
    let text = "gamma = [0, 0, 0, 4]\nmu = [25, 33.333333333333333, 16.666666666666667, 20]\n\
        routing = [[0, 0.5, 0.5, 0], [1, 0, 0, 0], [0.6, 0, 0, 0], [1, 0, 0, 0]]\n";
    let (answer, nodes) = (solve("jackson", text), ["1", "2", "3", "4"]);
    assert_rounds(&means(&answer, &nodes, "arrival_rate"), &[20.0, 10.0, 10.0, 4.0], 12);
    assert_rounds(&means(&answer, &nodes, "utilization"), &[0.8, 0.3, 0.6, 0.2], 12);
    assert_rounds(&means(&answer, &nodes, "sojourn"), &[0.2, 0.042857, 0.15, 0.0625], 6);
    assert_rounds(&means(&answer, &nodes, "in_system"), &[4.0, 0.42857, 1.5, 0.25], 5);
}

/// Lazowska et al., Quantitative System Performance (p. 113): visits 121, 70, 50; services 5, 30, 27 ms.
#[test]
fn lazowska_open_model() {
    let text = "arrival-rates = [0.3]\ndemands = [[0.605, 2.1, 1.35]]\ntypes = ['PS', 'PS', 'PS']\n";
    let answer = solve("bcmp-open", text);
    assert_rounds(&means(&answer, &["1"], "utilization"), &[0.1815], 12);
    assert_rounds(&means(&answer, &["1"], "in_system"), &[0.22175], 5);
    let tandem = "gamma = [36.3]\nmu = [200]\nrouting = [[0]]\n";
    assert_rounds(&means(&solve("jackson", tandem), &["1"], "utilization"), &[0.1815], 12);
}

/// Class switching between two processor-sharing nodes: 2/s and 1/s at the first, all 3/s at the second.
#[test]
fn two_classes_that_become_one() {
    let text = "arrival-rates = [2, 1]\ndemands = [[0.2, 0.15], [0.3, 0.15]]\ntypes = ['PS', 'PS']\n";
    let answer = solve("bcmp-open", text);
    let at = |node, class, metric| answer.get(node, class, metric, "mean").expect(metric);
    let (first, second) = (Some("1"), Some("2"));
    assert_rounds(&[at("1", first, "in_system"), at("1", second, "in_system")], &[4.0 / 3.0, 1.0], 12);
    assert_rounds(&[at("2", None, "in_system")], &[9.0 / 11.0], 12);
    assert_rounds(&[at("1", first, "detail.residence"), at("1", second, "detail.residence")], &[2.0 / 3.0, 1.0], 12);
    assert_rounds(&[at("2", first, "detail.residence")], &[0.272727], 6);
    assert_rounds(&[at("1", None, "utilization"), at("2", None, "utilization")], &[0.7, 0.45], 12);
}

/// A delay of any law (here hyperexponential of mean 13/60) before M/M/1, lambda = 0.1.
#[test]
fn delay_and_queue() {
    let text = "arrival-rates = [0.1]\ndemands = [[0.21666666666666667, 1]]\ntypes = ['IS', 'FCFS']\n";
    let answer = solve("bcmp-open", text);
    assert_rounds(&means(&answer, &["1", "2"], "in_system"), &[0.0216667, 0.1111111], 7);
    let residence = |node| answer.get(node, Some("1"), "detail.residence", "mean").expect("residence");
    assert_rounds(&[residence("1"), residence("2")], &[0.216667, 1.111111], 6);
}

/// Drive-through pharmacy (M/M/1, rho = 1/2), and the tandem of services 4 and 3 at one arrival in 6.
#[test]
fn pharmacy_and_its_tandem() {
    let one = solve("jackson", "gamma = [1]\nmu = [2]\nrouting = [[0]]\n");
    assert_rounds(&means(&one, &["system"], "in_system"), &[1.0], 12);
    let text = "gamma = [0.16666666666666666, 0]\nmu = [0.25, 0.3333333333333333]\nrouting = [[0, 1], [0, 0]]\n";
    let tandem = solve("jackson", text);
    assert_rounds(&means(&tandem, &["1", "2", "system"], "sojourn"), &[12.0, 6.0, 18.0], 11);
}

/// The two queues of an open fork-join, lambda = 0.05, mu = 1 and 2, each an M/M/1 by itself.
#[test]
fn queues_of_a_fork() {
    for (mu, published) in [(1, 1.0526316), (2, 0.5128205)] {
        let answer = solve("jackson", &format!("gamma = [0.05]\nmu = [{mu}]\nrouting = [[0]]\n"));
        assert_rounds(&means(&answer, &["1"], "sojourn"), &[published], 7);
    }
}

/// Nelson and Tantawi: two servers, lambda = 1/2, mu = 1, T = (12 - rho)/8 / (mu - lambda) = 2.875; the
/// system, and the chain of the two queue lengths by Little's law (the number in the system is the
/// larger of the two, as both queues are first in first out).
#[test]
fn fork_and_join_of_two() {
    let answer = solve("fork-join", "arrival-rate = 0.5\nservice-rates = [1, 1]\n");
    let sojourn = answer.get("system", None, "sojourn", "mean").expect("a sojourn");
    assert!((sojourn - 2.875).abs() < 1e-12, "{sojourn}");
    let chain = Chain::explore([(0u32, 0u32)], 1000, |&(more, fewer), to| {
        if more < 40 {
            to((more + 1, fewer + 1), 0.5);
        }
        if fewer > 0 {
            to((more, fewer - 1), 1.0);
        }
        if more > 0 {
            to((more.max(fewer + 1) - 1, fewer.min(more - 1)), 1.0);
        }
    })
    .expect("a small chain");
    let p = chain.stationary().expect("one steady state");
    let larger = chain.expect(&p, |state| f64::from(state.0));
    assert!((larger / 0.5 - 2.875).abs() < 1e-8, "{larger}");
}
