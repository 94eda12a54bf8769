//! M/M/c whose servers fail and are repaired, each by itself.

use crate::analytic::steady::Unstable;
use crate::model::capacity::keeps_up;
use nalgebra::{DMatrix, RowDVector};

/// Most servers: the work grows with the fourth power of their number.
pub const MOST_SERVERS: u32 = 60;

/// M/M/c with servers that fail independently at rate xi and are repaired independently at rate eta;
/// an interrupted message goes back to the head of the queue or to another server.
///
/// Formula: a quasi-birth-and-death process of levels N and phases U (servers up); from level c on
/// pi_{n+1} = pi_n R, below it pi_{n+1} = pi_n R_n, both by back substitution. If idle servers fail
/// too, U is binomial (c, eta/(xi+eta)).
/// Units: rates per second, times in seconds.
/// Valid when: lambda < c mu eta/(xi + eta).
/// Reference: Mitrany and Avi-Itzhak, A many-server queue with service interruptions (1968); Neuts and
/// Lucantoni (1979); Latouche and Ramaswami (1993) for the iteration.
///
/// ```
/// use lindley::analytic::interruption::fleet::Fleet;
/// let one = Fleet::new(0.5, 1.0, 1, 0.1, 0.5, true).unwrap();
/// assert!((one.in_system() - 23.0 / 12.0).abs() < 1e-12); // White and Christie
/// assert!((one.availability() - 5.0 / 6.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct Fleet {
    lambda: f64,
    mu: f64,
    c: u32,
    load: f64,
    /// By number in the system 0..=c, then by servers up.
    levels: Vec<RowDVector<f64>>,
    ratio: DMatrix<f64>,
}

/// Rates that every level is built from.
struct FleetRates {
    lambda: f64,
    mu: f64,
    c: u32,
    xi: f64,
    eta: f64,
    when_idle: bool,
}

impl FleetRates {
    fn phases(&self) -> usize {
        self.c as usize + 1
    }

    fn arrivals(&self) -> DMatrix<f64> {
        DMatrix::identity(self.phases(), self.phases()) * self.lambda
    }

    fn busy(&self, level: u32, up: usize) -> f64 {
        f64::from(level.min(up as u32))
    }

    fn departures(&self, level: u32) -> DMatrix<f64> {
        let n = self.phases();
        DMatrix::from_fn(n, n, |i, j| if i == j { self.mu * self.busy(level, i) } else { 0.0 })
    }

    fn failures(&self, level: u32, up: usize) -> f64 {
        self.xi * if self.when_idle { up as f64 } else { self.busy(level, up) }
    }

    fn repairs(&self, up: usize) -> f64 {
        self.eta * (f64::from(self.c) - up as f64)
    }

    fn local(&self, level: u32) -> DMatrix<f64> {
        let n = self.phases();
        DMatrix::from_fn(n, n, |i, j| {
            if j + 1 == i {
                self.failures(level, i)
            } else if j == i + 1 {
                self.repairs(i)
            } else if i == j {
                -(self.lambda + self.mu * self.busy(level, i) + self.failures(level, i) + self.repairs(i))
            } else {
                0.0
            }
        })
    }
}

impl Fleet {
    /// With arrival rate `lambda`, `c` servers of rate `mu`, failures at rate `xi` of each working
    /// server (idle ones too if `when_idle`) and repairs at rate `eta` > 0, if it has a steady
    /// state.
    pub fn new(lambda: f64, mu: f64, c: u32, xi: f64, eta: f64, when_idle: bool) -> Result<Fleet, Unstable> {
        let load = lambda / mu * (xi + eta) / eta;
        let unstable = Unstable { offered_load: load, servers: c };
        if !keeps_up(load, f64::from(c)) {
            return Err(unstable);
        }
        let rates = FleetRates { lambda, mu, c, xi, eta, when_idle };
        let (up, local, down) = (rates.arrivals(), rates.local(c), rates.departures(c));
        let first_passage = first_passage(&up, &local, &down).ok_or(unstable)?;
        let inverse = (-(&local + &up * &first_passage)).try_inverse().ok_or(unstable)?;
        let ratio = &up * inverse;
        let levels = levels(&rates, &ratio).ok_or(unstable)?;
        Ok(Fleet { lambda, mu, c, load, levels, ratio })
    }

