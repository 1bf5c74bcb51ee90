//! What the program does around its windows: it follows the console that the windows work on, and draws the tray icon.

use futures::StreamExt;
use model::event::{Event, Table};
use model::glance::Glance;
use shell::Words;
use tauri::AppHandle;
use tauri::async_runtime::spawn;

use crate::desk::Desk;
use crate::hotkeys;
use crate::tray::{self, Tray};
use crate::tray_place;

/// Begins, once the main window has painted: nothing here may make anybody wait.
pub(crate) fn start(app: &AppHandle, desk: &Desk) {
    let (app, desk) = (app.clone(), desk.clone());
    spawn(async move {
        desk.until_painted().await;
        let tray = make_tray(&app);
        spawn(tray_place::follow(|is_shown| {
            tracing::info!(is_shown, "whether this desktop shows an icon beside its clock")
        }));
        Habits { app, tray, glance: Glance::default(), words: Words::of("") }.follow(&desk).await;
    });
}

/// The icon. Where the desktop cannot draw one, the program works without.
fn make_tray(app: &AppHandle) -> Option<Tray> {
    if !tray_place::can_draw() {
        tracing::info!("this desktop has no library for an icon beside its clock");
        return None;
    }
    let made = tray::make(app, Words::of(""));
    made.inspect_err(|error| tracing::warn!(%error, "the icon beside the clock cannot be made")).ok()
}

struct Habits {
    app: AppHandle,
    tray: Option<Tray>,
    glance: Glance,
    words: Words,
}

impl Habits {
    /// Follows the console, and the next one when the windows change to it.
    async fn follow(mut self, desk: &Desk) {
        loop {
            let next = desk.next_console();
            if let Ok(console) = desk.console().await {
                let (mut glances, mut events) = (console.glances(), console.subscribe());
                tokio::pin!(next);
                loop {
                    tokio::select! {
                        () = &mut next => break,
                        Some(glance) = glances.next() => self.glance = glance,
                        Some(event) = events.next() => {
                            let is_setting = match event {
                                Event::Snapshot { .. } => true,
                                Event::Changed { tables } => tables.contains(&Table::Settings),
                                Event::Call(_) | Event::Connections { .. } => false,
                            };
                            if !is_setting {
                                continue;
                            }
                            let Ok(settings) = console.settings_get().await else { continue };
                            hotkeys::apply(&self.app, &settings.keys);
                            self.words = Words::of(&settings.language);
                        }
                    }
                    self.draw();
                }
            } else {
                next.await;
            }
        }
    }

    fn draw(&mut self) {
        let drawn = self.tray.as_mut().map(|it| it.draw(&self.glance, self.words));
        if let Some(Err(error)) = drawn {
            tracing::warn!(%error, "the icon beside the clock cannot be drawn");
        }
    }
}
