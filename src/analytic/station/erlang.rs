//! Erlang's two formulas, from one server to a million, in logarithms where needed.

use crate::analytic::numeric::poisson;

/// Erlang B, the probability that all `c` servers are busy when nobody can wait.
///
/// Formula: B = (a^c / c!) / sum_{k=0}^{c} a^k / k!, with a = lambda / mu the offered load.
/// Units: a in erlangs, B a fraction.
/// Valid when: a >= 0, arrivals Poisson, service of any law.
/// Numerics: sums of positive terms only, about 8 sqrt(c) of them; relative error below 1e-11
/// for c up to 10^6.
/// Reference: Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory (4th ed.), sec. 2.5.
///
/// ```
/// use lindley::analytic::station::erlang::erlang_b;
/// assert!((erlang_b(2, 1.0) - 0.2).abs() < 1e-15);
/// assert_eq!(erlang_b(0, 1.0), 1.0);
/// ```
pub fn erlang_b(c: u32, a: f64) -> f64 {
    ln_erlang_b(c, a).exp()
}

/// Natural logarithm of [`erlang_b`], finite where Erlang B itself underflows.
///
/// Formula: with a >= c, 1/B = sum_{k=0}^{c} c(c-1)...(c-k+1) / a^k; with a < c,
/// B = P(N = c) / P(N <= c), N Poisson of mean a.
/// Units: dimensionless. Valid when: a >= 0 (minus infinity for a = 0, c > 0).
/// Reference: D. L. Jagerman, Some properties of the Erlang loss function, BSTJ 53 (1974).
///
/// ```
/// use lindley::analytic::station::erlang::ln_erlang_b;
/// assert!((ln_erlang_b(1, 1.0) - 0.5_f64.ln()).abs() < 1e-15);
/// ```
pub fn ln_erlang_b(c: u32, a: f64) -> f64 {
    let servers = f64::from(c);
    if a >= servers {
        return -falling_sum(servers, a).ln();
    }
    let ln_p = poisson::ln_pmf(u64::from(c), a);
    ln_p - (-ln_p.exp() * tail_ratio(servers, a)).ln_1p()
}

/// 1/B for a >= c: each term is (c-k)/a < 1 times the one before.
fn falling_sum(c: f64, a: f64) -> f64 {
    let (mut sum, mut term, mut left) = (1.0, 1.0, c);
    while left > 0.0 && term > 1e-18 * sum {
        term *= left / a;
        left -= 1.0;
        sum += term;
    }
    sum
}

/// P(N > c) / P(N = c) for N Poisson of mean a < c.
fn tail_ratio(c: f64, a: f64) -> f64 {
    let (mut sum, mut term, mut k) = (0.0, 1.0, c);
    while term > 1e-18 * sum {
        k += 1.0;
        term *= a / k;
        sum += term;
    }
    sum
}

/// Erlang C, the probability that an arrival to M/M/c has to wait.
///
/// Formula: C = c B / (c - a (1 - B)), B = Erlang B of the same c and a.
/// Units: a in erlangs, C a fraction.
/// Valid when: 0 <= a < c; `None` for a >= c, where the queue grows without end.
/// Reference: Gross et al. (4th ed.), eq. 2.34; Cooper, Introduction to Queueing Theory, sec. 3.4.
///
/// ```
/// use lindley::analytic::station::erlang::erlang_c;
/// assert!((erlang_c(2, 1.5).unwrap() - 9.0 / 14.0).abs() < 1e-15);
/// assert_eq!(erlang_c(2, 2.0), None);
/// ```
pub fn erlang_c(c: u32, a: f64) -> Option<f64> {
    ln_erlang_c(c, a).map(f64::exp)
}

/// Natural logarithm of [`erlang_c`].
///
/// Formula, units and validity as there.
///
/// ```
/// use lindley::analytic::station::erlang::ln_erlang_c;
/// assert!((ln_erlang_c(1, 0.25).unwrap() - 0.25_f64.ln()).abs() < 1e-15);
/// ```
pub fn ln_erlang_c(c: u32, a: f64) -> Option<f64> {
    let servers = f64::from(c);
    if !(a >= 0.0 && a < servers) {
        return None;
    }
    let ln_b = ln_erlang_b(c, a);
    // (c - a) + a B: both positive, so nothing cancels near saturation.
    Some(ln_b - ((servers - a) / servers + a * ln_b.exp() / servers).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook recursion 1/B(k) = 1 + (k/a) / B(k-1): an independent route, one step a server.
    fn by_recursion(c: u32, a: f64) -> f64 {
        (1..=c).fold(1.0, |b, k| a * b / (f64::from(k) + a * b))
    }

    #[test]
    fn sums_and_recursion_agree() {
        for c in [1, 2, 5, 30, 1000, 20_000] {
            for share in [0.3, 0.9, 0.999, 1.0, 1.001, 1.5, 20.0] {
                let a = share * f64::from(c);
                let (fast, slow) = (erlang_b(c, a), by_recursion(c, a));
                assert!((fast - slow).abs() <= 1e-11 * slow, "B({c}, {a}): {fast} against {slow}");
            }
        }
    }

    #[test]
    fn a_million_servers_agree_with_the_recursion() {
        let (c, a) = (1_000_000, 999_000.0);
        assert!((erlang_b(c, a) / by_recursion(c, a) - 1.0).abs() < 1e-10);
        // Power twin: one server fewer is seen.
        assert!((erlang_b(c - 1, a) / by_recursion(c, a) - 1.0).abs() > 1e-4);
    }

    #[test]
    fn published_values_and_extremes() {
        // Cooper, Introduction to Queueing Theory, Erlang B: 10 servers, 5 erlangs: 0.018.
        assert!((erlang_b(10, 5.0) - 0.0184).abs() < 5e-5);
        assert!((erlang_c(10, 5.0).unwrap() - 0.0361).abs() < 5e-5);
        assert_eq!(erlang_b(5, 0.0), 0.0);
        assert_eq!(erlang_c(5, 0.0), Some(0.0));
        assert!(ln_erlang_b(1000, 1e-3) < -12_000.0);
        assert!((erlang_b(3, 1e12) - 1.0).abs() < 1e-11);
        assert_eq!(erlang_c(5, f64::NAN), None);
    }
}
