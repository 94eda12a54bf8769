//! How fine histograms may be, so that a study of many queues fits into memory.

use super::cut::kept_batches;
use crate::model::Model;

/// Bytes that the histograms of a study take at most.
const BUDGET: usize = 256 << 20;

/// Bytes of a histogram of full fineness: 512 bins of four bytes for each of 16 octaves.
const HISTOGRAM: usize = 16 * 512 * 4;

/// Bits of fineness that are dropped at most: eight bins an octave are left.
const MOST_DROPPED: u8 = 6;

/// Bits of fineness that histograms must do without: half as many bins each.
///
/// Histograms are those of wait and sojourn of every class at every queue, in every batch that is kept of every replication; a
/// dozen queues have all of them, thousands coarser ones.
pub(crate) fn dropped(model: &Model) -> u8 {
    let each = 2 * model.queues.len() * model.classes.len().max(1);
    let bytes = each * kept_batches(model) * HISTOGRAM;
    (0..MOST_DROPPED).find(|dropped| bytes >> dropped <= BUDGET).unwrap_or(MOST_DROPPED)
}

/// Replications whose histograms fit, of the fineness that they have; with copies of half of them while they are estimated.
pub(crate) fn most_replications(model: &Model) -> u32 {
    let first = model.run.replications.max(1) as usize;
    let each = 3 * model.queues.len() * model.classes.len().max(1) * kept_batches(model) / first * HISTOGRAM;
    u32::try_from((BUDGET << dropped(model)) / (each + each / 2).max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Queue;

    #[test]
    fn a_dozen_queues_are_measured_finely_and_thousands_coarsely() {
        let bits = |queues: usize| {
            let text = "[queues.q]\n[consumers.c]\nqueue = \"q\"\nservice = \"1s\"\n[producers.p]\n\
                        arrivals = { poisson = \"0.5/s\" }\nqueue = \"q\"\n";
            let mut model = Model::from_toml(text).unwrap();
            model.queues = vec![Queue::new("q"); queues];
            model.run.replications = 5;
            dropped(&model)
        };
        assert_eq!([1, 12, 50].map(bits), [0, 0, 0]);
        // 2,000 queues: 4,000 histograms of 32 KiB in ten batches are 1.25 GiB, an eighth of which fits.
        assert_eq!([2_000, 1_000_000].map(bits), [3, 6]);
    }
}
