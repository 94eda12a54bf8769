//! Arrival points against what defines their process: independent intervals, unit
//! exponentials after the time change by the cumulative rate, closed forms of the Markov
//! modulated process. Significance 0.001 each; every test has a wrong theory it must reject.

use super::*;
use crate::dist::ks::ks_p_value;
use rand::SeedableRng;

const ALPHA: f64 = 0.001;
/// Two-sided normal point of ALPHA.
const Z: f64 = 3.290_526_731_491_926;

fn points(arrivals: &Arrivals, seed: u64, n: usize) -> Vec<f64> {
    let mut stream = Stream::seed_from_u64(seed);
    let mut source = ArrivalSampler::new(arrivals, &mut stream);
    let mut now = 0.0;
    let draw = || source.next(now, &mut stream).inspect(|&at| now = at);
    std::iter::from_fn(draw).take(n).collect()
}

fn gaps(times: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let step = |before: &mut f64, at| Some(at - std::mem::replace(before, at));
    times.into_iter().scan(0.0, step).collect()
}

fn unit_exponential_p_value(levels: Vec<f64>) -> f64 {
    ks_p_value(gaps(levels), |x| -(-x.max(0.0)).exp_m1())
}

/// Seconds from the first time divide into whole periods and a rest.
fn expected_by(pieces: &[(f64, f64)], t: f64) -> f64 {
    let period: f64 = pieces.iter().map(|p| p.0).sum();
    let per_period: f64 = pieces.iter().map(|p| p.0 * p.1).sum();
    let mut rest = t.rem_euclid(period);
    let mut sum = (t / period).floor() * per_period;
    for (duration, rate) in pieces {
        sum += rest.clamp(0.0, *duration) * rate;
        rest -= duration;
    }
    sum
}

fn schedule(pieces: &[(f64, f64)], repeat: bool) -> Arrivals {
    Arrivals::Schedule { pieces: pieces.to_vec(), repeat }
}

fn mmpp() -> (MarkovArrivals, f64, impl Fn(f64) -> f64) {
    let ([l1, l2], [s1, s2]) = ([20.0, 1.0], [0.5, 0.25]);
    let process = MarkovArrivals {
        phases: 2,
        d0: vec![-s1 - l1, s1, s2, -s2 - l2],
        d1: vec![l1, 0.0, 0.0, l2],
        stationary: vec![s2 / (s1 + s2), s1 / (s1 + s2)],
    };
    let rate = (l1 * s2 + l2 * s1) / (s1 + s2);
    // Heffes and Lucantoni (1986), variance-to-mean of the count in (0, t).
    let excess = 2.0 * s1 * s2 * f64::powi(l1 - l2, 2) / (f64::powi(s1 + s2, 2) * (l1 * s2 + l2 * s1));
    let decay = s1 + s2;
    (process, rate, move |t: f64| 1.0 + excess * (1.0 + (-decay * t).exp_m1() / (decay * t)))
}

/// Number of points in (0, horizon], once per seed.
fn counts(arrivals: &Arrivals, horizon: f64, replications: u64) -> Vec<f64> {
    let mut stream = Stream::seed_from_u64(1);
    let once = |_| {
        let mut source = ArrivalSampler::new(arrivals, &mut stream);
        let (mut now, mut n) = (0.0, 0.0);
        while let Some(at) = source.next(now, &mut stream).filter(|&at| at <= horizon) {
            (now, n) = (at, n + 1.0);
        }
        n
    };
    (0..replications).map(once).collect()
}

fn mean(sample: &[f64]) -> f64 {
    sample.iter().sum::<f64>() / sample.len() as f64
}

#[test]
fn poisson_intervals_are_exponential() {
    let sample = gaps(points(&Arrivals::Poisson { rate: 4.0 }, 1, 200_000));
    let p = |rate: f64| ks_p_value(sample.clone(), |x| -(-rate * x.max(0.0)).exp_m1());
    assert!(p(4.0) > ALPHA, "{}", p(4.0));
    assert!(p(4.12) < ALPHA, "blind to 3 %: {}", p(4.12));
}

#[test]
fn renewal_intervals_follow_their_law() {
    let interval = Dist::erlang(3, 0.5).expect("valid");
    let sample = gaps(points(&Arrivals::Renewal { interval: interval.clone() }, 2, 200_000));
    let p = |scale: f64| ks_p_value(sample.clone(), |x| interval.cdf(x * scale));
    assert!(p(1.0) > ALPHA, "{}", p(1.0));
    assert!(p(1.03) < ALPHA, "blind to 3 %: {}", p(1.03));
}

