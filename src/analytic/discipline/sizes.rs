//! A law of sizes seen through its survival function: which loads the sizes below and above each size
//! bring, and averages over the law, atoms included.

use super::flow::Load;
use crate::analytic::numeric::kinks::kinks;
use crate::analytic::numeric::quadrature::{POINTS, RULE};
use crate::analytic::refusal::Refusal;
use crate::dist::Dist;

/// Most atoms and kinks of a law.
const MOST_BREAKS: usize = 20_000;
/// Largest size looked at, in means.
const LARGEST: f64 = 1e150;
/// Doublings from the smallest size looked at to the mean.
const DOUBLINGS: i32 = 60;
/// Error of the total probability and of the mean, by quadrature, that is accepted.
const ACCEPTED: f64 = 1e-10;

/// What a message of one size sees of the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SizeView {
    /// Its size, seconds.
    pub x: f64,
    /// Load of the sizes below x.
    pub below: Load,
    /// Load of the sizes up to x.
    pub upto: Load,
    /// Load of all sizes, cut at x: min(S, x).
    pub cut: Load,
    /// Load of all sizes.
    pub all: Load,
    /// Integrals from 0 to x of the slopes asked for.
    pub run: [f64; 2],
}

/// A panel: its ends, and at its low end the integrals up to there of P(S > t), 2t P(S > t) and
/// 3t^2 P(S > t), with the integral of P(S > t) from its high end on.
#[derive(Debug, Clone, Copy)]
struct SizePanel {
    low: f64,
    high: f64,
    second: f64,
    third: f64,
    beyond: f64,
}

/// A law of sizes, cut into panels on which it is smooth.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    lambda: f64,
    law: Dist,
    pub(super) all: Load,
    panels: Vec<SizePanel>,
}

/// Integrals of P(S > t), 2t P(S > t) and 3t^2 P(S > t) over an interval.
fn integrals(law: &Dist, low: f64, high: f64) -> [f64; 3] {
    let (t, s) = (RULE.points(low, high), survivals(law, low, high));
    let of = |weight: fn(f64) -> f64| RULE.integral(high - low, &std::array::from_fn(|i| weight(t[i]) * s[i]));
    [of(|_| 1.0), of(|t| 2.0 * t), of(|t| 3.0 * t * t)]
}

/// Survival at the points of a panel.
fn survivals(law: &Dist, low: f64, high: f64) -> [f64; POINTS] {
    RULE.points(low, high).map(|x| law.survival(x))
}

impl Sizes {
    /// Messages at rate `lambda` of sizes of that law; each panel is cut into `pieces`. Fails
    /// where quadrature does not give back the law's total probability and mean.
    pub(super) fn new(lambda: f64, law: &Dist, pieces: u32) -> Result<Sizes, Refusal> {
        let mean = law.mean();
        let all = Load::of(&[super::flow::Flow::new(lambda, &crate::analytic::problem::Work::Law(law.clone()))]);
        let mut panels = Vec::new();
        for pair in breaks(law)?.windows(2) {
            let width = (pair[1] - pair[0]) / f64::from(pieces);
            for piece in 0..pieces {
                let low = pair[0] + f64::from(piece) * width;
                refine(law, low, if piece + 1 == pieces { pair[1] } else { low + width }, 0, &mut panels);
            }
        }
        let whole = accumulate(law, &mut panels);
        if (whole / mean - 1.0).abs() > ACCEPTED {
            return Err(format!("quadrature of the {} law gives the mean {whole} instead of {mean}", law.name()).into());
        }
        Ok(Sizes { lambda, law: law.clone(), all, panels })
    }

    /// What a message of size x sees, from P(S > x), P(S >= x), and the integrals of P(S > t) beyond x
    /// and of 2t P(S > t) and 3t^2 P(S > t) up to x.
    fn seen(&self, x: f64, above: f64, from: f64, [beyond, second, third]: [f64; 3]) -> SizeView {
        let part = |more: f64| Load {
            lambda: self.lambda * (1.0 - more),
            rho: self.all.rho - self.lambda * (x * more + beyond),
            second: (self.lambda * (second - x * (x * more))).max(0.0),
            third: Some((self.lambda * (third - x * (x * (x * more)))).max(0.0)),
        };
        let cut = Load {
            lambda: self.lambda,
            rho: self.all.rho - self.lambda * beyond,
            second: self.lambda * second,
            third: Some(self.lambda * third),
        };
        SizeView { x, below: part(from), upto: part(above), cut, all: self.all, run: [0.0; 2] }
    }

