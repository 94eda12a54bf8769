//! The renewal equation of the tail of a wait, solved from stretch to stretch, twice: on stretches as wide as
//! the error allows and on their halves, whose difference is the error that is told.

use super::chebyshev::{POINTS, missed, points_of, through, value};
use super::here::{convolution, matrix};
use super::joints::{MOST, joints};
use super::past::SolvedPast;
use super::stretch::Stretch;
use super::tail::LawTail;
use nalgebra::{DMatrix, DVector, Dyn, LU};
use std::collections::HashMap;

/// What a stretch may miss of its function, relative to it and weighted by the arrivals within.
const TOLERANCE: f64 = 1e-10;
/// The share of that for each of many atoms, whose sums are not all joints: fewer of them bend more, and cost less.
const PER_ATOM: f64 = 1e-4;
/// What it misses by rounding, and by rounding that grows with the arrivals within up to 1/(1-rho).
const ROUNDING: f64 = 3e-14;
const GROWING: f64 = 1e-14;
/// A tail below this is 0.
const NOTHING: f64 = 1e-290;
/// Values of polynomials looked at before giving up: some seconds.
const MOST_WORK: usize = 250_000_000;

/// P(W > t) of the M/G/1 wait for t from 0 on, as far as was asked.
///
/// Formula: Z(t) = P(W > t) = lambda (B(t) + integral of P(S > u) Z(t - u) over u < t), B(t) the
/// integral of P(S > u) over u > t. Where a law of finite variance has more than 400 atoms, Q(t), the
/// integral of Z beyond t, which bends less:
/// Q(t) = lambda (integral of B beyond t + Q(0) B(t) + integral of P(S > u) Q(t - u)), Q(0) = E\[W\].
/// By collocation at 16 Chebyshev points per stretch, stretches meeting at the kinks where these are few.
/// Units: lambda per second, times in seconds. Valid when: rho < 1, first in first out.
/// Reference: Takacs, Introduction to the Theory of Queues (1962), ch. 1; Brill, Level Crossing Methods
/// in Stochastic Models (2008), ch. 3; Brunner, Collocation Methods for Volterra Equations (2004), ch. 2.
#[derive(Debug)]
pub(super) struct March {
    pub lambda: f64,
    pub tail: LawTail,
    joints: Vec<f64>,
    /// Q(0) where Q is solved for.
    integral: Option<f64>,
    coarse: Solved,
    fine: Solved,
    /// To be tried next, and never more than.
    width: f64,
    widest: f64,
    systems: HashMap<u64, LU<f64, Dyn, Dyn>>,
    work: usize,
}

/// What is known on stretches that meet.
#[derive(Debug, Default)]
pub(super) struct Solved {
    /// Z or Q.
    unknown: Vec<Stretch>,
    /// Z where Q is solved for, as its exact fall.
    tail: Vec<Stretch>,
    /// The density of W, where Q is solved for without its steps at the atoms.
    density: Vec<Stretch>,
    /// Where the tail that belongs to the density ends.
    end_of_rest: Option<f64>,
}

impl Solved {
    /// Those of Z.
    pub(super) fn tail(&self) -> &[Stretch] {
        if self.tail.is_empty() { &self.unknown } else { &self.tail }
    }
}

impl March {
    /// Of this arrival rate, service law and mean wait.
    pub(super) fn new(lambda: f64, tail: LawTail, wait: f64) -> March {
        let mean = tail.beyond(0.0);
        let many = tail.atoms.len() > MOST && wait.is_finite();
        let (width, widest) = (mean, widest(&tail, mean));
        let (coarse, fine) = (Solved::default(), Solved::default());
        let (joints, integral) = (joints(&tail.kinks), many.then_some(wait));
        let systems = HashMap::new();
        March { lambda, tail, joints, integral, coarse, fine, width, widest, systems, work: 0 }
    }

    /// rho, the probability of a wait.
    pub(super) fn utilization(&self) -> f64 {
        self.lambda * self.tail.beyond(0.0)
    }

