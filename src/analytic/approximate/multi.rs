//! Approximations of the mean wait in G/G/c from two moments, and the exponential tail that goes with
//! them.

use super::two_moments::TwoMoments;

/// Mean wait in G/G/c by Allen and Cunneen; with Poisson arrivals it is the formula of Lee and Longton.
///
/// Formula: Wq = (ca2 + cs2)/2 * Wq(M/M/c).
/// Units: seconds. Valid when: rho < 1, first in first out; exact for M/M/c and M/G/1.
/// Reference: Allen, Probability, Statistics and Queueing Theory (2nd ed., 1990), sec. 5.4;
/// Lee and Longton, Operational Research Quarterly 10 (1959).
///
/// ```
/// use lindley::analytic::approximate::multi::allen_cunneen;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 1.5, service: 1.0, c: 2, arrival_scv: 1.0, service_scv: 0.0 };
/// assert!((allen_cunneen(&queue) - 9.0 / 14.0).abs() < 1e-14);
/// ```
pub fn allen_cunneen(queue: &TwoMoments) -> f64 {
    queue.variability() * queue.mmc_wait()
}

/// Mean wait in G/G/c by Sakasegawa: no Erlang C needed.
///
/// Formula: Wq = (ca2 + cs2)/2 * rho^(sqrt(2(c+1)) - 1) / (c (1-rho)) * E\[S\].
/// Units: seconds. Valid when: rho < 1, first in first out; exact for M/G/1.
/// Reference: Sakasegawa, An approximation formula Lq = alpha rho^beta / (1-rho), Ann. Inst.
/// Statist. Math. 29 (1977); Hopp and Spearman, Factory Physics, eq. 8.27.
///
/// ```
/// use lindley::analytic::approximate::multi::sakasegawa;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 3.5, service: 1.0, c: 7, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((sakasegawa(&queue) - 0.125 / 3.5).abs() < 1e-15); // 0.5^(4 - 1) / (7 * 0.5)
/// ```
pub fn sakasegawa(queue: &TwoMoments) -> f64 {
    let c = f64::from(queue.c);
    let power = queue.rho().powf((2.0 * (c + 1.0)).sqrt() - 1.0);
    queue.variability() * power / (c * queue.spare()) * queue.service
}

/// Mean wait in M/G/c by Cosmetatos: between M/M/c and M/D/c.
///
/// Formula: Wq = cs2 Wq(M/M/c) + (1 - cs2) Wq(M/D/c), Wq(M/D/c) = (1 + gamma)/2 * Wq(M/M/c), with
/// gamma = (1-rho)(c-1)(sqrt(4+5c) - 2)/(16 c rho), at most 0.24.
/// Units: seconds. Valid when: Poisson arrivals, rho < 1; meant for cs2 <= 1; exact for M/M/c and M/G/1.
/// Reference: Cosmetatos, Approximate explicit formulae for the average queueing time in the
/// processes M/D/r and D/M/r, INFOR 13 (1975), and Operational Research Quarterly 27 (1976).
///
/// ```
/// use lindley::analytic::approximate::multi::cosmetatos;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 1.6, service: 1.0, c: 2, arrival_scv: 1.0, service_scv: 0.0 };
/// let gamma = 0.2 * (14.0_f64.sqrt() - 2.0) / 25.6; // Wq(M/M/2) = 16/9
/// assert!((cosmetatos(&queue) - (1.0 + gamma) * 8.0 / 9.0).abs() < 1e-14);
/// ```
pub fn cosmetatos(queue: &TwoMoments) -> f64 {
    let deterministic = 0.5 * (1.0 + super::whitt::gamma(queue));
    (queue.service_scv + (1.0 - queue.service_scv) * deterministic) * queue.mmc_wait()
}

/// Rate of the exponential tail of the wait in heavy traffic, per second.
///
/// Formula: P(wait > t) about P(wait) e^{-eta t}, eta = 2 c (1-rho) / (E\[S\] (ca2 + cs2)).
/// Units: per second; infinite where nothing varies. Valid when: rho < 1, good as rho nears 1.
/// Reference: Kingman (1961); Koellerstroem, Heavy traffic theory for queues with several servers,
/// J. Appl. Prob. 11 (1974).
///
/// ```
/// use lindley::analytic::approximate::multi::heavy_traffic_decay;
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 1.5, service: 1.0, c: 2, arrival_scv: 1.0, service_scv: 1.0 };
/// assert!((heavy_traffic_decay(&queue) - 0.5).abs() < 1e-15); // M/M/2: c mu - lambda, exactly
/// ```
pub fn heavy_traffic_decay(queue: &TwoMoments) -> f64 {
    f64::from(queue.c) * queue.spare() / (queue.service * queue.variability())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mmc::Mmc;

    #[test]
    fn mmc_is_exact_or_close() {
        for (lambda, c) in [(0.9, 1), (1.8, 2), (18.0, 20), (190.0, 200)] {
            let exact = Mmc::new(lambda, 1.0, c).unwrap().wait();
            let q = TwoMoments { lambda, service: 1.0, c, arrival_scv: 1.0, service_scv: 1.0 };
            assert!((allen_cunneen(&q) / exact - 1.0).abs() < 1e-12);
            assert!((cosmetatos(&q) / exact - 1.0).abs() < 1e-12);
            assert!((sakasegawa(&q) / exact - 1.0).abs() < 0.07, "{c}: {} {exact}", sakasegawa(&q));
        }
    }
}
