//! What was measured, as estimates: ratios of sums over blocks of all replications, quantiles of all times together, and
//! what each replication has one value of.

use super::controls::controls;
use super::dependence::{Dependence, SHORTEST, SteadyState};
use crate::experiment::estimate::EstimateSubject;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::model::Model;
use crate::row::{Basis, ControlVariates, Metric, NoValue, Quantity, Row, Statistic};
use crate::stats::{BlockSums, Blocks, ControlledMean, Estimate, LogHistogram, PooledTimes, Tally, student};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Times beyond a quantile from which a single replication has that quantile.
pub(crate) const TAIL_OBSERVATIONS: f64 = 10.0;

/// Confidence with which a queue is said to grow.
const DOUBTLESS: f64 = 0.9999;

/// The replications of a study, ready to be asked for rows.
pub(super) struct Sample<'a> {
    pub model: &'a Model,
    pub measured: &'a [Measured],
    /// Whether a run that is too short is refused: not where replications are held against each other one by one.
    pub strict: bool,
    /// Of each queue; empty where a steady state is of no matter.
    steady: Vec<SteadyState>,
    /// What is known of each block; empty where nothing is to be corrected by it.
    controls: Vec<Vec<f64>>,
    /// Of each ratio its value by each replication, where they are held against those of another model.
    by_replication: RefCell<HashMap<Quantity, Vec<f64>>>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(model: &'a Model, measured: &'a [Measured], strict: bool) -> Sample<'a> {
        let (steady, known, by_replication) = Default::default();
        let sample = Sample { model, measured, strict, steady, controls: known, by_replication };
        let divided = sample.blocks().any(|blocks| blocks.len() > 1);
        let matters = strict && !sample.single() && (divided || model.is_stationary());
        let of_queue = |q: usize| SteadyState { independent: sample.independent(q), growth: sample.growth(q) };
        let steady = if matters { (0..model.queues.len()).map(of_queue).collect() } else { Vec::new() };
        let controls = if strict && divided { controls(model, measured) } else { Vec::new() };
        Sample { steady, controls, ..sample }
    }

    /// What each ratio is by each replication.
    pub(super) fn by_replication(self) -> HashMap<Quantity, Vec<f64>> {
        self.by_replication.into_inner()
    }

    /// Notes of a row what it is by each replication.
    fn note(&self, row: Row, blocks: &Blocks) -> Row {
        if self.strict && self.model.run.side_by_side {
            self.by_replication.borrow_mut().insert(row.quantity(), blocks.pseudo_values());
        }
        row
    }

    /// Independent waits about the median at a queue.
    fn independent(&self, q: usize) -> f64 {
        let of = |blocks: &[Batch]| blocks.iter().map(|s| s.at_queue(q).wait.clone()).collect();
        let waits: Vec<Vec<Times>> = self.blocks().map(of).collect();
        let waits: Vec<Vec<&Times>> = waits.iter().map(|blocks| blocks.iter().collect()).collect();
        pooled(&waits).map_or(f64::INFINITY, |waits| waits.independent())
    }

    /// Messages per second by which a queue grows, where the slopes of the replications leave no doubt and make up half of
    /// the mean level or more; else 0.
    fn growth(&self, q: usize) -> f64 {
        let slopes: Vec<f64> = self.blocks().filter_map(|blocks| slope(blocks, q)).collect();
        let Some(Estimate { mean, half_width: Some(half), .. }) = student(&slopes, DOUBTLESS) else { return 0.0 };
        let kept = |m: &Measured| time_average(m.kept.queues[q].in_system.area(), &m.kept);
        let (area, time) = self.measured.iter().map(kept).fold((0.0, 0.0), |(a, t), p| (a + p.sum, t + p.weight));
        let over_run = mean * time / self.measured.len() as f64;
        if mean > half && over_run > 0.5 * area / time { mean } else { 0.0 }
    }

    /// Whether some queue grows.
    pub(super) fn is_growing(&self) -> bool {
        self.steady(None).growth > 0.0
    }

    /// Whether a queue, or every one of them, has a steady state to speak of.
    fn steady(&self, queue: Option<usize>) -> SteadyState {
        let worse = |a: SteadyState, b: &SteadyState| SteadyState {
            independent: a.independent.min(b.independent),
            growth: a.growth.max(b.growth),
        };
        match queue {
            Some(q) => self.steady.get(q).copied().unwrap_or(SteadyState::CERTAIN),
            None => self.steady.iter().fold(SteadyState::CERTAIN, worse),
        }
    }

    /// The blocks of each replication.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &'a [Batch]> + use<'a> {
        self.measured.iter().map(|m| &m.blocks[..])
    }

    /// Times of one kind by replication and block.
    pub(super) fn by_block(&self, of: impl Fn(&'a Batch) -> &'a Times) -> Vec<Vec<&'a Times>> {
        self.blocks().map(|blocks| blocks.iter().map(&of).collect()).collect()
    }

    fn ratio_of(&self, part: impl Fn(&Batch) -> BlockSums) -> Blocks {
        Blocks::new(self.blocks().map(|blocks| blocks.iter().map(&part).collect()))
    }

    fn replications(&self) -> u64 {
        self.measured.len() as u64
    }

    fn single(&self) -> bool {
        self.blocks().map(<[Batch]>::len).sum::<usize>() < 2
    }

    /// A row of one value per replication: their mean, Student's interval.
    pub(super) fn each(
        &self,
        about: EstimateSubject,
        metric: Metric,
        statistic: Statistic,
        of: impl Fn(&Measured) -> Option<f64>,
    ) -> Row {
        let values: Vec<f64> = self.measured.iter().filter_map(of).collect();
        about.row(metric, statistic, student(&values, self.model.run.level), self.model.run.level)
    }

    /// A row of a mean of steady state.
    pub(super) fn mean(
        &self,
        about: EstimateSubject,
        metric: Metric,
        dependence: Dependence,
        part: impl Fn(&Batch) -> BlockSums,
    ) -> Row {
        self.mean_of(about, (metric, Statistic::Mean), dependence, &self.ratio_of(part), self.replications())
    }

    /// A row of a share.
    pub(super) fn share(
        &self,
        about: EstimateSubject,
        metric: Metric,
        dependence: Dependence,
        part: impl Fn(&Batch) -> BlockSums,
    ) -> Row {
        let (blocks, level) = (self.ratio_of(part), self.model.run.level);
        let found = blocks.share(level, dependence.dispersion).map(|found| (found, self.replications()));
        self.note(about.with_interval((metric, Statistic::Fraction), found, self.basis(), level), &blocks)
    }

    /// A row of a share of time.
    pub(super) fn share_of_time(
        &self,
        about: EstimateSubject,
        what: (Metric, Statistic),
        dependence: Dependence,
        part: impl Fn(&Batch) -> BlockSums,
    ) -> Row {
        let (blocks, level) = (self.ratio_of(part), self.model.run.level);
        // The time of as many messages as make one independent one; all of it where none came.
        let messages = if dependence.n.is_finite() { dependence.dispersion / dependence.n } else { 1.0 };
        let found = blocks.share(level, messages * blocks.weight()).map(|found| (found, self.replications()));
        let row = self.note(about.with_interval(what, found, self.basis(), level), &blocks);
        match dependence.refusal(SHORTEST.needed) {
            Some(why) => row.refused(why),
            None => row,
        }
    }

    fn basis(&self) -> Basis {
        match self.single() {
            true => Basis::Mean { replications: self.replications() },
            false => {
                let blocks = self.blocks().map(<[Batch]>::len).sum::<usize>() as u64;
                Basis::Ratio { replications: self.replications(), blocks, controls: None }
            }
        }
    }

    fn mean_of(
        &self,
        about: EstimateSubject,
        what: (Metric, Statistic),
        dependence: Dependence,
        blocks: &Blocks,
        n: u64,
    ) -> Row {
        let level = self.model.run.level;
        // Of what does not depend on the past, or is no mean, controls would say what is known already, or nothing.
        let controls =
            if what.1 == Statistic::Mean && dependence.length.is_finite() { &self.controls[..] } else { &[] };
        let mean = |controls: &[Vec<f64>]| blocks.controlled_mean(level, dependence.length, controls);
        // What controls explain without rest is no estimate.
        let found = mean(controls).filter(|found| found.factor.is_finite()).or_else(|| mean(&[]));
        let basis = found.map_or_else(|| self.basis(), |found| controlled(self.basis(), &found));
        let row = about.with_interval(what, found.map(|found| (found.interval, n)), basis, level);
        let row = self.note(row, blocks);
        dependence.admit(row, SHORTEST)
    }

    /// How times at a queue, or of the whole system, depend on each other.
    pub(super) fn dependence(&self, times: &[Vec<&Times>], queue: Option<usize>) -> Dependence {
        pooled(times).map_or(Dependence::NONE, |pooled| self.dependence_of(&pooled, queue))
    }

    fn dependence_of(&self, pooled: &PooledTimes, queue: Option<usize>) -> Dependence {
        Dependence {
            dispersion: pooled.measured_dispersion().max(1.0),
            length: pooled.length(),
            n: pooled.n(),
            steady: self.steady(queue),
        }
    }

    /// Mean, variance, quantiles and maximum of a time, and the probabilities that are asked for; times by replication and block.
    pub(super) fn times(
        &self,
        about: EstimateSubject,
        metric: Metric,
        times: &[Vec<&Times>],
        queue: Option<usize>,
    ) -> Vec<Row> {
        let n = times.iter().flatten().map(|t| t.moments.n).sum();
        let ratio = |part: &dyn Fn(&Tally) -> f64| {
            let part = |t: &&Times| BlockSums { sum: part(&t.moments), weight: t.moments.n as f64 };
            Blocks::new(times.iter().map(|blocks| blocks.iter().map(part).collect()))
        };
        let pooled = pooled(times);
        let dependence = pooled.as_ref().map_or(Dependence::NONE, |pooled| self.dependence_of(pooled, queue));
        let row = |statistic, blocks: &Blocks| self.mean_of(about, (metric.clone(), statistic), dependence, blocks, n);
        let means = ratio(&Tally::sum);
        let mean = means.ratio().unwrap_or(0.0);
        let squares = ratio(&|tally| tally.squares_about(mean));
        let mut rows = vec![row(Statistic::Mean, &means), row(Statistic::Variance, &squares)];
        let quantile = |&p: &f64| self.quantile(about, metric.clone(), p, pooled.as_ref(), dependence);
        rows.extend(self.model.run.quantiles.iter().map(quantile));
        rows.extend(
            self.events(about, &metric).map(|event| self.probability(about, (&metric, event), times, dependence)),
        );
        let largest = |m: &Vec<&Times>| m.iter().filter_map(|t| t.moments.max()).reduce(f64::max);
        let largest: Vec<f64> = times.iter().filter_map(largest).collect();
        let max = student(&largest, self.model.run.level);
        rows.push(about.row(metric, Statistic::Max, max, self.model.run.level));
        rows.into_iter().map(|row| Row { n: row.n.map(|_| n), ..row }).collect()
    }

    /// A quantile of all times together.
    fn quantile(
        &self,
        about: EstimateSubject,
        metric: Metric,
        p: f64,
        pooled: Option<&PooledTimes>,
        dependence: Dependence,
    ) -> Row {
        let level = self.model.run.level;
        let found = pooled.and_then(|pooled| Some((pooled.quantile(p, level)?, pooled.n() as u64)));
        let error = pooled.map_or(LogHistogram::RELATIVE_ERROR, PooledTimes::error);
        let basis = Basis::Quantile { replications: self.replications(), error };
        let row = about.with_interval((metric, Statistic::Quantile(p)), found, basis, level);
        let Some(pooled) = pooled else { return row };
        if !self.strict {
            let beyond = pooled.n() * (1.0 - p);
            let why = NoValue::TooFewBeyond { beyond, needed: TAIL_OBSERVATIONS };
            return if beyond < TAIL_OBSERVATIONS { row.refused(why) } else { row };
        }
        dependence.admit(row, pooled.enough(p))
    }

    /// Events whose probability is asked for, each with its level.
    fn events(&self, about: EstimateSubject, metric: &Metric) -> impl Iterator<Item = (Statistic, f64)> {
        let here = |quantity: &&Quantity| quantity.metric == *metric && about.is_of(quantity);
        let events: BTreeSet<Statistic> = self.model.run.demanded.iter().filter(here).map(|q| q.statistic).collect();
        events.into_iter().filter_map(|event| match event {
            Statistic::Above(level) | Statistic::AtMost(level) => Some((event, level)),
            _ => None,
        })
    }

    /// P(X > level) or its complement, from the histograms of the blocks.
    fn probability(
        &self,
        about: EstimateSubject,
        (metric, (event, threshold)): (&Metric, (Statistic, f64)),
        times: &[Vec<&Times>],
        dependence: Dependence,
    ) -> Row {
        let part = |t: &&Times| {
            let (above, all) = (t.histogram.above(threshold), t.histogram.total() as f64);
            BlockSums { sum: if event == Statistic::AtMost(threshold) { all - above } else { above }, weight: all }
        };
        let blocks = Blocks::new(times.iter().map(|blocks| blocks.iter().map(part).collect()));
        let level = self.model.run.level;
        let found = blocks.share(level, dependence.dispersion).map(|found| (found, self.replications()));
        let error = times.iter().flatten().map(|t| t.histogram.relative_error());
        let (replications, error) = (self.replications(), error.fold(LogHistogram::RELATIVE_ERROR, f64::max));
        let method = Basis::Share { replications, above: threshold, error };
        self.note(about.with_interval((metric.clone(), event), found, method, level), &blocks)
    }

    /// Whether times of a class are asked for.
    pub(super) fn demands(&self, about: EstimateSubject) -> bool {
        self.model.run.demanded.iter().any(|demanded| about.is_of(demanded))
    }
}

