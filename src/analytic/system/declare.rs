//! How a system is declared: name, what it is, its function and its parameters, a line each.

/// A parameter in one line, `parameter!("name": Kind => "default", "what it is")`; without a default it must be given.
macro_rules! parameter {
    ($name:literal: $kind:expr $(=> $default:literal)?, $says:literal) => {{
        #[allow(unused_imports)]
        use $crate::analytic::system::given::Kind::*;
        const DEFAULTS: &[&str] = &[$($default)?];
        $crate::analytic::system::given::Parameter { name: $name, kind: $kind, default: DEFAULTS.first().copied(), says: $says }
    }};
}

/// A system, `system!("name": "what it is", function(&[parameters]))`.
macro_rules! system {
    ($name:literal: $says:literal, $solve:ident($parameters:expr)) => {
        $crate::analytic::system::System { name: $name, says: $says, parameters: $parameters, solve: $solve }
    };
}
pub(crate) use {parameter, system};
