//! Lowers disruptions: what goes wrong, or well, for a while, and whether the run is one that shows it.

use super::context::Context;
use super::names::known;
use super::placed::Placed;
use super::reader::Node;
use super::section::Section;
use crate::diag::{Diagnostic, code};
use crate::model::{Consumer, Disruption, Effect, Producer, RunLength, RunSettings, Servers, Warmup};
use crate::units::format_duration;

/// Keys of `[disruptions.NAME]`.
pub(super) const DISRUPTION: &[&str] =
    &["consumer", "producer", "at", "for", "servers_down", "requeue", "slowdown", "extra", "factor"];

/// What a disruption can say: whom it concerns, and what happens there.
const FORMS: &[&[&str]] =
    &[&["consumer", "servers_down"], &["consumer", "slowdown"], &["producer", "extra"], &["producer", "factor"]];

/// Who there is to be disrupted: those that could be read, and the names of all.
pub(super) struct Disruptable<'d, 'a> {
    pub producers: &'d [Placed<'a, Producer>],
    pub consumers: &'d [Placed<'a, Consumer>],
    pub producer_names: Vec<&'a str>,
    pub consumer_names: Vec<&'a str>,
}

/// A disruption; `None` if something in it is wrong.
pub(super) fn disruption<'a>(node: &Node<'a>, there: &Disruptable<'_, 'a>) -> Option<Disruption> {
    let section = node.section(format!("disruption `{}`", node.name), DISRUPTION)?;
    let at = section.need("at", Node::duration);
    let lasts = section.need("for", Node::positive_duration);
    let effect = match section.form(FORMS) {
        Some(0) => servers_down(&section, there),
        Some(1) => slowdown(&section, there),
        Some(_) => burst(&section, there),
        None => None,
    };
    if !section.has("servers_down") {
        section.unused("requeue", "only servers that go down can drop their messages");
    }
    Some(Disruption { name: node.name.to_string(), at: at?, lasts: lasts?, effect: effect? })
}

fn servers_down<'a>(section: &Section<'a>, there: &Disruptable<'_, 'a>) -> Option<Effect> {
    let consumer = section.need("consumer", |n| consumer(n, there));
    let requeue = section.or("requeue", false, Node::flag);
    let down = section.need("servers_down", down);
    let (consumer, servers) = (consumer?, down?);
    let placed = &there.consumers[consumer].value;
    if let (Some(servers), Some(node)) = (servers, section.get("servers_down")) {
        let rule = match placed.servers {
            Servers::Count(most) if servers <= most => String::new(),
            Servers::Count(most) => format!("be at most {most}, the servers of consumer `{}`", placed.name),
            Servers::Unlimited => format!("be `\"all\"`: consumer `{}` has servers without limit", placed.name),
        };
        node.require(rule.is_empty(), &rule)?;
    }
    Some(Effect::ServersDown { consumer, servers, requeue: requeue? })
}

/// A number of servers, or all.
fn down(node: &Node<'_>) -> Option<Option<u32>> {
    if node.value.is_str() {
        return node.only_word("all", None, "a whole number");
    }
    node.count(1).map(Some)
}

fn slowdown<'a>(section: &Section<'a>, there: &Disruptable<'_, 'a>) -> Option<Effect> {
    let consumer = section.need("consumer", |n| consumer(n, there));
    let factor = section.need("slowdown", Node::positive_number);
    Some(Effect::Slowdown { consumer: consumer?, factor: factor? })
}

fn burst<'a>(section: &Section<'a>, there: &Disruptable<'_, 'a>) -> Option<Effect> {
    let producer = section.need("producer", |n| producer(n, there));
    if let Some(extra) = section.get("extra") {
        let rate = extra.positive_rate();
        return Some(Effect::Burst { producer: producer?, rate: rate? });
    }
    let rule = "be above 1: the additional messages are factor - 1 times the mean rate";
    let factor = section.need("factor", |n| n.keep(n.number(), |factor| factor > 1.0, rule))?;
    let producer = producer?;
    let placed = &there.producers[producer];
    match placed.value.arrivals.rate().filter(|rate| rate.is_finite() && *rate > 0.0) {
        Some(rate) => Some(Effect::Burst { producer, rate: (factor - 1.0) * rate }),
        None => without_rate(section, placed),
    }
}

fn without_rate(section: &Section<'_>, producer: &Placed<'_, Producer>) -> Option<Effect> {
    let factor = section.get("factor")?;
    let message = format!("producer `{}` has no mean rate to be multiplied", producer.value.name);
    let found = Diagnostic::error(code::NO_MEAN_RATE, message, factor.place(), "");
    let found = found.also(producer.place("arrivals"), "these arrivals");
    section.node.cx.report(found.help("say how many messages come on top, as `extra = \"130/s\"`"));
    None
}

fn consumer(node: &Node<'_>, there: &Disruptable<'_, '_>) -> Option<usize> {
    known(node, &there.consumer_names, code::UNKNOWN_CONSUMER, "consumer")?;
    there.consumers.iter().position(|c| Some(c.value.name.as_str()) == node.value.as_str())
}

fn producer(node: &Node<'_>, there: &Disruptable<'_, '_>) -> Option<usize> {
    known(node, &there.producer_names, code::UNKNOWN_PRODUCER, "producer")?;
    there.producers.iter().position(|p| Some(p.value.name.as_str()) == node.value.as_str())
}

/// Whether a run shows its disruptions: they begin before it ends, and nothing of them is cut off.
pub(super) fn check(cx: &Context<'_>, disruptions: &[Placed<'_, Disruption>], run: &RunSettings) {
    for placed in disruptions {
        let disruption = &placed.value;
        match (run.length, run.warmup) {
            (RunLength::Horizon(end), _) if disruption.at >= end => report_never(cx, placed, end),
            (_, Warmup::Auto) => report_cut(cx, placed, "`warmup = \"auto\"` looks for a steady state and"),
            (_, Warmup::Time(cut)) if cut > disruption.at => {
                report_cut(cx, placed, &format!("the warm-up of {}", format_duration(cut)));
            }
            _ => {}
        }
    }
}

fn report_never(cx: &Context<'_>, disruption: &Placed<'_, Disruption>, end: f64) {
    let message = format!("disruption `{}` never begins", disruption.value.name);
    let label = format!("the run ends at {}", format_duration(end));
    cx.report(Diagnostic::warning(code::DISRUPTION_NEVER, message, disruption.place("at"), label));
}

fn report_cut(cx: &Context<'_>, disruption: &Placed<'_, Disruption>, who: &str) {
    let message = format!("{who} may cut off disruption `{}`", disruption.value.name);
    let found = Diagnostic::warning(code::DISRUPTION_CUT_OFF, message, disruption.place("at"), "");
    cx.report(found.help("use `warmup = \"none\"`, or a warm-up that ends before the disruption begins"));
}
