//! M/G/c/c: as many places as servers, so that nobody waits and only the mean of the service matters.

use super::erlang::erlang_b;
use crate::analytic::kendall::symbol;
use crate::analytic::law::TimeLaw;
use crate::analytic::steady::{Moments, Steady};
use crate::dist::Dist;

/// M/G/c/c: nobody waits, and Erlang B holds for any service law (Gross et al., sec. 5.2.2).
pub(super) fn pure_loss(lambda: f64, service: &Dist, c: u32) -> Steady {
    let mean = service.mean();
    let offered_load = lambda * mean;
    let loss = erlang_b(c, offered_load);
    // 1 - B(c) without cancellation, by the recursion.
    let servers = f64::from(c);
    let accepted = servers / (servers + offered_load * erlang_b(c.saturating_sub(1), offered_load));
    Steady {
        kendall: format!("M/{}/{c}/{c}", symbol(service)),
        arrival_rate: lambda,
        throughput: lambda * accepted,
        offered_load,
        utilization: Some(offered_load * accepted / servers),
        prob_wait: Some(0.0),
        prob_loss: Some(loss),
        queue_length: 0.0,
        in_system: offered_load * accepted,
        service: mean,
        wait: Some(Moments { mean: 0.0, variance: Some(0.0) }),
        sojourn: Some(Moments { mean, variance: Some(service.variance()) }),
        wait_law: Some(TimeLaw::Zero),
        sojourn_law: Some(TimeLaw::Service(service.clone())),
        method: "Erlang B, insensitive to the service law (Gross et al., sec. 2.5); times of accepted messages",
        ..Steady::default()
    }
}
