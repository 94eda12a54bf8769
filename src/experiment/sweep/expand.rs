//! From a block to the settings of its points, in a fixed order: the axes of the grid in file order,
//! then the groups in lockstep, then the joint draws; the last axis is the fastest. Points are
//! counted before any is made.

use super::sample::Draws;
use crate::model::study::SweepBlock;
use crate::model::study::sweep::{Literal, SweepAxis};

/// The number of points of a block; `None` above 2^64.
///
/// ```
/// use lindley::{experiment::sweep::count, model::parse_study};
/// let text = "[[sweep]]\n[sweep.grid]\n\"a.b\" = { range = [1, 1_000_000, 1] }\n\"a.c\" = { range = [1, 1000] }";
/// assert_eq!(count(&parse_study(text).unwrap().0.sweeps[0]), Some(1_000_000_000));
/// ```
pub fn count(block: &SweepBlock) -> Option<u64> {
    sizes(block).try_fold(1_u64, u64::checked_mul)
}

/// The number of values of each axis, slowest first.
fn sizes(block: &SweepBlock) -> impl DoubleEndedIterator<Item = u64> {
    let grid = block.grid.iter().map(|axis| axis.values.count());
    let zip = block.zip.iter().map(|zip| zip.count());
    grid.chain(zip).chain(block.sample.iter().map(|sample| sample.n))
}

/// The settings of the point of that number, below [`count`].
pub(super) fn settings(block: &SweepBlock, draws: &Draws, point: u64) -> Vec<(String, Literal)> {
    let mut at = places(block, point).into_iter();
    let mut settings = Vec::new();
    let mut set = |axis: &SweepAxis, at: u64| settings.push((axis.path.clone(), axis.values.at(at)));
    for (axis, at) in block.grid.iter().zip(&mut at) {
        set(axis, at);
    }
    for (zip, at) in block.zip.iter().zip(&mut at) {
        zip.axes.iter().for_each(|axis| set(axis, at));
    }
    for (sample, at) in block.sample.iter().zip(&mut at) {
        settings.extend(sample.params.iter().enumerate().map(|(p, param)| (param.path.clone(), draws.value(p, at))));
    }
    settings
}

/// The place of a point on each axis, slowest first.
fn places(block: &SweepBlock, point: u64) -> Vec<u64> {
    let mut rest = point;
    let mut places: Vec<u64> = sizes(block)
        .rev()
        .map(|size| {
            let place = rest % size;
            rest /= size;
            place
        })
        .collect();
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse_study;

    fn block(text: &str) -> SweepBlock {
        parse_study(text).unwrap().0.sweeps.remove(0)
    }

    fn all(text: &str) -> Vec<String> {
        let block = block(text);
        let draws = Draws::of(&block, 1);
        let shown = |p| settings(&block, &draws, p).into_iter().map(|(_, v)| v).collect::<Vec<_>>().join(" ");
        (0..count(&block).unwrap()).map(shown).collect()
    }

    #[test]
    fn the_last_axis_is_the_fastest_and_a_group_is_one_axis() {
        let text = "[[sweep]]\n[sweep.grid]\n\"m.a\" = { range = [4, 12, 4] }\n[sweep.zip.tier]\n\
                    \"m.b\" = [\"80ms\", \"35ms\"]\n\"m.c\" = [0.04, 0.11]\n";
        let expected = [
            "4 \"80ms\" 0.04",
            "4 \"35ms\" 0.11",
            "8 \"80ms\" 0.04",
            "8 \"35ms\" 0.11",
            "12 \"80ms\" 0.04",
            "12 \"35ms\" 0.11",
        ];
        assert_eq!(all(text), expected);
    }

    #[test]
    fn spacings_include_the_stop_and_keep_whole_numbers() {
        let one = |axis: &str| all(&format!("[[sweep]]\n[sweep.grid]\n\"m.a\" = {axis}\n"));
        assert_eq!(one("{ range = [4, 14, 4] }"), ["4", "8", "12"]);
        assert_eq!(one("{ range = [1, 3] }"), ["1", "2", "3"]);
        assert_eq!(one("{ range = [0.0, 0.3, 0.1] }"), ["0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(one("{ range = [\"10ms\", \"30ms\", \"10ms\"] }"), ["\"10ms\"", "\"20ms\"", "\"30ms\""]);
        assert_eq!(one("{ linspace = [50, 500, 10] }").last().unwrap(), "500");
        assert_eq!(one("{ linspace = [1, 2, 3] }"), ["1.0", "1.5", "2.0"]);
        let decades = ["\"10ms\"", "\"100ms\"", "\"1s\"", "\"10s\""];
        assert_eq!(one("{ logspace = [\"10ms\", \"10s\", 4] }"), decades);
        assert_eq!(one("{ linspace = [\"60/min\", \"3/s\", 3] }"), ["\"1/s\"", "\"2/s\"", "\"3/s\""]);
        assert_eq!(one("{ values = [1, 2.5, \"x\", true] }"), ["1", "2.5", "\"x\"", "true"]);
    }

    #[test]
    fn too_many_to_count_is_none() {
        let axis = |name| format!("\"m.{name}\" = {{ range = [1, 9_000_000_000_000] }}\n");
        let text = format!("[[sweep]]\n[sweep.grid]\n{}{}", axis("a"), axis("b"));
        assert_eq!(count(&block(&text)), None);
    }
}
