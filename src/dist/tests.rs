//! One table of laws, every law through the same tests: draws against the own distribution
//! function, moments against an integral of the survival function and against draws,
//! quantiles against the distribution function. Significance 0.001 for each statistical
//! test, streams numbered in table order, and each test must reject a law 3 % off.

use super::ks::{chi_square_p_value, ks_p_value};
use super::*;
use crate::rng::Stream;
use rand::SeedableRng;

const ALPHA: f64 = 0.001;
/// Two-sided normal point of ALPHA.
const Z: f64 = 3.290_526_731_491_926;

pub(super) struct Case {
    pub(super) title: &'static str,
    pub(super) law: Dist,
    /// Where the survival function has a jump or a corner.
    kinks: &'static [f64],
}

impl Case {
    /// The moments whose averages over the draws are near enough to normal for a z-test:
    /// twice their order must exist and not be ruled by a few draws.
    fn testable_moments(&self) -> i32 {
        match self.law.name() {
            "pareto" => i32::from(self.law.raw_third_moment().is_finite()),
            "lognormal" | "weibull" if self.law.scv() > 1.0 => 1,
            _ => 2,
        }
    }
}

pub(super) fn cases() -> Vec<Case> {
    let case = |title, law: Result<Dist, DistError>, kinks| Case { title, law: law.expect(title), kinks };
    let inf = f64::INFINITY;
    let generator = [-3.0, 1.0, 1.5, 0.5, -1.0, 0.0, 0.0, 2.0, -5.0];
    let with_atom = vec![(1.0, Dist::Deterministic(0.5)), (4.0, Dist::Exponential(1.0))];
    let of_two = vec![(0.5, Dist::uniform(1.0, 2.0).expect("valid")), (0.5, Dist::lognormal(3.0, 0.5).expect("valid"))];
    vec![
        case("deterministic", Dist::deterministic(2.0), &[2.0]),
        case("exponential", Dist::exponential(0.5), &[]),
        case("erlang 4", Dist::erlang(4, 2.0), &[]),
        case("erlang 1", Dist::erlang(1, 2.0), &[]),
        case("gamma scv 0.4", Dist::gamma(1.0, 0.4), &[]),
        case("gamma scv 4", Dist::gamma(1.0, 4.0), &[]),
        case("gamma shape 30", Dist::gamma_shape_scale(30.0, 0.1), &[]),
        case("hyperexponential", Dist::hyperexponential(&[0.3, 0.7], &[2.0, 0.5]), &[]),
        case("hyperexponential scv 4", Dist::hyperexponential_balanced(1.0, 4.0), &[]),
        case("coxian", Dist::coxian(&[2.0, 1.0, 3.0], &[0.5, 0.7]), &[]),
        case("coxian scv 0.6", Dist::coxian_fit(1.0, 0.6), &[]),
        case("coxian scv 3", Dist::coxian_fit(1.0, 3.0), &[]),
        case("phase type", Dist::phase_type(&[0.2, 0.5, 0.3], &generator), &[]),
        case("lognormal scv 4", Dist::lognormal(1.0, 4.0), &[]),
        case("lognormal log", Dist::lognormal_log(0.0, 0.3), &[]),
        case("weibull scv 0.25", Dist::weibull(1.0, 0.25), &[]),
        case("weibull scv 3", Dist::weibull(1.0, 3.0), &[]),
        case("weibull shape 1.5", Dist::weibull_shape_scale(1.5, 2.0), &[]),
        case("pareto alpha 3.5", Dist::pareto(1.0, 3.5), &[1.0]),
        case("pareto alpha 1.5", Dist::pareto(1.0, 1.5), &[1.0]),
        case("pareto scv 1", Dist::pareto_mean_scv(1.0, 1.0), &[0.585_786_437_626_904_9]),
        case("bounded pareto", Dist::bounded_pareto(1.0, 100.0, 1.2), &[1.0, 100.0]),
        case("bounded pareto alpha 2", Dist::bounded_pareto(1.0, 10.0, 2.0), &[1.0, 10.0]),
        case("uniform", Dist::uniform(1.0, 4.0), &[1.0, 4.0]),
        case("triangular", Dist::triangular(1.0, 2.0, 5.0), &[1.0, 2.0, 5.0]),
        case("triangular falling", Dist::triangular(0.0, 0.0, 1.0), &[1.0]),
        case("triangular rising", Dist::triangular(0.0, 1.0, 1.0), &[1.0]),
        case("truncated normal", Dist::truncated_normal(1.0, 0.5, 0.0, 2.0), &[2.0]),
        case("truncated normal tail", Dist::truncated_normal(-1.0, 1.0, 0.5, inf), &[0.5]),
        case("mixture with atom", Dist::mixture(with_atom), &[0.5]),
        case("mixture", Dist::mixture(of_two), &[1.0, 2.0]),
        case("shifted", Dist::shifted(1.0, Dist::Exponential(0.5)), &[1.0]),
        case("empirical", Dist::empirical(&[0.5, 2.0, 2.0, 7.0]), &[0.5, 2.0, 7.0]),
        case("histogram", Dist::histogram(&[0.0, 1.0, 2.0, 4.0], &[1.0, 0.0, 3.0]), &[1.0, 2.0, 4.0]),
    ]
}

