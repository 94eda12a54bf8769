//! What a closed network is and what its solution says, whatever method solves it.

use crate::analytic::Refusal;

/// How fast a station works as its number grows.
#[derive(Debug, Clone, PartialEq)]
pub enum Pace {
    /// Everybody is served at once: a delay, an infinite server.
    Delay,
    /// So many parallel servers of speed 1.
    Servers(u32),
    /// The speed with 1, 2, ... messages; the last holds for all above.
    Rates(Vec<f64>),
}

impl Pace {
    /// The speed of the station with n >= 1 messages.
    ///
    /// ```
    /// use lindley::analytic::network::closed::network::Pace;
    /// assert_eq!(Pace::Servers(2).rate(5), 2.0);
    /// assert_eq!(Pace::Rates(vec![1.0, 1.5]).rate(1), 1.0);
    /// ```
    pub fn rate(&self, n: u64) -> f64 {
        match self {
            Pace::Delay => n as f64,
            Pace::Servers(c) => n.min(u64::from(*c)) as f64,
            Pace::Rates(rates) => rates[(n as usize).min(rates.len()) - 1],
        }
    }

    /// Whether it is one server of constant speed 1.
    pub fn is_single(&self) -> bool {
        matches!(self, Pace::Servers(1))
    }
}

/// A closed network of product form: classes with fixed populations cycle among stations.
///
/// Formula: P(n) is proportional to prod_i (|n_i|! / prod_k rate_i(k)) prod_r D_ir^n_ir / n_ir!.
/// Units: demands D_ir (visits times mean service) and think times in seconds.
/// Valid when: each station is first come first served with one exponential service mean for all
/// classes, or processor sharing, a delay, or preemptive last come first served with any service.
/// Reference: Baskett, Chandy, Muntz, Palacios, Journal of the ACM 22 (1975); Gordon, Newell (1967).
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedNetwork {
    /// One entry a station.
    pub paces: Vec<Pace>,
    /// Demand of each class (row) at each station (column), seconds in a cycle.
    pub demands: Vec<Vec<f64>>,
    /// Messages of each class.
    pub populations: Vec<u32>,
    /// Think time of each class, seconds in a cycle.
    pub think: Vec<f64>,
}

impl ClosedNetwork {
    /// One class without think time.
    ///
    /// ```
    /// use lindley::analytic::network::closed::{convolution::convolution, network::{ClosedNetwork, Pace}};
    /// let two = ClosedNetwork::single(vec![1.0, 1.0], vec![Pace::Servers(1), Pace::Servers(1)], 2);
    /// assert!((convolution(&two).unwrap().throughput[0] - 2.0 / 3.0).abs() < 1e-15);
    /// ```
    pub fn single(demands: Vec<f64>, paces: Vec<Pace>, population: u32) -> ClosedNetwork {
        ClosedNetwork { paces, demands: vec![demands], populations: vec![population], think: vec![0.0] }
    }

    /// Number of stations.
    pub fn stations(&self) -> usize {
        self.paces.len()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.populations.len()
    }

    /// Vectors of populations up to the given one: prod (N_r + 1).
    pub fn vectors(&self) -> f64 {
        self.populations.iter().map(|&n| f64::from(n) + 1.0).product()
    }

    /// The same with that think time of its only class, seconds in a cycle.
    pub fn thinking(self, think: f64) -> ClosedNetwork {
        ClosedNetwork { think: vec![think], ..self }
    }

    /// Fails where this is no network: lengths that differ, numbers out of range, a
    /// class that cycles in no time.
    pub fn check(&self) -> Result<(), Refusal> {
        let (classes, stations) = (self.classes(), self.stations());
        let (n, m) = (self.demands.len(), self.think.len());
        let lengths = || {
            format!("{classes} populations, {n} rows of demands and {m} think times: there must be one of each a class")
        };
        Refusal::unless(n == classes && m == classes, lengths)?;
        Refusal::unless(classes > 0, || "a network has at least one class".to_string())?;
        if let Some(row) = self.demands.iter().find(|row| row.len() != stations) {
            return Err(Refusal::invalid(format!("{} demands for {stations} stations", row.len())));
        }
        self.paces.iter().try_for_each(check_pace)?;
        demands_and_think(self.demands.iter().flatten().chain(&self.think))?;
        let idle = |r: &usize| self.populations[*r] > 0 && self.think[*r] + self.demands[*r].iter().sum::<f64>() <= 0.0;
        match (0..classes).find(idle) {
            Some(r) => {
                Err(Refusal::invalid(format!("class {} has no demand anywhere: it would cycle in no time", r + 1)))
            }
            None => Ok(()),
        }
    }
}

/// Fails unless demands and think times are finite and not negative.
pub(super) fn demands_and_think<'x>(mut all: impl Iterator<Item = &'x f64>) -> Result<(), Refusal> {
    match all.find(|x| !(x.is_finite() && **x >= 0.0)) {
        Some(bad) => {
            Err(Refusal::invalid(format!("a demand or think time is {bad}, and must be finite and not negative")))
        }
        None => Ok(()),
    }
}

fn check_pace(pace: &Pace) -> Result<(), Refusal> {
    match pace {
        Pace::Servers(0) => Err(Refusal::invalid("a station has at least one server")),
        Pace::Rates(rates) if rates.is_empty() => {
            Err(Refusal::invalid("a load-dependent station has at least one speed"))
        }
        Pace::Rates(rates) => match rates.iter().find(|x| !(x.is_finite() && **x > 0.0)) {
            Some(bad) => Err(Refusal::invalid(format!("a speed is {bad}, and must be finite and above 0"))),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The steady state of a closed network.
#[derive(Debug, Clone, Default)]
pub struct ClosedSteady {
    /// Cycles per second of each class.
    pub throughput: Vec<f64>,
    /// Mean number of each class (row) at each station (column).
    pub in_station: Vec<Vec<f64>>,
    /// P(station not empty), for stations with given speeds; `None` for others.
    pub busy: Vec<Option<f64>>,
    /// Natural logarithm of the normalising constant G, where the method has it.
    pub ln_constant: Option<f64>,
}

impl ClosedSteady {
    /// Seconds that a message of class r spends at station i in a cycle (0 for an empty class).
    pub fn residence(&self, r: usize, i: usize) -> f64 {
        if self.throughput[r] > 0.0 { self.in_station[r][i] / self.throughput[r] } else { 0.0 }
    }

    /// Seconds that a message of class r spends in all stations in a cycle, think time not included.
    pub fn response(&self, r: usize) -> f64 {
        (0..self.in_station[r].len()).map(|i| self.residence(r, i)).sum()
    }

    /// Mean number at station i, all classes.
    pub fn total(&self, i: usize) -> f64 {
        self.in_station.iter().map(|row| row[i]).sum()
    }

    /// Mean number of servers busy at station i of the network; for stations with given speeds the
    /// probability that it is not empty.
    pub fn busy_servers(&self, network: &ClosedNetwork, i: usize) -> f64 {
        let load = || (0..network.classes()).map(|r| self.throughput[r] * network.demands[r][i]).sum();
        self.busy.get(i).copied().flatten().unwrap_or_else(load)
    }
}

/// Why an exact method does not take a network: it would visit so many vectors of populations.
pub(super) fn too_large(vectors: f64, most: f64) -> Refusal {
    Refusal::Assumption(format!(
        "the exact solution visits {vectors} vectors of populations, more than {most}; \
         `linearizer` and `bard-schweitzer` approximate it at once"
    ))
}
