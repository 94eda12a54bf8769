//! Mixed networks: open classes take a part of the capacity away from the closed ones.

use super::choice::exact;
use super::convolution::Convolution;
use super::network::{ClosedNetwork, ClosedSteady, Pace};
use super::wide::Wide;
use crate::analytic::Refusal;
use crate::model::capacity::keeps_up;

/// Speeds of a station at most (the work grows with their square).
const MOST_RATES: usize = 5000;

/// Open classes of a mixed network.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenClasses {
    /// Poisson arrivals per second of each class.
    pub rates: Vec<f64>,
    /// Demand of each class (row) at each station (column), seconds.
    pub demands: Vec<Vec<f64>>,
}

/// The steady state of a mixed network.
#[derive(Debug, Clone)]
pub struct MixedSteady {
    /// Of the closed classes.
    pub closed: ClosedSteady,
    /// Mean number of each open class (row) at each station (column).
    pub open: Vec<Vec<f64>>,
    /// Mean number of servers busy at each station, all classes.
    pub busy_servers: Vec<f64>,
}

impl OpenClasses {
    /// Offered load of the open classes at station i, erlangs.
    ///
    /// ```
    /// use lindley::analytic::network::closed::mixed::OpenClasses;
    /// assert_eq!(OpenClasses { rates: vec![2.0], demands: vec![vec![0.25, 0.125]] }.load(1), 0.25);
    /// ```
    pub fn load(&self, i: usize) -> f64 {
        self.rates.iter().zip(&self.demands).map(|(rate, row)| rate * row[i]).sum()
    }
}

/// A mixed network, exact.
///
/// Formula: with open load rho at one server, the closed classes see demands D/(1 - rho), and
/// L_open = rho_o (1 + L_closed)/(1 - rho). At c servers they see the speeds b_(k-1)/b_k with
/// b_k = sum_{n>=k} C(n,k) rho^(n-k)/prod_{j<=n} min(j, c). Delays do not change.
/// Units: demands in seconds, rates per second.
/// Valid when: product form; the open load is below the capacity of each station.
/// Reference: Baskett et al. (1975); Lazowska et al., sec. 7.4; Bruell, Balbo, Afshari (1984).
///
/// ```
/// use lindley::analytic::network::closed::mixed::{OpenClasses, mixed};
/// use lindley::analytic::network::closed::network::{ClosedNetwork, Pace};
/// // One closed message alone at a server that is half taken: it cycles every 2 s, and the open
/// // class has rho (1 + 1)/(1 - rho) = 2 messages there.
/// let closed = ClosedNetwork::single(vec![1.0], vec![Pace::Servers(1)], 1);
/// let steady = mixed(&closed, &OpenClasses { rates: vec![0.5], demands: vec![vec![1.0]] }).unwrap();
/// assert!((steady.closed.throughput[0] - 0.5).abs() < 1e-15 && (steady.open[0][0] - 2.0).abs() < 1e-15);
/// ```
pub fn mixed(closed: &ClosedNetwork, open: &OpenClasses) -> Result<MixedSteady, Refusal> {
    let stations = closed.stations();
    let loads: Vec<f64> = (0..stations).map(|i| open.load(i)).collect();
    let mut left = closed.clone();
    for (i, &load) in loads.iter().enumerate() {
        left.paces[i] = remaining(&closed.paces[i], load, i)?;
        if closed.paces[i].is_single() {
            left.demands.iter_mut().for_each(|row| row[i] /= 1.0 - load);
        }
    }
    let dependent = left.paces.iter().any(|pace| matches!(pace, Pace::Rates(_)));
    let (found, presence) = if dependent || closed.classes() == 0 {
        Convolution::new(&left)?.steady()
    } else {
        let found = exact(&left)?.0;
        let presence = (0..stations).map(|i| if left.paces[i].is_single() { 1.0 + found.total(i) } else { 1.0 });
        let presence = presence.collect();
        (found, presence)
    };
    let share = |i: usize| if closed.paces[i].is_single() { presence[i] / (1.0 - loads[i]) } else { presence[i] };
    let number = |(rate, row): (&f64, &Vec<f64>)| (0..stations).map(|i| rate * row[i] * share(i)).collect();
    let open_numbers = open.rates.iter().zip(&open.demands).map(number).collect();
    let own = |i: usize| -> f64 { found.throughput.iter().zip(&closed.demands).map(|(x, row)| x * row[i]).sum() };
    let busy_servers = (0..stations).map(|i| loads[i] + own(i)).collect();
    Ok(MixedSteady { closed: found, open: open_numbers, busy_servers })
}

