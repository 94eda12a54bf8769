//! Every formula against `tests/oracle/cases.json`: answers computed apart from this package,
//! by truncated chains, 40-digit recursions and transform inversion.

use lindley::analytic::erlang::{ln_erlang_b, ln_erlang_c};
use lindley::analytic::mg1::Mg1;
use lindley::analytic::mginf::MgInf;
use lindley::analytic::mm1::Mm1;
use lindley::analytic::mmc::Mmc;
use lindley::analytic::mmck::Mmck;
use lindley::analytic::station::solve;
use lindley::analytic::{Steady, TimeLaw};
use lindley::dist::Dist;
use lindley::model::Servers;
use serde_json::Value;

/// Digits asked for at most; some answers have more.
const MOST_DIGITS: u64 = 8;

struct Case {
    id: String,
    family: String,
    params: Value,
    answers: serde_json::Map<String, Value>,
    digits: u64,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../../oracle/cases.json");
    let list: Vec<Value> = serde_json::from_str(text).expect("the oracle is valid JSON");
    let case = |v: &Value| Case {
        id: v["id"].as_str().expect("id").to_string(),
        family: v["family"].as_str().expect("family").to_string(),
        params: v["params"].clone(),
        answers: v["answers"].as_object().expect("answers").clone(),
        digits: v["accuracy_digits"].as_u64().expect("accuracy_digits"),
    };
    list.iter().map(case).collect()
}

impl Case {
    fn number(&self, name: &str) -> Option<f64> {
        self.params[name].as_f64()
    }

    fn servers(&self) -> u32 {
        self.number("c").map_or(1, |c| c as u32)
    }

    fn arrival_rate(&self) -> Option<f64> {
        self.number("lambda_")
    }

    fn service(&self) -> Dist {
        let number = |name| self.number(name).expect(name);
        if let Some(mu) = self.number("mu") {
            return Dist::Exponential(1.0 / mu);
        }
        if let Some(value) = self.number("service") {
            return Dist::Deterministic(value);
        }
        let mean = number("mean_service");
        if let Some(k) = self.number("k") {
            Dist::erlang(k as u32, mean).unwrap()
        } else if let Some(p) = self.number("p1") {
            Dist::hyperexponential(&[p, 1.0 - p], &[1.0 / number("rate1"), 1.0 / number("rate2")]).unwrap()
        } else if self.number("sigma_log").is_some() {
            Dist::lognormal(mean, number("scv")).unwrap()
        } else if let Some(alpha) = self.number("alpha") {
            Dist::pareto(number("xm"), alpha).unwrap()
        } else {
            Dist::Deterministic(mean)
        }
    }

    fn steady(&self) -> Option<Steady> {
        let servers = if self.id.starts_with("mginf") { Servers::Unlimited } else { Servers::Count(self.servers()) };
        let room = self.number("K").map(|k| k as u32 - self.servers());
        let solved = solve(self.arrival_rate()?, &self.service(), servers, room);
        Some(solved.unwrap_or_else(|why| panic!("{}: {why}", self.id)))
    }

    /// What this package says; `None`: nothing.
    fn value(&self, metric: &str) -> Option<f64> {
        if self.arrival_rate().is_none() {
            return self.erlang(metric);
        }
        let steady = self.steady()?;
        if let Some((law, p)) = quantile_named(metric, &steady) {
            return law?.quantile(p);
        }
        common(metric, &steady).or_else(|| self.special(metric, &steady))
    }

    fn erlang(&self, metric: &str) -> Option<f64> {
        let (c, a) = (self.servers(), self.number("offered_load")?);
        let log = if metric.ends_with("erlang_b") { ln_erlang_b(c, a) } else { ln_erlang_c(c, a)? };
        Some(if metric.starts_with("log10") { log / std::f64::consts::LN_10 } else { log.exp() })
    }