    /// What messages see at the points of the part of a panel from its low end to `high`.
    fn at_points(&self, panel: &SizePanel, high: f64) -> [SizeView; POINTS] {
        let width = high - panel.low;
        let x = RULE.points(panel.low, high);
        let s = survivals(&self.law, panel.low, high);
        let rest = if high < panel.high { integrals(&self.law, high, panel.high)[0] } else { 0.0 };
        let (first, whole) = (RULE.integrals(width, &s), RULE.integral(width, &s));
        let second = RULE.integrals(width, &std::array::from_fn(|i| 2.0 * x[i] * s[i]));
        let third = RULE.integrals(width, &std::array::from_fn(|i| 3.0 * x[i] * x[i] * s[i]));
        std::array::from_fn(|i| {
            let beyond = panel.beyond + rest + (whole - first[i]);
            self.seen(x[i], s[i], s[i], [beyond, panel.second + second[i], panel.third + third[i]])
        })
    }

    /// What a message sees whose size is the low end of a panel.
    fn at_low(&self, panel: &SizePanel) -> SizeView {
        let (x, above) = (panel.low, self.law.survival(panel.low));
        let [inside, ..] = integrals(&self.law, panel.low, panel.high);
        self.seen(x, above, above + atom(&self.law, x), [panel.beyond + inside, panel.second, panel.third])
    }

    /// Average over the sizes of `of` (a part of this law, or it) of functions of what a message sees;
    /// `slopes` are functions whose integrals up to each size are wanted with it. Fails where
    /// quadrature does not see all of `of`.
    pub(super) fn average<const N: usize>(
        &self,
        of: &Dist,
        slopes: impl Fn(&SizeView) -> [f64; 2],
        function: impl Fn(&SizeView) -> [f64; N],
    ) -> Result<[f64; N], Refusal> {
        let (mut sums, mut total, mut run) = ([0.0; N], 0.0, [0.0; 2]);
        let mut add = |seen: &SizeView, mass: f64| {
            // Rounding makes some masses slightly negative, and as many slightly positive.
            if mass != 0.0 {
                for (sum, value) in sums.iter_mut().zip(function(seen)) {
                    *sum += if value.is_infinite() { value } else { mass * value };
                }
                total += mass;
            }
        };
        for (i, panel) in self.panels.iter().enumerate() {
            let before = if i == 0 { 1.0 } else { of.survival(panel.low) };
            add(&SizeView { run, ..self.at_low(panel) }, atom(of, panel.low));
            let mut points = self.at_points(panel, panel.high);
            follow(&mut points, panel.high - panel.low, &mut run, &slopes);
            if i == 0 {
                // So small that all of it counts as its largest.
                let mass = before - atom(of, panel.low) - of.survival(panel.high) - atom(of, panel.high);
                add(&points[POINTS - 1], mass);
                continue;
            }
            let masses = RULE.falls(&survivals(of, panel.low, panel.high));
            points.iter().zip(masses).for_each(|(seen, mass)| add(seen, mass));
        }
        // An atom at the very end of the law.
        if let Some(last) = self.panels.last() {
            let x = last.high;
            let above = self.law.survival(x);
            let [_, second, third] = integrals(&self.law, last.low, x);
            let ends = [last.beyond, last.second + second, last.third + third];
            add(&SizeView { run, ..self.seen(x, above, above + atom(&self.law, x), ends) }, atom(of, x));
        }
        if (total - 1.0).abs() > ACCEPTED {
            return Err(
                format!("quadrature of the {} law finds the probability {total} instead of 1", of.name()).into()
            );
        }
        Ok(sums)
    }

    /// What a message of size `x` sees.
    pub(super) fn at(&self, x: f64, slopes: impl Fn(&SizeView) -> [f64; 2]) -> SizeView {
        let mut run = [0.0; 2];
        for panel in &self.panels {
            let high = panel.high.min(x);
            let mut points = self.at_points(panel, high);
            follow(&mut points, high - panel.low, &mut run, &slopes);
            if x < panel.high {
                let [_, second, third] = integrals(&self.law, panel.low, x);
                let part = SizePanel { low: x, second: panel.second + second, third: panel.third + third, ..*panel };
                return SizeView { run, ..self.at_low(&part) };
            }
        }
        // Larger than any: everything is below it, and slopes stay what they are at the end.
        let seen = self.beyond_all(x);
        let more = slopes(&seen).map(|slope| slope * (x - self.panels.last().map_or(0.0, |p| p.high)));
        SizeView { run: [run[0] + more[0], run[1] + more[1]], ..seen }
    }

    fn beyond_all(&self, x: f64) -> SizeView {
        let from = atom(&self.law, x);
        let (second, third) = (self.all.second, self.all.third.unwrap_or(f64::INFINITY));
        let below = Load {
            lambda: self.lambda * (1.0 - from),
            rho: self.all.rho - self.lambda * x * from,
            second: second - self.lambda * x * x * from,
            third: Some(third - self.lambda * x.powi(3) * from),
        };
        SizeView { x, below, upto: self.all, cut: self.all, all: self.all, run: [0.0; 2] }
    }
}

