//! The smallest buffer that loses little enough. Knows no model.

use super::search::smallest;
use crate::analytic::station::mmck::Mmck;

/// Most places looked at.
const MOST_PLACES: u64 = 1_000_000_000_000_000;

/// The smallest number of places K >= c (those in service included) with which M/M/c/K loses at most that share.
///
/// Formula: min{ K : p_K <= x }.
/// Units: rates per second, x a share. Valid when: lambda, mu > 0 and c > 0; `None` where no K does: for
/// rho >= 1 every K loses more than 1 - 1/rho.
/// Reference: Gross et al. (4th ed.), sec. 2.4.
///
/// ```
/// use lindley::analytic::staffing::smallest_buffer;
/// // M/M/1/K at rho = 1 loses 1/(K+1).
/// assert_eq!(smallest_buffer(1.0, 1.0, 1, 0.1), Some(9));
/// assert_eq!(smallest_buffer(2.0, 1.0, 1, 0.4), None);
/// ```
pub fn smallest_buffer(lambda: f64, mu: f64, c: u32, loss: f64) -> Option<u64> {
    smallest(u64::from(c), MOST_PLACES, loss, |places| Some(Mmck::new(lambda, mu, c, places).prob_loss()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_fewer_loses_too_much() {
        for (lambda, c, loss) in [(0.9, 1, 1e-6), (0.999, 1, 1e-9), (7.5, 8, 1e-4), (1.2, 1, 0.2), (3.0, 2, 0.34)] {
            let k = smallest_buffer(lambda, 1.0, c, loss).unwrap();
            assert!(Mmck::new(lambda, 1.0, c, k).prob_loss() <= loss);
            assert!(k == u64::from(c) || Mmck::new(lambda, 1.0, c, k - 1).prob_loss() > loss);
        }
    }

    #[test]
    fn no_buffer_helps_against_overload() {
        assert_eq!(smallest_buffer(1.5, 1.0, 1, 1.0 / 3.0 - 1e-12), None);
        assert_eq!(smallest_buffer(1.5, 1.0, 1, 0.0), None);
        assert_eq!(smallest_buffer(0.5, 1.0, 1, 1.0), Some(1));
    }
}
