//! Files that the window asks for: one export at a time, which can be cancelled, and what this run has written.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::Console;
use model::audit::AuditExport;
use model::bulk::BulkExport;
use model::customer_table::CustomerExport;
use model::export::{CallExport, ExportProgress, Exported};
use model::room_report::RoomExport;
use model::snapshot::SnapshotSaved;
use model::{CallId, ConnectionId, Failure, Reason, Why};
use tauri::ipc::Channel;

use crate::error::Result;

/// The state of the shell's files.
#[derive(Default)]
pub(crate) struct Exports {
    running: Mutex<Option<Arc<AtomicBool>>>,
    written: Mutex<Vec<PathBuf>>,
}

/// Frees the place of the running export, however it ends.
struct Place<'a>(&'a Exports);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(&self.0.running).take();
    }
}

impl Exports {
    /// The folder that files go into.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        Ok(shell::export_dir()?)
    }

    /// Writes calls to a file and tells how far it is.
    pub(crate) async fn calls(
        &self,
        console: &Console,
        export: CallExport,
        channel: Channel<ExportProgress>,
    ) -> Result<Option<Exported>> {
        let cancelled = Arc::new(AtomicBool::new(false));
        {
            let mut running = lock(&self.running);
            if running.is_some() {
                return Err(Failure::invalid(Reason::StillWriting, "").into());
            }
            *running = Some(cancelled.clone());
        }
        let _place = Place(self);
        let folder = self.made()?;
        // A window that is gone needs no telling.
        let told = move |progress| drop(channel.send(progress));
        let exported = console.calls_export(export, &folder, shell::wall_clock, told, cancelled).await?;
        lock(&self.written).extend(exported.iter().map(|it| PathBuf::from(&it.file)));
        Ok(exported)
    }

    /// Writes the log of writes to a file.
    pub(crate) async fn audit(&self, console: &Console, export: AuditExport) -> Result<Exported> {
        let exported = console.audit_export(export, &self.made()?, shell::wall_clock).await?;
        lock(&self.written).push(PathBuf::from(&exported.file));
        Ok(exported)
    }

    /// Writes the rows of a plan of many messages to a file.
    pub(crate) async fn bulk(&self, console: &Console, export: BulkExport) -> Result<Exported> {
        let exported = console.bulk_export(export, &self.made()?, shell::wall_clock).await?;
        lock(&self.written).push(PathBuf::from(&exported.file));
        Ok(exported)
    }

    /// Writes customers to a file.
    pub(crate) async fn customers(&self, console: &Console, export: CustomerExport) -> Result<Exported> {
        let exported = console.customers_export(export, &self.made()?).await?;
        lock(&self.written).push(PathBuf::from(&exported.file));
        Ok(exported)
    }

    /// Writes bookings or a report of rooms to a file.
    pub(crate) async fn rooms(&self, console: &Console, export: RoomExport) -> Result<Exported> {
        let exported = console.rooms_export(export, &self.made()?).await?;
        lock(&self.written).push(PathBuf::from(&exported.file));
        Ok(exported)
    }

    /// Writes every administration record of a connection to a file.
    pub(crate) async fn snapshot(&self, console: &Console, id: &ConnectionId, name: &str) -> Result<SnapshotSaved> {
        let saved = console.snapshot_save(id, &self.made()?, name).await?;
        lock(&self.written).push(PathBuf::from(&saved.file));
        Ok(saved)
    }

    /// Writes what is said of rooms to a file.
    pub(crate) async fn room_overlays(&self, console: &Console, name: &str) -> Result<Exported> {
        let exported = console.room_overlays_export(name, &self.made()?).await?;
        lock(&self.written).push(PathBuf::from(&exported.file));
        Ok(exported)
    }

    /// The folder, made where it is not there.
    fn made(&self) -> Result<PathBuf> {
        let folder = self.folder()?;
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failure::Refused(Why::new(Reason::FileNotWritten, error.kind().to_string())))?;
        Ok(folder)
    }

    /// Ends the running export without a file.
    pub(crate) fn cancel(&self) {
        if let Some(cancelled) = lock(&self.running).as_ref() {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Shows a file in the file manager, if this run has written it.
    pub(crate) fn show(&self, file: &str) -> Result<()> {
        let written = lock(&self.written).iter().find(|it| it.as_os_str() == file).cloned();
        let file = written.ok_or_else(|| Failure::invalid(Reason::NoSuchThing, file))?;
        Ok(shell::show_in_folder(&file)?)
    }

    /// Fetches the first recording of a call and keeps it as a file.
    pub(crate) async fn recording(&self, console: &Console, id: &CallId) -> Result<String> {
        let all = console.recordings_of(id).await?;
        let first = all.first().ok_or_else(|| Failure::Refused(Why::new(Reason::NotFound, "recording")))?;
        let sound = console.recording_content(id, first).await?;
        let call = console.call_show(id).await?.call;
        let begun = call
            .started_at
            .map_or_else(String::new, |it| format!(" {}", shell::wall_clock(it).format("%Y-%m-%d %H.%M.%S")));
        let ending = if first.content_type.contains("wav") { "wav" } else { "mp3" };
        let path = shell::write_new(&self.folder()?, &format!("Recording{begun}"), ending, &sound)?;
        let shown = path.display().to_string();
        lock(&self.written).push(path);
        Ok(shown)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
