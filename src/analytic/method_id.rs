//! The identities of the methods that solve stations.

use std::fmt;
use std::str::FromStr;

/// Declares the identities of methods, with the names by which `explain` and `--method` know them.
macro_rules! methods {
    ($($(#[$doc:meta])* $id:ident = $name:literal,)+) => {
        /// Which method: one variant for each that solves stations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum MethodId {
            $($(#[$doc])* $id,)+
        }

        impl fmt::Display for MethodId {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(MethodId::$id => $name,)+ })
            }
        }

        impl FromStr for MethodId {
            type Err = UnknownMethod;

            fn from_str(text: &str) -> Result<MethodId, UnknownMethod> {
                match text {
                    $($name => Ok(MethodId::$id),)+
                    _ => Err(UnknownMethod(text.to_string())),
                }
            }
        }
    };
}

methods! {
    /// M/M/1.
    Mm1 = "mm1",
    /// M/M/c.
    Mmc = "mmc",
    /// M/G/inf.
    MgInf = "mginf",
    /// M/G/c/c.
    ErlangB = "erlang-b",
    /// M/M/c/K.
    Mmck = "mmck",
    /// M/M/c//N.
    FiniteSource = "finite-source",
    /// M/M/c+M.
    ErlangA = "erlang-a",
    /// M/M/c/K+M.
    ErlangALimited = "erlang-a-limited",
    /// M/M/c+D.
    Ttl = "ttl",
    /// M/G/1.
    Mg1 = "mg1",
    /// M/G/1/K.
    Mg1k = "mg1k",
    /// M/D/c.
    Mdc = "mdc",
    /// GI/M/c.
    Gimc = "gimc",
    /// D/D/c.
    Ddc = "ddc",
    /// The mean wait of M/G/1 from two moments.
    PollaczekKhinchine = "pollaczek-khinchine",
    /// M/G/1 with classes, in order of arrival.
    FcfsClasses = "fcfs-classes",
    /// M/G/c with classes, in order of arrival.
    FcfsClassesLeeLongton = "fcfs-classes-lee-longton",
    /// M/G/c with non-preemptive priorities.
    PriorityBondiBuzen = "priority-bondi-buzen",
    /// M/G/1 with priorities.
    Cobham = "cobham",
    /// M/M/c with priorities.
    CobhamMmc = "cobham-mmc",
    /// M/G/1 with interrupting priorities.
    PriorityPreemptive = "priority-preemptive",
    /// M/M/c with interrupting priorities.
    PriorityPreemptiveMmc = "priority-preemptive-mmc",
    /// M/M/c processor sharing.
    ProcessorSharingMmc = "processor-sharing-mmc",
    /// M/G/1 processor sharing.
    ProcessorSharing = "processor-sharing",
    /// Discriminatory processor sharing.
    Dps = "dps",
    /// M/M/c last come, first served.
    LcfsMmc = "lcfs-mmc",
    /// M/G/1 last come, first served.
    Lcfs = "lcfs",
    /// M/M/c last come, first served, interrupting.
    LcfsPrMmc = "lcfs-pr-mmc",
    /// M/G/1 last come, first served, interrupting.
    LcfsPr = "lcfs-pr",
    /// M/M/c random order.
    RandomOrderMmc = "random-order-mmc",
    /// M/G/1 random order.
    RandomOrder = "random-order",
    /// Shortest job first.
    Sjf = "sjf",
    /// Preemptive shortest job first.
    Psjf = "psjf",
    /// Shortest remaining processing time.
    Srpt = "srpt",
    /// Foreground-background.
    Fb = "fb",
    /// M^X/M/c.
    BatchArrivals = "batch-arrivals",
    /// M^X/M/c/K.
    BatchArrivalsLimited = "batch-arrivals-limited",
    /// M^X/G/1.
    BatchArrivalsGeneral = "batch-arrivals-general",
    /// Bulk service, exponential.
    BulkService = "bulk-service",
    /// Bulk service of any law.
    BulkServiceGeneral = "bulk-service-general",
    /// M/G/1 with vacations.
    Vacation = "vacation",
    /// M/G/1 with set-up times and a threshold.
    SetUp = "set-up",
    /// M/G/1 with breakdowns.
    Breakdowns = "breakdowns",
    /// M/M/c with breakdowns.
    Fleet = "fleet",
    /// Retries to the tail, exponential.
    RetryTail = "retry-tail",
    /// M/G/1 with feedback.
    Feedback = "feedback",
    /// Retries at the server.
    RetryHolding = "retry-holding",
    /// M/M/c retrial.
    Retrial = "retrial",
    /// M/G/1 retrial.
    RetrialMg1 = "retrial-mg1",
    /// All attempts as one Poisson flow.
    RetryPoissonFlow = "retry-poisson-flow",
    /// Retries at one of several servers.
    RetryHoldingAllenCunneen = "retry-holding-allen-cunneen",
    /// M/M/c/K that drops the oldest.
    DropHead = "drop-head",
    /// MAP/M/c/K+P.
    MapMcImpatient = "map-m-c-impatient",
    /// MAP/PH/c.
    MapPhC = "map-ph-c",
    /// MAP/PH/c/K.
    MapPhCK = "map-ph-c-k",
    /// Laws in phases of the same two moments, in G/G/c/K.
    PhaseFit = "phase-fit",
    /// Choi, Kim and Chae.
    ChoiKimChae = "choi-kim-chae",
    /// Whitt 2005.
    Whitt2005 = "whitt-2005",
    /// Kraemer and Langenbach-Belz.
    Klb = "klb",
    /// Whitt 1993.
    Whitt1993 = "whitt-1993",
    /// Kimura.
    Kimura = "kimura",
    /// Cosmetatos.
    Cosmetatos = "cosmetatos",
    /// Allen and Cunneen.
    AllenCunneen = "allen-cunneen",
    /// Sakasegawa.
    Sakasegawa = "sakasegawa",
    /// Marchal.
    Marchal = "marchal",
    /// Kingman in heavy traffic.
    KingmanHeavyTraffic = "kingman-heavy-traffic",
    /// Daley's upper bound.
    DaleyBound = "daley-bound",
    /// Kingman's upper bound.
    KingmanBound = "kingman-bound",
    /// Marshall's lower bound.
    MarshallBound = "marshall-bound",
}

/// A text that names no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no method `{0}`; `lindley solve --list` lists them")]
pub struct UnknownMethod(pub String);
