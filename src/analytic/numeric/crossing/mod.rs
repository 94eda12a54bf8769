//! The wait in M/G/1 by level crossings: the renewal equation of its survival function, solved panel by panel
//! with polynomials whose joints are the kinks of the service law.

mod chebyshev;
#[cfg(test)]
mod decay;
mod here;
mod joints;
mod lines;
mod march;
mod past;
mod pieces;
mod stretch;
mod tail;
pub(crate) mod wait;
