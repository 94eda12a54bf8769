//! How often a message is tried when attempts fail independently, with or without a limit.

use crate::analytic::numeric::moments::RawMoments;

/// Attempts that fail with probability p, at most n of them (the first included).
///
/// Formula: P(K = k) = p^{k-1} (1-p) for k < n, P(K = n) = p^{n-1}; E\[K\] = (1 - p^n)/(1-p);
/// dead letters: p^n. Without a limit: geometric, E\[K\] = 1/(1-p), and no dead letters.
/// Units: dimensionless.
/// Valid when: attempts fail independently of each other; p < 1 where there is no limit; n >= 1.
/// Reference: elementary; Feller, An Introduction to Probability Theory 1, sec. VI.8.
///
/// ```
/// use lindley::analytic::retry::attempts::Attempts;
/// let tries = Attempts { failure: 0.5, most: Some(3) };
/// assert_eq!((tries.probability(1), tries.probability(2), tries.probability(3)), (0.5, 0.25, 0.25));
/// assert_eq!((tries.mean(), tries.dead()), (1.75, 0.125));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempts {
    /// Probability that an attempt fails.
    pub failure: f64,
    /// Attempts in all; `None`: until one succeeds.
    pub most: Option<u32>,
}

impl Attempts {
    /// p^k.
    fn power(&self, k: u32) -> f64 {
        if k == 0 { 1.0 } else { (f64::from(k) * self.failure.ln()).exp() }
    }

    /// P(K = k).
    pub fn probability(&self, k: u32) -> f64 {
        match self.most {
            _ if k == 0 => 0.0,
            Some(most) if k > most => 0.0,
            Some(most) if k == most => self.failure.powf(f64::from(k - 1)),
            _ => self.failure.powf(f64::from(k - 1)) * (1.0 - self.failure),
        }
    }

    /// Share of messages that never succeed: p^n.
    pub fn dead(&self) -> f64 {
        self.most.map_or(0.0, |most| self.failure.powf(f64::from(most)))
    }

    /// Mean number of attempts.
    pub fn mean(&self) -> f64 {
        let p = self.failure;
        match self.most {
            None => 1.0 / (1.0 - p),
            Some(most) if p == 1.0 => f64::from(most),
            // (1 - p^n)/(1-p), p^n near 1 included.
            Some(most) if p > 0.5 => {
                let ln_p = (-(1.0 - p)).ln_1p();
                -(f64::from(most) * ln_p).exp_m1() / (1.0 - p)
            }
            Some(most) => (1.0 - self.power(most)) / (1.0 - p),
        }
    }

    /// First three cumulants of the number of failures that are tried again, J = K - 1: mean,
    /// variance, third central moment.
    ///
    /// ```
    /// use lindley::analytic::retry::attempts::Attempts;
    /// let [mean, variance, third] = Attempts { failure: 0.5, most: None }.retry_cumulants();
    /// assert!((mean - 1.0).abs() < 1e-15 && (variance - 2.0).abs() < 1e-14 && (third - 6.0).abs() < 1e-13);
    /// ```
    pub fn retry_cumulants(&self) -> [f64; 3] {
        let p = self.failure;
        let Some(most) = self.most else {
            let q = 1.0 - p;
            return [p / q, p / (q * q), p * (1.0 + p) / (q * q * q)];
        };
        if p == 1.0 {
            return [f64::from(most) - 1.0, 0.0, 0.0];
        }
        let (mut first, mut second, mut third) = (0.0, 0.0, 0.0);
        // E[J (J-1) ... ] by tails: P(J >= j) = p^j for j < n.
        let mut tail = 1.0;
        for j in 1..most {
            tail *= p;
            let j = f64::from(j);
            first += tail;
            second += (2.0 * j - 1.0) * tail;
            third += (3.0 * j * (j - 1.0) + 1.0) * tail;
            if tail * j * j * j < 1e-20 * first {
                break;
            }
        }
        RawMoments { first, second, third }.cumulants()
    }
}

/// First three cumulants of the time a server is held by a message that keeps it through its
/// attempts: S for the first and S + B for each further one, B the back-off.
///
/// Formula: X = S + sum of J terms Y = S + B; kappa_1 = E\[S\] + E\[J\] E\[Y\],
/// kappa_2 = Var S + E\[J\] Var Y + Var J E\[Y\]^2,
/// kappa_3 = kappa_3(S) + E\[J\] kappa_3(Y) + 3 Var J E\[Y\] Var Y + kappa_3(J) E\[Y\]^3.
/// Units: seconds, and their powers.
/// Valid when: J, and all S and B, are independent.
/// Reference: cumulants of random sums, Feller 2, sec. XII; Kendall and Stuart 1, sec. 3.12.
///
/// ```
/// use lindley::analytic::retry::attempts::{Attempts, held_cumulants};
/// // Exponential services until one succeeds: exponential of mean 1/(1-p).
/// let held = held_cumulants(&Attempts { failure: 0.5, most: None }, [1.0, 1.0, 2.0], [0.0; 3]);
/// assert!((held[0] - 2.0).abs() < 1e-14 && (held[1] - 4.0).abs() < 1e-14 && (held[2] - 16.0).abs() < 1e-13);
/// ```
pub fn held_cumulants(attempts: &Attempts, service: [f64; 3], backoff: [f64; 3]) -> [f64; 3] {
    let [j1, j2, j3] = attempts.retry_cumulants();
    if j1 == 0.0 {
        return service;
    }
    let [y1, y2, y3] = [0, 1, 2].map(|i| service[i] + backoff[i]);
    [
        service[0] + j1 * y1,
        service[1] + j1 * y2 + j2 * y1 * y1,
        service[2] + j1 * y3 + 3.0 * j2 * y1 * y2 + j3 * y1.powi(3),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limited_attempts_by_enumeration_and_in_the_limit() {
        for (failure, most) in [(0.3, 1), (0.9, 7), (1.0, 4), (0.0, 3), (1e-9, 3)] {
            let tries = Attempts { failure, most: Some(most) };
            let total: f64 = (1..=most).map(|k| tries.probability(k)).sum();
            let moment = |n: i32| -> f64 { (1..=most).map(|k| f64::from(k - 1).powi(n) * tries.probability(k)).sum() };
            let [mean, variance, third] = tries.retry_cumulants();
            let (m1, m2, m3) = (moment(1), moment(2), moment(3));
            assert!((total - 1.0).abs() < 1e-14, "{failure} {most}");
            assert!((mean - m1).abs() < 1e-14 && (tries.mean() - 1.0 - m1).abs() < 1e-14, "{failure} {most}");
            assert!((variance - (m2 - m1 * m1)).abs() < 1e-13, "{failure} {most}");
            assert!((third - (m3 - 3.0 * m1 * m2 + 2.0 * m1.powi(3))).abs() < 1e-12, "{failure} {most}");
        }
        let [a, b, c] = Attempts { failure: 0.8, most: Some(1_000_000) }.retry_cumulants();
        let [x, y, z] = Attempts { failure: 0.8, most: None }.retry_cumulants();
        assert!((a / x - 1.0).abs() < 1e-12 && (b / y - 1.0).abs() < 1e-12 && (c / z - 1.0).abs() < 1e-11);
    }
}
