//! Approximations of the mean wait in GI/G/1 from two moments.

use super::two_moments::TwoMoments;

/// Kingman's heavy-traffic form of the mean wait in GI/G/1: variability, utilization, time.
///
/// Formula: Wq = (ca2 + cs2)/2 * rho/(1-rho) * E\[S\]. Not a bound: see `kingman-bound`.
/// Units: seconds. Valid when: c = 1, rho < 1, good as rho nears 1; exact for M/G/1.
/// Reference: Kingman, The single server queue in heavy traffic, Proc. Camb. Phil. Soc. 57 (1961);
/// Hopp and Spearman, Factory Physics, sec. 8.6.
///
/// ```
/// use lindley::analytic::approximate::single::kingman_heavy_traffic;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 0.0 };
/// assert!((kingman_heavy_traffic(&queue) - 2.0).abs() < 1e-14); // M/D/1
/// ```
pub fn kingman_heavy_traffic(queue: &TwoMoments) -> f64 {
    queue.variability() * queue.rho() / queue.spare() * queue.service
}

/// Correction factor g of Kraemer and Langenbach-Belz.
///
/// Formula: g = exp(-2 (1-rho) (1-ca2)^2 / (3 rho (ca2+cs2))) for ca2 <= 1,
/// exp(-(1-rho) (ca2-1) / (ca2 + 4 cs2)) for ca2 > 1.
/// Units: dimensionless, at most 1. Valid when: 0 < rho < 1.
/// Reference: Kraemer and Langenbach-Belz, Approximate formulae for the delay in the queueing
/// system GI/G/1, ITC 8 (1976).
///
/// ```
/// use lindley::analytic::approximate::single::klb_factor;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 7.0 };
/// assert_eq!(klb_factor(&queue), 1.0);
/// ```
pub fn klb_factor(queue: &TwoMoments) -> f64 {
    let (rho, spare, ca2, cs2) = (queue.rho(), queue.spare(), queue.arrival_scv, queue.service_scv);
    if ca2 <= 1.0 {
        (-2.0 * spare * (1.0 - ca2).powi(2) / (3.0 * rho * (ca2 + cs2))).exp()
    } else {
        (-spare * (ca2 - 1.0) / (ca2 + 4.0 * cs2)).exp()
    }
}

/// Mean wait in GI/G/1 by Kraemer and Langenbach-Belz.
///
/// Formula: Wq = g (ca2 + cs2)/2 * rho/(1-rho) * E\[S\], g as in `klb-factor`.
/// Units: seconds. Valid when: c = 1, rho < 1; exact for M/G/1.
/// Reference: Kraemer and Langenbach-Belz, ITC 8 (1976); Whitt (1983), eq. 44.
///
/// ```
/// use lindley::analytic::approximate::single::klb;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.5, service: 1.0, c: 1, arrival_scv: 0.0, service_scv: 1.0 };
/// // D/M/1: 0.5 exp(-2/3), truly 0.2551
/// assert!((klb(&queue) - 0.5 * (-2.0_f64 / 3.0).exp()).abs() < 1e-15);
/// ```
pub fn klb(queue: &TwoMoments) -> f64 {
    klb_factor(queue) * kingman_heavy_traffic(queue)
}

