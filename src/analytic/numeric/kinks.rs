//! Where the distribution function of a law jumps or bends, or changes its pace: quadrature must not pass
//! over such points.

use crate::dist::Dist;

/// Every jump and bend, in ascending order.
pub(crate) fn kinks(law: &Dist) -> Vec<f64> {
    let mut found = Vec::new();
    collect(law, 0.0, &mut found);
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

/// Those of a law moved by `offset`.
fn collect(law: &Dist, offset: f64, kinks: &mut Vec<f64>) {
    match law {
        Dist::Mixture(mixture) => mixture.components().for_each(|(_, law)| collect(law, offset, kinks)),
        Dist::Shifted(shifted) => collect(shifted.law(), offset + shifted.offset(), kinks),
        Dist::Empirical(sample) => kinks.extend(sample.values().iter().map(|x| offset + x)),
        Dist::Histogram(histogram) => {
            kinks.extend(histogram.bins().flat_map(|(low, high, _)| [offset + low, offset + high]));
        }
        other => {
            let ends = [0.0, 1.0].map(|p| offset + other.quantile(p));
            kinks.extend(ends.into_iter().filter(|x| x.is_finite()));
            if let Dist::Triangular(_) = other {
                // Of a triangle, mean = (low + mode + high) / 3.
                kinks.push(3.0 * other.mean() - (ends[0] + ends[1]) + 3.0 * offset);
            }
        }
    }
}

/// Points between which the survival function of the service is smooth and slow: its kinks,
/// its quantiles, and a ladder of doublings around the mean for power laws at both ends.
pub(crate) fn breakpoints(service: &Dist, kinks: &[f64]) -> Vec<f64> {
    let mean = service.mean();
    let mut points: Vec<f64> = (-60..=400).map(|k| mean * 2.0_f64.powi(k)).collect();
    let upper = [0.5, 0.3, 0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12];
    points.extend(upper.iter().map(|p| service.quantile(1.0 - p)));
    points.extend(upper.iter().map(|p| service.quantile(*p)));
    points.extend(kinks);
    points.retain(|x| x.is_finite() && *x > 0.0);
    points.sort_by(f64::total_cmp);
    points.dedup_by(|b, a| *b <= *a * (1.0 + 1e-12));
    points
}
