//! The survival function of a law without jumps as polynomials, found by halving steps until they fit.

use super::chebyshev::{Coefficients, integral_to_end, missed, points_of, through, value};
use crate::dist::Dist;

/// What a polynomial may miss, relative to its largest value: above the rounding of any law.
const FITS: f64 = 3e-14;
/// And that times its width, relative to the mean, next to a singularity.
const NEGLIGIBLE: f64 = 1e-17;
/// Below this, what half a step misses no less of than a quarter of what the whole did is the law's own rounding: gamma
/// laws of large shape have 1e-9 of it.
const OWN_ROUNDING: f64 = 1e-13;
/// Halvings of a step where it may begin with a singularity, and elsewhere.
const DEEPEST: u32 = 80;
const SMOOTH: u32 = 8;
/// Shares of a law at whose quantiles a step ends, from either side.
const SHARES: [f64; 5] = [0.5, 0.1, 1e-2, 1e-4, 1e-8];

/// A law with its weight and what it is moved by, without jumps.
pub(super) struct Weighted<'a> {
    pub weight: f64,
    pub offset: f64,
    pub law: &'a Dist,
}

impl Weighted<'_> {
    fn survival(&self, u: f64) -> f64 {
        self.weight * if u < self.offset { 1.0 } else { self.law.survival(u - self.offset) }
    }

    fn quantile(&self, p: f64) -> f64 {
        self.offset + self.law.quantile(p)
    }
}

/// The polynomial between two ends.
#[derive(Debug, Clone)]
pub(super) struct SmoothPiece {
    pub low: f64,
    pub high: f64,
    own: Coefficients,
    /// Its integral from u to `high`, and the integral of that.
    rest: Coefficients,
    rest_twice: Coefficients,
    /// Integral of all that follows, and the integral of that.
    later: f64,
    later_twice: f64,
}

impl SmoothPiece {
    /// The survival function at u between the ends.
    pub(super) fn at(&self, u: f64) -> f64 {
        value(&self.own, self.place(u))
    }

    fn beyond(&self, u: f64) -> f64 {
        self.later + value(&self.rest, self.place(u))
    }

    fn beyond_twice(&self, u: f64) -> f64 {
        self.later_twice + self.later * (self.high - u) + value(&self.rest_twice, self.place(u))
    }

    fn place(&self, u: f64) -> f64 {
        (2.0 * u - self.low - self.high) / (self.high - self.low)
    }
}

/// SmoothPieces from 0 on; beyond them the function is 0.
#[derive(Debug, Clone, Default)]
pub(super) struct SmoothPieces {
    /// In ascending order, without gaps.
    pub all: Vec<SmoothPiece>,
    /// The integral of what they miss, about.
    pub missed: f64,
}

/// A step to be fitted.
#[derive(Debug, Clone, Copy)]
struct FitRange {
    low: f64,
    high: f64,
    /// Whether it may begin with a singularity.
    first: bool,
    /// Halvings left.
    depth: u32,
    /// What the polynomial over this step and its other half missed.
    before: f64,
}

impl FitRange {
    /// Its halves, of which it is known what it missed.
    fn halves(self, off: f64) -> [FitRange; 2] {
        let (middle, smooth) = (0.5 * (self.low + self.high), SMOOTH.min(self.depth - 1));
        let depth = if self.first { self.depth - 1 } else { smooth };
        let half = FitRange { before: off, ..self };
        [FitRange { high: middle, depth, ..half }, FitRange { low: middle, first: false, depth: smooth, ..half }]
    }

    /// Whether a polynomial that misses so much of a function of this size is kept.
    fn ends(self, off: f64, largest: f64, mean: f64) -> bool {
        let middle = 0.5 * (self.low + self.high);
        let negligible = self.first && off * (self.high - self.low) <= NEGLIGIBLE * mean;
        let stuck = !self.first && off > 0.25 * self.before;
        let rounding = stuck && off * (self.high - self.low) <= OWN_ROUNDING * mean;
        let last = self.depth == 0 || middle <= self.low || middle >= self.high;
        off <= FITS * largest || negligible || rounding || last
    }
}

impl SmoothPieces {
    /// The sum of the laws' survival functions, which are smooth between the `kinks`.
    pub(super) fn new(laws: &[Weighted], kinks: &[f64]) -> SmoothPieces {
        if laws.is_empty() {
            return SmoothPieces::default();
        }
        let mean: f64 = laws.iter().map(|law| law.weight * (law.offset + law.law.mean())).sum();
        let mut pieces = SmoothPieces::default();
        let tail = |u: f64| laws.iter().map(|law| law.survival(u)).sum::<f64>();
        for ends in steps(laws, kinks, mean).windows(2) {
            let (low, high) = (ends[0], ends[1]);
            pieces.fit(&tail, FitRange { low, high, first: true, depth: DEEPEST, before: f64::INFINITY }, mean);
        }
        pieces.add_up(laws);
        pieces
    }

