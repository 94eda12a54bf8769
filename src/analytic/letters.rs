//! Laws by their letter in Kendall's notation, and exponential laws in whatever family they are
//! written. Knows no formula.

use crate::dist::Dist;

/// Mean of a law that is exponential, whatever family it is written in.
pub(crate) fn exponential_mean(law: &Dist) -> Option<f64> {
    // Shapes are often solved from an scv of 1, so they are 1 up to rounding.
    let one = |x: f64| (x - 1.0).abs() < 1e-12;
    let exponential = match law {
        Dist::Exponential(_) => true,
        Dist::Erlang(erlang) => erlang.k() == 1,
        Dist::Gamma(gamma) => one(gamma.shape()),
        Dist::Weibull(weibull) => one(weibull.shape()),
        Dist::Hyperexponential(mixture) => mixture.means().len() == 1,
        Dist::PhaseType(law) => law.phases() == 1,
        Dist::Coxian(law) => law.rates().len() == 1,
        _ => false,
    };
    // A phase-type law of one phase may start absorbed: then it has an atom at 0 and another scv.
    (exponential && one(law.scv())).then(|| law.mean())
}

/// Kendall's letter of a service law.
pub(crate) fn symbol(service: &Dist) -> String {
    match service {
        Dist::Deterministic(_) => "D".to_string(),
        Dist::Exponential(_) => "M".to_string(),
        Dist::Erlang(erlang) => format!("E{}", erlang.k()),
        Dist::Hyperexponential(mixture) => format!("H{}", mixture.means().len()),
        Dist::Coxian(_) | Dist::PhaseType(_) => "PH".to_string(),
        Dist::Gamma(_) => "Gamma".to_string(),
        Dist::Lognormal(_) => "LN".to_string(),
        Dist::Weibull(_) => "W".to_string(),
        Dist::Pareto(_) => "Pareto".to_string(),
        Dist::Uniform(_) => "U".to_string(),
        _ => "G".to_string(),
    }
}
