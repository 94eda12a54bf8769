//! The life of a message as a finite automaton: which states there are, which causes move a
//! message, and where to. The engine moves messages through this table only, so an illegal
//! transition is impossible, or an internal error. Reports and diagrams are drawn from the
//! same table.

use std::fmt;

/// An enum whose variants can be listed.
macro_rules! listed {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: [$name; $name::COUNT] = [$($name::$variant,)+];

            /// How many there are.
            pub const COUNT: usize = [$(stringify!($variant),)+].len();
        }
    };
}

listed! {
    /// Where a message is in its life. The last seven are final.
    State {
        /// Handed to an exchange or queue; routing takes no time.
        Published,
        /// In a queue, eligible for delivery.
        Ready,
        /// Bound to a server, not yet started (delivery latency).
        Delivered,
        /// Being processed.
        Running,
        /// Waiting out a back-off, in no queue.
        Delayed,
        /// Done.
        Acked,
        /// Dead-lettered and parked: no consumer takes it any more.
        DeadLettered,
        /// Its time to live passed and nothing caught it.
        Expired,
        /// Discarded: by a full queue, or after its last failed attempt, with no dead-letter queue.
        Dropped,
        /// Not accepted by a full queue.
        Refused,
        /// No queue matched.
        Unroutable,
        /// Failed after an automatic acknowledgement: nobody has it.
        Lost,
    }
}

listed! {
    /// Why a message moves.
    Cause {
        /// A queue took it.
        Enqueue,
        /// No queue matched its key.
        NoRoute,
        /// The queue was full and refuses.
        Refuse,
        /// It reached a dead-letter queue that nobody consumes.
        Park,
        /// A server took it.
        Deliver,
        /// Its service began.
        Start,
        /// Processed and acknowledged.
        Ack,
        /// Processed, and its successor published.
        Forward,
        /// Processing failed, or the server went down: back to the queue at once.
        Requeue,
        /// Processed, but the acknowledgement was lost: back to the queue.
        AckLost,
        /// Processing failed: back after a delay.
        Delay,
        /// The back-off is over.
        RetryDue,
        /// Moved to the dead-letter queue (rejected, expired or dropped there).
        DeadLetter,
        /// Its time to live passed.
        Expire,
        /// Discarded.
        Drop,
        /// Failed with nobody left to deliver it again.
        Lose,
    }
}

impl State {
    /// Whether a message stays there.
    pub fn is_final(self) -> bool {
        self >= State::Acked
    }

    /// The name used in results.
    pub fn name(self) -> &'static str {
        match self {
            State::Published => "published",
            State::Ready => "ready",
            State::Delivered => "delivered",
            State::Running => "running",
            State::Delayed => "delayed",
            State::Acked => "acked",
            State::DeadLettered => "dead_lettered",
            State::Expired => "expired",
            State::Dropped => "dropped",
            State::Refused => "refused",
            State::Unroutable => "unroutable",
            State::Lost => "lost",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The transition table.
#[derive(Debug, Clone, Copy)]
pub struct Lifecycle;

impl Lifecycle {
    /// Where a message in `state` goes for `cause`; `None`: that cannot happen.
    ///
    /// ```
    /// use lindley::model::{Cause, Lifecycle, State};
    /// assert_eq!(Lifecycle::next(State::Running, Cause::Ack), Some(State::Acked));
    /// assert_eq!(Lifecycle::next(State::Acked, Cause::Requeue), None);
    /// ```
    pub const fn next(state: State, cause: Cause) -> Option<State> {
        Some(match (state, cause) {
            (State::Published, Cause::Enqueue) => State::Ready,
            (State::Published, Cause::NoRoute) => State::Unroutable,
            (State::Published, Cause::Refuse) => State::Refused,
            (State::Published, Cause::Park) => State::DeadLettered,
            (State::Published, Cause::DeadLetter) => State::Published,
            (State::Published, Cause::Drop) => State::Dropped,
            (State::Ready, Cause::Deliver) => State::Delivered,
            (State::Ready, Cause::Expire) => State::Expired,
            (State::Ready, Cause::Drop) => State::Dropped,
            (State::Ready, Cause::DeadLetter) => State::Published,
            (State::Delivered, Cause::Start) => State::Running,
            (State::Running, Cause::Ack) => State::Acked,
            (State::Running, Cause::Forward) => State::Published,
            (State::Running, Cause::Requeue) => State::Ready,
            (State::Running, Cause::AckLost) => State::Ready,
            (State::Running, Cause::Delay) => State::Delayed,
            (State::Running, Cause::DeadLetter) => State::Published,
            (State::Running, Cause::Drop) => State::Dropped,
            (State::Running, Cause::Lose) => State::Lost,
            (State::Delayed, Cause::RetryDue) => State::Ready,
            _ => return None,
        })
    }

    /// Every legal move, in table order.
    pub fn transitions() -> impl Iterator<Item = (State, Cause, State)> {
        State::ALL.into_iter().flat_map(|state| {
            Cause::ALL.into_iter().filter_map(move |cause| Some((state, cause, Lifecycle::next(state, cause)?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_are_never_left_and_others_always_can_be() {
        for state in State::ALL {
            let exits = Lifecycle::transitions().filter(|t| t.0 == state).count();
            assert_eq!(exits == 0, state.is_final(), "{state}");
        }
    }

    #[test]
    fn every_cause_and_every_state_is_reachable() {
        for cause in Cause::ALL {
            assert!(Lifecycle::transitions().any(|t| t.1 == cause), "{cause:?}");
        }
        for state in State::ALL {
            assert!(Lifecycle::transitions().any(|t| t.2 == state), "{state}");
        }
    }
}
