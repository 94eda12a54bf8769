//! The books of one entity during a stretch, and how they are closed into it.

use crate::experiment::segment::{ClassStretch, ClientStretch, Level, PoolStretch, QueueStretch, Times};
use crate::model::Cause;
use crate::stats::{LogHistogram, Tally, TimeAverage};

#[derive(Debug, Clone, Default)]
pub(super) struct TimesTally {
    pub(super) tally: Tally,
    pub(super) histogram: LogHistogram,
}

impl TimesTally {
    #[inline]
    pub(super) fn push(&mut self, x: f64) {
        self.tally.push(x);
        self.histogram.record(x);
    }

    pub(super) fn extend(&mut self, xs: &[f64]) {
        self.tally.extend(xs);
        self.histogram.extend(xs);
    }

    pub(super) fn take(&mut self) -> Times {
        Times { moments: std::mem::take(&mut self.tally).moments(), histogram: self.histogram.take() }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct QueueBooks {
    pub(super) ready: TimeAverage,
    pub(super) in_system: TimeAverage,
    pub(super) offered: u64,
    pub(super) left: [u64; Cause::COUNT],
}

#[derive(Debug, Clone, Default)]
pub(super) struct ClassBooks {
    pub(super) wait: TimesTally,
    pub(super) sojourn: TimesTally,
    pub(super) attempts: Tally,
}

#[derive(Debug, Clone, Default)]
pub(super) struct PoolBooks {
    pub(super) busy: TimeAverage,
    pub(super) service: Tally,
    pub(super) response: Tally,
    pub(super) duplicates: [u64; 2],
}

#[derive(Debug, Clone, Default)]
pub(super) struct ClientBooks {
    pub(super) requests: u64,
    pub(super) timeouts: u64,
    pub(super) retries: u64,
    pub(super) gave_up: u64,
    pub(super) attempts: Tally,
    pub(super) answered: TimesTally,
}

pub(super) fn close_queue(books: &mut QueueBooks, level: impl Fn(&mut TimeAverage) -> Level) -> QueueStretch {
    QueueStretch {
        ready: level(&mut books.ready),
        in_system: level(&mut books.in_system),
        offered: std::mem::take(&mut books.offered),
        left: std::mem::take(&mut books.left),
    }
}

pub(super) fn close_class(books: &mut ClassBooks) -> ClassStretch {
    ClassStretch {
        wait: books.wait.take(),
        sojourn: books.sojourn.take(),
        attempts: std::mem::take(&mut books.attempts).moments(),
    }
}

pub(super) fn close_pool(books: &mut PoolBooks, level: impl Fn(&mut TimeAverage) -> Level) -> PoolStretch {
    PoolStretch {
        busy: level(&mut books.busy),
        service: std::mem::take(&mut books.service).moments(),
        response: std::mem::take(&mut books.response).moments(),
        duplicates: std::mem::take(&mut books.duplicates),
    }
}

pub(super) fn close_client(books: &mut ClientBooks) -> ClientStretch {
    ClientStretch {
        requests: std::mem::take(&mut books.requests),
        timeouts: std::mem::take(&mut books.timeouts),
        retries: std::mem::take(&mut books.retries),
        gave_up: std::mem::take(&mut books.gave_up),
        attempts: std::mem::take(&mut books.attempts).moments(),
        answered: books.answered.take(),
    }
}
