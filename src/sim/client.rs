//! Requests of clients that stop waiting: a slab whose slots live until the timer of their last attempt has fired, so
//! that a timer never meets another request in its slot and nothing is searched for.

use super::message::NONE;

/// What a client wants done, through all its attempts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientRequest {
    /// When it was published first, seconds.
    pub born: f64,
    /// Message of the present attempt; [`NONE`] once it has ended.
    pub message: u32,
    /// Number among its source's publications: the row of a trace.
    pub row: u32,
    /// Source.
    pub source: u32,
    /// Which of the kinds that the source publishes.
    pub kind: u32,
    /// Messages published for it so far.
    pub attempts: u16,
    /// Whether it has been answered in time.
    pub answered: bool,
    /// Whether a member of a closed population waits for it.
    pub member: bool,
}

/// The slab of requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientRequests {
    slots: Vec<ClientRequest>,
    free: Vec<u32>,
}

impl ClientRequests {
    /// Stores a request that has not been published yet, and returns its slot.
    pub(crate) fn open(&mut self, born: f64, source: u32, kind: u32, row: u32, member: bool) -> u32 {
        let request = ClientRequest { born, message: NONE, row, source, kind, attempts: 0, answered: false, member };
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = request;
                slot
            }
            None => {
                self.slots.push(request);
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// Frees a slot.
    pub(crate) fn close(&mut self, slot: u32) {
        self.free.push(slot);
    }
}

impl std::ops::Index<u32> for ClientRequests {
    type Output = ClientRequest;
    fn index(&self, slot: u32) -> &ClientRequest {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for ClientRequests {
    fn index_mut(&mut self, slot: u32) -> &mut ClientRequest {
        &mut self.slots[slot as usize]
    }
}
