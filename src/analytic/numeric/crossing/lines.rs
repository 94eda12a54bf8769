//! A survival function of jumps and straight lines: that of samples, histograms and uniform laws.

/// A line, and the integrals of what follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct StraightLine {
    pub low: f64,
    pub high: f64,
    start: f64,
    slope: f64,
    /// Integral of the function beyond `high`, and the integral of that.
    beyond: f64,
    beyond_twice: f64,
}

impl StraightLine {
    /// The function at u, low <= u < high.
    pub(super) fn at(&self, u: f64) -> f64 {
        self.start + self.slope * (u - self.low)
    }

    fn beyond(&self, u: f64) -> f64 {
        let left = self.high - u;
        self.beyond + left * (self.at(u) + 0.5 * self.slope * left)
    }

    fn beyond_twice(&self, u: f64) -> f64 {
        let left = self.high - u;
        self.beyond_twice + left * (self.beyond + left * (0.5 * self.at(u) + self.slope * left / 3.0))
    }
}

/// Straight lines from 0 on, without gaps; beyond them the function is 0.
#[derive(Debug, Clone, Default)]
pub(super) struct BrokenLine {
    /// In ascending order.
    pub all: Vec<StraightLine>,
}

impl BrokenLine {
    /// The function that falls by a probability at each atom (place, probability), and whose slope rises by
    /// so much at each edge (place, rise); both ascending, the places above 0 or 0, the rises of sum 0.
    pub(super) fn new(atoms: &[(f64, f64)], edges: &[(f64, f64)]) -> BrokenLine {
        let changes = atoms.iter().map(|(x, p)| (*x, *p, 0.0)).chain(edges.iter().map(|(x, rise)| (*x, 0.0, *rise)));
        let mut changes: Vec<(f64, f64, f64)> = changes.collect();
        changes.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut all: Vec<StraightLine> = Vec::new();
        let (mut end, mut slope) = (0.0, 0.0);
        for (i, (high, fall, rise)) in changes.iter().enumerate() {
            (end, slope) = (end + fall, slope - rise);
            let low = changes.get(i + 1).map_or(0.0, |next| next.0);
            let width = high - low;
            if width <= 0.0 {
                continue;
            }
            let later = |of: fn(&StraightLine, f64) -> f64| all.last().map_or(0.0, |line| of(line, line.low));
            let (beyond, beyond_twice) = (later(StraightLine::beyond), later(StraightLine::beyond_twice));
            end -= slope * width;
            all.push(StraightLine { low, high: *high, start: end, slope, beyond, beyond_twice });
        }
        all.reverse();
        BrokenLine { all }
    }

    fn find(&self, u: f64) -> Option<&StraightLine> {
        self.all.get(self.all.partition_point(|line| line.high <= u))
    }

    /// The function at u >= 0.
    pub(super) fn at(&self, u: f64) -> f64 {
        self.find(u).map_or(0.0, |line| line.at(u))
    }

    /// Its integral beyond u >= 0.
    pub(super) fn beyond(&self, u: f64) -> f64 {
        self.find(u).map_or(0.0, |line| line.beyond(u))
    }

    /// The integral of that.
    pub(super) fn beyond_twice(&self, u: f64) -> f64 {
        self.find(u).map_or(0.0, |line| line.beyond_twice(u))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_atoms_and_a_uniform_law_by_hand() {
        // A quarter at 1 and at 4 each, the other half uniform on 1 to 3.
        let lines = BrokenLine::new(&[(1.0, 0.25), (4.0, 0.25)], &[(1.0, -0.25), (3.0, 0.25)]);
        let mean = |u: f64| 0.25 * ((1.0 - u).max(0.0) + (4.0 - u).max(0.0));
        let square = |u: f64| 0.125 * ((1.0 - u).max(0.0).powi(2) + (4.0 - u).max(0.0).powi(2));
        for u in [0.0, 0.5, 1.0, 1.5, 2.9, 3.5, 4.0, 9.0_f64] {
            let left = (3.0 - u.max(1.0)).max(0.0);
            let before = (1.0 - u).max(0.0);
            let at = 0.25 * f64::from(u8::from(u < 1.0)) + 0.25 * f64::from(u8::from(u < 4.0)) + 0.25 * left;
            let beyond = mean(u) + 0.125 * left * left + 0.5 * before;
            let twice = square(u) + left.powi(3) / 24.0 + before * (0.5 + 0.25 * before);
            for (i, (found, exact)) in
                [(lines.at(u), at), (lines.beyond(u), beyond), (lines.beyond_twice(u), twice)].into_iter().enumerate()
            {
                assert!((found - exact).abs() < 1e-15, "{i} at {u}: {found} {exact}");
            }
        }
    }
}
