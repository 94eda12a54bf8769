//! Linear algebra in which nothing is subtracted: matrices given by what is not on their diagonal, whose
//! diagonal follows from their row sums.

use nalgebra::{DMatrix, DVector};

/// Largest order that is inverted directly rather than by halves.
const DIRECT: usize = 24;

/// The inverse of the matrix M with `-M_ij = rates[(i, j)]` off the diagonal and row sums `excess`.
///
/// Formula: M_ii = excess_i + sum over j /= i of rates_ij; by halves, with the Schur complement
/// S = M22 - C M11^{-1} B, of which too only the elements off the diagonal and the row sums are formed.
/// Units: those of 1/rates. Valid when: rates and excess are >= 0 and M is regular; the diagonal
/// of `rates` is not read. Every element is a sum of products of positive numbers, so it has
/// full relative accuracy however close M is to singular.
/// Reference: Alfa, Xue and Ye, Accurate computation of the smallest eigenvalue of a diagonally
/// dominant M-matrix, Math. Comp. 71 (2002), algorithm 1 (after Grassmann, Taksar, Heyman 1985).
///
/// ```
/// use lindley::analytic::matrix::nonneg::inverse;
/// use nalgebra::{DMatrix, DVector};
/// // M = [[3, -1], [-2, 2]] has the inverse [[2, 1], [2, 3]]/4.
/// let n = inverse(&DMatrix::from_row_slice(2, 2, &[0.0, 1.0, 2.0, 0.0]), &DVector::from_row_slice(&[2.0, 0.0]));
/// assert!((n - DMatrix::from_row_slice(2, 2, &[0.5, 0.25, 0.5, 0.75])).amax() < 1e-15);
/// ```
pub fn inverse(rates: &DMatrix<f64>, excess: &DVector<f64>) -> DMatrix<f64> {
    let n = excess.len();
    if n <= DIRECT {
        return direct(rates.clone(), excess.clone());
    }
    let (half, rest) = (n / 2, n - n / 2);
    let (b, c) = (rates.view((0, half), (half, rest)), rates.view((half, 0), (rest, half)));
    let (top, bottom) = (excess.rows(0, half).into_owned(), excess.rows(half, rest).into_owned());
    let first = inverse(&rates.view((0, 0), (half, half)).into_owned(), &(&top + b.column_sum()));
    let c_first = c * &first;
    let lost = rates.view((half, half), (rest, rest)) + &c_first * b;
    let second = inverse(&lost, &(bottom + &c_first * top));
    let first_b = &first * b;
    let corner = &second * &c_first;
    let mut whole = DMatrix::zeros(n, n);
    whole.view_mut((0, 0), (half, half)).copy_from(&(first + &first_b * &corner));
    whole.view_mut((0, half), (half, rest)).copy_from(&(first_b * &second));
    whole.view_mut((half, 0), (rest, half)).copy_from(&corner);
    whole.view_mut((half, half), (rest, rest)).copy_from(&second);
    whole
}

/// Gauss elimination with the diagonal from the row sums.
fn direct(mut a: DMatrix<f64>, mut excess: DVector<f64>) -> DMatrix<f64> {
    let n = excess.len();
    let mut x = DMatrix::identity(n, n);
    let mut diagonal = vec![0.0; n];
    for k in 0..n {
        diagonal[k] = excess[k] + (k + 1..n).map(|j| a[(k, j)]).sum::<f64>();
        for i in k + 1..n {
            let share = a[(i, k)] / diagonal[k];
            if share == 0.0 {
                continue;
            }
            (k + 1..n).for_each(|j| a[(i, j)] += share * a[(k, j)]);
            excess[i] += share * excess[k];
            (0..=k).for_each(|j| x[(i, j)] += share * x[(k, j)]);
        }
    }
    for i in (0..n).rev() {
        for j in 0..n {
            let sum: f64 = x[(i, j)] + (i + 1..n).map(|k| a[(i, k)] * x[(k, j)]).sum::<f64>();
            x[(i, j)] = sum / diagonal[i];
        }
    }
    x
}

/// The stationary probabilities of a chain with these rates (the diagonal is not read); `None`
/// if no single class of states can be reached from all.
///
/// Formula: states are taken out one by one, the last first (Grassmann, Taksar, Heyman).
/// Units: probabilities. Valid when: the chain is irreducible.
/// Reference: Grassmann, Taksar, Heyman, Oper. Res. 33 (1985) 1107.
///
/// ```
/// use lindley::analytic::matrix::nonneg::stationary;
/// let p = stationary(nalgebra::DMatrix::from_row_slice(2, 2, &[0.0, 1.0, 3.0, 0.0])).unwrap();
/// assert!((p[0] - 0.75).abs() < 1e-15);
/// ```
pub fn stationary(mut q: DMatrix<f64>) -> Option<DVector<f64>> {
    let n = q.nrows();
    for last in (1..n).rev() {
        let out: f64 = (0..last).map(|j| q[(last, j)]).sum();
        if out.is_nan() || out <= 0.0 {
            return None;
        }
        for i in 0..last {
            q[(i, last)] /= out;
            let share = q[(i, last)];
            (0..last).for_each(|j| q[(i, j)] += share * q[(last, j)]);
        }
    }
    let mut p = DVector::from_element(n, 1.0);
    for last in 1..n {
        p[last] = (0..last).map(|i| p[i] * q[(i, last)]).sum();
    }
    let total = p.sum();
    total.is_finite().then(|| p / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudo_random(n: usize) -> DMatrix<f64> {
        DMatrix::from_fn(n, n, |i, j| ((i * 7919 + j * 104_729 + 13) % 1000) as f64 / 1000.0)
    }

    #[test]
    fn halves_and_elimination_invert_the_same_matrix() {
        for n in [1, 5, 24, 25, 60, 101] {
            let (rates, excess) = (pseudo_random(n), DVector::from_fn(n, |i, _| (i % 3) as f64 + 0.01));
            let mut m = -&rates;
            (0..n).for_each(|i| m[(i, i)] = excess[i] + rates.row(i).sum() - rates[(i, i)]);
            let error = (&m * inverse(&rates, &excess) - DMatrix::identity(n, n)).amax();
            assert!(error < 1e-10, "{n}: {error}");
        }
    }

    /// Rows that sum to almost nothing: every element of the inverse is 1/(n excess), to all digits.
    #[test]
    fn nearly_singular_keeps_its_digits() {
        let n = 40;
        let inverse = inverse(&DMatrix::from_element(n, n, 1.0), &DVector::from_element(n, 1e-14));
        let exact = 1.0 / (n as f64 * 1e-14);
        assert!((inverse[(0, 1)] / exact - 1.0).abs() < 1e-12, "{}", inverse[(0, 1)]);
    }
}
