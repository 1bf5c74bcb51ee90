//! Every row of every resource in one file, and the file read again. Secret values are not in it: a placeholder says that there was one.

use std::fmt::Write as _;
use std::path::Path;

use model::connection::Connection;
use model::failure::Problem;
use model::record::{Resource, Verb, is_secret};
use model::snapshot::{SnapshotSaved, UnreadResource};
use model::{ConnectionId, Failure, Raw, Reason, SystemId, Time};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::console::Console;
use crate::export::{failure, not_written};
use crate::records::row::{Fields, is_nothing, quoted};
use crate::records::secrets::{KEPT, shown};

/// The form of the file. A later one is refused by this program.
const VERSION: u32 = 1;

/// A snapshot as it stands in its file.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// The name of its connection then.
    pub(crate) connection: String,
    pub(crate) system: SystemId,
    pub(crate) address: String,
    pub(crate) taken_at: Time,
    resources: Vec<Kept>,
}

/// One resource of it.
#[derive(Debug)]
struct Kept {
    path: String,
    rows: Result<Vec<Raw>, Problem>,
}

/// The rows of a resource as the system lists them now; a problem where it would not.
pub(crate) type Listed = Result<Vec<Raw>, Problem>;

impl Snapshot {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for what is no snapshot, or one of a later program; the words say where it breaks off, never what stands
    /// there.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct File<'a> {
            frontdesk_snapshot: u32,
            connection: String,
            system: SystemId,
            address: String,
            taken_at: Time,
            #[serde(borrow)]
            resources: Vec<One<'a>>,
        }
        #[derive(Deserialize)]
        struct One<'a> {
            path: String,
            unread: Option<Problem>,
            #[serde(borrow, default)]
            rows: Vec<&'a RawValue>,
        }
        // Text files of some editors begin with a mark that JSON does not know.
        let text = text.trim_start_matches('\u{feff}');
        let file: File<'_> = serde_json::from_str(text).map_err(|error| {
            Failure::invalid(Reason::NotUsable, format!("line {}, column {}", error.line(), error.column()))
        })?;
        if file.frontdesk_snapshot != VERSION {
            let words = format!("frontdesk_snapshot {}", file.frontdesk_snapshot);
            return Err(Failure::invalid(Reason::NotUsable, words));
        }
        let rows = |rows: Vec<&RawValue>| rows.into_iter().map(|row| Raw(row.get().to_owned())).collect();
        let kept = |it: One<'_>| Kept { path: it.path, rows: it.unread.map_or_else(|| Ok(rows(it.rows)), Err) };
        Ok(Self {
            connection: file.connection,
            system: file.system,
            address: file.address,
            taken_at: file.taken_at,
            resources: file.resources.into_iter().map(kept).collect(),
        })
    }

    /// The rows of a resource; a problem where the snapshot has them not.
    pub(crate) fn take(&mut self, path: &str) -> Listed {
        let found = self.resources.iter().position(|it| it.path == path).map(|at| self.resources.swap_remove(at));
        found.map_or_else(|| Err(Problem::from(&Failure::invalid(Reason::NoSuchThing, path))), |it| it.rows)
    }
}

impl Console {
    /// Reads every row of every resource now and writes them to one file in a folder: whole or not at all. Secret values are left out.
    /// A resource that the system would not list is named in the file and in the answer.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a name that is no file's or a connection without such records; what the system answers; a folder that
    /// cannot be written. No file is left then.
    pub async fn snapshot_save(
        &self,
        connection: &ConnectionId,
        folder: &Path,
        name: &str,
    ) -> Result<SnapshotSaved, Failure> {
        let name = name.trim();
        let name = if name.to_lowercase().ends_with(".json") { name.to_owned() } else { format!("{name}.json") };
        sheet::check_name(&name).map_err(failure)?;
        let known = self.connection(connection).await?;
        let resources = self.records_resources(connection).await?;
        let mut read = Vec::with_capacity(resources.len());
        let mut unread = Vec::new();
        for resource in resources.into_iter().filter(|it| it.verbs.contains(&Verb::List)) {
            let listed = self.listed_now(connection, &resource.path).await?;
            if let Err(problem) = &listed {
                unread.push(UnreadResource { resource: resource.path.clone(), problem: problem.clone() });
            }
            read.push((resource, listed));
        }
        let (now, folder) = (self.now(), folder.to_owned());
        let count = u32::try_from(read.len()).unwrap_or(u32::MAX);
        let rows = read.iter().filter_map(|(_, listed)| listed.as_ref().ok()).map(|it| it.len() as u64).sum();
        let writing = tokio::task::spawn_blocking(move || {
            sheet::write_whole(&folder, &name, written(&known, now, &read).as_bytes())
        });
        let path = writing.await.map_err(|_| not_written())?.map_err(failure)?;
        Ok(SnapshotSaved { file: path.display().to_string(), resources: count, rows, unread })
    }

