//! Disciplines that know the sizes of messages, on one server with any size law. Each has its
//! conditional formula in a file of its own; here they are averaged.

use super::given::{self, SizeTimes};
use super::sizes::{SizeView, Sizes};
use crate::analytic::refusal::Refusal;
use crate::analytic::steady::Moments;
use crate::dist::Dist;
use crate::model::capacity::keeps_up;

/// Relative difference accepted between two fineness of the panels.
const ACCEPTED: f64 = 1e-9;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeOrder {
    /// The shortest, without interruption.
    Sjf,
    /// The shortest by its whole size, interrupting.
    Psjf,
    /// The shortest remaining time, interrupting.
    Srpt,
    /// The one that has been served least.
    Fb,
}

/// M/G/1 under a discipline that knows sizes.
///
/// Formula: E\[T\] is the average over the size law of E\[T | size x\] of `srpt`, `psjf`, `sjf` or `fb`;
/// E\[T^2\] likewise. Loads of sizes below x come from integrals of the survival function alone; the
/// average is a Gauss-Legendre sum over panels between the law's kinks and doublings, in which the density is
/// the differentiated interpolation of the survival function. Atoms are summed; messages of equal size
/// are served first in first out.
/// Units: times in seconds.
/// Valid when: Poisson arrivals, one server, rho < 1, sizes known exactly (not for `Fb`).
/// Error: relative 1e-9 or less, held against panels half as wide; more is refused.
/// Reference: Harchol-Balter, Performance Modeling and Design of Computer Systems (2013), ch. 31 to 33.
///
/// ```
/// use lindley::analytic::discipline::by_size::{SizeOrder, SizeBased};
/// use lindley::dist::Dist;
/// let queue = SizeBased::new(SizeOrder::Srpt, 0.5, &Dist::Exponential(1.0)).unwrap();
/// assert!((queue.times().unwrap().sojourn.mean - 1.425).abs() < 5e-4);
/// // All of one size: first in first out.
/// let queue = SizeBased::new(SizeOrder::Srpt, 0.5, &Dist::Deterministic(1.0)).unwrap();
/// assert!((queue.times().unwrap().sojourn.mean - 1.5).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct SizeBased {
    order: SizeOrder,
    law: Dist,
    coarse: Sizes,
    fine: Sizes,
}

impl SizeBased {
    /// Messages at rate `lambda` of that size law, or why not.
    pub fn new(order: SizeOrder, lambda: f64, law: &Dist) -> Result<SizeBased, Refusal> {
        let rho = lambda * law.mean();
        if !(lambda > 0.0 && rho > 0.0 && keeps_up(rho, 1.0)) {
            return Err(format!("the load is {rho}, and must lie between 0 and 1").into());
        }
        let (coarse, fine) = (Sizes::new(lambda, law, 1)?, Sizes::new(lambda, law, 2)?);
        Ok(SizeBased { order, law: law.clone(), coarse, fine })
    }

    fn slopes(&self, seen: &SizeView) -> [f64; 2] {
        if self.order == SizeOrder::Srpt { given::residence(seen) } else { [0.0; 2] }
    }

    fn conditional(&self, seen: &SizeView) -> SizeTimes {
        match self.order {
            SizeOrder::Sjf => given::sjf(seen),
            SizeOrder::Psjf => given::psjf(seen),
            SizeOrder::Srpt => given::srpt(seen),
            SizeOrder::Fb => given::fb(seen),
        }
    }

    /// Wait and sojourn of a message of size `x` seconds.
    pub fn given_size(&self, x: f64) -> SizeTimes {
        self.conditional(&self.fine.at(x, |seen| self.slopes(seen)))
    }

