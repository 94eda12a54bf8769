//! Indices into the lists of a model.

/// Index of a queue in [`Model::queues`](super::Model::queues).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct QueueId(pub u32);

/// Index of an exchange in [`Model::exchanges`](super::Model::exchanges).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExchangeId(pub u32);

/// Index of a message class in [`Model::classes`](super::Model::classes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u16);
