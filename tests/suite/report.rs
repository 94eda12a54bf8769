//! Reports: golden texts of a small hand-made result, the schema against the output, and
//! charts held against the numbers they show.

mod sample;
mod text;
