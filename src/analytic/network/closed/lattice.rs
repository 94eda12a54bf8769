//! Vectors of populations, numbered, and functions on them as arrays of wide numbers: the three steps of
//! which convolution with any station is made.

use super::wide::Wide;

/// All vectors 0 <= n <= N, numbered so that a vector comes after all below it.
#[derive(Debug, Clone)]
pub(crate) struct PopulationLattice {
    sizes: Vec<usize>,
    /// By how much the number grows with one more of each class.
    pub(super) strides: Vec<usize>,
    /// How many vectors there are.
    pub(super) cells: usize,
}

impl PopulationLattice {
    /// The lattice below that vector.
    pub(crate) fn new(populations: &[u32]) -> PopulationLattice {
        let sizes: Vec<usize> = populations.iter().map(|&n| n as usize + 1).collect();
        let mut strides = Vec::with_capacity(sizes.len());
        let mut cells = 1;
        for size in &sizes {
            strides.push(cells);
            cells *= size;
        }
        PopulationLattice { sizes, strides, cells }
    }

    /// n_r of the vector with that number.
    #[inline]
    pub(crate) fn count(&self, cell: usize, r: usize) -> usize {
        if self.sizes.len() == 1 { cell } else { cell / self.strides[r] % self.sizes[r] }
    }

    /// The number of n - e_r, if n_r > 0.
    #[inline]
    pub(crate) fn below(&self, cell: usize, r: usize) -> Option<usize> {
        (self.count(cell, r) > 0).then(|| cell - self.strides[r])
    }

    /// (s g)(n) at one vector, where s g(n) = sum_r d_r g(n - e_r).
    #[inline]
    fn shifted(&self, g: &[Wide], d: &[Wide], cell: usize) -> Wide {
        let terms = d.iter().enumerate().filter_map(|(r, d)| Some(g[self.below(cell, r)?].times(*d)));
        terms.fold(Wide::ZERO, Wide::plus)
    }

    /// e^s 1: prod_r d_r^n_r / n_r!.
    pub(crate) fn exponential(&self, d: &[f64]) -> Vec<Wide> {
        let mut g = vec![Wide::ONE; self.cells];
        for cell in 1..self.cells {
            let below = (0..d.len()).find_map(|r| Some((r, self.below(cell, r)?)));
            let (r, below) = below.expect("every vector but the first has something below it");
            g[cell] = g[below].times(Wide::new(d[r] / self.count(cell, r) as f64));
        }
        g
    }

    /// g / (1 - s), in place: convolution with a single server.
    pub(crate) fn geometric(&self, g: &mut [Wide], d: &[f64]) {
        let d: Vec<Wide> = d.iter().map(|&d| Wide::new(d)).collect();
        for cell in 1..self.cells {
            g[cell] = g[cell].plus(self.shifted(g, &d, cell));
        }
    }

    /// weight g + s y, put into y.
    pub(crate) fn horner(&self, y: &mut [Wide], d: &[f64], weight: f64, g: &[Wide]) {
        let (d, weight): (Vec<Wide>, Wide) = (d.iter().map(|&d| Wide::new(d)).collect(), Wide::new(weight));
        for cell in (0..self.cells).rev() {
            y[cell] = g[cell].times(weight).plus(self.shifted(y, &d, cell));
        }
    }

    /// s y, put into y.
    pub(crate) fn shift(&self, y: &mut [Wide], d: &[f64]) {
        let d: Vec<Wide> = d.iter().map(|&d| Wide::new(d)).collect();
        for cell in (0..self.cells).rev() {
            y[cell] = self.shifted(y, &d, cell);
        }
    }
}
