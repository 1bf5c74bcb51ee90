//! The call log's records as JSON, made when they are asked for.

use super::edits::Raw;
use super::extensions::{Extension, extension_uri};
use super::ids::{self, ACCOUNT_ID};
use super::state::State;
use crate::generator::calls::{Call, Direction, LINES, Outcome};
use crate::generator::customers::customer;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::Arc;

/// A call and its number.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) n: u64,
    pub(super) call: Call,
    /// It went to one person and not through menu and queue.
    pub(super) is_direct: bool,
    /// When its record was changed after the end.
    pub(super) modified_at: Option<DateTime<Utc>>,
    pub(super) is_deleted: bool,
    /// Its record where that is answered byte for byte.
    pub(super) raw: Option<Arc<Raw>>,
}

/// How much of a record is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Simple,
    Detailed,
}

/// The menu speaks for this long before the queue rings.
const MENU_SECONDS: u32 = 5;

/// Whether the call of the history with this number is a fax.
pub(super) fn is_fax(n: u64) -> bool {
    n < ids::FIRST_LIVE && n % 97 == 13
}

impl Entry {
    /// A call as it ended.
    pub(super) fn new(n: u64, call: Call, is_direct: bool) -> Self {
        Self { n, call, is_direct, modified_at: None, is_deleted: false, raw: None }
    }

    /// The id of its record.
    pub(super) fn record_id(&self) -> String {
        self.raw.as_ref().map_or_else(|| ids::record(self.n), |it| it.id.clone())
    }

    /// Whether it is a fax.
    pub(super) fn is_fax(&self) -> bool {
        self.raw.as_ref().map_or_else(|| is_fax(self.n), |it| it.is_fax)
    }

    /// Whether it was recorded.
    pub(super) fn is_recorded(&self) -> bool {
        if let Some(raw) = &self.raw {
            return raw.is_recorded;
        }
        self.call.outcome == Outcome::Answered && self.call.seconds > 30 && self.n.is_multiple_of(3) && !is_fax(self.n)
    }

    /// Whether the extension took part.
    pub(super) fn involves(&self, extension: Extension) -> bool {
        match extension {
            Extension::User(index) => self.call.rang.contains(&index),
            Extension::Queue(line) => self.has_queue() && self.call.line == line,
            Extension::Menu => self.has_queue(),
        }
    }

    fn has_queue(&self) -> bool {
        self.call.direction == Direction::Inbound && !self.is_direct
    }

    /// From the first ring to the end, in seconds.
    pub(super) fn duration(&self) -> u32 {
        match self.call.direction {
            Direction::Inbound => self.call.rang_for + self.call.seconds,
            Direction::Outbound => self.call.seconds,
        }
    }

    fn result(&self) -> &'static str {
        match (is_fax(self.n), self.call.direction, self.call.outcome) {
            (true, Direction::Inbound, _) => "Received",
            (true, Direction::Outbound, _) => "Sent",
            (false, Direction::Inbound, Outcome::Answered) => "Accepted",
            (false, Direction::Inbound, Outcome::Missed | Outcome::Busy) => "Missed",
            (false, Direction::Inbound, Outcome::Voicemail) => "Voicemail",
            (false, Direction::Outbound, Outcome::Answered) => "Call connected",
            (false, Direction::Outbound, Outcome::Busy) => "Busy",
            (false, Direction::Outbound, Outcome::Missed | Outcome::Voicemail) if self.n.is_multiple_of(3) => "Hang Up",
            (false, Direction::Outbound, Outcome::Missed | Outcome::Voicemail) => "No Answer",
        }
    }

    fn action(&self) -> &'static str {
        match (is_fax(self.n), self.call.direction) {
            (true, Direction::Inbound) => "Incoming Fax",
            (true, Direction::Outbound) => "Outgoing Fax",
            (false, Direction::Inbound) => "Phone Call",
            (false, Direction::Outbound) => "VoIP Call",
        }
    }
}

