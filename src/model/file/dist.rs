//! Lowers distributions: a duration in quotes, or a table whose one key names the family.
//! Knows which parameters a family takes; whether their values fit is `dist`'s business.

use super::data_file::column;
use super::reader::Node;
use super::section::Section;
use crate::diag::code;
use crate::dist::{Count, Dist, DistError};

/// Families of times, by the key that names them.
pub(super) const FAMILIES: [&str; 18] = {
    let mut names = [""; 18];
    let mut i = 0;
    while i < names.len() {
        names[i] = READERS[i].0;
        i += 1;
    }
    names
};

/// Reads the parameters of a family.
type FamilyReader = fn(&Node<'_>) -> Option<Dist>;

const READERS: [(&str, FamilyReader); 18] = [
    ("deterministic", deterministic),
    ("exponential", exponential),
    ("erlang", erlang),
    ("gamma", gamma),
    ("hyperexponential", hyperexponential),
    ("coxian", coxian),
    ("phase_type", phase_type),
    ("lognormal", lognormal),
    ("weibull", weibull),
    ("pareto", pareto),
    ("bounded_pareto", bounded_pareto),
    ("uniform", uniform),
    ("triangular", triangular),
    ("truncated_normal", truncated_normal),
    ("mixture", mixture),
    ("shifted", shifted),
    ("empirical", empirical),
    ("histogram", histogram),
];

/// Families of counts, by the key that names them.
pub(super) const COUNTS: &[&str] = &["geometric", "poisson", "uniform", "choice"];

/// A distribution of times.
pub(super) fn dist(node: &Node<'_>) -> Option<Dist> {
    if !node.value.is_table() {
        if !node.value.is_str() && node.as_number().is_none() {
            return node.wrong_type("a duration such as `40ms`, or a distribution such as `{ exponential = ... }`,");
        }
        let value = node.duration()?;
        return checked(node, Dist::deterministic(value));
    }
    let family = node.variant(&format!("`{}`", node.name), &FAMILIES)?;
    let (_, read) = READERS.iter().find(|(name, _)| *name == family.name)?;
    read(&family)
}

/// What a constructor made, or its complaint at the place of the family.
fn checked<T>(node: &Node<'_>, result: Result<T, DistError>) -> Option<T> {
    result.map_err(|e| node.error(code::INVALID_DISTRIBUTION, format!("`{}`: {e}", node.name), "")).ok()
}

fn parameters<'a>(node: &Node<'a>, keys: &'static [&'static str]) -> Option<Section<'a>> {
    node.section(format!("`{}`", node.name), keys)
}

/// The form (mean, scv), which several families share.
fn mean_scv(section: &Section<'_>) -> Option<(f64, f64)> {
    section.need("mean", Node::duration).zip(section.need("scv", Node::non_negative_number))
}

/// A family that is given by mean and scv, or by two parameters of its own.
fn two_forms(
    node: &Node<'_>,
    keys: &'static [&'static str; 4],
    by_moments: fn(f64, f64) -> Result<Dist, DistError>,
    by_own: impl FnOnce(&Section<'_>) -> Option<Result<Dist, DistError>>,
) -> Option<Dist> {
    let section = parameters(node, keys)?;
    let form = section.form(&[&keys[..2], &keys[2..]])?;
    let made = match keys[2 * form] {
        "mean" => mean_scv(&section).map(|(mean, scv)| by_moments(mean, scv)),
        _ => by_own(&section),
    };
    checked(node, made?)
}

fn deterministic(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["value"])?;
    checked(node, Dist::deterministic(section.need("value", Node::duration)?))
}

fn exponential(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["mean", "rate"])?;
    let mean = match section.form(&[&["mean"], &["rate"]])? {
        0 => section.need("mean", Node::positive_duration)?,
        _ => 1.0 / section.need("rate", Node::positive_rate)?,
    };
    checked(node, Dist::exponential(mean))
}

fn erlang(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["k", "mean"])?;
    let (k, mean) = (section.need("k", |n| n.count(1)), section.need("mean", Node::positive_duration));
    checked(node, Dist::erlang(k?, mean?))
}

fn gamma(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, SHAPE_SCALE, Dist::gamma, |section| shape_scale(section, Dist::gamma_shape_scale))
}

const SHAPE_SCALE: &[&str; 4] = &["mean", "scv", "shape", "scale"];

fn shape_scale<T>(section: &Section<'_>, make: fn(f64, f64) -> T) -> Option<T> {
    let (shape, scale) = (section.need("shape", Node::positive_number), section.need("scale", Node::positive_duration));
    Some(make(shape?, scale?))
}

fn hyperexponential(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, &["mean", "scv", "probabilities", "means"], Dist::hyperexponential_balanced, |section| {
        let probabilities = section.need("probabilities", |n| n.each(Node::probability));
        let means = section.need("means", |n| n.each(Node::duration));
        Some(Dist::hyperexponential(&probabilities?, &means?))
    })
}

