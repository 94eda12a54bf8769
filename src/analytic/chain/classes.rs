//! Which states lead where: closed classes and reachability, by graph search alone.

use super::generator::Generator;

/// The closed classes of a chain (sets of states that are never left and within which every state
/// reaches every other), each by increasing state number.
///
/// A chain has a single stationary distribution if and only if there is exactly one.
/// Reference: Tarjan, Depth-first search and linear graph algorithms (1972).
pub(super) fn closed_classes(q: &Generator) -> Vec<Vec<usize>> {
    let (class, count) = strong_components(q);
    let mut closed = vec![true; count];
    for from in 0..q.len() {
        if q.row(from).any(|(to, _)| class[to] != class[from]) {
            closed[class[from] as usize] = false;
        }
    }
    let mut place = vec![usize::MAX; count];
    let mut classes = Vec::new();
    for (state, &c) in class.iter().enumerate() {
        let c = c as usize;
        if closed[c] {
            if place[c] == usize::MAX {
                place[c] = classes.len();
                classes.push(Vec::new());
            }
            classes[place[c]].push(state);
        }
    }
    classes
}

/// Number of the strongly connected component of each state, and how many there are.
fn strong_components(q: &Generator) -> (Vec<u32>, usize) {
    const NONE: u32 = u32::MAX;
    let n = q.len();
    let (mut order, mut low, mut class) = (vec![NONE; n], vec![NONE; n], vec![NONE; n]);
    let (mut open, mut path) = (Vec::new(), Vec::new());
    let (mut seen, mut count) = (0, 0);
    for root in 0..n {
        if order[root] != NONE {
            continue;
        }
        path.push((root, q.row(root)));
        while let Some((state, moves)) = path.last_mut() {
            let state = *state;
            if order[state] == NONE {
                (order[state], low[state]) = (seen, seen);
                seen += 1;
                open.push(state);
            }
            match moves.next() {
                Some((to, _)) if order[to] == NONE => path.push((to, q.row(to))),
                Some((to, _)) if class[to] == NONE => low[state] = low[state].min(order[to]),
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some((before, _)) = path.last() {
                        low[*before] = low[*before].min(low[state]);
                    }
                    if low[state] == order[state] {
                        while let Some(member) = open.pop() {
                            class[member] = count;
                            if member == state {
                                break;
                            }
                        }
                        count += 1;
                    }
                }
            }
        }
    }
    (class, count as usize)
}

/// Which states can reach one of the marked ones without entering a forbidden state before
/// (marked states reach themselves). `back` is the reversed chain.
pub(super) fn reaching(back: &Generator, marked: &[bool], forbidden: &[bool]) -> Vec<bool> {
    let mut found = marked.to_vec();
    let mut todo: Vec<usize> = (0..found.len()).filter(|&s| found[s]).collect();
    while let Some(state) = todo.pop() {
        for (before, _) in back.row(state) {
            if !found[before] && !forbidden[before] {
                found[before] = true;
                todo.push(before);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_a_small_chain() {
        // 0 -> 1 <-> 2, 3 alone.
        let q = Generator::from_transitions(4, [(0, 1, 1.0), (1, 2, 1.0), (2, 1, 3.0)]).unwrap();
        assert_eq!(closed_classes(&q), vec![vec![1, 2], vec![3]]);
        let marked = [false, false, true, false];
        assert_eq!(reaching(&q.reversed(), &marked, &[false; 4]), vec![true, true, true, false]);
    }

    #[test]
    fn a_long_path_needs_no_stack() {
        let n = 300_000;
        let q = Generator::from_transitions(n, (0..n - 1).map(|i| (i, i + 1, 1.0))).unwrap();
        assert_eq!(closed_classes(&q), vec![vec![n - 1]]);
    }
}
