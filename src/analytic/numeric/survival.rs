//! Transforms of the survival function of a law on the real line, on both sides of 0, and how fast its tail
//! falls.

use super::closed_transform::{ln_laplace, resolvent};
use super::kinks::{breakpoints, kinks};
use super::quadrature::panel;
use crate::dist::{Dist, PhaseType};
use nalgebra::{DMatrix, DVector};

/// The integral of t^k e^{-st} P(S > t) over t >= 0: from it follow the transform and its
/// derivatives without loss of digits, for k = 0, 1, 2.
///
/// Formula: k = 0: (1 - E\[e^{-sS}\])/s; k = 1 at s = 0: E\[S^2\]/2; k = 2 at s = 0: E\[S^3\]/3.
/// Units: s per second, result in seconds^(k+1).
/// Valid when: any real s; infinite where e^{-st} P(S > t) does not fall (s <= -[`decay_rate`]).
/// Reference: integration by parts; Gauss-Legendre quadrature where the law has no closed form.
///
/// ```
/// use lindley::analytic::numeric::survival::survival_moment;
/// use lindley::dist::Dist;
/// assert_eq!(survival_moment(&Dist::Exponential(1.0), 1, 1.0), 0.25);
/// assert_eq!(survival_moment(&Dist::Exponential(1.0), 0, -1.0), f64::INFINITY);
/// ```
pub fn survival_moment(law: &Dist, k: u32, s: f64) -> f64 {
    if s == 0.0 {
        return plain_moment(law, k);
    }
    if s < 0.0 && s <= -decay_rate(law) {
        return f64::INFINITY;
    }
    match law {
        Dist::Deterministic(d) => incomplete(k, s, *d),
        Dist::Exponential(mean) => exponential_term(k, s, 1.0, 1.0 / mean),
        Dist::Erlang(erlang) => erlang_sum(k, s, erlang.k(), f64::from(erlang.k()) / law.mean()),
        Dist::Gamma(_) if k == 0 => ln_laplace(law, s).map_or(f64::NAN, |ln| -ln.exp_m1() / s),
        Dist::Hyperexponential(mixture) => {
            mixture.branches().map(|(p, mean)| exponential_term(k, s, p, 1.0 / mean)).sum()
        }
        Dist::Coxian(coxian) => phases(coxian.phase_type(), k, s),
        Dist::PhaseType(phase_type) => phases(phase_type, k, s),
        Dist::Mixture(mixture) => mixture.components().map(|(p, law)| p * survival_moment(law, k, s)).sum(),
        Dist::Shifted(shifted) => {
            let (o, rest) = (shifted.offset(), |i| survival_moment(shifted.law(), i, s));
            let after = match k {
                0 => rest(0),
                1 => o * rest(0) + rest(1),
                _ => o * o * rest(0) + 2.0 * o * rest(1) + rest(2),
            };
            incomplete(k, s, o) + (-s * o).exp() * after
        }
        Dist::Empirical(sample) => sample.average(|v| incomplete(k, s, v)),
        other => half_line(other, |t| match other.survival(t) {
            gone if gone <= 0.0 => 0.0,
            left => left * t.powi(k as i32) * (-s * t).exp(),
        }),
    }
}

