//! Families 00 to 03 and 06: Poisson arrivals, first in first out.

use super::finite::exact;
use super::{Case, probability};
use lindley::analytic::problem::{self, Input, Work};
use lindley::analytic::station::common_mistakes;
use lindley::analytic::station::erlang::{ln_erlang_b, ln_erlang_c};
use lindley::analytic::station::mg1::Mg1;
use lindley::analytic::station::mginf::MgInf;
use lindley::analytic::station::mm1::Mm1;
use lindley::analytic::station::mmc::Mmc;
use lindley::analytic::station::mmck::Mmck;
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
        let unlimited = self.0.id.starts_with("mginf") || self.0.text("c").is_some();
        let servers = if unlimited { Servers::Unlimited } else { Servers::Count(self.servers()) };
        let station = problem::Station {
            places: self.number("K").map(|k| k as u64),
            ..problem::Station::new(Input::Poisson(self.arrival_rate()?), Work::Law(self.service()), servers)
        };
        Some(exact(&station))
    }

    /// What this package says; `None`: nothing.
    fn value(&self, metric: &str) -> Option<f64> {
        if self.arrival_rate().is_none() {
            return self.erlang(metric);
        }
        if self.0.family.starts_with("00") {
            return self.confusion(metric);
        }
        let steady = self.steady()?;
        if let Some((law, p)) = quantile_named(metric, &steady) {
            return law?.quantile(p);
        }
        common(metric, &steady).or_else(|| self.special(metric, &steady))
    }

    fn limited(&self) -> Option<Mmck> {
        let mu = 1.0 / self.service().mean();
        Some(Mmck::new(self.arrival_rate()?, mu, self.servers(), self.number("K")? as u64))
    }

    /// What the formulas quoted for M/M/1 say, and what they were meant to say.
    fn confusion(&self, metric: &str) -> Option<f64> {
        let (lambda, mu) = (self.arrival_rate()?, self.number("mu")?);
        let queue = Mm1::new(lambda, mu).ok()?;
        match metric {
            "seed_W_claimed" => Some(common_mistakes::lambda_over_slack(lambda, mu)),
            "seed_X_claimed" => Some(common_mistakes::mu_over_lambda(lambda, mu)),
            "seed_D_claimed" => Some(common_mistakes::one_over_mu(mu)),
            "true_Wq" | "true_mean_wait_in_queue_Wq" => Some(queue.wait()),
            "true_W" | "true_mean_sojourn_W" | "true_mean_delay_total" => Some(queue.sojourn()),
            "true_L" | "true_mean_number_L" => Some(queue.in_system()),
            "true_Lq" => Some(queue.queue_length()),
            "true_throughput" => Some(queue.steady().throughput),
            "true_service_capacity" => Some(mu),
            "reciprocal_of_utilisation" => Some(1.0 / queue.utilization()),
            "true_mean_service_time" => Some(queue.steady().service),
            _ => None,
        }
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
            ("03", "p0") if self.number("K").is_some() => Some(self.limited()?.prob_empty()),
            ("03", "p0") => Some(MgInf::new(lambda, &service).prob_in_system(0)),
            ("03", "var_N") if self.number("K").is_some() => Some(self.limited()?.in_system_variance()),
            ("03", _) if self.number("K").is_some() => Some(self.limited()?.prob_in_system(count?)),
            ("03", "var_N") => Some(MgInf::new(lambda, &service).in_system()),
            ("03", _) => Some(MgInf::new(lambda, &service).prob_in_system(count?)),
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
