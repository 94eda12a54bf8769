//! Accumulators: what is measured during a batch of time, closed at its end, and merged with what other batches hold.

/// What accumulates during a batch of time.
pub trait Accumulator {
    /// Ends a batch at `now`: returns what it holds, and starts the next one.
    fn close(&mut self, now: f64) -> Self;
    /// Adds what the following batch, or another part of the same one, holds.
    fn merge(&mut self, other: &Self);
}

impl Accumulator for u64 {
    fn close(&mut self, _now: f64) -> Self {
        std::mem::take(self)
    }

    fn merge(&mut self, other: &Self) {
        *self += other;
    }
}

impl Accumulator for f64 {
    fn close(&mut self, _now: f64) -> Self {
        std::mem::take(self)
    }

    fn merge(&mut self, other: &Self) {
        *self += other;
    }
}

impl<T: Accumulator, const N: usize> Accumulator for [T; N] {
    fn close(&mut self, now: f64) -> Self {
        std::array::from_fn(|i| self[i].close(now))
    }

    fn merge(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

/// One per entity; none yet where nothing was merged.
impl<T: Accumulator + Default> Accumulator for Vec<T> {
    fn close(&mut self, now: f64) -> Self {
        self.iter_mut().map(|each| each.close(now)).collect()
    }

    fn merge(&mut self, other: &Self) {
        self.resize_with(other.len().max(self.len()), T::default);
        self.iter_mut().zip(other).for_each(|(mine, theirs)| mine.merge(theirs));
    }
}

/// Declares accumulators that consist of accumulators: closed and merged field by field.
macro_rules! accumulators {
    ($($(#[$about:meta])* pub struct $name:ident { $($(#[$field_about:meta])* pub $field:ident: $of:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default)]
        pub struct $name { $($(#[$field_about])* pub $field: $of,)* }

        impl $crate::stats::Accumulator for $name {
            fn close(&mut self, now: f64) -> Self {
                $name { $($field: $crate::stats::Accumulator::close(&mut self.$field, now),)* }
            }

            fn merge(&mut self, other: &Self) {
                $($crate::stats::Accumulator::merge(&mut self.$field, &other.$field);)*
            }
        }
    )*};
}
pub(crate) use accumulators;
