//! Quasi-birth-death processes: chains that move between levels one at a time, alike at every level. First
//! passages down, and the ratio of probabilities of neighbouring levels.

use super::nonneg::inverse;
use nalgebra::{DMatrix, DVector};

/// Doublings before giving up: 2^60 levels.
const MOST_DOUBLINGS: usize = 60;

/// A homogeneous quasi-birth-death process, by its rates up, within a level and down.
///
/// Formula: G, the phases in which the level below is first entered, is the least solution of
/// A2 + A1 G + A0 G^2 = 0; with N = (-A1 - A0 G)^{-1} the probabilities of the levels obey
/// pi_{n+1} = pi_n R, R = A0 N.
/// Units: rates per second. Valid when: the drift is downwards (positive recurrent).
/// Numerics: logarithmic reduction, which doubles the number of levels seen with every step;
/// nothing is subtracted.
/// Reference: Latouche and Ramaswami, A logarithmic reduction algorithm for quasi-birth-death
/// processes, J. Appl. Prob. 30 (1993) 650; their book (1999), ch. 6 and 8.
///
/// ```
/// use lindley::analytic::matrix::qbd::Qbd;
/// use nalgebra::DMatrix;
/// // M/M/1 with lambda = 1/s, mu = 2/s: one phase, R = rho.
/// let rate = |x| DMatrix::from_element(1, 1, x);
/// let queue = Qbd::new(&rate(1.0), &rate(0.0), &rate(2.0)).unwrap();
/// assert!((queue.r[(0, 0)] - 0.5).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Qbd {
    /// Phases in which the next level below is entered, by phase of departure.
    pub g: DMatrix<f64>,
    /// Mean time spent in each phase before the level is left downwards, visits above left out.
    pub n: DMatrix<f64>,
    /// Ratio of the probabilities of a level to those of the level below.
    pub r: DMatrix<f64>,
}

impl Qbd {
    /// Solves the process with rates `up`, `within` (its diagonal is not read) and `down`; `None`
    /// if the iteration does not end, as without a drift downwards.
    pub fn new(up: &DMatrix<f64>, within: &DMatrix<f64>, down: &DMatrix<f64>) -> Option<Qbd> {
        let mut g = first_passage(up, within, down)?;
        for mut row in g.row_iter_mut() {
            let sum = row.sum();
            row /= sum;
        }
        let n = inverse(&(within + up * &g), &down.column_sum());
        let r = up * &n;
        r.iter().all(|x| x.is_finite()).then_some(Qbd { g, n, r })
    }

    /// The decay of the levels: the largest eigenvalue of R, the "caudal characteristic".
    pub fn decay(&self) -> f64 {
        spectral_radius(&self.r)
    }
}

/// Logarithmic reduction.
fn first_passage(up: &DMatrix<f64>, within: &DMatrix<f64>, down: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let local = inverse(within, &(up.column_sum() + down.column_sum()));
    let (mut h, mut l) = (&local * up, &local * down);
    let (mut g, mut t) = (l.clone(), h.clone());
    for _ in 0..MOST_DOUBLINGS {
        let returns = &h * &l + &l * &h;
        let (hh, ll) = (&h * &h, &l * &l);
        let visits = inverse(&returns, &(hh.column_sum() + ll.column_sum()));
        (h, l) = (&visits * hh, &visits * ll);
        let more = &t * &l;
        g += &more;
        t = &t * &h;
        if !more.iter().all(|x| x.is_finite()) {
            return None;
        }
        if t.amax() < 1e-17 || more.amax() < 1e-17 {
            return Some(g);
        }
    }
    None
}

/// The largest eigenvalue of a matrix of elements >= 0, by repeated squaring.
///
/// Formula: lim |A^n|^(1/n). Of R it is the factor by which P(N = n) falls from one n to the next, for
/// large n: the decay of the queue.
/// Units: those of the elements. Valid when: there is one dominant eigenvalue.
/// Reference: Gelfand's formula; Latouche and Ramaswami (1999), sec. 9.2.
///
/// ```
/// let r = lindley::analytic::matrix::qbd::spectral_radius(&nalgebra::DMatrix::from_row_slice(2, 2, &[0.5, 0.25, 0.25, 0.5]));
/// assert!((r - 0.75).abs() < 1e-15);
/// ```
pub fn spectral_radius(matrix: &DMatrix<f64>) -> f64 {
    let mut power = matrix.clone();
    let mut radius = 0.0;
    for _ in 0..MOST_DOUBLINGS {
        let scale = power.amax();
        if scale == 0.0 {
            return 0.0;
        }
        power /= scale;
        power = &power * &power;
        let direction: DVector<f64> = power.column_sum();
        let image = matrix * &direction;
        let next = image.sum() / direction.sum();
        if f64::abs(next - radius) <= 4e-16 * next {
            return next;
        }
        radius = next;
    }
    radius
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g_and_r_solve_their_equations() {
        let (up, down) = (DMatrix::from_row_slice(2, 2, &[1.2, 0.0, 0.0, 0.4]), DMatrix::identity(2, 2));
        let within = DMatrix::from_row_slice(2, 2, &[0.0, 0.5, 0.5, 0.0]);
        let q = Qbd::new(&up, &within, &down).unwrap();
        let local = DMatrix::from_row_slice(2, 2, &[-2.7, 0.5, 0.5, -1.9]);
        assert!((&down + &local * &q.g + &up * &q.g * &q.g).amax() < 1e-14);
        assert!((&up + &q.r * &local + &q.r * &q.r * &down).amax() < 1e-14);
    }

    /// One phase.
    fn rate(x: f64) -> DMatrix<f64> {
        DMatrix::from_element(1, 1, x)
    }

    #[test]
    fn close_to_saturation_r_has_its_digits() {
        for slack in [1e-3, 1e-6, 1e-9] {
            let q = Qbd::new(&rate(1.0 - slack), &rate(0.0), &rate(1.0)).unwrap();
            assert!((q.r[(0, 0)] / (1.0 - slack) - 1.0).abs() < 1e-15, "{slack}");
        }
    }

    #[test]
    fn upward_drift_keeps_g_from_being_a_distribution() {
        let g = first_passage(&rate(2.0), &rate(0.0), &rate(1.0)).unwrap();
        assert!((g[(0, 0)] - 0.5).abs() < 1e-14);
    }
}
