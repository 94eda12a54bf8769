//! A station at one instant: the law of the number in it, and what follows.

/// The law of the number in a station of `c` servers at one instant.
///
/// Formula: L = sum of n p_n, Lq = sum of (n - c) p_n over n > c, all busy: sum of p_n over n >= c.
/// Units: messages, probabilities.
/// Valid when: `p` sums to 1.
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.1.
///
/// ```
/// use lindley::analytic::transient::Snapshot;
/// let now = Snapshot { p: vec![0.25, 0.25, 0.0, 0.5], c: 1 };
/// assert_eq!((now.in_system(), now.queue_length(), now.all_busy(), now.empty()), (1.75, 1.0, 0.75, 0.25));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Probabilities of 0, 1, 2, ... messages.
    pub p: Vec<f64>,
    /// Servers.
    pub c: usize,
}

impl Snapshot {
    /// Exactly n messages.
    pub fn of(n: usize, c: usize) -> Snapshot {
        let mut p = vec![0.0; n + 1];
        p[n] = 1.0;
        Snapshot { p, c }
    }

    /// Mean of a function of the number.
    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.p.iter().enumerate().map(|(n, p)| p * of(n)).sum()
    }

    /// Mean number in the system.
    pub fn in_system(&self) -> f64 {
        self.mean(|n| n as f64)
    }

    /// Variance of the number in the system.
    pub fn in_system_variance(&self) -> f64 {
        let mean = self.in_system();
        self.mean(|n| (n as f64 - mean).powi(2))
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.mean(|n| n.saturating_sub(self.c) as f64)
    }

    /// Probability that nobody is there.
    pub fn empty(&self) -> f64 {
        self.p.first().copied().unwrap_or(0.0)
    }

    /// Probability that all servers are busy.
    pub fn all_busy(&self) -> f64 {
        self.p.iter().skip(self.c).sum()
    }

    /// Probability that n or more are there.
    pub fn at_least(&self, n: usize) -> f64 {
        self.p.iter().skip(n).sum()
    }
}
