//! Bounds on the throughput of a closed network of one class, single servers and a think time.

use super::network::demands_and_think;
use crate::analytic::Refusal;

/// A closed network of one class as bounds see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    demands: Vec<f64>,
    n: f64,
    z: f64,
    /// Sum of the demands.
    sum: f64,
    /// Largest of the demands.
    max: f64,
}

/// Between what a number lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Between {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Balance {
    /// Demands of the single servers, population N >= 1 and think time Z.
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// assert!(Balance::new(&[1.0, 2.0], 3, 0.0).is_ok());
    /// assert!(Balance::new(&[], 3, 1.0).is_err());
    /// ```
    pub fn new(demands: &[f64], population: u32, think: f64) -> Result<Balance, Refusal> {
        let max = demands.iter().copied().fold(0.0, f64::max);
        demands_and_think(demands.iter().chain([&think]))?;
        Refusal::unless(population > 0, || "the bounds need at least one message".to_string())?;
        Refusal::unless(max > 0.0, || "no station has a demand above 0".to_string())?;
        let (n, sum) = (f64::from(population), demands.iter().sum());
        Ok(Balance { demands: demands.to_vec(), n, z: think, sum, max })
    }

    /// The same with one message less.
    fn fewer(&self) -> Balance {
        Balance { n: self.n - 1.0, ..self.clone() }
    }

    /// What bounds on the throughput say of the response time: R = N/X - Z.
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// let network = Balance::new(&[1.0, 1.0], 2, 1.0).unwrap();
    /// let response = network.response(network.asymptotic());
    /// assert!((response.low - 2.0).abs() < 1e-15 && (response.high - 4.0).abs() < 1e-15);
    /// ```
    pub fn response(&self, throughput: Between) -> Between {
        Between { low: self.n / throughput.high - self.z, high: self.n / throughput.low - self.z }
    }

    /// Asymptotic bounds.
    ///
    /// Formula: N/(N D + Z) <= X <= min(1/D_max, N/(D + Z)), D the sum of the demands.
    /// Units: demands and think time in seconds, X per second.
    /// Valid when: one class; no assumption on the laws (the lower one: no more than everybody waits
    /// for everybody else everywhere).
    /// Reference: Denning, Buzen, Computing Surveys 10 (1978); Lazowska et al., sec. 5.2.
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// let x = Balance::new(&[9.2, 8.0], 20, 120.0).unwrap().asymptotic();
    /// assert!((x.high - 1.0 / 9.2).abs() < 1e-15 && (x.low - 20.0 / 464.0).abs() < 1e-15);
    /// ```
    pub fn asymptotic(&self) -> Between {
        Between { low: self.n / (self.n * self.sum + self.z), high: (1.0 / self.max).min(self.n / (self.sum + self.z)) }
    }

    /// Balanced job bounds.
    ///
    /// Formula: N/(D + Z + (N-1) D_max/(1 + Z/(N D))) <= X <= min(1/D_max, N/(D + Z + (N-1) D_avg/(1 + Z/D))).
    /// Units: demands and think time in seconds, X per second.
    /// Valid when: product form, one class, single servers.
    /// Reference: Zahorjan, Sevcik, Eager, Galler (1982); Lazowska et al., sec. 5.4.
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// // Balanced stations: both bounds are the truth N/(D + (N-1) D/2).
    /// let x = Balance::new(&[1.0, 1.0], 3, 0.0).unwrap().balanced_job();
    /// assert!((x.low - 0.75).abs() < 1e-15 && (x.high - 0.75).abs() < 1e-15);
    /// ```
    pub fn balanced_job(&self) -> Between {
        let others = self.n - 1.0;
        let average = self.sum / self.demands.len() as f64;
        let slow = others * self.max / (1.0 + self.z / (self.n * self.sum));
        let fast = others * average / (1.0 + self.z / self.sum);
        Between {
            low: self.n / (self.sum + self.z + slow),
            high: (1.0 / self.max).min(self.n / (self.sum + self.z + fast)),
        }
    }

    /// Proportional bounds.
    ///
    /// Formula: N/(D + Z + a (N-1 - Z X'_low)) <= X <= min(1/D_max, N/(D + Z + b (N-1 - Z X'_high))) with
    /// a = sum D_i^N/sum D_i^(N-1), b = sum D_i^2/sum D_i, and X' the asymptotic bounds for N-1 messages.
    /// Units: demands and think time in seconds, X per second.
    /// Valid when: product form, one class, single servers.
    /// Reference: Hsieh, Lam, Performance Evaluation 7 (1987); Casale, Muntz, Serazzi (2008), sec. 2.
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// let x = Balance::new(&[1.0, 2.0], 2, 0.0).unwrap().proportional();
    /// // One message before: X is exactly 2/(3 + 5/3) = 3/7 both ways.
    /// assert!((x.low - 3.0 / 7.0).abs() < 1e-15 && (x.high - 3.0 / 7.0).abs() < 1e-15);
    /// ```
    pub fn proportional(&self) -> Between {
        // In units of the largest demand, so that powers do not underflow all at once.
        let power = |k: f64| self.demands.iter().map(|d| (d / self.max).powf(k)).sum::<f64>();
        let used = self.demands.iter().filter(|&&d| d > 0.0).count() as f64;
        let below = if self.n > 1.0 { power(self.n - 1.0) } else { used };
        let (slow, fast) = (self.max * power(self.n) / below, self.max * power(2.0) / power(1.0));
        let others = self.n - 1.0;
        let thinking = if others > 0.0 { self.fewer().asymptotic() } else { Between { low: 0.0, high: 0.0 } };
        let at = |found: f64, x: f64| self.n / (self.sum + self.z + found * (others - self.z * x).max(0.0));
        Between { low: at(slow, thinking.low), high: (1.0 / self.max).min(at(fast, thinking.high)) }
    }

    /// Geometric bounds.
    ///
    /// Formula: with Q_i(y) = (y - y^N)/(1 - y), b = D + Z + (N-1) D_max - sum_{D_i < D_max} (D_max - D_i) Q_i:
    /// X >= 2N/(b + sqrt(b^2 - 4 Z D_max (N-1))) with y_i = D_i (N-1)/(D + Z + D_max (N-1)), and
    /// X <= 2N/(b + sqrt(b^2 - 4 Z D_max N)) with y_i = D_i times the proportional upper bound for N-1.
    /// Units: demands and think time in seconds, X per second.
    /// Valid when: product form, one class, single servers.
    /// Reference: Casale, Muntz, Serazzi, IEEE Transactions on Computers 57 (2008).
    ///
    /// ```
    /// use lindley::analytic::network::closed::bounds::Balance;
    /// let x = Balance::new(&[0.1, 0.1, 0.09, 0.08], 20, 0.0).unwrap().geometric();
    /// assert!((x.low - 9.0947).abs() < 5e-5 && (x.high - 9.2431).abs() < 5e-5); // exactly 9.16820
    /// ```
    pub fn geometric(&self) -> Between {
        let others = self.n - 1.0;
        if others == 0.0 {
            return Between { low: self.n / (self.sum + self.z), high: self.n / (self.sum + self.z) };
        }
        let slow = others / (self.sum + self.z + self.max * others);
        let fast = self.fewer().proportional().high;
        let at = |x: f64, thinking: f64| {
            let b = self.sum + self.z + self.max * others - self.spared(x);
            let root = (b * b - 4.0 * self.z * self.max * thinking).max(0.0).sqrt();
            2.0 * self.n / (b + root)
        };
        Between { low: at(slow, others), high: at(fast, self.n).min(1.0 / self.max) }
    }

    /// sum (D_max - D_i) Q_i over the stations that are no bottleneck, with y_i = D_i x.
    fn spared(&self, x: f64) -> f64 {
        let found = |y: f64| if y >= 1.0 { self.n - 1.0 } else { (y - y.powf(self.n)) / (1.0 - y) };
        self.demands.iter().filter(|&&d| d < self.max).map(|d| (self.max - d) * found(d * x)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::network::closed::mva::mva;
    use crate::analytic::network::closed::network::{ClosedNetwork, Pace};

    fn exact(demands: &[f64], n: u32, think: f64) -> f64 {
        let paces = vec![Pace::Servers(1); demands.len()];
        mva(&ClosedNetwork::single(demands.to_vec(), paces, n).thinking(think)).unwrap().unwrap().throughput[0]
    }

    #[test]
    fn every_bound_holds_and_the_geometric_one_is_close() {
        let cases: [&[f64]; 4] = [&[0.1, 0.1, 0.09, 0.08], &[1.0, 0.2], &[0.5, 0.4, 0.3, 0.2, 0.1, 0.01], &[0.3]];
        for demands in cases {
            for n in [1, 2, 3, 5, 10, 40, 300] {
                for think in [0.0, 0.1, 1.0, 10.0, 100.0] {
                    let (x, network) = (exact(demands, n, think), Balance::new(demands, n, think).unwrap());
                    let all =
                        [network.asymptotic(), network.balanced_job(), network.proportional(), network.geometric()];
                    for (at, Between { low, high }) in all.into_iter().enumerate() {
                        let slip = 1e-12 * x;
                        assert!(low <= x + slip && x <= high + slip, "{demands:?} {n} {think} {at}: {low} {x} {high}");
                    }
                    if think == 0.0 {
                        assert!(all[3].high / all[3].low < 1.2, "{demands:?} {n}: {all:?}");
                    }
                }
            }
        }
    }

    /// Power twin: a throughput a little off leaves the bounds where they are tight.
    #[test]
    fn bounds_are_tight_enough_to_fail() {
        let network = Balance::new(&[0.1, 0.1, 0.09, 0.08], 20, 0.0).unwrap().geometric();
        let x = exact(&[0.1, 0.1, 0.09, 0.08], 20, 0.0);
        assert!(0.98 * x < network.low && 1.02 * x > network.high);
    }
}
