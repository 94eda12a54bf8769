//! Fork-join and split-merge by name.

use super::approximations::{nelson_tantawi, stages_bound, varki_merchant_chen};
use super::order::Kth;
use super::split_merge::SplitMerge;
use super::two_branches::TwoBranches;
use crate::analytic::method::Refusal;
use crate::analytic::steady::Unstable;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::dist::Dist;
use crate::model::capacity::keeps_up;
use crate::row::{Metric, Source};
use crate::units::Unit;

/// Most branches.
const MOST_BRANCHES: usize = 10_000;

const ARRIVALS: Parameter = parameter!("arrival-rate": Rate, "jobs per second, Poisson");
const NEED: Parameter = parameter!("need": Count => "0", "how many tasks must be done for the job to be done; 0: all");

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    system!("fork-join": "every job puts a task into each of n queues M/M/1 and is done when k tasks are", fork_join(&[
        ARRIVALS,
        parameter!("service-rates": List(&Rate), "one a branch"),
        NEED,
        parameter!("rest": Word(&["served", "cancelled"]) => "served",
            "what becomes of tasks that are no longer needed"),
    ])),
    system!("split-merge":
        "a job's n tasks hold all n branches until k of them are done; then the next job begins", split_merge(&[
        ARRIVALS,
        parameter!("service-rates": List(&Rate) => "[]", "one a branch, exponential"),
        parameter!("laws": List(&Law) => "[]",
            "instead of rates, any law of a task, one a branch: [\"E2 1s\", \"U 2s\"]"),
        NEED,
        parameter!("quantiles": List(&Share) => "[0.5, 0.95, 0.99, 0.999]", "quantiles of wait and sojourn"),
    ])),
];

/// Arrival rate and how many of the tasks are needed, checked.
fn checked(given: &Given, branches: usize) -> Result<(f64, usize), Refusal> {
    let need = if given.count("need") == 0 { branches as u64 } else { given.count("need") };
    let size =
        || format!("there are {branches} branches, and must be 1 to {MOST_BRANCHES}: a service rate or law each");
    Refusal::unless((1..=MOST_BRANCHES).contains(&branches), size)?;
    let few = || format!("{need} tasks are needed, but a job has only {branches}");
    Refusal::unless(need <= branches as u64, few)?;
    Ok((given.positive("arrival-rate")?, need as usize))
}

fn split_merge(given: &Given) -> Result<SystemAnswer, Refusal> {
    let mut tasks = given.laws("laws");
    if tasks.is_empty() {
        tasks = exponential(&given.all_positive("service-rates")?);
    } else if !given.numbers("service-rates").is_empty() {
        return Err(Refusal::invalid("give the service rates or the laws of the tasks, not both"));
    }
    let (lambda, need) = checked(given, tasks.len())?;
    let job = Kth::new(tasks, need)?;
    let limit = 1.0 / job.moments().0;
    let queue = SplitMerge::new(lambda, &job).map_err(|Unstable { offered_load, .. }| {
        Refusal::unstable(format!(
            "jobs hold all branches for {:.6} s on average: utilization {offered_load:.6} is not below 1, so no steady \
             state exists; stable below {limit:.6} jobs per second",
            1.0 / limit,
        ))
    })?;
    let steady = queue.steady(&job);
    let mut answer = SystemAnswer::exact(steady.method);
    let quantiles: Vec<f64> = given.numbers("quantiles").into_iter().filter(|p| *p > 0.0 && *p < 1.0).collect();
    answer.steady("split-merge", &steady, &quantiles).station("split-merge");
    answer.detail("max_stable_arrival_rate", limit, Unit::PerSecond);
    let (mean, second) = job.moments();
    if second.is_finite() {
        answer.detail("service_scv", (second - mean * mean) / (mean * mean), Unit::One);
    }
    answer.note("the branches wait for each other: less throughput than fork-join, whose branches queue by themselves");
    Ok(answer)
}

/// Tasks of these rates.
fn exponential(rates: &[f64]) -> Vec<Dist> {
    rates.iter().map(|rate| Dist::Exponential(1.0 / rate)).collect()
}

