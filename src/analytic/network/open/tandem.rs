//! The whole sojourn in a tandem of queues, as a law: sums of independent exponential times, some of which
//! may be left out.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson::{self, ln_pmf};
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::Unstable;
use std::sync::{Mutex, PoisonError};

const METHOD: &str = "sum of independent sojourns (Reich 1957; Burke 1969), by uniformization";

/// Phases up to which long times are put together from halves; more would outgrow doubles on the way.
const FEW: usize = 40;

/// Steps times phases that a row of many phases takes: half a second.
const MOST_PHASE_STEPS: f64 = 4e8;

/// Steps followed one by one for each phase there is; longer times are put together from halves.
const MOST_STEPS: f64 = 512.0;

/// Law of the whole sojourn in a tandem of M/M/1 queues, given the rates of the sojourns, mu_i - lambda.
///
/// Formula: the sojourns are independent and exponential: hypoexponential, P(T > t) = alpha e^{Qt} 1 with
/// Q bidiagonal. Equal and nearly equal rates do no harm.
/// Units: rates per second. Relative error of P(T > t) about 1e-12, with more than 40 stations 1e-10 and not a number
/// beyond t = 4e8/(number of stations x largest rate).
/// Valid when: Poisson arrivals, one exponential server at each station, first in first out, no limits,
/// nobody skips a station. Rates must be positive.
/// Reference: Reich, Waiting times when queues are in tandem (1957); Burke, The output process of a
/// stationary M/M/s queueing system (1968).
///
/// ```
/// use lindley::analytic::network::open::tandem::tandem_sojourn;
/// // Two stations with mu - lambda = 1/s: Erlang 2, P(T > 2) = 3 e^{-2}.
/// let law = tandem_sojourn(&[1.0, 1.0]);
/// assert!((law.survival(2.0) / (3.0 * (-2.0_f64).exp()) - 1.0).abs() < 1e-13);
/// ```
pub fn tandem_sojourn(rates: &[f64]) -> TimeLaw {
    exponential_sum(&rates.iter().map(|rate| (1.0, *rate)).collect::<Vec<_>>())
}

/// Law of the whole sojourn in a tandem of M/M/c queues, `stations` = (mu, c) in order, of which only the
/// first and the last may have more than one server; `None` otherwise.
///
/// Formula: the sojourns are independent; that of M/M/c is exponential of rate mu plus, with
/// probability C (Erlang C), exponential of rate c mu - lambda.
/// Units: rates per second, times in seconds.
/// Valid when: as for a tandem of M/M/1; with several servers between, the sojourns depend on each other.
/// Reference: Burke, The dependence of sojourn times in tandem M/M/s queues, Operations Research 17 (1969).
///
/// ```
/// use lindley::analytic::network::open::tandem::tandem_sojourn_of_servers;
/// let law = tandem_sojourn_of_servers(1.0, &[(1.0, 3), (2.0, 1)]).unwrap().unwrap();
/// // M/M/3 of one erlang: C = 1/11, so W = 1 + C/2; and then 1/(2-1).
/// assert!((law.mean() - (2.0 + 0.5 / 11.0)).abs() < 1e-14);
/// assert!(tandem_sojourn_of_servers(1.0, &[(2.0, 1), (1.0, 3), (2.0, 1)]).unwrap().is_none());
/// ```
pub fn tandem_sojourn_of_servers(lambda: f64, stations: &[(f64, u32)]) -> Result<Option<TimeLaw>, Unstable> {
    let mut terms = Vec::new();
    for (i, &(mu, c)) in stations.iter().enumerate() {
        let queue = Mmc::new(lambda, mu, c)?;
        if c > 1 && i > 0 && i + 1 < stations.len() {
            return Ok(None);
        }
        match c {
            1 => terms.push((1.0, mu - lambda)),
            _ => terms.extend([(1.0, mu), (queue.prob_wait(), f64::from(c) * mu - lambda)]),
        }
    }
    Ok(Some(exponential_sum(&terms)))
}

/// Law of the sum of independent exponential times, (probability that it is there at all, rate).
///
/// Formula: phases in a row, each skipped with its probability; P(T > t) = sum_j P(Poisson(r t) = j)
/// P(not done after j steps) with r the largest rate, all relative to the slowest phase; for long times
/// e^{Qt} by repeated squaring.
/// Units: rates per second, times in seconds. All terms are positive.
/// Valid when: rates positive and finite, probabilities in \[0, 1\].
/// Reference: Jensen, Markoff chains as an aid in the study of Markoff processes (1953).
///
/// ```
/// use lindley::analytic::network::open::tandem::exponential_sum;
/// let law = exponential_sum(&[(0.5, 2.0)]);
/// assert!((law.survival(1.0) - 0.5 * (-2.0_f64).exp()).abs() < 1e-15);
/// ```
pub fn exponential_sum(terms: &[(f64, f64)]) -> TimeLaw {
    let terms: Vec<(f64, f64)> = terms.iter().copied().filter(|(share, _)| *share > 0.0).collect();
    let mean = terms.iter().map(|(share, rate)| share / rate).sum();
    if terms.is_empty() {
        return TimeLaw::Zero;
    }
    if terms.len() <= FEW {
        return TimeLaw::computed(mean, METHOD, move |t| survival(&terms, t));
    }
    let row = Mutex::new(LongRow::new(terms));
    TimeLaw::computed(mean, METHOD, move |t| {
        // A thread that panicked while it held the row left whole steps in it.
        row.lock().unwrap_or_else(PoisonError::into_inner).survival(t)
    })
}

