//! Mean waits in cyclic polling with exhaustive and gated service, exact for any number of
//! different queues. Knows no model.

use crate::dist::Dist;
use nalgebra::{DMatrix, DVector};

/// How long the server stays at a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Until it is empty.
    Exhaustive,
    /// Until those that were there at its arrival are served.
    Gated,
}

/// One queue of a cycle, by moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station {
    /// Poisson arrivals per second.
    pub lambda: f64,
    /// Mean service, seconds.
    pub service: f64,
    /// E\[S^2\], seconds squared.
    pub service_second: f64,
    /// Mean time to go on to the next queue, seconds.
    pub switchover: f64,
    /// Its variance, seconds squared.
    pub switchover_variance: f64,
    /// How long the server stays.
    pub visit: Visit,
}

impl Station {
    /// From its arrival rate and laws.
    pub fn new(lambda: f64, service: &Dist, switchover: &Dist, visit: Visit) -> Station {
        let mean = service.mean();
        Station {
            lambda,
            service: mean,
            service_second: service.variance() + mean * mean,
            switchover: switchover.mean(),
            switchover_variance: switchover.variance(),
            visit,
        }
    }

    /// rho_i = lambda_i E\[S_i\].
    pub fn load(&self) -> f64 {
        self.lambda * self.service
    }
}

/// Mean waits in cyclic polling.
///
/// Formula: the numbers at the instants when the server comes to a queue form a branching process with
/// immigration. Its covariances, F = M F M' + Q over one cycle, give
/// exhaustive: Wq_i = lambda_i E\[S_i^2\]/(2(1 - rho_i)) + E\[X_i(X_i - 1)\]/(2 lambda_i E\[X_i\]),
/// gated: Wq_i = (1 + rho_i) E\[X_i(X_i - 1)\]/(2 lambda_i E\[X_i\]).
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, total load rho < 1, first in first out at each queue, switchovers
/// also to and from empty queues. Without switchover times the limit of short ones.
/// Reference: Resing (1993) for the branching process; Konheim, Levy, Srinivasan (1994);
/// Takagi, Analysis of Polling Systems (1986), ch. 4 and 5.
///
/// ```
/// use lindley::analytic::polling::cyclic::{mean_waits, Station, Visit};
/// use lindley::dist::Dist;
/// let queue = Station::new(0.2, &Dist::Exponential(1.0), &Dist::Exponential(0.5), Visit::Exhaustive);
/// let waits = mean_waits(&[queue; 2]).unwrap();
/// assert!((waits[0] - 19.0 / 12.0).abs() < 1e-13 && (waits[1] - 19.0 / 12.0).abs() < 1e-13);
/// ```
pub fn mean_waits(stations: &[Station]) -> Option<Vec<f64>> {
    let rho: f64 = stations.iter().map(Station::load).sum();
    if stations.is_empty() || rho.is_nan() || rho >= 1.0 {
        return None;
    }
    let steps: Vec<Step> = (0..stations.len()).map(|i| Step::new(stations, i, rho)).collect();
    let mut at = stationary_at_first(&steps)?;
    let mut waits = Vec::with_capacity(stations.len());
    for (i, station) in stations.iter().enumerate() {
        waits.push(station.wait(at[(i, i)], total_switchover(stations) / (1.0 - rho)));
        at = steps[i].after(at);
    }
    Some(waits)
}

/// Sum of the mean switchover times.
fn total_switchover(stations: &[Station]) -> f64 {
    stations.iter().map(|station| station.switchover).sum()
}

impl Station {
    /// The mean wait from the variance of X_i, divided by the cycle time `cycle` C: so there is a
    /// limit where C is 0.
    fn wait(&self, scaled_variance: f64, cycle: f64) -> f64 {
        let rho = self.load();
        let share = match self.visit {
            Visit::Exhaustive => self.lambda * (1.0 - rho),
            Visit::Gated => self.lambda,
        };
        if self.lambda == 0.0 {
            return f64::NAN;
        }
        // E[X(X-1)]/C with E[X] = share C.
        let pairs = scaled_variance + share * share * cycle - share;
        let rest = pairs / (2.0 * self.lambda * share);
        match self.visit {
            Visit::Exhaustive => self.lambda * self.service_second / (2.0 * (1.0 - rho)) + rest,
            Visit::Gated => (1.0 + rho) * rest,
        }
    }
}

