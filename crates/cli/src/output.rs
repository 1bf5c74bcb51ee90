//! What is printed: one JSON document or a table on standard output, words for people on standard error, and the exit code.

use std::io::Write;
use std::process::ExitCode;

use model::failure::{Code, Problem};
use model::record::{Conflict, FieldConflict};
use model::{Failure, Raw, Reason, Time, Why};
use serde::Serialize;
use serde_json::value::RawValue;

/// How answers are printed.
#[derive(Clone, Copy)]
pub(crate) struct Output {
    /// Whether JSON was asked for.
    pub(crate) is_json: bool,
}

impl Output {
    /// Prints an answer: as JSON, or as the table that `rows` makes of it.
    pub(crate) fn answer<T: Serialize>(self, value: &T, table: impl FnOnce() -> Table) -> Result<ExitCode, Failure> {
        if self.is_json {
            let text = serde_json::to_string(value).map_err(|error| Failure::surprise(error.to_string()))?;
            put(&format!("{text}\n"));
        } else {
            put(&table().text());
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Prints one line of a stream at once: as JSON, or as the words for people. `Ok(false)`: nobody reads any more.
    pub(crate) fn line<T: Serialize>(self, value: &T, words: impl FnOnce() -> String) -> Result<bool, Failure> {
        let text = if self.is_json {
            serde_json::to_string(value).map_err(|error| Failure::surprise(error.to_string()))?
        } else {
            harmless(&words())
        };
        let mut stdout = std::io::stdout().lock();
        Ok(stdout.write_all(format!("{text}\n").as_bytes()).and_then(|()| stdout.flush()).is_ok())
    }

    /// Words for the person at the terminal.
    pub(crate) fn progress(self, words: &str) {
        // A standard error that was closed wants no more, which must not end the work.
        let _ = writeln!(std::io::stderr(), "{}", harmless(words));
    }

    /// Prints a failure and says which exit code it is.
    pub(crate) fn failure(self, failure: &Failure, connection: Option<&str>) -> ExitCode {
        self.failure_with(failure, connection, None)
    }

    /// Prints that somebody else changed the same thing meanwhile: the failure, and each field as it was seen, as it is there now
    /// and as it was to become.
    ///
    /// # Errors
    /// None that can happen: everything in it can be written as JSON.
    pub(crate) fn conflict(self, conflict: &Conflict, connection: Option<&str>) -> Result<ExitCode, Failure> {
        let names: Vec<&str> = conflict.fields.iter().map(|field| field.name.as_str()).collect();
        let failure = Failure::Refused(Why::new(Reason::ChangedMeanwhile, names.join(", ")));
        let field = |it: &FieldConflict| {
            Ok(Conflicted {
                name: it.name.clone(),
                seen: raw_json(&it.seen)?,
                now: raw_json(&it.now)?,
                wanted: raw_json(&it.wanted)?,
            })
        };
        let fields = conflict.fields.iter().map(field).collect::<Result<Vec<_>, Failure>>()?;
        let answer = Conflicts { fields, now: raw_json(&conflict.now)? };
        let code = self.failure_with(&failure, connection, Some(&answer));
        if !self.is_json {
            let mut table = Table::new(["field", "as you saw it", "there now", "to be written"]);
            for it in &conflict.fields {
                table.row([it.name.clone(), it.seen.0.clone(), it.now.0.clone(), it.wanted.0.clone()]);
            }
            let _ = std::io::stderr().write_all(table.text().as_bytes());
        }
        Ok(code)
    }

    fn failure_with(self, failure: &Failure, connection: Option<&str>, conflict: Option<&Conflicts>) -> ExitCode {
        let problem = Problem::from(failure);
        if self.is_json {
            let error = serde_json::json!({
                "code": problem.code, "reason": problem.reason, "message": problem.message, "connection": connection
            });
            let conflict = conflict.and_then(|it| serde_json::to_string(it).ok());
            let conflict = conflict.map_or_else(String::new, |it| format!(",\"conflict\":{it}"));
            put(&format!("{{\"error\":{error}{conflict}}}\n"));
        } else {
            match connection {
                Some(name) => eprintln!("{name}: {}", problem.message),
                None => eprintln!("{}", problem.message),
            }
        }
        exit_code(problem.code)
    }
}

/// What two people changed, with the records as JSON.
#[derive(Serialize)]
struct Conflicts {
    fields: Vec<Conflicted>,
    now: Box<RawValue>,
}

/// One field of it.
#[derive(Serialize)]
struct Conflicted {
    name: String,
    seen: Box<RawValue>,
    now: Box<RawValue>,
    wanted: Box<RawValue>,
}

/// A text without control characters: a terminal must not obey what a system sends.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Writes to standard output. A reader that has closed it wants no more, which is no failure of ours.
fn put(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// The exit code of a kind of failure.
pub(crate) fn exit_code(code: Code) -> ExitCode {
    ExitCode::from(match code {
        Code::SlowDown | Code::Offline | Code::Refused | Code::Surprise => 1,
        Code::Invalid => 2,
        Code::SignedOut => 3,
        Code::UnknownOutcome => 4,
    })
}

/// A table for people: columns as wide as their widest cell, East Asian characters counted as two.
#[derive(Default)]
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    /// A table with a head.
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self(vec![head.map(str::to_uppercase).to_vec()])
    }

    /// A table of one line without a head.
    pub(crate) fn line(text: impl Into<String>) -> Self {
        Self(vec![vec![text.into()]])
    }

    /// Adds a row, without control characters.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.0.push(cells.map(|cell| harmless(&cell)).to_vec());
    }