/// Many phases in a row, in steps of the fastest: how much of the start is left after each of them, as far as
/// has been asked for. The steps are taken once, whatever the number of times t.
struct LongRow {
    terms: Vec<(f64, f64)>,
    fastest: f64,
    at: Vec<f64>,
    left: Vec<f64>,
}

impl LongRow {
    fn new(terms: Vec<(f64, f64)>) -> LongRow {
        let fastest = terms.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
        let at = first_phases(&terms);
        let left = vec![at.iter().sum()];
        LongRow { terms, fastest, at, left }
    }

    /// P(sum > t); not a number where that takes more than [`MOST_PHASE_STEPS`].
    fn survival(&mut self, t: f64) -> f64 {
        let steps = self.fastest * t;
        let wanted = steps + 12.0 * steps.sqrt() + 60.0;
        if wanted * self.terms.len() as f64 > MOST_PHASE_STEPS {
            return f64::NAN;
        }
        let chain = PhaseRow { terms: &self.terms, slowest: 0.0, pace: self.fastest };
        while (self.left.len() as f64) < wanted {
            chain.step(&mut self.at);
            self.left.push(self.at.iter().sum());
        }
        poisson::expect_up_to(steps, self.left.len() as u64 - 1, |j| self.left[j as usize])
    }
}

/// Probabilities of the phase with which the row begins.
fn first_phases(terms: &[(f64, f64)]) -> Vec<f64> {
    let mut coming = 1.0;
    let first = |(share, _): &(f64, f64)| {
        let here = share * coming;
        coming *= 1.0 - share;
        here
    };
    terms.iter().map(first).collect()
}

/// P(sum > t): e^{-slowest t} times the mass left by the chain in which every phase loses mass at its
/// rate less the slowest, so that nothing is lost by rounding however long the slowest phase lasts.
fn survival(terms: &[(f64, f64)], t: f64) -> f64 {
    let rates = terms.iter().map(|(_, rate)| *rate);
    let (slowest, fastest) = rates.fold((f64::INFINITY, 0.0_f64), |(low, high), r| (low.min(r), high.max(r)));
    let chain = PhaseRow { terms, slowest, pace: (fastest - slowest).max(0.5 * fastest) };
    (-slowest * t).exp() * chain.left(first_phases(terms), t)
}

/// Phases in a row, relative to the slowest, in discrete steps of mean 1/pace.
struct PhaseRow<'t> {
    terms: &'t [(f64, f64)],
    slowest: f64,
    pace: f64,
}

impl PhaseRow<'_> {
    /// Mass left of the start after t.
    fn left(&self, start: Vec<f64>, t: f64) -> f64 {
        let (mut short, mut halvings) = (t, 0);
        // Steps cost n each, the matrix n^2 a step and n^3 a doubling.
        let few = (MOST_STEPS * self.terms.len() as f64).min(1e5);
        let limit = if self.pace * t <= few { few } else { MOST_STEPS };
        while self.pace * short > limit && halvings < 1000 {
            short *= 0.5;
            halvings += 1;
        }
        if halvings == 0 {
            return self.spread(start, t).iter().sum();
        }
        let mut matrix = self.over(short);
        for _ in 1..halvings {
            short *= 2.0;
            matrix = matrix.iter().map(|row| times(row, &matrix)).collect();
            self.set_diagonal(&mut matrix, short);
        }
        // The last doubling as two products with the start.
        times(&times(&start, &matrix), &matrix).iter().sum()
    }

    /// Mass in each phase after t, a row a phase of start.
    fn over(&self, t: f64) -> Vec<Vec<f64>> {
        let row = |i: usize| {
            let mut at = vec![0.0; self.terms.len()];
            at[i] = 1.0;
            self.spread(at, t)
        };
        let mut matrix: Vec<Vec<f64>> = (0..self.terms.len()).map(row).collect();
        self.set_diagonal(&mut matrix, t);
        matrix
    }

    /// The diagonal is known without error; with it the errors of the rest add up, and do not double.
    fn set_diagonal(&self, matrix: &mut [Vec<f64>], t: f64) {
        for (i, (_, rate)) in self.terms.iter().enumerate() {
            matrix[i][i] = (-(rate - self.slowest) * t).exp();
        }
    }

    /// Mass in each phase after t, by uniformization.
    fn spread(&self, mut at: Vec<f64>, t: f64) -> Vec<f64> {
        let steps = self.pace * t;
        // Most by which the mass grows in a step.
        let most = steps * (1.0 + self.slowest / self.pace);
        let mut sum = vec![0.0; at.len()];
        let mut j = 0;
        loop {
            let weight = ln_pmf(j, steps).exp();
            sum.iter_mut().zip(&at).for_each(|(sum, p)| *sum += weight * p);
            let (left, seen): (f64, f64) = (at.iter().sum(), sum.iter().sum());
            let next = j as f64 + 1.0;
            // From here on terms shrink at least as fast as most/(j+1).
            if left == 0.0 || (next > most && weight * left * next / (next - most) <= 1e-17 * seen) {
                return sum;
            }
            self.step(&mut at);
            j += 1;
        }
    }

    fn step(&self, at: &mut [f64]) {
        let mut coming = 0.0;
        for (p, (share, rate)) in at.iter_mut().zip(self.terms) {
            let done = *p * rate / self.pace;
            *p = *p * (1.0 - (rate - self.slowest) / self.pace) + share * coming;
            coming = (1.0 - share) * coming + done;
        }
    }
}

