//! Where a steady state ends: the one place that decides whether servers can keep up with their work.

/// Relative distance from capacity that is taken for the rounding of given numbers: a load so near is critical.
const ROUNDING: f64 = 1e-12;

/// Whether a station whose arrivals or services are random has a steady state.
///
/// Formula: load < capacity, by more than the rounding of the numbers they come from (1e-12 of the capacity).
/// Units: any, the same for both (erlangs and servers, messages per second).
/// Valid when: neither is negative; not a number keeps nobody up.
/// Reference: Loynes, The stability of a queue with non-independent inter-arrival and service times (1962).
///
/// ```
/// use lindley::model::capacity::keeps_up;
/// // 200/h of 3 min each are 10 erlangs, in doubles a little less.
/// assert!(!keeps_up(200.0 / 3600.0 * 180.0, 10.0) && !keeps_up(10.0, 10.0));
/// assert!(keeps_up(0.999999, 1.0) && keeps_up(5.0, f64::INFINITY));
/// ```
pub fn keeps_up(load: f64, capacity: f64) -> bool {
    load < capacity * (1.0 - ROUNDING)
}

/// Whether a station without any randomness keeps up: it may be busy all the time.
///
/// ```
/// use lindley::model::capacity::keeps_pace;
/// assert!(keeps_pace(3.0 * 0.1, 0.3) && !keeps_pace(1.001, 1.0));
/// ```
pub fn keeps_pace(load: f64, capacity: f64) -> bool {
    load <= capacity * (1.0 + ROUNDING)
}

/// The least number of servers that keep up with so many erlangs.
///
/// ```
/// use lindley::model::capacity::{keeps_up, servers_for};
/// assert_eq!((servers_for(9.5), servers_for(10.0), servers_for(9.999_999_999_999_999)), (10.0, 11.0, 11.0));
/// assert!(keeps_up(9.999999, servers_for(9.999999)) && servers_for(9.999999) == 10.0);
/// ```
pub fn servers_for(load: f64) -> f64 {
    (load / (1.0 - ROUNDING)).floor() + 1.0
}
