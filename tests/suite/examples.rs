//! The examples run, as a user would run them.

#[path = "../../examples/capacity.rs"]
mod capacity;
#[path = "../../examples/quickstart.rs"]
mod quickstart;
#[path = "../../examples/what_if.rs"]
mod what_if;

#[test]
fn every_example_runs() {
    quickstart::main().expect("the quick start");
    capacity::main().expect("the sizing");
    what_if::main().expect("the sweep");
}
