//! Keys that work from any program: one goes into the window that shows who rings, one looks up the number that was copied last. Which
//! they are is a setting.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::desk::{Go, KeySettings, KeyStanding};
use model::phone;
use tauri::async_runtime::{JoinHandle, spawn, spawn_blocking};
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{Builder, GlobalShortcutExt, Shortcut, ShortcutState};

use crate::desk::Desk;
use crate::{popup, reach, windows};

/// Between two tries to get a key that is taken.
const PAUSE: Duration = Duration::from_secs(3);

/// What a key does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    EnterPopup,
    LookUp,
}

/// The keys that the program has or wants.
pub(crate) struct HotKeys {
    state: Mutex<State>,
    /// Whose turn it is to take keys and give them back. The main thread, which does it, never waits for a turn.
    turn: Mutex<()>,
}

#[derive(Default)]
struct State {
    wanted: KeySettings,
    is_possible: bool,
    had: Vec<(Deed, Shortcut)>,
    again: Option<JoinHandle<()>>,
}

/// Makes ready for them. Where the desktop has none, the program works without.
pub(crate) fn prepare(app: &AppHandle) {
    let plugin = Builder::new()
        .with_handler(|app, key, event| {
            if event.state() == ShortcutState::Pressed {
                pressed(app, key);
            }
        })
        .build();
    let is_possible = app.plugin(plugin).inspect_err(|error| {
        tracing::warn!(%error, "there are no keys that work from any program");
    });
    let none = KeySettings { enter_popup: String::new(), look_up: String::new() };
    let state = State { is_possible: is_possible.is_ok(), wanted: none, ..State::default() };
    app.manage(HotKeys { state: Mutex::new(state), turn: Mutex::default() });
}

/// Takes the keys that are wanted, and gives back those that are not.
pub(crate) fn apply(app: &AppHandle, wanted: &KeySettings) {
    let keys = app.state::<HotKeys>();
    let turn = keys.turn();
    {
        let mut state = keys.state();
        if state.wanted == *wanted {
            return;
        }
        state.wanted = wanted.clone();
        if let Some(again) = state.again.take() {
            again.abort();
        }
    }
    // Not under the lock: the main thread does it, and may be where a key was just pressed.
    let had = std::mem::take(&mut keys.state().had);
    for (_, key) in had {
        if let Err(error) = app.global_shortcut().unregister(key) {
            tracing::warn!(%error, "a key that works from any program was not given back");
        }
    }
    drop(turn);
    if !take(app) {
        let again = spawn(take_again(app.clone()));
        keys.state().again = Some(again);
    }
}

/// Takes what is wanted and not there yet. Whether that is all.
fn take(app: &AppHandle) -> bool {
    let keys = app.state::<HotKeys>();
    let _turn = keys.turn();
    let (wanted, is_possible) = {
        let state = keys.state();
        (state.wanted.clone(), state.is_possible)
    };
    let get = |deed: Deed, text: &str| {
        let Ok(key) = text.parse::<Shortcut>() else { return KeyStanding::Off };
        if !is_possible {
            return KeyStanding::Impossible;
        }
        if keys.state().had.iter().any(|(it, _)| *it == deed) {
            return KeyStanding::Works;
        }
        match app.global_shortcut().register(key) {
            Ok(()) => {
                keys.state().had.push((deed, key));
                KeyStanding::Works
            }
            Err(error) => {
                tracing::debug!(%error, "a key that works from any program is taken");
                KeyStanding::Taken
            }
        }
    };
    let (enter_popup, look_up) = (get(Deed::EnterPopup, &wanted.enter_popup), get(Deed::LookUp, &wanted.look_up));
    reach::note(app, |it| (it.enter_popup, it.look_up) = (enter_popup, look_up));
    enter_popup != KeyStanding::Taken && look_up != KeyStanding::Taken
}

/// Tries again now and then: the program that has the key may end, such as another desk of ours.
async fn take_again(app: AppHandle) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if take(&app) {
            return;
        }
    }
}

fn pressed(app: &AppHandle, key: &Shortcut) {
    let deed = app.state::<HotKeys>().state().had.iter().find(|(_, it)| it == key).map(|(deed, _)| *deed);
    match deed {
        Some(Deed::EnterPopup) => {
            if let Err(error) = popup::enter(app) {
                tracing::warn!(%error, "the keyboard could not go to the window that shows who rings");
            }
        }
        Some(Deed::LookUp) => drop(spawn(look_up(app.clone()))),
        None => {}
    }
}

/// Shows the calls of the number that was copied last. What else was copied is looked at here only, and forgotten.
async fn look_up(app: AppHandle) {
    // Whoever has the text hands it over when asked, which may take a while.
    let copied = spawn_blocking(|| arboard::Clipboard::new().and_then(|mut it| it.get_text())).await;
    let number = copied.ok().and_then(Result::ok).and_then(|text: String| phone::find(&text));
    app.state::<Desk>().go(number.map_or(Go::NoNumber, |number| Go::Number { number }));
    windows::show(&app);
}

impl HotKeys {
    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
