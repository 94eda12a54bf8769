//! Networks of stations: open, closed and mixed product form, approximations and bounds, finite
//! buffers between stations.

pub mod blocking;
pub mod closed;
pub mod open;

/// Mean numbers of two classes at one processor-sharing station, by its chain: their arrival rates in each
/// state, the speed of so many messages, and mean services.
#[cfg(test)]
fn shared_station(arrive: impl Fn((u32, u32)) -> [f64; 2], speed: impl Fn(u32) -> f64, means: [f64; 2]) -> [f64; 2] {
    let average = super::testing::chain_averages([(0u32, 0u32)], 5000, |&(a, b), to| {
        let [first, second] = arrive((a, b));
        to((a + 1, b), first);
        to((a, b + 1), second);
        let each = if a + b > 0 { speed(a + b) / f64::from(a + b) } else { 0.0 };
        to((a.saturating_sub(1), b), f64::from(a) * each / means[0]);
        to((a, b.saturating_sub(1)), f64::from(b) * each / means[1]);
    });
    [average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1))]
}
