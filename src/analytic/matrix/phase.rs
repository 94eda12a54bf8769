//! Laws and arrival processes in phases: what matrix-analytic methods speak of, checked.

use crate::analytic::refusal::Refusal;
use crate::dist::Dist;
use crate::model::MarkovArrivals;
use nalgebra::{DMatrix, DVector};

/// Most phases of one law.
const MOST_PHASES: usize = 1_000;

/// A phase-type law PH(beta, S): the time that a chain takes to be absorbed.
///
/// Formula: P(X > x) = beta e^{Sx} 1, E\[X\] = beta (-S)^{-1} 1; the exit rates are s = -S 1.
/// Units: rates per second. Valid when: beta sums to 1, every phase is left in the end.
/// Reference: Neuts, Matrix-Geometric Solutions in Stochastic Models (1981), ch. 2.
///
/// ```
/// use lindley::analytic::matrix::phase::PhaseLaw;
/// use lindley::dist::Dist;
/// let e2 = PhaseLaw::of(&Dist::erlang(2, 1.0).unwrap()).unwrap();
/// assert_eq!((e2.rates[(0, 1)], e2.exits[0], e2.exits[1]), (2.0, 0.0, 2.0));
/// assert!(PhaseLaw::of(&Dist::lognormal(1.0, 1.0).unwrap()).is_none());
/// ```
#[derive(Debug, Clone)]
pub struct PhaseLaw {
    /// Probability to start in each phase.
    pub start: DVector<f64>,
    /// Rates between phases; 0 on the diagonal.
    pub rates: DMatrix<f64>,
    /// Rates of the end, by phase.
    pub exits: DVector<f64>,
    /// Letter in Kendall's notation.
    pub letter: String,
}

impl PhaseLaw {
    /// The law in phases, if it is of phase type: exponential, Erlang (a gamma law of whole shape),
    /// hyperexponential, Coxian, phase type, and mixtures of those.
    pub fn of(law: &Dist) -> Option<PhaseLaw> {
        let stage = |mean: f64| (mean > 0.0 && mean.is_finite()).then_some(1.0 / mean);
        match law {
            Dist::Exponential(mean) => Some(PhaseLaw::parallel(&[(1.0, stage(*mean)?)], "M".to_string())),
            Dist::Erlang(erlang) => PhaseLaw::erlang(f64::from(erlang.k()), law.mean()),
            Dist::Gamma(gamma) => PhaseLaw::erlang(gamma.shape(), law.mean()),
            Dist::Hyperexponential(mixture) => {
                let rates = mixture.branches().map(|(p, mean)| Some((p, stage(mean)?)));
                let branches = rates.collect::<Option<Vec<_>>>()?;
                let letter = format!("H{}", branches.len());
                Some(PhaseLaw::parallel(&branches, letter))
            }
            Dist::Coxian(coxian) => {
                let law = coxian.phase_type();
                Some(PhaseLaw::absorbed(law.alpha(), law.generator(), format!("Cox{}", law.phases())))
            }
            Dist::PhaseType(law) => Some(PhaseLaw::absorbed(law.alpha(), law.generator(), "PH".to_string())),
            Dist::Mixture(mixture) => {
                let parts = mixture.components().map(|(weight, law)| Some((weight, PhaseLaw::of(law)?)));
                Some(PhaseLaw::mixture(&parts.collect::<Option<Vec<_>>>()?))
            }
            _ => None,
        }
    }

    /// k stages one after the other; `None` unless k is a whole number from 1 to 1,000.
    fn erlang(k: f64, mean: f64) -> Option<PhaseLaw> {
        if !(k >= 1.0 && k.fract() == 0.0 && k <= MOST_PHASES as f64 && mean > 0.0 && mean.is_finite()) {
            return None;
        }
        let letter = if k == 1.0 { "M".to_string() } else { format!("E{k}") };
        Some(PhaseLaw::stages(&vec![k / mean; k as usize], letter))
    }

