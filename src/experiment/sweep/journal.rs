//! The journal of a sweep: one line of JSON per finished point, each with the checksum of what it
//! says. Written front to back and only appended to, so a process that is killed leaves whole lines
//! and at most one torn at the end. Text only: the file is the caller's.

use super::record::Record;
use super::shard::Shard;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The schema name of a journal.
pub const JOURNAL_SCHEMA: &str = "lindley/journal/2";

/// The first line: what the points belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always [`JOURNAL_SCHEMA`].
    pub schema: String,
    /// SHA-256 of the plan.
    pub plan: String,
    /// Which part of it.
    pub shard: Shard,
}

/// What a journal says.
#[derive(Debug, Default)]
pub struct Journal {
    /// Its first line; absent where nothing whole was written.
    pub header: Option<Header>,
    /// The finished points, in order of finishing.
    pub records: Vec<Record>,
    /// Bytes up to the end of the last whole line.
    pub whole: u64,
    /// Whether a torn line follows.
    pub torn: bool,
}

/// A line that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

const OPEN: &str = "{\"sha256\":\"";
const MIDDLE: &str = "\",\"says\":";
const DIGITS: usize = 64;

/// A line of the journal, with its end.
///
/// # Errors
///
/// What does not serialise.
pub fn line<T: Serialize>(says: &T) -> Result<String, serde_json::Error> {
    let body = serde_json::to_string(says)?;
    Ok(format!("{OPEN}{}{MIDDLE}{body}}}\n", checksum(body.as_bytes())))
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a journal.
///
/// # Errors
///
/// A whole line that is not what was written, or a point that stands there twice.
pub fn read(bytes: &[u8]) -> Result<Journal, Fault> {
    let mut journal = Journal::default();
    let mut seen = std::collections::HashSet::new();
    for (number, text) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(text) = text.strip_suffix(b"\n") else {
            journal.torn = true;
            break;
        };
        let fault = |what: &str| Fault { line: number + 1, what: what.to_string() };
        let body = body(text).ok_or_else(|| fault("is not what was written: it was edited or damaged"))?;
        let unread = |e: serde_json::Error| fault(&format!("cannot be read by this version: {e}"));
        if number == 0 {
            journal.header = Some(serde_json::from_slice(body).map_err(unread)?);
        } else {
            let record: Record = serde_json::from_slice(body).map_err(unread)?;
            if !seen.insert(record.id.clone()) {
                return Err(fault(&format!("repeats point {}: it was edited", record.id)));
            }
            journal.records.push(record);
        }
        journal.whole += text.len() as u64 + 1;
    }
    Ok(journal)
}

/// What a line says, if its checksum agrees.
fn body(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(OPEN.as_bytes())?;
    let (digits, rest) = rest.split_at_checked(DIGITS)?;
    let body = rest.strip_prefix(MIDDLE.as_bytes())?.strip_suffix(b"}")?;
    (checksum(body).as_bytes() == digits).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> String {
        let header = Header { schema: JOURNAL_SCHEMA.into(), plan: "p".into(), shard: Shard::WHOLE };
        let records = ["a", "b"].map(|id| line(&Record::failed_for(id, "why".into())).unwrap());
        line(&header).unwrap() + &records.concat()
    }

    #[test]
    fn a_torn_end_is_dropped_wherever_it_is_torn() {
        let text = journal();
        for end in 0..text.len() {
            let read = read(&text.as_bytes()[..end]).unwrap();
            let lines = text[..end].matches('\n').count();
            assert_eq!(read.header.is_some(), lines > 0);
            assert_eq!(read.records.len(), lines.saturating_sub(1));
            assert_eq!(read.torn, !text[..end].is_empty() && !text[..end].ends_with('\n'));
            assert_eq!(read.whole as usize, text[..end].rfind('\n').map_or(0, |at| at + 1));
        }
    }

    #[test]
    fn an_edited_or_repeated_line_is_a_fault() {
        let edited = journal().replace("\"id\":\"a\"", "\"id\":\"c\"");
        assert_eq!(read(edited.as_bytes()).unwrap_err().line, 2);
        let text = journal();
        let last = text.lines().last().unwrap();
        assert!(read(format!("{text}{last}\n").as_bytes()).unwrap_err().what.contains("repeats point b"));
    }
}
