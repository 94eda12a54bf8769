//! A law in phases for one of which only mean and scv count: the usual fits of two moments.

use crate::analytic::matrix::phase::PhaseLaw;
use crate::analytic::refusal::Refusal;
use crate::dist::Dist;

/// Most stages of a law fitted to a small scv.
const MOST_STAGES: f64 = 50.0;

/// A phase-type law with that mean and squared coefficient of variation.
///
/// Formula: scv > 1: hyperexponential of two branches with balanced means; scv = 1: exponential; scv < 1:
/// k - 1 stages with probability p, else k, all of rate (k - p)/E\[X\], where 1/k <= scv <= 1/(k-1) and
/// p = (k scv - sqrt(k (1 + scv) - k^2 scv)) / (1 + scv).
/// Units: mean in seconds, scv dimensionless.
/// Valid when: the mean is positive and the scv finite; an scv below 0.02 is met by 50 stages, whose scv is 0.02.
/// As an approximation of G/G/c/K (`phase-fit`): laws that are not of phase type are replaced by these, and PH/PH/c/K is solved
/// exactly (`map-ph-c-k`). Accuracy: measured with lognormal laws (scv 0.25, 1, 4), c = 1 and 4, K - c = 0, 4, 30, at loads
/// of 0.7, 1 and 1.3: the share lost is off by 0.001 on average (0.013 at most) with both scv up to 1, by 0.013 (0.03)
/// with arrivals of scv 4; Lq by 0.4 % (4 %) and 3 % (25 %).
/// Reference: Tijms, A First Course in Stochastic Models (2003), app. B; Whitt, Approximating a point process by a
/// renewal process, Operations Research 30 (1982).
///
/// ```
/// use lindley::analytic::approximate::fit::two_moment_fit;
/// let (mean, variance) = two_moment_fit(2.0, 0.4).unwrap().moments();
/// assert!((mean - 2.0).abs() < 1e-14 && (variance - 0.4 * 4.0).abs() < 1e-13);
/// assert_eq!(two_moment_fit(2.0, 0.5).unwrap().phases(), 2); // E2
/// ```
pub fn two_moment_fit(mean: f64, scv: f64) -> Result<PhaseLaw, Refusal> {
    let invalid = |why: crate::dist::DistError| Refusal::invalid(why.to_string());
    if scv == f64::INFINITY {
        return Err(Refusal::Assumption("a law of infinite variance has no fit of two moments".to_string()));
    }
    if scv >= 1.0 {
        let law = if scv == 1.0 { Dist::exponential(mean) } else { Dist::hyperexponential_balanced(mean, scv) };
        let phases = PhaseLaw::of(&law.map_err(invalid)?);
        return phases.ok_or_else(|| Refusal::invalid("the mean is no positive number"));
    }
    let scv = scv.max(1.0 / MOST_STAGES);
    // 1/scv is often whole but for rounding.
    let k = (1.0 / scv - 1e-9).ceil();
    let fewer = ((k * scv - (k * (1.0 + scv) - k * k * scv).max(0.0).sqrt()) / (1.0 + scv)).max(0.0);
    let mut law = PhaseLaw::stages(&vec![(k - fewer) / mean; k as usize], "PH".to_string());
    (law.start[0], law.start[1]) = (1.0 - fewer, fewer);
    Ok(law)
}

/// The law itself where it is of phase type and not of too many phases, else one of the same two moments.
pub(super) fn in_phases(law: Option<&Dist>, mean: f64, scv: f64) -> Result<PhaseLaw, Refusal> {
    match law.and_then(PhaseLaw::of).filter(|law| law.phases() as f64 <= MOST_STAGES) {
        Some(law) => Ok(law),
        None => two_moment_fit(mean, scv),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_moments_are_met() {
        for scv in [0.02, 0.021, 0.1, 0.2, 0.25, 0.3, 1.0 / 3.0, 0.499, 0.5, 0.77, 0.999, 1.0, 1.001, 4.0, 100.0] {
            let (mean, variance) = two_moment_fit(3.0, scv).unwrap().moments();
            assert!((mean / 3.0 - 1.0).abs() < 1e-12, "{scv}: {mean}");
            assert!((variance / (9.0 * scv) - 1.0).abs() < 1e-6, "{scv}: {variance}");
        }
        assert!((two_moment_fit(1.0, 0.0).unwrap().moments().1 - 0.02).abs() < 1e-9);
        assert!(two_moment_fit(1.0, f64::INFINITY).is_err());
    }

    #[test]
    fn laws_in_phases_stay_what_they_are() {
        let e3 = Dist::erlang(3, 1.0).unwrap();
        assert_eq!(in_phases(Some(&e3), 1.0, 1.0 / 3.0).unwrap().letter, "E3");
        let many = Dist::erlang(400, 1.0).unwrap();
        assert_eq!(in_phases(Some(&many), 1.0, 1.0 / 400.0).unwrap().phases(), 50);
    }
}
