//! A fast hash for the small keys that states are: a rotation and a multiplication a word. The keys come from
//! a model, not from an attacker.

/// The writers of whole numbers: each is one word.
macro_rules! words {
    ($($write:ident($whole:ty)),*) => { $(fn $write(&mut self, x: $whole) { self.word(x as u64) })* };
}

/// Hash state.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StateHasher(u64);

impl StateHasher {
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl std::hash::Hasher for StateHasher {
    fn finish(&self) -> u64 {
        // The table takes its place from the low bits, which a product mixes least.
        self.0 ^ (self.0 >> 29) ^ self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    words! { write_u8(u8), write_u16(u16), write_u32(u32), write_u64(u64), write_usize(usize), write_i32(i32), write_i64(i64) }
}
