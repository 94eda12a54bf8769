//! Bounds on the mean wait of GI/G/1 and GI/G/c from two moments. Unlike approximations they are
//! theorems: the truth lies on the stated side.

use super::two_moments::TwoMoments;

/// Kingman's upper bound on the mean wait of GI/G/c.
///
/// Formula: Wq <= lambda (sa^2 + ss^2/c + (c-1) E\[S\]^2/c^2) / (2 (1-rho)), with sa^2 and ss^2 the
/// variances of times between arrivals and of services; for c = 1 lambda (sa^2 + ss^2) / (2 (1-rho)).
/// It is not the heavy-traffic form: see `kingman-heavy-traffic`.
/// Units: seconds. Valid when: rho < 1, first in first out, independent times.
/// Reference: Kingman, Some inequalities for the queue GI/G/1, Biometrika 49 (1962); for c > 1
/// Kingman, Inequalities in the theory of queues, JRSS B 32 (1970); Gross et al. (4th ed.), sec. 7.1.
///
/// ```
/// use lindley::analytic::approximate::bound::kingman_upper;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((kingman_upper(&queue) - 5.125).abs() < 1e-14); // M/M/1 truly waits 4
/// ```
pub fn kingman_upper(queue: &TwoMoments) -> f64 {
    let c = f64::from(queue.c);
    let shared = (c - 1.0) * (queue.service / c).powi(2);
    let variance = queue.arrival_variance() + queue.service_variance() / c + shared;
    0.5 * queue.lambda * variance / queue.spare()
}

/// Daley's upper bound on the mean wait of GI/G/1, never above Kingman's.
///
/// Formula: Wq <= (rho (2-rho) ca2 + rho^2 cs2) / (2 lambda (1-rho)).
/// Units: seconds. Valid when: c = 1, rho < 1, first in first out, independent times.
/// Reference: Daley, Inequalities for moments of tails of random variables, with a queueing
/// application, Z. Wahrscheinlichkeitstheorie 41 (1977).
///
/// ```
/// use lindley::analytic::approximate::bound::daley_upper;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((daley_upper(&queue) - 5.0).abs() < 1e-14); // (0.96 + 0.64) / 0.32
/// ```
pub fn daley_upper(queue: &TwoMoments) -> f64 {
    let rho = queue.rho();
    let sum = rho * (2.0 - rho) * queue.arrival_scv + rho * rho * queue.service_scv;
    0.5 * sum / (queue.lambda * queue.spare())
}

/// Marshall's lower bound on the mean wait of GI/G/1.
///
/// Formula: Wq >= max(0, (rho^2 cs2 - rho (2-rho)) / (2 lambda (1-rho))).
/// Units: seconds. Valid when: c = 1, rho < 1, first in first out, independent times. It does not
/// look at ca2, and says nothing (0) unless services vary much.
/// Reference: Marshall, Some inequalities in queueing, Operations Research 16 (1968);
/// Gross et al. (4th ed.), sec. 7.1.
///
/// ```
/// use lindley::analytic::approximate::bound::marshall_lower;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 4.0 };
/// assert!((marshall_lower(&queue) - 5.0).abs() < 1e-13); // (2.56 - 0.96) / 0.32; M/G/1 waits 10
/// ```
pub fn marshall_lower(queue: &TwoMoments) -> f64 {
    let rho = queue.rho();
    let sum = rho * rho * queue.service_scv - rho * (2.0 - rho);
    (0.5 * sum / (queue.lambda * queue.spare())).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mmc::Mmc;

    #[test]
    fn mg1_lies_between_the_bounds() {
        for rho in [0.05, 0.5, 0.9, 0.999] {
            for cs2 in [0.0, 0.3, 1.0, 4.0, 50.0] {
                let q = TwoMoments::loaded(rho, 1, 1.0, cs2);
                let exact = 0.5 * rho * (1.0 + cs2) / (1.0 - rho);
                assert!(marshall_lower(&q) <= exact && exact <= daley_upper(&q));
                assert!(daley_upper(&q) <= kingman_upper(&q));
            }
        }
    }

    #[test]
    fn mmc_and_dm1_lie_below_kingman_which_is_tight() {
        for c in [2, 5, 40] {
            for rho in [0.2, 0.8, 0.99] {
                let exact = Mmc::new(rho * f64::from(c), 1.0, c).unwrap().wait();
                assert!(exact <= kingman_upper(&TwoMoments::loaded(rho, c, 1.0, 1.0)));
            }
        }
        // D/M/1 at rho = 0.8: sigma = exp(-(1-sigma)/0.8), by iteration.
        let sigma = (0..2000).fold(0.5_f64, |s, _| (-(1.0 - s) / 0.8).exp());
        let (exact, q) = (sigma / (1.0 - sigma), TwoMoments::loaded(0.8, 1, 0.0, 1.0));
        assert!(marshall_lower(&q) <= exact && exact <= daley_upper(&q));
        let q = TwoMoments::loaded(1.0 - 1e-6, 1, 0.7, 1.9);
        let heavy = q.variability() / 1e-6;
        assert!((kingman_upper(&q) / heavy - 1.0).abs() < 1e-5);
        assert!((daley_upper(&q) / heavy - 1.0).abs() < 1e-5);
    }
}
