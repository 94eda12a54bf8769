//! Laplace transforms of the laws that have a closed one, complex or real.

use crate::dist::{Dist, PhaseType};
use nalgebra::{ComplexField, DMatrix, DVector};

/// ln E\[e^{-sS}\] for Re s >= 0, real or complex; continuous in s for constant, Erlang, gamma and
/// exponential laws and shifts of them, else on the principal branch; `None` for laws without a closed
/// transform.
///
/// Formula: D: -s d; Erlang: -k ln(1 + s E\[S\]/k); phase-type: ln alpha (sI - T)^{-1} (-T 1).
/// Units: s per second. Valid when: Re s >= 0.
/// Reference: Feller II (1971), ch. XIII.
///
/// ```
/// use lindley::analytic::numeric::closed_transform::ln_laplace;
/// use lindley::dist::Dist;
/// use nalgebra::Complex;
/// let value = ln_laplace(&Dist::Deterministic(2.0), Complex::new(1.0, 3.0)).unwrap();
/// assert_eq!((value.re, value.im), (-2.0, -6.0));
/// ```
pub fn ln_laplace<T: ComplexField<RealField = f64> + Copy>(law: &Dist, s: T) -> Option<T> {
    Some(match law {
        Dist::Deterministic(d) => -s.scale(*d),
        Dist::Exponential(mean) => -s.scale(*mean).ln_1p(),
        Dist::Erlang(_) | Dist::Gamma(_) => {
            let (shape, scale) = gamma(law)?;
            -s.scale(scale).ln_1p().scale(shape)
        }
        Dist::Shifted(shifted) => ln_laplace(shifted.law(), s)? - s.scale(shifted.offset()),
        Dist::Hyperexponential(mixture) => {
            let term = |(p, mean): (f64, f64)| T::from_real(p) / (T::one() + s.scale(mean));
            mixture.branches().map(term).fold(T::zero(), |sum, term| sum + term).ln()
        }
        Dist::Coxian(coxian) => phases(coxian.phase_type(), s)?.ln(),
        Dist::PhaseType(phase_type) => phases(phase_type, s)?.ln(),
        Dist::Uniform(_) => {
            let (low, width) = (law.quantile(0.0), law.quantile(1.0) - law.quantile(0.0));
            let x = s.scale(width);
            // (1 - e^{-x})/x, by its series near 0.
            let series = T::one() - x.scale(0.5) + (x * x).scale(1.0 / 6.0);
            let mean = if x.modulus() < 1e-4 { series } else { -(-x).exp_m1() / x };
            mean.ln() - s.scale(low)
        }
        Dist::Mixture(mixture) => {
            let mut sum = T::zero();
            for (p, law) in mixture.components() {
                sum += ln_laplace(law, s)?.exp().scale(p);
            }
            sum.ln()
        }
        _ => return None,
    })
}

/// Shape and scale of a gamma law.
pub(super) fn gamma(law: &Dist) -> Option<(f64, f64)> {
    match law {
        Dist::Gamma(gamma) => Some((gamma.shape(), gamma.scale())),
        Dist::Erlang(erlang) => Some((f64::from(erlang.k()), law.mean() / f64::from(erlang.k()))),
        _ => None,
    }
}

/// sI - T.
pub(super) fn resolvent<T: ComplexField<RealField = f64> + Copy>(law: &PhaseType, s: T) -> DMatrix<T> {
    let n = law.phases();
    let diagonal = |i: usize, j: usize| if i == j { s } else { T::zero() };
    DMatrix::from_fn(n, n, |i, j| diagonal(i, j) - T::from_real(law.generator()[i * n + j]))
}

/// alpha (sI - T)^{-1} (-T 1).
fn phases<T: ComplexField<RealField = f64> + Copy>(law: &PhaseType, s: T) -> Option<T> {
    let n = law.phases();
    let exit = |i: usize| T::from_real(-law.generator()[i * n..(i + 1) * n].iter().sum::<f64>());
    let solved = resolvent(law, s).lu().solve(&DVector::from_fn(n, |i, _| exit(i)))?;
    Some(law.alpha().iter().zip(solved.iter()).map(|(a, x)| x.scale(*a)).fold(T::zero(), |sum, term| sum + term))
}
