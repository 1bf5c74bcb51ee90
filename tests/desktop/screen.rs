//! The screen as a person has it: which windows are seen, which one has the keyboard, and keys that go wherever the keyboard is.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    MOTION_NOTIFY_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::driver::PATIENCE;

/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// After this time a person would press once more.
const AGAIN: Duration = Duration::from_secs(4);

/// How far a hand moves while it waits for a window to follow.
const WIGGLE: i16 = 6;

/// Key symbols as X names them.
pub(crate) const CONTROL: u32 = 0xffe3;
pub(crate) const ALT: u32 = 0xffe9;
pub(crate) const ESCAPE: u32 = 0xff1b;

/// A connection to the display of the test.
pub(crate) struct Screen {
    x: RustConnection,
    root: Window,
}

impl Screen {
    pub(crate) fn open() -> Self {
        let (x, number) = RustConnection::connect(None).expect("the test has a display");
        let root = x.setup().roots[number].root;
        Self { x, root }
    }

    /// How wide and high the screen is.
    pub(crate) fn size(&self) -> (u16, u16) {
        let place = self.x.get_geometry(self.root).expect("a display").reply().expect("a screen");
        (place.width, place.height)
    }

    /// Waits until a window of this size is seen.
    pub(crate) async fn sees(&self, width: u16, height: u16) -> Window {
        self.until("a window comes", || self.find(width, height)).await
    }

    /// Waits until no window of this size is seen any more.
    pub(crate) async fn misses(&self, width: u16, height: u16) {
        self.until("a window goes", || self.find(width, height).is_none().then_some(())).await;
    }

    /// Waits until the keyboard is, or is not, at this window.
    pub(crate) async fn keyboard_is_at(&self, window: Window, is_there: bool) {
        self.until("the keyboard moves", || (self.has_keyboard(window) == is_there).then_some(())).await;
    }

    /// Presses keys until they brought the keyboard to this window. The program of a test before may still have had the key when this
    /// one asked for it; it asks again, and so does whoever presses.
    pub(crate) async fn press_until_keyboard_is_at(&self, symbols: &[u32], window: Window) {
        let pressing = async {
            while !self.has_keyboard(window) {
                self.press(symbols);
                let there = self.keyboard_is_at(window, true);
                // Whether it is there is asked at the head of the loop.
                let _ = tokio::time::timeout(AGAIN, there).await;
            }
        };
        tokio::time::timeout(PATIENCE, pressing).await.expect("the keys bring the keyboard there");
    }

    /// Whether keys go to this window.
    pub(crate) fn has_keyboard(&self, window: Window) -> bool {
        let focus = self.x.get_input_focus().expect("a display").reply().expect("a focus").focus;
        focus == window || self.is_inside(focus, window)
    }

    /// Presses keys together, as on a keyboard, wherever it is.
    pub(crate) fn press(&self, symbols: &[u32]) {
        let codes: Vec<u8> = symbols.iter().map(|it| self.code(*it)).collect();
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code);
        }
        for code in codes.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code);
        }
        self.x.sync().expect("the display goes on");
    }

    /// Types letters, as on a keyboard, wherever it is.
    pub(crate) fn types(&self, letters: &str) {
        letters.chars().for_each(|letter| self.press(&[u32::from(letter)]));
    }

    fn fake(&self, event: u8, code: u8) {
        self.x.xtest_fake_input(event, code, x11rb::CURRENT_TIME, self.root, 0, 0, 0).expect("keys can be sent");
    }

    /// Where a window is on the screen.
    pub(crate) fn place(&self, window: Window) -> (i16, i16) {
        let at = self.x.translate_coordinates(window, self.root, 0, 0).expect("a display").reply().expect("a place");
        (at.dst_x, at.dst_y)
    }

    /// Waits until a window is there.
    pub(crate) async fn is_placed(&self, window: Window, place: (i16, i16)) {
        self.until("a window is in its place", || (self.place(window) == place).then_some(())).await;
    }

    /// Takes hold of a window there, and moves the mouse until the window has moved this far.
    pub(crate) async fn drag(&self, window: Window, (x, y): (i16, i16), by: (i16, i16)) {
        let (left, top) = self.place(window);
        let point = |to: (i16, i16)| {
            let sent = self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, to.0, to.1, 0);
            sent.expect("the mouse can be moved");
            self.x.sync().expect("the display goes on");
        };
        point((left + x, top + y));
        self.fake(BUTTON_PRESS_EVENT, 1);
        // The desktop takes it only some time after: until then the mouse moves a little, as a hand does.
        let mut is_aside = false;
        self.until("a window follows the mouse", || {
            is_aside = !is_aside;
            point((left + x + if is_aside { WIGGLE } else { 0 }, top + y));
            (self.place(window) != (left, top)).then_some(())
        })
        .await;
        let is_near = |now: i16, wanted: i16| now.abs_diff(wanted) <= 2 * WIGGLE.unsigned_abs();
        self.until("a window is where the mouse took it", || {
            point((left + x + by.0, top + y + by.1));
            let now = self.place(window);
            (is_near(now.0, left + by.0) && is_near(now.1, top + by.1)).then_some(())
        })
        .await;
        self.fake(BUTTON_RELEASE_EVENT, 1);
        self.x.sync().expect("the display goes on");
    }

    fn code(&self, symbol: u32) -> u8 {
        let setup = self.x.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self.x.get_keyboard_mapping(first, last - first + 1).expect("a display").reply().expect("a keyboard");
        let each = usize::from(map.keysyms_per_keycode);
        let at = map.keysyms.chunks(each).position(|it| it.first() == Some(&symbol)).expect("a key of the keyboard");
        first + u8::try_from(at).expect("a keyboard has few keys")
    }

    /// The window of the program that is seen and has this size.
    fn find(&self, width: u16, height: u16) -> Option<Window> {
        self.seen().into_iter().find(|(_, size)| *size == (width, height)).map(|(window, _)| window)
    }

    /// The windows of the program that are seen, with their sizes.
    fn seen(&self) -> Vec<(Window, (u16, u16))> {
        let size = |window: Window| {
            let attributes = self.x.get_window_attributes(window).ok()?.reply().ok()?;
            let place = self.x.get_geometry(window).ok()?.reply().ok()?;
            (attributes.map_state == MapState::VIEWABLE).then_some((place.width, place.height))
        };
        let ours = self.all(self.root).into_iter().filter(|it| self.is_ours(*it));
        ours.filter_map(|it| Some((it, size(it)?))).collect()
    }

    fn is_ours(&self, window: Window) -> bool {
        let name = || self.x.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok()?.reply().ok();
        name().is_some_and(|it| it.value == b"Frontdesk")
    }

    fn all(&self, window: Window) -> Vec<Window> {
        // A window may go while it is looked at.
        let children = self.x.query_tree(window).ok().and_then(|it| it.reply().ok()).map(|it| it.children);
        let mut all = vec![window];
        children.into_iter().flatten().for_each(|child| all.extend(self.all(child)));
        all
    }

    fn is_inside(&self, window: Window, outer: Window) -> bool {
        self.all(outer).contains(&window)
    }

    async fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let seen = async {
            loop {
                if let Some(found) = look() {
                    return found;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(PATIENCE, seen)
            .await
            .unwrap_or_else(|_| panic!("it did not come about that {what}; seen are {:?}", self.seen()))
    }
}