/// How fast the tail falls: the largest r with E\[e^{aS}\] finite for all a < r; infinite for
/// bounded laws, 0 for heavy tails.
///
/// Formula: -lim ln P(S > t)/t. Units: per second. Valid when: any law.
/// Reference: Feller II (1971), ch. XIII.
///
/// ```
/// use lindley::analytic::numeric::survival::decay_rate;
/// use lindley::dist::Dist;
/// assert_eq!(decay_rate(&Dist::Exponential(2.0)), 0.5);
/// assert_eq!(decay_rate(&Dist::lognormal(1.0, 1.0).unwrap()), 0.0);
/// ```
pub fn decay_rate(law: &Dist) -> f64 {
    match law {
        Dist::Exponential(mean) => 1.0 / mean,
        Dist::Erlang(erlang) => f64::from(erlang.k()) / law.mean(),
        Dist::Gamma(gamma) => 1.0 / gamma.scale(),
        Dist::Hyperexponential(mixture) => {
            mixture.branches().filter(|(p, _)| *p > 0.0).map(|(_, mean)| 1.0 / mean).fold(f64::INFINITY, f64::min)
        }
        Dist::Coxian(coxian) => slowest_mode(coxian.phase_type()),
        Dist::PhaseType(phase_type) => slowest_mode(phase_type),
        Dist::Lognormal(_) | Dist::Pareto(_) => 0.0,
        Dist::Weibull(weibull) if weibull.shape() < 1.0 => 0.0,
        Dist::Weibull(weibull) if weibull.shape() == 1.0 => 1.0 / weibull.scale(),
        Dist::Mixture(mixture) => {
            let components = mixture.components().filter(|(p, _)| *p > 0.0);
            components.map(|(_, law)| decay_rate(law)).fold(f64::INFINITY, f64::min)
        }
        Dist::Shifted(shifted) => decay_rate(shifted.law()),
        _ => f64::INFINITY,
    }
}

/// E\[S^{k+1}\]/(k+1).
fn plain_moment(law: &Dist, k: u32) -> f64 {
    let mean = law.mean();
    match k {
        0 => mean,
        1 => 0.5 * (law.variance() + mean * mean),
        _ => law.third_moment().unwrap_or(f64::INFINITY) / 3.0,
    }
}

/// weight k!/(s + rate)^{k+1}.
fn exponential_term(k: u32, s: f64, weight: f64, rate: f64) -> f64 {
    (1..=k).fold(weight / (s + rate), |term, i| term * f64::from(i) / (s + rate))
}

/// Sum over i < stages of (k+i)!/i! rate^i / (rate+s)^{k+i+1}.
fn erlang_sum(k: u32, s: f64, stages: u32, rate: f64) -> f64 {
    let mut term = exponential_term(k, s, 1.0, rate);
    let mut sum = 0.0;
    for i in 0..stages {
        sum += term;
        term *= f64::from(k + i + 1) / f64::from(i + 1) * rate / (rate + s);
    }
    sum
}

/// The integral of t^k e^{-st} from 0 to d.
fn incomplete(k: u32, s: f64, d: f64) -> f64 {
    let x = s * d;
    if x.abs() < 1.0 {
        let power = d.powi(k as i32 + 1);
        let term = |(j, factor): (u32, f64)| power * factor / f64::from(k + j + 1);
        let factors = (0..22_u32).scan(1.0, |factor, j| {
            let now = *factor;
            *factor *= -x / f64::from(j + 1);
            Some((j, now))
        });
        return factors.map(term).sum();
    }
    let first = -(-x).exp_m1() / s;
    (1..=k).fold(first, |lower, i| (f64::from(i) * lower - d.powi(i as i32) * (-x).exp()) / s)
}

/// k! alpha (sI - T)^{-(k+1)} 1.
fn phases(law: &PhaseType, k: u32, s: f64) -> f64 {
    let lu = resolvent(law, s).lu();
    let mut v = DVector::from_element(law.phases(), 1.0);
    for i in 0..=k {
        match lu.solve(&v) {
            Some(next) => v = next * f64::from(i.max(1)),
            None => return f64::INFINITY,
        }
    }
    DVector::from_row_slice(law.alpha()).dot(&v)
}

fn slowest_mode(law: &PhaseType) -> f64 {
    let n = law.phases();
    let generator = DMatrix::from_row_slice(n, n, law.generator());
    -generator.complex_eigenvalues().iter().map(|z| z.re).fold(f64::NEG_INFINITY, f64::max)
}

