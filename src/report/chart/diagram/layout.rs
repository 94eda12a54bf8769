//! Where the boxes of a diagram stand: layers from left to right by the way of messages, an order
//! within each layer that crosses few lines, heights that keep lines short. Knows indices only.

/// What stands in a layer: a part, or the place where a longer line passes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seat {
    /// From the left, from 0.
    pub layer: usize,
    /// Middle, in pixels from the top.
    pub y: f64,
    /// Room from middle to middle of the next.
    height: f64,
}

/// A line and the seats through which it runs, both ends included.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    /// Index of the line.
    pub line: usize,
    /// Seats from left to right.
    pub seats: Vec<usize>,
}

/// Places for every part, and ways for every line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// The parts come first, in their order; passages follow.
    pub seats: Vec<Seat>,
    /// Lines that lead to the right.
    pub routes: Vec<Route>,
    /// Lines that lead back, or stay in their layer.
    pub back: Vec<usize>,
    /// Number of layers.
    pub layers: usize,
    /// Lower end of the lowest seat.
    pub bottom: f64,
}

/// Room of a part and of a passage, middle to middle.
const ROOM: (f64, f64) = (84.0, 30.0);

/// Finds places for `parts` joined by `lines` (from, to).
pub(super) fn layout(parts: usize, lines: &[(usize, usize)]) -> Layout {
    let depth = layers(parts, lines);
    let mut seats: Vec<Seat> = depth.iter().map(|&layer| Seat { layer, y: 0.0, height: ROOM.0 }).collect();
    let (mut routes, mut back) = (Vec::new(), Vec::new());
    for (line, &(from, to)) in lines.iter().enumerate() {
        if depth[to] <= depth[from] {
            back.push(line);
            continue;
        }
        let passages = depth[from] + 1..depth[to];
        let first = seats.len();
        seats.extend(passages.clone().map(|layer| Seat { layer, y: 0.0, height: ROOM.1 }));
        let through = (first..seats.len()).collect::<Vec<_>>();
        routes.push(Route { line, seats: [vec![from], through, vec![to]].concat() });
    }
    let layers = depth.iter().max().map_or(0, |d| d + 1);
    let neighbours = neighbours(seats.len(), &routes);
    place(&mut seats, layers, &neighbours);
    let top = seats.iter().map(|s| s.y - s.height / 2.0).fold(f64::INFINITY, f64::min);
    seats.iter_mut().for_each(|s| s.y -= top);
    let bottom = seats.iter().map(|s| s.y + s.height / 2.0).fold(0.0, f64::max);
    Layout { seats, routes, back, layers, bottom }
}

