//! What may be left open in Kendall's notation.

/// What is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Free {
    /// The servers: the smallest number is wanted.
    Servers,
    /// The places: the smallest number is wanted.
    Places,
    /// As many places as servers (`M/M/c/c`): the smallest number is wanted.
    Both,
    /// The arrival rate: the largest is wanted.
    Rate,
}

impl Free {
    /// What is free, by name.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Free::Servers | Free::Both => "servers",
            Free::Places => "places",
            Free::Rate => "arrival rate",
        }
    }
}
