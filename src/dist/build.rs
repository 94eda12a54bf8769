//! Constructors of [`Dist`], one per way to state a law. Times are in seconds; every refusal names the
//! parameter, its value and the valid range.

use super::*;

/// A constructor a line, `name(parameters) => variant: law`, under its documentation.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident($($parameter:ident: $kind:ty),*) => $variant:ident: $law:expr;)*) => {
        impl Dist {
            $(
                $(#[$doc])*
                pub fn $name($($parameter: $kind),*) -> Result<Dist, DistError> {
                    $law.map(|law| Dist::$variant(law.into()))
                }
            )*
        }
    };
}

constructors! {
    /// Always `value` >= 0.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::deterministic(2.0).unwrap().scv(), 0.0);
    /// assert!(lindley::dist::Dist::deterministic(-1.0).is_err());
    /// ```
    deterministic(value: f64) => Deterministic: check::nonnegative("value", value);

    /// Exponential of that `mean` > 0. Formula: P(X > x) = exp(-x/mean).
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::exponential(2.0).unwrap().survival(2.0), (-1.0_f64).exp());
    /// ```
    exponential(mean: f64) => Exponential: check::positive("mean", mean);

    /// Sum of `k` >= 1 exponential stages of total `mean` > 0; scv 1/k. See [`Erlang`].
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::erlang(5, 1.0).unwrap().scv(), 0.2);
    /// ```
    erlang(k: u32, mean: f64) => Erlang: Erlang::new(k, mean);

    /// Gamma of that `mean` > 0 and `scv` > 0: shape 1/scv. See [`Gamma`].
    ///
    /// ```
    /// // shape 2, scale 1: E[X^3] = 2 * 3 * 4
    /// assert_eq!(lindley::dist::Dist::gamma(2.0, 0.5).unwrap().third_moment(), Some(24.0));
    /// ```
    gamma(mean: f64, scv: f64) => Gamma: Gamma::from_mean_scv(mean, scv);

    /// Gamma of that `shape` > 0 and `scale` > 0. See [`Gamma`].
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::gamma_shape_scale(4.0, 0.5).unwrap().mean(), 2.0);
    /// ```
    gamma_shape_scale(shape: f64, scale: f64) => Gamma: Gamma::new(shape, scale);

    /// Exponential of mean `means[i]` with probability `probabilities[i]`. See [`Hyperexponential`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::hyperexponential(&[0.5, 0.5], &[1.0, 3.0]).unwrap();
    /// assert_eq!(law.mean(), 2.0);
    /// assert_eq!(law.variance(), 6.0); // E[X^2] = 2 (1 + 9) / 2 = 10
    /// ```
    hyperexponential(probabilities: &[f64], means: &[f64]) => Hyperexponential: Hyperexponential::new(probabilities, means);

    /// Two exponential branches with balanced means; `mean` > 0, `scv` >= 1. See
    /// [`Hyperexponential::balanced`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::hyperexponential_balanced(1.0, 4.0).unwrap();
    /// assert!((law.scv() - 4.0).abs() < 1e-12);
    /// ```
    hyperexponential_balanced(mean: f64, scv: f64) => Hyperexponential: Hyperexponential::balanced(mean, scv);

    /// Stages of these `rates` (per second), each but the last followed by the next with
    /// its probability. See [`Coxian`].
    ///
    /// ```
    /// // 1/2 + 0.5/1
    /// assert_eq!(lindley::dist::Dist::coxian(&[2.0, 1.0], &[0.5]).unwrap().mean(), 1.0);
    /// ```
    coxian(rates: &[f64], continue_probabilities: &[f64]) => Coxian: Coxian::new(rates, continue_probabilities);

    /// Two-stage Coxian of that `mean` > 0 and `scv` >= 0.5. See [`Coxian::fit`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::coxian_fit(1.0, 0.75).unwrap();
    /// assert!((law.scv() - 0.75).abs() < 1e-12);
    /// ```
    coxian_fit(mean: f64, scv: f64) => Coxian: Coxian::fit(mean, scv);

    /// Phase-type law of initial probabilities `alpha` and sub-generator `t`, row-major, per
    /// second. See [`PhaseType`].
    ///
    /// ```
    /// // Two stages of rate 2 in a row: Erlang-2 of mean 1.
    /// let law = lindley::dist::Dist::phase_type(&[1.0, 0.0], &[-2.0, 2.0, 0.0, -2.0]).unwrap();
    /// assert_eq!((law.mean(), law.scv()), (1.0, 0.5));
    /// ```
    phase_type(alpha: &[f64], t: &[f64]) => PhaseType: PhaseType::new(alpha, t);

    /// Lognormal of that `mean` > 0 and `scv` > 0. See [`Lognormal`].
    ///
    /// ```
    /// // median = mean / sqrt(1 + scv)
    /// let law = lindley::dist::Dist::lognormal(2.0, 3.0).unwrap();
    /// assert!((law.quantile(0.5) - 1.0).abs() < 1e-14);
    /// ```
    lognormal(mean: f64, scv: f64) => Lognormal: Lognormal::from_mean_scv(mean, scv);

    /// Lognormal whose logarithm has mean `mu` and standard deviation `sigma` > 0. See [`Lognormal`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::lognormal_log(0.0, 1.0).unwrap();
    /// assert_eq!(law.mean(), 0.5_f64.exp());
    /// ```
    lognormal_log(mu: f64, sigma: f64) => Lognormal: Lognormal::new(mu, sigma);

    /// Weibull of that `mean` > 0 and `scv` in [1e-6, 1e12]; the shape is solved for. See [`Weibull`].
    ///
    /// ```
    /// // scv 1 is the exponential law
    /// let law = lindley::dist::Dist::weibull(2.0, 1.0).unwrap();
    /// assert!((law.survival(2.0) - (-1.0_f64).exp()).abs() < 1e-14);
    /// ```
    weibull(mean: f64, scv: f64) => Weibull: Weibull::from_mean_scv(mean, scv);

    /// Weibull of that `shape` in [0.02, 1e4] and `scale` > 0. See [`Weibull`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::weibull_shape_scale(2.0, 3.0).unwrap();
    /// assert_eq!(law.survival(3.0), (-1.0_f64).exp());
    /// ```
    weibull_shape_scale(shape: f64, scale: f64) => Weibull: Weibull::new(shape, scale);

    /// Pareto of type I: `minimum` > 0, tail index `alpha` > 0. See [`Pareto`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::pareto(1.0, 1.5).unwrap();
    /// assert_eq!((law.mean(), law.scv()), (3.0, f64::INFINITY));
    /// ```
    pareto(minimum: f64, alpha: f64) => Pareto: Pareto::new(minimum, alpha);

    /// Pareto of type I of that `mean` > 0 and `scv` > 0. See [`Pareto::from_mean_scv`].
    ///
    /// ```
    /// // scv 1/3: alpha = 1 + sqrt(4) = 3, minimum = 2/3 of the mean
    /// let law = lindley::dist::Dist::pareto_mean_scv(3.0, 1.0 / 3.0).unwrap();
    /// assert!((law.quantile(0.0) - 2.0).abs() < 1e-14);
    /// ```
    pareto_mean_scv(mean: f64, scv: f64) => Pareto: Pareto::from_mean_scv(mean, scv);

    /// Pareto cut to [`low`, `high`], 0 < low < high, index `alpha` > 0. See [`BoundedPareto`].
    ///
    /// ```
    /// // alpha 1 on [1, 2]: E[X] = ln 2 / (1 - 1/2)
    /// let law = lindley::dist::Dist::bounded_pareto(1.0, 2.0, 1.0).unwrap();
    /// assert!((law.mean() - 2.0 * 2.0_f64.ln()).abs() < 1e-14);
    /// ```
    bounded_pareto(low: f64, high: f64, alpha: f64) => BoundedPareto: BoundedPareto::new(low, high, alpha);

    /// Uniform on [`low`, `high`], 0 <= low < high. See [`Uniform`].
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::uniform(1.0, 3.0).unwrap().variance(), 4.0 / 12.0);
    /// ```
    uniform(low: f64, high: f64) => Uniform: Uniform::new(low, high);

    /// Triangular on [`low`, `high`] with its peak at `mode`. See [`Triangular`].
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::triangular(0.0, 1.0, 5.0).unwrap().mean(), 2.0);
    /// ```
    triangular(low: f64, mode: f64, high: f64) => Triangular: Triangular::new(low, mode, high);

    /// Normal of `mean` and `sd` > 0 cut to [`low`, `high`]; high may be infinite. `mean()`
    /// then reports the mean of the truncated law. See [`TruncatedNormal`].
    ///
    /// ```
    /// // Half-normal: mean sqrt(2/pi)
    /// let law = lindley::dist::Dist::truncated_normal(0.0, 1.0, 0.0, f64::INFINITY).unwrap();
    /// assert!((law.mean() - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
    /// ```
    truncated_normal(mean: f64, sd: f64, low: f64, high: f64) => TruncatedNormal: TruncatedNormal::new(mean, sd, low, high);

    /// One of several laws by weight (>= 0, some > 0, scaled to sum to 1). See [`Mixture`].
    ///
    /// ```
    /// use lindley::dist::Dist;
    /// let law = Dist::mixture(vec![(3.0, Dist::Deterministic(1.0)), (1.0, Dist::Deterministic(5.0))]).unwrap();
    /// assert_eq!((law.mean(), law.variance()), (2.0, 3.0));
    /// ```
    mixture(components: Vec<(f64, Dist)>) => Mixture: Mixture::new(components);

    /// `law` moved to the right by `offset` >= 0. See [`Shifted`].
    ///
    /// ```
    /// use lindley::dist::Dist;
    /// let law = Dist::shifted(1.0, Dist::Exponential(1.0)).unwrap();
    /// assert_eq!((law.mean(), law.scv()), (2.0, 0.25));
    /// ```
    shifted(offset: f64, law: Dist) => Shifted: Shifted::new(offset, law);

    /// Each of the recorded `values` (>= 0, at least one) equally likely. See [`Empirical`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::empirical(&[3.0, 1.0, 2.0]).unwrap();
    /// assert_eq!((law.mean(), law.quantile(0.5)), (2.0, 2.0));
    /// ```
    empirical(values: &[f64]) => Empirical: Empirical::new(values);

    /// Uniform inside the bins between ascending `edges`, by their `counts`. See [`Histogram`].
    ///
    /// ```
    /// let law = lindley::dist::Dist::histogram(&[0.0, 1.0, 3.0], &[1.0, 3.0]).unwrap();
    /// assert_eq!((law.mean(), law.cdf(2.0)), (1.625, 0.625));
    /// ```
    histogram(edges: &[f64], counts: &[f64]) => Histogram: Histogram::new(edges, counts);
}
