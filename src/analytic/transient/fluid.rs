//! A backlog as a fluid: what arrives faster than it is served piles up, at deterministic rates.

/// A period of constant rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// Arrivals per second.
    pub arrivals: f64,
    /// What could be served per second.
    pub capacity: f64,
    /// When it ends, seconds; the last one never ends.
    pub until: f64,
}

/// The course of a fluid backlog.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fluid {
    /// Largest backlog, messages; infinite if it never stops growing.
    pub peak: f64,
    /// When it is first reached, seconds.
    pub peak_at: f64,
    /// When the backlog is first gone after that, seconds; infinite if never.
    pub drained_at: f64,
    /// Total delay, message-seconds: the area below the backlog until it is drained.
    pub delay: f64,
}

/// The backlog over periods of constant rates, from `start` messages at time 0.
///
/// Formula: dB/dt = arrivals - capacity, not below 0. For an outage of length T at arrival rate
/// lambda and then capacity C: peak lambda T, drained lambda T/(C - lambda) later.
/// Units: rates per second, times in seconds, backlog in messages.
/// Valid when: backlogs are large against their fluctuations; exact for deterministic flows.
/// Reference: Newell, Applications of Queueing Theory (2nd ed. 1982), ch. 2.
///
/// ```
/// use lindley::analytic::transient::{Period, fluid};
/// // An outage of 60 s at 100/s, then 120/s: 6000 messages, drained 300 s later.
/// let outage = Period { arrivals: 100.0, capacity: 0.0, until: 60.0 };
/// let after = Period { arrivals: 100.0, capacity: 120.0, until: f64::INFINITY };
/// let course = fluid(0.0, &[outage, after]);
/// assert_eq!((course.peak, course.peak_at, course.drained_at), (6000.0, 60.0, 360.0));
/// assert_eq!(course.delay, 6000.0 * 360.0 / 2.0);
/// ```
pub fn fluid(start: f64, periods: &[Period]) -> Fluid {
    let corners = corners(start, periods);
    let mut course = Fluid { peak: start, peak_at: 0.0, drained_at: f64::INFINITY, delay: 0.0 };
    for &(t, backlog) in &corners {
        if backlog > course.peak {
            (course.peak, course.peak_at) = (backlog, t);
        }
    }
    if course.peak == 0.0 {
        course.drained_at = 0.0;
    }
    for pair in corners.windows(2) {
        let ((t, before), (end, after)) = (pair[0], pair[1]);
        course.delay += 0.5 * (before + after) * (end - t);
        if end > course.peak_at && after == 0.0 {
            course.drained_at = course.drained_at.min(end);
        }
        if course.drained_at.is_finite() {
            break;
        }
    }
    if course.drained_at.is_infinite() && course.peak > 0.0 {
        course.delay = f64::INFINITY;
    }
    course
}

/// Times at which the backlog changes its slope, and the backlog then.
fn corners(start: f64, periods: &[Period]) -> Vec<(f64, f64)> {
    let (mut t, mut backlog) = (0.0, start);
    let mut corners = vec![(t, backlog)];
    for (i, period) in periods.iter().enumerate() {
        let end = if i + 1 == periods.len() { f64::INFINITY } else { period.until };
        let slope = period.arrivals - period.capacity;
        if slope < 0.0 && backlog > 0.0 && t + backlog / -slope <= end {
            t += backlog / -slope;
            backlog = 0.0;
            corners.push((t, backlog));
        }
        if end.is_finite() {
            backlog = (backlog + slope * (end - t)).max(0.0);
        } else if slope > 0.0 {
            backlog = f64::INFINITY;
        }
        t = end;
        if end.is_finite() || slope > 0.0 {
            corners.push((t, backlog));
        }
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(arrivals: f64, capacity: f64, until: f64) -> Period {
        Period { arrivals, capacity, until }
    }

    #[test]
    fn a_burst_over_five_servers() {
        let course = fluid(0.0, &[period(3.0, 5.0, 10.0), period(10.0, 5.0, 20.0), period(3.0, 5.0, 0.0)]);
        assert_eq!((course.peak, course.peak_at, course.drained_at), (50.0, 20.0, 45.0));
    }

    #[test]
    fn two_bursts_the_second_before_the_first_is_drained() {
        let pieces = [period(10.0, 5.0, 10.0), period(0.0, 5.0, 15.0), period(10.0, 5.0, 30.0), period(0.0, 5.0, 0.0)];
        let course = fluid(0.0, &pieces);
        assert_eq!((course.peak, course.peak_at, course.drained_at), (100.0, 30.0, 50.0));
    }

    #[test]
    fn lasting_overload_never_drains() {
        let course = fluid(1.0, &[period(3.0, 2.0, 0.0)]);
        assert_eq!((course.peak, course.drained_at, course.delay), (f64::INFINITY, f64::INFINITY, f64::INFINITY));
        let still = fluid(7.0, &[period(2.0, 2.0, 0.0)]);
        assert_eq!((still.peak, still.drained_at), (7.0, f64::INFINITY));
    }
}
