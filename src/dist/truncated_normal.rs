//! The normal law cut to an interval of non-negative times.

use super::{DistError, Law, check, normal};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// Normal law conditioned on [low, high].
///
/// Formula: with a, b the standardised ends and Z = Phi(b) - Phi(a), the standardised moments
/// follow m_k = (k-1) m_(k-2) - (b^(k-1) phi(b) - a^(k-1) phi(a)) / Z from m_0 = 1.
/// Note: `mean()` is that of the truncated law, not the parameter `mean`.
/// Reference: Johnson, Kotz and Balakrishnan (1994), 13.10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruncatedNormal {
    centre: f64,
    sd: f64,
    /// Ends in seconds, then standardised, then the probability between them.
    low: f64,
    high: f64,
    a: f64,
    b: f64,
    kept: f64,
}

/// Above this share of accepted normals, rejection is cheaper than inversion.
const REJECTION: f64 = 0.2;

impl TruncatedNormal {
    /// The normal law of `mean` and `sd` > 0 cut to [`low`, `high`]; 0 <= low < high, high may
    /// be infinite. The interval must hold at least 1e-100 of the law and span 0.01 sd.
    pub fn new(mean: f64, sd: f64, low: f64, high: f64) -> Result<TruncatedNormal, DistError> {
        check::within("mean", mean, mean.is_finite(), "finite")?;
        check::positive("sd", sd)?;
        check::nonnegative("low", low)?;
        check::within(
            "high",
            high,
            high >= low + 0.01 * sd,
            &format!(">= `low` + `sd`/100, which is {}", low + 0.01 * sd),
        )?;
        let (a, b) = ((low - mean) / sd, (high - mean) / sd);
        let kept = normal::mass(a, b);
        check::within("share of the normal law in [low, high]", kept, kept >= 1e-100, ">= 1e-100")?;
        Ok(TruncatedNormal { centre: mean, sd, low, high, a, b, kept })
    }

    /// Standardised raw moments m_1, m_2, m_3.
    fn standard_moments(&self) -> [f64; 3] {
        let edge = |z: f64, power: i32| if z.is_finite() { z.powi(power) * normal::density(z) } else { 0.0 };
        let drop = |power| (edge(self.b, power) - edge(self.a, power)) / self.kept;
        let first = -drop(0);
        [first, 1.0 - drop(1), 2.0 * first - drop(2)]
    }
}

impl Law for TruncatedNormal {
    const NAME: &str = "truncated_normal";

    fn mean(&self) -> f64 {
        self.centre + self.sd * self.standard_moments()[0]
    }

    fn scv(&self) -> f64 {
        let [m1, m2, _] = self.standard_moments();
        (m2 - m1 * m1).max(0.0) * (self.sd / self.mean()).powi(2)
    }

    fn third_moment(&self) -> f64 {
        let ([m1, m2, m3], c, s) = (self.standard_moments(), self.centre, self.sd);
        c.powi(3) + 3.0 * c * c * s * m1 + 3.0 * c * s * s * m2 + s.powi(3) * m3
    }

    fn cdf(&self, x: f64) -> f64 {
        let z = ((x - self.centre) / self.sd).clamp(self.a, self.b);
        normal::mass(self.a, z) / self.kept
    }

    fn survival(&self, x: f64) -> f64 {
        let z = ((x - self.centre) / self.sd).clamp(self.a, self.b);
        normal::mass(z, self.b) / self.kept
    }

    fn quantile(&self, p: f64) -> f64 {
        let z = if self.a > 0.0 {
            -normal::quantile(normal::upper(self.a) - p * self.kept)
        } else {
            normal::quantile(normal::lower(self.a) + p * self.kept)
        };
        (self.centre + self.sd * z).clamp(self.low, self.high)
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        if self.kept < REJECTION {
            return self.quantile(rng.random());
        }
        loop {
            let z: f64 = rng.sample(StandardNormal);
            if (self.a..=self.b).contains(&z) {
                return (self.centre + self.sd * z).clamp(self.low, self.high);
            }
        }
    }
}
