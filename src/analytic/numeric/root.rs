//! Where a survival function crosses a level: the one root finder behind every quantile that has no closed
//! form.

/// Evaluations before giving up; bisection alone needs about 60.
const MOST_STEPS: usize = 200;

/// inf{ t >= 0 : survival(t) <= level } for a survival function that does not increase.
///
/// `scale` is a time of the right order of magnitude, to start from. Brackets by doubling,
/// then narrows by the ITP method (Oliveira and Takahashi 2021) on the logarithm of the
/// survival function, so that it never needs more evaluations than bisection plus one.
/// Relative error 1e-14 of the root plus that of `survival`. `None` when `survival` is
/// not a number or does not fall to the level within 10^300 scales (infinite quantile).
pub(crate) fn crossing(survival: impl Fn(f64) -> f64, level: f64, scale: f64) -> Option<f64> {
    if reached(survival(0.0), level) {
        return Some(0.0);
    }
    let excess = |t: f64| match survival(t) {
        gone if gone <= 0.0 => f64::NEG_INFINITY,
        left => (left / level).ln(),
    };
    let (mut low, mut high) = (0.0, scale);
    let mut at_high = excess(high);
    let mut steps = 0;
    while at_high > 0.0 {
        low = high;
        high *= 2.0;
        at_high = excess(high);
        steps += 1;
        if steps > 1000 || at_high.is_nan() {
            return None;
        }
    }
    let at_low = excess(low);
    narrow(excess, (low, at_low), (high, at_high))
}

/// Whether a survival probability is at the level, up to rounding: an atom at 0 of exactly
/// the wanted probability makes the quantile 0, not the next double above.
pub(crate) fn reached(survival: f64, level: f64) -> bool {
    survival <= level * (1.0 + 1e-13)
}

/// ITP with n0 = 1, kappa1 = 0.2 / (high - low), kappa2 = 2.
fn narrow(excess: impl Fn(f64) -> f64, low: (f64, f64), high: (f64, f64)) -> Option<f64> {
    let ((mut a, mut ya), (mut b, mut yb)) = (low, high);
    let tolerance = |b: f64| 0.5e-14 * b;
    let kappa = 0.2 / (b - a);
    let mut radius = b - a;
    for _ in 0..MOST_STEPS {
        if b - a <= 2.0 * tolerance(b) {
            return Some(0.5 * (a + b));
        }
        let middle = 0.5 * (a + b);
        let chord = if (ya - yb).is_finite() && yb < ya { (ya * b - yb * a) / (ya - yb) } else { middle };
        let side = (middle - chord).signum();
        let pull = (kappa * (b - a) * (b - a)).max(tolerance(b));
        let truncated = if pull <= (middle - chord).abs() { chord + side * pull } else { middle };
        let reach = (radius - 0.5 * (b - a)).max(0.0);
        let t = if (truncated - middle).abs() <= reach { truncated } else { middle - side * reach };
        let y = excess(t);
        if y.is_nan() {
            return None;
        } else if y > 0.0 {
            (a, ya) = (t, y);
        } else {
            (b, yb) = (t, y);
        }
        radius *= 0.5;
    }
    Some(0.5 * (a + b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn exponential_quantiles() {
        for level in [0.5, 1e-3, 1e-12] {
            for scale in [1e-6, 1.0, 1e6] {
                let t = crossing(|t| (-3.0 * t).exp(), level, scale).unwrap();
                assert!((t * 3.0 / -f64::ln(level) - 1.0).abs() < 1e-13, "{level} {scale}: {t}");
            }
        }
    }

    #[test]
    fn jumps_are_found_and_a_tail_that_never_falls_ends() {
        let t = crossing(|t| if t < 2.5 { 0.7 } else { 0.1 }, 0.3, 1.0).unwrap();
        assert!((t - 2.5).abs() < 1e-13);
        let constant = [0.2, 0.9, f64::NAN].map(|p| crossing(|_| p, 0.3, 1.0));
        assert_eq!(constant, [Some(0.0), None, None]);
    }

    #[test]
    fn smooth_tails_take_few_evaluations() {
        let count = Cell::new(0);
        let tail = |t: f64| {
            count.set(count.get() + 1);
            0.5 * (-t).exp() + 0.1 * (-0.1 * t).exp()
        };
        crossing(tail, 1e-3, 1.0);
        assert!(count.get() < 40, "{}", count.get());
    }
}