fn fork_join(given: &Given) -> Result<SystemAnswer, Refusal> {
    let rates = given.all_positive("service-rates")?;
    let (lambda, need) = checked(given, rates.len())?;
    if given.word("rest") == "cancelled" && need < rates.len() {
        return cancelled(lambda, &rates, need);
    }
    let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    if !keeps_up(lambda, slowest) {
        return Err(Refusal::unstable(format!(
            "the slowest branch serves {slowest} tasks per second and {lambda} arrive: utilization {:.6} is not below 1, \
             so no steady state exists; stable below {slowest} jobs per second, or with every branch faster than {lambda}",
            lambda / slowest,
        )));
    }
    let mut answer = SystemAnswer::default();
    match (rates.as_slice(), need) {
        ([mu], _) => job(&mut answer, Source::Exact, "M/M/1", lambda, 1.0 / (mu - lambda)),
        ([mu1, mu2], need) => {
            let both = TwoBranches::new(lambda, *mu1, *mu2)
                .ok_or_else(|| Refusal::Assumption("the boundary value problem was not solved".to_string()))?;
            let mean = if need == 2 { both.sojourn() } else { both.first() };
            job(&mut answer, Source::Exact, "fork-join of two (Flatto and Hahn 1984)", lambda, mean);
        }
        _ => many(&mut answer, lambda, &rates, need),
    }
    for (i, mu) in rates.iter().enumerate() {
        answer.by(Source::Exact, "M/M/1").station(format!("branch{}", i + 1));
        answer.mean(Metric::Sojourn, 1.0 / (mu - lambda)).mean(Metric::InSystem, lambda / (mu - lambda));
        answer.mean(Metric::Utilization, lambda / mu);
    }
    Ok(answer)
}

/// Mean sojourn and number of jobs.
fn job(answer: &mut SystemAnswer, source: Source, method: &str, lambda: f64, sojourn: f64) {
    answer.by(source, method).system().mean(Metric::Sojourn, sojourn).mean(Metric::InSystem, lambda * sojourn);
}

/// More than two branches.
fn many(answer: &mut SystemAnswer, lambda: f64, rates: &[f64], need: usize) {
    let (n, mu) = (rates.len(), rates[0]);
    let equal = rates.iter().all(|rate| *rate == mu);
    if equal && need == n {
        job(answer, Source::Approximation, "Nelson and Tantawi 1988", lambda, nelson_tantawi(n, lambda, mu));
        let varki = varki_merchant_chen(n, lambda, mu);
        job(answer, Source::Approximation, "Varki, Merchant, Chen 2008", lambda, varki);
    }
    let slacks: Vec<f64> = rates.iter().map(|rate| rate - lambda).collect();
    if let Ok(alone) = Kth::new(exponential(&slacks), need) {
        let independent = alone.moments().0;
        job(answer, Source::Approximation, "branches taken as independent", lambda, independent);
        if need == n {
            let method = "upper bound: independent branches (sojourns are associated; Nelson and Tantawi 1988)";
            bound(answer, method, "sojourn_at_most", independent);
        }
    }
    if need == n {
        let mut slow = rates.to_vec();
        slow.sort_by(f64::total_cmp);
        let pair = TwoBranches::new(lambda, slow[0], slow[1]).map_or(0.0, |both| both.sojourn());
        let staged = if equal { stages_bound(n, n, lambda, mu) } else { 0.0 };
        let method = "lower bound: the two slowest branches, or the stages of Varki et al. (2008)";
        bound(answer, method, "sojourn_at_least", pair.max(staged));
    }
    answer.note("more than two branches have no exact solution: named approximations and bounds");
}

fn bound(answer: &mut SystemAnswer, method: &str, name: &str, value: f64) {
    answer.by(Source::Bound, method).system().detail(name, value, Unit::Seconds);
}

