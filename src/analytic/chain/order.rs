//! In which order, and in which groups, the states of a chain are eliminated: by levels (long thin chains) or
//! by nested dissection (chains like grids), and what either will cost.

use super::generator::Generator;

/// States eliminated together, and those that then remain connected with them.
#[derive(Debug, Clone, Default)]
pub(super) struct Front {
    pub own: Vec<u32>,
    pub boundary: Vec<u32>,
    pub children: Vec<u32>,
}

/// Fronts in the order of elimination.
#[derive(Debug, Clone, Default)]
pub(super) struct EliminationPlan {
    pub fronts: Vec<Front>,
    /// Additions and multiplications it will take.
    pub work: f64,
    /// Numbers it will keep.
    pub stored: f64,
}

/// Nested dissection goes on down to this many states.
const LEAF: usize = 16;

/// Chains up to this size are one front.
const SMALL: usize = 48;

/// Additions and multiplications that elimination by levels may take before dissection is tried.
const CHEAP: f64 = 2e9;

/// A level of more than this times the square root of the number of states is wider than any in a
/// plane: dissection would be in vain.
const WIDE: f64 = 4.0;

/// From so many states on, dissection in vain takes too long to try.
const MANY: usize = 200_000;

/// The cheaper of both orders, state 0 among the last.
pub(super) fn plan(q: &Generator, back: &Generator) -> EliminationPlan {
    let graph = ChainGraph { q, back };
    if q.len() <= SMALL {
        return graph.plan(vec![(0..q.len() as u32).rev().collect()]);
    }
    let levels = graph.levels();
    let widest = levels.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let by_levels = graph.plan(levels);
    let flat = widest <= WIDE * (q.len() as f64).sqrt();
    if by_levels.work <= CHEAP || (q.len() > MANY && !flat) {
        return by_levels;
    }
    let dissected = graph.plan(graph.dissection());
    if dissected.work < by_levels.work { dissected } else { by_levels }
}

/// The chain without directions.
struct ChainGraph<'q> {
    q: &'q Generator,
    back: &'q Generator,
}

impl ChainGraph<'_> {
    fn neighbours(&self, state: u32) -> impl Iterator<Item = u32> + '_ {
        let both = self.q.row(state as usize).chain(self.back.row(state as usize));
        both.map(|(to, _)| to as u32)
    }

    /// Adds to each group what it will be connected with when its turn comes.
    fn plan(&self, groups: Vec<Vec<u32>>) -> EliminationPlan {
        let n = self.q.len();
        let (mut turn, mut position) = (vec![0_u32; n], vec![0_u32; n]);
        let mut next = 0;
        for (at, group) in groups.iter().enumerate() {
            for &state in group {
                (turn[state as usize], position[state as usize]) = (at as u32, next);
                next += 1;
            }
        }
        let mut seen = vec![u32::MAX; n];
        let mut plan = EliminationPlan::default();
        let mut fronts: Vec<Front> = groups.into_iter().map(|own| Front { own, ..Front::default() }).collect();
        for at in 0..fronts.len() {
            let me = at as u32;
            let mut boundary = Vec::new();
            let mut meet = |state: u32| {
                if turn[state as usize] > me && seen[state as usize] != me {
                    seen[state as usize] = me;
                    boundary.push(state);
                }
            };
            fronts[at].own.iter().for_each(|&state| self.neighbours(state).for_each(&mut meet));
            for &child in &fronts[at].children {
                fronts[child as usize].boundary.iter().for_each(|&state| meet(state));
            }
            boundary.sort_unstable_by_key(|&state| position[state as usize]);
            if let Some(&first) = boundary.first() {
                fronts[turn[first as usize] as usize].children.push(me);
            }
            let (k, b) = (fronts[at].own.len() as f64, boundary.len() as f64);
            plan.work += 2.0 * (k * k * k / 3.0 + k * k * b + k * b * b);
            plan.stored += k * (k + b);
            fronts[at].boundary = boundary;
        }
        plan.fronts = fronts;
        plan
    }

    /// Groups by distance from state 0 (then from the next state that it does not reach), the
    /// farthest first.
    fn levels(&self) -> Vec<Vec<u32>> {
        let mut seen = vec![false; self.q.len()];
        let mut groups = Vec::new();
        for root in 0..self.q.len() as u32 {
            let mut level = if seen[root as usize] { Vec::new() } else { vec![root] };
            seen[root as usize] = true;
            while !level.is_empty() {
                let mut next = Vec::new();
                for &state in &level {
                    let new = |to: &u32| !std::mem::replace(&mut seen[*to as usize], true);
                    next.extend(self.neighbours(state).filter(new));
                }
                groups.push(std::mem::replace(&mut level, next));
            }
        }
        groups.reverse();
        groups
    }

    /// Groups by nested dissection: separators after what they separate.
    fn dissection(&self) -> Vec<Vec<u32>> {
        let n = self.q.len();
        let mut search = Search { part: vec![0; n], distance: vec![0; n], parts: 0 };
        let mut groups = Vec::new();
        let mut todo: Vec<Vec<u32>> = vec![(0..n as u32).rev().collect()];
        while let Some(part) = todo.pop() {
            if part.len() <= LEAF {
                groups.push(part);
                continue;
            }
            let first = search.sweep(self, &part, None);
            if first.len() < part.len() {
                let marked = search.parts;
                let rest = part.into_iter().filter(|&s| search.part[s as usize] != marked).collect();
                todo.extend([rest, first]);
                continue;
            }
            let swept = search.sweep(self, &part, first.last().copied());
            match search.split(self, &swept) {
                Some([below, separator, above]) => {
                    groups.push(separator);
                    todo.extend([below, above]);
                }
                None => groups.push(swept),
            }
        }
        groups.reverse();
        groups
    }
}

