//! The normalising constant by convolution, for any number of classes and any stations whose speed depends on
//! their number: sums of positive terms only, in numbers of wide exponent, so that no digits are lost and
//! nothing overflows.

use super::lattice::PopulationLattice;
use super::network::{ClosedNetwork, ClosedSteady, Pace, too_large};
use super::wide::Wide;
use crate::analytic::Refusal;

/// Vectors of populations at most (some arrays of 16 bytes each are held).
pub(super) const MOST_VECTORS: f64 = 2e6;
/// Steps at most (vectors times classes, for every pass): some ten seconds.
const MOST_STEPS: f64 = 2e9;

/// A closed network by convolution (Buzen), exact.
///
/// Formula: G = coefficient of prod z_r^N_r in e^{s_Z} prod_i phi_i(s_i), where s_i = sum_r D_ir z_r and
/// phi_i(s) = sum_k s^k / prod_{j<=k} rate_i(j): e^s for a delay, 1/(1 - s) for one server. Then
/// X_r = G(N - e_r)/G(N), and L_ir = D_ir times the same coefficient with phi_i' for phi_i, over G.
/// Units: demands in seconds, throughputs per second.
/// Valid when: the network has product form; at most 2,000,000 vectors of populations, and 2 10^9
/// steps (vectors times classes times rates).
/// Numerics: rational in s from the last rate on, so a station of K rates costs K passes; a
/// relative error of about 1e-16 a pass, also for populations of 10,000.
/// Reference: Buzen, Communications of the ACM 16 (1973); Reiser, Kobayashi, IBM JRD 19 (1975).
///
/// ```
/// use lindley::analytic::network::closed::{convolution::convolution, network::{ClosedNetwork, Pace}};
/// // Demands 1 and 2, N = 2: G = 1 + 2 + 4 = 7, G(1) = 3.
/// let network = ClosedNetwork::single(vec![1.0, 2.0], vec![Pace::Servers(1), Pace::Servers(1)], 2);
/// let steady = convolution(&network).unwrap();
/// assert!((steady.throughput[0] - 3.0 / 7.0).abs() < 1e-15);
/// assert!((steady.in_station[0][1] - 10.0 / 7.0).abs() < 1e-15);
/// assert!((steady.ln_constant.unwrap() - 7.0_f64.ln()).abs() < 1e-15);
/// ```
pub fn convolution(network: &ClosedNetwork) -> Result<ClosedSteady, Refusal> {
    Ok(Convolution::new(network)?.steady().0)
}

/// P(k messages at a station), k = 0, 1, ..., the whole population.
///
/// Formula: p(k) = s^k/prod_{j<=k} rate(j) applied to the constant of the network without the
/// station, over that of the whole.
/// Units: none. Valid when: as for the convolution; costs one pass for each k.
/// Reference: Buzen (1973); Bruell, Balbo, Computational Algorithms for Closed Queueing Networks (1980).
///
/// ```
/// use lindley::analytic::network::closed::{convolution::marginal, network::{ClosedNetwork, Pace}};
/// let network = ClosedNetwork::single(vec![1.0, 2.0], vec![Pace::Servers(1), Pace::Servers(1)], 2);
/// let p = marginal(&network, 1).unwrap();
/// assert!((p[2] - 4.0 / 7.0).abs() < 1e-15 && (p[0] - 1.0 / 7.0).abs() < 1e-15);
/// ```
pub fn marginal(network: &ClosedNetwork, station: usize) -> Result<Vec<f64>, Refusal> {
    let whole = Convolution::new(network)?;
    let constant = whole.constant();
    let last = constant.len() - 1;
    let mut g = whole.without(station);
    let total: u64 = network.populations.iter().map(|&n| u64::from(n)).sum();
    let mut p = vec![g[last].over(constant[last])];
    for k in 1..=total {
        whole.lattice.shift(&mut g, &whole.demands(station, network.paces[station].rate(k)));
        p.push(g[last].over(constant[last]));
    }
    Ok(p)
}

