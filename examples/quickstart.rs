//! How long do messages wait? A model from text, simulated, with theory beside.
//!
//!     cargo run --release --example quickstart

use lindley::prelude::*;
use std::error::Error;

const SHOP: &str = r#"
[producers.web]
arrivals = { poisson = "80/s" }
queue = "orders"

[queues.orders]

[consumers.workers]
queue = "orders"
servers = 1
service = { exponential = { mean = "10ms" } }
"#;

/// The answer, printed; the test of the examples calls it.
pub fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::from_toml(SHOP)?;
    let (simulated, theory) = (simulate(&model)?, solve(&model));
    for name in ["orders.wait.mean", "orders.wait.p99", "orders.utilization.mean"] {
        let row = simulated.row(name).ok_or("the result has it")?;
        let exact = theory.row(name).and_then(|row| row.value);
        println!("{name}: {:?} in [{:?}, {:?}], theory {exact:?} ({:?})", row.value, row.low, row.high, row.unit);
    }
    Ok(())
}