/// From the arrival of the server at one queue to that at the next: X' = A X + what comes meanwhile.
struct Step {
    queue: usize,
    /// Mean offspring of one message of this queue.
    offspring: DVector<f64>,
    /// Covariance that a step adds, divided by the mean cycle time.
    added: DMatrix<f64>,
}

impl Step {
    fn new(stations: &[Station], i: usize, rho: f64) -> Step {
        let own = &stations[i];
        let (mean, variance) = own.stay();
        let rates = DVector::from_fn(stations.len(), |j, _| stations[j].lambda);
        let mut touched = rates.clone();
        if own.visit == Visit::Exhaustive {
            touched[i] = 0.0;
        }
        let per_cycle = match own.visit {
            Visit::Exhaustive => own.lambda * (1.0 - own.load()),
            Visit::Gated => own.lambda,
        };
        let total = total_switchover(stations);
        // Of a cycle, the part spent in this switchover, and its variance for each unit of cycle.
        let (share, spread) = if total > 0.0 {
            let per = (1.0 - rho) / total;
            (own.switchover * per, own.switchover_variance * per)
        } else {
            ((1.0 - rho) / stations.len() as f64, 0.0)
        };
        let counts = |rates: &DVector<f64>, variance: f64, mean: f64| {
            rates * rates.transpose() * variance + DMatrix::from_diagonal(rates) * mean
        };
        let added = counts(&touched, per_cycle * variance, per_cycle * mean) + counts(&rates, spread, share);
        Step { queue: i, offspring: touched * mean, added }
    }

    /// A F A' + what is added.
    fn after(&self, covariance: DMatrix<f64>) -> DMatrix<f64> {
        let left = self.times(covariance);
        self.times(left.transpose()).transpose() + &self.added
    }

    /// A F: column `queue` of A is the offspring, the others are those of the unit matrix.
    fn times(&self, mut f: DMatrix<f64>) -> DMatrix<f64> {
        let row = f.row(self.queue).into_owned();
        f.row_mut(self.queue).fill(0.0);
        f + &self.offspring * row
    }
}

impl Station {
    /// Mean and variance of the time that one message found keeps the server here.
    fn stay(&self) -> (f64, f64) {
        match self.visit {
            Visit::Gated => (self.service, self.service_second - self.service * self.service),
            Visit::Exhaustive => {
                let gap = 1.0 - self.load();
                let mean = self.service / gap;
                (mean, self.service_second / gap.powi(3) - mean * mean)
            }
        }
    }
}

