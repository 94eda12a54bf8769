//! Lowers Markovian arrival processes: the four ways to write one, the checks that make the
//! matrices a process, and the stationary distribution of its phases.

use super::reader::Node;
use crate::diag::code;
use crate::model::MarkovArrivals;
use crate::units::TextError;

/// Largest relative error of a row sum that is taken for rounding; the diagonal is then
/// computed from the rest of the row.
const ROUNDING: f64 = 1e-6;

/// `{ rates = [...], switching = [[...]] }` or `{ rates = [...], stays = [...] }`.
pub(super) fn mmpp(node: &Node<'_>) -> Option<MarkovArrivals> {
    let section = node.section("`mmpp`", &["rates", "switching", "stays"])?;
    let form = section.form(&[&["rates", "switching"], &["rates", "stays"]]);
    let rates = section.need("rates", |n| n.each(Node::rate));
    let switching = match form? {
        0 => section.need("switching", matrix),
        _ => section.need("stays", |n| n.each(Node::positive_duration)).map(|stays| cycle(&stays)),
    };
    modulated(node, &rates?, switching?)
}

/// `{ rate, on, off }`: a Poisson process that is switched on and off.
pub(super) fn on_off(node: &Node<'_>) -> Option<MarkovArrivals> {
    let section = node.section("`on_off`", &["rate", "on", "off"])?;
    let rate = section.need("rate", Node::positive_rate);
    let (on, off) = (section.need("on", Node::positive_duration), section.need("off", Node::positive_duration));
    modulated(node, &[rate?, 0.0], cycle(&[on?, off?]))
}

/// `{ d0 = [[...]], d1 = [[...]] }`.
pub(super) fn map(node: &Node<'_>) -> Option<MarkovArrivals> {
    let section = node.section("`map`", &["d0", "d1"])?;
    let (d0, d1) = section.need("d0", matrix).zip(section.need("d1", matrix))?;
    let (n, m) = (d0.len(), d1.len());
    if n != m {
        let message = format!("`d0` is {n} x {n}, but `d1` is {m} x {m}");
        return section.node.refuse(code::INVALID_ARRIVALS, message, "both need one row per phase");
    }
    process(node, d0, d1)
}

/// A square matrix of rates.
fn matrix(node: &Node<'_>) -> Option<Vec<Vec<f64>>> {
    let rows: Vec<Vec<f64>> = node.each(|row| row.each(Node::signed_rate))?;
    let order = rows.len();
    let odd = rows.iter().position(|row| row.len() != order);
    if let Some(i) = odd {
        let message = format!("`{}` is not square: row {} has {} entries of {order}", node.name, i + 1, rows[i].len());
        node.error(code::INVALID_ARRIVALS, message, "");
    }
    if order == 0 {
        node.error(code::INVALID_ARRIVALS, format!("`{}` is empty", node.name), "");
    }
    (order > 0 && odd.is_none()).then_some(rows)
}

/// Phases passed in turn, each for an exponential time of the given mean.
fn cycle(stays: &[f64]) -> Vec<Vec<f64>> {
    let order = stays.len();
    let mut rates = vec![vec![0.0; order]; order];
    for (i, stay) in stays.iter().enumerate() {
        rates[i][(i + 1) % order] += 1.0 / stay;
    }
    rates
}

/// A Poisson process whose rate is that of the phase; the diagonal of `switching` may be left 0.
fn modulated(node: &Node<'_>, rates: &[f64], mut switching: Vec<Vec<f64>>) -> Option<MarkovArrivals> {
    let order = rates.len();
    if switching.len() != order {
        let message = format!("`{}` has {order} rates but {} phases", node.name, switching.len());
        return node.refuse(code::INVALID_ARRIVALS, message, "one rate per phase is needed");
    }
    for (i, row) in switching.iter_mut().enumerate() {
        let written = std::mem::replace(&mut row[i], 0.0);
        let leaving: f64 = row.iter().sum();
        // A single phase may switch to itself: that is no switch.
        let stays_zero = written == 0.0 || order == 1 || (written + leaving).abs() <= ROUNDING * leaving;
        if !stays_zero {
            let message = format!("diagonal entry {} of `switching` is {written}, not 0 or -{leaving}", i + 1);
            return node.refuse(code::INVALID_ARRIVALS, message, "");
        }
        row[i] = -leaving - rates[i];
    }
    let d1 = (0..order).map(|i| (0..order).map(|j| if i == j { rates[i] } else { 0.0 }).collect()).collect();
    process(node, switching, d1)
}

