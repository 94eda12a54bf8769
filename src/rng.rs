//! Random streams: one per (seed, replication, entity name, purpose). The only place that
//! names a generator. Adding an entity to a model leaves every other stream alone, and a
//! stream can be opened without opening those before it, so replications may run in any
//! order on any number of threads.

use rand::SeedableRng;
use sha2::{Digest, Sha256};

/// The generator behind every stream: xoshiro256++ (Blackman and Vigna 2021), period 2^256 - 1.
pub type Stream = rand_xoshiro::Xoshiro256PlusPlus;

/// What a stream is used for; part of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Times between arrivals, batch sizes, phases.
    Arrivals,
    /// Which message a producer or consumer publishes.
    Choice,
    /// Service times.
    Service,
    /// Whether processing fails or an acknowledgement is lost.
    Failure,
    /// Back-off jitter.
    Backoff,
    /// Turnaround times of servers.
    Turnaround,
}

/// The streams of one replication.
#[derive(Debug, Clone, Copy)]
pub struct Streams {
    seed: u64,
    replication: u64,
}

impl Streams {
    /// The streams of replication `replication` under master seed `seed`.
    pub fn new(seed: u64, replication: u64) -> Streams {
        Streams { seed, replication }
    }

    /// Opens the stream of one entity for one purpose. Equal keys give equal streams.
    ///
    /// The key is hashed by SHA-256 to the 256 bits of the generator's state, so streams
    /// of different keys start at unrelated points of the period.
    ///
    /// ```
    /// use lindley::rng::{Purpose, Streams};
    /// use rand::Rng;
    /// let draw = |replication, name| Streams::new(1, replication).open(name, Purpose::Service).next_u64();
    /// assert_eq!(draw(0, "workers"), draw(0, "workers"));
    /// assert_ne!(draw(0, "workers"), draw(1, "workers"));
    /// assert_ne!(draw(0, "workers"), draw(0, "web"));
    /// ```
    pub fn open(&self, entity: &str, purpose: Purpose) -> Stream {
        let mut hash = Sha256::new();
        hash.update(b"lindley stream 1");
        hash.update(self.seed.to_le_bytes());
        hash.update(self.replication.to_le_bytes());
        hash.update([purpose as u8]);
        hash.update(entity.as_bytes());
        Stream::from_seed(hash.finalize().into())
    }
}

/// A stream of its own, drawn from another: for the many short branches of a path, where opening one by name would cost
/// more than it yields.
pub fn branch(from: &mut Stream) -> Stream {
    Stream::from_rng(from)
}
