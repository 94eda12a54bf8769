//! The Laplace transform of a law on the real line: closed where the family has one, else by quadrature of
//! its survival function.

use super::closed_transform::{gamma, ln_laplace};
use super::kinks::{breakpoints, kinks};
use super::quadrature::{for_each_panel, panel};
use super::survival::{half_line, survival_moment};
use crate::dist::Dist;

/// E\[e^{-sS}\], the Laplace-Stieltjes transform, for real s of either sign.
///
/// Formula: the integral of e^{-st} over the law of S; at s < 0 the moment generating function.
/// Units: s per second. Valid when: any real s; infinite for
/// s <= -[`decay_rate`](super::survival::decay_rate).
/// Reference: Feller II (1971), ch. XIII.
///
/// ```
/// use lindley::analytic::numeric::transform::laplace;
/// use lindley::dist::Dist;
/// assert_eq!(laplace(&Dist::Exponential(1.0), 3.0), 0.25);
/// assert_eq!(laplace(&Dist::Deterministic(2.0), 3.0), (-6.0_f64).exp());
/// ```
pub fn laplace(law: &Dist, s: f64) -> f64 {
    if s <= 0.0 {
        return if s == 0.0 { 1.0 } else { 1.0 - s * survival_moment(law, 0, s) };
    }
    if let Some(ln) = ln_laplace(law, s) {
        return ln.exp();
    }
    match law {
        Dist::Mixture(mixture) => mixture.components().map(|(p, law)| p * laplace(law, s)).sum(),
        Dist::Shifted(shifted) => (-s * shifted.offset()).exp() * laplace(shifted.law(), s),
        Dist::Empirical(sample) => sample.average(|v| (-s * v).exp()),
        other => half_line(other, |t| s * (-s * t).exp() * other.cdf(t)),
    }
}

/// The Laplace transform phi(s) = E\[e^{-sX}\] of a law, s > 0.
///
/// Formula: phi(s) = 1 - s g(s), g(s) = integral of e^{-su} P(X > u) du: [`residual`](Laplace::residual)
/// loses no digits for small s, [`ln_value`](Laplace::ln_value) none for large s.
/// Units: s per second. Valid when: s > 0 and X > 0 has a finite mean.
/// Numerics: relative error about 1e-14 (closed: constant, exponential, gamma, Erlang,
/// hyperexponential, Coxian, phase type, samples, shifts and mixtures of them; others by Gauss and
/// Legendre's 16 points between the quantiles of the law).
/// Reference: Kleinrock, Queueing Systems I (1975), app. I.
///
/// ```
/// use lindley::{analytic::numeric::transform::Laplace, dist::Dist};
/// let law = Laplace::new(&Dist::Exponential(0.5)); // rate 2/s: phi(s) = 2/(2 + s)
/// assert!((law.value(1.0) - 2.0 / 3.0).abs() < 1e-15);
/// assert!((law.residual(1.0) - 1.0 / 3.0).abs() < 1e-15);
/// assert!((law.slope(1.0) + 2.0 / 9.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct Laplace {
    law: Dist,
    /// Of the panels, where the transform is not closed.
    breaks: Option<Vec<f64>>,
}

impl Laplace {
    /// The transform of that law.
    pub fn new(law: &Dist) -> Laplace {
        let breaks = slope(law, 1.0).is_none().then(|| breakpoints(law, &kinks(law)));
        Laplace { law: law.clone(), breaks }
    }

    /// phi(s).
    pub fn value(&self, s: f64) -> f64 {
        self.ln_value(s).exp()
    }

    /// ln phi(s), also where phi(s) is no double.
    pub fn ln_value(&self, s: f64) -> f64 {
        let otherwise = || match &self.breaks {
            None => laplace(&self.law, s).ln(),
            Some(breaks) => (s * self.integral(breaks, s, |u| self.law.cdf(u))).ln(),
        };
        ln_laplace(&self.law, s).unwrap_or_else(otherwise)
    }

    /// (1 - phi(s)) / s: the mean for s = 0, without cancellation.
    pub fn residual(&self, s: f64) -> f64 {
        match &self.breaks {
            _ if s == 0.0 => self.law.mean(),
            None => survival_moment(&self.law, 0, s),
            Some(breaks) => self.integral(breaks, s, |u| self.law.survival(u)),
        }
    }