    fn text(&self) -> String {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|at| self.0.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for row in &self.0 {
            let mut line = String::new();
            for (cell, wide) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(wide.saturating_sub(width(cell)) + 2));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Columns of a terminal that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c as u32, 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF) { 2 } else { 1 }).sum()
}

/// A value with its untouched record as JSON instead of as text, digits and order as they came.
///
/// # Errors
/// [`Failure::Surprise`] where the value is no object.
pub(crate) fn with_raw<T: Serialize>(value: &T, raw: &Raw) -> Result<Box<RawValue>, Failure> {
    let surprise = |error: serde_json::Error| Failure::surprise(error.to_string());
    let serde_json::Value::Object(mut fields) = serde_json::to_value(value).map_err(surprise)? else {
        return Err(Failure::surprise("$"));
    };
    fields.remove("raw");
    let head = serde_json::to_string(&fields).map_err(surprise)?;
    let record = raw_json(raw)?;
    let comma = if fields.is_empty() { "" } else { "," };
    RawValue::from_string(format!("{}{comma}\"raw\":{record}}}", head.strip_suffix('}').unwrap_or(&head))).or_else(
        |_| {
            fields.insert("raw".into(), raw.0.clone().into());
            serde_json::value::to_raw_value(&fields).map_err(surprise)
        },
    )
}

/// A record as JSON; as a JSON text where it is none.
///
/// # Errors
/// None that can happen: a text is always JSON.
pub(crate) fn raw_json(raw: &Raw) -> Result<Box<RawValue>, Failure> {
    RawValue::from_string(raw.0.trim().to_owned())
        .or_else(|_| serde_json::value::to_raw_value(&raw.0))
        .map_err(|error| Failure::surprise(error.to_string()))
}

/// An instant for people, in the computer's zone.
pub(crate) fn local(time: Option<Time>) -> String {
    time.map_or_else(
        || "–".to_owned(),
        |time| time.utc().with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M").to_string(),
    )
}

/// The time of day for people, in the computer's zone.
pub(crate) fn clock(time: Time) -> String {
    time.utc().with_timezone(&chrono::Local).format("%H:%M").to_string()
}

/// A text that may be missing, for people.
pub(crate) fn or_dash(text: Option<&str>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or("–").to_owned()
}

/// The word that a value has in JSON.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_digits_and_order() {
        let value = serde_json::json!({ "id": "a", "raw": "…", "nested": {} });
        let text = with_raw(&value, &Raw("{\"z\":1564831284702237059123,\"a\":1.10}".into())).unwrap().to_string();
        assert!(text.contains("\"raw\":{\"z\":1564831284702237059123,\"a\":1.10}"), "{text}");
        assert!(text.contains("\"nested\":{}"), "{text}");
    }

    #[test]
    fn columns_stand_in_line_with_wide_characters() {
        let mut table = Table::new(["name", "n"]);
        table.row(["西村 彩".into(), "1".into()]);
        table.row(["Daniel\u{1b}[31m".into(), "2".into()]);
        assert_eq!(table.text(), "NAME         N\n西村 彩      1\nDaniel [31m  2\n");
    }
}