    /// (I - R)^{-1}.
    fn geometric(&self) -> DMatrix<f64> {
        let n = self.ratio.nrows();
        let gap = DMatrix::identity(n, n) - &self.ratio;
        gap.try_inverse().expect("the spectral radius of R is below 1 in a stable queue")
    }

    /// Sum over states of weight(number, servers up) where the weight is linear in the number
    /// from level c on: `at` there, growing by `step` a level.
    fn expect(&self, below: impl Fn(u32, u32) -> f64, step: impl Fn(u32) -> f64) -> f64 {
        let c = self.c as usize;
        let weigh = |row: &RowDVector<f64>, of: &dyn Fn(u32) -> f64| {
            row.iter().enumerate().map(|(up, p)| p * of(up as u32)).sum::<f64>()
        };
        let head: f64 = (0..c).map(|n| weigh(&self.levels[n], &|up| below(n as u32, up))).sum();
        let inverse = self.geometric();
        let all = &self.levels[c] * &inverse;
        let growing = &all * &self.ratio * &inverse;
        head + weigh(&all, &|up| below(c as u32, up)) + weigh(&growing, &step)
    }

    /// Mean number in the system.
    pub fn in_system(&self) -> f64 {
        self.expect(|n, _| f64::from(n), |_| 1.0)
    }

    /// Mean number not in service.
    pub fn queue_length(&self) -> f64 {
        self.expect(|n, up| f64::from(n - n.min(up)), |_| 1.0)
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.in_system() / self.lambda
    }

    /// Mean number of servers up.
    pub fn mean_up(&self) -> f64 {
        self.expect(|_, up| f64::from(up), |_| 0.0)
    }

    /// Fraction of servers up.
    pub fn availability(&self) -> f64 {
        self.mean_up() / f64::from(self.c)
    }

    /// P(k servers up).
    pub fn prob_up(&self, k: u32) -> f64 {
        self.expect(|_, up| f64::from(u8::from(up == k)), |_| 0.0)
    }

    /// P(N = 0).
    pub fn prob_empty(&self) -> f64 {
        self.levels[0].sum()
    }

    /// Share of messages that find no server free and up.
    pub fn prob_wait(&self) -> f64 {
        self.expect(|n, up| f64::from(u8::from(n >= up)), |_| 0.0)
    }

    /// lambda / (c mu availability) with failures of idle servers too; below 1.
    pub fn effective_rho(&self) -> f64 {
        self.load / f64::from(self.c)
    }

    /// Mean number of servers at work: lambda/mu.
    pub fn busy(&self) -> f64 {
        self.lambda / self.mu
    }
}

/// G of a quasi-birth-and-death process by logarithmic reduction.
fn first_passage(up: &DMatrix<f64>, local: &DMatrix<f64>, down: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let n = up.nrows();
    let inverse = (-local).try_inverse()?;
    let (mut high, mut low) = (&inverse * up, &inverse * down);
    let (mut g, mut t) = (low.clone(), high.clone());
    for _ in 0..60 {
        let both = &high * &low + &low * &high;
        let m = (DMatrix::identity(n, n) - both).try_inverse()?;
        (high, low) = (&m * &high * &high, &m * &low * &low);
        let step = &t * &low;
        g += &step;
        t = &t * &high;
        if step.amax() < 1e-17 || t.amax() < 1e-300 {
            break;
        }
    }
    Some(g)
}

