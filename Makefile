# `make test` is every check there is; `make` alone runs the first example.
.PHONY: run test fmt lint doc suite browser bench gallery values study coverage

run:
	cargo run --release -- run models/01-mm1.toml -o output/mm1

test: fmt lint doc suite

fmt:
	cargo fmt --check

lint:
	cargo clippy --all-targets -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

suite: browser
	cargo test

# The page of `lindley report` is tested in a real browser.
browser:
	scripts/browser.sh

bench:
	cargo bench

# The charts of the README. `drain` ends with 3 where the answer is no, and here it is no.
gallery:
	cargo build --release
	target/release/lindley drain models/studies/outage-drain.toml -o output/outage-drain -q || test $$? -eq 3
	target/release/lindley sweep models/studies/arrivals-by-consumers.toml -o output/arrivals-by-consumers -q
	target/release/lindley sweep models/studies/retry-storm.toml -o output/retry-storm -q
	cp output/outage-drain/backlog.png docs/images/outage-backlog.png
	cp output/arrivals-by-consumers/heat_map.png docs/images/arrivals-by-consumers.png
	cp output/retry-storm/phase_diagram.png docs/images/retry-storm.png

# Every number of every model and study, bit for bit as it was recorded; in release, as the sweeps are long.
values:
	cargo test --release --test suite values -- --include-ignored

# Long statistics, in release; each writes what it found to docs/studies.
study:
	cargo test --release --test suite study_of -- --ignored

# How often intervals cover, with what was run kept in output/coverage.jsonl: interrupted, it goes on from there. Hours; part I of N
# on each of several machines is `lindley validate --full --shard I/N -o FILE`. Cells that fail are in the document, and end it with 3.
coverage:
	cargo build --release
	target/release/lindley validate --full -o output/coverage.jsonl > output/how-lindley-knows.md || test $$? -eq 3
	cp output/how-lindley-knows.md docs/how-lindley-knows.md
