//! M/M/c/K/N: a finite population of sources, each silent while its message is here: machine repair (K
//! = N) and Engset's loss system (K = c).

use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::birth_death::BirthDeath;
use crate::analytic::numeric::phases::{Phases, TailTable};
use crate::analytic::steady::{Detail, Moments, Steady};

/// Finite source M/M/c/K/N in steady state: N sources, each sending `lambda` per second while it has
/// no message here; c servers; at most K messages here. A source that finds K here thinks again.
///
/// Formula: p_{n+1} / p_n = (N - n) lambda / (min(n + 1, c) mu), n < K. An arrival sees n with
/// probability proportional to (N - n) p_n, which for K = N is the law of a system with N - 1
/// sources; it waits for n - c + 1 completions of rate c mu.
/// Units: lambda per second and idle source, mu per second, times in seconds.
/// Valid when: lambda, mu > 0; K = N is machine repair, K = c Engset; always stable.
/// Numerics: from the mode outward, for N and c up to 10^7.
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.8; Engset (1918).
///
/// ```
/// use lindley::analytic::station::finite_source::FiniteSource;
/// // One machine, one repairman: up 1/(0.5) = 2 s, in repair 1 s.
/// let one = FiniteSource::new(0.5, 1.0, 1, None, 1);
/// assert!((one.in_system() - 1.0 / 3.0).abs() < 1e-15);
/// assert_eq!(one.prob_wait(), 0.0);
/// // Engset with two sources, one server: p = (1, 1, ...) for lambda = mu/2: P(blocked) = 1/3.
/// let engset = FiniteSource::new(0.5, 1.0, 1, Some(1), 2);
/// assert!((engset.prob_loss() - 1.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FiniteSource {
    lambda: f64,
    mu: f64,
    c: u32,
    places: u64,
    population: u64,
    law: BirthDeath,
}

impl FiniteSource {
    /// The system of `population` sources of rate `lambda` each, `c` servers of rate `mu` and
    /// `places` >= c in all (`None`, or more than the population: as many as there are sources).
    pub fn new(lambda: f64, mu: f64, c: u32, places: Option<u64>, population: u64) -> FiniteSource {
        let places = places.map_or(population, |k| k.min(population));
        let servers = u64::from(c);
        let ratio = |n: u64| (population - n) as f64 * lambda / ((n + 1).min(servers) as f64 * mu);
        FiniteSource { lambda, mu, c, places, population, law: BirthDeath::new(Some(places), ratio) }
    }

