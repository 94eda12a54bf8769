//! stub
use crate::model::{Model, QueueId};
use crate::row::Row;
/// stub
#[derive(Debug, Clone)]
pub struct TimeLaw;
impl TimeLaw {
    /// stub
    pub fn survival(&self, _t: f64) -> f64 {
        0.0
    }
}
/// stub
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Solution {
    pub queue: QueueId,
    pub kendall: String,
    pub rows: Vec<Row>,
    pub wait: Option<TimeLaw>,
    pub sojourn: Option<TimeLaw>,
}
/// stub
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Broken {
    pub queue: QueueId,
    pub reasons: Vec<String>,
}
/// stub
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Theory {
    pub solutions: Vec<Solution>,
    pub broken: Vec<Broken>,
}
/// stub
pub fn theory(_model: &Model) -> Theory {
    Theory::default()
}