/// Checks (D0, D1) and adds the stationary distribution.
fn process(node: &Node<'_>, mut d0: Vec<Vec<f64>>, d1: Vec<Vec<f64>>) -> Option<MarkovArrivals> {
    let refuse = |message: String| node.refuse(code::INVALID_ARRIVALS, message, "");
    for i in 0..d0.len() {
        if let Err(message) = check_row(i, &mut d0[i], &d1[i]) {
            return refuse(message.into());
        }
    }
    let Some(stationary) = stationary(&d0, &d1) else {
        return refuse(format!("`{}`: some phase cannot be reached from every other one", node.name));
    };
    let process = MarkovArrivals { phases: d0.len(), d0: d0.concat(), d1: d1.concat(), stationary };
    if process.rate() > 0.0 { Some(process) } else { refuse(format!("`{}`: no phase has arrivals", node.name)) }
}

/// Signs and sum of a row; the diagonal is replaced by the exact balance.
fn check_row(i: usize, d0: &mut [f64], d1: &[f64]) -> Result<(), TextError> {
    let negative = |j: usize| (j != i && d0[j] < 0.0) || d1[j] < 0.0;
    if let Some(j) = (0..d0.len()).find(|&j| negative(j)) {
        return Err(format!("row {}, entry {}: a rate of change or arrival is negative", i + 1, j + 1).into());
    }
    let out: f64 = d0.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| x).sum::<f64>() + d1.iter().sum::<f64>();
    if (d0[i] + out).abs() > ROUNDING * out.max(d0[i].abs()) {
        return Err(format!("row {} of D0 + D1 sums to {:.6}, not to 0", i + 1, d0[i] + out).into());
    }
    d0[i] = -out;
    Ok(())
}

/// Stationary distribution of the generator D0 + D1 by state reduction, which subtracts
/// nothing and so loses no digits (Grassmann, Taksar and Heyman, 1985); `None` if the phases
/// do not communicate.
#[allow(clippy::needless_range_loop)] // the textbook's indices
fn stationary(d0: &[Vec<f64>], d1: &[Vec<f64>]) -> Option<Vec<f64>> {
    let order = d0.len();
    let mut q: Vec<Vec<f64>> =
        (0..order).map(|i| d0[i].iter().zip(&d1[i]).map(|(a, b)| a + b).collect::<Vec<f64>>()).collect();
    if !communicate(&q) {
        return None;
    }
    for last in (1..order).rev() {
        let out: f64 = q[last][..last].iter().sum();
        for i in 0..last {
            q[i][last] /= out;
            for j in (0..last).filter(|&j| j != i) {
                q[i][j] += q[i][last] * q[last][j];
            }
        }
    }
    let mut pi = vec![1.0; order];
    for j in 1..order {
        pi[j] = (0..j).map(|i| pi[i] * q[i][j]).sum();
    }
    let total: f64 = pi.iter().sum();
    Some(pi.iter().map(|p| p / total).collect())
}

/// Whether every phase is reached from the first one and the first one from every phase.
fn communicate(q: &[Vec<f64>]) -> bool {
    let reach = |linked: &dyn Fn(usize, usize) -> bool| {
        let (mut seen, mut pending) = (vec![false; q.len()], vec![0]);
        while let Some(i) = pending.pop() {
            if !std::mem::replace(&mut seen[i], true) {
                pending.extend((0..q.len()).filter(|&j| j != i && !seen[j] && linked(i, j)));
            }
        }
        seen.into_iter().all(|s| s)
    };
    reach(&|i, j| q[i][j] > 0.0) && reach(&|i, j| q[j][i] > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two phases left at rates a and b are occupied in proportion b : a.
    #[test]
    fn two_phases_are_occupied_by_the_inverse_of_their_rates() {
        let q = vec![vec![-0.25, 0.25], vec![0.5, -0.5]];
        let zero = vec![vec![0.0; 2]; 2];
        let pi = stationary(&q, &zero).unwrap();
        assert!((pi[0] - 2.0 / 3.0).abs() < 1e-15 && (pi[1] - 1.0 / 3.0).abs() < 1e-15);
    }

    /// pi Q = 0 for a generator without symmetry, to rounding.
    #[test]
    fn balance_holds() {
        let q = vec![vec![-3.0, 1.0, 2.0], vec![0.5, -0.5, 0.0], vec![0.0, 4.0, -4.0]];
        let zero = vec![vec![0.0; 3]; 3];
        let pi = stationary(&q, &zero).unwrap();
        for j in 0..3 {
            let flow: f64 = pi.iter().zip(&q).map(|(p, row)| p * row[j]).sum();
            assert!(flow.abs() < 1e-15, "{flow}");
        }
    }

    #[test]
    fn a_phase_that_is_never_left_is_refused() {
        let zero = vec![vec![0.0; 2]; 2];
        assert_eq!(stationary(&[vec![-1.0, 1.0], vec![0.0, 0.0]], &zero), None);
    }
}