/// The layer of every part: one more than the deepest that leads to it; lines that close a circle
/// do not count.
fn layers(parts: usize, lines: &[(usize, usize)]) -> Vec<usize> {
    let forward = without_circles(parts, lines);
    let mut depth = vec![0; parts];
    // A way without circles passes at most `parts` parts.
    for _ in 0..parts {
        let mut moved = false;
        for &(from, to) in &forward {
            if depth[to] < depth[from] + 1 {
                depth[to] = depth[from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    depth
}

/// The lines but those that lead back to a part from which they come, by a walk from every part in order.
fn without_circles(parts: usize, lines: &[(usize, usize)]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visited {
        No,
        Open,
        Done,
    }
    let exits: Vec<Vec<usize>> = (0..parts).map(|p| lines.iter().filter(|l| l.0 == p).map(|l| l.1).collect()).collect();
    let (mut seen, mut kept) = (vec![Visited::No; parts], Vec::new());
    for start in 0..parts {
        let mut path = if seen[start] == Visited::No { vec![(start, 0)] } else { Vec::new() };
        while let Some((part, next)) = path.pop() {
            seen[part] = Visited::Open;
            let Some(&to) = exits[part].get(next) else {
                seen[part] = Visited::Done;
                continue;
            };
            path.push((part, next + 1));
            if seen[to] != Visited::Open {
                kept.push((part, to));
            }
            if seen[to] == Visited::No {
                path.push((to, 0));
            }
        }
    }
    kept
}

/// For every seat the seats beside it on lines: to the left and to the right.
type Neighbours = Vec<(Vec<usize>, Vec<usize>)>;

fn neighbours(seats: usize, routes: &[Route]) -> Neighbours {
    let mut found = vec![(Vec::new(), Vec::new()); seats];
    for pair in routes.iter().flat_map(|r| r.seats.windows(2)) {
        found[pair[0]].1.push(pair[1]);
        found[pair[1]].0.push(pair[0]);
    }
    found
}

/// Sweeps to the right and to the left: each layer is ordered by the middle of its neighbours and
/// then stacked as close to them as its room allows.
fn place(seats: &mut [Seat], layers: usize, neighbours: &Neighbours) {
    let mut columns: Vec<Vec<usize>> =
        (0..layers).map(|layer| (0..seats.len()).filter(|&s| seats[s].layer == layer).collect()).collect();
    columns.iter().for_each(|column| stack(seats, column, &[]));
    for sweep in 0..8 {
        let rightward = sweep % 2 == 0;
        let order: Vec<usize> = if rightward { (0..layers).collect() } else { (0..layers).rev().collect() };
        for layer in order {
            let side = |s: usize| if rightward { &neighbours[s].0 } else { &neighbours[s].1 };
            let wanted = |s: usize| middle(seats, side(s)).unwrap_or(seats[s].y);
            let mut column: Vec<(f64, usize)> = columns[layer].iter().map(|&s| (wanted(s), s)).collect();
            column.sort_by(|a, b| a.0.total_cmp(&b.0));
            let places: Vec<f64> = column.iter().map(|c| c.0).collect();
            columns[layer] = column.into_iter().map(|c| c.1).collect();
            stack(seats, &columns[layer], &places);
        }
    }
}

fn middle(seats: &[Seat], of: &[usize]) -> Option<f64> {
    (!of.is_empty()).then(|| of.iter().map(|&s| seats[s].y).sum::<f64>() / of.len() as f64)
}

/// Puts a column near its wanted places without overlap: pushed down where too close, then all
/// moved up by what they were pushed on average.
fn stack(seats: &mut [Seat], column: &[usize], wanted: &[f64]) {
    let mut floor = f64::NEG_INFINITY;
    let mut pushed = 0.0;
    for (i, &seat) in column.iter().enumerate() {
        let half = seats[seat].height / 2.0;
        let want = wanted.get(i).copied().unwrap_or(0.0);
        let y = want.max(floor + half);
        pushed += y - want;
        seats[seat].y = y;
        floor = y + half;
    }
    let shift = pushed / column.len().max(1) as f64;
    column.iter().for_each(|&seat| seats[seat].y -= shift);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(layout: &Layout) -> bool {
        let all = || layout.seats.iter().enumerate();
        all().all(|(i, a)| {
            all().all(|(j, b)| i == j || a.layer != b.layer || (a.y - b.y).abs() >= (a.height + b.height) / 2.0 - 1e-6)
        })
    }

    #[test]
    fn messages_run_to_the_right() {
        let chain = layout(4, &[(0, 1), (1, 2), (2, 3)]);
        assert_eq!(chain.seats.iter().map(|s| s.layer).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert!(chain.seats.iter().all(|s| (s.y - chain.seats[0].y).abs() < 1e-9), "a chain is straight");
    }

    #[test]
    fn circles_lead_back_and_end() {
        let ring = layout(3, &[(0, 1), (1, 2), (2, 1), (2, 2)]);
        assert_eq!(ring.back, [2, 3]);
        assert_eq!(ring.layers, 3);
    }

    #[test]
    fn long_lines_keep_their_room_and_nothing_overlaps() {
        let mut lines: Vec<(usize, usize)> = (0..12).map(|i| (0, i + 1)).collect();
        lines.extend((0..12).map(|i| (i + 1, 13 + i)));
        lines.push((0, 20));
        let wide = layout(25, &lines);
        assert!(apart(&wide));
        assert_eq!(wide.routes.last().expect("the long one").seats.len(), 3);
    }

    #[test]
    fn nothing_is_no_layout() {
        assert_eq!(layout(0, &[]).layers, 0);
    }
}
