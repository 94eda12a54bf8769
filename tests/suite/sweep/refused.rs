//! What is refused before anything runs, and how it is said. `SNAPSHOTS=overwrite` rewrites the
//! expected text; read it before committing.

use super::bench::{Bench, GRID, MODEL};
use crate::support::{root, text};
use std::time::{Duration, Instant};

/// A title and a block that is wrong.
const WRONG: [(&str, &str); 13] = [
    ("a thousand million points", "[sweep.grid]\n\"run.seed\" = { range = [1, 1_000_000_000, 1] }"),
    (
        "more than can be counted",
        "[sweep.grid]\n\"run.seed\" = { range = [1, 9_000_000_000_000] }\n\"run.messages\" = { range = [1, 9_000_000_000_000] }",
    ),
    ("no numbers", "[sweep.grid]\n\"run.seed\" = { linspace = [nan, 5, 3] }\n\"run.messages\" = [1, inf]"),
    (
        "steps",
        "[sweep.grid]\n\"run.seed\" = { range = [1, 9, 0] }\n\"run.messages\" = { range = [9, 1, -2] }\n\"run.level\" = { range = [0.1, 0.9, -0.1] }",
    ),
    (
        "ends",
        "[sweep.grid]\n\"run.seed\" = { linspace = [5, 1, 3] }\n\"run.horizon\" = { logspace = [0, 10, 3] }\n\"run.level\" = { linspace = [0, 1, 1] }",
    ),
    (
        "units",
        "[sweep.grid]\n\"run.horizon\" = { range = [\"1s\", \"2/s\", \"1s\"] }\n\"run.warmup\" = { linspace = [\"1s\", \"2 parsecs\", 3] }",
    ),
    ("nothing", "[sweep.grid]\n\"run.seed\" = []\n\"run.messages\" = 5\n\"run.level\" = { rang = [1, 2] }"),
    ("lockstep", "[sweep.zip.tier]\n\"run.seed\" = [1, 2, 3]\n\"run.messages\" = [10, 20]"),
    (
        "keys",
        "grids = 1\nseeds = \"commn\"\nmax_points = 0\n[sweep.sample]\nmethod = \"sobel\"\nn = 4\n[sweep.sample.params]\n\"run.level\" = { uniform = [0.9, 0.1] }",
    ),
    (
        "too long for sobol",
        "[sweep.sample]\nmethod = \"sobol\"\nn = 100_000\n[sweep.sample.params]\n\"run.level\" = { uniform = [0.8, 0.9] }",
    ),
    (
        "unknown paths",
        "[sweep.grid]\n\"consumers.worker.servers\" = [1, 2]\n\"consumers.workers.severs\" = [1, 2]\n\"run.seed.x\" = [1]",
    ),
    ("a wrong type", "[sweep.grid]\n\"consumers.workers.servers\" = [1, 1.5]"),
    ("unquoted", "[sweep.grid]\nrun.seed = [1, 2]"),
];

#[test]
fn wrong_blocks_are_refused_with_place_and_cure() {
    let mut said = String::new();
    for (title, block) in WRONG {
        let bench = Bench::new(MODEL, &format!("[[sweep]]\n{block}\n"));
        let start = Instant::now();
        let output = bench.sweep(&["-o", "out"]);
        assert!(start.elapsed() < Duration::from_secs(5), "{title} takes long to refuse");
        assert_eq!(output.status.code(), Some(2), "{title}: {}", text(&output.stderr));
        assert!(!bench.path("out").exists(), "{title} wrote something");
        said += &format!("=== {title}\n{}\n", text(&output.stderr));
    }
    let expected = root().join("tests/golden/sweep-refused.txt");
    let expected = snapbox::Data::read_from(&expected, Some(snapbox::data::DataFormat::Text)).raw();
    snapbox::Assert::new().action_env("SNAPSHOTS").redact_with(snapbox::Redactions::new()).eq(said, expected);
}

#[test]
fn wrong_options_are_refused() {
    let bench = Bench::new(MODEL, GRID);
    let refused = |more: &[&str], word: &str| {
        let output = bench.sweep(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(text(&output.stderr).contains(word), "{more:?}: {}", text(&output.stderr));
    };
    refused(&["--sweep", "run.seed"], "write PATH=VALUES");
    refused(&["--sweep", "run.seed=1:1000000000:1"], "1_000_000_000 points");
    refused(&["--sweep", "run.seed=5:1:1"], "`stop` must not be below");
    refused(&["--zip", "run.seed,run.messages=1:2,3"], "1 values for 2 paths");
    refused(&["--sweep", "consumers.workers.server=1,2"], "consumers.workers.servers");
    refused(&["--shard", "1/2"], "--out");
    let plain = Bench::new(MODEL, "");
    let output = plain.sweep(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("has no [[sweep]] block"));
}