    /// phi'(s) = -E\[X e^{-sX}\].
    pub fn slope(&self, s: f64) -> f64 {
        match &self.breaks {
            None => slope(&self.law, s).unwrap_or(f64::NAN),
            // phi = s integral of e^{-su} F(u): its derivative, integrated as one function.
            Some(breaks) => self.integral(breaks, s, |u| (1.0 - s * u) * self.law.cdf(u)),
        }
    }

    /// integral of e^{-su} f(u) du.
    fn integral(&self, breaks: &[f64], s: f64, f: impl Fn(f64) -> f64) -> f64 {
        let mut sum = 0.0;
        // Before the law begins nothing is counted.
        let start = s * self.law.quantile(0.5);
        for_each_panel(breaks, 2.0 / s, 750.0_f64.min(40.0 + start) / s, |low, high| {
            sum += panel(|u| (-s * u).exp() * f(u), low, high);
        });
        sum
    }
}

/// -E\[X e^{-sX}\], where that is closed.
fn slope(law: &Dist, s: f64) -> Option<f64> {
    let of_branch = |p: f64, mean: f64| -p * mean / ((1.0 + s * mean) * (1.0 + s * mean));
    Some(match law {
        Dist::Deterministic(d) => -d * (-s * d).exp(),
        Dist::Exponential(mean) => of_branch(1.0, *mean),
        Dist::Erlang(_) | Dist::Gamma(_) => {
            let (shape, scale) = gamma(law)?;
            -shape * scale * (-(shape + 1.0) * (s * scale).ln_1p()).exp()
        }
        Dist::Hyperexponential(mixture) => mixture.branches().map(|(p, mean)| of_branch(p, mean)).sum(),
        Dist::Coxian(_) | Dist::PhaseType(_) => s * survival_moment(law, 1, s) - survival_moment(law, 0, s),
        Dist::Mixture(mixture) => mixture.components().map(|(p, law)| Some(p * slope(law, s)?)).sum::<Option<f64>>()?,
        Dist::Shifted(shifted) => {
            let (law, offset) = (shifted.law(), shifted.offset());
            (-s * offset).exp() * (slope(law, s)? - offset * laplace(law, s))
        }
        Dist::Empirical(sample) => -sample.average(|v| v * (-s * v).exp()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same law by its closed form and, hidden in a mixture of one, by quadrature.
    #[test]
    fn closed_forms_and_quadrature_agree() {
        let (gamma, erlang) = (Dist::gamma(1.0, 0.3), Dist::erlang(4, 2.0));
        let (hyper, coxian) = (Dist::hyperexponential(&[0.9, 0.1], &[0.5, 5.5]), Dist::coxian_fit(1.0, 2.0));
        for law in [Ok(Dist::Exponential(1.0)), gamma, erlang, hyper, coxian].map(Result::unwrap) {
            let closed = Laplace::new(&law);
            let breaks = breakpoints(&law, &[]);
            let open = Laplace { law: law.clone(), breaks: Some(breaks.clone()) };
            for s in [1e-4, 0.1, 1.0, 30.0] {
                let residual = open.integral(&breaks, s, |u| law.survival(u));
                let value = s * open.integral(&breaks, s, |u| law.cdf(u));
                let slope = open.integral(&breaks, s, |u| (1.0 - s * u) * law.cdf(u));
                assert!((closed.residual(s) / residual - 1.0).abs() < 1e-12, "{} {s}", law.name());
                assert!((closed.value(s) / value - 1.0).abs() < 1e-11, "{} {s}", law.name());
                assert!((closed.slope(s) / slope - 1.0).abs() < 1e-10, "{} {s}", law.name());
            }
        }
    }

    #[test]
    fn uniform_has_its_textbook_transform() {
        let law = Laplace::new(&Dist::uniform(1.0, 3.0).unwrap());
        for s in [0.01_f64, 1.0, 20.0] {
            let exact = ((-s).exp() - (-3.0 * s).exp()) / (2.0 * s);
            assert!((law.value(s) / exact - 1.0).abs() < 1e-12, "{s}: {} {exact}", law.value(s));
        }
    }
}
