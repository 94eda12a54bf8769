//! How results reach standard output, whatever command made them.

use super::args::Format;
use super::failure::Failure;
use crate::experiment::result::ResultSet;
use crate::report;
use std::io::Write;

/// Prints a result in the form asked for.
pub(super) fn print_result(result: &ResultSet, format: Format, verbose: bool) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    match format {
        Format::Table => bytes.extend(report::table::render(result, width(), verbose).bytes()),
        Format::Markdown => bytes.extend(report::markdown::render(result, verbose).bytes()),
        Format::Json => report::json::write(result, &mut bytes)?,
        Format::Jsonl => report::json::write_lines(&result.rows, &mut bytes)?,
        Format::Csv => report::csv::write(&result.rows, &mut bytes)?,
    }
    print_bytes(&bytes)
}

/// Writes a text to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Runtime(format!("cannot write to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Columns to fill: the terminal's, within reason.
fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns.unwrap_or(100).clamp(80, 160)
}

/// The command as typed, the program by its name: pasted into a shell it runs again.
pub(super) fn command_line() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| quoted(&argument.to_string_lossy()));
    std::iter::once("lindley".to_string()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// An argument as a POSIX shell reads it back: bare where no shell sees more in it than it says.
fn quoted(argument: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "+-./:@_=,%".contains(c);
    // zsh takes a leading `=` for the path of a command.
    if !argument.is_empty() && argument.chars().all(bare) && !argument.starts_with('=') {
        return argument.to_string();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn plain_arguments_stay_bare() {
        for plain in
            ["models/01-mm1.toml", "--set", "consumers.workers.servers=2", "1%", "a,b", "M/M/c", "lin:5/s:9/s:3"]
        {
            assert_eq!(quoted(plain), plain);
        }
    }

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        for (argument, wanted) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("wait.p99<1s", "'wait.p99<1s'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("a;b", "'a;b'"),
            ("w*0.12/h", "'w*0.12/h'"),
            ("~/x", "'~/x'"),
            ("=x", "'=x'"),
            ("\"q\"", "'\"q\"'"),
            ("a\\b", "'a\\b'"),
            ("größe", "'größe'"),
        ] {
            assert_eq!(quoted(argument), wanted);
        }
    }
}
