//! Whitt's approximation of the mean wait in GI/G/c (1993), and Kimura's, both between the corner cases
//! M/M/c, M/D/c and D/M/c as Cosmetatos gives them.

use super::two_moments::TwoMoments;

/// Cosmetatos' gamma, by which M/D/c and D/M/c differ from what M/M/c suggests.
///
/// Formula: gamma = min(0.24, (1-rho)(c-1)(sqrt(4+5c) - 2)/(16 c rho)).
/// Units: dimensionless, 0 for c = 1. Valid when: 0 < rho < 1.
/// Reference: Whitt, Approximations for the GI/G/m queue, Production and Operations Management 2
/// (1993), eq. 2.15 to 2.18.
///
/// ```
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// use lindley::analytic::approximate::whitt::gamma;
/// let queue = TwoMoments { lambda: 4.0, service: 1.0, c: 8, arrival_scv: 1.0, service_scv: 1.0 };
/// // 0.5 * 7 * (sqrt(44) - 2) / 64 = 0.2534, cut off
/// assert_eq!(gamma(&queue), 0.24);
/// ```
pub fn gamma(queue: &TwoMoments) -> f64 {
    let c = f64::from(queue.c);
    let growing = (c - 1.0) * ((4.0 + 5.0 * c).sqrt() - 2.0) / (16.0 * c);
    (queue.spare() * growing / queue.rho()).min(0.24)
}

/// Wq(M/D/c) and Wq(D/M/c) over Wq(M/M/c)/2: phi1 and phi3.
fn corners(queue: &TwoMoments) -> (f64, f64) {
    let gamma = gamma(queue);
    let decay = (-2.0 * queue.spare() / (3.0 * queue.rho())).exp();
    (1.0 + gamma, (1.0 - 4.0 * gamma) * decay)
}

/// Whitt's correction factor phi for GI/G/c.
///
/// Formula: phi1 = 1 + gamma, phi3 = (1 - 4 gamma) exp(-2 (1-rho)/(3 rho)), phi4 = min(1, (phi1+phi3)/2),
/// psi = 1 if c2 = (ca2+cs2)/2 >= 1, else phi4^(2 (1-c2));
/// phi = (4 (ca2-cs2) phi1 + cs2 psi) / (4 ca2 - 3 cs2) for ca2 >= cs2,
/// phi = ((cs2-ca2) phi3 + (cs2 + 3 ca2) psi) / (2 ca2 + 2 cs2) for ca2 < cs2.
/// Units: dimensionless. Valid when: 0 < rho < 1.
/// Reference: Whitt, Approximations for the GI/G/m queue (1993), eq. 2.19 to 2.25.
///
/// ```
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// use lindley::analytic::approximate::whitt::whitt_factor;
/// let queue = TwoMoments { lambda: 8.0, service: 1.0, c: 10, arrival_scv: 1.0, service_scv: 1.0 };
/// assert_eq!(whitt_factor(&queue), 1.0);
/// ```
pub fn whitt_factor(queue: &TwoMoments) -> f64 {
    let (phi1, phi3) = corners(queue);
    let (ca2, cs2, mean) = (queue.arrival_scv, queue.service_scv, queue.variability());
    let phi4 = (0.5 * (phi1 + phi3)).min(1.0);
    let psi = if mean >= 1.0 { 1.0 } else { phi4.powf(2.0 * (1.0 - mean)) };
    if mean == 0.0 {
        psi
    } else if ca2 >= cs2 {
        // By the larger scv throughout, so that no product of large ones overflows.
        let share = cs2 / ca2;
        (4.0 * (1.0 - share) * phi1 + share * psi) / (4.0 - 3.0 * share)
    } else {
        let share = ca2 / cs2;
        ((1.0 - share) * phi3 + (1.0 + 3.0 * share) * psi) / (2.0 * (1.0 + share))
    }
}

/// Mean wait in GI/G/c by Whitt (1993).
///
/// Formula: Wq = phi (ca2 + cs2)/2 * Wq(M/M/c), phi as in `whitt-factor`.
/// Units: seconds. Valid when: rho < 1, first in first out; exact for M/M/c and, with c = 1, M/G/1.
/// Reference: Whitt, Approximations for the GI/G/m queue (1993), eq. 2.24.
///
/// ```
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// use lindley::analytic::approximate::whitt::whitt_1993;
/// let queue = TwoMoments { lambda: 1.5, service: 1.0, c: 2, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((whitt_1993(&queue) - 9.0 / 7.0).abs() < 1e-14);
/// ```
pub fn whitt_1993(queue: &TwoMoments) -> f64 {
    whitt_factor(queue) * queue.variability() * queue.mmc_wait()
}

