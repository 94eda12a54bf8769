//! Features of queues, exchanges, disruptions, and of a model as a whole with its run settings.

use crate::model::{
    Binding, BindingTarget, Disruption, Effect, Exchange, ExchangeKind, Overflow, Queue, QueueId, RunLength,
    RunSettings, Warmup,
};

features! {
    /// Something that the model as a whole or its run settings use.
    WholeFeature as WholeKind {
        /// So many classes of messages.
        Classes(usize) = "has several classes of messages",
        /// The run lasts until the system is empty.
        Drained = "lasts until the system is empty",
        /// Nothing is cut off at the start of a run.
        KeptStart = "keeps its start",
    }
}

features! {
    /// Something that a disruption does.
    DisruptionFeature as DisruptionKind {
        /// So many servers take no new message and finish what they have; `None`: all.
        ServersDown(Option<u32>) = "takes servers down",
        /// So many servers go down, and their messages go back to the queue at once; `None`: all.
        Crash(Option<u32>) = "crashes servers",
        /// Services take so many times as long.
        Slowdown(f64) = "slows services down",
        /// So many messages a second come on top.
        Burst(f64) = "adds messages",
    }
}

features! {
    /// Something that an exchange uses.
    ExchangeFeature as ExchangeFeatureKind {
        /// Keys are compared.
        Direct = "compares keys",
        /// Binding keys are patterns.
        Topic = "matches patterns",
        /// Every binding matches.
        Fanout = "matches always",
        /// Headers are compared.
        Headers = "compares headers",
        /// A binding leads to another exchange.
        ToExchange = "leads to another exchange",
    }
}

features! {
    /// Something that a queue uses.
    QueueFeature as QueueKind {
        /// A limit, and what a full queue does.
        MaxLength(u32, Overflow) = "has a limit",
        /// Messages expire after so many seconds.
        MessageTtl(f64) = "has a time to live",
        /// So many priority levels.
        Priorities(u8) = "has priorities",
        /// What dies moves to another queue.
        DeadLetter(QueueId) = "has a dead-letter queue",
        /// No consumer takes from it.
        Unserved = "has no consumer",
        /// So many consumers take from it.
        Shared(usize) = "has several consumers",
    }
}

impl Queue {
    /// Everything that this queue uses, served by so many consumers.
    pub fn features_with(&self, consumers: usize) -> Vec<QueueFeature> {
        let Queue { name: _, levels, max_length, overflow, message_ttl, dead_letter } = self;
        let mut found = Vec::new();
        found.extend(max_length.map(|most| QueueFeature::MaxLength(most, *overflow)));
        found.extend(message_ttl.map(QueueFeature::MessageTtl));
        found.extend((*levels > 1).then_some(QueueFeature::Priorities(*levels)));
        found.extend(dead_letter.map(QueueFeature::DeadLetter));
        found.extend((consumers == 0).then_some(QueueFeature::Unserved));
        found.extend((consumers > 1).then_some(QueueFeature::Shared(consumers)));
        found
    }
}

impl Exchange {
    /// Everything that this exchange uses.
    pub fn features(&self) -> Vec<ExchangeFeature> {
        let Exchange { name: _, kind, bindings } = self;
        let mut found = vec![match kind {
            ExchangeKind::Direct => ExchangeFeature::Direct,
            ExchangeKind::Topic => ExchangeFeature::Topic,
            ExchangeKind::Fanout => ExchangeFeature::Fanout,
            ExchangeKind::Headers => ExchangeFeature::Headers,
        }];
        found.extend(bindings.iter().filter_map(Binding::feature));
        found
    }
}

impl Binding {
    fn feature(&self) -> Option<ExchangeFeature> {
        let Binding { key: _, headers: _, matching: _, target } = self;
        match target {
            BindingTarget::Queue(_) => None,
            BindingTarget::Exchange(_) => Some(ExchangeFeature::ToExchange),
        }
    }
}

impl Disruption {
    /// Everything that this disruption does.
    pub fn features(&self) -> Vec<DisruptionFeature> {
        let Disruption { name: _, at: _, lasts: _, effect } = self;
        vec![match effect {
            Effect::ServersDown { consumer: _, servers, requeue: false } => DisruptionFeature::ServersDown(*servers),
            Effect::ServersDown { consumer: _, servers, requeue: true } => DisruptionFeature::Crash(*servers),
            Effect::Slowdown { consumer: _, factor } => DisruptionFeature::Slowdown(*factor),
            Effect::Burst { producer: _, rate } => DisruptionFeature::Burst(*rate),
        }]
    }
}

impl RunSettings {
    /// What of the settings says which question is meant: one about a transient.
    pub fn features(&self) -> Vec<WholeFeature> {
        let RunSettings {
            length,
            replications: _,
            max_replications: _,
            precision: _,
            warmup,
            seed: _,
            level: _,
            quantiles: _,
            demanded: _,
            side_by_side: _,
        } = self;
        let mut found = Vec::new();
        found.extend((*warmup == Warmup::None).then_some(WholeFeature::KeptStart));
        found.extend((*length == RunLength::Drained).then_some(WholeFeature::Drained));
        found
    }
}