    /// What polynomials that miss the service law change a tail of that size by, relative to it: the load by
    /// lambda times what they miss, and the rate at which the tail falls by that over 1 - rho.
    pub(super) fn blurred(&self, tail: f64) -> f64 {
        let factor = if tail > 0.0 { 1.0 - tail.min(1.0).ln() } else { 1.0 };
        self.lambda * self.tail.smooth.missed * factor / (1.0 - self.utilization())
    }

    /// Solves up to t or to where nothing is left; `None` where that takes too long.
    pub(super) fn reach(&mut self, t: f64) -> Option<()> {
        while self.end() < t && !self.is_over() {
            let stepped = if self.work > MOST_WORK { None } else { self.step() };
            if stepped.is_none() {
                self.work = usize::MAX;
                return None;
            }
        }
        Some(())
    }

    /// The two solutions, the better one last.
    pub(super) fn solutions(&self) -> [&Solved; 2] {
        [&self.coarse, &self.fine]
    }

    /// P(sojourn > t) - P(W > t), which is the density of W over lambda, from a solution up to t.
    pub(super) fn crossings(&self, solved: &Solved, t: f64) -> f64 {
        (1.0 - self.utilization()) * self.tail.survival(t) + self.with_density(&self.tail, solved, t)
    }

    /// The integral of P(V > u) f(t - u) over u < t, f the density of W.
    pub(super) fn with_density(&self, other: &LawTail, solved: &Solved, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let smooth = convolution(other, &solved.density, t);
        if self.integral.is_none() {
            return smooth;
        }
        let step = |(a, p): &(f64, f64)| p * (other.beyond((t - a).max(0.0)) - other.beyond(t));
        smooth + self.steep() * self.tail.atoms.iter().map(step).sum::<f64>()
    }

    /// Z(t) from a solution up to t.
    pub(super) fn wait_tail(&self, solved: &Solved, t: f64) -> f64 {
        if t <= 0.0 {
            return self.utilization();
        }
        self.lambda * (self.tail.beyond(t) + convolution(&self.tail, solved.tail(), t))
    }

    fn end(&self) -> f64 {
        self.coarse.unknown.last().map_or(0.0, |last| last.high)
    }

    /// Whether nothing is left beyond the end.
    fn is_over(&self) -> bool {
        self.coarse.unknown.last().is_some_and(|last| value(&last.own, 1.0) <= NOTHING)
    }

    /// One stretch more, and its halves in the other solution.
    fn step(&mut self) -> Option<()> {
        let low = self.end();
        let coarse = std::mem::take(&mut self.coarse);
        let (high, values) = self.next(&SolvedPast::new(&coarse.unknown), low)?;
        self.coarse = self.with(coarse, low, high, &values);
        let middle = 0.5 * (low + high);
        self.refine(low, middle)?;
        self.refine(middle, high)
    }

    /// The next stretch, halved until it misses little.
    fn next(&mut self, past: &SolvedPast, low: f64) -> Option<(f64, [f64; POINTS])> {
        let joint = self.joints.get(self.joints.partition_point(|x| *x <= low * (1.0 + 1e-12))).copied();
        let mut width = self.width.min(self.widest);
        loop {
            let high = next_end(low, width, joint);
            width = high - low;
            let values = self.solve(past, low, high)?;
            let off = missed(&through(&values)) * (self.lambda * width).min(1.0) / largest(&values);
            let (allowed, plenty) = self.tolerances(low, width);
            if off.is_nan() || width <= 1e-12 * high {
                return None;
            } else if off <= allowed {
                let wider = if off <= plenty { 2.0 } else { 1.0 };
                // A joint cuts a stretch short and says nothing about the next one, which must not pass over bends unseen.
                self.width = if joint == Some(high) { self.width.max(width) } else { wider * width };
                return Some((high, values));
            }
            (width, self.width) = (0.5 * width, 0.5 * width);
        }
    }

