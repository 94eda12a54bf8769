//! A group of c equal servers with Poisson arrivals and exponential service, and what of it meets a
//! target: the smallest c, the largest arrival rate. Knows no model.

use super::search::{largest, smallest};
use super::target::{Quantity, Statistic, Target};
use crate::analytic::law::TimeLaw;
use crate::analytic::station::erlang::erlang_b;
use crate::analytic::station::erlang_a::ErlangA;
use crate::analytic::station::mmc::Mmc;

/// Rates of a group of servers whose number is asked for.
///
/// Formula: wait, sojourn and utilization are those of M/M/c, loss is Erlang B, abandonment Erlang A.
/// Units: per second. Valid when: Poisson arrivals, exponential service, first in first out.
/// Reference: Kolesar and Green, Insights on service system design from a normal approximation to
/// Erlang's delay formula, Production and Operations Management 7 (1998).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crew {
    /// Arrivals per second.
    pub lambda: f64,
    /// Services per second and server.
    pub mu: f64,
    /// Rate of giving up of one that waits, per second; asked for by abandonment targets only.
    pub theta: f64,
}

impl Crew {
    /// What the target is about, with c servers; `None` where there is no steady state.
    ///
    /// ```
    /// use lindley::analytic::staffing::{Crew, Quantity, Statistic, Target};
    /// let crew = Crew { lambda: 1.5, mu: 1.0, theta: 0.0 };
    /// let target = Target { quantity: Quantity::Wait, statistic: Statistic::Mean, bound: 1.0 };
    /// assert!((crew.value(&target, 2).unwrap() - 9.0 / 7.0).abs() < 1e-14);
    /// assert_eq!(crew.value(&target, 1), None);
    /// ```
    pub fn value(&self, target: &Target, c: u64) -> Option<f64> {
        let c = u32::try_from(c).ok()?;
        match target.quantity {
            Quantity::Loss => return Some(erlang_b(c, self.lambda / self.mu)),
            Quantity::Abandonment => return Some(self.prob_abandon(c)),
            _ => {}
        }
        let queue = Mmc::new(self.lambda, self.mu, c).ok()?;
        let of = |law: TimeLaw| match target.statistic {
            Statistic::Mean => Some(law.mean()),
            Statistic::Quantile(p) => law.quantile(p),
            Statistic::Above(t) => Some(law.survival(t)),
        };
        match target.quantity {
            Quantity::Wait => of(queue.wait_law()),
            Quantity::Sojourn => of(queue.sojourn_law()),
            _ => Some(queue.utilization()),
        }
    }

    /// Share of messages that give up; all of them where there is no server.
    fn prob_abandon(&self, c: u32) -> f64 {
        if c == 0 { 1.0 } else { ErlangA::new(self.lambda, self.mu, self.theta, c).prob_abandon() }
    }

    /// The smallest number of servers that meets the target; `None` if none does.
    ///
    /// Formula: min{ c : value(c) <= bound }: every target falls as c grows.
    /// Units: servers. Valid when: the target is attainable; a mean sojourn below 1/mu is not.
    /// Reference: Kolesar and Green (1998).
    ///
    /// ```
    /// use lindley::analytic::staffing::{Crew, Quantity, Statistic, Target};
    /// // Half of the messages may wait at 1.5 erlangs: C(2) = 9/14, C(3) = 0.2368.
    /// let crew = Crew { lambda: 1.5, mu: 1.0, theta: 0.0 };
    /// let target = Target { quantity: Quantity::Wait, statistic: Statistic::Above(0.0), bound: 0.5 };
    /// assert_eq!(crew.smallest(&target), Some(3));
    /// ```
    pub fn smallest(&self, target: &Target) -> Option<u64> {
        let needs_stability = !matches!(target.quantity, Quantity::Loss | Quantity::Abandonment);
        let from = if needs_stability { (self.lambda / self.mu) as u64 + 1 } else { 0 };
        smallest(from, u64::from(u32::MAX), target.bound, |c| self.value(target, c))
    }

