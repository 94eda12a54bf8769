//! Laws of times from their complex transforms.

use super::TimeLaw;
use crate::analytic::numeric::inversion::{ABSCISSAS, abscissa, euler};
use nalgebra::Complex;

/// Tails below this are rounding.
const LEAST: f64 = 1e-11;

/// A time known by its transform, `atom` being P(time = 0) and `mean` its mean.
///
/// Formula: P(T > t) is the inverse of (1 - E\[e^{-sT}\])/s, summed by Euler's method.
/// Units: seconds. Valid when: t is no jump of the law; error about 1e-12/(1 - rho), absolute. Where
/// the two summations that are compared differ by more than a millionth, or below 1e-11, the tail is not a
/// number and no quantile is given.
/// Reference: Abate, Choudhury, Whitt, An introduction to numerical transform inversion (1999), sec. 4.
///
/// ```
/// use lindley::analytic::law::transformed::law_of_transform;
/// use nalgebra::Complex;
/// let law = law_of_transform(1.0, 0.0, "exponential", |s| Some(Complex::new(1.0, 0.0) / (s + 1.0)));
/// assert!((law.quantile(0.99).unwrap() - 100.0_f64.ln()).abs() < 1e-9);
/// ```
pub fn law_of_transform(
    mean: f64,
    atom: f64,
    method: &'static str,
    transform: impl Fn(Complex<f64>) -> Option<Complex<f64>> + Send + Sync + 'static,
) -> TimeLaw {
    let tail = move |s: Complex<f64>| transform(s).map(|value| (Complex::new(1.0, 0.0) - value) / s);
    TimeLaw::computed(mean, method, move |t| if t <= 0.0 { 1.0 - atom } else { invert(t, &tail).unwrap_or(f64::NAN) })
}

/// Laws of a wait of that mean, 0 but for a share `prob_wait`, and of the sojourn of that mean, from the
/// transforms of the wait and of the independent time that follows it.
pub(crate) fn wait_and_sojourn(
    (wait, prob_wait, sojourn): (f64, f64, f64),
    method: &'static str,
    transforms: impl Fn(Complex<f64>) -> Option<(Complex<f64>, Complex<f64>)> + Clone + Send + Sync + 'static,
) -> (TimeLaw, TimeLaw) {
    let own = transforms.clone();
    let both = move |s: Complex<f64>| own(s).map(|(wait, service)| wait * service);
    let wait = law_of_transform(wait, 1.0 - prob_wait, method, move |s| Some(transforms(s)?.0));
    (wait, law_of_transform(sojourn, 0.0, method, both))
}

fn invert(t: f64, tail: &impl Fn(Complex<f64>) -> Option<Complex<f64>>) -> Option<f64> {
    let values: Option<Vec<Complex<f64>>> = (0..ABSCISSAS).map(|q| tail(abscissa(q, t))).collect();
    let (whole, error) = euler(t, &values?);
    (whole > LEAST && whole < 1.0 + 1e-9 && error <= 1e-6 * whole.max(1e-4)).then_some(whole.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::inversion::{laplace, mg1_wait};
    use crate::analytic::station::mg1::Mg1;
    use crate::dist::Dist;

    #[test]
    fn the_wait_of_mg1_by_another_way_and_a_jump() {
        let service = Dist::erlang(3, 1.0).unwrap();
        let exact = Mg1::new(0.8, &service).unwrap().laws().unwrap().0;
        let own = service.clone();
        let law = law_of_transform(1.0, 0.2, "test", move |s| Some(mg1_wait(0.8, 0.8, s, laplace(&own, s)?)));
        for t in [0.0, 0.1, 1.0, 5.0, 20.0] {
            assert!((law.survival(t) - exact.survival(t)).abs() < 1e-11, "{t}");
        }
        for p in [0.1, 0.5, 0.99, 0.9999] {
            let (a, b) = (law.quantile(p).unwrap(), exact.quantile(p).unwrap());
            assert!((a - b).abs() < 1e-6 * b.max(1e-9), "{p}: {a} {b}");
        }
        let law = law_of_transform(1.0, 0.0, "constant", |s| Some((-s).exp()));
        assert_eq!(law.quantile(0.5), None);
    }
}