/// Mean wait in GI/G/c by Kimura's interpolation between M/M/c, M/D/c and D/M/c.
///
/// Formula: Wq = (ca2 + cs2) / ((1-ca2)/Wq(D/M/c) + (1-cs2)/Wq(M/D/c) + 2 (ca2+cs2-1)/Wq(M/M/c)),
/// with Cosmetatos' M/D/c and D/M/c.
/// Units: seconds. Valid when: rho < 1, ca2 <= 1 and cs2 <= 1 (`None` otherwise: the weights would be
/// negative); exact for M/M/c.
/// Reference: Kimura, A two-moment approximation for the mean waiting time in the GI/G/s queue,
/// Management Science 32 (1986), and Queueing Systems 17 (1994), sec. 3.
///
/// ```
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// use lindley::analytic::approximate::whitt::kimura;
/// let queue = TwoMoments { lambda: 1.5, service: 1.0, c: 2, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((kimura(&queue).unwrap() - 9.0 / 7.0).abs() < 1e-14);
/// ```
pub fn kimura(queue: &TwoMoments) -> Option<f64> {
    let (ca2, cs2) = (queue.arrival_scv, queue.service_scv);
    if ca2 > 1.0 || cs2 > 1.0 {
        return None;
    }
    let (phi1, phi3) = corners(queue);
    // A corner of no weight plays no part, even where it is 0 because the load is.
    let part = |weight: f64, corner: f64| if weight == 0.0 { 0.0 } else { weight / corner };
    let inverse = 2.0 * (part(1.0 - ca2, phi3) + part(1.0 - cs2, phi1) + (ca2 + cs2 - 1.0));
    let ratio = if ca2 + cs2 == 0.0 { 0.0 } else { (ca2 + cs2) / inverse };
    Some(ratio * queue.mmc_wait())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_loads_and_where_branches_meet() {
        for (rho, c) in [(1e-5, 9), (1e-9, 2), (3e-5, 199)] {
            let poisson = TwoMoments::loaded(rho, c, 1.0, 0.5);
            let (wait, mmc) = (kimura(&poisson).unwrap(), poisson.mmc_wait());
            assert!(wait >= 0.5 * mmc && wait <= mmc, "{rho} {c}: {wait} {mmc}");
            assert_eq!(kimura(&TwoMoments::loaded(rho, c, 0.5, 0.5)), Some(0.0)); // regular arrivals never meet
        }
        for scv in [0.2, 0.9, 3.0] {
            let (above, below) =
                (TwoMoments::loaded(0.7, 4, scv + 1e-9, scv), TwoMoments::loaded(0.7, 4, scv - 1e-9, scv));
            assert!((whitt_factor(&above) - whitt_factor(&below)).abs() < 1e-7);
        }
        assert!(kimura(&TwoMoments::loaded(0.7, 4, 0.5, 1.5)).is_none());
        assert_eq!(whitt_1993(&TwoMoments::loaded(0.7, 4, 0.0, 0.0)), 0.0);
    }

    #[test]
    fn a_wait_grows_with_the_scv_however_large_it_is() {
        let wait = |ca2, cs2| whitt_1993(&TwoMoments::loaded(0.7, 4, ca2, cs2));
        for scv in [1e3, 1e100, 1.5e308] {
            for (arrival, service) in [(1.0, scv), (scv, 1.0), (scv, scv)] {
                let ratio = wait(arrival, service) / wait(arrival.min(1e3), service.min(1e3));
                assert!((ratio / (scv / 1e3) - 1.0).abs() < 3e-3, "{arrival:e} {service:e}: {ratio:e}");
            }
        }
    }

    #[test]
    fn corners_and_an_exact_root() {
        for (rho, c) in [(0.5, 2), (0.8, 10), (0.95, 100)] {
            let md = TwoMoments::loaded(rho, c, 1.0, 0.0);
            assert!((whitt_1993(&md) / kimura(&md).unwrap() - 1.0).abs() < 1e-12);
            assert!((whitt_1993(&md) / super::super::multi::cosmetatos(&md) - 1.0).abs() < 1e-12);
        }
        // D/M/1 at rho = 0.8.
        let sigma = (0..5000).fold(0.5_f64, |s, _| (-(1.0 - s) / 0.8).exp());
        let q = TwoMoments::loaded(0.8, 1, 0.0, 1.0);
        assert!((kimura(&q).unwrap() / (sigma / (1.0 - sigma)) - 1.0).abs() < 0.01);
    }
}
