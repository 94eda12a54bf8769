//! The parts of a model as far as they could be read, with the places they came from, for the
//! checks that look at the whole.

use super::consumers::{consumer, producer};
use super::context::Context;
use super::disruptions::{Disruptable, disruption};
use super::names::{Names, check_name};
use super::placed::Placed;
use super::publish::KindPlace;
use super::queues::{exchange, placeholder, queue};
use super::reader::Node;
use super::run::{self, Nature};
use super::section::Section;
use super::{arrivals, targets};
use crate::diag::{Diagnostic, code};
use crate::model::traffic::{Traffic, TrafficParts};
use crate::model::{Consumer, Disruption, Entities, Exchange, Expectation, Feature};
use crate::model::{Model, Producer, Queue, RunSettings};
use crate::row::Demand;

/// Sections of a model file.
pub(super) const TOP: &[&str] = &[
    "model",
    "producers",
    "exchanges",
    "queues",
    "consumers",
    "disruptions",
    "run",
    "targets",
    "expect",
    // Read by `study`, not here.
    "study",
    "sweep",
    "size",
    "drain",
];

/// The top of the file.
pub(super) struct Top<'a>(Section<'a>);

impl<'a> Top<'a> {
    pub(super) fn read(root: &Node<'a>) -> Option<Top<'a>> {
        root.section("a model file", TOP).map(Top)
    }

    /// The sections `[kind.NAME]`, in file order.
    fn named(&self, kind: &'static str) -> Vec<Node<'a>> {
        let sections = self.0.get(kind).and_then(|node| node.entries()).unwrap_or_default();
        sections.iter().for_each(check_name);
        sections
    }

    /// The names of the sections `[kind.NAME]`, in file order.
    fn names(&self, kind: &'static str) -> Vec<&'a str> {
        let sections = self.0.get(kind).filter(|node| node.value.is_table()).and_then(|node| node.entries());
        sections.unwrap_or_default().iter().map(|node| node.name).collect()
    }

    /// `name` in `[model]`.
    pub(super) fn name(&self) -> Option<String> {
        let section = self.0.get("model")?.section("`[model]`", &["name"])?;
        section.get("name")?.text().map(str::to_string)
    }
}

/// What could be read.
pub(super) struct Draft<'a> {
    pub queues: Vec<Placed<'a, Queue>>,
    pub exchanges: Vec<Placed<'a, Exchange>>,
    /// The same exchanges as one slice, for routing.
    pub routers: Vec<Exchange>,
    pub producers: Vec<Placed<'a, Producer>>,
    pub consumers: Vec<Placed<'a, Consumer>>,
    pub disruptions: Vec<Placed<'a, Disruption>>,
    /// Nothing but warnings so far: what is absent is absent, not unreadable.
    pub whole: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn lower(cx: &'a Context<'a>, top: &Top<'a>) -> Draft<'a> {
        let names = Names { queues: top.named("queues"), exchanges: top.named("exchanges") };
        let unbound = || Exchange::new("", crate::model::ExchangeKind::Fanout, Vec::new());
        let whole_queue = |node: &Node<'a>| queue(node, &names).unwrap_or_else(|| placeholder(node));
        let whole_exchange = |node: &Node<'a>| exchange(node, &names).unwrap_or_else(unbound);
        let queues: Vec<_> = names.queues.iter().map(|node| Placed::new(whole_queue(node), node)).collect();
        let exchanges: Vec<_> = names.exchanges.iter().map(|node| Placed::new(whole_exchange(node), node)).collect();
        let producers = readable(top.named("producers"), |node| producer(node, &names));
        let consumers = readable(top.named("consumers"), |node| consumer(node, &names));
        let there = Disruptable {
            producers: &producers,
            consumers: &consumers,
            producer_names: top.names("producers"),
            consumer_names: top.names("consumers"),
        };
        let disruptions = readable(top.named("disruptions"), |node| Some((disruption(node, &there)?, Vec::new())));
        report_empty(cx, &names, top);
        let routers = exchanges.iter().map(|exchange| exchange.value.clone()).collect();
        Draft { queues, exchanges, routers, producers, consumers, disruptions, whole: cx.errors() == 0 }
    }

    /// Who feeds whom, among the parts that could be read.
    pub(super) fn traffic(&self, classes: usize) -> Traffic<'_> {
        Traffic::of(TrafficParts {
            producers: self.producers.iter().map(|placed| &placed.value).collect(),
            exchanges: &self.routers,
            queues: self.queues.iter().map(|placed| &placed.value).collect(),
            consumers: self.consumers.iter().map(|placed| &placed.value).collect(),
            classes,
        })
    }

    /// What the run settings depend on.
    pub(super) fn nature(&self) -> Nature {
        let endless = self.producers.iter().find(|p| !arrivals::is_finite(&p.value.arrivals));
        let producers = self.producers.iter().flat_map(|p| Feature::of_producer(&p.value));
        let consumers = self.consumers.iter().flat_map(|c| Feature::of_consumer(&c.value));
        let disruptions = self.disruptions.iter().flat_map(|d| Feature::of_disruption(&d.value));
        Nature {
            endless: endless.map(|p| (p.value.name.clone(), p.place("arrivals"))),
            random: producers.chain(consumers).chain(disruptions).any(|feature| feature.is_random()),
            disrupted: !self.disruptions.is_empty(),
        }
    }

    /// The run settings, written or by default.
    pub(super) fn run(&self, cx: &Context<'_>, top: &Top<'a>) -> Option<RunSettings> {
        let nature = self.nature();
        let section = top.0.get("run");
        if !section.as_ref().is_some_and(run::has_length) {
            report_open_end(&self.disruptions, &nature);
        }
        section.map_or(Some(run::defaults(&nature)), |node| run::run(&node, &nature, &self.entities(cx, top)))
    }

    /// Every name that the file mentions, whether or not what it names could be read.
    fn entities(&self, cx: &Context<'_>, top: &Top<'_>) -> Entities {
        let served: Vec<&str> = self
            .consumers
            .iter()
            .filter_map(|c| Some(self.queues.get(c.value.queue.index())?.value.name.as_str()))
            .collect();
        let is_served = |name: &&str| served.contains(name);
        let (served, idle): (Vec<&str>, Vec<&str>) = top.names("queues").into_iter().partition(is_served);
        let others = [idle, top.names("consumers"), top.names("producers"), vec!["system"]].concat();
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_string).collect();
        Entities { served: owned(served), others: owned(others), classes: self.whole.then(|| cx.class_names()) }
    }

    pub(super) fn targets(&self, cx: &Context<'_>, top: &Top<'a>) -> Option<Vec<Demand>> {
        let section = top.0.get("targets");
        section.map_or(Some(Vec::new()), |node| targets::targets(&node, &self.entities(cx, top)))
    }

    pub(super) fn expectations(&self, cx: &Context<'_>, top: &Top<'a>) -> Option<Vec<Expectation>> {
        let section = top.0.get("expect");
        section.map_or(Some(Vec::new()), |node| targets::expectations(&node, &self.entities(cx, top)))
    }

    /// The model with the parts of this draft.
    pub(super) fn finish(self, rest: Model) -> Option<Model> {
        fn values<T>(placed: Vec<Placed<'_, T>>) -> Vec<T> {
            placed.into_iter().map(|part| part.value).collect()
        }
        self.whole.then(|| Model {
            queues: values(self.queues),
            exchanges: self.routers,
            producers: values(self.producers),
            consumers: values(self.consumers),
            disruptions: values(self.disruptions),
            ..rest
        })
    }
}

fn readable<'a, T>(
    nodes: Vec<Node<'a>>,
    read: impl Fn(&Node<'a>) -> Option<(T, Vec<KindPlace>)>,
) -> Vec<Placed<'a, T>> {
    nodes.into_iter().filter_map(|node| read(&node).map(|(value, kinds)| Placed { value, node, kinds })).collect()
}

