//! Where states, arrows and labels of the message state diagram stand. States have fixed
//! places; arrows are curves between them; each label takes the first spot along its arrow
//! that covers no box and no other label. Draws nothing.

use super::super::canvas::{Position, text_width};
use super::super::figure::{TOP, WIDTH};
use super::super::room::{Rect, covers, overlap};
use crate::experiment::result::{Interval, LifecycleReport, Transition};
use crate::report::distinct::distinct;
use crate::report::numbers::{half_width, percent_pair};

/// Half the width and height of a box.
pub(super) const BOX: Position = (66.0, 25.0);

/// Rows: the way of a message without trouble, the back-off, the other ends, unknown states.
const ROWS: [f64; 4] = [110.0, 238.0, 400.0, 480.0];
/// Room for arrows that run back over the first row.
const ARCS: f64 = 90.0;

/// A state with the centre of its box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatePlace {
    pub state: String,
    pub centre: Position,
    row: usize,
}

/// A cubic Bezier curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ArrowCurve([Position; 4]);

impl ArrowCurve {
    /// The point at `t` in [0, 1].
    pub(super) fn at(&self, t: f64) -> Position {
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let sum = |pick: fn(&Position) -> f64| self.0.iter().zip(weights).map(|(p, w)| w * pick(p)).sum();
        (sum(|p| p.0), sum(|p| p.1))
    }

    /// The last point that is `distance` away from the end.
    pub(super) fn before_end(&self, distance: f64) -> Position {
        let end = self.at(1.0);
        let steps = (0..=200).rev().map(|i| self.at(f64::from(i) / 200.0));
        let mut far = steps.skip_while(|p| (p.0 - end.0).hypot(p.1 - end.1) < distance);
        far.next().unwrap_or(self.0[0])
    }
}

/// A transition with its way and the centre of its label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arrow {
    pub from: String,
    pub to: String,
    pub probability: Interval,
    pub curve: ArrowCurve,
    pub label: Position,
}

/// The whole diagram.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StateLayout {
    pub places: Vec<StatePlace>,
    pub arrows: Vec<Arrow>,
    pub height: f64,
}

impl StateLayout {
    /// Places everything that the report mentions.
    pub(super) fn of(report: &LifecycleReport) -> StateLayout {
        let mut places = places(report);
        let arcs = report.transitions.iter().any(|t| is_arc(&places, &t.from, &t.to));
        let down = TOP + if arcs { ARCS } else { 0.0 } - (ROWS[0] - 60.0);
        places.iter_mut().for_each(|p| p.centre.1 += down);
        let mut arrows = arrows(report, &places);
        place_labels(&mut arrows, &places);
        let lowest = places.iter().map(|p| p.centre.1).fold(0.0, f64::max);
        StateLayout { places, arrows, height: lowest + BOX.1 + 60.0 }
    }
}

/// Row and horizontal centre of the known states.
fn home(state: &str) -> Option<(usize, f64)> {
    Some(match state {
        "published" => (0, 92.0),
        "ready" => (0, 286.0),
        "delivered" => (0, 480.0),
        "running" => (0, 674.0),
        "acked" => (0, 868.0),
        "delayed" => (1, 575.0),
        "unroutable" => (2, 86.0),
        "refused" => (2, 230.0),
        "dead_lettered" => (2, 374.0),
        "expired" => (2, 518.0),
        "dropped" => (2, 662.0),
        "lost" => (2, 858.0),
        _ => return None,
    })
}

fn places(report: &LifecycleReport) -> Vec<StatePlace> {
    let states = distinct(report.transitions.iter().flat_map(|t| [t.from.as_str(), t.to.as_str()]));
    let strangers: Vec<&str> = states.iter().copied().filter(|s| home(s).is_none()).collect();
    let spot = |state: &str| {
        home(state).unwrap_or_else(|| {
            let i = strangers.iter().position(|s| *s == state).unwrap_or(0);
            (3, WIDTH * (i as f64 + 0.5) / strangers.len() as f64)
        })
    };
    let place = |state: &&str| {
        let (row, x) = spot(state);
        StatePlace { state: state.to_string(), centre: (x, ROWS[row]), row }
    };
    states.iter().map(place).collect()
}