    /// Time-average probability of `n` messages here.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        self.law.at(n)
    }

    /// Rate of arrivals that find between `from` and `to`.
    fn arrivals(&self, from: u64, to: u64) -> f64 {
        self.law.between(from, to, |n| (self.population - n) as f64 * self.lambda)
    }

    /// Messages offered per second, those that are blocked included.
    pub fn offered_rate(&self) -> f64 {
        self.arrivals(0, self.places)
    }

    /// Messages served per second: mu E\[min(N, c)\].
    pub fn throughput(&self) -> f64 {
        self.mu * self.law.mean(|n| n.min(u64::from(self.c)) as f64)
    }

    /// Share of arrivals that find K here; 0 for K = N, where no source is left to send.
    pub fn prob_loss(&self) -> f64 {
        self.arrivals(self.places, self.places) / self.offered_rate()
    }

    /// Rate of messages that are accepted and wait.
    fn waiting_rate(&self) -> f64 {
        match self.places {
            0 => 0.0,
            places => self.arrivals(u64::from(self.c), places - 1),
        }
    }

    /// Share of accepted messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.waiting_rate() / self.throughput()
    }

    /// Share of all arrivals, the blocked included, that wait.
    pub fn prob_wait_of_arrivals(&self) -> f64 {
        self.waiting_rate() / self.offered_rate()
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.law.mean(|n| n.saturating_sub(u64::from(self.c)) as f64)
    }

    /// Mean number here.
    pub fn in_system(&self) -> f64 {
        self.law.mean(|n| n as f64)
    }

    /// Probabilities of 0, 1, .. completions for which an accepted message waits.
    fn completions(&self) -> Vec<f64> {
        let servers = u64::from(self.c);
        let mut counts = vec![1.0 - self.prob_wait()];
        let rate = self.throughput();
        counts.resize(1 + self.places.saturating_sub(servers) as usize, 0.0);
        for (n, p) in self.law.entries().filter(|(n, _)| (servers..self.places).contains(n)) {
            counts[(n - servers + 1) as usize] = p * (self.population - n) as f64 * self.lambda / rate;
        }
        counts
    }

    /// Everything in one record.
    pub fn steady(&self) -> Steady {
        let (rate, service) = (f64::from(self.c) * self.mu, 1.0 / self.mu);
        let counts = self.completions();
        let moment = |f: fn(f64) -> f64| counts.iter().enumerate().map(|(m, p)| p * f(m as f64)).sum::<f64>();
        let (throughput, queue_length, offered) = (self.throughput(), self.queue_length(), self.offered_rate());
        let wait = queue_length / throughput;
        // m completions: mean m/rate, second moment m(m+1)/rate^2.
        let variance = moment(|m| m * (m + 1.0)) / (rate * rate) - wait * wait;
        let law = |table, mean| TimeLaw::Phases { rate, count: Phases::Table(table, 0), mean };
        let others = 1.0 - 1.0 / f64::from(self.c);
        let moments = [Moments::new(service, service * service), Moments::new(wait, variance)];
        let kendall = format!("M/M/{}/{}/{}", self.c, self.places, self.population);
        let method = "finite source birth-death chain (Gross et al., sec. 2.8); times of accepted messages";
        let numbers = self.law.clone();
        Steady {
            offered_load: offered / self.mu,
            number_law: Some(NumberLaw::of_chain(move || numbers).waiting_for(self.c)),
            utilization: Some(throughput / rate),
            prob_wait: Some(self.prob_wait()),
            prob_loss: Some(self.prob_loss()),
            queue_length,
            in_system: self.in_system(),
            wait_law: Some(law(TailTable::finite(&counts), wait)),
            sojourn_law: Some(law(TailTable::finite_plus_geometric(&counts, others), wait + service)),
            details: vec![
                Detail::fraction("prob_empty", self.law.at(0)),
                Detail::fraction("prob_wait_of_arrivals", self.prob_wait_of_arrivals()),
            ],
            ..Steady::carried(kendall, (offered, throughput), moments[0], moments[1], method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::poisson;
    use crate::analytic::numeric::quadrature::panel;
    use crate::analytic::testing::{chain_averages, share};

    fn chain(lambda: f64, c: u64, places: u64, population: u64) -> Vec<f64> {
        let average = chain_averages([0_u64], 1000, |&n, to| {
            to((n + 1).min(places), (population - n) as f64 * lambda);
            to(n.saturating_sub(1), n.min(c) as f64);
        });
        (0..=places).map(|n| average(&|at| share(*at == n))).collect()
    }

    #[test]
    fn agrees_with_the_chain() {
        for (lambda, c, places, population) in
            [(0.1, 1, 10, 10), (0.3, 5, 5, 12), (0.4, 3, 7, 20), (2.0, 2, 9, 9), (1e-3, 4, 6, 30), (0.5, 8, 3, 3)]
        {
            let system = FiniteSource::new(lambda, 1.0, c, Some(places), population);
            let p = chain(lambda, u64::from(c), places, population);
            for (n, p) in p.iter().enumerate() {
                assert!((system.prob_in_system(n as u64) / p - 1.0).abs() < 1e-12, "{c} {places} {population} {n}");
            }
            let steady = system.steady();
            let (wait, law) = (steady.wait.unwrap(), steady.wait_law.unwrap());
            let area: f64 = (0..100).map(|i| panel(|t| law.survival(t), f64::from(i), f64::from(i + 1))).sum();
            assert!((area - wait.mean).abs() < 1e-10 * (1.0 + wait.mean), "{area} {}", wait.mean);
        }
    }

    /// Arrival theorem: an arrival at N machines sees the time averages of N - 1.
    #[test]
    fn arrivals_see_one_source_less() {
        let (all, less) = (FiniteSource::new(0.2, 1.0, 3, None, 15), FiniteSource::new(0.2, 1.0, 3, None, 14));
        let seen: f64 = (3..=14).map(|n| less.prob_in_system(n)).sum();
        assert!((all.prob_wait() / seen - 1.0).abs() < 1e-13);
        // Power twin: time averages of the same system are something else.
        let time: f64 = (3..=15).map(|n| all.prob_in_system(n)).sum();
        assert!((all.prob_wait() / time - 1.0).abs() > 1e-2);
    }

    #[test]
    fn many_quiet_sources_are_poisson_and_a_million_do_not_overflow() {
        let many = FiniteSource::new(50.0 / 1e7, 1.0, 60, None, 10_000_000).steady();
        let poisson = crate::analytic::station::mmc::Mmc::new(50.0, 1.0, 60).unwrap();
        let ratio = many.wait.unwrap().mean / poisson.wait();
        assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
        let busy = FiniteSource::new(1.0, 1.0, 400_000, None, 1_000_000);
        assert!((busy.throughput() / 400_000.0 - 1.0).abs() < 1e-12);
        assert!((busy.queue_length() - 200_000.0).abs() < 1e-6);
    }

    #[test]
    fn sojourn_of_one_server_is_an_erlang_mixture() {
        let system = FiniteSource::new(0.3, 1.0, 1, None, 4);
        let less = FiniteSource::new(0.3, 1.0, 1, None, 3);
        let tail = |n: u64, t: f64| (0..=n).map(|j| poisson::pmf(j, t)).sum::<f64>();
        let law = system.steady().sojourn_law.unwrap();
        for t in [0.3, 2.0, 9.0] {
            let direct: f64 = (0..4).map(|n| less.prob_in_system(n) * tail(n, t)).sum();
            assert!((law.survival(t) / direct - 1.0).abs() < 1e-12, "{t}");
        }
    }
}
