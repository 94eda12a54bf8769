//! What waits, in its order of arrival: stretches of even arrivals, so that the age of the oldest is known.

use std::collections::VecDeque;

/// Messages that arrived evenly between two instants.
#[derive(Debug, Clone, Copy)]
struct Parcel {
    from: f64,
    to: f64,
    amount: f64,
}

impl Parcel {
    /// Whether arrivals at that rate from `t` on belong to it.
    fn goes_on(&self, t: f64, rate: f64) -> bool {
        self.to > self.from && self.to == t && (self.amount / (self.to - self.from) / rate - 1.0).abs() < 1e-9
    }
}

/// What waits, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Parcels(VecDeque<Parcel>);

impl Parcels {
    /// So many messages that are there at time 0.
    pub(super) fn at_once(amount: f64) -> Parcels {
        Parcels((amount > 0.0).then_some(Parcel { from: 0.0, to: 0.0, amount }).into_iter().collect())
    }

    /// Nothing waits any more.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Age of the oldest.
    pub(super) fn age(&self, t: f64) -> f64 {
        self.0.front().map_or(0.0, |p| t - p.from)
    }

    /// Arrivals per second when the oldest came; infinite for what came at once, `None` where nothing waits.
    pub(super) fn density(&self) -> Option<f64> {
        self.0.front().map(|p| if p.to > p.from { p.amount / (p.to - p.from) } else { f64::INFINITY })
    }

    /// The first parcel, unless it is the one that goes on growing with arrivals at that rate.
    pub(super) fn closed_first(&self, t: f64, rate: f64) -> Option<f64> {
        let growing = self.0.back().is_some_and(|p| p.goes_on(t, rate));
        (self.0.len() > usize::from(growing)).then(|| self.0[0].amount)
    }

    /// Takes away what came at once and is of that age or older, if the oldest did.
    pub(super) fn drop_old_atom(&mut self, t: f64, age: f64) -> Option<f64> {
        let head = *self.0.front().filter(|p| p.from == p.to && t - p.from >= age)?;
        self.0.pop_front();
        Some(head.amount)
    }

    /// Arrivals at the rate of the last ones belong to their parcel.
    pub(super) fn arrive(&mut self, t: f64, rate: f64, step: f64) {
        let to = t + step;
        match self.0.back_mut().filter(|p| p.goes_on(t, rate)) {
            Some(last) => (last.to, last.amount) = (to, last.amount + rate * step),
            None => self.0.push_back(Parcel { from: t, to, amount: rate * step }),
        }
    }

    /// So many of the oldest leave.
    pub(super) fn leave(&mut self, mut amount: f64) {
        while let Some(head) = self.0.front_mut() {
            if amount < head.amount * (1.0 - 1e-12) {
                head.from += (head.to - head.from) * amount / head.amount;
                head.amount -= amount;
                return;
            }
            amount -= head.amount;
            self.0.pop_front();
        }
    }
}
