//! What was measured, as estimates: ratios of sums over blocks of all replications, quantiles of all times together, and
//! what each replication has one value of.

use crate::experiment::estimate::EstimateSubject;
use crate::experiment::measure::{Batch, Measured, Times};
use crate::model::Model;
use crate::row::{Basis, Metric, NoValue, Quantity, Row, Statistic};
use crate::stats::{BlockSums, Blocks, LogHistogram, PooledTimes, Tally, student};
use std::collections::BTreeSet;

/// Times beyond a quantile from which a single replication has that quantile.
pub(crate) const TAIL_OBSERVATIONS: f64 = 10.0;

/// Independent waits about the median below which a mean of steady state is refused: what such a run shows is chance.
const SHORTEST: f64 = 20.0;

/// The replications of a study, ready to be asked for rows.
pub(super) struct Sample<'a> {
    pub model: &'a Model,
    pub measured: &'a [Measured],
    /// Whether a run that is too short is refused: not where replications are held against each other one by one.
    pub strict: bool,
    /// Independent waits about the median, by queue; infinite where that is of no matter.
    independent: Vec<f64>,
}

/// How messages of one kind depend on each other, and how long the run is by that measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dependence {
    /// Times that make one independent one.
    pub dispersion: f64,
    /// How many dispersions long the run is.
    pub length: f64,
    /// Number of times.
    pub n: f64,
    /// Independent waits about the median: whether the run is long enough to speak of.
    pub independent: f64,
}

impl Dependence {
    /// Of what does not depend on the past.
    pub(super) const NONE: Dependence =
        Dependence { dispersion: 1.0, length: f64::INFINITY, n: f64::INFINITY, independent: f64::INFINITY };
}

impl<'a> Sample<'a> {
    pub(super) fn new(model: &'a Model, measured: &'a [Measured], strict: bool) -> Sample<'a> {
        let sample = Sample { model, measured, strict, independent: Vec::new() };
        let matters = strict && !sample.single() && model.is_stationary();
        let of_queue = |q: usize| {
            let waits: Vec<Vec<Times>> =
                sample.blocks().map(|blocks| blocks.iter().map(|s| s.at_queue(q).wait.clone()).collect()).collect();
            let waits: Vec<Vec<&Times>> = waits.iter().map(|blocks| blocks.iter().collect()).collect();
            pooled(&waits).map_or(f64::INFINITY, |waits| waits.independent())
        };
        let independent = if matters { (0..model.queues.len()).map(of_queue).collect() } else { Vec::new() };
        Sample { independent, ..sample }
    }

    /// Independent waits about the median at a queue, or at the queue that has fewest.
    fn independent(&self, queue: Option<usize>) -> f64 {
        match queue {
            Some(q) => self.independent.get(q).copied().unwrap_or(f64::INFINITY),
            None => self.independent.iter().copied().fold(f64::INFINITY, f64::min),
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
        let level = self.model.run.level;
        let found = self.ratio_of(part).share(level, dependence.dispersion).map(|found| (found, self.replications()));
        about.with_interval((metric, Statistic::Fraction), found, self.basis(), level)
    }

    fn basis(&self) -> Basis {
        match self.single() {
            true => Basis::Mean { replications: self.replications() },
            false => {
                let blocks = self.blocks().map(<[Batch]>::len).sum::<usize>() as u64;
                Basis::Ratio { replications: self.replications(), blocks }
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
        let found = blocks.mean(level, dependence.length).map(|found| (found, n));
        let row = about.with_interval(what, found, self.basis(), level);
        if dependence.independent < SHORTEST { row.refused(too_short(dependence, SHORTEST)) } else { row }
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
            independent: self.independent(queue),
        }
    }

    /// Mean, variance, quantiles and maximum of a time, and the levels that are asked for; times by replication and block.
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
            self.levels(about, &metric).map(|level| self.above(about, metric.clone(), level, times, dependence)),
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
        let basis = Basis::Quantile { replications: self.replications(), error: LogHistogram::RELATIVE_ERROR };
        let row = about.with_interval((metric, Statistic::Quantile(p)), found, basis, level);
        let Some(pooled) = pooled else { return row };
        if !self.strict {
            let beyond = pooled.n() * (1.0 - p);
            let why = NoValue::TooFewBeyond { beyond, needed: TAIL_OBSERVATIONS };
            return if beyond < TAIL_OBSERVATIONS { row.refused(why) } else { row };
        }
        let needed = pooled.needed(p);
        if dependence.independent < needed { row.refused(too_short(dependence, needed)) } else { row }
    }

    /// Levels whose probability is asked for.
    fn levels(&self, about: EstimateSubject, metric: &Metric) -> impl Iterator<Item = f64> {
        let here = |quantity: &&Quantity| quantity.metric == *metric && about.is_of(quantity);
        let levels: BTreeSet<Statistic> = self.model.run.demanded.iter().filter(here).map(|q| q.statistic).collect();
        levels.into_iter().filter_map(|statistic| match statistic {
            Statistic::Above(level) => Some(level),
            _ => None,
        })
    }

    /// P(X > level), from the histograms of the blocks.
    fn above(
        &self,
        about: EstimateSubject,
        metric: Metric,
        above: f64,
        times: &[Vec<&Times>],
        dependence: Dependence,
    ) -> Row {
        let part = |t: &&Times| BlockSums { sum: t.histogram.above(above), weight: t.histogram.total() as f64 };
        let blocks = Blocks::new(times.iter().map(|blocks| blocks.iter().map(part).collect()));
        let level = self.model.run.level;
        let found = blocks.share(level, dependence.dispersion).map(|found| (found, self.replications()));
        let method = Basis::Share { replications: self.replications(), above, error: LogHistogram::RELATIVE_ERROR };
        about.with_interval((metric, Statistic::Above(above)), found, method, level)
    }

    /// Whether times of a class are asked for.
    pub(super) fn demands(&self, about: EstimateSubject) -> bool {
        self.model.run.demanded.iter().any(|demanded| about.is_of(demanded))
    }
}

/// Times of all blocks; `None` without any.
fn pooled<'t>(times: &[Vec<&'t Times>]) -> Option<PooledTimes<'t>> {
    let of = |blocks: &Vec<&'t Times>| blocks.iter().map(|t| &t.histogram).collect();
    Some(PooledTimes::new(times.iter().map(of).collect())).filter(|pooled| pooled.n() > 0.0)
}

/// Refused for a run with fewer independent times than are needed.
fn too_short(dependence: Dependence, needed: f64) -> NoValue {
    let n = dependence.n;
    NoValue::TooShort { n: n as u64, needed: (n * needed / dependence.independent).ceil() as u64 }
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
