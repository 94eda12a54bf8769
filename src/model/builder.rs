//! A model put together in code. It becomes the text of a model file, which is then read: so there is
//! one parser, one set of checks, and what a program builds can be saved and shared.

use super::text::{ModelError, ModelText};
use super::{Change, Model, overlay};
use toml_edit::{InlineTable, Value};

/// A law of a service time or an interval, as a model file writes it: `{ exponential = { mean = "40ms" } }`.
#[derive(Debug, Clone)]
pub struct LawText(Value);

impl LawText {
    /// A law by its name and its parameters, as in the documentation of the model file.
    ///
    /// ```
    /// use lindley::model::LawText;
    /// let lognormal = LawText::new("lognormal", [("mean", "40ms".into()), ("scv", 2.25.into())]);
    /// assert_eq!(lognormal.to_string(), "{ lognormal = { mean = \"40ms\", scv = 2.25 } }");
    /// ```
    pub fn new<const N: usize>(name: &str, parameters: [(&str, Value); N]) -> LawText {
        let inner: InlineTable = parameters.into_iter().collect();
        LawText(Value::InlineTable([(name, Value::InlineTable(inner))].into_iter().collect()))
    }

    /// Exponential of that mean, as `40ms`.
    pub fn exponential(mean: &str) -> LawText {
        LawText::new("exponential", [("mean", mean.into())])
    }

    /// Always the same time.
    pub fn deterministic(value: &str) -> LawText {
        LawText(Value::InlineTable([("deterministic", value)].into_iter().collect()))
    }

    /// Lognormal of that mean and squared coefficient of variation.
    pub fn lognormal(mean: &str, scv: f64) -> LawText {
        LawText::new("lognormal", [("mean", mean.into()), ("scv", scv.into())])
    }
}

impl std::fmt::Display for LawText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.to_string().trim())
    }
}

/// Puts a model together; see [`Model::builder`].
#[derive(Debug, Clone)]
pub struct ModelBuilder {
    name: String,
    changes: Vec<Change>,
    mistakes: Vec<String>,
}

impl Model {
    /// A model put together in code: producers, queues, consumers, and anything else by its path.
    ///
    /// ```
    /// use lindley::model::{LawText, Model};
    /// let model = Model::builder("shop")
    ///     .poisson("web", "120/s", "orders")
    ///     .queue("orders")
    ///     .consumer("workers", "orders", 8, LawText::lognormal("40ms", 2.25))
    ///     .set("queues.orders.message_ttl", "30s")
    ///     .target("orders.wait.p99", "500ms")
    ///     .build()
    ///     .unwrap();
    /// assert_eq!((model.queues.len(), model.targets.len()), (1, 1));
    /// ```
    pub fn builder(name: &str) -> ModelBuilder {
        ModelBuilder { name: name.to_string(), changes: Vec::new(), mistakes: Vec::new() }.set("model.name", name)
    }
}

impl ModelBuilder {
    /// A producer with Poisson arrivals, as `120/s`, that publishes to a queue.
    pub fn poisson(self, name: &str, rate: &str, queue: &str) -> ModelBuilder {
        let arrivals: InlineTable = [("poisson", rate)].into_iter().collect();
        self.at(&["producers", name, "arrivals"], arrivals).at(&["producers", name, "queue"], queue)
    }

    /// A producer whose intervals are drawn from a law.
    pub fn renewal(self, name: &str, interval: LawText, queue: &str) -> ModelBuilder {
        let arrivals: InlineTable = [("renewal", interval.0)].into_iter().collect();
        self.at(&["producers", name, "arrivals"], arrivals).at(&["producers", name, "queue"], queue)
    }

    /// A queue without limit.
    pub fn queue(self, name: &str) -> ModelBuilder {
        self.at(&["queues", name], InlineTable::new())
    }

    /// A pool of servers that takes from a queue.
    pub fn consumer(self, name: &str, queue: &str, servers: u32, service: LawText) -> ModelBuilder {
        self.at(&["consumers", name, "queue"], queue)
            .at(&["consumers", name, "servers"], i64::from(servers))
            .at(&["consumers", name, "service"], service.0)
    }

    /// A limit on a quantity, as `orders.wait.p99` and `500ms`.
    pub fn target(self, quantity: &str, limit: impl Into<Value>) -> ModelBuilder {
        self.at(&["targets", quantity], limit)
    }

    /// Any other value at its path in a model file.
    pub fn set(mut self, path: &str, value: impl Into<Value>) -> ModelBuilder {
        match Change::at(path, value) {
            Ok(change) => self.changes.push(change),
            Err(why) => self.mistakes.push(why.into()),
        }
        self
    }

    /// The text of the model file.
    ///
    /// # Errors
    ///
    /// A path that is none, or that leads through something that is no table.
    pub fn text(&self) -> Result<ModelText, ModelError> {
        let written = match self.mistakes.is_empty() {
            true => overlay("", &self.changes).map_err(|why| vec![why.into()]),
            false => Err(self.mistakes.clone()),
        };
        let named = |text: String| ModelText::new(self.name.clone(), text);
        written.map(named).map_err(|mistakes| ModelError::said(&mistakes, named(String::new())))
    }

    /// The model, checked.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with places in [`ModelBuilder::text`].
    pub fn build(&self) -> Result<Model, ModelError> {
        self.text()?.read()
    }

    fn at(mut self, keys: &[&str], value: impl Into<Value>) -> ModelBuilder {
        self.changes.push(Change::of_keys(keys, value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_and_wrong_paths_are_mistakes_and_no_panics() {
        let odd = Model::builder("m").queue("a b").poisson("p", "1/s", "a b");
        assert!(odd.build().unwrap_err().to_string().contains("white space"));
        let through = Model::builder("m").set("queues", 3).queue("q");
        assert!(through.build().unwrap_err().to_string().contains("no such table"));
        assert!(Model::builder("m").set("..", 3).build().unwrap_err().to_string().contains("is no path"));
    }
}
