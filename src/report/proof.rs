//! What shows that this program can be believed, as Markdown. Computes nothing.

use super::coverage::coverage_table;
use crate::experiment::proof::{ALPHA, DIGITS, Proof, Repeated, TWIN, Witness, limit, p_value};
use crate::units::significant;

/// Every section with its verdict, then the evidence behind it.
pub fn proof(proof: &Proof) -> String {
    let sections = [agreement(proof), theory(proof), coverage(proof), repetition(proof), conservation(proof)].concat();
    let verdict = if proof.holds() { "Everything holds." } else { "Not everything holds: please report it." };
    format!("{sections}{verdict}\n")
}

fn section(title: &str, holds: bool, text: &str) -> String {
    let verdict = if holds { "holds" } else { "**fails**" };
    format!("## {title}: {verdict}\n\n{text}\n\n")
}

fn agreement(proof: &Proof) -> String {
    let [right, less, more] =
        [1.0, 1.0 - TWIN, 1.0 + TWIN].map(|factor| significant(p_value(&proof.witnesses, factor), 3));
    let worst = significant(limit(&proof.witnesses, ALPHA), 3);
    let lines: String = proof.witnesses.iter().map(witness).collect();
    let text = format!(
        "Stations that were solved elsewhere, simulated; z is the distance in standard errors. The first z of each station \
         together are standard normal with p = {right} (less than {ALPHA} fails), and no z may be beyond {worst}. The same test \
         against a theory {:.0} % too low or too high: p = {less} and {more} (more than {ALPHA} fails).\n\n\
         | station | number | exact | simulated | standard error | z |\n|---|---|---|---|---|---|\n{lines}",
        100.0 * TWIN
    );
    section("Simulation agrees with exact answers", proof.simulation_agrees() && proof.has_power(), text.trim_end())
}

fn witness(w: &Witness) -> String {
    let [exact, simulated] = [w.exact, w.simulated].map(|x| significant(x, 6));
    let error = significant(w.standard_error, 2);
    format!("| {} | {} | {exact} | {simulated} | {error} | {:.2} |\n", w.case, w.quantity, w.z(1.0))
}

fn theory(proof: &Proof) -> String {
    let solved = proof.witnesses.iter().filter(|w| w.theory.is_some()).count();
    let text = format!(
        "Theory solves {solved} of these {} numbers, and misses none by more than {} of it (more than {DIGITS:e} fails).",
        proof.witnesses.len(),
        significant(proof.theory_error(), 2)
    );
    section("Theory agrees with them", proof.theory_agrees(), &text)
}

fn coverage(proof: &Proof) -> String {
    let text = format!(
        "How many intervals of 95 % hold the exact number. A cell fails where the binomial interval of 99.9 % of that share lies \
         below 93 %.\n\n{}",
        coverage_table(&proof.cells)
    );
    section("Intervals cover", proof.covers(), text.trim_end())
}

fn repetition(proof: &Proof) -> String {
    let (messages, models) = (proof.repeated.iter().map(|m| m.messages).sum::<u64>(), proof.repeated.len());
    let text = format!(
        "{models} shipped models, {messages} messages, on one thread and on all of them: the same to the last bit."
    );
    section("Runs repeat", proof.repeats(), &failing(&text, &proof.repeated, |m| m.same))
}

fn conservation(proof: &Proof) -> String {
    let text = "Of every message of these runs it is known how it ended, or where it is.";
    section("No message is lost", proof.conserves(), &failing(text, &proof.repeated, |m| m.conserved))
}

/// The text, or which models do not do so.
fn failing(text: &str, repeated: &[Repeated], holds: impl Fn(&Repeated) -> bool) -> String {
    let failing: Vec<&str> = repeated.iter().filter(|m| !holds(m)).map(|m| m.model).collect();
    if failing.is_empty() { text.to_string() } else { format!("Not so: {}.", failing.join(", ")) }
}
