//! Pages to look at: of a run of a shipped model, of a model with hostile names, of a thousand points,
//! and one made by hand.

use crate::report::sample as made;
use crate::support::{lindley, program, text};
use lindley::experiment::result::Saved;
use lindley::experiment::{Point, ResultSet, Setting, Status};
use lindley::report::html;
use lindley::row::Row;
use std::path::PathBuf;
use tempfile::TempDir;

/// A page on disk, with its folder.
pub struct Page {
    pub path: PathBuf,
    _folder: TempDir,
}

impl Page {
    /// A page of that text.
    pub fn of(html: &str) -> Page {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page.html");
        std::fs::write(&path, html).expect("the page can be written");
        Page { path, _folder: folder }
    }

    fn drawn(saved: &Saved) -> Page {
        Page::of(&html::page(saved, None).expect("the page is written"))
    }

    /// The page of a short run, by the program.
    fn run(model: &str) -> Page {
        let folder = tempfile::tempdir().expect("a folder");
        let (results, path) = (folder.path().join("results"), folder.path().join("report.html"));
        let run = program()
            .args(["run", model, "--messages", "5000", "-n", "4", "-q", "-o"])
            .arg(&results)
            .output()
            .expect("the program starts");
        assert!(run.status.code().is_some_and(|c| [0, 3, 4].contains(&c)), "{}", text(&run.stderr));
        let names = [&results, &path].map(|p| p.display().to_string());
        let report = lindley(&["report", &names[0], "-o", &names[1]]);
        assert!(report.status.success(), "{}", text(&report.stderr));
        Page { path, _folder: folder }
    }
}

/// A run of the e-ticketing platform.
pub fn ticketing() -> Page {
    Page::run("models/04-e-ticketing.toml")
}

/// What no name should do.
pub const HOSTILE: &str = r#"</script><script>pwned=1;alert(1)</script><img/src=x/onerror="pwned=2">'&"#;

/// A run of a model whose names are hostile, long, foreign or pictures.
pub fn hostile() -> Page {
    let name = format!("{HOSTILE}שלום🎫{}", "long-".repeat(30));
    let quoted = serde_json::to_string(&name).expect("a string");
    let model = format!(
        "[model]\nname = {quoted}\n[producers.{quoted}]\narrivals = {{ poisson = \"20/s\" }}\nqueue = {quoted}\n\
         [queues.{quoted}]\n[consumers.{quoted}]\nqueue = {quoted}\nservice = {{ exponential = {{ mean = \"40ms\" }} }}\n"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hostile.toml");
    std::fs::write(&file, model).expect("the model can be written");
    Page::run(&file.display().to_string())
}

/// A result made by hand, the same on every machine.
pub fn sample() -> Page {
    Page::drawn(&Saved { result: made::result(), curves: made::curves(), model: "[model]\nname = \"orders\"\n".into() })
}

/// A sweep of a thousand points with sixty rows each.
pub fn many_points(n: u32) -> Page {
    let own = made::result();
    let point = |index: u32| Point {
        id: format!("{:08x}", index.wrapping_mul(2_654_435_761)),
        index,
        block: "grid".into(),
        settings: vec![
            Setting { path: "consumers.workers.servers".into(), value: (index % 40 + 1).into() },
            Setting { path: "producers.web.arrivals.poisson".into(), value: format!("{}/s", 10 * (index / 40)).into() },
        ],
        status: if index % 40 < 3 { Status::Unstable } else { Status::Ok },
        message: None,
    };
    let points: Vec<Point> = (0..n).map(point).collect();
    let of = |p: &Point| {
        let id = p.id.clone();
        let rows = own.rows.iter().cycle().take(60).cloned();
        rows.map(move |r| Row { point: Some(id.clone()), ..r }).collect::<Vec<_>>()
    };
    let rows = points.iter().flat_map(of).collect();
    let result = ResultSet { rows, points, validation: Vec::new(), ..own };
    Page::drawn(&Saved { result, curves: Default::default(), model: String::new() })
}