    /// Answers that only one family has.
    fn special(&self, metric: &str, steady: &Steady) -> Option<f64> {
        let (lambda, service) = (self.arrival_rate()?, self.service());
        let (c, mu) = (self.servers(), 1.0 / service.mean());
        let count = metric.strip_prefix("P_N_eq_").map(|n| n.parse().expect("a count"));
        match (&self.family[..2], metric) {
            ("01", "var_N") => Some(Mm1::new(lambda, mu).ok()?.in_system_variance()),
            ("01", "mean_busy_period") => Some(Mm1::new(lambda, mu).ok()?.busy_period()),
            ("01", "Wq_given_wait") => Some(Mm1::new(lambda, mu).ok()?.sojourn()),
            ("01", _) => Some(Mm1::new(lambda, mu).ok()?.prob_in_system(count?)),
            ("02", "erlang_b") => Some(ln_erlang_b(c, lambda / mu).exp()),
            ("02", "erlang_c") => steady.prob_wait,
            ("02", "Wq_given_wait") => Some(Mmc::new(lambda, mu, c).ok()?.wait_if_any()),
            ("03", "p0") => Some(Mmck::new(lambda, mu, c, self.number("K")? as u64).prob_empty()),
            ("03", "var_N") => Some(MgInf::new(lambda, &service).in_system()),
            ("03", _) => Some(MgInf::new(lambda, &service).prob_in_system(u64::from(count?))),
            ("06", "var_N") => Some(Mg1::new(lambda, &service).ok()?.in_system_variance()),
            ("06", "scv_service") => Some(service.scv()),
            _ => None,
        }
    }
}

fn quantile_named<'s>(metric: &str, steady: &'s Steady) -> Option<(Option<&'s TimeLaw>, f64)> {
    let (which, percent) = metric.split_once("_p")?;
    let law = match which {
        "wq" => &steady.wait_law,
        "w" => &steady.sojourn_law,
        _ => return None,
    };
    let p: f64 = format!("{}e-2", percent.replace('_', ".")).parse().ok()?;
    Some((law.as_ref(), p))
}

/// Answers that every station has.
fn common(metric: &str, steady: &Steady) -> Option<f64> {
    let (wait, sojourn) = (steady.wait?, steady.sojourn?);
    match metric {
        "rho" | "utilization" => steady.utilization,
        "offered_load" => Some(steady.offered_load),
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "Wq" => Some(wait.mean),
        "W" => Some(sojourn.mean),
        "var_Wq" => wait.variance,
        "var_W" => sojourn.variance,
        "E_Wq2" => Some(wait.variance? + wait.mean * wait.mean),
        "p_wait" | "p_wait_accepted" => steady.prob_wait,
        "p0" if steady.kendall.ends_with("/1") => Some(1.0 - steady.utilization?),
        "throughput" => Some(steady.throughput),
        "p_loss" => steady.prob_loss,
        "loss_rate" => Some(steady.arrival_rate * steady.prob_loss?),
        _ => None,
    }
}

/// Whether a value has that many correct significant digits.
fn agrees(value: f64, answer: &Value, digits: u64) -> bool {
    match answer {
        Value::String(text) if text == "infinite" => value == f64::INFINITY,
        Value::Number(number) => {
            let exact = number.as_f64().expect("a finite number");
            let allowed = 0.5 * 10.0_f64.powi(1 - digits.min(MOST_DIGITS) as i32);
            // Half a unit of the last digit asked for, of a number between 1 and 10 the leading one.
            (value - exact).abs() <= allowed * exact.abs().max(1e-300) / leading(exact)
        }
        _ => false,
    }
}

/// The number scaled to 1..10.
fn leading(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.abs() / 10.0_f64.powf(x.abs().log10().floor()) }
}

#[test]
fn every_answer_is_reproduced() {
    let (mut checked, mut uncovered, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases() {
        for (metric, answer) in &case.answers {
            match case.value(metric) {
                None => uncovered.push(format!("{} {metric}: no formula here gives it", case.id)),
                Some(value) if agrees(value, answer, case.digits) => checked += 1,
                Some(value) => wrong.push(format!("{} {metric}: {value:?} instead of {answer}", case.id)),
            }
        }
    }
    println!("{checked} answers reproduced; uncovered: {uncovered:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(uncovered.is_empty(), "{uncovered:#?}");
    assert_eq!(checked, cases().iter().map(|case| case.answers.len()).sum::<usize>());
}

/// Power twin: the same comparison notices one unit in the eighth digit, and a missing zero.
#[test]
fn a_wrong_digit_is_seen() {
    let answer = serde_json::json!(2.0506384);
    assert!(agrees(2.05063840, &answer, 12));
    assert!(!agrees(2.05063850, &answer, 12));
    assert!(!agrees(1e-9, &serde_json::json!(0.0), 15));
    assert!(!agrees(1e9, &serde_json::json!("infinite"), 15));
    // And a theory 1 % off fails nearly everywhere.
    let off = |case: &Case| {
        let numbers = case.answers.iter().filter_map(|(metric, answer)| Some((case.value(metric)?, answer)));
        numbers.filter(|(value, _)| *value != 0.0 && value.is_finite()).all(|(v, answer)| !agrees(1.01 * v, answer, 12))
    };
    assert!(cases().iter().all(off));
}
