//! Room for labels: which parts of a panel are taken, and where the next text may stand so that
//! it covers no other text and as little of the curves as possible. Draws nothing.

use super::canvas::Position;

/// A rectangle as centre and size.
pub(super) type Rect = (Position, Position);

/// The room that is left.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// Upper left and lower right corner.
    pub bounds: (Position, Position),
    /// Places of texts.
    pub taken: Vec<Rect>,
    /// Points that should stay visible.
    pub points: Vec<Position>,
}

pub(super) fn overlap(a: Rect, b: Rect) -> bool {
    (a.0.0 - b.0.0).abs() < (a.1.0 + b.1.0) / 2.0 && (a.0.1 - b.0.1).abs() < (a.1.1 + b.1.1) / 2.0
}

pub(super) fn covers(rect: Rect, p: Position) -> bool {
    (rect.0.0 - p.0).abs() < rect.1.0 / 2.0 && (rect.0.1 - p.1).abs() < rect.1.1 / 2.0
}

impl Room {
    /// A panel with nothing in it.
    pub(super) fn new(from: Position, to: Position) -> Room {
        Room { bounds: (from, to), taken: Vec::new(), points: Vec::new() }
    }

    /// Keeps a line visible: a point every few pixels.
    pub(super) fn keep_line(&mut self, a: Position, b: Position) {
        let length = (a.0 - b.0).hypot(a.1 - b.1);
        let n = (length / 6.0).ceil().clamp(1.0, 400.0) as u32;
        let at = |t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        self.points.extend((0..=n).map(|i| at(f64::from(i) / f64::from(n))));
    }

    /// Takes the best of the centres for a text of that size; `None` where each would cover a text.
    /// Best is what covers little and comes early.
    pub(super) fn place(&mut self, size: Position, centres: impl Iterator<Item = Position>) -> Option<Position> {
        let free = centres.enumerate().filter(|(_, c)| self.is_free((*c, size)));
        let cost = |(i, c): &(usize, Position)| i / 2 + self.points.iter().filter(|p| covers((*c, size), **p)).count();
        let (_, best) = free.min_by_key(cost)?;
        self.taken.push((best, size));
        Some(best)
    }

    /// As [`Room::place`] around a point, to which no other text may bar the way.
    pub(super) fn place_beside(&mut self, p: Position, size: Position) -> Option<Position> {
        let taken = self.taken.clone();
        let barred = move |c: &Position| {
            let on_way = |t: f64| (c.0 + (p.0 - c.0) * t, c.1 + (p.1 - c.1) * t);
            (0..=20).any(|i| taken.iter().any(|rect| covers(*rect, on_way(f64::from(i) / 20.0))))
        };
        self.place(size, around(p, size).filter(move |c| !barred(c)))
    }

    fn is_free(&self, rect: Rect) -> bool {
        self.inside(rect) && !self.taken.iter().any(|t| overlap(rect, *t))
    }

    fn inside(&self, rect: Rect) -> bool {
        let ((x, y), (w, h)) = rect;
        let (from, to) = self.bounds;
        x - w / 2.0 >= from.0 && x + w / 2.0 <= to.0 && y - h / 2.0 >= from.1 && y + h / 2.0 <= to.1
    }
}

/// Centres around a point for a text of that size, the nearest first.
fn around(p: Position, size: Position) -> impl Iterator<Item = Position> {
    let sides = [(1.0, -1.0), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0)];
    let distances = [9.0, 18.0, 30.0, 46.0, 66.0, 90.0, 120.0, 160.0];
    distances.into_iter().flat_map(move |d| {
        sides.into_iter().map(move |(sx, sy)| (p.0 + sx * (size.0 / 2.0 + d), p.1 + sy * (size.1 / 2.0 + d)))
    })
}

/// The part of a line that lies in a rectangle.
pub(super) fn clip(a: Position, b: Position, from: Position, to: Position) -> Option<(Position, Position)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, a.0 - from.0), (dx, to.0 - a.0), (-dy, a.1 - from.1), (dy, to.1 - a.1)] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_never_cover_texts() {
        let mut room = Room::new((0.0, 0.0), (400.0, 300.0));
        let size = (80.0, 14.0);
        let placed: Vec<Position> = (0..200).filter_map(|_| room.place(size, around((200.0, 150.0), size))).collect();
        assert!(placed.len() > 5);
        for (i, a) in placed.iter().enumerate() {
            assert!(placed[..i].iter().all(|b| !overlap((*a, size), (*b, size))));
        }
    }

    #[test]
    fn lines_are_cut_at_the_border() {
        let cut = |a, b| clip(a, b, (0.0, 0.0), (10.0, 10.0));
        assert_eq!(cut((5.0, 5.0), (5.0, 25.0)), Some(((5.0, 5.0), (5.0, 10.0))));
        assert_eq!(cut((-5.0, 20.0), (5.0, 20.0)), None);
        assert_eq!(cut((-10.0, 5.0), (20.0, 5.0)), Some(((0.0, 5.0), (10.0, 5.0))));
    }
}
