//! Poisson probabilities that neither overflow nor cancel, for means up to 10^9.

/// ln(2 pi).
const LN_TWO_PI: f64 = 1.837_877_066_409_345_5;

/// ln P(N = k) for N Poisson of mean `a`, by the saddle-point expansion.
///
/// Formula: `-stirling_error(k) - deviance(k, a) - ln(2 pi k) / 2`.
/// Units: dimensionless. Valid when: a >= 0.
/// Reference: C. Loader, Fast and accurate computation of binomial probabilities (2000), sec. 3.
///
/// ```
/// use lindley::analytic::numeric::poisson::ln_pmf;
/// assert!((ln_pmf(2, 1.0) - (0.5_f64.ln() - 1.0)).abs() < 1e-15);
/// ```
pub fn ln_pmf(k: u64, a: f64) -> f64 {
    let n = k as f64;
    if a == 0.0 {
        if k == 0 { 0.0 } else { f64::NEG_INFINITY }
    } else if k <= 15 {
        n * a.ln() - a - libm::lgamma(n + 1.0)
    } else {
        ln_density(n, a)
    }
}

/// The same between whole numbers, k > 15: of a^k e^{-a} / Gamma(k + 1).
pub(crate) fn ln_density(k: f64, a: f64) -> f64 {
    -stirling_error(k) - deviance(k, a) - 0.5 * (LN_TWO_PI + k.ln())
}

/// P(N = k) for N Poisson of mean `a`: `a^k e^-a / k!`.
///
/// Units: dimensionless. Valid when: a >= 0. Reference: Loader (2000).
///
/// ```
/// use lindley::analytic::numeric::poisson::pmf;
/// assert!((pmf(10, 10.0) - 0.1251100357211333).abs() < 1e-15);
/// ```
pub fn pmf(k: u64, a: f64) -> f64 {
    ln_pmf(k, a).exp()
}

/// P(N > k) for N Poisson of mean `a`: positive terms from k + 1 up where k is above the mean, else what the terms
/// from k down leave of 1.
///
/// ```
/// use lindley::analytic::numeric::poisson::above;
/// assert!((above(1, 1.0) - (1.0 - 2.0 * (-1.0_f64).exp())).abs() < 1e-15);
/// // 0.5^21 e^-0.5 / 21! (1 + 0.5/22 + 0.25/(22 23) + ..)
/// assert!((above(20, 0.5) / 5.7923e-27 - 1.0).abs() < 1e-5);
/// ```
pub fn above(k: u64, a: f64) -> f64 {
    let next = k.saturating_add(1);
    if next as f64 > a {
        return falling_sum(pmf(next, a), |i| a / (next.saturating_add(i)) as f64);
    }
    1.0 - falling_sum(pmf(k, a), |i| if i > k { 0.0 } else { (k + 1 - i) as f64 / a })
}

/// Sum of terms from the first on, the i-th `ratio`(i) times the one before, until they are negligible.
fn falling_sum(first: f64, ratio: impl Fn(u64) -> f64) -> f64 {
    let (mut sum, mut term) = (first, first);
    for i in 1.. {
        let falls = ratio(i);
        term *= falls;
        sum += term;
        // What is left is at most a geometric sum.
        if term * falls <= 1e-17 * sum * (1.0 - falls) {
            break;
        }
    }
    sum
}

/// ln n! less Stirling's formula, n > 15.
fn stirling_error(n: f64) -> f64 {
    let nn = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / nn) / nn) / nn) / nn) / n
}

/// x ln(x/m) + m - x, without cancellation near x = m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut power = 2.0 * x * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// sum over j of P(N = j) `weight(j)` for N Poisson of mean `x` and weights in [0, 1] that
/// do not increase, relative error about 1e-15: starts at the mode, stops when what is
/// left cannot matter.
pub(crate) fn expect(x: f64, weight: impl Fn(u64) -> f64) -> f64 {
    expect_up_to(x, u64::MAX, weight)
}