/// Carries the integrals of the slopes through a panel.
fn follow(points: &mut [SizeView; POINTS], width: f64, run: &mut [f64; 2], slopes: impl Fn(&SizeView) -> [f64; 2]) {
    let values = points.map(|seen| slopes(&seen));
    for which in 0..2 {
        let values = values.map(|v| v[which]);
        let parts = RULE.integrals(width, &values);
        points.iter_mut().zip(parts).for_each(|(seen, part)| seen.run[which] = run[which] + part);
        run[which] += RULE.integral(width, &values);
    }
}

/// Halves a panel until the differentiated survival function falls by what it should.
fn refine(law: &Dist, low: f64, high: f64, depth: u32, panels: &mut Vec<SizePanel>) {
    let start = law.survival(low);
    let fall = start - law.survival(high) - atom(law, high);
    let found: f64 = RULE.falls(&survivals(law, low, high)).iter().sum();
    let middle = 0.5 * (low + high);
    if (found - fall).abs() > 1e-12 * start + 1e-30 && depth < 6 && low > 0.0 && middle > low && middle < high {
        refine(law, low, middle, depth + 1, panels);
        refine(law, middle, high, depth + 1, panels);
    } else {
        panels.push(SizePanel { low, high, second: 0.0, third: 0.0, beyond: 0.0 });
    }
}

/// Fills in the integrals before and beyond each panel; returns that of the whole survival function.
fn accumulate(law: &Dist, panels: &mut [SizePanel]) -> f64 {
    let (mut second, mut third) = (0.0, 0.0);
    for panel in panels.iter_mut() {
        (panel.second, panel.third) = (second, third);
        let [_, more_second, more_third] = integrals(law, panel.low, panel.high);
        second += more_second;
        third += more_third;
    }
    let mut beyond = 0.0;
    for panel in panels.iter_mut().rev() {
        panel.beyond = beyond;
        beyond += integrals(law, panel.low, panel.high)[0];
    }
    beyond
}

/// P(S = x).
pub(crate) fn atom(law: &Dist, x: f64) -> f64 {
    match law {
        Dist::Deterministic(value) => f64::from(u8::from(*value == x)),
        Dist::Empirical(sample) => {
            let values = sample.values();
            let count = values.partition_point(|&v| v <= x) - values.partition_point(|&v| v < x);
            count as f64 / values.len() as f64
        }
        Dist::Mixture(mixture) => mixture.components().map(|(weight, law)| weight * atom(law, x)).sum(),
        Dist::Shifted(shifted) => atom(shifted.law(), x - shifted.offset()),
        Dist::PhaseType(_) if x == 0.0 => 1.0 - law.survival(0.0),
        _ => 0.0,
    }
}

/// Ends of panels: kinks, doublings around the mean, quantiles; up to where nothing is left.
pub(crate) fn breaks(law: &Dist) -> Result<Vec<f64>, Refusal> {
    let mean = law.mean();
    let mut points = kinks(law);
    if points.len() > MOST_BREAKS {
        return Err(
            format!("the {} law has {} jumps or kinks, more than {MOST_BREAKS}", law.name(), points.len()).into()
        );
    }
    let end = law.quantile(1.0);
    let mut x = mean * 0.5_f64.powi(DOUBLINGS);
    while x < end && x < LARGEST * mean && (x <= mean || x / mean * law.survival(x) > 1e-22) {
        points.push(x);
        x *= 2.0;
    }
    let top = if end.is_infinite() { x } else { end };
    points.push(top);
    let levels = [1e-6, 1e-4, 1e-2, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0 - 1e-4, 1.0 - 1e-6];
    points.extend(levels.map(|p| law.quantile(p)).into_iter().filter(|q| *q > 0.0 && *q < top));
    points.push(0.0);
    points.sort_by(f64::total_cmp);
    Ok(distinct(law, points))
}

/// Ascending points less those that differ by rounding only, which would make empty panels; atoms stay.
fn distinct(law: &Dist, points: Vec<f64>) -> Vec<f64> {
    let mut kept: Vec<f64> = Vec::with_capacity(points.len());
    for x in points {
        match kept.last().copied() {
            Some(last) if x - last > 1e-13 * x => kept.push(x),
            None => kept.push(x),
            Some(last) if x == last || atom(law, x) == 0.0 => {}
            Some(last) => {
                if atom(law, last) == 0.0 && last > 0.0 {
                    kept.pop();
                }
                kept.push(x);
            }
        }
    }
    kept
}
