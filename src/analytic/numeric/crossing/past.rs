//! Convolution of a survival function with what is known of another one, up to where the known ends.

use super::chebyshev::{Coefficients, value, values};
use super::stretch::{Remainders, Stretch};
use super::tail::LawTail;
use crate::analytic::numeric::quadrature::points;

/// Atoms and edges taken side by side.
const LANES: usize = 8;

/// What is known of X: its stretches from 0 on, and their integrals.
pub(super) struct SolvedPast<'a> {
    stretches: &'a [Stretch],
    remainders: Remainders,
    end: f64,
}

impl<'a> SolvedPast<'a> {
    /// That of these stretches.
    pub(super) fn new(stretches: &'a [Stretch]) -> SolvedPast<'a> {
        let end = stretches.last().map_or(0.0, |last| last.high);
        SolvedPast { stretches, remainders: Remainders::new(stretches), end }
    }

    /// Values of polynomials that a convolution looks at, about.
    pub(super) fn cost(&self, tail: &LawTail) -> usize {
        if tail.smooth.all.is_empty() { self.stretches.len() } else { 16 * self.stretches.len() }
    }

    /// The integral of P(S > t - y) X(y) over y < end, for t >= end.
    pub(super) fn convolve(&self, tail: &LawTail, t: f64) -> f64 {
        if self.stretches.is_empty() {
            return 0.0;
        }
        let pieces = &tail.smooth.all;
        let smooth = self.one_by_one(pieces.len(), |i| (pieces[i].low, pieces[i].high), |i, u| pieces[i].at(u), t);
        if !tail.has_few_kinks() {
            return smooth + self.with_atoms(tail, t) + self.with_edges(tail, t);
        }
        let lines = &tail.lines.all;
        smooth + self.one_by_one(lines.len(), |i| (lines[i].low, lines[i].high), |i, u| lines[i].at(u), t)
    }

    /// Of an atom at a: the integral of X from t - a on.
    fn with_atoms(&self, tail: &LawTail, t: f64) -> f64 {
        let mut sum = 0.0;
        let beyond = self.by_stretch(&tail.atoms, t, |m, stretch, atoms| {
            let share: f64 = atoms.iter().map(|(_, p)| p).sum();
            sum += self.remainders.once[m] * share + weighted(&stretch.rest, atoms, |a| stretch.place(t - a));
        });
        sum + tail.above[beyond] * self.remainders.all.0
    }

    /// Of an edge at e: the integral of those integrals from t - e on.
    fn with_edges(&self, tail: &LawTail, t: f64) -> f64 {
        let mut sum = 0.0;
        let beyond = self.by_stretch(&tail.edges, t, |m, stretch, edges| {
            let later = |e: f64| self.remainders.twice[m] + self.remainders.once[m] * (stretch.high - (t - e));
            sum += edges.iter().map(|(e, rise)| rise * later(*e)).sum::<f64>();
            sum += weighted(&stretch.rest_twice, edges, |e| stretch.place(t - e));
        });
        let (once, twice) = self.remainders.all;
        sum + tail.edges[beyond..].iter().map(|(e, rise)| rise * (twice + (e - t) * once)).sum::<f64>()
    }

    /// Hands out the places x for which t - x is in a stretch, stretch by stretch; the index of the first
    /// one beyond all.
    fn by_stretch(
        &self,
        places: &[(f64, f64)],
        t: f64,
        mut visit: impl FnMut(usize, &Stretch, &[(f64, f64)]),
    ) -> usize {
        let mut from = places.partition_point(|(x, _)| t - x >= self.end);
        let mut m = self.stretches.len();
        while from < places.len() && t - places[from].0 > 0.0 {
            let before = t - places[from].0;
            while self.stretches[m - 1].low >= before {
                m -= 1;
            }
            let stretch = &self.stretches[m - 1];
            let count = places[from..].iter().take_while(|(x, _)| t - x > stretch.low).count();
            visit(m - 1, stretch, &places[from..from + count]);
            from += count;
        }
        from
    }

    /// Of `count` adjacent parts with these ends and functions: where one of them spans a stretch, at
    /// Gauss's points.
    fn one_by_one(
        &self,
        count: usize,
        ends: impl Fn(usize) -> (f64, f64),
        at: impl Fn(usize, f64) -> f64,
        t: f64,
    ) -> f64 {
        let (mut part, mut sum) = (0, 0.0);
        for stretch in self.stretches.iter().rev() {
            let (first, last) = (t - stretch.high, t - stretch.low);
            while part < count && ends(part).1 <= first {
                part += 1;
            }
            if part == count {
                break;
            }
            if ends(part).1 >= last {
                sum += stretch.gauss.iter().map(|(y, weighted)| weighted * at(part, t - y)).sum::<f64>();
                continue;
            }
            let mut from = first;
            for i in (part..count).take_while(|i| ends(*i).0 < last) {
                let to = ends(i).1.min(last);
                let term = |(u, w): (f64, f64)| w * at(i, u) * value(&stretch.own, stretch.place(t - u));
                sum += points(from, to).map(term).sum::<f64>();
                from = to;
            }
        }
        sum
    }
}

/// Sum of weight times the polynomial at the place of x, over (x, weight).
fn weighted(own: &Coefficients, terms: &[(f64, f64)], place: impl Fn(f64) -> f64) -> f64 {
    let mut chunks = terms.chunks_exact(LANES);
    let mut sum = 0.0;
    for chunk in &mut chunks {
        let at: [f64; LANES] = values(own, std::array::from_fn(|i| place(chunk[i].0)));
        sum += chunk.iter().zip(at).map(|((_, weight), value)| weight * value).sum::<f64>();
    }
    sum + chunks.remainder().iter().map(|(x, weight)| weight * value(own, place(*x))).sum::<f64>()
}
