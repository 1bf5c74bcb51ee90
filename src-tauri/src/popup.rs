//! The window that shows who rings: made beforehand, shown in a corner of a screen, and never given the keyboard unless a person asks
//! for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use model::desk::{Corner, PopupSettings};
use tauri::async_runtime::spawn;
use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
};
use tokio::sync::Notify;

use crate::desk::Desk;
use crate::windows::is_ours;

/// Its label.
pub(crate) const POPUP: &str = "popup";

/// Its width in CSS pixels; its height follows what it shows.
const WIDTH: f64 = 420.0;
/// The lowest and the highest that it becomes.
const HEIGHTS: std::ops::RangeInclusive<f64> = 260.0..=364.0;
/// Between it and the edges of the screen, in CSS pixels.
const MARGIN: f64 = 16.0;
/// Whether a person asked for it and has not left it.
static MAY_HAVE_KEYBOARD: AtomicBool = AtomicBool::new(false);
/// Whether a person moves it, or moved it since it was last put in its place.
static IS_MOVED_BY_HAND: AtomicBool = AtomicBool::new(false);
/// How often it was shown or became higher or lower.
static SHOWN: AtomicU32 = AtomicU32::new(0);
/// How often the keyboard, or its size, is asked for again, and how long the pauses are.
const INSISTENCE: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);
/// How long it lies still until its place is kept.
const STILL: Duration = Duration::from_millis(500);

/// Makes the window. It stays hidden until something rings.
pub(crate) fn make(app: &AppHandle, desk: Desk, web_data: Option<PathBuf>) -> tauri::Result<()> {
    let mut builder = WebviewWindowBuilder::new(app, POPUP, WebviewUrl::App("popup.html".into()))
        .title("Frontdesk")
        .inner_size(WIDTH, *HEIGHTS.start())
        .visible(false)
        .focused(false)
        .focusable(false)
        .accept_first_mouse(true)
        .decorations(false)
        .resizable(false)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .skip_taskbar(true)
        .on_navigation(is_ours);
    if let Some(folder) = web_data {
        builder = builder.data_directory(folder);
    }
    let window = builder.build()?;
    let moved = Arc::new(Notify::new());
    let told = moved.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Moved(_)) {
            told.notify_one();
        }
    });
    spawn(keep_place(app.clone(), desk, moved));
    Ok(())
}

/// A person takes hold of it to move it.
pub(crate) fn drag(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(POPUP) else { return Ok(()) };
    IS_MOVED_BY_HAND.store(true, Ordering::Release);
    window.start_dragging()
}

/// Keeps where somebody put it, once it lies still. A desktop moves it too, as when it comes on screen; that is nobody's wish.
async fn keep_place(app: AppHandle, desk: Desk, moved: Arc<Notify>) {
    loop {
        moved.notified().await;
        while tokio::time::timeout(STILL, moved.notified()).await.is_ok() {}
        let is_by_hand = IS_MOVED_BY_HAND.load(Ordering::Acquire);
        let Some((corner, screen)) = corner(&app).filter(|_| is_by_hand) else { continue };
        if let Err(failure) = desk.keep_popup_place(corner, screen).await {
            tracing::warn!(reason = ?failure.why().reason, "the place of the window that shows who rings was not kept");
        }
    }
}

/// Shows it in its corner, as high as what it shows. Whoever types goes on typing.
pub(crate) fn show(app: &AppHandle, settings: &PopupSettings, height: f64) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(POPUP) else { return Ok(()) };
    let height = height.clamp(*HEIGHTS.start(), *HEIGHTS.end());
    let Some(screen) = screen(&window, &settings.screen)? else { return window.show() };
    let scale = screen.scale_factor();
    let size = tauri::LogicalSize::new(WIDTH, height).to_physical::<u32>(scale);
    let at = place(settings.corner, &Area::of(&screen), size, MARGIN * scale);
    IS_MOVED_BY_HAND.store(false, Ordering::Release);
    window.set_size(size)?;
    window.set_position(at)?;
    spawn(insist_on_place(window.clone(), size, at, SHOWN.fetch_add(1, Ordering::AcqRel) + 1));
    window.show()
}

/// Asks again while a desktop leaves it as high as it was, or puts it elsewhere: it takes the size of a window that nobody may stretch
/// for fixed now and then, and gives a window that comes on screen a place of its own.
async fn insist_on_place(window: WebviewWindow, size: PhysicalSize<u32>, at: PhysicalPosition<f64>, shown: u32) {
    for _ in 0..INSISTENCE {
        tokio::time::sleep(PAUSE).await;
        let has_size = window.inner_size().is_ok_and(|it| is_about((it.width, it.height), (size.width, size.height)));
        let wanted = at.cast::<i32>();
        let is_there = window.outer_position().is_ok_and(|it| is_about((it.x, it.y), (wanted.x, wanted.y)));
        let is_over =
            has_size && is_there || IS_MOVED_BY_HAND.load(Ordering::Acquire) || SHOWN.load(Ordering::Acquire) != shown;
        if is_over || stretch(&window, size, at).is_err() {
            return;
        }
    }
}

/// Whether both are one size or place, as a screen that is scaled rounds it.
fn is_about<T: Into<i64>>(one: (T, T), other: (T, T)) -> bool {
    let is_near = |one: T, other: T| one.into().abs_diff(other.into()) <= 1;
    is_near(one.0, other.0) && is_near(one.1, other.1)
}

fn stretch(window: &WebviewWindow, size: PhysicalSize<u32>, at: PhysicalPosition<f64>) -> tauri::Result<()> {
    window.set_resizable(true)?;
    window.set_size(size)?;
    window.set_resizable(false)?;
    window.set_position(at)
}

