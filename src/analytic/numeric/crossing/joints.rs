//! Where stretches meet: the kinks of a law, and those of its sums with itself.

/// Most joints; where a law has more kinks, stretches are cut by their error alone.
pub(super) const MOST: usize = 400;
/// Sums of more than so many times bend too little to be seen.
const MOST_SUMMED: usize = 14;
/// What is nearer than this to another is the same but for rounding, or bends too little to be seen.
const ROUNDING: f64 = 1e-12;
const APART: f64 = 1e-5;

/// Sums of one, two, .. of these kinks above 0, as many as there is room for, ascending.
pub(super) fn joints(kinks: &[f64]) -> Vec<f64> {
    let kinks = tidy(kinks.to_vec(), ROUNDING);
    let (mut all, mut last) = (Vec::new(), vec![0.0]);
    for _ in 0..MOST_SUMMED {
        if last.len() * kinks.len() > 100 * MOST {
            break;
        }
        last = tidy(last.iter().flat_map(|x| kinks.iter().map(move |kink| x + kink)).collect(), ROUNDING);
        let more = tidy([all.as_slice(), &last].concat(), if all.is_empty() { ROUNDING } else { APART });
        if more.len() > MOST {
            break;
        }
        all = more;
    }
    all
}

/// Ascending, without those that are nearer to the one before than this share of them.
fn tidy(mut points: Vec<f64>, apart: f64) -> Vec<f64> {
    points.sort_by(f64::total_cmp);
    points.dedup_by(|next, kept| *next - *kept <= apart * *next);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_kinks_once_each() {
        // 14 of them make 1 to 42 tenths, but for 41.
        let found = joints(&[0.1, 0.3]);
        assert_eq!(found.len(), 41);
        assert!(found.iter().zip(1..=40).all(|(x, i)| (x - 0.1 * f64::from(i)).abs() < 1e-12));
        // Sums of at most 11 of three: 12 would be more than fit.
        assert!((301..=400).contains(&joints(&[1.0, 10.1, 100.37]).len()));
        assert!(joints(&[]).is_empty());
        let many: Vec<f64> = (1..2000).map(|i| f64::from(i).sqrt()).collect();
        assert!(joints(&many).is_empty());
    }
}
