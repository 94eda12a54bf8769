# `make test` is every check there is; `make` alone runs the first example.
.PHONY: run test fmt lint doc suite browser bench

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
