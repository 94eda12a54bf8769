//! Elimination of the states of a chain, one after another, without a single subtraction: what remains is
//! each time the chain watched only while it is in the states not yet eliminated. All results therefore keep
//! full relative accuracy, however small.

use super::generator::Generator;
use super::order::EliminationPlan;
use nalgebra::DMatrix;

/// States whose elimination is applied to the rest together.
const PANEL: usize = 32;

/// Multiplications from which a product is shared between two threads.
const LARGE_PRODUCT: usize = 1_000_000;

/// What is kept of a front: for its k own states (in order of elimination) and b others.
struct KeptFront {
    /// Column k: the rates of each later state into own state k, over the total rate out of k.
    shares: DMatrix<f64>,
    /// Row k: rates of own state k, when its turn came, to later states and exits; empty if not kept.
    rows: DMatrix<f64>,
    /// Total of that row.
    out: Vec<f64>,
}

/// A chain, eliminated.
///
/// Formula: eliminating k: q_ij += q_ik q_kj / out_k with out_k the sum of q_kj over the remaining
/// states and the exits (Grassmann, Taksar and Heyman), front by front.
/// Reference: Grassmann, Taksar, Heyman, Regenerative analysis and steady state distributions for
/// Markov chains, Oper. Res. 33 (1985); O'Cinneide, Entrywise perturbation theory and error analysis
/// for Markov chains, Numer. Math. 65 (1993); Duff, Reid, The multifrontal solution of unsymmetric
/// sets of linear equations (1984).
pub(super) struct Eliminated<'p> {
    plan: &'p EliminationPlan,
    kept: Vec<KeptFront>,
    states: usize,
}

/// A state that, when its turn came, could go nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stuck;

/// A chain to eliminate.
pub(super) struct Task<'q> {
    pub q: &'q Generator,
    pub back: &'q Generator,
    pub plan: &'q EliminationPlan,
    /// Rates into places outside, a list of one number a state for each place.
    pub exits: &'q [Vec<f64>],
    /// Whether rows are kept, for right-hand sides; stationary probabilities do without.
    pub keep_rows: bool,
}

impl<'q> Task<'q> {
    /// Eliminates all states; without exits the very last one stays.
    pub(super) fn run(&self) -> Result<Eliminated<'q>, Stuck> {
        let fronts = &self.plan.fronts;
        let mut place = vec![u32::MAX; self.q.len()];
        let mut left: Vec<Option<DMatrix<f64>>> = vec![None; fronts.len()];
        let mut kept = Vec::with_capacity(fronts.len());
        for at in 0..fronts.len() {
            let mut matrix = self.assemble(at, &mut place, &mut left);
            let k = fronts[at].own.len();
            let spare = self.exits.is_empty() && at + 1 == fronts.len();
            let out = eliminate_front(&mut matrix, k, spare)?;
            if !fronts[at].boundary.is_empty() {
                left[at] = Some(matrix.view((k, k), (matrix.nrows() - k, matrix.ncols() - k)).into_owned());
            }
            let rows = if self.keep_rows { matrix.rows(0, k).into_owned() } else { DMatrix::zeros(0, 0) };
            kept.push(KeptFront { shares: matrix.columns(0, k).into_owned(), rows, out });
        }
        Ok(Eliminated { plan: self.plan, kept, states: self.q.len() })
    }

    /// The rates among a front's states, with what its children have added.
    fn assemble(&self, at: usize, place: &mut [u32], left: &mut [Option<DMatrix<f64>>]) -> DMatrix<f64> {
        let front = &self.plan.fronts[at];
        let (k, size) = (front.own.len(), front.own.len() + front.boundary.len());
        let mut matrix = DMatrix::zeros(size, size + self.exits.len());
        let members = || front.own.iter().chain(&front.boundary);
        members().enumerate().for_each(|(i, &state)| place[state as usize] = i as u32);
        for (i, &state) in front.own.iter().enumerate() {
            let state = state as usize;
            for (j, rate) in self.q.row(state).filter(|&(to, _)| place[to] != u32::MAX) {
                matrix[(i, place[j] as usize)] += rate;
            }
            for (j, rate) in self.back.row(state) {
                if place[j] != u32::MAX && place[j] as usize >= k {
                    matrix[(place[j] as usize, i)] += rate;
                }
            }
            for (e, exit) in self.exits.iter().enumerate() {
                matrix[(i, size + e)] += exit[state];
            }
        }
        for &child in &front.children {
            if let Some(block) = left[child as usize].take() {
                let boundary = &self.plan.fronts[child as usize].boundary;
                let at = |j: usize| boundary.get(j).map_or(size + j - boundary.len(), |&s| place[s as usize] as usize);
                for j in 0..block.ncols() {
                    let to = at(j);
                    block.column(j).iter().enumerate().for_each(|(i, &x)| matrix[(at(i), to)] += x);
                }
            }
        }
        members().for_each(|&state| place[state as usize] = u32::MAX);
        matrix
    }
}