    /// Stages one after the other, of those rates.
    pub(crate) fn stages(rates: &[f64], letter: String) -> PhaseLaw {
        let n = rates.len();
        PhaseLaw {
            start: DVector::from_fn(n, |i, _| if i == 0 { 1.0 } else { 0.0 }),
            rates: DMatrix::from_fn(n, n, |i, j| if j == i + 1 { rates[i] } else { 0.0 }),
            exits: DVector::from_fn(n, |i, _| if i + 1 == n { rates[i] } else { 0.0 }),
            letter,
        }
    }

    fn parallel(branches: &[(f64, f64)], letter: String) -> PhaseLaw {
        let n = branches.len();
        PhaseLaw {
            start: DVector::from_fn(n, |i, _| branches[i].0),
            rates: DMatrix::zeros(n, n),
            exits: DVector::from_fn(n, |i, _| branches[i].1),
            letter,
        }
    }

    /// From the sub-generator, row-major; phases that are never visited are left out.
    fn absorbed(start: &[f64], generator: &[f64], letter: String) -> PhaseLaw {
        let n = start.len();
        let seen = reached(n, |i| start[i] > 0.0, |i, j| generator[i * n + j] > 0.0);
        let m = seen.len();
        PhaseLaw {
            start: DVector::from_fn(m, |i, _| start[seen[i]]),
            rates: DMatrix::from_fn(m, m, |i, j| if i == j { 0.0 } else { generator[seen[i] * n + seen[j]] }),
            exits: DVector::from_fn(m, |i, _| exit_rate(&generator[seen[i] * n..(seen[i] + 1) * n])),
            letter,
        }
    }

    fn mixture(parts: &[(f64, PhaseLaw)]) -> PhaseLaw {
        let n = parts.iter().map(|(_, law)| law.phases()).sum();
        let (mut start, mut exits) = (DVector::zeros(n), DVector::zeros(n));
        let mut rates = DMatrix::zeros(n, n);
        let mut at = 0;
        for (weight, law) in parts {
            let m = law.phases();
            start.rows_mut(at, m).copy_from(&(&law.start * *weight));
            exits.rows_mut(at, m).copy_from(&law.exits);
            rates.view_mut((at, at), (m, m)).copy_from(&law.rates);
            at += m;
        }
        PhaseLaw { start, rates, exits, letter: "PH".to_string() }
    }

    /// From beta and S by rows, checked.
    pub fn from_matrix(beta: &[f64], s: &[Vec<f64>]) -> Result<PhaseLaw, Refusal> {
        square("S", s, beta.len())?;
        let law = Dist::phase_type(beta, &s.concat()).map_err(|e| Refusal::invalid(e.to_string()))?;
        let mut phases = PhaseLaw::of(&law).ok_or_else(|| Refusal::invalid("the mean of the service is infinite"))?;
        phases.letter = recognised(&phases);
        Ok(phases)
    }

    /// Number of phases.
    pub fn phases(&self) -> usize {
        self.start.len()
    }

    /// Rate at which a phase is left.
    pub fn leaving(&self, phase: usize) -> f64 {
        self.rates.row(phase).sum() + self.exits[phase]
    }

    /// Mean and variance, seconds and their square.
    pub fn moments(&self) -> (f64, f64) {
        let visits = super::nonneg::inverse(&self.rates, &self.exits);
        let first: DVector<f64> = visits.column_sum();
        let second = 2.0 * self.start.dot(&(visits * &first));
        let mean = self.start.dot(&first);
        (mean, second - mean * mean)
    }
}

/// The exit rate of a row of a sub-generator, rounding of the row sum taken as none.
fn exit_rate(row: &[f64]) -> f64 {
    let sum: f64 = -row.iter().sum::<f64>();
    let size = row.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if sum <= 1e-14 * size * row.len() as f64 { 0.0 } else { sum }
}

/// States that can be reached, in order.
fn reached(n: usize, start: impl Fn(usize) -> bool, leads: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut seen: Vec<bool> = (0..n).map(start).collect();
    let mut open: Vec<usize> = (0..n).filter(|i| seen[*i]).collect();
    while let Some(i) = open.pop() {
        for j in (0..n).filter(|&j| j != i && leads(i, j)) {
            if !seen[j] {
                seen[j] = true;
                open.push(j);
            }
        }
    }
    (0..n).filter(|i| seen[*i]).collect()
}