/// k of n, where the rest is cancelled once k are done.
fn cancelled(lambda: f64, rates: &[f64], need: usize) -> Result<SystemAnswer, Refusal> {
    let (n, all): (usize, f64) = (rates.len(), rates.iter().sum());
    let equal = rates.iter().all(|rate| *rate == rates[0]);
    let mut answer = SystemAnswer::default();
    if need == 1 {
        if !keeps_up(lambda, all) {
            return Err(Refusal::unstable(format!(
                "all branches together serve {all} jobs per second and {lambda} arrive: no steady state exists; stable \
                 below {all} jobs per second"
            )));
        }
        let method = "first of n, rest cancelled: M/M/1 of the summed rates";
        job(&mut answer, Source::Exact, method, lambda, 1.0 / (all - lambda));
        answer.mean(Metric::Utilization, lambda / all);
        return Ok(answer);
    }
    let slower = Kth::new(exponential(rates), need)?;
    let split = SplitMerge::new(lambda, &slower).map_err(|Unstable { offered_load, .. }| {
        Refusal::Assumption(format!(
            "{need} of {n} with the rest cancelled is bounded by split-merge, which has no steady state at utilization \
             {offered_load:.6}; simulation will do"
        ))
    })?;
    bound(&mut answer, "upper bound: split-merge (Joshi, Liu, Soljanin 2014)", "sojourn_at_most", split.sojourn());
    if equal {
        let least = stages_bound(n, need, lambda, rates[0]);
        bound(&mut answer, "lower bound: stages (Joshi, Liu, Soljanin 2014)", "sojourn_at_least", least);
        answer.by(Source::Approximation, "middle of the bounds of Joshi, Liu, Soljanin 2014").system();
        answer.mean(Metric::Sojourn, 0.5 * (least + split.sojourn()));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::catalog::ask;
    use crate::analytic::testing::assert_invalid;

    fn sojourn(answer: &SystemAnswer) -> f64 {
        answer.get("system", None, "sojourn", "mean").unwrap()
    }

    #[test]
    fn bounds_enclose_the_approximations() {
        for (rates, need) in [("[1, 1, 1]", 0), ("[1, 1.2, 2, 3]", 0), ("[1, 1, 1, 1, 1]", 5)] {
            let answer =
                ask("fork-join", &format!("arrival-rate = 0.7\nservice-rates = {rates}\nneed = {need}")).unwrap();
            let detail = |name: &str| answer.get("system", None, name, "mean").unwrap();
            let (low, high) = (detail("detail.sojourn_at_least"), detail("detail.sojourn_at_most"));
            assert!(low < sojourn(&answer) && sojourn(&answer) <= high, "{rates}");
        }
        let some = "arrival-rate = 0.7\nservice-rates = [1, 1, 1, 1]\nneed = 2\nrest = 'cancelled'";
        assert!(sojourn(&ask("fork-join", some).unwrap()) > 0.0);
    }

    #[test]
    fn first_of_all_with_the_rest_cancelled_is_one_fast_server() {
        let text = "arrival-rate = 2.5\nservice-rates = [1, 2]\nneed = 1\nrest = 'cancelled'";
        assert!((sojourn(&ask("fork-join", text).unwrap()) - 2.0).abs() < 1e-14);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "arrival-rate = 0\nservice-rates = [1]",
            "arrival-rate = 1\nservice-rates = []",
            "arrival-rate = 1\nservice-rates = [2, 0]",
            "arrival-rate = 1\nservice-rates = [2, 2]\nneed = 3",
            "arrival-rate = inf\nservice-rates = [2, 2]",
        ] {
            assert_invalid(&[("fork-join", text), ("split-merge", text)]);
        }
        let busy = "arrival-rate = 1\nservice-rates = [1, 2]";
        assert!(matches!(ask("fork-join", busy), Err(Refusal::Unstable(_))));
        let why = ask("split-merge", busy).unwrap_err().to_string();
        assert!(why.contains("stable below 0.857143"), "{why}");
        assert_invalid(&[("split-merge", "arrival-rate = 0.1\nservice-rates = [1]\nlaws = ['M 1s']")]);
    }

    #[test]
    fn tasks_of_any_law() {
        let sure = ask("split-merge", "arrival-rate = 0.25\nlaws = ['D 1s', 'D 2s']").unwrap();
        let wait = sure.get("split-merge", None, "wait", "mean").unwrap();
        assert!((wait - 1.0).abs() < 1e-11, "{wait}"); // M/D/1 of 2 s at rho = 1/2
    }
}
