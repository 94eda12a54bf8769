//! What the reader of a result should know, as data; report says it in sentences.

use crate::model::PathLaw;

/// Which law is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BrokenLaw {
    /// One of a queue or a consumer.
    Path(PathLaw),
    /// The number of messages that ended in some way.
    Ended,
    /// The number of publications.
    Published,
}

/// One thing to know about a result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    /// The second half differs from the first: of every replication, or of some.
    WarmupUnsettled {
        /// Whether of every one.
        every: bool,
    },
    /// So many replications ended before the warm-up was over.
    WarmupNotOver {
        /// Replications.
        replications: usize,
        /// Length of the warm-up, seconds.
        warmup: f64,
    },
    /// A disruption that some replications did not see the end of, or even its begin.
    DisruptionUnseen {
        /// Its name.
        name: String,
        /// Whether it had begun.
        begun: bool,
        /// Replications that ended before.
        replications: usize,
        /// All replications.
        of: usize,
    },
    /// A law that holds on every path does not hold in what was measured: a defect of lindley.
    LawBroken {
        /// Which law.
        law: BrokenLaw,
        /// Of whom: a queue, a consumer, an outcome.
        name: String,
        /// What was counted over time.
        counted: f64,
        /// What the messages sum up to.
        summed: f64,
        /// Number of the first replication in which it is broken.
        replication: usize,
    },
    /// The budget of events ended before the precision was reached, which takes so many messages.
    NeedsMore(u64),
    /// The run ended with a time limit, seconds.
    TimeLimit(f64),
    /// So many quantiles are refused.
    QuantilesRefused(usize),
    /// No theory, or no exact one, for a queue: why.
    NoTheory {
        /// The queue.
        queue: String,
        /// Whether there is an approximation.
        approximated: bool,
        /// Which assumption broke.
        why: String,
    },
    /// So many candidates of a sizing are undecided.
    CandidatesUndecided(usize),
    /// Targets are met at one value and missed at one beyond it.
    TargetsNotMonotone {
        /// Where they are met.
        met: f64,
        /// Where they are missed.
        missed: f64,
    },
    /// A front is that of so many combinations.
    WholeFront(u64),
    /// The answer of a sizing comes of an approximation.
    AnswerApproximate,
    /// The answer of a sizing comes of a bound.
    AnswerBound,
    /// One side of a comparison runs as the other.
    RunsAs {
        /// The side that is changed.
        side: String,
        /// The one that it follows.
        other: String,
    },
    /// Nothing is random in either side of a comparison.
    NothingRandom,
    /// What the levels of a comparison mean.
    Simultaneous {
        /// Headline quantities.
        headline: usize,
        /// Targets.
        targets: usize,
        /// Level of all at once, and of each difference that is no headline.
        level: f64,
        /// Level of each headline interval.
        each: f64,
        /// Looks at the targets.
        looks: usize,
    },
    /// What the levels of the best of several models mean.
    AllPairs {
        /// Pairs of models.
        pairs: usize,
        /// Level of all at once.
        level: f64,
        /// Level of each.
        each: f64,
    },
    /// What the level of the intervals of sensitivities means.
    EachByItself {
        /// How many there are.
        intervals: usize,
        /// Level of each.
        level: f64,
    },
    /// The finite step adds much to a derivative.
    StepTooLong {
        /// The parameter.
        path: String,
        /// Of which quantity.
        quantity: String,
        /// Which share of the derivative.
        share: f64,
    },
    /// What a move does cannot be told.
    NoEffect {
        /// The parameter.
        path: String,
        /// From which value to which.
        moved: String,
        /// Of which quantity.
        quantity: String,
        /// Why.
        why: String,
    },
    /// A parameter was not moved, or not that way.
    NotMoved {
        /// The parameter.
        path: String,
        /// Its value, or from which to which.
        value: String,
        /// Why.
        why: String,
    },
    /// A note of one side of a comparison.
    OfSide {
        /// The side.
        side: String,
        /// Its note.
        note: String,
    },
    /// A note that some points of a sweep have.
    AtPoints {
        /// Points that have it.
        points: usize,
        /// All points.
        of: usize,
        /// The note.
        note: String,
    },
    /// So many more notes are left out.
    NotesLeftOut(usize),
}
