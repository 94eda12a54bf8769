//! An M/M/1 wait plus an independent time whose tail is a straight line: what constant vacations and
//! set-up times add.

use crate::analytic::law::TimeLaw;

/// Law of W + Y, W the M/M/1 wait and P(Y > t) = `height` - `slope` t for t < `end`, 0 from there on.
///
/// Formula: (1-rho) P(Y > t) + rho (e^{-d t} + d times the integral of e^{-d(t-u)} P(Y > u) over u < t),
/// d = mu - lambda.
/// Units: rates per second, times in seconds. Valid when: lambda < mu, 0 <= slope end <= height <= 1.
/// Reference: convolution with the M/M/1 wait (Kleinrock I, 5.7).
///
/// ```
/// use lindley::analytic::interruption::linear::wait_plus_line;
/// // No queue to speak of: the wait is uniform on 0 to 2 s.
/// let law = wait_plus_line(1e-18, 1.0, 1.0, 0.5, 2.0);
/// assert!((law.quantile(0.75).unwrap() - 1.5).abs() < 1e-12);
/// ```
pub fn wait_plus_line(lambda: f64, mu: f64, height: f64, slope: f64, end: f64) -> TimeLaw {
    let (rho, slack) = (lambda / mu, mu - lambda);
    let own = height * end - 0.5 * slope * end * end;
    TimeLaw::computed(rho / slack + own, "M/M/1 wait plus a constant absence (decomposition)", move |t| {
        let seen = t.min(end);
        let fallen = -(-slack * seen).exp_m1();
        let line = if t < end { height - slope * t } else { 0.0 };
        let after = (-slack * (t - seen)).exp() * (height * fallen - slope * (seen - fallen / slack));
        (1.0 - rho) * line + rho * ((-slack * t).exp() + after)
    })
}

#[cfg(test)]
mod tests {
    use crate::analytic::interruption::start::StartQueue;
    use crate::analytic::interruption::vacation::VacationQueue;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::has_moments;
    use crate::dist::Dist;

    #[test]
    fn constant_absences_have_their_moments() {
        let (work, away) = (Dist::Exponential(1.0), Dist::Deterministic(3.0));
        for repeated in [true, false] {
            let queue = VacationQueue::new(0.6, &work, &away, repeated).unwrap();
            let law = queue.laws().0.unwrap();
            has_moments(&law, Moments::new(queue.wait(), queue.wait_variance()), (1e-3, 100_000), [1e-6, 1e-5]);
            assert!((law.mean() / queue.wait() - 1.0).abs() < 1e-13);
            assert!((law.survival(0.0) - queue.prob_wait()).abs() < 1e-14);
        }
        let queue = StartQueue::new(0.6, &work, 1, &away).unwrap();
        let law = queue.laws().0.unwrap();
        has_moments(&law, Moments::new(queue.wait(), queue.wait_variance()), (1e-3, 100_000), [1e-6, 1e-5]);
        assert!((law.mean() / queue.wait() - 1.0).abs() < 1e-13);
    }
}