/// The letter of a law whose matrix is that of a better known one.
fn recognised(law: &PhaseLaw) -> String {
    let (n, rate) = (law.phases(), law.leaving(0));
    let alike = |x: f64, y: f64| (x - y).abs() <= 1e-12 * rate;
    let stage = |i: usize, j: usize| if j == i + 1 { rate } else { 0.0 };
    let chain = || (0..n).all(|i| (0..n).all(|j| alike(law.rates[(i, j)], stage(i, j))));
    if n == 1 {
        "M".to_string()
    } else if law.start[0] == 1.0 && chain() && alike(law.exits[n - 1], rate) {
        format!("E{n}")
    } else if law.rates.amax() == 0.0 {
        format!("H{n}")
    } else {
        "PH".to_string()
    }
}

/// A Markovian arrival process (D0, D1).
///
/// Formula: D0 holds the rates of phase changes without an arrival, D1 those with one; with theta
/// the stationary law of D0 + D1, lambda = theta D1 1. Rows of D0 + D1 sum to 0. An MMPP has a diagonal
/// D1; renewal arrivals of law PH(alpha, T) have D0 = T, D1 = t alpha.
/// Units: rates per second. Valid when: the phases form one class.
/// Reference: Lucantoni, New results on the single server queue with a batch Markovian arrival
/// process, Stochastic Models 7 (1991) 1.
///
/// ```
/// use lindley::analytic::matrix::phase::Map;
/// let mmpp = Map::mmpp(&[1.2, 0.4], &[vec![0.0, 0.5], vec![0.5, 0.0]]).unwrap();
/// assert!((mmpp.rate() - 0.8).abs() < 1e-15);
/// assert_eq!(mmpp.letter, "MMPP2");
/// ```
#[derive(Debug, Clone)]
pub struct Map {
    /// Rates of phase changes without an arrival; 0 on the diagonal.
    pub silent: DMatrix<f64>,
    /// Rates of phase changes (or none) with an arrival: D1.
    pub arrivals: DMatrix<f64>,
    /// Stationary law of the phase.
    pub stationary: DVector<f64>,
    /// Letter in Kendall's notation.
    pub letter: String,
}

impl Map {
    fn checked(silent: DMatrix<f64>, arrivals: DMatrix<f64>, letter: String) -> Result<Map, Refusal> {
        let all = &silent + &arrivals;
        let n = all.nrows();
        let class = |i: usize| reached(n, |j| j == i, |j, k| all[(j, k)] > 0.0).len() == n;
        let apart = || "not every phase of the arrivals can be reached from every other".to_string();
        Refusal::unless((0..n).all(class), apart)?;
        Refusal::unless(arrivals.sum() > 0.0, || "D1 is 0: nothing arrives".to_string())?;
        let several = || Refusal::invalid("the phases of the arrivals do not form one class");
        let stationary = super::nonneg::stationary(all).ok_or_else(several)?;
        Ok(Map { silent, arrivals, stationary, letter })
    }

    /// Poisson arrivals.
    pub fn poisson(rate: f64) -> Result<Map, Refusal> {
        Map::checked(DMatrix::zeros(1, 1), DMatrix::from_element(1, 1, rate), "M".to_string())
    }

    /// Independent times between arrivals, of that law.
    pub fn renewal(interval: &PhaseLaw) -> Result<Map, Refusal> {
        let arrivals = &interval.exits * interval.start.transpose();
        Map::checked(interval.rates.clone(), arrivals, interval.letter.clone())
    }