    /// What a stretch from `low` on may miss, and what lets the next one be wider: errors grow by 1/(1-rho) on
    /// their way, and differences of times have the rounding of the times.
    fn tolerances(&self, low: f64, width: f64) -> (f64, f64) {
        let (idle, arrivals) = (1.0 - self.utilization(), self.lambda * width);
        let many = if self.tail.atoms.is_empty() { 1.0 } else { (PER_ATOM * self.tail.atoms.len() as f64).min(1.0) };
        let wanted = TOLERANCE * many * (10.0 * idle).min(1.0);
        let of_times = f64::EPSILON * self.lambda * low * arrivals.min(1.0 / arrivals);
        let rounding = ROUNDING + GROWING * arrivals.min(1.0 / idle) + of_times;
        (wanted.max(2.0 * rounding), rounding.max(1e-2 * wanted))
    }

    fn refine(&mut self, low: f64, high: f64) -> Option<()> {
        let fine = std::mem::take(&mut self.fine);
        let values = self.solve(&SolvedPast::new(&fine.unknown), low, high)?;
        self.fine = self.with(fine, low, high, &values);
        Some(())
    }

    /// The unknown at the points of the next stretch.
    fn solve(&mut self, past: &SolvedPast, low: f64, high: f64) -> Option<[f64; POINTS]> {
        let known = points_of(low, high).map(|t| self.lambda * (self.source(t) + past.convolve(&self.tail, t)));
        self.work += POINTS * (self.tail.cost() + past.cost(&self.tail));
        let x = self.system(high - low).solve(&DVector::from_row_slice(&known))?;
        Some(std::array::from_fn(|i| x[i]))
    }

    /// What the equation adds to the convolution.
    fn source(&self, t: f64) -> f64 {
        match self.integral {
            None => self.tail.beyond(t),
            Some(mean) => self.tail.beyond_twice(t) + mean * self.tail.beyond(t),
        }
    }

    /// Identity less lambda times the convolution on a stretch of that width; widths that differ by
    /// rounding share it.
    fn system(&mut self, width: f64) -> &LU<f64, Dyn, Dyn> {
        if self.systems.len() > 100 {
            self.systems.clear();
        }
        let key = (width.to_bits() + (1 << 9)) >> 10;
        let (tail, lambda) = (&self.tail, self.lambda);
        self.systems
            .entry(key)
            .or_insert_with(|| (DMatrix::identity(POINTS, POINTS) - matrix(tail, width) * lambda).lu())
    }

    /// The solution with one stretch more.
    fn with(&self, mut solved: Solved, low: f64, high: f64, values: &[f64; POINTS]) -> Solved {
        let unknown = Stretch::new(low, high, values);
        let density = match self.integral {
            None => unknown.fall(),
            Some(_) => {
                solved.tail.push(unknown.fall());
                self.smooth_density(&mut solved, low, high, values)
            }
        };
        solved.density.push(density);
        solved.unknown.push(unknown);
        solved
    }

    /// What the density is besides its steps, from Q: Q without what bends most, which is known, falls by a tail
    /// that is joined to what it was before, and that falls by the density.
    fn smooth_density(&self, solved: &mut Solved, low: f64, high: f64, q: &[f64; POINTS]) -> Stretch {
        let points = points_of(low, high);
        let rest = std::array::from_fn(|i| q[i] - self.steep() * self.tail.atoms_alone.beyond_twice(points[i]));
        let mut tail = Stretch::new(low, high, &rest).fall().values();
        tail[0] = solved.end_of_rest.unwrap_or(tail[0]);
        solved.end_of_rest = Some(tail[POINTS - 1]);
        Stretch::new(low, high, &tail).fall()
    }

    /// The density of W steps by this for each probability of an atom, as the tail of the atoms does, times this.
    fn steep(&self) -> f64 {
        self.lambda * (1.0 - self.utilization())
    }
}