    /// Averages at both fineness, which must agree.
    fn average<const N: usize>(
        &self,
        of: &Dist,
        function: impl Fn(&SizeView) -> [f64; N],
    ) -> Result<[f64; N], Refusal> {
        let slopes = |seen: &SizeView| self.slopes(seen);
        let (coarse, fine) = (self.coarse.average(of, slopes, &function)?, self.fine.average(of, slopes, &function)?);
        for (a, b) in coarse.iter().zip(&fine) {
            let agree = a == b || (a / b - 1.0).abs() <= ACCEPTED;
            if !agree {
                return Err(
                    format!("the quadrature over sizes of the {} law is not accurate: {a} or {b}", of.name()).into()
                );
            }
        }
        Ok(fine)
    }

    /// Wait and sojourn over all sizes.
    pub fn times(&self) -> Result<SizeTimes, Refusal> {
        self.times_of(&self.law)
    }

    /// Wait and sojourn of a class of messages whose sizes have the law `of`, which is a part of the whole.
    pub fn times_of(&self, of: &Dist) -> Result<SizeTimes, Refusal> {
        let square = |m: Moments| m.variance.unwrap_or(f64::INFINITY) + m.mean * m.mean;
        let means = self.average(of, |seen| {
            let times = self.conditional(seen);
            [times.wait.mean, times.sojourn.mean]
        })?;
        if !self.squares_exist() {
            let moments = |mean| Moments::new(mean, f64::INFINITY);
            return Ok(SizeTimes { wait: moments(means[0]), sojourn: moments(means[1]) });
        }
        let squares = self.average(of, |seen| {
            let times = self.conditional(seen);
            [square(times.wait), square(times.sojourn)]
        })?;
        let moments = |i: usize| Moments::new(means[i], squares[i] - means[i] * means[i]);
        Ok(SizeTimes { wait: moments(0), sojourn: moments(1) })
    }

    /// Whether the wait has a second moment: without interruption it wants three of the sizes.
    fn squares_exist(&self) -> bool {
        let all = self.fine.all;
        let third = all.third.is_some_and(f64::is_finite);
        if self.order == SizeOrder::Sjf { third } else { all.second.is_finite() }
    }

