//! The page in a real browser.

mod browser;
mod layout;
mod pages;

use crate::support::{keep_study, root};
use browser::Browser;
use layout::Map;
use pages::{HOSTILE, Page, hostile, many_points, sample, ticketing};
use serde_json::Value;

/// Boxes of everything that is wider than the window and stands in nothing that scrolls.
const TOO_WIDE: &str = "[...document.querySelectorAll('body *')].filter(e =>
    !e.closest('.scroll > *, .plot > *, .skip, .spoken') && !e.closest('details:not([open]) > :not(summary)')
    && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className)";

/// Blocks that follow one another and overlap.
const OVERLAPS: &str = "[...document.querySelectorAll('header > *, main > *, section > *, figure > *')].filter(e => {
    const next = e.nextElementSibling;
    if (!next || e.matches('.spoken, script, .skip') || next.matches('.spoken, script')) return false;
    const [a, b] = [e.getBoundingClientRect(), next.getBoundingClientRect()];
    return a.height > 0 && b.height > 0 && b.top < a.bottom - 1;
}).map(e => e.tagName + '.' + e.className)";

fn opened(page: &Page, width: u32) -> Browser {
    let mut browser = Browser::start();
    browser.open(&page.path, width, 900);
    browser
}

fn quiet(browser: &Browser) {
    assert_eq!(browser.complaints(), Vec::<&Value>::new());
    assert_eq!(browser.requests(), Vec::<&Value>::new(), "the page loads nothing");
}

#[test]
fn a_run_is_a_page_with_charts_that_loads_nothing() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    let charts = browser.value(
        "[...document.querySelectorAll('figure svg')].map(s => s.getBoundingClientRect()).map(r => [r.width, r.height])",
    );
    let charts = charts.as_array().expect("a list").clone();
    assert!(charts.len() >= 4, "{charts:?}");
    assert!(charts.iter().all(|c| c[0].as_f64() > Some(400.0) && c[1].as_f64() > Some(100.0)), "{charts:?}");
    assert!(browser.text("document.querySelector('.headline').textContent").contains("desk-workers"));
    quiet(&browser);
}

#[test]
fn the_checks_of_a_page_find_what_they_forbid() {
    let page = Page::of(
        "<!doctype html><html><body><header><p>a</p><p style='margin-top:-40px'>b</p></header>\
         <p style='width:5000px'>wide</p><img src='missing.png'><script>console.error('x'); no.such</script>",
    );
    let mut browser = opened(&page, 1280);
    assert_ne!(browser.value(TOO_WIDE), serde_json::json!([]));
    assert_ne!(browser.value(OVERLAPS), serde_json::json!([]));
    assert!(browser.complaints().len() >= 2, "{:?}", browser.complaints());
    assert_eq!(browser.requests().len(), 1);
}

#[test]
fn the_pointer_and_the_arrow_keys_find_values() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    let figures = browser.number("document.querySelectorAll('figure script').length") as usize;
    assert!(figures >= 1, "some chart answers");
    for figure in 0..figures {
        browser.value(&format!(
            "window.figure = [...document.querySelectorAll('figure')].filter(f => f.querySelector('script'))[{figure}];
             window.marks = JSON.parse(figure.querySelector('script').textContent);
             figure.scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ));
        hover(&mut browser);
        keys(&mut browser);
    }
    quiet(&browser);
}

/// With the mouse on the last mark of the figure, its text is shown beside it; away from it, nothing.
fn hover(browser: &mut Browser) {
    let place = |axis: &str, side: &str, i: u8| {
        format!(
            "(b => b.{side} + marks.marks.at(-1)[{i}] / marks.size[{i}] * b.{axis})\
             (figure.querySelector('svg').getBoundingClientRect())"
        )
    };
    let (x, y) = (browser.number(&place("width", "left", 0)), browser.number(&place("height", "top", 1)));
    browser.mouse_to(x, y);
    let shown = browser.text("figure.querySelector('.tip').innerText");
    let shown_is_meant = browser.value(
        "(t => marks.marks.some(m => m[2] === t && Math.hypot(m[0] - marks.marks.at(-1)[0], m[1] - marks.marks.at(-1)[1]) < 3))\
         (figure.querySelector('.tip').textContent)",
    );
    assert_eq!(shown_is_meant, true, "{shown}");
    assert_eq!(browser.value("figure.querySelector('.tip').hidden"), false);
    let inside =
        "(t => t.left >= -1 && t.right <= innerWidth + 1)(figure.querySelector('.tip').getBoundingClientRect())";
    assert_eq!(browser.value(inside), true, "{shown}");
    browser.mouse_to(2.0, 2.0);
    assert_eq!(browser.value("figure.querySelector('.tip').hidden"), true);
}