/// The next end: a joint where it is near, not much before one.
fn next_end(low: f64, width: f64, limit: Option<f64>) -> f64 {
    match limit {
        Some(joint) if low + width >= joint * (1.0 - 1e-12) => joint,
        Some(joint) if low + 2.0 * width > joint => 0.5 * (low + joint),
        _ => low + width,
    }
}

/// The largest of them in size, if it is something.
fn largest(values: &[f64; POINTS]) -> f64 {
    values.iter().fold(NOTHING, |most, value| value.abs().max(most))
}

/// Where many integrals over a stretch are subtracted, its width in mean service times costs digits: as many as
/// it has for atoms, twice as many for edges.
fn widest(tail: &LawTail, mean: f64) -> f64 {
    match (tail.atoms.is_empty(), tail.edges.is_empty()) {
        (true, true) => f64::INFINITY,
        (false, true) => 256.0 * mean,
        (_, false) => 16.0 * mean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::quadrature::points;
    use crate::analytic::numeric::survival::decay_rate;
    use crate::analytic::station::mg1::mean_wait;
    use crate::dist::Dist;

    fn sample(n: u32) -> Dist {
        let value = |i: u32| (f64::from(i) + 0.5).sqrt() * (1.0 + 3.0 * f64::from(i * i % 11));
        Dist::empirical(&(0..n).map(value).collect::<Vec<_>>()).unwrap()
    }

    fn laws() -> Vec<Dist> {
        let bins = |n: u32| {
            let edges: Vec<f64> = (0..=n).map(|i| 0.1 * f64::from(i)).collect();
            Dist::histogram(&edges, &(0..n).map(|i| f64::from(i * i % 7)).collect::<Vec<_>>()).unwrap()
        };
        let two = Dist::mixture(vec![(0.9, Dist::Deterministic(1.0)), (0.1, Dist::Deterministic(7.3))]).unwrap();
        let mixed = Dist::mixture(vec![(0.5, sample(100)), (0.5, Dist::Exponential(3.0))]).unwrap();
        let found = [
            Dist::uniform(0.5, 2.0),
            Dist::triangular(0.0, 1.0, 5.0),
            Dist::lognormal(1.0, 4.0),
            Dist::weibull(2.0, 3.0),
            Dist::gamma(1.0, 2.5),
            Dist::pareto(1.0, 3.5),
            Dist::bounded_pareto(0.1, 100.0, 1.3),
            Dist::truncated_normal(1.0, 0.5, 0.0, f64::INFINITY),
            Dist::coxian_fit(1.0, 0.7),
            Dist::shifted(0.5, Dist::lognormal(1.0, 0.5).unwrap()),
        ];
        let rest = [two, mixed, sample(20), sample(300), bins(12), bins(100), Dist::Deterministic(1.0)];
        found.into_iter().map(Result::unwrap).chain(rest).collect()
    }

    /// Area under the tail, by Gauss's rule on every stretch.
    fn mean(march: &mut March, end: f64) -> f64 {
        march.reach(end).unwrap();
        let solved = march.solutions()[1];
        let points = solved.tail().iter().flat_map(|stretch| points(stretch.low, stretch.high));
        points.map(|(t, w)| w * march.wait_tail(solved, t)).sum()
    }

    /// The mean of the law is Pollaczek and Khinchine's, for every family.
    #[test]
    fn laws_have_their_mean() {
        for law in laws() {
            let lambda = 0.7 / law.mean();
            let wait = mean_wait(lambda, law.mean(), law.scv());
            let mut march = March::new(lambda, LawTail::new(&law), wait);
            // Power laws keep t^-1.5 of the mean.
            let area = mean(&mut march, if decay_rate(&law) > 0.0 { 200.0 * (wait + law.mean()) } else { 1e7 });
            assert!((area / wait - 1.0).abs() < 1e-8, "{}: {area} {wait}", law.name());
            // Power twin: a millionth more variance.
            let other = mean_wait(lambda, law.mean(), law.scv() + 1e-6 * (1.0 + law.scv()));
            assert!((area / other - 1.0).abs() > 5e-7, "{}", law.name());
        }
    }
}
