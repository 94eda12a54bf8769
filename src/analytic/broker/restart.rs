//! Processing that starts again from scratch whenever the consumer crashes. Knows no model.

/// M/D/1 whose consumer crashes while busy, loses the work and starts the same message again at once.
///
/// Formula: with x = theta S, completion C has E\[C\] = (e^x - 1)/theta and
/// E\[C^2\] = 2 e^x (e^x - 1 - x)/theta^2; a message is delivered e^x times;
/// Wq = lambda E\[C^2\] / (2 (1 - lambda E\[C\])), W = Wq + E\[C\].
/// Units: lambda and theta per second, S in seconds.
/// Valid when: constant service, crashes Poisson while busy, instant restart, lambda E\[C\] < 1.
/// Reference: Gaver, A waiting line with interrupted service, JRSS B 24 (1962); Avi-Itzhak and Naor,
/// Operations Research 11 (1963), model of repeated service.
///
/// ```
/// use lindley::analytic::broker::restart::Restart;
/// let queue = Restart { lambda: 0.25, service: 1.0, crash_rate: 2.0_f64.ln() };
/// assert!((queue.deliveries() - 2.0).abs() < 1e-15);
/// assert!((queue.completion() - 1.0 / 2.0_f64.ln()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restart {
    /// Arrivals per second.
    pub lambda: f64,
    /// Undisturbed processing time, seconds.
    pub service: f64,
    /// Crashes per second of work.
    pub crash_rate: f64,
}

impl Restart {
    fn x(&self) -> f64 {
        self.crash_rate * self.service
    }

    /// Mean time from the first delivery to the acknowledgement, seconds.
    pub fn completion(&self) -> f64 {
        if self.x() == 0.0 { self.service } else { self.service * self.x().exp_m1() / self.x() }
    }

    /// Its second moment, seconds squared.
    pub fn completion_square(&self) -> f64 {
        2.0 * self.x().exp() * half_remainder(self.x()) * self.service * self.service
    }

    /// Mean number of deliveries of a message.
    pub fn deliveries(&self) -> f64 {
        self.x().exp()
    }

    /// Share of time the consumer works: lambda E\[C\].
    pub fn utilization(&self) -> f64 {
        self.lambda * self.completion()
    }

    /// Mean wait before the first delivery, seconds; infinite without a steady state.
    pub fn wait(&self) -> f64 {
        let spare = 1.0 - self.utilization();
        if spare > 0.0 { 0.5 * self.lambda * self.completion_square() / spare } else { f64::INFINITY }
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.completion()
    }
}

/// (e^x - 1 - x) / x^2, by its series where the difference would cancel.
fn half_remainder(x: f64) -> f64 {
    if x > 0.5 {
        return (x.exp_m1() - x) / (x * x);
    }
    let (mut term, mut sum) = (0.5, 0.5);
    for k in 3..40 {
        term *= x / f64::from(k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_crash_is_md1() {
        let queue = Restart { lambda: 0.5, service: 1.0, crash_rate: 0.0 };
        assert_eq!((queue.completion(), queue.wait(), queue.deliveries()), (1.0, 0.5, 1.0));
        let rare = Restart { crash_rate: 1e-9, ..queue };
        assert!((rare.wait() - 0.5).abs() < 1e-8);
    }

    #[test]
    fn moments_satisfy_the_first_step_equations() {
        // C = S if no crash comes before S, else the time X to the crash and again C.
        for theta in [0.3, 0.7, 3.0] {
            let queue = Restart { lambda: 0.1, service: 1.0, crash_rate: theta };
            let (safe, first, cells) = ((-theta).exp(), queue.completion(), 100_000);
            let step = 1.0 / f64::from(cells);
            let mean: f64 = (0..cells)
                .map(|k| (f64::from(k) + 0.5) * step)
                .map(|x| {
                    let density = theta * (-theta * x).exp() * step;
                    density * (x * x + 2.0 * x * first + queue.completion_square())
                })
                .sum();
            assert!(((safe + mean) / queue.completion_square() - 1.0).abs() < 1e-8, "{theta}");
        }
    }

    #[test]
    fn both_branches_of_the_remainder_meet() {
        assert!((half_remainder(0.5) / half_remainder(0.5 + 1e-12) - 1.0).abs() < 1e-11);
        assert_eq!(half_remainder(0.0), 0.5);
    }
}
