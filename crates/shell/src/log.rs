//! The log: what happened, one file a day in the data folder, never a token, a body, a telephone number or a name.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// How many days of log are kept.
const DAYS: usize = 7;

/// Starts the log in `dir/logs`. What is still to be written is written when the guard is dropped; `None` where the folder cannot
/// be written, and then nothing is logged.
///
/// Only our own crates are heard: libraries write addresses and headers that are nobody's business.
#[must_use]
pub fn start(dir: &Path) -> Option<WorkerGuard> {
    let folder = dir.join("logs");
    std::fs::create_dir_all(&folder).ok()?;
    let file = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("frontdesk")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let ours = [
        "engine",
        "rest",
        "store",
        "shell",
        "frontdesk",
        "chat_and_messenger",
        "rocket_chat",
        "smart_connect",
        "ring_central",
    ];
    let filter = EnvFilter::new(ours.map(|name| format!("{name}=info")).join(","));
    tracing_subscriber::fmt().with_writer(writer).with_env_filter(filter).with_ansi(false).try_init().ok()?;
    Some(guard)
}