fn find<'a>(places: &'a [StatePlace], state: &str) -> &'a StatePlace {
    places.iter().find(|p| p.state == state).expect("every state of a transition has a place")
}

/// Whether an arrow has to run over the boxes of its row.
fn is_arc(places: &[StatePlace], from: &str, to: &str) -> bool {
    let (a, b) = (find(places, from), find(places, to));
    a.row == b.row && !is_step(a, b)
}

/// Whether `b` is the right-hand neighbour of `a`.
fn is_step(a: &StatePlace, b: &StatePlace) -> bool {
    let distance = b.centre.0 - a.centre.0;
    a.row == b.row && distance > 2.0 * BOX.0 && distance < 200.0
}

/// From where to where an arrow runs.
type Way<'a> = (&'a StatePlace, &'a StatePlace);

fn arrows(report: &LifecycleReport, places: &[StatePlace]) -> Vec<Arrow> {
    let way = |t: &Transition| (find(places, &t.from), find(places, &t.to));
    let ways: Vec<Way> = report.transitions.iter().map(way).collect();
    let arrow = |t: &Transition| {
        let curve = curve(way(t), &ways);
        let (from, to) = (t.from.clone(), t.to.clone());
        Arrow { from, to, probability: t.probability, curve, label: curve.at(0.5) }
    };
    report.transitions.iter().map(arrow).collect()
}

/// How far from the middle of the lower and upper side an arrow down starts and ends:
/// spread so that arrows leave in the order of where they go.
fn ports((a, b): Way, ways: &[Way]) -> (f64, f64) {
    let down = || ways.iter().filter(|(from, to)| to.row > from.row);
    let goals = down().filter(|w| w.0.state == a.state).map(|w| w.1.centre.0).collect();
    let origins = down().filter(|w| w.1.state == b.state).map(|w| w.0.centre.0).collect();
    // An arrow from below takes the right of the lower side.
    let shared = ways.iter().any(|(from, to)| to.state == a.state && from.row > to.row);
    let out = spread(b.centre.0, goals);
    let out = if shared { 0.7 * out - 20.0 } else { out };
    let into = spread(a.centre.0, origins) + if b.row == 1 { 30.0 } else { 0.0 };
    (slot(&a.state, &b.state).unwrap_or(out), into)
}

/// Where arrows leave the lower side of `running` however few there are: the box of the
/// back-off is close at its left.
fn slot(from: &str, to: &str) -> Option<f64> {
    match (from, to) {
        ("running", "delayed") => Some(-42.0),
        ("running", "dropped") => Some(0.0),
        ("running", "lost") => Some(42.0),
        _ => None,
    }
}

/// The place of `mine` among `all` from left to right, in pixels from the middle.
fn spread(mine: f64, all: Vec<f64>) -> f64 {
    let rank = all.iter().filter(|x| **x < mine).count();
    if all.len() < 2 { 0.0 } else { 84.0 * (rank as f64 / (all.len() - 1) as f64 - 0.5) }
}

fn curve((a, b): Way, ways: &[Way]) -> ArrowCurve {
    let ((ax, ay), (bx, by)) = (a.centre, b.centre);
    if is_step(a, b) {
        let (start, end) = ((ax + BOX.0, ay), (bx - BOX.0, by));
        let third = (end.0 - start.0) / 3.0;
        return ArrowCurve([start, (start.0 + third, ay), (end.0 - third, by), end]);
    }
    if a.state == b.state {
        let top = ay - BOX.1;
        return ArrowCurve([(ax - 25.0, top), (ax - 35.0, top - 70.0), (ax - 75.0, top - 70.0), (ax - 52.0, top)]);
    }
    if a.row == b.row {
        return arc(a, b);
    }
    if b.row < a.row {
        // Back up, above whatever leaves the lower side of `b` to its left.
        let (start, end) = ((ax - 30.0, ay - BOX.1), (bx + 48.0, by + BOX.1));
        return ArrowCurve([start, (start.0 - 10.0, start.1 - 60.0), (end.0, end.1 + 75.0), end]);
    }
    let (out, into) = ports((a, b), ways);
    let (start, end) = ((ax + out, ay + BOX.1), (bx + into, by - BOX.1));
    // Down first, then across: so the way keeps clear of the row between.
    let drop = end.1 - start.1;
    ArrowCurve([start, (start.0, start.1 + 0.65 * drop), (end.0, end.1 - 0.3 * drop), end])
}