/// A network laid out for convolution.
pub(crate) struct Convolution<'n> {
    network: &'n ClosedNetwork,
    lattice: PopulationLattice,
    /// Delays, single servers, and all others by their speeds.
    paces: Vec<Pace>,
}

impl<'n> Convolution<'n> {
    /// Refuses populations of too many vectors.
    pub(crate) fn new(network: &'n ClosedNetwork) -> Result<Self, Refusal> {
        let vectors = network.vectors();
        if vectors > MOST_VECTORS {
            return Err(too_large(vectors, MOST_VECTORS));
        }
        let total: u32 = network.populations.iter().sum();
        let paces: Vec<Pace> = network.paces.iter().map(|pace| seen(pace, total)).collect();
        let most = (MOST_STEPS / (passes(&paces) * network.classes().max(1) as f64)).floor();
        if vectors > most {
            return Err(too_large(vectors, most));
        }
        Ok(Convolution { network, lattice: PopulationLattice::new(&network.populations), paces })
    }

    /// Demands of all classes at a station that works so much faster.
    fn demands(&self, i: usize, rate: f64) -> Vec<f64> {
        self.network.demands.iter().map(|row| row[i] / rate).collect()
    }

    /// Constants of the delays and single servers but one, which may be none of them.
    fn simple(&self, but: Option<usize>) -> Vec<Wide> {
        let stations = || self.paces.iter().enumerate().filter(|(i, _)| Some(*i) != but);
        let mut think = self.network.think.clone();
        for (i, _) in stations().filter(|(_, pace)| **pace == Pace::Delay) {
            think.iter_mut().zip(self.demands(i, 1.0)).for_each(|(z, d)| *z += d);
        }
        let mut g = self.lattice.exponential(&think);
        for (i, _) in stations().filter(|(_, pace)| pace.is_single()) {
            self.lattice.geometric(&mut g, &self.demands(i, 1.0));
        }
        g
    }

    /// Stations that are neither.
    fn dependent(&self) -> Vec<usize> {
        (0..self.paces.len()).filter(|&i| matches!(self.paces[i], Pace::Rates(_))).collect()
    }

    fn rates(&self, i: usize) -> &[f64] {
        if let Pace::Rates(rates) = &self.paces[i] { rates } else { &[1.0] }
    }

    /// Constants of the whole.
    fn constant(&self) -> Vec<Wide> {
        self.dependent().into_iter().fold(self.simple(None), |g, i| self.with(&g, i, 0))
    }

    /// Constants of all stations but one.
    fn without(&self, station: usize) -> Vec<Wide> {
        let others = self.dependent().into_iter().filter(|&i| i != station);
        others.fold(self.simple(Some(station)), |g, i| self.with(&g, i, 0))
    }

    /// phi g of a load-dependent station, its first speeds `without`.
    fn with(&self, g: &[Wide], i: usize, without: usize) -> Vec<Wide> {
        let (last, others) = self.rates(i).split_last().expect("a station has a speed");
        let mut y = g.to_vec();
        self.lattice.geometric(&mut y, &self.demands(i, *last));
        for rate in others.iter().skip(without).rev() {
            self.lattice.horner(&mut y, &self.demands(i, *rate), 1.0, g);
        }
        y
    }

    /// phi' g of a load-dependent station.
    fn derivative(&self, g: &[Wide], i: usize) -> Vec<Wide> {
        let rates = self.rates(i);
        let last = self.demands(i, rates[rates.len() - 1]);
        let mut once = g.to_vec();
        self.lattice.geometric(&mut once, &last);
        let mut y = once.clone();
        self.lattice.geometric(&mut y, &last);
        if rates.len() > 1 {
            self.lattice.horner(&mut y, &last, (rates.len() - 1) as f64, &once);
        }
        for k in (1..rates.len().saturating_sub(1)).rev() {
            self.lattice.horner(&mut y, &self.demands(i, rates[k]), k as f64, g);
        }
        let first = Wide::new(1.0 / rates[0]);
        y.iter_mut().for_each(|y| *y = y.times(first));
        y
    }

