//! The Laplace transform of a law at real arguments: closed where the family has one, else by
//! quadrature of its survival function. Knows no queue.

use super::kinks::{breakpoints, kinks};
use super::quadrature::{for_each_panel, panel};
use crate::dist::Dist;
use nalgebra::{DMatrix, DVector};

/// The Laplace transform phi(s) = E\[e^{-sX}\] of a law, s > 0.
///
/// Formula: phi(s) = 1 - s g(s), g(s) = integral of e^{-su} P(X > u) du: [`residual`](Laplace::residual)
/// loses no digits for small s, [`ln_value`](Laplace::ln_value) none for large s.
/// Units: s per second. Valid when: s > 0 and X > 0 has a finite mean.
/// Numerics: relative error about 1e-14 (closed: constant, exponential, gamma, Erlang,
/// hyperexponential, Coxian, phase type; others by Gauss and Legendre's 16 points between the
/// quantiles of the law).
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
    breaks: Vec<f64>,
}

/// Families with a closed transform.
enum Form {
    Constant(f64),
    /// Shape and scale.
    Gamma(f64, f64),
    /// (probability, mean).
    Branches(Vec<(f64, f64)>),
    /// Starting law and generator, by rows.
    Phases(Vec<f64>, Vec<f64>),
    Other,
}

impl Laplace {
    /// The transform of that law.
    pub fn new(law: &Dist) -> Laplace {
        let breaks = match form(law) {
            Form::Other => breakpoints(law, &kinks(law)),
            _ => Vec::new(),
        };
        Laplace { law: law.clone(), breaks }
    }

    /// phi(s).
    pub fn value(&self, s: f64) -> f64 {
        self.ln_value(s).exp()
    }

    /// ln phi(s), also where phi(s) is no double.
    pub fn ln_value(&self, s: f64) -> f64 {
        match form(&self.law) {
            Form::Constant(d) => -s * d,
            Form::Gamma(shape, scale) => -shape * (s * scale).ln_1p(),
            Form::Branches(branches) => branches.iter().map(|(p, mean)| p / (1.0 + s * mean)).sum::<f64>().ln(),
            Form::Phases(..) => (-s * self.residual(s)).ln_1p(),
            Form::Other => (s * self.integral(s, |u| self.law.cdf(u))).ln(),
        }
    }

    /// (1 - phi(s)) / s: the mean for s = 0, without cancellation.
    pub fn residual(&self, s: f64) -> f64 {
        if s == 0.0 {
            return self.law.mean();
        }
        match form(&self.law) {
            Form::Constant(_) | Form::Gamma(..) => -self.ln_value(s).exp_m1() / s,
            Form::Branches(branches) => branches.iter().map(|(p, mean)| p * mean / (1.0 + s * mean)).sum(),
            Form::Phases(start, generator) => resolvent(&start, &generator, s, 1),
            Form::Other => self.integral(s, |u| self.law.survival(u)),
        }
    }

    /// phi'(s) = -E\[X e^{-sX}\].
    pub fn slope(&self, s: f64) -> f64 {
        match form(&self.law) {
            Form::Constant(d) => -d * (-s * d).exp(),
            Form::Gamma(shape, scale) => -shape * scale * (-(shape + 1.0) * (s * scale).ln_1p()).exp(),
            Form::Branches(branches) => {
                -branches.iter().map(|(p, mean)| p * mean / ((1.0 + s * mean) * (1.0 + s * mean))).sum::<f64>()
            }
            Form::Phases(start, generator) => s * resolvent(&start, &generator, s, 2) - self.residual(s),
            // phi = s integral of e^{-su} F(u): its derivative, integrated as one function.
            Form::Other => self.integral(s, |u| (1.0 - s * u) * self.law.cdf(u)),
        }
    }

    /// integral of e^{-su} f(u) du.
    fn integral(&self, s: f64, f: impl Fn(f64) -> f64) -> f64 {
        let mut sum = 0.0;
        for_each_panel(&self.breaks, 2.0 / s, 750.0_f64.min(40.0 + self.start(s)) / s, |low, high| {
            sum += panel(|u| (-s * u).exp() * f(u), low, high);
        });
        sum
    }

    /// Where the law begins, in units of 1/s: before it nothing is counted.
    fn start(&self, s: f64) -> f64 {
        s * self.law.quantile(0.5)
    }
}

fn form(law: &Dist) -> Form {
    match law {
        Dist::Deterministic(d) => Form::Constant(*d),
        Dist::Exponential(mean) => Form::Branches(vec![(1.0, *mean)]),
        Dist::Gamma(gamma) => Form::Gamma(gamma.shape(), gamma.scale()),
        Dist::Erlang(erlang) => Form::Gamma(f64::from(erlang.k()), law.mean() / f64::from(erlang.k())),
        Dist::Hyperexponential(mixture) => {
            Form::Branches(mixture.probabilities().iter().copied().zip(mixture.means().iter().copied()).collect())
        }
        Dist::Coxian(coxian) => {
            let law = coxian.phase_type();
            Form::Phases(law.alpha().to_vec(), law.generator().to_vec())
        }
        Dist::PhaseType(law) => Form::Phases(law.alpha().to_vec(), law.generator().to_vec()),
        _ => Form::Other,
    }
}

/// alpha (sI - T)^-power 1; not a number if sI - T cannot be inverted.
fn resolvent(start: &[f64], generator: &[f64], s: f64, power: usize) -> f64 {
    let n = start.len();
    let system = (DMatrix::identity(n, n) * s - DMatrix::from_row_slice(n, n, generator)).lu();
    let mut vector = DVector::from_element(n, 1.0);
    for _ in 0..power {
        match system.solve(&vector) {
            Some(solved) => vector = solved,
            None => return f64::NAN,
        }
    }
    vector.iter().zip(start).map(|(x, p)| x * p).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same law by its closed form and, hidden in a mixture of one, by quadrature.
    #[test]
    fn closed_forms_and_quadrature_agree() {
        let hyper = Dist::hyperexponential(&[0.9, 0.1], &[0.5, 5.5]).unwrap();
        let laws = [
            Dist::Exponential(1.0),
            Dist::gamma(1.0, 0.3).unwrap(),
            Dist::erlang(4, 2.0).unwrap(),
            hyper,
            Dist::coxian_fit(1.0, 2.0).unwrap(),
        ];
        for law in laws {
            let closed = Laplace::new(&law);
            let open = Laplace { law: law.clone(), breaks: breakpoints(&law, &[]) };
            for s in [1e-4, 0.1, 1.0, 30.0] {
                let residual = open.integral(s, |u| law.survival(u));
                let value = s * open.integral(s, |u| law.cdf(u));
                let slope = open.integral(s, |u| (1.0 - s * u) * law.cdf(u));
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