/// Hides it.
pub(crate) fn hide(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(POPUP) else { return Ok(()) };
    MAY_HAVE_KEYBOARD.store(false, Ordering::Release);
    window.set_focusable(false)?;
    window.hide()
}

/// Gives it the keyboard, because a person asked for it. Whether it is on screen at all.
pub(crate) fn enter(app: &AppHandle) -> tauri::Result<bool> {
    let Some(window) = app.get_webview_window(POPUP) else { return Ok(false) };
    if !window.is_visible()? {
        return Ok(false);
    }
    MAY_HAVE_KEYBOARD.store(true, Ordering::Release);
    window.set_focusable(true)?;
    window.set_focus()?;
    spawn(insist(window));
    Ok(true)
}

/// Asks again while a desktop keeps the keyboard where somebody has just typed: they asked for the window after that.
async fn insist(window: WebviewWindow) {
    for _ in 0..INSISTENCE {
        tokio::time::sleep(PAUSE).await;
        let is_over = window.is_focused().unwrap_or(true) || !MAY_HAVE_KEYBOARD.load(Ordering::Acquire);
        if is_over || window.set_focus().is_err() {
            return;
        }
    }
}

/// Gives the keyboard back to whatever had it before, and stays on screen.
pub(crate) fn leave(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(POPUP) else { return Ok(()) };
    MAY_HAVE_KEYBOARD.store(false, Ordering::Release);
    window.set_focusable(false)?;
    // Only a window that goes hands the keyboard on to the one before it.
    window.hide()?;
    window.show()
}

/// Where it lies: the corner that is nearest, and the screen. `None` while it is hidden, or where nobody can tell.
fn corner(app: &AppHandle) -> Option<(Corner, String)> {
    let window = app.get_webview_window(POPUP).filter(|it| it.is_visible().unwrap_or_default())?;
    let screen = window.current_monitor().ok()??;
    let (at, size) = (window.outer_position().ok()?, window.outer_size().ok()?);
    let name = if is_main(&window, &screen) { String::new() } else { screen.name().cloned().unwrap_or_default() };
    Some((nearest(&Area::of(&screen), at, size), name))
}

fn screen(window: &WebviewWindow, name: &str) -> tauri::Result<Option<Monitor>> {
    let named =
        window.available_monitors()?.into_iter().find(|it| !name.is_empty() && it.name().is_some_and(|it| it == name));
    match named {
        Some(screen) => Ok(Some(screen)),
        None => Ok(window.primary_monitor()?.or(window.available_monitors()?.into_iter().next())),
    }
}

fn is_main(window: &WebviewWindow, screen: &Monitor) -> bool {
    window.primary_monitor().ok().flatten().is_some_and(|it| it.name() == screen.name())
}

/// The part of a screen that nothing else takes.
struct Area {
    at: PhysicalPosition<i32>,
    size: PhysicalSize<u32>,
}

impl Area {
    fn of(screen: &Monitor) -> Self {
        let area = screen.work_area();
        Self { at: area.position, size: area.size }
    }
}

fn place(corner: Corner, area: &Area, size: PhysicalSize<u32>, margin: f64) -> PhysicalPosition<f64> {
    let (left, top) = (f64::from(area.at.x) + margin, f64::from(area.at.y) + margin);
    let right = f64::from(area.at.x) + f64::from(area.size.width) - f64::from(size.width) - margin;
    let bottom = f64::from(area.at.y) + f64::from(area.size.height) - f64::from(size.height) - margin;
    let (x, y) = match corner {
        Corner::TopLeft => (left, top),
        Corner::TopRight => (right, top),
        Corner::BottomLeft => (left, bottom),
        Corner::BottomRight => (right, bottom),
    };
    // On a screen that is too small its head is seen.
    PhysicalPosition::new(x.max(f64::from(area.at.x)), y.max(f64::from(area.at.y)))
}

fn nearest(area: &Area, at: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Corner {
    let middle = |at: i32, length: u32| f64::from(at) + f64::from(length) / 2.0;
    let is_left = middle(at.x, size.width) < middle(area.at.x, area.size.width);
    let is_above = middle(at.y, size.height) < middle(area.at.y, area.size.height);
    match (is_above, is_left) {
        (true, true) => Corner::TopLeft,
        (true, false) => Corner::TopRight,
        (false, true) => Corner::BottomLeft,
        (false, false) => Corner::BottomRight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [Corner; 4] = [Corner::TopLeft, Corner::TopRight, Corner::BottomLeft, Corner::BottomRight];

    #[test]
    fn it_lies_whole_in_its_corner_and_is_found_there_again() {
        let area = Area { at: PhysicalPosition::new(-1920, 24), size: PhysicalSize::new(1920, 1056) };
        let size = PhysicalSize::new(420, 260);
        for corner in CORNERS {
            let at = place(corner, &area, size, 16.0).cast::<i32>();
            assert!(at.x >= -1920 + 16 && at.x + 420 <= -16, "{corner:?} {at:?}");
            assert!(at.y >= 24 + 16 && at.y + 260 <= 1080 - 16, "{corner:?} {at:?}");
            assert_eq!(nearest(&area, at, size), corner);
        }
    }

    #[test]
    fn on_a_screen_that_is_too_small_its_head_is_seen() {
        let area = Area { at: PhysicalPosition::new(0, 0), size: PhysicalSize::new(400, 200) };
        for corner in CORNERS {
            let at = place(corner, &area, PhysicalSize::new(420, 260), 16.0).cast::<i32>();
            assert!(at.x >= 0 && at.y >= 0, "{corner:?} {at:?}");
        }
    }
}
