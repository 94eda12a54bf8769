//! Small functions whose textbook form cancels or overflows.

/// ln(e^a + e^b).
pub(crate) fn ln_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// e^{-z} - 1 + z, which is z^2/2 for small z.
pub(crate) fn above_chord(z: f64) -> f64 {
    if z.abs() > 0.5 {
        return (-z).exp_m1() + z;
    }
    let (mut term, mut sum) = (0.5 * z * z, 0.0);
    for n in 3..24 {
        sum += term;
        term *= -z / f64::from(n);
    }
    sum
}

/// integral of e^{kx} over a <= x <= b, divided by e^{kx} at the end where that is larger.
pub(crate) fn exponential_integral(k: f64, a: f64, b: f64) -> f64 {
    let width = (b - a).max(0.0);
    let z = k.abs() * width;
    if z == 0.0 { width } else { -(-z).exp_m1() / k.abs() }
}

/// 1 + r + ... + r^{n-1} for 0 <= r <= 1, also where r is near 1.
pub(crate) fn geometric_sum(r: f64, n: u64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    if r == 0.0 {
        return 1.0;
    }
    let log = r.ln();
    if log == 0.0 { n as f64 } else { (n as f64 * log).exp_m1() / log.exp_m1() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_arguments_keep_their_digits() {
        for z in [1e-9, -1e-5, 0.3, -0.5] {
            let exact = 0.5 * z * z * (1.0 - z / 3.0 + z * z / 12.0 - z * z * z / 60.0 + z * z * z * z / 360.0);
            assert!((above_chord(z) / exact - 1.0).abs() < 2e-5, "{z}");
        }
        assert!((above_chord(0.5) / above_chord(0.5 + 1e-15) - 1.0).abs() < 1e-13);
        assert_eq!(ln_add(f64::NEG_INFINITY, -3.0), -3.0);
        assert!((ln_add(1000.0, 1000.0) - 1000.0 - 2.0_f64.ln()).abs() < 1e-12);
        let area = exponential_integral(-2.0, 1.0, 3.0);
        assert!((area * f64::exp(-2.0) - 0.5 * (f64::exp(-2.0) - f64::exp(-6.0))).abs() < 1e-16);
    }
}
