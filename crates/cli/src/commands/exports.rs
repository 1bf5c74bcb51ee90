//! `calls export`: calls written to a file, with how far it is on standard error.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::Console;
use model::export::{CallColumn, CallExport, ExportColumn, ExportProgress, Exported, FileFormat, TextEncoding};
use model::{Failure, Reason, Why};

use super::calls;
use crate::args::{Encoding, Export, Format};
use crate::output::{Output, Table};

/// The columns, with the names that the answers in JSON use where they have one.
const COLUMNS: [(CallColumn, &str); 14] = [
    (CallColumn::Time, "started_at"),
    (CallColumn::Outcome, "outcome"),
    (CallColumn::Direction, "direction"),
    (CallColumn::Connections, "connection"),
    (CallColumn::Caller, "name"),
    (CallColumn::Company, "company"),
    (CallColumn::Number, "number"),
    (CallColumn::International, "e164"),
    (CallColumn::Line, "line"),
    (CallColumn::Spoke, "spoke"),
    (CallColumn::Rang, "rang"),
    (CallColumn::Seconds, "duration_seconds"),
    (CallColumn::Note, "note"),
    (CallColumn::Id, "id"),
];

pub(crate) async fn run(console: &Console, asked: Export, output: Output) -> Result<ExitCode, Failure> {
    let (folder, name) = place(&asked.out, asked.force)?;
    let export = CallExport {
        filter: calls::filter(console, asked.filter).await?,
        format: format(asked.format),
        encoding: encoding(asked.encoding),
        name,
        hides_numbers: asked.hide_numbers,
        columns: COLUMNS.map(|(column, heading)| ExportColumn { column, heading: heading.to_owned() }).into(),
        words: BTreeMap::new(),
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            flag.store(true, Ordering::Relaxed);
        }
    });
    let mut told = 0;
    let progress = move |it: ExportProgress| {
        let tenth = it.rows * 10 / it.total.max(1);
        if tenth > told {
            told = tenth;
            output.progress(&format!("{} of {} calls", it.rows, it.total));
        }
    };
    let written = console.calls_export(export, folder, shell::wall_clock, progress, cancelled).await?;
    let Some(written) = written else {
        output.progress("Cancelled. No file was written.");
        return Ok(ExitCode::FAILURE);
    };
    let answer = put_in_place(written, &asked.out)?;
    output.answer(&answer, || Table::line(format!("{}: {} calls", answer.file, answer.rows)))
}

/// The kind of file that was asked for.
pub(super) fn format(asked: Format) -> FileFormat {
    match asked {
        Format::Csv => FileFormat::Csv,
        Format::Xlsx => FileFormat::Xlsx,
    }
}

/// The letters that were asked for.
pub(super) fn encoding(asked: Encoding) -> TextEncoding {
    match asked {
        Encoding::Utf8Bom => TextEncoding::Utf8Bom,
        Encoding::Utf8 => TextEncoding::Utf8,
        Encoding::Cp932 => TextEncoding::Cp932,
    }
}

/// The folder and the name of a file that is to be written; one that is there is replaced only where that was said.
///
/// # Errors
/// [`Failure::Invalid`] where it is there, or cannot be a file.
pub(super) fn place(out: &Path, replaces: bool) -> Result<(&Path, String), Failure> {
    if out.exists() && !replaces {
        return Err(Failure::invalid(Reason::NameTaken, out.display().to_string()));
    }
    let name = out.file_name().map(|it| it.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| Failure::invalid(Reason::NotUsable, "--out"))?;
    Ok((out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")), name))
}

/// Gives a file that was written the very name that was asked for.
///
/// # Errors
/// [`Failure::Refused`] where the folder does not allow it.
pub(super) fn put_in_place(written: Exported, out: &Path) -> Result<Exported, Failure> {
    if Path::new(&written.file) != out {
        let refused =
            |error: std::io::Error| Failure::Refused(Why::new(Reason::FileNotWritten, error.kind().to_string()));
        std::fs::rename(&written.file, out).map_err(refused)?;
    }
    Ok(Exported { file: out.display().to_string(), ..written })
}
