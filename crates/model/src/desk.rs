//! The console itself: its settings, what it says of itself, and what a sync did.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::about::About;
use crate::booking_change::ChangesSince;
use crate::connection::ConnectionView;
use crate::failure::Problem;
use crate::message::Recipient;
use crate::{CallId, ConnectionId, Day, PersonId};

/// How a person wants the window. Kept by the console, saved as changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Settings {
    /// `ja` or `en`; empty follows the computer.
    pub language: String,
    /// Light, dark or as the computer.
    pub theme: Theme,
    /// Who works here, shown at the foot of the navigation; may be empty.
    pub who: String,
    /// Whether the welcome was passed.
    pub is_welcomed: bool,
    /// First hour of the rooms board, 0–23.
    pub opens_at: OpeningHour,
    /// Hour after the last one of the rooms board, 1–24.
    pub closes_at: ClosingHour,
    /// Days on which rooms are closed beside weekends.
    pub holidays: HolidaySettings,
    /// Columns of the list of calls, in their order; empty for those of the first start.
    pub call_columns: Vec<ColumnChoice>,
    /// The window that shows who rings.
    pub popup: PopupSettings,
    /// What a person set for lines; a line that is not among them is as a line usually is.
    pub lines: Vec<LineSetting>,
    /// The address at which a number is looked up in a browser, with `{number}` in its place; empty where nobody set one.
    pub lookup: String,
    /// The keys that work from any program.
    pub keys: KeySettings,
    /// Since when *Today* shows changes of bookings.
    pub changes_since: ChangesSince,
    /// Whether closing the main window leaves the program in the tray, where there is one.
    pub close_to_tray: bool,
    /// Whether the program starts with the computer, hidden in the tray.
    pub start_hidden: bool,
    /// How messages are written and sent.
    pub messages: MessageSettings,
}

/// Days on which rooms are closed beside weekends. They only shade and count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct HolidaySettings {
    /// Whether the holidays of Japan are.
    pub is_japanese: bool,
    /// Further days, such as a summer break.
    pub closed: Vec<Day>,
}

impl Default for HolidaySettings {
    fn default() -> Self {
        Self { is_japanese: true, closed: Vec::new() }
    }
}

/// How messages are written and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct MessageSettings {
    /// Where a test goes, at most one for each connection.
    pub me: Vec<OwnAddress>,
    /// Above so many recipients a person looks once more before it leaves.
    pub review_above: u16,
    /// To a room of more members than this a person looks once more too.
    pub review_room_above: u32,
    /// Hours in which nothing leaves from the composer unless a person says so; `None` where there are none.
    pub quiet: Option<QuietHours>,
}

impl Default for MessageSettings {
    fn default() -> Self {
        Self { me: Vec::new(), review_above: 20, review_room_above: 100, quiet: None }
    }
}

/// The person's own address at a connection: the only place where a test goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OwnAddress {
    /// Connection.
    pub connection: ConnectionId,
    /// An address of one person, or a room of one's own.
    pub to: Recipient,
}

/// Hours in which what is sent or planned waits for their end, by the computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QuietHours {
    /// From this hour on, 0–23.
    pub from: u8,
    /// Until this hour, 0–23. Before `from` it is an hour of the next day.
    pub to: u8,
}

/// The keys that work from any program, each as [`crate::hot_key::is_hot_key`] says; empty where it is off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct KeySettings {
    /// Goes into the window that shows who rings.
    pub enter_popup: String,
    /// Looks up the number that was copied last.
    pub look_up: String,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self { enter_popup: "Ctrl+Alt+P".to_owned(), look_up: "Ctrl+Alt+L".to_owned() }
    }
}

/// What the computer lets the program do outside its windows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reach {
    /// Whether the desktop shows our icon beside its clock.
    pub has_tray: bool,
    /// Whether the computer refused to start the program by itself, or to stop that.
    pub is_start_refused: bool,
    /// The key that goes into the window that shows who rings.
    pub enter_popup: KeyStanding,
    /// The key that looks up a number.
    pub look_up: KeyStanding,
}

/// How a key that works from any program stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyStanding {
    /// Nobody wants it.
    #[default]
    Off,
    /// It works.
    Works,
    /// Another program has it; it is tried again now and then.
    Taken,
    /// This desktop has no such keys.
    Impossible,
}

