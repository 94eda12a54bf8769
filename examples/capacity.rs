//! How many consumers does a target need? A model put together in code, sized.
//!
//!     cargo run --release --example capacity

use lindley::prelude::*;
use std::error::Error;

/// The answer, printed; the test of the examples calls it.
pub fn main() -> Result<(), Box<dyn Error>> {
    let tickets = Model::builder("tickets")
        .poisson("web", "50/s", "tickets")
        .queue("tickets")
        .consumer("workers", "tickets", 12, LawText::exponential("180ms"))
        .set("run.messages", 20_000)
        .text()?;
    let found = size(&tickets, "tickets.wait.p99 < 500ms", "consumers.workers.servers=10:30")?;
    println!("{}", found.answer.map(|answer| answer.headline).unwrap_or_default());
    Ok(())
}
