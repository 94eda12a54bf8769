//! Every run checks itself: Little's law, the utilization law and flow balance hold on every path, so what is measured must
//! obey them to the rounding of sums. What does not is a defect of lindley, and is said.

use super::measure::{Measured, PathBalance, Sides};
use super::note::{BrokenLaw, Note};
use crate::model::{Model, PathLaw, QueueId, State};

/// Whom a law speaks of.
#[derive(Debug, Clone, Copy)]
enum CheckedLaw {
    Published,
    Ended(State),
    Queue(usize, PathLaw),
    Consumer(usize),
}

/// What is broken, each law once: in the first replication that breaks it.
pub(super) fn broken(model: &Model, measured: &[Measured]) -> Vec<Note> {
    let first = |checked: &CheckedLaw| {
        let differs = |(i, m): (usize, &Measured)| {
            let sides = checked.sides(&m.balance)?;
            sides.differ(m.balance.clock).then_some((i, sides))
        };
        let (replication, Sides { counted, summed }) = measured.iter().enumerate().find_map(differs)?;
        let (law, name) = (checked.law(), checked.name(model));
        Some(Note::LawBroken { law, name, counted, summed, replication })
    };
    laws(model).iter().filter_map(first).collect()
}

/// The laws that hold in a model.
fn laws(model: &Model) -> Vec<CheckedLaw> {
    let mut laws = vec![CheckedLaw::Published];
    laws.extend(State::ALL.into_iter().filter(|state| state.is_final()).map(CheckedLaw::Ended));
    for q in 0..model.queues.len() {
        let holds = |law: &PathLaw| model.holds_at_queue(QueueId(q as u32), *law);
        let of_queue = [PathLaw::Waiting, PathLaw::Presence, PathLaw::Flow].into_iter().filter(holds);
        laws.extend(of_queue.map(|law| CheckedLaw::Queue(q, law)));
    }
    laws.extend((0..model.consumers.len()).filter(|&c| model.holds_at_consumer(c)).map(CheckedLaw::Consumer));
    laws
}

impl CheckedLaw {
    fn sides(self, balance: &PathBalance) -> Option<Sides> {
        match self {
            CheckedLaw::Published => Some(balance.published),
            CheckedLaw::Ended(state) => Some(balance.ended[state as usize]),
            CheckedLaw::Queue(q, law) => balance.at_queue(q, law),
            CheckedLaw::Consumer(c) => balance.utilization.get(c).copied(),
        }
    }

    fn law(self) -> BrokenLaw {
        match self {
            CheckedLaw::Published => BrokenLaw::Published,
            CheckedLaw::Ended(_) => BrokenLaw::Ended,
            CheckedLaw::Queue(_, law) => BrokenLaw::Path(law),
            CheckedLaw::Consumer(_) => BrokenLaw::Path(PathLaw::Utilization),
        }
    }

    fn name(self, model: &Model) -> String {
        match self {
            CheckedLaw::Published => "system".to_string(),
            CheckedLaw::Ended(state) => state.name().to_string(),
            CheckedLaw::Queue(q, _) => model.queues[q].name.clone(),
            CheckedLaw::Consumer(c) => model.consumers[c].name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::coverage::{RunSize, cases};
    use crate::experiment::measure::{Cut, CutStart, Measure};
    use crate::experiment::replicate::{EngineChoice, Replicator};
    use crate::model::{Cause, RunLength};
    use crate::rng::Streams;
    use crate::sim::probe::{Departure, Probe, Remaining};
    use crate::sim::{Engine, Network, RunPlan, Stop};
    use std::sync::atomic::AtomicBool;

    const CUT: Cut = Cut { start: CutStart::Time(500.0), blocks: 10 };
    static GO_ON: AtomicBool = AtomicBool::new(false);

    /// What a measurement does wrong with one message in a hundred.
    #[derive(Clone, Copy, PartialEq)]
    enum Spoil {
        None,
        /// Its departure is not noticed.
        Missed,
        /// Its wait is a tenth longer: 1 ‰ of all waits.
        Stretched,
        /// Its service is.
        Served,
        /// It is not noticed that it left.
        Stayed,
        /// Its arrival is counted twice.
        Twice,
    }

    struct Faulty<'a> {
        measure: Measure<'a>,
        fault: Spoil,
        seen: u64,
    }

    impl Faulty<'_> {
        fn strikes(&mut self, fault: Spoil) -> bool {
            self.seen += u64::from(self.fault == fault);
            self.fault == fault && self.seen.is_multiple_of(100)
        }
    }

