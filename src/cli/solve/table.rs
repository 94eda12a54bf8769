//! A station at every number of servers of a range: one line each.

use super::station;
use crate::analytic::kendall::Notation;
use crate::analytic::plan::{NoPlan, plan};
use crate::analytic::{rows_of, rows_of_events, rows_without_steady_state};
use crate::cli::args::solve::SolveArgs;
use crate::cli::asked;
use crate::cli::failure::Failure;
use crate::experiment::point::{Point, Setting, Status};
use crate::experiment::result::ResultSet;
use crate::model::Servers;
use crate::model::study::size::SizeAxis;

/// Most lines.
const MOST: u64 = 10_000;

/// Solves a notation with `c` servers at every number of the range LOW:HIGH or LOW:HIGH:STEP; the exact answer, or the
/// first approximation.
pub(super) fn table(text: &str, range: &str, args: &SolveArgs, quantiles: &[f64]) -> Result<ResultSet, Failure> {
    let wrong = |why: String| usage!("--servers {range}: {why}");
    let notation = Notation::parse(text).map_err(|why| usage!("{text}: {why}"))?;
    if notation.servers.is_some() {
        return Err(wrong("write c for the servers, as M/M/c".to_string()));
    }
    if args.method.is_some() {
        return Err(wrong("--method does not apply to a table".to_string()));
    }
    let axis = SizeAxis::parse(&format!("servers={range}")).map_err(|why| wrong(why.to_string()))?;
    let counts = axis.whole && axis.suffix.is_empty() && axis.low >= 1.0 && axis.high <= f64::from(u32::MAX);
    if !counts || axis.count() > MOST {
        return Err(wrong(format!("whole numbers from 1 on are wanted, at most {MOST} of them, as 1:10")));
    }
    let mut set = ResultSet::default();
    for i in 0..axis.count() {
        add(&mut set, text, &notation, (i as u32, axis.at(i) as u32), args, quantiles)?;
    }
    Ok(set)
}

/// Adds the line of so many servers.
fn add(
    set: &mut ResultSet,
    text: &str,
    notation: &Notation,
    (index, servers): (u32, u32),
    args: &SolveArgs,
    quantiles: &[f64],
) -> Result<(), Failure> {
    let notation = Notation { servers: Some(Servers::Count(servers)), ..notation.clone() };
    let station = station::read_notation(text, notation, &args.station)?;
    let events = asked::events(&args.asked)?;
    let (status, message, mut rows) = match plan(&station) {
        Ok(plan) => {
            let mut rows = rows_of(text, plan.best(), quantiles);
            rows.extend(rows_of_events(text, &plan.answers, &events));
            (Status::Ok, (!plan.is_exact()).then(|| plan.to_string()), rows)
        }
        Err(why @ NoPlan::Unstable(..)) => {
            let why = why.to_string();
            let rows = rows_without_steady_state(text, &station, &why);
            (Status::Unstable, Some(why), rows)
        }
        Err(NoPlan::Invalid(reasons)) => return Err(Failure::Usage(reasons.join("\n  "))),
        Err(why @ NoPlan::Unknown(_)) => (Status::Failed, Some(why.to_string()), Vec::new()),
    };
    let id = format!("c={servers}");
    rows.iter_mut().for_each(|row| row.point = Some(id.clone()));
    let settings = vec![Setting { path: "c".to_string(), value: servers.into() }];
    set.points.push(Point { id, index, block: "servers".to_string(), settings, status, message });
    set.rows.extend(rows);
    Ok(())
}