/// Probability of a wait in GI/G/1 by Kraemer and Langenbach-Belz.
///
/// Formula: P(wait) = rho + (ca2 - 1) rho (1-rho) h, with
/// h = (1 + ca2 + rho cs2) / (1 + rho (cs2-1) + rho^2 (4 ca2 + cs2)) for ca2 <= 1,
/// h = 4 rho / (ca2 + rho^2 (4 ca2 + cs2)) for ca2 > 1; kept within \[0, 1\].
/// Units: a probability. Valid when: c = 1, rho < 1; exact (rho) for M/G/1.
/// Reference: Kraemer and Langenbach-Belz, ITC 8 (1976); Whitt (1983), eq. 48 and 49.
///
/// ```
/// use lindley::analytic::approximate::single::klb_prob_wait;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.7, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 3.0 };
/// assert_eq!(klb_prob_wait(&queue), 0.7);
/// ```
pub fn klb_prob_wait(queue: &TwoMoments) -> f64 {
    let (rho, spare, ca2, cs2) = (queue.rho(), queue.spare(), queue.arrival_scv, queue.service_scv);
    let h = if ca2 <= 1.0 {
        (1.0 + ca2 + rho * cs2) / (1.0 + rho * (cs2 - 1.0) + rho * rho * (4.0 * ca2 + cs2))
    } else {
        4.0 * rho / (ca2 + rho * rho * (4.0 * ca2 + cs2))
    };
    (rho + (ca2 - 1.0) * rho * spare * h).clamp(0.0, 1.0)
}

/// Marchal's approximation of the mean wait in GI/G/1: Kingman's bound scaled to be exact for M/G/1.
///
/// Formula: Wq = (1 + cs2) / (1/rho^2 + cs2) * lambda (sa^2 + ss^2) / (2 (1-rho)).
/// Units: seconds. Valid when: c = 1, rho < 1; exact for M/G/1.
/// Reference: Marchal, An approximate formula for waiting time in single server queues,
/// AIIE Transactions 8 (1976).
///
/// ```
/// use lindley::analytic::approximate::single::marchal;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((marchal(&queue) - 4.0).abs() < 1e-14);
/// ```
pub fn marchal(queue: &TwoMoments) -> f64 {
    let (rho, ca2, cs2) = (queue.rho(), queue.arrival_scv, queue.service_scv);
    let scale = rho * rho * (1.0 + cs2) / (1.0 + rho * rho * cs2);
    0.5 * scale * (ca2 + rho * rho * cs2) / (queue.lambda * queue.spare())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mg1::Mg1;
    use crate::dist::Dist;

    fn queue(rho: f64, arrival_scv: f64, service_scv: f64) -> TwoMoments {
        TwoMoments { lambda: 20.0 * rho, service: 0.05, c: 1, arrival_scv, service_scv }
    }

    #[test]
    fn poisson_arrivals_and_clockwork_are_exact() {
        for rho in [0.01, 0.5, 0.95] {
            for scv in [0.25, 1.0, 2.25] {
                let exact = Mg1::new(20.0 * rho, &Dist::gamma(0.05, scv).unwrap()).unwrap().wait();
                for wait in [kingman_heavy_traffic, klb, marchal].map(|f| f(&queue(rho, 1.0, scv))) {
                    assert!((wait / exact - 1.0).abs() < 1e-13, "{rho} {scv}: {wait} {exact}");
                }
            }
        }
        let q = queue(0.8, 0.0, 0.0);
        assert_eq!((klb(&q), marchal(&q), kingman_heavy_traffic(&q)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn erlang_arrivals_are_close_to_the_exact_root() {
        // E2/M/1: sigma = (2 rho / (2 rho + 1 - sigma))^2, Wq = sigma E[S] / (1 - sigma).
        for rho in [0.5, 0.8, 0.95] {
            let sigma = (0..20_000).fold(0.3_f64, |s, _| (2.0 * rho / (2.0 * rho + 1.0 - s)).powi(2));
            let exact = 0.05 * sigma / (1.0 - sigma);
            let q = queue(rho, 0.5, 1.0);
            assert!((klb(&q) / exact - 1.0).abs() < 0.1, "{rho}: {} {exact}", klb(&q));
            assert!((klb_prob_wait(&q) - sigma).abs() < 0.05, "{rho}: {} {sigma}", klb_prob_wait(&q));
            // Power twin: without the factor g the error is larger.
            assert!((kingman_heavy_traffic(&q) / exact - 1.0).abs() > (klb(&q) / exact - 1.0).abs());
        }
    }
}
