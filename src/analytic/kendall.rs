//! Kendall's notation: letters of laws, with the moments that complete them. Knows no formula.

use crate::dist::Dist;
use crate::units::parse_duration;

/// The law that a letter names, with that mean (seconds) and, where the letter leaves it open, scv.
///
/// M exponential, D deterministic, Ek Erlang of k stages, H2 hyperexponential of two branches with
/// balanced means (scv > 1, default 4), Cox2 Coxian (scv >= 0.5, default 2), LN lognormal (default 1),
/// Gamma, W Weibull, Pareto (scv; default 2), U uniform on 0 to twice the mean.
///
/// ```
/// use lindley::analytic::kendall::law;
/// assert_eq!(law("E4", 1.0, None).unwrap().scv(), 0.25);
/// assert!(law("H2", 1.0, Some(0.5)).unwrap_err().contains("scv"));
/// assert!(law("M", 1.0, Some(2.0)).unwrap_err().contains("M has scv 1"));
/// ```
pub fn law(letter: &str, mean: f64, scv: Option<f64>) -> Result<Dist, String> {
    let says = |e: crate::dist::DistError| e.to_string();
    let fixed = |name: &str, own: f64| match scv {
        Some(other) if (other - own).abs() > 1e-12 => Err(format!("{name} has scv {own}, not {other}")),
        _ => Ok(()),
    };
    let upper = letter.to_ascii_uppercase();
    if let Some(k) = upper.strip_prefix('E').and_then(|k| k.parse::<u32>().ok()) {
        let law = Dist::erlang(k, mean).map_err(says)?;
        fixed(letter, 1.0 / f64::from(k))?;
        return Ok(law);
    }
    match upper.as_str() {
        "M" => fixed("M", 1.0).and_then(|()| Dist::exponential(mean).map_err(says)),
        "D" => fixed("D", 0.0).and_then(|()| Dist::deterministic(mean).map_err(says)),
        "H2" => Dist::hyperexponential_balanced(mean, scv.unwrap_or(4.0)).map_err(says),
        "COX2" | "COX" => Dist::coxian_fit(mean, scv.unwrap_or(2.0)).map_err(says),
        "LN" => Dist::lognormal(mean, scv.unwrap_or(1.0)).map_err(says),
        "GAMMA" => Dist::gamma(mean, scv.unwrap_or(1.0)).map_err(says),
        "W" => Dist::weibull(mean, scv.unwrap_or(1.0)).map_err(says),
        "PARETO" => Dist::pareto_mean_scv(mean, scv.unwrap_or(2.0)).map_err(says),
        "U" => fixed("U", 1.0 / 3.0).and_then(|()| Dist::uniform(0.0, 2.0 * mean).map_err(says)),
        _ => Err(format!(
            "`{letter}` is no letter of a law; known: M, D, E2, E3, ..., H2, Cox2, LN, Gamma, W, Pareto, U"
        )),
    }
}

/// A law written as letter, mean and perhaps scv: `LN 40ms 2.25`.
///
/// ```
/// use lindley::analytic::kendall::law_of_text;
/// assert_eq!(law_of_text("E4 40ms").unwrap().mean(), 0.04);
/// ```
pub fn law_of_text(text: &str) -> Result<Dist, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let scv = |s: &str| s.parse::<f64>().map_err(|_| format!("`{s}` is no scv"));
    match words[..] {
        [letter, mean] => law(letter, parse_duration(mean).map_err(|e| e.to_string())?, None),
        [letter, mean, s] => law(letter, parse_duration(mean).map_err(|e| e.to_string())?, Some(scv(s)?)),
        _ => Err("a law is written as letter, mean and perhaps scv: \"LN 40ms 2.25\"".to_string()),
    }
}