    fn fit(&mut self, tail: &impl Fn(f64) -> f64, step: FitRange, mean: f64) {
        let FitRange { low, high, .. } = step;
        let values = points_of(low, high).map(tail);
        let largest = values.iter().copied().fold(0.0, f64::max);
        let own = through(&values);
        let off = missed(&own);
        if !step.ends(off, largest, mean) {
            return step.halves(off).into_iter().for_each(|half| self.fit(tail, half, mean));
        }
        let integral = |of: &Coefficients| integral_to_end(of).map(|c| 0.5 * (high - low) * c);
        let rest = integral(&own);
        let rest_twice = integral(&rest);
        self.all.push(SmoothPiece { low, high, own, rest, rest_twice, later: 0.0, later_twice: 0.0 });
        self.missed += off * (high - low);
    }

    /// The integrals of what follows, from the far end; what a power law keeps beyond it is what its moments
    /// lack.
    fn add_up(&mut self, laws: &[Weighted]) {
        let moment = |of: &dyn Fn(&Weighted) -> f64| laws.iter().map(|law| law.weight * of(law)).sum::<f64>();
        let mean = moment(&|law| law.offset + law.law.mean());
        let second = moment(&|law| 0.5 * (law.law.variance() + (law.offset + law.law.mean()).powi(2)));
        let lacking = |whole: f64, found: f64| if whole - found > 1e-12 * whole { whole - found } else { 0.0 };
        self.sum(0.0, 0.0);
        let beyond = lacking(mean, self.beyond(0.0));
        self.sum(beyond, 0.0);
        self.sum(beyond, lacking(second, self.beyond_twice(0.0)));
    }

    fn sum(&mut self, mut later: f64, mut later_twice: f64) {
        for piece in self.all.iter_mut().rev() {
            (piece.later, piece.later_twice) = (later, later_twice);
            later_twice = piece.beyond_twice(piece.low);
            later = piece.beyond(piece.low);
        }
    }

    /// The first piece that ends after u.
    pub(super) fn find(&self, u: f64) -> usize {
        self.all.partition_point(|piece| piece.high <= u)
    }

    /// The survival function at u >= 0.
    pub(super) fn at(&self, u: f64) -> f64 {
        self.all.get(self.find(u)).map_or(0.0, |piece| piece.at(u))
    }

    /// Its integral beyond u >= 0.
    pub(super) fn beyond(&self, u: f64) -> f64 {
        self.all.get(self.find(u)).map_or(0.0, |piece| piece.beyond(u))
    }

    /// The integral of that.
    pub(super) fn beyond_twice(&self, u: f64) -> f64 {
        self.all.get(self.find(u)).map_or(0.0, |piece| piece.beyond_twice(u))
    }
}

/// Ends of the first steps: kinks, quantiles, and doublings until nothing is left.
fn steps(laws: &[Weighted], kinks: &[f64], mean: f64) -> Vec<f64> {
    let mut ends = [&[0.0, mean], kinks].concat();
    for law in laws {
        ends.extend(SHARES.iter().flat_map(|p| [law.quantile(*p), law.quantile(1.0 - p)]));
    }
    ends.retain(|x| x.is_finite() && *x >= 0.0);
    ends.sort_by(f64::total_cmp);
    ends.dedup_by(|b, a| *b - *a <= 1e-9 * *b);
    let last = laws.iter().map(|law| law.quantile(1.0)).fold(0.0, f64::max);
    let left = |u: f64| u * laws.iter().map(|law| law.survival(u)).sum::<f64>();
    let mut at = ends[ends.len() - 1];
    while at < last && at < 1e300 && left(at) > 1e-40 * mean {
        at = (2.0 * at).min(last);
        ends.push(at);
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The law itself, and its exact integral where there is one.
    #[test]
    fn pieces_are_the_law_far_into_its_tail() {
        let pareto = Dist::pareto(1.0, 1.5).unwrap();
        let laws = [Dist::weibull(1.0, 4.0).unwrap(), Dist::lognormal(1.0, 30.0).unwrap(), pareto.clone()];
        for law in &laws {
            let pieces = SmoothPieces::new(&[Weighted { weight: 0.5, offset: 0.25, law }], &[0.25, 1.25]);
            for u in [0.0, 0.26, 0.9, 1.3, 7.0, 50.0, 300.0] {
                let exact = 0.5 * if u < 0.25 { 1.0 } else { law.survival(u - 0.25) };
                assert!((pieces.at(u) / exact - 1.0).abs() < 1e-12, "{} at {u}", law.name());
            }
            let mean = 0.5 * (0.25 + law.mean());
            assert!((pieces.beyond(0.0) / mean - 1.0).abs() < 1e-13, "{}", law.name());
            let half_square = 0.25 * (law.variance() + (0.25 + law.mean()).powi(2));
            if half_square.is_finite() {
                assert!((pieces.beyond_twice(0.0) / half_square - 1.0).abs() < 1e-12, "{}", law.name());
            }
        }
        let pieces = SmoothPieces::new(&[Weighted { weight: 1.0, offset: 0.0, law: &pareto }], &[1.0]);
        for u in [2.0_f64, 1e4, 1e12, 1e30] {
            assert!((pieces.beyond(u) * u.sqrt() / 2.0 - 1.0).abs() < 1e-11, "{u}");
        }
    }
}