/// [`expect`] for weights that are 0 beyond `last`: begins there where that is below the mode, so that no mean, however
/// large, takes longer than the weights are many.
pub(crate) fn expect_up_to(x: f64, last: u64, weight: impl Fn(u64) -> f64) -> f64 {
    let top = (x.floor() as u64).min(last);
    let at_mode = pmf(top, x);
    let mut sum = at_mode * weight(top);
    let (mut p, mut j) = (at_mode, top);
    while j > 0 {
        p *= j as f64 / x;
        j -= 1;
        sum += p * weight(j);
        // Below j the weights are at most 1 and the probabilities shrink by j/x each.
        if p * (j as f64 + 1.0) < 1e-17 * sum || p < 1e-300 {
            break;
        }
    }
    let (mut p, mut j) = (at_mode, top);
    loop {
        if j >= last {
            return sum;
        }
        j += 1;
        p *= x / j as f64;
        let term = p * weight(j);
        sum += term;
        // The terms above shrink at least as fast as x/j.
        if term * (x / (j as f64 + 1.0 - x)).max(1.0) < 1e-17 * sum || p < 1e-300 {
            return sum;
        }
    }
}

/// [`expect`] for weights that from `last` on fall by `ratio` each, w(j) = w(last) ratio^{j - last}:
/// far beyond `last` in closed form, w(last) ratio^{-last} e^{-x (1 - ratio)}, so that a mean of 10^12 takes
/// no longer than one of 10.
pub(crate) fn expect_geometric_end(x: f64, last: u64, ratio: f64, weight: impl Fn(u64) -> f64) -> f64 {
    // Under that ratio N is Poisson of mean x ratio; 14 standard deviations below are no digit.
    let tilted = x * ratio;
    if tilted > last as f64 + 14.0 * tilted.sqrt() + 100.0 {
        return weight(last) * (-x * (1.0 - ratio) - last as f64 * ratio.ln()).exp();
    }
    expect(x, weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geometric_end_is_the_sum() {
        let table = [1.0, 0.97, 0.8, 0.75];
        for ratio in [0.999, 0.9, 0.5] {
            let weight = |j: u64| table.get(j as usize).copied().unwrap_or(0.75 * f64::powf(ratio, j as f64 - 3.0));
            for x in [1.0, 50.0, 150.0, 350.0, 600.0, 3000.0] {
                let (fast, slow) = (expect_geometric_end(x, 3, ratio, weight), expect(x, weight));
                assert!((fast - slow).abs() <= 1e-11 * slow, "{ratio} {x}: {fast} {slow}");
            }
        }
        let far = expect_geometric_end(1e15, 3, 1.0 - 1e-15, |j| if j < 3 { 1.0 } else { 0.5 });
        assert!((far - 0.5 * (-1e15_f64 * (1.0 - (1.0 - 1e-15))).exp()).abs() < 1e-12, "{far}");
    }

    #[test]
    fn recursion_and_expansion_agree() {
        for a in [0.5_f64, 20.0, 300.0] {
            let mut p = (-a).exp();
            for k in 0..600_u32 {
                if p > 1e-290 {
                    assert!((pmf(u64::from(k), a) / p - 1.0).abs() < 1e-12, "{k} {a}");
                }
                p *= a / f64::from(k + 1);
            }
        }
    }

    #[test]
    fn weighted_sum_reaches_far_below_the_mode() {
        // Probability generating function at z: e^{-x(1-z)}, where the mode has no share.
        for (x, z) in [(1000.0_f64, 0.5_f64), (50.0, 0.01), (0.2, 0.9), (1e5, 0.9999), (7.0, 1.0), (1e6, 1.0)] {
            let sum = expect(x, |j| z.powf(j as f64));
            assert!((sum / (-x * (1.0 - z)).exp() - 1.0).abs() < 1e-11, "{x} {z}: {sum}");
        }
    }
}