/// Over the boxes of the row, higher the farther it goes.
fn arc(a: &StatePlace, b: &StatePlace) -> ArrowCurve {
    let back = (a.centre.0 - b.centre.0).signum();
    let distance = (a.centre.0 - b.centre.0).abs();
    // Longer arcs start and end farther out, so that they contain the shorter ones.
    let out = if distance < 250.0 {
        -30.0
    } else if distance < 450.0 {
        -8.0
    } else {
        22.0
    };
    let (start, end) = ((a.centre.0 + back * out, a.centre.1 - BOX.1), (b.centre.0 - back * out, b.centre.1 - BOX.1));
    let rise = 28.0 + 0.125 * distance;
    let lean = 0.15 * distance * back;
    ArrowCurve([start, (start.0 - lean, start.1 - rise * 1.33), (end.0 + lean, end.1 - rise * 1.33), end])
}

/// Width and height of the label of a probability.
pub(super) fn label_size(p: &Interval) -> Position {
    let (value, half) = two_lines(p);
    let width = text_width(&value, 11.0).max(text_width(&half, 10.0)) + 4.0;
    (width, if half.is_empty() { 14.0 } else { 27.0 })
}

/// Gives each label the spot that covers least.
fn place_labels(arrows: &mut [Arrow], places: &[StatePlace]) {
    let ways: Vec<Vec<Position>> =
        arrows.iter().map(|a| (0..=30).map(|i| a.curve.at(f64::from(i) / 30.0)).collect()).collect();
    let mut taken: Vec<Rect> = places.iter().map(|p| (p.centre, (2.0 * BOX.0 + 4.0, 2.0 * BOX.1 + 4.0))).collect();
    for (i, arrow) in arrows.iter_mut().enumerate() {
        let size = label_size(&arrow.probability);
        let cost = |centre: Position| {
            let rect = (centre, size);
            let covered = taken.iter().filter(|t| overlap(rect, **t)).count();
            let others = ways.iter().enumerate().filter(|(k, _)| *k != i).flat_map(|(_, way)| way);
            let crossed = others.filter(|p| covers(rect, **p)).count();
            let outside = centre.0 < size.0 / 2.0 || centre.0 > WIDTH - size.0 / 2.0;
            100 * covered + crossed + 1000 * usize::from(outside)
        };
        let best = spots(&arrow.curve, size).min_by_key(|p| cost(*p));
        arrow.label = best.expect("there are always candidates");
        taken.push((arrow.label, size));
    }
}

/// Candidates along the way, from its middle outward: beside the line where it is level,
/// on it elsewhere. `min_by_key` keeps the first of equals.
fn spots(curve: &ArrowCurve, size: Position) -> impl Iterator<Item = Position> {
    let level = (curve.at(0.0).1 - curve.at(1.0).1).abs() < 1.0 && (curve.at(0.5).1 - curve.at(0.0).1).abs() < 1.0;
    let shifts = if level { [-size.1 / 2.0 - 5.0, size.1 / 2.0 + 5.0, 0.0] } else { [0.0, -16.0, 16.0] };
    let along = (0..=16).flat_map(|k| [0.5 + 0.025 * f64::from(k), 0.5 - 0.025 * f64::from(k)]);
    let ways: Vec<Position> = along.map(|t| curve.at(t)).collect();
    shifts.into_iter().flat_map(move |dy| ways.clone().into_iter().map(move |(x, y)| (x, y + dy)))
}

