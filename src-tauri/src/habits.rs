//! What the program does around its windows: it follows the console that the windows work on, and draws the tray icon.

use futures::StreamExt;
use model::desk::Settings;
use model::event::{Event, Table};
use model::glance::Glance;
use shell::Words;
use tauri::AppHandle;
use tauri::async_runtime::spawn;
use tauri_plugin_autostart::ManagerExt;

use crate::desk::Desk;
use crate::hotkeys;
use crate::tray::{self, Tray};
use crate::{reach, tray_place, windows};

/// Begins, once the main window has painted: nothing here may make anybody wait.
pub(crate) fn start(app: &AppHandle, desk: &Desk, is_hidden: bool, is_usual: bool) {
    let (app, desk) = (app.clone(), desk.clone());
    spawn(async move {
        if !is_hidden {
            desk.until_painted().await;
        }
        let tray = make_tray(&app);
        if tray.is_some() {
            let told = app.clone();
            spawn(tray_place::follow(move |is_shown| reach::note(&told, |it| it.has_tray = is_shown)));
            spawn(reach::never_lost(app.clone()));
        } else {
            windows::unhide(&app);
        }
        Habits { app, is_usual, tray, starts: None, glance: Glance::default(), words: Words::of("") }
            .follow(&desk)
            .await;
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
    /// Whether this is the console that starts with the computer.
    is_usual: bool,
    tray: Option<Tray>,
    /// Whether it was last set to start with the computer; `None` before that.
    starts: Option<bool>,
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
                            self.apply(desk, &settings).await;
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

    /// Does as the settings say.
    async fn apply(&mut self, desk: &Desk, settings: &Settings) {
        hotkeys::apply(&self.app, &settings.keys);
        reach::close_to_tray(&self.app, settings.close_to_tray);
        // What is set in the demo stays there. Other settings change, and snapshots come, many times a day.
        if self.is_usual && self.starts != Some(settings.start_hidden) && !desk.is_demo().await {
            self.starts = Some(settings.start_hidden);
            let outcome = start_with_computer(&self.app, settings.start_hidden);
            reach::note(&self.app, |it| it.is_start_refused = outcome.is_err());
            if let Err(error) = outcome {
                tracing::warn!(%error, "whether the program starts with the computer could not be set");
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

fn start_with_computer(app: &AppHandle, is_wanted: bool) -> Result<(), tauri_plugin_autostart::Error> {
    let manager = app.autolaunch();
    match (is_wanted, manager.is_enabled()?) {
        // Anew also where it is set: the program may lie elsewhere by now.
        (true, _) => manager.enable(),
        (false, true) => manager.disable(),
        (false, false) => Ok(()),
    }
}
