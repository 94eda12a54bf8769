//! D/D/c over a finite horizon: what becomes of a burst or an overload with nothing random.

/// The first n messages of D/D/c, started empty; the first arrives one interval after time 0.
///
/// Formula (Lindley's recursion, solved): message k = 0, 1, ... waits floor(k/c) max(0, S - c A); all of
/// the first n are done at n A + W_{n-1} + S.
/// Units: seconds. Valid when: n >= 1, c >= 1, any load: nothing here is a steady state.
/// Reference: Lindley, The theory of queues with a single server, Proc. Camb. Phil. Soc. 48 (1952), eq. 1.
///
/// ```
/// use lindley::analytic::broker::deterministic::Overload;
/// let burst = Overload { interval: 1.0, service: 1.25, servers: 1, messages: 100 };
/// assert_eq!((burst.wait(99), burst.mean_wait(), burst.finish()), (24.75, 12.375, 126.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overload {
    /// A: time between arrivals.
    pub interval: f64,
    /// S: service time.
    pub service: f64,
    /// c: servers.
    pub servers: u32,
    /// n: messages.
    pub messages: u64,
}

impl Overload {
    /// How much longer each round of c messages waits than the one before.
    pub fn growth(&self) -> f64 {
        (self.service - f64::from(self.servers) * self.interval).max(0.0)
    }

    /// Wait of message k, counted from 0.
    pub fn wait(&self, k: u64) -> f64 {
        (k / u64::from(self.servers)) as f64 * self.growth()
    }

    /// Wait of the last message.
    pub fn last_wait(&self) -> f64 {
        self.wait(self.messages.saturating_sub(1))
    }

    /// Mean wait of the n messages.
    pub fn mean_wait(&self) -> f64 {
        let c = u64::from(self.servers);
        let (rounds, rest) = ((self.messages / c) as f64, (self.messages % c) as f64);
        let sum = c as f64 * rounds * (rounds - 1.0) / 2.0 + rest * rounds;
        self.growth() * sum / self.messages as f64
    }

    /// When the last message is done.
    pub fn finish(&self) -> f64 {
        self.messages as f64 * self.interval + self.last_wait() + self.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recursion itself, server by server.
    fn by_recursion(burst: &Overload) -> (f64, f64, f64) {
        let mut free = vec![0.0_f64; burst.servers as usize];
        let (mut sum, mut last) = (0.0, 0.0);
        for k in 1..=burst.messages {
            let arrival = k as f64 * burst.interval;
            let next = (0..free.len()).min_by(|&i, &j| free[i].total_cmp(&free[j])).unwrap();
            last = (free[next] - arrival).max(0.0);
            sum += last;
            free[next] = arrival + last + burst.service;
        }
        (last, sum / burst.messages as f64, free.into_iter().fold(0.0, f64::max))
    }

    #[test]
    fn agrees_with_the_recursion() {
        for (interval, service, servers, messages) in
            [(1.0, 1.25, 1, 100), (1.0, 0.5, 1, 10), (0.4, 1.0, 2, 37), (0.3, 1.0, 3, 50), (1.0, 3.0, 3, 9)]
        {
            let burst = Overload { interval, service, servers, messages };
            let found = (burst.last_wait(), burst.mean_wait(), burst.finish());
            let wanted = by_recursion(&burst);
            assert!((found.0 - wanted.0).abs() < 1e-11, "{burst:?}: {found:?} {wanted:?}");
            assert!((found.1 - wanted.1).abs() < 1e-11 && (found.2 - wanted.2).abs() < 1e-11, "{burst:?}");
        }
    }
}