fn coxian(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, &["mean", "scv", "rates", "continue"], Dist::coxian_fit, |section| {
        let rates = section.need("rates", |n| n.each(Node::rate));
        let goes_on = section.need("continue", |n| n.each(Node::probability));
        Some(Dist::coxian(&rates?, &goes_on?))
    })
}

fn phase_type(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["alpha", "t"])?;
    let alpha = section.need("alpha", |n| n.each(Node::probability));
    let rows = section.need("t", |n| n.each(|row| row.each(Node::signed_rate)));
    checked(node, Dist::phase_type(&alpha?, &rows?.concat()))
}

fn lognormal(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, &["mean", "scv", "mu", "sigma"], Dist::lognormal, |section| {
        let (mu, sigma) = (section.need("mu", Node::number), section.need("sigma", Node::non_negative_number));
        Some(Dist::lognormal_log(mu?, sigma?))
    })
}

fn weibull(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, SHAPE_SCALE, Dist::weibull, |section| shape_scale(section, Dist::weibull_shape_scale))
}

fn pareto(node: &Node<'_>) -> Option<Dist> {
    two_forms(node, &["minimum", "alpha", "mean", "scv"], Dist::pareto_mean_scv, |section| {
        let minimum = section.need("minimum", Node::positive_duration);
        let alpha = section.need("alpha", Node::positive_number);
        Some(Dist::pareto(minimum?, alpha?))
    })
}

fn bounded_pareto(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["low", "high", "alpha"])?;
    let (low, high) = (section.need("low", Node::positive_duration), section.need("high", Node::positive_duration));
    let alpha = section.need("alpha", Node::positive_number);
    checked(node, Dist::bounded_pareto(low?, high?, alpha?))
}

fn uniform(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["low", "high"])?;
    let (low, high) = (section.need("low", Node::duration), section.need("high", Node::duration));
    checked(node, Dist::uniform(low?, high?))
}

fn triangular(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["low", "mode", "high"])?;
    let (low, high) = (section.need("low", Node::duration), section.need("high", Node::duration));
    let mode = section.need("mode", Node::duration);
    checked(node, Dist::triangular(low?, mode?, high?))
}

fn truncated_normal(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["mean", "sd", "low", "high"])?;
    let (mean, sd) = (section.need("mean", Node::duration), section.need("sd", Node::positive_duration));
    let low = section.or("low", 0.0, Node::duration);
    let high = section.or("high", f64::INFINITY, Node::duration);
    checked(node, Dist::truncated_normal(mean?, sd?, low?, high?))
}

fn mixture(node: &Node<'_>) -> Option<Dist> {
    let part = |part: &Node<'_>| {
        let section = part.section("a part of the mixture", &["weight", "of"])?;
        section.need("weight", Node::non_negative_number).zip(section.need("of", dist))
    };
    checked(node, Dist::mixture(node.each(part)?))
}

fn shifted(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["by", "of"])?;
    let (by, of) = (section.need("by", Node::duration), section.need("of", dist));
    checked(node, Dist::shifted(by?, of?))
}

fn empirical(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["values", "file", "column", "unit"])?;
    let values = match section.form(&[&["values"], &["file"]])? {
        0 => section.need("values", |n| n.each(Node::duration))?,
        _ => column(&section, "column")?,
    };
    checked(node, Dist::empirical(&values))
}

fn histogram(node: &Node<'_>) -> Option<Dist> {
    let section = parameters(node, &["edges", "counts", "file", "edge_column", "count_column", "unit"])?;
    let (edges, counts) = match section.form(&[&["edges", "counts"], &["file", "edge_column", "count_column"]])? {
        0 => {
            let edges = section.need("edges", |n| n.each(Node::duration));
            (edges?, section.need("counts", |n| n.each(Node::non_negative_number))?)
        }
        _ => super::data_file::histogram(&section)?,
    };
    checked(node, Dist::histogram(&edges, &counts))
}

/// A distribution of whole numbers >= 1.
pub(super) fn count(node: &Node<'_>) -> Option<Count> {
    if !node.value.is_table() {
        let size = node.count(1)?;
        return checked(node, Count::constant(size));
    }
    let family = node.variant(&format!("`{}`", node.name), COUNTS)?;
    match family.name {
        "geometric" => checked(&family, Count::geometric(count_mean(&family)?)),
        "poisson" => checked(&family, Count::poisson(count_mean(&family)?)),
        "uniform" => uniform_count(&family),
        _ => choice(&family),
    }
}

fn count_mean(node: &Node<'_>) -> Option<f64> {
    parameters(node, &["mean"])?.need("mean", Node::positive_number)
}

fn uniform_count(node: &Node<'_>) -> Option<Count> {
    let section = parameters(node, &["low", "high"])?;
    let (low, high) = (section.need("low", |n| n.count(1)), section.need("high", |n| n.count(1)));
    checked(node, Count::uniform(low?, high?))
}

fn choice(node: &Node<'_>) -> Option<Count> {
    let section = parameters(node, &["values", "weights"])?;
    let values = section.need("values", |n| n.each(|v| v.count(1)));
    let weights = section.need("weights", |n| n.each(Node::non_negative_number));
    checked(node, Count::choice(&values?, &weights?))
}
