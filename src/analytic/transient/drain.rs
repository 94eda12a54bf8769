//! How long a backlog takes to drain while messages go on arriving.

use crate::analytic::steady::Moments;
use crate::model::capacity::keeps_up;

/// Time until M/M/c, with `start` messages now, first holds only `level`.
///
/// Formula: the sum of the passage times from n to n - 1; for n >= c these are busy periods of one
/// server of rate c mu: mean 1/(c mu - lambda), variance (lambda + c mu)/(c mu - lambda)^3; below c,
/// m_n = (1 + lambda m_{n+1})/(n mu), v_n = (lambda (v_{n+1} + m_{n+1}^2) + n mu m_n^2)/(n mu).
/// Units: lambda and mu per second, times in seconds.
/// Valid when: lambda < c mu (`None` otherwise), level <= start.
/// Reference: Kleinrock I (1975), sec. 5.8 (busy period); Keilson, Markov Chain Models: Rarity and
/// Exponentiality (1979), ch. 5.
///
/// ```
/// use lindley::analytic::transient::drain;
/// let time = drain(0.6, 1.0, 1, 500, 0).unwrap();
/// assert!((time.mean - 1250.0).abs() < 1e-9 && (time.variance.unwrap() - 12500.0).abs() < 1e-8);
/// // Two servers, nothing arrives: 1/2 s and then 1 s.
/// assert!((drain(0.0, 1.0, 2, 2, 0).unwrap().mean - 1.5).abs() < 1e-15);
/// ```
pub fn drain(lambda: f64, mu: f64, c: u32, start: u64, level: u64) -> Option<Moments> {
    let total = f64::from(c) * mu;
    if !(lambda >= 0.0 && mu > 0.0 && keeps_up(lambda, total) && level <= start) {
        return None;
    }
    let slack = total - lambda;
    let (mut m, mut v) = (1.0 / slack, (lambda + total) / slack.powi(3));
    let above = start.saturating_sub(level.max(u64::from(c))) as f64;
    let (mut mean, mut variance) = (above * m, above * v);
    for n in (level + 1..=u64::from(c)).rev() {
        if n < u64::from(c) {
            let rate = n as f64 * mu;
            let next = (1.0 + lambda * m) / rate;
            v = (lambda * (v + m * m) + rate * next * next) / rate;
            m = next;
        }
        if n <= start {
            mean += m;
            variance += v;
        }
    }
    Some(Moments { mean, variance: Some(variance) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    #[test]
    fn agrees_with_first_passages_of_the_chain() {
        for (lambda, c, start, level) in
            [(0.6, 1, 30, 0), (2.5, 4, 3, 0), (2.5, 4, 20, 2), (2.5, 4, 20, 7), (0.0, 3, 5, 0)]
        {
            let chain = Chain::explore([start], 1000, |&n: &u64, to| {
                if n < 400 {
                    to(n + 1, lambda);
                }
                to(n.saturating_sub(1), n.min(u64::from(c)) as f64);
            });
            let chain = chain.unwrap();
            let set: Vec<bool> = chain.states().iter().map(|&n| n <= level).collect();
            let exact = chain.generator().passage(&set).unwrap()[0];
            let time = drain(lambda, 1.0, c, start, level).unwrap();
            assert!((time.mean / exact.mean - 1.0).abs() < 1e-10, "{lambda} {c} {start} {level}");
            assert!((time.variance.unwrap() / exact.variance.unwrap() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn what_does_not_drain_has_no_time() {
        assert_eq!(drain(1.0, 1.0, 1, 5, 0), None);
        assert_eq!(drain(0.5, 1.0, 1, 5, 6), None);
        assert_eq!(drain(0.5, 1.0, 1, 5, 5).unwrap().mean, 0.0);
    }
}
