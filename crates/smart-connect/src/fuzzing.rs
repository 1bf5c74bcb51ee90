//! Every reader over whatever bytes come, for tests that look for a panic or a row that gets lost.

use std::borrow::Cow;

use model::ConnectionId;
use serde_json::value::RawValue;

use crate::search;
use crate::times::{self, Zone};
use crate::wire::{self, CallRows, Change, Page, Row, Said};

/// Reads `data` as each thing that a server may answer or a person may enter.
///
/// # Panics
/// Where a reader drops a row, changes one, or touches more of it than it was asked to.
pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let zone = Zone::Named(chrono_tz::Asia::Tokyo);
    let _read = (times::date_time(&text, zone), times::split(&text, &text, zone), times::seconds(&text));
    let _said = Said::read(&text);
    if let Some(number) = search::plain(&text) {
        assert!(number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty(), "only digits go into a path");
    }
    rows(&text, zone);
    change(&text);
}

/// As many calls and customers come out as rows go in, and each keeps its text.
fn rows(text: &str, zone: Zone) {
    let Ok(page) = Page::of_text(text) else { return };
    let Ok(rows) = page.rows() else { return };
    let mut reader = CallRows::new(zone);
    let Ok(calls) = rows.map(|row| row.map(|row| reader.call(&row))).collect::<Result<Vec<_>, _>>() else {
        let is_broken = plainly(text).is_none();
        assert!(is_broken, "a list that is whole can be read");
        return;
    };
    assert!(calls.iter().all(|call| !call.external_id.is_empty()), "every call can be kept");
    if let Some(expected) = plainly(text) {
        assert!(
            calls.iter().map(|call| call.raw.0.as_str()).eq(expected.iter().map(|row| row.get())),
            "every row is kept as it came"
        );
    }
    let customers = wire::customers(&page, &ConnectionId::from("c1"));
    assert_eq!(customers.map(|all| all.len()), Ok(calls.len()), "every row is kept");
}

/// The elements of a plain array, as the JSON library reads them.
fn plainly(text: &str) -> Option<Vec<Cow<'_, RawValue>>> {
    let bare = text.trim_start_matches('\u{feff}').trim();
    let rows: Vec<&RawValue> = serde_json::from_str(bare).ok()?;
    Some(rows.into_iter().map(Cow::Borrowed).collect())
}

/// Each member of an object is changed in turn, and no other one is touched.
fn change(text: &str) {
    let Ok(now) = Row::read(text) else { return };
    for at in 0..now.pairs.len() {
        let (name, _) = &now.pairs[at];
        let Ok(name) = serde_json::to_string(name) else { continue };
        let wanted = format!(r#"{{{name}:["changed"]}}"#);
        let Ok(wanted) = Row::read(&wanted) else { continue };
        let Ok(change) = Change::of(&now, &wanted, "ID") else { continue };
        let whole = change.put_into(&now);
        let Ok(after) = Row::read(&whole) else { panic!("a changed row is still a row") };
        assert_eq!(after.pairs.len(), now.pairs.len(), "no member is lost");
        for (place, (before, after)) in now.pairs.iter().zip(&after.pairs).enumerate() {
            let is_same = before.0 == after.0 && before.1.get() == after.1.get();
            assert!(is_same || place == at, "only what was to be changed is");
        }
    }
}
