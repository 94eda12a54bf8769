//! The prefetch a consumer needs so that the network's round trip does not leave it idle.

/// A consumer that works on one message at a time with a window of credit, all times constant, at a
/// broker that is never empty.
///
/// Formula: a credit comes back after out + work + back, so X = min(P / (out + work + back), 1 / work)
/// and the share of time busy is X work; P >= (out + work + back) / work keeps it always busy.
/// Units: times in seconds, P messages.
/// Valid when: times are constant, messages are always ready, and acknowledgements go back one by one.
/// With times that vary it is an upper bound of the throughput, and more credit is needed.
/// Reference: RabbitMQ, Some queuing theory: throughput, latency and bandwidth (2012); Bertsekas, Gallager,
/// Data Networks (2nd ed., 1992), sec. 6.2 (window flow control).
///
/// ```
/// use lindley::analytic::broker::credit::Credit;
/// let window = Credit { prefetch: 1, out: 0.05, work: 0.004, back: 0.05 };
/// assert!((window.utilization() - 4.0 / 104.0).abs() < 1e-15); // 3.8 % busy
/// assert_eq!(window.enough(), 26);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Credit {
    /// P: most unacknowledged messages.
    pub prefetch: u32,
    /// Time from the broker to the consumer.
    pub out: f64,
    /// Time to process a message (> 0).
    pub work: f64,
    /// Time of an acknowledgement back to the broker.
    pub back: f64,
}

impl Credit {
    /// Time after which a credit is back: out + work + back.
    pub fn round_trip(&self) -> f64 {
        self.out + self.work + self.back
    }

    /// Messages processed per second.
    pub fn throughput(&self) -> f64 {
        (f64::from(self.prefetch) / self.round_trip()).min(1.0 / self.work)
    }

    /// Share of time the consumer works.
    pub fn utilization(&self) -> f64 {
        self.throughput() * self.work
    }

    /// Smallest prefetch with which it always works.
    pub fn enough(&self) -> u64 {
        let needed = self.round_trip() / self.work;
        // 104 / 4 may come out as 26.000000000000004.
        (needed * (1.0 - 1e-12)).ceil() as u64
    }
}
