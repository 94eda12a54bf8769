//! Names of queues and exchanges: collected before anything is lowered, so that sections may
//! refer to each other in any order.

use super::reader::Node;
use super::section::Section;
use crate::diag::{Diagnostic, code};
use crate::model::{Destination, ExchangeId, QueueId};
use crate::row::Scope;

/// The sections of a kind, in file order.
pub(super) struct Names<'a> {
    pub queues: Vec<Node<'a>>,
    pub exchanges: Vec<Node<'a>>,
}

impl<'a> Names<'a> {
    /// The queue that a value names.
    pub(super) fn queue(&self, node: &Node<'_>) -> Option<QueueId> {
        let names: Vec<&str> = self.queues.iter().map(|section| section.name).collect();
        known(node, &names, code::UNKNOWN_QUEUE, "queue").map(QueueId)
    }

    /// The exchange that a value names.
    pub(super) fn exchange(&self, node: &Node<'_>) -> Option<ExchangeId> {
        let names: Vec<&str> = self.exchanges.iter().map(|section| section.name).collect();
        known(node, &names, code::UNKNOWN_EXCHANGE, "exchange").map(ExchangeId)
    }

    /// The queue or exchange to which a section publishes.
    pub(super) fn destination(&self, section: &Section<'_>, what: &str) -> Option<Destination> {
        match (section.get("exchange"), section.get("queue")) {
            (Some(exchange), None) => self.exchange(&exchange).map(Destination::Exchange),
            (None, Some(queue)) => self.queue(&queue).map(Destination::Queue),
            (Some(_), Some(_)) => section.conflict("exchange", "queue"),
            (None, None) => section.missing(&format!("{what} has no destination: it needs `queue` or `exchange`")),
        }
    }
}

/// The place of the name at a node among those of all sections of a kind; one that could not be read has been
/// reported.
pub(super) fn known(node: &Node<'_>, names: &[&str], code: &'static str, kind: &str) -> Option<u32> {
    let name = node.text()?;
    if let Some(index) = names.iter().position(|known| *known == name) {
        return u32::try_from(index).ok();
    }
    node.unknown(code, &format!("there is no {kind} `{name}`"), name, names);
    None
}

/// Records a name that could not be used in `name.metric.statistic`.
pub(super) fn check_name(section: &Node<'_>) {
    let name = section.name;
    let fault = match name {
        "" => "is empty",
        "system" => "stands for the whole model",
        _ if name.contains('.') => "holds a dot",
        _ if name.contains(|c: char| c.is_whitespace() || c.is_control()) => "holds white space",
        _ if name.contains(['[', ']']) => "holds a bracket",
        _ if name.starts_with("prob(") || name.starts_with("P(") => "begins like a probability",
        _ if Scope::split(name).0.is_some() => "begins with a kind of entity and a colon",
        _ => return,
    };
    let found = Diagnostic::error(code::BAD_NAME, format!("the name `{name}` {fault}"), section.key.clone(), "");
    let note = "results and targets name numbers as `name.metric.statistic` or `name[class].metric.statistic`";
    section.cx.report(found.note(note));
}
