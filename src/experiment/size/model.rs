//! Sizing a model: what is asked of it, and the way from the question to the answer.

use super::expect::{self, TheoryExpectation};
use super::outcome::{self, Examined};
use super::question::{ModelQuestion, Unreadable, Variant};
use super::scenario::Scenario;
use super::trial::{Budget, decide};
use super::{Cost, SizeError, search};
use crate::analytic;
use crate::experiment::demanded;
use crate::experiment::judgement::Standing;
use crate::experiment::note::Note;
use crate::experiment::point::Status;
use crate::experiment::replicate::EngineChoice;
use crate::experiment::replicate::Replicator;
use crate::experiment::result::ResultSet;
use crate::experiment::study::{StudyError, cpu_seconds};
use crate::model::study::size::{SizeAxis, SizeQuestion};
use crate::model::traffic::Passing;
use crate::model::{Change, Model, QueueId, RunLength, RunSettings, Servers, ServiceTime};
use crate::row::{Demand, Metric, Statistic};
use crate::units::TextError;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Most combinations of which a front is computed.
const MOST_FRONT: u64 = 2_500;

impl<'q> ModelQuestion<'q> {
    /// The question that a section or options ask of a model.
    ///
    /// # Errors
    ///
    /// Everything that makes it no question: nothing to vary, targets that contradict one another or ask for
    /// the impossible, costs of what is not varied.
    pub(crate) fn new(
        question: &SizeQuestion,
        targets: Vec<Demand>,
        base: &'q Model,
        variant: &'q Variant<'q>,
    ) -> Result<ModelQuestion<'q>, SizeError> {
        if targets.is_empty() {
            return Err(SizeError::NoTarget);
        }
        let contradiction = || Demand::contradiction(&targets).map(SizeError::Contradiction);
        if let Some(why) = targets.iter().find_map(|target| impossible(target, base)).or_else(contradiction) {
            return Err(why);
        }
        let axes = match &question.vary[..] {
            [] => vec![default_axis(&targets[0], base, question)?],
            given => given.to_vec(),
        };
        let cost = Cost::new(&question.cost, &axes, base)?;
        if axes.len() > 1 && cost.is_none() {
            return Err(SizeError::NoCost);
        }
        if question.front && (cost.is_none() || axes.len() != 2) {
            return Err(SizeError::NoFront);
        }
        let combinations = axes.iter().map(|axis| axis.count() as f64).product::<f64>();
        if question.front && combinations > MOST_FRONT as f64 {
            return Err(SizeError::FrontTooLarge(combinations, MOST_FRONT));
        }
        let first = base.run.replications.clamp(2, 5);
        Ok(ModelQuestion {
            base,
            variant,
            scenarios: Scenario::all(question, base)?,
            axes,
            targets,
            cost,
            largest: question.largest,
            front: question.front,
            level: question.level(&base.run),
            first,
            most: question.max_replications,
            engine: EngineChoice::Auto,
            command: String::new(),
            jobs: 0,
        })
    }

    /// Finds the answer. `progress` hears of every candidate that is decided.
    ///
    /// # Errors
    ///
    /// Where the model cannot be read with a value of the range.
    pub(crate) fn answer(
        &self,
        interrupted: &AtomicBool,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<ResultSet, SizeError> {
        for end in [0, 1] {
            let place: Vec<u64> = self.axes.iter().map(|axis| end * (axis.count() - 1)).collect();
            match self.model_at(&place) {
                Ok(model) => self.can_run(&model)?,
                Err(Unreadable::Wrong(why)) => return Err(SizeError::Unreadable(why)),
                Err(Unreadable::Unstable(_)) => {}
            }
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build();
        let pool = pool.map_err(|e| StudyError::Threads(e.to_string()))?;
        pool.install(|| self.answer_here(interrupted, progress))
    }

    /// Refuses a model that the engine cannot run, and targets of what its runs do not have.
    fn can_run(&self, model: &Model) -> Result<(), SizeError> {
        Replicator::new(model, self.engine).map_err(SizeError::Engine)?;
        let measured = |target: &Demand| demanded::measured(model, &target.quantity).map_err(SizeError::NotMeasured);
        self.targets.iter().try_for_each(measured)
    }

    fn answer_here(&self, interrupted: &AtomicBool, progress: &(dyn Fn(usize) + Sync)) -> Result<ResultSet, SizeError> {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let mut search = CandidateSearch { question: self, examined: BTreeMap::new(), interrupted, progress };
        let (place, mut notes) = search.search();
        let failing = place.as_ref().map(|place| search.neighbours(place)).unwrap_or_default();
        if self.front {
            notes.extend(search.everything());
        }
        let ended = interrupted.load(Ordering::Relaxed);
        let mut set = outcome::result(self, search.examined, place, &failing, ended);
        set.notes.extend(notes.iter().map(ToString::to_string));
        set.provenance.wall_s = wall.elapsed().as_secs_f64();
        set.provenance.cpu_s = cpu_seconds().zip(cpu).map(|(end, start)| end - start);
        Ok(set)
    }

    fn model_at(&self, place: &[u64]) -> Result<Model, Unreadable> {
        let change = |(axis, n): (&SizeAxis, &u64)| Change::at(&axis.path, axis.value(self.index(axis, *n)));
        let changes = self.axes.iter().zip(place).map(change).collect::<Result<Vec<_>, TextError>>();
        let changes = changes.map_err(|why| Unreadable::Wrong(why.into()))?;
        let mut model = (self.variant)(&changes)?;
        demanded::demand(&mut model.run, demanded::spoken_of(&self.targets));
        // Every candidate is as long as every other.
        if model.run.length == RunLength::Needed {
            model.run.length = RunSettings::PLAIN_LENGTH;
        }
        Ok(model)
    }

    /// What theory says of a candidate; `None` where it does not speak of every target.
    fn predicted(&self, place: &[u64]) -> Option<bool> {
        let model = match self.model_at(place) {
            Ok(model) => model,
            Err(_) => return Some(false),
        };
        let mut all = Some(true);
        for scenario in &self.scenarios {
            let mut model = model.clone();
            if scenario.apply(&mut model).is_err() {
                return Some(false);
            }
            let TheoryExpectation::Known(known) = expect::of_model(&analytic::theory(&model), &self.targets) else {
                return Some(false);
            };
            for (target, known) in self.targets.iter().zip(known) {
                match known {
                    Some(known) if !target.holds(known.value) => return Some(false),
                    Some(_) => {}
                    None => all = None,
                }
            }
        }
        all
    }
}

/// What has been looked at so far.
struct CandidateSearch<'d, 'q> {
    question: &'d ModelQuestion<'q>,
    examined: BTreeMap<Vec<u64>, Examined>,
    interrupted: &'d AtomicBool,
    progress: &'d (dyn Fn(usize) + Sync),
}

impl CandidateSearch<'_, '_> {
    /// The answer, and what to know about the search.
    fn search(&mut self) -> (Option<Vec<u64>>, Vec<Note>) {
        let question = self.question;
        let counts: Vec<u64> = question.axes.iter().map(SizeAxis::count).collect();
        if let [count] = counts[..] {
            let guess = self.guess(count);
            let found = search::smallest(count, guess, &mut |place| self.look(place)).unwrap_or_default();
            let notes = found.violations.iter().map(|(met, missed)| self.violation(*met, *missed)).collect();
            return (found.answer.map(|n| vec![n]), notes);
        }
        let price = |place: &[u64]| question.price(place);
        let best = search::staircase(&counts, &price, &mut |place| self.look(place)).flatten();
        (best, Vec::new())
    }

    fn violation(&self, met: u64, missed: u64) -> Note {
        let value = |n| self.question.values(&[n])[0];
        Note::TargetsNotMonotone { met: value(met), missed: value(missed) }
    }

    /// Where theory puts the answer; without theory the first that is not unstable.
    fn guess(&self, count: u64) -> u64 {
        let enough = |n: u64| self.question.predicted(&[n]).unwrap_or(true);
        analytic::staffing::smallest(0, count - 1, 0.0, |n| enough(n).then_some(0.0)).unwrap_or(count - 1)
    }

    /// The verdict on a candidate; `None` if the search is interrupted.
    fn look(&mut self, place: &[u64]) -> Option<Standing> {
        if let Some(examined) = self.examined.get(place) {
            return Some(examined.verdict);
        }
        if self.interrupted.load(Ordering::Relaxed) {
            return None;
        }
        let examined = self.decide(place)?;
        let verdict = examined.verdict;
        self.examined.insert(place.to_vec(), examined);
        (self.progress)(self.examined.len());
        Some(verdict)
    }

    /// Every scenario in turn, until one misses a target.
    fn decide(&self, place: &[u64]) -> Option<Examined> {
        let question = self.question;
        let model = match question.model_at(place) {
            Ok(model) => model,
            Err(Unreadable::Unstable(why)) => return Some(Examined::none(question, place, Status::Unstable, why)),
            Err(Unreadable::Wrong(why)) => return Some(Examined::none(question, place, Status::Failed, why)),
        };
        let mut examined = Examined::new(&model);
        for (number, scenario) in question.scenarios.iter().enumerate() {
            let mut model = model.clone();
            if let Err(why) = scenario.apply(&mut model) {
                examined.impossible(number, why.to_string());
                break;
            }
            match expect::of_model(&analytic::theory(&model), &question.targets) {
                TheoryExpectation::Unstable(why) => examined.unstable(number, scenario.servers_left(&model), why),
                TheoryExpectation::Known(known) => {
                    let exact = known.iter().all(|k| k.as_ref().is_some_and(|k| k.source == crate::row::Source::Exact));
                    let usual = question.first.saturating_mul(if exact { 8 } else { 32 });
                    let most = question.most.unwrap_or(usual).max(question.first);
                    let budget = Budget { first: question.first, most, level: question.level, engine: question.engine };
                    let trial = decide(&model, &question.targets, &known, budget, self.interrupted)?;
                    match &trial.standstill {
                        Some(why) => examined.unstable(number, scenario.servers_left(&model), why.to_string()),
                        None => examined.tried(number, &known, trial),
                    }
                }
            }
            if examined.verdict == Standing::Missed {
                break;
            }
        }
        Some(examined)
    }

    /// The neighbours of the answer with one step less of one parameter.
    fn neighbours(&mut self, place: &[u64]) -> Vec<Vec<u64>> {
        let mut failing = Vec::new();
        for axis in (0..place.len()).filter(|axis| place[*axis] > 0) {
            let mut less = place.to_vec();
            less[axis] -= 1;
            // A neighbour that does not cost less is no failure of the answer.
            let cheaper = place.len() == 1 || self.question.price(&less) < self.question.price(place);
            if cheaper && self.look(&less).is_some() {
                failing.push(less);
            }
        }
        failing
    }

    /// Looks at every combination, for the front.
    fn everything(&mut self) -> Option<Note> {
        let counts: Vec<u64> = self.question.axes.iter().map(SizeAxis::count).collect();
        for a in 0..counts[0] {
            for b in 0..counts[1] {
                self.look(&[a, b])?;
            }
        }
        Some(Note::WholeFront(counts[0] * counts[1]))
    }
}

/// The servers of the consumer of the target's queue, from one to far beyond the offered load.
fn default_axis(target: &Demand, model: &Model, question: &SizeQuestion) -> Result<SizeAxis, SizeError> {
    let entity = target.quantity.name.as_str();
    let of_queue = |name: &str| {
        let queue = model.queues.iter().position(|q| q.name == name)?;
        Some(model.consumers_of(QueueId(queue as u32)).collect::<Vec<_>>())
    };
    let own = model.consumers.iter().position(|c| c.name == entity).map(|c| vec![c]);
    let candidates = of_queue(entity).or(own).unwrap_or_else(|| (0..model.consumers.len()).collect());
    let [only] = candidates[..] else {
        let names = candidates.iter().map(|c| model.consumers[*c].name.clone()).collect();
        return Err(SizeError::SeveralConsumers(names));
    };
    let consumer = &model.consumers[only];
    if consumer.servers == Servers::Unlimited {
        return Err(SizeError::UnlimitedServers(consumer.name.clone()));
    }
    let traffic = model.traffic();
    let burst = question.bursts.iter().map(|b| b.factor).fold(1.0, f64::max);
    let load = traffic.offered(consumer, &traffic.rates(Passing::Mean)) * burst;
    let high = if load > 0.0 && load.is_finite() { (4.0 * load + 64.0).min(1e5) as u32 } else { 1000 };
    Ok(SizeAxis::whole(format!("consumers.{}.servers", consumer.name), 1, high))
}

/// Why no system at all meets a target, if none does.
fn impossible(target: &Demand, model: &Model) -> Option<SizeError> {
    let demand = target.without_level();
    let queue = model.queues.iter().position(|q| q.name == demand.quantity.name)?;
    let [consumer] = model.consumers_of(QueueId(queue as u32)).collect::<Vec<_>>()[..] else { return None };
    let consumer = &model.consumers[consumer];
    let ServiceTime::Drawn(law) = &consumer.service.default else { return None };
    let whole = consumer.service.by_class.is_empty() && model.queues[queue].message_ttl.is_none();
    let bounded = target.is_upper() && target.quantity.metric == Metric::Sojourn && whole;
    let least = match demand.quantity.statistic {
        Statistic::Mean => law.mean(),
        Statistic::Quantile(p) => law.quantile(p),
        _ => return None,
    };
    let (target, consumer) = (target.to_string(), consumer.name.clone());
    (bounded && !demand.holds(least)).then_some(SizeError::Impossible { target, consumer, least })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most servers that are tried of one pool, at 20 messages a second.
    fn most(consumer: &str, target: &str) -> f64 {
        let text = format!(
            "[producers.web]\narrivals = {{ poisson = \"20/s\" }}\nqueue = \"orders\"\n\
             messages = [{{ class = \"paid\", weight = 1 }}]\n[queues.orders]\n\
             [consumers.workers]\nqueue = \"orders\"\nservers = 1000\n{consumer}"
        );
        let (model, _) = crate::model::parse("m", &text, &|name| Err(name.to_string().into())).expect("it is a model");
        let target = crate::model::Entities::of(&model).demand(target).expect("it is a target");
        default_axis(&target, &model, &SizeQuestion::default()).expect("there is one pool").high
    }

    #[test]
    fn the_range_goes_beyond_whatever_holds_servers() {
        let most = |consumer| most(consumer, "orders.wait.p95 < 1s");
        // 20/s x 40 ms = 0.8 servers: 4 x 0.8 + 64 = 67.2.
        assert_eq!(most("service = \"40ms\""), 67.0);
        // 20/s x 10 s = 200 servers, whatever a class costs that nobody sends.
        assert_eq!(most("service = { by_class = { paid = \"10s\" }, default = \"1ms\" }"), 864.0);
        assert_eq!(most("service = { by_class = { paid = \"1ms\" }, default = \"10s\" }"), 64.0);
        // 20/s x (1 s + 9 s).
        assert_eq!(most("service = \"1s\"\nturnaround = \"9s\""), 864.0);
        // Half of the deliveries fail, and each comes back: 20/s x 2 x 5 s.
        assert_eq!(most("service = \"5s\"\nfailure = { probability = 0.5 }\nretry = { max_attempts = 1000 }"), 864.0);
    }
}