/// Each arrow key announces the next value.
fn keys(browser: &mut Browser) {
    browser.value("figure.querySelector('.plot').focus({ preventScroll: true })");
    let marks = browser.number("marks.marks.length") as usize;
    for (i, (key, code)) in [("Home", 36), ("ArrowRight", 39), ("ArrowRight", 39)].into_iter().enumerate().take(marks) {
        browser.press(key, code);
        let wanted = browser.text(&format!("marks.marks[{i}][2] + ' ({} of {marks})'", i + 1));
        assert_eq!(browser.text("figure.querySelector('[aria-live]').textContent"), wanted);
    }
    browser.press("Escape", 27);
    assert_eq!(browser.value("figure.querySelector('.tip').hidden"), true);
}

#[test]
fn tables_sort_by_value_whatever_the_unit() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    let column = browser.number(
        "[...document.querySelectorAll('#numbers table thead th')].findIndex(h => h.textContent.startsWith('simulated'))",
    );
    let button = format!("#numbers table thead th:nth-child({}) button", column + 1.0);
    let sorted = format!(
        "(v => v.every((x, i) => i === 0 || SIGN * (x - v[i - 1]) >= 0))([...document.querySelector('#numbers table')\
         .tBodies[0].rows].map(r => valueOf(r.cells[{column}].textContent)).filter(x => !Number.isNaN(x)))"
    );
    for (sign, word) in [("1", "ascending"), ("-1", "descending")] {
        browser.click(&button);
        assert_eq!(browser.value(&sorted.replace("SIGN", sign)), true, "{word}");
        let said = browser.text(&format!("document.querySelector({button:?}).parentNode.getAttribute('aria-sort')"));
        assert_eq!(said, word);
        assert!(browser.text("document.getElementById('sorted').textContent").ends_with(word));
    }
    let values = "['4.00 ± 0.02 ms', '2 s', '1.5 min', '1,204', '98.2 %', '≤ 500 ms', '-1.5'].map(valueOf)";
    let read: Vec<f64> = serde_json::from_value(browser.value(values)).expect("numbers");
    let wanted = [0.004, 2.0, 90.0, 1204.0, 0.982, 0.5, -1.5];
    assert!(read.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{read:?}");
    quiet(&browser);
}

#[test]
fn texts_have_contrast_in_light_and_in_dark() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    let luminance = "const channel = c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
        const parts = s => s.match(/[\\d.]+/g).map(Number);
        const light = s => { const [r, g, b] = parts(s).map(channel); return .2126 * r + .7152 * g + .0722 * b; };
        const paper = e => { for (; e; e = e.parentElement) {
            const c = getComputedStyle(e).backgroundColor; const p = parts(c); if (p.length < 4 || p[3] > 0) return c; }
            return 'rgb(255,255,255)'; };";
    let least = format!(
        "(() => {{ {luminance} let least = 99; for (const e of document.querySelectorAll(
        'h1, h2, h3, p, li, a, th, td, caption, summary, code, button, .good, .bad, .badge')) {{
        const [a, b] = [light(getComputedStyle(e).color), light(paper(e))].sort((x, y) => y - x);
        least = Math.min(least, (a + .05) / (b + .05)); }} return least; }})()"
    );
    let dark = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 60";
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        assert_eq!(browser.value(dark), scheme == "dark");
        let found = browser.number(&least);
        assert!(found >= 4.5, "{scheme}: contrast {found}");
    }
}

#[test]
fn the_structure_is_one_that_screen_readers_can_follow() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    let checks = [
        "document.documentElement.lang === 'en'",
        "document.querySelectorAll('h1').length === 1 && document.querySelectorAll('main').length === 1",
        // No level is left out.
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]).every((l, i, all) => i === 0 ? l === 1 : l <= all[i - 1] + 1)",
        "[...document.querySelectorAll('table')].every(t => t.caption && t.caption.textContent)",
        "[...document.querySelectorAll('th')].every(h => h.scope)",
        "[...document.querySelectorAll('figure svg')].every(s => s.getAttribute('role') === 'img' && s.getAttribute('aria-label'))",
        "[...document.querySelectorAll('section')].every(s => document.getElementById(s.getAttribute('aria-labelledby')))",
        "[...document.querySelectorAll('nav a, .skip')].every(a => document.querySelector(a.getAttribute('href')))",
        "(ids => new Set(ids).size === ids.length)([...document.querySelectorAll('[id]')].map(e => e.id))",
    ];
    for check in checks {
        assert_eq!(browser.value(check), true, "{check}");
    }
    browser.press("Tab", 9);
    assert_eq!(browser.text("document.activeElement.className"), "skip", "the first stop leads to the answer");
}

#[test]
fn nothing_overlaps_and_nothing_is_wider_than_the_window() {
    for page in [ticketing(), hostile(), many_points(1000)] {
        let mut browser = Browser::start();
        for width in [1280, 390] {
            browser.open(&page.path, width, 900);
            assert_eq!(browser.value(TOO_WIDE), serde_json::json!([]), "at {width} in {}", page.path.display());
            assert_eq!(browser.value(OVERLAPS), serde_json::json!([]), "at {width} in {}", page.path.display());
            assert!(browser.number("document.documentElement.scrollWidth") <= f64::from(width));
        }
    }
}