/// Breadth-first search within a part.
struct Search {
    /// Last search that met each state.
    part: Vec<u32>,
    distance: Vec<u32>,
    parts: u32,
}

impl Search {
    /// The states of the part that `root` (by default the part's first state) reaches within it,
    /// the nearest first. Marks them with `parts`, and the others of the part with one less.
    fn sweep(&mut self, graph: &ChainGraph, part: &[u32], root: Option<u32>) -> Vec<u32> {
        let within = self.parts + 1;
        let met = within + 1;
        self.parts = met;
        part.iter().for_each(|&state| self.part[state as usize] = within);
        let mut found: Vec<u32> = root.or(part.first().copied()).into_iter().collect();
        found.iter().for_each(|&root| (self.part[root as usize], self.distance[root as usize]) = (met, 0));
        let mut at = 0;
        while at < found.len() {
            let state = found[at];
            for to in graph.neighbours(state) {
                if self.part[to as usize] == within {
                    self.part[to as usize] = met;
                    self.distance[to as usize] = self.distance[state as usize] + 1;
                    found.push(to);
                }
            }
            at += 1;
        }
        found
    }

    /// Splits what was just swept at its thinnest level near the middle; `None` if there is no
    /// middle.
    fn split(&self, graph: &ChainGraph, swept: &[u32]) -> Option<[Vec<u32>; 3]> {
        let far = |state: u32| self.distance[state as usize];
        let depth = far(*swept.last()?);
        if depth < 2 {
            return None;
        }
        let start = |level: u32| swept.partition_point(|&state| far(state) < level);
        let (low, high) = (swept.len() * 3 / 10, swept.len() * 7 / 10);
        let middle = far(swept[swept.len() / 2]).clamp(1, depth - 1);
        let candidates = far(swept[low]).max(1)..=far(swept[high]).min(depth - 1);
        let level = candidates.min_by_key(|&level| start(level + 1) - start(level)).unwrap_or(middle);
        let (from, to) = (start(level), start(level + 1));
        let divides = |&&state: &&u32| {
            let beyond = |s: u32| self.part[s as usize] == self.parts && far(s) == level + 1;
            graph.neighbours(state).any(beyond)
        };
        let (separator, inner): (Vec<u32>, Vec<u32>) = swept[from..to].iter().partition(divides);
        let below = swept[..from].iter().chain(&inner).copied().collect();
        Some([below, separator, swept[to..].to_vec()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize) -> Generator {
        let moves = (0..side * side).flat_map(move |s| {
            let right = (s % side + 1 < side).then_some((s, s + 1, 1.0));
            let down = (s + side < side * side).then_some((s, s + side, 1.0));
            [right, down]
        });
        Generator::from_transitions(side * side, moves.flatten()).unwrap()
    }

    /// The dissection of a grid, or its levels.
    fn plan_of(side: usize, groups: fn(&ChainGraph<'_>) -> Vec<Vec<u32>>) -> EliminationPlan {
        let q = grid(side);
        let back = q.reversed();
        let graph = ChainGraph { q: &q, back: &back };
        graph.plan(groups(&graph))
    }

    #[test]
    fn every_state_is_eliminated_once_and_children_come_first() {
        for side in [3, 20, 90] {
            for groups in [|graph: &ChainGraph| graph.levels(), |graph: &ChainGraph| graph.dissection()] {
                let plan = plan_of(side, groups);
                let mut all: Vec<u32> = plan.fronts.iter().flat_map(|f| f.own.clone()).collect();
                all.sort_unstable();
                assert!(all.iter().copied().eq(0..(side * side) as u32));
                for (at, front) in plan.fronts.iter().enumerate() {
                    assert!(front.children.iter().all(|&child| (child as usize) < at));
                }
            }
        }
    }

    #[test]
    fn dissection_of_a_grid_costs_little_more_than_the_power_three_halves() {
        let cost = |side| plan_of(side, |graph| graph.dissection()).work;
        assert!(cost(160) < 10.0 * cost(80));
    }
}
