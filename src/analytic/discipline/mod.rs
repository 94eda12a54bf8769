//! Who is served next: priorities, processor sharing, last come first served, random order, and the
//! disciplines that know sizes.
//!
//! ```text
//! Station -> by_class -> cobham | preemptive | many_servers -> Steady
//!         -> in_order -> unequal -> Steady
//!         -> blind    -> processor_sharing | dps | lcfs | random_order (tagged, busy)
//!         -> sized    -> by_size -> sjf | psjf | srpt | fb (sizes, quadrature)
//! ```

mod blind;
pub mod busy;
mod by_class;
pub mod by_size;
pub mod cobham;
pub mod dps;
pub mod flow;
pub(crate) mod given;
mod in_order;
pub mod lcfs;
pub mod many_servers;
mod parts;
pub mod preemptive;
pub mod processor_sharing;
pub mod random_order;
pub mod sharing_variance;
mod sized;
mod sizes;
mod tagged;
pub mod unequal;

use self::by_size::SizeOrder;
use super::method::{Method, MethodId};
use super::page::Page;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
    Method::exact(MethodId::FcfsClasses, in_order::fcfs),
    Method::exact(MethodId::Cobham, by_class::cobham),
    Method::exact(MethodId::CobhamMmc, by_class::cobham_mmc),
    Method::exact(MethodId::PriorityPreemptive, by_class::preemptive),
    Method::exact(MethodId::PriorityPreemptiveMmc, by_class::preemptive_mmc),
    Method::exact(MethodId::ProcessorSharingMmc, blind::shared_mmc),
    Method::exact(MethodId::ProcessorSharing, blind::shared),
    Method::exact(MethodId::Dps, blind::weighted),
    Method::exact(MethodId::LcfsMmc, blind::lcfs_mmc),
    Method::exact(MethodId::Lcfs, blind::lcfs_mg1),
    Method::exact(MethodId::LcfsPrMmc, blind::lcfs_interrupting_mmc),
    Method::exact(MethodId::LcfsPr, blind::lcfs_interrupting),
    Method::exact(MethodId::RandomOrderMmc, blind::random_mmc),
    Method::exact(MethodId::RandomOrder, blind::random_mg1),
    Method::exact(MethodId::Sjf, |station| sized::solve(station, SizeOrder::Sjf)),
    Method::exact(MethodId::Psjf, |station| sized::solve(station, SizeOrder::Psjf)),
    Method::exact(MethodId::Srpt, |station| sized::solve(station, SizeOrder::Srpt)),
    Method::exact(MethodId::Fb, |station| sized::solve(station, SizeOrder::Fb)),
    Method::approximation(MethodId::FcfsClassesLeeLongton, in_order::fcfs_of_servers),
    Method::approximation(MethodId::PriorityBondiBuzen, by_class::bondi_buzen),
];

