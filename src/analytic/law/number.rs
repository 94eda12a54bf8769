//! Distributions of the number of messages at a station as theory gives them: exactly n, more than n, in the system and
//! waiting.

use crate::analytic::numeric::birth_death::BirthDeath;
use crate::row::Statistic;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// A probability for each number.
type OfNumber = Arc<dyn Fn(u64) -> f64 + Send + Sync>;

/// The law of the number of messages waiting or in service, as time sees it.
#[derive(Clone)]
pub struct NumberLaw {
    probability: OfNumber,
    above: OfNumber,
    /// Messages in service while others wait; `None` where nobody ever waits.
    served: Option<u64>,
}

impl fmt::Debug for NumberLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumberLaw").field("served", &self.served).finish_non_exhaustive()
    }
}

impl NumberLaw {
    /// The law with these P(N = n) and P(N > n), of a station where nobody waits.
    ///
    /// ```
    /// use lindley::{analytic::law::number::NumberLaw, row::Statistic};
    /// // M/M/1 at 0.8: P(N > n) = 0.8^(n+1), and of these one is served.
    /// let law = NumberLaw::new(|n| 0.2 * 0.8_f64.powf(n as f64), |n| 0.8_f64.powf(n as f64 + 1.0)).waiting_for(1);
    /// assert!((law.in_system(Statistic::Above(3.0)).unwrap() - 0.4096).abs() < 1e-15);
    /// assert_eq!(law.in_system(Statistic::Equal(0.0)), Some(0.2));
    /// assert!((law.waiting(Statistic::AtMost(2.0)).unwrap() - 0.5904).abs() < 1e-15);
    /// ```
    pub fn new(
        probability: impl Fn(u64) -> f64 + Send + Sync + 'static,
        above: impl Fn(u64) -> f64 + Send + Sync + 'static,
    ) -> NumberLaw {
        NumberLaw { probability: Arc::new(probability), above: Arc::new(above), served: None }
    }

    /// The law of a birth-death chain, which is computed when it is first asked for.
    pub(crate) fn of_chain(chain: impl FnOnce() -> BirthDeath + Send + 'static) -> NumberLaw {
        let chain: Box<dyn FnOnce() -> BirthDeath + Send> = Box::new(chain);
        let law = Arc::new(LazyLock::new(chain));
        let tail = law.clone();
        NumberLaw::new(move |n| law.at(n), move |n| tail.between(n.saturating_add(1), u64::MAX, |_| 1.0))
    }

    /// The same law where messages wait for so many servers, of which none is idle while a message waits.
    pub fn waiting_for(self, servers: u32) -> NumberLaw {
        NumberLaw { served: Some(u64::from(servers)), ..self }
    }

    /// P(N = n).
    pub fn probability(&self, n: u64) -> f64 {
        (self.probability)(n)
    }

    /// P(N > n).
    pub fn above(&self, n: u64) -> f64 {
        (self.above)(n)
    }

