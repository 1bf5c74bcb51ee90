//! Lists of calls written to files: page by page, by key, with a memory that does not grow with the list.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use chrono::{Datelike, NaiveDateTime, Timelike};
use model::call::{Call, CallFilter, CallPerson, Direction, Outcome, Party, Role};
use model::export::{CallColumn, CallExport, ExportProgress, Exported, FileFormat, TextEncoding};
use model::{ConnectionId, Failure, Reason, Time, Why};
use sheet::{Cell, Encoding, Moment, Table};
use store::calls::PageRows;

use crate::console::Console;

/// Rows read at a time.
const PAGE: u32 = 2_000;
/// Digits of a hidden number that stay.
const LEFT_OF_A_NUMBER: usize = 4;
/// Fewer digits than this are no telephone number.
const SHORTEST_NUMBER: usize = 5;

/// What a clock on the wall of this computer shows at an instant.
pub type WallClock = fn(Time) -> NaiveDateTime;

impl Console {
    /// Writes calls to a file in a folder, newest first; `None` where `cancelled` was set meanwhile, and then no file is left.
    /// `wall` is the zone of the time column. Calls that arrive meanwhile make no row skip or repeat.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for no column or a name that is no file's, before anything is written; a folder or a cache that gives
    /// way.
    pub async fn calls_export(
        &self,
        export: CallExport,
        folder: &Path,
        wall: WallClock,
        progress: impl FnMut(ExportProgress) + Send,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Option<Exported>, Failure> {
        let names = self.connection_names().await?;
        let (sender, pages) = sync_channel::<Vec<Call>>(2);
        let mut table = table(&export, folder)?;
        let (filter, writer) = (export.filter.clone(), Writer { export, names, wall });
        // The disk has a thread of its own, so that reading and writing overlap.
        let writing = tokio::task::spawn_blocking(move || {
            for calls in pages {
                writer.page(&mut table, &calls)?;
            }
            Ok::<_, sheet::Error>(table)
        });
        let outcome = self.hand_on(&filter, sender, progress, &cancelled).await;
        let table = writing.await.map_err(|_| not_written())?.map_err(failure)?;
        let Some(rows) = outcome?.filter(|_| !cancelled.load(Ordering::Relaxed)) else {
            return Ok(None);
        };
        let finished = tokio::task::spawn_blocking(move || table.finish()).await.map_err(|_| not_written())?;
        let written = finished.map_err(failure)?;
        Ok(Some(Exported { rows, file: written.path.display().to_string(), replaced: written.replaced }))
    }

    /// Reads the list and sends it page by page; how many calls, or `None` where it was cancelled.
    async fn hand_on(
        &self,
        filter: &CallFilter,
        sender: SyncSender<Vec<Call>>,
        mut progress: impl FnMut(ExportProgress) + Send,
        cancelled: &AtomicBool,
    ) -> Result<Option<u64>, Failure> {
        let mut rows = 0;
        let mut page = Some(self.page_rows(filter, None).await?);
        while let Some(this) = page.take() {
            if cancelled.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let (total, next) = (this.total, this.next.clone());
            // Another reader is at the next page while this one's people and customers are looked up.
            let following = async {
                match next {
                    Some(next) => self.page_rows(filter, Some(next)).await.map(Some),
                    None => Ok(None),
                }
            };
            let joined = self.0.store.read(move |r| store::calls::page_calls(r, this));
            let (calls, following) = tokio::join!(joined, following);
            let (calls, sender) = (calls?, sender.clone());
            rows += calls.len() as u64;
            if !tokio::task::spawn_blocking(move || sender.send(calls).is_ok()).await.unwrap_or(false) {
                // Whoever writes says why it stopped.
                break;
            }
            progress(ExportProgress { rows, total: total.max(rows) });
            page = following?;
        }
        Ok(Some(rows))
    }

    async fn page_rows(&self, filter: &CallFilter, after: Option<String>) -> Result<PageRows, Failure> {
        let filter = filter.clone();
        self.0.store.read(move |r| store::calls::page_rows(r, &filter, after.as_deref(), PAGE)).await
    }

    pub(crate) async fn connection_names(&self) -> Result<HashMap<ConnectionId, String>, Failure> {
        let all = self.0.store.read(store::connections::all).await?;
        Ok(all.into_iter().map(|it| (it.id, it.name)).collect())
    }
}

fn table(export: &CallExport, folder: &Path) -> Result<Table, Failure> {
    if export.columns.is_empty() {
        return Err(Failure::invalid(Reason::Missing, "columns"));
    }
    let head: Vec<&str> = export.columns.iter().map(|it| it.heading.as_str()).collect();
    new_table(export.format, export.encoding, &export.name, folder, &head)
}

/// A table in a new file; the name's ending is added where it is missing.
pub(crate) fn new_table(
    format: FileFormat,
    encoding: TextEncoding,
    name: &str,
    folder: &Path,
    head: &[&str],
) -> Result<Table, Failure> {
    let name = name.trim();
    let ending = match format {
        FileFormat::Csv => ".csv",
        FileFormat::Xlsx => ".xlsx",
    };
    sheet::check_name(name).map_err(failure)?;
    let has_ending = name.to_lowercase().ends_with(ending);
    let name = if has_ending { name.to_owned() } else { format!("{name}{ending}") };
    let encoding = match encoding {
        TextEncoding::Utf8Bom => Encoding::Utf8Bom,
        TextEncoding::Utf8 => Encoding::Utf8,
        TextEncoding::Cp932 => Encoding::Cp932,
    };
    let table = match format {
        FileFormat::Csv => Table::csv(folder, &name, encoding, head),
        FileFormat::Xlsx => Table::xlsx(folder, &name, head),
    };
    table.map_err(failure)
}

/// How a file that was not written is told.
pub(crate) fn failure(error: sheet::Error) -> Failure {
    match error {
        sheet::Error::Name => Failure::invalid(Reason::NotUsable, "name"),
        sheet::Error::Io(error) => Failure::Refused(Why::new(Reason::FileNotWritten, error.kind().to_string())),
    }
}

/// Whoever wrote the file is gone.
pub(crate) fn not_written() -> Failure {
    Failure::Refused(Why::new(Reason::FileNotWritten, ""))
}

/// Makes rows of calls.
struct Writer {
    export: CallExport,
    names: HashMap<ConnectionId, String>,
    wall: WallClock,
}

impl Writer {
    fn page(&self, table: &mut Table, calls: &[Call]) -> Result<(), sheet::Error> {
        let columns: Vec<CallColumn> = self.export.columns.iter().map(|it| it.column).collect();
        let mut texts = vec![String::new(); columns.len()];
        for call in calls {
            for (column, text) in columns.iter().zip(&mut texts) {
                text.clear();
                self.text(call, *column, text);
            }
            let cells = columns.iter().zip(&texts).map(|(column, text)| self.cell(call, *column, text));
            table.row(&cells.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn cell<'a>(&self, call: &Call, column: CallColumn, text: &'a str) -> Cell<'a> {
        match column {
            CallColumn::Time => call.started_at.map_or(Cell::Empty, |time| Cell::Moment(moment((self.wall)(time)))),
            CallColumn::Seconds => call.duration_seconds.map_or(Cell::Empty, Cell::Number),
            CallColumn::Outcome
            | CallColumn::Direction
            | CallColumn::Connections
            | CallColumn::Caller
            | CallColumn::Company
            | CallColumn::Number
            | CallColumn::International
            | CallColumn::Line
            | CallColumn::Spoke
            | CallColumn::Rang
            | CallColumn::Note
            | CallColumn::Id => Cell::Text(text),
        }
    }

    fn text(&self, call: &Call, column: CallColumn, into: &mut String) {
        let outside = outside(call);
        let customer = call.customer.as_ref();
        match column {
            CallColumn::Time | CallColumn::Seconds => {}
            CallColumn::Outcome => into.push_str(self.word(outcome(call.outcome))),
            CallColumn::Direction => into.push_str(self.word(direction(call.direction))),
            CallColumn::Connections => {
                let all = std::iter::once(&call.connection).chain(call.same.iter().map(|it| &it.connection));
                join(into, all.map(|id| self.names.get(id).map_or(id.as_str(), String::as_str)));
            }
            CallColumn::Caller => match customer {
                Some(customer) => into.push_str(&customer.name),
                None => self.number(outside.name.as_deref().unwrap_or_default(), into),
            },
            CallColumn::Company => into.push_str(customer.and_then(|it| it.company.as_deref()).unwrap_or_default()),
            CallColumn::Number if outside.shown.is_empty() => self.number(&outside.raw, into),
            CallColumn::Number => self.number(&outside.shown, into),
            CallColumn::International => self.number(outside.e164.as_deref().unwrap_or_default(), into),
            CallColumn::Line => into.push_str(call.line.as_deref().unwrap_or_default()),
            CallColumn::Spoke => join(into, people(&call.people, Role::Spoke)),
            CallColumn::Rang => join(into, people(&call.people, Role::Rang)),
            CallColumn::Note => into.push_str(call.note.as_deref().unwrap_or_default()),
            CallColumn::Id => into.push_str(call.id.as_str()),
        }
    }

    fn word(&self, code: &'static str) -> &str {
        self.export.words.get(code).map_or(code, String::as_str)
    }

    /// Text with an outside number in it, hidden where that is asked for.
    fn number(&self, text: &str, into: &mut String) {
        let digits = text.chars().filter(|c| is_digit(*c)).count();
        if !self.export.hides_numbers || digits < SHORTEST_NUMBER {
            into.push_str(text);
            return;
        }
        let mut hidden = digits - LEFT_OF_A_NUMBER;
        into.extend(text.chars().map(|c| {
            let is_hidden = is_digit(c) && hidden > 0;
            hidden -= usize::from(is_hidden);
            if is_hidden { '*' } else { c }
        }));
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn outside(call: &Call) -> &Party {
    match call.direction {
        Direction::Inbound | Direction::Unknown => &call.from,
        Direction::Outbound => &call.to,
    }
}

fn people(all: &[CallPerson], role: Role) -> impl Iterator<Item = &str> {
    all.iter().filter(move |it| it.role == role).map(|it| it.name.as_str())
}

fn join<'a>(into: &mut String, words: impl Iterator<Item = &'a str>) {
    for (place, word) in words.enumerate() {
        into.push_str(if place == 0 { "" } else { ", " });
        into.push_str(word);
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ringing => "ringing",
        Outcome::Answered => "answered",
        Outcome::Missed => "missed",
        Outcome::Voicemail => "voicemail",
        Outcome::Refused => "refused",
        Outcome::Failed => "failed",
        Outcome::Unknown => "unknown",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
        Direction::Unknown => "unknown",
    }
}

/// A cell with a time.
pub(crate) fn moment(wall: NaiveDateTime) -> Moment {
    Moment {
        year: wall.year(),
        month: wall.month(),
        day: wall.day(),
        hour: wall.hour(),
        minute: wall.minute(),
        second: wall.second(),
    }
}