/// A disruption makes a run a transient, and nobody but its author knows how long that is.
fn report_open_end(disruptions: &[Placed<'_, Disruption>], nature: &Nature) {
    if let (Some(first), Some(_)) = (disruptions.first(), &nature.endless) {
        let message = "a model with disruptions needs `horizon` or `messages` in `[run]`";
        let found = Diagnostic::error(code::MISSING_KEY, message, first.name_place(), "not a steady state");
        let minutes = (5.0 * (first.value.at + first.value.lasts) / 60.0).ceil();
        first.node.cx.report(found.help(format!("for example `horizon = \"{minutes}min\"`")));
    }
}

fn report_empty(cx: &Context<'_>, names: &Names<'_>, top: &Top<'_>) {
    if cx.recovering {
        return;
    }
    if top.0.get("producers").is_none_or(|node| node.entries().is_some_and(|sections| sections.is_empty())) {
        let found = Diagnostic::error(code::EMPTY_MODEL, "nothing is published: there is no producer", 0..0, "");
        cx.report(found.help("add a section such as `[producers.web]`, or start from one of the files of `models`"));
    } else if names.queues.is_empty() {
        let found = Diagnostic::error(code::EMPTY_MODEL, "there is no queue", 0..0, "");
        cx.report(found.help("add a section such as `[queues.orders]`"));
    }
}
