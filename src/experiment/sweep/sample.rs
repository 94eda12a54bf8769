//! Joint draws of parameters: independent, Latin hypercube, scrambled Sobol. Every parameter has a
//! stream of its own, named by its path: adding one leaves the others' values alone (but for Sobol,
//! where the order of parameters is that of the dimensions).

use crate::model::study::SweepBlock;
use crate::model::study::sweep::{Literal, Param, SampleMethod, SweepSample};
use crate::rng::{Purpose, Stream, Streams};
use rand::Rng;

/// The joint draws of a block; none where it draws nothing.
pub(super) struct Draws {
    params: Vec<(Param, Vec<f64>)>,
}

impl Draws {
    /// Draws; the number of points must have been accepted before.
    pub(super) fn of(block: &SweepBlock, seed: u64) -> Draws {
        let params = block.sample.iter().flat_map(|sample| {
            let one = |(d, p): (usize, &Param)| (p.clone(), quantiles(sample, d as u32, p, seed));
            sample.params.iter().enumerate().map(one).collect::<Vec<_>>()
        });
        Draws { params: params.collect() }
    }

    /// The value of a parameter at a draw.
    pub(super) fn value(&self, param: usize, draw: u64) -> Literal {
        let (param, quantiles) = &self.params[param];
        param.law.at(quantiles[draw as usize])
    }
}

/// The quantiles in [0, 1) at which one parameter is taken.
fn quantiles(sample: &SweepSample, dimension: u32, param: &Param, seed: u64) -> Vec<f64> {
    let mut stream = Streams::new(seed, 0).open(&param.path, Purpose::Choice);
    match sample.method {
        SampleMethod::Random => (0..sample.n).map(|_| uniform(&mut stream)).collect(),
        SampleMethod::LatinHypercube => latin(sample.n as usize, &mut stream),
        SampleMethod::Sobol => sobol(sample.n as u32, dimension, seed),
    }
}

/// Uniform in [0, 1), 53 bits.
fn uniform(stream: &mut Stream) -> f64 {
    (stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// One draw in each of n equal strata, in random order.
fn latin(n: usize, stream: &mut Stream) -> Vec<f64> {
    let mut strata: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        strata.swap(i, (uniform(stream) * (i + 1) as f64) as usize);
    }
    // The sum may round up to the next stratum, and to 1 in the last.
    let place =
        |stratum: usize, u: f64| ((stratum as f64 + u) / n as f64).min(((stratum + 1) as f64 / n as f64).next_down());
    strata.into_iter().map(|stratum| place(stratum, uniform(stream))).collect()
}

/// The first n points of a dimension, scrambled (Owen) by the seed.
fn sobol(n: u32, dimension: u32, seed: u64) -> Vec<f64> {
    // Both halves of the seed count.
    let seed = (seed ^ (seed >> 32)) as u32;
    (0..n).map(|i| f64::from(sobol_burley::sample(i, dimension, seed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(seed: u64) -> Stream {
        Streams::new(seed, 0).open("x", Purpose::Choice)
    }

    fn cells(x: &[f64], n: usize) -> Vec<usize> {
        let mut cells: Vec<usize> = x.iter().map(|u| (u * n as f64) as usize).collect();
        cells.sort_unstable();
        cells
    }

    #[test]
    fn a_latin_hypercube_has_one_draw_in_each_stratum() {
        for seed in 0..50 {
            assert_eq!(cells(&latin(97, &mut stream(seed)), 97), (0..97).collect::<Vec<_>>());
        }
        // The check can fail: independent draws leave strata empty.
        let mut free = stream(1);
        let random: Vec<f64> = (0..97).map(|_| uniform(&mut free)).collect();
        assert_ne!(cells(&random, 97), (0..97).collect::<Vec<_>>());
    }

    /// A (0, m, 2)-net in base 2: each elementary interval of area 1/64 holds one of 64 points.
    #[test]
    fn sobol_points_are_a_net() {
        let is_net = |x: &[f64], y: &[f64]| {
            (0..=6).all(|k| {
                let (wide, high) = (1_usize << k, 64_usize >> k);
                let cell = |(u, v): (&f64, &f64)| (u * wide as f64) as usize * high + (v * high as f64) as usize;
                let mut cells: Vec<usize> = x.iter().zip(y).map(cell).collect();
                cells.sort_unstable();
                cells == (0..64).collect::<Vec<_>>()
            })
        };
        for seed in [0, 1, 42, u64::MAX - 5] {
            assert!(is_net(&sobol(64, 0, seed), &sobol(64, 1, seed)), "{seed}");
        }
        assert!(!is_net(&latin(64, &mut stream(1)), &latin(64, &mut stream(2))), "a Latin hypercube is no net");
    }

    #[test]
    fn seeds_decide_and_nothing_else() {
        assert_eq!(latin(20, &mut stream(3)), latin(20, &mut stream(3)));
        assert_ne!(latin(20, &mut stream(3)), latin(20, &mut stream(4)));
        assert_ne!(sobol(20, 0, 3), sobol(20, 0, 4));
        assert!(sobol(1000, 255, 9).iter().all(|u| (0.0..1.0).contains(u)));
    }
}