    /// Every row of a resource now, or the words with which the system refuses this one.
    ///
    /// # Errors
    /// What else the system answers.
    pub(crate) async fn listed_now(&self, connection: &ConnectionId, path: &str) -> Result<Listed, Failure> {
        match self.records_list(connection, path).await {
            Ok(rows) => Ok(Ok(rows)),
            Err(refused @ Failure::Refused(_)) => Ok(Err(Problem::from(&refused))),
            Err(other) => Err(other),
        }
    }
}

/// The text of the file, a row to a line.
fn written(connection: &Connection, now: Time, read: &[(Resource, Listed)]) -> String {
    let mut text = format!("{{\n\"frontdesk_snapshot\":{VERSION},\n");
    let system = connection.system.as_str();
    let head = [("connection", connection.name.as_str()), ("system", system), ("address", &connection.url)];
    for (name, value) in head {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "\"{name}\":{},", quoted(value));
    }
    let _ = write!(text, "\"taken_at\":{},\n\"resources\":[", Raw::of(&now).0);
    for (place, (resource, listed)) in read.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let (path, name, key) = (quoted(&resource.path), quoted(&resource.name), quoted(&resource.key));
        let _ = write!(text, "{comma}\n{{\"path\":{path},\"name\":{name},\"key\":{key},");
        match listed {
            Err(problem) => {
                let _ = write!(text, "\"unread\":{}}}", Raw::of(problem).0);
            }
            Ok(rows) => {
                text.push_str("\"rows\":[");
                for (place, row) in rows.iter().enumerate() {
                    text.push_str(if place == 0 { "\n" } else { ",\n" });
                    text.push_str(&masked(row).0);
                }
                text.push_str("]}");
            }
        }
    }
    text.push_str("\n]\n}\n");
    text
}

/// The row without its secret values; one that has none stays as it came, letter by letter.
fn masked(row: &Raw) -> Raw {
    match Fields::read(row) {
        Ok(fields) if fields.iter().any(|(name, value)| is_secret(name) && !is_nothing(value)) => {
            shown(&fields, KEPT).raw()
        }
        Ok(_) | Err(_) => row.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_snapshot_is_refused_without_repeating_it() {
        let check = |text: &str, words: &str| {
            let failure = Snapshot::read(text).unwrap_err();
            assert_eq!((failure.why().reason, failure.why().words.as_str()), (Reason::NotUsable, words), "{text}");
        };
        check("", "line 1, column 0");
        check("{\"frontdesk_snapshot\":1}", "line 1, column 24");
        check("[\"ひみつ\"]", "line 1, column 12");
        let later = r#"{"frontdesk_snapshot":2,"connection":"x","system":"s","address":"a","taken_at":"2026-10-14T00:00:00Z","resources":[]}"#;
        check(later, "frontdesk_snapshot 2");
    }

    #[test]
    fn a_row_without_secrets_stays_letter_by_letter() {
        let plain = Raw(r#"{ "b":1.50,"a":"\u3042" , "番号":1564831284702237059123}"#.to_owned());
        assert_eq!(masked(&plain), plain);
        let secret = Raw(r#"{ "ID":"1" ,"パスワード":"ひらけごま","PW":""}"#.to_owned());
        assert_eq!(masked(&secret).0, r#"{"ID":"1","パスワード":{"$secret":"kept"},"PW":""}"#);
    }
}
