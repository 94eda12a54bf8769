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
mod service_arrivals;
pub mod ttl;

use super::page::Page;
pub use methods::METHODS;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "ddc", source: include_str!("methods.rs"), item: "fn ddc(" },
    Page { name: "mm1", source: include_str!("mm1.rs"), item: "pub struct Mm1" },
    Page { name: "mmc", source: include_str!("mmc.rs"), item: "pub struct Mmc" },
    Page { name: "erlang-b", source: include_str!("erlang.rs"), item: "pub fn erlang_b(" },
    Page { name: "erlang-c", source: include_str!("erlang.rs"), item: "pub fn erlang_c(" },
    Page { name: "mmck", source: include_str!("mmck.rs"), item: "pub struct Mmck" },
    Page { name: "mginf", source: include_str!("mginf.rs"), item: "pub struct MgInf" },
    Page { name: "finite-source", source: include_str!("finite_source.rs"), item: "pub struct FiniteSource" },
    Page { name: "machine-repair", source: include_str!("finite_source.rs"), item: "pub struct FiniteSource" },
    Page { name: "engset", source: include_str!("finite_source.rs"), item: "pub struct FiniteSource" },
    Page { name: "erlang-a", source: include_str!("erlang_a.rs"), item: "pub struct ErlangA" },
    Page { name: "erlang-a-limited", source: include_str!("impatient.rs"), item: "pub struct Impatient" },
    Page { name: "ttl", source: include_str!("ttl.rs"), item: "pub struct Ttl" },
    Page { name: "mg1", source: include_str!("mg1.rs"), item: "pub struct Mg1" },
    Page { name: "pollaczek-khinchine", source: include_str!("mg1.rs"), item: "pub fn mean_wait(" },
    Page { name: "mg1k", source: include_str!("mg1k.rs"), item: "pub struct Mg1k" },
    Page { name: "md1", source: include_str!("md1.rs"), item: "pub struct Md1Wait" },
    Page { name: "mek1", source: include_str!("mek1.rs"), item: "pub fn erlang_laws(" },
    Page { name: "mh1", source: include_str!("mh1.rs"), item: "pub fn hyperexponential_laws(" },
    Page { name: "mdc", source: include_str!("mdc.rs"), item: "pub struct Mdc" },
    Page { name: "gimc", source: include_str!("gimc.rs"), item: "pub struct Gimc" },
    Page { name: "age-of-information", source: include_str!("age.rs"), item: "pub fn age_of_information(" },
    Page {
        name: "waiting-time-mistakes",
        source: include_str!("common_mistakes.rs"),
        item: "pub fn lambda_over_slack(",
    },
    Page { name: "throughput-mistakes", source: include_str!("common_mistakes.rs"), item: "pub fn mu_over_lambda(" },
    Page { name: "delay-mistakes", source: include_str!("common_mistakes.rs"), item: "pub fn one_over_mu(" },
    Page { name: "probability-mistakes", source: include_str!("common_mistakes.rs"), item: "pub fn share_processed(" },
];
