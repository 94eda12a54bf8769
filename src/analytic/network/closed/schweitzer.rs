//! Approximate mean value analysis by Bard and Schweitzer, and the fixed point that it shares with
//! Linearizer.

use super::network::{ClosedNetwork, ClosedSteady, Pace};

/// Iterations of a fixed point at most.
const MOST_ITERATIONS: usize = 20_000;
/// Change of the mean numbers in a round, a message of the population, at which the fixed point is
/// reached.
const CHANGE: f64 = 1e-12;

/// Approximate mean value analysis by proportional estimation.
///
/// Formula: the fixed point of R_ir = D_ir (1 + sum_s L_is - L_ir/N_r), X_r = N_r/(Z_r + sum_i R_ir), L_ir = X_r R_ir:
/// an arrival finds the others and (N_r - 1)/N_r of its own class. Stations of c servers by Seidmann:
/// one server of demand D/c and a delay of D (c-1)/c.
/// Units: demands and think times in seconds.
/// Valid when: any populations (errors of some percent, largest for few messages on balanced
/// stations); `None` with load-dependent speeds.
/// Reference: Schweitzer (1979); Bard, ACM SIGMETRICS (1979); Seidmann, Schweitzer, Shalev-Oren (1987).
///
/// ```
/// use lindley::analytic::network::closed::{network::{ClosedNetwork, Pace}, schweitzer::bard_schweitzer};
/// // Balanced, N = 2: R = 1 + 2/2 - 1/2 = 3/2 at each of two stations, exactly the truth.
/// let network = ClosedNetwork::single(vec![1.0, 1.0], vec![Pace::Servers(1), Pace::Servers(1)], 2);
/// assert!((bard_schweitzer(&network).unwrap().throughput[0] - 2.0 / 3.0).abs() < 1e-11);
/// ```
pub fn bard_schweitzer(network: &ClosedNetwork) -> Option<ClosedSteady> {
    let layout = MvaLayout::new(network)?;
    let populations: Vec<f64> = network.populations.iter().map(|&n| f64::from(n)).collect();
    let found = layout.fixed_point(&populations, &layout.no_correction(), layout.spread(&populations), CHANGE);
    Some(layout.steady(&found))
}

/// A network as arrays, class by class.
pub(crate) struct MvaLayout<'n> {
    network: &'n ClosedNetwork,
    /// Number of stations.
    pub(crate) stations: usize,
    /// Number of classes.
    pub(crate) classes: usize,
    /// Share of the demand at a station that queues at one server; the rest is a delay.
    queued: Vec<f64>,
    demands: Vec<f64>,
}

/// A fixed point: throughputs, and mean numbers that queue, class by class.
pub(crate) struct FixedPoint {
    /// A class each.
    pub(crate) throughput: Vec<f64>,
    /// Of class r at station i, at r * stations + i.
    pub(crate) queueing: Vec<f64>,
}

impl<'n> MvaLayout<'n> {
    /// `None` with load-dependent speeds.
    pub(crate) fn new(network: &'n ClosedNetwork) -> Option<Self> {
        let total: f64 = network.populations.iter().map(|&n| f64::from(n)).sum();
        let share = |pace: &Pace| match pace {
            Pace::Delay => Some(0.0),
            Pace::Servers(c) if *c > 1 && f64::from(*c) >= total => Some(0.0),
            Pace::Servers(c) => Some(1.0 / f64::from(*c)),
            Pace::Rates(_) => None,
        };
        Some(MvaLayout {
            network,
            stations: network.stations(),
            classes: network.classes(),
            queued: network.paces.iter().map(share).collect::<Option<_>>()?,
            demands: network.demands.concat(),
        })
    }

    /// Nothing to add to what proportional estimation says.
    pub(crate) fn no_correction(&self) -> Vec<f64> {
        vec![0.0; self.demands.len()]
    }

    /// Each class evenly over the stations that it uses.
    pub(crate) fn spread(&self, populations: &[f64]) -> Vec<f64> {
        let evenly = |(row, n): (&Vec<f64>, &f64)| {
            let used = row.iter().filter(|&&d| d > 0.0).count().max(1) as f64;
            row.iter().map(|&d| if d > 0.0 { n / used } else { 0.0 }).collect::<Vec<f64>>()
        };
        self.network.demands.iter().zip(populations).flat_map(evenly).collect()
    }

    /// The fixed point where an arrival of class r at station i finds the proportional estimate plus
    /// `correction[r * stations + i]`, until a round changes less than `least`.
    pub(crate) fn fixed_point(
        &self,
        populations: &[f64],
        correction: &[f64],
        start: Vec<f64>,
        least: f64,
    ) -> FixedPoint {
        let m = self.stations;
        let mut found = FixedPoint { throughput: vec![0.0; self.classes], queueing: start };
        let (mut totals, mut times) = (vec![0.0; m], vec![0.0; m]);
        for _ in 0..MOST_ITERATIONS {
            // Kept up to date within a round, and made anew for each so that no rounding gathers.
            totals.fill(0.0);
            found.queueing.chunks_exact(m.max(1)).for_each(|row| {
                totals.iter_mut().zip(row).for_each(|(total, l)| *total += l);
            });
            let mut change = 0.0_f64;
            for r in (0..self.classes).filter(|&r| populations[r] > 0.0) {
                let row = r * m..(r + 1) * m;
                let (demands, add) = (&self.demands[row.clone()], &correction[row.clone()]);
                let mine = &mut found.queueing[row];
                let (own, mut cycle) = (1.0 / populations[r], self.network.think[r]);
                for i in 0..m {
                    let waiting = (totals[i] - own * mine[i] + add[i]).max(0.0);
                    times[i] = demands[i] * self.queued[i] * (1.0 + waiting);
                    cycle += times[i] + demands[i] * (1.0 - self.queued[i]);
                }
                let x = populations[r] / cycle;
                found.throughput[r] = x;
                for i in 0..m {
                    let now = x * times[i];
                    change = change.max((now - mine[i]).abs() * own);
                    totals[i] += now - mine[i];
                    mine[i] = now;
                }
            }
            if change < least {
                break;
            }
        }
        found
    }

    /// The answer, the delays of stations with several servers included.
    pub(crate) fn steady(&self, found: &FixedPoint) -> ClosedSteady {
        let m = self.stations;
        let number = |r: usize, i: usize| {
            let delay = found.throughput[r] * self.demands[r * m + i] * (1.0 - self.queued[i]);
            let queueing = if found.throughput[r] > 0.0 { found.queueing[r * m + i] } else { 0.0 };
            queueing + delay
        };
        ClosedSteady {
            throughput: found.throughput.clone(),
            in_station: (0..self.classes).map(|r| (0..m).map(|i| number(r, i)).collect()).collect(),
            ..ClosedSteady::default()
        }
    }
}