    /// The probability of an event about the number in the system; `None` of what is no probability.
    pub fn in_system(&self, event: Statistic) -> Option<f64> {
        match event {
            Statistic::Above(level) => Some(self.above(level as u64)),
            Statistic::AtMost(level) => Some(1.0 - self.above(level as u64)),
            Statistic::Equal(level) if level.fract() == 0.0 => Some(self.probability(level as u64)),
            Statistic::Equal(_) => Some(0.0),
            Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) => None,
            Statistic::Max | Statistic::Count | Statistic::Fraction => None,
        }
    }

    /// The probability of an event about the number waiting: Q = (N - c)^+.
    pub fn waiting(&self, event: Statistic) -> Option<f64> {
        let Some(served) = self.served else { return event.is_probability().then(|| f64::from(event.includes(0.0))) };
        let most = served as f64;
        match event {
            Statistic::Equal(0.0) => self.in_system(Statistic::AtMost(most)),
            Statistic::Equal(level) => self.in_system(Statistic::Equal(level + most)),
            Statistic::Above(level) => self.in_system(Statistic::Above(level.floor() + most)),
            Statistic::AtMost(level) => self.in_system(Statistic::AtMost(level.floor() + most)),
            Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) => None,
            Statistic::Max | Statistic::Count | Statistic::Fraction => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::MethodId;
    use crate::analytic::kendall::Notation;
    use crate::analytic::numeric::poisson;
    use crate::analytic::plan::{plan, plan_by};
    use crate::analytic::problem::{Discipline, Station};
    use crate::analytic::question::{Beside, station};
    use crate::analytic::station::{mdc::Mdc, mg1::Mg1, mm1::Mm1, mmc::Mmc};
    use crate::analytic::steady::Steady;
    use crate::analytic::testing::births_and_deaths;
    use crate::dist::Dist;

    fn described(notation: &str, arrival_rate: f64, discipline: Discipline) -> Station {
        let patience = notation.contains('+').then_some(2.0);
        let beside = Beside {
            arrival_rate: Some(arrival_rate),
            mean_service: Some(1.0),
            mean_patience: patience,
            discipline,
            ..Beside::default()
        };
        station(&Notation::parse(notation).unwrap(), &beside).unwrap()
    }

    fn solved(notation: &str, arrival_rate: f64, discipline: Discipline) -> Steady {
        plan(&described(notation, arrival_rate, discipline)).unwrap().best().steady.clone()
    }

    /// Largest number looked at: beyond it nothing is left of any of these laws.
    const MOST: u64 = 150;

    /// Sum of the probabilities, largest error of a tail, mean number in the system and waiting.
    fn summed(law: &NumberLaw) -> (f64, f64, f64, f64) {
        let exactly: Vec<f64> = (0..=MOST).map(|n| law.probability(n)).collect();
        let above: Vec<f64> = (0..=MOST).map(|n| law.above(n)).collect();
        let error = |n: usize| (exactly[n + 1..].iter().rev().sum::<f64>() - above[n]).abs();
        let wrong = (0..MOST as usize).map(error).fold(0.0, f64::max);
        let waiting = (0..=MOST).filter_map(|n| law.waiting(Statistic::Above(n as f64))).sum();
        (exactly.iter().sum(), wrong, above.iter().sum(), waiting)
    }

    /// The means come from waits by Little's law, the probabilities do not.
    #[test]
    fn probabilities_are_one_in_all_and_have_the_means_of_little() {
        use Discipline::{Fcfs, Lcfs, LcfsPreemptive, ProcessorSharing, Random};
        for (notation, rate, discipline) in [
            ("M/M/1", 0.7, Fcfs),
            ("M/M/3", 2.0, Fcfs),
            ("M/M/40", 25.0, Fcfs),
            ("M/M/1/5", 2.0, Fcfs),
            ("M/M/2/7", 1.5, Fcfs),
            ("M/M/3/3", 4.0, Fcfs),
            ("M/D/3/3", 4.0, Fcfs),
            ("M/M/inf", 9.0, Fcfs),
            ("M/D/inf", 0.3, Fcfs),
            ("M/M/2//6", 0.4, Fcfs),
            ("M/M/2+M", 2.5, Fcfs),
            ("M/M/2/6+M", 2.5, Fcfs),
            ("M/D/1", 0.7, Fcfs),
            ("M/E2/1", 0.7, Fcfs),
            ("M/D/1/5", 0.9, Fcfs),
            ("M/D/3", 2.2, Fcfs),
            ("D/M/1", 0.8, Fcfs),
            ("E2/E2/2", 1.5, Fcfs),
            ("E2/M/2/5", 1.9, Fcfs),
            ("M/M/3", 2.0, Lcfs),
            ("M/M/3", 2.0, Random),
            ("M/D/1", 0.7, ProcessorSharing),
            ("M/D/1", 0.7, LcfsPreemptive),
        ] {
            let steady = solved(notation, rate, discipline);
            let law = steady.number_law.as_ref().unwrap_or_else(|| panic!("{notation} has no law"));
            let (total, wrong, mean, waiting) = summed(law);
            assert!((total - 1.0).abs() < 1e-10 && wrong < 1e-10, "{notation}: {total} {wrong}");
            assert!((mean / steady.in_system - 1.0).abs() < 1e-9, "{notation}: {mean} {}", steady.in_system);
            assert!((waiting - steady.queue_length).abs() < 1e-9, "{notation}: {waiting} {}", steady.queue_length);
            // Power twin: a hundredth more load is seen.
            let more = solved(notation, 1.01 * rate, discipline);
            let (.., mean, _) = summed(more.number_law.as_ref().unwrap());
            assert!((mean / steady.in_system - 1.0).abs() > 1e-3, "{notation}");
        }
    }

    #[test]
    fn closed_forms() {
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        let of = |notation: &str, rate| solved(notation, rate, Discipline::Fcfs).number_law.unwrap();
        close(of("M/M/1", 0.8).above(3), 0.4096);
        close(of("M/M/1/4", 0.8).probability(2), 0.2 * 0.64 / (1.0 - 0.8_f64.powi(5)));
        // Two servers, a = 1: p_0 = 1/3, then halves.
        close(of("M/M/2", 1.0).probability(0), 1.0 / 3.0);
        close(of("M/M/2", 1.0).probability(3), 1.0 / 12.0);
        for n in [0, 4, 20] {
            close(of("M/D/inf", 5.0).probability(n), poisson::pmf(n, 5.0));
        }
        // M/D/1 (Gross et al., sec. 5.1.3).
        let (rho, constant) = (0.8_f64, of("M/D/1", 0.8));
        close(constant.probability(0), 1.0 - rho);
        close(constant.probability(1), (1.0 - rho) * rho.exp_m1());
        close(constant.probability(2), (1.0 - rho) * ((2.0 * rho).exp() - rho.exp() * (1.0 + rho)));
        close(constant.above(1), 1.0 - (1.0 - rho) * rho.exp());
    }

    #[test]
    fn two_ways_to_the_same_law() {
        let near = |a: f64, b: f64, what: &str| assert!((a / b - 1.0).abs() < 1e-8, "{what}: {a} {b}");
        // Constant service by the chain at departures, and by those that wait one service time before.
        let (one, many) = (Mg1::new(0.9, &Dist::Deterministic(1.0)).unwrap(), Mdc::new(0.9, 1.0, 1).unwrap());
        let phases =
            plan_by(&described("M/E2/1", 0.9, Discipline::Fcfs), MethodId::MapPhC).unwrap().best().steady.clone();
        let (phases, chain) = (phases.number_law.unwrap(), Mg1::new(0.9, &Dist::erlang(2, 1.0).unwrap()).unwrap());
        let (mm1, mmc) = (Mm1::new(0.9, 1.0).unwrap(), Mmc::new(0.9, 1.0, 1).unwrap());
        let exponential = Mg1::new(0.9, &Dist::Exponential(1.0)).unwrap();
        for n in [0, 1, 2, 7, 40] {
            near(one.prob_in_system(n), many.number_law().probability(n), "M/D/1");
            near(one.prob_above(n), many.number_law().above(n), "M/D/1 tail");
            near(chain.prob_in_system(n), phases.probability(n), "M/E2/1");
            near(chain.prob_above(n), phases.above(n), "M/E2/1 tail");
            near(exponential.prob_in_system(n), mm1.prob_in_system(n), "M/M/1");
            near(exponential.prob_above(n), mm1.prob_above(n), "M/M/1 tail");
            near(mmc.prob_in_system(n), mm1.prob_in_system(n), "M/M/c");
        }
    }

    #[test]
    fn many_servers_are_their_chain() {
        for (lambda, c) in [(3.0, 4_usize), (25.0, 30), (0.2, 12)] {
            let chain = births_and_deaths(600, |_| lambda, |n| n.min(c) as f64).stationary().unwrap();
            let queue = Mmc::new(lambda, 1.0, c as u32).unwrap();
            for n in [0, 1, c - 1, c, c + 3, 2 * c] {
                let above: f64 = chain[n + 1..].iter().rev().sum();
                assert!((queue.prob_in_system(n as u64) / chain[n] - 1.0).abs() < 1e-10, "{lambda} {c} {n}");
                assert!((queue.prob_above(n as u64) / above - 1.0).abs() < 1e-10, "{lambda} {c} {n}");
            }
        }
    }
}
