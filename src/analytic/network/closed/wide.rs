//! Positive numbers with a wide exponent, for normalising constants that no double can hold: the digits of a
//! double, the range of 2^(256 * 2^63).

use std::cmp::Ordering;

const UP: f64 = f64::from_bits((1023 + 128) << 52); // 2^128
const DOWN: f64 = f64::from_bits((1023 - 128) << 52); // 2^-128
const STEP: f64 = UP * UP; // 2^256

/// m 2^(256 e) with m = 0 or 2^-128 <= m < 2^128.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wide {
    m: f64,
    e: i64,
}

impl Wide {
    /// Nothing.
    pub(crate) const ZERO: Wide = Wide { m: 0.0, e: 0 };
    /// One.
    pub(crate) const ONE: Wide = Wide { m: 1.0, e: 0 };

    /// A finite number >= 0.
    pub(crate) fn new(x: f64) -> Wide {
        let mut wide = Wide { m: x, e: 0 };
        while wide.m >= UP && wide.m.is_finite() {
            (wide.m, wide.e) = (wide.m / STEP, wide.e + 1);
        }
        while wide.m < DOWN && wide.m > 0.0 {
            (wide.m, wide.e) = (wide.m * STEP, wide.e - 1);
        }
        wide
    }

    /// The product, whose mantissa leaves the range by one step at most.
    #[inline]
    pub(crate) fn times(self, other: Wide) -> Wide {
        let (m, e) = (self.m * other.m, self.e + other.e);
        if m >= UP {
            Wide { m: m / STEP, e: e + 1 }
        } else if m >= DOWN {
            Wide { m, e }
        } else if m > 0.0 {
            Wide { m: m * STEP, e: e - 1 }
        } else {
            Wide::ZERO
        }
    }

    /// The sum.
    #[inline]
    pub(crate) fn plus(self, other: Wide) -> Wide {
        if self.m == 0.0 || other.m == 0.0 {
            return if self.m == 0.0 { other } else { self };
        }
        let sum = match self.e.cmp(&other.e) {
            Ordering::Equal => Wide { m: self.m + other.m, e: self.e },
            Ordering::Greater if self.e == other.e + 1 => Wide { m: self.m + other.m / STEP, e: self.e },
            Ordering::Less if self.e + 1 == other.e => Wide { m: other.m + self.m / STEP, e: other.e },
            Ordering::Greater => self,
            Ordering::Less => other,
        };
        if sum.m >= UP { Wide { m: sum.m / STEP, e: sum.e + 1 } } else { sum }
    }

    /// The quotient of two, as a double; 0 or infinite outside its range.
    pub(crate) fn over(self, other: Wide) -> f64 {
        let e = (self.e - other.e).clamp(-8, 8) as i32;
        if self.m == 0.0 {
            return 0.0;
        }
        // In halves, as 2^(256 e) alone may leave the range that the quotient stays in.
        let half = (128.0 * f64::from(e)).exp2();
        (self.m / other.m * half) * half
    }

    /// The natural logarithm.
    pub(crate) fn ln(self) -> f64 {
        self.m.ln() + self.e as f64 * 256.0 * std::f64::consts::LN_2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factorial_beyond_doubles_keeps_its_digits() {
        let factorial = (1..=2000).fold(Wide::ONE, |f, k| f.times(Wide::new(f64::from(k))));
        assert!((factorial.ln() / libm::lgamma(2001.0) - 1.0).abs() < 1e-14);
        let next = factorial.times(Wide::new(2001.0));
        assert_eq!(next.over(factorial), 2001.0);
        assert_eq!(Wide::ONE.over(factorial), 0.0);
    }

    #[test]
    fn sums_align_across_steps() {
        let (large, small) = (Wide::new(1e40), Wide::new(1e-30));
        assert_eq!(large.plus(small), large);
        assert_eq!(Wide::new(1e38).plus(Wide::new(3e38)).over(Wide::new(1e38)), 4.0);
        assert_eq!(Wide::new(1e39).plus(Wide::new(1e38)).over(Wide::new(1e38)), 11.0);
        assert_eq!(Wide::ZERO.plus(small), small);
        assert!((Wide::new(1e-300).times(Wide::new(1e300)).over(Wide::ONE) - 1.0).abs() < 1e-15);
    }
}
