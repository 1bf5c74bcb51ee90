//! The log of writes as a CSV file, newest first.

use std::path::Path;

use model::Failure;
use model::audit::{AuditDifference, AuditEntry, AuditExport};
use model::export::Exported;
use sheet::{Cell, Encoding, Table};

use crate::console::Console;
use crate::export::{WallClock, failure, moment, not_written};

/// What stands in the columns, by the names that the answers in JSON use.
const COLUMNS: [&str; 13] = [
    "number",
    "at",
    "who",
    "through",
    "connection",
    "kind",
    "subject",
    "resource",
    "key",
    "outcome",
    "detail",
    "differences",
    "hash",
];

impl Console {
    /// Writes the log to a CSV file in a folder. `wall` is the zone of the time column.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a name that is no file's; a folder or a log that gives way. No file is left then.
    pub async fn audit_export(&self, export: AuditExport, folder: &Path, wall: WallClock) -> Result<Exported, Failure> {
        let name = export.name.trim();
        let has_ending = name.to_lowercase().ends_with(".csv");
        let name = if has_ending { name.to_owned() } else { format!("{name}.csv") };
        sheet::check_name(&name).map_err(failure)?;
        let word = |code: &str| export.words.get(code).cloned().unwrap_or_else(|| code.to_owned());
        let head = COLUMNS.map(word);
        let mut table =
            Table::csv(folder, &name, Encoding::Utf8Bom, &head.each_ref().map(String::as_str)).map_err(failure)?;
        let (mut rows, mut before) = (0, None);
        loop {
            let page = self.audit_list(&export.filter, before).await?;
            rows += page.entries.len() as u64;
            let written = tokio::task::spawn_blocking({
                let words = export.words.clone();
                move || {
                    for entry in &page.entries {
                        row(&mut table, entry, |code| words.get(code).map_or(code, String::as_str), wall)?;
                    }
                    Ok::<_, sheet::Error>((table, page.next))
                }
            });
            (table, before) = written.await.map_err(|_| not_written())?.map_err(failure)?;
            if before.is_none() {
                break;
            }
        }
        let finished = tokio::task::spawn_blocking(move || table.finish()).await.map_err(|_| not_written())?;
        let written = finished.map_err(failure)?;
        Ok(Exported { rows, file: written.path.display().to_string(), replaced: written.replaced })
    }
}

fn row<'a>(
    table: &mut Table,
    entry: &'a AuditEntry,
    word: impl Fn(&'static str) -> &'a str,
    wall: WallClock,
) -> Result<(), sheet::Error> {
    let deed = &entry.deed;
    let differences: Vec<String> = entry.differences.iter().map(difference).collect();
    let (number, differences) = (entry.number.to_string(), differences.join("; "));
    table.row(&[
        u32::try_from(entry.number).map_or(Cell::Text(&number), Cell::Number),
        Cell::Moment(moment(wall(entry.at))),
        Cell::Text(&entry.who),
        Cell::Text(word(entry.through.code())),
        Cell::Text(&deed.connection_name),
        Cell::Text(word(deed.kind.code())),
        Cell::Text(&deed.subject),
        Cell::Text(deed.resource.as_deref().unwrap_or_default()),
        Cell::Text(deed.key.as_deref().unwrap_or_default()),
        Cell::Text(entry.outcome.map_or("", |it| word(it.code()))),
        Cell::Text(&entry.detail),
        Cell::Text(&differences),
        Cell::Text(&entry.hash),
    ])
}

fn difference(it: &AuditDifference) -> String {
    let side = |value: &Option<String>| value.clone().unwrap_or_default();
    format!("{}: {} → {}", it.field, side(&it.before), side(&it.after))
}
