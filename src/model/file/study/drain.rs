//! Lowers `[drain]`.

use crate::model::file::reader::Node;
use crate::model::file::section::Section;
use crate::model::study::DrainQuestion;
use crate::model::study::drain::Parts;

/// Keys of `[drain]`.
pub(in crate::model::file) const DRAIN: &[&str] = &[
    "outage",
    "for",
    "throttle",
    "slowdown",
    "burst",
    "extra",
    "from",
    "until",
    "requeue",
    "at",
    "consumer",
    "producer",
    "recover_within",
    "horizon",
];

/// The `[drain]` section.
pub(super) fn drain(node: &Node<'_>) -> Option<DrainQuestion> {
    let section = node.section("`[drain]`", DRAIN)?;
    let parts = parts(&section);
    let name = |key| section.maybe(key, |n| n.text().map(str::to_string));
    let (at, consumer, producer) = (section.maybe("at", Node::duration), name("consumer"), name("producer"));
    let recover_within = section.maybe("recover_within", Node::positive_duration);
    let horizon = section.maybe("horizon", Node::positive_duration);
    let incident = parts?.incident().map_err(|why| section.missing::<()>(&format!("`[drain]`: {why}"))).ok()?;
    Some(DrainQuestion {
        incident,
        at: at?,
        consumer: consumer?,
        producer: producer?,
        recover_within: recover_within?,
        horizon: horizon?,
    })
}

fn parts(section: &Section<'_>) -> Option<Parts> {
    let time = |key| section.maybe(key, Node::positive_duration);
    let (outage, lasts, until) = (time("outage"), time("for"), time("until"));
    let from = section.maybe("from", Node::duration);
    let throttle = section.maybe("throttle", Node::probability);
    let slowdown = section.maybe("slowdown", Node::positive_number);
    let burst = section.maybe("burst", multiple);
    let extra = section.maybe("extra", Node::positive_rate);
    let requeue = section.or("requeue", false, Node::flag);
    Some(Parts {
        outage: outage?,
        lasts: lasts?,
        throttle: throttle?,
        slowdown: slowdown?,
        burst: burst?,
        extra: extra?,
        from: from?,
        until: until?,
        requeue: requeue?,
    })
}

/// A number, or `3x`.
fn multiple(node: &Node<'_>) -> Option<f64> {
    let Some(text) = node.value.as_str() else { return node.positive_number() };
    let number = text.trim().strip_suffix('x').and_then(|x| x.trim().parse().ok());
    number.filter(|x: &f64| x.is_finite() && *x > 0.0).or_else(|| node.wrong_type("a multiple such as `3x`"))
}
