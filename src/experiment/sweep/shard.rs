//! Shards: which points of a plan one process of several runs. Knows only numbers.

use crate::units::TextError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Part `part` of `of`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub part: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// The whole sweep.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };

    /// Reads `i/n`, `i` from 1 to n.
    ///
    /// # Errors
    ///
    /// As text.
    ///
    /// ```
    /// use lindley::experiment::sweep::Shard;
    /// assert_eq!(Shard::parse("2/3"), Ok(Shard { part: 2, of: 3 }));
    /// assert!(Shard::parse("0/3").is_err() && Shard::parse("4/3").is_err() && Shard::parse("x").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Shard, TextError> {
        let numbers = text.split_once('/').and_then(|(i, n)| Some((i.trim().parse().ok()?, n.trim().parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
            _ => Err(format!("`{text}` is no shard: write I/N with I from 1 to N, as in 2/8, or auto").into()),
        }
    }

    /// Whether it is a part only.
    pub fn is_part(self) -> bool {
        self.of > 1
    }

    /// Whether the point of that index is in it: points are dealt round robin.
    pub fn has(self, index: u32) -> bool {
        index % self.of == self.part - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}
