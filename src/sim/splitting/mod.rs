//! Multilevel splitting (RESTART): where a path comes nearer to a rare event, it goes on in several branches, each of which
//! counts as much less. So the rare event is seen often, and every sum keeps its mean.
//!
//! Rule (Villen-Altamirano, Villen-Altamirano 1991 and 2011): of the branches that begin where a path rises to a threshold, all
//! but the last end when they fall below it again; the last goes on as the path. An observation between thresholds counts
//! the product of 1/R of the thresholds below, R the mean number of branches. Branches share what is scheduled where they
//! begin and draw everything later by themselves. Whatever the thresholds and numbers are, weighted sums have the mean of those
//! of the path without branches (loc. cit., sec. 3): they decide the cost only.

mod watch;

pub(crate) use watch::{RareEvent, RareSums, RareWatch};

use crate::rng::{Purpose, Stream, Streams};
use crate::sim::engine::{Engine, KeptInstant};
use crate::sim::network::Network;
use rand::RngExt;
use watch::Place;

/// Where paths branch, and into how many.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SplittingLadder {
    rungs: Vec<Rung>,
}

/// One threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rung {
    /// Messages.
    pub threshold: u32,
    /// Mean number of branches (>= 1), not always whole.
    pub branches: f64,
}

impl SplittingLadder {
    /// A ladder without rungs is a plain path.
    pub(crate) fn new(rungs: Vec<Rung>) -> SplittingLadder {
        debug_assert!(rungs.windows(2).all(|two| two[0].threshold < two[1].threshold), "thresholds rise");
        SplittingLadder { rungs }
    }

    /// The rungs, from below.
    pub(crate) fn rungs(&self) -> &[Rung] {
        &self.rungs
    }
}

/// What a path and its branches showed.
#[derive(Debug, Clone)]
pub(crate) struct SplitPath {
    /// Sums of parts of equal time, in order; each holds whole trees of branches.
    pub blocks: Vec<RareSums>,
    /// Weighted time by how near the event was.
    pub occupation: Vec<f64>,
    /// Events of all branches.
    pub events: u64,
    /// Simulated time of the path, seconds.
    pub time: f64,
    /// Messages published, those of all branches together.
    pub published: u64,
    /// Whether the last tree of branches did not end within its events.
    pub unfinished: bool,
}

/// Blocks of a path at most; then two neighbours become one.
const MOST_BLOCKS: usize = 128;

/// Times as many events as were meant that the last tree may take to its end.
const PATIENCE: u64 = 4;

/// A path with its branches.
struct Splitter<'e, 'n> {
    engine: Engine<'e, RareWatch>,
    ladder: &'n SplittingLadder,
    /// Where the branches of each threshold that the path is above begin, and how many are still to come.
    kept: Vec<Kept>,
    /// How many thresholds the path is above.
    height: usize,
    /// Product of 1/R of the thresholds below each height.
    weights: Vec<f64>,
    random: Stream,
}

/// The beginning of branches.
struct Kept {
    snapshot: KeptInstant,
    place: Place,
    left: u32,
}

/// How long a path is: until the one or the other, and then to the end of its last tree.
///
/// A path that is to say how large something is ends by its time: one that ends by events would end in a large tree
/// more often than in a small one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PathLength {
    /// Simulated time, seconds.
    pub time: f64,
    /// Events of all branches.
    pub events: u64,
}

/// Runs a path with its branches.
pub(crate) fn run(
    network: &Network,
    streams: &Streams,
    event: RareEvent,
    ladder: &SplittingLadder,
    length: PathLength,
) -> SplitPath {
    let mut watch = RareWatch::new(event, network.queues.len());
    let mut random = streams.open("splitting branches", Purpose::Choice);
    let weight = |weight: &mut f64, rung: &Rung| {
        *weight /= rung.branches;
        Some(*weight)
    };
    let weights = std::iter::once(1.0).chain(ladder.rungs.iter().scan(1.0, weight)).collect();
    let random = crate::rng::branch(&mut random);
    let engine = Engine::new(network, streams, &mut watch);
    let mut splitter = Splitter { engine, ladder, kept: Vec::new(), height: 0, weights, random };
    let path = splitter.walk(length);
    SplitPath { occupation: watch.occupation().to_vec(), ..path }
}

impl Splitter<'_, '_> {
    fn walk(&mut self, length: PathLength) -> SplitPath {
        let mut blocks = BlockList::default();
        let mut unfinished = false;
        while self.engine.step_on() {
            let (now, done) = (self.engine.now(), self.engine.counted().events);
            let watch = self.engine.probe();
            watch.observe(now);
            let near = watch.nearness();
            self.branch(near);
            let over = self.height == 0 && (now >= length.time || done >= length.events);
            if self.height == 0 && (over || blocks.is_due(now)) {
                blocks.close(now, self.engine.probe().take());
            }
            unfinished = done >= length.events.saturating_mul(PATIENCE);
            if unfinished || over {
                break;
            }
        }
        let counted = self.engine.counted();
        let (events, published) = (counted.events, counted.publications);
        let time = blocks.until;
        SplitPath { blocks: blocks.sums, occupation: Vec::new(), events, time, published, unfinished }
    }

    /// Branches where the path rises to thresholds; ends branches that fall below theirs.
    #[inline]
    fn branch(&mut self, mut near: u32) {
        loop {
            while self.ladder.rungs.get(self.height).is_some_and(|rung| near >= rung.threshold) {
                self.rise();
            }
            let Some(below) = self.height.checked_sub(1).filter(|h| near < self.ladder.rungs[*h].threshold) else {
                return;
            };
            self.height = below;
            if !self.next_branch(below) {
                self.engine.probe().weigh(self.weights[below]);
            }
            near = self.engine.probe().nearness();
        }
    }

    /// Keeps the place where branches begin; the first of them goes on from here.
    fn rise(&mut self) {
        let (snapshot, place) = (self.engine.keep(), self.engine.probe().place().clone());
        let branches = self.ladder.rungs[self.height].branches;
        let whole = branches.floor();
        let left = whole as u32 + u32::from(self.random.random::<f64>() < branches - whole) - 1;
        let kept = Kept { snapshot, place, left };
        match self.kept.get_mut(self.height) {
            Some(old) => *old = kept,
            None => self.kept.push(kept),
        }
        self.height += 1;
        self.engine.probe().weigh(self.weights[self.height]);
    }

    /// Begins the next branch of a threshold, if one is left.
    fn next_branch(&mut self, rung: usize) -> bool {
        let kept = &mut self.kept[rung];
        let Some(left) = kept.left.checked_sub(1) else { return false };
        kept.left = left;
        self.engine.go_back(&kept.snapshot, &mut self.random);
        self.engine.probe().go_back(&kept.place);
        self.height = rung + 1;
        self.engine.probe().weigh(self.weights[self.height]);
        true
    }
}

/// Sums of blocks of about equal time, at most [`MOST_BLOCKS`].
#[derive(Debug, Default)]
struct BlockList {
    sums: Vec<RareSums>,
    length: f64,
    until: f64,
}

impl BlockList {
    fn is_due(&self, now: f64) -> bool {
        now - self.until >= self.length && now > self.until
    }

    fn close(&mut self, now: f64, sums: RareSums) {
        self.sums.push(sums);
        self.until = now;
        if self.sums.len() == MOST_BLOCKS {
            let join = |two: &[RareSums]| {
                let mut sums = two[0];
                sums.add(&two[1]);
                sums
            };
            self.sums = self.sums.chunks_exact(2).map(join).collect();
            self.length = 2.0 * self.until / MOST_BLOCKS as f64;
        }
    }
}
