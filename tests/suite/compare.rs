//! `compare` and `gate`.