/// An instant as the vendor writes it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl State {
    /// The record of a call; `level` is the part of the address before `/call-log`.
    pub(super) fn record(&self, entry: &Entry, view: View, base: &str, level: &str) -> Value {
        if let Some(raw) = &entry.raw {
            let mut record = if entry.is_deleted { raw.value() } else { Raw::mark(entry.n) };
            if entry.is_deleted {
                record["deleted"] = true.into();
            }
            return record;
        }
        let id = ids::record(entry.n);
        let mut record = self.common(entry, base);
        record["uri"] = format!("{base}{level}/call-log/{id}?view={view:?}").into();
        record["id"] = id.into();
        record["sessionId"] = ids::session(entry.n).into();
        record["telephonySessionId"] = ids::telephony(entry.n).into();
        record["internalType"] = "Local".into();
        if entry.is_recorded() {
            record["recording"] = self.recording_link(entry.n, base);
        }
        if entry.call.outcome == Outcome::Voicemail && entry.call.direction == Direction::Inbound {
            let id = (800_000 + entry.n).to_string();
            let uri = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/extension/~/message-store/{id}");
            record["message"] = json!({ "id": id, "type": "VoiceMail", "uri": uri });
        }
        if view == View::Detailed {
            let end = entry.call.started_at + TimeDelta::seconds(i64::from(entry.duration()) + 20);
            record["transport"] = transport(entry).into();
            record["lastModifiedTime"] = instant(entry.modified_at.unwrap_or(end)).into();
            record["billing"] = json!({ "costIncluded": 0, "costPurchased": 0 });
            record["legs"] = self.legs(entry, base).into();
        }
        if entry.is_deleted {
            record["deleted"] = true.into();
        }
        record
    }

    /// What is known of a recording where a record mentions it.
    fn recording_link(&self, n: u64, base: &str) -> Value {
        let id = ids::recording(n);
        let uri = format!("{base}/restapi/v1.0/account/{ACCOUNT_ID}/recording/{id}");
        json!({ "id": id, "uri": uri, "type": "Automatic", "contentUri": self.content_uri(&id, base) })
    }

    /// What a record and its main leg share.
    fn common(&self, entry: &Entry, base: &str) -> Value {
        let call = &entry.call;
        let mut out = json!({
            "startTime": instant(call.started_at),
            "duration": entry.duration(),
            "durationMs": entry.duration() * 1_000 + (entry.n % 1_000) as u32,
            "type": if is_fax(entry.n) { "Fax" } else { "Voice" },
            "direction": direction(call.direction),
            "action": entry.action(),
            "result": entry.result(),
        });
        match call.direction {
            Direction::Inbound => {
                out["from"] = self.outside(entry);
                out["to"] = self.called(entry);
            }
            Direction::Outbound => {
                out["from"] = self.colleague(entry);
                out["to"] = self.outside(entry);
            }
        }
        let own = if entry.has_queue() { None } else { call.rang.first().copied() };
        if let Some(index) = own {
            out["extension"] = self.extension_link(Extension::User(index), base);
        }
        out
    }

    /// The end outside: sometimes without a name, sometimes masked, sometimes not in E.164, sometimes without a number.
    pub(super) fn outside(&self, entry: &Entry) -> Value {
        let Some(number) = entry.call.outside.as_deref() else {
            return json!({ "name": "Anonymous" });
        };
        let mut out = json!({ "phoneNumber": as_written(number, entry) });
        if let Some(index) = entry.call.customer.filter(|_| !entry.n.is_multiple_of(4)) {
            out["name"] = customer(self.seed, index).name.into();
        }
        if let Some(place) = place(number) {
            out["location"] = place.into();
        }
        out
    }

    fn called(&self, entry: &Entry) -> Value {
        let line = &LINES[entry.call.line];
        match entry.call.rang.first().filter(|_| entry.is_direct) {
            Some(index) => {
                let user = Extension::User(*index);
                json!({
                    "phoneNumber": self.extension_phone(user), "name": self.extension_name(user),
                    "extensionNumber": self.extension_number(user), "extensionId": self.extension_id(user).to_string(),
                })
            }
            None => json!({ "phoneNumber": line.number, "name": format!("{} Line", line.name) }),
        }
    }

    fn colleague(&self, entry: &Entry) -> Value {
        let Some(index) = entry.call.rang.first() else {
            return json!({});
        };
        let user = Extension::User(*index);
        json!({
            "phoneNumber": LINES[entry.call.line].number, "name": self.extension_name(user),
            "extensionNumber": self.extension_number(user), "extensionId": self.extension_id(user).to_string(),
        })
    }

    fn extension_link(&self, extension: Extension, base: &str) -> Value {
        let id = self.extension_id(extension);
        json!({ "uri": extension_uri(base, id), "id": id })
    }

    /// The main leg, then the queue, then whoever's telephone rang.
    fn legs(&self, entry: &Entry, base: &str) -> Vec<Value> {
        let mut main = self.common(entry, base);
        main["transport"] = transport(entry).into();
        main["billing"] = json!({ "costIncluded": 0, "costPurchased": 0 });
        main["legType"] =
            if entry.call.direction == Direction::Inbound { "Accept" } else { "SipToPstnUnmetered" }.into();
        main["master"] = true.into();
        if entry.is_recorded() {
            main["recording"] = self.recording_link(entry.n, base);
        }
        let mut legs = vec![main];
        if is_fax(entry.n) || entry.call.direction == Direction::Outbound || entry.is_direct {
            return legs;
        }
        legs.push(self.queue_leg(entry, base));
        legs.extend((0..entry.call.rang.len()).map(|turn| self.ring_leg(entry, turn, base)));
        legs
    }

    fn queue_leg(&self, entry: &Entry, base: &str) -> Value {
        let queue = Extension::Queue(entry.call.line);
        let mut to = json!({ "phoneNumber": self.extension_phone(queue), "name": self.extension_name(queue) });
        to["extensionNumber"] = self.extension_number(queue).into();
        json!({
            "startTime": instant(entry.call.started_at + TimeDelta::seconds(i64::from(MENU_SECONDS))),
            "duration": entry.duration().saturating_sub(MENU_SECONDS),
            "type": "Voice",
            "direction": "Inbound",
            "action": "Phone Call",
            "result": entry.result(),
            "to": to,
            "from": self.outside(entry),
            "extension": self.extension_link(queue, base),
            "transport": "PSTN",
            "legType": "Accept",
        })
    }

    /// Telephones ring one after the other, in equal shares of the time after the menu.
    fn ring_leg(&self, entry: &Entry, turn: usize, base: &str) -> Value {
        let user = Extension::User(entry.call.rang[turn]);
        let share = entry.call.rang_for.saturating_sub(MENU_SECONDS) / entry.call.rang.len() as u32;
        let has_spoken = entry.call.spoke == Some(entry.call.rang[turn]);
        let start = entry.call.started_at + TimeDelta::seconds(i64::from(MENU_SECONDS + share * turn as u32));
        json!({
            "startTime": instant(start),
            "duration": if has_spoken { share + entry.call.seconds } else { share },
            "type": "Voice",
            "direction": "Outbound",
            "action": "FindMe",
            "result": ring_result(entry, has_spoken),
            "to": { "phoneNumber": self.extension_phone(user), "name": self.extension_name(user) },
            "from": { "phoneNumber": LINES[entry.call.line].number, "name": "Frontdesk Example" },
            "extension": self.extension_link(user, base),
            "transport": "PSTN",
            "legType": "FindMe",
        })
    }
}

