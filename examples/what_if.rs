//! What if more arrives? A study as text: the p99 of the wait over the arrival rate, one line a point.
//!
//!     cargo run --release --example what_if

use lindley::prelude::*;
use std::error::Error;

/// The answer, printed; the test of the examples calls it.
pub fn main() -> Result<(), Box<dyn Error>> {
    let text = Model::builder("orders")
        .poisson("web", "50/s", "orders")
        .queue("orders")
        .consumer("workers", "orders", 4, LawText::lognormal("40ms", 1.5))
        .set("run.messages", 10_000)
        .set("run.replications", 5)
        .text()?;
    let blocks = "\n[[sweep]]\n[sweep.grid]\n\"producers.web.arrivals.poisson\" = [\"50/s\", \"70/s\", \"90/s\"]\n";
    let study = ModelText::new("orders", format!("{}{blocks}", text.as_text()));
    let result = sweep(&study)?;
    for point in &result.points {
        let row = result.row_at(&point.id, "orders.wait.p99").ok_or("the point was run")?;
        println!("{:?}: {:?} in [{:?}, {:?}] s", point.settings[0].value, row.value, row.low, row.high);
    }
    Ok(())
}