#[test]
fn schedule_is_a_unit_poisson_process_in_its_own_time() {
    let pieces = [(1.0, 0.0), (2.0, 3.0), (1.5, 0.0), (0.5, 40.0), (1.0, 0.2)];
    let times = points(&schedule(&pieces, true), 3, 200_000);
    assert!(times.is_sorted());
    let p = |theory: &[(f64, f64)]| unit_exponential_p_value(times.iter().map(|&t| expected_by(theory, t)).collect());
    assert!(p(&pieces) > ALPHA, "{}", p(&pieces));
    let faster = pieces.map(|(duration, rate)| (duration, 1.03 * rate));
    assert!(p(&faster) < ALPHA, "blind to 3 %: {}", p(&faster));
    let mut other_order = pieces;
    other_order.swap(1, 4);
    assert!(p(&other_order) < ALPHA, "blind to the order: {}", p(&other_order));
}

#[test]
fn schedule_steps_over_many_quiet_periods_at_once() {
    // One arrival in 500 periods on average.
    let pieces = [(1.0, 0.0), (2.0, 0.001), (7.0, 0.0)];
    let times = points(&schedule(&pieces, true), 4, 200_000);
    let p = |scale: f64| unit_exponential_p_value(times.iter().map(|&t| scale * expected_by(&pieces, t)).collect());
    assert!(p(1.0) > ALPHA, "{}", p(1.0));
    assert!(p(1.03) < ALPHA, "blind to 3 %: {}", p(1.03));
}

#[test]
fn schedule_does_not_drift_over_a_million_periods() {
    // 0.3 + 0.1 + 0.7 is not exact in binary; a running sum of periods would wander.
    let times = points(&schedule(&[(0.3, 0.0), (0.1, 10.0), (0.7, 0.0)], true), 5, 1_000_000);
    let last = times[times.len() - 1];
    assert!(last > 1e6, "{last}");
    // 2e-10: the spacing of floats at 1e6.
    let inside = |t: &f64| (0.3 - 5e-10..=0.4 + 5e-10).contains(&t.rem_euclid(1.1));
    assert!(times.iter().all(inside));
}

#[test]
fn schedule_that_does_not_repeat_ends() {
    let arrivals = schedule(&[(1.0, 5.0), (10.0, 0.0), (2.0, 1.5), (4.0, 0.0)], false);
    let n = 100_000;
    let average = mean(&counts(&arrivals, f64::MAX, n));
    // Poisson with mean 5 + 3.
    let z = |theory: f64| (average - theory) / (theory / n as f64).sqrt();
    assert!(z(8.0).abs() < Z, "{average}");
    assert!(z(8.24).abs() > Z, "blind to 3 %");
    let mut stream = Stream::seed_from_u64(1);
    let mut source = ArrivalSampler::new(&arrivals, &mut stream);
    while let Some(at) = source.next(0.0, &mut stream) {
        assert!(at <= 1.0 || (11.0..=13.0).contains(&at), "{at}");
    }
    assert!((0..1_000).all(|_| source.next(0.0, &mut stream).is_none()));
}

#[test]
fn sinusoid_is_a_unit_poisson_process_in_its_own_time() {
    for (seed, amplitude) in [(6, 0.0), (7, 0.5), (8, 1.0)] {
        let (mean, period, phase) = (2.0, 3.0, 0.7);
        let times = points(&Arrivals::Sinusoid { mean, amplitude, period, phase }, seed, 200_000);
        assert!(times.is_sorted());
        let expected_by = |t: f64, phase: f64| {
            let angle = |t: f64| TAU * (t + phase) / period;
            mean * (t + amplitude * period / TAU * (angle(0.0).cos() - angle(t).cos()))
        };
        let p = |scale: f64, phase: f64| {
            unit_exponential_p_value(times.iter().map(|&t| scale * expected_by(t, phase)).collect())
        };
        assert!(p(1.0, phase) > ALPHA, "amplitude {amplitude}: {}", p(1.0, phase));
        assert!(p(1.03, phase) < ALPHA, "amplitude {amplitude}: blind to 3 %");
        assert!(amplitude == 0.0 || p(1.0, phase + 1.0) < ALPHA, "amplitude {amplitude}: blind to the phase");
    }
}

