//! One station, first in first out: a formula a file, under its name in Kendall's notation.
//! Knows no model and no network.

pub mod erlang;
pub mod md1;
pub mod mek1;
pub mod mg1;
pub mod mginf;
pub mod mh1;
pub mod mm1;
pub mod mmc;
pub mod mmck;
mod poisson_arrivals;

pub(crate) use poisson_arrivals::exponential_mean;
pub use poisson_arrivals::solve;

use super::method::Method;
use super::page::Page;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
