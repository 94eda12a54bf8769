//! `sweep` and `merge`: expansion, resumption, shards.
