//! From a parameter to the models that are run for it: a step each way, one way where the other is no model, by one
//! for a whole number, or between two values that were named.

use super::number::FileNumber;
use super::question::{SensitivityError, SensitivityQuestion, VariedPath};
use super::{Move, MoveKind, Unmoved};
use crate::diag::{Diagnostic, code};
use crate::experiment::size::question::Unreadable;
use crate::experiment::sweep::unknown_path;
use crate::model::study::size::SizeAxis;
use crate::model::{self, Change, Model};
use toml_edit::Value;

/// A move of a parameter, and the models at its ends.
pub(super) struct PlannedMove {
    pub path: String,
    pub moved: Move,
    pub unit: crate::units::Unit,
    /// With the low value and the high one.
    pub models: [Model; 2],
    /// The same at twice the step, where there are such models.
    pub wider: Option<[Model; 2]>,
}

/// What is run, and what is not and why.
pub(super) type MovePlan = (Vec<PlannedMove>, Vec<Unmoved>);

impl SensitivityQuestion<'_> {
    /// The moves of every parameter that is asked for.
    ///
    /// # Errors
    ///
    /// A parameter that the model has not, or values with which it is none.
    pub(super) fn plan(&self) -> Result<MovePlan, SensitivityError> {
        let all = FileNumber::all(self.text);
        let (mut planned, mut unmoved) = (Vec::new(), Vec::new());
        let mut keep = |found: MovePlan| {
            planned.extend(found.0);
            unmoved.extend(found.1);
        };
        if self.vary.is_empty() {
            all.iter().for_each(|parameter| keep(self.steps(parameter)));
        }
        for varied in &self.vary {
            let parameter = all.iter().find(|parameter| parameter.path == varied.path);
            match (&varied.between, parameter) {
                (Some(axis), _) => keep((vec![self.between(axis, parameter, &all)?], Vec::new())),
                (None, Some(parameter)) => keep(self.steps(parameter)),
                (None, None) => return Err(self.unknown(varied, &all)),
            }
        }
        Ok((planned, unmoved))
    }

    /// The model with other values.
    fn model(&self, path: &str, value: Value) -> Result<Model, Unreadable> {
        let changed = Change::at(path, value).and_then(|change| model::overlay(self.text, &[change]));
        let text = changed.map_err(|why| Unreadable::Wrong(why.into()))?;
        let read = model::parse(self.name, &text, &|file| (self.files)(file));
        // What to do about it speaks to who wrote the file, and not of a move.
        let bare = |d: Diagnostic| Diagnostic { helps: Vec::new(), ..d };
        let why = |found: Vec<Diagnostic>| Unreadable::of(&found.into_iter().map(bare).collect::<Vec<_>>());
        read.map(|(model, _)| model).map_err(why)
    }

    fn steps(&self, parameter: &FileNumber) -> MovePlan {
        let unmoved = |why: String| {
            let unmoved = Unmoved { path: parameter.path.clone(), value: parameter.text(), why };
            (Vec::new(), vec![unmoved])
        };
        if parameter.value == 0.0 && !(parameter.is_integer && self.is_whole(&parameter.path, 0.5)) {
            return unmoved(format!("it is 0, of which no share is a step; say --vary {}=0:HIGH", parameter.path));
        }
        let ends = [1.0 - self.step, 1.0 + self.step].map(|by| self.model(&parameter.path, parameter.times(by)));
        let refused = |end: &Result<Model, Unreadable>| matches!(end, Err(Unreadable::Wrong(_)));
        let kept = |moved: Option<PlannedMove>| (moved.into_iter().collect(), Vec::new());
        match ends {
            ends if parameter.is_integer && (parameter.value == 0.0 || ends.iter().all(refused)) => {
                self.by_one(parameter)
            }
            [Err(low), Err(_)] => unmoved(low.why()),
            [Ok(low), Ok(high)] => kept(Some(self.step(parameter, MoveKind::Central, [low, high]))),
            [Ok(low), Err(why)] => kept(self.one_sided(parameter, MoveKind::Below(why.why()), low)),
            [Err(why), Ok(high)] => kept(self.one_sided(parameter, MoveKind::Above(why.why()), high)),
        }
    }

    /// A step from the value itself, one way.
    fn one_sided(&self, parameter: &FileNumber, kind: MoveKind, moved: Model) -> Option<PlannedMove> {
        let base = self.model(&parameter.path, parameter.times(1.0)).ok()?;
        let models = if matches!(kind, MoveKind::Below(_)) { [moved, base] } else { [base, moved] };
        Some(self.step(parameter, kind, models))
    }

    fn step(&self, parameter: &FileNumber, kind: MoveKind, models: [Model; 2]) -> PlannedMove {
        let (low, high) = factors(&kind, self.step);
        let (low2, high2) = factors(&kind, 2.0 * self.step);
        let wider = [low2, high2].map(|by| self.model(&parameter.path, parameter.times(by)).ok());
        let moved = Move {
            kind,
            base: Some(parameter.text()),
            low: parameter.text_times(low),
            high: parameter.text_times(high),
            ends: [parameter.value * low, parameter.value * high],
        };
        let [low, high] = wider;
        PlannedMove {
            path: parameter.path.clone(),
            moved,
            unit: parameter.unit,
            models,
            wider: low.zip(high).map(Into::into),
        }
    }

    /// One down, and one up; a way that leads to no model is told.
    fn by_one(&self, parameter: &FileNumber) -> MovePlan {
        let (mut planned, mut unmoved) = (Vec::new(), Vec::new());
        for from in [-1, 0] {
            let (low, high) = (parameter.plus(from), parameter.plus(from + 1));
            let path = parameter.path.clone();
            match self.whole(parameter, low).and_then(|first| Ok([first, self.whole(parameter, high)?])) {
                Ok(models) => {
                    let ends = [low as f64, high as f64];
                    let (base, low, high) = (Some(parameter.text()), low.to_string(), high.to_string());
                    let moved = Move { kind: MoveKind::Whole, base, low, high, ends };
                    planned.push(PlannedMove { path, moved, unit: parameter.unit, models, wider: None });
                }
                Err(why) => unmoved.push(Unmoved { path, value: format!("{low} to {high}"), why }),
            }
        }
        (planned, unmoved)
    }

    fn whole(&self, parameter: &FileNumber, n: i64) -> Result<Model, String> {
        match n {
            0.. => self.model(&parameter.path, Value::from(n)).map_err(Unreadable::why),
            _ => Err("there is no smaller one".to_string()),
        }
    }

    /// Between the two values that were named.
    fn between(
        &self,
        axis: &SizeAxis,
        parameter: Option<&FileNumber>,
        all: &[FileNumber],
    ) -> Result<PlannedMove, SensitivityError> {
        if let Some(why) = unknown_path(self.text, self.files, &axis.path, &axis.text(0)) {
            return Err(SensitivityError::Unknown { why: why.to_string(), there: paths(all) });
        }
        let last = axis.count() - 1;
        let end = |index: u64| {
            let fault = |why: Unreadable| SensitivityError::NoModel {
                path: axis.path.clone(),
                value: axis.text(index),
                why: why.why(),
            };
            let value = axis.value(index);
            let read = FileNumber::read(&axis.path, &value);
            let found = read.map(|end| (end.value, end.unit)).unwrap_or((axis.at(index), crate::units::Unit::One));
            self.model(&axis.path, value).map(|model| (model, found)).map_err(fault)
        };
        let ((low, (from, unit)), (high, (to, _))) = (end(0)?, end(last)?);
        let is_whole = axis.whole && parameter.is_none_or(|parameter| parameter.is_integer);
        let moved = Move {
            kind: if is_whole && self.is_whole(&axis.path, axis.low + 0.5) {
                MoveKind::Whole
            } else {
                MoveKind::Between
            },
            base: parameter.map(FileNumber::text),
            low: axis.text(0),
            high: axis.text(last),
            ends: [from, to],
        };
        Ok(PlannedMove { path: axis.path.clone(), moved, unit, models: [low, high], wider: None })
    }

    /// Whether the model takes no value between the whole numbers, as this one.
    fn is_whole(&self, path: &str, between: f64) -> bool {
        matches!(self.model(path, Value::from(between)), Err(Unreadable::Wrong(_)))
    }

    fn unknown(&self, varied: &VariedPath, all: &[FileNumber]) -> SensitivityError {
        let path = &varied.path;
        if let Some(place) = model::place(self.text, path) {
            let message = format!("`{path}` is no number that could be moved");
            let found =
                Diagnostic::error(code::WRONG_TYPE, message.clone(), place, "no number with a unit, or no number");
            let found = found.help(format!("the model has{}", lines(&paths(all))));
            return SensitivityError::NoNumber(path.clone(), Box::new(found));
        }
        let why = unknown_path(self.text, self.files, path, "1").map_or_else(
            || format!("the file does not say `{path}`: name two values, as --vary {path}=LOW:HIGH"),
            |why| why.to_string(),
        );
        SensitivityError::Unknown { why, there: paths(all) }
    }
}

/// By what the value is multiplied at the two ends.
fn factors(kind: &MoveKind, step: f64) -> (f64, f64) {
    match kind {
        MoveKind::Below(_) => (1.0 - step, 1.0),
        MoveKind::Above(_) => (1.0, 1.0 + step),
        MoveKind::Central | MoveKind::Whole | MoveKind::Between => (1.0 - step, 1.0 + step),
    }
}

fn paths(all: &[FileNumber]) -> Vec<String> {
    all.iter().map(|parameter| parameter.path.clone()).collect()
}

fn lines(all: &[String]) -> String {
    all.iter().map(|path| format!(" `{path}`")).collect::<Vec<_>>().join(",")
}
