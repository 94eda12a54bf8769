//! Formulas that are often quoted for M/M/1 under the name of another quantity: what they give, what
//! was meant, and an example with numbers.

/// `lambda / (mu - lambda)`, often printed as "the mean waiting time W": it is L, a number of messages.
///
/// Formula: L = lambda / (mu - lambda) = rho / (1 - rho), the mean number of messages in the system.
/// The mean wait is Wq = lambda / (mu (mu - lambda)) = L / mu, the mean sojourn W = 1 / (mu - lambda) =
/// L / lambda. Little's law L = lambda W ties them: a formula for a time has a rate below.
/// With 800 messages/s into a server of 1000/s it gives 4: not 4 seconds, but 4 messages. The mean
/// wait is 4 ms and the mean sojourn 5 ms. The slip goes unseen in textbook examples with mu = 1, where
/// L and Wq are the same number.
/// Units: L a count; Wq and W seconds. Valid when: lambda < mu (Poisson arrivals, exponential
/// service, one server); at lambda >= mu the queue grows and neither exists.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 3.2; Little (1961).
///
/// ```
/// use lindley::analytic::station::{common_mistakes::lambda_over_slack, mm1::Mm1};
/// let queue = Mm1::new(800.0, 1000.0).unwrap();
/// assert!((lambda_over_slack(800.0, 1000.0) - 4.0).abs() < 1e-12);
/// assert!((queue.in_system() - 4.0).abs() < 1e-12); // messages
/// assert!((queue.wait() - 0.004).abs() < 1e-15); // seconds
/// assert!((queue.sojourn() - 0.005).abs() < 1e-15);
/// ```
pub fn lambda_over_slack(lambda: f64, mu: f64) -> f64 {
    lambda / (mu - lambda)
}

/// `mu / lambda`, often printed as "the throughput X": it is 1/rho, a number without unit.
///
/// Formula: mu/lambda = 1/rho, how many times the load the server could carry: the spare capacity as a
/// factor. It falls as traffic rises, which no throughput does. The throughput of a stable queue is
/// lambda: what comes in goes out. Of an overloaded one it is c mu; of one with K places lambda (1 - P_K).
/// With 800 messages/s into a server of 1000/s it gives 1.25. The throughput is 800/s, and
/// 1.25 says that traffic may grow by 25 % before the queue grows without end.
/// Units: none; a throughput is per second. Valid when: lambda > 0.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 2.1.
///
/// ```
/// use lindley::analytic::station::{common_mistakes::mu_over_lambda, mm1::Mm1};
/// assert_eq!(mu_over_lambda(800.0, 1000.0), 1.25);
/// assert_eq!(1.0 / Mm1::new(800.0, 1000.0).unwrap().utilization(), 1.25);
/// assert_eq!(Mm1::new(800.0, 1000.0).unwrap().steady().throughput, 800.0);
/// ```
pub fn mu_over_lambda(lambda: f64, mu: f64) -> f64 {
    mu / lambda
}

/// `1 / mu`, often printed as "the delay D": it is the mean service time alone.
///
/// Formula: 1/mu = E\[S\], the time on the server. A message also waits: the mean delay from
/// arrival to completion is W = 1 / (mu - lambda), of which Wq = rho / (mu - lambda) is waiting.
/// With 800 messages/s into a server of 1000/s it gives 1 ms. The mean delay is 5 ms, and at
/// 990/s it is 100 ms, while 1/mu is 1 ms still: what makes queues slow is not in it.
/// Units: seconds. Valid when: mu > 0; as a delay only where lambda is near 0.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 3.2.
///
/// ```
/// use lindley::analytic::station::{common_mistakes::one_over_mu, mm1::Mm1};
/// assert_eq!(one_over_mu(1000.0), 0.001);
/// assert!((Mm1::new(800.0, 1000.0).unwrap().sojourn() - 0.005).abs() < 1e-15);
/// assert!((Mm1::new(990.0, 1000.0).unwrap().sojourn() - 0.1).abs() < 1e-14);
/// ```
pub fn one_over_mu(mu: f64) -> f64 {
    1.0 / mu
}

/// `N_processed / N_unprocessed`, often printed as "the transition probability": it is a ratio that
/// can exceed 1, and a probability cannot.
///
/// Formula: the share processed is N_processed / (N_processed + N_unprocessed); that of messages
/// acknowledged among those published is the reliability. The probability that the next
/// transition of a busy M/M/1 is a completion, and not an arrival, is mu / (lambda + mu).
/// With 900 processed and 100 not, the ratio is 9; the share is 0.9. With 800/s and 1000/s
/// the next event is a completion with probability 0.556.
/// Units: none. Valid when: one of the counts is above 0.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 2.5 (birth-death processes).
///
/// ```
/// use lindley::analytic::station::common_mistakes::share_processed;
/// assert_eq!(900.0 / 100.0, 9.0); // the ratio: no probability
/// assert_eq!(share_processed(900.0, 100.0), 0.9);
/// ```
pub fn share_processed(processed: f64, unprocessed: f64) -> f64 {
    processed / (processed + unprocessed)
}