pub(super) fn draws(law: &Dist, seed: u64, n: usize) -> Vec<f64> {
    let mut stream = Stream::seed_from_u64(seed);
    (0..n).map(|_| law.sample(&mut stream)).collect()
}

/// E[X^k] = integral of k x^(k-1) P(X > x), by 5-point Gauss-Legendre on panels that grow by
/// 10 % and end at the kinks.
fn integrated_moment(case: &Case, k: i32) -> f64 {
    let mut low = 1e-18;
    let mut sum = f64::powi(low, k);
    loop {
        let high = case.kinks.iter().copied().filter(|&kink| kink > low).fold(low * 1.1, f64::min);
        sum += gauss(low, high, |x| f64::from(k) * x.powi(k - 1) * case.law.survival(x));
        low = high;
        if case.kinks.iter().all(|&kink| kink <= low) && low.powi(k) * case.law.survival(low) < 1e-17 * sum {
            return sum;
        }
    }
}

fn gauss(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let node = |sign: f64| (5.0 + sign * 2.0 * (10.0_f64 / 7.0).sqrt()).sqrt() / 3.0;
    let weight = |sign: f64| (322.0 - sign * 13.0 * 70.0_f64.sqrt()) / 900.0;
    let pair = |sign: f64| weight(sign) * (f(middle - half * node(sign)) + f(middle + half * node(sign)));
    half * (128.0 / 225.0 * f(middle) + pair(1.0) + pair(-1.0))
}

#[test]
fn draws_follow_the_distribution_function_and_none_shifted_by_three_percent() {
    for (seed, case) in (1..).zip(cases()) {
        let sample = draws(&case.law, seed, 100_000);
        let p = |shift: f64| ks_p_value(sample.clone(), |x| case.law.cdf(x - shift));
        let (own, shifted) = (p(0.0), p(0.03 * case.law.mean()));
        assert!(own > ALPHA && shifted < ALPHA, "{}: Kolmogorov-Smirnov p = {own} {shifted}", case.title);
    }
}

#[test]
fn moments_equal_the_integral_of_the_survival_function() {
    for case in cases() {
        let (mean, variance) = (case.law.mean(), case.law.variance());
        let stated = [mean, variance + mean * mean, case.law.raw_third_moment()];
        for (k, moment) in (1..).zip(stated) {
            if moment.is_finite() {
                let integral = integrated_moment(&case, k);
                // 1e-9: the quadrature; the closed forms are good to rounding.
                assert!((moment / integral - 1.0).abs() < 1e-9, "{} E[X^{k}]: {moment} {integral}", case.title);
            }
        }
    }
}

