//! The window that shows who rings never takes the keyboard: whoever types goes on typing.

use serde_json::json;
use simulators::{RING_CENTRAL, Ring, SMART_CONNECT};

use crate::desk::Desk;
use crate::screen::{ALT, CONTROL, ESCAPE, Screen};
use crate::window::Window;

const WIDTH: u16 = 420;
const HEIGHT: u16 = 260;
/// Between it and the edges of the screen.
const MARGIN: u16 = 16;
/// What each further call adds.
const STRIP: u16 = 52;

async fn field(window: &Window) -> String {
    let value = window.run("return document.activeElement?.value ?? '';", json!([])).await;
    value.as_str().unwrap_or_default().to_owned()
}

async fn field_is(window: &Window, expected: &str) {
    let begun = std::time::Instant::now();
    while field(window).await != expected {
        assert!(begun.elapsed() < crate::driver::PATIENCE, "the field holds {:?}", field(window).await);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn who_rings_is_shown_and_the_keyboard_stays_where_it_is() {
    let desk = Desk::new("popup").await;
    let window = desk.open_connected().await;
    let mut settings = window.command("settings_get", json!({})).await;
    settings["popup"]["seconds"] = json!(3);
    window.command("settings_set", json!({ "settings": settings })).await;
    window.has("link", "SmartConnect: Live").await;
    window.has("link", "RingCentral: Live").await;

    let screen = Screen::open();
    window.run("document.querySelector('[type=search]').focus();", json!([])).await;
    screen.types("ab");
    field_is(&window, "ab").await;

    let first = desk.office.ring(Ring { system: RING_CENTRAL, from: "0355509998".to_owned(), line: None });
    let popup = screen.sees(WIDTH, HEIGHT).await;
    screen.types("cd");
    field_is(&window, "abcd").await;
    assert!(!screen.has_keyboard(popup));

    let second = desk.office.ring(Ring { system: SMART_CONNECT, from: "0355509997".to_owned(), line: None });
    screen.sees(WIDTH, HEIGHT + STRIP).await;
    screen.types("e");
    field_is(&window, "abcde").await;

    // Only who asks for it goes there, and comes back.
    screen.press_until_keyboard_is_at(&[CONTROL, ALT, u32::from('p')], popup).await;
    screen.press(&[ESCAPE]);
    screen.keyboard_is_at(popup, false).await;
    screen.sees(WIDTH, HEIGHT + STRIP).await;

    // Both are over, and some seconds later nothing is left of them.
    desk.office.hang_up(&first);
    desk.office.hang_up(&second);
    screen.misses(WIDTH, HEIGHT + STRIP).await;
    screen.misses(WIDTH, HEIGHT).await;
    screen.types("f");
    field_is(&window, "abcdef").await;
    window.close().await;
}

/// Waits until the program remembers this corner.
async fn corner_is(window: &Window, expected: &str) {
    let begun = std::time::Instant::now();
    loop {
        let corner = window.command("settings_get", json!({})).await["popup"]["corner"].clone();
        if corner == expected {
            return;
        }
        assert!(begun.elapsed() < crate::driver::PATIENCE, "the corner is {corner}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display: cargo xtask test"]
async fn it_comes_in_its_corner_and_only_a_person_gives_it_another() {
    let desk = Desk::new("corner").await;
    let window = desk.open_connected().await;
    let mut settings = window.command("settings_get", json!({})).await;
    settings["popup"]["seconds"] = json!(3);
    window.command("settings_set", json!({ "settings": settings })).await;
    window.has("link", "RingCentral: Live").await;
    let screen = Screen::open();
    let (width, height) = screen.size();
    let ring = || desk.office.ring(Ring { system: RING_CENTRAL, from: "0355509998".to_owned(), line: None });

    // However often it comes and goes, it is where it was wanted, and nothing else is remembered.
    let (right, bottom) = (width - WIDTH - MARGIN, height - HEIGHT - MARGIN);
    for _ in 0..3 {
        let call = ring();
        let popup = screen.sees(WIDTH, HEIGHT).await;
        screen.is_placed(popup, (right.cast_signed(), bottom.cast_signed())).await;
        desk.office.hang_up(&call);
        screen.misses(WIDTH, HEIGHT).await;
    }
    corner_is(&window, "bottom_right").await;

    let call = ring();
    let popup = screen.sees(WIDTH, HEIGHT).await;
    screen.is_placed(popup, (right.cast_signed(), bottom.cast_signed())).await;
    screen.drag(popup, (200, 20), (-right.cast_signed() / 2 - 200, -bottom.cast_signed() / 2 - 120)).await;
    corner_is(&window, "top_left").await;
    desk.office.hang_up(&call);
    screen.misses(WIDTH, HEIGHT).await;

    // It comes there from now on.
    ring();
    let popup = screen.sees(WIDTH, HEIGHT).await;
    screen.is_placed(popup, (MARGIN.cast_signed(), MARGIN.cast_signed())).await;
    window.close().await;
}