#[test]
fn the_page_prints() {
    let page = ticketing();
    let mut browser = opened(&page, 1280);
    browser.prefer("dark");
    let pdf = browser.pdf();
    assert!(pdf.starts_with(b"%PDF") && pdf.len() > 20_000, "{} bytes", pdf.len());
    let pages = pdf.windows(11).filter(|w| w == b"/Type /Page").count()
        - pdf.windows(12).filter(|w| w == b"/Type /Pages").count();
    assert!((2..30).contains(&pages), "{pages} pages");
    // As a printer sees it: light, without what only a pointer can use, the model unfolded.
    browser.call("Emulation.setEmulatedMedia", serde_json::json!({ "media": "print" }));
    let checks = [
        "getComputedStyle(document.querySelector('nav')).display === 'none'",
        "getComputedStyle(document.querySelector('.stage > svg')).filter === 'none'",
        "[...document.querySelectorAll('figure')].every(f => getComputedStyle(f).breakInside === 'avoid')",
    ];
    for check in checks {
        assert_eq!(browser.value(check), true, "{check}");
    }
    quiet(&browser);
}

#[test]
fn hostile_names_stay_text() {
    let page = hostile();
    let mut browser = opened(&page, 1280);
    assert!(browser.text("document.querySelector('h1').textContent").contains(HOSTILE));
    assert_eq!(browser.value("window.pwned === undefined"), true, "no script of a name ran");
    assert_eq!(browser.number("document.querySelectorAll('img, iframe, object, embed, form, link').length"), 0.0);
    let own = "[...document.scripts].every(s => s.type === 'application/json' || s.textContent.startsWith(\"\\n'use strict'\") || s.textContent.startsWith(\"'use strict'\"))";
    assert_eq!(browser.value(own), true);
    assert_eq!(
        browser.value(
            "[...document.querySelectorAll('*')].every(e => [...e.attributes].every(a => !a.name.startsWith('on')))"
        ),
        true
    );
    let shown =
        "[...document.querySelectorAll('#numbers th[scope=row]')].some(h => h.textContent.includes('<script>'))";
    assert_eq!(browser.value(shown), true);
    quiet(&browser);
}

#[test]
fn a_thousand_points_open_and_take_no_more_than_their_number() {
    let (page, quarter) = (many_points(1000), many_points(250));
    let bytes = std::fs::metadata(&page.path).expect("it was written").len();
    assert!(bytes < 5_000_000, "{bytes} bytes");
    let mut browser = Browser::start();
    // Both in one sitting, the best of five each, as the machine may be busy with other tests: work that grows with
    // the square of the points would take sixteen times as long.
    let times = (0..5).map(|_| [&quarter, &page].map(|page| time_to_open(&mut browser, page)));
    let [few, many] = times.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])]).expect("five times");
    assert!(many < 8.0 * few, "{many} ms for four times the points of {few} ms");
    assert_eq!(browser.number("document.querySelectorAll('#settings tbody tr').length"), 1000.0);
    quiet(&browser);
}

/// Milliseconds until the page is complete.
fn time_to_open(browser: &mut Browser, page: &Page) -> f64 {
    browser.open(&page.path, 1280, 900);
    browser.number("performance.getEntriesByType('navigation')[0].domComplete")
}

/// What a person waits for, which only a quiet machine can say.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_time_to_open_a_page() {
    let mut browser = Browser::start();
    let line = |points: u32| {
        let page = many_points(points);
        let bytes = std::fs::metadata(&page.path).expect("it was written").len();
        let best = (0..5).map(|_| time_to_open(&mut browser, &page)).fold(f64::INFINITY, f64::min);
        (best, format!("| {points} | {:.2} | {best:.0} |\n", bytes as f64 / 1e6))
    };
    let found = [250, 1000, 4000].map(line);
    let lines: String = found.iter().map(|(_, line)| line.as_str()).collect();
    keep_study(
        "page",
        "How long does a page take to open?",
        &format!("Best of five loads in Chromium without a window.\n\n| points | MB | ms |\n|---|---|---|\n{lines}"),
    );
    assert!(found[1].0 < 1000.0, "{} ms", found[1].0);
}

/// Blocks may differ by this share of full brightness on average: fonts of other machines make lines
/// wrap elsewhere. A page without its styles is more than twice as far away.
const TOLERANCE: f64 = 0.012;

#[test]
fn the_layout_is_that_of_the_kept_picture() {
    let mut browser = opened(&sample(), 1280);
    let map = Map::of(&browser.picture());
    let kept = root().join("tests/golden/report-layout.png");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&kept, map.png()).expect("the picture can be kept");
    }
    let golden = Map::of(&std::fs::read(&kept).expect("the picture is there: SNAPSHOTS=overwrite keeps one"));
    let distance = map.distance(&golden);
    assert!(distance < TOLERANCE, "the layout is {distance} away from {}", kept.display());
    browser.value("document.querySelector('style').remove()");
    let bare = Map::of(&browser.picture()).distance(&golden);
    assert!(bare > 2.0 * TOLERANCE, "without styles it is only {bare} away");
}