/// Integral over t >= 0 of a function that is smooth where the distribution function is.
pub(crate) fn half_line(law: &Dist, f: impl Fn(f64) -> f64) -> f64 {
    let mean = law.mean();
    let scale = if mean.is_finite() && mean > 0.0 { mean } else { law.quantile(0.5) };
    let end = law.quantile(1.0);
    let breaks = breakpoints(law, &kinks(law));
    let (mut sum, mut low, mut small) = (0.0, 0.0, 0);
    for k in -120..800 {
        let high = (scale * 2.0_f64.powf(0.5 * f64::from(k))).min(if k > 0 { f64::MAX } else { scale });
        let part = pieces(&f, low, high, &breaks);
        sum += part;
        // Three steps in a row that add nothing, beyond the bulk of the law.
        small = if part.abs() <= 1e-18 * sum.abs() { small + 1 } else { 0 };
        if k > 8 && (small >= 4 || (low > end && end > 0.0 && small >= 2)) {
            break;
        }
        low = high;
    }
    sum
}

/// Gauss-Legendre between the breaks of one step.
fn pieces(f: &impl Fn(f64) -> f64, low: f64, high: f64, breaks: &[f64]) -> f64 {
    let beyond = breaks.partition_point(|b| *b <= low);
    let inside = breaks[beyond..].iter().copied().take_while(|b| *b < high);
    let (mut sum, mut from) = (0.0, low);
    for to in inside.chain([high]) {
        sum += panel(f, from, to);
        from = to;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::transform::laplace;

    /// Closed forms against the quadrature that knows only the survival function.
    #[test]
    fn quadrature_agrees_with_closed_forms() {
        let laws = [
            Dist::Exponential(0.5),
            Dist::erlang(3, 2.0).unwrap(),
            Dist::hyperexponential_balanced(1.0, 4.0).unwrap(),
            Dist::coxian_fit(1.0, 0.7).unwrap(),
            Dist::shifted(0.5, Dist::Exponential(1.0)).unwrap(),
        ];
        for law in &laws {
            for s in [0.01, 0.3, 5.0, -0.5 * decay_rate(law)] {
                for k in 0..3 {
                    let direct = half_line(law, |t| t.powi(k as i32) * (-s * t).exp() * law.survival(t));
                    let closed = survival_moment(law, k, s);
                    assert!((direct / closed - 1.0).abs() < 1e-11, "{} {s} {k}: {direct} {closed}", law.name());
                }
                let back = 1.0 - s * survival_moment(law, 0, s);
                assert!((laplace(law, s) / back - 1.0).abs() < 1e-12, "{} {s}", law.name());
            }
        }
    }

    #[test]
    fn laws_without_closed_forms_have_their_moments() {
        let laws = [
            Dist::lognormal(1.0, 2.0).unwrap(),
            Dist::lognormal(1.0, 1e-3).unwrap(),
            Dist::weibull(2.0, 0.5).unwrap(),
            Dist::gamma(1.0, 0.3).unwrap(),
            Dist::uniform(1.0, 3.0).unwrap(),
            Dist::triangular(0.0, 1.0, 5.0).unwrap(),
            Dist::pareto(1.0, 3.5).unwrap(),
            Dist::histogram(&[0.0, 1.0, 3.0], &[1.0, 3.0]).unwrap(),
        ];
        for law in &laws {
            let direct = half_line(law, |t| law.survival(t));
            assert!((direct / law.mean() - 1.0).abs() < 1e-10, "{}: {direct}", law.name());
            for s in [0.2, 2.0] {
                let back = 1.0 - s * survival_moment(law, 0, s);
                assert!((laplace(law, s) / back - 1.0).abs() < 1e-9, "{} {s}: {back}", law.name());
            }
        }
    }

    #[test]
    fn constants_on_both_branches() {
        for s in [0.99, 1.01, -0.99, -1.01] {
            let near = incomplete(2, s, 1.0);
            let law = Dist::uniform(1.0 - 1e-9, 1.0 + 1e-9).unwrap();
            let direct = half_line(&law, |t| t * t * (-s * t).exp() * law.survival(t));
            assert!((near / direct - 1.0).abs() < 1e-9, "{s}: {near} {direct}");
        }
        assert_eq!(decay_rate(&Dist::Deterministic(1.0)), f64::INFINITY);
    }
}
