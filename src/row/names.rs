//! Names in a row, and how rows are named beside one another: with the kind of their entity only where several kinds
//! share a name.

use super::quantity::Quantity;
use super::record::Row;
use super::scope::Scope;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Names as the house style lists them: "`a`, `b`".
pub(crate) fn backticked<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The first kind of entity of each name among some rows.
#[derive(Debug, Clone, Default)]
pub struct RowNames(BTreeMap<String, Scope>);

impl RowNames {
    /// The names of rows.
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r Row>) -> RowNames {
        let mut names: BTreeMap<String, Scope> = BTreeMap::new();
        for row in rows {
            match names.get_mut(&row.name) {
                Some(first) => *first = row.scope.min(*first),
                None => drop(names.insert(row.name.clone(), row.scope)),
            }
        }
        RowNames(names)
    }

    /// What a row speaks of, as it can be typed: `orders.wait.p99`, but `consumer:orders.utilization.mean` where a
    /// queue has the name of the consumer.
    pub fn quantity(&self, row: &Row) -> Quantity {
        let shared = self.0.get(&row.name).is_some_and(|first| *first != row.scope);
        Quantity { scope: shared.then_some(row.scope), ..row.quantity() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Metric, Statistic};

    #[test]
    fn a_name_that_two_kinds_share_says_which_it_is() {
        let row = |scope, name| Row::exact(scope, name, Metric::Utilization, Statistic::Mean, 0.5, "M/M/1");
        let rows = [row(Scope::Consumer, "orders"), row(Scope::Queue, "orders"), row(Scope::Consumer, "workers")];
        let names = RowNames::of(&rows);
        let shown = ["consumer:orders.utilization.mean", "orders.utilization.mean", "workers.utilization.mean"];
        for (row, shown) in rows.iter().zip(shown) {
            let quantity = names.quantity(row);
            assert_eq!(quantity.to_string(), shown);
            let read: Quantity = shown.parse().expect("it is a quantity");
            let found = rows.iter().filter(|row| read.is_of(row)).min_by_key(|row| row.scope);
            assert_eq!(found, Some(row));
        }
    }
}