#[test]
fn sinusoid_inversion_is_exact() {
    for amplitude in [0.0, 0.3, 0.99, 1.0] {
        for phase in [-5.0, 0.0, 1.0, 2.2] {
            let wave = Sinusoid::new(1.0, amplitude, 3.0, phase);
            for i in 0..1_000 {
                let y = f64::from(i) / 1_000.0;
                let x = wave.invert(y);
                assert!((wave.share(x).0 - y).abs() < 1e-15 * 4.0, "{amplitude} {phase} {y}: {x}");
                assert!((0.0..=1.0).contains(&x));
            }
        }
    }
}

#[test]
fn markov_modulated_counts_have_the_closed_form_mean_and_dispersion() {
    let (process, rate, dispersion) = mmpp();
    assert!((process.rate() - rate).abs() < 1e-12);
    let (horizon, n) = (2.0, 100_000);
    let sample = counts(&Arrivals::Markov(process), horizon, n);
    let average = mean(&sample);
    let central = |k: i32| mean(&sample.iter().map(|x| (x - average).powi(k)).collect::<Vec<_>>());
    let (variance, theory) = (central(2), rate * horizon * dispersion(horizon));
    let z_mean = |theory: f64| (average - theory) / (variance / n as f64).sqrt();
    let z_variance = |theory: f64| (variance - theory) / ((central(4) - variance * variance) / n as f64).sqrt();
    assert!(z_mean(rate * horizon).abs() < Z, "{average} {}", rate * horizon);
    assert!(z_mean(1.03 * rate * horizon).abs() > Z, "blind to 3 % on the rate");
    assert!(z_variance(theory).abs() < Z, "{variance} {theory}");
    assert!(z_variance(1.03 * theory).abs() > Z, "blind to 3 % on the dispersion");
}

#[test]
fn arrivals_that_change_the_phase_make_an_erlang_renewal_process() {
    let process = MarkovArrivals {
        phases: 2,
        d0: vec![-2.0, 2.0, 0.0, -2.0],
        d1: vec![0.0, 0.0, 2.0, 0.0],
        stationary: vec![0.5, 0.5],
    };
    // The first interval is a residual one.
    let sample = gaps(points(&Arrivals::Markov(process), 9, 200_000)).split_off(1);
    let law = Dist::erlang(2, 1.0).expect("valid");
    let p = |scale: f64| ks_p_value(sample.clone(), |x| law.cdf(x * scale));
    assert!(p(1.0) > ALPHA, "{}", p(1.0));
    assert!(p(1.03) < ALPHA, "blind to 3 %: {}", p(1.03));
}

#[test]
fn trace_replays_its_instants_and_ends() {
    let times = [0.0, 0.5, 0.5, 3.25];
    let arrivals = Arrivals::Trace { times: times.into() };
    assert_eq!(points(&arrivals, 1, 10), times);
}

#[test]
fn batches_follow_their_size_and_leave_the_points_alone() {
    let points_of = Arrivals::Poisson { rate: 2.0 };
    let size = Count::geometric(3.0).expect("valid");
    let arrivals = Arrivals::Batch { points: Box::new(points_of.clone()), size: size.clone() };
    assert_eq!(points(&arrivals, 1, 100), points(&points_of, 1, 100));
    let mut stream = Stream::seed_from_u64(10);
    let mut source = ArrivalSampler::new(&arrivals, &mut stream);
    let n = 100_000;
    let average = (0..n).map(|_| f64::from(source.batch(&mut stream))).sum::<f64>() / f64::from(n);
    let z = |theory: f64| (average - theory) / (size.variance() / f64::from(n)).sqrt();
    assert!(z(3.0).abs() < Z, "{average}");
    assert!(z(3.09).abs() > Z, "blind to 3 %");
    assert_eq!(ArrivalSampler::new(&points_of, &mut stream).batch(&mut stream), 1);
}

#[test]
fn processes_without_points_stay_silent() {
    let closed = Arrivals::Closed { population: 3, think: Dist::Exponential(1.0) };
    assert!(points(&closed, 1, 1).is_empty());
    assert!(points(&schedule(&[(1.0, 0.0)], true), 1, 1).is_empty());
}
