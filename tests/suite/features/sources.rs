//! The sources of whoever decides about features: they name them all, and leave out no field.

use std::path::Path;

/// Who decides about features, and for which specifications.
const DECIDERS: [(&str, &str); 9] = [
    ("src/model/feature/random.rs", "WDPEQC"),
    ("src/sim/recursion/refusal.rs", "WDPEQC"),
    ("src/sim/network.rs", "PQC"),
    ("src/analytic/recognise/features.rs", "WDPEQC"),
    ("src/model/feature/extra.rs", "WDPEQC"),
    ("src/report/model_summary/picture.rs", "PEQC"),
    ("src/report/model_summary/words.rs", "DPQC"),
    ("tests/suite/features/schema.rs", "WDPEQC"),
    ("tests/suite/features/mod.rs", "WDPEQC"),
];

/// The enums of features by the letters that name them in the sources of deciders, and their kinds.
const ENUMS: [(char, &str); 6] =
    [('W', "Whole"), ('D', "Disruption"), ('P', "Producer"), ('E', "Exchange"), ('Q', "Queue"), ('C', "Consumer")];

/// Whether a pattern names a variant of that enum.
fn names(pattern: &str, letter: char) -> bool {
    let (_, name) = ENUMS.into_iter().find(|(l, _)| *l == letter).expect("a letter of the table");
    let paths =
        [format!("{letter}::"), format!("{name}Feature::"), format!("{name}Kind::"), format!("{name}FeatureKind::")];
    let starts = |path: &String| {
        pattern.match_indices(path).any(|(at, _)| !pattern[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    paths.iter().any(starts)
}

/// Where specifications are taken apart, and which.
const TAKEN_APART: [(&str, &[&str]); 4] = [
    ("src/model/feature/mod.rs", &["Model"]),
    ("src/model/feature/rest.rs", &["Queue", "Exchange", "Binding", "Disruption", "RunSettings"]),
    ("src/model/feature/producer.rs", &["Producer", "MessageKind", "Client"]),
    ("src/model/feature/consumer.rs", &["Consumer", "ServiceTimes", "Onward"]),
];

/// The text between the brace at the start and the one that closes it.
fn braced(text: &str) -> &str {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        depth += i32::from(*c == '{') - i32::from(*c == '}');
        depth == 0
    });
    &text[1..end.map_or(text.len(), |(at, _)| at)]
}

/// The patterns of a match: what stands before `=>` outside of inner braces.
fn patterns(body: &str) -> Vec<String> {
    let (mut depth, mut pattern, mut found, mut in_body) = (0, String::new(), Vec::new(), false);
    let mut rest = body.chars().peekable();
    while let Some(c) = rest.next() {
        depth += i32::from("({[".contains(c)) - i32::from(")}]".contains(c));
        let ends = depth == 0 && (c == ',' || c == '}');
        if in_body {
            in_body = !ends;
        } else if depth == 0 && c == '=' && rest.peek() == Some(&'>') {
            found.push(std::mem::take(&mut pattern).trim_matches([',', ' ', '\n']).to_string());
            in_body = true;
        } else {
            pattern.push(c);
        }
    }
    found
}

/// Every match over features in a source.
fn matches(code: &str) -> Vec<Vec<String>> {
    let bodies = code.match_indices("match ").filter_map(|(at, _)| Some(braced(&code[at + code[at..].find('{')?..])));
    let over_features =
        |patterns: &Vec<String>| patterns.iter().any(|pattern| ENUMS.iter().any(|(letter, _)| names(pattern, *letter)));
    bodies.map(patterns).filter(over_features).collect()
}

fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Matches over features that swallow what they do not name.
fn swallowing(code: &str) -> Vec<String> {
    let swallows = |pattern: &&String| {
        let bare = pattern.split(" if ").next().unwrap_or_default().trim();
        bare.contains("..") || bare.chars().all(|c| c.is_lowercase() || c == '_')
    };
    matches(code).iter().flatten().filter(swallows).cloned().collect()
}

fn source(path: &str) -> String {
    code(&std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path))
}

#[test]
fn who_decides_about_features_names_them_all() {
    for (path, specifications) in DECIDERS {
        let code = source(path);
        assert_eq!(swallowing(&code), Vec::<String>::new(), "{path}");
        for letter in specifications.chars() {
            let decides = matches(&code).iter().flatten().any(|pattern| names(pattern, letter));
            assert!(decides, "{path} decides nothing about {letter}");
        }
    }
}

/// Braces of a destructuring with what they name, `..` included.
fn taken_apart<'c>(code: &'c str, name: &str) -> Option<&'c str> {
    let at = code.find(&format!("let {name} {{"))?;
    Some(braced(&code[at + code[at..].find('{')?..]))
}

#[test]
fn specifications_are_taken_apart_field_by_field() {
    for (path, specifications) in TAKEN_APART {
        let code = source(path);
        for name in specifications {
            let fields = taken_apart(&code, name).unwrap_or_else(|| panic!("{path} does not take `{name}` apart"));
            assert!(!fields.contains(".."), "{path}: `{name}` with `..`");
        }
    }
}

/// The twin: what the two tests above look for is found.
#[test]
fn a_wildcard_is_found() {
    let with = |arm: &str| format!("match feature {{\n QueueFeature::Shared(n) => f(n),\n {arm} => {{ g() }}\n }}");
    for arm in ["_", "other", "_ if x", "Feature::Queue { .. }"] {
        assert_eq!(swallowing(&with(arm)).len(), 1, "{arm}");
    }
    assert!(swallowing(&with("QueueFeature::Unserved | QueueFeature::MaxLength(_, _)")).is_empty());
    let apart = |fields: &str| format!("let Queue {{ {fields} }} = self;");
    assert!(taken_apart(&apart("name: _, .."), "Queue").is_some_and(|fields| fields.contains("..")));
    assert!(taken_apart(&apart("name: _"), "Queue").is_some_and(|fields| !fields.contains("..")));
    assert_eq!(taken_apart(&apart("name: _"), "Consumer"), None);
}