/// The window that shows who rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct PopupSettings {
    /// Whether it is shown at all.
    pub is_on: bool,
    /// In which corner of the screen.
    pub corner: Corner,
    /// The screen, by its name; empty for the main one, which also stands in for one that is not there.
    pub screen: String,
    /// Seconds after the end of a call until it closes, 3–120; `None` where it stays until it is closed.
    pub seconds: Option<u16>,
    /// Whether the computer's own notifications tell of calls too; it keeps what they say.
    pub notifies: bool,
}

impl Default for PopupSettings {
    fn default() -> Self {
        Self { is_on: true, corner: Corner::default(), screen: String::new(), seconds: Some(20), notifies: false }
    }
}

/// A corner of a screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Corner {
    /// Left above.
    TopLeft,
    /// Right above.
    TopRight,
    /// Left below.
    BottomLeft,
    /// Right below.
    #[default]
    BottomRight,
}

/// What a person set for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct LineSetting {
    /// The line as calls name it.
    pub line: String,
    /// Its colour, one of six from 0.
    pub colour: u8,
    /// What is said when it is answered; empty where nobody set anything.
    pub greeting: String,
    /// Whether its calls are shown in the window that shows who rings.
    pub is_shown: bool,
    /// From this hour on they are shown, 0–23.
    pub from: u8,
    /// Until this hour they are shown, 1–24. Before `from` it is an hour of the next day.
    pub to: u8,
}

impl Default for LineSetting {
    fn default() -> Self {
        Self { line: String::new(), colour: 0, greeting: String::new(), is_shown: true, from: 0, to: 24 }
    }
}

/// What the main window is asked to show: by another window, or by whoever opened a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "what")]
#[ts(export)]
pub enum Go {
    /// A call in detail.
    Call {
        /// Which.
        id: CallId,
    },
    /// Every call with a number.
    Number {
        /// In any written form.
        number: String,
    },
    /// A missed call, with a message to the colleague that it was for.
    FollowUp {
        /// Which call.
        id: CallId,
    },
    /// A call in detail, with a message about it to a colleague.
    Message {
        /// Which call.
        id: CallId,
        /// Whom: a colleague who spoke with the caller before.
        person: PersonId,
        /// Their name.
        name: String,
    },
    /// The missed calls that wait.
    Missed,
    /// That no number was copied.
    NoNumber,
    /// The outside number of a call, to be put into an address book.
    AddCustomer {
        /// Which call.
        id: CallId,
    },
}

/// How a person wants a column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ColumnChoice {
    /// Which column.
    pub id: String,
    /// Whether it is shown.
    pub is_shown: bool,
    /// Its width in CSS pixels; `None` for its usual one.
    pub width: Option<u32>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// As the computer.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// First hour of the working day; 8 unless changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct OpeningHour(pub u8);

impl Default for OpeningHour {
    fn default() -> Self {
        Self(8)
    }
}

/// Hour after the working day; 18 unless changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct ClosingHour(pub u8);

impl Default for ClosingHour {
    fn default() -> Self {
        Self(18)
    }
}

/// Everything that a window begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AppStart {
    /// What the console says of itself.
    pub info: AppInfo,
    /// How the person wants the window.
    pub settings: Settings,
    /// Every kind of system that can be connected.
    pub systems: Vec<About>,
    /// The connections as they are now.
    pub connections: Vec<ConnectionView>,
}

/// What the console says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AppInfo {
    /// Version of the program.
    pub version: String,
    /// Whether this is the demo office, which touches nothing real.
    pub is_demo: bool,
    /// Where the secrets are, by the platform's own name, such as `Windows Credential Manager`; empty in the demo, whose keys
    /// are worth nothing and stay in memory.
    pub keyring: String,
    /// The data folder.
    pub data_dir: String,
    /// `windows`, `macos` or `linux`.
    pub platform: String,
    /// Whether the cache was broken or from a newer version and is being read anew.
    pub cache_was_rebuilt: bool,
}

/// What one sync of one connection found: rows new or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SyncReport {
    /// Connection.
    pub connection: Option<ConnectionId>,
    /// Calls.
    #[ts(type = "number")]
    pub calls: u64,
    /// People.
    #[ts(type = "number")]
    pub people: u64,
    /// Customers.
    #[ts(type = "number")]
    pub customers: u64,
    /// Conference rooms.
    #[ts(type = "number")]
    pub rooms: u64,
    /// Bookings.
    #[ts(type = "number")]
    pub reservations: u64,
    /// Records that were kept untouched but could not be understood.
    #[ts(type = "number")]
    pub not_understood: u64,
    /// The first failure; the other parts were read all the same.
    pub error: Option<Problem>,
}
