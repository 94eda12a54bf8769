//! Convolution of a survival function with a polynomial on the stretch at hand, as a linear function of it.

use super::chebyshev::{Coefficients, NODES, POINTS, points_of, polynomials};
use super::past::SolvedPast;
use super::stretch::Stretch;
use super::tail::LawTail;
use crate::analytic::numeric::quadrature::points;
use nalgebra::DMatrix;

/// Weights of the coefficients of X on a stretch of that width in the integral of P(S > u) X(t - u) over
/// 0 < u < reach, t being `reach` after the start of the stretch.
fn weights(tail: &LawTail, width: f64, reach: f64) -> Coefficients {
    let add = |sums: &mut Coefficients, weight: f64, u: f64| {
        let place = 2.0 * (reach - u) / width - 1.0;
        sums.iter_mut().zip(polynomials(place)).for_each(|(sum, p)| *sum += weight * p);
    };
    let (mut own, mut once, mut twice) = ([0.0; POINTS + 2], [0.0; POINTS + 2], [0.0; POINTS + 2]);
    for piece in tail.smooth.all.iter().take_while(|piece| piece.low < reach) {
        points(piece.low, piece.high.min(reach)).for_each(|(u, w)| add(&mut own, w * piece.at(u), u));
    }
    if tail.has_few_kinks() {
        for line in tail.lines.all.iter().take_while(|line| line.low < reach) {
            points(line.low, line.high.min(reach)).for_each(|(u, w)| add(&mut own, w * line.at(u), u));
        }
        return own;
    }
    // Of an atom at a: the integral of X over t - a to t; of an edge, the integral of such integrals.
    add(&mut once, tail.lines.at(0.0), 0.0);
    tail.atoms.iter().take_while(|(a, _)| *a < reach).for_each(|(a, p)| add(&mut once, -p, *a));
    tail.edges.iter().take_while(|(e, _)| *e < reach).for_each(|(e, rise)| add(&mut twice, *rise, *e));
    let pulled = Stretch::pull_back(width, &once, &twice);
    std::array::from_fn(|k| own[k] + pulled[k])
}

/// The same at each point of the stretch, as weights of the values there.
pub(super) fn matrix(tail: &LawTail, width: f64) -> DMatrix<f64> {
    let mut out = DMatrix::zeros(POINTS, POINTS);
    for (i, reach) in points_of(0.0, width).into_iter().enumerate().skip(1) {
        let w = weights(tail, width, reach);
        for j in 0..POINTS {
            out[(i, j)] = (0..POINTS).map(|k| w[k] * NODES.weight[k][j]).sum();
        }
    }
    out
}

/// The integral of P(S > u) X(t - u) over 0 < u < t, X being 0 beyond these stretches.
pub(super) fn convolution(tail: &LawTail, stretches: &[Stretch], t: f64) -> f64 {
    let before = stretches.partition_point(|stretch| stretch.high < t);
    let here = stretches.get(before).map_or(0.0, |at| {
        let w = weights(tail, at.high - at.low, t - at.low);
        w.iter().zip(&at.own).map(|(w, c)| w * c).sum()
    });
    SolvedPast::new(&stretches[..before]).convolve(tail, t) + here
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Dist;

    /// X = e^{-t}: its convolution with each kind of law, in closed form.
    #[test]
    fn an_exponential_with_each_kind_of_law() {
        let ends = [0.0, 0.3, 1.0, 1.1, 2.5, 6.0];
        let of = |w: &[f64]| Stretch::new(w[0], w[1], &points_of(w[0], w[1]).map(|t| (-t).exp()));
        let stretches: Vec<Stretch> = ends.windows(2).map(of).collect();
        // For S = d: e^{-(t - d)} - e^{-t}, t > d; else 1 - e^{-t}.
        let atom = |d: f64, t: f64| (-(t - d).max(0.0)).exp() - (-t).exp();
        // For S uniform on l..h: the mean of that over d.
        let area = |d: f64, t: f64| if d < t { (d - t).exp() } else { 1.0 + d - t };
        let uniform = |l: f64, h: f64, t: f64| (area(h, t) - area(l, t)) / (h - l) - (-t).exp();
        // For S of mean 1/2: the difference of e^{-t} and e^{-2t}.
        let smooth = |t: f64| (-t).exp() - (-2.0 * t).exp();
        let laws = [
            Dist::empirical(&[0.2, 1.7]).unwrap(),
            Dist::histogram(&[0.5, 1.0, 3.0], &[1.0, 1.0]).unwrap(),
            Dist::Exponential(0.5),
        ];
        let exact: [&dyn Fn(f64) -> f64; 3] = [
            &|t| 0.5 * (atom(0.2, t) + atom(1.7, t)),
            &|t| 0.5 * (uniform(0.5, 1.0, t) + uniform(1.0, 3.0, t)),
            &smooth,
        ];
        for (law, exact) in laws.iter().zip(exact) {
            let tail = LawTail::new(law);
            for t in [0.1, 0.9, 1.05, 2.0, 4.0, 6.0] {
                let found = convolution(&tail, &stretches, t);
                assert!((found - exact(t)).abs() < 1e-13, "{} at {t}: {found} {}", law.name(), exact(t));
            }
            let (end, after) = (convolution(&tail, &stretches, 6.0), convolution(&tail, &stretches, 6.0 + 1e-9));
            assert!((end - after).abs() < 1e-8);
        }
    }
}