#[test]
fn averages_of_draws_are_the_moments() {
    for (seed, case) in (101..).zip(cases()) {
        let sample = draws(&case.law, seed, 400_000);
        for k in 1..=case.testable_moments() {
            let (moment, square) = (integrated_moment(&case, k), integrated_moment(&case, 2 * k));
            let average = sample.iter().map(|x| x.powi(k)).sum::<f64>() / sample.len() as f64;
            // The floor stands in for the rounding of the average where nothing varies.
            let error = ((square - moment * moment).max(1e-18) / sample.len() as f64).sqrt();
            let z = |theory: f64| (average - theory) / error.max(1e-9 * moment);
            assert!(z(moment).abs() < Z, "{} E[X^{k}]: {average} {moment} z {}", case.title, z(moment));
            if k == 1 {
                assert!(z(1.03 * moment).abs() > Z, "{}: blind to 3 % on the mean", case.title);
            }
        }
    }
}

#[test]
fn quantiles_invert_the_distribution_function() {
    for case in cases() {
        for p in [1e-6, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999] {
            let x = case.law.quantile(p);
            assert!(case.law.cdf(x) >= p - 1e-12, "{}: cdf({x}) below {p}", case.title);
            let below = x * (1.0 - 1e-12);
            assert!(case.law.cdf(below) <= p + 1e-10, "{}: {x} is not the smallest for {p}", case.title);
            assert!((case.law.survival(x) + case.law.cdf(x) - 1.0).abs() < 1e-12, "{}: survival({x})", case.title);
        }
        assert!(case.law.quantile(-0.1).is_nan() && case.law.quantile(f64::NAN).is_nan());
    }
}

#[test]
fn support_ends_are_the_extreme_quantiles() {
    for (seed, case) in (1..).zip(cases()) {
        let (low, high) = (case.law.quantile(0.0), case.law.quantile(1.0));
        let inside = draws(&case.law, seed, 10_000).iter().all(|x| (low..=high).contains(x));
        assert!(inside && low >= 0.0, "{}: [{low}, {high}]", case.title);
        assert_eq!(case.law.cdf(-1.0), 0.0, "{}", case.title);
        assert_eq!((case.law.cdf(f64::INFINITY), case.law.survival(f64::INFINITY)), (1.0, 0.0), "{}", case.title);
    }
}

#[test]
fn infinite_moments_are_said_to_be_infinite() {
    let law = Dist::pareto(1.0, 1.0).expect("valid");
    assert_eq!((law.mean(), law.scv(), law.third_moment()), (f64::INFINITY, f64::INFINITY, Some(f64::INFINITY)));
    let law = Dist::pareto(1.0, 2.5).expect("valid");
    assert!(law.scv().is_finite() && law.raw_third_moment().is_infinite());
    let shifted = Dist::shifted(1.0, Dist::pareto(1.0, 1.5).expect("valid")).expect("valid");
    assert!(shifted.mean() == 4.0 && shifted.scv().is_infinite());
    let mixed = Dist::mixture(vec![(1.0, Dist::Exponential(1.0)), (0.0, law)]).expect("valid");
    assert_eq!(mixed.raw_third_moment(), 6.0);
}

#[test]
fn fits_hit_mean_and_scv_over_their_whole_range() {
    type Fit = fn(f64, f64) -> Result<Dist, DistError>;
    let fits: [(Fit, &[f64]); 6] = [
        (Dist::gamma, &[1e-6, 0.3, 1.0, 50.0]),
        (Dist::lognormal, &[1e-6, 0.3, 1.0, 50.0]),
        (Dist::weibull, &[1e-6, 0.01, 0.3, 1.0, 50.0, 1e12]),
        (Dist::pareto_mean_scv, &[1e-3, 0.3, 1.0, 50.0]),
        (Dist::hyperexponential_balanced, &[1.0, 1.5, 1e4]),
        (Dist::coxian_fit, &[0.5, 0.9, 1.0, 1e4]),
    ];
    for (fit, scvs) in fits {
        for &scv in scvs {
            let law = fit(0.04, scv).expect("in range");
            assert!((law.mean() / 0.04 - 1.0).abs() < 1e-11, "{} mean {}", law.name(), law.mean());
            // 1e-8: a small scv is a difference of log-gammas.
            assert!((law.scv() / scv - 1.0).abs() < 1e-8, "{} scv {} for {scv}", law.name(), law.scv());
        }
    }
}