/// `98.20 %` and `± 0.11 %`.
pub(super) fn two_lines(p: &Interval) -> (String, String) {
    let (value, half) = percent_pair(p);
    // Exactly all or nothing, in every replication: an interval adds nothing.
    let half = half.filter(|_| half_width(p) != Some(0.0));
    (value, half.map_or(String::new(), |half| format!("± {half}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lifecycle;

    /// The legal transitions whose bit is set, with odd probabilities.
    fn report(bits: u32) -> LifecycleReport {
        let mut pairs: Vec<(&str, &str)> = Lifecycle::transitions().map(|t| (t.0.name(), t.2.name())).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let chosen = pairs.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        let transitions = chosen.map(|(i, (from, to))| Transition {
            from: from.to_string(),
            to: to.to_string(),
            count: 1,
            probability: Interval { value: 0.123 + 0.01 * i as f64, low: Some(0.1), high: Some(0.2) },
        });
        LifecycleReport { transitions: transitions.collect(), ..LifecycleReport::default() }
    }

    fn box_of(place: &StatePlace) -> Rect {
        (place.centre, (2.0 * BOX.0, 2.0 * BOX.1))
    }

    /// Every set of up to two missing transitions, every set of up to three present ones,
    /// and a thousand others.
    fn subsets() -> impl Iterator<Item = u32> {
        let n = 18;
        let all = (1u32 << n) - 1;
        let bit = move |i: u32| 1u32 << i;
        let pairs = (0..n).flat_map(move |i| (0..n).map(move |j| bit(i) | bit(j)));
        let triples = pairs.clone().flat_map(move |p| (0..n).map(move |k| p | bit(k)));
        let mixed = (1..=1000u32).map(move |i| i.wrapping_mul(2_654_435_761) >> 14);
        pairs.map(move |p| all & !p).chain(triples).chain(mixed).chain([all])
    }

    #[test]
    fn labels_cover_no_box_and_no_other_label() {
        for bits in subsets().filter(|b| *b > 0) {
            let layout = StateLayout::of(&report(bits));
            let labels: Vec<Rect> = layout.arrows.iter().map(|a| (a.label, label_size(&a.probability))).collect();
            for (i, label) in labels.iter().enumerate() {
                assert!(labels[..i].iter().all(|other| !overlap(*label, *other)), "{bits:b}: {:?}", layout.arrows[i]);
                let free = layout.places.iter().all(|p| !overlap(*label, box_of(p)));
                assert!(free, "{bits:b}: {:?}", layout.arrows[i]);
            }
        }
    }

    #[test]
    fn the_check_would_see_an_overlap() {
        let layout = StateLayout::of(&report(1));
        let arrow = &layout.arrows[0];
        let moved = (find(&layout.places, &arrow.to).centre, label_size(&arrow.probability));
        assert!(layout.places.iter().any(|p| overlap(moved, box_of(p))));
    }

    #[test]
    fn arrows_pass_no_box_but_their_own() {
        assert_eq!(StateLayout::of(&report(u32::MAX)).arrows.len(), 18);
        for bits in subsets() {
            let layout = StateLayout::of(&report(bits));
            for arrow in &layout.arrows {
                let way: Vec<Position> = (0..=60).map(|i| arrow.curve.at(f64::from(i) / 60.0)).collect();
                for place in layout.places.iter().filter(|p| p.state != arrow.from && p.state != arrow.to) {
                    let near = (place.centre, (2.0 * BOX.0 + 8.0, 2.0 * BOX.1 + 8.0));
                    let hit = way.iter().any(|p| covers(near, *p));
                    assert!(!hit, "{bits:b}: {} -> {} passes {}", arrow.from, arrow.to, place.state);
                }
            }
        }
    }

    #[test]
    fn everything_is_on_the_sheet() {
        let layout = StateLayout::of(&report(u32::MAX));
        for arrow in &layout.arrows {
            let inside = |p: Position| p.0 > 0.0 && p.0 < WIDTH && p.1 > 60.0 && p.1 < layout.height - 25.0;
            assert!((0..=50).all(|i| inside(arrow.curve.at(f64::from(i) / 50.0))), "{arrow:?}");
        }
    }
}