/// The station as the closed classes see it.
fn remaining(pace: &Pace, load: f64, i: usize) -> Result<Pace, Refusal> {
    let (count, capacity) = match pace {
        Pace::Delay => return Ok(Pace::Delay),
        Pace::Servers(c) => (*c as usize, f64::from(*c)),
        Pace::Rates(rates) => (rates.len(), rates[rates.len() - 1]),
    };
    if !keeps_up(load, capacity) {
        return Err(Refusal::unstable(format!(
            "the open classes bring {load:.6} erlangs to node{}, which can take {capacity}: no steady state exists; \
             stable with their rates or demands there divided by more than {:.6}",
            i + 1,
            load / capacity,
        )));
    }
    if count > MOST_RATES {
        let why = format!("a station of {count} servers in a mixed network is too many: {MOST_RATES} at most");
        return Err(Refusal::Assumption(why));
    }
    if pace.is_single() {
        return Ok(Pace::Servers(1));
    }
    let speeds: Vec<f64> = (1..=count as u64).map(|n| pace.rate(n)).collect();
    Ok(Pace::Rates(slowed(&speeds, load)))
}

/// b_(k-1)/b_k for k = 1, ..., K + 1, of a station with these K speeds and that open load; the last
/// holds for all above.
fn slowed(speeds: &[f64], load: f64) -> Vec<f64> {
    let (most, last) = (speeds.len(), speeds[speeds.len() - 1]);
    let x = load / last;
    // a_k = 1/prod of speeds, and a_K last^(K-k) before the sum over n >= K.
    let mut a = vec![Wide::ONE];
    for speed in speeds {
        a.push(a[a.len() - 1].times(Wide::new(1.0 / speed)));
    }
    let mut before = vec![a[most]; most + 1];
    let mut edge = vec![Wide::ONE; most + 1]; // C(K, k) x^(K-k)
    for k in (0..most).rev() {
        before[k] = before[k + 1].times(Wide::new(last));
        edge[k] = edge[k + 1].times(Wide::new((k + 1) as f64 / (most - k) as f64 * x));
    }
    let mut tail = Wide::ZERO; // sum over n >= K of C(n, k) x^(n-k), from that for k - 1
    let b = (0..=most).map(|k| {
        tail = edge[k].plus(tail).times(Wide::new(1.0 / (1.0 - x)));
        let mut term = a[k];
        let mut head = Wide::ZERO;
        for (n, speed) in speeds.iter().enumerate().skip(k) {
            head = head.plus(term);
            term = term.times(Wide::new((n + 1) as f64 / (n + 1 - k) as f64 * load / speed));
        }
        head.plus(tail.times(before[k]))
    });
    let b: Vec<Wide> = b.collect();
    b.windows(2).map(|pair| pair[0].over(pair[1])).chain([last * (1.0 - x)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::network::shared_station;

    #[test]
    fn agrees_with_the_chain_also_with_several_servers_and_speeds() {
        for (pace, lambda) in
            [(Pace::Servers(1), 0.5), (Pace::Servers(3), 1.7), (Pace::Rates(vec![1.0, 0.8, 1.6]), 0.9)]
        {
            let network = ClosedNetwork::single(vec![0.7], vec![pace.clone()], 3).thinking(1.0);
            let open = OpenClasses { rates: vec![lambda], demands: vec![vec![1.0]] };
            let steady = mixed(&network, &open).unwrap();
            // One closed class between a think time and the station; the open one truncated far out.
            let arrive = |(k, j): (u32, u32)| [f64::from(3 - k), if j < 150 { lambda } else { 0.0 }];
            let [closed, others] = shared_station(arrive, |n| pace.rate(u64::from(n)), [0.7, 1.0]);
            assert!((steady.closed.in_station[0][0] / closed - 1.0).abs() < 1e-10, "{pace:?}: {closed} {steady:?}");
            assert!((steady.open[0][0] / others - 1.0).abs() < 1e-9, "{pace:?}: {others} {steady:?}");
        }
    }

    #[test]
    fn without_closed_messages_it_is_mmc() {
        use crate::analytic::station::mmc::Mmc;
        let paces = vec![Pace::Servers(4), Pace::Servers(1)];
        let empty = ClosedNetwork { paces, demands: vec![], populations: vec![], think: vec![] };
        let open = OpenClasses { rates: vec![3.2], demands: vec![vec![1.0, 0.25]] };
        let steady = mixed(&empty, &open).unwrap();
        assert!((steady.open[0][0] / Mmc::new(3.2, 1.0, 4).unwrap().in_system() - 1.0).abs() < 1e-13);
        assert!((steady.open[0][1] - 4.0).abs() < 1e-12);
    }

    #[test]
    fn an_overload_is_named() {
        let network = ClosedNetwork::single(vec![1.0], vec![Pace::Servers(2)], 1);
        let open = OpenClasses { rates: vec![2.0], demands: vec![vec![1.0]] };
        let Err(Refusal::Unstable(why)) = mixed(&network, &open) else { panic!("stable") };
        assert!(why.to_string().contains("bring 2.000000 erlangs to node1, which can take 2:"), "{why}");
    }
}
