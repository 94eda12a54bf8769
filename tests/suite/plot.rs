//! `plot`: every chart from every kind of result.
