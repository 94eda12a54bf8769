//! Laws on an interval for little knowledge: uniform and triangular. Know their corners.

use super::{DistError, Law, check};

/// Uniform law on [low, high].
///
/// Formula: mean (low+high)/2, variance (high-low)^2/12, E\[X^3\] = (low+high)(low^2+high^2)/4.
/// Reference: Law (2015), 6.2.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    /// On [`low`, `high`], 0 <= low < high.
    pub fn new(low: f64, high: f64) -> Result<Uniform, DistError> {
        check::nonnegative("low", low)?;
        check::above("high", high, "low", low)?;
        Ok(Uniform { low, high })
    }
}

impl Law for Uniform {
    const NAME: &str = "uniform";

    fn mean(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    fn scv(&self) -> f64 {
        ((self.high - self.low) / self.mean()).powi(2) / 12.0
    }

    fn third_moment(&self) -> f64 {
        0.25 * (self.low + self.high) * (self.low.powi(2) + self.high.powi(2))
    }

    fn cdf(&self, x: f64) -> f64 {
        ((x - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn survival(&self, x: f64) -> f64 {
        ((self.high - x) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        self.low + p * (self.high - self.low)
    }
}

/// Triangular law: least, likeliest and greatest value.
///
/// Formula: with a, m, b the corners, mean (a+m+b)/3, variance (a^2+m^2+b^2-am-ab-mb)/18,
/// third central moment (a+b-2m)(2a-b-m)(a-2b+m)/270.
/// Reference: Law (2015), 6.11.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

impl Triangular {
    /// On [`low`, `high`] with its peak at `mode`; 0 <= low <= mode <= high, low < high.
    pub fn new(low: f64, mode: f64, high: f64) -> Result<Triangular, DistError> {
        check::nonnegative("low", low)?;
        check::above("high", high, "low", low)?;
        check::within("mode", mode, (low..=high).contains(&mode), &format!("in [{low}, {high}]"))?;
        Ok(Triangular { low, mode, high })
    }

    fn variance(&self) -> f64 {
        let (rise, fall) = (self.mode - self.low, self.high - self.mode);
        // The same polynomial in the two sides of the triangle: no cancellation.
        (rise * rise + rise * fall + fall * fall) / 18.0
    }

    fn span(&self) -> f64 {
        self.high - self.low
    }
}

impl Law for Triangular {
    const NAME: &str = "triangular";

    fn mean(&self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }

    fn scv(&self) -> f64 {
        self.variance() / self.mean().powi(2)
    }

    fn third_moment(&self) -> f64 {
        let (a, m, b) = (self.low, self.mode, self.high);
        let third_central = (a + b - 2.0 * m) * (2.0 * a - b - m) * (a - 2.0 * b + m) / 270.0;
        self.mean().powi(3) + 3.0 * self.mean() * self.variance() + third_central
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > self.mode { 1.0 - self.survival(x) } else { self.rising_part(x) }
    }

    fn survival(&self, x: f64) -> f64 {
        if x <= self.mode {
            return 1.0 - self.rising_part(x);
        }
        let left = self.high - x;
        if left <= 0.0 { 0.0 } else { left * left / (self.span() * (self.high - self.mode)) }
    }

    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        if p * self.span() <= self.mode - self.low {
            self.low + (p * self.span() * (self.mode - self.low)).sqrt()
        } else {
            self.high - ((1.0 - p) * self.span() * (self.high - self.mode)).sqrt()
        }
    }
}

impl Triangular {
    /// P(X <= x) for x up to the mode.
    fn rising_part(&self, x: f64) -> f64 {
        let above = x - self.low;
        if above <= 0.0 { 0.0 } else { above * above / (self.span() * (self.mode - self.low)) }
    }
}