#[test]
fn bad_parameters_are_refused_by_name() {
    let nan = f64::NAN;
    let inf = f64::INFINITY;
    let refusals = [
        ("`value` is -1; it must be finite and >= 0", Dist::deterministic(-1.0).err()),
        ("`mean` is NaN; it must be finite and > 0", Dist::exponential(nan).err()),
        ("`k` is 0; it must be >= 1", Dist::erlang(0, 1.0).err()),
        ("`scv` is 0; it must be finite and > 0", Dist::gamma(1.0, 0.0).err()),
        ("`shape` is inf; it must be finite and > 0", Dist::gamma_shape_scale(inf, 1.0).err()),
        ("`sum of probabilities` is 0.8; it must be 1", Dist::hyperexponential(&[0.4, 0.4], &[1.0, 2.0]).err()),
        ("`probabilities` has 1 entries and `means` has 2", Dist::hyperexponential(&[1.0], &[1.0, 2.0]).err()),
        ("`scv` is 0.9; it must be finite and >= 1", Dist::hyperexponential_balanced(1.0, 0.9).err()),
        ("`continue_probabilities` is 1.5; it must be in [0, 1]", Dist::coxian(&[1.0, 1.0], &[1.5]).err()),
        ("`rates` has 0 entries", Dist::coxian(&[], &[]).err()),
        ("`scv` is 0.4; it must be finite and >= 0.5", Dist::coxian_fit(1.0, 0.4).err()),
        ("`T[0][0]` is 1; it must be finite and < 0", Dist::phase_type(&[1.0], &[1.0]).err()),
        ("`sum of row 0 of T` is 1; it must be <= 0", Dist::phase_type(&[1.0, 0.0], &[-1.0, 2.0, 0.0, -1.0]).err()),
        ("`scv` is inf; it must be finite and > 0", Dist::lognormal(1.0, inf).err()),
        ("`sigma` is -1; it must be finite and > 0", Dist::lognormal_log(0.0, -1.0).err()),
        ("`scv` is 0; it must be in [1e-6, 1e12]", Dist::weibull(1.0, 0.0).err()),
        ("`shape` is 0; it must be in [0.02, 1e4]", Dist::weibull_shape_scale(0.0, 1.0).err()),
        ("`alpha` is 0; it must be finite and > 0", Dist::pareto(1.0, 0.0).err()),
        ("`mean` is -2; it must be finite and > 0", Dist::pareto_mean_scv(-2.0, 1.0).err()),
        ("`high` is 1; it must be finite and > `low`, which is 2", Dist::bounded_pareto(2.0, 1.0, 1.0).err()),
        ("`low` is -1; it must be finite and >= 0", Dist::uniform(-1.0, 1.0).err()),
        ("`mode` is 7; it must be in [1, 5]", Dist::triangular(1.0, 7.0, 5.0).err()),
        ("`share of the normal law in [low, high]` is 0", Dist::truncated_normal(-1e3, 1.0, 0.0, inf).err()),
        ("`high` is 1; it must be >= `low` + `sd`/100", Dist::truncated_normal(0.0, 1.0, 1.0, 1.0).err()),
        ("`sum of weights` is 0; it must be finite and > 0", Dist::mixture(vec![]).err()),
        ("`offset` is -0.5; it must be finite and >= 0", Dist::shifted(-0.5, Dist::Exponential(1.0)).err()),
        ("`values` is NaN; it must be finite and >= 0", Dist::empirical(&[1.0, nan]).err()),
        ("`number of values` is 0; it must be >= 1", Dist::empirical(&[]).err()),
        (
            "`edges` is 1; it must be finite and > `edge before it`, which is 2",
            Dist::histogram(&[2.0, 1.0], &[1.0]).err(),
        ),
        ("`edges` has 2 entries and `counts, plus one,` has 3", Dist::histogram(&[1.0, 2.0], &[1.0, 1.0]).err()),
        ("`n` is 0; it must be >= 1", Count::constant(0).err()),
        ("`mean` is 0.5; it must be in [1, 1e9]", Count::geometric(0.5).err()),
        ("`mean` is NaN; it must be in [1, 1e9]", Count::poisson(f64::NAN).err()),
        ("`low` is 0; it must be >= 1", Count::uniform(0, 3).err()),
        ("`high` is 2; it must be >= `low`, which is 3", Count::uniform(3, 2).err()),
        ("`values` is 0; it must be >= 1", Count::choice(&[0], &[1.0]).err()),
        ("`values` has 2 entries and `weights` has 1", Count::choice(&[1, 2], &[1.0]).err()),
    ];
    for (message, refused) in refusals {
        let error = refused.expect(message).to_string();
        assert!(error.starts_with(message), "{error}\nshould be\n{message}");
    }
}

