//! M/G/c/c: as many places as servers, so that nobody waits and only the mean of the service matters.

use super::erlang::erlang_b;
use super::mmck::Mmck;
use crate::analytic::problem::Work;
use crate::analytic::steady::Steady;

/// M/G/c/c: nobody waits, and Erlang B holds for any service law (Gross et al., sec. 5.2.2).
pub(super) fn pure_loss(lambda: f64, service: &Work, c: u32) -> Steady {
    let offered_load = lambda * service.mean();
    // 1 - B(c) without cancellation, by the recursion.
    let servers = f64::from(c);
    let accepted = servers / (servers + offered_load * erlang_b(c.saturating_sub(1), offered_load));
    let (kendall, rates) = (format!("M/{}/{c}/{c}", service.symbol()), (lambda, lambda * accepted));
    let method = "Erlang B, insensitive to the service law (Gross et al., sec. 2.5); times of accepted messages";
    Steady {
        utilization: Some(offered_load * accepted / servers),
        prob_loss: Some(erlang_b(c, offered_load)),
        in_system: offered_load * accepted,
        number_law: Some(Mmck::new(lambda, 1.0 / service.mean(), c, c.into()).number_law()),
        ..Steady::without_wait(kendall, rates, service, method)
    }
}