/// Stationary probabilities of levels 0 to c.
fn levels(rates: &FleetRates, ratio: &DMatrix<f64>) -> Option<Vec<RowDVector<f64>>> {
    let (c, n, up) = (rates.c, rates.phases(), rates.arrivals());
    let mut ratios = vec![ratio.clone()];
    for level in (1..=c).rev() {
        let above = &ratios[ratios.len() - 1] * rates.departures(level + 1);
        ratios.push(&up * (-(rates.local(level) + above)).try_inverse()?);
    }
    // ratios: R of level c, then those into level c, c-1, ..., 1.
    let closing = rates.local(0) + &ratios[ratios.len() - 1] * rates.departures(1);
    let mut system = closing.transpose();
    system.row_mut(n - 1).fill(1.0);
    let mut right = nalgebra::DVector::zeros(n);
    right[n - 1] = 1.0;
    let mut levels = vec![system.lu().solve(&right)?.transpose()];
    for r in ratios[1..].iter().rev() {
        levels.push(&levels[levels.len() - 1] * r);
    }
    let beyond = (DMatrix::identity(n, n) - ratio).try_inverse()?;
    let total: f64 =
        levels[..c as usize].iter().map(|level| level.sum()).sum::<f64>() + (&levels[c as usize] * beyond).sum();
    Some(levels.into_iter().map(|level| level / total).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{chain_averages, share};

    fn chain(lambda: f64, c: u32, xi: f64, eta: f64, when_idle: bool) -> (f64, f64, f64) {
        let average = chain_averages([(0u32, c)], 3000, |&(n, up), to| {
            to(((n + 1).min(300), up), lambda);
            let busy = n.min(up);
            if busy > 0 {
                to((n - 1, up), f64::from(busy));
            }
            to((n, up.saturating_sub(1)), xi * f64::from(if when_idle { up } else { busy }));
            to((n, (up + 1).min(c)), eta * f64::from(c - up));
        });
        (average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1)), average(&|s| share(s.0 >= s.1)))
    }

    #[test]
    fn agrees_with_the_truncated_chain() {
        for (lambda, when_idle) in [(1.4, true), (1.4, false), (0.2, true)] {
            let (number, up, wait) = chain(lambda, 3, 0.15, 0.5, when_idle);
            let fleet = Fleet::new(lambda, 1.0, 3, 0.15, 0.5, when_idle).unwrap();
            assert!((fleet.in_system() / number - 1.0).abs() < 1e-9, "{lambda}: {} {number}", fleet.in_system());
            assert!((fleet.mean_up() / up - 1.0).abs() < 1e-10 && (fleet.prob_wait() / wait - 1.0).abs() < 1e-9);
            assert!((fleet.in_system() - fleet.queue_length() - lambda).abs() < 1e-9);
            // Power twin.
            assert!((chain(lambda, 3, 0.15, 0.5, !when_idle).1 / up - 1.0).abs() > 1e-3);
        }
    }

    #[test]
    fn idle_failures_are_binomial_and_none_is_mmc() {
        let fleet = Fleet::new(5.0, 1.0, 8, 0.15, 0.5, true).unwrap();
        let a: f64 = 0.5 / 0.65;
        assert!((fleet.availability() - a).abs() < 1e-12);
        assert!((fleet.prob_up(8) / a.powi(8) - 1.0).abs() < 1e-10);
        assert!((fleet.prob_up(7) / (8.0 * a.powi(7) * (1.0 - a)) - 1.0).abs() < 1e-10);
        let fleet = Fleet::new(16.0, 1.0, 20, 0.0, 1.0, true).unwrap();
        let plain = crate::analytic::station::mmc::Mmc::new(16.0, 1.0, 20).unwrap();
        assert!((fleet.queue_length() / plain.queue_length() - 1.0).abs() < 1e-9);
        assert!(Fleet::new(8.0, 1.0, 10, 0.5, 1.0, true).is_err());
    }
}