    /// Calls `leaf` with each station of a set and the constants of all others, where `g` are those
    /// of all outside the set: by halving, so that each takes part in few convolutions.
    fn each_left_out(&self, set: &[usize], g: Vec<Wide>, leaf: &mut dyn FnMut(usize, &[Wide])) {
        match set {
            [] => {}
            [i] => leaf(*i, &g),
            _ => {
                let (left, right) = set.split_at(set.len() / 2);
                let for_left = right.iter().fold(g.clone(), |g, &i| self.with(&g, i, 0));
                self.each_left_out(left, for_left, leaf);
                let for_right = left.iter().fold(g, |g, &i| self.with(&g, i, 0));
                self.each_left_out(right, for_right, leaf);
            }
        }
    }

    /// The steady state, and for each station the coefficient with phi' for phi over G: the number
    /// of an open class there, an erlang of its load.
    pub(crate) fn steady(&self) -> (ClosedSteady, Vec<f64>) {
        let g = self.constant();
        let (last, classes) = (g.len() - 1, self.network.classes());
        let reduced = |y: &[Wide], r: usize| self.lattice.below(last, r).map_or(0.0, |cell| y[cell].over(g[last]));
        let throughput: Vec<f64> = (0..classes).map(|r| reduced(&g, r)).collect();
        let mut in_station = vec![vec![0.0; self.paces.len()]; classes];
        let mut presence = vec![1.0; self.paces.len()];
        let mut busy = vec![None; self.paces.len()];
        let mut fill = |i: usize, y: &[Wide]| {
            (0..classes).for_each(|r| in_station[r][i] = self.network.demands[r][i] * reduced(y, r));
            presence[i] = y[last].over(g[last]);
        };
        for i in 0..self.paces.len() {
            match self.paces[i] {
                Pace::Delay => fill(i, &g),
                Pace::Servers(_) => {
                    let mut y = g.clone();
                    self.lattice.geometric(&mut y, &self.demands(i, 1.0));
                    fill(i, &y);
                }
                Pace::Rates(_) => {}
            }
        }
        self.each_left_out(&self.dependent(), self.simple(None), &mut |i, without| {
            fill(i, &self.derivative(without, i));
            let given = matches!(self.network.paces[i], Pace::Rates(_));
            busy[i] = given.then(|| self.not_empty(without, i).over(g[last]));
        });
        (ClosedSteady { throughput, in_station, busy, ln_constant: Some(g[last].ln()) }, presence)
    }

    /// (phi - 1) g at the whole population: the weight of the states where the station is not empty.
    fn not_empty(&self, g: &[Wide], i: usize) -> Wide {
        let mut y = self.with(g, i, 1);
        self.lattice.shift(&mut y, &self.demands(i, self.rates(i)[0]));
        y[y.len() - 1]
    }
}

/// Passes over all vectors.
fn passes(paces: &[Pace]) -> f64 {
    let speeds = |pace: &Pace| if let Pace::Rates(rates) = pace { Some(rates.len() as f64) } else { None };
    let rates: Vec<f64> = paces.iter().filter_map(speeds).collect();
    let halvings = (rates.len().max(1) as f64).log2().ceil();
    2.0 * paces.len() as f64 + (halvings + 3.0) * rates.iter().sum::<f64>() + 1.0
}

/// A station as that many messages see it.
fn seen(pace: &Pace, total: u32) -> Pace {
    let most = match pace {
        Pace::Delay => return Pace::Delay,
        Pace::Servers(c) if *c >= total.max(2) => return Pace::Delay,
        Pace::Servers(1) => return Pace::Servers(1),
        Pace::Servers(c) => u64::from(*c),
        Pace::Rates(all) => all.len() as u64,
    };
    Pace::Rates((1..=most.min(u64::from(total) + 1)).map(|k| pace.rate(k)).collect())
}