/// Covariance at the server's arrivals at the first queue: F = M F M' + Q by doubling.
fn stationary_at_first(steps: &[Step]) -> Option<DMatrix<f64>> {
    let n = steps.len();
    let mut added = DMatrix::zeros(n, n);
    let mut cycle = DMatrix::identity(n, n);
    for step in steps {
        added = step.after(added);
        cycle = step.times(cycle);
    }
    for _ in 0..200 {
        let more = &cycle * &added * cycle.transpose();
        if !more.iter().all(|x| x.is_finite()) {
            return None;
        }
        let small = more.amax() <= 1e-18 * added.amax();
        added += more;
        if small {
            return Some(added);
        }
        cycle = &cycle * &cycle;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::polling::conservation::{Rule, weighted_wait};

    fn close(a: f64, b: f64) -> bool {
        (a / b - 1.0).abs() < 1e-11
    }

    /// Takagi (1986), eq. 4.33 and 5.23: equal queues.
    #[test]
    fn equal_queues_in_closed_form() {
        for n in [1, 2, 5, 20] {
            let lambda = 0.8 / f64::from(n);
            for visit in [Visit::Exhaustive, Visit::Gated] {
                let (service, away) = (Dist::erlang(2, 1.0).unwrap(), Dist::erlang(3, 0.4).unwrap());
                let queue = Station::new(lambda, &service, &away, visit);
                let waits = mean_waits(&vec![queue; n as usize]).unwrap();
                let sign = if visit == Visit::Gated { 1.0 } else { -1.0 };
                let (r, variance) = (0.4, away.variance());
                let closed = variance / (2.0 * r) + (0.8 * 1.5 + r * (f64::from(n) + sign * 0.8)) / (2.0 * (1.0 - 0.8));
                assert!(waits.iter().all(|w| close(*w, closed)), "{n} {visit:?}: {waits:?} {closed}");
            }
        }
    }

    #[test]
    fn unequal_queues_keep_the_pseudo_conservation_law() {
        let laws = [
            (0.3, Dist::Exponential(0.5), Dist::Deterministic(0.1), Visit::Exhaustive),
            (0.1, Dist::hyperexponential_balanced(2.0, 4.0).unwrap(), Dist::Exponential(0.7), Visit::Gated),
            (0.9, Dist::Deterministic(0.3), Dist::Deterministic(0.0), Visit::Exhaustive),
            (0.02, Dist::lognormal(4.0, 2.0).unwrap(), Dist::erlang(2, 1.0).unwrap(), Visit::Gated),
        ];
        let stations: Vec<Station> = laws.iter().map(|(l, s, r, v)| Station::new(*l, s, r, *v)).collect();
        let rules: Vec<Rule> = stations.iter().map(|s| Rule::of(s.visit)).collect();
        let waits = mean_waits(&stations).unwrap();
        let sum: f64 = stations.iter().zip(&waits).map(|(s, w)| s.load() * w).sum();
        assert!(close(sum, weighted_wait(&stations, &rules)), "{sum} {}", weighted_wait(&stations, &rules));
    }

    #[test]
    fn without_switchover_the_sum_is_that_of_mg1() {
        let none = Dist::Deterministic(0.0);
        let stations = [0.4, 0.1, 0.2].map(|l| Station::new(l, &Dist::Exponential(1.0), &none, Visit::Exhaustive));
        let waits = mean_waits(&stations).unwrap();
        let sum: f64 = stations.iter().zip(&waits).map(|(s, w)| s.load() * w).sum();
        assert!(close(sum, 0.7 * 0.7 / 0.3), "{waits:?}");
        // The limit of short ones, whatever their shares.
        let short = [1e-7, 3e-7, 1e-8].map(Dist::Deterministic);
        let near: Vec<Station> = stations
            .iter()
            .zip(&short)
            .map(|(s, r)| Station { switchover: r.mean(), switchover_variance: 0.0, ..*s })
            .collect();
        for (a, b) in waits.iter().zip(mean_waits(&near).unwrap()) {
            assert!((a / b - 1.0).abs() < 1e-5, "{a} {b}");
        }
    }

    /// Published means of three queues: Erlang-2, Erlang-3 and hyperexponential service of mean 0.1,
    /// Erlang-2 switchovers of mean 0.2; scv 2 is the only one that the published sums allow.
    #[test]
    fn published_means_of_three_queues() {
        let laws = [
            Dist::erlang(2, 0.1).unwrap(),
            Dist::erlang(3, 0.1).unwrap(),
            Dist::hyperexponential_balanced(0.1, 2.0).unwrap(),
        ];
        let away = Dist::erlang(2, 0.2).unwrap();
        for (visit, published, sum) in [
            (Visit::Exhaustive, [0.476962, 0.479588, 0.475593], 0.1432143),
            (Visit::Gated, [0.561601, 0.562780, 0.564904], 0.1689286),
        ] {
            let stations = laws.each_ref().map(|law| Station::new(1.0, law, &away, visit));
            let waits = mean_waits(&stations).unwrap();
            let near = waits.iter().zip(published).all(|(a, b)| (a - b).abs() < 6e-7);
            assert!(near, "{visit:?}: {waits:?}");
            assert!((waits.iter().sum::<f64>() * 0.1 - sum).abs() < 6e-8);
        }
    }

    /// One queue under exhaustive service is M/G/1 with repeated vacations.
    #[test]
    fn one_queue_is_a_vacation_queue() {
        use crate::analytic::interruption::vacation::VacationQueue;
        let (service, away) = (Dist::erlang(3, 1.0).unwrap(), Dist::uniform(0.0, 3.0).unwrap());
        let queue = VacationQueue::new(0.6, &service, &away, true).unwrap();
        let waits = mean_waits(&[Station::new(0.6, &service, &away, Visit::Exhaustive)]).unwrap();
        assert!(close(waits[0], queue.wait()));
    }

    #[test]
    fn saturation_and_nothing_are_refused() {
        let queue = Station::new(0.5, &Dist::Exponential(1.0), &Dist::Exponential(1.0), Visit::Gated);
        assert_eq!(mean_waits(&[queue; 2]), None);
        assert_eq!(mean_waits(&[]), None);
        // And near it every digit is kept.
        let near = Station { lambda: 0.4999999, ..queue };
        let waits = mean_waits(&[near; 2]).unwrap();
        let closed = 0.5 + (2.0 * near.lambda * 2.0 + (2.0 + 2.0 * near.lambda)) / (2.0 * (1.0 - 2.0 * near.lambda));
        assert!((waits[1] / closed - 1.0).abs() < 1e-8, "{waits:?} {closed}");
    }
}
