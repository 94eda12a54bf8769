//! Sweeps as a user meets them: what is run, what is kept, what is refused, and that kills, threads
//! and shards leave no trace in the tables.

mod bench;
mod kept;
mod parts;
mod refused;
mod shown;