/// Who did not speak was passed over. In some missed calls these legs say `Accepted` all the same, as in the vendor's
/// published example of a missed call.
fn ring_result(entry: &Entry, has_spoken: bool) -> &'static str {
    match entry.call.outcome {
        Outcome::Answered if has_spoken => "Accepted",
        Outcome::Answered => "Answered Elsewhere",
        Outcome::Missed if entry.n.is_multiple_of(4) => "Accepted",
        Outcome::Missed | Outcome::Voicemail | Outcome::Busy => "Missed",
    }
}

fn transport(entry: &Entry) -> &'static str {
    if entry.call.direction == Direction::Inbound { "PSTN" } else { "VoIP" }
}

/// The vendor's word for the direction.
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "Inbound",
        Direction::Outbound => "Outbound",
    }
}

/// A number as the log writes it: some of unknown callers are masked, some American ones are written their own way.
fn as_written(number: &str, entry: &Entry) -> String {
    if entry.n >= ids::FIRST_LIVE {
        return number.to_owned();
    }
    if entry.call.customer.is_none() && entry.n % 23 == 5 {
        return format!("{}XXXX", &number[..number.len() - 4]);
    }
    match number.strip_prefix("+1") {
        Some(it) if it.len() == 10 && entry.n % 11 == 3 => format!("({}) {}-{}", &it[..3], &it[3..6], &it[6..]),
        _ => number.to_owned(),
    }
}

fn place(number: &str) -> Option<&'static str> {
    const PLACES: [(&str, &str); 6] = [
        ("+813", "Tokyo, JP"),
        ("+816", "Osaka, JP"),
        ("+1212", "New York, NY"),
        ("+4420", "London, GB"),
        ("+822", "Seoul, KR"),
        ("+8862", "Taipei, TW"),
    ];
    PLACES.iter().find(|it| number.starts_with(it.0)).map(|it| it.1)
}
