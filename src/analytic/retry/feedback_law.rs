//! The law of the whole sojourn in M/M/1 with feedback to the tail: a tagged message followed through
//! its passes.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson;
use crate::model::capacity::keeps_up;
use std::sync::OnceLock;

const METHOD: &str = "tagged message in M/M/1 with feedback, by uniformization (Jensen 1953)";

/// Probability of more other messages than are followed.
const LN_NEGLIGIBLE: f64 = -36.0;
/// Most other messages followed: rho up to about 0.91.
const MOST_OTHERS: usize = 400;
/// Steps followed; beyond, the tail is geometric.
const MOST_STEPS: usize = 20_000;
/// Probability at which the tail is taken to be geometric.
const DEEP: f64 = 1e-13;

/// Law of the total sojourn in M/M/1 where a served message joins the tail again with probability p;
/// `None` where rho >= 1, or so near to 1 that the queue is too long to be followed.
///
/// Formula: a Markov chain of (others ahead, others behind): arrivals go behind, those served leave (1-p)
/// or go behind (p), the tagged message with nobody ahead leaves or goes behind all. It begins with n
/// ahead, n geometric of rho = lambda/(mu (1-p)). P(T > t) = sum_j P(Poisson((lambda+mu) t) = j) P(there
/// after j steps).
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, one exponential server, first in first out, no delay before coming
/// back. Absolute error of P(T > t) below 1e-11.
/// Reference: Disney, Koenig, Schmidt (1984); Jensen (1953) for the method.
///
/// ```
/// use lindley::analytic::retry::feedback_law::tail_feedback_law;
/// // Without failures the sojourn is exponential of rate mu - lambda.
/// let law = tail_feedback_law(0.5, 1.0, 0.0).unwrap();
/// assert!((law.survival(4.0) - (-2.0_f64).exp()).abs() < 1e-11);
/// ```
pub fn tail_feedback_law(lambda: f64, mu: f64, failure: f64) -> Option<TimeLaw> {
    let rho = lambda / (mu * (1.0 - failure));
    let others = (LN_NEGLIGIBLE / rho.ln()).ceil();
    if !(keeps_up(rho, 1.0) && others <= MOST_OTHERS as f64) {
        return None;
    }
    let mean = 1.0 / (mu * (1.0 - failure) - lambda);
    let tagged = TaggedFeedback { arrival: lambda / (lambda + mu), failure, rho, most: (others as usize).max(8) };
    let tails = OnceLock::new();
    Some(TimeLaw::computed(mean, METHOD, move |t| {
        let tails: &Vec<f64> = tails.get_or_init(|| tagged.tails());
        let last = tails.len() - 1;
        let ratio = tails[last] / tails[last - 1];
        poisson::expect_geometric_end((lambda + mu) * t, last as u64, ratio, |j| beyond(tails, j))
    }))
}

/// P(there after j steps), geometric beyond the table.
fn beyond(tails: &[f64], j: u64) -> f64 {
    let last = tails.len() - 1;
    match tails.get(j as usize) {
        Some(tail) => *tail,
        None => tails[last] * (tails[last] / tails[last - 1]).powf((j - last as u64) as f64),
    }
}

/// The chain, in steps of mean 1/(lambda + mu).
struct TaggedFeedback {
    /// Probability that a step is an arrival.
    arrival: f64,
    failure: f64,
    rho: f64,
    /// Most others in the queue.
    most: usize,
}

impl TaggedFeedback {
    /// P(the tagged message is there after j steps), j = 0, 1, ...
    fn tails(&self) -> Vec<f64> {
        // at[a][b]: a others ahead, b behind, a + b <= most.
        let mut at: Vec<Vec<f64>> = (0..=self.most).map(|a| vec![0.0; self.most + 1 - a]).collect();
        let mut next = at.clone();
        let mut seen = 1.0 - self.rho;
        for row in &mut at {
            row[0] = seen;
            seen *= self.rho;
        }
        let mut tails = vec![1.0];
        while tails.len() < MOST_STEPS && (tails.len() < 3 || tails[tails.len() - 1] > DEEP) {
            self.step(&at, &mut next);
            std::mem::swap(&mut at, &mut next);
            tails.push(at.iter().flatten().sum());
        }
        tails
    }

    fn step(&self, at: &[Vec<f64>], next: &mut [Vec<f64>]) {
        next.iter_mut().for_each(|row| row.fill(0.0));
        for (a, row) in at.iter().enumerate() {
            for (b, mass) in row.iter().enumerate() {
                let (came, served) = (mass * self.arrival, mass * (1.0 - self.arrival));
                next[a][if a + b < self.most { b + 1 } else { b }] += came;
                if a == 0 {
                    next[b][0] += served * self.failure;
                } else {
                    next[a - 1][b] += served * (1.0 - self.failure);
                    next[a - 1][b + 1] += served * self.failure;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::feedback::TailFeedback;
    use super::*;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::has_moments;

    /// Oracle: mean and variance in closed form. With r = lambda + mu, E[T] = sum u_j / r and
    /// E[T^2] = 2 sum (j+1) u_j / r^2.
    #[test]
    fn moments_are_those_of_the_closed_form() {
        for (lambda, p) in [(0.3, 0.5), (0.5, 0.2), (0.05, 0.9)] {
            let rho = lambda / (1.0 - p);
            let tagged = TaggedFeedback { arrival: lambda / (lambda + 1.0), failure: p, rho, most: 80 };
            let tails = tagged.tails();
            let rate = lambda + 1.0;
            let mean = tails.iter().sum::<f64>() / rate;
            let second: f64 = tails.iter().enumerate().map(|(j, u)| 2.0 * (j as f64 + 1.0) * u).sum();
            let variance = second / (rate * rate) - mean * mean;
            let exact = TailFeedback::new(lambda, [1.0, 1.0, 2.0], p).unwrap();
            assert!((mean / exact.sojourn() - 1.0).abs() < 1e-9, "{mean}");
            assert!((variance / exact.sojourn_variance() - 1.0).abs() < 1e-8, "{variance}");
            // Power twin: at the server the variance is another.
            assert!((mean * mean / variance - 1.0).abs() > 0.02);
        }
    }

    #[test]
    fn the_law_has_its_mean_and_ends() {
        let law = tail_feedback_law(0.3, 1.0, 0.5).unwrap();
        has_moments(&law, Moments::of_mean(law.mean()), (0.05, 3000), [1e-4, 1.0]);
        let p99 = law.quantile(0.99).unwrap();
        assert!((law.survival(p99) - 0.01).abs() < 1e-12);
        assert!(tail_feedback_law(0.5, 1.0, 0.5).is_none() && tail_feedback_law(0.499, 1.0, 0.5).is_none());
    }
}