/// Eliminates the first k states of a front: afterwards column i < k holds shares below the diagonal,
/// row i < k rates right of it, and the rest is the chain of those that remain. Returns the rates out.
fn eliminate_front(matrix: &mut DMatrix<f64>, k: usize, spare_last: bool) -> Result<Vec<f64>, Stuck> {
    let mut out = Vec::with_capacity(k);
    for start in (0..k).step_by(PANEL) {
        let end = (start + PANEL).min(k);
        for pivot in start..end {
            let total: f64 = matrix.row(pivot).columns_range(pivot + 1..).iter().sum();
            let last = spare_last && pivot + 1 == matrix.nrows();
            if !(total > 0.0 || last) {
                return Err(Stuck);
            }
            out.push(total);
            eliminate_state(matrix, pivot, end, total);
        }
        apply_panel(matrix, start, end);
    }
    Ok(out)
}

/// Applies one pivot to the rows and columns of its panel.
fn eliminate_state(matrix: &mut DMatrix<f64>, pivot: usize, end: usize, total: f64) {
    let (n, width) = matrix.shape();
    let cells = matrix.as_mut_slice();
    let (before, after) = cells.split_at_mut((pivot + 1) * n);
    let shares = &mut before[pivot * n + pivot + 1..];
    shares.iter_mut().for_each(|x| *x /= total);
    for j in pivot + 1..width {
        let column = &mut after[(j - pivot - 1) * n..(j - pivot) * n];
        let rate = column[pivot];
        if rate > 0.0 {
            let bottom = if j < end { n } else { end };
            let pairs = column[pivot + 1..bottom].iter_mut().zip(&*shares);
            pairs.for_each(|(x, share)| *x += share * rate);
        }
    }
}

/// Applies a panel of pivots to all that lies beyond it.
fn apply_panel(matrix: &mut DMatrix<f64>, start: usize, end: usize) {
    let (n, width) = matrix.shape();
    if end >= n || end >= width {
        return;
    }
    let (done, mut rest) = matrix.columns_range_pair_mut(0..end, end..width);
    let shares = done.view((end, start), (n - end, end - start));
    let rows = rest.rows(start, end - start).into_owned();
    let half = if (n - end) * rows.len() > LARGE_PRODUCT { rows.ncols() / 2 } else { 0 };
    if half == 0 {
        rest.rows_mut(end, n - end).gemm(1.0, &shares, &rows, 1.0);
        return;
    }
    let (mut left, mut right) = rest.columns_range_pair_mut(..half, half..);
    rayon::join(
        || left.rows_mut(end, n - end).gemm(1.0, &shares, &rows.columns_range(..half), 1.0),
        || right.rows_mut(end, n - end).gemm(1.0, &shares, &rows.columns_range(half..), 1.0),
    );
}

/// A number times a power of two, so that probabilities may differ by more than doubles reach.
#[derive(Debug, Clone, Copy)]
struct Scaled {
    mantissa: f64,
    power: i64,
}