const GIVEN: &str = include_str!("given.rs");
const MANY: &str = include_str!("many_servers.rs");
const SHARING: &str = include_str!("processor_sharing.rs");
const LCFS: &str = include_str!("lcfs.rs");
const VARIANCE: &str = include_str!("sharing_variance.rs");
const UNEQUAL: &str = include_str!("unequal.rs");
const RANDOM: &str = include_str!("random_order.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "fcfs-classes", source: UNEQUAL, item: "pub fn fcfs_wait(" },
    Page { name: "fcfs-classes-lee-longton", source: UNEQUAL, item: "pub fn fcfs_wait_of_servers(" },
    Page { name: "priority-bondi-buzen", source: UNEQUAL, item: "pub struct PriorityMgc {" },
    Page { name: "cobham", source: include_str!("cobham.rs"), item: "pub struct NonPreemptive {" },
    Page { name: "cobham-mmc", source: MANY, item: "pub struct NonPreemptiveMmc {" },
    Page { name: "priority-preemptive", source: include_str!("preemptive.rs"), item: "pub struct PreemptiveResume {" },
    Page { name: "priority-preemptive-mmc", source: MANY, item: "pub struct PreemptiveMmc {" },
    Page { name: "processor-sharing", source: SHARING, item: "pub fn given_size(" },
    Page { name: "processor-sharing-mmc", source: SHARING, item: "pub struct SharedServers {" },
    Page { name: "processor-sharing-variance", source: VARIANCE, item: "pub fn variance_general(" },
    Page { name: "dps", source: include_str!("dps.rs"), item: "pub fn sojourns(" },
    Page { name: "lcfs", source: LCFS, item: "pub fn wait(" },
    Page { name: "lcfs-mmc", source: LCFS, item: "pub fn wait_mmc(" },
    Page { name: "lcfs-pr", source: LCFS, item: "pub fn interrupting_sojourn(" },
    Page { name: "lcfs-pr-mmc", source: LCFS, item: "pub struct Interrupting {" },
    Page { name: "random-order", source: RANDOM, item: "pub fn wait(" },
    Page { name: "random-order-mmc", source: RANDOM, item: "pub struct RandomOrder {" },
    Page { name: "busy-period", source: include_str!("busy.rs"), item: "pub fn survival(" },
    Page { name: "by-size", source: include_str!("by_size.rs"), item: "pub struct SizeBased {" },
    Page { name: "sjf", source: GIVEN, item: "pub(crate) fn sjf(" },
    Page { name: "psjf", source: GIVEN, item: "pub(crate) fn psjf(" },
    Page { name: "srpt", source: GIVEN, item: "pub(crate) fn srpt(" },
    Page { name: "fb", source: GIVEN, item: "pub(crate) fn fb(" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::method::Refusal;
    use crate::analytic::problem::{Class, Discipline, Features, Input, Station, Work};
    use crate::analytic::steady::Steady;
    use crate::dist::Dist;
    use crate::model::Servers;

    const ALL: [Discipline; 10] = {
        use Discipline::*;
        [Lcfs, LcfsPreemptive, Random, ProcessorSharing, Srpt, Sjf, Psjf, Fb, Priority, PriorityPreemptive]
    };

    fn station(discipline: Discipline, rate: f64, law: Dist) -> Station {
        Station { discipline, ..Station::new(Input::Poisson(rate), Work::Law(law), Servers::Count(1)) }
    }

    fn answers(station: &Station) -> Vec<Result<Steady, Refusal>> {
        METHODS.iter().map(|method| method.solve(station)).collect()
    }

    fn first(station: &Station) -> Steady {
        answers(station).into_iter().find_map(Result::ok).expect("a method that answers")
    }

    /// Little's law, and for exponential service the number of M/M/1 where sizes are not known.
    #[test]
    fn every_discipline_is_answered_and_consistent() {
        for discipline in ALL {
            for law in [Dist::Exponential(1.0), Dist::Deterministic(1.0), Dist::erlang(2, 1.0).unwrap()] {
                let exponential = matches!(law, Dist::Exponential(_));
                let steady = first(&station(discipline, 0.8, law));
                let (wait, sojourn) = (steady.wait.unwrap(), steady.sojourn.unwrap());
                assert!((steady.in_system / (0.8 * sojourn.mean) - 1.0).abs() < 1e-10, "{discipline:?}");
                assert!(sojourn.mean >= 1.0 + wait.mean - 1e-9 && steady.classes.len() <= 1, "{discipline:?}");
                let sized = [Discipline::Srpt, Discipline::Sjf, Discipline::Psjf].contains(&discipline);
                assert!(!exponential || sized || (steady.in_system - 4.0).abs() < 1e-8, "{discipline:?}");
            }
        }
    }

    #[test]
    fn no_method_answers_for_another_discipline_or_without_a_steady_state() {
        let fifo = station(Discipline::Fcfs, 0.5, Dist::Exponential(1.0));
        // In order of arrival there is something to say of classes, where there are any.
        let foreign = |a: &Result<Steady, Refusal>| matches!(a, Err(Refusal::Discipline { .. } | Refusal::Missing(_)));
        assert!(answers(&fifo).iter().all(foreign));
        for discipline in ALL {
            let busy = answers(&station(discipline, 1.0, Dist::Exponential(1.0)));
            assert!(busy.iter().all(Result::is_err), "{discipline:?}");
            assert!(busy.iter().any(|a| matches!(a, Err(Refusal::Unstable(_)))), "{discipline:?}");
        }
    }

    /// Classes of one law are told apart by nothing; weights make a difference.
    #[test]
    fn classes_share_by_weight_and_size() {
        let class = |name: &str, mean: f64, weight: f64| Class {
            name: name.to_string(),
            rate: 0.3,
            service: Work::Law(Dist::Exponential(mean)),
            weight,
        };
        let with = |discipline, weight: f64| {
            let classes = vec![class("a", 1.0, weight), class("b", 1.5, 1.0)];
            let features = Features { classes, ..Features::default() };
            first(&Station { features, ..station(discipline, 0.6, Dist::Exponential(1.25)) })
        };
        let sojourn = |steady: &Steady, k: usize| steady.classes[k].sojourn.unwrap().mean;
        let equal = with(Discipline::ProcessorSharing, 1.0);
        assert!((sojourn(&equal, 0) - 4.0).abs() < 1e-12 && (sojourn(&equal, 1) - 6.0).abs() < 1e-12);
        let weighted = with(Discipline::ProcessorSharing, 4.0);
        assert!(sojourn(&weighted, 0) < 3.0 && sojourn(&weighted, 1) > 6.0);
        for discipline in [Discipline::Srpt, Discipline::Sjf, Discipline::Fb] {
            let parts = with(discipline, 1.0);
            let law = Dist::hyperexponential(&[0.5, 0.5], &[1.0, 1.5]).unwrap();
            let whole = first(&station(discipline, 0.6, law)).sojourn.unwrap();
            let sum = parts.sojourn.unwrap();
            assert!((sum.mean / whole.mean - 1.0).abs() < 1e-9, "{discipline:?}");
            assert!((sum.variance.unwrap() / whole.variance.unwrap() - 1.0).abs() < 1e-8, "{discipline:?}");
        }
    }
}