    impl Probe for Faulty<'_> {
        fn published(&mut self, now: f64, source: u32) {
            self.measure.published(now, source);
        }
        fn offered(&mut self, now: f64, queue: u32) {
            self.measure.offered(now, queue);
            if self.strikes(Spoil::Twice) {
                self.measure.offered(now, queue);
            }
        }
        fn ready(&mut self, now: f64, queue: u32, level: u32) {
            self.measure.ready(now, queue, level);
        }
        fn in_system(&mut self, now: f64, queue: u32, level: u32) {
            self.measure.in_system(now, queue, level);
        }
        fn busy(&mut self, now: f64, pool: u32, level: u32) {
            self.measure.busy(now, pool, level);
        }
        fn served(&mut self, now: f64, pool: u32, service: f64) {
            let factor = if self.strikes(Spoil::Served) { 1.1 } else { 1.0 };
            self.measure.served(now, pool, factor * service);
        }
        fn departed(&mut self, now: f64, d: &Departure) {
            if self.strikes(Spoil::Missed) {
                return;
            }
            let factor = if self.strikes(Spoil::Stretched) { 1.1 } else { 1.0 };
            self.measure.departed(now, &Departure { wait: factor * d.wait, ..*d });
        }
        fn left(&mut self, now: f64, queue: u32, cause: Cause) {
            if !self.strikes(Spoil::Stayed) {
                self.measure.left(now, queue, cause);
            }
        }
        fn moved(&mut self, from: State, to: State, dwell: f64) {
            self.measure.moved(from, to, dwell);
        }
        fn ended(&mut self, now: f64, outcome: State, class: u16, age: f64) {
            self.measure.ended(now, outcome, class, age);
        }
        fn remained(&mut self, message: &Remaining) {
            self.measure.remained(message);
        }
        fn tick(&mut self, now: f64) -> bool {
            self.measure.tick(now)
        }
    }

    fn mm1() -> Model {
        let cases = cases();
        cases.iter().find(|case| case.name == "mm1-09").expect("it is a case").model(RunSize::Medium, 1)
    }

    /// The laws that a run with a fault is found to break.
    fn found(fault: Spoil) -> Vec<BrokenLaw> {
        let model = mm1();
        let network = Network::compile(&model);
        let mut probe = Faulty { measure: Measure::new(&network, &GO_ON), fault, seen: 0 };
        let plan = RunPlan { stop: Stop::Published(20_000), tick: 50.0 };
        let finished = Engine::new(&network, &Streams::new(1, 0), &mut probe).run(&plan);
        let notes = broken(&model, &[probe.measure.finish(finished).cut(&CUT)]);
        notes.into_iter().filter_map(|n| if let Note::LawBroken { law, .. } = n { Some(law) } else { None }).collect()
    }

    #[test]
    fn each_fault_is_found_by_its_law() {
        let law = BrokenLaw::Path;
        assert_eq!(found(Spoil::None), []);
        assert_eq!(found(Spoil::Missed), [law(PathLaw::Waiting), law(PathLaw::Presence)]);
        assert_eq!(found(Spoil::Stretched), [law(PathLaw::Waiting)]);
        assert_eq!(found(Spoil::Served), [law(PathLaw::Utilization)]);
        assert_eq!(found(Spoil::Stayed), [law(PathLaw::Flow)]);
        assert_eq!(found(Spoil::Twice), [law(PathLaw::Flow)]);
    }

    /// Cases of every kind, each with seeds of its own, by every engine that can run it.
    #[test]
    fn no_case_breaks_a_law() {
        for case in cases() {
            for seed in 0..20 {
                let mut model = case.model(RunSize::Few, seed);
                model.run.length = RunLength::Messages(1_000);
                for engine in [EngineChoice::General, EngineChoice::Auto] {
                    let replicator = Replicator::new(&model, engine).expect("one of them can run it");
                    let run = replicator.run(0, &GO_ON).expect("nobody interrupts it");
                    assert_eq!(broken(&model, &[run.cut(&CUT)]), [], "{} {seed} {engine:?}", case.name);
                }
            }
        }
    }

    /// Arrivals every 3 s, services of 4 s, looked at until 8 s.
    #[test]
    fn sides_by_hand() {
        let text = "[producers.p]\narrivals = { renewal = \"3s\" }\nqueue = \"q\"\n[queues.q]\n\
                    [consumers.c]\nqueue = \"q\"\nservice = \"4s\"\n[run]\nhorizon = \"8s\"\nwarmup = \"none\"\n";
        let model = Model::from_toml(text).expect("a right model");
        for engine in [EngineChoice::General, EngineChoice::Recursion] {
            let replicator = Replicator::new(&model, engine).expect("both can run it");
            let run = replicator.run(0, &GO_ON).expect("nobody interrupts it");
            let balance = run.cut(&Cut { start: CutStart::Time(0.0), blocks: 1 }).balance;
            // Arrivals at 3 and 6; services 3 to 7, and 7 to beyond 8.
            let queue = balance.queues[0];
            let same = |x: f64| Sides { counted: x, summed: x };
            assert_eq!((queue.waiting, queue.presence, queue.flow), (same(1.0), same(6.0), same(2.0)), "{engine:?}");
            assert_eq!(balance.utilization, [same(5.0)]);
        }
    }
}