#[test]
fn a_law_stays_small() {
    assert!(size_of::<Dist>() <= 40, "{} bytes", size_of::<Dist>());
    assert!(size_of::<Count>() <= 16, "{} bytes", size_of::<Count>());
}

/// Cells 1, 2, ... as long as ten are expected, then the rest.
fn chi_square_of_counts(seed: u64, law: &Count, theory: &Count) -> f64 {
    const N: usize = 100_000;
    let mut stream = Stream::seed_from_u64(seed);
    let sample: Vec<u32> = (0..N).map(|_| law.sample(&mut stream)).collect();
    let (mut observed, mut expected) = (vec![0.0], vec![0.0]);
    for n in 1..=200 {
        if expected[expected.len() - 1] >= 10.0 {
            observed.push(0.0);
            expected.push(0.0);
        }
        let last = expected.len() - 1;
        expected[last] += N as f64 * theory.pmf(n);
        observed[last] += sample.iter().filter(|&&x| x == n).count() as f64;
    }
    // The last cell holds fewer than ten: it joins the one before.
    if expected.len() > 1 {
        let (o, e) = (observed.pop().unwrap_or(0.0), expected.pop().unwrap_or(0.0));
        let last = expected.len() - 1;
        observed[last] += o;
        expected[last] += e;
    }
    chi_square_p_value(&observed, &expected)
}

pub(super) fn counts() -> Vec<(Count, Count)> {
    let valid = |count: Result<Count, DistError>| count.expect("valid");
    vec![
        (valid(Count::geometric(3.0)), valid(Count::geometric(3.09))),
        (valid(Count::poisson(4.0)), valid(Count::poisson(4.12))),
        (valid(Count::poisson(40.0)), valid(Count::poisson(41.2))),
        (
            valid(Count::uniform(2, 9)),
            valid(Count::choice(&[2, 3, 4, 5, 6, 7, 8, 9], &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1])),
        ),
        (valid(Count::choice(&[1, 5, 7], &[0.5, 0.0, 0.5])), valid(Count::choice(&[1, 7], &[0.53, 0.5]))),
    ]
}

#[test]
fn counts_follow_their_probabilities_and_refuse_others() {
    for (seed, (law, wrong)) in (1..).zip(counts()) {
        let p = chi_square_of_counts(seed, &law, &law);
        assert!(p > ALPHA, "{law:?}: chi-square p = {p}");
        let p = chi_square_of_counts(seed, &law, &wrong);
        assert!(p < ALPHA, "{law:?}: blind to {wrong:?}, p = {p}");
    }
}

#[test]
fn count_moments_are_sums_over_the_probabilities() {
    for (law, _) in counts() {
        let sum = |term: &dyn Fn(f64) -> f64| (1..2_000).map(|n| term(f64::from(n)) * law.pmf(n)).sum::<f64>();
        // 1e-9: lgamma in the Poisson probabilities; the tails beyond 2000 are below that.
        assert!((sum(&|_| 1.0) - 1.0).abs() < 1e-9, "{law:?}");
        assert!((sum(&|n| n) / law.mean() - 1.0).abs() < 1e-9, "{law:?}");
        assert!((sum(&|n| (n - law.mean()).powi(2)) / law.variance() - 1.0).abs() < 1e-9, "{law:?}");
    }
    let one = [Count::Constant(1), Count::geometric(1.0).expect("valid"), Count::poisson(1.0).expect("valid")];
    for law in one {
        assert_eq!((law.mean(), law.variance(), law.pmf(1), law.pmf(2), law.pmf(0)), (1.0, 0.0, 1.0, 0.0, 0.0));
        assert_eq!(law.sample(&mut Stream::seed_from_u64(1)), 1);
    }
}
