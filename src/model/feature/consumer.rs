//! Features of a consumer.

use crate::dist::Dist;
use crate::model::{
    Ack, Backoff, ClassId, Consumer, MessageKind, Onward, Requeue, Retry, Servers, ServiceTime, ServiceTimes,
};

features! {
    /// Something that a consumer uses.
    ConsumerFeature<'m> as ConsumerKind {
        /// As many servers as there are messages.
        Unlimited = "has servers without limit",
        /// Service times are drawn from a law.
        DrawnService(&'m Dist) = "draws its service times",
        /// Service times are recorded.
        RecordedService(&'m [f64]) = "has recorded service times",
        /// Some classes have service times of their own.
        ServiceByClass(&'m [(ClassId, ServiceTime)]) = "serves classes by different laws",
        /// A server stays taken after each service.
        Turnaround(&'m Dist) = "has a turnaround",
        /// A message cannot start at once after it entered the queue (seconds).
        Latency(f64) = "has a delivery latency",
        /// A message is settled when it is delivered.
        AutoAck = "acknowledges at delivery",
        /// A processing may fail (probability).
        Failure(f64) = "may fail",
        /// Failed messages are delivered again, up to so many times in all.
        Attempts(Option<u32>) = "delivers failed messages again",
        /// Failed messages stay away for a while.
        Backoff(&'m Backoff) = "backs off before a retry",
        /// Failed messages return to the tail.
        RequeueTail = "returns failed messages to the tail",
        /// An acknowledgement may be lost (probability).
        AckLoss(f64) = "may lose acknowledgements",
        /// Messages already processed are recognised.
        Deduplicate = "recognises duplicates",
        /// What is done is published onward.
        Onward(&'m Onward) = "publishes onward",
        /// Only a share of it is.
        OnwardShare(f64) = "publishes a share onward",
        /// Messages of several kinds are published onward.
        OnwardKinds(&'m [MessageKind]) = "publishes several kinds of messages onward",
    }
}

impl Consumer {
    /// Everything that this consumer uses.
    pub fn features(&self) -> Vec<ConsumerFeature<'_>> {
        let Consumer {
            name: _,
            queue: _,
            servers,
            ack,
            service,
            failure,
            ack_loss,
            deduplicate,
            retry: Retry { max_attempts, backoff, requeue },
            publish,
            turnaround,
            latency,
        } = self;
        use ConsumerFeature as F;
        let mut found = Vec::new();
        found.extend((*servers == Servers::Unlimited).then_some(F::Unlimited));
        found.extend(service.features());
        found.extend(turnaround.as_ref().map(F::Turnaround));
        found.extend((*latency > 0.0).then_some(F::Latency(*latency)));
        found.extend((*ack == Ack::Auto).then_some(F::AutoAck));
        found.extend((*failure > 0.0).then_some(F::Failure(*failure)));
        found.extend((*max_attempts != Some(1)).then_some(F::Attempts(*max_attempts)));
        found.extend((*backoff != Backoff::Immediate).then_some(F::Backoff(backoff)));
        found.extend((*requeue == Requeue::Tail).then_some(F::RequeueTail));
        found.extend((*ack_loss > 0.0).then_some(F::AckLoss(*ack_loss)));
        found.extend(deduplicate.then_some(F::Deduplicate));
        found.extend(publish.iter().flat_map(Onward::features));
        found
    }
}

impl ServiceTimes {
    fn features(&self) -> Vec<ConsumerFeature<'_>> {
        let ServiceTimes { default, by_class } = self;
        let laws = std::iter::once(default).chain(by_class.iter().map(|(_, time)| time));
        let mut found: Vec<ConsumerFeature<'_>> = laws.map(ServiceTime::feature).collect();
        found.extend((!by_class.is_empty()).then_some(ConsumerFeature::ServiceByClass(by_class)));
        found
    }
}

impl ServiceTime {
    fn feature(&self) -> ConsumerFeature<'_> {
        match self {
            ServiceTime::Drawn(law) => ConsumerFeature::DrawnService(law),
            ServiceTime::Recorded(times) => ConsumerFeature::RecordedService(times),
        }
    }
}

impl Onward {
    fn features(&self) -> Vec<ConsumerFeature<'_>> {
        let Onward { to: _, kinds, probability } = self;
        let mut found = vec![ConsumerFeature::Onward(self)];
        found.extend((*probability < 1.0).then_some(ConsumerFeature::OnwardShare(*probability)));
        found.extend((kinds.len() > 1).then_some(ConsumerFeature::OnwardKinds(kinds)));
        found
    }
}