impl Scaled {
    fn new(x: f64, power: i64) -> Scaled {
        let (mantissa, own) = libm::frexp(x);
        Scaled { mantissa, power: if x == 0.0 { i64::MIN / 2 } else { power + i64::from(own) } }
    }

    /// The number over 2^power.
    fn over(self, power: i64) -> f64 {
        libm::ldexp(self.mantissa, (self.power - power).clamp(-4000, 4000) as i32)
    }
}

/// Values of a front are scaled down when they come to exceed this.
const LARGE: f64 = 1e150;

impl Eliminated<'_> {
    /// Stationary probabilities, if there was no exit.
    pub(super) fn stationary(&self) -> Vec<f64> {
        let mut p = vec![Scaled::new(0.0, 0); self.states];
        let fronts = self.plan.fronts.iter().zip(&self.kept).rev();
        for (at, (front, kept)) in fronts.enumerate() {
            let k = front.own.len();
            let known = front.boundary.iter().map(|&state| p[state as usize]);
            let mut power = known.clone().map(|x| x.power).max().unwrap_or(0);
            let mut x = vec![0.0; k];
            x.extend(known.map(|x| x.over(power)));
            for i in (0..k).rev() {
                let first = at == 0 && i + 1 == k;
                let from = kept.shares.column(i);
                let flow: f64 = x[i + 1..].iter().zip(&from.as_slice()[i + 1..]).map(|(x, share)| x * share).sum();
                x[i] = if first { 1.0 } else { flow };
                if x[i] > LARGE {
                    x.iter_mut().for_each(|x| *x = libm::ldexp(*x, -400));
                    power += 400;
                }
            }
            front.own.iter().zip(&x).for_each(|(&state, &x)| p[state as usize] = Scaled::new(x, power));
        }
        let power = p.iter().map(|x| x.power).max().unwrap_or(0);
        let mut p: Vec<f64> = p.iter().map(|x| x.over(power)).collect();
        let total: f64 = p.iter().sum();
        p.iter_mut().for_each(|x| *x /= total);
        p
    }

    /// From each state, the probability of leaving by that exit.
    pub(super) fn leaves_by(&self, exit: usize) -> Vec<f64> {
        self.backwards(|kept, i| kept.rows[(i, kept.shares.nrows() + exit)], |_| 0.0)
    }

    /// x with -Q x = r: with r = 1, the mean time until the exit from each state.
    pub(super) fn until_exit(&self, r: &[f64]) -> Vec<f64> {
        let mut r = r.to_vec();
        for (front, kept) in self.plan.fronts.iter().zip(&self.kept) {
            let mut x: Vec<f64> = front.own.iter().chain(&front.boundary).map(|&s| r[s as usize]).collect();
            for i in 0..front.own.len() {
                let own = x[i];
                let shares = &kept.shares.column(i).into_owned();
                x[i + 1..].iter_mut().zip(&shares.as_slice()[i + 1..]).for_each(|(x, share)| *x += share * own);
            }
            let members = front.own.iter().chain(&front.boundary);
            members.zip(&x).for_each(|(&state, &x)| r[state as usize] = x);
        }
        self.backwards(|_, _| 0.0, |state| r[state])
    }

    fn backwards(&self, exit: impl Fn(&KeptFront, usize) -> f64, r: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut x = vec![0.0; self.states];
        for (front, kept) in self.plan.fronts.iter().zip(&self.kept).rev() {
            let mut local: Vec<f64> = front.own.iter().chain(&front.boundary).map(|&s| x[s as usize]).collect();
            for (i, &state) in front.own.iter().enumerate().rev() {
                let later = (i + 1..local.len()).map(|j| kept.rows[(i, j)] * local[j]);
                local[i] = (later.sum::<f64>() + exit(kept, i) + r(state as usize)) / kept.out[i];
                x[state as usize] = local[i];
            }
        }
        x
    }
}
