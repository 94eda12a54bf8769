//! Families 00 to 03 and 06: Poisson arrivals, first in first out.

use super::{Case, probability};
use lindley::analytic::station::erlang::{ln_erlang_b, ln_erlang_c};
use lindley::analytic::station::mg1::Mg1;
use lindley::analytic::station::mginf::MgInf;
use lindley::analytic::station::mm1::Mm1;
use lindley::analytic::station::mmc::Mmc;
use lindley::analytic::station::mmck::Mmck;
use lindley::analytic::station::solve;
use lindley::analytic::{Steady, TimeLaw};
use lindley::dist::Dist;
use lindley::model::Servers;

/// What the formulas of single stations say to a question.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    Station(case).value(question)
}

struct Station<'c>(&'c Case);

impl Station<'_> {
    fn number(&self, name: &str) -> Option<f64> {
        self.0.number(name)
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
        let servers = if self.0.id.starts_with("mginf") { Servers::Unlimited } else { Servers::Count(self.servers()) };
        let room = self.number("K").map(|k| k as u32 - self.servers());
        let solved = solve(self.arrival_rate()?, &self.service(), servers, room);
        Some(solved.unwrap_or_else(|why| panic!("{}: {why}", self.0.id)))
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
        match (&self.0.family[..2], metric) {
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
    Some((law.as_ref(), probability(percent)?))
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
