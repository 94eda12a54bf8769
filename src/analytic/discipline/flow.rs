//! Streams of messages that share a server: rate and moments of the work each message brings, their
//! sums, and the moments of busy periods that such sums cause.

use crate::analytic::problem::Work;
use crate::analytic::steady::Moments;

/// Poisson arrivals with a service time known by its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Arrivals per second.
    pub lambda: f64,
    /// E\[S\], seconds.
    pub mean: f64,
    /// E\[S^2\], seconds squared; may be infinite.
    pub second: f64,
    /// E\[S^3\], seconds cubed; `None` where only mean and scv are known.
    pub third: Option<f64>,
}

impl Flow {
    /// Arrivals at rate `lambda` that bring that work.
    pub fn new(lambda: f64, work: &Work) -> Flow {
        let mean = work.mean();
        let second = match (work.scv(), mean) {
            (0.0, m) => m * m,
            (scv, m) => (1.0 + scv) * m * m,
        };
        Flow { lambda, mean, second, third: work.law().and_then(|law| law.third_moment()) }
    }

    /// Arrivals at rate `lambda` with exponential service of rate `mu`.
    pub fn exponential(lambda: f64, mu: f64) -> Flow {
        Flow { lambda, mean: 1.0 / mu, second: 2.0 / (mu * mu), third: Some(6.0 / (mu * mu * mu)) }
    }

    /// Load rho = lambda E\[S\].
    pub fn rho(&self) -> f64 {
        self.lambda * self.mean
    }

    /// Mean and variance of the service time.
    pub(super) fn service(&self) -> Moments {
        Moments::new(self.mean, self.variance())
    }

    /// Variance of the service time, seconds squared.
    pub fn variance(&self) -> f64 {
        (self.second - self.mean * self.mean).max(0.0)
    }
}

/// Sums of lambda, lambda E\[S\], lambda E\[S^2\] and lambda E\[S^3\] over flows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Load {
    /// sum lambda.
    pub lambda: f64,
    /// sum lambda E\[S\].
    pub rho: f64,
    /// sum lambda E\[S^2\].
    pub second: f64,
    /// sum lambda E\[S^3\].
    pub third: Option<f64>,
}

impl Load {
    /// Of these flows.
    pub(crate) fn of(flows: &[Flow]) -> Load {
        let none = Load { lambda: 0.0, rho: 0.0, second: 0.0, third: Some(0.0) };
        flows.iter().filter(|f| f.lambda > 0.0).fold(none, |sum, f| Load {
            lambda: sum.lambda + f.lambda,
            rho: sum.rho + f.rho(),
            second: sum.second + f.lambda * f.second,
            third: sum.third.zip(f.third).map(|(sum, third)| sum + f.lambda * third),
        })
    }
}

/// First and second moment of a time; the second `None` where it is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Two {
    /// First moment.
    pub first: f64,
    /// Second moment.
    pub second: Option<f64>,
}

impl Two {
    /// The time until work of these moments is done, by a server that does everything of a load
    /// first that arrives meanwhile.
    ///
    /// Formula: E\[T\] = E\[V\]/(1-s), E\[T^2\] = E\[V^2\]/(1-s)^2 + l E\[V\]/(1-s)^3 with s the load and
    /// l = sum lambda E\[S^2\] of the interrupting flows (Takagi 1991, sec. 1.2, delay busy period).
    pub(crate) fn prolonged(self, by: Load) -> Two {
        let left = 1.0 - by.rho;
        let second = self.second.map(|v| v / left.powi(2) + product(by.second, self.first) / left.powi(3));
        Two { first: self.first / left, second }
    }

    /// Mean, and variance if the second moment is known; infinite where that is.
    pub(crate) fn moments(self) -> Moments {
        let spread = |v: f64| if v.is_finite() { (v - self.first * self.first).max(0.0) } else { f64::INFINITY };
        Moments { mean: self.first, variance: self.second.map(spread) }
    }
}

/// x y, where 0 times infinity is 0: nothing of what is infinite.
pub(crate) fn product(x: f64, y: f64) -> f64 {
    if x == 0.0 || y == 0.0 { 0.0 } else { x * y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Dist;

    #[test]
    fn moments_of_works_and_of_a_busy_period() {
        let law = Flow::new(0.5, &Work::Law(Dist::Exponential(2.0)));
        assert_eq!(law, Flow::exponential(0.5, 0.5));
        let numbers = Flow::new(0.5, &Work::Moments { mean: 2.0, scv: 1.0 });
        assert_eq!((numbers.second, numbers.third), (8.0, None));
        assert_eq!(Load::of(&[law, numbers]).rho, 2.0);
        assert_eq!(Load::of(&[law, numbers]).third, None);
        // Busy period of M/M/1, lambda = 0.5/s, mu = 1/s: E[B] = 2, E[B^2] = 2/(mu^2 (1-rho)^3) = 16.
        let work = Flow::exponential(0.5, 1.0);
        let busy = Two { first: work.mean, second: Some(work.second) }.prolonged(Load::of(&[work]));
        assert_eq!((busy.first, busy.second), (2.0, Some(16.0)));
    }
}
