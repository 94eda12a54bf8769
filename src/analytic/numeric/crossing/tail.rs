//! A survival function as a sum of jumps, straight lines and smooth pieces, each of which is convolved in its
//! own way.

use super::lines::BrokenLine;
use super::pieces::{SmoothPieces, Weighted};
use crate::analytic::numeric::kinks::kinks;
use crate::dist::Dist;

/// Lines of at most so many kinks are integrated one by one, those of more by integrals up to each kink, which is
/// faster, but subtracts.
const FEW: usize = 64;

/// P(S > u) as the sum of lines, which jump at the atoms and bend at the edges, and of smooth pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct LawTail {
    /// (value, probability), ascending, both above 0; none where there are few kinks.
    pub atoms: Vec<(f64, f64)>,
    /// Probability of the atoms from each on.
    pub above: Vec<f64>,
    /// (where, by how much the slope of the lines rises there), ascending, the rises of sum 0; none where there
    /// are few kinks.
    pub edges: Vec<(f64, f64)>,
    pub lines: BrokenLine,
    /// The part of the atoms in them.
    pub atoms_alone: BrokenLine,
    pub smooth: SmoothPieces,
    /// Everywhere it jumps or bends, ascending.
    pub kinks: Vec<f64>,
}

impl LawTail {
    /// That of a law of finite mean.
    pub(super) fn new(law: &Dist) -> LawTail {
        let mut tail = LawTail::default();
        let mut laws = Vec::new();
        tail.split(law, 1.0, 0.0, &mut laws);
        // Nobody waits for what takes no time.
        tail.atoms.retain(|(a, _)| *a > 0.0);
        merge(&mut tail.atoms);
        merge(&mut tail.edges);
        let bends: Vec<f64> = laws.iter().flat_map(|w| kinks(w.law).into_iter().map(|x| w.offset + x)).collect();
        tail.smooth = SmoothPieces::new(&laws, &bends);
        tail.lines = BrokenLine::new(&tail.atoms, &tail.edges);
        tail.atoms_alone = BrokenLine::new(&tail.atoms, &[]);
        let ends = tail.atoms.iter().chain(&tail.edges).map(|(x, _)| *x);
        tail.kinks = ends.chain(bends).filter(|x| *x > 0.0).collect();
        tail.kinks.sort_by(f64::total_cmp);
        if tail.atoms.len() + tail.edges.len() <= FEW {
            (tail.atoms, tail.edges) = (Vec::new(), Vec::new());
        }
        tail.above = tail.atoms.iter().rev().scan(0.0, add_up).collect();
        tail.above.reverse();
        tail.above.push(0.0);
        tail
    }

    /// Whether the lines are integrated one by one.
    pub(super) fn has_few_kinks(&self) -> bool {
        self.atoms.is_empty() && self.edges.is_empty()
    }

    fn split<'a>(&mut self, law: &'a Dist, weight: f64, offset: f64, rest: &mut Vec<Weighted<'a>>) {
        match law {
            Dist::Deterministic(d) => self.atoms.push((offset + d, weight)),
            Dist::Empirical(sample) => {
                let share = weight / sample.values().len() as f64;
                self.atoms.extend(sample.values().iter().map(|x| (offset + x, share)));
            }
            Dist::Uniform(_) => self.add_bin(offset + law.quantile(0.0), offset + law.quantile(1.0), weight),
            Dist::Histogram(histogram) => {
                histogram.bins().for_each(|(low, high, p)| self.add_bin(offset + low, offset + high, weight * p));
            }
            Dist::Mixture(mixture) => {
                let some = mixture.components().filter(|(p, _)| *p > 0.0);
                some.for_each(|(p, law)| self.split(law, weight * p, offset, rest));
            }
            Dist::Shifted(shifted) => self.split(shifted.law(), weight, offset + shifted.offset(), rest),
            law => rest.push(Weighted { weight, offset, law }),
        }
    }

    fn add_bin(&mut self, low: f64, high: f64, share: f64) {
        let density = share / (high - low);
        self.edges.extend([(low, -density), (high, density)]);
    }

    /// What one convolution looks at, in values of a polynomial.
    pub(super) fn cost(&self) -> usize {
        let lines = if self.has_few_kinks() { 16 * self.lines.all.len() } else { self.atoms.len() + self.edges.len() };
        lines + 16 * self.smooth.all.len()
    }

    /// P(S > u).
    pub(super) fn survival(&self, u: f64) -> f64 {
        self.lines.at(u) + self.smooth.at(u)
    }

    /// The integral of P(S > v) over v > u.
    pub(super) fn beyond(&self, u: f64) -> f64 {
        self.lines.beyond(u) + self.smooth.beyond(u)
    }

    /// The integral of that; infinite where the variance is.
    pub(super) fn beyond_twice(&self, u: f64) -> f64 {
        self.lines.beyond_twice(u) + self.smooth.beyond_twice(u)
    }
}

fn add_up(sum: &mut f64, (_, p): &(f64, f64)) -> Option<f64> {
    *sum += p;
    Some(*sum)
}

/// Sorts by place and adds up what is at the same one.
fn merge(points: &mut Vec<(f64, f64)>) {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    points.retain(|(_, weight)| *weight != 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_keeps_its_tail_and_mean() {
        let parts = vec![(0.5, Dist::Deterministic(1.0)), (0.3, Dist::uniform(1.0, 2.0).unwrap())];
        let rest = Dist::shifted(0.5, Dist::gamma(1.0, 2.0).unwrap()).unwrap();
        let mixed = Dist::mixture([parts, vec![(0.2, rest)]].concat()).unwrap();
        let bins = Dist::histogram(&[0.0, 1.0, 1.5, 4.0], &[1.0, 0.0, 3.0]).unwrap();
        for law in [mixed, bins, Dist::empirical(&[2.0, 0.0, 2.0, 5.0]).unwrap()] {
            let tail = LawTail::new(&law);
            for u in [0.0, 0.7, 1.0, 1.25, 3.0, 20.0] {
                assert!((tail.survival(u) - law.survival(u)).abs() < 1e-14, "{} at {u}", law.name());
            }
            assert!((tail.beyond(0.0) - law.mean()).abs() < 1e-14, "{}", law.name());
        }
        let tail = LawTail::new(&Dist::empirical(&[2.0, 0.0, 2.0, 5.0]).unwrap());
        assert_eq!((tail.kinks.len(), tail.beyond(4.0)), (2, 0.25));
        assert!((tail.beyond_twice(3.0) - 0.5).abs() < 1e-15);
    }
}
