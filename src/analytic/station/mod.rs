//! One station, first in first out: a formula a file, under its name in Kendall's notation.

pub mod age;
pub mod common_mistakes;
pub mod erlang;
pub mod erlang_a;
pub mod finite_source;
pub mod gimc;
pub mod impatient;
mod loss;
pub mod md1;
pub mod mdc;
pub mod mek1;
mod methods;
pub mod mg1;
pub mod mg1k;
pub mod mginf;
pub mod mh1;
pub mod mm1;
pub mod mmc;
pub mod mmck;
pub mod ttl;

use super::method::Method;
use super::page::Page;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = methods::METHODS;

/// A page of an item in a source file of this module.
macro_rules! page {
    ($name:literal, $file:literal, $item:literal) => {
        Page { name: $name, source: include_str!($file), item: $item }
    };
}

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "ddc", source: include_str!("methods.rs"), item: "fn ddc(" },
    page!("mm1", "mm1.rs", "pub struct Mm1"),
    page!("mmc", "mmc.rs", "pub struct Mmc"),
    page!("erlang-b", "erlang.rs", "pub fn erlang_b("),
    page!("erlang-c", "erlang.rs", "pub fn erlang_c("),
    page!("mmck", "mmck.rs", "pub struct Mmck"),
    page!("mginf", "mginf.rs", "pub struct MgInf"),
    page!("finite-source", "finite_source.rs", "pub struct FiniteSource"),
    page!("machine-repair", "finite_source.rs", "pub struct FiniteSource"),
    page!("engset", "finite_source.rs", "pub struct FiniteSource"),
    page!("erlang-a", "erlang_a.rs", "pub struct ErlangA"),
    page!("erlang-a-limited", "impatient.rs", "pub struct Impatient"),
    page!("ttl", "ttl.rs", "pub struct Ttl"),
    page!("mg1", "mg1.rs", "pub struct Mg1"),
    page!("pollaczek-khinchine", "mg1.rs", "pub fn mean_wait("),
    page!("mg1k", "mg1k.rs", "pub struct Mg1k"),
    page!("md1", "md1.rs", "pub struct Md1Wait"),
    page!("mek1", "mek1.rs", "pub fn erlang_laws("),
    page!("mh1", "mh1.rs", "pub fn hyperexponential_laws("),
    page!("mdc", "mdc.rs", "pub struct Mdc"),
    page!("gimc", "gimc.rs", "pub struct Gimc"),
    page!("age-of-information", "age.rs", "pub fn age_of_information("),
    page!("waiting-time-mistakes", "common_mistakes.rs", "pub fn lambda_over_slack("),
    page!("throughput-mistakes", "common_mistakes.rs", "pub fn mu_over_lambda("),
    page!("delay-mistakes", "common_mistakes.rs", "pub fn one_over_mu("),
    page!("probability-mistakes", "common_mistakes.rs", "pub fn share_processed("),
];
