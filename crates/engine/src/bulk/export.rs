//! The report of a plan as a file: every row with what became of it.

use std::collections::HashMap;
use std::path::Path;

use model::bulk::{BulkExport, BulkProblem, BulkRow};
use model::export::Exported;
use model::message::Recipient;
use model::{ConnectionId, Failure};
use sheet::{Cell, Table};

use crate::console::Console;
use crate::export::{WallClock, failure, moment, new_table, not_written};

/// Rows read at a time.
const PAGE: u32 = 2_000;
/// The columns, as they are called in JSON.
const COLUMNS: [&str; 10] = ["position", "line", "connection", "to", "name", "state", "at", "detail", "found", "text"];

impl Console {
    /// Writes the rows of a plan to a file in a folder, in their order.
    ///
    /// # Errors
    /// [`Failure::Invalid`] where there is no such plan, or for a name that is no file's; a folder or a ledger that gives way.
    pub async fn bulk_export(&self, export: BulkExport, folder: &Path, wall: WallClock) -> Result<Exported, Failure> {
        self.bulk_get(&export.bulk).await?;
        let names = self.connection_names().await?;
        let headings: Vec<String> = (0..)
            .zip(COLUMNS)
            .map(|(at, name): (usize, _)| export.headings.get(at).cloned().unwrap_or_else(|| name.to_owned()))
            .collect();
        let head: Vec<&str> = headings.iter().map(String::as_str).collect();
        let mut table = new_table(export.format, export.encoding, &export.name, folder, &head)?;
        let (mut after, mut count) = (0, 0);
        loop {
            let id = export.bulk.clone();
            let rows = self.0.store.read(move |r| store::bulk_rows::after(r, &id, after, PAGE)).await?;
            let Some(last) = rows.last() else { break };
            (after, count) = (last.position, count + rows.len() as u64);
            let writer = Writer { names: names.clone(), words: export.words.clone(), wall };
            let written = tokio::task::spawn_blocking(move || {
                rows.iter().try_for_each(|row| writer.row(&mut table, row)).map(|()| table)
            });
            table = written.await.map_err(|_| not_written())?.map_err(failure)?;
        }
        let finished = tokio::task::spawn_blocking(move || table.finish()).await.map_err(|_| not_written())?;
        let written = finished.map_err(failure)?;
        Ok(Exported { rows: count, file: written.path.display().to_string(), replaced: written.replaced })
    }
}

struct Writer {
    names: HashMap<ConnectionId, String>,
    words: std::collections::BTreeMap<String, String>,
    wall: WallClock,
}

impl Writer {
    fn row(&self, table: &mut Table, row: &BulkRow) -> Result<(), sheet::Error> {
        let connection = self.names.get(&row.connection).map_or(row.connection.as_str(), String::as_str);
        let to = match &row.to {
            Recipient::People(people) => people.join(", "),
            Recipient::Room(room) => room.clone(),
        };
        let found: Vec<String> = row.found.iter().map(|it| self.found(it)).collect();
        let (state, found) = (self.word(row.state.word()), found.join("; "));
        table.row(&[
            Cell::Number(row.position),
            row.line.map_or(Cell::Empty, Cell::Number),
            Cell::Text(connection),
            Cell::Text(&to),
            row.name.as_deref().map_or(Cell::Empty, Cell::Text),
            Cell::Text(&state),
            row.at.map_or(Cell::Empty, |at| Cell::Moment(moment((self.wall)(at)))),
            Cell::Text(&row.detail),
            Cell::Text(&found),
            Cell::Text(&row.text),
        ])
    }

    fn found(&self, it: &BulkProblem) -> String {
        let word = self.word(it.kind.word());
        if it.words.is_empty() { word } else { format!("{word} ({})", it.words) }
    }

    fn word(&self, code: &str) -> String {
        self.words.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }
}
