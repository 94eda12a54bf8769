//! Options that ask for probabilities beyond the numbers that every answer has. Only syntax.

use clap::Args;

/// Probabilities that are asked for.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct AskedArgs {
    /// Also the probability of exactly n messages in the system, and of more, for these n, as 0,1,2,3.
    #[arg(long, value_delimiter = ',', value_name = "N,N...")]
    pub levels: Vec<u64>,
    /// Also the share of messages that wait, and that stay, no longer than this time, as 20s (repeatable).
    #[arg(long, value_delimiter = ',', value_name = "TIME,TIME...")]
    pub within: Vec<String>,
}
