//! The rows of a result that speak of the whole of it.

use crate::experiment::result::ResultSet;
use crate::row::Row;

/// The rows with a value that speak of no point in particular, and of all classes.
pub(super) fn whole(set: &ResultSet) -> impl Iterator<Item = &Row> {
    set.rows.iter().filter(|r| r.point.is_none() && r.class.is_none() && r.value.is_some())
}
