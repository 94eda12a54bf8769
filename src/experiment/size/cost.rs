//! What a setting costs: a sum of prices times parameters.

use super::SizeError;
use crate::model::Model;
use crate::model::study::size::{CostTerm, SizeAxis};

/// A sum of prices, each of an axis or fixed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cost {
    /// (axis, price of one).
    terms: Vec<(usize, f64)>,
    /// Unit, as `1/h`; empty: a plain number.
    pub unit: String,
}

impl Cost {
    /// The cost of settings; a name alone is the servers of that consumer.
    ///
    /// # Errors
    ///
    /// A term that names no varied parameter, terms of different units of time.
    pub(crate) fn new(terms: &[CostTerm], axes: &[SizeAxis], model: &Model) -> Result<Option<Cost>, SizeError> {
        let Some(first) = terms.first() else { return Ok(None) };
        let unit = if first.per.is_empty() { String::new() } else { format!("1/{}", first.per) };
        let term = |term: &CostTerm| {
            if term.per != first.per {
                return Err(SizeError::CostUnits(first.per.clone(), term.per.clone()));
            }
            let is_consumer = model.consumers.iter().any(|c| c.name == term.of);
            let path = if is_consumer { format!("consumers.{}.servers", term.of) } else { term.of.clone() };
            let place = axes.iter().position(|axis| axis.path == path);
            let varied = || axes.iter().map(|axis| axis.path.clone()).collect();
            let axis = place.ok_or_else(|| SizeError::CostOfFixed(term.of.clone(), varied()))?;
            Ok((axis, term.each))
        };
        let terms = terms.iter().map(term).collect::<Result<_, SizeError>>()?;
        Ok(Some(Cost { terms, unit }))
    }

    /// The cost of the values of the parameters.
    pub(crate) fn of(&self, at: &[f64]) -> f64 {
        self.terms.iter().map(|(axis, each)| each * at[*axis]).sum()
    }
}
