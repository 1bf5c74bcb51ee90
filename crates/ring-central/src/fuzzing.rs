//! A door for tests that throw anything at the readers of the vendor's JSON. Not part of what this crate offers.

use serde_json::value::RawValue;

use crate::record::{self, Entry};
use crate::telephony::{Switchboard, Taken};
use crate::wire::{
    DirectoryEntry, FrameHead, GlipPerson, Greeting, Notification, Page, PresenceEntry, Recorded, Trouble,
};

/// Reads any bytes as everything that the vendor may send.
///
/// # Panics
/// Where a record that came would be dropped, or its text changed.
pub fn read(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = Trouble::parse(text).words();
    if let Ok(page) = serde_json::from_str::<Page>(text) {
        for raw in &page.records {
            read_record(raw);
        }
    }
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else { return };
    read_record(raw);
    let mut board = Switchboard::default();
    if let Taken::Call(call) = board.take(raw, "US") {
        assert_eq!(call.raw.0, raw.get(), "a live change stays as it came");
    }
    assert!(!matches!(board.take(raw, "US"), Taken::Call(_)) || !has_sequence(raw), "the same change is no news");
    let _ = serde_json::from_str::<FrameHead>(text);
    let _ = serde_json::from_str::<Greeting>(text);
    let _ = serde_json::from_str::<Notification<'_>>(text);
    let _ = serde_json::from_str::<PresenceEntry>(text).map(|it| it.presence());
    let _ = serde_json::from_str::<DirectoryEntry>(text);
    let _ = serde_json::from_str::<GlipPerson>(text);
    let _ = serde_json::from_str::<Recorded>(text).map(|it| it.ids().count());
}

fn has_sequence(raw: &RawValue) -> bool {
    let change: Result<crate::wire::Change, _> = serde_json::from_str(raw.get());
    change.is_ok_and(|it| it.sequence.0.parse::<i64>().is_ok())
}

fn read_record(raw: &RawValue) {
    match record::entry(raw, "US") {
        Entry::Call(call) => {
            assert_eq!(call.raw.0, raw.get(), "a record stays as it came");
            assert!(!call.external_id.is_empty(), "every record has an id");
        }
        Entry::Gone(id) => assert!(!id.is_empty(), "what is gone has an id"),
    }
}