    /// The largest arrival rate with which c servers meet the target (`lambda` is not looked at).
    ///
    /// Formula: sup{ lambda : value(lambda) <= bound }: every target grows with lambda.
    /// Units: per second. Valid when: the target is attainable (`None` otherwise).
    /// Reference: as for the smallest number.
    ///
    /// ```
    /// use lindley::analytic::staffing::{Crew, Quantity, Statistic, Target};
    /// let crew = Crew { lambda: 0.0, mu: 1.0, theta: 0.0 };
    /// let target = Target { quantity: Quantity::Sojourn, statistic: Statistic::Mean, bound: 5.0 };
    /// assert!((crew.largest_rate(&target, 1).unwrap() - 0.8).abs() < 1e-14);
    /// ```
    pub fn largest_rate(&self, target: &Target, c: u64) -> Option<f64> {
        let at = |lambda| Crew { lambda, ..*self }.value(target, c);
        largest(0.5 * c as f64 * self.mu, target.bound, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::erlang::erlang_c;

    fn waits(t: f64, bound: f64) -> Target {
        Target { quantity: Quantity::Wait, statistic: Statistic::Above(t), bound }
    }

    #[test]
    fn the_search_agrees_with_counting() {
        for (lambda, mu, t, alpha) in [(0.3, 1.0, 0.0, 0.01), (9.0, 0.7, 0.5, 0.2), (77.0, 3.0, 0.1, 0.003)] {
            let tail = |c: u32| erlang_c(c, lambda / mu).map_or(1.0, |p| p * (-(f64::from(c) * mu - lambda) * t).exp());
            let counted = (1..).find(|&c| tail(c) <= alpha).unwrap();
            let crew = Crew { lambda, mu, theta: 0.0 };
            assert_eq!(crew.smallest(&waits(t, alpha)), Some(u64::from(counted)));
        }
    }

    #[test]
    fn a_million_erlangs_are_staffed() {
        let crew = Crew { lambda: 1e6, mu: 1.0, theta: 0.0 };
        let c = crew.smallest(&waits(0.0, 0.2)).unwrap();
        assert!(crew.value(&waits(0.0, 0.2), c).unwrap() <= 0.2);
        assert!(crew.value(&waits(0.0, 0.2), c - 1).unwrap() > 0.2);
    }

    #[test]
    fn every_target_is_met_just_so() {
        let crew = Crew { lambda: 40.0, mu: 1.0, theta: 0.5 };
        let targets = [
            Target { quantity: Quantity::Wait, statistic: Statistic::Mean, bound: 0.01 },
            Target { quantity: Quantity::Wait, statistic: Statistic::Quantile(0.99), bound: 0.2 },
            Target { quantity: Quantity::Sojourn, statistic: Statistic::Mean, bound: 1.01 },
            Target { quantity: Quantity::Sojourn, statistic: Statistic::Quantile(0.9), bound: 2.31 },
            Target { quantity: Quantity::Utilization, statistic: Statistic::Mean, bound: 0.8 },
            Target { quantity: Quantity::Loss, statistic: Statistic::Mean, bound: 0.02 },
            Target { quantity: Quantity::Abandonment, statistic: Statistic::Mean, bound: 0.02 },
        ];
        for target in targets {
            let c = crew.smallest(&target).unwrap();
            assert!(crew.value(&target, c).unwrap() <= target.bound, "{target}");
            assert!(crew.value(&target, c - 1).is_none_or(|x| x > target.bound), "{target}");
            // The largest rate with that many servers is at least the rate asked for, and not with fewer.
            assert!(crew.largest_rate(&target, c).unwrap() >= 40.0 * (1.0 - 1e-12), "{target}");
            assert!(crew.largest_rate(&target, c - 1).unwrap() < 40.0 * (1.0 + 1e-12), "{target}");
        }
    }

    #[test]
    fn what_no_number_of_servers_gives_ends() {
        let crew = Crew { lambda: 40.0, mu: 1.0, theta: 0.0 };
        let target = Target { quantity: Quantity::Sojourn, statistic: Statistic::Mean, bound: 0.99 };
        assert_eq!(crew.smallest(&target), None);
        assert_eq!(crew.largest_rate(&target, 5), None);
    }
}
