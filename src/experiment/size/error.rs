//! Why a question about the size of a model is none, or has no answer.

use crate::experiment::study::StudyError;
use crate::model::Misnamed;
use crate::row::{Contradiction, backticked};
use crate::sim::RecursionRefusal;
use crate::units::format_duration;

/// Why a model cannot be sized.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum SizeError {
    /// Nothing must hold.
    #[error("say what must hold: --target 'orders.wait.p99 < 1s', or [targets] in the file")]
    NoTarget,
    /// No system at all meets this target: the least that it can be, seconds.
    #[error("{target} is impossible: the service of `{consumer}` alone takes {} by that measure", format_duration(*.least))]
    Impossible {
        /// The target.
        target: String,
        /// The consumer of its queue.
        consumer: String,
        /// Its service by the same measure, seconds.
        least: f64,
    },
    /// Targets contradict one another.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// No run has the number that a target speaks of.
    #[error("{0}")]
    NotMeasured(Misnamed),
    /// Several consumers could be changed.
    #[error("say what may be changed: {}", ways(.0))]
    SeveralConsumers(Vec<String>),
    /// The consumer has no number of servers.
    #[error("consumer `{0}` has unlimited servers: say what may be changed, with --vary")]
    UnlimitedServers(String),
    /// Several parameters without costs have no cheapest combination.
    #[error("several parameters are varied: say what each costs, as --cost 'workers*0.12/h'")]
    NoCost,
    /// A front needs two parameters and their costs.
    #[error("a front is that of cost over two parameters: give two --vary and their --cost")]
    NoFront,
    /// So many combinations, of at most so many.
    #[error("a front of {0} combinations is too large: at most {1}")]
    FrontTooLarge(f64, u64),
    /// Costs per different units of time.
    #[error("costs per `{0}` and per `{1}` cannot be summed: use one")]
    CostUnits(String, String),
    /// A cost of what is not varied; what is.
    #[error("the cost speaks of `{0}`, which is not varied; varied: {varied}", varied = backticked(.1))]
    CostOfFixed(String, Vec<String>),
    /// No such consumer has a server to lose; the consumers.
    #[error("no consumer `{0}` can lose a server; consumers: {known}", known = backticked(.1))]
    NoServerToLose(String, Vec<String>),
    /// The consumer has one server only.
    #[error("with one server of `{0}` down none is left")]
    LastServer(String),
    /// Arrivals of this producer cannot be stepped up; those of these kinds can.
    #[error("a burst steps up {1}; those of `{0}` are of another kind")]
    BurstOf(String, &'static str),
    /// There is no producer of that name.
    #[error("burst: there is no producer `{0}`")]
    NoProducer(String),
    /// The model cannot be read with a value of the range: why.
    #[error("{0}")]
    Unreadable(String),
    /// The engine that is asked for cannot run the model.
    #[error("{0}")]
    Engine(RecursionRefusal),
    /// The simulation failed.
    #[error(transparent)]
    Study(#[from] StudyError),
}

fn ways(consumers: &[String]) -> String {
    consumers.iter().map(|name| format!("--vary consumers.{name}.servers=1:50")).collect::<Vec<_>>().join(" or ")
}