/// The basis of a mean, with the controls that correct it.
fn controlled(basis: Basis, found: &ControlledMean) -> Basis {
    match basis {
        Basis::Ratio { replications, blocks, .. } if found.controls > 0 => {
            let controls = Some(ControlVariates { used: found.controls as u64, factor: found.factor });
            Basis::Ratio { replications, blocks, controls }
        }
        basis => basis,
    }
}

/// Times of all blocks; `None` without any.
fn pooled<'t>(times: &[Vec<&'t Times>]) -> Option<PooledTimes<'t>> {
    let of = |blocks: &Vec<&'t Times>| blocks.iter().map(|t| &t.histogram).collect();
    Some(PooledTimes::new(times.iter().map(of).collect())).filter(|pooled| pooled.n() > 0.0)
}

/// Slope of the level of a queue over the blocks of a replication, messages per second: least squares.
fn slope(blocks: &[Batch], q: usize) -> Option<f64> {
    let n = blocks.len() as f64;
    let point = |s: &Batch| ((s.period.start + s.period.end) / 2.0, s.queues[q].in_system.area() / s.length());
    let points: Vec<(f64, f64)> = blocks.iter().map(point).collect();
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let (products, squares) =
        points.iter().fold((0.0, 0.0), |(xy, xx), p| (xy + (p.0 - x) * (p.1 - y), xx + (p.0 - x).powi(2)));
    (blocks.len() > 2 && squares > 0.0).then(|| products / squares)
}

/// How often something happened in a time.
pub(super) fn per_second(count: u64, s: &Batch) -> BlockSums {
    BlockSums { sum: count as f64, weight: s.length() }
}

/// The average of a level over time.
pub(super) fn time_average(area: f64, s: &Batch) -> BlockSums {
    BlockSums { sum: area, weight: s.length() }
}

/// The mean of observations.
pub(super) fn mean(tally: &Tally) -> BlockSums {
    BlockSums { sum: tally.sum(), weight: tally.n as f64 }
}

/// So many out of so many.
pub(super) fn out_of(count: u64, of: u64) -> BlockSums {
    BlockSums { sum: count as f64, weight: of as f64 }
}