fn times(row: &[f64], matrix: &[Vec<f64>]) -> Vec<f64> {
    (0..row.len()).map(|j| row.iter().zip(matrix).map(|(x, other)| x * other[j]).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distinct rates far apart: sum over i of e^{-r_i t} prod_{j != i} r_j/(r_j - r_i).
    fn by_partial_fractions(rates: &[f64], t: f64) -> f64 {
        let term = |i: usize| {
            let weight: f64 = (0..rates.len()).filter(|j| *j != i).map(|j| rates[j] / (rates[j] - rates[i])).product();
            weight * (-rates[i] * t).exp()
        };
        (0..rates.len()).map(term).sum()
    }

    #[test]
    fn agrees_with_partial_fractions_where_those_are_good() {
        for rates in [vec![1.0, 3.0], vec![0.5, 40.0, 7.0], vec![1e-3, 1.0, 1e6]] {
            let law = tandem_sojourn(&rates);
            for t in [2.0, 30.0, 400.0] {
                let exact = by_partial_fractions(&rates, t);
                let error = law.survival(t) / exact - 1.0;
                assert!(exact < 1e-250 || error.abs() < 2e-11, "{rates:?} {t}: {error:e}");
            }
        }
    }

    #[test]
    fn equal_rates_are_erlang() {
        let erlang = crate::dist::Dist::erlang(5, 1.0).unwrap();
        for spoiled in [0.0, 1e-13, 1e-9] {
            let law = tandem_sojourn(&[5.0, 5.0 + spoiled, 5.0, 5.0 - spoiled, 5.0]);
            for t in [0.1, 1.0, 9.0, 100.0] {
                assert!((law.survival(t) / erlang.survival(t) - 1.0).abs() < 1e-11, "{t}");
            }
        }
    }

    #[test]
    fn hundreds_of_stations_are_erlang_too_or_say_that_they_take_too_long() {
        for n in [41_u32, 400, 1000] {
            let (law, erlang) =
                (tandem_sojourn(&vec![0.5; n as usize]), crate::dist::Dist::erlang(n, 2.0 * f64::from(n)));
            let erlang = erlang.unwrap();
            for t in [0.8, 1.0, 1.3].map(|x| x * 2.0 * f64::from(n)) {
                assert!((law.survival(t) / erlang.survival(t) - 1.0).abs() < 1e-10, "{n} {t}");
            }
        }
        // A slow station among fast ones: its own exponential tail, after the time of the others (300 with 1/s each).
        let mut rates = vec![1.0; 301];
        rates[17] = 1e-3;
        let law = tandem_sojourn(&rates);
        let exact = (-1e-3_f64 * 8000.0).exp() * (1.0_f64 / (1.0 - 1e-3)).powi(300);
        assert!((law.survival(8000.0) / exact - 1.0).abs() < 1e-9, "{} {exact}", law.survival(8000.0));
        rates[17] = 1e-9;
        assert_eq!(tandem_sojourn(&rates).quantile(0.5), None);
    }

    #[test]
    fn one_station_of_several_servers_is_mmc() {
        let queue = Mmc::new(2.5, 1.0, 3).unwrap();
        let law = tandem_sojourn_of_servers(2.5, &[(1.0, 3)]).unwrap().unwrap();
        for t in [0.0, 0.3, 4.0, 60.0] {
            assert!((law.survival(t) / queue.sojourn_law().survival(t) - 1.0).abs() < 1e-12, "{t}");
        }
        let p99 = law.quantile(0.99).unwrap();
        assert!((p99 / queue.sojourn_law().quantile(0.99).unwrap() - 1.0).abs() < 1e-11);
        assert!(tandem_sojourn_of_servers(3.0, &[(1.0, 3)]).is_err());
    }
}