    /// Mean of sojourn over size; `None` without interruption, where messages of vanishing size make
    /// it infinite, and where it is not accurate.
    pub fn slowdown(&self) -> Option<f64> {
        if self.order == SizeOrder::Sjf || super::sizes::atom(&self.law, 0.0) > 0.0 {
            return None;
        }
        self.average(&self.law, |seen| [self.conditional(seen).sojourn.mean / seen.x]).ok().map(|[mean]| mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mg1::Mg1;

    const ORDERS: [SizeOrder; 4] = [SizeOrder::Sjf, SizeOrder::Psjf, SizeOrder::Srpt, SizeOrder::Fb];

    fn mean(order: SizeOrder, lambda: f64, law: &Dist) -> f64 {
        SizeBased::new(order, lambda, law).unwrap().times().unwrap().sojourn.mean
    }

    #[test]
    fn foreground_background_of_exponential_sizes_has_the_mean_of_any_blind_order() {
        for rho in [0.1, 0.8, 0.999] {
            let value = mean(SizeOrder::Fb, rho, &Dist::Exponential(1.0));
            assert!((value * (1.0 - rho) - 1.0).abs() < 1e-10, "{rho}: {value}");
        }
    }

    /// Sojourns of exponential sizes of mean 1 as they are printed.
    #[test]
    fn published_grid() {
        for (order, row) in [
            (SizeOrder::Sjf, [1.713, 2.882, 6.264, 18.45]),
            (SizeOrder::Psjf, [1.531, 2.659, 6.265, 18.96]),
            (SizeOrder::Srpt, [1.425, 2.353, 5.541, 17.63]),
            (SizeOrder::Fb, [2.0, 5.0, 20.0, 100.0]),
        ] {
            for (rho, published) in [0.5, 0.8, 0.95, 0.99].into_iter().zip(row) {
                let (value, digit) =
                    (mean(order, rho, &Dist::Exponential(1.0)), if published > 10.0 { 1e-2 } else { 1e-3 });
                assert!((value - published).abs() <= 0.5 * digit + 1e-9, "{order:?} {rho}: {value} {published}");
            }
        }
    }

    /// Ties are first in first out, so that equal sizes are plain M/D/1; foreground-background ends
    /// all of a busy period's messages together.
    #[test]
    fn equal_sizes() {
        let (rho, law) = (0.7, Dist::Deterministic(2.0));
        let plain = Mg1::new(rho / 2.0, &law).unwrap();
        for order in [SizeOrder::Sjf, SizeOrder::Psjf, SizeOrder::Srpt] {
            let times = SizeBased::new(order, rho / 2.0, &law).unwrap().times().unwrap();
            assert!((times.sojourn.mean / plain.sojourn() - 1.0).abs() < 1e-13, "{order:?}");
            assert!((times.sojourn.variance.unwrap() / plain.sojourn_variance() - 1.0).abs() < 1e-12, "{order:?}");
        }
        let together = 2.0 / 0.3 + 0.35 * 4.0 / (2.0 * 0.09);
        assert!((mean(SizeOrder::Fb, rho / 2.0, &law) / together - 1.0).abs() < 1e-13);
    }

    /// Two sizes are two classes of priority.
    #[test]
    fn two_sizes_are_two_classes() {
        use super::super::{cobham::NonPreemptive, flow::Flow, preemptive::PreemptiveResume};
        use crate::analytic::problem::Work;
        let law = Dist::empirical(&[1.0, 1.0, 1.0, 5.0]).unwrap();
        let flow = |rate, d| Flow::new(rate, &Work::Law(Dist::Deterministic(d)));
        let flows = [flow(0.3, 1.0), flow(0.1, 5.0)];
        let (stays, yields) = (NonPreemptive::new(&flows), PreemptiveResume::new(&flows));
        let [sjf, psjf] = [SizeOrder::Sjf, SizeOrder::Psjf].map(|order| SizeBased::new(order, 0.4, &law).unwrap());
        for (k, x) in [1.0, 5.0].into_iter().enumerate() {
            let (a, b) = (sjf.given_size(x).wait, stays.wait(k).unwrap());
            assert!((a.mean / b.mean - 1.0).abs() < 1e-12, "{k}: {a:?} {b:?}");
            assert!((a.variance.unwrap() / b.variance.unwrap() - 1.0).abs() < 1e-11, "{k}");
            let (a, b) = (psjf.given_size(x).sojourn, yields.sojourn(k).unwrap());
            assert!((a.mean / b.mean - 1.0).abs() < 1e-12, "{k}: {a:?} {b:?}");
            assert!((a.variance.unwrap() / b.variance.unwrap() - 1.0).abs() < 1e-11, "{k}");
        }
        let whole = psjf.times().unwrap().sojourn.mean;
        let parts = 0.75 * yields.sojourn(0).unwrap().mean + 0.25 * yields.sojourn(1).unwrap().mean;
        assert!((whole / parts - 1.0).abs() < 1e-12);
    }

    #[test]
    fn every_law_keeps_the_order_of_the_disciplines() {
        let laws = [
            Dist::lognormal(1.0, 4.0).unwrap(),
            Dist::gamma(1.0, 0.5).unwrap(),
            Dist::gamma(1.0, 3.0).unwrap(),
            Dist::erlang(4, 1.0).unwrap(),
            Dist::weibull_shape_scale(0.5, 0.5).unwrap(),
            Dist::weibull_shape_scale(2.0, 1.0).unwrap(),
            Dist::pareto(0.5, 2.5).unwrap(),
            Dist::pareto(0.3, 1.5).unwrap(),
            Dist::hyperexponential_balanced(1.0, 9.0).unwrap(),
            Dist::uniform(0.0, 2.0).unwrap(),
            Dist::uniform(0.5, 1.5).unwrap(),
            Dist::mixture(vec![(0.5, Dist::Deterministic(0.5)), (0.5, Dist::Exponential(1.5))]).unwrap(),
            Dist::shifted(0.5, Dist::Exponential(0.5)).unwrap(),
        ];
        for law in laws {
            let lambda = 0.9 / law.mean();
            let [sjf, psjf, srpt, fb] = ORDERS.map(|order| mean(order, lambda, &law));
            let fifo = Mg1::new(lambda, &law).unwrap().sojourn();
            let all = format!("{} {srpt} {psjf} {sjf} {fb} {fifo}", law.name());
            // SRPT is the best of all (Schrage 1968); the shortest first beats first in first out.
            assert!(srpt < psjf && srpt < sjf && srpt < fb && (sjf < fifo || fifo.is_infinite()), "{all}");
            // E[T] = rho/lambda + ... : no message can be served faster than alone.
            assert!(srpt > law.mean(), "{all}");
        }
    }

    /// Kleinrock's conservation law for orders without interruption: the mean wait weighted by
    /// size is that of first in first out.
    #[test]
    fn shortest_first_conserves_work() {
        let law = Dist::lognormal(1.0, 2.0).unwrap();
        let queue = SizeBased::new(SizeOrder::Sjf, 0.8, &law).unwrap();
        let [weighted] = queue.average(&law, |seen| [seen.x * queue.conditional(seen).wait.mean]).unwrap();
        let fifo = Mg1::new(0.8, &law).unwrap().wait();
        assert!((weighted / fifo - 1.0).abs() < 1e-10, "{weighted} {fifo}");
        // Power twin: with interruption it is another.
        let other = SizeBased::new(SizeOrder::Psjf, 0.8, &law).unwrap();
        let [weighted] = other.average(&law, |seen| [seen.x * other.conditional(seen).wait.mean]).unwrap();
        assert!((weighted / fifo - 1.0).abs() > 1e-2);
    }

    #[test]
    fn sizes_between_and_beyond() {
        let law = Dist::Exponential(1.0);
        for order in ORDERS {
            let queue = SizeBased::new(order, 0.8, &law).unwrap();
            // By plain integration of the conditional mean against the density.
            let step = 0.1;
            let at = |i: u32| (f64::from(i) + 0.5) * step;
            let plain: f64 = (0..250).map(|i| queue.given_size(at(i)).sojourn.mean * (-at(i)).exp() * step).sum();
            let whole = queue.times().unwrap().sojourn.mean;
            assert!((plain / whole - 1.0).abs() < 2e-3, "{order:?}: {plain} {whole}");
            let huge = queue.given_size(1e4).sojourn.mean;
            assert!(
                (huge / 1e4 / if order == SizeOrder::Sjf { 1.0 } else { 5.0 } - 1.0).abs() < 0.02,
                "{order:?} {huge}"
            );
        }
    }

    #[test]
    fn slowdowns_and_what_has_none() {
        for lambda in [0.0, -1.0, 1.0, 2.0, f64::NAN] {
            assert!(SizeBased::new(SizeOrder::Fb, lambda, &Dist::Exponential(1.0)).is_err(), "{lambda}");
        }
        let heavy = Dist::pareto(0.3, 1.5).unwrap();
        let times = SizeBased::new(SizeOrder::Srpt, 0.5, &heavy).unwrap().times().unwrap();
        assert!(times.sojourn.mean.is_finite() && times.sojourn.variance == Some(f64::INFINITY));
        // Of SRPT with exponential sizes below that of processor sharing, 1/(1-rho).
        let srpt = SizeBased::new(SizeOrder::Srpt, 0.8, &Dist::Exponential(1.0)).unwrap().slowdown().unwrap();
        assert!(srpt > 1.0 && srpt < 5.0, "{srpt}");
        assert_eq!(SizeBased::new(SizeOrder::Sjf, 0.8, &Dist::Exponential(1.0)).unwrap().slowdown(), None);
    }
}
