//! What the tests of many formulas share.

use super::Refusal;
use super::catalog::ask;
use super::chain::{Chain, Generator};
use super::law::TimeLaw;
use super::steady::Moments;
use std::hash::Hash;

/// Means of functions of the state of a chain, as tests want them beside a formula.
pub(crate) fn chain_averages<S: Clone + Eq + Hash>(
    start: impl IntoIterator<Item = S>,
    limit: usize,
    moves: impl FnMut(&S, &mut dyn FnMut(S, f64)),
) -> impl Fn(&dyn Fn(&S) -> f64) -> f64 {
    let chain = Chain::explore(start, limit, moves).unwrap();
    let p = chain.stationary().unwrap();
    move |of| chain.expect(&p, of)
}

/// 1 where it holds: its mean is a probability.
pub(crate) fn share(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Two stages between arrivals and in each service, two servers told apart by stage, a few places, patience of exponential law.
pub(crate) struct TwoStages {
    /// Arrivals per service.
    pub lambda: f64,
    /// Messages that may wait.
    pub room: u32,
    /// Rate at which each one that waits gives up.
    pub theta: f64,
}

/// Shares of messages, and how many wait.
pub(crate) struct TwoStagesFound {
    pub lost: f64,
    pub gives_up: f64,
    pub waiting: f64,
}

impl TwoStages {
    /// By a chain whose states are (stage of the arrival, servers in stage 1, in stage 2, waiting).
    pub(crate) fn solve(&self) -> TwoStagesFound {
        let TwoStages { lambda, room, theta } = *self;
        let average = chain_averages([(0_u8, 0_u32, 0_u32, 0_u32)], 1000, |&(phase, one, two, waiting), to| {
            let joined = match one + two {
                0 | 1 => (0, one + 1, two, waiting),
                _ => (0, one, two, room.min(waiting + 1)),
            };
            to(if phase == 0 { (1, one, two, waiting) } else { joined }, 2.0 * lambda);
            if one > 0 {
                to((phase, one - 1, two + 1, waiting), 2.0 * f64::from(one));
            }
            if two > 0 {
                let next = if waiting > 0 { (phase, one + 1, two - 1, waiting - 1) } else { (phase, one, two - 1, 0) };
                to(next, 2.0 * f64::from(two));
            }
            if waiting > 0 && theta > 0.0 {
                to((phase, one, two, waiting - 1), theta * f64::from(waiting));
            }
        });
        let waiting = average(&|&(_, _, _, waiting)| f64::from(waiting));
        TwoStagesFound {
            lost: average(&|&(phase, _, _, waiting)| 2.0 * share(phase == 1 && waiting == room)),
            gives_up: theta * waiting / lambda,
            waiting,
        }
    }
}

/// Fails unless a law has that mean and, if it is known, that variance, up to these relative errors.
#[track_caller]
pub(crate) fn has_moments(law: &TimeLaw, wanted: Moments, (step, points): (f64, u32), errors: [f64; 2]) {
    let (mean, second) = moments_of_tail(|t| law.survival(t), step, points);
    assert!((mean / wanted.mean - 1.0).abs() < errors[0], "mean {mean} instead of {}", wanted.mean);
    let (found, variance) = (second - mean * mean, wanted.variance.unwrap_or(second - mean * mean));
    assert!((found / variance - 1.0).abs() < errors[1], "variance {found} instead of {variance}");
}

/// Mean and second moment of a time by the midpoint rule over its tail, until the tail is gone or is
/// no number.
pub(crate) fn moments_of_tail(tail: impl Fn(f64) -> f64, step: f64, points: u32) -> (f64, f64) {
    let (mut mean, mut second) = (0.0, 0.0);
    for t in (0..points).map(|i| (f64::from(i) + 0.5) * step) {
        let part = tail(t) * step;
        if part.is_nan() || part < 1e-18 {
            break;
        }
        (mean, second) = (mean + part, second + 2.0 * t * part);
    }
    (mean, second)
}

/// These named systems refuse these parameters as no system at all.
pub(crate) fn assert_invalid(cases: &[(&str, &str)]) {
    for (name, text) in cases {
        let answer = ask(name, text);
        assert!(matches!(answer, Err(Refusal::Invalid(_))), "{name} {text}: {answer:?}");
    }
}

/// The chain on 0 to `top` with these rates up from n and down from n.
pub(crate) fn births_and_deaths(top: usize, up: impl Fn(usize) -> f64, down: impl Fn(usize) -> f64) -> Generator {
    let moves = (0..top).flat_map(|n| [(n, n + 1, up(n)), (n + 1, n, down(n + 1))]);
    Generator::from_transitions(top + 1, moves).unwrap()
}

/// Fails unless two numbers differ by less than that share of the second.
#[track_caller]
pub(crate) fn assert_close(a: f64, b: f64, share: f64) {
    assert!((a / b - 1.0).abs() < share, "{a} {b}");
}

/// The chain of stations in series with room for `room - 1` each and these service rates, fed at 0.7: what
/// finds the next one full waits where it is.
pub(crate) fn series(room: usize, services: &[f64]) -> Generator {
    let unit = |i: usize| if i < services.len() { room.pow(i as u32) } else { 0 };
    let number = |s: usize, i: usize| s / unit(i) % room;
    let open = |s: usize, i: usize| i == services.len() || number(s, i) + 1 < room;
    let moves = |s: usize| {
        let served = move |(i, rate): (usize, &f64)| {
            (number(s, i) > 0 && open(s, i + 1)).then(|| (s, s - unit(i) + unit(i + 1), *rate))
        };
        services.iter().enumerate().filter_map(served).chain(open(s, 0).then_some((s, s + 1, 0.7)))
    };
    let states = room.pow(services.len() as u32);
    Generator::from_transitions(states, (0..states).flat_map(moves)).unwrap()
}
