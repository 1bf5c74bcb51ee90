//! What the computer lets the program do outside its windows, and what follows for the main window: whether closing it hides it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::desk::Reach;
use tauri::async_runtime::spawn;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::watch;

use crate::windows;

/// How long a hidden window waits for a panel that comes later, as at log-in, or begins anew.
const COMES_LATER: Duration = Duration::from_secs(10);

/// What is known of it.
#[derive(Default)]
pub(crate) struct Outside {
    reach: watch::Sender<Reach>,
    closes_to_tray: AtomicBool,
}

/// Tells a window how it is, now and whenever it changes.
pub(crate) fn follow(app: &AppHandle, channel: Channel<Reach>) {
    let mut reach = app.state::<Outside>().reach.subscribe();
    spawn(async move {
        loop {
            let now = reach.borrow_and_update().clone();
            if channel.send(now).is_err() || reach.changed().await.is_err() {
                return;
            }
        }
    });
}

/// Notes what changed of it.
pub(crate) fn note(app: &AppHandle, change: impl FnOnce(&mut Reach)) {
    app.state::<Outside>().reach.send_if_modified(|reach| {
        let before = reach.clone();
        change(reach);
        *reach != before
    });
}

/// Notes whether a person wants the main window in the tray when they close it.
pub(crate) fn close_to_tray(app: &AppHandle, is_wanted: bool) {
    app.state::<Outside>().closes_to_tray.store(is_wanted, Ordering::Release);
}

/// Whether the main window is hidden when it is closed: only where an icon brings it back.
pub(crate) fn hides_on_close(app: &AppHandle) -> bool {
    let outside = app.state::<Outside>();
    outside.closes_to_tray.load(Ordering::Acquire) && outside.reach.borrow().has_tray
}

/// Brings a hidden main window back where no icon can any more.
pub(crate) async fn never_lost(app: AppHandle) {
    let mut reach = app.state::<Outside>().reach.subscribe();
    loop {
        if reach.wait_for(|it| !it.has_tray).await.is_err() {
            return;
        }
        let is_back = tokio::time::timeout(COMES_LATER, reach.wait_for(|it| it.has_tray)).await.is_ok();
        if !is_back {
            windows::unhide(&app);
            if reach.wait_for(|it| it.has_tray).await.is_err() {
                return;
            }
        }
    }
}
