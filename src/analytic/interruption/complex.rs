//! Laplace transforms of laws in the right half-plane, where they have a closed form. Knows no
//! queue.

use crate::dist::{Dist, PhaseType};
use nalgebra::{Complex, DMatrix, DVector};

/// ln E\[e^{-sS}\] for Re s >= 0, continuous in s for constant, Erlang, gamma and exponential laws and
/// shifts of them, else on the principal branch; `None` for laws without a closed transform.
///
/// Formula: D: -s d; Erlang: -k ln(1 + s E\[S\]/k); phase-type: ln alpha (sI - T)^{-1} (-T 1).
/// Units: s per second. Valid when: Re s >= 0.
/// Reference: Feller II (1971), ch. XIII.
///
/// ```
/// use lindley::analytic::interruption::complex::ln_laplace;
/// use lindley::dist::Dist;
/// use nalgebra::Complex;
/// let value = ln_laplace(&Dist::Deterministic(2.0), Complex::new(1.0, 3.0)).unwrap();
/// assert_eq!((value.re, value.im), (-2.0, -6.0));
/// ```
pub fn ln_laplace(law: &Dist, s: Complex<f64>) -> Option<Complex<f64>> {
    let one = Complex::new(1.0, 0.0);
    Some(match law {
        Dist::Deterministic(d) => -s * *d,
        Dist::Exponential(mean) => -(one + s * *mean).ln(),
        Dist::Erlang(erlang) => {
            let k = f64::from(erlang.k());
            -(one + s * (law.mean() / k)).ln() * k
        }
        Dist::Gamma(gamma) => -(one + s * gamma.scale()).ln() * gamma.shape(),
        Dist::Shifted(shifted) => ln_laplace(shifted.law(), s)? - s * shifted.offset(),
        Dist::Hyperexponential(mixture) => {
            let branches = mixture.probabilities().iter().zip(mixture.means());
            branches.map(|(p, mean)| one * *p / (one + s * *mean)).sum::<Complex<f64>>().ln()
        }
        Dist::Coxian(coxian) => phases(coxian.phase_type(), s)?.ln(),
        Dist::PhaseType(phase_type) => phases(phase_type, s)?.ln(),
        Dist::Uniform(_) => {
            let (low, width) = (law.quantile(0.0), law.quantile(1.0) - law.quantile(0.0));
            let x = s * width;
            // (1 - e^{-x})/x, by its series near 0.
            let mean = if x.norm() < 1e-4 { one - x * 0.5 + x * x / 6.0 } else { (one - (-x).exp()) / x };
            mean.ln() - s * low
        }
        Dist::Mixture(mixture) => {
            let mut sum = Complex::new(0.0, 0.0);
            for (p, law) in mixture.components() {
                sum += ln_laplace(law, s)?.exp() * p;
            }
            sum.ln()
        }
        _ => return None,
    })
}

fn phases(law: &PhaseType, s: Complex<f64>) -> Option<Complex<f64>> {
    let n = law.phases();
    let resolvent = DMatrix::from_fn(n, n, |i, j| {
        let diagonal = if i == j { s } else { Complex::new(0.0, 0.0) };
        diagonal - law.generator()[i * n + j]
    });
    let exits = DVector::from_fn(n, |i, _| Complex::new(-law.generator()[i * n..(i + 1) * n].iter().sum::<f64>(), 0.0));
    let solved = resolvent.lu().solve(&exits)?;
    Some(law.alpha().iter().zip(solved.iter()).map(|(a, x)| x * *a).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::interruption::transform::laplace;

    #[test]
    fn agrees_with_the_real_line() {
        let laws = [
            Dist::Deterministic(0.7),
            Dist::Exponential(2.0),
            Dist::erlang(4, 1.5).unwrap(),
            Dist::gamma(1.0, 0.4).unwrap(),
            Dist::hyperexponential_balanced(1.0, 3.0).unwrap(),
            Dist::coxian_fit(1.0, 2.0).unwrap(),
            Dist::uniform(0.5, 2.0).unwrap(),
            Dist::shifted(0.3, Dist::Exponential(1.0)).unwrap(),
            Dist::mixture(vec![(0.3, Dist::Deterministic(1.0)), (0.7, Dist::Exponential(0.2))]).unwrap(),
        ];
        for law in &laws {
            for s in [1e-6, 0.4, 7.0] {
                let value = ln_laplace(law, Complex::new(s, 0.0)).unwrap();
                assert!(
                    (value.re.exp() / laplace(law, s) - 1.0).abs() < 1e-11 && value.im == 0.0,
                    "{} {s}",
                    law.name()
                );
            }
        }
        assert!(ln_laplace(&Dist::lognormal(1.0, 1.0).unwrap(), Complex::new(1.0, 0.0)).is_none());
    }
}
