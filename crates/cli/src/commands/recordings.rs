//! `calls recording`: which recordings a call has, and the sound of the first.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use engine::Console;
use model::recording::Recording;
use model::{CallId, Failure, Reason, Why};
use serde::Serialize;

use crate::args;
use crate::output::{Output, Table, or_dash};

/// A sound that was written to a file.
#[derive(Serialize)]
struct Written<'a> {
    file: String,
    bytes: usize,
    recording: &'a Recording,
}

pub(crate) async fn run(console: &Console, asked: args::Recording, output: Output) -> Result<ExitCode, Failure> {
    let id = CallId(asked.id);
    if let Some(path) = asked.out.as_deref().filter(|path| path.exists()) {
        return Err(Failure::invalid(Reason::NameTaken, path.display().to_string()));
    }
    let all = console.recordings_of(&id).await?;
    let Some(path) = asked.out else {
        return output.answer(&all, || {
            let mut table = Table::new(["recording", "kind", "seconds"]);
            for it in &all {
                let seconds = it.duration_seconds.map_or_else(|| "–".to_owned(), |seconds| seconds.to_string());
                table.row([it.id.clone(), or_dash(Some(&it.content_type)), seconds]);
            }
            table
        });
    };
    let first = all.first().ok_or_else(|| Failure::Refused(Why::new(Reason::NotFound, "recording")))?;
    let sound = console.recording_content(&id, first).await?;
    write_new(&path, &sound)?;
    let written = Written { file: path.display().to_string(), bytes: sound.len(), recording: first };
    output.answer(&written, || Table::line(format!("{}: {} bytes", written.file, written.bytes)))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// [`Failure::Invalid`] with its name where it is there, or cannot be written.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| {
        let reason =
            if error.kind() == std::io::ErrorKind::AlreadyExists { Reason::NameTaken } else { Reason::NotUsable };
        Failure::invalid(reason, format!("{}: {}", path.display(), error.kind()))
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(wrong)?;
    file.write_all(bytes).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("call.mp3");
        write_new(&path, b"first").unwrap();
        assert_eq!(write_new(&path, b"second").unwrap_err().why().reason, Reason::NameTaken);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
    }
}