    /// Poisson arrivals of a rate that depends on a phase; `switch[i][j]` is the rate from phase i
    /// to phase j, its diagonal not read.
    pub fn mmpp(rates: &[f64], switch: &[Vec<f64>]) -> Result<Map, Refusal> {
        square("switch", switch, rates.len())?;
        let n = rates.len();
        let silent = DMatrix::from_fn(n, n, |i, j| if i == j { 0.0 } else { switch[i][j] });
        let arrivals = DMatrix::from_fn(n, n, |i, j| if i == j { rates[i] } else { 0.0 });
        not_negative("a rate of the phases", &silent)?;
        not_negative("an arrival rate", &arrivals)?;
        Map::checked(silent, arrivals, if n == 1 { "M".to_string() } else { format!("MMPP{n}") })
    }

    /// From D0 and D1 by rows, checked.
    pub fn from_matrices(d0: &[Vec<f64>], d1: &[Vec<f64>]) -> Result<Map, Refusal> {
        let n = d0.len();
        square("D0", d0, n)?;
        square("D1", d1, n)?;
        let silent = DMatrix::from_fn(n, n, |i, j| if i == j { 0.0 } else { d0[i][j] });
        let arrivals = DMatrix::from_fn(n, n, |i, j| d1[i][j]);
        not_negative("D0 off its diagonal", &silent)?;
        not_negative("D1", &arrivals)?;
        for (i, (a, b)) in d0.iter().zip(d1).enumerate() {
            let sum: f64 = a.iter().chain(b).sum();
            let size = a.iter().chain(b).fold(0.0, |most: f64, x| most.max(x.abs()));
            let none = || format!("row {} of D0 + D1 sums to {sum}, not to 0", i + 1);
            Refusal::unless(sum.abs() <= 1e-9 * size, none)?;
        }
        let letter = letter_of(&silent, &arrivals);
        Map::checked(silent, arrivals, letter)
    }

    /// From the arrivals of a model.
    pub fn of(process: &MarkovArrivals) -> Result<Map, Refusal> {
        let n = process.phases;
        let rows = |m: &[f64]| m.chunks(n.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
        Map::from_matrices(&rows(&process.d0), &rows(&process.d1))
    }

    /// Number of phases.
    pub fn phases(&self) -> usize {
        self.stationary.len()
    }

    /// Arrivals per second.
    pub fn rate(&self) -> f64 {
        self.stationary.dot(&self.arrivals.column_sum())
    }
}

fn letter_of(silent: &DMatrix<f64>, arrivals: &DMatrix<f64>) -> String {
    let n = arrivals.nrows();
    let diagonal = (0..n).all(|i| (0..n).all(|j| i == j || arrivals[(i, j)] == 0.0));
    if n == 1 {
        return "M".to_string();
    } else if diagonal {
        return format!("MMPP{n}");
    }
    // Renewal: an arrival forgets the phase.
    let exits: DVector<f64> = arrivals.column_sum();
    let Some(some) = (0..n).find(|i| exits[*i] > 0.0) else { return "MAP".to_string() };
    let start: DVector<f64> = arrivals.row(some).transpose() / exits[some];
    if (arrivals - &exits * start.transpose()).amax() > 1e-12 * arrivals.amax() {
        return "MAP".to_string();
    }
    recognised(&PhaseLaw { start, rates: silent.clone(), exits, letter: String::new() })
}

fn square(name: &str, rows: &[Vec<f64>], n: usize) -> Result<(), Refusal> {
    let why = match rows.iter().find(|row| row.len() != n) {
        _ if n == 0 => format!("{name} is empty"),
        _ if rows.len() != n => format!("{name} has {} rows, {n} are wanted", rows.len()),
        Some(row) => format!("{name} has a row of {} numbers, {n} are wanted: it is not square", row.len()),
        None => match rows.iter().flatten().find(|x| !x.is_finite()) {
            Some(x) => format!("{name} holds {x}"),
            None => return Ok(()),
        },
    };
    Err(Refusal::Invalid(why))
}

fn not_negative(name: &str, matrix: &DMatrix<f64>) -> Result<(), Refusal> {
    match matrix.iter().find(|x| !(x.is_finite() && **x >= 0.0)) {
        Some(x) => Err(Refusal::Invalid(format!("{name} is {x}, and must be finite and not negative"))),
        None => Ok(()),
    }
}
