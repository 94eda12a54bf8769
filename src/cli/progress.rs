//! Progress bars, and the end by Ctrl-C.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether that was for a time limit.
static TIME_IS_OVER: AtomicBool = AtomicBool::new(false);

/// Set by Ctrl-C; what is finished then is kept.
pub(super) fn interrupted() -> &'static AtomicBool {
    // A second handler cannot be set, and need not be.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
    &INTERRUPTED
}

/// Ends what runs after so many seconds, as Ctrl-C does.
pub(super) fn interrupt_after(seconds: f64) {
    let limit = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        TIME_IS_OVER.store(true, Ordering::Relaxed);
        INTERRUPTED.store(true, Ordering::Relaxed);
    });
}

/// Whether a time limit ended what ran.
pub(super) fn is_time_over() -> bool {
    TIME_IS_OVER.load(Ordering::Relaxed)
}

/// Shows how far it is. Threads may report out of order; the bar never goes back.
pub(super) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(u64::from(progress.planned));
    bar.set_position(bar.position().max(u64::from(progress.done)));
}

/// A bar on a terminal, nothing elsewhere; `of` names what is counted.
pub(super) fn bar(of: &str, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(8) };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let template = format!("{{bar:32}} {{pos}}/{{len}} {of}, {{elapsed}} elapsed, {{eta}} left");
    bar.set_style(ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
